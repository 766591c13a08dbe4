package io.sextant.jobs;

import io.sextant.jobs.cli.Progress;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sextant demo}: every step of the main job on the samples, as a user would type them. */
@Command(
    name = "demo",
    description = "Runs the whole chain on samples/: tables, placement, engine map, report.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: sextant demo --out out/demo"})
final class DemoCommand implements Callable<Integer> {
  private static final String MODEL = "sextant-128x8";
  private static final String CLUSTER = "4x8-h200";

  @Option(
      names = "--out",
      defaultValue = "out/demo",
      paramLabel = "DIR",
      description = "Folder for everything (default ${DEFAULT-VALUE}); a former demo is replaced.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress();
    Path samples = Path.of(System.getenv().getOrDefault("SEXTANT_HOME", "."), "samples");
    if (!Files.isDirectory(samples)) {
      throw InvalidInputException.of(
          samples.toString(),
          "the samples are not there",
          "Start it with bin/sextant, or set SEXTANT_HOME to the folder that has samples/");
    }
    String warehouse = out.resolve("warehouse").toString();
    String plan = out.resolve("plan").toString();
    String map = out.resolve("expert_location.json").toString();
    String report = out.resolve("report.html").toString();
    clear();
    Files.createDirectories(out);
    List<List<String>> steps =
        List.of(
            List.of(
                "ingest",
                "--input",
                samples.toString(),
                "--model",
                MODEL,
                "--warehouse",
                warehouse),
            List.of("analyze", "--warehouse", warehouse, "--model", MODEL),
            // Plan on four days, score on the fifth: a plan is worth what it does tomorrow.
            List.of(
                "solve",
                "--warehouse",
                warehouse,
                "--model",
                MODEL,
                "--cluster",
                CLUSTER,
                "--slots",
                "128",
                "--to",
                "2026-09-13",
                "--score-from",
                "2026-09-14",
                "--micro-batch",
                "2048",
                "--seconds",
                "2",
                "--out",
                plan),
            List.of(
                "export",
                "--placement",
                plan,
                "--cluster",
                CLUSTER,
                "--engine",
                "sglang",
                "--out",
                map),
            List.of(
                "report",
                "--warehouse",
                warehouse,
                "--model",
                MODEL,
                "--placement",
                plan,
                "--out",
                report));
    for (List<String> step : steps) {
      System.out.println("$ sextant " + String.join(" ", step));
      int code = Sextant.run(step.toArray(new String[0]));
      if (code != 0) {
        return code;
      }
      System.out.println();
    }
    for (TableDefinition<?> table : Tables.all()) {
      Path folder = Path.of(warehouse, table.name());
      if (Files.isDirectory(folder)) {
        System.out.printf("table   %s%n", folder);
      }
    }
    System.out.printf("map     %s%n", map);
    System.out.printf("report  %s%n", report);
    System.out.printf(Locale.ROOT, "took    %.0f s%n", progress.seconds());
    return 0;
  }

  /** Removes what a former demo left, and nothing else. */
  private void clear() throws IOException {
    for (String name : List.of("warehouse", "plan")) {
      Path folder = out.resolve(name);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> below = Files.walk(folder)) {
          for (Path path : below.sorted((a, b) -> b.compareTo(a)).toList()) {
            Files.delete(path);
          }
        }
      }
    }
  }
}
