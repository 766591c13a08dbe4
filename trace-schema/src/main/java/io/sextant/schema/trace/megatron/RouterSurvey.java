package io.sextant.schema.trace.megatron;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of a first pass over a file. The pass is needed because only the whole file tells how
 * its layers are numbered.
 *
 * @param lines number of lines per decoder layer, by the layer's number in the file
 * @param others number of lines per other block, by its name
 * @param cutLine number of the line in which the file ends; 0 if it ends after one
 */
record RouterSurvey(TreeMap<Long, Long> lines, TreeMap<String, Long> others, long cutLine) {
  private static final int MOST_KINDS = 1 << 14;

  /**
   * @throws CorruptTraceException if the file is damaged or has no line for the decoder
   */
  static RouterSurvey of(TraceFile file, ModelSpec model)
      throws CorruptTraceException, IOException {
    TreeMap<Long, Long> lines = new TreeMap<>();
    TreeMap<String, Long> others = new TreeMap<>();
    long cutLine =
        RouterLines.forEach(
            file,
            new RouterLine(model.topK(), new HeapShare()),
            line -> {
              if (line.block().equals(RouterLine.DECODER)) {
                lines.merge(line.layer(), 1L, Long::sum);
              } else {
                others.merge(Faults.oneLine(line.block()), 1L, Long::sum);
              }
              if (lines.size() + others.size() > MOST_KINDS) {
                throw line.fault("the file has more than %d layers".formatted(MOST_KINDS));
              }
            });
    if (lines.isEmpty()) {
      throw new CorruptTraceException(
          cutLine > 0
              ? "truncated: the file ends inside line %d, before a whole line of the decoder"
                  .formatted(cutLine)
              : "the file has no routed tokens of the decoder");
    }
    return new RouterSurvey(lines, others, cutLine);
  }

  /** Reports which blocks are left out. */
  void remark(TraceSink sink) {
    for (Map.Entry<String, Long> other : others.entrySet()) {
      sink.warn(
          "%d lines of block %s are left out: only the decoder's layers are those of the model"
              .formatted(other.getValue(), other.getKey()));
    }
  }
}
