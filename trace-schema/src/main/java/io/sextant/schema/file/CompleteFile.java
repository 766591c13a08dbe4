package io.sextant.schema.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes local files completely or not at all: a full disk or a kill leaves the file that was there
 * before, or none.
 */
public final class CompleteFile {
  private CompleteFile() {}

  /**
   * Creates or replaces a file. The bytes are written under another name in the same folder first.
   * A device such as {@code /dev/null}, and a file in a folder that is read-only, are written
   * directly.
   *
   * @throws IOException if the storage fails
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    if (Files.exists(target) && !(Files.isRegularFile(target) && Files.isWritable(folder))) {
      Files.write(target, bytes);
      return;
    }
    // A name of its own length, because the file's name may be as long as the storage allows.
    Path aside = folder.resolve(".sextant-" + ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
    try {
      Files.write(aside, bytes);
      Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /**
   * Creates or replaces a file with text in UTF-8, as {@link #write(Path, byte[])} does.
   *
   * @throws IOException if the storage fails
   */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
