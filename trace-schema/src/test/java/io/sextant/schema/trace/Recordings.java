package io.sextant.schema.trace;

import io.sextant.schema.file.TraceFile;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.trace.TraceHints.ExpertIds;
import io.sextant.schema.trace.TraceHints.LayerNumbers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Files written by the engines' own recorders, cut by recordings/cut.py. */
public final class Recordings {
  public static final List<String> ALL =
      List.of(
          "trt-raw/rank2.safetensors",
          "trt-raw/rank2_raw.safetensors",
          "trt-chunked/rank2_raw.safetensors",
          "trt-slots/rank2.safetensors",
          "trt-mtp/rank2.safetensors",
          "mega-train/router_trace_rank2.jsonl",
          "mega-train-micro/router_trace_rank2.jsonl",
          "mega-pp/router_trace_rank2.jsonl");

  private Recordings() {}

  public static byte[] bytes(String path) {
    try (InputStream in = Recordings.class.getResourceAsStream("/recordings/" + path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file, with the counts of its rank beside it if it is a raw file. */
  public static TraceFile file(String path) {
    return Requests.file("any/" + path, bytes(path), beside(path));
  }

  /** Counts beside a raw file. */
  public static Map<String, byte[]> beside(String path) {
    return path.endsWith("_raw.safetensors") && ALL.contains(path)
        ? Map.of("rank2.safetensors", bytes(path.replace("_raw", "")))
        : Map.of();
  }

  /** The map of 160 slots that was in force in {@code trt-slots}. */
  public static SlotMap slots() {
    String name = "trt-slots/map.json";
    try {
      PlacementMap map =
          PlacementMaps.read(name, new ByteArrayInputStream(bytes(name)), EngineDump.MODEL);
      return new SlotMap(
          map.layers().stream().mapToInt(Integer::intValue).toArray(), map.physicalToLogical());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hints with the map only. */
  public static TraceHints with(SlotMap slots) {
    return new TraceHints(slots, Map.of(), LayerNumbers.AUTO, ExpertIds.AUTO);
  }

  /** The hints needed to read the file. */
  public static TraceHints hints(String path) {
    return path.startsWith("trt-slots/") ? with(slots()) : TraceHints.NONE;
  }
}
