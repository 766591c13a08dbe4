package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaContext;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.numerics.gemm.GemmInput;
import java.util.EnumMap;
import java.util.Map;

/** A device on which all of our kernels are compiled and loaded. */
public final class Kernels implements AutoCloseable {
  private final CudaContext context;
  private final Map<GemmInput, QuantizeKernels> quantize = new EnumMap<>(GemmInput.class);
  private final Map<GemmInput, Sparse24Kernels> sparse24 = new EnumMap<>(GemmInput.class);
  private final AttentionKernels attention;
  private final CheckKernels check;
  private final GroupedGemm grouped;
  private final SwigluKernels swiglu;
  private final ModsKernels mods;
  private final KernelCompiler compiler;
  private final DeviceResources resources = new DeviceResources();

  private Kernels(CudaContext opened) {
    context = resources.hold(opened);
    try {
      compiler = new KernelCompiler(context.device(), KernelCompiler.defaultCache());
      for (GemmInput input : GemmInput.values()) {
        QuantizeKernels ofInput = resources.hold(new QuantizeKernels(context, compiler, input));
        quantize.put(input, ofInput);
        sparse24.put(input, resources.hold(new Sparse24Kernels(context, compiler, input, ofInput)));
      }
      attention = resources.hold(new AttentionKernels(compiler));
      check = resources.hold(new CheckKernels(compiler));
      grouped = resources.hold(new GroupedGemm(context, compiler));
      swiglu = resources.hold(new SwigluKernels(compiler));
      mods = resources.hold(new ModsKernels(compiler));
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /**
   * Opens a device and loads the kernels; those that are not in the cache on disk are compiled.
   *
   * @throws io.sextant.schema.InvalidInputException in one line, if there is no such device, or no
   *     NVRTC
   */
  public static Kernels open(int ordinal) {
    return new Kernels(CudaContext.open(ordinal));
  }

  /** The device. */
  public CudaContext context() {
    return context;
  }

  /** Kernels that convert BF16 to FP8. */
  public QuantizeKernels quantize() {
    return quantize(GemmInput.ACTIVATIONS);
  }

  /** Kernels that convert BF16 to FP8, with a preceding function in the same kernel. */
  public QuantizeKernels quantize(GemmInput input) {
    return quantize.get(input);
  }

  /**
   * Kernels that convert BF16 to compressed 2:4 operands, with a preceding function in the same
   * kernel.
   */
  public Sparse24Kernels sparse24(GemmInput input) {
    return sparse24.get(input);
  }

  /** Kernels of 2-simplicial and dot-product attention. */
  public AttentionKernels attention() {
    return attention;
  }

  /** Kernels for checks: exact outputs, inputs and conversions. */
  public CheckKernels check() {
    return check;
  }

  /** The kernel for the products of several experts. */
  public GroupedGemm grouped() {
    return grouped;
  }

  /** Kernels of an expert's gated activation. */
  public SwigluKernels swiglu() {
    return swiglu;
  }

  /** Kernels of normalisation and activation between two products. */
  public ModsKernels mods() {
    return mods;
  }

  /** Kernels of an expert-parallel layer, compiled at this call; the caller closes them. */
  public LayerKernels layer() {
    return new LayerKernels(compiler, context.multiprocessors());
  }

  /** Kernels of convolutions, compiled at this call; the caller closes them. */
  public WinogradKernels winograd() {
    return new WinogradKernels(compiler);
  }

  /**
   * The grouped kernel from a changed source; the caller closes it.
   *
   * @param text text to replace; the source must contain it
   * @param fault replacement text
   */
  public GroupedGemm groupedWithFault(String text, String fault) {
    String source = KernelCompiler.source("grouped_gemm.cu");
    if (!source.contains(text)) {
      throw new IllegalArgumentException("the grouped kernel has no " + text);
    }
    return new GroupedGemm(context, compiler, source.replace(text, fault));
  }

  @Override
  public void close() {
    resources.close();
  }
}
