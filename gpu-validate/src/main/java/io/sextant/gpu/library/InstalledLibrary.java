package io.sextant.gpu.library;

import io.sextant.schema.InvalidInputException;
import java.util.List;
import java.util.function.Supplier;

/**
 * One of NVIDIA's libraries on this machine.
 *
 * @param version for example {@code 13.1.0}; null where it is not there
 * @param problem why it is not there, in one line; null where it is
 */
public record InstalledLibrary(String name, String version, String problem) {

  /** All that kernels are made and compared with; needs a current device. */
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
