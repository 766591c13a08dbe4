package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * File formats in which other tools keep maps and which are not read here, recognised by their
 * first bytes.
 */
final class ForeignFile {
  private static final Map<String, String> KINDS =
      new TreeMap<>(
          Map.of(
              "\u0093NUMPY", "a NumPy array (.npy)",
              "PK\u0003\u0004", "a PyTorch file or a zip archive (.pt, .pth, .npz)",
              "\u0080", "a pickle (.pt, .pkl)",
              "\u001f\u008b", "compressed with gzip",
              "(\u00b5/\u00fd", "compressed with zstd",
              "PAR1", "a Parquet file"));

  private ForeignFile() {}

  /**
   * @throws InvalidInputException naming the kind of file and the kinds that are read
   */
  static void refuse(String where, byte[] bytes) {
    KINDS.forEach(
        (magic, kind) -> {
          byte[] start = magic.getBytes(StandardCharsets.ISO_8859_1);
          if (bytes.length > start.length
              && Arrays.equals(start, Arrays.copyOf(bytes, start.length))) {
            throw InvalidInputException.of(
                where,
                kind + ", which is not read as a map",
                "Give JSON (Sextant's, SGLang's, vLLM's or vLLM-Ascend's), TensorRT-LLM's YAML, or"
                    + " phy2log as safetensors (safetensors.numpy.save_file)");
          }
        });
  }
}
