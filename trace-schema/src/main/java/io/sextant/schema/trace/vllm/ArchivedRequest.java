package io.sextant.schema.trace.vllm;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.trace.routing.RouteArray;
import io.sextant.schema.zip.ZipArchive;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A request in an archive: its routes in one array or two, and its lengths.
 *
 * @param prompt rows of the prompt; null if they are in the same array as the others
 * @param routes rows of generated tokens, or of all tokens; null if there are none
 * @param promptTokens length of the prompt, from an array that gives it; -1 if there is none
 * @param generatedTokens number of generated tokens, likewise
 * @param start position of the first row, likewise
 */
record ArchivedRequest(
    RouteArray prompt, RouteArray routes, long promptTokens, long generatedTokens, long start) {
  private static final String NPY = ".npy";
  private static final String PROMPT = "prompt_routed_experts.npy";
  private static final String GENERATED = "routed_experts.npy";
  private static final int DIMENSIONS = 3;
  private static final int MOST_ENTRIES = 8;
  private static final long MOST_ELEMENTS = 1L << 40;

  private static final Set<String> PROMPT_LENGTHS =
      Set.of(
          "prompt_len",
          "prompt_length",
          "prompt_tokens",
          "num_prompt_tokens",
          "prompt_token_ids",
          "prompt_ids",
          "input_ids");

  private static final Set<String> GENERATED_LENGTHS =
      Set.of(
          "generated_len",
          "completion_tokens",
          "num_generated_tokens",
          "token_ids",
          "output_ids",
          "output_token_ids",
          "generated_token_ids");

  private static final Set<String> STARTS =
      Set.of(
          "routed_experts_prompt_start",
          "routed_experts_start_len",
          "prompt_start",
          "start_len",
          "start");

  static ArchivedRequest of(ZipArchive archive) throws CorruptTraceException, IOException {
    ZipArchive.Entry prompt = archive.entry(PROMPT);
    ZipArchive.Entry generated = archive.entry(GENERATED);
    RouteArray routes = generated == null ? null : new ArchivedArray(archive, generated);
    if (prompt == null && generated == null) {
      routes = only(archive);
    }
    return new ArchivedRequest(
        prompt == null ? null : new ArchivedArray(archive, prompt),
        routes,
        length(archive, PROMPT_LENGTHS),
        length(archive, GENERATED_LENGTHS),
        length(archive, STARTS));
  }

  /** The only array with three dimensions, regardless of its name. */
  private static RouteArray only(ZipArchive archive) throws CorruptTraceException, IOException {
    List<RouteArray> found = new ArrayList<>();
    int tried = 0;
    for (String name : archive.names()) {
      if (name.endsWith(NPY) && tried++ < MOST_ENTRIES) {
        integers(archive, archive.entry(name))
            .filter(array -> array.header().shape().length == DIMENSIONS)
            .ifPresent(found::add);
      }
    }
    if (found.size() != 1) {
      throw new CorruptTraceException(
          "neither %s nor %s is in the archive, and %s"
              .formatted(
                  PROMPT,
                  GENERATED,
                  found.isEmpty()
                      ? "no other array [tokens, layers, k]"
                      : "several others have three dimensions: "
                          + found.stream()
                              .map(RouteArray::name)
                              .collect(Collectors.joining(", "))));
    }
    return found.get(0);
  }

  /** Empty if the entry is not an array of integers, such as a text with the request's id. */
  private static Optional<RouteArray> integers(ZipArchive archive, ZipArchive.Entry entry)
      throws IOException {
    try {
      return Optional.of(new ArchivedArray(archive, entry));
    } catch (CorruptTraceException e) {
      return Optional.empty();
    }
  }

  /** The value of an array of one element, or the length of a longer one. */
  private static long length(ZipArchive archive, Set<String> names)
      throws CorruptTraceException, IOException {
    for (String name : archive.names()) {
      boolean named =
          name.endsWith(NPY) && names.contains(name.substring(0, name.length() - NPY.length()));
      if (named && integers(archive, archive.entry(name)).isPresent()) {
        return length(archive, archive.entry(name));
      }
    }
    return -1;
  }

  private static long length(ZipArchive archive, ZipArchive.Entry entry)
      throws CorruptTraceException, IOException {
    try (ZipEntryBytes bytes = archive.open(entry)) {
      NpyHeader header = NpyHeader.read(bytes);
      long elements = 1;
      for (long size : header.shape()) {
        elements = size != 0 && elements > MOST_ELEMENTS / size ? MOST_ELEMENTS : elements * size;
      }
      if (elements != 1 || entry.name().endsWith("_ids" + NPY)) {
        bytes.finish();
        return elements;
      }
      byte[] value = new byte[header.itemBytes()];
      bytes.fill(value, 0, value.length);
      bytes.finish();
      return LittleEndian.id(value, 0, value.length, header.signed());
    }
  }
}
