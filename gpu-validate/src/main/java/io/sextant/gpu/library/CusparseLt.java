package io.sextant.gpu.library;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;

/** A handle of cuSPARSELt, NVIDIA's library of 2:4 sparse products, on the current device. */
public final class CusparseLt implements AutoCloseable {
  /** The handle is the caller's memory; its size differs between versions and is 11 KiB at most. */
  private static final int HANDLE_BYTES = 16 << 10;

  private final Functions functions =
      NativeLibraries.load(Functions.class, "cuSPARSELt", "libcusparseLt.so.0");
  private final Memory handle = new Memory(HANDLE_BYTES);

  /** Initialises the handle. */
  public CusparseLt() {
    handle.clear();
    check("cusparseLtInit", functions.cusparseLtInit(handle));
  }

  /** For example {@code 0.8.1}. */
  public String version() {
    IntByReference version = new IntByReference();
    check("cusparseLtGetVersion", functions.cusparseLtGetVersion(handle, version));
    int value = version.getValue();
    return "%d.%d.%d".formatted(value / 1000, value % 1000 / 100, value % 100);
  }

  private void check(String call, int status) {
    if (status != 0) {
      throw new IllegalStateException(
          "%s failed with %s".formatted(call, functions.cusparseLtGetErrorName(status)));
    }
  }

  @Override
  public void close() {
    check("cusparseLtDestroy", functions.cusparseLtDestroy(handle));
  }

  /** The C functions, as {@code cusparseLt.h} declares them. */
  interface Functions extends Library {
    int cusparseLtInit(Pointer handle);

    int cusparseLtDestroy(Pointer handle);

    int cusparseLtGetVersion(Pointer handle, IntByReference version);

    String cusparseLtGetErrorName(int status);
  }
}
