package io.sextant.jobs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What this thread and the threads that it starts print until this object is closed. Tests run in
 * parallel, so each must catch its own output only.
 */
public final class CaughtOutput implements AutoCloseable {
  private static final OfThreads OUT = new OfThreads(System.out);
  private static final OfThreads ERR = new OfThreads(System.err);

  static {
    System.setOut(new PrintStream(OUT, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(ERR, true, StandardCharsets.UTF_8));
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final OutputStream outBefore = OUT.replace(out);
  private final OutputStream errBefore = ERR.replace(err);

  /** Standard output so far. */
  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Standard error so far. */
  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    OUT.replace(outBefore);
    ERR.replace(errBefore);
  }

  /** Writes to the stream of the thread that writes. */
  private static final class OfThreads extends OutputStream {
    private final InheritableThreadLocal<OutputStream> streams;

    OfThreads(OutputStream otherwise) {
      this.streams =
          new InheritableThreadLocal<>() {
            @Override
            protected OutputStream initialValue() {
              return otherwise;
            }
          };
    }

    OutputStream replace(OutputStream with) {
      OutputStream before = streams.get();
      streams.set(with);
      return before;
    }

    @Override
    public void write(int value) throws IOException {
      streams.get().write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      streams.get().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      streams.get().flush();
    }
  }
}
