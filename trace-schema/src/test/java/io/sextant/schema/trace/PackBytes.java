package io.sextant.schema.trace;

import com.github.luben.zstd.ZstdOutputStream;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.tensor.SafetensorsHeader.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** The plain bytes of a pack, to be damaged in one place. */
public final class PackBytes {
  private final byte[] bytes;
  private final SafetensorsHeader header;

  private PackBytes(byte[] bytes) throws IOException {
    this.bytes = bytes;
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(bytes))) {
      this.header = SafetensorsHeader.read(stream);
    } catch (CorruptTraceException e) {
      throw new IOException(e);
    }
  }

  /** A pack of the test resources, decompressed. */
  public static PackBytes of(String name) throws IOException {
    try (InputStream in =
            PackBytes.class.getResourceAsStream("/packs/" + name + ".safetensors.zst");
        TraceStream stream = TraceStream.open(in)) {
      return new PackBytes(stream.readAllBytes());
    }
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public byte[] cutTo(int length) {
    return Arrays.copyOf(bytes, length);
  }

  /** A copy with the little-endian value at this element of a tensor replaced; U8, I32 or I64. */
  public byte[] with(String tensor, int element, long value) {
    Tensor found =
        header.tensors().stream().filter(t -> t.name().equals(tensor)).findFirst().orElseThrow();
    byte[] copy = bytes.clone();
    ByteBuffer buffer = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    int at = Math.toIntExact(header.dataStart() + found.begin());
    switch (found.dtype()) {
      case "U8" -> buffer.put(at + element, (byte) value);
      case "I32" -> buffer.putInt(at + 4 * element, (int) value);
      default -> buffer.putLong(at + 8 * element, value);
    }
    return copy;
  }

  /** A copy with the JSON of the header rewritten and its length adjusted. */
  public byte[] withHeader(UnaryOperator<String> change) {
    int start = Math.toIntExact(header.dataStart());
    String changed = change.apply(json());
    if (changed.equals(json())) {
      throw new IllegalArgumentException("The header is as it was: " + changed);
    }
    return join(changed, Arrays.copyOfRange(bytes, start, bytes.length));
  }

  /** A copy with the tensors in this order. */
  public byte[] reordered(String... names) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    String text = json();
    for (String name : names) {
      Tensor tensor =
          header.tensors().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
      text =
          text.replaceFirst(
              "(\"" + name + "\":\\{[^}]*\"data_offsets\":)\\[\\d+,\\d+\\]",
              "$1[" + data.size() + "," + (data.size() + tensor.bytes()) + "]");
      data.write(
          bytes,
          Math.toIntExact(header.dataStart() + tensor.begin()),
          Math.toIntExact(tensor.bytes()));
    }
    return join(text, data.toByteArray());
  }

  /** A file's bytes without their compression. */
  public static byte[] plain(Path file) throws IOException {
    try (TraceStream stream = TraceStream.open(Files.newInputStream(file))) {
      return stream.readAllBytes();
    }
  }

  public static byte[] zstd(byte[] plain) throws IOException {
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(stored).setChecksum(true)) {
      out.write(plain);
    }
    return stored.toByteArray();
  }

  public static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(stored)) {
      out.write(plain);
    }
    return stored.toByteArray();
  }

  public static byte[] join(String json, byte[] data) {
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + head.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(head.length)
        .put(head)
        .put(data)
        .array();
  }

  private String json() {
    return new String(bytes, 8, Math.toIntExact(header.dataStart()) - 8, StandardCharsets.UTF_8);
  }
}
