package io.sextant.schema.trace.parquet;

import java.util.function.LongConsumer;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Hands the 32-bit and 64-bit integers of a column on. */
final class WholeNumbers extends PrimitiveConverter {
  private final LongConsumer sink;

  WholeNumbers(LongConsumer sink) {
    this.sink = sink;
  }

  @Override
  public void addInt(int value) {
    sink.accept(value);
  }

  @Override
  public void addLong(long value) {
    sink.accept(value);
  }
}
