package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.count.Phase;
import io.sextant.jobs.table.TableFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.UsageTables;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;

/**
 * A Parquet file of the table {@code coactivation}: pairs of experts that a token chose together.
 */
final class CoactivationFile implements Closeable {
  private final ModelSpec model;
  private final Binary from;
  private final Binary to;
  private final Binary runId;
  private final TableFile file;

  CoactivationFile(Path path, ModelSpec model, Window window) throws IOException {
    this.model = model;
    this.from = Binary.fromString(window.from());
    this.to = Binary.fromString(window.to());
    this.runId = Binary.fromString(window.runId());
    this.file = new TableFile(path, UsageTables.COACTIVATION);
  }

  /**
   * Writes a layer's rows, sorted by phase and pair.
   *
   * @param pairs counts of shape [3][experts x experts] by phase; a pair is counted at [first x
   *     experts + second], in the order in which the token listed them. A model with top-1 has no
   *     pairs
   */
  void add(int layer, long[][] pairs) throws IOException {
    if (model.topK() == 1) {
      return;
    }
    for (Phase phase : List.of(Phase.ALL, Phase.DECODE, Phase.PREFILL, Phase.UNKNOWN)) {
      add(layer, Binary.fromString(phase.label()), phase.of(pairs));
    }
  }

  private void add(int layer, Binary phase, long[] pairs) throws IOException {
    int experts = model.experts();
    // A token that chose an expert is in topK - 1 of its pairs.
    long[] tokensByExpert = new long[experts];
    long sum = 0;
    for (int a = 0; a < experts; a++) {
      for (int b = 0; b < experts; b++) {
        long count = pairs[a * experts + b];
        tokensByExpert[a] += count;
        tokensByExpert[b] += count;
        sum += count;
      }
    }
    int others = model.topK() - 1;
    for (int e = 0; e < experts; e++) {
      tokensByExpert[e] /= others;
    }
    double tokens = sum / (model.topK() * others / 2.0);
    for (int a = 0; a < experts; a++) {
      for (int b = a + 1; b < experts; b++) {
        long count = pairs[a * experts + b] + pairs[b * experts + a];
        if (count > 0) {
          double alone = (double) tokensByExpert[a] * tokensByExpert[b];
          file.text(from);
          file.text(to);
          file.smallNumber(layer);
          file.text(phase);
          file.smallNumber(a);
          file.smallNumber(b);
          file.number(count);
          file.real(count * tokens / alone);
          file.text(runId);
          file.endRow();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
