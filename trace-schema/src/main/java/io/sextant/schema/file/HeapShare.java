package io.sextant.schema.file;

/**
 * The memory that one file may take while it is read: an eighth of the heap, so that neither a long
 * request nor a malicious file exhausts the memory of the process.
 */
public final class HeapShare {
  private static final long LEAST_BYTES = 64L << 20;

  private final long mostBytes = Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 8);
  private long takenBytes;

  public void take(long bytes) throws CorruptTraceException {
    takenBytes += bytes;
    if (takenBytes > mostBytes) {
      throw new CorruptTraceException(
          "one request, or all requests in progress, take more than %d MB, an eighth of the heap; with a larger heap the file may be readable"
              .formatted(mostBytes >> 20));
    }
  }

  public void give(long bytes) {
    takenBytes -= bytes;
  }
}
