package io.sextant.jobs.table;

import io.sextant.schema.table.Column;
import io.sextant.schema.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** A table's columns as a Parquet schema, in the form that Spark writes. */
final class TableSchema {

  private TableSchema() {}

  /** The columns of a table's files: all except the partition columns, which are folders. */
  static List<Column> columns(TableDefinition<?> table) {
    return table.columns().stream()
        .filter(column -> !table.partitionColumns().contains(column.name()))
        .toList();
  }

  static MessageType of(List<Column> columns) {
    List<Type> fields = new ArrayList<>();
    for (Column column : columns) {
      fields.add(field(column));
    }
    return new MessageType("spark_schema", fields);
  }

  private static Type field(Column column) {
    Repetition repetition = column.nullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
    return switch (column.type()) {
      case STRING ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.stringType())
              .named(column.name());
      case INT -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(column.name());
      case LONG -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(column.name());
      case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(column.name());
      case SHORT_ARRAY ->
          list(
              column,
              repetition,
              Types.primitive(PrimitiveTypeName.INT32, Repetition.REQUIRED)
                  .as(LogicalTypeAnnotation.intType(Short.SIZE, true))
                  .named("element"));
      case INT_ARRAY -> list(column, repetition, element(PrimitiveTypeName.INT32));
      case LONG_ARRAY -> list(column, repetition, element(PrimitiveTypeName.INT64));
      case FLOAT_ARRAY -> list(column, repetition, element(PrimitiveTypeName.FLOAT));
    };
  }

  private static Type element(PrimitiveTypeName type) {
    return Types.primitive(type, Repetition.REQUIRED).named("element");
  }

  private static Type list(Column column, Repetition repetition, Type element) {
    return Types.list(repetition).element(element).named(column.name());
  }
}
