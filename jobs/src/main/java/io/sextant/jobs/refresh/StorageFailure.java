package io.sextant.jobs.refresh;

import io.sextant.jobs.storage.StorageFault;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Distinguishes failures of the storage, here or on an executor, from bugs. */
final class StorageFailure {
  /** Spark reports an executor's exception as text. */
  private static final Pattern IN_TEXT =
      Pattern.compile("No space left on device|Disk quota exceeded|Input/output error");

  private StorageFailure() {}

  /** The failure in a few words; empty if it was not the storage. */
  static Optional<String> reason(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Matcher found = IN_TEXT.matcher(String.valueOf(cause.getMessage()));
      if (found.find()) {
        return Optional.of(found.group());
      }
    }
    return StorageFault.line(thrown).or(() -> ofFile(thrown));
  }

  private static Optional<String> ofFile(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return Optional.of(StorageFault.why(cause));
      }
    }
    return Optional.empty();
  }
}
