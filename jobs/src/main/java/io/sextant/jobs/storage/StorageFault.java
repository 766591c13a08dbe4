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

  private static final Set<String> BY_NAME = Set.of("AccessControlException", "FSError");

  /** Exceptions of Hadoop's file systems, of their connectors and of the libraries behind these. */
  private static final Pattern OF_STORAGE =
      Pattern.compile(
          "(?:org\\.apache\\.hadoop\\.(?:fs|hdfs|ipc|net|security)|software\\.amazon\\.awssdk"
              + "|com\\.google\\.(?:cloud|api)|com\\.microsoft\\.azure|javax\\.net\\.ssl)\\..*");

  /** The file is damaged; its storage works. */
  private static final String DAMAGED = "ChecksumException";

  /** How the AWS SDK ends a message with what the store answered; the code follows once more. */
  private static final Pattern ANSWER =
      Pattern.compile("\\.? \\(Service: (\\w+), Status Code: (\\d+).*");

  /** Without an answer there is only the number of attempts. */
  private static final Pattern ATTEMPTS = Pattern.compile("\\.? \\(SDK Attempt Count: .*");

  /** What connectors put before a nested message: {@code `path': } and {@code package.Class: }. */
  private static final Pattern NESTED =
      Pattern.compile("^`[^']*': |(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:\\(.*?\\))?: ");

  private static final Pattern NO_CREDENTIALS =
      Pattern.compile("NoAuthWithAWSException|Unable to load credentials");

  private static final Pattern CREDENTIALS =
      Pattern.compile("credential|NoAuth|AccessDenied|Forbidden", Pattern.CASE_INSENSITIVE);

  private static final String S3A_CREDENTIALS =
      "Give credentials as for the AWS command line (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a"
          + " profile, or the role of the machine) and, if it is not AWS, fs.s3a.endpoint in"
          + " core-site.xml of the folder HADOOP_CONF_DIR";

  private StorageFault() {}

  /** One line about the storage; empty if the failure has another cause. */
  public static Optional<String> line(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof FileSystemException
          || cause instanceof FileNotFoundException
          || cause instanceof SocketException
          || cause instanceof SocketTimeoutException
          || cause instanceof UnknownHostException
          || isOfStorage(cause.getClass())
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

  private static boolean isOfStorage(Class<?> type) {
    String name = type.getSimpleName();
    return BY_NAME.contains(name)
        || (OF_STORAGE.matcher(type.getName()).matches() && !name.equals(DAMAGED));
  }

  /** The first line, without what Spark and connectors put around the message of an exception. */
  private static String firstLine(String text) {
    String line = IN_TASK.matcher(text.lines().findFirst().orElse("")).replaceFirst("").strip();
    line = NO_PATH.matcher(line).replaceFirst("$1: there is no such file or folder");
    line = ANSWER.matcher(line).replaceFirst(" ($1 answered with $2)");
    line = NESTED.matcher(ATTEMPTS.matcher(line).replaceFirst("")).replaceAll("");
    return NO_FOLDER.matcher(line).replaceFirst("the folder $1 cannot be made");
  }

  /** The remedy for storage that refused or did not answer. */
  public static String remedy(Throwable thrown) {
    String chain = chain(thrown);
    return chain.contains("s3a") && CREDENTIALS.matcher(chain).find()
        ? S3A_CREDENTIALS
        : "Check the path, its permissions and, if it is not local, the network";
  }

  private static String why(FileSystemException fault) {
    if (fault instanceof AccessDeniedException) {
      if (NO_CREDENTIALS.matcher(chain(fault)).find()) {
        return "no credentials were found";
      }
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
