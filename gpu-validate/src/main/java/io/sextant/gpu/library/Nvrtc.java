package io.sextant.gpu.library;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;

/** NVIDIA's run-time compiler: CUDA C++ to machine code of one architecture. */
public final class Nvrtc {
  private static final int SUCCESS = 0;

  private final Functions functions =
      NativeLibraries.load(Functions.class, "NVRTC", "libnvrtc.so.13", "libnvrtc.so.12");

  /** The version, for example {@code 13.0}. */
  public String version() {
    IntByReference major = new IntByReference();
    IntByReference minor = new IntByReference();
    check("nvrtcVersion", functions.nvrtcVersion(major, minor));
    return major.getValue() + "." + minor.getValue();
  }

  /**
   * Compiles a source that includes nothing.
   *
   * @param name name of the source in the compiler's messages
   * @return a cubin
   * @throws IllegalStateException with the compiler's log, if the source does not compile
   */
  public byte[] compile(String name, String source, List<String> options) {
    PointerByReference created = new PointerByReference();
    check("nvrtcCreateProgram", functions.nvrtcCreateProgram(created, source, name, 0, null, null));
    Pointer program = created.getValue();
    try {
      int result =
          functions.nvrtcCompileProgram(program, options.size(), options.toArray(String[]::new));
      if (result != SUCCESS) {
        throw new IllegalStateException(name + " does not compile:\n" + log(program));
      }
      LongByReference size = new LongByReference();
      check("nvrtcGetCUBINSize", functions.nvrtcGetCUBINSize(program, size));
      Memory cubin = new Memory(size.getValue());
      check("nvrtcGetCUBIN", functions.nvrtcGetCUBIN(program, cubin));
      return cubin.getByteArray(0, Math.toIntExact(size.getValue()));
    } finally {
      functions.nvrtcDestroyProgram(created);
    }
  }

  private String log(Pointer program) {
    LongByReference size = new LongByReference();
    check("nvrtcGetProgramLogSize", functions.nvrtcGetProgramLogSize(program, size));
    Memory text = new Memory(Math.max(1, size.getValue()));
    check("nvrtcGetProgramLog", functions.nvrtcGetProgramLog(program, text));
    return text.getString(0);
  }

  private void check(String call, int result) {
    if (result != SUCCESS) {
      throw new IllegalStateException(
          call + " failed with " + functions.nvrtcGetErrorString(result));
    }
  }

  /** The C functions, as declared in {@code nvrtc.h}. */
  interface Functions extends Library {
    int nvrtcVersion(IntByReference major, IntByReference minor);

    String nvrtcGetErrorString(int result);

    int nvrtcCreateProgram(
        PointerByReference program,
        String source,
        String name,
        int headers,
        String[] headerTexts,
        String[] headerNames);

    int nvrtcCompileProgram(Pointer program, int count, String[] options);

    int nvrtcGetCUBINSize(Pointer program, LongByReference size);

    int nvrtcGetCUBIN(Pointer program, Pointer cubin);

    int nvrtcGetProgramLogSize(Pointer program, LongByReference size);

    int nvrtcGetProgramLog(Pointer program, Pointer text);

    int nvrtcDestroyProgram(PointerByReference program);
  }
}
