package io.sextant.jobs;

import io.sextant.jobs.spark.SparkSessions;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Spark session that is open for all tests of a class. */
public final class SparkOfClass implements BeforeAllCallback, AfterAllCallback {
  private SparkSession session;

  public SparkSession session() {
    return session;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    session = SparkSessions.open();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    session.close();
  }
}
