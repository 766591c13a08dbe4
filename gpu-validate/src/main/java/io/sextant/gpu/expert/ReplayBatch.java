package io.sextant.gpu.expert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The work of one micro-batch of a real trace in one layer under one map: a line of JSON in the
 * file that {@code evaluate --work} writes and {@code gpu-validate placement} replays.
 *
 * @param map the map's name
 * @param stretch the file or day that the micro-batch belongs to
 * @param layer the layer's absolute id
 * @param batch number of the micro-batch within the stretch and layer, from 0
 * @param gpus number of GPUs of the cluster; slot p is on GPU p / (slots / gpus)
 * @param slotTokens number of rows per physical slot
 * @param received number of tokens that the busiest node gets from others
 */
public record ReplayBatch(
    String map, String stretch, int layer, int batch, int gpus, int[] slotTokens, double received) {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** The micro-batch as a line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a file of such lines.
   *
   * @throws InvalidInputException naming the line that is not such JSON
   */
  public static List<ReplayBatch> read(Path file) throws IOException {
    List<ReplayBatch> batches = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      try {
        ReplayBatch batch = JSON.readValue(lines.get(i), ReplayBatch.class);
        if (batch.gpus() < 1 || batch.slotTokens().length % batch.gpus() != 0) {
          throw wrong(
              file,
              i,
              "%d slots on %d GPUs".formatted(batch.slotTokens().length, batch.gpus()),
              null);
        }
        batches.add(batch);
      } catch (JsonProcessingException e) {
        throw wrong(file, i, e.getOriginalMessage(), e);
      }
    }
    if (batches.isEmpty()) {
      throw wrong(file, 0, "no micro-batch", null);
    }
    return batches;
  }

  private static InvalidInputException wrong(Path file, int line, String problem, Exception cause) {
    return InvalidInputException.of(
        file + ": line " + (line + 1), problem, "Write it again with evaluate --work", cause);
  }

  /** The rows of each slot of one GPU. */
  public int[] tokensOfGpu(int gpu) {
    int perGpu = slotsOfGpu();
    return Arrays.copyOfRange(slotTokens, gpu * perGpu, (gpu + 1) * perGpu);
  }

  /** Number of slots per GPU. */
  public int slotsOfGpu() {
    return slotTokens.length / gpus;
  }

  /** Number of rows of the busiest GPU. */
  public int mostTokensOfGpu() {
    return IntStream.range(0, gpus)
        .map(gpu -> Arrays.stream(tokensOfGpu(gpu)).sum())
        .max()
        .orElse(0);
  }
}
