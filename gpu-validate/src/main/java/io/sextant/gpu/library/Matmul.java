package io.sextant.gpu.library;

import static io.sextant.gpu.library.CublasLt.int32;
import static io.sextant.gpu.library.CublasLt.int64;
import static io.sextant.gpu.library.CublasLt.int8;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.sextant.gpu.cuda.DeviceResources;

/**
 * One matrix product prepared for cuBLASLt: outputs[tokens, out] in BF16 = activations[tokens, k] x
 * weights[out, k] transposed, all row-major. For the column-major library, the weights are A,
 * transposed, and the activations are B, which is the only arrangement that FP8 allows.
 */
public final class Matmul implements AutoCloseable {
  private static final int COMPUTE_32F = 68;
  private static final int TYPE_32F = 0;
  private static final int TYPE_BF16 = 14;
  private static final int TYPE_E4M3 = 28;
  private static final int TRANSPOSE_A = 3;
  private static final int SCALE_POINTER_A = 17;
  private static final int SCALE_POINTER_B = 18;
  private static final int FAST_ACCUMULATION = 25;
  private static final int SCALE_MODE_A = 31;
  private static final int SCALE_MODE_B = 32;
  private static final int MAX_WORKSPACE_BYTES = 1;
  private static final int RESULT_BYTES = 96;
  private static final int MOST_ALGORITHMS = 8;
  private static final Memory ONE = float32(1);
  static final Memory ZERO = float32(0);

  private final CublasLt library;
  private final Pointer description;
  private final Pointer weights;
  private final Pointer activations;
  private final Pointer outputs;
  private final Workspace workspace;
  private final Memory algorithms = new Memory((long) RESULT_BYTES * MOST_ALGORITHMS);
  private final int algorithmCount;
  private final DeviceResources resources = new DeviceResources();

  private Matmul(
      CublasLt library, int type, MatmulShape shape, Scaling scaling, Workspace workspace) {
    this.library = library;
    this.workspace = workspace;
    try {
      description = description();
      set(TRANSPOSE_A, int32(1));
      if (scaling != null) {
        // Set the addresses of scale vectors first; without them the library proposes no
        // algorithms.
        set(SCALE_POINTER_A, int64(scaling.weightScales()));
        set(SCALE_POINTER_B, int64(scaling.activationScales()));
        set(SCALE_MODE_A, int32(scaling.weights().code()));
        set(SCALE_MODE_B, int32(scaling.activations().code()));
        set(FAST_ACCUMULATION, int8(scaling.fastAccumulation() ? 1 : 0));
      }
      weights = layout(type, shape.k(), shape.out());
      activations = layout(type, shape.k(), shape.tokens());
      outputs = layout(TYPE_BF16, shape.out(), shape.tokens());
      algorithmCount = findAlgorithms();
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /**
   * The scaling and summation of an FP8 product.
   *
   * @param weightScales address of the scales on the device
   * @param activationScales address of the activations' scales, likewise
   * @param fastAccumulation true to sum all of K in the tensor core, which keeps about 22 bits;
   *     false to move partial sums to FP32
   */
  public record Scaling(
      ScaleMode weights,
      long weightScales,
      ScaleMode activations,
      long activationScales,
      boolean fastAccumulation) {}

  /** Prepares a product of BF16 operands. */
  public static Matmul bf16(CublasLt library, MatmulShape shape, Workspace workspace) {
    return new Matmul(library, TYPE_BF16, shape, null, workspace);
  }

  /** Prepares a product of E4M3 operands. */
  public static Matmul e4m3(
      CublasLt library, MatmulShape shape, Scaling scaling, Workspace workspace) {
    return new Matmul(library, TYPE_E4M3, shape, scaling, workspace);
  }

  /**
   * Number of algorithms that the library proposes, in order of expected speed; 0 if it has none.
   */
  public int algorithmCount() {
    return algorithmCount;
  }

  /**
   * Starts the product on a stream.
   *
   * @param algorithm index of the algorithm, from 0, below {@link #algorithmCount}
   * @throws RefusedCallException if the library has no such kernel after all, which it reports only
   *     here
   */
  public void start(int algorithm, long weightData, long activationData, long target, long stream) {
    Pointer d = new Pointer(target);
    library.check(
        "cublasLtMatmul",
        library
            .functions()
            .cublasLtMatmul(
                library.handle(),
                description,
                ONE,
                new Pointer(weightData),
                weights,
                new Pointer(activationData),
                activations,
                ZERO,
                d,
                outputs,
                d,
                outputs,
                algorithms.share((long) algorithm * RESULT_BYTES),
                new Pointer(workspace.address()),
                new NativeLong(workspace.bytes()),
                new Pointer(stream)));
  }

  private int findAlgorithms() {
    PointerByReference created = new PointerByReference();
    library.check(
        "cublasLtMatmulPreferenceCreate",
        library.functions().cublasLtMatmulPreferenceCreate(created));
    Pointer preference = created.getValue();
    try {
      library.check(
          "cublasLtMatmulPreferenceSetAttribute",
          library
              .functions()
              .cublasLtMatmulPreferenceSetAttribute(
                  preference,
                  MAX_WORKSPACE_BYTES,
                  int64(workspace.bytes()),
                  new NativeLong(Long.BYTES)));
      IntByReference found = new IntByReference();
      int status =
          library
              .functions()
              .cublasLtMatmulAlgoGetHeuristic(
                  library.handle(),
                  description,
                  weights,
                  activations,
                  outputs,
                  outputs,
                  preference,
                  MOST_ALGORITHMS,
                  algorithms,
                  found);
      // "Not supported" is not a failure here; the count is then 0.
      return status == 0 ? found.getValue() : 0;
    } finally {
      library.functions().cublasLtMatmulPreferenceDestroy(preference);
    }
  }

  private Pointer description() {
    PointerByReference created = new PointerByReference();
    library.check(
        "cublasLtMatmulDescCreate",
        library.functions().cublasLtMatmulDescCreate(created, COMPUTE_32F, TYPE_32F));
    Pointer made = created.getValue();
    resources.hold(() -> library.functions().cublasLtMatmulDescDestroy(made));
    return made;
  }

  private Pointer layout(int type, long rows, long columns) {
    PointerByReference created = new PointerByReference();
    library.check(
        "cublasLtMatrixLayoutCreate",
        library.functions().cublasLtMatrixLayoutCreate(created, type, rows, columns, rows));
    Pointer made = created.getValue();
    resources.hold(() -> library.functions().cublasLtMatrixLayoutDestroy(made));
    return made;
  }

  private void set(int attribute, Memory value) {
    library.check(
        "cublasLtMatmulDescSetAttribute " + attribute,
        library
            .functions()
            .cublasLtMatmulDescSetAttribute(
                description, attribute, value, new NativeLong(value.size())));
  }

  static Memory float32(float value) {
    Memory memory = new Memory(Float.BYTES);
    memory.setFloat(0, value);
    return memory;
  }

  @Override
  public void close() {
    resources.close();
  }
}
