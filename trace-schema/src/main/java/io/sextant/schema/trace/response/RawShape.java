package io.sextant.schema.trace.response;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.trace.routing.MemoryRoutes;
import io.sextant.schema.trace.routing.RequestRows;

/**
 * Finds the shape of values that came without one. Their layers are either the MoE layers or all
 * layers. The number of values decides, or the number of rows that the request should have, or
 * which of the two readings gives k different experts per token.
 */
final class RawShape {
  private static final int ROWS_TRIED = 64;

  private RawShape() {}

  static MemoryRoutes of(RouteValue value, NpyHeader type, ModelSpec model, long rows)
      throws CorruptTraceException {
    long values = value.length() / type.itemBytes();
    MemoryRoutes all = candidate(value, type, model, values, model.layers());
    MemoryRoutes moe = candidate(value, type, model, values, model.moeLayers().size());
    if (all == null && moe == null) {
      throw new CorruptTraceException(
          "%s has %d values, not a multiple of %d layers (or %d MoE layers) x top-%d"
              .formatted(
                  value.name(), values, model.layers(), model.moeLayers().size(), model.topK()));
    }
    if (all == null || moe == null || model.layers() == model.moeLayers().size()) {
      return all == null ? moe : all;
    }
    if (rows > 0 && (all.tokens() == rows) != (moe.tokens() == rows)) {
      return all.tokens() == rows ? all : moe;
    }
    long allSound = soundRows(all, model);
    long moeSound = soundRows(moe, model);
    if (allSound == moeSound && values > 0) {
      throw new CorruptTraceException(
          "%s has %d values, which fit %d layers and also %d MoE layers: log usage.prompt_tokens and completion_tokens beside it"
              .formatted(value.name(), values, model.layers(), model.moeLayers().size()));
    }
    return allSound > moeSound ? all : moe;
  }

  private static MemoryRoutes candidate(
      RouteValue value, NpyHeader type, ModelSpec model, long values, int layers) {
    long ofRow = (long) layers * model.topK();
    if (ofRow == 0 || values % ofRow != 0) {
      return null;
    }
    long[] shape = {values / ofRow, layers, model.topK()};
    NpyHeader header = new NpyHeader(type.itemBytes(), type.signed(), shape);
    return new MemoryRoutes(value.name(), header, value.bytes(), 0);
  }

  /** Share of (token, layer) pairs with k different ids, in per mille of those tried. */
  private static long soundRows(MemoryRoutes routes, ModelSpec model) throws CorruptTraceException {
    int[] positions = RequestRows.positions(model, routes);
    int item = routes.header().itemBytes();
    int topK = model.topK();
    int[] ids = new int[topK];
    long[] tried = new long[2];
    routes.forEachRow(
        (index, row) -> {
          if (index >= ROWS_TRIED) {
            return;
          }
          for (int position : positions) {
            boolean sound = true;
            for (int k = 0; k < topK; k++) {
              ids[k] =
                  LittleEndian.id(
                      row, (position * topK + k) * item, item, routes.header().signed());
              sound &= ids[k] >= 0;
              for (int other = 0; other < k; other++) {
                sound &= ids[other] != ids[k];
              }
            }
            tried[0]++;
            tried[1] += sound ? 1 : 0;
          }
        });
    return tried[0] == 0 ? 0 : tried[1] * 1000 / tried[0];
  }
}
