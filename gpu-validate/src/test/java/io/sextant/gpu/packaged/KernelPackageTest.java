package io.sextant.gpu.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelPackageTest {
  static final Path PACKAGES = packages();

  @TempDir private Path folder;

  private static Path packages() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("packages/nvcc"))) {
      here = here.getParent();
    }
    return here.resolve("packages");
  }

  @Test
  void readsThePackagesOfTheRepository() throws IOException {
    List<Path> all =
        Stream.of("nvcc", "hostile")
            .flatMap(name -> folders(PACKAGES.resolve(name)).stream())
            .toList();
    assertThat(all).hasSizeGreaterThanOrEqualTo(5);
    for (Path path : all) {
      KernelPackage found = KernelPackage.read(path);
      assertThat(found.library()).isEqualTo("package " + path.getFileName() + " 1");
      assertThat(new PackageCheck(found).layoutObjection()).isNull();
    }
  }

  private static List<Path> folders(Path path) {
    try {
      return KernelPackage.folders(path);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aVariantSaysWhichProductsItFits() throws IOException {
    KernelPackage.Variant variant =
        KernelPackage.read(PACKAGES.resolve("nvcc/skinny-row")).variants().get(0);
    assertThat(variant.objection(16, 4096, 7168)).isNull();
    assertThat(variant.objection(65, 4096, 7168)).isEqualTo("m = 65 is over 64");
    assertThat(variant.objection(16, 4090, 7168)).isEqualTo("n = 4090 is not a multiple of 16");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "recipe: e4m3-row|recipe: e4m3-column|recipe e4m3-column is not one of a dense product",
        "architecture: sm_90a|architecture: hopper|architecture hopper is not like sm_90a",
        "product: gemm|product: convolution|product convolution is neither gemm nor grouped-gemm",
        "threads: 256|threads: 2048|variant sixteen lacks a field, or a number of it is out of range",
        "licence: Apache-2.0|weight: 3|Unrecognized field",
      })
  void aWrongFieldIsNamed(String text, String wrong, String message) throws IOException {
    String yaml = Files.readString(PACKAGES.resolve("nvcc/skinny-row/package.yaml"));
    assertThat(yaml).contains(text);
    Files.writeString(folder.resolve(KernelPackage.FILE), yaml.replace(text, wrong));
    assertThatThrownBy(() -> KernelPackage.read(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("package.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void aNewerArchitectureAndAnotherLayoutAreRefused() throws IOException {
    String yaml = Files.readString(PACKAGES.resolve("nvcc/skinny-row/package.yaml"));
    Files.writeString(
        folder.resolve(KernelPackage.FILE),
        yaml.replace("sm_90a", "sm_100a").replace("weights: n k", "weights: k n"));
    KernelPackage found = KernelPackage.read(folder);
    assertThat(found.objection(9, 0))
        .isEqualTo("it is for sm_100a, and this GPU has compute capability 9.0");
    assertThat(found.objection(10, 0)).isNull();
    assertThat(new PackageCheck(found).layoutObjection())
        .isEqualTo("it wants weights as [k n], and they are [n k]");
  }

  @Test
  void aFolderWithoutPackagesIsNamed() {
    assertThatThrownBy(() -> KernelPackage.folders(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no folder in it has a package.yaml");
  }
}
