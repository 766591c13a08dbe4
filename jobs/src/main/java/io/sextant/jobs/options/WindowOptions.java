package io.sextant.jobs.options;

import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.mix.TrafficChange;
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

  @Option(
      names = "--mix",
      paramLabel = "LABEL=SHARE,...",
      description =
          "Plan and score for other shares of the tokens by label, for example"
              + " java=0.2,sql=10%%. Labels that are not named share the rest in their"
              + " proportions.")
  private String mix;

  @Option(
      names = "--scale",
      paramLabel = "LABEL=FACTOR,...",
      description =
          "Plan and score for a multiple of the tokens of labels beside unchanged others, for"
              + " example java=2; 0 leaves a label out.")
  private String scale;

  @Option(
      names = "--arrivals",
      paramLabel = "FROM-TO",
      description =
          "Plan and score on requests that arrive in these hours of each day, UTC, for example"
              + " 8-18, or 22-6 over midnight.")
  private String arrivals;

  /**
   * The windows in a warehouse; without days to score on, plans are scored on their own window.
   *
   * @throws io.sextant.schema.InvalidInputException if a day is not valid or the first day is after
   *     the last, a local warehouse has no traces in a window, or a change of traffic cannot be
   *     read
   */
  public PlanWindows windows(WarehouseOptions warehouse, Pool pool) {
    String folder = warehouse.folder();
    String model = warehouse.model().name();
    TrafficChange change = TrafficChange.of(mix, scale, arrivals);
    TraceWindow planOn = new TraceWindow(folder, model, from, to, pool);
    Evidence.require(planOn, "--from and --to");
    if (scoreFrom == null && scoreTo == null) {
      return new PlanWindows(planOn, planOn, daysAlike, change);
    }
    TraceWindow scoreOn = new TraceWindow(folder, model, scoreFrom, scoreTo, pool);
    Evidence.require(scoreOn, "--score-from and --score-to");
    return new PlanWindows(planOn, scoreOn, daysAlike, change);
  }
}
