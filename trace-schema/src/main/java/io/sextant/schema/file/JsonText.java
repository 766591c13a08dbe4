package io.sextant.schema.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;

/**
 * How JSON in trace files is parsed: as UTF-8, since every engine writes that, and because a parser
 * that guesses an encoding fails on damaged bytes as if the storage had failed.
 */
public final class JsonText {
  private JsonText() {}

  /** A factory of its own: an object mapper makes the one it is given its own. */
  public static JsonFactory lenient() {
    return JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();
  }

  /** As {@link #lenient}; an object with a key twice is an error. */
  public static JsonFactory strict() {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.CHARSET_DETECTION)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
  }
}
