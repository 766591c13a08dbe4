package io.sextant.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.Sextant;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.report.figures.Figures;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlanId;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.RequestTrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a warehouse that the real commands made from two sample days. */
class ReportJobTest {
  private static final String MODEL = "sextant-128x8";
  private static final String NO_PREFILL = "gpt-oss-20b";
  private static final List<String> DAYS = List.of("day04", "day05");
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"report-data\">(.*?)</script>");

  /** Markup that would make a browser fetch something. */
  private static final Pattern LOADS =
      Pattern.compile(
          "(?i)(?:\\b(?:src|srcset|href|action|poster|data)\\s*=\\s*[\"']?\\s*(?:https?:)?//"
              + "|url\\(\\s*[\"']?(?:https?:)?//|@import|<link\\b|<iframe\\b)");

  @TempDir private static Path folder;
  private static Path warehouse;
  private static SparkSession spark;

  @BeforeAll
  static void makeWarehouse() {
    warehouse = folder.resolve("warehouse");
    String[] common = {"--warehouse", warehouse.toString(), "--model", MODEL};
    run(common, "ingest", "--input", pack("day04").toString(), pack("day05").toString());
    run(common, "analyze");
    solve(common, "128", "plan");
    solve(common, "160", "wide");
    String[] otherModel = {"--warehouse", warehouse.toString(), "--model", NO_PREFILL};
    run(otherModel, "ingest", "--input", TestPacks.small("gpt-oss-20b-3").toString());
    run(otherModel, "analyze");
    spark = TestSpark.session();
  }

  private static void solve(String[] common, String slots, String out) {
    run(
        common,
        "solve",
        "--cluster",
        "4x8-h200",
        "--slots",
        slots,
        "--to",
        "2026-09-10",
        "--score-from",
        "2026-09-11",
        "--seconds",
        "0.02",
        "--out",
        folder.resolve(out).toString());
  }

  /** Both plans were scored on the same day, the wide one last. */
  @Test
  void showsTheFiguresOfItsPlanAfterALaterSolve() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    for (String plan : List.of("plan", "wide")) {
      Path html = folder.resolve(plan + ".html");
      job(warehouse, Optional.of(folder.resolve(plan))).write(html);
      JsonNode data = data(html);
      JsonNode written = mapper.readTree(folder.resolve(plan + "/metrics.json").toFile()).get(2);
      int slots = plan.equals("plan") ? 128 : 160;
      JsonNode identity = data.at("/traffic/value/identity");
      assertThat(identity.at("/planId")).isEqualTo(written.get("plan_id"));
      assertThat(identity.at("/planId")).isEqualTo(data.at("/placement/value/planId"));
      assertThat(identity.at("/slots").asInt()).isEqualTo(slots);
      assertThat(identity.at("/cluster").asText()).isEqualTo("4x8-h200");
      assertThat(identity.at("/plannedTo").asText()).isEqualTo("2026-09-10");
      assertThat(data.at("/traffic/value/plans/2/all/remoteNodesPerToken").asDouble())
          .isEqualTo(Figures.rounded(written.get("remote_nodes_per_token").asDouble()));
      assertThat(data.at("/map/value/experts/0/0")).hasSize(slots / 32);
    }
  }

  /** An engine's file names no plan, but its map is that of one. */
  @Test
  void findsThePlanOfAnEnginesMap() throws Exception {
    Path engine = folder.resolve("location.json");
    CommandRun.done(
        "export",
        "--placement",
        folder.resolve("plan").toString(),
        "--cluster",
        "4x8-h200",
        "--engine",
        "sglang",
        "--out",
        engine.toString());
    Path html = folder.resolve("engine.html");
    job(warehouse, Optional.of(engine)).write(html);
    assertThat(data(html).at("/traffic/value/identity/slots").asInt()).isEqualTo(128);
  }

  @Test
  void saysThatNoRunScoredTheMap() throws Exception {
    Path map = folder.resolve("reversed.json");
    PlacementMap linear = PlacementMap.linear(ModelSpecs.load(MODEL));
    linear.physicalToLogical()[0][0] = 1;
    linear.physicalToLogical()[0][1] = 0;
    PlacementMaps.write(map, linear);
    Path html = folder.resolve("unknown.html");
    assertThat(job(warehouse, Optional.of(map)).write(html))
        .isEqualTo(
            "The warehouse has no scores of reversed.json (plan %s); solve and refresh write them when they make the plan."
                .formatted(PlanId.mapPart(linear)));
    JsonNode data = data(html);
    for (String section : List.of("traffic", "links", "moves", "decision", "map")) {
      assertThat(data.at("/" + section + "/note").asText())
          .as(section)
          .startsWith("the warehouse has no scores of reversed.json");
    }
    assertThat(data.at("/load/value/prefill")).hasSize(6);
  }

  @Test
  void holdsItsDataAndLoadsNothing() throws Exception {
    Path html = folder.resolve("new/folder/report.html");
    String headline = job(warehouse, Optional.of(folder.resolve("plan"))).write(html);
    String page = Files.readString(html);
    assertThat(Files.size(html)).isLessThan(3_000_000);
    assertThat(page).startsWith("<!doctype html>").contains("<h1>" + headline + "</h1>");
    assertThat(LOADS.matcher(page).results().map(found -> context(page, found.start()))).isEmpty();
    assertThat(headline).contains("remote nodes instead of", ", under the serving profile sglang.");

    JsonNode data = data(html);
    ModelSpec model = ModelSpecs.load(MODEL);
    assertThat(data.at("/layers")).hasSize(6);
    assertThat(data.at("/window/value/from").asText()).isEqualTo("2026-09-10");
    assertThat(data.at("/window/value/to").asText()).isEqualTo("2026-09-11");
    assertThat(data.at("/traces/value/requests").asLong()).isEqualTo(600);
    assertThat(data.at("/placement/value/slots").asInt()).isEqualTo(128);
    assertThat(data.at("/placement/value/replicated").asInt()).isZero();
    assertThat(data.at("/placement/value/serving").asText()).isEqualTo("sglang");
    assertThat(data.at("/traffic/value/serving").asText()).isEqualTo("sglang");
    assertThat(data.at("/traffic/value/identity/packaging").asText()).isEqualTo("bf16");
    assertThat(data.at("/traffic/value/identity/gpus").asText()).isEqualTo("4 x 8 H200");
    assertThat(data.at("/traffic/value/plans").findValuesAsText("name"))
        .containsExactly("linear", "greedy", "sextant");
    assertThat(data.at("/traffic/value/plans/2/byLayer")).hasSize(6);
    assertThat(data.at("/imbalance/value/decode")).hasSize(6).noneMatch(JsonNode::isNull);
    assertThat(data.at("/correlation/value/overall/value").asDouble()).isBetween(0.3, 0.9);
    assertThat(data.at("/correlation/value/byDomain")).hasSize(11);
    assertThat(data.at("/domains/value/names")).hasSize(11);
    assertThat(data.at("/drift/value/days").toString())
        .isEqualTo("[\"2026-09-10\",\"2026-09-11\"]");
    assertThat(data.at("/drift/value/totalVariation/0/1").asDouble()).isBetween(0.0, 0.5);

    assertThat(data.at("/traffic/value/before").asText()).isEqualTo("linear");
    assertThat(data.at("/links/value").findValuesAsText("plan"))
        .containsExactly("linear", "greedy", "sextant");
    assertThat(data.at("/moves/note").asText()).startsWith("no map was in force");
    assertThat(data.at("/decision/note").asText())
        .isEqualTo(
            "the warehouse has no table decisions; refresh, solve --current or compare --current"
                + " writes it");
    assertThat(data.at("/load/value/byDomain")).hasSize(11);
    assertThat(data.at("/load/value/byDomain/0/percent")).hasSize(6);
    assertThat(data.at("/why").isNull()).isTrue();

    long[][][] counted = countTokens(model);
    ObjectMapper mapper = new ObjectMapper();
    assertThat(mapper.convertValue(data.at("/load/value/prefill"), long[][].class))
        .isDeepEqualTo(counted[0]);
    assertThat(mapper.convertValue(data.at("/load/value/decode"), long[][].class))
        .isDeepEqualTo(counted[1]);
    JsonNode imbalance = data.at("/imbalance/value/prefill");
    for (int l = 0; l < 6; l++) {
      assertThat(imbalance.get(l).asDouble())
          .isEqualTo(Figures.rounded(maxOverMean(counted[0][l])));
    }
  }

  @Test
  void isTheSameForTheSameWarehouse() throws Exception {
    Path first = folder.resolve("first.html");
    Path second = folder.resolve("second.html");
    job(warehouse, Optional.empty()).write(first);
    job(warehouse, Optional.empty()).write(second);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void saysNotAvailableWhereATableIsMissing() throws Exception {
    Path bare = folder.resolve("bare");
    copy(warehouse.resolve("files"), bare.resolve("files"));
    copy(warehouse.resolve("expert_load"), bare.resolve("expert_load"));
    Path html = folder.resolve("bare.html");
    assertThat(job(bare, Optional.empty()).write(html))
        .isEqualTo(
            "No placement of sextant-128x8 has been scored yet; the report shows how its"
                + " traffic loads the experts.");
    JsonNode data = data(html);
    assertThat(data.at("/load/value/prefill")).hasSize(6);
    for (String section :
        List.of(
            "imbalance",
            "correlation",
            "domains",
            "drift",
            "traffic",
            "links",
            "moves",
            "prices",
            "decision")) {
      assertThat(data.at("/" + section + "/value").isNull()).as(section).isTrue();
      assertThat(data.at("/" + section + "/note").asText())
          .as(section)
          .startsWith("the warehouse has no table ");
    }
    assertThat(data.at("/drift/note").asText())
        .isEqualTo("the warehouse has no table drift; analyze writes it");
  }

  @Test
  void saysNotAvailableWhereTheTracesHaveNoPrefill() throws Exception {
    Path html = folder.resolve("decode-only.html");
    new ReportJob(spark, warehouse.toString(), ModelSpecs.load(NO_PREFILL), Optional.empty())
        .write(html);
    JsonNode data = data(html);
    assertThat(data.at("/traces/value/requests").asLong()).isEqualTo(3);
    assertThat(data.at("/load/value/prefill").isNull()).isTrue();
    assertThat(data.at("/load/value/decode")).hasSize(24);
    assertThat(data.at("/imbalance/value/prefill")).allMatch(JsonNode::isNull);
    assertThat(data.at("/imbalance/value/decode")).noneMatch(JsonNode::isNull);
    assertThat(data.at("/correlation/value").isNull()).isTrue();
    assertThat(data.at("/correlation/note").asText()).isEqualTo("no prefill rows");
    assertThat(data.at("/drift/note").asText()).isEqualTo("the traces cover a single day");
  }

  @Test
  void theFooterSaysWhichFilesDescribedModelAndCluster() throws IOException {
    Path html = folder.resolve("footer.html");
    job(warehouse, Optional.empty()).write(html);
    assertThat(Files.readString(html))
        .containsPattern(
            "<footer><p class=\"meta\">Descriptions used by solve, run [0-9TZ]+: model"
                + " sextant-128x8: [^<]*models/sextant-128x8.yaml[^<]*; cluster 4x8-h200:"
                + " [^<]*4x8-h200.yaml");
  }

  @Test
  void namesWhatIsWrong() {
    Path html = folder.resolve("never.html");
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> job(nowhere, Optional.empty()).write(html))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            nowhere
                + ": there is no such warehouse. Give --warehouse the folder that ingest wrote, or"
                + " run ingest first");
    ReportJob other =
        new ReportJob(
            spark, warehouse.toString(), ModelSpecs.load("deepseek-v2-lite"), Optional.empty());
    assertThatThrownBy(() -> other.write(html))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            warehouse
                + ": no table has a row of model deepseek-v2-lite. Run ingest and analyze with"
                + " --model deepseek-v2-lite first");
    assertThatThrownBy(() -> job(warehouse, Optional.of(nowhere)).write(html))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(nowhere.toString());
    assertThat(html).doesNotExist();
  }

  private static ReportJob job(Path warehouse, Optional<Path> placement) {
    return new ReportJob(spark, warehouse.toString(), ModelSpecs.load(MODEL), placement);
  }

  private static void run(String[] common, String... command) {
    String[] arguments =
        Stream.concat(Stream.of(command), Stream.of(common)).toArray(String[]::new);
    assertThat(Sextant.run(arguments)).as(String.join(" ", arguments)).isZero();
  }

  private static Path pack(String day) {
    return TestPacks.samples().resolve(day + ".safetensors.zst");
  }

  private static JsonNode data(Path html) throws IOException {
    Matcher data = DATA.matcher(Files.readString(html));
    assertThat(data.find()).isTrue();
    return new ObjectMapper().readTree(data.group(1));
  }

  /** Tokens per [phase][layer][expert], counted from the packs themselves. */
  private static long[][][] countTokens(ModelSpec model) throws Exception {
    long[][][] tokens = new long[2][model.moeLayers().size()][model.experts()];
    for (String day : DAYS) {
      for (RequestTrace request : TestPacks.read(pack(day), model)) {
        for (int l = 0; l < request.layers().length; l++) {
          short[] ids = request.experts()[l];
          for (int i = 0; i < ids.length; i++) {
            tokens[i < request.prefillTokens() * request.topK() ? 0 : 1][l][ids[i]]++;
          }
        }
      }
    }
    return tokens;
  }

  private static double maxOverMean(long[] tokens) {
    long sum = 0;
    long max = 0;
    for (long one : tokens) {
      sum += one;
      max = Math.max(max, one);
    }
    return (double) max * tokens.length / sum;
  }

  private static String context(String page, int at) {
    return page.substring(Math.max(0, at - 60), Math.min(page.length(), at + 60));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(
          file -> {
            try {
              Path target = to.resolve(from.relativize(file).toString());
              Files.createDirectories(target.getParent());
              Files.copy(file, target);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
