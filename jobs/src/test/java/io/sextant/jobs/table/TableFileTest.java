package io.sextant.jobs.table;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.table.TraceTables;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {
  private static final Binary TEXT = Binary.fromString("text");

  @TempDir private java.nio.file.Path folder;

  @Test
  void aRowHasAValueForEachColumn() throws Exception {
    try (TableFile file = open()) {
      row(file);
      file.endRow();
      assertThatThrownBy(file::endRow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("A row of the table load_counts has 0 values for 6 columns");
      row(file);
      file.endRow();
    }
  }

  @Test
  void aRowWithoutItsLastValueIsRefused() throws Exception {
    TableFile file = open();
    file.text(TEXT);
    file.number(1);
    file.number(2);
    file.smallNumber(3);
    file.numbers(new long[] {4});
    assertThatThrownBy(file::endRow)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("A row of the table load_counts has 5 values for 6 columns");
    file.text(TEXT);
    file.close();
  }

  @Test
  void aValueTooManyIsRefused() throws Exception {
    TableFile file = open();
    row(file);
    assertThatThrownBy(() -> file.text(TEXT)).isInstanceOf(IndexOutOfBoundsException.class);
    file.close();
  }

  private TableFile open() throws Exception {
    return new TableFile(
        new Path(folder.resolve("part-0.parquet").toUri()), TraceTables.LOAD_COUNTS);
  }

  private static void row(TableFile file) throws Exception {
    file.text(TEXT);
    file.number(1);
    file.number(2);
    file.smallNumber(3);
    file.numbers(new long[] {4});
    file.text(TEXT);
  }
}
