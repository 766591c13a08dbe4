package io.sextant.schema.router;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CompleteFile;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.tensor.SafetensorsHeader.Tensor;
import io.sextant.schema.tensor.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a token of a prompt costs on each node: a safetensors file with {@code cost} F32 [token ids,
 * nodes] and {@code mean} F32 [nodes], in remote nodes per token and MoE layer.
 *
 * @param model the model's name
 * @param mean cost of a token whose id is not in the table, shape [nodes]
 * @param cost cost of each token id, shape [token ids x nodes]
 */
public record TokenCosts(String model, float[] mean, float[] cost) {
  private static final String COST = "cost";
  private static final String MEAN = "mean";
  private static final String MODEL = "model";
  private static final String REMEDY =
      "Give a groups.json with the files that solve --group wrote beside it";

  public TokenCosts {
    if (mean.length == 0 || cost.length % mean.length != 0) {
      throw new IllegalArgumentException(
          "%d costs for %d nodes".formatted(cost.length, mean.length));
    }
  }

  /** Number of nodes that a request can run on. */
  public int nodes() {
    return mean.length;
  }

  /** Token ids below this number are in the table. */
  public int ids() {
    return cost.length / mean.length;
  }

  /** Writes the table; equal tables give equal bytes. */
  void write(Path file) throws IOException {
    Map<String, float[]> values = new LinkedHashMap<>();
    values.put(COST, cost);
    values.put(MEAN, mean);
    Map<String, List<Long>> shapes =
        Map.of(COST, List.of((long) ids(), (long) nodes()), MEAN, List.of((long) nodes()));
    CompleteFile.write(file, SafetensorsWriter.floats(Map.of(MODEL, model), values, shapes));
  }

  /**
   * @throws InvalidInputException naming the file and the fault
   */
  static TokenCosts read(Path file) {
    try (InputStream stored = Files.newInputStream(file);
        TraceStream stream = TraceStream.open(stored)) {
      SafetensorsHeader header = SafetensorsHeader.read(stream);
      Map<String, float[]> values = new LinkedHashMap<>();
      Map<String, List<Long>> shapes = new LinkedHashMap<>();
      for (Tensor tensor : header.tensors()) {
        values.put(tensor.name(), floats(tensor, stream));
        shapes.put(tensor.name(), tensor.shape());
      }
      SafetensorsHeader.requireEnd(stream);
      return of(header.metadata().get(MODEL), values, shapes);
    } catch (CorruptTraceException e) {
      throw InvalidInputException.of(
          file.toString(), "not a table of token costs: " + e.getMessage(), REMEDY, e);
    } catch (NoSuchFileException e) {
      throw InvalidInputException.of(file.toString(), "there is no such file", REMEDY, e);
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(), "cannot be read: " + e.getMessage(), "Check its permissions", e);
    }
  }

  private static TokenCosts of(
      String model, Map<String, float[]> values, Map<String, List<Long>> shapes)
      throws CorruptTraceException {
    List<Long> cost = shapes.getOrDefault(COST, List.of());
    List<Long> mean = shapes.getOrDefault(MEAN, List.of());
    if (model == null || cost.size() != 2 || mean.size() != 1 || !cost.get(1).equals(mean.get(0))) {
      throw new CorruptTraceException(
          "expected the model's name, %s [token ids, nodes] and %s [nodes], found %s"
              .formatted(COST, MEAN, shapes));
    }
    return new TokenCosts(model, values.get(MEAN), values.get(COST));
  }

  private static float[] floats(Tensor tensor, TraceStream stream)
      throws CorruptTraceException, IOException {
    if (!tensor.dtype().equals("F32") || tensor.bytes() > Integer.MAX_VALUE - 8) {
      throw new CorruptTraceException(
          "tensor %s is %s %s, expected F32 of less than 2 GiB"
              .formatted(tensor.name(), tensor.dtype(), tensor.shape()));
    }
    byte[] bytes = stream.readNBytes((int) tensor.bytes());
    if (bytes.length < tensor.bytes()) {
      throw new CorruptTraceException(Faults.truncated(tensor.bytes(), bytes.length, stream));
    }
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= 0 && values[i] < Integer.SIZE)) {
        throw new CorruptTraceException(
            "tensor %s has %s at position %d, which is not a number of nodes"
                .formatted(tensor.name(), values[i], i));
      }
    }
    return values;
  }
}
