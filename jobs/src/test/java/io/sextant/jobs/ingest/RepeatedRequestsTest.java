package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.sextant.jobs.Restarted;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.format.FormatChoice;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request counts once, whatever files it is in; a prompt that is sent again counts again. */
class RepeatedRequestsTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  @TempDir private Path folder;
  private List<RequestTrace> requests;

  @BeforeEach
  void read() throws Exception {
    requests =
        TestPacks.read(TestPacks.samples().resolve("day08.safetensors.zst"), MODEL).subList(0, 20);
  }

  @Test
  void aFileIsKnownInAnyCompression() throws Exception {
    byte[] plain = TestPacks.plain("day01-12");
    Path inputs = Files.createDirectory(folder.resolve("in"));
    Files.write(inputs.resolve("a.safetensors"), plain);
    Files.write(inputs.resolve("b.safetensors.zst"), Zstd.compress(plain, 19));
    try (OutputStream gzip =
        new GZIPOutputStream(Files.newOutputStream(inputs.resolve("c.safetensors.gz")))) {
      gzip.write(plain);
    }
    IngestSummary summary = ingest(inputs);
    assertThat(summary.requests()).isEqualTo(12);
    assertThat(summary.knownFiles()).isEqualTo(2);
    assertThat(ingest(TestPacks.small("day01-12")).knownFiles()).isEqualTo(1);
  }

  @Test
  void requestsOfOtherFilesCountOnce() throws Exception {
    Path first = pack("first", requests.subList(0, 12));
    Path overlapping = pack("overlapping", requests.subList(8, 20));
    IngestSummary together = ingest(first, overlapping);
    assertThat(together.requests()).isEqualTo(20);
    assertThat(together.repeatedRequests()).isEqualTo(4);
    assertThat(together.text()).contains("4 requests are in another file too, or twice in theirs");
    assertThat(together.json().get("repeated_requests").asInt()).isEqualTo(4);
    // A later run: all of them, and one of the same day that is new.
    List<RequestTrace> later = new ArrayList<>(requests);
    later.add(Restarted.with(requests.get(0), 999));
    IngestSummary again = ingest(pack("later", later));
    assertThat(again.requests()).isEqualTo(1);
    assertThat(again.repeatedRequests()).isEqualTo(20);
    IngestSummary nothingNew = ingest(pack("nothing-new", requests.subList(3, 9)));
    assertThat(nothingNew.requests()).isZero();
    assertThat(nothingNew.ingestedFiles()).isZero();
    assertThat(nothingNew.text()).contains("6 requests are in another", "1 files have no others");
    assertThat(stored()).isEqualTo(21);
  }

  /** Concatenated logs have lines twice. */
  @Test
  void aRequestCountsOnceInItsFile() throws Exception {
    List<RequestTrace> twice = new ArrayList<>(requests);
    twice.addAll(requests.subList(5, 10));
    IngestSummary summary = ingest(pack("twice", twice));
    assertThat(summary.requests()).isEqualTo(20);
    assertThat(summary.repeatedRequests()).isEqualTo(5);
  }

  /** The same prompt and the same routing, but another id, time or both: it was sent again. */
  @Test
  void aPromptThatIsSentAgainCountsAgain() throws Exception {
    RequestTrace prompt = requests.get(0);
    List<RequestTrace> traffic =
        List.of(
            prompt,
            Restarted.with(prompt, prompt.requestId() + 1),
            Restarted.with(prompt, prompt.requestId(), prompt.arrivalMillis() + 1));
    assertThat(ingest(pack("again", traffic)).requests()).isEqualTo(3);
  }

  /** Ids that begin anew in each file are of different requests. */
  @Test
  void restartingIdsAreDifferentRequests() throws Exception {
    List<RequestTrace> first = new ArrayList<>();
    List<RequestTrace> second = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      first.add(Restarted.with(requests.get(i), i, 1_789_344_000_000L));
      second.add(Restarted.with(requests.get(10 + i), i, 1_789_344_000_000L));
    }
    IngestSummary summary = ingest(pack("hour0", first), pack("hour1", second));
    assertThat(summary.requests()).isEqualTo(20);
    assertThat(summary.repeatedRequests()).isZero();
  }

  /** The name of a file with one request is the request's id, so equal content is no copy. */
  @Test
  void aFileNamedAfterItsRequestIsKnownByItsNameToo() throws Exception {
    Path array = TestPacks.resource("formats/vllm/request-1000010.npz");
    Path inputs = Files.createDirectory(folder.resolve("arrays"));
    for (String name : List.of("chatcmpl-aa", "chatcmpl-bb")) {
      Path file = Files.copy(array, inputs.resolve(name + ".npz"));
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_789_344_000_000L));
    }
    assertThat(ingest(inputs).requests()).isEqualTo(2);
    // A copy of one of them that was made later.
    Path copies = Files.createDirectory(folder.resolve("copies"));
    Files.copy(array, copies.resolve("chatcmpl-aa.npz"));
    IngestSummary copied = ingest(copies);
    assertThat(copied.requests()).isZero();
    assertThat(copied.knownFiles()).isEqualTo(1);
    assertThat(
            SparkTables.read(
                    TestSpark.session(),
                    folder.resolve("warehouse").toString(),
                    TraceTables.REQUESTS)
                .orElseThrow()
                .select("request_name")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("chatcmpl-aa", "chatcmpl-bb");
  }

  private long stored() {
    return SparkTables.read(
            TestSpark.session(), folder.resolve("warehouse").toString(), TraceTables.TRACES)
        .orElseThrow()
        .where("layer = 1")
        .count();
  }

  private Path pack(String name, List<RequestTrace> of) throws IOException {
    Path pack = folder.resolve(name + ".safetensors.zst");
    SextantPackWriter.writeZstd(pack, MODEL, of);
    return pack;
  }

  private IngestSummary ingest(Path... inputs) throws IOException {
    List<String> paths = List.of(inputs).stream().map(Path::toString).toList();
    String run = "run" + System.nanoTime();
    return new IngestJob(
            TestSpark.session(), MODEL, folder.resolve("warehouse").toString(), run, new Progress())
        .run(paths, FormatChoice.DETECTED);
  }
}
