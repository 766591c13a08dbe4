package io.sextant.schema.trace.response;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

  private static JsonParser parser(String json) throws IOException {
    JsonParser parser = new JsonFactory().createParser(json);
    parser.nextToken();
    return parser;
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "1789012345, 1789012345000",
        "1789012345.678, 1789012345678",
        "1789012345678, 1789012345678",
        "1789012345678901, 1789012345678",
        "1789012345678901234, 1789012345678",
        "946684800, 946684800000",
        "946684799, -1",
        "4102444799, 4102444799000",
        "4102444800, -1",
        "'\"2026-09-10T01:02:03Z\"', 1789002123000",
        "'\"2026-09-10 01:02:03+02:00\"', 1788994923000",
        "'\"2000-01-01T00:00:00Z\"', 946684800000",
        "'\"1999-12-31T23:59:59.999Z\"', -1",
        "'\"2099-12-31T23:59:59.999Z\"', 4102444799999",
        "'\"2100-01-01T00:00:00Z\"', -1",
        "'\"2026-09-10T01:02:03\"', -1",
        "'\"yesterday\"', -1",
        "true, -1",
        "null, -1"
      })
  void timesOfAnyUnitAreMilliseconds(String json, long millis) throws Exception {
    assertThat(Numbers.time(parser(json))).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "0, 0",
        "17, 17",
        "1099511627776, 1099511627776",
        "1099511627777, -1",
        "-1, -1",
        "1.5, -1",
        "123456789012345678901234567890, -1",
        "'\"5\"', -1"
      })
  void wholeNumbersHaveALimit(String json, long value) throws Exception {
    assertThat(Numbers.whole(parser(json))).isEqualTo(value);
  }
}
