package io.sextant.jobs.publish;

import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.storage.StoreFiles;
import io.sextant.schema.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;

/**
 * The versions published for one model of a warehouse, in {@code published/<model>/}:
 *
 * <pre>
 * CURRENT                  which version is in force, and which are kept
 * versions/&lt;version&gt;/      its files and manifest.json, written last
 * </pre>
 *
 * <p>A version is published when {@code CURRENT} names it. That file is replaced atomically, after
 * everything else. If the storage has a rename, the version's files are first written to {@code
 * _staging/} and the folder is renamed; on an object store they are written to their final place,
 * the manifest last. Reading a version always checks it against its manifest. Files that a dead run
 * left behind are removed by the next run ({@link #sweep}).
 *
 * <p>Every change requires the {@link WarehouseLock}.
 */
public final class PublishedVersions {
  private static final String FOLDER = "published";
  private static final String VERSIONS = "versions";
  private static final String STAGING = "_staging";
  private static final String NIGHTS = "nights";

  private final StoreFiles files;
  private final Path root;

  public PublishedVersions(StoreFiles files, Path root) {
    this.files = files;
    this.root = files.qualified(root);
  }

  /** Opens the versions of a model in a warehouse, which may have none yet. */
  public static PublishedVersions of(String warehouse, String model) throws IOException {
    Path root = new Path(Storage.path(warehouse), FOLDER + "/" + model);
    return new PublishedVersions(StoreFiles.of(root), root);
  }

  /** Path of a version's folder for messages; without a scheme if it is local. */
  public String folder(String version) {
    Path folder = versionFolder(version);
    return "file".equals(folder.toUri().getScheme()) ? folder.toUri().getPath() : folder.toString();
  }

  /** Name of the version in force; empty if nothing was published. */
  public Optional<String> inForce() throws IOException {
    return pointer().map(Pointer::version);
  }

  /** Time at which the version in force was published; empty if there is none. */
  public Optional<Instant> publishedAt() throws IOException {
    Optional<String> version = inForce();
    return version.isEmpty()
        ? Optional.empty()
        : Optional.of(Instant.parse(manifest(version.get()).publishedAt()));
  }

  /** All kept versions, oldest first. */
  public List<String> kept() throws IOException {
    return pointer().map(Pointer::kept).orElse(List.of());
  }

  /**
   * Reads a file of a version and checks it against the manifest.
   *
   * @return the content; empty if the version has no such file
   * @throws InvalidInputException if the version is damaged
   */
  public Optional<byte[]> read(String version, String name) throws IOException {
    Manifest manifest = manifest(version);
    for (Manifest.Entry entry : manifest.files()) {
      if (entry.name().equals(name)) {
        return Optional.of(content(version, entry));
      }
    }
    return Optional.empty();
  }

  /**
   * Reads all files of a version.
   *
   * @throws InvalidInputException if a file is missing or differs from the manifest
   */
  public void requireWhole(String version) throws IOException {
    for (Manifest.Entry entry : manifest(version).files()) {
      content(version, entry);
    }
  }

  public Manifest manifest(String version) throws IOException {
    try {
      return Manifest.parse(files.read(new Path(versionFolder(version), Manifest.FILE)));
    } catch (FileNotFoundException e) {
      throw damaged(version, Manifest.FILE + " is missing", e);
    } catch (IOException e) {
      throw damaged(version, Manifest.FILE + " is " + e.getMessage(), e);
    }
  }

  private byte[] content(String version, Manifest.Entry entry) throws IOException {
    byte[] bytes;
    try {
      bytes = files.read(new Path(versionFolder(version), entry.name()));
    } catch (FileNotFoundException e) {
      throw damaged(version, entry.name() + " is missing", e);
    }
    if (bytes.length != entry.bytes() || !Manifest.sha256(bytes).equals(entry.sha256())) {
      throw damaged(version, entry.name() + " is not what was published", null);
    }
    return bytes;
  }

