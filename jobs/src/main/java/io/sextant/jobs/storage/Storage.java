package io.sextant.jobs.storage;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * The configuration with which storage is reached, the same on the driver and on every executor.
 */
public final class Storage {
  private static final String LOCAL = "file";
  private static final String OF_HADOOP = "spark.hadoop.";

  private Storage() {}

  /**
   * Hadoop's configuration with the user's Spark settings ({@code spark.hadoop.*}, including
   * credentials of object stores). Created once per JVM, because parsing the defaults takes longer
   * than opening a small file.
   */
  public static Configuration configuration() {
    return SparkEnv.get() == null ? OfHadoop.CONFIGURATION : OfSpark.CONFIGURATION;
  }

  /** spark-submit gives its settings to commands that need no session as system properties. */
  static Configuration withoutSession() {
    Configuration configuration = new Configuration();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(OF_HADOOP)) {
        configuration.set(name.substring(OF_HADOOP.length()), System.getProperty(name));
      }
    }
    return Connectors.withDefaults(configuration);
  }

  /**
   * The local path that a user's text names; empty if it names other storage.
   *
   * @throws io.sextant.schema.InvalidInputException if no file can have that name
   */
  public static Optional<java.nio.file.Path> local(String text) {
    return LocalPath.of(text, LOCAL.equals(FileSystem.getDefaultUri(configuration()).getScheme()));
  }

  /**
   * Hadoop's path of a user's text. A local path keeps every character, whereas {@code new
   * Path(text)} would interpret the text before a colon as a scheme.
   *
   * @throws io.sextant.schema.InvalidInputException if no file can have that name
   */
  public static Path path(String text) {
    return local(text).map(Storage::path).orElseGet(() -> new Path(text));
  }

  private static Path path(java.nio.file.Path local) {
    try {
      return new Path(new URI(LOCAL, null, local.toString(), null));
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Every absolute path is a URI's path: " + local, e);
    }
  }

  /**
   * The file system of a path.
   *
   * @throws io.sextant.schema.InvalidInputException if this Spark cannot reach such storage
   * @throws IOException if the storage does not answer
   */
  public static FileSystem fileSystem(Path path) throws IOException {
    return Connectors.open(path, configuration());
  }

  private static final class OfHadoop {
    private static final Configuration CONFIGURATION = withoutSession();
  }

  private static final class OfSpark {
    private static final Configuration CONFIGURATION =
        Connectors.withDefaults(SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf()));
  }
}
