package io.sextant.jobs.publish;

import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.storage.StoreFiles;
import io.sextant.schema.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * <p>A version is published when {@code CURRENT} names it, and that file is replaced at once, after
 * everything else. Before that, where the storage has a rename, the files are written to {@code
 * _staging/} and the folder is renamed; on an object store they are put where they belong, the
 * manifest last. A version that is read is held against its manifest either way. What a run that
 * died left behind is removed by the next one ({@link #sweep}).
 *
 * <p>Whoever changes anything holds the {@link WarehouseLock}.
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

  /** Of a model in a warehouse, which need not have any yet. */
  public static PublishedVersions of(String warehouse, String model) throws IOException {
    Path root = new Path(Storage.path(warehouse), FOLDER + "/" + model);
    return new PublishedVersions(StoreFiles.of(root), root);
  }

  /** Path of a version's folder, for people; without a scheme where it is local. */
  public String folder(String version) {
    Path folder = versionFolder(version);
    return "file".equals(folder.toUri().getScheme()) ? folder.toUri().getPath() : folder.toString();
  }

  /** Name of the version in force; empty where nothing was published. */
  public Optional<String> inForce() throws IOException {
    return pointer().map(Pointer::version);
  }

  /** When the version in force was published; empty where none is. */
  public Optional<Instant> publishedAt() throws IOException {
    Optional<String> version = inForce();
    return version.isEmpty()
        ? Optional.empty()
        : Optional.of(Instant.parse(manifest(version.get()).publishedAt()));
  }

  /** Every version that is kept, oldest first. */
  public List<String> kept() throws IOException {
    return pointer().map(Pointer::kept).orElse(List.of());
  }

  /**
   * A file of a version, held against the manifest.
   *
   * @return empty where the version has no such file
   * @throws InvalidInputException where the version is damaged
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
   * Reads all of a version.
   *
   * @throws InvalidInputException where a file is missing or differs from the manifest
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
        "Roll back to a whole version; sextant history says which are",
        cause);
  }

  /**
   * Publishes a version and puts it in force. At any moment before the last step the former version
   * is in force, untouched. {@link #sweep} then removes what is not kept any more.
   *
   * @param contents the files by name; names may have folders
   * @param keep how many versions stay, this one among them
   * @param lock held over the warehouse
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
   * Puts a former version in force again. Its files are those it was published with.
   *
   * @param to its name; null for the one that was in force when the present one was published
   * @return its name
   * @throws InvalidInputException where there is no such version, or it is damaged
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
   * @throws InvalidInputException where nothing was published
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

  /** Removes what no pointer names: versions past their time, and what a run left that died. */
  public void sweep() throws IOException {
    Optional<Pointer> pointer = pointer();
    // Where somebody lost the pointer, the versions are all there is to mend it from.
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

  /**
   * Keeps what a run decided that published nothing.
   *
   * @param keep how many of these stay
   */
  public void keepNight(String run, byte[] decision, int keep) throws IOException {
    Path folder = new Path(root, NIGHTS);
    files.makeFolder(folder);
    files.replace(new Path(folder, run + ".json"), decision);
    List<String> nights = files.names(folder);
    for (String night : nights.subList(0, Math.max(0, nights.size() - keep))) {
      files.delete(new Path(folder, night));
    }
  }

  /** What runs decided that published nothing, oldest first: decision.json of each. */
  public List<byte[]> nights() throws IOException {
    Path folder = new Path(root, NIGHTS);
    List<byte[]> nights = new ArrayList<>();
    for (String night : files.names(folder)) {
      nights.add(files.read(new Path(folder, night)));
    }
    return nights;
  }

  /** Replaces a file beside the versions that is about the last run, not about a version. */
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
