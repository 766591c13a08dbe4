package io.sextant.jobs.refresh;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.StoppedException;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.plan.Backtest;
import io.sextant.jobs.plan.ClusterOptions;
import io.sextant.jobs.publish.PublishedVersions;
import io.sextant.jobs.publish.WarehouseLock;
import io.sextant.jobs.spark.RunLog;
import io.sextant.jobs.spark.SparkProgress;
import io.sextant.jobs.spark.SparkSessions;
import io.sextant.jobs.storage.InputFile;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MovingCost;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant refresh}. */
@Command(
    name = "refresh",
    description =
        "The nightly job: ingests what is new, analyzes, plans from the map in force, scores plan and"
            + " map on the last complete day, and publishes the plan if that is worth it.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done: published, or kept what is in force",
      "1:wrong command line",
      "2:wrong input or setting; one line says which",
      "3:a bug; please report it with the stack trace",
      "4:another run is at work on the warehouse; try again later",
      "5:the evidence is insufficient; what is in force stays",
      "6:the storage failed, for example because it is full; nothing was published; try again"
    },
    footer = {
      "",
      "Safe to end at any moment and to start again. docs/operation.md has the rest.",
      "Example: sextant refresh --warehouse warehouse --model sextant-128x8 --cluster 4x8-h200"
          + " --slots 128 --input dumps/ --engine sglang"
    })
public final class RefreshCommand implements Callable<Integer> {
  private static final String METRICS_FILE = "refresh.prom";

  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;
  @Mixin private ClusterOptions cluster;
  @Mixin private JsonOption json;

  @Option(
      names = "--slots",
      required = true,
      paramLabel = "N",
      description = "Physical slots of a layer, over all GPUs: experts plus redundant copies.")
  private int slots;

  @Option(
      names = "--input",
      arity = "1..*",
      required = true,
      paramLabel = "PATH",
      description = "Files or folders, on any Hadoop file system; what is known is not read again.")
  private List<String> inputs;

  @Option(
      names = "--window",
      defaultValue = "7",
      paramLabel = "DAYS",
      description = "Days to plan on, before the day scored on (default ${DEFAULT-VALUE}).")
  private int windowDays;

  @Option(
      names = "--as-of",
      paramLabel = "DAY",
      description = "Days before it are complete, yyyy-MM-dd. By default today, UTC.")
  private String asOf;

  @Option(
      names = "--max-moved-bytes",
      defaultValue = "5%",
      paramLabel = "B",
      description =
          "The most expert weights that may be copied between GPUs, in bytes or as a share of all"
              + " experts (default ${DEFAULT-VALUE}).")
  private String maxMovedBytes;

  @Option(
      names = "--first-map",
      description =
          "Plan without regard to the map in force, as on the first night: after a change of"
              + " --slots or --cluster.")
  private boolean firstMap;

  @Option(
      names = "--keep",
      defaultValue = "7",
      paramLabel = "N",
      description = "Versions to keep for rollback, the new one among them (default 7).")
  private int keep;

  @Option(
      names = "--engine",
      arity = "1..*",
      paramLabel = "ENGINE",
      description =
          "Engines to write maps for into the version: sglang, vllm, vllm-ascend, tensorrt-llm, eplb.")
  private List<String> engines = List.of();

  @Option(
      names = "--minimum-gain",
      defaultValue = "0.5",
      paramLabel = "PERCENT",
      description =
          "Least fall of the layer time that is worth a change (default ${DEFAULT-VALUE}).")
  private double minimumGainPercent;

