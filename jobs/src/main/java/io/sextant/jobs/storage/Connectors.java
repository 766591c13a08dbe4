package io.sextant.jobs.storage;

import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;

/** Opens storage through Hadoop, and reports a missing connector. */
public final class Connectors {
  private static final String S3A = "s3a";

  /** Schemes that other programs use for s3a. */
  private static final Set<String> S3 = Set.of("s3", "s3n");

  /** Artifacts of Hadoop itself, which have the same version as Hadoop. */
  private static final Map<String, String> HADOOP =
      Map.of(
          S3A,
          "hadoop-aws",
          "abfs",
          "hadoop-azure",
          "abfss",
          "hadoop-azure",
          "wasb",
          "hadoop-azure",
          "wasbs",
          "hadoop-azure",
          "oss",
          "hadoop-aliyun",
          "cosn",
          "hadoop-cos",
          "obs",
          "hadoop-huaweicloud");

  private static final Map<String, String> OTHERS =
      Map.of("gs", "com.google.cloud.bigdataoss:gcs-connector:VERSION");

  /**
   * Settings that replace Hadoop's defaults. Hadoop tries a wrong address of HDFS for a quarter of
   * an hour and a store that does not answer for half an hour, and its connector for S3 does not
   * read AWS profiles.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "ipc.client.connect.max.retries.on.timeouts", "2",
          "fs.s3a.attempts.maximum", "2",
          "fs.s3a.retry.limit", "2",
          "fs.s3a.connection.establish.timeout", "15s",
          "fs.s3a.connection.timeout", "30s",
          "fs.s3a.aws.credentials.provider",
              "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider,"
                  + "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider,"
                  + "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider");

  private Connectors() {}

  /** Sets Sextant's defaults for what the user did not set. */
  public static Configuration withDefaults(Configuration configuration) {
    DEFAULTS.forEach(
        (name, value) -> {
          String[] sources = configuration.getPropertySources(name);
          if (sources == null || List.of(sources).contains("core-default.xml")) {
            configuration.set(name, value);
          }
        });
    return configuration;
  }

  /**
   * The file system of a path.
   *
   * @throws InvalidInputException if this Spark has no connector for the scheme
   * @throws IOException if the storage does not answer
   */
  public static FileSystem open(Path path, Configuration configuration) throws IOException {
    try {
      return path.getFileSystem(configuration);
    } catch (UnsupportedFileSystemException | LinkageError e) {
      throw missing(path, e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof ClassNotFoundException) {
        throw missing(path, e);
      }
      throw new IOException(StorageFault.reason(e), e);
    }
  }

  private static InvalidInputException missing(Path path, Throwable cause) {
    String scheme = path.toUri().getScheme();
    if (S3.contains(scheme)) {
      return InvalidInputException.of(
          path.toString(),
          "there is no connector for " + scheme + "://",
          "Use s3a://, which hadoop-aws supports",
          cause);
    }
    String problem = "this Spark has no connector for %s://".formatted(scheme);
    String remedy =
        Optional.ofNullable(HADOOP.get(scheme))
            .map(name -> "org.apache.hadoop:%s:%s".formatted(name, VersionInfo.getVersion()))
            .or(() -> Optional.ofNullable(OTHERS.get(scheme)))
            .map(artifact -> remedy(scheme, artifact))
            .orElse("Check the path; if a connector exists, add it with spark-submit --packages");
    return InvalidInputException.of(path.toString(), problem, remedy, cause);
  }

  private static String remedy(String scheme, String artifact) {
    return S3A.equals(scheme)
        ? "Run bin/build --with-s3, or start Sextant with spark-submit --packages " + artifact
        : "Start Sextant with spark-submit --packages " + artifact;
  }
}
