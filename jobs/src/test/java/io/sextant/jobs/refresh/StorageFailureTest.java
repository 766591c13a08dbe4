package io.sextant.jobs.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

class StorageFailureTest {
  @Test
  void aStoreThatRefusesIsSaidAsByOtherCommands() {
    IOException refused =
        new AccessDeniedException("s3a://b/w", null, "NoAuthWithAWSException: No AWS Credentials");
    assertThat(StorageFailure.reason(new IllegalStateException(refused)))
        .contains("s3a://b/w: no credentials were found");
  }

  @Test
  void everyFileThatCannotBeReadIsAFailureAndABugIsNone() {
    assertThat(StorageFailure.reason(new IllegalStateException(new EOFException("at byte 3"))))
        .contains("at byte 3");
    assertThat(StorageFailure.reason(new IOException("a\nNo space left on device")))
        .contains("No space left on device");
    assertThat(StorageFailure.reason(new IllegalStateException("index 3"))).isEmpty();
  }
}
