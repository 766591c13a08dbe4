package io.sextant.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("sets a property of Hadoop for the whole JVM")
class StorageTest {

  /** rollback and history have no session, but work on the same storage. */
  @Test
  void settingsOfSparkSubmitHoldWithoutASession() {
    System.setProperty("spark.hadoop.fs.s3a.endpoint", "http://127.0.0.1:9");
    try {
      assertThat(Storage.withoutSession().get("fs.s3a.endpoint")).isEqualTo("http://127.0.0.1:9");
    } finally {
      System.clearProperty("spark.hadoop.fs.s3a.endpoint");
    }
  }
}
