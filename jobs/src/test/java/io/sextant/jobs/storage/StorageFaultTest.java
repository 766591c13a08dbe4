package io.sextant.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
    assertThat(StorageFault.line(refused))
        .contains(
            "s3a://traces/a: permission denied: NoAuthWithAWSException: No AWS Credentials provided"
                + " by X");
    assertThat(StorageFault.remedy(refused))
        .startsWith("Start Sextant with spark-submit and give the credentials with --conf")
        .contains("fs.s3a.access.key");
    assertThat(StorageFault.remedy(new AccessDeniedException("/a")))
        .isEqualTo("Check the path, its permissions and, if it is not local, the network");
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
