package io.sextant.jobs.lock;

import static io.sextant.jobs.cli.OptionRange.require;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits for another one that is changing the warehouse. */
public final class WaitOption {
  @Option(
      names = "--wait",
      defaultValue = "0",
      paramLabel = "MINUTES",
      description =
          "Minutes to wait for another run that is changing the warehouse, before exit code 4"
              + " (default ${DEFAULT-VALUE}).")
  private int minutes;

  /**
   * @throws io.sextant.schema.InvalidInputException if the option is negative
   */
  public Duration time() {
    require("--wait", minutes, minutes >= 0, "at least 0");
    return Duration.ofMinutes(minutes);
  }
}
