package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.tensorrt.CountsBeside.Counted;
import io.sextant.schema.trace.tensorrt.CountsBeside.Sum;
import java.util.Optional;

/** Compares the rows of a raw file with the counts file beside it. */
final class RowsCheck {
  private final Optional<CountsBeside> beside;
  private final ModelSpec model;
  private long compared;
  private long differing;
  private String first;

  RowsCheck(Optional<CountsBeside> beside, ModelSpec model) {
    this.beside = beside;
    this.model = model;
  }

  /** Number of ids that the counts file has under a key; -1 if not known. */
  long positions(StatisticsKey key) {
    Counted counted = beside.map(counts -> counts.counts().get(key)).orElse(null);
    return counted == null ? -1 : counted.positions();
  }

  /** Receives the sum of a key's rows. */
  void rows(StatisticsKey key, Sum rows) {
    if (beside.isEmpty()) {
      return;
    }
    compared++;
    Counted counted = beside.get().counts().get(key);
    if (counted == null) {
      differ("%s is not in the counts".formatted(key));
    } else if (counted.sum().ids() != rows.ids()) {
      differ("%s has %d ids, but %d were counted".formatted(key, rows.ids(), counted.sum().ids()));
    } else if (!counted.sum().equals(rows)) {
      differ("%s has experts that differ from the counts".formatted(key));
    }
  }

  private void differ(String how) {
    differing++;
    if (first == null) {
      first = how;
    }
  }

  /**
   * To be called after the last key.
   *
   * @throws CorruptTraceException if a key's rows differ from its counts
   */
  void end(TraceSink sink) throws CorruptTraceException {
    if (beside.isEmpty()) {
      sink.warn(
          "there is no sound counts file (rank{r}.safetensors) beside it to check its rows against: if the MoE worked in chunks, each chunk overwrote the rows of the one before, and rows are missing");
      return;
    }
    long counted =
        beside.get().counts().keySet().stream()
            .filter(key -> !key.isMultiTokenPrediction(model))
            .count();
    if (counted > compared) {
      differ("%d keys of the counts are missing".formatted(counted - compared));
    }
    if (differing > 0) {
      throw new CorruptTraceException(
          "its rows are not those counted in %s beside it, in %d of %d keys: %s; a MoE that works in chunks overwrites its rows. The counts are complete: ingest the counts file instead"
              .formatted(beside.get().name(), differing, Math.max(compared, counted), first));
    }
  }
}
