package io.sextant.schema.placement;

import io.sextant.schema.file.TraceFiles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A SHA-256 of values in their order, the same on every machine and Java version. */
final class ContentHash {
  private static final int ABSENT = -1;

  private final MessageDigest digest = TraceFiles.sha256();

  /** Adds a text with its length; null differs from every text. */
  ContentHash text(String text) {
    if (text == null) {
      return number(ABSENT);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
    return this;
  }

  ContentHash number(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    return this;
  }

  ContentHash number(double value) {
    return number(Double.doubleToLongBits(value));
  }

  /** Adds a list with its length. */
  ContentHash numbers(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    number(values.length);
    digest.update(bytes.flip());
    return this;
  }

  /** The first digits of the hash, in hexadecimal. */
  String hex(int digits) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, digits);
  }
}
