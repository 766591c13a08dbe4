package io.sextant.schema.trace.response;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.routing.RouteIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Reads logs of responses in which engines return a request's routing, as JSON lines or one JSON
 * value per file: vLLM's {@code choices[].routed_experts}, a {@code .npy} in base64 [tokens,
 * layers, k]; SGLang's field in {@code meta_info} or {@code sglext}, 32-bit integers in base64;
 * Dynamo's {@code {data, shape, dtype, start}}; TensorRT-LLM's {@code outputs[].routed_experts};
 * nested lists.
 *
 * <p>The request id is {@code request_id}, {@code rid}, {@code id} or {@code custom_id}; for text,
 * the first 63 bits of its SHA-256. The domain is {@code domain}, {@code label}, {@code category},
 * {@code task} or {@code benchmark}, then one of these in {@code metadata}. The arrival is {@code
 * arrival_ms}, {@code arrival_time}, {@code request_time} or another field with a time, then {@code
 * created}, and otherwise the time at which the file was written. The source rank is {@code
 * dp_rank} or 0. A row's position and the prompt's length decide whether the row belongs to the
 * prompt. Lines of the same request are combined, see {@link SameRequest}.
 *
 * <p>Memory: the routes of one line; the routes of a request's lines until its last line is read;
 * some hundred bytes per request.
 */
public final class ResponsesReader implements TraceReader {
  private static final Pattern BEGINNING =
      Pattern.compile("\\A(?:[\\s\\[]*\\{|\\s*(?:data|event|id|retry)?:)");

  /** Any one of these identifies a response, or a record that is logged with one. */
  private static final Pattern FIELD =
      Pattern.compile(
          "\"(?:routed_experts|prompt_routed_experts|choices|meta_info|usage|sglext|sgl_ext"
              + "|prompt_token_ids|prompt_tokens|prompt_len)\"\\s*:");

  /**
   * Fields at the start of responses and their logs, before a text that is longer than the head.
   */
  private static final Pattern FIRST_FIELD =
      Pattern.compile(
          "\\A[\\s\\[]*\\{\\s*\"(?:id|rid|request_id|custom_id|object|created|model|text|output_ids"
              + "|prompt|messages|request|response)\"\\s*:");

  /** A request's id; without one, the request is named after the file and the line. */
  private static final Pattern ID =
      Pattern.compile("\"(?:request_id|rid|id|custom_id)\"\\s*:\\s*[\"\\d]");

  private static final int LONG_HEAD = 60_000;

  @Override
  public String format() {
    return "responses";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return (BEGINNING.matcher(text).find() && FIELD.matcher(text).find())
        || (head.length > LONG_HEAD && FIRST_FIELD.matcher(text).find());
  }

  @Override
  public String fromPath(String path, byte[] head) {
    boolean named = ID.matcher(new String(head, StandardCharsets.ISO_8859_1)).find();
    return named ? "" : TraceFiles.source(path);
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    HeapShare share = new HeapShare();
    RouteIds ids = new RouteIds(model, hints);
    ResponseIndex index = ResponseIndex.of(file, model, ids, share);
    if (describesArray(file)) {
      sink.warn("it is beside an array of the same name, whose routes are counted there");
      return;
    }
    if (index.routed() == 0 && !index.routesField()) {
      throw new CorruptTraceException(
          "no response in it has routed_experts: start the server with --enable-return-routed-experts; give a file with only prompt lengths to --prompt-lengths");
    }
    PrefillServer prefill = PrefillServer.beside(file, model, hints, share, sink);
    new ResponseRequests(file, model, hints, ids, sink, share).read(index, prefill);
  }

  /** Whether this file belongs to an array that was saved by hand beside it. */
  private static boolean describesArray(TraceFile file) throws IOException {
    String name = TraceFiles.source(file.path());
    return file.sibling(name + ".npz").isPresent() || file.sibling(name + ".npy").isPresent();
  }
}
