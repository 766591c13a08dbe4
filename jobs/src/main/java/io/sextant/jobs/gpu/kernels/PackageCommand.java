package io.sextant.jobs.gpu.kernels;

import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.packaged.KernelPackage;
import io.sextant.jobs.gpu.option.GpuOption;
import io.sextant.schema.spec.ModelSpecs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate package}, the process in which a package runs. */
@Command(
    name = "package",
    description = "Checks and measures one kernel package; gpu-validate kernels starts it.",
    mixinStandardHelpOptions = true,
    hidden = true,
    footer = {
      "",
      "Example: sextant gpu-validate package --package packages/triton-row --model llama3-8b"
          + " --tokens 64"
    })
public final class PackageCommand implements Callable<Integer> {
  @Option(
      names = "--package",
      required = true,
      paramLabel = "DIR",
      description = "The package's folder.")
  private Path folder;

  @Option(
      names = "--model",
      defaultValue = "",
      paramLabel = "NAMES",
      description = "Models in conf/models; without one, the package is only checked.")
  private String models;

  @Option(
      names = "--tokens",
      defaultValue = "",
      paramLabel = "NUMBERS",
      description = "Numbers of tokens.")
  private String tokens;

  @Mixin private GpuOption gpu;

  @Override
  public Integer call() throws IOException {
    KernelPackage found = KernelPackage.read(folder);
    PackageRun run =
        new PackageRun(
            folder,
            found,
            words(models).map(ModelSpecs::load).toList(),
            words(tokens).map(Integer::valueOf).toList(),
            KernelsCommand.SAMPLES);
    try (Kernels device = gpu.open()) {
      System.out.println(found.library() + ": checking");
      run.run(device, System.out);
    }
    return 0;
  }

  private static Stream<String> words(String list) {
    return Arrays.stream(list.split(",", -1)).filter(word -> !word.isEmpty());
  }
}
