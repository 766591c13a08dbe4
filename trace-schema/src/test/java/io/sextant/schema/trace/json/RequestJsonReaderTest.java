package io.sextant.schema.trace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.format.TraceFormats;
import io.sextant.schema.trace.pack.SextantPackReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RequestJsonReaderTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private static final String DOCS = "sextant/128x8/docs/1000010.json";
  private static final String JAVA = "sextant/128x8/code-java/1000054.json";

  private final RequestJsonReader reader = new RequestJsonReader();

  @Test
  void equalsThePackOfTheSameRequests() throws Exception {
    List<RequestTrace> pack =
        Requests.of(
                new SextantPackReader(),
                Requests.file("pack", PackBytes.of("long-a-2").bytes()),
                MODEL)
            .accepted;
    RequestTrace docs = single(DOCS, bytes(DOCS));
    RequestTrace java = single("/any/" + JAVA + ".gz", PackBytes.gzip(bytes(JAVA)));
    assertThat(List.of(docs, java))
        .usingRecursiveComparison()
        .ignoringFields("arrivalMillis", "sourceRank")
        .isEqualTo(pack);
    assertThat(docs.arrivalMillis()).isEqualTo(Requests.MODIFIED_MILLIS);
    assertThat(docs.sourceRank()).isZero();
    assertThat(single(DOCS + ".zst", PackBytes.zstd(bytes(DOCS))))
        .usingRecursiveComparison()
        .isEqualTo(docs);
  }

  @Test
  void hashesNamesThatAreNoNumbers() throws Exception {
    long id = single("o/m/docs/what.json", bytes(DOCS)).requestId();
    assertThat(id).isPositive();
    assertThat(single("/elsewhere/docs/what.json.gz", bytes(DOCS)).requestId()).isEqualTo(id);
    assertThat(single("o/m/general/what.json", bytes(DOCS)).requestId()).isNotEqualTo(id);
  }

  @Test
  void denseLayersMayBeNull() throws Exception {
    String text = text(DOCS).replace("{\"1\":", "{\"0\": null, \"1\":");
    assertThat(single(DOCS, text.getBytes(StandardCharsets.UTF_8)))
        .usingRecursiveComparison()
        .isEqualTo(single(DOCS, bytes(DOCS)));
  }

  @Test
  void badIdsRejectTheRequest() throws Exception {
    String text = text(DOCS);
    String first = text.substring(text.indexOf("[[") + 2, text.indexOf(']'));
    String[] ids = first.split(", ", -1);
    assertThat(rejected(text.replaceFirst("\\[\\[" + ids[0] + ",", "[[128,")))
        .isEqualTo("0: layer 1, token 0: expert 128 is not below num_experts 128");
    assertThat(rejected(text.replaceFirst("\\[\\[" + ids[0] + ",", "[[-1,")))
        .isEqualTo("0: layer 1, token 0: expert -1 is not below num_experts 128");
    assertThat(rejected(text.replaceFirst("\\[\\[" + ids[0] + ",", "[[" + ids[1] + ",")))
        .isEqualTo("0: layer 1, token 0: expert %s occurs twice in its top-8".formatted(ids[1]));
    assertThat(rejected("[]")).isEqualTo("0: the request has no rows");
    assertThat(rejected("[{}]")).isEqualTo("0: the request has no rows");
  }

  @Test
  void brokenFilesAreNotTrusted() throws Exception {
    String text = text(DOCS);
    int half = text.length() / 2;
    assertThat(corrupt(text.substring(0, half)))
        .isEqualTo(
            "truncated: the file ends after %d bytes inside its list of steps".formatted(half));
    byte[] gzip = PackBytes.gzip(bytes(DOCS));
    assertThat(corrupt(Arrays.copyOf(gzip, gzip.length / 2)))
        .matches("truncated: after \\d+ bytes the gzip stream ends early");
    assertThat(corrupt(text + " []"))
        .isEqualTo("trailing bytes: the file continues after its list of steps");
    assertThat(corrupt("{\"1\": [[1]]}")).isEqualTo("the file is not a list of steps");
    assertThat(corrupt("[[1, 2]]")).isEqualTo("step 0 is not a mapping of layers");
    assertThat(corrupt("[{\"1\": 7}]")).isEqualTo("step 0, layer 1 is not a list of tokens");
    assertThat(corrupt("[{\"1\": [7]}]"))
        .isEqualTo("step 0, layer 1: a token is not a list of expert ids");
    assertThat(corrupt("[{\"1\": [[0.5]]}]"))
        .isEqualTo("step 0, layer 1: an expert id is not a whole number");
    assertThat(corrupt("[{\"2\": [[1]]}]"))
        .isEqualTo("step 0 has layer 2, which is not a MoE layer of sextant-128x8");
    assertThat(corrupt("[{\"1\": [[1, 2]]}]"))
        .isEqualTo("step 0, layer 1: a token has 2 experts, but top_k of sextant-128x8 is 8");
    assertThat(corrupt("[{\"1\": [[1, 2, 3, 4, 5, 6, 7, 8, 9]]}]"))
        .isEqualTo(
            "step 0, layer 1: a token has more than 8 experts, but top_k of sextant-128x8 is 8");
    assertThat(corrupt("[{\"1\": [[1, 2, 3, 4, 5, 6, 7, 8]]}]"))
        .isEqualTo("step 0 has 1 tokens in layer 1 but 0 in layer 3");
    assertThat(corrupt("[{}, {}]")).isEqualTo("decode step 1 has 0 tokens, expected 1");
    assertThat(corrupt(text.replaceFirst("\"3\"", "\"1\"")))
        .matches("not JSON at line 1, column \\d+: Duplicate field '1'");
  }

  @Test
  void recognisesRequestsByContent() throws Exception {
    TraceFile file = Requests.file("any.name", PackBytes.zstd(bytes(DOCS)));
    assertThat(TraceFormats.detect(file).format()).isEqualTo("request-json");
    CorruptTraceException e =
        catchThrowableOfType(
            CorruptTraceException.class,
            () ->
                TraceFormats.detect(
                    Requests.file("a.zip", "PK\3\4 etc".getBytes(StandardCharsets.ISO_8859_1))));
    assertThat(e)
        .hasMessage(
            "wrong magic: it begins with bytes 50 4b 03 04 20 65 74 63, which no known format (%s)"
                    .formatted(
                        TraceFormats.all().stream()
                            .map(TraceReader::format)
                            .collect(Collectors.joining(", ")))
                + " does");
  }

  private RequestTrace single(String path, byte[] stored) throws Exception {
    Requests requests = Requests.of(reader, Requests.file(path, stored), MODEL);
    assertThat(requests.rejected).isEmpty();
    assertThat(requests.accepted).hasSize(1);
    return requests.accepted.get(0);
  }

  private String rejected(String json) throws Exception {
    TraceFile file = Requests.file(DOCS, json.getBytes(StandardCharsets.UTF_8));
    Requests requests = Requests.of(reader, file, MODEL);
    assertThat(requests.accepted).isEmpty();
    assertThat(requests.rejected).hasSize(1);
    reader.verify(file, MODEL);
    return requests.rejected.get(0);
  }

  private String corrupt(String json) {
    return corrupt(json.getBytes(StandardCharsets.UTF_8));
  }

  private String corrupt(byte[] stored) {
    TraceFile file = Requests.file(DOCS, stored);
    CorruptTraceException verifying =
        catchThrowableOfType(CorruptTraceException.class, () -> reader.verify(file, MODEL));
    CorruptTraceException reading =
        catchThrowableOfType(
            CorruptTraceException.class, () -> reader.read(file, MODEL, new Requests()));
    assertThat(verifying).hasMessage(reading.getMessage());
    return reading.getMessage();
  }

  private static String text(String path) throws IOException {
    return new String(bytes(path), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String path) throws IOException {
    try (InputStream in =
        RequestJsonReaderTest.class.getResourceAsStream("/orders-in-chaos/" + path)) {
      return in.readAllBytes();
    }
  }
}
