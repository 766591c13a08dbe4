package io.sextant.jobs;

import io.sextant.jobs.spark.OpenSession;
import io.sextant.jobs.spark.SparkSessions;
import org.apache.spark.sql.SparkSession;

/** The Spark that all tests of this JVM share, also those that run commands. */
public final class TestSpark {
  private static final OpenSession OPENED = SparkSessions.open();

  private TestSpark() {}

  /** Starts Spark if it does not run; it runs until the JVM ends. */
  public static SparkSession session() {
    return OPENED.spark();
  }
}
