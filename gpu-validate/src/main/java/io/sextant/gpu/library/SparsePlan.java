package io.sextant.gpu.library;

import static io.sextant.gpu.library.CublasLt.int32;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.NativeLongByReference;
import io.sextant.gpu.cuda.DeviceResources;

/** One algorithm of cuSPARSELt, prepared for one product. */
final class SparsePlan implements AutoCloseable {
  private static final int ALGORITHM = 0;

  private final Memory structure = CusparseLt.structure();
  private final long neededBytes;
  private final DeviceResources resources = new DeviceResources();

  /**
   * @param description the product's descriptor, which must outlive the plan
   * @param algorithm number of the algorithm, from 0
   * @throws RefusedCallException if the library has no such kernel for the product
   */
  SparsePlan(CusparseLt library, Memory description, int algorithm) {
    CusparseLt.Functions call = library.functions();
    Pointer handle = library.handle();
    Memory selection = CusparseLt.structure();
    try {
      library.check(
          "cusparseLtMatmulAlgSelectionInit",
          call.cusparseLtMatmulAlgSelectionInit(handle, selection, description, 0));
      resources.hold(() -> call.cusparseLtMatmulAlgSelectionDestroy(selection));
      Memory number = int32(algorithm);
      library.check(
          "cusparseLtMatmulAlgSetAttribute",
          call.cusparseLtMatmulAlgSetAttribute(
              handle, selection, ALGORITHM, number, new NativeLong(number.size())));
      library.check(
          "cusparseLtMatmulPlanInit",
          call.cusparseLtMatmulPlanInit(handle, structure, description, selection));
      resources.hold(() -> call.cusparseLtMatmulPlanDestroy(structure));
      NativeLongByReference needed = new NativeLongByReference();
      library.check(
          "cusparseLtMatmulGetWorkspace",
          call.cusparseLtMatmulGetWorkspace(handle, structure, needed));
      neededBytes = needed.getValue().longValue();
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /** The library's plan. */
  Memory structure() {
    return structure;
  }

  /** Number of bytes of working space that the algorithm needs. */
  long neededBytes() {
    return neededBytes;
  }

  @Override
  public void close() {
    resources.close();
  }
}
