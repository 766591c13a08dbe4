package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.tensor.SafetensorsHeader.Tensor;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads TensorRT-LLM's raw expert statistics of one rank, {@code rank{r}_raw.safetensors}: under
 * {@code "{iteration}_{layer}"} the experts [tokens, k] that the iteration's tokens were sent to.
 *
 * <p>The format knows no requests: an iteration of the rank becomes one, its id the iteration's
 * number, and the phase of its rows is unknown, since prompt and generated tokens are mixed. The
 * source rank is in the file's name; arrival is when the file was written, the domain {@code
 * unknown}.
 *
 * <p>Memory: one iteration.
 */
public final class TensorRtRawReader implements TraceReader {
  static final Pattern KEY = Pattern.compile("(\\d{1,18})_(\\d{1,9})");
  private static final Pattern HEADER_KEY = Pattern.compile("\"\\d{1,18}_\\d{1,9}\"\\s*:\\s*\\{");
  private static final List<String> DTYPES = List.of("I32", "I64", "I16", "U8");
  private static final int BLOCK_TOKENS = 1 << 10;

  @Override
  public String format() {
    return "tensorrt-llm";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return SafetensorsHeader.mayBegin(head)
        && HEADER_KEY.matcher(new String(head, StandardCharsets.ISO_8859_1)).find();
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    int[] layers = LayerRows.layersOf(model);
    HeapShare share = new HeapShare();
    int rank = FileNames.rank(file.path());
    try (TraceStream stream = TraceStream.open(file)) {
      SafetensorsHeader header = SafetensorsHeader.read(stream);
      if (header.tensors().isEmpty()) {
        throw new CorruptTraceException("the file has no iterations");
      }
      Set<Long> known = new HashSet<>();
      LayerRows rows = null;
      long iteration = -1;
      int layersTaken = 0;
      long row = 0;
      for (Tensor tensor : header.tensors()) {
        Matcher key = KEY.matcher(tensor.name());
        if (!key.matches()) {
          throw new CorruptTraceException(
              "tensor %s is not named {iteration}_{layer}"
                  .formatted(Faults.oneLine(tensor.name())));
        }
        if (tensor.shape().size() != 2
            || tensor.shape().get(1) != model.topK()
            || !DTYPES.contains(tensor.dtype())) {
          throw new CorruptTraceException(
              "tensor %s is %s %s, expected integers [tokens, %d]"
                  .formatted(tensor.name(), tensor.dtype(), tensor.shape(), model.topK()));
        }
        int layer = Arrays.binarySearch(layers, Integer.parseInt(key.group(2)));
        if (layer < 0) {
          throw new CorruptTraceException(
              "tensor %s is of a layer that is no MoE layer of %s"
                  .formatted(tensor.name(), model.name()));
        }
        long next = Long.parseLong(key.group(1));
        if (rows == null) {
          if (!known.add(next)) {
            throw new CorruptTraceException(
                row, "iteration %d is there in two pieces".formatted(next));
          }
          rows = new LayerRows(model, share);
          iteration = next;
          layersTaken = 0;
        } else if (next != iteration) {
          throw incomplete(row, iteration, layersTaken, layers.length);
        }
        if (rows.tokens(layer) > 0) {
          throw new CorruptTraceException(
              row,
              "tensor %s is of a layer that the iteration has already".formatted(tensor.name()));
        }
        take(tensor, header, stream, model.topK(), rows, layer);
        layersTaken++;
        if (layersTaken == layers.length) {
          checkSameTokens(row, iteration, rows, layers);
          rows.deliverUnphased(
              sink,
              row,
              new RequestHead(iteration, file.modifiedMillis(), FileNames.UNKNOWN_DOMAIN, rank));
          rows = null;
          row++;
        }
      }
      if (rows != null) {
        throw incomplete(row, iteration, layersTaken, layers.length);
      }
      SafetensorsHeader.requireEnd(stream);
    }
  }

  private static void take(
      Tensor tensor,
      SafetensorsHeader header,
      TraceStream stream,
      int topK,
      LayerRows rows,
      int layer)
      throws CorruptTraceException, IOException {
    int item =
        switch (tensor.dtype()) {
          case "U8" -> 1;
          case "I16" -> 2;
          case "I32" -> 4;
          default -> 8;
        };
    long left = tensor.shape().get(0);
    byte[] block = new byte[(int) Math.min(left, BLOCK_TOKENS) * topK * item];
    int[] ids = new int[topK];
    while (left > 0) {
      int tokens = (int) Math.min(left, BLOCK_TOKENS);
      int wanted = tokens * topK * item;
      if (stream.readNBytes(block, 0, wanted) < wanted) {
        throw new CorruptTraceException(
            Faults.truncated(header.dataStart() + header.dataBytes(), stream.position(), stream));
      }
      for (int at = 0; at < wanted; ) {
        for (int k = 0; k < topK; k++, at += item) {
          ids[k] = LittleEndian.id(block, at, item, !tensor.dtype().equals("U8"));
        }
        rows.add(layer, ids, 0);
      }
      left -= tokens;
    }
  }

  private static void checkSameTokens(long row, long iteration, LayerRows rows, int[] layers)
      throws CorruptTraceException {
    for (int i = 1; i < layers.length; i++) {
      if (rows.tokens(i) != rows.tokens(0)) {
        throw new CorruptTraceException(
            row,
            "iteration %d has %d tokens in layer %d but %d in layer %d"
                .formatted(iteration, rows.tokens(0), layers[0], rows.tokens(i), layers[i]));
      }
    }
  }

  private static CorruptTraceException incomplete(
      long row, long iteration, int found, int expected) {
    return new CorruptTraceException(
        row,
        "iteration %d has %d of the %d MoE layers in one piece"
            .formatted(iteration, found, expected));
  }
}
