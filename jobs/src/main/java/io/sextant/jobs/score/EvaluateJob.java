package io.sextant.jobs.score;

import static org.apache.spark.sql.functions.col;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.stretch.FileStretches;
import io.sextant.jobs.stretch.RankFiles;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * Computes the exact scores of plans, on trace files or on days of the warehouse. Micro-batches are
 * sequences of consecutive tokens in arrival order, see {@link FileStretches}; they also end at the
 * end of a day.
 */
public final class EvaluateJob {
  private final SparkSession spark;
  private final Scoring scoring;

  /**
   * @param routes the nodes of requests, for routed plans; other requests run on the node of their
   *     rank
   */
  public EvaluateJob(SparkSession spark, PlanTarget target, RequestRoutes routes) {
    this(spark, new Scoring(target.shape(), target.costModel(), routes, false));
  }

  private EvaluateJob(SparkSession spark, Scoring scoring) {
    this.spark = spark;
    this.scoring = scoring;
  }

  /** The same job, which also finds the least load that any choice of copies could reach. */
  public EvaluateJob withLeastLoad() {
    return new EvaluateJob(
        spark, new Scoring(scoring.shape(), scoring.cost(), scoring.routes(), true));
  }

  /**
   * Scores plans on trace files. Micro-batches do not cross the ends of stretches, see {@link
   * FileStretches}.
   *
   * @param files the files in the order of their paths
   * @throws InvalidInputException if a file or a request in it is damaged; the message names the
   *     file. A score over part of a file would not be comparable
   */
  public PlanScores onFiles(List<InputFile> files, FormatChoice format, List<Plan> plans) {
    Scoring shipped = scoring;
    List<List<RankFiles>> groups = FileStretches.groups(files);
    List<PlanTally> parts =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(groups, groups.size())
            .flatMap(group -> score(shipped, group, format, plans).iterator())
            .collect();
    return new PlanScores(scoring.shape().profile(), plans, layers(), parts);
  }

  private static List<PlanTally> score(
      Scoring scoring, List<RankFiles> group, FormatChoice format, List<Plan> plans)
      throws IOException {
    List<PlanTally> tallies = new ArrayList<>();
    PlanEvaluators evaluators = new PlanEvaluators(scoring);
    new ScoredStretches(
            scoring,
            path -> evaluators.layerScores(plans),
            (path, scores) -> scores.forEach(score -> tallies.add(score.tally(path))))
        .read(group, format);
    return tallies;
  }

  /**
   * Writes the tokens of each slot for each micro-batch of trace files under each plan, which
   * {@code gpu-validate placement} runs on a device.
   *
   * @param to output file, replaced when everything is written
   */
  public void writeWork(
      List<InputFile> files, FormatChoice format, List<Plan> plans, Path to, Progress progress)
      throws IOException {
    new BatchFile(to, progress)
        .write(scoring, plans, files, format, new SlotLoadLines(scoring.shape()));
  }

  /**
   * Writes the routing of micro-batches of trace files under each plan, which {@code gpu-validate
   * layer} runs on the GPUs of a host.
   *
   * @param every number of micro-batches of a file, phase and layer of which one is written
   * @param to output file, replaced when everything is written
   */
  public void writeRoutes(
      List<InputFile> files,
      FormatChoice format,
      List<Plan> plans,
      int every,
      Path to,
      Progress progress)
      throws IOException {
    new BatchFile(to, progress)
        .write(scoring, plans, files, format, new RouteLines(scoring.shape(), every));
  }

  /**
   * Scores plans on the warehouse's traces of a window, with one Spark task per day and layer.
   *
   * @throws InvalidInputException if the window holds no traces
   */
  public PlanScores onWarehouse(TraceWindow window, List<Plan> plans) {
    List<PlanTally> parts =
        score(spark, window, List.of(new DayTask.Contest(scoring, plans)), layers());
    return new PlanScores(scoring.shape().profile(), plans, layers(), parts);
  }

  /**
   * As {@link #onWarehouse(TraceWindow, List)}, for plans on several clusters or under several
   * profiles, in one pass over the traces.
   *
   * @param contests plans of one model with what they are scored for; all names are distinct
   * @return the scores of each contest
   */
  public static List<PlanScores> onWarehouse(
      SparkSession spark, TraceWindow window, List<Contest> contests) {
    int layers = contests.get(0).target().model().moeLayers().size();
    List<PlanTally> parts =
        score(spark, window, contests.stream().map(EvaluateJob::shipped).toList(), layers);
    List<PlanScores> scores = new ArrayList<>();
    for (Contest contest : contests) {
      Set<String> names = contest.plans().stream().map(Plan::name).collect(Collectors.toSet());
      scores.add(
          new PlanScores(
              contest.target().profile(),
              contest.plans(),
              layers,
              parts.stream().filter(part -> names.contains(part.plan())).toList()));
    }
    return scores;
  }

  private static DayTask.Contest shipped(Contest contest) {
    return new DayTask.Contest(
        new Scoring(
            contest.target().shape(),
            contest.target().costModel(),
            new RequestRoutes(),
            false,
            contest.lost()),
        contest.plans());
  }

  private static List<PlanTally> score(
      SparkSession spark, TraceWindow window, List<DayTask.Contest> contests, int layers) {
    List<PlanTally> parts =
        new ArrayList<>(
            window
                .rows(spark)
                .repartition(4 * layers, col("layer"), col("day"))
                .sortWithinPartitions(PlanningSample.inArrivalOrder("day", "layer"))
                .mapPartitions(new DayTask(contests), Encoders.javaSerialization(PlanTally.class))
                .collectAsList());
    if (parts.isEmpty()) {
      throw window.withoutRows();
    }
    // Days and layers arrive in the order in which tasks end, but sums of doubles depend on their
    // order.
    parts.sort(Comparator.comparing(PlanTally::stretch).thenComparingInt(PlanTally::layerIndex));
    return parts;
  }

  private int layers() {
    return scoring.shape().model().moeLayers().size();
  }
}
