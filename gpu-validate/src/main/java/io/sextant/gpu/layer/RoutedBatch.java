package io.sextant.gpu.layer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.schema.InvalidInputException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The routing of one micro-batch of a real trace in one layer under one map: a line of JSON in the
 * file that {@code evaluate --routes} writes and {@code gpu-validate layer} runs.
 *
 * @param map the map's name
 * @param phase {@code prefill} or {@code decode}
 * @param stretch the file or day that the micro-batch belongs to
 * @param layer the layer's absolute id
 * @param batch number of the micro-batch within the stretch, phase and layer, from 0
 * @param nodes number of nodes of the cluster
 * @param gpus number of GPUs of the cluster; slot p is on GPU p / (slots / gpus)
 * @param slots number of physical slots
 * @param topK number of experts per token
 * @param packed the GPU of each token as 16-bit integers, shape [tokens], then the slot of each
 *     choice, shape [tokens, topK]; deflated
 */
public record RoutedBatch(
    String map,
    String phase,
    String stretch,
    int layer,
    int batch,
    int nodes,
    int gpus,
    int slots,
    int topK,
    byte[] packed) {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** Deflates the routing of a batch. */
  public static byte[] pack(int[] sourceGpus, int[] slots) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Short.BYTES * (sourceGpus.length + slots.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int gpu : sourceGpus) {
      bytes.putShort((short) gpu);
    }
    for (int slot : slots) {
      bytes.putShort((short) slot);
    }
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(to)) {
      deflater.write(bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return to.toByteArray();
  }

  /**
   * The routing.
   *
   * @param sourceGpus the GPU that holds each token, shape [tokens]
   * @param slots the slot of each choice, shape [tokens x topK]
   */
  public record Routing(int[] sourceGpus, int[] slots) {}

  /** Inflates the routing. */
  public Routing routing() {
    byte[] plain;
    try (InflaterInputStream inflater = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      plain = inflater.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer bytes = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    int[] sources = new int[plain.length / Short.BYTES / (1 + topK)];
    int[] chosen = new int[sources.length * topK];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = bytes.getShort();
    }
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = bytes.getShort();
    }
    return new Routing(sources, chosen);
  }

  /** The micro-batch as a line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a file of such lines one after the other.
   *
   * @throws InvalidInputException naming the line that is not such JSON
   */
  public static void read(Path file, Consumer<RoutedBatch> batches) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        batches.accept(parse(line, file + ": line " + number));
      }
      if (number == 0) {
        throw wrong(file.toString(), "no micro-batch", null);
      }
    }
  }

  private static RoutedBatch parse(String line, String where) {
    RoutedBatch batch;
    try {
      batch = JSON.readValue(line, RoutedBatch.class);
    } catch (JsonProcessingException e) {
      throw wrong(where, e.getOriginalMessage(), e);
    }
    if (batch.gpus < 1
        || batch.nodes < 1
        || batch.topK < 1
        || batch.gpus % batch.nodes != 0
        || batch.slots % batch.gpus != 0
        || batch.packed == null) {
      throw wrong(
          where,
          "%d slots on %d GPUs of %d nodes".formatted(batch.slots, batch.gpus, batch.nodes),
          null);
    }
    return batch;
  }

  private static InvalidInputException wrong(String where, String problem, Exception cause) {
    return InvalidInputException.of(where, problem, "Write it again with evaluate --routes", cause);
  }

  /** Number of slots per GPU. */
  public int slotsOfGpu() {
    return slots / gpus;
  }
}
