package io.sextant.schema.trace.megatron;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.JsonFaults;
import io.sextant.schema.file.JsonText;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.file.TraceStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;

/** Identifies the recorded tokens of a router trace, regardless of the rank that wrote it. */
final class RouterTokens {
  private static final JsonFactory JSON = JsonText.lenient();
  private static final Set<String> TAKEN = Set.of("step", "block", "layer", "top_indices");

  private RouterTokens() {}

  /**
   * SHA-256 over steps, blocks, layers and experts, lower-case hex.
   *
   * @throws CorruptTraceException if the file is not JSON up to its end
   */
  static String id(TraceFile file) throws CorruptTraceException, IOException {
    MessageDigest digest = TraceFiles.sha256();
    try (TraceStream stream = TraceStream.open(file)) {
      try (JsonParser parser = JSON.createParser(stream)) {
        boolean taken = false;
        int depth = 0;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
          if (token.isStructStart()) {
            depth++;
          } else if (token.isStructEnd()) {
            depth--;
          } else if (depth == 1 && token == JsonToken.FIELD_NAME) {
            taken = TAKEN.contains(parser.currentName());
          }
          if (taken || depth == 0) {
            digest.update(parser.getText().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) ' ');
          }
        }
      } catch (JsonProcessingException e) {
        throw JsonFaults.broken(e, stream, "inside a line");
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
