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
 * Reads logs of responses in which engines return a request's routing, JSON lines or one JSON a
 * file: vLLM's {@code choices[].routed_experts}, a {@code .npy} in base64 [tokens, layers, k]; what
 * SGLang returns in {@code meta_info} or {@code sglext}, 32-bit integers in base64; Dynamo's {@code
 * {data, shape, dtype, start}}; TensorRT-LLM's {@code outputs[].routed_experts}; nested lists.
 *
 * <p>The request id is {@code request_id}, {@code rid}, {@code id} or {@code custom_id}, text by
 * the first 63 bits of its SHA-256; the domain {@code domain}, {@code label}, {@code category},
 * {@code task}, {@code benchmark}, then one of these in {@code metadata}; arrival {@code
 * arrival_ms}, {@code arrival_time}, {@code request_time} or what else says a time, at last {@code
 * created}, else when the file was written; the source rank {@code dp_rank} or 0. Whether a row is
 * the prompt's follows from its position and the prompt's length. Lines of the same request go
 * together, see {@link SameRequest}.
 *
 * <p>Memory: the routes of one line, and of lines of one request until the last one has come; some
 * hundred bytes for each request.
 */
public final class ResponsesReader implements TraceReader {
  private static final Pattern BEGINNING =
      Pattern.compile("\\A(?:[\\s\\[]*\\{|\\s*(?:data|event|id|retry)?:)");

  /** Any one shows a response, or what is logged beside one. */
  private static final Pattern FIELD =
      Pattern.compile(
          "\"(?:routed_experts|prompt_routed_experts|choices|meta_info|usage|sglext|sgl_ext"
              + "|prompt_token_ids|prompt_tokens|prompt_len)\"\\s*:");

  /** Fields that responses and logs of them begin with, before a text longer than the head. */
  private static final Pattern FIRST_FIELD =
      Pattern.compile(
          "\\A[\\s\\[]*\\{\\s*\"(?:id|rid|request_id|custom_id|object|created|model|text|output_ids"
              + "|prompt|messages|request|response)\"\\s*:");

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
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    HeapShare share = new HeapShare();
    RouteIds ids = new RouteIds(model, hints);
    ResponseIndex index = ResponseIndex.of(file, model, ids, share);
    if (describesArray(file)) {
      sink.warn("it stands beside an array of the same name, whose routes are counted there");
      return;
    }
    if (index.routed() == 0 && !index.routesField()) {
      throw new CorruptTraceException(
          "no response in it has routed_experts: start the server with --enable-return-routed-experts; a file that only says how long prompts are is for --prompt-lengths");
    }
    PrefillServer prefill = PrefillServer.beside(file, model, hints, share, sink);
    new ResponseRequests(file, model, hints, ids, sink, share).read(index, prefill);
  }

  /** Whether an array saved by hand has this file beside it. */
  private static boolean describesArray(TraceFile file) throws IOException {
    String name = TraceFiles.source(file.path());
    return file.sibling(name + ".npz").isPresent() || file.sibling(name + ".npy").isPresent();
  }
}
