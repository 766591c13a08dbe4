package io.sextant.jobs.ingest;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.table.TypedRows;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.table.TraceTables.QuarantineRow;
import io.sextant.schema.table.TraceTables.TraceRow;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestJobTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private static final String SMALL = "day01-12";
  @TempDir private Path folder;

  @Test
  void keepsEveryIdOfEveryRequest() throws Exception {
    IngestSummary summary = ingest("1", MODEL, TestPacks.samples().toString());
    List<String> expected = new ArrayList<>();
    try (Stream<Path> packs = Files.list(TestPacks.samples())) {
      for (Path pack : packs.filter(p -> p.toString().endsWith(".zst")).toList()) {
        for (RequestTrace request : TestPacks.read(pack, MODEL)) {
          for (int l = 0; l < request.layers().length; l++) {
            expected.add(row(request, l));
          }
        }
      }
    }
    assertThat(summary.requests()).isEqualTo(1_500);
    assertThat(expected).hasSize(1_500 * 6);
    List<String> found = new ArrayList<>();
    for (TraceRow row : TypedRows.of(TraceRow.class).collect(table(TraceTables.TRACES))) {
      found.add(row(row));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(summary.expertIds())
        .isEqualTo(
            table(TraceTables.TRACES)
                .selectExpr("sum(size(experts))")
                .as(Encoders.LONG())
                .first()
                .longValue());
    assertThat(days()).hasSize(5);
  }

  private static String row(RequestTrace request, int l) {
    return "%d %d %s %d %d %d %d %d %d %d"
        .formatted(
            request.requestId(),
            request.arrivalMillis(),
            request.domain(),
            request.sourceRank(),
            request.layers()[l],
            request.prefillTokens(),
            request.decodeTokens(),
            request.unphasedTokens(),
            request.topK(),
            Arrays.hashCode(request.experts()[l]));
  }

  private static String row(TraceRow row) {
    return "%d %d %s %d %d %d %d %d %d %d"
        .formatted(
            row.requestId(),
            row.arrivalMs(),
            row.domain(),
            row.sourceRank(),
            row.layer(),
            row.prefillTokens(),
            row.decodeTokens(),
            row.unphasedTokens(),
            row.topK(),
            Arrays.hashCode(row.experts()));
  }

  @Test
  void knowsAFileByItsContent() throws Exception {
    Path first = Files.copy(TestPacks.small(SMALL), folder.resolve("a.safetensors.zst"));
    Files.copy(first, folder.resolve("b.safetensors.zst"));
    IngestSummary once = ingest("1", MODEL, folder.toString());
    assertThat(once.ingestedFiles()).isEqualTo(1);
    assertThat(once.knownFiles()).isEqualTo(1);
    Path renamed = Files.move(first, folder.resolve("c.safetensors.zst"));
    IngestSummary again = ingest("2", MODEL, renamed.toString());
    assertThat(again.results()).isEmpty();
    assertThat(again.knownFiles()).isEqualTo(1);
    assertThat(table(TraceTables.TRACES).count()).isEqualTo(12 * 6);
    assertThat(table(TraceTables.FILES).count()).isEqualTo(1);
  }

  /** Such a file is as useless as a damaged one, and no quiet night. */
  @Test
  void aFileWithoutASoundRequestCountsAsQuarantined() throws Exception {
    Path file = folder.resolve("unsound.safetensors");
    Files.write(file, TestPacks.withNoSoundRequest(TestPacks.plain(SMALL), 12));
    IngestSummary summary = ingest("1", MODEL, file.toString());
    assertThat(summary.ingestedFiles()).isZero();
    assertThat(summary.quarantinedFiles()).isEqualTo(1);
    assertThat(summary.quarantinedRequests()).isEqualTo(12);
    assertThat(summary.nothingUsable()).isTrue();
    assertThat(table(TraceTables.FILES).where("status = 'quarantined'").count()).isEqualTo(1);
    assertThat(table(TraceTables.QUARANTINE).count()).isEqualTo(12);
  }

  @Test
  void quarantinesWhatIsBrokenAndKeepsTheRest() throws Exception {
    byte[] sound = TestPacks.plain(SMALL);
    Path inputs = Files.createDirectory(folder.resolve("in"));
    Files.write(inputs.resolve("sound.safetensors"), sound);
    // The other files have the same requests at other times, or they would count once.
    Files.write(inputs.resolve("truncated.safetensors"), Arrays.copyOf(sound, sound.length - 7));
    byte[] stored = Files.readAllBytes(TestPacks.small("long-a-2"));
    Files.write(
        inputs.resolve("truncated.safetensors.zst"), Arrays.copyOf(stored, stored.length / 2));
    Files.writeString(inputs.resolve("notes.txt"), "These are not traces.\n");
    byte[] magic = sound.clone();
    magic[8] = 'X';
    Files.write(inputs.resolve("magic.safetensors"), magic);
    Files.write(
        inputs.resolve("backwards.safetensors"), TestPacks.with(sound, "token_offset", 2, 3));
    // Token 1 of request 0; its second layer.
    int id = (6 + 1) * 8;
    Files.write(
        inputs.resolve("range.safetensors"),
        TestPacks.with(later(sound, 1), "topk_ids", id + 2, 128));
    long twice = TestPacks.element(sound, "topk_ids", id);
    Files.write(
        inputs.resolve("twice.safetensors"),
        TestPacks.with(later(sound, 2), "topk_ids", id + 5, twice));
    long begin = TestPacks.element(sound, "token_offset", 4);
    byte[] empty = TestPacks.with(later(sound, 3), "token_offset", 5, begin);
    Files.write(inputs.resolve("empty.safetensors"), empty);

    IngestSummary summary = ingest("1", MODEL, inputs.toString());

    List<String> reasons = new ArrayList<>();
    for (QuarantineRow row :
        TypedRows.of(QuarantineRow.class)
            .collect(table(TraceTables.QUARANTINE).orderBy("path", "row"))) {
      String path = row.path();
      Long request = row.row();
      String reason = row.reason();
      reasons.add(
          "%s %s %s"
              .formatted(
                  path.substring(path.lastIndexOf('/') + 1),
                  Objects.toString(request, "-"),
                  reason));
    }
    long offset1 = TestPacks.element(sound, "token_offset", 1);
    assertThat(reasons)
        .anyMatch(line -> line.startsWith("notes.txt - wrong magic: "))
        .anyMatch(line -> line.startsWith("magic.safetensors - wrong magic: "))
        .anyMatch(
            line ->
                line.startsWith("truncated.safetensors.zst 0 truncated: expected ")
                    && line.endsWith(" (the zstd stream ends early)"))
        .contains(
            "backwards.safetensors 1 token_offset runs backwards: request row 1 begins at token"
                + " %d and ends at token 3".formatted(offset1),
            "range.safetensors 0 layer 3, token 1: expert 128 is not below num_experts 128",
            "twice.safetensors 0 layer 3, token 1: expert %d occurs twice in its top-8"
                .formatted(twice),
            "empty.safetensors 4 the request has no rows",
            "truncated.safetensors 11 truncated: expected %d bytes, found %d"
                .formatted(sound.length, sound.length - 7));
    assertThat(reasons).allMatch(line -> line.lines().count() == 1);
    assertThat(summary.quarantinedFiles()).isEqualTo(5);
    assertThat(summary.ingestedFiles()).isEqualTo(4);
    assertThat(summary.text()).contains("5 files and ").contains("range.safetensors: request 0: ");

    List<String> kept =
        table(TraceTables.TRACES)
            .selectExpr("concat(source, ' ', count(*) over (partition by source))")
            .distinct()
            .as(Encoders.STRING())
            .collectAsList();
    assertThat(kept).contains("sound 72", "range 66", "twice 66").hasSize(4);

    // A file repaired since is another file; the rest stays known.
    Files.write(inputs.resolve("magic.safetensors"), TestPacks.plain("long-a-2"));
    IngestSummary mended = ingest("2", MODEL, inputs.toString());
    assertThat(mended.ingestedFiles()).isEqualTo(1);
    assertThat(mended.knownFiles()).isEqualTo(8);
  }

  /** The pack with all arrivals later by some milliseconds. */
  private static byte[] later(byte[] pack, long millis) throws IOException {
    byte[] later = pack;
    for (int i = 0; i < 12; i++) {
      long arrival = TestPacks.element(pack, "arrival_ms", i);
      later = TestPacks.with(later, "arrival_ms", i, arrival + millis);
    }
    return later;
  }

  @Test
  void aFileThatChangedWhileItWasReadIsNotKnown() throws Exception {
    Path file = TestPacks.small(SMALL);
    NewFile identified =
        NewFiles.identify(file.toUri().toString(), TraceFiles.local(file), FormatChoice.DETECTED);
    IngestJob job =
        new IngestJob(TestSpark.session(), MODEL, warehouse().toString(), "1", new Progress());
    try (WarehouseTransaction transaction =
        WarehouseTransaction.begin(warehouse().toString(), "1")) {
      job.stage(transaction, List.of(FileResult.changed(identified)));
      transaction.commit(List.of());
    }
    assertThat(SparkTables.read(TestSpark.session(), warehouse().toString(), TraceTables.FILES))
        .isEmpty();
    assertThat(table(TraceTables.QUARANTINE).select("reason").as(Encoders.STRING()).collectAsList())
        .containsExactly("it changed while it was read; ingest it again when it is complete");
    // Refused although only its time may have changed and its content may be the identified one.
    assertThat(ingest("2", MODEL, file.toString()).ingestedFiles()).isEqualTo(1);
  }

  @Test
  void readsTheOtherModelsAndLayouts() throws Exception {
    ingest("1", ModelSpecs.load("gpt-oss-20b"), TestPacks.small("gpt-oss-20b-3").toString());
    ingest(
        "2", ModelSpecs.load("deepseek-v2-lite"), TestPacks.small("deepseek-v2-lite-3").toString());
    ingest("3", MODEL, TestPacks.resource("orders-in-chaos").toString());
    assertThat(
            table(TraceTables.TRACES)
                .groupBy("model")
                .agg(
                    expr("count(distinct layer) as layers"),
                    expr("sum(prefill_tokens) > 0 as prefill"),
                    expr("sum(decode_tokens) > 0 as decode"),
                    expr("min(size(experts) = top_k * (prefill_tokens + decode_tokens)) as whole"))
                .orderBy("model")
                .collectAsList())
        .extracting(Row::toString)
        .containsExactly(
            "[deepseek-v2-lite,26,true,false,true]",
            "[gpt-oss-20b,24,false,true,true]",
            "[sextant-128x8,6,true,true,true]");
  }

  @Test
  void finishesWhatACommittedRunLeftBehind() throws Exception {
    ingest("1", MODEL, TestPacks.small(SMALL).toString());
    ingest("2", MODEL, TestPacks.small("long-a-2").toString());
    // The state if run 2 had died between its first rename and its last.
    Path staging = Files.createDirectories(warehouse().resolve("_staging/2"));
    List<Path> files = parquetOfRun("2");
    Files.writeString(staging.resolve("OWNER"), "0 elsewhere");
    Files.writeString(
        staging.resolve("COMMIT"),
        String.join("\n", files.stream().map(f -> warehouse().relativize(f).toString()).toList()));
    Path last = files.get(files.size() - 1);
    Path staged = staging.resolve(warehouse().relativize(last));
    Files.createDirectories(staged.getParent());
    Files.move(last, staged);

    IngestSummary next = ingest("3", MODEL, TestPacks.small("long-a-2").toString());

    assertThat(next.knownFiles()).isEqualTo(1);
    assertThat(table(TraceTables.FILES).count()).isEqualTo(2);
    assertThat(table(TraceTables.TRACES).count()).isEqualTo((12 + 2) * 6);
    assertThat(warehouse().resolve("_staging")).isEmptyDirectory();
  }

  private List<Path> parquetOfRun(String run) throws Exception {
    List<Path> traces;
    try (Stream<Path> found = Files.walk(warehouse().resolve("traces"))) {
      traces =
          new ArrayList<>(
              found
                  .filter(f -> f.getFileName().toString().startsWith("part-" + run + "-"))
                  .sorted()
                  .toList());
    }
    for (Row row :
        TestSpark.session()
            .read()
            .parquet(warehouse().resolve("files").toString())
            .selectExpr("run_id", "input_file_name() as file")
            .collectAsList()) {
      if (row.getString(0).equals(run)) {
        traces.add(Path.of(URI.create(row.getString(1))));
      }
    }
    return traces;
  }

  @Test
  void removesWhatAnUncommittedRunLeftBehind() throws Exception {
    Path traces = warehouse().resolve("_staging/0/traces/model=sextant-128x8/day=2026-01-01");
    Files.createDirectories(traces);
    Files.writeString(traces.resolve("part-0.parquet"), "half a file");
    // Earlier versions named the process here, and a process of another host was never taken for
    // dead.
    Files.writeString(warehouse().resolve("_staging/0/OWNER"), "4711 another-host");
    ingest("1", MODEL, TestPacks.small(SMALL).toString());
    assertThat(table(TraceTables.TRACES).count()).isEqualTo(12 * 6);
    assertThat(warehouse().resolve("_staging")).isEmptyDirectory();
  }

  private IngestSummary ingest(String run, ModelSpec model, String input) throws Exception {
    return new IngestJob(TestSpark.session(), model, warehouse().toString(), run, new Progress())
        .run(List.of(input), FormatChoice.DETECTED);
  }

  private Path warehouse() {
    return folder.resolve("warehouse");
  }

  private Dataset<Row> table(TableDefinition<?> table) {
    return SparkTables.read(TestSpark.session(), warehouse().toString(), table).orElseThrow();
  }

  private List<String> days() {
    return table(TraceTables.TRACES).select("day").distinct().as(Encoders.STRING()).collectAsList();
  }
}
