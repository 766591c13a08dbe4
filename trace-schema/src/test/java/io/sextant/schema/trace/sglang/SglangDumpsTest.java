package io.sextant.schema.trace.sglang;

import static io.sextant.schema.trace.sglang.RecorderDump.DECODE;
import static io.sextant.schema.trace.sglang.RecorderDump.EXTEND;
import static io.sextant.schema.trace.sglang.RecorderDump.MODEL;
import static io.sextant.schema.trace.sglang.RecorderDump.VERIFY;
import static io.sextant.schema.trace.sglang.RecorderDump.linear;
import static io.sextant.schema.trace.sglang.RecorderDump.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.tensor.TorchBytes;
import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.format.TraceFormats;
import io.sextant.schema.trace.pack.SextantPackReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps of servers in various configurations, modelled on public reports; the rows are real. */
class SglangDumpsTest {
  private static final int DRAFT_EXTEND = 6;
  private static final int SPLIT_PREFILL = 8;

  private final SglangRecorderReader reader = new SglangRecorderReader();
  private final List<RequestTrace> real;

  SglangDumpsTest() throws Exception {
    real =
        Requests.of(
                new SextantPackReader(),
                Requests.file("pack", PackBytes.of("day01-12").bytes()),
                MODEL)
            .accepted;
  }

  /** The recorder puts the same list object into every record. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void aListMayBeSharedByAllRecords(int protocol) throws Exception {
    RecorderDump dump = new RecorderDump(protocol);
    real.forEach(dump::alone);
    assertRead(dump.file(linear()), real);
  }

  @Test
  void capturedGraphsAreLargerThanTheBatch() throws Exception {
    RecorderDump dump = new RecorderDump(2);
    dump.spareRows = 4;
    real.forEach(dump::alone);
    assertRead(dump.file(linear()), real);
  }

  @Test
  void aFusedSharedExpertBehindTheRoutedOnesIsLeftOut() throws Exception {
    RecorderDump dump = new RecorderDump(2);
    dump.columns = 9;
    dump.lastColumn = MODEL.experts();
    real.forEach(dump::alone);
    assertRead(dump.file(linear()), real);
  }

  @Test
  void idsWidenedByFusedSharedExpertsAreNamedAndRefused() throws Exception {
    RecorderDump dump = new RecorderDump(2);
    dump.columns = 9;
    dump.lastColumn = 16;
    dump.ids = (layer, expert) -> expert + expert / 16;
    real.forEach(dump::alone);
    assertThat(fault(dump.file(linear())))
        .matches(
            "forward pass \\d+ layer \\d+, token \\d+ has physical expert 1(2[89]|3\\d), which is"
                + " not in last_physical_to_logical_map of 128; fused shared experts widen the ids."
                + " Record with --disable-shared-experts-fusion");
  }

  @Test
  void moreExpertsThanTopKAreRefused() throws Exception {
    RecorderDump dump = new RecorderDump(2);
    dump.columns = 9;
    dump.lastColumn = 5;
    dump.alone(real.get(0));
    assertThat(fault(dump.file(linear())))
        .isEqualTo(
            "forward pass 0 layer 1, token 0 has more than the 8 experts that are top_k of"
                + " sextant-128x8");
  }

  @Test
  void aStageOfPipelineParallelismIsRefusedInOneLine() throws Exception {
    RecorderDump dump = new RecorderDump(2);
    dump.recorded = List.of(1, 3, 5);
    real.forEach(dump::alone);
    assertThat(fault(dump.file(linear())))
        .startsWith(
            "the MoE layers [7, 9, 11] were not recorded in any forward pass: this rank is one"
                + " stage of pipeline parallelism.");
  }

  @Test
  void dummyTokensOfIdleRanksAreLeftOut() throws Exception {
    RecorderDump dump = new RecorderDump(2);
    for (RequestTrace request : real) {
      dump.pass(EXTEND, part(request, 0, request.prefillTokens()), part(null, 0, 1));
      for (int token = request.prefillTokens(); token < request.tokens(); token++) {
        dump.pass(DECODE, part(request, token, token + 1));
      }
    }
    Requests found = assertRead(dump.file(linear()), real);
    assertThat(found.rejected).isEmpty();
    assertThat(found.remarks)
        .containsExactly(
            "12 rows without experts, such as an idle rank's dummy tokens, are left out; 12"
                + " requests have no others.");
  }

  @Test
  void oneRowWithoutExpertsCostsThatRow() throws Exception {
    RequestTrace request = decoding();
    RecorderDump dump = new RecorderDump(2);
    int last = request.tokens() - 1;
    dump.pass(EXTEND, part(request, 0, request.prefillTokens()));
    for (int token = request.prefillTokens(); token < last; token++) {
      dump.pass(DECODE, part(request, token, token + 1));
    }
    RequestTrace other = real.get(real.indexOf(request) == 0 ? 1 : 0);
    dump.pass(EXTEND, part(other, 0, other.prefillTokens()), part(null, last, last + 1));
    Requests found = Requests.of(reader, dump.file(linear()), MODEL);
    assertThat(found.accepted).hasSize(2);
    assertThat(found.accepted.get(0).tokens()).isEqualTo(last);
  }

  /**
   * Under a map with copies, an expert that occurs twice in a row shows that the map was a
   * different one.
   */
  @Test
  void aRebalanceDuringTheDumpIsNoticedOrWarnedOf() throws Exception {
    // Recorded while slots 128 to 159 had copies of experts 0 to 31, dumped when they had copies of
    // others.
    int[] copies = IntStream.range(0, 160).map(slot -> slot < 128 ? slot : slot - 88).toArray();
    RecorderDump rebalanced = new RecorderDump(2);
    rebalanced.ids = (layer, expert) -> expert < 32 ? 128 + expert : expert;
    real.forEach(rebalanced::alone);
    assertThat(fault(rebalanced.file(copies)))
        .contains("twice under last_physical_to_logical_map: the map changed while the engine")
        .endsWith("an --eplb-rebalance-num-iterations beyond the recording");

    int[] shifted = IntStream.range(0, 128).map(slot -> (slot + 3) % 128).toArray();
    RecorderDump steady = new RecorderDump(2);
    steady.ids = (layer, expert) -> (expert + 125) % 128;
    real.forEach(steady::alone);
    Requests found = assertRead(steady.file(shifted), real);
    assertThat(found.remarks).hasSize(1);
    assertThat(found.remarks.get(0))
        .startsWith("its expert ids are physical and named by the map in force when it was dumped");
  }

