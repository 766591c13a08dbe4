package io.sextant.schema.trace.megatron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.Recordings;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceHints.ExpertIds;
import io.sextant.schema.trace.TraceHints.LayerNumbers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recordings are of the same tokens; the training run has the rows that were fed. */
class MegatronRecordingsTest {
  private static final Pattern LAYER = Pattern.compile("\"layer\": (\\d+)");

  private final List<String> train = lines("mega-train");
  private final List<RequestTrace> fed = read(train).accepted;

  MegatronRecordingsTest() throws Exception {}

  @Test
  void trainingIsReadAsItIs() throws Exception {
    assertThat(fed).extracting(RequestTrace::tokens).containsExactly(36, 19);
    assertThat(fed).extracting(RequestTrace::unphasedTokens).containsExactly(36, 19);
    assertThat(read(train).remarks).isEmpty();
  }

  @Test
  void microBatchesOfAStepAreReadInTheirOrder() throws Exception {
    List<String> micro = lines("mega-train-micro");
    assertJoined(read(micro).accepted);
    // The same lines with the layers of a step's micro-batches side by side.
    List<String> sideBySide = new ArrayList<>();
    for (int step = 0; step < 24; step += 12) {
      for (int layer = 0; layer < 6; layer++) {
        sideBySide.add(micro.get(step + layer));
        sideBySide.add(micro.get(step + 6 + layer));
      }
    }
    assertJoined(read(sideBySide).accepted);
  }

  private void assertJoined(List<RequestTrace> halves) {
    assertThat(halves).hasSize(4);
    for (int i = 0; i < 2; i++) {
      for (int layer = 0; layer < 6; layer++) {
        short[] first = halves.get(2 * i).experts()[layer];
        short[] second = halves.get(2 * i + 1).experts()[layer];
        short[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        assertThat(joined).isEqualTo(fed.get(i).experts()[layer]);
      }
    }
  }

  @Test
  void aPipelineStageIsRefusedWithTheLayersMissing() {
    assertRefused(
        lines("mega-pp"),
        TraceHints.NONE,
        "its layer numbers are 1, 3, 5",
        "missing, if numbers count from 0: 7, 9, 11",
        "--pipeline-model-parallel-size 1");
    assertRefused(
        numbered(lines("mega-pp"), number -> number + 1),
        TraceHints.NONE,
        "missing, if numbers count from 1: 8, 10, 12");
  }

  @Test
  void layersCountedFromOneAreToldByTheWholeFile() throws Exception {
    List<String> fromOne = numbered(train, number -> number + 1);
    Requests read = read(fromOne);
    Requests.assertSame(read.accepted, fed);
    assertThat(read.remarks)
        .singleElement()
        .asString()
        .contains("counted from 1", "number 2 was taken for layer 1");
    Requests.assertSame(read(fromOne, hints(LayerNumbers.FROM_ONE)).accepted, fed);
    assertRefused(fromOne, hints(LayerNumbers.FROM_ZERO), "do not fit --layer-numbers from-zero");
  }

  @Test
  void positionsAmongTheMoeLayersAreTold() throws Exception {
    Requests read = read(numbered(train, number -> number / 2));
    Requests.assertSame(read.accepted, fed);
    assertThat(read.remarks).singleElement().asString().contains("0 to 5", "positions");
  }

  /** MoE layers 1 to 26 and one of multi-token prediction: both ways of counting give 1 to 27. */
  @Test
  void theUserIsAskedIfBothWaysFit() throws Exception {
    ModelSpec model = ModelSpecs.load("deepseek-v2-lite");
    List<String> both = new ArrayList<>();
    for (int number = 1; number <= 27; number++) {
      both.add(
          "{\"step\": 0, \"layer\": %d, \"top_indices\": [[1, 2, 3, 4, 5, %d]]}"
              .formatted(number, number + 5));
    }
    assertThatThrownBy(
            () -> Requests.of(new MegatronRouterReader(), file(both), model, TraceHints.NONE))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContainingAll("fit counting from 0", "and counting from 1", "--layer-numbers");
    for (LayerNumbers told : List.of(LayerNumbers.FROM_ZERO, LayerNumbers.FROM_ONE)) {
      Requests read = Requests.of(new MegatronRouterReader(), file(both), model, hints(told));
      assertThat(read.accepted).hasSize(1);
      assertThat(read.remarks)
          .singleElement()
          .asString()
          .contains("layer numbers " + (told == LayerNumbers.FROM_ZERO ? 27 : 1) + " are left out");
    }
  }

  @Test
  void linesOfMultiTokenPredictionAreLeftOut() throws Exception {
    List<String> named = new ArrayList<>(train);
    named.add(6, train.get(0).replace("decoder", "mtp"));
    Requests read = read(named);
    Requests.assertSame(read.accepted, fed);
    assertThat(read.remarks).singleElement().asString().contains("1 lines of block mtp");

    List<String> numbered = new ArrayList<>(train);
    numbered.add(6, train.get(0).replace("\"layer\": 1", "\"layer\": 12"));
    read = read(numbered);
    Requests.assertSame(read.accepted, fed);
    assertThat(read.remarks).singleElement().asString().contains("layer numbers 12 are left out");
  }

  /** The number of an MTP layer may be that of a layer of the decoder. */
  @Test
  void numbersThatComeAgainAfterTheMicroBatchAreLeftOut() throws Exception {
    List<String> again = new ArrayList<>(train);
    again.add(12, train.get(7));
    again.add(6, train.get(1));
    Requests read = read(again);
    Requests.assertSame(read.accepted, fed);
    assertThat(read.remarks).singleElement().asString().contains("2 lines are left out");
  }

  @Test
  void aPassThatIsRunAgainBackwardsCountsOnce() throws Exception {
    List<String> recomputed = new ArrayList<>();
    for (int step = 0; step < 12; step += 6) {
      List<String> forward = train.subList(step, step + 6);
      List<String> backward = new ArrayList<>(forward);
      Collections.reverse(backward);
      recomputed.addAll(forward);
      recomputed.addAll(backward);
    }
    Requests read = read(recomputed);
    Requests.assertSame(read.accepted, fed);
    assertThat(read.remarks).singleElement().asString().contains("2 micro-batches repeat");
  }

  @Test
  void whatIsWholeOfACutFileIsKept() throws Exception {
    String text = String.join("\n", train);
    TraceFile cut = file(text.substring(0, text.length() - 200));
    Requests read = Requests.of(new MegatronRouterReader(), cut, EngineDump.MODEL);
    Requests.assertSame(read.accepted, fed.subList(0, 1));
    assertThat(read.remarks)
        .singleElement()
        .asString()
        .contains("ends inside line 12, in step 6 after 5 of 6", "1 whole micro-batches");

    read = read(train.subList(0, 9));
    Requests.assertSame(read.accepted, fed.subList(0, 1));
    assertThat(read.remarks).singleElement().asString().contains("inside a micro-batch, in step 6");

    assertRefused(train.subList(0, 3), TraceHints.NONE, "count from 0: 7, 9, 11");
    assertThatThrownBy(
            () ->
                Requests.of(
                    new MegatronRouterReader(), file(text.substring(0, 300)), EngineDump.MODEL))
        .hasMessageContaining("ends inside line 1");
  }

  @Test
  void ranksThatRouteTheSameTokensHaveTheSameId() throws Exception {
    MegatronRouterReader reader = new MegatronRouterReader();
    String id = reader.tokensId(file(train)).orElseThrow();
    List<String> other = train.stream().map(l -> l.replace("\"rank\": 2", "\"rank\": 3")).toList();
    assertThat(reader.tokensId(file(other))).contains(id);
    assertThat(reader.tokensId(file(lines("mega-train-micro"))).orElseThrow()).isNotEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"step\": 1, | \"step\": 9,",
        "\"block\": \"decoder\" | \"block\": \"mtp\"",
        "\"layer\": 1, | \"layer\": 2,",
        "[[19, 25, | [[19, 26,"
      })
  void whatWasRecordedDecidesWhetherTokensAreTheSame(String recorded, String other)
      throws Exception {
    MegatronRouterReader reader = new MegatronRouterReader();
    List<String> changed = new ArrayList<>(train);
    changed.set(0, train.get(0).replace(recorded, other));
    assertThat(changed).isNotEqualTo(train);
    assertThat(reader.tokensId(file(changed))).isNotEqualTo(reader.tokensId(file(train)));
  }

