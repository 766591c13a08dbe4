package io.sextant.jobs.cli;

/** Is told when a command begins and how it ends. It must not throw. */
public interface CommandObserver {

  /** Called before a command runs. */
  Observed began(Invocation command);

  /** A command that runs. One of the methods is called once, when it has ended. */
  interface Observed {

    /** The command returned an exit code. */
    void returned(int exitCode);

    /** The command failed. */
    void failed(Throwable thrown);
  }
}
