package io.sextant.jobs.gpu.kernels;

import io.sextant.gpu.gemm.KernelRun;
import io.sextant.gpu.packaged.KernelPackage;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs the packages of a folder, each in a process of its own, because a kernel from outside may
 * hang or destroy the memory of its process. A package that fails is refused and the next one runs.
 *
 * @param gpu number of the GPU
 * @param device name of the GPU
 * @param silence time without a measurement after which a package is ended
 */
record PackageRuns(
    List<ModelSpec> models, List<Integer> tokens, int gpu, String device, Duration silence) {

  /**
   * Measures all packages of a folder.
   *
   * @param figures receives a line of JSON per package, product and number of tokens
   * @param text receives a line of text per package that was refused, and per measurement
   */
  void run(Path packages, Consumer<String> figures, Consumer<String> text)
      throws IOException, InterruptedException {
    for (Path folder : KernelPackage.folders(packages)) {
      KernelPackage found;
      try {
        found = KernelPackage.read(folder);
      } catch (InvalidInputException e) {
        text.accept("package %s is refused: %s".formatted(folder.getFileName(), e.getMessage()));
        continue;
      }
      run(folder, found, figures, text);
    }
  }

  private void run(
      Path folder, KernelPackage found, Consumer<String> figures, Consumer<String> text)
      throws IOException, InterruptedException {
    Set<String> measured = new HashSet<>();
    List<String> refusals = new ArrayList<>();
    Optional<String> fault =
        new WatchedProcess(command(folder), silence)
            .run(
                line -> {
                  if (line.startsWith("{")) {
                    KernelFigures run = KernelFigures.parse(line, found.library());
                    measured.add(key(run.model(), run.site(), run.tokens()));
                    figures.accept(line);
                  } else if (line.startsWith(PackageRun.REFUSED)) {
                    refusals.add(line.substring(PackageRun.REFUSED.length()));
                  } else {
                    text.accept(line);
                  }
                });
    fault.ifPresent(refusals::add);
    if (refusals.isEmpty()) {
      return;
    }
    text.accept(found.library() + " is refused: " + refusals.get(0));
    for (ModelSpec model : found.grouped() ? List.<ModelSpec>of() : models) {
      for (GemmSite site : GemmSite.of(model)) {
        for (int count : tokens) {
          if (!measured.contains(key(model.name(), site.name(), count))) {
            figures.accept(
                KernelRun.refused(
                        site, count, Recipe.of(found.recipe()), found.library(), 0, refusals.get(0))
                    .figures(model.name(), device)
                    .toJson());
          }
        }
      }
    }
  }

  /**
   * Checks a package in a process of its own.
   *
   * @return the reason to refuse it; empty if there is none
   */
  Optional<String> refusal(Path folder) throws IOException, InterruptedException {
    List<String> refusals = new ArrayList<>();
    Optional<String> fault =
        new WatchedProcess(command(folder), silence)
            .run(
                line -> {
                  if (line.startsWith(PackageRun.REFUSED)) {
                    refusals.add(line.substring(PackageRun.REFUSED.length()));
                  }
                });
    fault.ifPresent(refusals::add);
    return refusals.stream().findFirst();
  }

  private static String key(String model, String site, int tokens) {
    return model + " " + site + " " + tokens;
  }

  private List<String> command(Path folder) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx2g",
        "-XX:-UsePerfData",
        "-cp",
        System.getProperty("java.class.path"),
        "io.sextant.jobs.gpu.SextantGpu",
        "gpu-validate",
        "package",
        "--package",
        folder.toString(),
        "--model=" + models.stream().map(ModelSpec::name).collect(Collectors.joining(",")),
        "--tokens=" + tokens.stream().map(String::valueOf).collect(Collectors.joining(",")),
        "--gpu",
        String.valueOf(gpu));
  }
}