  @Test
  void ranksWithoutTokensAreNoFault() throws Exception {
    List<String> idle = new ArrayList<>(train);
    for (int i = 0; i < 6; i++) {
      idle.add(
          i,
          "{\"step\": 0, \"block\": \"decoder\", \"layer\": %d, \"rank\": 2, \"num_tokens\": 0, \"top_indices\": []}"
              .formatted(2 * i + 1));
    }
    Requests.assertSame(read(idle).accepted, fed);
  }

  @Test
  void whatDoesNotFitTogetherSaysTheLine() {
    List<String> missing = new ArrayList<>(train);
    missing.remove(4);
    assertRefused(missing, TraceHints.NONE, "line 6: step 6, rank 2 begins, but step 1, rank 2");
    List<String> uneven = new ArrayList<>(train);
    uneven.set(5, train.get(11).replace("\"step\": 6", "\"step\": 1"));
    assertRefused(
        uneven, TraceHints.NONE, "line 6: step 1 has 36 tokens in layer 1 but 19 in layer 11");
    assertRefused(
        numbered(train, number -> number == 3 ? 4 : number),
        TraceHints.NONE,
        "its layer numbers are 1, 4, 5, 7, 9, 11",
        "missing, if numbers count from 0: 3");
  }

  private static List<String> numbered(List<String> lines, UnaryOperator<Integer> number) {
    return lines.stream()
        .map(
            line ->
                LAYER
                    .matcher(line)
                    .replaceFirst(
                        (MatchResult found) ->
                            "\"layer\": " + number.apply(Integer.valueOf(found.group(1)))))
        .toList();
  }

  private static List<String> lines(String recording) {
    byte[] bytes = Recordings.bytes(recording + "/router_trace_rank2.jsonl");
    return new String(bytes, StandardCharsets.UTF_8).lines().toList();
  }

  private static TraceFile file(List<String> lines) {
    return file(String.join("\n", lines) + "\n");
  }

  private static TraceFile file(String text) {
    return Requests.file("router_trace_rank2.jsonl", text.getBytes(StandardCharsets.UTF_8));
  }

  private static TraceHints hints(LayerNumbers numbers) {
    return new TraceHints(null, Map.of(), numbers, ExpertIds.AUTO);
  }

  private static Requests read(List<String> lines) throws Exception {
    return read(lines, TraceHints.NONE);
  }

  private static Requests read(List<String> lines, TraceHints hints) throws Exception {
    Requests read = Requests.of(new MegatronRouterReader(), file(lines), EngineDump.MODEL, hints);
    assertThat(read.rejected).isEmpty();
    return read;
  }

  private static void assertRefused(List<String> lines, TraceHints hints, String... reasons) {
    assertThatThrownBy(() -> read(lines, hints))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContainingAll(reasons);
  }
}
