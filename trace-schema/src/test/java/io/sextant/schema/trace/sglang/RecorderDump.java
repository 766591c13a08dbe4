package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.TorchBytes;
import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lays out real rows as SGLang's recorder does in mode {@code per_token}. */
final class RecorderDump {
  static final int EXTEND = 1;
  static final int DECODE = 2;
  static final int VERIFY = 5;
  static final ModelSpec MODEL = EngineDump.MODEL;

  private final TorchBytes torch;
  private final List<Object> records = new ArrayList<>();
  private final List<Object> misc = new ArrayList<>();

  /** The physical expert of a logical one, as a function of the arguments. */
  interface Ids {
    int of(int layer, int expert);
  }

  Ids ids = (layer, expert) -> expert;
  int layers = MODEL.layers();
  int columns = 8;
  int lastColumn = -1;
  int spareRows = 0;
  int rank = 0;
  List<Integer> recorded = MODEL.moeLayers();

  RecorderDump(int protocol) {
    torch = new TorchBytes(protocol);
  }

  /** Some rows of a request. */
  record Part(RequestTrace request, int from, int to) {}

  static Part part(RequestTrace request, int from, int to) {
    return new Part(request, from, to);
  }

  void pass(int mode, Part... parts) {
    int tokens = Arrays.stream(parts).mapToInt(part -> part.to() - part.from()).sum();
    List<Object> positions = new ArrayList<>();
    List<Object> lengths = new ArrayList<>();
    int width = tokens + spareRows;
    int[] table = new int[layers * width * columns];
    Arrays.fill(table, -1);
    int row = 0;
    for (Part part : parts) {
      lengths.add(part.to() - part.from());
      for (int token = part.from(); token < part.to(); token++, row++) {
        positions.add(token);
        for (int l = 0; l < MODEL.moeLayers().size() && part.request() != null; l++) {
          int layer = MODEL.moeLayers().get(l);
          int at = (layer * width + row) * columns;
          if (recorded.contains(layer)) {
            for (int k = 0; k < 8; k++) {
              table[at + k] = ids.of(layer, part.request().experts()[l][token * 8 + k]);
            }
            if (columns > 8) {
              table[at + 8] = lastColumn;
            }
          }
        }
      }
    }
    Map<String, Object> record = new HashMap<>();
    record.put("forward_pass_id", records.size());
    record.put("rank", rank);
    record.put("gatherer_key", "primary");
    record.put("input_ids", positions);
    record.put("positions", positions);
    record.put("extend_seq_lens", mode == DECODE || mode == VERIFY ? null : lengths);
    record.put("forward_mode", mode);
    record.put("topk_ids_of_layer", torch.tensor(table, layers, width, columns));
    record.put("misc_objects", misc);
    records.add(record);
  }

  /** A single request: its prompt, then one pass per generated row. */
  void alone(RequestTrace request) {
    pass(EXTEND, part(request, 0, request.prefillTokens()));
    for (int token = request.prefillTokens(); token < request.tokens(); token++) {
      pass(DECODE, part(request, token, token + 1));
    }
  }

  /**
   * @param logical the expert in each physical slot, the same in all layers
   */
  TraceFile file(int... logical) throws IOException {
    int[] map = new int[layers * logical.length];
    for (int layer = 0; layer < layers; layer++) {
      System.arraycopy(logical, 0, map, layer * logical.length, logical.length);
    }
    Map<String, Object> dump = new HashMap<>();
    dump.put("records", records);
    dump.put("last_physical_to_logical_map", torch.tensor(map, layers, logical.length));
    return Requests.file("expert_distribution_recorder_1757203200.0_0.pt", torch.save(dump));
  }

  static int[] linear() {
    int[] logical = new int[MODEL.experts()];
    Arrays.setAll(logical, expert -> expert);
    return logical;
  }
}
