package io.sextant.schema.trace.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.Folder;
import io.sextant.schema.trace.NpyBytes;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.SlotMap;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceHints.ExpertIds;
import io.sextant.schema.trace.TraceHints.LayerNumbers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one array of vLLM's main branch: request 42, 14 prompt rows and 2 of generated tokens. */
class OneArrayTest {
  private static final int ROW = 12 * 8;
  private static final int[] LAYERS = {1, 3, 5, 7, 9, 11};

  @TempDir private Path path;
  private Folder folder;
  private byte[] values;

  @BeforeEach
  void recordedArray() throws Exception {
    values = NpyBytes.values(EngineDump.VLLM_MAIN_NPY.bytes());
    folder =
        new Folder(path)
            .with("req42.npz", EngineDump.VLLM_MAIN.bytes())
            .with("req42.npy", EngineDump.VLLM_MAIN_NPY.bytes());
  }

  private static TraceHints lengths(Map<String, Integer> lengths) {
    return new TraceHints(null, lengths, LayerNumbers.AUTO, ExpertIds.AUTO);
  }

  private static void assertRows(RequestTrace found, int from, int to) {
    RequestTrace whole = Folder.request42();
    for (int layer = 0; layer < LAYERS.length; layer++) {
      assertThat(found.experts()[layer])
          .isEqualTo(Arrays.copyOfRange(whole.experts()[layer], from * 8, to * 8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"req42.npz", "req42.npy"})
  void withoutAPromptLengthRowsHaveNoPhase(String name) throws Exception {
    Requests read = folder.read(name);
    assertThat(Folder.phases(read.accepted.get(0))).containsExactly(0, 0, 16);
    assertThat(read.accepted.get(0).requestId()).isEqualTo(42);
    assertRows(read.accepted.get(0), 0, 16);
    assertThat(read.remarks).singleElement().asString().contains("--prompt-lengths FILE");
  }

  @ParameterizedTest
  @CsvSource({"req42", "42"})
  void theUserGivesThePromptsLength(String key) throws Exception {
    for (String name : List.of("req42.npz", "req42.npy")) {
      Requests read = folder.read(name, lengths(Map.of(key, 14, "req4", 3, "7", 1)));
      assertThat(Folder.phases(read.accepted.get(0))).containsExactly(14, 2, 0);
      assertThat(read.remarks).isEmpty();
    }
  }

  @Test
  void theResponseBesideItSaysMore() throws Exception {
    folder.with(
        "req42.json",
        "{\"id\": \"chatcmpl-1\", \"created\": 1796008042, \"metadata\": {\"domain\": \"code\"},"
            + " \"usage\": {\"prompt_tokens\": 14, \"completion_tokens\": 3}}");
    RequestTrace found = folder.read("req42.npz").accepted.get(0);
    assertThat(Folder.phases(found)).containsExactly(14, 2, 0);
    assertThat(found.arrivalMillis()).isEqualTo(1796008042000L);
    assertThat(found.domain()).isEqualTo("code");
    assertThat(folder.read("req42.json").remarks)
        .containsExactly("it is beside an array of the same name, whose routes are counted there");
  }

  @Test
  void lengthsThatContradictGiveNoPhase() throws Exception {
    folder.with("req42.json", "{\"usage\": {\"prompt_tokens\": 13}}");
    Requests read = folder.read("req42.npz", lengths(Map.of("42", 14)));
    assertThat(Folder.phases(read.accepted.get(0))).containsExactly(0, 0, 16);
    assertThat(read.remarks)
        .containsExactly(
            "1 request with an impossible prompt length (the prompt is said to have 13 and 14"
                + " tokens): the rows count without a phase");
    folder.with("b.npy", EngineDump.VLLM_MAIN_NPY.bytes());
    Requests longer = folder.read("b.npy", lengths(Map.of("b", 1000)));
    assertThat(longer.remarks).singleElement().asString().contains("only 16 rows");
  }

  @Test
  void aDamagedResponseBesideItIsLeftOut() throws Exception {
    folder.with("req42.json", "{\"usage\": {\"prompt_tokens\": 14");
    assertThat(folder.read("req42.npz").remarks)
        .anyMatch(remark -> remark.contains("req42.json beside it is not used: truncated"));
  }

  @Test
  void theArchiveSaysHowLongThePromptIs() throws Exception {
    byte[] length = {14, 0, 0, 0, 0, 0, 0, 0};
    byte[] tokens = new byte[56];
    tokens[0] = 5;
    tokens[52] = 7;
    byte[] ids = NpyBytes.of("<i4", "14,", tokens);
    byte[] array = EngineDump.VLLM_MAIN_NPY.bytes();
    folder
        .with(
            "a.npz", NpyBytes.archive("arr_0", array, "prompt_len", NpyBytes.of("<i8", "", length)))
        .with("b.npz", NpyBytes.archive("prompt_token_ids", ids, "routed_experts", array));
    for (String name : List.of("a.npz", "b.npz")) {
      assertThat(Folder.phases(folder.read(name).accepted.get(0))).containsExactly(14, 2, 0);
    }
    assertThat(folder.read("a.npz").accepted.get(0).promptTokenIds()).isEmpty();
    assertThat(folder.read("b.npz").accepted.get(0).promptTokenIds())
        .hasSize(14)
        .startsWith(5, 0, 0)
        .endsWith(0, 7);
    folder.with(
        "d.npz",
        NpyBytes.archive(
            "routed_experts",
            array,
            "start",
            NpyBytes.of("<f8", "", length),
            "request_id",
            NpyBytes.of("<U1", "", new byte[4])));
    assertThat(Folder.phases(folder.read("d.npz").accepted.get(0))).containsExactly(0, 0, 16);
    folder.with("c.npz", NpyBytes.archive("x", array, "y", array));
    assertThatThrownBy(() -> folder.read("c.npz"))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining("several others have three dimensions: x.npy, y.npy");
  }

  /** The padding of NeMo-RL, in the narrowest type. */
  @ParameterizedTest
  @CsvSource({"0,5,9,2", "15,16,14,1", "6,8,12,2"})
  void rowsWithoutRouteKeepTheOthersPhases(int from, int to, int prefill, int decode)
      throws Exception {
    Arrays.fill(values, from * ROW, to * ROW, (byte) -1);
    for (String dtype : List.of("|u1", "|i1")) {
      folder.with("req7.npy", NpyBytes.of(dtype, "16, 12, 8", values));
      Requests read = folder.read("req7.npy", lengths(Map.of("req7", 14)));
      assertThat(Folder.phases(read.accepted.get(0))).containsExactly(prefill, decode, 0);
      assertThat(read.remarks)
          .singleElement()
          .asString()
          .startsWith(
              "%d row%s of 1 request without a route"
                  .formatted(to - from, to - from == 1 ? "" : "s"));
    }
  }

  @Test
  void routesThatMissAltogetherOrInOneLayerAreFaults() throws Exception {
    byte[] none = values.clone();
    Arrays.fill(none, (byte) -1);
    folder.with("none.npy", NpyBytes.of("|u1", "16, 12, 8", none));
    assertThat(folder.read("none.npy").rejected)
        .containsExactly("0: none of its 16 rows has a route: all are -1 or were never written");
    Arrays.fill(values, 2 * ROW + 3 * 8, 2 * ROW + 4 * 8, (byte) -1);
    folder.with("layer.npy", NpyBytes.of("|u1", "16, 12, 8", values));
    assertThat(folder.read("layer.npy").rejected)
        .containsExactly("0: layer 3, token 2: it has no route, although other layers have");
  }

  @Test
  void slotsAreTranslatedByRangeOrByOrder() throws Exception {
    SlotMap slots =
        new SlotMap(LAYERS, IntStream.range(0, 6).mapToObj(l -> turned()).toArray(int[][]::new));
    for (int i = 0; i < values.length; i++) {
      // Slot s holds expert s + 1, and so does slot s + 128.
      values[i] = (byte) ((values[i] + 127) % 128 + (i % 2) * 128);
    }
    folder.with("req42.npy", NpyBytes.of("|u1", "16, 12, 8", values));
    assertThat(folder.read("req42.npy").rejected.get(0))
        .contains("is not below num_experts 128; ids from num_experts on are physical")
        .contains("--current-map");
    Requests read =
        folder.read(
            "req42.npy", new TraceHints(slots, Map.of(), LayerNumbers.AUTO, ExpertIds.AUTO));
    assertRows(read.accepted.get(0), 0, 16);
    assertThat(read.remarks)
        .contains("its ids are physical slots; they are translated with --current-map");
  }

  /** Slots 0 to 255; slot s and s + 128 hold expert s + 1. */
  private static int[] turned() {
    return IntStream.range(0, 256).map(slot -> (slot + 1) % 128).toArray();
  }

  @Test
  void aMapIsUsedWhenTheUserInsists() throws Exception {
    SlotMap slots =
        new SlotMap(LAYERS, IntStream.range(0, 6).mapToObj(l -> turned()).toArray(int[][]::new));
    Requests logical =
        folder.read(
            "req42.npy", new TraceHints(slots, Map.of(), LayerNumbers.AUTO, ExpertIds.AUTO));
    assertRows(logical.accepted.get(0), 0, 16);
    assertThat(logical.remarks).anyMatch(r -> r.contains("--expert-ids PHYSICAL translates them"));
    Requests physical =
        folder.read(
            "req42.npy", new TraceHints(slots, Map.of(), LayerNumbers.AUTO, ExpertIds.PHYSICAL));
    short expected = (short) ((Folder.request42().experts()[0][0] + 1) % 128);
    assertThat(physical.accepted.get(0).experts()[0][0]).isEqualTo(expected);
    assertThatThrownBy(
            () ->
                folder.read(
                    "req42.npy",
                    new TraceHints(null, Map.of(), LayerNumbers.AUTO, ExpertIds.PHYSICAL)))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining("give it with --current-map");
  }

  @Test
  void anIdOutsideTheMapIsNamed() throws Exception {
    int[][] short130 =
        IntStream.range(0, 6).mapToObj(l -> Arrays.copyOf(turned(), 130)).toArray(int[][]::new);
    values[8] = (byte) 129;
    values[9] = (byte) 200;
    folder.with("req42.npy", NpyBytes.of("|u1", "16, 12, 8", values));
    TraceHints hints =
        new TraceHints(new SlotMap(LAYERS, short130), Map.of(), LayerNumbers.AUTO, ExpertIds.AUTO);
    assertThat(folder.read("req42.npy", hints).rejected)
        .containsExactly("0: layer 1, token 0: id 200 is not a slot of the map, which has 130");
  }

  @Test
  void everyUuidHasItsOwnId() {
    assertThat(FileNames.requestId("a/request-1000.npz")).isEqualTo(1000);
    assertThat(FileNames.requestId("a/sample12.npy")).isEqualTo(12);
    assertThat(FileNames.requestId("0007.npz")).isEqualTo(7);
    assertThat(FileNames.requestId("chatcmpl-aabbccddeeff12.npz"))
        .isNotEqualTo(FileNames.requestId("chatcmpl-aabbccddeefe12.npz"))
        .isNotEqualTo(12)
        .isPositive();
    // The last group of a hexadecimal id may have digits only.
    assertThat(FileNames.requestId("cmpl-abcdef-12.npz"))
        .isNotEqualTo(FileNames.requestId("cmpl-fedcba-12.npz"))
        .isNotEqualTo(12);
    assertThat(FileNames.requestId("abcd-12.npz"))
        .isNotEqualTo(FileNames.requestId("dcba-12.npz"))
        .isNotEqualTo(12);
    assertThat(FileNames.requestId("550e8400-e29b-41d4-a716-446655440000.npz"))
        .isNotEqualTo(FileNames.requestId("650e8400-e29b-41d4-a716-446655440000.npz"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "16, 12, 7 | expected [tokens, layers, 8]",
        "1536,     | expected [tokens, layers, 8]",
        "''        | expected [tokens, layers, 8]",
        "15, 12, 8 | trailing bytes: the file continues after its array",
        "17, 12, 8 | truncated"
      })
  void arraysOfAnotherShapeAreRefused(String shape, String reason) {
    assertThatThrownBy(
            () ->
                folder
                    .with("a.npy", NpyBytes.of("|u1", shape.replace("''", ""), values))
                    .read("a.npy"))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining(reason.strip());
  }
}
