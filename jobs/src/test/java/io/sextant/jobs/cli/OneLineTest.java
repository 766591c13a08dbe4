package io.sextant.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class OneLineTest {
  /** Hadoop's own cannot be made here; it is recognised by its name. */
  private static final class FSError extends Error {
    private static final long serialVersionUID = 1L;

    FSError(Throwable cause) {
      super(cause);
    }
  }

  /** Hadoop reports a full disk as an error, which picocli does not handle. */
  @Test
  void aFullDiskIsOneLine() {
    StringWriter text = new StringWriter();
    int code =
        OneLine.print(
            new FSError(new IOException("No space left on device")), new PrintWriter(text));
    assertThat(code).isEqualTo(2);
    assertThat(text.toString())
        .startsWith("sextant: the storage failed: ")
        .contains("No space left on device")
        .hasLineCount(1);
  }
}
