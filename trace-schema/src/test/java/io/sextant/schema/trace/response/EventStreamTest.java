package io.sextant.schema.trace.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventStreamTest {

  /** Gives one byte per call, so that every line crosses the ends of buffers. */
  private static final class Trickle extends ByteArrayInputStream {
    private boolean closed;

    Trickle(String text) {
      super(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      return super.read(target, offset, Math.min(length, 1));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static String whole(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String byteByByte(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int one = in.read(); one >= 0; one = in.read()) {
      out.write(one);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "'data: {\"a\": 1}#', '{\"a\": 1}#'",
    "'data:{\"a\": 1}#data:   {\"b\": 2}#', '{\"a\": 1}#{\"b\": 2}#'",
    "'data: [1, 2]#', '[1, 2]#'",
    "'data: [DONE]#{}#', '#{}#'",
    "'data: [DONE]', ''",
    "'data:#{}#', '#{}#'",
    "'data: [#{}#', '[#{}#'",
    "'event: message#data: {}#', '#{}#'",
    "'abcdefgh: x#{}#', '#{}#'",
    "'azz: x#{}#', '#{}#'",
    "': a comment#{}#', '#{}#'",
    "'{\"plain\": \"é\"}#{}#', '{\"plain\": \"é\"}#{}#'",
    "'abcdefghi: x#', 'abcdefghi: x#'",
    "'true#data: {}#', 'true#{}#'",
    "'nul', 'nul'",
    "'a#data: {}#', 'a#{}#'",
    "'##data: {}', '##{}'",
    "'Zeta: 1#', 'Zeta: 1#'",
    "'`x#', '`x#'"
  })
  void onlyTheDataOfEventsIsLeft(String log, String json) throws Exception {
    String lines = log.replace('#', '\n');
    String expected = json.replace('#', '\n');
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    assertThat(whole(new EventStream(new ByteArrayInputStream(bytes)))).isEqualTo(expected);
    assertThat(byteByByte(new EventStream(new ByteArrayInputStream(bytes)))).isEqualTo(expected);
    assertThat(whole(new EventStream(new Trickle(lines)))).isEqualTo(expected);
  }

  @Test
  void nothingIsReadIntoNoRoomAndTheInputIsClosed() throws Exception {
    Trickle in = new Trickle("{}");
    try (EventStream events = new EventStream(in)) {
      assertThat(events.read(new byte[1], 0, 0)).isZero();
      assertThat(events.read()).isEqualTo('{');
    }
    assertThat(in.closed).isTrue();
  }
}
