package io.sextant.schema.trace.response;

import java.io.IOException;
import java.io.InputStream;

/**
 * Extracts the JSON from a log of server-sent events ({@code data: {...}} lines). It drops the
 * names of fields, other fields, comments and the {@code [DONE]} at the end. Plain JSON passes
 * unchanged, and line numbers stay the same.
 */
final class EventStream extends InputStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LONGEST_NAME = 8;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int next;
  private int end;

  /** Bytes that were read ahead and are not the name of a field. */
  private final byte[] held = new byte[LONGEST_NAME + 1];

  private int heldFrom;
  private int heldTo;
  private boolean lineStart = true;

  EventStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (lineStart && heldFrom == heldTo && filled()) {
      int first = buffer[next];
      lineStart = false;
      if ((first >= 'a' && first <= 'z') || first == ':') {
        field();
      }
    }
    int count = Math.min(length, heldTo - heldFrom);
    if (count > 0) {
      System.arraycopy(held, heldFrom, target, offset, count);
      heldFrom += count;
      return count;
    }
    return filled() ? line(target, offset, length) : -1;
  }

  private boolean filled() throws IOException {
    if (next == end) {
      next = 0;
      end = Math.max(0, in.read(buffer, 0, buffer.length));
    }
    return next < end;
  }

  /** The buffered bytes of the line, at most up to its end. */
  private int line(byte[] target, int offset, int length) {
    int to = Math.min(end, next + length);
    int at = next;
    while (at < to && buffer[at] != '\n') {
      at++;
    }
    if (at < to) {
      at++;
      lineStart = true;
    }
    int count = at - next;
    System.arraycopy(buffer, next, target, offset, count);
    next = at;
    return count;
  }

  private int one() throws IOException {
    return filled() ? buffer[next++] : -1;
  }

  /**
   * A line that does not begin with a JSON value: it has the name of a field and a colon, or is
   * damaged.
   */
  private void field() throws IOException {
    heldFrom = 0;
    heldTo = 0;
    int one = one();
    while (one >= 'a' && one <= 'z' && heldTo < LONGEST_NAME) {
      held[heldTo++] = (byte) one;
      one = one();
    }
    if (one != ':') {
      if (one >= 0) {
        held[heldTo++] = (byte) one;
      }
      lineStart = one == '\n';
      return;
    }
    boolean data =
        heldTo == 4 && held[0] == 'd' && held[1] == 'a' && held[2] == 't' && held[3] == 'a';
    heldTo = 0;
    do {
      one = one();
    } while (one == ' ');
    boolean array = one == '[';
    int second = array ? one() : -1;
    if (!data || second == 'D') {
      while (one >= 0 && one != '\n') {
        one = one();
      }
      second = -1;
    }
    hold(one);
    hold(second);
    lineStart = one == '\n' || second == '\n';
  }

  private void hold(int one) {
    if (one >= 0) {
      held[heldTo++] = (byte) one;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
