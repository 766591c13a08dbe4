package io.sextant.jobs.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CommandRun;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.lock.WarehouseLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryAndRollbackTest {
  private static final String MODEL = "sextant-128x8";

  @TempDir private Path folder;

  @Test
  void historyHasAHeaderAndSlotsAndRollbackWarnsIfTheyDiffer() throws Exception {
    PublishedVersions versions = PublishedVersions.of(folder.toString(), MODEL);
    try (WarehouseLock lock =
        WarehouseLock.acquire(folder.toString(), "test", "test", Duration.ZERO, new Progress())) {
      publish(versions, "20260914T020000000Z", 128, lock);
      publish(versions, "20260915T020000000Z", 160, lock);
      versions
          .nights()
          .keep("20260916T020000000Z", decision("20260916T020000000Z", "keep", 160, 5_000_000), 7);
    }
    CommandRun history = run("history");
    assertThat(history.out().lines())
        .satisfiesExactly(
            header ->
                assertThat(header.strip().split(" {2,}"))
                    .containsExactly(
                        "version or night",
                        "plan id",
                        "state",
                        "decision",
                        "slots",
                        "cluster",
                        "moved",
                        "reason (* in force)"),
            first -> assertThat(first).contains("publish", " 128 ", "4x8-h200", "5.0 MB"),
            second -> assertThat(second).startsWith("* 2026").contains(" 160 "),
            // A night that kept the map moved nothing, whatever its candidate would have moved.
            kept -> assertThat(kept).contains("keep", " 160 ").doesNotContain("MB"));

    CommandRun back = run("rollback");
    assertThat(back.exitCode()).isZero();
    assertThat(back.err())
        .contains(
            "sextant: warning: version 20260914T020000000Z has 128 slots per layer, the version"
                + " before had 160.")
        .contains("refresh with --slots 128 or --first-map");
  }

  private CommandRun run(String command) {
    return CommandRun.of(command, "--warehouse", folder.toString(), "--model", MODEL);
  }

  private static void publish(
      PublishedVersions versions, String version, int slots, WarehouseLock lock) throws Exception {
    TreeMap<String, byte[]> files = new TreeMap<>();
    files.put("decision.json", decision(version, "publish", slots, 5_000_000));
    versions.publish(version, files, 7, Instant.parse("2026-09-14T02:00:00Z"), lock);
  }

  private static byte[] decision(String run, String verdict, int slots, long moved) {
    return """
        {"run_id": "%s", "verdict": "%s", "slots": %d, "cluster": "4x8-h200", "moved_bytes": %d}"""
        .formatted(run, verdict, slots, moved)
        .getBytes(StandardCharsets.UTF_8);
  }
}
