package io.sextant.gpu.library;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;

/** A handle of cuBLASLt, NVIDIA's library of matrix products, on the current device. */
public final class CublasLt implements AutoCloseable {
  private static final int SUCCESS = 0;

  private final Functions functions =
      NativeLibraries.load(Functions.class, "cuBLASLt", "libcublasLt.so.13", "libcublasLt.so.12");
  private final Pointer handle;

  /** Creates the handle. */
  public CublasLt() {
    PointerByReference created = new PointerByReference();
    check("cublasLtCreate", functions.cublasLtCreate(created));
    handle = created.getValue();
  }

  /** The version, for example {@code 13.1.0}. */
  public String version() {
    long version = functions.cublasLtGetVersion().longValue();
    return "%d.%d.%d".formatted(version / 10000, version % 10000 / 100, version % 100);
  }

  Functions functions() {
    return functions;
  }

  Pointer handle() {
    return handle;
  }

  void check(String call, int status) {
    if (status != SUCCESS) {
      throw new RefusedCallException(call, functions.cublasLtGetStatusName(status));
    }
  }

  @Override
  public void close() {
    check("cublasLtDestroy", functions.cublasLtDestroy(handle));
  }

  /** The C functions, with the parameters declared in {@code cublasLt.h}. */
  interface Functions extends Library {
    int cublasLtCreate(PointerByReference handle);

    int cublasLtDestroy(Pointer handle);

    NativeLong cublasLtGetVersion();

    String cublasLtGetStatusName(int status);

    int cublasLtMatmulDescCreate(PointerByReference description, int computeType, int scaleType);

    int cublasLtMatmulDescDestroy(Pointer description);

    int cublasLtMatmulDescSetAttribute(
        Pointer description, int attribute, Pointer value, NativeLong bytes);

    int cublasLtMatrixLayoutCreate(
        PointerByReference layout, int type, long rows, long columns, long leadingDimension);

    int cublasLtMatrixLayoutDestroy(Pointer layout);

    int cublasLtMatmulPreferenceCreate(PointerByReference preference);

    int cublasLtMatmulPreferenceDestroy(Pointer preference);

    int cublasLtMatmulPreferenceSetAttribute(
        Pointer preference, int attribute, Pointer value, NativeLong bytes);

    int cublasLtMatmulAlgoGetHeuristic(
        Pointer handle,
        Pointer description,
        Pointer a,
        Pointer b,
        Pointer c,
        Pointer d,
        Pointer preference,
        int wanted,
        Pointer results,
        IntByReference found);

    int cublasLtMatmul(
        Pointer handle,
        Pointer description,
        Pointer alpha,
        Pointer a,
        Pointer aLayout,
        Pointer b,
        Pointer bLayout,
        Pointer beta,
        Pointer c,
        Pointer cLayout,
        Pointer d,
        Pointer dLayout,
        Pointer algorithm,
        Pointer workspace,
        NativeLong workspaceBytes,
        Pointer stream);
  }

  /** Memory with an attribute's value; the library copies it. */
  static Memory int32(int value) {
    Memory memory = new Memory(Integer.BYTES);
    memory.setInt(0, value);
    return memory;
  }

  /** As {@link #int32}, for sizes and device addresses. */
  static Memory int64(long value) {
    Memory memory = new Memory(Long.BYTES);
    memory.setLong(0, value);
    return memory;
  }

  /** As {@link #int32}, for switches. */
  static Memory int8(int value) {
    Memory memory = new Memory(1);
    memory.setByte(0, (byte) value);
    return memory;
  }
}
