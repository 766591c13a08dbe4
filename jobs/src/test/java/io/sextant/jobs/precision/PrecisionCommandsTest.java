package io.sextant.jobs.precision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.table.KernelTables;
import io.sextant.schema.table.PrecisionTables;
import io.sextant.schema.table.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs probe and dispatch on real statistics and measurements. */
class PrecisionCommandsTest {
  private static final Path CUTS = Path.of("../numerics/src/test/resources/precision");
  private static final Path RUNS = Path.of("../bench/results/2026-11-24-h200-kernel-runs.jsonl.gz");

  @TempDir Path folder;

  private String warehouse() {
    return folder.resolve("warehouse").toString();
  }

  private CommandRun probe(String model, Path... inputs) {
    return CommandRun.of(
        Stream.concat(
                Stream.of("probe", "--model", model, "--warehouse", warehouse(), "--input"),
                Stream.of(inputs).map(Path::toString))
            .toArray(String[]::new));
  }

  private List<Row> rows(TableDefinition<?> table, String where, String... columns)
      throws IOException {
    SparkSession spark = TestSpark.session();
    return SparkTables.read(spark, warehouse(), table)
        .orElseThrow()
        .where(where)
        .selectExpr(columns)
        .collectAsList();
  }

  @Test
  void probeNamesTheHazardsOfTheBaselineAndNoneOfTheAdaptedModel() throws IOException {
    CommandRun baseline =
        probe(
            "lrm-baseline",
            CUTS.resolve("layer_stats-lrm-baseline.jsonl.gz"),
            CUTS.resolve("lrm-tensors.safetensors.gz"));
    assertThat(baseline.exitCode()).as(baseline.err()).isZero();
    assertThat(baseline.out())
        .contains("bottom.fc2: bias growth: the norm of the bias is 0.1")
        .contains("With no bias, RMS norm over blocks of 256, Hard Swish")
        .contains("weights as a matrix normal distribution: predicted error by row")
        .containsPattern("bottom.fc2 +1  not available: flip-flop needs \\d+ tensors");
    CommandRun mods = probe("lrm-mods", CUTS.resolve("layer_stats-lrm-mods.jsonl.gz"));
    assertThat(mods.exitCode()).as(mods.err()).isZero();
    assertThat(rows(PrecisionTables.PRECISION_SITES, "hazards <> ''", "model"))
        .extracting(row -> row.getString(0))
        .containsOnly("lrm-baseline");
    assertThat(
            rows(
                PrecisionTables.PRECISION_SITES,
                "site = 'bottom.fc2' and recipe = 'e4m3-tensor' and model = 'lrm-baseline'",
                "alignment_of",
                "verdict",
                "step",
                "relative_frobenius"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.getString(0)).isEqualTo("bottom.fc2");
              assertThat(row.getString(1)).isEqualTo("safe");
              assertThat(row.getLong(2)).isEqualTo(38);
              // The real product has 0.0132.
              assertThat(row.getDouble(3)).isBetween(0.012, 0.0145);
            });
    // Five snapshots of six sites and two operands, and the tensors of two sites.
    assertThat(
            rows(PrecisionTables.LAYER_STATS, "model = 'lrm-baseline'", "count(*)")
                .get(0)
                .getLong(0))
        .isEqualTo(5 * 6 * 2 + 4);
    assertThat(
            rows(PrecisionTables.LAYER_DRIFT, "model = 'lrm-baseline'", "count(*)")
                .get(0)
                .getLong(0))
        .isEqualTo(4 * 6 * 2);
  }

  @Test
  void aWrongLineStopsProbeAndWritesNothing() throws IOException {
    Path file = folder.resolve("stats.jsonl");
    Files.writeString(file, "{\"step\": 1}\n");
    CommandRun run = probe("m", file);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .contains("stats.jsonl: line 1: field site is missing. Record the snapshot again");
    assertThat(folder.resolve("warehouse")).doesNotExist();
  }

  @Test
  void dispatchChoosesPerSiteAndWithinABudget() throws IOException {
    Path out = folder.resolve("out");
    CommandRun run = dispatch(out, "--error-budget", "0.06");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("mix", "global", "one kernel for all lines");
    JsonNode llama = new ObjectMapper().readTree(out.resolve("llama3-8b.dispatch.json").toFile());
    JsonNode choice = llama.at("/site/mlp.gate_up/8192");
    assertThat(choice.get("recipe").asText()).startsWith("e4m3");
    assertThat(choice.get("speedup").asDouble()).isGreaterThan(1.5);
    assertThat(choice.get("losers")).hasSize(6);
    assertThat(llama.at("/global/mlp.gate_up/8192/recipe").asText()).isNotEmpty();
    JsonNode torchao = new ObjectMapper().readTree(out.resolve("llama3-8b.torchao.json").toFile());
    assertThat(torchao.get("mlp.gate_up").asText()).isIn("rowwise", "tensorwise", "blockwise");
    assertThat(rows(KernelTables.DISPATCH, "mode = 'site'", "count(*)").get(0).getLong(0))
        .isEqualTo(26 * 10);
    Map<Integer, Double> squared = new HashMap<>();
    for (Row row : rows(KernelTables.DISPATCH, "mode = 'global'", "model", "tokens", "error")) {
      if (row.getString(0).equals("llama3-8b")) {
        squared.merge(row.getInt(1), row.getDouble(2) * row.getDouble(2), Double::sum);
      }
    }
    assertThat(squared).hasSize(10);
    assertThat(squared.values()).allMatch(sum -> sum <= 0.06 * 0.06);
    assertThat(rows(KernelTables.KERNEL_RUNS, "true", "count(*)").get(0).getLong(0))
        .isEqualTo(1820);
  }

  @Test
  void probeGivesAVerdictOn24WithItsReason() throws IOException {
    CommandRun run = probe("lm", CUTS.resolve("layer_stats-lm.jsonl.gz"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines().filter(line -> line.startsWith("block0.ffn.down")))
        .hasSize(2)
        .last()
        .asString()
        .contains("0.7816", "0.05107", "0.002139", "unsafe", "above FP8's own noise of 0.141 %");
    assertThat(
            rows(
                PrecisionTables.PRECISION_SITES,
                "recipe = 'bf16-sparse24' and verdict = 'safe'",
                "site",
                "reason"))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.getString(0)).endsWith(".ffn.down");
              assertThat(row.getString(1)).contains("below FP8's own noise");
            });
  }

  @Test
  void dispatchTakes24AndSimplicialAttentionWhereTheyWin() throws IOException {
    Path out = folder.resolve("out");
    CommandRun run =
        CommandRun.of(
            "dispatch",
            "--runs",
            "../bench/results/2026-11-26-h200-sparsity-runs.jsonl.gz",
            "--warehouse",
            warehouse(),
            "--out",
            out.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode ffn = json(out, "ffn-8192");
    assertThat(ffn.at("/site/mlp.down/4096/recipe").asText()).isEqualTo("e4m3-sparse24");
    assertThat(ffn.at("/site/mlp.down/4096/speedup").asDouble()).isGreaterThan(2.5);
    JsonNode small = json(out, "ffn-4096");
    assertThat(small.at("/site/mlp.down/64/recipe").asText()).isEqualTo("bf16");
    assertThat(small.at("/site/mlp.down/64").toString())
        .contains("0.44x of BF16 is under 1.05x", "0.77x of BF16 is under 1.05x");
    JsonNode attention = json(out, "attention-256x32");
    assertThat(attention.at("/site/attn.core/8192/library").asText())
        .isEqualTo("sextant dot product");
    assertThat(attention.at("/site/attn.core/32768/library").asText())
        .isEqualTo("sextant 2-simplicial");
  }

  private static JsonNode json(Path out, String model) throws IOException {
    return new ObjectMapper().readTree(out.resolve(model + ".dispatch.json").toFile());
  }

  @Test
  void probeOverrulesTheKernelsOwnError() throws IOException {
    // The statistics of a real site, under the name of a measured one.
    Path stats = folder.resolve("stats.jsonl");
    try (Stream<String> lines = lines("layer_stats-lm.jsonl.gz")) {
      Files.write(
          stats,
          lines
              .filter(line -> line.contains("\"block0.ffn.down\""))
              .map(line -> line.replace("block0.ffn.down", "mlp.down"))
              .toList());
    }
    CommandRun probe =
        CommandRun.of(
            "probe",
            "--model",
            "llama3-8b",
            "--warehouse",
            warehouse(),
            "--max-error",
            "0.001",
            "--input",
            stats.toString());
    assertThat(probe.exitCode()).as(probe.err()).isZero();
    Path out = folder.resolve("out");
    assertThat(dispatch(out).exitCode()).isZero();
    JsonNode choice =
        new ObjectMapper()
            .readTree(out.resolve("llama3-8b.dispatch.json").toFile())
            .at("/site/mlp.down/1024");
    assertThat(choice.get("recipe").asText()).isEqualTo("bf16");
    assertThat(choice.toString()).contains("probe calls the site unsafe for this recipe");
  }

  /**
   * A tensor that overflowed, is all 0 or is too small excludes its site; the others are judged as
   * usual.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"absmax\": [^,]*, -> \"absmax\": Infinity,|FILE: line 1: absmax is Infinity",
        "\"std\": [^,]*, -> \"std\": NaN,|FILE: line 1: std is NaN",
        "\"mean\": [^,]*, -> \"mean\": -1e999,|FILE: line 1: mean is -Infinity",
        "\"rows\": [^,]*, -> \"rows\": 0,|FILE: line 1: rows is 0",
        "\"absmax\": [^,]*, -> \"absmax\": 0.0,|its activations are all 0, so nothing can be lost",
        "\"absmax\": [^,]*, -> \"absmax\": 1e-40,|the greatest of its activations is 1.00e-40; the"
            + " histogram of exponents tells nothing below 1.82e-12"
      })
  void oneBadTensorCostsItsSite(String change, String reason) throws IOException {
    List<String> sound;
    try (Stream<String> lines = lines("layer_stats-lm.jsonl.gz")) {
      sound =
          lines
              .filter(line -> line.contains("\"block0."))
              .sorted(Comparator.comparing(line -> !line.contains("\"activation\"")))
              .toList();
    }
    String site = new ObjectMapper().readTree(sound.get(0)).get("site").textValue();
    // Only the newest snapshot of each site, so that line 1 is the newest.
    long newest = sound.stream().mapToLong(PrecisionCommandsTest::step).max().orElseThrow();
    List<String> lines =
        new ArrayList<>(sound.stream().filter(line -> step(line) == newest).toList());
    int first =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).contains("\"" + site + "\""))
            .findFirst()
            .orElseThrow();
    String[] edit = change.split(" -> ", -1);
    String changed = lines.remove(first).replaceFirst(edit[0], edit[1]);
    lines.add(0, changed);
    Path file = folder.resolve("stats.jsonl");
    Files.write(file, lines);
    CommandRun run = probe("lm", file);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern(
            Pattern.quote(site)
                + " +- +- +- +- +- +none +not judged: "
                + Pattern.quote(reason.replace("FILE", file.toString())))
        .doesNotContain("NaN,", " NaN ", " Infinity ");
    assertThat(rows(PrecisionTables.PRECISION_SITES, "model = 'lm'", "site"))
        .extracting(row -> row.getString(0))
        .doesNotContain(site)
        .contains("block0.ffn.down");
  }

  private static long step(String line) {
    try {
      return new ObjectMapper().readTree(line).get("step").longValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void nothingThatCanBeJudgedIsAnError() throws IOException {
    Path file = folder.resolve("stats.jsonl");
    try (Stream<String> lines = lines("layer_stats-lm.jsonl.gz")) {
      Files.write(
          file, lines.map(line -> line.replaceFirst("\"std\": [^,]*,", "\"std\": NaN,")).toList());
    }
    CommandRun run = probe("lm", file);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .startsWith("sextant: " + file + ": no site can be judged: " + file + ": line ")
        .endsWith(
            ": std is NaN. Record a snapshot of a step whose values are finite and not all 0");
  }

  /** A ratio to a snapshot of zeros is null, not NaN or infinite. */
  @Test
  void driftFromNothingIsNotAvailable() throws IOException {
    Path file = folder.resolve("stats.jsonl");
    try (Stream<String> lines = lines("layer_stats-lm.jsonl.gz")) {
      List<String> ofSite =
          lines
              .filter(line -> line.contains("\"block0.ffn.down\"") && line.contains("activation"))
              .sorted(Comparator.comparing(PrecisionCommandsTest::step))
              .toList();
      List<String> all = new ArrayList<>();
      all.add(
          ofSite
              .get(0)
              .replaceFirst("\"(absmax)\": [^,]*,", "\"$1\": 0.0,")
              .replaceFirst("\"(mean)\": [^,]*,", "\"$1\": 0.0,")
              .replaceFirst("\"(std)\": [^,]*,", "\"$1\": 0.0,")
              .replaceFirst(
                  "(\"exp2_histogram_from_minus40\": )\\[[^]]*]",
                  "$1" + Collections.nCopies(LayerStatistics.EXPONENT_BINS, 0)));
      all.add(ofSite.get(ofSite.size() - 1).replaceFirst("\"step\": \\d+", "\"step\": 2000000000"));
      try (Stream<String> weights = lines("layer_stats-lm.jsonl.gz")) {
        weights
            .filter(line -> line.contains("\"block0.ffn.down\"") && line.contains("\"weight\""))
            .limit(1)
            .map(line -> line.replaceFirst("\"step\": \\d+", "\"step\": 2000000000"))
            .forEach(all::add);
      }
      Files.write(file, all);
    }
    CommandRun run = probe("lm", file);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(
            rows(
                PrecisionTables.LAYER_DRIFT, "true", "jensen_shannon", "rms_ratio", "absmax_ratio"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.isNullAt(0)).isTrue();
              assertThat(row.isNullAt(1)).isTrue();
              assertThat(row.isNullAt(2)).isTrue();
            });
  }

  /** The BF16 time of one GPU and the FP8 time of another give no speedup. */
  @Test
  void dispatchNeverMixesDevices() throws IOException {
    Path runs = folder.resolve("runs");
    Files.createDirectories(runs);
    List<String> measured;
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(RUNS))) {
      measured =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.contains("\"deepseek-v3\""))
              .toList();
    }
    Files.write(runs.resolve("a.jsonl"), measured);
    Files.write(
        runs.resolve("b.jsonl"),
        measured.stream().map(line -> line.replace("NVIDIA H200", "NVIDIA H20")).toList());
    Path out = folder.resolve("out");
    CommandRun both = dispatchOf(runs, out);
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.lastError())
        .isEqualTo(
            "sextant: "
                + runs
                + ": the runs of deepseek-v3 are of 2 devices, 'NVIDIA H20', 'NVIDIA H200', whose"
                + " times cannot be compared. Choose one with --device; run dispatch once per device");
    assertThat(out).doesNotExist();
    CommandRun one = dispatchOf(runs, out, "--device", "NVIDIA H20");
    assertThat(one.exitCode()).as(one.err()).isZero();
    for (TableDefinition<?> table : List.of(KernelTables.KERNEL_RUNS, KernelTables.DISPATCH)) {
      assertThat(rows(table, "true", "device"))
          .extracting(row -> row.getString(0))
          .containsOnly("NVIDIA H20");
    }
    assertThat(one.out()).contains("measured on NVIDIA H20");
    assertThat(Files.readString(out.resolve("deepseek-v3.dispatch.json")))
        .contains("\"device\" : \"NVIDIA H20\"");
    // Each model on a GPU of its own: no speedup is wrong, but their mean says nothing.
    Files.write(
        runs.resolve("b.jsonl"),
        measured.stream()
            .map(line -> line.replace("NVIDIA H200", "NVIDIA H20"))
            .map(line -> line.replace("\"deepseek-v3\"", "\"another\""))
            .toList());
    assertThat(dispatchOf(runs, out).lastError())
        .isEqualTo(
            "sextant: "
                + runs
                + ": the models were run on 2 devices, 'NVIDIA H20', 'NVIDIA H200', whose speedups"
                + " cannot be averaged. Choose one with --device; run dispatch once per device");
    assertThat(dispatchOf(runs, out, "--device", "H100").lastError())
        .isEqualTo(
            "sextant: --device H100: there are no runs of it. Name one of 'NVIDIA H20', 'NVIDIA"
                + " H200'");
  }

  /** A shape that no FP8 kernel supports gets BF16, with the kernels' own reasons. */
  @Test
  void refusedKernelsLeaveBf16WithTheReason() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<String> odd = new ArrayList<>();
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(RUNS))) {
      for (String line :
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.contains("\"deepseek-v3\""))
              .toList()) {
        ObjectNode run = (ObjectNode) mapper.readTree(line);
        if (!run.get("site").textValue().equals("mlp.gate_up") || run.get("tokens").asInt() != 16) {
          continue;
        }
        if (!run.get("recipe").textValue().startsWith("bf16")) {
          run.retain("model", "site", "out", "k", "tokens", "recipe", "library", "device");
          run.put("refusal", "k = 7160 is no multiple of 16");
        }
        odd.add(mapper.writeValueAsString(run));
      }
    }
    Path runs = folder.resolve("odd.jsonl");
    Files.write(runs, odd);
    Path out = folder.resolve("out");
    CommandRun run = dispatchOf(runs, out);
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode choice = json(out, "deepseek-v3").at("/site/mlp.gate_up/16");
    assertThat(choice.get("recipe").asText()).isEqualTo("bf16");
    assertThat(choice.get("losers").toString())
        .contains("did not run: k = 7160 is no multiple of 16");
  }

  private CommandRun dispatchOf(Path runs, Path out, String... more) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(
                    "dispatch",
                    "--runs",
                    runs.toString(),
                    "--warehouse",
                    warehouse(),
                    "--out",
                    out.toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private CommandRun dispatch(Path out, String... more) {
    return dispatchOf(RUNS, out, more);
  }

  private static Stream<String> lines(String name) throws IOException {
    return new String(
            new GZIPInputStream(Files.newInputStream(CUTS.resolve(name))).readAllBytes(),
            StandardCharsets.UTF_8)
        .lines();
  }
}
