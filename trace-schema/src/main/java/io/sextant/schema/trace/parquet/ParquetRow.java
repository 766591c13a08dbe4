package io.sextant.schema.trace.parquet;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.FileNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * The current row of the reader, filled in place, without an object per row and without boxed
 * values.
 */
final class ParquetRow extends GroupConverter {
  private static final String INDICES = "indices";
  private static final String SCORES = "scores";
  private static final List<String> NEEDED = List.of("request_id", "token", "layer", INDICES);
  private static final List<String> NUMBERS =
      List.of("request_id", "token", "layer", "arrival_ms", "source_rank");
  private static final List<String> TEXTS = List.of("phase", "domain");

  private final MessageType projection;
  private final Converter[] converters;
  private final int topK;

  private final long[] numbers = new long[NUMBERS.size()];
  private final String[] texts = new String[TEXTS.size()];
  private final long[] indices;
  private final double[] scores;
  private final int[] ids;
  private int indexCount;
  private int scoreCount;

  /**
   * @throws CorruptTraceException if a column is missing or of another type
   */
  ParquetRow(MessageType schema, int topK) throws CorruptTraceException {
    this.topK = topK;
    this.indices = new long[topK];
    this.scores = new double[topK];
    this.ids = new int[topK];
    for (String name : NEEDED) {
      if (!schema.containsField(name)) {
        throw new CorruptTraceException(
            "the rows have no column %s; expected request_id, token, layer and indices, and optionally scores, phase, domain, arrival_ms, source_rank"
                .formatted(name));
      }
    }
    List<Type> taken = new ArrayList<>();
    List<Converter> made = new ArrayList<>();
    for (Type field : schema.getFields()) {
      Converter converter = converter(field);
      if (converter != null) {
        taken.add(field);
        made.add(converter);
      }
    }
    this.projection = new MessageType(schema.getName(), taken);
    this.converters = made.toArray(Converter[]::new);
  }

  MessageType projection() {
    return projection;
  }

  RecordMaterializer<ParquetRow> materializer() {
    return new RecordMaterializer<>() {
      @Override
      public ParquetRow getCurrentRecord() {
        return ParquetRow.this;
      }

      @Override
      public GroupConverter getRootConverter() {
        return ParquetRow.this;
      }
    };
  }

  /** The converter of a column; null if the column is not read. */
  private Converter converter(Type field) throws CorruptTraceException {
    int number = NUMBERS.indexOf(field.getName());
    int text = TEXTS.indexOf(field.getName());
    boolean scored = field.getName().equals(SCORES);
    if (number >= 0) {
      ParquetColumns.require(
          field,
          field.isPrimitive() && ParquetColumns.isWhole(field.asPrimitiveType()),
          "whole numbers");
      return new WholeNumbers(value -> numbers[number] = value);
    }
    if (text >= 0) {
      ParquetColumns.require(
          field,
          field.isPrimitive()
              && field.asPrimitiveType().getPrimitiveTypeName()
                  == PrimitiveType.PrimitiveTypeName.BINARY,
          "texts");
      return new Text(text);
    }
    if (!scored && !field.getName().equals(INDICES)) {
      return null;
    }
    PrimitiveType leaf = ParquetColumns.leaf(field);
    ParquetColumns.require(
        field,
        leaf != null && (scored ? ParquetColumns.isReal(leaf) : ParquetColumns.isWhole(leaf)),
        "a list of numbers");
    return ParquetColumns.wrapped(field, scored ? new Score() : new WholeNumbers(this::addIndex));
  }

  @Override
  public Converter getConverter(int index) {
    return converters[index];
  }

  @Override
  public void start() {
    Arrays.fill(numbers, -1);
    Arrays.fill(texts, null);
    indexCount = 0;
    scoreCount = 0;
  }

  @Override
  public void end() {}

  private void addIndex(long value) {
    if (indexCount < topK) {
      indices[indexCount] = value;
    }
    indexCount++;
  }

  /** Checks that the row is complete and sorts its experts. */
  void check(long request) throws CorruptTraceException {
    if (numbers[0] < 0 || numbers[1] < 0 || numbers[2] < 0) {
      throw new CorruptTraceException(
          request,
          "a row has request_id %d, token %d, layer %d (-1 is missing)"
              .formatted(numbers[0], numbers[1], numbers[2]));
    }
    if (indexCount != topK || (scoreCount != 0 && scoreCount != topK)) {
      throw new CorruptTraceException(
          request,
          "request %d, layer %d, token %d has %d indices and %d scores, top_k is %d"
              .formatted(numbers[0], numbers[2], numbers[1], indexCount, scoreCount, topK));
    }
    if (texts[0] != null && !texts[0].equals("prefill") && !texts[0].equals("decode")) {
      throw new CorruptTraceException(
          request,
          "request %d has phase '%s', expected prefill or decode"
              .formatted(numbers[0], Faults.oneLine(texts[0])));
    }
    for (int k = 0; k < topK; k++) {
      int at = k;
      // Stable insertion sort: best first, in the file's order if scores are equal or absent.
      while (scoreCount > 0 && at > 0 && scores[at - 1] < scores[at]) {
        double score = scores[at];
        scores[at] = scores[at - 1];
        scores[at - 1] = score;
        ids[at] = ids[at - 1];
        at--;
      }
      ids[at] = indices[k] < 0 || indices[k] > Integer.MAX_VALUE ? -1 : (int) indices[k];
    }
  }

  long requestId() {
    return numbers[0];
  }

  long token() {
    return numbers[1];
  }

  int layer() {
    return (int) Math.min(Integer.MAX_VALUE, numbers[2]);
  }

  /** Negative if the row has none. */
  long arrivalMillis() {
    return numbers[3];
  }

  int sourceRank() {
    return (int) Math.max(0, Math.min(Short.MAX_VALUE, numbers[4]));
  }

  /** Whether the rows have a phase. */
  boolean phased() {
    return projection.containsField(TEXTS.get(0));
  }

  boolean generated() {
    return "decode".equals(texts[0]);
  }

  String domain() {
    return texts[1] == null ? FileNames.UNKNOWN_DOMAIN : texts[1];
  }

  /**
   * @return the row's experts, best first; the array is used again
   */
  int[] ids() {
    return ids;
  }

  private final class Score extends PrimitiveConverter {
    @Override
    public void addFloat(float value) {
      addDouble(value);
    }

    @Override
    public void addDouble(double value) {
      if (scoreCount < topK) {
        scores[scoreCount] = value;
      }
      scoreCount++;
    }
  }

  private final class Text extends PrimitiveConverter {
    private static final int MOST_BYTES = 256;

    private final int index;

    Text(int index) {
      this.index = index;
    }

    @Override
    public void addBinary(Binary value) {
      texts[index] =
          value.length() > MOST_BYTES
              ? "longer than %d bytes".formatted(MOST_BYTES)
              : value.toStringUsingUTF8();
    }
  }
}
