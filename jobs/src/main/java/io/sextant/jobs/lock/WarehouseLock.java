package io.sextant.jobs.lock;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StoppedException;
import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.storage.StoreFiles;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * Lets one run at a time change the traces, the usage tables and the published versions of a
 * warehouse. Commands that only add files of their own names, such as solve, do not need it.
 *
 * <p>The lock is a numbered file in {@code _locks/}, created only if there is none with its number;
 * the run whose file has the highest number holds the lock. A file is never taken from its owner: a
 * run that finds the highest file released, or its owner dead, creates the next number. So two runs
 * that find the same dead owner cannot both succeed, and an owner that was wrongly considered dead
 * sees the higher number and stops ({@link #requireHeld}).
 *
 * <p>An owner on this system is dead if its process is gone. An owner on another system is dead if
 * its file, which it rewrites every {@link #HEARTBEAT}, was not written for {@link #STALE} by the
 * clock of the storage.
 */
public final class WarehouseLock implements Closeable {
  public static final Duration HEARTBEAT = Duration.ofSeconds(20);
  public static final Duration STALE = Duration.ofMinutes(5);

  private static final String FOLDER = "_locks";
  private static final Duration POLL = Duration.ofSeconds(2);

  /** How long another run's put may take on a store without exclusive creation. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private final LockFiles files;
  private final long number;
  private final LockHolder self;
  private final Optional<LockHolder> former;
  private final Progress progress;
  private final Thread heart;

  private WarehouseLock(
      LockFiles files,
      long number,
      LockHolder self,
      Optional<LockHolder> former,
      Progress progress) {
    this.files = files;
    this.number = number;
    this.self = self;
    this.former = former;
    this.progress = progress;
    this.heart = new Thread(this::beat, "warehouse-lock");
    heart.setDaemon(true);
    heart.start();
    former.ifPresent(dead -> progress.say("taking over from a dead run (%s)", dead.describe()));
  }

  /**
   * Takes the lock.
   *
   * @param wait maximum time to wait for another run to end
   * @throws StoppedException if another run holds the lock and does not release it in time; the
   *     message names that run
   */
  public static WarehouseLock acquire(
      String warehouse, String runId, String command, Duration wait, Progress progress)
      throws IOException {
    Path folder = new Path(Storage.path(warehouse), FOLDER);
    return acquire(StoreFiles.of(folder), folder, runId, command, wait, progress);
  }

  public static WarehouseLock acquire(
      StoreFiles files, Path folder, String runId, String command, Duration wait, Progress progress)
      throws IOException {
    LockFiles locks = new LockFiles(files, folder);
    files.makeFolder(folder);
    Instant deadline = Instant.now().plus(wait);
    LockHolder self = LockHolder.here(runId, command, Instant.now(), UUID.randomUUID().toString());
    boolean said = false;
    while (true) {
      long highest = locks.highest();
      Optional<LockHolder> holder = locks.holder(highest);
      if (free(locks, highest, holder, self)) {
        Optional<WarehouseLock> taken = take(locks, highest + 1, self, holder, progress);
        if (taken.isPresent()) {
          return taken.get();
        }
        continue;
      }
      String who = holder.map(LockHolder::describe).orElse("a run that has just started");
      if (!Instant.now().isBefore(deadline)) {
        throw new StoppedException(
            StoppedException.BUSY,
            "%s: another run is using it (%s). Wait until it ends, or give --wait MINUTES"
                .formatted(folder.getParent(), who));
      }
      if (!said) {
        progress.say("waiting for another run to end (%s)", who);
        said = true;
      }
      pause(POLL);
    }
  }

  private static boolean free(
      LockFiles files, long number, Optional<LockHolder> holder, LockHolder self)
      throws IOException {
    if (number == 0 || holder.map(LockHolder::released).orElse(false)) {
      return true;
    }
    if (holder.isPresent() && holder.get().sameSystem(self)) {
      return !holder.get().alive();
    }
    try {
      return files.ageMillis(number) > STALE.toMillis();
    } catch (FileNotFoundException e) {
      // Its owner or the next one has just removed the file; look again.
      return false;
    }
  }

  private static Optional<WarehouseLock> take(
      LockFiles files, long number, LockHolder self, Optional<LockHolder> former, Progress progress)
      throws IOException {
    if (!files.createNew(number, self)) {
      return Optional.empty();
    }
    if (!files.renames()) {
      pause(SETTLE);
    }
    boolean mine = files.holder(number).map(h -> h.nonce().equals(self.nonce())).orElse(false);
    if (!mine || files.highest() != number) {
      if (mine) {
        files.delete(number);
      }
      return Optional.empty();
    }
    files.deleteBefore(number);
    return Optional.of(
        new WarehouseLock(files, number, self, former.filter(h -> !h.released()), progress));
  }

  /** The dead run from which this run took over the lock, as text; empty if there was none. */
  Optional<String> tookOver() {
    return former.map(LockHolder::describe);
  }

  /**
   * @throws StoppedException if another run considered this one dead and took over its lock
   */
  public void requireHeld() throws IOException {
    long highest = files.highest();
    if (highest != number
        || !files.holder(number).map(h -> h.nonce().equals(self.nonce())).orElse(false)) {
      throw new StoppedException(
          StoppedException.BUSY,
          "%s: another run considered this run dead and took over its lock (%s); this run stops"
              .formatted(
                  files.warehouse(),
                  files.holder(highest).map(LockHolder::describe).orElse("unknown")));
    }
  }

  private void beat() {
    while (sleep()) {
      try {
        requireHeld();
        files.replace(number, self);
      } catch (IOException | RuntimeException | FSError e) {
        // The next heartbeat may succeed; if none does, the file becomes stale, and requireHeld
        // detects it.
        progress.say("the lock could not be renewed: %s", e.getMessage());
      }
    }
  }

  private static boolean sleep() {
    try {
      Thread.sleep(HEARTBEAT.toMillis());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /**
   * Releases the lock. If the file cannot be written (a full disk), the next run recognises it as a
   * dead run's.
   */
  @Override
  public void close() {
    try {
      heart.interrupt();
      heart.join();
      requireHeld();
      files.replace(number, self.done());
    } catch (IOException | StoppedException | FSError e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for a lock", e);
    }
  }
}
