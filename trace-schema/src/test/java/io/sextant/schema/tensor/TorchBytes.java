package io.sextant.schema.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes files as {@code torch.save} does: every list, dict and text is numbered, and a repeated
 * one becomes a reference; storages are in the order of their keys as texts.
 */
public final class TorchBytes {
  private final int protocol;
  private final List<byte[]> storages = new ArrayList<>();

  /**
   * @param protocol protocol of the pickle, 2 or 4
   */
  public TorchBytes(int protocol) {
    this.protocol = protocol;
  }

  /** A tensor with its own storage. */
  public record Tensor(String key, int elements, long[] shape, long[] stride) {}

  /** A tensor of 32-bit integers in row order. */
  public Tensor tensor(int[] values, long... shape) {
    return tensor(values, shape, TorchTensor.inRowOrder("IntStorage", "", 0, shape).stride());
  }

  /** A tensor of 32-bit integers with any stride. */
  public Tensor tensor(int[] values, long[] shape, long[] stride) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Integer.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    storages.add(bytes.array());
    return new Tensor(Integer.toString(storages.size() - 1), values.length, shape, stride);
  }

  /** The file's bytes. */
  public byte[] save(Object root) throws IOException {
    TreeMap<String, byte[]> entries = new TreeMap<>();
    for (int i = 0; i < storages.size(); i++) {
      entries.put("dump/data/" + i, storages.get(i));
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      put(zip, "dump/data.pkl", new Pickle().of(root));
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        put(zip, entry.getKey(), entry.getValue());
      }
      put(zip, "dump/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }
    return file.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final IdentityHashMap<Object, Integer> memo = new IdentityHashMap<>();
    private int numbered;

    byte[] of(Object root) {
      bytes(0x80, protocol);
      if (protocol >= 4) {
        bytes(0x95);
        number(0, 8);
      }
      write(root);
      bytes('.');
      return out.toByteArray();
    }

    private void write(Object value) {
      if (value == null) {
        bytes('N');
      } else if (value instanceof Boolean flag) {
        bytes(flag ? 0x88 : 0x89);
      } else if (value instanceof Number number) {
        bytes('J');
        number(number.longValue(), 4);
      } else if (memo.containsKey(value)) {
        bytes('j');
        number(memo.get(value), 4);
      } else if (value instanceof String text) {
        text(text);
        remember(text);
      } else if (value instanceof List<?> list) {
        bytes(']');
        remember(list);
        bytes('(');
        list.forEach(this::write);
        bytes('e');
      } else if (value instanceof Map<?, ?> map) {
        bytes('}');
        remember(map);
        bytes('(');
        map.forEach(
            (key, item) -> {
              write(key);
              write(item);
            });
        bytes('u');
      } else if (value instanceof Tensor tensor) {
        tensor(tensor);
      } else {
        throw new IllegalArgumentException("No pickle of " + value.getClass());
      }
    }

    private void tensor(Tensor tensor) {
      name("torch._utils", "_rebuild_tensor_v2");
      bytes('(', '(');
      write("storage");
      name("torch", "IntStorage");
      write(tensor.key());
      write("cpu");
      write(tensor.elements());
      bytes('t', 'Q', 'K', 0);
      tuple(tensor.shape());
      tuple(tensor.stride());
      bytes(0x89);
      name("collections", "OrderedDict");
      bytes(')', 'R', 't', 'R');
      remember(tensor);
    }

    private void tuple(long[] values) {
      bytes('(');
      for (long value : values) {
        write(value);
      }
      bytes('t');
    }

    private void name(String module, String name) {
      if (protocol < 4) {
        bytes('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
      } else {
        text(module);
        text(name);
        bytes(0x93);
      }
    }

    private void text(String text) {
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      if (protocol < 4) {
        bytes('X');
        number(content.length, 4);
      } else {
        bytes(0x8c, content.length);
      }
      out.writeBytes(content);
    }

    private void remember(Object value) {
      memo.put(value, numbered);
      if (protocol < 4) {
        bytes('r');
        number(numbered, 4);
      } else {
        bytes(0x94);
      }
      numbered++;
    }

    private void number(long value, int length) {
      for (int i = 0; i < length; i++) {
        out.write((int) (value >>> (8 * i)));
      }
    }

    private void bytes(int... values) {
      for (int value : values) {
        out.write(value);
      }
    }
  }
}
