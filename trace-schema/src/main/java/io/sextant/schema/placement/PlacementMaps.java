package io.sextant.schema.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CompleteFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.IntegerTensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads and writes placement maps as files. Our own format ({@link OwnPlacement}) is the only one
 * that names its model. The maps of engines ({@link EngineFormat}) are recognised by content, and
 * their model has to be given. Equal maps give equal text, one row per line.
 */
public final class PlacementMaps {
  /** Name of the map in a folder that {@code solve} wrote. */
  public static final String FILE = "placement.json";

  private static final char NOTHING = 0;
  private static final int MOST_BYTES = 256 << 20;

  private PlacementMaps() {}

  private static Path file(Path map) {
    return Files.isDirectory(map) ? map.resolve(FILE) : map;
  }

  /**
   * Reads a map in any format.
   *
   * @param map the file, or a folder of {@code solve} with the file {@link #FILE}
   * @param model the model that the map must be for; null to use the one that the file names
   * @throws InvalidInputException naming the file and the fault. Whether the map is complete is
   *     checked by {@link PlacementMap#requireUsable}
   */
  public static PlacementMap read(Path map, ModelSpec model) {
    Path file = file(map);
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in, model);
    } catch (NoSuchFileException e) {
      throw InvalidInputException.of(
          file.toString(),
          "there is no such file",
          Files.isDirectory(map)
              ? "Name a placement map, or a folder that solve wrote"
              : "Name a placement map",
          e);
    } catch (AccessDeniedException e) {
      throw InvalidInputException.of(
          file.toString(), "permission denied", "Run as a user that may read the file", e);
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(), "cannot be read: " + e.getMessage(), "Check the file", e);
    }
  }

  /**
   * As {@link #read(Path, ModelSpec)}, for a file on any storage.
   *
   * @param where the file, for messages
   * @throws IOException if the storage fails
   */
  public static PlacementMap read(String where, InputStream in, ModelSpec model)
      throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES);
    if (bytes.length == MOST_BYTES) {
      throw InvalidInputException.of(where, "larger than any placement map", MapJson.REMEDY);
    }
    if (IntegerTensors.mayBegin(bytes)) {
      return EngineFormat.EPLB.decode(where, bytes).of(where, model);
    }
    ForeignFile.refuse(where, bytes);
    char first = firstOfText(bytes);
    if (first == '[') {
      return EngineFormat.VLLM_LIST.decode(where, bytes).of(where, model);
    }
    if (first != '{' && first != NOTHING) {
      return EngineFormat.TENSORRT_LLM.decode(where, bytes).of(where, model);
    }
    if (firstValue(bytes).has(VllmInitialMapping.RECORD_TYPE)) {
      return EngineFormat.VLLM_RECORD.decode(where, bytes).of(where, model);
    }
    JsonNode root = MapJson.tree(where, bytes);
    if (root.has(AscendExpertMap.LAYER_LIST)) {
      return EngineFormat.VLLM_ASCEND.decode(where, bytes).of(where, model);
    }
    if (root.has(TensorRtLoadBalancer.ASSIGNMENTS)) {
      return EngineFormat.TENSORRT_LLM.decode(where, bytes).of(where, model);
    }
    return OwnPlacement.hasAnyKey(root)
        ? OwnPlacement.read(where, root, model)
        : EngineFormat.SGLANG.decode(where, bytes).of(where, model);
  }

  private static char firstOfText(byte[] bytes) {
    for (byte value : bytes) {
      if (!Character.isWhitespace(value)) {
        return (char) (value & 0xFF);
      }
    }
    return NOTHING;
  }

  /** The first JSON value of the file; empty if the file is not JSON. */
  private static JsonNode firstValue(byte[] bytes) {
    try (MappingIterator<JsonNode> values =
        MapJson.JSON.readerFor(JsonNode.class).readValues(bytes)) {
      return values.hasNextValue() ? values.nextValue() : MissingNode.getInstance();
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /**
   * The serving profile that a map was planned for; empty if its file does not say so, as engines'
   * files never do.
   *
   * @throws InvalidInputException as {@link #read(Path, ModelSpec)}
   */
  public static Optional<PlannedFor> plannedFor(Path file) {
    JsonNode root = ownFormat(file);
    return PlannedFor.of(file.toString(), root);
  }

  /**
   * The plan that a map belongs to; empty if its file does not say so, as engines' files never do.
   *
   * @throws InvalidInputException as {@link #read(Path, ModelSpec)}
   */
  public static Optional<PlanOrigin> origin(Path file) {
    return PlanOrigin.of(file.toString(), ownFormat(file));
  }

  /**
   * As {@link #origin(Path)}, for the bytes of a file.
   *
   * @param where the file, for messages
   */
  public static Optional<PlanOrigin> origin(String where, byte[] bytes) {
    return PlanOrigin.of(where, ownFormat(bytes));
  }

  private static JsonNode ownFormat(Path map) {
    Path file = file(map);
    try {
      return ownFormat(Files.readAllBytes(file));
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(), "cannot be read: " + e.getMessage(), "Check the file", e);
    }
  }

  /** The file's JSON if it is in our own format; otherwise a node without keys. */
  private static JsonNode ownFormat(byte[] bytes) {
    JsonNode root = firstOfText(bytes) == '{' ? firstValue(bytes) : MissingNode.getInstance();
    return OwnPlacement.isOwn(root) ? root : MissingNode.getInstance();
  }

  /** Writes a map in our own format, without the profile that it was planned for. */
  public static void write(Path file, PlacementMap map) throws IOException {
    CompleteFile.write(file, toJson(map));
  }

  /** Writes a map in our own format, with the profile that it was planned for. */
  public static void write(Path file, PlacementMap map, PlannedFor plannedFor) throws IOException {
    CompleteFile.write(file, toJson(map, plannedFor));
  }

  /** Writes the map of a plan in our own format. */
  public static void write(Path file, PlacementMap map, PlannedFor plannedFor, PlanOrigin origin)
      throws IOException {
    CompleteFile.write(file, toJson(map, plannedFor, origin));
  }

  /** The map in our own format. */
  public static String toJson(PlacementMap map) {
    return OwnPlacement.json(map, "");
  }

  /** The map in our own format, with the profile that it was planned for. */
  public static String toJson(PlacementMap map, PlannedFor plannedFor) {
    return OwnPlacement.json(map, plannedFor.json());
  }

  /** The map of a plan in our own format. */
  public static String toJson(PlacementMap map, PlannedFor plannedFor, PlanOrigin origin) {
    return OwnPlacement.json(map, origin.json() + plannedFor.json());
  }
}
