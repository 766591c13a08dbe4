package io.sextant.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Outputs that cannot be written are a line before any work. A file stands where a folder is
 * needed, because the superuser may write to a read-only folder; {@code bin/storage-fault-test}
 * tries that one as another user.
 */
class OutputCheckTest {
  private static final String MODEL = "sextant-128x8";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.createFile(folder.resolve("file"));
  }

  @Test
  void aFolderOrOneAboveItMustTakeFiles() {
    assertThatCode(() -> OutputCheck.requireFolder(folder)).doesNotThrowAnyException();
    assertThatCode(() -> OutputCheck.requireFolder(folder.resolve("a/b")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> OutputCheck.requireFolder(file))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessage(file.toString());
    assertThatThrownBy(() -> OutputCheck.requireFolder(file.resolve("a/b")))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessage(file.toString());
  }

  @Test
  void anOutputFileIsReplacedOrItsFolderTakesIt() {
    assertThatCode(() -> OutputCheck.requireFile(file)).doesNotThrowAnyException();
    assertThatCode(() -> OutputCheck.requireFile(folder.resolve("new/x")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> OutputCheck.requireFile(file.resolve("x")))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> OutputCheck.requireFile(folder))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(folder + ": it is a folder");
  }

  @Test
  void everyCommandWithAnOutputFindsOutBeforeItsWork() throws Exception {
    TestPacks.cut(folder, "day08", 40);
    String pack = folder.resolve("day08.safetensors.zst").toString();
    String warehouse = folder.resolve("warehouse").toString();
    run(0, "ingest --model " + MODEL + " --input " + pack + " --warehouse " + warehouse);
    String of = " --model " + MODEL + " --warehouse " + warehouse;
    String plan = " --cluster 4x8-h200 --slots 128 --micro-batch 64 --seconds 0.1";
    List<String> lines = new ArrayList<>();
    lines.add("solve" + of + plan + " --out " + file.resolve("plan"));
    lines.add("report" + of + " --out " + file.resolve("report.html"));
    lines.add(
        "evaluate --placement linear-without-copies --model %s --cluster 4x8-h200 --input %s --work %s"
            .formatted(MODEL, pack, file.resolve("work.jsonl")));
    lines.add(
        "dispatch --runs ../bench/results/2026-11-24-h200-kernel-runs.jsonl.gz --warehouse %s --out %s"
            .formatted(warehouse, file.resolve("choices")));
    lines.add("ingest --model " + MODEL + " --input " + pack + " --warehouse " + file.resolve("w"));
    for (String line : lines) {
      CommandRun run = run(2, line);
      assertThat(run.lastError())
          .as(line)
          .isEqualTo(
              "sextant: the storage failed: %s: it is not a folder. Check the path, its permissions and, if it is not local, the network",
              file);
      assertThat(run.err()).as(line).doesNotContain("Spark ");
    }
    Path json = file.resolve("x.json");
    for (String line : List.of("analyze" + of, "solve" + of + plan + " --out " + folder)) {
      CommandRun run = run(2, line + " --json " + json);
      assertThat(run.lastError())
          .as(line)
          .isEqualTo(
              "sextant: --json %s: cannot be written: %s: it is not a folder. Name a file in a folder you own",
              json, file);
      assertThat(run.err()).as(line).doesNotContain("Spark ");
    }
    run(0, "analyze" + of + " --json " + folder.resolve("new/analyze.json"));
    assertThat(folder.resolve("new/analyze.json")).exists();
  }

  private static CommandRun run(int exitCode, String line) {
    CommandRun run = CommandRun.of(line.split(" "));
    assertThat(run.exitCode()).as(line + "\n" + run.err()).isEqualTo(exitCode);
    return run;
  }
}
