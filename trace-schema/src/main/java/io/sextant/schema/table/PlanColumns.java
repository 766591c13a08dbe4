package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.byDay;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.nullable;

import java.util.ArrayList;
import java.util.List;

/** The columns that every table about plans begins with. */
final class PlanColumns {
  static final Column PLAN_ID =
      nullable(
          "plan_id",
          STRING,
          "",
          "id of the plan: a hash of its map, cluster, serving profile and days; null before"
              + " version 0.3.0");

  static final Column PLAN = column("plan", STRING, "", "name of the plan in its run");

  static final Column CLUSTER =
      nullable("cluster", STRING, "", "cluster of the run; null before version 0.3.0");

  static final Column SLOTS =
      nullable(
          "slots",
          INT,
          "slots",
          "physical slots per layer, on average if layers differ; null before version 0.3.0");

  static final Column SERVING =
      nullable(
          "serving",
          STRING,
          "",
          "serving profile under which the row was made, \"none\" for plans from counts; null before version 0.2.0");

  static final Column PRECISION =
      nullable(
          "precision",
          STRING,
          "",
          "packaging of the expert weights, which decides times and bytes; null before version"
              + " 0.3.0");

  static final Column TRAFFIC =
      nullable(
          "traffic",
          STRING,
          "",
          "how the traffic planned for and scored differs from the recorded one; null if it does"
              + " not");

  static final Column FROM_DAY =
      nullable(
          "from_day", STRING, "UTC date", "first day that was scored; null before version 0.3.0");

  static final Column TO_DAY =
      nullable("to_day", STRING, "UTC date", "last day that was scored; null before version 0.3.0");

  private PlanColumns() {}

  /** A table about plans: every row names the plan, and what it was scored for and on. */
  static <R extends Record> TableDefinition<R> ofPlan(
      Class<R> row, String name, String description, Column... columns) {
    List<Column> all =
        new ArrayList<>(
            List.of(PLAN_ID, PLAN, CLUSTER, SLOTS, SERVING, PRECISION, TRAFFIC, FROM_DAY, TO_DAY));
    all.addAll(List.of(columns));
    return byDay(row, name, description, all.toArray(Column[]::new));
  }

  static Column phase(String phase, String figure, String unit, String over) {
    return nullable(phase + "_" + figure, DOUBLE, unit, "the same " + over);
  }
}
