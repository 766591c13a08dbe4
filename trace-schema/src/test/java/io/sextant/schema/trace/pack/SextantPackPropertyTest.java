package io.sextant.schema.trace.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SextantPackPropertyTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");
  private final List<RequestTrace> real;
  private final PackBytes pack;

  SextantPackPropertyTest() throws Exception {
    pack = PackBytes.of("day01-12");
    real =
        Requests.of(new SextantPackReader(), Requests.file("pack", pack.bytes()), MODEL).accepted;
  }

  @Property(tries = 200)
  void whatIsWrittenIsRead(@ForAll @Size(max = 30) List<@IntRange(max = 11) Integer> chosen)
      throws Exception {
    List<RequestTrace> requests = chosen.stream().map(real::get).toList();
    byte[] bytes = written(requests);
    assertThat(bytes).isEqualTo(written(requests));
    Requests.assertSame(
        Requests.of(new SextantPackReader(), Requests.file("pack", bytes), MODEL).accepted,
        requests);
  }

  @Property(tries = 300)
  void everyCutIsFound(@ForAll @IntRange(max = 30_000) int at) {
    byte[] bytes = pack.bytes();
    byte[] cut = Arrays.copyOf(bytes, at % bytes.length);
    Throwable thrown =
        catchThrowable(() -> new SextantPackReader().verify(Requests.file("pack", cut), MODEL));
    assertThat(thrown)
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageMatching("truncated: expected \\d+ bytes, found " + cut.length);
  }

  /**
   * If any byte is wrong, the reader rejects the file in one line, or the requests that it accepts
   * are sound.
   */
  @Property(tries = 1_000)
  void noFlippedByteDoesHarm(@ForAll @IntRange(max = 30_000) int at, @ForAll byte value)
      throws Exception {
    byte[] bytes = pack.bytes();
    bytes[at % bytes.length] = value;
    Requests found = new Requests();
    try {
      new SextantPackReader().read(Requests.file("pack", bytes), MODEL, found);
    } catch (CorruptTraceException e) {
      assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
    }
    for (RequestTrace request : found.accepted) {
      assertThat(request.prefillTokens()).isNotNegative();
      assertThat(request.decodeTokens()).isNotNegative();
      for (short[] experts : request.experts()) {
        assertThat(experts).hasSize(request.tokens() * 8);
        assertThat(soundTokens(experts)).isEqualTo(request.tokens());
      }
    }
  }

  private static int soundTokens(short[] experts) {
    int sound = 0;
    for (int token = 0; token < experts.length / 8; token++) {
      BitSet distinct = new BitSet();
      for (int k = 0; k < 8; k++) {
        distinct.set(experts[token * 8 + k]);
      }
      sound += distinct.cardinality() == 8 && distinct.length() <= 128 ? 1 : 0;
    }
    return sound;
  }

  /** A request that is longer than the reader's blocks. */
  @Property(tries = 5)
  void longRequestsSpanBlocks(@ForAll @IntRange(min = 100, max = 400) int copies) throws Exception {
    RequestTrace one = real.get(3);
    short[][] experts = new short[6][];
    for (int layer = 0; layer < 6; layer++) {
      int length = one.experts()[layer].length;
      experts[layer] = new short[length * copies];
      for (int copy = 0; copy < copies; copy++) {
        System.arraycopy(one.experts()[layer], 0, experts[layer], copy * length, length);
      }
    }
    RequestTrace longer =
        new RequestTrace(
            7, 0, "code-c", 3, 5, one.tokens() * copies - 5, 0, 8, one.layers(), experts);
    List<RequestTrace> requests = new ArrayList<>(List.of(real.get(0), longer, real.get(1)));
    Requests.assertSame(
        Requests.of(new SextantPackReader(), Requests.file("pack", written(requests)), MODEL)
            .accepted,
        requests);
  }

  private static byte[] written(List<RequestTrace> requests) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SextantPackWriter.write(out, MODEL, requests);
    return out.toByteArray();
  }
}
