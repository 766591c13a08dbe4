package io.sextant.schema.trace.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.NoSink;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BoundedBytesTest {

  @Test
  void bytesGrowAsTheyCome() throws Exception {
    BoundedBytes bytes = new BoundedBytes(new HeapShare());
    for (int i = 0; i < 1000; i++) {
      bytes.writeInt(i << 8);
    }
    bytes.write(new byte[] {7, 8, 9}, 1, 2);
    assertThat(bytes.length()).isEqualTo(4002);
    assertThat(bytes.bytes()).startsWith(0, 0, 0, 0, 0, 1, 0, 0, 0, 2);
    assertThat(bytes.bytes()[4001]).isEqualTo((byte) 9);
  }

  /** A line as long as the heap is rejected before it is in memory. */
  @Test
  void aLineBeyondTheShareIsRefused() {
    assertThatThrownBy(
            () -> new ResponsesReader().read(new LongLine(), EngineDump.MODEL, NoSink.INSTANCE))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessageContaining("an eighth of the heap");
  }

  /** A response whose routes have as many bytes as the heap. */
  private static final class LongLine implements TraceFile {
    private static final byte[] BEGIN =
        "{\"id\": \"a\", \"routed_experts\": \"".getBytes(StandardCharsets.UTF_8);

    @Override
    public String path() {
      return "long.jsonl";
    }

    @Override
    public long length() {
      return Runtime.getRuntime().maxMemory();
    }

    @Override
    public long modifiedMillis() {
      return 0;
    }

    @Override
    public InputStream open() {
      return new InputStream() {
        private long next;

        @Override
        public int read() {
          long at = next++;
          return at < BEGIN.length ? BEGIN[(int) at] : 'A';
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
          int count = 0;
          while (count < length && next < BEGIN.length) {
            buffer[offset + count++] = (byte) read();
          }
          Arrays.fill(buffer, offset + count, offset + length, (byte) 'A');
          next += length - count;
          return length;
        }
      };
    }
  }
}
