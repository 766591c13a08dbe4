package io.sextant.jobs.refresh;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.day.TrafficDays;
import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.ingest.TokenIdsOption;
import io.sextant.jobs.lock.WaitOption;
import io.sextant.jobs.migrate.MovedBytesLimit;
import io.sextant.jobs.mixin.ClusterOptions;
import io.sextant.jobs.mixin.DecisionOptions;
import io.sextant.jobs.mixin.EngineIds;
import io.sextant.jobs.mixin.SolverOptions;
import io.sextant.jobs.refresh.RefreshSettings.Days;
import io.sextant.jobs.refresh.RefreshSettings.Input;
import io.sextant.jobs.refresh.RefreshSettings.Planning;
import io.sextant.jobs.refresh.RefreshSettings.Publishing;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.spark.OpenSession;
import io.sextant.jobs.spark.SparkSessions;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.WarehouseSchema;
import io.sextant.jobs.window.Pool;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
        "The nightly job: ingests new traces, analyzes, plans from the map in force, scores"
            + " the plan and the map on the last complete day, and publishes the plan if its gain"
            + " is large enough.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success: published a map, or kept the map in force",
      "1:wrong command line",
      "2:wrong input or setting; one line says which and what to do. Also if there were new files and"
          + " nothing in them could be used; the night then used earlier traces",
      "3:a bug; please report it with the stack trace",
      "4:another run is using the warehouse; try again later",
      "5:the evidence is insufficient; the map in force stays",
      "6:the storage failed, for example because it is full; nothing was published; try again"
    },
    footer = {
      "",
      "The command can be interrupted at any moment and started again; see docs/operation.md.",
      "Example: sextant refresh --warehouse warehouse --model sextant-128x8 --cluster 4x8-h200"
          + " --slots 128 --input dumps/ --engine sglang"
    })
public final class RefreshCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;
  @Mixin private ClusterOptions cluster;
  @Mixin private SolverOptions solver;
  @Mixin private DecisionOptions decision;
  @Mixin private TokenIdsOption tokenIds;
  @Mixin private WaitOption wait;
  @Mixin private JsonOption json;

  @Option(
      names = "--input",
      arity = "1..*",
      required = true,
      paramLabel = "PATH",
      description =
          "Trace files or folders, on any Hadoop file system; known files are not read again.")
  private List<String> inputs;

  @Option(
      names = "--window",
      defaultValue = "7",
      paramLabel = "DAYS",
      description = "Calendar days to plan on, before the scored day (default ${DEFAULT-VALUE}).")
  private int windowDays;

  @Option(
      names = "--as-of",
      paramLabel = "DAY",
      description =
          "Day of the refresh, yyyy-MM-dd: earlier days are complete. By default today in"
              + " UTC.")
  private String asOf;

  @Option(
      names = "--max-moved-bytes",
      defaultValue = "5%",
      paramLabel = "B",
      description =
          "Maximum size of the expert weights that may be copied between GPUs, in bytes or as a"
              + " share of all experts (default ${DEFAULT-VALUE}).")
  private String maxMovedBytes;

  @Option(
      names = "--first-map",
      description =
          "Plan without regard to the map in force, as on the first night. Needed after a"
              + " change of --slots or --cluster.")
  private boolean firstMap;

  @Option(
      names = "--keep",
      defaultValue = "7",
      paramLabel = "N",
      description =
          "Versions to keep for rollback, including the new one (default ${DEFAULT-VALUE}).")
  private int keep;

  @Option(
      names = "--engine",
      arity = "1..*",
      paramLabel = "ENGINE",
      completionCandidates = EngineIds.class,
      description = "Engines for which the version contains maps: ${COMPLETION-CANDIDATES}.")
  private List<String> engines = List.of();

  @Option(
      names = "--metrics-file",
      paramLabel = "FILE.prom",
      description =
          "Also write the Prometheus metrics to FILE, for a textfile collector. They are"
              + " always written to published/MODEL/refresh.prom in the warehouse.")
  private Path metricsFile;

  @Override
  public Integer call() throws Exception {
    Progress progress = new Progress();
    RefreshSettings settings = settings(progress);
    settings
        .engineWarnings()
        .forEach(warning -> System.err.println("sextant: warning: " + warning));
    InputFile.requireListable(inputs);
    WarehouseSchema.requireReadableIfLocal(warehouse.folder());
    Duration mostWait = wait.time();
    Night night = new Night(RunId.now());
    try (OpenSession session = SparkSessions.open()) {
      SparkSession spark = session.spark();
      session.show(progress);
      NightContext context = new NightContext(spark, settings, night, progress, json::text);
      new NightRun(context, Invocation.of(command), mostWait, Optional.ofNullable(metricsFile))
          .run();
    }
    json.json(() -> new DecisionFile(settings, night).json(night.publishedVersion()));
    progress.say("done");
    return night.exitCode();
  }

  private RefreshSettings settings(Progress progress) {
    require("--window", windowDays, windowDays >= 1, "at least 1");
    require("--keep", keep, keep >= 1, "at least 1");
    wait.time();
    DecisionTerms terms = decision.terms(solver.seed());
    EngineMaps.requireKnown(engines);
    ModelSpec model = warehouse.model();
    PlanTarget target =
        cluster.target(
            model, solver.slots(model, cluster.cluster(), cluster.packaging(model)), Pool.BOTH);
    progress.say("%s", solver.memory(target));
    return new RefreshSettings(
        warehouse.folder(),
        new Input(inputs, tokenIds.kept()),
        new Days(asOf == null ? LocalDate.now(ZoneOffset.UTC) : day(asOf), windowDays),
        new Planning(
            target,
            solver.settings(target),
            terms,
            MovedBytesLimit.of(maxMovedBytes, target),
            firstMap),
        new Publishing(engines, keep));
  }

  private static LocalDate day(String text) {
    try {
      LocalDate day = LocalDate.parse(text);
      if (!TrafficDays.plausible(day)) {
        throw InvalidInputException.of(
            "--as-of " + text,
            "no traffic can be of that day",
            "Give a day of the years 2017 to 2099");
      }
      return day;
    } catch (DateTimeParseException e) {
      throw InvalidInputException.of(
          "--as-of " + text,
          "it is not a day",
          "Write it as yyyy-MM-dd, for example 2026-09-08",
          e);
    }
  }
}
