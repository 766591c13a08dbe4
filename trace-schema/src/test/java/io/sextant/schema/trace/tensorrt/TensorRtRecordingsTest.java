package io.sextant.schema.trace.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.Recordings;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.SlotMap;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceHints.ExpertIds;
import io.sextant.schema.trace.TraceHints.LayerNumbers;
import io.sextant.schema.trace.TraceHints.Published;
import io.sextant.schema.trace.format.TraceFormats;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All recordings are of the same tokens, so their counts must be equal. */
class TensorRtRecordingsTest {
  private static final String RAW = "trt-raw/rank2_raw.safetensors";
  private static final String COUNTS = "trt-raw/rank2.safetensors";
  private static final String SLOTS = "trt-slots/rank2.safetensors";

  private final long[][][] fed;

  TensorRtRecordingsTest() throws Exception {
    fed = tokens(read(COUNTS, logical()).counts);
  }

  @Test
  void rowsAddUpToTheCountsBesideThem() throws Exception {
    Requests read = read(RAW, logical());
    assertThat(read.accepted).extracting(RequestTrace::requestId).containsExactly(101L, 96L);
    long[][][] rows = new long[2][6][128];
    for (int i = 0; i < 2; i++) {
      for (int layer = 0; layer < 6; layer++) {
        for (short expert : read.accepted.get(i).experts()[layer]) {
          rows[i][layer][expert]++;
        }
      }
    }
    assertThat(Arrays.deepEquals(rows, fed)).isTrue();
    assertThat(read.remarks).isEmpty();
  }

  @Test
  void rowsOfAMoeInChunksAreRefusedByTheirCounts() {
    assertRefused(
        Recordings.file("trt-chunked/rank2_raw.safetensors"),
        TraceHints.NONE,
        "not those counted in rank2.safetensors beside it, in 12 of 12 keys: 101_1 has 80 ids, but 152 were counted",
        "works in chunks",
        "ingest the counts file");
  }

  @Test
  void rowsWithoutTheirCountsAreReadWithARemark() throws Exception {
    TraceFile alone = Requests.file("any/rank2_raw.safetensors", Recordings.bytes(RAW));
    Requests read = Requests.of(TraceFormats.detect(alone), alone, EngineDump.MODEL, logical());
    assertThat(read.accepted).hasSize(2);
    assertThat(read.remarks).singleElement().asString().contains("no sound counts file");
  }

  @Test
  void oneIdThatWasNotCountedIsFound() {
    byte[] changed = Recordings.bytes(RAW);
    changed[changed.length - 4] ^= 1;
    TraceFile file =
        Requests.file("rank2_raw.safetensors", changed, Map.of("rank2.safetensors", counts()));
    assertRefused(
        file, TraceHints.NONE, "in 1 of 12 keys: 96_9 has experts that differ from the counts");
  }

  @Test
  void slotsAreTranslatedWithTheMapThatWasInForce() throws Exception {
    Requests read = read(SLOTS, Recordings.with(Recordings.slots()));
    assertThat(Arrays.deepEquals(tokens(read.counts), fed)).isTrue();
    assertThat(read.remarks).singleElement().asString().contains("map of --current-map");
  }

  @Test
  void slotsWithoutAMapAreRefusedWithTheRemedy() {
    assertRefused(
        Recordings.file(SLOTS),
        TraceHints.NONE,
        "160 counts, but model sextant-128x8 has 128 experts",
        "load balancer",
        "--current-map MAP");
    assertRefused(
        Recordings.file("trt-slots/meta_info.json"),
        TraceHints.NONE,
        "num_experts is 160",
        "--current-map MAP");
  }

  @ParameterizedTest
  @CsvSource({
    "128, 4, num_experts_per_token is 4",
    "64, 8, num_experts is 64",
    "128, 8.5, num_experts_per_token is 8.5"
  })
  void aDescriptionOfAnotherModelIsRefused(String experts, String topK, String reason) {
    String info = "{\"num_experts\": %s, \"num_experts_per_token\": %s}".formatted(experts, topK);
    assertRefused(
        Requests.file("meta_info.json", info.getBytes(StandardCharsets.ISO_8859_1)),
        logical(),
        reason,
        "model sextant-128x8 has");
  }

  @ParameterizedTest
  @ValueSource(strings = {RAW, COUNTS})
  void bytesBehindTheLastTensorAreRefused(String path) {
    byte[] bytes = Recordings.bytes(path);
    TraceFile longer =
        Requests.file(path, Arrays.copyOf(bytes, bytes.length + 1), Recordings.beside(path));
    assertRefused(longer, logical(), "the file continues after its last tensor");
  }

