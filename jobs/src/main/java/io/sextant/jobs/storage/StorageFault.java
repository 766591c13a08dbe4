package io.sextant.jobs.storage;

import java.io.FileNotFoundException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Distinguishes storage that refuses, is full or does not answer from a bug. Identifies Hadoop's
 * exceptions by class name only, because hosts with a GPU have no Hadoop.
 */
public final class StorageFault {
  /** Spark reports an executor's exception as text. */
  private static final Pattern IN_TEXT =
      Pattern.compile(
          "No space left on device|Disk quota exceeded|Input/output error|Permission denied"
              + "|Read-only file system|File name too long|Mkdirs failed to create|Not a directory"
              + "|Is a directory|Stale file handle|Cannot create the folder|Cannot rename"
              + "|PATH_NOT_FOUND");

  private static final Pattern IN_TASK =
      Pattern.compile("^Job aborted due to stage failure: .*?: (?:[a-z]\\w*\\.)+[A-Z]\\w*: ");

  /** What Hadoop says of a folder that it cannot make. */
  private static final Pattern NO_FOLDER =
      Pattern.compile("^Mkdirs failed to create (.*?)(?: \\(exists=.*)?$");

  /** What Spark says of a table that was there before, such as on a mount that has vanished. */
  private static final Pattern NO_PATH =
      Pattern.compile(
          "^\\[PATH_NOT_FOUND] Path does not exist: (?:file:)?(.*?)\\.(?: +SQLSTATE.*)?$");

  private static final Set<String> BY_NAME =
      Set.of(
          "AccessControlException",
          "FileAlreadyExistsException",
          "FSError",
          "ParentNotDirectoryException",
          "PathIOException",
          "RemoteException",
          "UnsupportedFileSystemException");

  private static final Pattern CREDENTIALS =
      Pattern.compile("credential|NoAuth|AccessDenied|Forbidden", Pattern.CASE_INSENSITIVE);

  static final String S3A_KEYS =
      "the credentials with --conf spark.hadoop.fs.s3a.access.key=... and"
          + " spark.hadoop.fs.s3a.secret.key=... (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY),"
          + " and fs.s3a.endpoint unless it is AWS";

  private StorageFault() {}

  /** One line about the storage; empty if the failure has another cause. */
  public static Optional<String> line(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof FileSystemException
          || cause instanceof FileNotFoundException
          || cause instanceof SocketException
          || cause instanceof SocketTimeoutException
          || cause instanceof UnknownHostException
          || BY_NAME.contains(cause.getClass().getSimpleName())
          || IN_TEXT.matcher(String.valueOf(cause.getMessage())).find()) {
        return Optional.of(reason(cause));
      }
    }
    return Optional.empty();
  }

  /** The meaning of an exception in words, on one line. */
  public static String reason(Throwable thrown) {
    String why = why(thrown);
    return thrown instanceof FileSystemException fault && fault.getFile() != null
        ? fault.getFile() + ": " + why
        : why;
  }

  /** Like {@link #reason}, without the name of the file. */
  public static String why(Throwable thrown) {
    if (thrown instanceof FileSystemException fault) {
      return why(fault);
    }
    if (thrown instanceof UnsupportedOperationException) {
      return "its storage cannot list files";
    }
    if (thrown instanceof UnknownHostException) {
      return "the host is unknown: " + thrown.getMessage();
    }
    Throwable cause = thrown.getCause();
    if (cause != null && Objects.equals(thrown.getMessage(), cause.toString())) {
      return reason(cause);
    }
    String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    return firstLine(message);
  }

  /** The first line, without what Spark puts before the message of a task's exception. */
  private static String firstLine(String text) {
    String line = IN_TASK.matcher(text.lines().findFirst().orElse("")).replaceFirst("").strip();
    line = NO_PATH.matcher(line).replaceFirst("$1: there is no such file or folder");
    return NO_FOLDER.matcher(line).replaceFirst("the folder $1 cannot be made");
  }

  /** The remedy for storage that refused or did not answer. */
  public static String remedy(Throwable thrown) {
    String chain = chain(thrown);
    return chain.contains("s3a") && CREDENTIALS.matcher(chain).find()
        ? "Start Sextant with spark-submit and give " + S3A_KEYS
        : "Check the path, its permissions and, if it is not local, the network";
  }

  private static String why(FileSystemException fault) {
    if (fault instanceof AccessDeniedException) {
      return fault.getReason() == null
          ? "permission denied"
          : "permission denied: " + firstLine(fault.getReason());
    }
    if (fault instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (fault instanceof FileAlreadyExistsException) {
      return "there is a file with that name";
    }
    if (fault instanceof NotDirectoryException) {
      return "it is not a folder";
    }
    if (fault instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    return fault.getReason() == null ? fault.toString() : firstLine(fault.getReason());
  }

  /** The messages and class names of a chain of exceptions. */
  private static String chain(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      text.append(cause).append(' ');
    }
    return text.toString();
  }
}
