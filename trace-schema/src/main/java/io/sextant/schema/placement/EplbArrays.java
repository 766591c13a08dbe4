package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.IntegerTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The three tensors that {@code rebalance_experts} of DeepSeek's EPLB returns, as 64-bit integers:
 * {@code phy2log} [layers, slots], {@code log2phy} [layers, experts, maximum number of copies],
 * each expert's slots in ascending order and padded with -1, and {@code logcnt} [layers, experts].
 */
final class EplbArrays implements EngineFile {
  private static final String PHY2LOG = "phy2log";
  private static final String LOG2PHY = "log2phy";
  private static final String LOGCNT = "logcnt";
  private static final int ALIGNMENT_BYTES = 8;

  @Override
  public byte[] encode(String where, PlacementMap map, int gpus) {
    return encode(map.physicalToLogical(), map.experts());
  }

  private static byte[] encode(int[][] rows, int experts) {
    int layers = rows.length;
    int slots = rows[0].length;
    int[][] counts = counts(rows, experts);
    int copies = Arrays.stream(counts).flatMapToInt(Arrays::stream).max().orElse(0);
    long phy2log = (long) Long.BYTES * layers * slots;
    long log2phy = phy2log + (long) Long.BYTES * layers * experts * copies;
    long logcnt = log2phy + (long) Long.BYTES * layers * experts;
    String header =
        "{%s,%s,%s}"
            .formatted(
                tensor(PHY2LOG, List.of(layers, slots), 0, phy2log),
                tensor(LOG2PHY, List.of(layers, experts, copies), phy2log, log2phy),
                tensor(LOGCNT, List.of(layers, experts), log2phy, logcnt));
    // Pad with spaces as the reference implementation does, so that readers can map the file.
    int headerBytes = (header.length() + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    ByteBuffer file =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + headerBytes + logcnt))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(headerBytes)
        .put((header + " ".repeat(headerBytes - header.length())).getBytes(StandardCharsets.UTF_8));
    put(file, rows);
    for (int[] row : rows) {
      put(file, slotsOfExperts(row, experts, copies));
    }
    put(file, counts);
    return file.array();
  }

  private static String tensor(String name, List<Integer> shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"I64\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, shape.toString().replace(" ", ""), begin, end);
  }

  private static int[][] counts(int[][] rows, int experts) {
    int[][] counts = new int[rows.length][experts];
    for (int layer = 0; layer < rows.length; layer++) {
      for (int expert : rows[layer]) {
        counts[layer][expert]++;
      }
    }
    return counts;
  }

  private static int[][] slotsOfExperts(int[] row, int experts, int copies) {
    int[][] slots = new int[experts][copies];
    int[] found = new int[experts];
    for (int[] slotsOfExpert : slots) {
      Arrays.fill(slotsOfExpert, -1);
    }
    for (int slot = 0; slot < row.length; slot++) {
      slots[row[slot]][found[row[slot]]++] = slot;
    }
    return slots;
  }

  private static void put(ByteBuffer file, int[][] rows) {
    for (int[] row : rows) {
      for (int value : row) {
        file.putLong(value);
      }
    }
  }

  /** {@code phy2log} is the map; the other two, if the file has them, have to agree with it. */
  @Override
  public MapRows decode(String where, byte[] bytes) {
    Map<String, IntegerTensors.Tensor> tensors = tensors(where, bytes);
    IntegerTensors.Tensor map = tensors.get(PHY2LOG);
    if (map == null
        || map.shape().size() != 2
        || map.shape().stream().anyMatch(size -> size < 1 || size > Short.MAX_VALUE)) {
      throw InvalidInputException.of(
          where + ": " + PHY2LOG,
          "there is no such integer tensor [layers, slots]",
          MapJson.REMEDY);
    }
    int layers = Math.toIntExact(map.shape().get(0));
    int slots = Math.toIntExact(map.shape().get(1));
    int[][] rows = new int[layers][slots];
    for (int i = 0; i < map.values().length; i++) {
      long expert = map.values()[i];
      if (expert < 0 || expert > Short.MAX_VALUE) {
        throw InvalidInputException.of(
            where + ": " + PHY2LOG,
            "layer %d, slot %d holds %d, which is not an expert"
                .formatted(i / slots, i % slots, expert),
            MapJson.REMEDY);
      }
      rows[i / slots][i % slots] = (int) expert;
    }
    requireAgreement(where, rows, tensors);
    return MapRows.inOrder(RowOrder.UNSAID, rows);
  }

  private static void requireAgreement(
      String where, int[][] rows, Map<String, IntegerTensors.Tensor> tensors) {
    int experts = 1 + Arrays.stream(rows).flatMapToInt(Arrays::stream).max().orElse(-1);
    IntegerTensors.Tensor counts = tensors.get(LOGCNT);
    if (counts != null
        // Check the shape first: a map with a wrong number of experts could need a very large array
        // of counts.
        && !(counts.shape().equals(List.of((long) rows.length, (long) experts))
            && Arrays.equals(
                counts.values(),
                Arrays.stream(counts(rows, experts))
                    .flatMapToInt(Arrays::stream)
                    .asLongStream()
                    .toArray()))) {
      throw InvalidInputException.of(
          where + ": " + LOGCNT, "does not count the copies in " + PHY2LOG, MapJson.REMEDY);
    }
    IntegerTensors.Tensor slots = tensors.get(LOG2PHY);
    if (slots != null && !agrees(slots, rows, experts)) {
      throw InvalidInputException.of(
          where + ": " + LOG2PHY, "does not name the slots in " + PHY2LOG, MapJson.REMEDY);
    }
  }

  /**
   * Checks that each slot is listed once, under its own expert. The order of copies is up to EPLB.
   */
  private static boolean agrees(IntegerTensors.Tensor log2phy, int[][] rows, int experts) {
    List<Long> shape = log2phy.shape();
    if (shape.size() != 3 || shape.get(0) != rows.length || shape.get(1) != experts) {
      return false;
    }
    int copies = Math.toIntExact(shape.get(2));
    for (int layer = 0; layer < rows.length; layer++) {
      boolean[] named = new boolean[rows[layer].length];
      for (int i = 0; i < experts * copies; i++) {
        long slot = log2phy.values()[layer * experts * copies + i];
        if (slot == -1) {
          continue;
        }
        if (slot < 0
            || slot >= named.length
            || named[(int) slot]
            || rows[layer][(int) slot] != i / copies) {
          return false;
        }
        named[(int) slot] = true;
      }
      for (boolean once : named) {
        if (!once) {
          return false;
        }
      }
    }
    return true;
  }

  private static Map<String, IntegerTensors.Tensor> tensors(String where, byte[] bytes) {
    try {
      return IntegerTensors.read(bytes);
    } catch (CorruptTraceException | IOException e) {
      throw InvalidInputException.of(where, e.getMessage(), MapJson.REMEDY, e);
    }
  }
}
