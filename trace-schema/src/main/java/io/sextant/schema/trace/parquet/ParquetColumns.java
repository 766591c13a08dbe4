package io.sextant.schema.trace.parquet;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** Types of the columns of Parquet rows, and lists at any nesting of their groups. */
final class ParquetColumns {
  private ParquetColumns() {}

  static void require(Type field, boolean holds, String what) throws CorruptTraceException {
    if (!holds || field.isRepetition(Type.Repetition.REPEATED)) {
      throw new CorruptTraceException(
          "column %s has to be %s, it is: %s"
              .formatted(field.getName(), what, Faults.oneLine(field.toString())));
    }
  }

  /**
   * The numbers of a list, at any nesting of its groups; null if the column is not a list of
   * numbers.
   */
  static PrimitiveType leaf(Type field) {
    Type at = field;
    int repeated = 0;
    while (!at.isPrimitive()) {
      GroupType group = at.asGroupType();
      if (group.getFieldCount() != 1) {
        return null;
      }
      at = group.getType(0);
      repeated += at.isRepetition(Type.Repetition.REPEATED) ? 1 : 0;
    }
    return repeated == 1 ? at.asPrimitiveType() : null;
  }

  /** The leaf's converter, wrapped in one converter per group above it. */
  static Converter wrapped(Type field, Converter leaf) {
    if (field.isPrimitive()) {
      return leaf;
    }
    Converter inner = wrapped(field.asGroupType().getType(0), leaf);
    return new GroupConverter() {
      @Override
      public Converter getConverter(int index) {
        return inner;
      }

      @Override
      public void start() {}

      @Override
      public void end() {}
    };
  }

  static boolean isWhole(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT32
        || type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT64;
  }

  static boolean isReal(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.FLOAT
        || type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.DOUBLE;
  }
}
