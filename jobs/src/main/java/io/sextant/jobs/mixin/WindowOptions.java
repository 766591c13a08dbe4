package io.sextant.jobs.mixin;

import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.window.Evidence;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.TraceWindow;
import picocli.CommandLine.Option;

/** The options for the days to plan on and the days to score on. */
public final class WindowOptions {
  @Option(names = "--from", paramLabel = "DAY", description = "First day to plan on, yyyy-MM-dd.")
  private String from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last day to plan on.")
  private String to;

  @Option(
      names = "--days-alike",
      description =
          "Give all days the same weight. By default a working day has a quarter of the"
              + " weight in a plan for a weekend day, and the reverse, for every method.")
  private boolean daysAlike;

  @Option(names = "--score-from", paramLabel = "DAY", description = "First day to score on.")
  private String scoreFrom;

  @Option(names = "--score-to", paramLabel = "DAY", description = "Last day to score on.")
  private String scoreTo;

  /**
   * The windows in a warehouse; without days to score on, plans are scored on their own window.
   *
   * @throws io.sextant.schema.InvalidInputException if a day is not valid or the first day is after
   *     the last, or a local warehouse has no traces in a window
   */
  public PlanWindows windows(WarehouseOptions warehouse, Pool pool) {
    String folder = warehouse.folder();
    String model = warehouse.model().name();
    TraceWindow planOn = new TraceWindow(folder, model, from, to, pool);
    Evidence.require(planOn, "--from and --to");
    if (scoreFrom == null && scoreTo == null) {
      return new PlanWindows(planOn, planOn, daysAlike);
    }
    TraceWindow scoreOn = new TraceWindow(folder, model, scoreFrom, scoreTo, pool);
    Evidence.require(scoreOn, "--score-from and --score-to");
    return new PlanWindows(planOn, scoreOn, daysAlike);
  }
}
