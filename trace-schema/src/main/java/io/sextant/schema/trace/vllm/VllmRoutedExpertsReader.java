package io.sextant.schema.trace.vllm;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.RequestOrigin;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.response.Response;
import io.sextant.schema.trace.response.ResponseParser;
import io.sextant.schema.trace.routing.Alignment;
import io.sextant.schema.trace.routing.PromptLength;
import io.sextant.schema.trace.routing.PromptLengths;
import io.sextant.schema.trace.routing.RequestRows;
import io.sextant.schema.trace.routing.RouteArray;
import io.sextant.schema.trace.routing.RouteIds;
import io.sextant.schema.trace.routing.RouteTally;
import io.sextant.schema.trace.routing.RowSpan;
import io.sextant.schema.zip.ZipArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads vLLM's {@code routed_experts} of one request, saved with {@code numpy.savez}, {@code
 * savez_compressed} or {@code save}: integers [tokens, layers, k]. The layers are the MoE layers,
 * or all layers. The file holds one array of prompt + generated - 1 rows, or, in the layout of May
 * 2026, two arrays {@code prompt_routed_experts} and {@code routed_experts}.
 *
 * <p>If there is one array, the length of the prompt comes from the archive ({@code prompt_len},
 * {@code prompt_token_ids}), from a response {@code NAME.json} beside {@code NAME.npz}, or from the
 * user. If none of them gives it, or two differ, the rows have no phase.
 *
 * <p>Values that the file lacks: the arrival comes from the response, otherwise it is the time at
 * which the file was written; the source rank is 0, the domain {@code unknown}; the request id is
 * {@link FileNames#requestId}.
 *
 * <p>Memory: one request.
 */
public final class VllmRoutedExpertsReader implements TraceReader {
  private static final int NAME_LENGTH = 26;
  private static final int NAME = 30;
  private static final int[] NONE = {};

  @Override
  public String format() {
    return "vllm";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return NpyHeader.begins(head)
        || (ZipArchive.mayBegin(head) && firstName(head).endsWith(".npy"));
  }

  private static String firstName(byte[] head) {
    if (head.length < NAME) {
      return "";
    }
    int length = (head[NAME_LENGTH] & 0xFF) | (head[NAME_LENGTH + 1] & 0xFF) << 8;
    return new String(
        head, NAME, Math.min(length, head.length - NAME), StandardCharsets.ISO_8859_1);
  }

  /** The request's id is the file's name. */
  @Override
  public String fromPath(String path, byte[] head) {
    return TraceFiles.source(path);
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    if (NpyHeader.begins(TraceFiles.head(file))) {
      read(
          file,
          new ArchivedRequest(null, new SavedArray(file), -1, -1, -1),
          NONE,
          model,
          hints,
          sink);
      return;
    }
    try (ZipArchive archive = ZipArchive.open(file)) {
      ArchivedRequest request = ArchivedRequest.of(archive);
      read(file, request, ArchivedTokenIds.of(archive), model, hints, sink);
    }
  }

  private static void read(
      TraceFile file,
      ArchivedRequest request,
      int[] tokenIds,
      ModelSpec model,
      TraceHints hints,
      TraceSink sink)
      throws CorruptTraceException, IOException {
    RouteIds ids = new RouteIds(model, hints);
    for (RouteArray array : new RouteArray[] {request.prompt(), request.routes()}) {
      int[] positions = array == null ? null : RequestRows.positions(model, array);
      if (array != null && ids.undecided()) {
        ids.inspect(array, positions);
      }
    }
    ids.decide();
    RequestRows rows = new RequestRows(model, ids, new HeapShare());
    Optional<Response> beside = beside(file, model, sink);
    Alignment alignment = align(file, request, beside, hints);
    RowSpan span = alignment.span();
    if (request.prompt() != null) {
      rows.take(request.prompt(), RowSpan.prompt(span.start()));
      span = RowSpan.generated(span.start() + request.prompt().tokens());
    }
    if (request.routes() != null) {
      rows.take(request.routes(), span);
    }
    long id = FileNames.requestId(file.path());
    long written = file.modifiedMillis();
    RequestHead head =
        beside
            .map(response -> response.head(id, written))
            .orElse(new RequestHead(id, written, FileNames.UNKNOWN_DOMAIN, 0))
            .from(RequestOrigin.named(TraceFiles.source(file.path()), id));
    if (rows.deliver(sink, 0, "", tokenIds.length == 0 ? head : head.withPrompt(tokenIds))) {
      RouteTally tally = new RouteTally();
      tally.count(rows, alignment.prefixAssumed(), alignment.doubt());
      tally.report(sink, ids);
    }
  }

  private static Alignment align(
      TraceFile file, ArchivedRequest request, Optional<Response> beside, TraceHints hints) {
    List<String> names = new ArrayList<>(List.of(TraceFiles.source(file.path())));
    beside.ifPresent(response -> names.addAll(response.names()));
    PromptLength prompt =
        PromptLength.of(
            request.promptTokens(),
            beside.map(Response::promptIds).orElse(-1L),
            beside.map(Response::promptCount).orElse(-1L),
            PromptLengths.of(hints.promptTokens(), names));
    long start = request.start() >= 0 ? request.start() : beside.map(Response::start).orElse(-1L);
    if (request.prompt() != null) {
      long missing = Math.max(prompt.tokens() - request.prompt().tokens(), 0);
      return new Alignment(
          RowSpan.all(start >= 0 ? start : missing, -1), start < 0 && missing > 0, null);
    }
    long generated =
        request.generatedTokens() >= 0
            ? request.generatedTokens()
            : beside.map(Response::generatedTokens).orElse(-1L);
    Alignment alignment =
        Alignment.of(request.routes().tokens(), start, prompt.tokens(), generated);
    return prompt.doubt() == null
        ? alignment
        : new Alignment(alignment.span(), alignment.prefixAssumed(), prompt.doubt());
  }

  /** The response that was saved beside the array. */
  private static Optional<Response> beside(TraceFile file, ModelSpec model, TraceSink sink)
      throws IOException {
    Optional<TraceFile> response = file.sibling(TraceFiles.source(file.path()) + ".json");
    if (response.isEmpty()) {
      return Optional.empty();
    }
    try {
      return ResponseParser.only(response.get(), model.topK());
    } catch (CorruptTraceException e) {
      sink.warn("%s beside it is not used: %s".formatted(response.get().path(), e.getMessage()));
      return Optional.empty();
    }
  }
}
