package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.MemoryBytes;
import io.sextant.schema.tensor.NpyHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** NumPy arrays as numpy.save and numpy.savez write them. */
public final class NpyBytes {
  private NpyBytes() {}

  /** An array with its header; {@code dtype} as NumPy writes it, {@code shape} as a tuple. */
  public static byte[] of(String dtype, String shape, byte[] values) {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(dtype, shape);
    header += " ".repeat(63 - (10 + header.length()) % 64) + "\n";
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(text.length);
    out.write(text.length >> 8);
    out.writeBytes(text);
    out.writeBytes(values);
    return out.toByteArray();
  }

  /** The values of an array of bytes. */
  public static byte[] values(byte[] npy) {
    try {
      MemoryBytes bytes = new MemoryBytes("a", npy, 0, npy.length);
      NpyHeader.read(bytes);
      return Arrays.copyOfRange(npy, bytes.position(), npy.length);
    } catch (CorruptTraceException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An archive; names and arrays alternate. */
  public static byte[] archive(Object... namesAndArrays) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < namesAndArrays.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndArrays[i] + ".npy"));
        zip.write((byte[]) namesAndArrays[i + 1]);
      }
    }
    return out.toByteArray();
  }
}
