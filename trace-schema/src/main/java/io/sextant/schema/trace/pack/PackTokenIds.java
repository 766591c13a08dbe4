package io.sextant.schema.trace.pack;

import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.SafetensorsHeader.Tensor;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The token ids of a pack, of which the prompts' are kept. */
final class PackTokenIds implements Closeable {
  /** Larger tensors are copied to a temporary file. */
  private static final long MOST_BYTES_IN_MEMORY = 64L << 20;

  private static final int[] NONE = {};

  private final Tensor tensor;
  private final int idBytes;
  private Path setAside;
  private InputStream ids;

  /**
   * @param tensor null if the pack has no token ids
   */
  PackTokenIds(Tensor tensor) {
    this.tensor = tensor;
    this.idBytes =
        tensor == null
            ? 0
            : switch (tensor.dtype()) {
              case "U16" -> Short.BYTES;
              case "I64" -> Long.BYTES;
              default -> Integer.BYTES;
            };
  }

  /** Reads the tensor, at whose first byte the stream is. The stream may end too early. */
  void take(InputStream stream) throws IOException {
    if (tensor.bytes() <= MOST_BYTES_IN_MEMORY) {
      ids = new ByteArrayInputStream(stream.readNBytes((int) tensor.bytes()));
      return;
    }
    setAside = Files.createTempFile("sextant-token-ids-", ".bin");
    try (OutputStream out = Files.newOutputStream(setAside)) {
      SextantPackReader.copy(stream, tensor.bytes(), out);
    }
    ids = new BufferedInputStream(Files.newInputStream(setAside), 1 << 18);
  }

  /** Whether the ids have been read, or there are none. */
  boolean complete() {
    return tensor == null || ids != null;
  }

  /**
   * The ids of the next request's prompt. An id that an {@code int} cannot hold becomes -1.
   *
   * @param rows rows of the request
   * @param prompt rows of its prompt
   * @return shape [prompt]; empty if the pack has no token ids
   */
  int[] next(long rows, int prompt) throws IOException {
    if (ids == null) {
      return NONE;
    }
    byte[] bytes = ids.readNBytes(prompt * idBytes);
    if (bytes.length < prompt * idBytes) {
      throw new EOFException("the token ids end too early");
    }
    int[] values = new int[prompt];
    boolean signed = tensor.dtype().startsWith("I");
    for (int i = 0; i < prompt; i++) {
      values[i] = LittleEndian.id(bytes, i * idBytes, idBytes, signed);
    }
    ids.skipNBytes((rows - prompt) * idBytes);
    return values;
  }

  @Override
  public void close() throws IOException {
    if (ids != null) {
      ids.close();
    }
    if (setAside != null) {
      Files.deleteIfExists(setAside);
    }
  }
}
