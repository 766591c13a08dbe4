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
 * What one micro-batch of a real trace asks of one layer under one map; a line of JSON in the file
 * that {@code evaluate --work} writes and {@code gpu-validate placement} replays.
 *
 * @param map the map's name
 * @param stretch the file or day the micro-batch is of
 * @param layer absolute id
 * @param batch number of the micro-batch within the stretch and layer, from 0
 * @param gpus of the cluster; slot p lies on GPU p / (slots / gpus)
 * @param slotTokens rows each physical slot gets
 * @param received tokens the busiest node gets from others
 */
public record ReplayBatch(
    String map, String stretch, int layer, int batch, int gpus, int[] slotTokens, double received) {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** As a line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a file of them.
   *
   * @throws InvalidInputException naming the line, where one is no such JSON
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

  /** Rows that the slots of one GPU get. */
  public int[] tokensOfGpu(int gpu) {
    int perGpu = slotsOfGpu();
    return Arrays.copyOfRange(slotTokens, gpu * perGpu, (gpu + 1) * perGpu);
  }

  /** Slots of a GPU. */
  public int slotsOfGpu() {
    return slotTokens.length / gpus;
  }

  /** Rows of the busiest GPU. */
  public int mostTokensOfGpu() {
    return IntStream.range(0, gpus)
        .map(gpu -> Arrays.stream(tokensOfGpu(gpu)).sum())
        .max()
        .orElse(0);
  }
}
