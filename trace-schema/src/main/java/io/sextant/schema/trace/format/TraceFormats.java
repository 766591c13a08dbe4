package io.sextant.schema.trace.format;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.NearestName;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.json.RequestJsonReader;
import io.sextant.schema.trace.megatron.MegatronRouterReader;
import io.sextant.schema.trace.pack.SextantPackReader;
import io.sextant.schema.trace.parquet.ParquetRowsReader;
import io.sextant.schema.trace.response.ResponsesReader;
import io.sextant.schema.trace.sglang.SglangCsvReader;
import io.sextant.schema.trace.sglang.SglangRecorderReader;
import io.sextant.schema.trace.tensorrt.TensorRtCountsReader;
import io.sextant.schema.trace.tensorrt.TensorRtMetaInfoReader;
import io.sextant.schema.trace.tensorrt.TensorRtRawReader;
import io.sextant.schema.trace.vllm.VllmLoadReader;
import io.sextant.schema.trace.vllm.VllmRoutedExpertsReader;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** All readable formats of routing traces. */
public final class TraceFormats {
  private static final List<TraceReader> ALL =
      List.of(
          new SextantPackReader(),
          new RequestJsonReader(),
          new SglangRecorderReader(),
          new SglangCsvReader(),
          new VllmRoutedExpertsReader(),
          new TensorRtCountsReader(),
          new TensorRtRawReader(),
          new TensorRtMetaInfoReader(),
          new VllmLoadReader(),
          new MegatronRouterReader(),
          new ResponsesReader(),
          new ParquetRowsReader());

  private static final int MOST_SHOWN_BYTES = 8;

  private TraceFormats() {}

  /** All readers; threads may share them. */
  public static List<TraceReader> all() {
    return ALL;
  }

  /**
   * @throws InvalidInputException naming the known formats, if this is not one of them
   */
  public static TraceReader byName(String format) {
    for (TraceReader reader : ALL) {
      if (reader.format().equals(format)) {
        return reader;
      }
    }
    throw InvalidInputException.of(
        "format '" + format + "'",
        "there is no such format",
        NearestName.remedy(format, all().stream().map(TraceReader::format).toList())
            + "Use one of "
            + known());
  }

  /**
   * The reader for a file, by its content.
   *
   * @throws CorruptTraceException if the format is not recognised
   * @throws IOException if the storage fails
   */
  public static TraceReader detect(TraceFile file) throws CorruptTraceException, IOException {
    return detect(file, TraceFiles.head(file));
  }

  /**
   * As {@link #detect(TraceFile)}, without opening the file again.
   *
   * @param head the first bytes of the file, from {@link TraceFiles#inspect}
   */
  public static TraceReader detect(TraceFile file, byte[] head) throws CorruptTraceException {
    for (TraceReader reader : ALL) {
      if (reader.recognises(file, head)) {
        return reader;
      }
    }
    int shown = Math.min(head.length, MOST_SHOWN_BYTES);
    throw new CorruptTraceException(
        "wrong magic: %s, which no known format (%s) does"
            .formatted(
                shown == 0
                    ? "it has no readable bytes"
                    : "it begins with bytes "
                        + HexFormat.ofDelimiter(" ").formatHex(head, 0, shown),
                known()));
  }

  private static String known() {
    return ALL.stream().map(TraceReader::format).collect(Collectors.joining(", "));
  }
}
