package io.sextant.jobs.score;

import static org.apache.spark.sql.functions.col;

import io.sextant.gpu.expert.ReplayBatch;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.StepProgress;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.window.RoutingRow;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.evaluate.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.MicroBatchRecord;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * Scores plans exactly, on files as they were recorded or on days of the warehouse. Micro-batches
 * are runs of consecutive tokens in arrival order that end with their file of many requests, with
 * their group of files of one request, or with their day.
 */
public final class EvaluateJob {
  private final SparkSession spark;
  private final Settings settings;

  /**
   * @param model shape of the model
   * @param layout the cluster's slots
   * @param sources where requests start
   * @param routes request id to node, for routed plans; other requests start where their rank is
   * @param cost for the predicted time
   * @param microBatchTokens tokens of a micro-batch
   * @param decodeStepTokens rows of a decode step
   */
  public record Settings(
      ModelSpec model,
      SlotLayout layout,
      SourceNodes sources,
      Map<Long, Integer> routes,
      CostModel cost,
      int microBatchTokens,
      int decodeStepTokens)
      implements Serializable {

    /** Every layer of every plan, before the first request. */
    List<LayerScore> layerScores(List<Plan> plans) {
      return plans.stream().flatMap(plan -> layerScores(plan).stream()).toList();
    }

    private List<LayerScore> layerScores(Plan plan) {
      List<LayerScore> scores = new ArrayList<>();
      for (int l = 0; l < plan.slots().length; l++) {
        scores.add(layerScore(plan, l));
      }
      return scores;
    }

    /** Plans of one cluster may differ in slots. */
    private LayerScore layerScore(Plan plan, int layerIndex) {
      int[] slots = plan.slots()[layerIndex];
      MicroBatchRecord microBatches = new MicroBatchRecord();
      LayerEvaluator evaluator =
          new LayerEvaluator(
                  layout.withSlots(slots.length),
                  slots,
                  model.experts(),
                  cost,
                  microBatchTokens,
                  decodeStepTokens)
              .recordInto(microBatches);
      return new LayerScore(plan, layerIndex, evaluator, microBatches);
    }

    /** The node a router sent a request to, or the one that served it where no route is known. */
    int routedNode(long requestId, int servedOn) {
      return routes.getOrDefault(requestId, servedOn);
    }
  }

  /** One layer of one plan while it is scored. */
  public record LayerScore(
      Plan plan, int layerIndex, LayerEvaluator evaluator, MicroBatchRecord microBatches) {

    PlanTally tally(String stretch) {
      return new PlanTally(
          plan.name(),
          stretch,
          layerIndex,
          evaluator.tally(),
          microBatches,
          evaluator.sentTokens());
    }
  }

