package io.sextant.jobs.lineage;

import io.sextant.jobs.storage.Storage;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/**
 * The name of a file or folder in OpenLineage's naming convention
 * (https://openlineage.io/docs/spec/naming).
 *
 * @param namespace the storage: {@code file}, {@code hdfs://HOST:PORT} or {@code s3://BUCKET}
 * @param name the path, or the key in a bucket
 */
record DatasetName(String namespace, String name) {
  private static final Set<String> S3 = Set.of("s3", "s3a", "s3n");

  /**
   * @param path a file or folder as a user writes it
   */
  static DatasetName of(String path) {
    return Storage.local(path).map(DatasetName::local).orElseGet(() -> remote(URI.create(path)));
  }

  private static DatasetName local(Path path) {
    return new DatasetName("file", path.toString());
  }

  private static DatasetName remote(URI uri) {
    String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("/+$", "");
    if (S3.contains(uri.getScheme()) || "gs".equals(uri.getScheme())) {
      String scheme = S3.contains(uri.getScheme()) ? "s3" : "gs";
      return new DatasetName(scheme + "://" + uri.getAuthority(), path.replaceFirst("^/", ""));
    }
    return new DatasetName(uri.getScheme() + "://" + uri.getAuthority(), path);
  }

  /** A folder or file below this one. */
  DatasetName child(String child) {
    return new DatasetName(namespace, name.isEmpty() ? child : name + "/" + child);
  }
}