  @Test
  void rowsOfAnIterationThatWasNotCountedAreRefused() {
    String header = new String(counts(), StandardCharsets.ISO_8859_1);
    byte[] other = header.replace("\"101_", "\"100_").getBytes(StandardCharsets.ISO_8859_1);
    TraceFile file =
        Requests.file(
            "rank2_raw.safetensors", Recordings.bytes(RAW), Map.of("rank2.safetensors", other));
    assertRefused(file, logical(), "101_1 is not in the counts");
  }

  @Test
  void slotsAreTranslatedWithTheMapInForceOfTheWarehouse() throws Exception {
    TraceHints hints = TraceHints.NONE.withInForce(new Published("v7", Recordings.slots()));
    Requests read = read(SLOTS, hints);
    assertThat(Arrays.deepEquals(tokens(read.counts), fed)).isTrue();
    assertThat(read.remarks).singleElement().asString().contains("version v7", "--current-map MAP");
    // Counts as long as the number of experts need not be of slots.
    assertThat(Arrays.deepEquals(tokens(read(COUNTS, hints).counts), fed)).isTrue();
  }

  @Test
  void asManySlotsAsExpertsAreBelievedToBeExpertsWithAWarning() throws Exception {
    Requests read = read(COUNTS, TraceHints.NONE);
    assertThat(Arrays.deepEquals(tokens(read.counts), fed)).isTrue();
    assertThat(read.remarks)
        .singleElement()
        .asString()
        .startsWith("WARNING")
        .contains("moe_config.load_balancer", "--current-map MAP", "--expert-ids LOGICAL");
    assertThat(read(COUNTS, logical()).remarks).isEmpty();
  }

  @Test
  void asManySlotsAsExpertsAreTranslatedIfTheUserGivesTheMap() throws Exception {
    int[][] reversed = new int[6][128];
    for (int[] row : reversed) {
      Arrays.setAll(row, slot -> 127 - slot);
    }
    SlotMap map = new SlotMap(new int[] {1, 3, 5, 7, 9, 11}, reversed);
    long[][][] found = tokens(read(COUNTS, Recordings.with(map)).counts);
    assertThat(found[0][0][0]).isEqualTo(fed[0][0][127]);
    List<RequestTrace> rows = read(RAW, Recordings.with(map)).accepted;
    assertThat(rows.get(0).experts()[0][0])
        .isEqualTo((short) (127 - read(RAW, logical()).accepted.get(0).experts()[0][0]));
  }

  @Test
  void aMapOfOtherSlotsDoesNotTouchExperts() throws Exception {
    Requests read = read(COUNTS, Recordings.with(Recordings.slots()));
    assertThat(Arrays.deepEquals(tokens(read.counts), fed)).isTrue();
    assertThat(read.remarks).singleElement().asString().contains("has 160 slots", "128");
    assertRefused(
        Recordings.file(COUNTS),
        hints(Recordings.slots(), ExpertIds.PHYSICAL),
        "the map of --current-map has 160 slots");
    assertRefused(
        Recordings.file(SLOTS), hints(null, ExpertIds.LOGICAL), "--expert-ids LOGICAL says");
  }

  @Test
  void layersOfMultiTokenPredictionDoNotCostTheFile() throws Exception {
    Requests read = read("trt-mtp/rank2.safetensors", logical());
    assertThat(Arrays.deepEquals(tokens(read.counts), fed)).isTrue();
    assertThat(read.remarks)
        .singleElement()
        .asString()
        .contains("2 tensors of layer 12 are left out");
  }

  @Test
  void rowsOfOnePipelineStageAreRefusedWithTheLayersMissing() {
    String header = new String(Recordings.bytes(RAW), StandardCharsets.ISO_8859_1);
    byte[] other = header.replace("\"101_7\"", "\"100_7\"").getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(
        Requests.file("rank2_raw.safetensors", other),
        TraceHints.NONE,
        "has 4 of the 6 MoE layers in one piece; missing: 7, 9");
  }

  private static byte[] counts() {
    return Recordings.bytes(COUNTS);
  }

  private static TraceHints logical() {
    return hints(null, ExpertIds.LOGICAL);
  }

  private static TraceHints hints(SlotMap slots, ExpertIds ids) {
    return new TraceHints(slots, Map.of(), LayerNumbers.AUTO, ids);
  }

  private static Requests read(String path, TraceHints hints) throws Exception {
    TraceFile file = Recordings.file(path);
    Requests read = Requests.of(TraceFormats.detect(file), file, EngineDump.MODEL, hints);
    assertThat(read.rejected).isEmpty();
    return read;
  }

  private static void assertRefused(TraceFile file, TraceHints hints, String... reasons) {
    assertThatThrownBy(() -> Requests.of(TraceFormats.detect(file), file, EngineDump.MODEL, hints))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContainingAll(reasons);
  }

  private static long[][][] tokens(List<LoadCounts> counts) {
    assertThat(counts).extracting(LoadCounts::step).containsExactly(101L, 96L);
    return counts.stream().map(LoadCounts::tokens).toArray(long[][][]::new);
  }
}
