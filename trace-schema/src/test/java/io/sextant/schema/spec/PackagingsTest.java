package io.sextant.schema.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackagingsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "bf16, 2",
    "fp8, 1.0009765625",
    "fp8-block, 1.000244140625",
    "int4, 0.515625",
    "mxfp4, 0.53125",
    "nvfp4, 0.5625"
  })
  void aWeightTakesItsBitsAndItsShareOfAScale(String name, double bytes) {
    assertThat(Packagings.names()).hasSize(6).contains(name);
    Packaging packaging = Packagings.load(name);
    assertThat(packaging.name()).isEqualTo(name);
    assertThat(packaging.bytesPerWeight()).isEqualTo(bytes);
  }

  @Test
  void trainedWeightsAreBf16() {
    assertThat(Packagings.load(Packagings.BF16)).isEqualTo(Packaging.BF16);
  }

  /** One expert of DeepSeek-V3 is 44 MB in FP8, with 2,688 scales of 4 bytes. */
  @Test
  void anExpertTakesTheBytesOfItsCheckpoint() {
    assertThat(Packagings.load("fp8-block").bytes(ModelSpecs.load("deepseek-v3").expertWeights()))
        .isEqualTo(44_040_192L + 2_688 * 4);
  }

  @Test
  void everyModelIsInAKnownPackaging() {
    for (String name : ModelSpecs.names()) {
      assertThat(Packagings.names()).contains(ModelSpecs.load(name).packaging());
    }
  }

  @Test
  void namesTheFieldThatIsWrong() throws Exception {
    Path file = folder.resolve("own.yaml");
    Files.writeString(file, "name: own\nweight_bits: 3\nproducts: fp6\n");
    assertThatThrownBy(() -> Packagings.load(file.toString()))
        .hasMessage(file + ": products: \"fp6\" is not known. Use one of bf16, e4m3");
    assertThatThrownBy(() -> Packagings.load("fp6"))
        .hasMessageStartingWith("packaging 'fp6': there is no such packaging. Did you mean fp8?");
  }
}
