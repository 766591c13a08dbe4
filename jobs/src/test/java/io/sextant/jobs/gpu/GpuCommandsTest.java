package io.sextant.jobs.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.gpu.cuda.CudaDevices;
import io.sextant.jobs.CommandRun;
import io.sextant.schema.InvalidInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs gpu-validate on a machine without a GPU: errors on the CPU, and one line for everything
 * else.
 */
class GpuCommandsTest {
  private static final String TENSORS =
      "../numerics/src/test/resources/precision/lrm-tensors.safetensors.gz";

  private static final String LAYERS =
      "../numerics/src/test/resources/winograd/face-recognition.safetensors.gz";

  @Test
  void realLayersArePrunedWithoutAGpu() {
    CommandRun run =
        CommandRun.of("gpu-validate", "winograd", "--input", LAYERS, "--budget", "0.03");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1 + 3 + 2 + 3 * 2 * 4);
    assertThat(run.out()).contains("conv64_1.conv1           f4   both        0.030");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "winograd --budget 0 --input " + LAYERS,
        "convolutions --batch 0 --input " + LAYERS,
        "convolutions --sparsity 1 --input " + LAYERS,
        "convolutions --input " + TENSORS,
        "pruned --chain top=53 --out runs.jsonl",
        "pruned --chain top=53-512-1 --tokens 0 --out runs.jsonl",
        "pruned --chain top=53-512-1 --densities 2 --out runs.jsonl"
      })
  void wrongSettingsAreNamedInOneLine(String command) {
    CommandRun run = CommandRun.of(("gpu-validate " + command).split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sextant: ").doesNotContain("No CUDA").hasLineCount(1);
  }

  @Test
  void theCpuGivesEveryErrorFigure() {
    CommandRun run =
        CommandRun.of("gpu-validate", "tensors", "--device", "cpu", "--input", TENSORS);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1 + 2 * 7);
    assertThat(run.out()).contains("bottom.fc2", "e4m3-block", "top.fc2");
  }

  @Test
  void theCpuGivesTheErrorsOfAttention() {
    CommandRun run = CommandRun.of("gpu-validate", "simplicial", "--device", "cpu", "--cases", "4");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1 + 4);
    assertThat(run.out()).contains("2-simplicial", "dot product").doesNotContain("WRONG");
  }

  @ParameterizedTest
  @CsvSource({
    "simplicial --windows 512x100, --windows: 512x100 is not a pair of windows. Give W1xW2",
    "simplicial --windows 512, --windows: 512 is not a pair of windows. Give W1xW2",
    "simplicial --heads 0, --heads",
    "sparse24 --out runs.jsonl --sizes 100, --sizes: 100 is not a valid size of a product",
    "sparse24 --out runs.jsonl --shift 9, --shift"
  })
  void aWrongSettingIsNamed(String command, String message) {
    CommandRun run = CommandRun.of(("gpu-validate " + command).split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sextant: " + message).hasLineCount(1);
    assertThat(Path.of("runs.jsonl")).doesNotExist();
  }

  @Test
  void aDamagedFileIsNamed() {
    CommandRun run =
        CommandRun.of("gpu-validate", "tensors", "--device", "cpu", "--input", "pom.xml");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sextant: pom.xml: ").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "devices",
        "check",
        "mods",
        "experts --tokens 32,64",
        "expert-times",
        "transfer --cluster 4x8-h200",
        "sparse24 --out runs.jsonl",
        "simplicial",
        "kernels --model llama3-8b --out runs.jsonl",
        "pruned --chain top=53-512-1 --out runs.jsonl",
        "convolutions --input " + LAYERS,
        "tensors --input " + TENSORS
      })
  void withoutAGpuOneLineSaysWhatIsMissing(String command) {
    Assumptions.assumeFalse(gpuIsThere(), "there is a GPU");
    CommandRun run = CommandRun.of(("gpu-validate " + command).split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sextant: No CUDA ").hasLineCount(1);
    assertThat(Path.of("runs.jsonl")).doesNotExist();
  }

  private static boolean gpuIsThere() {
    try {
      return !CudaDevices.list().devices().isEmpty();
    } catch (InvalidInputException e) {
      return false;
    }
  }
}