  public EvaluateJob(SparkSession spark, Settings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Scores plans on trace files. A file of many requests is a stretch of its own, in which
   * micro-batches begin and end; files of one request each are put together, see {@link
   * FileStretches}.
   *
   * @param files in the order of their paths
   * @throws InvalidInputException naming the file where one is damaged or a request in it is; a
   *     score over part of a file would not be comparable
   */
  public PlanScores onFiles(List<InputFile> files, FormatChoice format, List<Plan> plans) {
    Settings shipped = settings;
    List<List<String>> groups = FileStretches.groups(files);
    List<PlanTally> parts =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(groups, groups.size())
            .flatMap(group -> score(shipped, group, format, plans).iterator())
            .collect();
    return new PlanScores(plans, settings.model().moeLayers().size(), parts);
  }

  private static List<PlanTally> score(
      Settings settings, List<String> paths, FormatChoice format, List<Plan> plans)
      throws IOException {
    List<PlanTally> tallies = new ArrayList<>();
    new FileStretches(
            settings,
            format,
            path -> settings.layerScores(plans),
            (path, scores) -> scores.forEach(score -> tallies.add(score.tally(path))))
        .read(paths);
    return tallies;
  }

  /**
   * Writes what each micro-batch of trace files asks of each slot under each plan: what {@code
   * gpu-validate placement} runs on a device.
   *
   * @param to replaced when all is written
   */
  public void writeWork(
      List<InputFile> files, FormatChoice format, List<Plan> plans, Path to, Progress progress)
      throws IOException {
    List<List<String>> groups = FileStretches.groups(files);
    StepProgress written = new StepProgress(progress, groups.size(), "groups of files");
    Path aside = to.resolveSibling(to.getFileName() + ".tmp");
    try (BufferedWriter writer = Files.newBufferedWriter(aside)) {
      for (List<String> group : groups) {
        new FileStretches(
                settings, format, path -> reporting(plans, path, writer), (path, scores) -> {})
            .read(group);
        written.step();
      }
    }
    Files.move(aside, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private List<LayerScore> reporting(List<Plan> plans, String path, BufferedWriter writer) {
    List<LayerScore> scores = settings.layerScores(plans);
    for (LayerScore score : scores) {
      score.evaluator().reportTo(new WorkWriter(writer, score, path));
    }
    return scores;
  }

  /** Writes a line a micro-batch. */
  private final class WorkWriter implements LayerEvaluator.SlotLoads {
    private final BufferedWriter writer;
    private final LayerScore score;
    private final String path;
    private int batch;

    WorkWriter(BufferedWriter writer, LayerScore score, String path) {
      this.writer = writer;
      this.score = score;
      this.path = path;
    }

    @Override
    public void microBatch(long[] tokensOfSlot, double received) {
      int[] tokens = Arrays.stream(tokensOfSlot).mapToInt(Math::toIntExact).toArray();
      ReplayBatch line =
          new ReplayBatch(
              score.plan().name(),
              path.substring(path.lastIndexOf('/') + 1),
              settings.model().moeLayers().get(score.layerIndex()),
              batch++,
              settings.layout().gpus(),
              tokens,
              received);
      try {
        writer.write(line.toJson());
        writer.newLine();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Scores plans on the warehouse's traces of a window, one Spark task a day and layer.
   *
   * @throws InvalidInputException where the window holds no traces
   */
  public PlanScores onWarehouse(TraceWindow window, List<Plan> plans) {
    int layers = settings.model().moeLayers().size();
    List<PlanTally> parts =
        new ArrayList<>(
            window
                .rows(spark)
                .repartition(4 * layers, col("layer"), col("day"))
                .sortWithinPartitions("day", "layer", "arrivalMillis", "source", "requestId")
                .mapPartitions(
                    new DayTask(settings, plans), Encoders.javaSerialization(PlanTally.class))
                .collectAsList());
    if (parts.isEmpty()) {
      throw window.withoutRows(spark);
    }
    // Days and layers arrive as tasks end; sums of doubles depend on their order.
    parts.sort(Comparator.comparing(PlanTally::stretch).thenComparingInt(PlanTally::layerIndex));
    return new PlanScores(plans, layers, parts);
  }

  /** Scores each day and layer that a sorted partition holds. */
  private record DayTask(Settings settings, List<Plan> plans)
      implements MapPartitionsFunction<RoutingRow, PlanTally> {

    @Override
    public Iterator<PlanTally> call(Iterator<RoutingRow> rows) {
      List<PlanTally> parts = new ArrayList<>();
      List<LayerScore> scores = List.of();
      String day = null;
      int layer = -1;
      while (rows.hasNext()) {
        RoutingRow row = rows.next();
        if (row.getLayer() != layer || !row.getDay().equals(day)) {
          finish(parts, day, scores);
          day = row.getDay();
          layer = row.getLayer();
          scores = start(layer);
        }
        int served = settings.sources().nodeOf(row.getSourceRank());
        int routed = settings.routedNode(row.getRequestId(), served);
        for (LayerScore score : scores) {
          int node = score.plan().routed() ? routed : served;
          score
              .evaluator()
              .add(
                  row.getExperts(),
                  settings.model().topK(),
                  row.getPrefillTokens(),
                  row.getDecodeTokens(),
                  node);
        }
      }
      finish(parts, day, scores);
      return parts.iterator();
    }

    private List<LayerScore> start(int layer) {
      int index = settings.model().moeLayers().indexOf(layer);
      return plans.stream().map(plan -> settings.layerScore(plan, index)).toList();
    }

    private static void finish(List<PlanTally> parts, String day, List<LayerScore> scores) {
      for (LayerScore score : scores) {
        parts.add(score.tally(day));
      }
    }
  }
}
