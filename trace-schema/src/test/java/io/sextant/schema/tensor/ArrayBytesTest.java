package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The ends of {@link MemoryBytes} and {@link StreamBytes}. */
class ArrayBytesTest {
  private static final byte[] SEVEN = {0, 1, 2, 3, 4, 5, 6};

  @Test
  void aPartOfAnArrayIsReadToItsEnd() throws Exception {
    MemoryBytes bytes = new MemoryBytes("ids", SEVEN, 2, 6);
    assertThat(bytes.name()).isEqualTo("ids");
    assertThat(bytes.left()).isEqualTo(4);
    assertThat(bytes.position()).isEqualTo(2);
    byte[] target = new byte[5];
    bytes.fill(target, 1, 3);
    assertThat(target).containsExactly(0, 2, 3, 4, 0);
    assertThat(bytes.left()).isEqualTo(1);
    assertThat(bytes.position()).isEqualTo(5);
    bytes.fill(target, 4, 1);
    assertThat(target).containsExactly(0, 2, 3, 4, 5);
    assertThat(bytes.left()).isZero();
  }

  /** The array goes on after the part. */
  @Test
  void nothingIsReadBehindAPartOfAnArray() throws Exception {
    MemoryBytes bytes = new MemoryBytes("ids", SEVEN, 2, 5);
    bytes.fill(new byte[1], 0, 1);
    assertThatThrownBy(() -> bytes.fill(new byte[4], 0, 4))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessage("truncated: ids ends 2 bytes too early");
    assertThat(bytes.position()).isEqualTo(3);
  }

  @Test
  void aStreamIsReadToItsEnd() throws Exception {
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(SEVEN))) {
      StreamBytes bytes = new StreamBytes("ids", stream);
      assertThat(bytes.name()).isEqualTo("ids");
      assertThat(bytes.left()).isEqualTo(-1);
      byte[] target = new byte[8];
      bytes.fill(target, 1, 7);
      assertThat(target).containsExactly(0, 0, 1, 2, 3, 4, 5, 6);
      bytes.finish();
    }
  }

  @Test
  void aStreamThatEndsTooEarlyIsTruncated() throws Exception {
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(SEVEN))) {
      StreamBytes bytes = new StreamBytes("ids", stream);
      bytes.fill(new byte[2], 0, 2);
      assertThatThrownBy(() -> bytes.fill(new byte[8], 0, 8))
          .isInstanceOf(CorruptTraceException.class)
          .hasMessage("truncated: expected 10 bytes, found 7");
    }
  }

  @Test
  void aStreamThatGoesOnHasTrailingBytes() throws Exception {
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(SEVEN))) {
      StreamBytes bytes = new StreamBytes("ids", stream);
      bytes.fill(new byte[3], 0, 3);
      assertThatThrownBy(bytes::finish)
          .isInstanceOf(CorruptTraceException.class)
          .hasMessage("trailing bytes: the file continues after its array, at byte 3");
    }
  }

  @Test
  void aCompressedStreamWithoutItsEndIsDamaged() throws Exception {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(SEVEN);
    }
    byte[] cut = Arrays.copyOf(gzip.toByteArray(), gzip.size() - 4);
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(cut))) {
      StreamBytes bytes = new StreamBytes("ids", stream);
      bytes.fill(new byte[7], 0, 7);
      assertThatThrownBy(bytes::finish)
          .isInstanceOf(CorruptTraceException.class)
          .hasMessage("after 7 bytes the gzip stream ends early");
    }
  }
}
