package io.sextant.schema.trace.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.JsonText;
import io.sextant.schema.file.TextLines;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a user's file of prompt lengths: JSON lines, such as a request log, or CSV with a header;
 * plain or compressed by gzip or zstd. The request is given by {@code request_id}, {@code id},
 * {@code rid}, {@code request}, {@code custom_id} or {@code name}; the length by {@code
 * prompt_tokens}, {@code prompt_len}, {@code prompt_length} or {@code num_prompt_tokens}, in JSON
 * also {@code usage.prompt_tokens} or the length of {@code prompt_token_ids}.
 */
public final class PromptLengthsFile implements TextLines.Sink {
  private static final ObjectMapper JSON = new ObjectMapper(JsonText.lenient());
  private static final List<String> NAMES =
      List.of("request_id", "rid", "id", "request", "custom_id", "name");
  private static final List<String> LENGTHS =
      List.of("prompt_tokens", "prompt_len", "prompt_length", "num_prompt_tokens");
  private static final String REMEDY =
      "Give JSON lines {\"request_id\": ..., \"prompt_tokens\": n}, or CSV with a header request_id,prompt_tokens";

  private final Map<String, Integer> lengths = new HashMap<>();
  private int[] columns;

  private PromptLengthsFile() {}

  /**
   * Reads a file.
   *
   * @return prompt length in tokens by request
   * @throws InvalidInputException if the file does not exist; or naming the line that is wrong
   */
  public static Map<String, Integer> read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw InvalidInputException.of(path.toString(), "there is no such file", REMEDY);
    }
    PromptLengthsFile file = new PromptLengthsFile();
    try {
      TraceFile stored = TraceFiles.local(path);
      TextLines.forEach(stored, file);
    } catch (IOException e) {
      throw InvalidInputException.of(
          path.toString(), "cannot be read: " + e.getMessage(), "Check its permissions", e);
    }
    if (file.lengths.isEmpty()) {
      throw InvalidInputException.of(path.toString(), "it has no prompt lengths", REMEDY);
    }
    return file.lengths;
  }

  @Override
  public void line(String text, String where) {
    if (text.stripLeading().startsWith("{")) {
      json(text, where);
    } else if (columns == null) {
      header(cells(text), where);
    } else {
      List<String> cells = cells(text);
      if (cells.size() <= Math.max(columns[0], columns[1])) {
        throw InvalidInputException.of(
            where, "it has %d columns, fewer than the header".formatted(cells.size()), REMEDY);
      }
      put(cells.get(columns[0]), cells.get(columns[1]), where);
    }
  }

  private void json(String text, String where) {
    JsonNode line;
    try {
      line = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw InvalidInputException.of(
          where, "it is not JSON: " + Faults.oneLine(e.getOriginalMessage()), REMEDY, e);
    }
    String name = null;
    for (String field : NAMES) {
      JsonNode value = line.path(field);
      if (name == null && (value.isTextual() || value.isIntegralNumber())) {
        name = value.asText();
      }
    }
    JsonNode length = line.path("prompt_token_ids");
    String found = length.isArray() && !length.isEmpty() ? Integer.toString(length.size()) : null;
    for (JsonNode holder : List.of(line, line.path("usage"))) {
      for (String field : LENGTHS) {
        if (found == null && holder.hasNonNull(field)) {
          found = holder.get(field).asText();
        }
      }
    }
    if (name == null || found == null) {
      throw InvalidInputException.of(
          where, "it has no " + (name == null ? "request id" : "prompt length"), REMEDY);
    }
    put(name, found, where);
  }

  private void header(List<String> cells, String where) {
    List<String> names = cells.stream().map(cell -> cell.toLowerCase(Locale.ROOT)).toList();
    int name = first(names, NAMES);
    int length = first(names, LENGTHS);
    if (name < 0 || length < 0) {
      throw InvalidInputException.of(
          where,
          "the header '%s' has no column for the %s"
              .formatted(
                  Faults.shown(String.join(",", cells)), name < 0 ? "request" : "prompt length"),
          REMEDY);
    }
    columns = new int[] {name, length};
  }

  private static int first(List<String> cells, List<String> wanted) {
    return wanted.stream().mapToInt(cells::indexOf).filter(at -> at >= 0).findFirst().orElse(-1);
  }

  /** Splits a line into cells, which may be quoted. */
  private static List<String> cells(String text) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else if (c != '\uFEFF') {
        cell.append(c);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  private void put(String name, String length, String where) {
    if (name.isBlank()) {
      throw InvalidInputException.of(where, "it has no request id", REMEDY);
    }
    int tokens;
    try {
      tokens = Integer.parseInt(length);
    } catch (NumberFormatException e) {
      tokens = -1;
    }
    if (tokens < 0) {
      throw InvalidInputException.of(
          where,
          "the prompt length '%s' of request %s is not a whole number from 0 on"
              .formatted(Faults.shown(length), Faults.shown(name)),
          REMEDY);
    }
    Integer before = lengths.put(name, tokens);
    if (before != null && before != tokens) {
      throw InvalidInputException.of(
          where,
          "request %s has prompt length %d here and %d above"
              .formatted(Faults.shown(name), tokens, before),
          "Leave one line for each request");
    }
  }
}
