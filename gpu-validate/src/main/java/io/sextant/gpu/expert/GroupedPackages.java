package io.sextant.gpu.expert;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.expert.ExpertBench.Packaged;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.measure.Stopwatch;
import io.sextant.gpu.packaged.KernelPackage;
import io.sextant.gpu.packaged.LoadedPackage;
import io.sextant.gpu.packaged.PackagedKernel;
import io.sextant.gpu.packaged.PackagedProduct;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.gemm.ErrorFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Times of the variants of packages for one grouped product, collected over several rounds. */
final class GroupedPackages {
  private final CudaStream stream;
  private final Stopwatch stopwatch;
  private final int samples;

  /** Runs by package and variant, one per round. */
  private final Map<String, List<Packaged>> rounds = new TreeMap<>();

  GroupedPackages(CudaStream stream, Stopwatch stopwatch, int samples) {
    this.stream = stream;
    this.stopwatch = stopwatch;
    this.samples = samples;
  }

  /**
   * Measures the variants that fit and whose sampled outputs are right.
   *
   * @param error computes the error of the outputs at hand
   */
  void run(
      LoadedPackage each,
      GroupedGemm.Projection projection,
      int[] tokensOfExpert,
      Supplier<ErrorFigures> error) {
    int[] offsets = new int[tokensOfExpert.length + 1];
    for (int expert = 0; expert < tokensOfExpert.length; expert++) {
      offsets[expert + 1] = offsets[expert] + tokensOfExpert[expert];
    }
    try (DeviceBuffer firsts = DeviceBuffer.of(offsets)) {
      PackagedProduct product =
          new PackagedProduct(
              tokensOfExpert,
              projection.out(),
              projection.k(),
              new PackagedProduct.Addresses(
                  projection.activations().address(),
                  projection.weights().address(),
                  projection.outputs().address(),
                  projection.tokenScales().address(),
                  projection.weightScales().address(),
                  firsts.address()));
      for (PackagedKernel kernel : each.kernels()) {
        KernelPackage.Variant variant = kernel.variant();
        if (variant.objection(offsets[tokensOfExpert.length], projection.out(), projection.k())
            == null) {
          projection.outputs().clear(stream);
          run(each.found().library(), kernel, product, error);
        }
      }
    }
  }

  private void run(
      String library,
      PackagedKernel kernel,
      PackagedProduct product,
      Supplier<ErrorFigures> error) {
    try (DeviceBuffer workspace = new DeviceBuffer(kernel.workspaceBytes(product))) {
      workspace.clear(stream);
      PackagedKernel.Launch launch = kernel.prepare(product, workspace.address());
      launch.start(stream);
      ErrorFigures figures = error.get();
      if (figures.relativeFrobenius() < GemmBench.WRONG) {
        Timing timing = stopwatch.time(1, samples, rotation -> launch.start(stream));
        String variant = kernel.variant().name();
        rounds
            .computeIfAbsent(library + " " + variant, key -> new ArrayList<>())
            .add(new Packaged(library, variant, timing, figures));
      }
    }
  }

  /** The fastest variant of each package over all rounds. */
  List<Packaged> fastest() {
    Map<String, Packaged> best = new TreeMap<>();
    for (List<Packaged> of : rounds.values()) {
      Packaged first = of.get(0);
      Timing timing = ExpertBench.joined(of.stream().map(Packaged::timing).toList());
      best.merge(
          first.library(),
          new Packaged(first.library(), first.variant(), timing, first.error()),
          (one, other) -> one.timing().median() <= other.timing().median() ? one : other);
    }
    return List.copyOf(best.values());
  }
}
