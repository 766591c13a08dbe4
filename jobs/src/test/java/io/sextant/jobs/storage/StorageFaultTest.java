package io.sextant.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.InvalidRequestException;
import org.apache.hadoop.fs.PathIOException;
import org.junit.jupiter.api.Test;

class StorageFaultTest {
  @Test
  void saysInWordsWhatExceptionsSayByTheirNames() {
    assertThat(StorageFault.line(new AccessDeniedException("/a")))
        .contains("/a: permission denied");
    assertThat(StorageFault.line(new NoSuchFileException("/a")))
        .contains("/a: there is no such file or folder");
    assertThat(StorageFault.line(new FileSystemException("/a", null, "File name too long")))
        .contains("/a: File name too long");
    assertThat(
            StorageFault.line(
                new UncheckedIOException(new IOException("No space left on device\n\tat x"))))
        .contains("No space left on device");
    assertThat(
            StorageFault.reason(new IllegalArgumentException(new UnknownHostException("nowhere"))))
        .isEqualTo("the host is unknown: nowhere");
  }

  @Test
  void missingCredentialsOfS3SayHowToGiveThem() {
    IOException refused =
        new AccessDeniedException(
            "s3a://traces/a", null, "NoAuthWithAWSException: No AWS Credentials provided by X");
    assertThat(StorageFault.line(refused)).contains("s3a://traces/a: no credentials were found");
    assertThat(StorageFault.remedy(refused))
        .startsWith("Give credentials as for the AWS command line (AWS_ACCESS_KEY_ID and")
        .contains("fs.s3a.endpoint");
    assertThat(StorageFault.remedy(new AccessDeniedException("/a")))
        .isEqualTo("Check the path, its permissions and, if it is not local, the network");
  }

  @Test
  void whatAStoreAnsweredIsSaidOnceAndWithoutClasses() {
    String answer =
        " (Service: S3, Status Code: %d, Request ID: null) (SDK Attempt Count: 1):Code: again";
    assertThat(
            StorageFault.line(
                new AccessDeniedException(
                    "s3a://traces/a",
                    null,
                    "getFileStatus on s3a://traces/a: software.amazon.awssdk.services.s3.model"
                        + ".S3Exception: The key does not exist."
                        + answer.formatted(403))))
        .contains(
            "s3a://traces/a: permission denied: getFileStatus on s3a://traces/a: The key does not"
                + " exist (S3 answered with 403)");
    assertThat(
            StorageFault.line(
                new PathIOException(
                    "s3a://absent/w",
                    "software.amazon.awssdk.services.s3.model.NoSuchBucketException: The specified"
                        + " bucket does not exist."
                        + answer.formatted(404))))
        .contains("The specified bucket does not exist (S3 answered with 404)");
    assertThat(
            StorageFault.line(
                new PathIOException(
                    "s3a://traces",
                    "software.amazon.awssdk.core.exception.SdkClientException: Unable to execute"
                        + " HTTP request: Connection refused (SDK Attempt Count: 2)")))
        .contains("Unable to execute HTTP request: Connection refused");
  }

  @Test
  void exceptionsOfFileSystemsAndOfTlsAreFaultsExceptDamagedFiles() {
    assertThat(StorageFault.line(new InvalidRequestException("a request"))).contains("a request");
    assertThat(StorageFault.line(new SSLHandshakeException("no certificate")))
        .contains("no certificate");
    assertThat(StorageFault.line(new ChecksumException("file:/w/a", 3))).isEmpty();
  }

  @Test
  void ofATaskOnlyTheMessageIsSaid() {
    assertThat(
            StorageFault.line(
                new RuntimeException(
                    "Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times, most"
                        + " recent failure: Lost task 0.0 in stage 3.0 (TID 5) (localhost executor"
                        + " driver): java.io.IOException: Mkdirs failed to create file:/w/x\n\tat y")))
        .contains("the folder file:/w/x cannot be made");
  }

  /** The mount of a warehouse may vanish while Spark plans a query. */
  @Test
  void aTableThatIsGoneIsAFault() {
    assertThat(
            StorageFault.line(
                new IllegalStateException(
                    "[PATH_NOT_FOUND] Path does not exist: file:/w/traces. SQLSTATE: 42K03")))
        .contains("/w/traces: there is no such file or folder");
  }

  @Test
  void aFolderThatCannotBeMadeIsAFault() {
    assertThat(StorageFault.line(new IOException("Cannot create the folder file:/w/_locks")))
        .contains("Cannot create the folder file:/w/_locks");
    assertThat(
            StorageFault.line(
                new IOException("Mkdirs failed to create file:/w/a b (exists=false, cwd=file:/c)")))
        .contains("the folder file:/w/a b cannot be made");
  }

  @Test
  void aBugIsNoFaultOfTheStorage() {
    assertThat(StorageFault.line(new IllegalStateException("index 3"))).isEmpty();
    assertThat(StorageFault.line(new IOException("a page of another type"))).isEmpty();
  }
}
