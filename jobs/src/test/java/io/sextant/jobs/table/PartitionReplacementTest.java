package io.sextant.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionReplacementTest {
  @TempDir private Path table;

  private static Path file(Path folder, String content) throws IOException {
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve("part-" + content + ".parquet"), content);
  }

  @Test
  void replacesThePartitionsItWroteAndNoOther() throws IOException {
    file(table.resolve("day=1"), "old");
    Path other = file(table.resolve("day=2"), "other");
    try (PartitionReplacement replacement = PartitionReplacement.begin(table.toString())) {
      Path written =
          file(Path.of(replacement.staging().replace("file:", "")).resolve("day=1"), "new");
      replacement.commit(List.of(replacement.staging() + "/day=1/" + written.getFileName()));
    }
    assertThat(table.resolve("day=1")).isDirectoryContaining("glob:**part-new.parquet");
    assertThat(table.resolve("day=1/part-old.parquet")).doesNotExist();
    assertThat(other).exists();
    assertThat(table).isDirectoryNotContaining("glob:**_staging-*");
  }

  @Test
  void removesWhatACommandLeftThatDiedLongAgo() throws IOException {
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(25)));
    Path empty = Files.createDirectories(table.resolve("_staging-empty"));
    Files.setLastModifiedTime(empty, longAgo);
    // The time of the folder is the present one, as on an object store.
    Path dead = Files.createDirectories(table.resolve("_staging-dead/day=1"));
    Files.setLastModifiedTime(file(dead, "half"), longAgo);
    Path running = Files.createDirectories(table.resolve("_staging-running"));
    file(running, "half");
    Files.setLastModifiedTime(running, longAgo);
    PartitionReplacement.begin(table.toString()).close();
    assertThat(empty).doesNotExist();
    assertThat(dead.getParent()).doesNotExist();
    assertThat(running).exists();
  }
}
