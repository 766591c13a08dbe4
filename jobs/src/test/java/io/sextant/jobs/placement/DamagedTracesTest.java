package io.sextant.jobs.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A warehouse with unreadable traces is not treated as one without traces. */
class DamagedTracesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "solve --cluster 4x8-h200 --slots 128 --out plan",
        "compare --cluster 4x8-h200 --slots 128",
        "analyze"
      })
  void namesTheFileThatIsDamaged(String command) throws IOException {
    Path day = folder.resolve("warehouse/traces/model=sextant-128x8/day=2026-09-10");
    Path part = Files.createDirectories(day).resolve("part-0.parquet");
    Files.writeString(part, "This was a Parquet file before the disk failed.");
    CommandRun run = run(command);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: "
                + part
                + ": the file is damaged; it cannot be read as Parquet. Restore it from a copy, or"
                + " ingest its traces into a new warehouse");
    assertThat(run.err()).doesNotContain("	at ");
    assertThat(folder.resolve("plan")).doesNotExist();
  }

  @Test
  void saysWhenThereAreNoTraces() throws IOException {
    Path warehouse = Files.createDirectories(folder.resolve("warehouse"));
    CommandRun run = run("solve --cluster 4x8-h200 --slots 128 --out plan");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: "
                + warehouse
                + "/traces: there are no traces. Run sextant ingest into this warehouse first");
  }

  private CommandRun run(String command) {
    List<String> arguments = new ArrayList<>(Arrays.asList(command.split(" ")));
    arguments.replaceAll(word -> word.equals("plan") ? folder.resolve(word).toString() : word);
    arguments.addAll(List.of("--warehouse", folder.resolve("warehouse").toString()));
    arguments.addAll(List.of("--model", "sextant-128x8"));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
