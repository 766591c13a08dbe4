package io.sextant.schema.file;

import io.sextant.schema.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The lines of a text file, plain or compressed by gzip or zstd. */
public final class TextLines {
  private TextLines() {}

  /** Receives the lines one by one. */
  @FunctionalInterface
  public interface Sink {
    /**
     * @param where the file and line number, for messages
     */
    void line(String text, String where);
  }

  /**
   * Passes every line that is not blank to the sink.
   *
   * @throws InvalidInputException naming the line after which a compressed file is damaged
   * @throws IOException if the storage fails
   */
  public static void forEach(TraceFile file, Sink sink) throws IOException {
    try (TraceStream stream = TraceStream.open(file);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          sink.line(line, file.path() + ": line " + number);
        }
      }
      if (stream.damage() != null) {
        throw InvalidInputException.of(
            file.path() + ": line " + number,
            "the file ends there: " + stream.damage(),
            "Copy it again from its source");
      }
    }
  }
}
