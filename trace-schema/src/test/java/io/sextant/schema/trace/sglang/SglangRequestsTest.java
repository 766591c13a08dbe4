package io.sextant.schema.trace.sglang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.sextant.schema.file.HeapShare;
import io.sextant.schema.tensor.PickledList;
import io.sextant.schema.tensor.TorchTensor;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Separates the requests of batches from an engine that does not name requests. */
class SglangRequestsTest {
  private static final TorchTensor EXPERTS =
      TorchTensor.inRowOrder("IntStorage", "0", 0, 6, 4096, 8);
  private static final int[] ROW = {0, 1, 2, 3, 4, 5, 6, 7};
  private static final int EXTEND = 1;
  private static final int DECODE = 2;
  private static final int MIXED = 3;

  private final Requests found = new Requests();
  private final List<SglangPass> passes = new ArrayList<>();
  private boolean withInputIds = true;
  private long pass;
  private int underWay;

  @Test
  void aDecodeRowBelongsToTheNextRequestAtItsPosition() throws Exception {
    extend(0, 3, 0, 3);
    decode(3, 3);
    decode(4, 4);
    follow();
    assertThat(found.accepted)
        .extracting(RequestTrace::prefillTokens, RequestTrace::decodeTokens)
        .containsExactly(tuple(3, 2), tuple(3, 2));
  }

  @Test
  void aRequestThatIsMissingFromADecodePassHasEnded() throws Exception {
    extend(0, 4);
    decode(4);
    extend(0, 5);
    // The first request has ended at position 5: the row is the second one's.
    decode(5);
    decode(6);
    follow();
    assertThat(found.accepted)
        .extracting(
            RequestTrace::requestId, RequestTrace::prefillTokens, RequestTrace::decodeTokens)
        .containsExactly(tuple(0L, 4, 1), tuple(1L, 5, 2));
  }

  @Test
  void aPromptMayComeInChunks() throws Exception {
    extend(0, 4);
    extend(4, 4);
    decode(8);
    follow();
    assertThat(found.accepted).hasSize(1);
    assertThat(found.accepted.get(0).prefillTokens()).isEqualTo(8);
    assertThat(found.accepted.get(0).decodeTokens()).isEqualTo(1);
  }

  @Test
  void decodePassesMayComeBetweenTheChunksOfAPrompt() throws Exception {
    extend(0, 4);
    decode(4);
    extend(0, 8);
    decode(5);
    extend(8, 3);
    decode(6, 11);
    follow();
    assertThat(found.accepted)
        .extracting(RequestTrace::prefillTokens, RequestTrace::decodeTokens)
        .containsExactlyInAnyOrder(tuple(4, 3), tuple(11, 1));
  }

  /** A request whose prefix is cached; it starts at the position of another request. */
  @Test
  void aNewTurnIsNotJoinedToARequestThatDecodes() throws Exception {
    extend(0, 4);
    decode(4);
    extend(5, 3);
    decode(5, 8);
    follow();
    assertThat(found.accepted)
        .extracting(RequestTrace::prefillTokens, RequestTrace::decodeTokens)
        .containsExactly(tuple(4, 2), tuple(3, 1));
  }

  /** The ids of this test are a row's position plus 100. */
  @Test
  void keepsTheTokenIdsOfThePromptRowsThatRan() throws Exception {
    extend(0, 4);
    extend(4, 2, 3, 2);
    decode(6, 5);
    follow();
    assertThat(found.accepted)
        .extracting(RequestTrace::promptTokenIds)
        .containsExactlyInAnyOrder(new int[] {100, 101, 102, 103, 104, 105}, new int[] {103, 104});
  }

  @Test
  void aRequestWithoutTheTokenIdsOfAPassHasNone() throws Exception {
    extend(0, 4);
    withInputIds = false;
    extend(4, 2);
    follow();
    assertThat(found.accepted.get(0).prefillTokens()).isEqualTo(6);
    assertThat(found.accepted.get(0).promptTokenIds()).isEmpty();
  }

  /** The prompt that was cut is first in the next prefill; others start after a cached prefix. */
  @Test
  void onlyTheFirstOfAPassGoesOnWithAPrompt() throws Exception {
    extend(0, 4);
    extend(0, 2, 4, 3);
    decode(4, 2, 7);
    follow();
    assertThat(found.accepted)
        .extracting(RequestTrace::prefillTokens, RequestTrace::decodeTokens)
        .containsExactlyInAnyOrder(tuple(4, 1), tuple(2, 1), tuple(3, 1));
  }

