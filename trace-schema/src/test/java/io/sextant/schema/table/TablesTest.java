package io.sextant.schema.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TablesTest {
  @Test
  void everyTableSaysWhichRunWroteIt() {
    assertThat(Tables.all())
        .hasSize(30)
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
  void theComponentsOfARowAreTheColumns() {
    assertThat(Tables.all())
        .allSatisfy(
            table ->
                assertThat(table.row().getRecordComponents())
                    .extracting(component -> component.getName() + " " + component.getType())
                    .isEqualTo(
                        table.columns().stream()
                            .map(column -> column.component() + " " + javaType(column))
                            .toList()));
  }

  private static Class<?> javaType(Column column) {
    return switch (column.type()) {
      case STRING -> String.class;
      case INT -> column.nullable() ? Integer.class : int.class;
      case LONG -> column.nullable() ? Long.class : long.class;
      case DOUBLE -> column.nullable() ? Double.class : double.class;
      case SHORT_ARRAY -> short[].class;
      case INT_ARRAY -> int[].class;
      case LONG_ARRAY -> long[].class;
      case FLOAT_ARRAY -> float[].class;
    };
  }

  /** Rows of two plans on the same day can only be told apart by these columns. */
  @Test
  void everyTableAboutAPlanNamesThePlanAndWhatItWasScoredFor() {
    assertThat(Tables.all())
        .filteredOn(table -> table.columns().stream().anyMatch(TablesTest::namesAPlan))
        .extracting(TableDefinition::name)
        .containsExactly(
            "placements",
            "placement_metrics",
            "node_traffic",
            "moves",
            "decisions",
            "micro_batch_groups",
            "copy_prices");
    assertThat(Tables.all())
        .filteredOn(table -> table.columns().stream().anyMatch(TablesTest::namesAPlan))
        .allSatisfy(
            table ->
                assertThat(table.columns())
                    .extracting(Column::name)
                    .startsWith(
                        "plan_id",
                        "plan",
                        "cluster",
                        "slots",
                        "serving",
                        "precision",
                        "traffic",
                        "from_day",
                        "to_day"));
  }

  private static boolean namesAPlan(Column column) {
    return (column.name().equals("plan") && column.type() == ColumnType.STRING)
        || column.name().equals("plan_id");
  }

  @Test
  void noTwoTablesShareARowOrAName() {
    assertThat(Tables.all()).extracting(TableDefinition::row).doesNotHaveDuplicates();
    assertThat(Tables.all()).extracting(TableDefinition::name).doesNotHaveDuplicates();
  }

  @Test
  void componentsAreNamedInCamelCase() {
    assertThat(Column.component("energy_kept_2_4")).isEqualTo("energyKept24");
    assertThat(Column.component("runId")).isEqualTo("runId");
    assertThat(TraceTables.FILES.column("content_id").component()).isEqualTo("contentId");
  }

  @Test
  void tracesAreByModelAndDay() {
    assertThat(TraceTables.TRACES.partitionColumns()).containsExactly("model", "day");
    assertThat(TraceTables.TRACES.column("experts").type()).isEqualTo(ColumnType.SHORT_ARRAY);
    assertThat(TraceTables.QUARANTINE.column("row").nullable()).isTrue();
  }
}
