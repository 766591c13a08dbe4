package io.sextant.jobs;

import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.format.TraceFormats;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which trace files, and in which format. */
public final class TraceOptions {
  @Option(
      names = "--input",
      arity = "1..*",
      required = true,
      paramLabel = "PATH",
      description = "Trace files or folders of them, on any Hadoop file system.")
  private List<String> inputs;

  @Option(
      names = "--format",
      defaultValue = "auto",
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      description = "One of ${COMPLETION-CANDIDATES}; auto (default) tells them by content.")
  private String format;

  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(Stream.of("auto"), TraceFormats.all().stream().map(TraceReader::format))
          .iterator();
    }
  }

  public List<String> inputs() {
    return inputs;
  }

  /**
   * Name of a format, or {@code auto}.
   *
   * @throws io.sextant.schema.InvalidInputException where there is no such format
   */
  public String format() {
    if (!format.equals("auto")) {
      TraceFormats.byName(format);
    }
    return format;
  }
}
