package io.sextant.schema.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;

/**
 * Parses the JSON of trace files as UTF-8. Every engine writes UTF-8, and a parser that guesses the
 * encoding reports damaged bytes as a storage failure.
 */
public final class JsonText {
  private JsonText() {}

  /**
   * Creates a new factory each time, because an object mapper registers itself with the factory
   * that it is given.
   */
  public static JsonFactory lenient() {
    return JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();
  }

  /** As {@link #lenient}, but a repeated key in an object is an error. */
  public static JsonFactory strict() {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.CHARSET_DETECTION)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
  }
}
