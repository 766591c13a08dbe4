package io.sextant.schema.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TablesTest {
  @Test
  void everyTableSaysWhichRunWroteIt() {
    assertThat(Tables.all())
        .hasSize(27)
        .allSatisfy(
            table -> {
              assertThat(table.column("run_id").type()).isEqualTo(ColumnType.STRING);
              assertThat(table.columns()).extracting(Column::name).doesNotHaveDuplicates();
              assertThat(table.columns())
                  .allSatisfy(
                      column -> {
                        assertThat(column.name()).matches("[a-z][a-z0-9_]*");
                        assertThat(column.description()).isNotBlank();
                      });
              // Spark puts the partition columns last when it reads them back from the folders.
              int plain = table.columns().size() - table.partitionColumns().size();
              assertThat(table.columns().subList(plain, table.columns().size()))
                  .extracting(Column::name)
                  .isEqualTo(table.partitionColumns());
            });
  }

  @Test
  void tracesAreByModelAndDay() {
    assertThat(Tables.TRACES.partitionColumns()).containsExactly("model", "day");
    assertThat(Tables.TRACES.column("experts").type()).isEqualTo(ColumnType.SHORT_ARRAY);
    assertThat(Tables.QUARANTINE.column("row").nullable()).isTrue();
  }
}
