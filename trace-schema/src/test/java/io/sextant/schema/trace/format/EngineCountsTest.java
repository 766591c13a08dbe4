package io.sextant.schema.trace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.trace.tensorrt.TensorRtCountsReader;
import io.sextant.schema.trace.vllm.VllmLoadReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts of engines equal the sums over the traces of the same requests. */
class EngineCountsTest {

  @Test
  void tensorRtCountsWhatItsRawRowsHold() throws Exception {
    List<RequestTrace> traced = EngineDump.TENSORRT_LLM.requests();
    List<LoadCounts> counts = EngineDump.TENSORRT_LLM_COUNTS.counts();
    assertThat(counts).extracting(LoadCounts::step).containsExactly(102L, 113L);
    for (int i = 0; i < 2; i++) {
      assertThat(counts.get(i).layers()).isEqualTo(traced.get(i).layers());
      assertThat(counts.get(i).arrivalMillis()).isEqualTo(Requests.MODIFIED_MILLIS);
      assertThat(Arrays.deepEquals(counts.get(i).tokens(), sum(traced.subList(i, i + 1)))).isTrue();
    }
  }

  @Test
  void sglangCountsInPhysicalExpertsWhatItsTokensHold() throws Exception {
    List<LoadCounts> passes = EngineDump.SGLANG_PER_PASS.counts();
    assertThat(passes).hasSize(50);
    assertThat(passes.get(0).arrivalMillis()).isEqualTo(Requests.MODIFIED_MILLIS);
    long[][] sum = new long[6][128];
    for (LoadCounts pass : passes) {
      for (int layer = 0; layer < 6; layer++) {
        for (int e = 0; e < 128; e++) {
          sum[layer][e] += pass.tokens()[layer][e];
        }
      }
    }
    assertThat(Arrays.deepEquals(sum, sum(EngineDump.SGLANG.requests()))).isTrue();
  }

  /** SGLang counts logical experts there, vLLM physical ones. */
  @Test
  void sglangStatAndVllmCountTheSameSteps() throws Exception {
    List<LoadCounts> sglang = EngineDump.SGLANG_STAT.counts();
    List<LoadCounts> vllm = EngineDump.VLLM_LOAD.counts();
    assertThat(vllm).hasSize(8);
    assertThat(vllm.get(0).tokens()[0]).startsWith(47, 229, 109, 215, 205, 216);
    for (int i = 0; i < 8; i++) {
      assertThat(vllm.get(i).step()).isEqualTo(i).isEqualTo(sglang.get(i).step());
      assertThat(Arrays.deepEquals(vllm.get(i).tokens(), sglang.get(i).tokens())).isTrue();
    }
  }

  /** Two steps of the model around a rearrangement, each before one of the draft model. */
  @Test
  void stepsAreCountedByRecordAndADraftModelsAreLeftOut() throws Exception {
    Requests read =
        Requests.of(new VllmLoadReader(), EngineDump.VLLM_LOAD_DRAFT.file(), EngineDump.MODEL);
    assertThat(read.counts).extracting(LoadCounts::step).containsExactly(0L, 1L);
    assertThat(read.remarks)
        .containsExactly(
            "2 of its 4 records are of another model, such as a drafter; they are left out");
    String text = new String(EngineDump.VLLM_LOAD_DRAFT.bytes(), StandardCharsets.UTF_8);
    String drafts = text.lines().filter(line -> line.contains("drafter")).toList().get(0);
    TraceFile alone = Requests.file("a", drafts.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Requests.of(new VllmLoadReader(), alone, EngineDump.MODEL))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessage(
            "line 1: the file has 1 layers, but model sextant-128x8 has 6 MoE layers of 12");
  }

  @Test
  void anUnusedSlotHasNoLoad() throws Exception {
    String text = new String(EngineDump.VLLM_LOAD.bytes(), StandardCharsets.UTF_8);
    String unused =
        text.replaceAll("\\]\\], \"p2l_map\"", ", 0]], \"p2l_map\"")
            .replaceAll("\\]\\]\\}", ", -1]]}");
    TraceFile file = Requests.file("a", unused.getBytes(StandardCharsets.UTF_8));
    List<LoadCounts> found = Requests.of(new VllmLoadReader(), file, EngineDump.MODEL).counts;
    assertThat(unused).isNotEqualTo(text);
    assertThat(found).hasSize(8);
    String loaded = unused.replace(", 0]], \"p2l_map\"", ", 3]], \"p2l_map\"");
    TraceFile broken = Requests.file("a", loaded.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Requests.of(new VllmLoadReader(), broken, EngineDump.MODEL))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining("expert -1 is not below num_experts 128");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"step\": 0     | \"step\": -1    | needs step, and expert_load and p2l_map of the same",
        "expert_load\": [[47 | expert_load\": [[-47 | line 2: layer 1, expert 0: -47 tokens",
        "expert_load\": [[47 | expert_load\": [[4.5 | expert_load has a value that is not a whole",
        "expert_load\": [[47, | expert_load\": [[ | 143 physical experts in expert_load, 144 in",
        "p2l_map\": [[0 | p2l_map\": [[128 | expert 128 is not below num_experts 128",
        "eplb_load_stats | other             | the file has no record of type eplb_load_stats"
      })
  void damagedLoadStatisticsSayWhere(String sound, String broken, String reason) {
    String text = new String(EngineDump.VLLM_LOAD.bytes(), StandardCharsets.UTF_8);
    String damaged = text.replace(sound.strip(), broken.strip());
    assertThat(damaged).isNotEqualTo(text);
    TraceFile file = Requests.file("load.jsonl", damaged.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Requests.of(new VllmLoadReader(), file, EngineDump.MODEL))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining(reason.strip());
  }

  @Test
  void aCutCountFileSaysHowFarItGoes() {
    byte[] whole = EngineDump.TENSORRT_LLM_COUNTS.bytes();
    TraceFile file = Requests.file("rank2.safetensors", Arrays.copyOf(whole, whole.length - 9));
    assertThatThrownBy(() -> Requests.of(new TensorRtCountsReader(), file, EngineDump.MODEL))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining("%d".formatted(whole.length - 9));
  }

  private static long[][] sum(List<RequestTrace> requests) {
    long[][] tokens = new long[6][128];
    for (RequestTrace request : requests) {
      for (int layer = 0; layer < 6; layer++) {
        for (short expert : request.experts()[layer]) {
          tokens[layer][expert]++;
        }
      }
    }
    return tokens;
  }
}
