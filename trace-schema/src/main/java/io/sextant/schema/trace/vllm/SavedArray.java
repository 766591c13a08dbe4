package io.sextant.schema.trace.vllm;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.tensor.StreamBytes;
import io.sextant.schema.trace.routing.RouteArray;
import java.io.IOException;

/** An array in a file that {@code numpy.save} wrote. */
final class SavedArray implements RouteArray {
  private static final String NAME = "the array";

  private final TraceFile file;
  private final NpyHeader header;

  SavedArray(TraceFile file) throws CorruptTraceException, IOException {
    this.file = file;
    try (TraceStream stream = TraceStream.open(file)) {
      this.header = NpyHeader.read(new StreamBytes(NAME, stream));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public NpyHeader header() {
    return header;
  }

  @Override
  public void forEachRow(Rows rows) throws CorruptTraceException, IOException {
    try (TraceStream stream = TraceStream.open(file)) {
      StreamBytes bytes = new StreamBytes(NAME, stream);
      NpyHeader again = NpyHeader.read(bytes);
      RowBytes.read(again, bytes, rows);
      bytes.finish();
    }
  }
}
