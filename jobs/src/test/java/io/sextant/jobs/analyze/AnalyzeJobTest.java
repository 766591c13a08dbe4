package io.sextant.jobs.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.ingest.TestWarehouse;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.table.TypedRows;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.UsageTables;
import io.sextant.schema.table.UsageTables.CoactivationRow;
import io.sextant.schema.table.UsageTables.DomainSimilarityRow;
import io.sextant.schema.table.UsageTables.ExpertLoadRow;
import io.sextant.schema.table.UsageTables.ImbalanceRow;
import io.sextant.schema.table.UsageTables.PrefillDecodeRow;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of three real days, compared with a reference that counts token by token. */
class AnalyzeJobTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private static final ModelSpec DECODE_ONLY = ModelSpecs.load("gpt-oss-20b");
  private static final ModelSpec PREFILL_ONLY = ModelSpecs.load("deepseek-v2-lite");
  private static final double EXACT = 1e-9;

  @TempDir private static Path warehouse;
  private static SparkSession spark;
  private static List<RequestTrace> requests;
  private static String summary;

  @BeforeAll
  static void analyze() throws Exception {
    spark = TestSpark.session();
    List<Path> packs =
        List.of(
            TestPacks.samples().resolve("day04.safetensors.zst"),
            TestPacks.samples().resolve("day05.safetensors.zst"),
            TestPacks.samples().resolve("day08.safetensors.zst"));
    TestWarehouse.ingest(spark, warehouse, MODEL, packs.toArray(new Path[0]));
    TestWarehouse.ingest(spark, warehouse, DECODE_ONLY, TestPacks.small("gpt-oss-20b-3"));
    TestWarehouse.ingest(spark, warehouse, PREFILL_ONLY, TestPacks.small("deepseek-v2-lite-3"));
    requests = new ArrayList<>();
    for (Path pack : packs) {
      requests.addAll(TestPacks.read(pack, MODEL));
    }
    summary = run(MODEL, null, null);
  }

  @Test
  void aDomainNamedAsTheTotalKeepsItsOwnRows(@TempDir Path folder) throws Exception {
    List<RequestTrace> named = new ArrayList<>();
    for (RequestTrace request : requests.subList(0, 6)) {
      named.add(labelled(request, List.of("all", "\"all\"", "math").get(named.size() % 3)));
    }
    Path pack = folder.resolve("named.safetensors.zst");
    SextantPackWriter.writeZstd(pack, MODEL, named);
    TestWarehouse.ingest(spark, folder, MODEL, pack);
    TraceWindow window = new TraceWindow(folder.toString(), MODEL.name(), null, null);
    new AnalyzeJob(spark, MODEL, window, "run", new Progress()).run();
    assertThat(
            SparkTables.read(spark, folder.toString(), UsageTables.IMBALANCE)
                .orElseThrow()
                .where("phase = 'all' and layer = 1 and ep_size = 128")
                .selectExpr("concat(domain, ' ', tokens)")
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactlyInAnyOrder(
            "all " + tokens(named, ""),
            "\"all\" " + tokens(named, "all"),
            "\"\"all\"\" " + tokens(named, "\"all\""),
            "math " + tokens(named, "math"));
  }

  private static RequestTrace labelled(RequestTrace of, String domain) {
    return new RequestTrace(
        of.requestId(),
        of.arrivalMillis(),
        domain,
        of.sourceRank(),
        of.prefillTokens(),
        of.decodeTokens(),
        of.unphasedTokens(),
        of.topK(),
        of.layers(),
        of.experts(),
        of.promptTokenIds(),
        of.origin());
  }

  private static int tokens(List<RequestTrace> of, String domain) {
    return of.stream()
        .filter(request -> domain.isEmpty() || request.domain().equals(domain))
        .mapToInt(RequestTrace::tokens)
        .sum();
  }

  private static String run(ModelSpec model, String from, String to) throws IOException {
    TraceWindow window = new TraceWindow(warehouse.toString(), model.name(), from, to);
    return new AnalyzeJob(spark, model, window, "run", new Progress()).run().text();
  }

  private static <R extends Record> List<R> rows(TableDefinition<R> table, String condition) {
    return rows(table, MODEL, condition);
  }

  private static <R extends Record> List<R> rows(
      TableDefinition<R> table, ModelSpec model, String condition) {
    return TypedRows.of(table.row())
        .collect(
            SparkTables.read(spark, warehouse.toString(), table)
                .orElseThrow()
                .where("model = '%s'".formatted(model.name()))
                .where(condition));
  }

  private static boolean counts(RequestTrace request, int token, String phase) {
    return phase.equals("all") || phase.equals("prefill") == (token < request.prefillTokens());
  }

  private static long[] load(int layer, String phase, List<RequestTrace> of) {
    int index = MODEL.moeLayers().indexOf(layer);
    long[] load = new long[MODEL.experts()];
    for (RequestTrace request : of) {
      for (int i = 0; i < request.experts()[index].length; i++) {
        if (counts(request, i / MODEL.topK(), phase)) {
          load[request.experts()[index][i]]++;
        }
      }
    }
    return load;
  }

  private static String day(RequestTrace request) {
    return Instant.ofEpochMilli(request.arrivalMillis()).toString().substring(0, 10);
  }

  private static int hour(RequestTrace request) {
    return Instant.ofEpochMilli(request.arrivalMillis()).atZone(ZoneOffset.UTC).getHour();
  }

  private static List<RequestTrace> of(String domain) {
    return requests.stream().filter(request -> request.domain().equals(domain)).toList();
  }

  private static double pearson(long[] x, long[] y) {
    double n = x.length;
    double sx = 0;
    double sy = 0;
    double sxx = 0;
    double syy = 0;
    double sxy = 0;
    for (int i = 0; i < x.length; i++) {
      sx += x[i];
      sy += y[i];
      sxx += (double) x[i] * x[i];
      syy += (double) y[i] * y[i];
      sxy += (double) x[i] * y[i];
    }
    return (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
  }

  @Test
  void expertLoadCountsEveryTokenOnceByHourAndDomain() {
    Map<String, long[]> expected = new TreeMap<>();
    for (RequestTrace request : requests) {
      for (int l = 0; l < request.layers().length; l++) {
        String[] cells = {cell(request, l, "prefill"), cell(request, l, "decode")};
        for (int i = 0; i < request.experts()[l].length; i++) {
          String cell = cells[i / MODEL.topK() < request.prefillTokens() ? 0 : 1];
          expected
              .computeIfAbsent(cell, absent -> new long[MODEL.experts()])[
              request.experts()[l][i]]++;
        }
      }
    }
    Map<String, long[]> found = new TreeMap<>();
    for (ExpertLoadRow row : rows(UsageTables.EXPERT_LOAD, "true")) {
      String cell =
          String.join(
              " ",
              row.day(),
              Integer.toString(row.hour()),
              row.domain(),
              Integer.toString(row.layer()),
              row.phase());
      found.computeIfAbsent(cell, absent -> new long[MODEL.experts()])[row.expert()] +=
          row.tokens();
    }
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((cell, load) -> assertThat(found.get(cell)).as(cell).isEqualTo(load));
  }

  private static String cell(RequestTrace request, int l, String phase) {
    return String.join(
        " ",
        day(request),
        Integer.toString(hour(request)),
        request.domain(),
        Integer.toString(request.layers()[l]),
        phase);
  }

  @Test
  void imbalanceOfTheWindowIsThatOfItsTokens() {
    List<ImbalanceRow> window = rows(UsageTables.IMBALANCE, "domain = 'all'");
    for (String phase : List.of("prefill", "decode", "all")) {
      for (int layer : MODEL.moeLayers()) {
        long[] load = load(layer, phase, requests);
        List<ImbalanceRow> found =
            window.stream()
                .filter(row -> row.layer() == layer)
                .filter(row -> row.phase().equals(phase))
                .toList();
        assertThat(found).extracting(row -> row.epSize()).hasSize(6);
        for (ImbalanceRow row : found) {
          int groups = row.epSize();
          long[] sums = new long[groups];
          for (int e = 0; e < load.length; e++) {
            sums[e * groups / load.length] += load[e];
          }
          double mean = (double) LayerLoads.sum(sums) / groups;
          long max = Arrays.stream(sums).max().orElseThrow();
          assertThat(row.maxOverMean()).isCloseTo(max / mean, within(EXACT));
          assertThat(row.tokens()).isEqualTo(LayerLoads.sum(load) / MODEL.topK());
        }
      }
    }
    // Rows of single days are in a table of their own, so that no query adds them up.
    assertThat(window).allMatch(row -> !row.fromDay().equals(row.toDay()));
    assertThat(rows(UsageTables.DAILY_IMBALANCE, "phase = 'all' and ep_size = 128"))
        .hasSize(3 * MODEL.moeLayers().size());
    assertThat(rows(UsageTables.IMBALANCE, "domain = 'math' and phase = 'decode' and ep_size = 32"))
        .hasSize(MODEL.moeLayers().size());
  }

  @Test
  void prefillDecodeIsTheMeanOverRequests() {
    double sumOfAll = 0;
    long pairs = 0;
    for (int layer : MODEL.moeLayers()) {
      double sum = 0;
      double squares = 0;
      long n = 0;
      for (RequestTrace request : requests) {
        long[] prefill = load(layer, "prefill", List.of(request));
        long[] decode = load(layer, "decode", List.of(request));
        double r = pearson(prefill, decode);
        if (!Double.isNaN(r)) {
          sum += r;
          squares += r * r;
          n++;
        }
      }
      PrefillDecodeRow row = prefillDecode(layer, "request", "all");
      double mean = sum / n;
      double margin = 1.96 * Math.sqrt((squares / n - mean * mean) / n);
      assertThat(row.n()).isEqualTo(n);
      assertThat(row.pearson()).isCloseTo(mean, within(1e-8));
      assertThat(row.pearsonLow()).isCloseTo(mean - margin, within(1e-4));
      assertThat(row.pearsonHigh()).isCloseTo(mean + margin, within(1e-4));
      assertThat(row.spearman()).isBetween(0.1, mean);
      sumOfAll += sum;
      pairs += n;
    }
    PrefillDecodeRow all = prefillDecode(PrefillDecodeRows.ALL_LAYERS, "request", "all");
    assertThat(all.n()).isEqualTo(pairs);
    assertThat(all.pearson()).isCloseTo(sumOfAll / pairs, within(1e-8));
    assertThat(all.note()).isNull();
    assertThat(prefillDecode(PrefillDecodeRows.ALL_LAYERS, "source", "day05").n())
        .isLessThan(pairs);
  }

  @Test
  void prefillDecodeOfDomainsAndBatches() {
    PrefillDecodeRow math = prefillDecode(5, "domain", "math");
    double r = pearson(load(5, "prefill", of("math")), load(5, "decode", of("math")));
    assertThat(math.pearson()).isCloseTo(r, within(1e-8));
    double z = Math.log((1 + r) / (1 - r)) / 2 - 1.96 / Math.sqrt(125);
    assertThat(math.pearsonLow()).isCloseTo(Math.tanh(z), within(1e-4));

    Map<String, List<RequestTrace>> byHour = new TreeMap<>();
    for (RequestTrace request : requests) {
      byHour
          .computeIfAbsent(day(request) + " " + hour(request), absent -> new ArrayList<>())
          .add(request);
    }
    double mean =
        byHour.values().stream()
            .mapToDouble(batch -> pearson(load(5, "prefill", batch), load(5, "decode", batch)))
            .filter(value -> !Double.isNaN(value))
            .average()
            .orElseThrow();
    assertThat(prefillDecode(5, "batch", "all").pearson()).isCloseTo(mean, within(1e-8));
  }

  private static PrefillDecodeRow prefillDecode(int layer, String scope, String name) {
    List<PrefillDecodeRow> found =
        rows(
            UsageTables.PREFILL_DECODE,
            "layer = %d and scope = '%s' and name = '%s'".formatted(layer, scope, name));
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void coactivationCountsPairsOfATokensExperts() {
    for (String phase : List.of("prefill", "decode", "all")) {
      long[][] together = new long[MODEL.experts()][MODEL.experts()];
      long tokens = 0;
      for (RequestTrace request : requests) {
        short[] ids = request.experts()[2];
        for (int t = 0; t < request.tokens(); t++) {
          if (!counts(request, t, phase)) {
            continue;
          }
          tokens++;
          for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 8; j++) {
              together[ids[t * 8 + i]][ids[t * 8 + j]]++;
            }
          }
        }
      }
      long pairs = 0;
      for (int a = 0; a < together.length; a++) {
        for (int b = a + 1; b < together.length; b++) {
          pairs += together[a][b] > 0 ? 1 : 0;
        }
      }
      List<CoactivationRow> found =
          rows(UsageTables.COACTIVATION, "layer = 5 and phase = '%s'".formatted(phase));
      assertThat(found).hasSize((int) pairs);
      for (CoactivationRow row : found) {
        int a = row.a();
        int b = row.b();
        assertThat(row.count()).isEqualTo(together[a][b]);
        double lift = together[a][b] * (double) tokens / together[a][a] / together[b][b];
        assertThat(row.lift()).isCloseTo(lift, within(EXACT * lift));
      }
    }
  }

  @Test
  void domainsAndDaysAreComparedInPairs() {
    long domains = requests.stream().map(RequestTrace::domain).distinct().count();
    List<DomainSimilarityRow> pairs =
        rows(UsageTables.DOMAIN_SIMILARITY, "layer = 7 and phase = 'all'");
    assertThat(pairs).hasSize((int) (domains * (domains - 1) / 2));
    DomainSimilarityRow row =
        pairs.stream()
            .filter(pair -> pair.domainA().equals("code-java"))
            .filter(pair -> pair.domainB().equals("math"))
            .findFirst()
            .orElseThrow();
    long[] java = load(7, "all", of("code-java"));
    long[] math = load(7, "all", of("math"));
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int e = 0; e < java.length; e++) {
      product += (double) java[e] * math[e];
      squaresA += (double) java[e] * java[e];
      squaresB += (double) math[e] * math[e];
    }
    assertThat(row.cosine())
        .isCloseTo(product / Math.sqrt(squaresA) / Math.sqrt(squaresB), within(EXACT));
    assertThat(rows(UsageTables.DRIFT, "layer = 7 and phase = 'decode'"))
        .extracting(drift -> drift.dayA() + " " + drift.dayB())
        .containsExactlyInAnyOrder(
            "2026-09-10 2026-09-11", "2026-09-10 2026-09-14", "2026-09-11 2026-09-14");
    assertThat(rows(UsageTables.DRIFT, "day <> day_b")).isEmpty();
  }

  @Test
  void saysWhatIsNotAvailable() throws IOException {
    assertThat(summary).doesNotContain("not available");
    assertThat(run(DECODE_ONLY, null, null)).contains("not available: no prefill rows");
    assertThat(run(PREFILL_ONLY, null, null)).contains("not available: no decode rows");
    for (ModelSpec model : List.of(DECODE_ONLY, PREFILL_ONLY)) {
      List<PrefillDecodeRow> found = rows(UsageTables.PREFILL_DECODE, model, "true");
      assertThat(found).isNotEmpty();
      assertThat(found)
          .allSatisfy(
              row -> {
                assertThat(row.pearson()).isNull();
                assertThat(row.spearmanLow()).isNull();
                assertThat(row.n()).isZero();
                assertThat(row.note()).startsWith("not available: no ");
              });
    }
  }

  @Test
  void sameBytesHoweverTheWorkIsSplit() throws Exception {
    Map<String, String> first = digests();
    TraceWindow window = new TraceWindow(warehouse.toString(), MODEL.name(), null, null);
    new AnalyzeJob(spark, MODEL, window, "run", new Progress(), 300_000).run();
    assertThat(digests()).isEqualTo(first).hasSize(3 + 1 + 3 + 1 + 1 + 1 + 2);
  }

  /** SHA-256 of every data file of the model's tables, by its partition. */
  private static Map<String, String> digests() throws Exception {
    Map<String, String> digests = new TreeMap<>();
    for (TableDefinition<?> table :
        List.of(
            UsageTables.EXPERT_LOAD,
            UsageTables.IMBALANCE,
            UsageTables.DAILY_IMBALANCE,
            UsageTables.PREFILL_DECODE,
            UsageTables.DOMAIN_SIMILARITY,
            UsageTables.COACTIVATION,
            UsageTables.DRIFT)) {
      Path folder = warehouse.resolve(table.name()).resolve("model=" + MODEL.name());
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
          String before =
              digests.put(
                  warehouse.relativize(file.getParent()).toString(),
                  HexFormat.of().formatHex(digest));
          assertThat(before).as("one file a partition").isNull();
        }
      }
    }
    return digests;
  }

  @Test
  void refusesAWindowWithoutTraces() {
    assertThatThrownBy(() -> run(MODEL, "2030-01-01", null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "traces of sextant-128x8 from 2030-01-01 to the last: the warehouse has none. Check"
                + " --model, --from and --to, or ingest more traces");
  }
}
