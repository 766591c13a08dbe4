package io.sextant.gpu.packaged;

import io.sextant.gpu.cuda.CudaDevice;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.GuardedBuffer;
import io.sextant.gpu.library.RefusedCallException;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides whether a package may be measured. Every variant computes small products between guard
 * zones: some of exactly representable values, which must equal the emulation bit for bit, and one
 * of ordinary values, whose error must be that of the emulation.
 *
 * <p>A kernel that hangs never returns from here, so the caller runs this in a process of its own.
 */
public final class PackageCheck {
  /** Maximum relative difference between the error of a kernel and that of the emulation. */
  private static final double ERROR_TOLERANCE = 0.02;

  private static final int[][] DENSE_TOKENS = {{37}, {1}, {131}};
  private static final int[] EXPERT_TOKENS = {37, 0, 130, 5, 1, 0, 64};

  private static final Map<String, String> LAYOUTS =
      Map.of("activations", "m k", "weights", "n k", "outputs", "m n");

  private final KernelPackage found;
  private final Recipe recipe;

  /** A check of this package. */
  public PackageCheck(KernelPackage found) {
    this.found = found;
    this.recipe = Recipe.of(found.recipe());
  }

  /**
   * Loads and checks all variants.
   *
   * @return the variants, loaded; the caller closes them
   * @throws RefusedCallException with the reason, if the package must not be used
   */
  public List<PackagedKernel> admit(Path folder, CudaDevice device, CudaStream stream) {
    refuseIf(found.objection(device.computeMajor(), device.computeMinor()));
    refuseIf(layoutObjection());
    List<PackagedKernel> kernels = new ArrayList<>();
    try {
      for (KernelPackage.Variant variant : found.variants()) {
        PackagedKernel kernel = new PackagedKernel(folder, variant);
        kernels.add(kernel);
        try {
          check(kernel, stream);
        } catch (RefusedCallException e) {
          throw new RefusedCallException(variant.name() + ": " + e.getMessage());
        } catch (IllegalStateException e) {
          throw new RefusedCallException(
              variant.name() + ": it ends with an error, " + e.getMessage());
        }
      }
      return kernels;
    } catch (RuntimeException | Error e) {
      close(kernels, e);
      throw e;
    }
  }

  /** After an error of a kernel, the device's context cannot be used, so closing fails as well. */
  private static void close(List<PackagedKernel> kernels, Throwable failure) {
    for (PackagedKernel kernel : kernels) {
      try {
        kernel.close();
      } catch (IllegalStateException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** The reason why the operands cannot be given in the declared layouts; null if they can. */
  String layoutObjection() {
    Map<String, String> provided = new TreeMap<>(LAYOUTS);
    if (found.grouped()) {
      provided.put("weights", "experts n k");
    }
    if (recipe.fp8()) {
      provided.put("activation_scales", scaleLayout(recipe.activations(), "m"));
      provided.put(
          "weight_scales",
          (found.grouped() ? "experts " : "") + scaleLayout(recipe.weights(), "n"));
    }
    for (Map.Entry<String, String> operand : provided.entrySet()) {
      String declared = found.layouts().get(operand.getKey());
      if (!operand.getValue().equals(declared)) {
        return "it wants %s as [%s], and they are [%s]"
            .formatted(operand.getKey(), declared, operand.getValue());
      }
    }
    return null;
  }

  private static String scaleLayout(Granularity granularity, String rows) {
    return switch (granularity) {
      case TENSOR -> "1";
      case ROW -> rows;
      case GROUP_128 -> "k/128 " + rows;
      case SQUARE_128 -> rows + "/128 k/128";
    };
  }

  private void check(PackagedKernel kernel, CudaStream stream) {
    KernelPackage.Variant variant = kernel.variant();
    int n = sizeOf(variant.multiple("n"), 384);
    for (int k :
        new int[] {sizeOf(variant.multiple("k"), 512), sizeOf(variant.multiple("k"), 1152)}) {
      for (int[] tokens : found.grouped() ? new int[][] {EXPERT_TOKENS} : DENSE_TOKENS) {
        int[] fitting = fitting(tokens, variant);
        try (TestProduct product = TestProduct.exact(recipe, fitting, n, k)) {
          run(kernel, product, stream);
          compare(product);
        }
      }
    }
    compareErrors(kernel, stream, n);
  }

  private static int sizeOf(int multiple, int atLeast) {
    return (atLeast + multiple - 1) / multiple * multiple;
  }

  private static int[] fitting(int[] tokens, KernelPackage.Variant variant) {
    return Arrays.stream(tokens)
        .map(count -> count == 0 ? 0 : sizeOf(variant.multiple("m"), count))
        .map(count -> Math.min(count, variant.mostTokens()))
        .toArray();
  }

  private static void run(PackagedKernel kernel, TestProduct product, CudaStream stream) {
    PackagedProduct operands = product.onDevice();
    try (GuardedBuffer workspace = new GuardedBuffer(kernel.workspaceBytes(operands))) {
      workspace.view().clear(stream);
      PackagedKernel.Launch launch = kernel.prepare(operands, workspace.view().address());
      // A second run shows whether the kernel leaves its workspace as it needs it.
      launch.start(stream);
      launch.start(stream);
      stream.synchronize();
      refuseIf(product.damage());
      refuseIf(workspace.intact() ? null : "it writes outside the workspace");
    }
  }

  private static void compare(TestProduct product) {
    float[] found = product.outputs();
    float[] expected = product.expected();
    int wrong = 0;
    int first = -1;
    for (int i = 0; i < found.length; i++) {
      // Zeros of either sign are equal.
      if (found[i] != expected[i]) {
        first = wrong++ == 0 ? i : first;
      }
    }
    if (wrong > 0) {
      throw new RefusedCallException(
          "%d of %d outputs differ from the emulation; number %d is %s and should be %s"
              .formatted(wrong, found.length, first, found[first], expected[first]));
    }
  }

  private void compareErrors(PackagedKernel kernel, CudaStream stream, int n) {
    int k = sizeOf(kernel.variant().multiple("k"), 512);
    int[] tokens = fitting(found.grouped() ? EXPERT_TOKENS : new int[] {64}, kernel.variant());
    List<float[]> plain = new ArrayList<>();
    try (TestProduct product = TestProduct.rounded(recipe, tokens, n, k, plain)) {
      run(kernel, product, stream);
      double emulated = ErrorFigures.of(product.expected(), plain.get(0)).relativeFrobenius();
      double measured = ErrorFigures.of(product.outputs(), plain.get(0)).relativeFrobenius();
      if (!(Math.abs(measured - emulated) <= ERROR_TOLERANCE * emulated)) {
        throw new RefusedCallException(
            "its error is %.5f, and that of the emulation %.5f".formatted(measured, emulated));
      }
    }
  }

  private static void refuseIf(String reason) {
    if (reason != null) {
      throw new RefusedCallException(reason);
    }
  }
}
