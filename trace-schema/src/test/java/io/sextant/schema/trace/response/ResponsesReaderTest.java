package io.sextant.schema.trace.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.Folder;
import io.sextant.schema.trace.NpyBytes;
import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceHints.ExpertIds;
import io.sextant.schema.trace.TraceHints.LayerNumbers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of servers, with request 42 of vLLM's recordings: 14 prompt rows and 2 others. */
class ResponsesReaderTest {
  private static final int ROW = 12 * 8;
  private static final int ROWS = 16;

  @TempDir private Path path;
  private Folder folder;
  private byte[] values;

  @BeforeEach
  void recordedArray() {
    values = NpyBytes.values(EngineDump.VLLM_MAIN_NPY.bytes());
    folder = new Folder(path);
  }

  /** The rows of request 42, as returned by vLLM. */
  private String npy(int from, int to) {
    return npy(Arrays.copyOfRange(values, from * ROW, to * ROW));
  }

  private static String npy(byte[] rows) {
    byte[] array = NpyBytes.of("|u1", rows.length / ROW + ", 12, 8", rows);
    return "\"" + Base64.getEncoder().encodeToString(array) + "\"";
  }

  private static String line(String id, String choices, String more) {
    return "{\"id\": \"%s\", \"choices\": [%s]%s}%n".formatted(id, choices, more);
  }

  private static String choice(String routes) {
    return "{\"index\": 0, \"message\": {\"id\": \"x\"}, \"routed_experts\": " + routes + "}";
  }

  private static String usage(int prompt, int generated) {
    return ", \"usage\": {\"prompt_tokens\": %d, \"completion_tokens\": %d}"
        .formatted(prompt, generated);
  }

  private Requests read(String log) throws Exception {
    return folder.with("log.jsonl", log).read("log.jsonl");
  }

  private static void assertRows(RequestTrace found, int from, int to) {
    RequestTrace whole = Folder.request42();
    for (int layer = 0; layer < 6; layer++) {
      assertThat(found.experts()[layer])
          .isEqualTo(Arrays.copyOfRange(whole.experts()[layer], from * 8, to * 8));
    }
  }

  @Test
  void vllmReturnsAnArrayInBase64() throws Exception {
    List<RequestTrace> found = EngineDump.RESPONSES_VLLM.requests();
    assertThat(found)
        .extracting(Folder::phases)
        .containsExactly(List.of(14, 3, 0), List.of(14, 2, 0), List.of(18, 2, 0));
    assertThat(found.get(0).requestId())
        .isEqualTo(FileNames.hash("chatcmpl-00000000000000000000000000000010"));
    assertThat(found.get(0).origin().name()).isEqualTo("chatcmpl-00000000000000000000000000000010");
    assertThat(found.get(1).arrivalMillis()).isEqualTo(1796008042000L);
    assertThat(EngineDump.VLLM_MAIN.requests().get(0).experts())
        .isDeepEqualTo(found.get(1).experts());
  }

  @Test
  void sglangReturnsIntegersWithoutShape() throws Exception {
    List<RequestTrace> found = EngineDump.RESPONSES_SGLANG.requests();
    for (int i = 0; i < 2; i++) {
      RequestTrace same = EngineDump.RESPONSES_VLLM.requests().get(i);
      assertThat(found.get(i).experts()).isDeepEqualTo(same.experts());
      assertThat(Folder.phases(found.get(i))).isEqualTo(Folder.phases(same));
      assertThat(found.get(i).arrivalMillis()).isEqualTo(Requests.MODIFIED_MILLIS);
    }
  }

