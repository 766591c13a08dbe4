package io.sextant.schema.trace.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.JsonFaults;
import io.sextant.schema.file.JsonText;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.RequestOrigin;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads one request per file in the layout of the "Orders in Chaos" trace set: {@code
 * org/model/benchmark/request.json}, plain, zstd or gzip. The file is a list of steps; step 0 is
 * the prefill with all tokens of the prompt, every later step one decode token. A step is {@code
 * {"layer id": [[expert ids], one list per token]}}; dense layers are absent or null.
 *
 * <p>Values that the layout lacks: the arrival is the time at which the file was written, the
 * source rank is 0, and the domain is the benchmark's folder. The request id is the file's name if
 * that is a number, otherwise the first 63 bits of the SHA-256 of {@code benchmark/request}. The
 * layout does not name the model reliably, so the reader checks the layers, experts and top-k
 * instead.
 *
 * <p>Memory: one request.
 */
public final class RequestJsonReader implements TraceReader {
  /** Jackson's own constraints limit nesting and the lengths of numbers and names. */
  private static final JsonFactory JSON = JsonText.strict();

  private static final Pattern BEGINNING =
      Pattern.compile("\\A\\s*\\[\\s*(\\]|\\{\\s*(\\}|\"\\d{1,9}\"\\s*:\\s*(null|\\[)))");

  private static final String UNKNOWN_DOMAIN = FileNames.UNKNOWN_DOMAIN;
  private static final byte[] NO_HEAD = {};

  @Override
  public String format() {
    return "request-json";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return BEGINNING.matcher(new String(head, StandardCharsets.ISO_8859_1)).find();
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    RequestSteps steps = parse(file, model);
    if (steps.fault() != null) {
      sink.reject(0, steps.fault());
      return;
    }
    String name = fromPath(file.path(), NO_HEAD);
    String domain = name.substring(0, name.indexOf('/'));
    String request = name.substring(domain.length() + 1);
    long id = request.matches("\\d{1,18}") ? Long.parseLong(request) : FileNames.hash(name);
    sink.accept(
        steps.request(
            new RequestHead(id, file.modifiedMillis(), domain, 0)
                .from(RequestOrigin.named(name, id))));
  }

  /** The request's domain and name, as {@code benchmark/request}. */
  @Override
  public String fromPath(String path, byte[] head) {
    List<String> parts =
        Arrays.stream(path.split("[/\\\\]", -1)).filter(s -> !s.isEmpty()).toList();
    String name = TraceFiles.source(parts.isEmpty() ? "" : parts.get(parts.size() - 1));
    return (parts.size() > 1 ? parts.get(parts.size() - 2) : UNKNOWN_DOMAIN) + "/" + name;
  }

  @Override
  public void verify(TraceFile file, ModelSpec model, TraceHints hints)
      throws CorruptTraceException, IOException {
    parse(file, model);
  }

  private static RequestSteps parse(TraceFile file, ModelSpec model)
      throws CorruptTraceException, IOException {
    RequestSteps steps = new RequestSteps(model);
    try (TraceStream stream = TraceStream.open(file)) {
      try (JsonParser parser = JSON.createParser(stream)) {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
          throw new CorruptTraceException("the file is not a list of steps");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new CorruptTraceException(
                "step %d is not a mapping of layers".formatted(steps.index()));
          }
          step(parser, steps);
        }
        if (parser.nextToken() != null) {
          throw new CorruptTraceException(
              "trailing bytes: the file continues after its list of steps");
        }
      } catch (JsonProcessingException e) {
        throw JsonFaults.broken(e, stream, "inside its list of steps");
      }
      if (stream.damage() != null) {
        throw new CorruptTraceException(
            "after %d bytes %s".formatted(stream.position(), stream.damage()));
      }
    }
    return steps;
  }

  private static void step(JsonParser parser, RequestSteps steps)
      throws CorruptTraceException, IOException {
    steps.begin();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String layer = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_NULL) {
        continue;
      }
      if (value != JsonToken.START_ARRAY) {
        throw new CorruptTraceException(
            "step %d, layer %s is not a list of tokens"
                .formatted(steps.index(), Faults.shown(layer)));
      }
      steps.beginLayer(layer);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
          throw new CorruptTraceException(
              "step %d, layer %s: a token is not a list of expert ids"
                  .formatted(steps.index(), layer));
        }
        token(parser, steps, layer);
      }
    }
    steps.end();
  }

  private static void token(JsonParser parser, RequestSteps steps, String layer)
      throws CorruptTraceException, IOException {
    steps.beginToken();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw new CorruptTraceException(
            "step %d, layer %s: an expert id is not a whole number"
                .formatted(steps.index(), layer));
      }
      steps.expert(parser.getLongValue());
    }
    steps.endToken();
  }
}
