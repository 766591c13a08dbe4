package io.sextant.schema.trace.vllm;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.trace.routing.RouteArray;
import io.sextant.schema.zip.ZipArchive;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;

/** An array in an archive that {@code numpy.savez} wrote. */
final class ArchivedArray implements RouteArray {
  private final ZipArchive archive;
  private final ZipArchive.Entry entry;
  private final NpyHeader header;

  ArchivedArray(ZipArchive archive, ZipArchive.Entry entry)
      throws CorruptTraceException, IOException {
    this.archive = archive;
    this.entry = entry;
    try (ZipEntryBytes bytes = archive.open(entry)) {
      this.header = NpyHeader.read(bytes);
    }
  }

  @Override
  public String name() {
    return entry.name();
  }

  @Override
  public NpyHeader header() {
    return header;
  }

  @Override
  public void forEachRow(Rows rows) throws CorruptTraceException, IOException {
    try (ZipEntryBytes bytes = archive.open(entry)) {
      NpyHeader again = NpyHeader.read(bytes);
      RowBytes.read(again, bytes, rows);
      bytes.finish();
    }
  }
}