  /** Digits after a zero are a text too: 0012 and 12 are two requests. */
  @Test
  void keepsIdsWhole() throws Exception {
    Requests read =
        read(
            Stream.of("12", "0012", "req-aa-12", "req-bb-12")
                .map(id -> "{\"id\": \"%s\", \"routed_experts\": %s}".formatted(id, npy(0, ROWS)))
                .collect(Collectors.joining("\n")));
    assertThat(read.accepted)
        .extracting(request -> request.origin().name())
        .containsExactly(null, "0012", "req-aa-12", "req-bb-12");
    assertThat(read.accepted).extracting(RequestTrace::requestId).doesNotHaveDuplicates();
    assertThat(read.accepted.get(0).requestId()).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "\"12026-09-14T00:00:00Z\"", "\"yesterday\"", "12345.5"})
  void saysThatATimeCannotBeRight(String time) throws Exception {
    Requests read =
        read(
            "{\"id\": \"a\", \"arrival_time\": %s, \"routed_experts\": %s}"
                .formatted(time, npy(0, ROWS)));
    assertThat(read.accepted).hasSize(1);
    assertThat(read.remarks)
        .anyMatch(
            remark ->
                remark.startsWith(
                    "1 request whose time is not between 2000 and 2100; the time of"));
  }

  @Test
  void dynamoSaysWhereItsRowsBegin() throws Exception {
    RequestTrace found = EngineDump.RESPONSES_DYNAMO.requests().get(0);
    assertThat(Folder.phases(found)).containsExactly(10, 2, 0);
    assertRows(found, 4, ROWS);
  }

  @Test
  void tensorRtReturnsListsOfTheMoeLayers() throws Exception {
    RequestTrace found = EngineDump.RESPONSES_TENSORRT_LLM.requests().get(0);
    assertThat(found.requestId()).isEqualTo(42);
    assertThat(Folder.phases(found)).containsExactly(14, 2, 0);
    assertRows(found, 0, ROWS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sglext", "sgl_ext", "meta_info", "nvext"})
  void routesAreFoundWhereEnginesPutThem(String holder) throws Exception {
    Requests read =
        read(
            "{\"rid\": \"a\", \"%s\": {\"routed_experts\": %s}%s}"
                .formatted(holder, npy(0, ROWS), usage(14, 3)));
    assertThat(Folder.phases(read.accepted.get(0))).containsExactly(14, 2, 0);
    assertThat(read.accepted.get(0).requestId()).isEqualTo(FileNames.hash("a"));
  }

  @Test
  void anOpenAiBatchAndALogOfBothSidesAreRead() throws Exception {
    String body = line("chatcmpl-1", choice(npy(0, ROWS)), usage(14, 3)).strip();
    Requests read =
        read(
            "{\"id\": \"b1\", \"custom_id\": \"c1\", \"response\": {\"body\": %s}}\n"
                    .formatted(body)
                + "{\"arrival_ms\": 1796008000123, \"domain\": \"law\", \"request\": {\"request_id\":"
                + " \"r7\", \"token_ids\": [1,2,3,4,5,6,7,8,9,10,11,12,13,14]}, \"response\": "
                + line("chatcmpl-2", choice(npy(0, ROWS)), "").strip()
                + "}");
    assertThat(read.accepted)
        .extracting(Folder::phases)
        .containsExactly(List.of(14, 2, 0), List.of(14, 2, 0));
    assertThat(read.accepted.get(0).requestId()).isEqualTo(FileNames.hash("b1"));
    RequestTrace second = read.accepted.get(1);
    assertThat(second.requestId()).isEqualTo(FileNames.hash("r7"));
    assertThat(second.arrivalMillis()).isEqualTo(1796008000123L);
    assertThat(second.domain()).isEqualTo("law");
    assertThat(second.promptTokenIds())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    assertThat(read.accepted.get(0).promptTokenIds()).isEmpty();
  }

  @Test
  void promptTokenIdsOfOneAnswerAreTheRequests() throws Exception {
    String ids = "\"prompt_token_ids\": [7, 9, 7]";
    String answer = "{\"index\": 0, %s, \"routed_experts\": %s}".formatted(ids, npy(0, ROWS));
    Requests one = read(line("a", answer, ""));
    assertThat(one.accepted.get(0).promptTokenIds()).containsExactly(7, 9, 7);
    Requests log =
        read(
            "{\"id\": \"b\", %s}%n".formatted(ids) + line("b", choice(npy(0, ROWS)), usage(3, 14)));
    assertThat(log.accepted.get(0).promptTokenIds()).containsExactly(7, 9, 7);
  }

  @Test
  void streamedEventsOfARequestGoTogether() throws Exception {
    String log =
        ": ping\n"
            + "data: {\"id\": \"s\", \"created\": 1796008000, \"choices\": [{\"delta\": {}}]}\n\n"
            + ("event: message\ndata: " + line("s", choice(npy(0, ROWS)), "") + "\n")
            + ("data:" + line("s", "", usage(14, 3)) + "\ndata: [DONE]\n\n");
    Requests read = read(log);
    assertThat(read.accepted).extracting(Folder::phases).containsExactly(List.of(14, 2, 0));
    assertThat(read.accepted.get(0).arrivalMillis()).isEqualTo(1796008000000L);
  }

  @Test
  void oneJsonOrAListOfResponsesIsReadToo() throws Exception {
    String one = line("a", choice(npy(0, ROWS)), usage(14, 3));
    String two = line("b", choice(npy(0, ROWS)), usage(14, 3));
    assertThat(read(one.replace(",", ",\n")).accepted).hasSize(1);
    assertThat(read("[" + one + ",\n" + two + "]").accepted).hasSize(2);
    assertThatThrownBy(() -> read("[" + one))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining("truncated");
  }

  @Test
  void aPrefixServedFromCacheIsMissingRows() throws Exception {
    Requests read =
        read(
            line("a", choice(npy(6, ROWS)), usage(14, 3))
                + line(
                    "b",
                    choice(npy(6, ROWS)),
                    ", \"routed_experts_prompt_start\": 6" + usage(14, 3)));
    for (RequestTrace found : read.accepted) {
      assertThat(Folder.phases(found)).containsExactly(8, 2, 0);
      assertRows(found, 6, ROWS);
    }
    assertThat(read.remarks)
        .singleElement()
        .asString()
        .startsWith("1 request with fewer rows than prompt + generated - 1");
  }

  /** As vLLM returned them in May 2026. */
  @Test
  void theRowsOfThePromptAndOfTheAnswerMayBeApart() throws Exception {
    String apart = "{\"prompt_routed_experts\": %s%s}";
    String answer = ", \"routed_experts\": " + npy(14, ROWS);
    Requests whole = read(line("a", apart.formatted(npy(0, 14), answer), usage(14, 3)));
    assertThat(Folder.phases(whole.accepted.get(0))).containsExactly(14, 2, 0);
    assertRows(whole.accepted.get(0), 0, ROWS);
    assertThat(whole.remarks).isEmpty();

    Requests prompt = read(line("a", apart.formatted(npy(0, 14), ""), usage(14, 1)));
    assertThat(Folder.phases(prompt.accepted.get(0))).containsExactly(14, 0, 0);
    assertRows(prompt.accepted.get(0), 0, 14);

    Requests cached = read(line("a", apart.formatted(npy(6, 14), answer), usage(14, 3)));
    assertThat(Folder.phases(cached.accepted.get(0))).containsExactly(8, 2, 0);
    assertRows(cached.accepted.get(0), 6, ROWS);
    assertThat(cached.remarks).singleElement().asString().startsWith("1 request with fewer rows");
    String start = ", \"routed_experts_prompt_start\": 6";
    assertThat(read(line("a", apart.formatted(npy(6, 14), answer), start + usage(14, 3))).remarks)
        .isEmpty();

    Requests wrong = read(line("a", apart.formatted(npy(0, 14), answer), usage(14, 9)));
    assertThat(wrong.accepted).hasSize(1);
  }

  @Test
  void anotherLineOfARequestFillsWhatIsMissing() throws Exception {
    String about =
        "{\"id\": \"a\", \"domain\": \"code\", \"dp_rank\": 5,"
            + " \"routed_experts_prompt_start\": 6, \"prompt_tokens\": 14,"
            + " \"completion_tokens\": 3}\n";
    String routes = line("a", choice(npy(6, ROWS)), "");
    for (String log : List.of(about + routes, routes + about)) {
      Requests read = read(log);
      RequestTrace found = read.accepted.get(0);
      assertThat(found.domain()).isEqualTo("code");
      assertThat(found.sourceRank()).isEqualTo(5);
      assertThat(Folder.phases(found)).containsExactly(8, 2, 0);
      assertThat(read.remarks).isEmpty();
    }
    // What the line with the routes says itself counts more.
    String own = line("a", choice(npy(0, ROWS)), ", \"dp_rank\": 2" + usage(14, 3));
    assertThat(read(about.replace("\"routed_experts_prompt_start\": 6,", "") + own).accepted)
        .singleElement()
        .extracting(RequestTrace::sourceRank)
        .isEqualTo(2);
    assertThat(read(line("a", choice(npy(0, ROWS)), ", \"dp_rank\": 40000")).accepted)
        .singleElement()
        .extracting(RequestTrace::sourceRank)
        .isEqualTo(0);
  }

  @Test
  void promptLengthsOfTheUserFillGaps() throws Exception {
    folder.with("log.jsonl", line("chatcmpl-7b", choice(npy(0, ROWS)), ""));
    for (String key : List.of("chatcmpl-7b", "7b")) {
      TraceHints hints = new TraceHints(null, Map.of(key, 14), LayerNumbers.AUTO, ExpertIds.AUTO);
      assertThat(Folder.phases(folder.read("log.jsonl", hints).accepted.get(0)))
          .containsExactly(14, 2, 0);
    }
    Requests none = folder.read("log.jsonl");
    assertThat(Folder.phases(none.accepted.get(0))).containsExactly(0, 0, 16);
    assertThat(none.remarks).singleElement().asString().contains("--prompt-lengths");
  }

  /** vLLM's router, pull request 184. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDecodeServersPromptRowsAreNotCounted(boolean lengthKnown) throws Exception {
    byte[] garbage = values.clone();
    Arrays.fill(garbage, 0, 14 * ROW, (byte) 77);
    String prefill = line("a", choice(npy(0, 14)), lengthKnown ? usage(14, 1) : completion(1));
    String decode = line("a", choice(npy(garbage)), lengthKnown ? usage(14, 3) : completion(3));
    for (String log : List.of(prefill + decode, decode + prefill)) {
      Requests read = read(log);
      assertThat(read.accepted).extracting(Folder::phases).containsExactly(List.of(14, 2, 0));
      assertRows(read.accepted.get(0), 0, ROWS);
      assertThat(read.remarks)
          .containsExactly(
              "1 request run by a prefill and a decode server: the prompt's rows are the"
                  + " prefill server's, the others the decode server's");
    }
    Requests alone = read(decode);
    assertThat(alone.rejected).singleElement().asString().contains("expert 77 occurs twice");
  }

  private static String completion(int tokens) {
    return ", \"usage\": {\"completion_tokens\": " + tokens + "}";
  }

  @Test
  void thePrefillServersLogMayStandBesideTheDecodeServers() throws Exception {
    folder
        .with("prefill-1.jsonl", line("a", choice(npy(0, 14)), usage(14, 1)))
        .with("decode-1.jsonl", line("a", choice(npy(0, ROWS)), usage(14, 3)));
    assertThat(Folder.phases(folder.read("prefill-1.jsonl").accepted.get(0)))
        .containsExactly(14, 0, 0);
    Requests decode = folder.read("decode-1.jsonl");
    assertThat(Folder.phases(decode.accepted.get(0))).containsExactly(0, 2, 0);
    assertThat(decode.remarks)
        .singleElement()
        .asString()
        .contains("the prefill server's file beside");
    folder.with("prefill-1.jsonl", "{\"id\": ");
    assertThat(folder.read("decode-1.jsonl").remarks)
        .singleElement()
        .asString()
        .contains("prefill-1.jsonl beside it is not used: truncated");
  }

  @Test
  void rowsNobodyWroteAreMissing() throws Exception {
    Arrays.fill(values, 0, 14 * ROW, (byte) 0);
    Requests read = read(line("a", choice(npy(0, ROWS)), usage(14, 3)));
    assertThat(Folder.phases(read.accepted.get(0))).containsExactly(0, 2, 0);
    assertThat(read.remarks).singleElement().asString().startsWith("14 rows of 1 request ");
  }

  @Test
  void linesOfOneRequestGoTogetherByTheirPositions() throws Exception {
    Requests parts =
        read(
            line("a", choice(dynamo(10, ROWS)), usage(14, 3))
                + line("a", choice(dynamo(0, 10)), usage(14, 3)));
    assertRows(parts.accepted.get(0), 0, ROWS);
    assertThat(Folder.phases(parts.accepted.get(0))).containsExactly(14, 2, 0);

    String same = line("a", choice(npy(0, ROWS)), usage(14, 3));
    Requests repeated = read(same + same);
    assertThat(repeated.accepted).hasSize(1);
    assertThat(repeated.remarks).singleElement().asString().contains("counted once");

    byte[] other = values.clone();
    System.arraycopy(values, ROW, other, 0, ROW);
    Requests reused = read(same + line("a", choice(npy(other)), usage(14, 3)));
    assertThat(reused.accepted).extracting(RequestTrace::requestId).doesNotHaveDuplicates();
    assertThat(reused.accepted).hasSize(2);
    assertThat(reused.remarks).singleElement().asString().contains("each line counts as a request");

    Requests undecided =
        read(line("a", choice(npy(0, 14)), "") + line("a", choice(npy(other)), ""));
    assertRows(undecided.accepted.get(0), 0, ROWS);
    assertThat(Folder.phases(undecided.accepted.get(0))).containsExactly(0, 0, 16);
    assertThat(undecided.remarks).anyMatch(r -> r.contains("nothing says which server ran"));
  }

  @Test
  void anIdThatIsNoRequestsDoesNotHoldLinesBack() throws Exception {
    String line = line("session", choice(npy(0, ROWS)), usage(14, 3));
    Requests read = read(line.repeat(70));
    assertThat(read.accepted).hasSize(70);
    assertThat(read.accepted).extracting(RequestTrace::requestId).doesNotHaveDuplicates();
    assertThat(read.remarks).singleElement().asString().startsWith("70 lines whose id too many");
  }

  @Test
  void slotsWithoutAMapAreSaidToBeSo() throws Exception {
    String sound = line("a", choice(npy(0, ROWS)), usage(14, 3));
    values[8] = (byte) 130;
    Requests read = read(sound + line("b", choice(npy(0, ROWS)), usage(14, 3)));
    assertThat(read.rejected)
        .singleElement()
        .asString()
        .startsWith("1: line 2: layer 1, token 0: id 130 is not below num_experts 128")
        .contains("--current-map");
    assertThat(read.remarks).singleElement().asString().contains("can only be slots");
  }

  private String dynamo(int from, int to) {
    byte[] rows = Arrays.copyOfRange(values, from * ROW, to * ROW);
    return "{\"start\": %d, \"shape\": [%d, 12, 8], \"data\": \"%s\"}"
        .formatted(from, to - from, Base64.getEncoder().encodeToString(rows));
  }

  @Test
  void answersToOnePromptCountItsRowsOnce() throws Exception {
    String two = choice(npy(0, ROWS)) + ", " + choice(npy(0, 15));
    Requests samples = read(line("a", two, usage(14, 5)));
    assertThat(samples.accepted)
        .extracting(Folder::phases)
        .containsExactly(List.of(14, 2, 0), List.of(0, 1, 0));
    assertThat(samples.accepted).extracting(RequestTrace::requestId).doesNotHaveDuplicates();

    String prompts = choice(npy(0, ROWS)) + ", " + choice(npy(1, ROWS));
    Requests batch = read(line("a", prompts, usage(14, 5)));
    assertThat(batch.accepted)
        .extracting(Folder::phases)
        .containsExactly(List.of(0, 0, 16), List.of(0, 0, 15));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | line 1: routed_experts is empty",
        "\"\" | line 1: routed_experts is empty",
        "7 | line 1: routed_experts is neither text nor lists nor an object",
        "{\"layer_0\": [1, 3]} | line 1: routed_experts is an object without data",
        "{\"data\": \"AAAA\", \"shape\": [1, 12, 8]} | line 1: routed_experts has 3 bytes, which its shape [1, 12, 8] does not",
        "{\"data\": \"AAAA\", \"dtype\": \"float32\"} | has dtype 'float32'; integers are expected",
        "\"AAAAAAAA\" | line 1: routed_experts has 6 bytes, not a multiple of 4",
        "\"AAAAAAAAAAA=\" | not a multiple of 12 layers (or 6 MoE layers) x top-8",
        "[[[1, 2]]] | line 1: routed_experts: token 0 has 2 experts in a layer, not 8",
        "[[[1, 2, 3, 4, 5, 6, 7, 8]]] | line 1: the file has 1 layers, but model sextant-128x8 has 6",
        "[[1.5]] | line 1: routed_experts: a layer is not a list of ids"
      })
  void aRequestThatCannotBeUsedIsRejectedAlone(String routes, String reason) throws Exception {
    Requests read =
        read(line("a", choice(routes), "") + line("b", choice(npy(0, ROWS)), usage(14, 3)));
    assertThat(read.rejected).singleElement().asString().startsWith("0: ").contains(reason);
    assertThat(read.accepted).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\": \"a\", \"usage\": {\"prompt_tokens\": 3}} | no response in it has routed_experts",
        "{\"id\": \"a\", \"routed_experts\": \"!!\"} | line 1: routed_experts is not base64",
        "{\"id\": \"a\", \"routed_experts\": \"AAAA | truncated",
        "{\"id\": \"a\", \"routed_experts\": nil} | not JSON at line 1"
      })
  void aFileThatCannotBeUsedIsRefused(String text, String reason) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void tokensAndLayersMayBeNull() throws Exception {
    String row =
        "[null, [1,2,3,4,5,6,7,8], [], [1,2,3,4,5,6,7,8], null, [1,2,3,4,5,6,7,8], null,"
            + "[1,2,3,4,5,6,7,8], null, [1,2,3,4,5,6,7,8], null, [1,2,3,4,5,6,7,8]]";
    Requests read =
        read(line("a", choice("[null, [], " + row + ", null, " + row + "]"), usage(3, 3)));
    assertThat(Folder.phases(read.accepted.get(0))).containsExactly(1, 1, 0);
    assertThat(read.remarks).singleElement().asString().startsWith("3 rows of 1 request ");
  }

  @Test
  void aLongTextBeforeTheRoutesAndNumbersOfPythonAreNoHindrance() throws Exception {
    String log =
        "{\"text\": \"%s\", \"x\": [NaN, -Infinity], \"meta_info\": {\"id\": \"a\", \"routed_experts\": %s%s}}"
            .formatted("a ".repeat(50_000), npy(0, ROWS), usage(14, 3));
    assertThat(read(log).accepted).extracting(Folder::phases).containsExactly(List.of(14, 2, 0));
  }

  @Test
  void compressedLogsAreRead() throws Exception {
    byte[] log = line("a", choice(npy(0, ROWS)), usage(14, 3)).getBytes(StandardCharsets.UTF_8);
    folder.with("a.jsonl.zst", PackBytes.zstd(log)).with("a.jsonl.gz", PackBytes.gzip(log));
    assertThat(folder.read("a.jsonl.zst").accepted).hasSize(1);
    assertThat(folder.read("a.jsonl.gz").accepted).hasSize(1);
  }
}
