package io.sextant.gpu.packaged;

import io.sextant.gpu.cuda.CudaKernel;
import io.sextant.gpu.cuda.CudaModule;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.library.RefusedCallException;
import io.sextant.gpu.library.TensorMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A variant of a package, loaded on the current device. */
public final class PackagedKernel implements AutoCloseable {
  private static final int MOST_GRID_Y = 65_535;

  private final KernelPackage.Variant variant;
  private final CudaModule module;
  private final CudaKernel kernel;

  /**
   * Loads a variant.
   *
   * @param folder the package's folder
   * @throws RefusedCallException if the driver cannot load it
   */
  public PackagedKernel(Path folder, KernelPackage.Variant variant) {
    this.variant = variant;
    try {
      module = new CudaModule(Files.readAllBytes(folder.resolve(variant.binary())));
    } catch (IOException e) {
      throw new RefusedCallException("%s cannot be read".formatted(variant.binary()));
    } catch (IllegalStateException e) {
      throw new RefusedCallException(
          "the driver cannot load %s: %s".formatted(variant.binary(), e.getMessage()));
    }
    try {
      kernel = module.kernel(variant.entry());
    } catch (IllegalStateException e) {
      module.close();
      throw new RefusedCallException(
          "%s has no kernel %s".formatted(variant.binary(), variant.entry()));
    }
  }

  /** The variant. */
  public KernelPackage.Variant variant() {
    return variant;
  }

  /** A launch of the kernel with a product's operands. */
  public final class Launch {
    private final Object[] arguments;
    private final int[] grid = {1, 1};
    private final long workspace;

    private Launch(PackagedProduct product, long workspace) {
      this.workspace = workspace;
      for (int i = 0; i < variant.grid().size(); i++) {
        grid[i] = Math.toIntExact(Formula.value(variant.grid().get(i), product.sizes()));
      }
      if (grid[0] < 1 || grid[1] < 1 || grid[1] > MOST_GRID_Y) {
        throw new RefusedCallException("its grid is %d x %d".formatted(grid[0], grid[1]));
      }
      arguments =
          variant.arguments().stream().map(text -> argument(text, product)).toArray(Object[]::new);
    }

    /** Starts the kernel. */
    public void start(CudaStream stream) {
      kernel.launch(stream, grid[0], grid[1], variant.threads(), variant.sharedBytes(), arguments);
    }

    private Object argument(String text, PackagedProduct product) {
      String[] words = text.trim().split("\\s+", 2);
      PackagedProduct.Addresses at = product.addresses();
      String rest = words.length < 2 ? "" : words[1];
      return switch (words[0]) {
        case "activations" -> at.activations();
        case "weights" -> at.weights();
        case "outputs" -> at.outputs();
        case "activation_scales" -> at.activationScales();
        case "weight_scales" -> at.weightScales();
        case "offsets" -> at.offsets();
        case "workspace" -> workspace + (rest.isEmpty() ? 0 : Formula.value(rest, product.sizes()));
        case "null" -> 0L;
        case "i32" -> Math.toIntExact(Formula.value(rest, product.sizes()));
        case "i64" -> Formula.value(rest, product.sizes());
        case "f32" -> Float.parseFloat(rest);
        case "tensor_map" -> map(rest, product);
        default -> throw new IllegalArgumentException("there is no argument '" + text + "'");
      };
    }

    /** {@code activations 64}: rows of 128 bytes, swizzled by 128, of an operand of k values. */
    private Object map(String text, PackagedProduct product) {
      String[] words = text.split("\\s+", -1);
      if (words.length != 3) {
        throw new IllegalArgumentException("a tensor map is 'tensor_map OPERAND BYTES ROWS'");
      }
      boolean weights = words[0].equals("weights");
      long rows = weights ? (long) product.n() * product.tokensOfExpert().length : product.m();
      return TensorMap.of(
              weights ? product.addresses().weights() : product.addresses().activations(),
              rows,
              Long.parseLong(words[1]) * product.k(),
              Integer.parseInt(words[2]))
          .argument();
    }
  }

  /** Bytes of workspace that a product needs, at least 1. */
  public long workspaceBytes(PackagedProduct product) {
    try {
      return Math.max(1, Formula.value(variant.workspaceBytes(), product.sizes()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new RefusedCallException("%s: %s".formatted(KernelPackage.FILE, e.getMessage()));
    }
  }

  /**
   * Prepares a launch.
   *
   * @param workspace address of the workspace, which is zero before the first start
   * @throws RefusedCallException if the description does not give a possible launch
   */
  public Launch prepare(PackagedProduct product, long workspace) {
    try {
      return new Launch(product, workspace);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new RefusedCallException("%s: %s".formatted(KernelPackage.FILE, e.getMessage()));
    }
  }

  @Override
  public void close() {
    module.close();
  }
}
