package io.sextant.jobs.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.cli.StoppedException;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.table.UsageTables;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nights whose days are missing, late, empty or without decode rows. Some of them share a warehouse
 * and run before the tests.
 */
class RefreshDaysTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  /** Requests of each day of most nights; enough micro-batches of 64 tokens for a verdict. */
  private static final int REQUESTS = 60;

  @TempDir private static Path folder;

  private record Night(CommandRun run, JsonNode decision) {

    static Night of(CommandRun run) throws IOException {
      return new Night(run, RefreshDaysTest.decision("gap"));
    }

    void publishedAfterScoring(String day) {
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(decision.path("scored_day").textValue()).isEqualTo(day);
    }
  }

  private static Night gap;
  private static Night late;
  private static Night whole;
  private static Night quiet;

  @BeforeAll
  static void nightsOfOneWarehouse() throws Exception {
    for (int day = 4; day <= 8; day++) {
      TestPacks.cut(folder, "day%02d".formatted(day), REQUESTS);
    }
    gap = Night.of(refresh("gap", "2026-09-14", sample(4), sample(5), sample(7)));
    byte[] day = Files.readAllBytes(sample(8));
    Path dumps = Files.createDirectory(folder.resolve("dumps"));
    Path growing = dumps.resolve("day08.safetensors.zst");
    Files.write(growing, Arrays.copyOf(day, day.length / 2));
    late = Night.of(refresh("gap", "2026-09-15", sample(5), sample(6), dumps));
    Files.write(growing, day);
    whole = Night.of(refresh("gap", "2026-09-15", dumps));
    Path empty = Files.createDirectories(folder.resolve("empty/2026-09-15"));
    quiet = Night.of(refresh("gap", "2026-09-16", empty));
  }

  @Test
  void aDayBetweenMayBeMissing() {
    gap.publishedAfterScoring("2026-09-13");
    assertThat(gap.decision().path("plan_from").textValue()).isEqualTo("2026-09-06");
  }

  @Test
  void theDecisionNamesItsServingProfile() {
    assertThat(gap.decision().path("serving").textValue()).isEqualTo("sglang");
    assertThat(gap.decision().path("copy_rule").textValue()).isEqualTo("nearest");
    assertThat(gap.run().out()).contains(" Serving profile: sglang.\nin force  ");
  }

  @Test
  void aLateDayAndAFileThatStillGrowsAreReadWhenTheyAreWhole() {
    late.publishedAfterScoring("2026-09-13");
    assertThat(late.run().out())
        .contains("1 files ingested: 60 requests")
        .containsPattern("day08.safetensors.zst: .*truncated: expected \\d+ bytes, found \\d+");
    whole.publishedAfterScoring("2026-09-14");
    assertThat(whole.run().out()).contains("1 files ingested: 60 requests");
    assertThat(perDay("gap", TraceTables.TRACES, "layer = 1", "count(*)"))
        .containsExactly(
            "2026-09-10 60", "2026-09-11 60", "2026-09-12 60", "2026-09-13 60", "2026-09-14 60");
    // Tokens x top-8 x 6 layers of each file.
    assertThat(perDay("gap", UsageTables.EXPERT_LOAD, "true", "sum(tokens)"))
        .containsExactly(
            "2026-09-10 136320",
            "2026-09-11 126720",
            "2026-09-12 113088",
            "2026-09-13 114624",
            "2026-09-14 129744");
  }

  @Test
  void aNightWithoutTrafficGoesOnWithWhatThereIs() {
    quiet.publishedAfterScoring("2026-09-14");
    assertThat(quiet.run().out())
        .contains(
            "there are no files in " + folder.resolve("empty/2026-09-15") + ": no new traffic")
        .contains("0 files ingested");
  }

  @Test
  void aFolderThatIsNotThereIsAMistake() {
    Path missing = folder.resolve("2026-09-16");
    CommandRun night = refresh("mistake", "2026-09-17", missing);
    assertThat(night.exitCode()).isEqualTo(2);
    assertThat(night.lastError())
        .isEqualTo("sextant: " + missing + ": there is no such file or folder. Check the path");
  }

  @Test
  void anEmptyFolderAndNoWarehouseAreInsufficientEvidence() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("nothing"));
    CommandRun night = refresh("new", "2026-09-16", empty);
    assertThat(night.exitCode()).isEqualTo(StoppedException.INSUFFICIENT_EVIDENCE);
    assertThat(night.out()).contains("the warehouse has traces of no day.");
  }

  /** All requests of the new file were quarantined, so the night is not a quiet one. */
  @Test
  void newFilesWithoutASoundRequestAreWrongInput() throws Exception {
    Path file = folder.resolve("unsound.safetensors");
    Files.write(file, TestPacks.withNoSoundRequest(TestPacks.plain("day01-12"), 12));
    CommandRun night = refresh("unsound", "2026-09-16", file);
    assertThat(night.exitCode()).isEqualTo(2);
    assertThat(night.err())
        .contains("sextant: " + file + ": none of the files could be used; the decision is made on")
        .doesNotContain("\tat ");
    assertThat(Files.readString(folder.resolve("unsound/published/sextant-128x8/refresh.prom")))
        .contains(
            "sextant_refresh_exit_code{model=\"sextant-128x8\"} 2",
            "sextant_refresh_quarantined_files{model=\"sextant-128x8\"} 1",
            "sextant_refresh_quarantined_requests{model=\"sextant-128x8\"} 12");

    CommandRun ingest =
        CommandRun.of(
            "ingest",
            "--input",
            file.toString(),
            "--model",
            MODEL.name(),
            "--warehouse",
            folder.resolve("unsound-too").toString());
    assertThat(ingest.exitCode()).isEqualTo(2);
    assertThat(ingest.lastError()).contains(file + ": none of the files could be used. See the");
  }

  @Test
  void aWindowThatHasNoDayNamesTheDaysThereAre() {
    CommandRun night = refresh("far", "2026-09-15", sample(4), sample(8), "--window", "2");
    assertThat(night.exitCode()).isEqualTo(StoppedException.INSUFFICIENT_EVIDENCE);
    assertThat(night.out())
        .contains(
            "A complete day before 2026-09-15 to score on and a day of the 2 before that to plan on"
                + " are needed; the warehouse has traces of 2, 2026-09-10 to 2026-09-14.");
  }

  @Test
  void aDayWithTooFewTokensIsScoredButNotDecided() throws Exception {
    CommandRun night =
        refresh("small", "2026-09-15", sample(7), sample(8), "--micro-batch", "1024");
    assertThat(night.exitCode()).isEqualTo(StoppedException.INSUFFICIENT_EVIDENCE);
    assertThat(night.out())
        .containsPattern("linear +[0-9.]+ ")
        .containsPattern("decision  insufficient evidence: 2026-09-14 has [0-9,]+ tokens per layer")
        .doesNotContain("sextant  ");
  }

  @Test
  void aDayOfPrefillAloneIsScored() throws Exception {
    List<RequestTrace> prompts =
        TestPacks.read(TestPacks.samples().resolve("day08.safetensors.zst"), MODEL).stream()
            .filter(request -> request.prefillTokens() > 0)
            .map(RefreshDaysTest::prefill)
            .toList();
    Path pack = folder.resolve("prefill.safetensors");
    try (OutputStream out = Files.newOutputStream(pack)) {
      SextantPackWriter.write(out, MODEL, prompts);
    }
    CommandRun night = refresh("prefill", "2026-09-15", sample(7), pack);
    assertThat(night.exitCode()).as(night.err()).isZero();
    // Counted by independent code on the rows of complete micro-batches.
    JsonNode linear = decision("prefill").path("maps").path("current");
    assertThat(linear.path("remote_nodes_per_token").doubleValue())
        .isCloseTo(2.7214222494553377, within(1e-9));

    String warehouse = folder.resolve("prefill").toString();
    CommandRun analysis =
        CommandRun.of(
            "analyze", "--warehouse", warehouse, "--model", MODEL.name(), "--from", "2026-09-14");
    assertThat(analysis.exitCode()).isZero();
    assertThat(analysis.out())
        .contains("prefill/decode: not available: no decode rows")
        .doesNotContain("NaN");

    List<String> solve =
        List.of(
            "solve --cluster 4x8-h200 --slots 128 --seconds 0.1 --pool decode --from 2026-09-14"
                .split(" "));
    List<String> arguments = new ArrayList<>(solve);
    arguments.addAll(List.of("--warehouse", warehouse, "--model", MODEL.name()));
    arguments.addAll(List.of("--out", folder.resolve("plan").toString()));
    CommandRun decode = CommandRun.of(arguments.toArray(new String[0]));
    assertThat(decode.exitCode()).isEqualTo(2);
    assertThat(decode.lastError())
        .isEqualTo(
            "sextant: traces of sextant-128x8 from 2026-09-14 to the last: they have no decode rows."
                + " Leave out --pool decode, or ingest traces that have such rows");
    assertThat(folder.resolve("plan")).doesNotExist();
  }

  private static RequestTrace prefill(RequestTrace request) {
    short[][] experts =
        Arrays.stream(request.experts())
            .map(ids -> Arrays.copyOf(ids, request.prefillTokens() * request.topK()))
            .toArray(short[][]::new);
    return new RequestTrace(
        request.requestId(),
        request.arrivalMillis(),
        request.domain(),
        request.sourceRank(),
        request.prefillTokens(),
        0,
        0,
        request.topK(),
        request.layers(),
        experts);
  }

  private static Path sample(int day) {
    return folder.resolve("day%02d.safetensors.zst".formatted(day));
  }

  private static JsonNode decision(String warehouse) throws IOException {
    return JSON.readTree(
        folder.resolve(warehouse).resolve("published/sextant-128x8/decision.json").toFile());
  }

  private static List<String> perDay(
      String warehouse, TableDefinition<?> table, String where, String figure) {
    return SparkTables.read(TestSpark.session(), folder.resolve(warehouse).toString(), table)
        .orElseThrow()
        .where(where)
        .groupBy("day")
        .agg(org.apache.spark.sql.functions.expr(figure).as("figure"))
        .selectExpr("concat(day, ' ', figure) as row")
        .as(Encoders.STRING())
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }

  /**
   * @param inputsThenOptions paths, then options as text
   */
  private static CommandRun refresh(String warehouse, String asOf, Object... inputsThenOptions) {
    List<String> arguments =
        new ArrayList<>(
            List.of("refresh", "--warehouse", folder.resolve(warehouse).toString(), "--model"));
    arguments.addAll(List.of(MODEL.name(), "--cluster", "4x8-h200", "--slots", "128"));
    arguments.addAll(List.of("--seconds", "0.02", "--as-of", asOf));
    if (!List.of(inputsThenOptions).contains("--micro-batch")) {
      arguments.addAll(List.of("--micro-batch", "64"));
    }
    arguments.add("--input");
    Arrays.stream(inputsThenOptions).map(Object::toString).forEach(arguments::add);
    return CommandRun.of(arguments.toArray(new String[0]));
  }
}
