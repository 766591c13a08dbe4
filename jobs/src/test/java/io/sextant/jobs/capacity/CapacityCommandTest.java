package io.sextant.jobs.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapacityCommandTest {
  @TempDir Path folder;

  private static CommandRun capacity(String model, String cluster, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("capacity", "--model", model, "--cluster", cluster));
    arguments.addAll(Arrays.asList(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private CommandRun solve(String model, String cluster, String slots, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "solve",
                "--warehouse",
                folder.toString(),
                "--model",
                model,
                "--cluster",
                cluster,
                "--slots",
                slots,
                "--out",
                folder.resolve("plan").toString()));
    arguments.addAll(Arrays.asList(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void saysWhatAGpuHolds() {
    CommandRun run = capacity("llama4-scout", "4x8-h100", "--gpus", "1", "--precision", "int4");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "llama4-scout in int4 on 1 x H100: 1 GPU, 77.0 GB of each for weights and KV cache;"
                + " tensor parallel 1")
        .contains("routed       96,636,764,160        49.83        49.83")
        .contains("It fits: at most 16 slots, 16 per GPU.");
  }

  @Test
  void namesTheSmallestClusterIfNothingFits() throws Exception {
    CommandRun run = capacity("deepseek-v3", "4x8-h100", "--gpus", "8");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .endsWith(
            "It does not fit. The smallest cluster of this kind that fits: 16 GPUs, 256 slots,"
                + " 43.5 GB of weights per GPU."
                + System.lineSeparator());
    JsonNode json =
        new ObjectMapper()
            .readTree(capacity("deepseek-v3", "4x8-h100", "--gpus", "8", "--json").out());
    assertThat(json.at("/fits").booleanValue()).isFalse();
    assertThat(json.at("/smallest_cluster/gpus").intValue()).isEqualTo(16);
    assertThat(json.at("/slots/0/fits").booleanValue()).isFalse();
  }

  @Test
  void aProvidersLimitIsAContext() throws Exception {
    JsonNode json =
        new ObjectMapper()
            .readTree(
                capacity("llama4-scout", "4x8-h200", "--gpus", "8", "--limit", "together", "--json")
                    .out());
    assertThat(json.at("/context").intValue()).isEqualTo(327_680);
    assertThat(capacity("llama4-scout", "4x8-h200", "--limit", "nobody").lastError())
        .isEqualTo(
            "sextant: --limit nobody: the description of llama4-scout has no such limit. Give one of"
                + " groq, fireworks, together, llama-api");
    assertThat(capacity("mixtral-8x7b", "4x8-h200", "--limit", "groq").lastError())
        .endsWith("has no such limit. Give --context");
  }

  @Test
  void wrongOptionsAreOneLine() {
    assertThat(capacity("deepseek-v3", "4x8-h200", "--gpus", "12").lastError())
        .isEqualTo(
            "sextant: --gpus 12: it is neither a part of a node of 8 GPUs nor whole nodes. Give 1 to"
                + " 8, or a multiple of 8");
    assertThat(capacity("deepseek-v3", "4x8-h200", "--tensor-parallel", "5").lastError())
        .isEqualTo("sextant: --tensor-parallel 5: it does not divide 32 GPUs. Give a divisor");
    assertThat(capacity("deepseek-v3", "4x8-h200", "--kv-precision", "int3").lastError())
        .isEqualTo("sextant: --kv-precision int3: it is not known. Give bf16 or fp8");
    assertThat(capacity("deepseek-v3", "4x8-h200", "--context", "0").lastError())
        .isEqualTo("sextant: --context 0: it must be positive. Give a positive number");
  }

  @Test
  void plansThatDoNotFitAreRefusedWithTheNumbers() {
    CommandRun run = solve("deepseek-v3", "4x8-h200", "2048");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: 2048 slots of deepseek-v3 in fp8-block on 4x8-h200: a GPU would hold 166.1 GB of"
                + " weights and 0.6 GB of KV cache for 1 sequences of 8192 tokens, and has 135.7 GB"
                + " for both. Give at most 1632 slots");
    assertThat(
            solve(
                    "deepseek-v3",
                    "4x8-h100",
                    "256",
                    "--precision",
                    "bf16",
                    "--context",
                    "100000",
                    "--sequences",
                    "400")
                .lastError())
        .contains(" for 400 sequences of 100000 tokens, and has 77.0 GB for both. ")
        .contains("The smallest cluster of this kind that fits has ");
  }

  @Test
  void automaticSlotsNeedThePromise() {
    CommandRun run = solve("deepseek-v3", "4x8-h200", "auto");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: --slots auto: the KV cache that must have room is not given. Give --context (or"
                + " --limit) and --sequences");
    assertThat(
            solve("deepseek-v3", "4x8-h200", "auto", "--context", "131072", "--sequences", "4096")
                .lastError())
        .startsWith(
            "sextant: 256 slots of deepseek-v3 in fp8-block on 4x8-h200: a GPU would hold ");
    assertThat(solve("deepseek-v3", "4x8-h200", "many").lastError())
        .isEqualTo("sextant: --slots many: it is not a whole number. Give a number, or auto");
  }
}
