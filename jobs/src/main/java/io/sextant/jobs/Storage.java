package io.sextant.jobs;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** How to reach storage, the same on the driver and on every executor. */
public final class Storage {

  private Storage() {}

  /**
   * Hadoop's configuration with what the user gave Spark ({@code spark.hadoop.*}, credentials of
   * object stores among it). Made once a JVM: parsing its defaults takes longer than opening a
   * small file.
   */
  public static Configuration configuration() {
    return SparkEnv.get() == null ? new Configuration() : OfSpark.CONFIGURATION;
  }

  private static final class OfSpark {
    private static final Configuration CONFIGURATION =
        SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
  }
}