  private InvalidInputException damaged(String version, String problem, Throwable cause) {
    return InvalidInputException.of(
        folder(version),
        problem,
        "Roll back to a complete version; sextant history lists them",
        cause);
  }

  /**
   * Publishes a version and puts it in force. At any moment before the last step the earlier
   * version is in force, unchanged. {@link #sweep} then removes versions that are no longer kept.
   *
   * @param contents the files by name; names may have folders
   * @param keep number of versions to keep, including this one
   * @param lock the lock that is held on the warehouse
   */
  public void publish(
      String version, SortedMap<String, byte[]> contents, int keep, Instant at, WarehouseLock lock)
      throws IOException {
    Pointer before = pointer().orElse(null);
    Manifest manifest =
        Manifest.of(version, before == null ? null : before.version(), at.toString(), contents);
    Path target = versionFolder(version);
    Path written = files.renames() ? new Path(new Path(root, STAGING), version) : target;
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      files.write(new Path(written, file.getKey()), file.getValue());
    }
    files.write(new Path(written, Manifest.FILE), manifest.toJson());
    if (files.renames()) {
      files.makeFolder(target.getParent());
      files.rename(written, target);
    }
    requireWhole(version);
    lock.requireHeld();
    files.replace(new Path(root, Pointer.FILE), Pointer.published(before, version, keep).toJson());
  }

  /**
   * Puts an earlier version in force again, with the files with which it was published.
   *
   * @param to name of the version; null for the one that was in force before the present one was
   *     published
   * @return the version's name
   * @throws InvalidInputException if there is no such version, or it is damaged
   */
  public String rollback(String to, WarehouseLock lock) throws IOException {
    Pointer before = requirePublished();
    String target = to == null ? manifest(before.version()).parent() : to;
    if (target == null || !before.kept().contains(target)) {
      throw InvalidInputException.of(
          to == null ? before.version() : "--to " + to,
          to == null ? "the version before it is not kept" : "it is not a kept version",
          "Name one with --to: " + String.join(", ", before.kept()));
    }
    requireWhole(target);
    lock.requireHeld();
    files.replace(new Path(root, Pointer.FILE), new Pointer(target, before.kept()).toJson());
    return target;
  }

  /**
   * @throws InvalidInputException if nothing was published
   */
  public Pointer requirePublished() throws IOException {
    return pointer()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    root.toUri().getPath(),
                    "nothing was published",
                    "Run sextant refresh first, or check --warehouse and --model"));
  }

  /**
   * Removes folders that the pointer does not name: versions that are no longer kept, and leftovers
   * of dead runs.
   */
  public void sweep() throws IOException {
    Optional<Pointer> pointer = pointer();
    // If the pointer is lost, the versions are needed to restore it.
    if (pointer.isPresent()) {
      Set<String> kept = new HashSet<>(pointer.get().kept());
      for (String version : files.names(new Path(root, VERSIONS))) {
        if (!kept.contains(version)) {
          files.delete(versionFolder(version));
        }
      }
    }
    files.delete(new Path(root, STAGING));
    files.deleteAsides(root, Duration.ZERO);
    files.deleteAsides(new Path(root, NIGHTS), Duration.ZERO);
  }

  /** The decisions of runs that published nothing. */
  public NightDecisions nights() {
    return new NightDecisions(files, new Path(root, NIGHTS));
  }

  /** Replaces a file next to the versions that describes the last run, not a version. */
  public void replaceBeside(String name, byte[] bytes) throws IOException {
    files.makeFolder(root);
    files.replace(new Path(root, name), bytes);
  }

  private Optional<Pointer> pointer() throws IOException {
    Path file = new Path(root, Pointer.FILE);
    try {
      return Optional.of(Pointer.parse(files.read(file)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private Path versionFolder(String version) {
    return new Path(new Path(root, VERSIONS), version);
  }
}
