package io.sextant.jobs.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.storage.StoreFiles;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs on a local disk, limited to the atomic operations of each kind of storage. */
class PublishedVersionsTest {
  private static final Instant NIGHT = Instant.parse("2026-09-14T02:00:00Z");

  /** One lock per kind for all tests: taking one on a store without renames waits for seconds. */
  private static final Map<StoreFiles.Kind, WarehouseLock> LOCKS =
      new EnumMap<>(StoreFiles.Kind.class);

  @TempDir private static java.nio.file.Path locks;

  @TempDir private java.nio.file.Path folder;

  @BeforeAll
  static void lock() throws IOException {
    for (StoreFiles.Kind kind : StoreFiles.Kind.values()) {
      Path of = new Path(locks.resolve(kind.name()).toUri());
      LOCKS.put(
          kind,
          WarehouseLock.acquire(files(kind), of, "run", "test", Duration.ZERO, new Progress()));
    }
  }

  @AfterAll
  static void release() throws IOException {
    for (WarehouseLock lock : LOCKS.values()) {
      lock.close();
    }
  }

  @ParameterizedTest
  @EnumSource(StoreFiles.Kind.class)
  void theNewestIsInForceAndOnlyTheLastOnesAreKept(StoreFiles.Kind kind) throws IOException {
    PublishedVersions versions = versions(kind);
    WarehouseLock lock = LOCKS.get(kind);
    for (String version : new String[] {"v1", "v2", "v3"}) {
      versions.publish(version, contents(version), 2, NIGHT, lock);
    }
    versions.sweep();
    assertThat(versions.inForce()).contains("v3");
    assertThat(versions.kept()).containsExactly("v2", "v3");
    assertThat(versions.publishedAt()).contains(NIGHT);
    assertThat(versionFolder("v1")).doesNotExist();
    assertThat(text(versions, "v3", "engines/sglang.json")).isEqualTo("map of v3");
  }

  @ParameterizedTest
  @EnumSource(StoreFiles.Kind.class)
  void rollbackRestoresTheBytesOfTheFormerVersion(StoreFiles.Kind kind) throws IOException {
    PublishedVersions versions = versions(kind);
    WarehouseLock lock = LOCKS.get(kind);
    versions.publish("v1", contents("v1"), 7, NIGHT, lock);
    byte[] before = Files.readAllBytes(versionFolder("v1").resolve("placement.json"));
    versions.publish("v2", contents("v2"), 7, NIGHT, lock);
    assertThat(versions.rollback(null, lock)).isEqualTo("v1");
    assertThat(versions.inForce()).contains("v1");
    assertThat(versions.read("v1", "placement.json").orElseThrow()).isEqualTo(before);
    assertThat(versions.rollback("v2", lock)).isEqualTo("v2");
    assertThatThrownBy(() -> versions.rollback("v9", lock))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("it is not a kept version")
        .hasMessageContaining("v1, v2");
  }

  @ParameterizedTest
  @EnumSource(StoreFiles.Kind.class)
  void whatARunLeftThatDiedIsNoVersion(StoreFiles.Kind kind) throws IOException {
    PublishedVersions versions = versions(kind);
    WarehouseLock lock = LOCKS.get(kind);
    versions.publish("v1", contents("v1"), 7, NIGHT, lock);
    // One version that was written but not named by the pointer, and one that is incomplete.
    Files.createDirectories(versionFolder("v2"));
    Files.writeString(versionFolder("v2").resolve("placement.json"), "half");
    Files.createDirectories(folder.resolve("model/_staging/v3"));
    assertThat(versions.inForce()).contains("v1");
    versions.sweep();
    assertThat(versionFolder("v2")).doesNotExist();
    assertThat(folder.resolve("model/_staging")).doesNotExist();
    versions.requireWhole("v1");
  }

  @ParameterizedTest
  @EnumSource(StoreFiles.Kind.class)
  void aDamagedVersionIsNeitherReadNorPutInForce(StoreFiles.Kind kind) throws IOException {
    PublishedVersions versions = versions(kind);
    WarehouseLock lock = LOCKS.get(kind);
    versions.publish("v1", contents("v1"), 7, NIGHT, lock);
    versions.publish("v2", contents("v2"), 7, NIGHT, lock);
    Files.writeString(versionFolder("v1").resolve("placement.json"), "something else");
    assertThatThrownBy(() -> versions.rollback(null, lock))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("placement.json is not what was published");
    Files.delete(versionFolder("v1").resolve("placement.json"));
    assertThatThrownBy(() -> versions.read("v1", "placement.json"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("placement.json is missing");
    assertThat(versions.inForce()).contains("v2");
  }

  private PublishedVersions versions(StoreFiles.Kind kind) throws IOException {
    return new PublishedVersions(files(kind), path("model"));
  }

  private static StoreFiles files(StoreFiles.Kind kind) throws IOException {
    LocalFileSystem local = FileSystem.getLocal(new Configuration());
    return new StoreFiles(local.getRawFileSystem(), kind);
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  private java.nio.file.Path versionFolder(String version) {
    return folder.resolve("model/versions").resolve(version);
  }

  private static SortedMap<String, byte[]> contents(String version) {
    return new TreeMap<>(
        Map.of(
            "placement.json", ("placement of " + version).getBytes(UTF_8),
            "engines/sglang.json", ("map of " + version).getBytes(UTF_8)));
  }

  private static String text(PublishedVersions versions, String version, String name)
      throws IOException {
    return new String(versions.read(version, name).orElseThrow(), UTF_8);
  }
}
