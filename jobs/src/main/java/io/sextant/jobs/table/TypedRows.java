package io.sextant.jobs.table;

import static org.apache.spark.sql.functions.col;

import io.sextant.schema.table.Column;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Converts records to rows of tables, and rows of tables and queries to records: a component holds
 * the column that {@link Column#component} names. If a record has only some of the columns, only
 * these are read.
 *
 * <p>Values are boxed and accessors are called by reflection, which is fast enough for rows on the
 * driver. Traces and their counts are not converted here: {@link TableFile} and {@link TraceRows}
 * handle them as columns.
 *
 * @param <R> the record
 */
public final class TypedRows<R extends Record> {
  private static final ClassValue<TypedRows<?>> BY_RECORD =
      new ClassValue<>() {
        @Override
        protected TypedRows<?> computeValue(Class<?> type) {
          return new TypedRows<>(type.asSubclass(Record.class));
        }
      };

  private final Class<R> type;
  private final RecordComponent[] components;
  private final Method[] accessors;
  private final Constructor<R> constructor;

  private TypedRows(Class<R> type) {
    this.type = type;
    this.components = type.getRecordComponents();
    this.accessors =
        Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
    try {
      this.constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type + " has no canonical constructor", e);
    }
    // A record for a single query is private to the class that makes the query.
    constructor.setAccessible(true);
    for (Method accessor : accessors) {
      accessor.setAccessible(true);
    }
  }

  /** The converter for a record class; the same object for the same class. */
  @SuppressWarnings("unchecked")
  public static <R extends Record> TypedRows<R> of(Class<R> type) {
    return (TypedRows<R>) BY_RECORD.get(type);
  }

  /** The values of the components, in order. */
  Object[] values(R row) {
    Object[] values = new Object[accessors.length];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = accessors[i].invoke(row);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read the components of " + row, e);
    }
    return values;
  }

  /** A Spark row for a record, with the columns in the order of the components. */
  public Row toRow(R row) {
    return RowFactory.create(values(row));
  }

  /**
   * The rows of a query, in the query's order.
   *
   * @throws IllegalArgumentException if the query has no column for a component
   * @throws IllegalStateException if a column is null and its component cannot be
   */
  public List<R> collect(Dataset<Row> rows) {
    List<R> records = new ArrayList<>();
    for (Row row : rows.select(columns(rows)).collectAsList()) {
      records.add(from(row));
    }
    return records;
  }

  private org.apache.spark.sql.Column[] columns(Dataset<Row> rows) {
    org.apache.spark.sql.Column[] columns = new org.apache.spark.sql.Column[components.length];
    for (int i = 0; i < columns.length; i++) {
      String component = components[i].getName();
      columns[i] =
          Arrays.stream(rows.columns())
              .filter(name -> Column.component(name).equals(component))
              .findFirst()
              .map(name -> col(name))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "No column for %s of %s among %s"
                              .formatted(component, type, List.of(rows.columns()))));
    }
    return columns;
  }

  private R from(Row row) {
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(row, i);
      if (values[i] == null && components[i].getType().isPrimitive()) {
        throw new IllegalStateException(
            "Column of %s of %s is null".formatted(components[i].getName(), type));
      }
    }
    try {
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make %s of %s".formatted(type, row), e);
    }
  }

  private Object value(Row row, int i) {
    return row.get(i) instanceof Seq<?> list
        ? array(CollectionConverters.asJava(list), components[i].getType())
        : row.get(i);
  }

  private static Object array(List<?> list, Class<?> type) {
    Object array = Array.newInstance(type.getComponentType(), list.size());
    for (int i = 0; i < list.size(); i++) {
      Array.set(array, i, list.get(i));
    }
    return array;
  }
}
