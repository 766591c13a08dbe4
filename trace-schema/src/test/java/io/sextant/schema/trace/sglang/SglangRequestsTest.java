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
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How batches of an engine that names no requests are told apart. */
class SglangRequestsTest {
  private static final TorchTensor EXPERTS =
      new TorchTensor("IntStorage", "0", 0, new long[] {6, 4096, 8});
  private static final int[] ROW = {0, 1, 2, 3, 4, 5, 6, 7};

  private final Requests found = new Requests();
  private final SglangRequests requests = requests();
  private long pass;

  private SglangRequests requests() {
    return new SglangRequests(EngineDump.MODEL, new HeapShare(), found, 0);
  }

  @Test
  void aDecodeRowBelongsToTheNextRequestAtItsPosition() throws Exception {
    extend(0, 3, 0, 3);
    decode(3, 3);
    decode(4, 4);
    requests.end();
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
    requests.end();
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
    requests.end();
    assertThat(found.accepted).hasSize(1);
    assertThat(found.accepted.get(0).prefillTokens()).isEqualTo(8);
    assertThat(found.accepted.get(0).decodeTokens()).isEqualTo(1);
  }

  @Test
  void rowsWithoutTheirPromptAreARequestOfDecodeRows() throws Exception {
    decode(100, 7);
    decode(101, 8);
    requests.end();
    assertThat(found.accepted).hasSize(2);
    assertThat(found.accepted.get(0).prefillTokens()).isZero();
    assertThat(found.accepted.get(1).decodeTokens()).isEqualTo(2);
  }

  @Test
  void aMixedPassHasBothPhases() throws Exception {
    extend(0, 3);
    take(SglangPass.MIXED, new int[] {3, 0, 1}, list(1, 2));
    requests.end();
    assertThat(found.accepted)
        .extracting(RequestTrace::prefillTokens, RequestTrace::decodeTokens)
        .containsExactly(tuple(3, 1), tuple(2, 0));
  }

  @Test
  void faultsNameThePass() {
    assertThatThrownBy(() -> take(SglangPass.EXTEND, new int[] {0, 1}, null))
        .hasMessage("forward pass 1 has no extend_seq_lens");
    assertThatThrownBy(() -> take(SglangPass.EXTEND, new int[] {0, 1}, list(3)))
        .hasMessage("forward pass 2 has 2 positions, but its requests have 3 tokens");
    assertThatThrownBy(() -> take(SglangPass.EXTEND, new int[] {0, 2}, list(2)))
        .hasMessage("forward pass 3 has a request whose positions have gaps");
    assertThatThrownBy(() -> take(6, new int[] {0}, null))
        .hasMessage(
            "forward pass 4 has forward_mode 6; extend, decode, mixed and idle (1 to 4) are read,"
                + " without speculative decoding");
    assertThatThrownBy(() -> take(SglangPass.DECODE, new int[] {-1}, null))
        .hasMessage("forward pass 5 has position -1");
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
    take(SglangPass.EXTEND, positions, list(lengths));
  }

  private void decode(int... positions) throws Exception {
    take(SglangPass.DECODE, positions, null);
  }

  private void take(int mode, int[] positions, PickledList lengths) throws Exception {
    Map<String, Object> record = new HashMap<>();
    record.put("forward_pass_id", ++pass);
    record.put("rank", 0L);
    record.put("forward_mode", (long) mode);
    record.put("positions", list(positions));
    record.put("extend_seq_lens", lengths);
    record.put("topk_ids_of_layer", EXPERTS);
    for (LayerRows owner : requests.follow(SglangPass.of(record))) {
      for (int layer = 0; layer < 6; layer++) {
        owner.add(layer, ROW, 0);
      }
    }
  }

  private static PickledList list(int... numbers) {
    PickledList list = new PickledList();
    for (int number : numbers) {
      list.add((long) number);
    }
    return list;
  }
}
