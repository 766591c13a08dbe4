package io.sextant.schema.trace.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.format.TraceFormats;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SextantPackReaderTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private static final String DAY = "day01-12";
  private static final int ROW = 6 * 8;

  private final SextantPackReader reader = new SextantPackReader();

  @Test
  void readsPlainZstdAndGzipAlike() throws Exception {
    byte[] plain = PackBytes.of(DAY).bytes();
    List<RequestTrace> requests = read(plain).accepted;
    assertThat(requests).hasSize(12);
    RequestTrace first = requests.get(0);
    assertThat(first.requestId()).isZero();
    assertThat(first.domain()).isEqualTo("chat");
    assertThat(first.prefillTokens()).isEqualTo(19);
    assertThat(first.decodeTokens()).isEqualTo(5);
    assertThat(first.layers()).containsExactly(1, 3, 5, 7, 9, 11);
    assertThat(first.experts()[5]).hasSize(24 * 8);
    assertThat(read(PackBytes.zstd(plain)).accepted).usingRecursiveComparison().isEqualTo(requests);
    assertThat(read(PackBytes.gzip(plain)).accepted).usingRecursiveComparison().isEqualTo(requests);
  }

  @Test
  void readsOtherModelsWithoutPrefillOrDecodeRows() throws Exception {
    Requests decodeOnly =
        read(PackBytes.of("gpt-oss-20b-3").bytes(), ModelSpecs.load("gpt-oss-20b"));
    assertThat(decodeOnly.rejected).isEmpty();
    assertThat(decodeOnly.accepted).extracting(RequestTrace::prefillTokens).containsOnly(0);
    assertThat(decodeOnly.accepted.get(0).experts()).hasNumberOfRows(24);
    Requests prefillOnly =
        read(PackBytes.of("deepseek-v2-lite-3").bytes(), ModelSpecs.load("deepseek-v2-lite"));
    assertThat(prefillOnly.rejected).isEmpty();
    assertThat(prefillOnly.accepted).extracting(RequestTrace::decodeTokens).containsOnly(0);
    assertThat(prefillOnly.accepted.get(0).topK()).isEqualTo(6);
  }

  @Test
  void setsIdsAsideThatComeBeforeTheSmallTensors() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    byte[] reordered =
        pack.reordered(
            "domain",
            "topk_ids",
            "request_id",
            "arrival_ms",
            "token_offset",
            "prompt_len",
            "generated_len",
            "dp_rank");
    assertThat(read(reordered).accepted)
        .usingRecursiveComparison()
        .isEqualTo(read(pack.bytes()).accepted);
  }

  @Test
  void readsTokenIdsOfPromptsThatComeLast() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    int tokens = read(pack.bytes()).accepted.stream().mapToInt(RequestTrace::tokens).sum();
    long end = dataBytes(pack);
    byte[] with =
        pack.withHeader(
            json ->
                json.stripTrailing().replaceFirst("\\}$", "")
                    + ",\"token_ids\":{\"dtype\":\"U16\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}"
                        .formatted(tokens, end, end + 2L * tokens));
    byte[] longer = Arrays.copyOf(with, with.length + 2 * tokens);
    for (int i = 0; i < tokens; i++) {
      longer[with.length + 2 * i] = (byte) i;
      longer[with.length + 2 * i + 1] = (byte) (i >> 8);
    }
    List<RequestTrace> found = read(longer).accepted;
    assertThat(found)
        .usingRecursiveComparison()
        .ignoringFields("promptTokenIds")
        .isEqualTo(read(pack.bytes()).accepted);
    int first = 0;
    for (RequestTrace request : found) {
      assertThat(request.promptTokenIds())
          .isEqualTo(IntStream.range(first, first + request.prefillTokens()).toArray());
      first += request.tokens();
    }
  }

  @Test
  void refusesTokenIdsThatAreNotWholeNumbers() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    int tokens = read(pack.bytes()).accepted.stream().mapToInt(RequestTrace::tokens).sum();
    long end = dataBytes(pack);
    byte[] with =
        pack.withHeader(
            json ->
                json.stripTrailing().replaceFirst("\\}$", "")
                    + ",\"token_ids\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}"
                        .formatted(tokens, end, end + 4L * tokens));
    assertThat(catchThrowableOfType(CorruptTraceException.class, () -> read(with)))
        .hasMessageContaining("tensor token_ids is F32");
  }

  @Test
  void readsIdsOfTwoBytes() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    List<RequestTrace> requests = read(pack.bytes()).accepted;
    ModelSpec wide = wideModel();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SextantPackWriter.write(out, wide, requests);
    assertThat(read(out.toByteArray(), wide).accepted)
        .usingRecursiveComparison()
        .isEqualTo(requests);
    requests.get(3).experts()[2][17] = 300;
    requests.get(4).experts()[2][17] = 299;
    out.reset();
    SextantPackWriter.write(out, wide, requests);
    Requests found = read(out.toByteArray(), wide);
    assertThat(found.rejected)
        .containsExactly("3: layer 5, token 2: expert 300 is not below num_experts 300");
    assertThat(found.accepted.get(3).experts()[2][17]).isEqualTo((short) 299);
  }

  // Faults of the whole file.

  @Test
  void truncatedFileSaysHowMuchIsThereAndWhere() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    int whole = pack.bytes().length;
    CorruptTraceException e = corrupt(pack.cutTo(whole - 1_000));
    assertThat(e)
        .hasMessage("truncated: expected %d bytes, found %d".formatted(whole, whole - 1_000));
    // 1,000 bytes from the end is the 21st row from the end, inside the last request of 24 rows.
    assertThat(e.row()).isEqualTo(11);
    assertThat(corrupt(pack.cutTo(3))).hasMessage("truncated: expected 8 bytes, found 3");
    assertThat(corrupt(new byte[0])).hasMessage("truncated: expected 8 bytes, found 0");
    int header = whole - Math.toIntExact(dataBytes(pack));
    assertThat(corrupt(pack.cutTo(100)))
        .hasMessage("truncated: expected %d bytes, found 100".formatted(header));
    assertThat(corrupt(pack.cutTo(header + 50)))
        .hasMessage("truncated: expected %d bytes, found %d".formatted(whole, header + 50));
  }

  @Test
  void truncatedZstdAndGzipSayThatTheStreamBreaksOff() throws Exception {
    byte[] plain = PackBytes.of(DAY).bytes();
    byte[] zstd = PackBytes.zstd(plain);
    assertThat(corrupt(Arrays.copyOf(zstd, zstd.length / 2)).getMessage())
        .matches("truncated: expected \\d+ bytes, found \\d+ \\(the zstd stream ends early\\)");
    byte[] gzip = PackBytes.gzip(plain);
    assertThat(corrupt(Arrays.copyOf(gzip, gzip.length / 2)).getMessage())
        .matches("truncated: expected \\d+ bytes, found \\d+ \\(the gzip stream ends early\\)");
    assertThat(corrupt(Arrays.copyOf(gzip, 5)))
        .hasMessage("truncated: expected 8 bytes, found 0 (the gzip stream ends early)");
    assertThat(corrupt(Arrays.copyOf(gzip, gzip.length - 3)))
        .hasMessage("after %d bytes the gzip stream ends early".formatted(plain.length));
    assertThat(corrupt(Arrays.copyOf(zstd, zstd.length - 1)))
        .hasMessageEndingWith("the zstd stream ends early");
  }

  @Test
  void damagedZstdAndGzipAreNotTrusted() throws Exception {
    byte[] plain = PackBytes.of(DAY).bytes();
    byte[] zstd = PackBytes.zstd(plain);
    zstd[zstd.length - 2] ^= 1;
    assertThat(corrupt(zstd).getMessage())
        .contains("the zstd stream is damaged: ")
        .doesNotContain("\n");
    byte[] gzip = PackBytes.gzip(plain);
    gzip[gzip.length - 7] ^= 1;
    assertThat(corrupt(gzip).getMessage())
        .contains("the gzip stream is damaged: Corrupt GZIP trailer");
  }

  @Test
  void trailingBytesMakeAFileUntrusted() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    byte[] plain = pack.bytes();
    String expected =
        "trailing bytes: the header's 8 tensors end at byte %d, but the file goes on"
            .formatted(plain.length);
    byte[] longer = pack.cutTo(plain.length + 1);
    assertThat(corrupt(longer)).hasMessage(expected);
    assertThat(corrupt(PackBytes.zstd(longer))).hasMessage(expected);
    byte[] gzip = PackBytes.gzip(plain);
    assertThat(corrupt(Arrays.copyOf(gzip, gzip.length + 40)))
        .hasMessage(
            "after %d bytes the gzip stream is damaged: bytes follow its end that are not gzip"
                .formatted(plain.length));
    byte[] zstd = PackBytes.zstd(plain);
    assertThat(corrupt(Arrays.copyOf(zstd, zstd.length + 40)).getMessage())
        .startsWith("after %d bytes the zstd stream ".formatted(plain.length));
  }

  @Test
  void wrongMagicAndAbsurdHeaderLength() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    byte[] zip = pack.bytes();
    System.arraycopy("PK\3\4abcd".getBytes(StandardCharsets.ISO_8859_1), 0, zip, 0, 8);
    assertThat(corrupt(zip))
        .hasMessage(
            "wrong magic: not a safetensors file, its first 8 bytes give a header of"
                + " 7233733595305823056 bytes (at most 67108864 are possible)");
    byte[] negative = pack.bytes();
    ByteBuffer.wrap(negative).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1);
    assertThat(corrupt(negative))
        .hasMessage(
            "wrong magic: not a safetensors file, its first 8 bytes give a header of"
                + " 18446744073709551615 bytes (at most 67108864 are possible)");
    byte[] lying = pack.bytes();
    ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 64L << 20);
    assertThat(corrupt(lying))
        .hasMessage("truncated: expected 67108872 bytes, found %d".formatted(lying.length));
    byte[] notJson = pack.bytes();
    notJson[8] = 0x7F;
    assertThat(corrupt(notJson))
        .hasMessage(
            "wrong magic: not a safetensors file, its header begins with byte 0x7f and not with '{'");
  }

  @Test
  void headerThatIsNotJson() throws Exception {
    assertThat(corrupt(header(json -> json.replace("\"top_k\":", "\"top_k\""))).getMessage())
        .startsWith("the header is not JSON: ")
        .doesNotContain("\n");
    assertThat(corrupt(header(json -> json.replace("\"dp_rank\"", "\"domain\""))).getMessage())
        .startsWith("the header is not JSON: Duplicate field 'domain'");
  }

  @Test
  void missingTensorOrMetadata() throws Exception {
    assertThat(corrupt(header(json -> json.replace("\"prompt_len\"", "\"prompt\""))))
        .hasMessage("the tensor prompt_len is missing");
    assertThat(corrupt(header(json -> json.replace("\"topk_ids\"", "\"ids\""))))
        .hasMessage("the tensor topk_ids is missing");
    assertThat(corrupt(header(json -> json.replace("\"num_experts\"", "\"experts\""))))
        .hasMessage("the header's metadata has no 'num_experts'");
    assertThat(corrupt(header(json -> json.replace("__metadata__", "metadata"))))
        .hasMessage("tensor metadata has no dtype, shape or pair of data_offsets");
  }

  @Test
  void wrongTypeOrShape() throws Exception {
    assertThat(
            corrupt(
                header(
                    json ->
                        json.replace(
                            "\"dp_rank\":{\"dtype\":\"U8\"", "\"dp_rank\":{\"dtype\":\"I8\""))))
        .hasMessage("tensor dp_rank is I8 [12], expected U8 [12]");
    assertThat(
            corrupt(
                header(
                    json ->
                        json.replace(
                            "\"prompt_len\":{\"dtype\":\"I32\"",
                            "\"prompt_len\":{\"dtype\":\"I64\""))))
        .hasMessageMatching(
            "tensor prompt_len of I64 \\[12] takes 96 bytes, but its data_offsets \\[\\d+, \\d+] give it 48");
    assertThat(corrupt(header(json -> json.replace(",6,8]", ",8,6]"))).getMessage())
        .matches("tensor topk_ids is U8 \\[\\d+, 8, 6], expected U8 or U16 \\[\\d+, 6, 8]");
    assertThat(corrupt(header(json -> json.replaceFirst("\"U8\"", "\"U9\""))))
        .hasMessage("tensor domain has the unknown dtype 'U9'");
    assertThat(corrupt(header(json -> json.replace("[12]", "[4611686018427387904]"))).getMessage())
        .isEqualTo("tensor arrival_ms has the absurd shape [4611686018427387904]");
    assertThat(corrupt(header(json -> json.replace("\"shape\":[13]", "\"shape\":[-13]"))))
        .hasMessage("tensor token_offset: shape holds -13, not a whole number from 0 on");
  }

  @Test
  void metadataThatDisagreesWithTheModel() throws Exception {
    assertThat(
            corrupt(
                header(json -> json.replace("\"num_experts\":\"128\"", "\"num_experts\":\"64\""))))
        .hasMessage("metadata 'num_experts' is 64, but model sextant-128x8 has 128");
    assertThat(corrupt(header(json -> json.replace("\"top_k\":\"8\"", "\"top_k\":\"4\""))))
        .hasMessage("metadata 'top_k' is 4, but model sextant-128x8 has 8");
    assertThat(corrupt(header(json -> json.replace("[1,3,5,7,9,11]", "[0,3,5,7,9,11]"))))
        .hasMessage(
            "metadata 'moe_layers' is [0, 3, 5, 7, 9, 11], but model sextant-128x8 has"
                + " [1, 3, 5, 7, 9, 11]");
    assertThat(corrupt(header(json -> json.replace("[1,3,5,7,9,11]", "1 to 11"))))
        .hasMessage("metadata 'moe_layers' is not a JSON list: 1 to 11");
    CorruptTraceException e = corrupt(PackBytes.of("gpt-oss-20b-3").bytes(), MODEL);
    assertThat(e)
        .hasMessage("metadata 'model' is gpt-oss-20b, but model sextant-128x8 has sextant-128x8");
  }

  @Test
  void offsetsThatRunBackwardsOrMissTheEnd() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    CorruptTraceException backwards = corrupt(pack.with("token_offset", 4, 20));
    assertThat(backwards)
        .hasMessage(
            "token_offset runs backwards: request row 3 begins at token 89 and ends at token 20");
    assertThat(backwards.row()).isEqualTo(3);
    assertThat(corrupt(pack.with("token_offset", 0, 5)))
        .hasMessage("token_offset begins with 5 and not with 0");
    assertThat(corrupt(pack.with("token_offset", 12, 100_000)))
        .hasMessageMatching("token_offset ends at 100000, but topk_ids has \\d+ tokens");
  }

  @Test
  void overlappingTensors() throws Exception {
    assertThat(corrupt(header(json -> json.replace("[96,192]", "[90,186]"))))
        .hasMessage(
            "tensor request_id begins at byte 90, inside the tensor before it, which ends at 96");
    assertThat(corrupt(header(json -> json.replace("[96,192]", "[104,200]"))))
        .hasMessage("tensor request_id begins at byte 104, but the tensor before it ends at 96");
  }

  // Faults of one request: the other requests are kept.

  @Test
  void expertOutOfRange() throws Exception {
    // Request 3 begins at token 89; its token 2, layer 7 (the fourth), third expert.
    byte[] bytes = PackBytes.of(DAY).with("topk_ids", (89 + 2) * ROW + 3 * 8 + 2, 200);
    assertRejected(bytes, 3, "layer 7, token 2: expert 200 is not below num_experts 128");
  }

  @Test
  void duplicateExpert() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    RequestTrace request = read(pack.bytes()).accepted.get(3);
    int expert = request.experts()[0][5];
    byte[] bytes = pack.with("topk_ids", 89 * ROW + 6, expert);
    assertRejected(bytes, 3, "layer 1, token 0: expert " + expert + " occurs twice in its top-8");
  }

  @Test
  void requestWithoutRows() throws Exception {
    // Request 3's rows go to request 2, whose ids do not change.
    byte[] bytes = PackBytes.of(DAY).with("token_offset", 3, 108);
    assertRejected(bytes, 3, "the request has no rows");
  }

  @Test
  void fieldsThatMakeNoSense() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    assertRejected(pack.with("domain", 3, 7), 3, "domain index 7 is not below the 7 domains");
    assertRejected(pack.with("prompt_len", 3, -1), 3, "prompt_len is -1, below 0");
    assertRejected(
        pack.with("prompt_len", 3, 20), 3, "prompt_len is 20, but the request has 19 rows");
    assertRejected(pack.with("generated_len", 3, -2), 3, "generated_len is -2, below 0");
  }

  @Test
  void storageFailureIsNotTheFilesFault() {
    byte[] bytes = new byte[4];
    InputStream cable =
        new FilterInputStream(new ByteArrayInputStream(bytes)) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };
    TraceFile file =
        new TraceFile() {
          @Override
          public String path() {
            return "remote";
          }

          @Override
          public long length() {
            return bytes.length;
          }

          @Override
          public long modifiedMillis() {
            return 0;
          }

          @Override
          public InputStream open() {
            return cable;
          }
        };
    IOException e = catchThrowableOfType(IOException.class, () -> reader.verify(file, MODEL));
    assertThat(e).hasMessage("connection reset");
  }

  @Test
  void recognisesPacksByContent() throws Exception {
    PackBytes pack = PackBytes.of(DAY);
    TraceFile file = Requests.file("any.name", PackBytes.gzip(pack.bytes()));
    assertThat(TraceFormats.detect(file).format()).isEqualTo("pack");
    TraceFiles.Inspection inspection = TraceFiles.inspect(file);
    assertThat(TraceFormats.detect(file, inspection.head()).format()).isEqualTo("pack");
    assertThat(inspection.contentId()).matches("[0-9a-f]{64}");
  }

  private void assertRejected(byte[] bytes, int row, String reason) throws Exception {
    Requests found = read(bytes);
    assertThat(found.rejected).containsExactly(row + ": " + reason);
    assertThat(found.accepted)
        .hasSize(11)
        .extracting(RequestTrace::requestId)
        .doesNotContain((long) row);
    reader.verify(Requests.file("pack", bytes), MODEL);
  }

  private Requests read(byte[] stored) throws Exception {
    return read(stored, MODEL);
  }

  private Requests read(byte[] stored, ModelSpec model) throws Exception {
    return Requests.of(reader, Requests.file("pack", stored), model);
  }

  private CorruptTraceException corrupt(byte[] stored) {
    return corrupt(stored, MODEL);
  }

  /** The fault that read and verify both find. */
  private CorruptTraceException corrupt(byte[] stored, ModelSpec model) {
    TraceFile file = Requests.file("pack", stored);
    CorruptTraceException reading =
        catchThrowableOfType(
            CorruptTraceException.class, () -> reader.read(file, model, new Requests()));
    CorruptTraceException verifying =
        catchThrowableOfType(CorruptTraceException.class, () -> reader.verify(file, model));
    assertThat(verifying).hasMessage(reading.getMessage());
    assertThat(verifying.row()).isEqualTo(reading.row());
    return reading;
  }

  private static byte[] header(UnaryOperator<String> change) throws IOException {
    return PackBytes.of(DAY).withHeader(change);
  }

  private static long dataBytes(PackBytes pack) throws Exception {
    try (TraceStream stream = TraceStream.open(Requests.file("pack", pack.bytes()))) {
      return SafetensorsHeader.read(stream).dataBytes();
    }
  }

  private static ModelSpec wideModel() {
    return new ModelSpec(
        "wide",
        12,
        MODEL.moeLayers(),
        300,
        8,
        0,
        512,
        192,
        2048,
        MODEL.denseActivation(),
        MODEL.router(),
        null,
        16384,
        2048,
        0,
        null,
        null,
        MODEL.memory());
  }
}
