package io.sextant.schema.trace.response;

import java.io.IOException;
import java.io.InputStream;

/**
 * The JSON of a log that holds server-sent events as they came, {@code data: {...}} lines: field
 * names, other fields, comments and the {@code [DONE]} at the end are left out. Plain JSON passes
 * as it is, and line numbers stay.
 */
final class EventStream extends InputStream {
  private static final int MOST_NAME = 8;

  private final InputStream in;
  private final byte[] held = new byte[MOST_NAME + 2];
  private int heldFrom;
  private int heldTo;
  private boolean lineStart = true;
  private int depth;
  private boolean text;
  private boolean escaped;

  EventStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = 0;
    while (count < length) {
      int one = read();
      if (one < 0) {
        return count == 0 ? -1 : count;
      }
      buffer[offset + count++] = (byte) one;
      if (one == '\n') {
        return count; // the bytes behind it may not have come yet
      }
    }
    return count;
  }

  @Override
  public int read() throws IOException {
    if (heldFrom < heldTo) {
      return follow(held[heldFrom++]);
    }
    int one = in.read();
    if (lineStart && depth == 0 && one > ' ' && one != '{' && one != '[') {
      lineStart = false;
      return field(one);
    }
    lineStart = one == '\n' || (lineStart && one <= ' ');
    return follow(one);
  }

  /** Knows whether a line begins between values, or in one that spans lines. */
  private int follow(int one) {
    if (text) {
      text = escaped || one != '"';
      escaped = !escaped && one == '\\';
    } else if (one == '"') {
      text = true;
    } else if (one == '{' || one == '[') {
      depth++;
    } else if (one == '}' || one == ']') {
      depth = Math.max(0, depth - 1);
    }
    return one;
  }

  /** A line that begins with no JSON value: the name of a field, or damage. */
  private int field(int first) throws IOException {
    heldFrom = 0;
    heldTo = 0;
    int one = first;
    while (one >= 'a' && one <= 'z' && heldTo < MOST_NAME) {
      held[heldTo++] = (byte) one;
      one = in.read();
    }
    if (one != ':') {
      if (one >= 0) {
        held[heldTo++] = (byte) one;
      }
      return heldTo == 0 ? -1 : follow(held[heldFrom++]);
    }
    boolean data = heldTo == 4 && held[0] == 'd' && held[1] == 'a' && held[2] == 't';
    heldTo = 0;
    if (!data) {
      return restOfLine(one);
    }
    do {
      one = in.read();
    } while (one == ' ' || one == '\t');
    if (one == '[') {
      int next = in.read();
      if (next == 'D') {
        return restOfLine(next);
      }
      if (next >= 0) {
        held[heldTo++] = (byte) next;
      }
    }
    lineStart = one == '\n';
    return follow(one);
  }

  private int restOfLine(int from) throws IOException {
    int one = from;
    while (one >= 0 && one != '\n') {
      one = in.read();
    }
    lineStart = true;
    return one;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
