package io.sextant.schema.trace.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.PackBytes;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.pack.SextantPackReader;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests 1000010 and 1000054 have the same rows in the dumps of all engines. */
class EngineFormatsTest {
  private static final int TOP_K = EngineDump.MODEL.topK();

  private final List<RequestTrace> pack;

  EngineFormatsTest() throws Exception {
    pack =
        Requests.of(
                new SextantPackReader(),
                Requests.file("pack", PackBytes.of("long-a-2").bytes()),
                EngineDump.MODEL)
            .accepted;
  }

  @ParameterizedTest
  @EnumSource(EngineDump.class)
  void everyFormatIsToldByItsContent(EngineDump dump) throws Exception {
    TraceFile nameless = Requests.file("a", PackBytes.gzip(dump.bytes()));
    TraceReader reader = TraceFormats.detect(nameless);
    assertThat(reader.format()).isEqualTo(dump.format);
    assertThat(TraceFormats.byName(dump.format)).isSameAs(reader);
    reader.verify(nameless, EngineDump.MODEL);
  }

  @Test
  void vllmHasTheWholeRequestsWithTheirPhases() throws Exception {
    for (int i = 0; i < 2; i++) {
      EngineDump dump = i == 0 ? EngineDump.VLLM_10 : EngineDump.VLLM_54;
      RequestTrace found = dump.requests().get(0);
      assertThat(found.requestId()).isEqualTo(pack.get(i).requestId());
      assertPhases(found, pack.get(i), pack.get(i).decodeTokens());
      assertThat(Arrays.deepEquals(found.experts(), pack.get(i).experts())).isTrue();
    }
  }

  @Test
  void tensorRtHasTheRowsOfTheRanksIterations() throws Exception {
    List<RequestTrace> found = EngineDump.TENSORRT_LLM.requests();
    assertThat(found).extracting(RequestTrace::requestId).containsExactly(102L, 113L);
    for (int i = 0; i < 2; i++) {
      assertThat(Arrays.deepEquals(found.get(i).experts(), pack.get(i).experts())).isTrue();
      assertThat(found.get(i).sourceRank()).isEqualTo(2);
    }
  }

  @Test
  void megatronHasTheRowsOfTheMicroBatch() throws Exception {
    List<RequestTrace> found = EngineDump.MEGATRON.requests();
    assertThat(found).hasSize(1);
    assertThat(Arrays.deepEquals(found.get(0).experts(), pack.get(0).experts())).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineDump.class,
      names = {"SGLANG", "SGLANG_BATCHED"})
  void sglangHasThePromptsAndTheFirst24DecodeSteps(EngineDump dump) throws Exception {
    List<RequestTrace> found = dump.requests();
    assertThat(found).hasSize(2);
    for (int i = 0; i < 2; i++) {
      RequestTrace request = found.get(i);
      assertPhases(request, pack.get(i), 24);
      for (int layer = 0; layer < request.layers().length; layer++) {
        short[] whole = pack.get(i).experts()[layer];
        assertThat(request.experts()[layer])
            .isEqualTo(Arrays.copyOf(whole, request.tokens() * TOP_K));
      }
    }
    assertThat(found.get(0).arrivalMillis())
        .isEqualTo(dump == EngineDump.SGLANG ? 1757203200000L : 1757203300000L);
  }

  private static void assertPhases(RequestTrace found, RequestTrace expected, int decodeTokens) {
    assertThat(found.prefillTokens()).isEqualTo(expected.prefillTokens());
    assertThat(found.decodeTokens()).isEqualTo(decodeTokens);
    assertThat(found.layers()).isEqualTo(expected.layers());
  }
}
