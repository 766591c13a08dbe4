package io.sextant.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.format.TraceFormats;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The cuts of real traces that tests read, and ways to damage them. */
public final class TestPacks {
  private static final Path ROOT = Path.of(System.getProperty("sextant.root", ".."));

  private TestPacks() {}

  /** Five packs of 300 requests, days 4 to 8. */
  public static Path samples() {
    return ROOT.resolve("samples");
  }

  /** A small pack of trace-schema's tests. */
  public static Path small(String name) {
    return resource("packs/" + name + ".safetensors.zst");
  }

  /** Any file of trace-schema's tests. */
  public static Path resource(String name) {
    return ROOT.resolve("trace-schema/src/test/resources").resolve(name);
  }

  /** The requests of a valid file. */
  public static List<RequestTrace> read(Path file, ModelSpec model) throws Exception {
    List<RequestTrace> requests = new ArrayList<>();
    TraceSink sink =
        new TraceSink() {
          @Override
          public void accept(RequestTrace request) {
            requests.add(request);
          }

          @Override
          public void counts(LoadCounts counts) {
            throw new IllegalArgumentException(file + " has only counts");
          }

          @Override
          public void reject(long row, String reason) {
            throw new IllegalArgumentException(file + ": " + reason);
          }
        };
    TraceFormats.detect(TraceFiles.local(file)).read(TraceFiles.local(file), model, sink);
    return requests;
  }

  /**
   * Writes the first requests of a sample day, for tests whose figures do not depend on the number
   * of requests.
   *
   * @param folder folder of the new pack
   * @param day name of the day's file, such as {@code day08}
   */
  public static Path cut(Path folder, String day, int requests) throws Exception {
    ModelSpec model = ModelSpecs.load("sextant-128x8");
    Path pack = folder.resolve(day + ".safetensors.zst");
    List<RequestTrace> all = read(samples().resolve(pack.getFileName()), model);
    SextantPackWriter.writeZstd(pack, model, all.subList(0, requests));
    return pack;
  }

  /** The bytes of a small pack, decompressed. */
  public static byte[] plain(String name) throws IOException {
    try (InputStream in = new ZstdInputStream(Files.newInputStream(small(name)))) {
      return in.readAllBytes();
    }
  }

  /** A plain pack with one element of a U8 or I64 tensor replaced. */
  public static byte[] with(byte[] pack, String tensor, int element, long value)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(pack.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) buffer.getLong(0);
    JsonNode entry = new ObjectMapper().readTree(pack, 8, header).get(tensor);
    int begin = 8 + header + entry.get("data_offsets").get(0).asInt();
    if (entry.get("dtype").asText().equals("U8")) {
      buffer.put(begin + element, (byte) value);
    } else {
      buffer.putLong(begin + 8 * element, value);
    }
    return buffer.array();
  }

  /**
   * A plain pack of a model with 6 MoE layers, top-8 of 128 experts, in which every request has an
   * expert that does not exist.
   */
  public static byte[] withNoSoundRequest(byte[] pack, int requests) throws IOException {
    byte[] broken = pack;
    for (int request = 0; request < requests; request++) {
      int token = (int) element(pack, "token_offset", request);
      broken = with(broken, "topk_ids", token * 6 * 8, 128);
    }
    return broken;
  }

  /** An element of a plain pack's U8 or I64 tensor. */
  public static long element(byte[] pack, String tensor, int element) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(pack).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) buffer.getLong(0);
    JsonNode entry = new ObjectMapper().readTree(pack, 8, header).get(tensor);
    int begin = 8 + header + entry.get("data_offsets").get(0).asInt();
    return entry.get("dtype").asText().equals("U8")
        ? Byte.toUnsignedLong(buffer.get(begin + element))
        : buffer.getLong(begin + 8 * element);
  }
}
