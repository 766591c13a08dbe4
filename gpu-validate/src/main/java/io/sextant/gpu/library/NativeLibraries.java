package io.sextant.gpu.library;

import com.sun.jna.Library;
import com.sun.jna.Native;
import io.sextant.schema.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds a shared library by its file names, newest first, in the folders that toolkits use. */
final class NativeLibraries {
  private static final List<String> FOLDERS =
      List.of("/usr/local/cuda/lib64", "/usr/local/cuda/targets/x86_64-linux/lib");

  private NativeLibraries() {}

  /**
   * @param names file names to try, the preferred first; the loader's own search path comes before
   *     the usual folders
   * @throws InvalidInputException in one line, if none can be loaded
   */
  static <T extends Library> T load(Class<T> functions, String title, String... names) {
    List<String> tried = new ArrayList<>();
    for (String name : names) {
      tried.add(name);
      FOLDERS.stream()
          .map(folder -> Path.of(folder, name))
          .filter(Files::exists)
          .forEach(path -> tried.add(path.toString()));
    }
    UnsatisfiedLinkError last = null;
    for (String path : tried) {
      try {
        return Native.load(path, functions);
      } catch (UnsatisfiedLinkError e) {
        last = e;
      }
    }
    throw InvalidInputException.of(
        "No " + title,
        "none of %s could be loaded".formatted(String.join(", ", names)),
        "Install the CUDA toolkit's %s, or name its folder in LD_LIBRARY_PATH".formatted(title),
        last);
  }
}