  @Test
  void verifiedCandidatesAreDecodeRowsOfTheirRequests() throws Exception {
    List<RequestTrace> two = real.stream().filter(r -> r.decodeTokens() >= 6).limit(2).toList();
    RequestTrace a = two.get(0);
    RequestTrace b = two.get(1);
    int p = a.prefillTokens();
    int q = b.prefillTokens();
    RecorderDump dump = new RecorderDump(2);
    dump.pass(EXTEND, part(a, 0, p), part(b, 0, q));
    // Three candidates each: all of a's first candidates are accepted, but only one of b's.
    dump.pass(VERIFY, part(a, p, p + 3), part(b, q, q + 3));
    dump.pass(DRAFT_EXTEND, part(null, p, p + 3), part(null, q, q + 1));
    dump.pass(VERIFY, part(a, p + 3, p + 6), part(b, q + 1, q + 4));
    Requests found = Requests.of(reader, dump.file(linear()), MODEL);
    assertThat(found.accepted).extracting(RequestTrace::prefillTokens).containsExactly(p, q);
    assertThat(found.accepted).extracting(RequestTrace::decodeTokens).containsExactly(6, 6);
    assertThat(found.remarks)
        .containsExactly(
            "1 forward passes that do not fill the model's MoE layers, such as a draft model's, are"
                + " left out.",
            "12 candidate rows of speculative decoding count as decode rows, since the experts"
                + " computed them all; at least 2 were rejected.");
  }

  /** The draft worker records its own passes, of the same modes, into a layer of the target. */
  @Test
  void passesOfADraftModelAreNoRequests() throws Exception {
    RecorderDump dump = new RecorderDump(2);
    List<Integer> all = dump.recorded;
    for (RequestTrace request : real) {
      for (int token = request.prefillTokens() - 1; token < request.tokens(); token++) {
        boolean prompt = token < request.prefillTokens();
        int from = prompt ? 0 : token;
        for (List<Integer> filled : List.of(all, List.of(1))) {
          dump.recorded = filled;
          dump.pass(prompt ? EXTEND : DECODE, part(request, from, token + 1));
        }
      }
    }
    assertRead(dump.file(linear()), real);
  }

  @Test
  void layersBehindTheModelsAreADraftModels() throws Exception {
    RecorderDump dump = new RecorderDump(2);
    dump.layers = MODEL.layers() + 1;
    real.forEach(dump::alone);
    Requests found = assertRead(dump.file(linear()), real);
    assertThat(found.remarks)
        .containsExactly(
            "it has 13 layers, but sextant-128x8 has 12; the further ones are taken for a draft"
                + " model's (multi-token prediction) and left out.");
  }

  /** A prefill that runs a few layers at a time has one pass per part. */
  @Test
  void partsOfOnePrefillAreOne() throws Exception {
    RequestTrace request = decoding();
    RecorderDump dump = new RecorderDump(2);
    for (List<Integer> layers : List.of(List.of(1, 3), List.of(5, 7), List.of(9, 11))) {
      dump.recorded = layers;
      dump.pass(SPLIT_PREFILL, part(request, 0, request.prefillTokens()));
    }
    dump.recorded = MODEL.moeLayers();
    for (int token = request.prefillTokens(); token < request.tokens(); token++) {
      dump.pass(DECODE, part(request, token, token + 1));
    }
    Requests found = assertRead(dump.file(linear()), List.of(request));
    assertThat(found.remarks).isEmpty();
  }

