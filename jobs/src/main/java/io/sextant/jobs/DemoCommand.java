package io.sextant.jobs;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.spark.OpenSession;
import io.sextant.jobs.spark.SparkSessions;
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

/**
 * {@code sextant demo}: runs every step of the main workflow on the samples, printed as a user
 * would type them.
 */
@Command(
    name = "demo",
    description = "Runs the whole chain on samples/: tables, placement, engine map, report.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: sextant demo --out out/demo"})
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      defaultValue = "out/demo",
      paramLabel = "DIR",
      description = "Output folder (default ${DEFAULT-VALUE}); an earlier demo in it is replaced.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Progress progress = new Progress();
    Path samples = Path.of(System.getenv().getOrDefault("SEXTANT_HOME", "."), "samples");
    if (!Files.isDirectory(samples)) {
      throw InvalidInputException.of(
          samples.toString(),
          "the samples folder does not exist",
          "Start the demo with bin/sextant, or set SEXTANT_HOME to the folder that contains"
              + " samples/");
    }
    DemoSteps steps = new DemoSteps(samples, out);
    clear(steps);
    Files.createDirectories(out);
    try (OpenSession session = SparkSessions.open()) { // All steps use the Spark that this starts.
      for (List<String> step : steps.lines()) {
        System.out.println("$ sextant " + String.join(" ", step));
        int code = Sextant.run(step.toArray(new String[0]));
        if (code != 0) {
          return code;
        }
        System.out.println();
      }
    }
    for (TableDefinition<?> table : Tables.all()) {
      Path folder = steps.warehouse().resolve(table.name());
      if (Files.isDirectory(folder)) {
        System.out.printf("table   %s%n", folder);
      }
    }
    System.out.printf("map     %s%n", steps.map());
    System.out.printf("report  %s%n", steps.report());
    System.out.printf(Locale.ROOT, "took    %.0f s%n", progress.seconds());
    return 0;
  }

  /** Removes the files of an earlier demo, and nothing else. */
  private static void clear(DemoSteps steps) throws IOException {
    for (Path folder : List.of(steps.warehouse(), steps.plan())) {
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
