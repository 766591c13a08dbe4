package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseTransactionTest {
  @TempDir private Path warehouse;

  @Test
  void publishesOnlyTheFilesThatAnAttemptVouchedFor() throws Exception {
    try (WarehouseTransaction transaction = begin("1")) {
      String counts = stage(transaction, "day=2026-01-01/part-1.parquet");
      stage(transaction, "day=2026-01-01/part-of-a-dead-attempt.parquet");
      transaction.commit(List.of(counts));
    }
    assertThat(warehouse.resolve("traces/day=2026-01-01"))
        .isDirectoryContaining("glob:**part-1.parquet")
        .isDirectoryNotContaining("glob:**dead*");
    assertThat(warehouse.resolve("files/part-0.parquet")).exists();
    assertThat(warehouse.resolve("_staging")).isEmptyDirectory();
  }

  @Test
  void keepsCommittedFilesUntilTheyAreInTheirTables() throws Exception {
    Path obstacle = failToCommit();
    assertThat(warehouse.resolve("_staging/1/COMMIT")).exists();
    Files.delete(obstacle);
    begin("2").close();
    assertThat(warehouse.resolve("traces/day=2026-01-01/part-1.parquet")).exists();
    assertThat(warehouse.resolve("files/part-0.parquet")).exists();
    assertThat(warehouse.resolve("_staging")).isEmptyDirectory();
  }

  @Test
  void aDeathBetweenCopyAndDeleteLeavesNothingInTheWay() throws Exception {
    Path obstacle = failToCommit();
    Files.delete(obstacle);
    // An object store renames by a copy and a deletion.
    Path copied = warehouse.resolve("traces/day=2026-01-01/part-1.parquet");
    Files.createDirectories(copied.getParent());
    Files.copy(warehouse.resolve("_staging/1/traces/day=2026-01-01/part-1.parquet"), copied);
    begin("2").close();
    assertThat(copied).hasContent("rows");
    assertThat(warehouse.resolve("files/part-0.parquet")).exists();
    assertThat(warehouse.resolve("_staging")).isEmptyDirectory();
  }

  @Test
  void undoesARunThatDoesNotCommit() throws Exception {
    try (WarehouseTransaction transaction = begin("1")) {
      stage(transaction, "day=2026-01-01/part-1.parquet");
    }
    assertThat(warehouse.resolve("_staging")).isEmptyDirectory();
    assertThat(warehouse.resolve("traces")).doesNotExist();
  }

  private WarehouseTransaction begin(String run) throws IOException {
    return WarehouseTransaction.begin(warehouse.toString(), run);
  }

  /** Makes a commit fail before its files are in their tables; returns the file in its way. */
  private Path failToCommit() throws IOException {
    Path obstacle = Files.writeString(warehouse.resolve("traces"), "a file where a folder must be");
    assertThatThrownBy(
            () -> {
              try (WarehouseTransaction transaction = begin("1")) {
                transaction.commit(List.of(stage(transaction, "day=2026-01-01/part-1.parquet")));
              }
            })
        .isInstanceOf(IOException.class);
    return obstacle;
  }

  private static String stage(WarehouseTransaction transaction, String file) throws IOException {
    Path traces = Path.of(transaction.stagedTable("traces").toUri().getPath());
    Path staged = traces.resolve(file);
    Files.createDirectories(staged.getParent());
    Files.writeString(staged, "rows");
    Path files = Path.of(transaction.stagedTable("files").toUri().getPath());
    Files.createDirectories(files);
    Files.writeString(files.resolve("part-0.parquet"), "rows");
    return new org.apache.hadoop.fs.Path(transaction.stagedTable("traces"), file).toString();
  }
}