  @Test
  void aRetractedRequestIsPrefilledAgainAsAnother() throws Exception {
    extend(0, 4, 0, 3);
    decode(4, 3);
    decode(5);
    extend(2, 2);
    decode(6, 4);
    follow();
    assertThat(found.accepted)
        .extracting(RequestTrace::prefillTokens, RequestTrace::decodeTokens)
        .containsExactlyInAnyOrder(tuple(4, 3), tuple(3, 1), tuple(2, 1));
  }

  /** A prefill server never decodes, so no decode pass shows which requests have ended. */
  @Test
  void promptsThatNothingGoesOnWithHaveEnded() throws Exception {
    for (int i = 0; i < 100; i++) {
      extend(0, 4, 0, 5);
    }
    follow();
    assertThat(found.accepted).hasSize(200);
    assertThat(underWay).isEqualTo(2);
  }

  @Test
  void rowsWithoutTheirPromptAreARequestOfDecodeRows() throws Exception {
    decode(100, 7);
    decode(101, 8);
    follow();
    assertThat(found.accepted).hasSize(2);
    assertThat(found.accepted.get(0).prefillTokens()).isZero();
    assertThat(found.accepted.get(1).decodeTokens()).isEqualTo(2);
  }

  @Test
  void aMixedPassHasBothPhases() throws Exception {
    extend(0, 3);
    take(MIXED, new int[] {3, 0, 1}, list(1, 2));
    follow();
    assertThat(found.accepted)
        .extracting(RequestTrace::prefillTokens, RequestTrace::decodeTokens)
        .containsExactly(tuple(3, 1), tuple(2, 0));
  }

  @Test
  void faultsNameThePass() {
    assertThatThrownBy(() -> take(EXTEND, new int[] {0, 1}, null))
        .hasMessage("forward pass 1 has no extend_seq_lens");
    assertThatThrownBy(() -> take(EXTEND, new int[] {0, 1}, list(3)))
        .hasMessage("forward pass 2 has 2 positions, but its requests have 3 tokens");
    assertThatThrownBy(() -> take(EXTEND, new int[] {0, 1}, list(3, -1)))
        .hasMessage("forward pass 3 has a request with fewer than 0 tokens");
    assertThatThrownBy(() -> take(DECODE, new int[] {-1}, null))
        .hasMessage("forward pass 4 has position -1");
    assertThatThrownBy(
            () -> {
              take(EXTEND, new int[] {0, 2}, list(2));
              follow();
            })
        .hasMessage("forward pass 5 has a request whose positions have gaps");
  }

  /** Pairs of first position and length. */
  private void extend(int... segments) throws Exception {
    int tokens = 0;
    int[] lengths = new int[segments.length / 2];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = segments[2 * i + 1];
      tokens += lengths[i];
    }
    int[] positions = new int[tokens];
    int at = 0;
    for (int i = 0; i < lengths.length; i++) {
      for (int j = 0; j < lengths[i]; j++) {
        positions[at++] = segments[2 * i] + j;
      }
    }
    take(EXTEND, positions, list(lengths));
  }

  private void decode(int... positions) throws Exception {
    take(DECODE, positions, null);
  }

  private void take(int mode, int[] positions, PickledList lengths) throws Exception {
    Map<String, Object> record = new HashMap<>();
    record.put("forward_pass_id", ++pass);
    record.put("rank", 0L);
    record.put("forward_mode", (long) mode);
    record.put("positions", list(positions));
    record.put("extend_seq_lens", lengths);
    if (withInputIds) {
      record.put("input_ids", list(Arrays.stream(positions).map(at -> at + 100).toArray()));
    }
    record.put("topk_ids_of_layer", EXPERTS);
    passes.add(SglangPass.of(record));
  }

  private void follow() throws Exception {
    SglangRequests requests =
        new SglangRequests(EngineDump.MODEL, passes, new HeapShare(), found, 0);
    for (SglangPass each : passes) {
      boolean[] recorded = new boolean[each.positions().length];
      Arrays.fill(recorded, true);
      for (LayerRows owner : requests.follow(each, recorded)) {
        for (int layer = 0; layer < 6; layer++) {
          owner.add(layer, ROW, 0);
        }
      }
      underWay = Math.max(underWay, requests.underWay());
    }
    requests.end();
  }

  private static PickledList list(int... numbers) {
    PickledList list = new PickledList();
    for (int number : numbers) {
      list.add((long) number);
    }
    return list;
  }
}
