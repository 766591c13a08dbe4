package io.sextant.jobs.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseLockTest {
  @TempDir private Path warehouse;

  @Test
  void aSecondRunIsToldWhoHasIt() throws IOException {
    try (WarehouseLock held = acquire("first")) {
      assertThat(held.tookOver()).isEmpty();
      assertThatThrownBy(() -> acquire("second"))
          .isInstanceOfSatisfying(
              StoppedException.class,
              stopped -> assertThat(stopped.exitCode()).isEqualTo(StoppedException.BUSY))
          .hasMessageContaining("run first")
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("--wait");
    }
    try (WarehouseLock next = acquire("second")) {
      assertThat(next.tookOver()).isEmpty();
    }
  }

  @Test
  void theLockOfADeadProcessIsTakenOver() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    LockHolder here = LockHolder.here("dead", "refresh", Instant.now(), "nonce");
    leave(holder(here, here.system(), gone.pid()));
    try (WarehouseLock lock = acquire("next")) {
      assertThat(lock.tookOver().orElseThrow()).contains("run dead");
    }
  }

  @Test
  void theLockOfAnotherMachineIsTakenOverOnceItIsStale() throws IOException {
    LockHolder here = LockHolder.here("far", "refresh", Instant.now(), "nonce");
    Path file = leave(holder(here, "another boot", here.pid()));
    assertThatThrownBy(() -> acquire("next")).isInstanceOf(StoppedException.class);
    Files.setLastModifiedTime(
        file, FileTime.from(Instant.now().minus(WarehouseLock.STALE.plusSeconds(10))));
    try (WarehouseLock lock = acquire("next")) {
      assertThat(lock.tookOver().orElseThrow()).contains("run far");
      lock.requireHeld();
    }
  }

  @Test
  void ofManyAtOnceOneGetsIt() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    List<WarehouseLock> got = new ArrayList<>();
    try {
      List<Callable<WarehouseLock>> tries = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String run = "run" + i;
        tries.add(
            () -> {
              try {
                return acquire(run);
              } catch (StoppedException busy) {
                return null;
              }
            });
      }
      for (Future<WarehouseLock> done : pool.invokeAll(tries)) {
        if (done.get() != null) {
          got.add(done.get());
        }
      }
      assertThat(got).hasSize(1);
    } finally {
      pool.shutdown();
      got.forEach(WarehouseLock::close);
    }
  }

  private static LockHolder holder(LockHolder like, String system, long pid) {
    return new LockHolder(
        like.host(), system, pid, "", like.runId(), like.command(), like.since(), "other", false);
  }

  private Path leave(LockHolder holder) throws IOException {
    Path folder = Files.createDirectories(warehouse.resolve("_locks"));
    return Files.write(folder.resolve("refresh-00000007.json"), holder.toJson());
  }

  private WarehouseLock acquire(String run) throws IOException {
    return WarehouseLock.acquire(
        warehouse.toString(), run, "refresh", Duration.ZERO, new Progress());
  }
}
