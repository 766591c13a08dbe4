package io.sextant.jobs.spark;

import io.sextant.jobs.cli.Progress;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;

/**
 * A session of Spark for one command. Closing it stops Spark only if the command started it, so
 * that several commands in one JVM, such as those of the demo, start Spark once.
 */
public final class OpenSession implements AutoCloseable {
  private final SparkSession spark;
  private final boolean startedHere;
  private final String jobGroup = "sextant-" + UUID.randomUUID();
  private SparkProgress shown;

  OpenSession(SparkSession spark, boolean startedHere) {
    this.spark = spark;
    this.startedHere = startedHere;
  }

  public SparkSession spark() {
    return spark;
  }

  /** Prints Spark's version and master, and shows the tasks that this thread starts from now on. */
  public void show(Progress progress) {
    progress.say("Spark %s at %s", spark.version(), spark.sparkContext().master());
    if (!Progress.isSilent() && shown == null) {
      spark.sparkContext().setJobGroup(jobGroup, "sextant", false);
      shown = new SparkProgress(progress, jobGroup);
      spark.sparkContext().addSparkListener(shown);
    }
  }

  @Override
  public void close() {
    if (shown != null) {
      spark.sparkContext().removeSparkListener(shown);
      spark.sparkContext().clearJobGroup();
      shown.close();
    }
    if (startedHere) {
      spark.stop();
    }
  }
}
