package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.STRING;

import java.util.ArrayList;
import java.util.List;

/** The columns that several tables share, and the factory methods for definitions. */
final class Columns {
  static final Column RUN_ID = column("run_id", STRING, "", "run that wrote the row; key of runs");

  static final Column MODEL = column("model", STRING, "", "name of the model");

  static final Column DAY =
      column("day", STRING, "UTC date", "yyyy-MM-dd; the last day that the row covers");

  static final Column LAYER = column("layer", INT, "", "absolute id of the MoE layer");

  static final Column LAYER_OR_ALL =
      column("layer", INT, "", "absolute id of the MoE layer; -1 for all layers together");

  static final Column SITE = column("site", STRING, "", "product of the model");

  static final Column RECIPE =
      column(
          "recipe",
          STRING,
          "",
          "bf16, e4m3-tensor, e4m3-tensor-fast, e4m3-row, e4m3-block, bf16-sparse24, e4m3-sparse24");

  private Columns() {}

  static <R extends Record> TableDefinition<R> byDay(
      Class<R> row, String name, String description, Column... columns) {
    List<Column> all = new ArrayList<>(List.of(columns));
    all.add(MODEL);
    all.add(DAY);
    return new TableDefinition<>(row, name, description, List.of("model", "day"), all);
  }

  static <R extends Record> TableDefinition<R> byModel(
      Class<R> row, String name, String description, Column... columns) {
    List<Column> all = new ArrayList<>(List.of(columns));
    all.add(MODEL);
    return new TableDefinition<>(row, name, description, List.of("model"), all);
  }

  static Column lowEnd(String figure, String unit) {
    return nullable(
        figure + "_low",
        DOUBLE,
        unit,
        "lower end of its 95 % interval; only for all layers together");
  }

  static Column highEnd(String figure, String unit) {
    return nullable(
        figure + "_high",
        DOUBLE,
        unit,
        "upper end of its 95 % interval; only for all layers together");
  }

  static Column column(String name, ColumnType type, String unit, String description) {
    return new Column(name, type, false, unit, description);
  }

  static Column nullable(String name, ColumnType type, String unit, String description) {
    return new Column(name, type, true, unit, description);
  }
}
