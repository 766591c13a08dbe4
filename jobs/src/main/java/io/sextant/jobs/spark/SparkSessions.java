package io.sextant.jobs.spark;

import io.sextant.jobs.cli.SmallHeap;
import io.sextant.jobs.storage.Connectors;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import scala.Tuple2;

/**
 * The only place that creates Spark sessions: under spark-submit with the given master, otherwise
 * embedded with all local cores.
 */
public final class SparkSessions {

  private SparkSessions() {}

  /**
   * A session of its own in the Spark that runs in this JVM, which is started if none does; the
   * caller closes it.
   *
   * @throws io.sextant.schema.InvalidInputException if the heap is smaller than Spark allows
   */
  public static OpenSession open() {
    long heap = Runtime.getRuntime().maxMemory();
    SmallHeap.requireEnoughForSpark(heap);
    SparkConf conf = new SparkConf();
    if (!conf.contains("spark.master")) {
      conf.setMaster("local[*]")
          .set("spark.ui.enabled", "false")
          .set("spark.driver.host", "127.0.0.1")
          .set("spark.driver.bindAddress", "127.0.0.1")
          .set("spark.sql.shuffle.partitions", "8")
          // Spark reserves 300 MiB, more than a small heap of 256 MiB; ingest streams its data and
          // needs little of Spark's memory.
          .set("spark.testing.reservedMemory", Long.toString(SmallHeap.reservedForSpark(heap)))
          // A task that runs out of memory must not end this process before the error is reported.
          .set("spark.executor.killOnFatalError.depth", "0");
    }
    conf.set("spark.app.name", "sextant")
        .set("spark.sql.session.timeZone", "UTC")
        .set("spark.sql.parquet.compression.codec", "zstd")
        .set("spark.sql.sources.partitionOverwriteMode", "dynamic")
        // Days are names of folders and must remain text.
        .set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        .set("spark.sql.catalogImplementation", "in-memory")
        // Avoids warnings about shortened query plans of wide tables.
        .set("spark.sql.debug.maxToStringFields", "200")
        .set("spark.sql.parquet.enableNestedColumnVectorizedReader", "true");
    // Executors write figures in the same locale as this JVM, whatever their machine's.
    conf.setIfMissing("spark.executor.defaultJavaOptions", "-Duser.language= -Duser.country=");
    Option<SparkSession> running = SparkSession.getDefaultSession();
    boolean startHere = running.isEmpty() || running.get().sparkContext().isStopped();
    SparkSession session =
        startHere ? SparkSession.builder().config(conf).getOrCreate() : running.get().newSession();
    if (!startHere) {
      for (Tuple2<String, String> setting : conf.getAll()) {
        if (session.conf().isModifiable(setting._1())) {
          session.conf().set(setting._1(), setting._2());
        }
      }
    }
    // Spark's readers and writers get the same defaults on executors as our own files.
    Connectors.withDefaults(session.sparkContext().hadoopConfiguration());
    return new OpenSession(session, startHere);
  }
}
