package io.sextant.jobs.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.cli.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that change the traces or the usage tables, beside another run. */
class LockedCommandsTest {
  private static final String MODEL = "sextant-128x8";

  @TempDir private Path folder;

  @Test
  void anotherRunIsNamedInOneLineAndWaitedFor() throws Exception {
    ingest(0);
    try (WarehouseLock held =
        WarehouseLock.acquire(warehouse(), "7", "analyze", Duration.ZERO, new Progress())) {
      for (CommandRun run :
          List.of(
              ingest(4),
              CommandRun.of("analyze", "--warehouse", warehouse(), "--model", MODEL),
              CommandRun.of("upgrade", "--warehouse", warehouse()),
              CommandRun.of("expire", "--warehouse", warehouse(), "--keep-days", "1"))) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
        assertThat(run.lastError())
            .startsWith("sextant: ")
            .contains("another run is using it (analyze, run 7, process ", "--wait MINUTES");
        assertThat(run.err()).doesNotContain("\tat ");
      }
      held.requireHeld();
    }
    CommandRun.done("analyze", "--warehouse", warehouse(), "--model", MODEL, "--wait", "1");
  }

  @Test
  void aDeadIngestOfAnotherHostBlocksNobodyForEver() throws Exception {
    LockHolder here = LockHolder.here("dead", "ingest", Instant.now(), "nonce");
    LockHolder other =
        new LockHolder(
            "other", "boot", here.pid(), "", "dead", "ingest", here.since(), "nonce", false);
    Path lock =
        Files.createDirectories(Path.of(warehouse(), "_locks")).resolve("refresh-00000003.json");
    Files.write(lock, other.toJson());
    Path staged = Files.createDirectories(Path.of(warehouse(), "_staging/dead/traces"));
    Files.writeString(staged.resolve("part-0.parquet"), "half a file");
    assertThat(ingest(4).lastError()).contains("process " + here.pid() + " on other");
    Files.setLastModifiedTime(
        lock, FileTime.from(Instant.now().minus(WarehouseLock.STALE.plusSeconds(10))));
    ingest(0);
    assertThat(Path.of(warehouse(), "_staging")).isEmptyDirectory();
  }

  @Test
  void aMistypedWarehouseBecomesNoFolder() {
    CommandRun run = CommandRun.of("analyze", "--warehouse", warehouse(), "--model", MODEL);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(Path.of(warehouse())).doesNotExist();
    CommandRun wait =
        CommandRun.of(
            "ingest",
            "--input",
            folder.toString(),
            "--model",
            MODEL,
            "--warehouse",
            warehouse(),
            "--wait",
            "-1");
    assertThat(wait.exitCode()).isEqualTo(2);
  }

  private CommandRun ingest(int exitCode) throws Exception {
    CommandRun run =
        CommandRun.of(
            "ingest",
            "--input",
            TestPacks.cut(folder, "day07", 3).toString(),
            "--model",
            MODEL,
            "--warehouse",
            warehouse());
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    return run;
  }

  private String warehouse() {
    return folder.resolve("warehouse").toString();
  }
}
