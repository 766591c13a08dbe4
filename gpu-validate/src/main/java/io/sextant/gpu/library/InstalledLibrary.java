package io.sextant.gpu.library;

import io.sextant.schema.InvalidInputException;
import java.util.List;
import java.util.function.Supplier;

/**
 * One of NVIDIA's libraries on this machine.
 *
 * @param version version, for example {@code 13.1.0}; null if the library is missing
 * @param problem reason why the library is missing, in one line; null if it is not
 */
public record InstalledLibrary(String name, String version, String problem) {

  /** All libraries that kernels are compiled and compared with; needs a current device. */
  public static List<InstalledLibrary> all() {
    return List.of(
        of("NVRTC", () -> new Nvrtc().version()),
        of(
            "cuBLASLt",
            () -> {
              try (CublasLt library = new CublasLt()) {
                return library.version();
              }
            }),
        of(
            "cuSPARSELt",
            () -> {
              try (CusparseLt library = new CusparseLt()) {
                return library.version();
              }
            }));
  }

  private static InstalledLibrary of(String name, Supplier<String> version) {
    try {
      return new InstalledLibrary(name, version.get(), null);
    } catch (InvalidInputException e) {
      return new InstalledLibrary(name, null, e.getMessage());
    }
  }
}
