package io.sextant.jobs.lineage;

import io.sextant.jobs.cli.CommandObserver.Observed;
import io.sextant.jobs.cli.StoppedException;
import io.sextant.jobs.lineage.RunEvents.End;
import io.sextant.jobs.lineage.RunEvents.State;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The events of a command that runs: START, and exactly one of COMPLETE, FAIL and ABORT. */
final class LineageRun implements Observed {
  private static final int SUCCESS = 0;

  private final RunEvents events;
  private final LineageTransport transport;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread hook = new Thread(this::aborted, "sextant-lineage");

  LineageRun(RunEvents events, LineageTransport transport) {
    this.events = events;
    this.transport = transport;
  }

  void start() {
    send(events::start);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void returned(int exitCode) {
    // Too little evidence is a result: the command did its work and changed nothing.
    boolean done = exitCode == SUCCESS || exitCode == StoppedException.INSUFFICIENT_EVIDENCE;
    end(
        new End(
            done ? State.COMPLETE : State.FAIL,
            OptionalInt.of(exitCode),
            done
                ? Optional.empty()
                : Optional.of("sextant ended with exit code %d".formatted(exitCode))));
  }

  @Override
  public void failed(Throwable thrown) {
    boolean busy =
        thrown instanceof StoppedException stopped && stopped.exitCode() == StoppedException.BUSY;
    String text = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    String message = text.lines().findFirst().orElse("");
    end(new End(busy ? State.ABORT : State.FAIL, OptionalInt.empty(), Optional.of(message)));
  }

  /** The process is being ended while the command runs. */
  void aborted() {
    end(new End(State.ABORT, OptionalInt.empty(), Optional.of("the process was ended")));
  }

  private void end(End end) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    send(() -> events.end(end));
    if (Thread.currentThread() != hook) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        return; // The process is ending already.
      }
    }
  }

  private void send(Supplier<String> event) {
    try {
      transport.send(event.get());
    } catch (IOException | RuntimeException | LinkageError e) {
      LineageObserver.warn("a lineage event could not be sent", e);
    }
  }
}
