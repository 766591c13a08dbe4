package io.sextant.jobs.lineage;

import io.sextant.jobs.cli.CommandObserver;
import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.storage.StorageFault;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** Sends the events of commands. A failure to send is one warning and never fails the command. */
public final class LineageObserver implements CommandObserver {
  private final LineageSettings settings;
  private final LineageTransport transport;

  LineageObserver(LineageSettings settings, LineageTransport transport) {
    this.settings = settings;
    this.transport = transport;
  }

  /** The observer that the settings of this process ask for; empty without such settings. */
  public static Optional<CommandObserver> ofProcess() {
    return of(LineageSettings.ofProcess());
  }

  static Optional<CommandObserver> of(LineageSettings settings) {
    try {
      return settings.transport().map(transport -> new LineageObserver(settings, transport));
    } catch (IOException | RuntimeException e) {
      warn("no lineage events are sent", e);
      return Optional.empty();
    }
  }

  @Override
  public Observed began(Invocation command) {
    if (!CommandDatasets.sentFor(command.name())) {
      return Unsent.INSTANCE;
    }
    LineageRun run =
        new LineageRun(
            new RunEvents(
                UUID.randomUUID(),
                settings.namespace(),
                command,
                ParentRun.of(settings.environment())),
            transport);
    run.start();
    return run;
  }

  static void warn(String what, Throwable thrown) {
    System.err.printf("sextant: warning: %s: %s%n", what, StorageFault.reason(thrown));
  }

  /** A command without events. */
  private enum Unsent implements Observed {
    INSTANCE;

    @Override
    public void returned(int exitCode) {}

    @Override
    public void failed(Throwable thrown) {}
  }
}
