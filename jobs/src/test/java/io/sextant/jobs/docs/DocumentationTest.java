package io.sextant.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CommandRun;
import io.sextant.jobs.Sextant;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.notebooks.Warehouse;
import io.sextant.schema.table.Column;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The documentation says what the code does: columns, queries, commands and their options. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMMAND =
      Pattern.compile("^ {4}(?:bin/sextant|sextant-gpu/sextant) (.*)$", Pattern.MULTILINE);

  /** A link to a file, without its anchor. */
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]+)(?:#[^)]*)?\\)");

  @TempDir private static Path folder;

  @BeforeAll
  static void fillEveryTable() throws IOException {
    String warehouse = folder.toString();
    String model = "sextant-128x8";
    CommandRun.done(
        "ingest",
        "--input",
        TestPacks.samples().toString(),
        "--model",
        model,
        "--warehouse",
        warehouse);
    CommandRun.done("analyze", "--warehouse", warehouse, "--model", model);
    CommandRun.done(
        "solve",
        "--warehouse",
        warehouse,
        "--model",
        model,
        "--cluster",
        "4x8-h200",
        "--slots",
        "128",
        "--micro-batch",
        "1024",
        "--seconds",
        "0.1",
        "--to",
        "2026-09-13",
        "--score-from",
        "2026-09-14",
        "--out",
        folder.resolve("plan").toString());
    CommandRun.done(
        "probe",
        "--input",
        "../numerics/src/test/resources/precision/layer_stats-lrm-baseline.jsonl.gz",
        "--model",
        "lrm-baseline",
        "--warehouse",
        warehouse);
    CommandRun.done(
        "dispatch",
        "--runs",
        "../bench/results/2026-11-24-h200-kernel-runs.jsonl.gz",
        "--warehouse",
        warehouse,
        "--out",
        folder.resolve("choices").toString());
    SparkSession spark = TestSpark.session();
    for (TableDefinition<?> table : Tables.all()) {
      if (!Files.exists(folder.resolve(table.name()))) {
        spark
            .createDataFrame(List.of(), SparkTables.schema(table))
            .coalesce(1)
            .write()
            .parquet(folder.resolve(table.name()).toString());
      }
    }
  }

  @Test
  void theTablesPageHasEveryColumn() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/tables.md"));
    for (TableDefinition<?> table : Tables.all()) {
      assertThat(page).as("docs/tables.md").contains(section(table) + "\n```sql\n");
    }
    assertThat(page.lines().filter(line -> line.startsWith("## "))).hasSize(Tables.all().size());
  }

  private static String section(TableDefinition<?> table) {
    StringBuilder text = new StringBuilder();
    text.append("## `%s`\n\nA row is %s.".formatted(table.name(), table.description()));
    if (!table.partitionColumns().isEmpty()) {
      text.append(" Folders: `%s=`.".formatted(String.join("=/", table.partitionColumns())));
    }
    text.append("\n\n| column | type | unit | what it says |\n|---|---|---|---|\n");
    for (Column column : table.columns()) {
      text.append(
          "| `%s` | %s%s | %s | %s |\n"
              .formatted(
                  column.name(),
                  column.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                  column.nullable() ? ", may be null" : "",
                  column.unit(),
                  column.description().replace("|", "\\|")));
    }
    return text.toString();
  }

  private static List<String> queries() throws IOException {
    List<String> queries = new ArrayList<>();
    for (String page : List.of("docs/tables.md", "docs/sql.md")) {
      Matcher matcher = SQL.matcher(Files.readString(ROOT.resolve(page)));
      while (matcher.find()) {
        queries.add(matcher.group(1));
      }
    }
    return queries;
  }

  /**
   * A warehouse may hold other models, analyses of other windows, and plans for other slots, which
   * a query must not add to its rows. A query may list them if its rows name what differs.
   */
  @Test
  void noQueryMixesModelsWindowsOrPlans() throws Exception {
    try (MixedWarehouse mixed = new MixedWarehouse(folder)) {
      for (String query : queries()) {
        assertThat(mixed.rowsOfMixed(query)).as(query).isEqualTo(mixed.rowsOfPlain(query));
      }
      assertThat(mixed.rowsOfPlain("SELECT * FROM placement_metrics")).isNotEmpty();
    }
  }

  @Test
  void everyQueryRunsInDuckDbAndInSpark() throws Exception {
    List<String> queries = queries();
    assertThat(queries).hasSizeGreaterThan(Tables.all().size() + 8);
    SparkSession spark = TestSpark.session();
    try (Warehouse duckDb = Warehouse.open(folder)) {
      for (TableDefinition<?> table : Tables.all()) {
        SparkTables.read(spark, folder.toString(), table)
            .orElseThrow()
            .createOrReplaceTempView(table.name());
      }
      for (String query : queries) {
        long rows = spark.sql(query).count();
        assertThat(duckDb.query(query).rows()).as(query).hasSize((int) rows);
      }
    }
  }

  @Test
  void everyCommandOfTheDocumentationIsUnderstood() throws IOException {
    int seen = 0;
    for (Path page : pages()) {
      // A line that ends in a backslash continues in the next.
      String text = Files.readString(page).replaceAll("\\\\\n\\s*", "");
      Matcher matcher = COMMAND.matcher(text);
      while (matcher.find()) {
        String line = matcher.group(1).replaceFirst("\\s+#.*", "").strip();
        assertThat(understood(line)).as(page + ": " + line).isEqualTo("understood");
        seen++;
      }
    }
    assertThat(seen).isGreaterThan(15);
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    int seen = 0;
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        assertThat(page.resolveSibling(link.group(1))).as(page + ": " + link.group(1)).exists();
        seen++;
      }
    }
    assertThat(seen).isGreaterThan(50);
  }

  @Test
  void everyCommandIsInTheTableOfCommands() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/commands.md"));
    for (String command : new CommandLine(new Sextant()).getSubcommands().keySet()) {
      assertThat(page).containsPattern("[|,] `" + command + "[ `]");
    }
  }

  @Test
  void theReadmeIsReadInTwoMinutes() throws IOException {
    assertThat(Files.readString(ROOT.resolve("README.md")).split("\\s+")).hasSizeLessThan(900);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> root = Files.list(ROOT)) {
      return Stream.concat(docs, root).filter(path -> path.toString().endsWith(".md")).toList();
    }
  }

  private static String understood(String line) {
    CommandLine commandLine = new CommandLine(new Sextant());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    try {
      commandLine.parseArgs(CommandWords.of(line).toArray(String[]::new));
      return "understood";
    } catch (CommandLine.ParameterException e) {
      return e.getMessage();
    }
  }
}
