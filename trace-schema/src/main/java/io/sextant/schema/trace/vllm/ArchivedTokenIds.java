package io.sextant.schema.trace.vllm;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.zip.ZipArchive;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;
import java.util.List;

/** Reads the token ids of the prompt that were saved with a request's routes. */
final class ArchivedTokenIds {
  private static final List<String> NAMES =
      List.of("prompt_token_ids.npy", "prompt_ids.npy", "input_ids.npy");

  /** No model has a longer context; a longer array is not kept. */
  private static final long MOST = 1L << 24;

  private static final int[] NONE = {};

  private ArchivedTokenIds() {}

  /** The ids; empty if the archive has no such list of integers. */
  static int[] of(ZipArchive archive) throws CorruptTraceException, IOException {
    for (String name : NAMES) {
      ZipArchive.Entry entry = archive.entry(name);
      if (entry != null) {
        return ids(archive, entry);
      }
    }
    return NONE;
  }

  private static int[] ids(ZipArchive archive, ZipArchive.Entry entry)
      throws CorruptTraceException, IOException {
    try (ZipEntryBytes bytes = archive.open(entry)) {
      NpyHeader header = header(bytes);
      if (header == null || header.shape().length != 1 || header.shape()[0] > MOST) {
        return NONE;
      }
      int[] ids = new int[(int) header.shape()[0]];
      byte[] value = new byte[header.itemBytes()];
      for (int i = 0; i < ids.length; i++) {
        bytes.fill(value, 0, value.length);
        ids[i] = LittleEndian.id(value, 0, value.length, header.signed());
      }
      bytes.finish();
      return ids;
    }
  }

  /** Null if it is not an array of integers. */
  private static NpyHeader header(ZipEntryBytes bytes) throws IOException {
    try {
      return NpyHeader.read(bytes);
    } catch (CorruptTraceException e) {
      return null;
    }
  }
}
