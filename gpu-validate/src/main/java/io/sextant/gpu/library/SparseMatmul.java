package io.sextant.gpu.library;

import static io.sextant.gpu.library.CublasLt.int32;
import static io.sextant.gpu.library.CublasLt.int64;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.NativeLongByReference;
import io.sextant.gpu.cuda.DeviceResources;
import java.util.HashMap;
import java.util.Map;

/**
 * One matrix product prepared for cuSPARSELt: outputs[tokens, out] in BF16 = activations[tokens, k]
 * x weights[out, k] transposed, all row-major; the activations are 2:4 sparse and compressed.
 * Attributes and enumerators are those of {@code cusparseLt.h} 0.8.1.
 *
 * <p>For the product of E4M3 codes, the library takes one factor from the host, so the scales must
 * be known beforehand. On Hopper, version 0.8.0 refuses factors by row (alpha vectors) with
 * CUSPARSE_STATUS_NOT_SUPPORTED, and accepts addresses of scales but does not use them.
 */
public final class SparseMatmul implements AutoCloseable {
  private static final int TYPE_BF16 = 14;
  private static final int TYPE_E4M3 = 28;
  private static final int ROW_MAJOR = 2;
  private static final int ALIGNMENT = 16;
  private static final int HALF_SPARSE = 0;
  private static final int AS_IT_IS = 0;
  private static final int TRANSPOSED = 1;
  private static final int COMPUTE_32F = 2;
  private static final int MOST_ALGORITHM = 1;

  private final CusparseLt library;
  private final Memory activations = CusparseLt.structure();
  private final Memory weights = CusparseLt.structure();
  private final Memory outputs = CusparseLt.structure();
  private final Memory description = CusparseLt.structure();
  private final Memory factor;
  private final Workspace workspace;
  private final Map<Integer, SparsePlan> plans = new HashMap<>();
  private final int algorithmCount;
  private final DeviceResources resources = new DeviceResources();

  private SparseMatmul(
      CusparseLt library, int type, MatmulShape shape, float factor, Workspace workspace) {
    this.library = library;
    this.factor = Matmul.float32(factor);
    this.workspace = workspace;
    try {
      describe(type, shape.tokens(), shape.out(), shape.k());
      algorithmCount = countAlgorithms();
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private void describe(int type, long tokens, long out, long k) {
    CusparseLt.Functions call = library.functions();
    Pointer handle = library.handle();
    library.check(
        "cusparseLtStructuredDescriptorInit",
        call.cusparseLtStructuredDescriptorInit(
            handle, activations, tokens, k, k, ALIGNMENT, type, ROW_MAJOR, HALF_SPARSE));
    resources.hold(() -> call.cusparseLtMatDescriptorDestroy(activations));
    library.check(
        "cusparseLtDenseDescriptorInit",
        call.cusparseLtDenseDescriptorInit(handle, weights, out, k, k, ALIGNMENT, type, ROW_MAJOR));
    resources.hold(() -> call.cusparseLtMatDescriptorDestroy(weights));
    library.check(
        "cusparseLtDenseDescriptorInit",
        call.cusparseLtDenseDescriptorInit(
            handle, outputs, tokens, out, out, ALIGNMENT, TYPE_BF16, ROW_MAJOR));
    resources.hold(() -> call.cusparseLtMatDescriptorDestroy(outputs));
    library.check(
        "cusparseLtMatmulDescriptorInit",
        call.cusparseLtMatmulDescriptorInit(
            handle,
            description,
            AS_IT_IS,
            TRANSPOSED,
            activations,
            weights,
            outputs,
            outputs,
            COMPUTE_32F));
  }

  private int countAlgorithms() {
    CusparseLt.Functions call = library.functions();
    Pointer handle = library.handle();
    Memory selection = CusparseLt.structure();
    library.check(
        "cusparseLtMatmulAlgSelectionInit",
        call.cusparseLtMatmulAlgSelectionInit(handle, selection, description, 0));
    try {
      Memory most = int32(0);
      library.check(
          "cusparseLtMatmulAlgGetAttribute",
          call.cusparseLtMatmulAlgGetAttribute(
              handle, selection, MOST_ALGORITHM, most, new NativeLong(most.size())));
      // Despite its name, the maximum is one past the last algorithm.
      return most.getInt(0);
    } finally {
      call.cusparseLtMatmulAlgSelectionDestroy(selection);
    }
  }

  /** Prepares a product of BF16 operands; tokens and k must be multiples of 64. */
  public static SparseMatmul bf16(CusparseLt library, MatmulShape shape, Workspace workspace) {
    return new SparseMatmul(library, TYPE_BF16, shape, 1, workspace);
  }

  /**
   * Prepares a product of E4M3 operands; tokens and k must be multiples of 64.
   *
   * @param factor the product of both operands' scales
   */
  public static SparseMatmul e4m3(
      CusparseLt library, MatmulShape shape, float factor, Workspace workspace) {
    return new SparseMatmul(library, TYPE_E4M3, shape, factor, workspace);
  }

  /** Number of kernels that the library has for the product. */
  public int algorithmCount() {
    return algorithmCount;
  }

  /**
   * Number of bytes of the compressed activations; our own packing kernel must write the same
   * number.
   */
  public long compressedBytes() {
    NativeLongByReference bytes = new NativeLongByReference();
    library.check(
        "cusparseLtSpMMACompressedSize",
        library
            .functions()
            .cusparseLtSpMMACompressedSize(
                library.handle(), plan(0).structure(), bytes, new NativeLongByReference()));
    return bytes.getValue().longValue();
  }

  /** Number of bytes of working space for {@link #compress}. */
  public long compressionBufferBytes() {
    NativeLongByReference bytes = new NativeLongByReference();
    library.check(
        "cusparseLtSpMMACompressedSize",
        library
            .functions()
            .cusparseLtSpMMACompressedSize(
                library.handle(), plan(0).structure(), new NativeLongByReference(), bytes));
    return bytes.getValue().longValue();
  }

  /** Starts the library's own compression of activations that are 2:4 sparse already. */
  public void compress(long pruned, long compressed, long buffer, long stream) {
    library.check(
        "cusparseLtSpMMACompress",
        library
            .functions()
            .cusparseLtSpMMACompress(
                library.handle(),
                plan(0).structure(),
                new Pointer(pruned),
                new Pointer(compressed),
                new Pointer(buffer),
                new Pointer(stream)));
  }

  /**
   * Starts the product on a stream.
   *
   * @param algorithm index of the algorithm, from 0, below {@link #algorithmCount}
   * @throws RefusedCallException if the library has no such kernel for the product, or the kernel
   *     needs more working space than there is
   */
  public void start(int algorithm, long compressed, long weightData, long target, long stream) {
    SparsePlan plan = plan(algorithm);
    if (plan.neededBytes() > workspace.bytes()) {
      throw new RefusedCallException(
          "cusparseLtMatmul",
          "it needs %,d bytes of working space, but has %,d"
              .formatted(plan.neededBytes(), workspace.bytes()));
    }
    Pointer d = new Pointer(target);
    library.check(
        "cusparseLtMatmul",
        library
            .functions()
            .cusparseLtMatmul(
                library.handle(),
                plan.structure(),
                factor,
                new Pointer(compressed),
                new Pointer(weightData),
                Matmul.ZERO,
                d,
                d,
                new Pointer(workspace.address()),
                int64(stream),
                1));
  }

  private SparsePlan plan(int algorithm) {
    return plans.computeIfAbsent(
        algorithm, number -> resources.hold(new SparsePlan(library, description, number)));
  }

  @Override
  public void close() {
    resources.close();
  }
}
