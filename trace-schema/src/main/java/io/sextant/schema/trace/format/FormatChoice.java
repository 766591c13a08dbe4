package io.sextant.schema.trace.format;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import java.io.IOException;
import java.io.Serializable;

/**
 * The way in which a user wants trace files to be read.
 *
 * @param name the name of a format, or {@code auto}
 * @param hints the user's knowledge beyond the files
 */
public record FormatChoice(String name, TraceHints hints) implements Serializable {
  /** The name that leaves the choice to {@link TraceFormats#detect}. */
  public static final String AUTO = "auto";

  /** Detects the format by content, without hints. */
  public static final FormatChoice DETECTED = new FormatChoice(AUTO, TraceHints.NONE);

  /**
   * @throws InvalidInputException if there is no such format
   */
  public FormatChoice {
    if (!name.equals(AUTO)) {
      TraceFormats.byName(name);
    }
  }

  /** Whether the user gave a format or hints. */
  public boolean isTold() {
    return !name.equals(AUTO) || !hints.withInForce(null).equals(TraceHints.NONE);
  }

  /**
   * The reader for a file in the chosen format.
   *
   * @throws CorruptTraceException if the file's format is not recognised
   * @throws IOException if the storage fails
   */
  public TraceReader reader(TraceFile file) throws CorruptTraceException, IOException {
    return name.equals(AUTO) ? TraceFormats.detect(file) : TraceFormats.byName(name);
  }

  /**
   * As {@link #reader(TraceFile)}, without opening the file again.
   *
   * @param head the first bytes of the file, from {@link io.sextant.schema.file.TraceFiles#inspect}
   */
  public TraceReader reader(TraceFile file, byte[] head) throws CorruptTraceException {
    return name.equals(AUTO) ? TraceFormats.detect(file, head) : TraceFormats.byName(name);
  }
}
