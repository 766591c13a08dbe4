package io.sextant.schema.trace.response;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** Numbers and times out of logs, in which anything may stand. */
final class Numbers {
  private static final long MOST = 1L << 40;

  /** 2000 and 2100: a number outside is no time of day, as of a clock that counts from a start. */
  private static final long EARLIEST_MILLIS = 946_684_800_000L;

  private static final long LATEST_MILLIS = 4_102_444_800_000L;

  private Numbers() {}

  /** The number at hand if it is a whole one from 0 to 2^40; else -1. */
  static long whole(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
        || parser.getNumberType() == NumberType.BIG_INTEGER) {
      return -1;
    }
    long value = parser.getLongValue();
    return value >= 0 && value <= MOST ? value : -1;
  }

  /**
   * The time at hand in ms since 1970: a number of seconds, ms, µs or ns, told apart by size, or
   * ISO 8601 text with its zone.
   *
   * @return -1 if it is none between 2000 and 2100
   */
  static long time(JsonParser parser) throws IOException {
    double value;
    switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> value = parser.getDoubleValue();
      case VALUE_STRING -> {
        return iso(parser.getText());
      }
      default -> {
        return -1;
      }
    }
    for (double perMilli : new double[] {1e-3, 1, 1e3, 1e6}) {
      double millis = value / perMilli;
      if (millis >= EARLIEST_MILLIS && millis < LATEST_MILLIS) {
        return (long) millis;
      }
    }
    return -1;
  }

  private static long iso(String text) {
    try {
      long millis = OffsetDateTime.parse(text.replace(' ', 'T')).toInstant().toEpochMilli();
      return millis >= EARLIEST_MILLIS && millis < LATEST_MILLIS ? millis : -1;
    } catch (DateTimeException e) {
      return -1;
    }
  }
}