  @Option(
      names = "--refresh-hours",
      defaultValue = "" + MovingCost.NIGHTLY_HOURS,
      paramLabel = "H",
      description =
          "Busy hours until the next refresh, which pay for a move (default ${DEFAULT-VALUE}).")
  private double refreshHours;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      paramLabel = "S",
      description = "CPU to spend on a layer (default ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "K",
      description = "Root of every random choice (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--wait",
      defaultValue = "0",
      paramLabel = "MINUTES",
      description =
          "How long to wait for another run to end before exit code 4 (default ${DEFAULT-VALUE}).")
  private int waitMinutes;

  @Option(
      names = "--metrics-file",
      paramLabel = "FILE.prom",
      description =
          "Write the Prometheus file there too, for a textfile collector; published/MODEL/refresh.prom"
              + " in the warehouse has it always.")
  private Path metricsFile;

  @Override
  public Integer call() throws Exception {
    Progress progress = new Progress();
    RefreshSettings settings = settings(progress);
    Night night = new Night(RunId.now());
    try (SparkSession spark = SparkSessions.open()) {
      SparkProgress.follow(spark, progress);
      // Before the lock makes a folder: a mistyped path must not become a warehouse.
      InputFile.find(inputs);
      PublishedVersions versions =
          PublishedVersions.of(settings.warehouse(), settings.model().name());
      Duration wait = Duration.ofMinutes(waitMinutes);
      try (WarehouseLock lock =
          WarehouseLock.acquire(settings.warehouse(), night.runId(), "refresh", wait, progress)) {
        if (lock.tookOver().isPresent()) {
          progress.say("taking over from a dead run (%s)", lock.tookOver().get().description());
          DeadIngest.free(settings.warehouse(), lock.tookOver().get());
        }
        work(new RefreshJob(spark, settings, versions, lock, night, progress, json::text), night);
        writeMetrics(settings, night, versions, night.exitCode(), progress);
      } catch (Exception | FSError e) {
        Exception told = night.explained(e, settings.warehouse());
        if (!(told instanceof StoppedException stopped
            && stopped.exitCode() == StoppedException.BUSY)) {
          writeMetrics(settings, night, versions, Night.exitCode(told), progress);
        }
        throw told;
      }
    }
    json.json(() -> new NightFiles(settings, night).decision(night.publishedVersion()));
    progress.say("done");
    return night.exitCode();
  }

  private void work(RefreshJob job, Night night) throws Exception {
    new RunLog(warehouse.folder(), command)
        .record(
            night.runId(),
            () -> {
              job.run();
              return null;
            });
  }

  /** A night must not fail for its metrics. */
  private void writeMetrics(
      RefreshSettings settings,
      Night night,
      PublishedVersions versions,
      int exitCode,
      Progress progress) {
    try {
      String text =
          new NightFiles(settings, night)
              .prometheus(exitCode, progress.seconds(), Instant.now(), versions.publishedAt());
      if (metricsFile != null) {
        // The collector reads names that end with .prom, at any moment.
        Path target = metricsFile.toAbsolutePath();
        Path aside = target.resolveSibling("." + target.getFileName() + ".new");
        Files.writeString(aside, text);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      }
      versions.replaceBeside(METRICS_FILE, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | InvalidInputException | FSError e) {
      progress.say("the metrics could not be written: %s", e.getMessage());
    }
  }

  private RefreshSettings settings(Progress progress) {
    require("--seconds", seconds, seconds > 0 && seconds <= 3600, "above 0 and at most 3600");
    require("--window", windowDays, windowDays >= 1, "at least 1");
    require("--keep", keep, keep >= 1, "at least 1");
    require("--wait", waitMinutes, waitMinutes >= 0, "at least 0");
    require(
        "--minimum-gain",
        minimumGainPercent,
        minimumGainPercent >= 0 && minimumGainPercent < 100,
        "at least 0 and below 100");
    require("--refresh-hours", refreshHours, refreshHours > 0, "above 0");
    EngineMaps.requireKnown(engines);
    ModelSpec model = warehouse.model();
    Backtest.limitBytes(maxMovedBytes, model);
    DecisionRule rule =
        new DecisionRule(
            minimumGainPercent / 100, DecisionRule.DEFAULT.minimumMicroBatches(), seed);
    Backtest backtest =
        new Backtest(
            model,
            cluster,
            slots,
            SolverSettings.forSeconds(seconds, cluster.layout(model, slots), model.experts(), seed),
            rule,
            refreshHours,
            progress);
    return new RefreshSettings(
        warehouse.folder(),
        model,
        cluster.cluster(),
        slots,
        seed,
        inputs,
        windowDays,
        asOf == null ? LocalDate.now(ZoneOffset.UTC) : day(asOf),
        maxMovedBytes,
        keep,
        engines,
        firstMap,
        backtest);
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw InvalidInputException.of(
          "--as-of " + text, "it is not a day", "Write it yyyy-MM-dd, as 2026-09-08", e);
    }
  }
}