  @Test
  void ranksOfATensorParallelGroupHaveTheSameTokens() throws Exception {
    RecorderDump first = new RecorderDump(2);
    RecorderDump second = new RecorderDump(2);
    RecorderDump third = new RecorderDump(2);
    second.rank = 1;
    first.alone(real.get(0));
    second.alone(real.get(0));
    third.alone(real.get(1));
    String tokens = reader.tokensId(first.file(linear())).orElseThrow();
    assertThat(reader.tokensId(second.file(linear()))).contains(tokens);
    assertThat(reader.tokensId(third.file(linear())).orElseThrow()).isNotEqualTo(tokens);
    assertThat(reader.tokensId(new RecorderDump(2).file(linear()))).isEmpty();
    RecorderDump otherExperts = new RecorderDump(2);
    otherExperts.ids = (layer, expert) -> (expert + 1) % 128;
    otherExperts.alone(real.get(0));
    assertThat(reader.tokensId(otherExperts.file(linear())).orElseThrow()).isNotEqualTo(tokens);
    RecorderDump stage = new RecorderDump(2);
    stage.recorded = List.of(1, 3, 5);
    stage.alone(real.get(0));
    assertThat(reader.tokensId(stage.file(linear())).orElseThrow()).isNotEqualTo(tokens);
  }

  @Test
  void countsOfNothingAndOfADraftModelsLayerAreRemarkedOn() throws Exception {
    int layers = MODEL.layers() + 1;
    Requests found = Requests.of(reader, stat(new int[2 * layers * 128], layers), MODEL);
    assertThat(found.counts).isEmpty();
    assertThat(found.remarks)
        .hasSize(2)
        .anyMatch(remark -> remark.startsWith("none of its 2 steps counted a token."))
        .anyMatch(remark -> remark.startsWith("it has 13 layers, but sextant-128x8 has 12;"));
  }

  /** A changed count is as good as any: only the checksum of its zip entry tells. */
  @Test
  void aChangedCountIsFoundByItsChecksum() throws Exception {
    int[] counts = new int[2 * MODEL.layers() * 128];
    Arrays.fill(counts, 0x01020304);
    assertThat(fault(changed(stat(counts, MODEL.layers())))).contains("its checksum is");
  }

  private static TraceFile stat(int[] counts, int layers) throws Exception {
    TorchBytes torch = new TorchBytes(2);
    Map<String, Object> dump = new HashMap<>();
    dump.put("rank", 0);
    dump.put("logical_count", torch.tensor(counts, 2, layers, 128));
    return Requests.file("expert_distribution_recorder_1757203200.0_0.pt", torch.save(dump));
  }

  /** The file with one bit of the first 0x01020304 changed. */
  private static TraceFile changed(TraceFile file) throws Exception {
    byte[] bytes = file.open().readAllBytes();
    int at = 0;
    while (bytes[at] != 4 || bytes[at + 1] != 3 || bytes[at + 2] != 2 || bytes[at + 3] != 1) {
      at++;
    }
    bytes[at] ^= 1;
    return Requests.file("expert_distribution_recorder_1757203200.0_0.pt", bytes);
  }

  @Test
  void theTableOfFormerReleasesIsCounts() throws Exception {
    SglangCsvReader csv = new SglangCsvReader();
    String name = "expert_distribution_rank0_timestamp1757203200.05.csv";
    String table = "layer_id,expert_id,count\n0,5,0\n1,0,629\n11,127,3\n";
    Requests found =
        Requests.of(csv, Requests.file(name, table.getBytes(StandardCharsets.UTF_8)), MODEL);
    assertThat(TraceFormats.detect(Requests.file(name, table.getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(SglangCsvReader.class);
    assertThat(found.counts).hasSize(1);
    assertThat(found.counts.get(0).arrivalMillis()).isEqualTo(1757203200000L);
    assertThat(found.counts.get(0).layers()).containsExactly(1, 11);
    assertThat(found.counts.get(0).tokens()[0][0]).isEqualTo(629);
    for (String line : List.of("2,0,1", "1,128,1", "1,0", "1,0,x")) {
      TraceFile broken =
          Requests.file(name, (table + line + "\n").getBytes(StandardCharsets.UTF_8));
      assertThat(catchThrowableOfType(CorruptTraceException.class, () -> csv.verify(broken, MODEL)))
          .hasMessageMatching("line 5: .*");
    }
  }

  private RequestTrace decoding() {
    return real.stream().filter(request -> request.decodeTokens() >= 6).findFirst().get();
  }

  private Requests assertRead(TraceFile file, List<RequestTrace> expected) throws Exception {
    reader.verify(file, MODEL);
    Requests found = Requests.of(reader, file, MODEL);
    assertThat(found.accepted).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      RequestTrace request = found.accepted.get(i);
      assertThat(request.prefillTokens()).isEqualTo(expected.get(i).prefillTokens());
      assertThat(request.decodeTokens()).isEqualTo(expected.get(i).decodeTokens());
      assertThat(Arrays.deepEquals(request.experts(), expected.get(i).experts())).isTrue();
    }
    return found;
  }

  private String fault(TraceFile file) {
    return catchThrowableOfType(CorruptTraceException.class, () -> reader.verify(file, MODEL))
        .getMessage();
  }
}
