package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.RequestOrigin;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.sglang.SglangPass.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Follows requests through the forward passes of one rank. SGLang's dumps do not name requests, but
 * a batch keeps its order: running requests stay in the order in which they started, and requests
 * that have ended are missing from the next decode pass. So a decode row belongs to the next
 * request in that order whose next position is the row's position.
 *
 * <p>Prompt rows begin a new request at any start position, because a new turn of a conversation or
 * a retracted request starts after its cached prefix. Only the next chunk of a prompt continues a
 * request: the last one of the prefill pass before it, which has not decoded yet.
 */
final class SglangRequests {
  private final ModelSpec model;
  private final HeapShare share;
  private final TraceSink sink;
  private final long arrivalMillis;
  private final FutureStarts future;
  private final int verifyRows;
  private final List<RunningRequest> running = new ArrayList<>();
  private long begun;

  /** Number of passes seen; records with the same pass id count as one. */
  private long passes;

  private long lastPassId = Long.MIN_VALUE;

  /** Whether the last pass contained all running requests. */
  private boolean lastHadAll;

  /** The last request of the last prefill pass; its prompt may continue in the next one. */
  private RunningRequest chunked;

  private long verified;
  private long rejected;
  private long emptyRequests;

  /**
   * @param passes all passes that will be followed or skipped
   * @param sink the receiver of the requests, which have {@code arrivalMillis} as their arrival
   */
  SglangRequests(
      ModelSpec model, List<SglangPass> passes, HeapShare share, TraceSink sink, long arrivalMillis)
      throws CorruptTraceException {
    this.model = model;
    this.verifyRows = VerifyRows.of(passes);
    this.future = new FutureStarts(passes, verifyRows, share);
    this.share = share;
    this.sink = sink;
    this.arrivalMillis = arrivalMillis;
  }

  /**
   * Determines the request of each token of a pass. Requests that ended before the pass are
   * delivered.
   *
   * @param recorded whether each token's experts were recorded; a request also advances over tokens
   *     without experts
   * @return the rows to add to with {@link LayerRows#add} in each layer, shape [tokens]; null for
   *     tokens without experts
   */
  LayerRows[] follow(SglangPass pass, boolean[] recorded) throws CorruptTraceException {
    if (pass.id() != lastPassId) {
      endWhatIsOver();
      passes++;
      lastPassId = pass.id();
      lastHadAll = false;
    }
    int[] starts = pass.starts(verifyRows);
    future.passed(pass, starts);
    RunningRequest[] found = match(pass, starts);
    LayerRows[] owners = new LayerRows[pass.positions().length];
    RunningRequest lastPrompt = null;
    for (int i = 0; i < found.length; i++) {
      if (starts[i + 1] == starts[i]) {
        continue;
      }
      boolean generated =
          switch (pass.kind()) {
            case DECODE, VERIFY -> true;
            case EXTEND -> false;
            case MIXED -> found[i] != null && starts[i + 1] - starts[i] == 1;
          };
      RunningRequest request = found[i] == null ? begin(pass) : found[i];
      advance(pass, request, starts[i], starts[i + 1], generated);
      for (int token = starts[i]; token < starts[i + 1]; token++) {
        if (recorded[token]) {
          owners[token] = request.rows;
          if (!generated) {
            request.prefillTokens++;
            request.promptIds.add(pass.inputIds(), token);
            share.take(PromptIds.bytesPerRow());
          }
        }
      }
      lastPrompt = generated ? lastPrompt : request;
    }
    if (lastPrompt != null) {
      chunked = lastPrompt;
    }
    lastHadAll |= pass.kind() != Kind.EXTEND;
    return owners;
  }

  /** Skips a pass because none of its rows belong to the model. */
  void leaveOut(SglangPass pass) {
    future.passed(pass, pass.starts(verifyRows));
  }

  private RunningRequest begin(SglangPass pass) throws CorruptTraceException {
    RunningRequest request = new RunningRequest(begun++, pass, new LayerRows(model, share));
    request.lastPass = passes;
    running.add(request);
    return request;
  }

  /**
   * The requests that continue in a pass; null for new ones. Generated rows are matched from the
   * last to the first, because if two requests are at the same position, the older one is more
   * likely to have ended.
   */
  private RunningRequest[] match(SglangPass pass, int[] starts) {
    RunningRequest[] found = new RunningRequest[starts.length - 1];
    boolean prompts = pass.kind() == Kind.EXTEND || pass.kind() == Kind.MIXED;
    int limit = running.size();
    for (int i = found.length - 1; i >= 0; i--) {
      int rows = starts[i + 1] - starts[i];
      int position = rows == 0 ? 0 : pass.positions()[starts[i]];
      if (position == 0) {
        continue;
      }
      if (prompts && (rows > 1 || pass.kind() == Kind.EXTEND)) {
        // The engine puts a prompt that it cut at the start of its next prefill.
        boolean first = starts[i] == 0;
        if (first && chunked != null && !chunked.decoded && chunked.isNext(position, passes)) {
          chunked.lastPass = passes;
          found[i] = chunked;
        }
        continue;
      }
      int at = find(position, limit);
      if (at < 0) {
        at = find(position, running.size());
      }
      if (at >= 0) {
        found[i] = running.get(at);
        found[i].lastPass = passes;
        limit = at;
      }
    }
    return found;
  }

  private int find(int position, int limit) {
    for (int i = limit - 1; i >= 0; i--) {
      if (running.get(i).isNext(position, passes)) {
        return i;
      }
    }
    return -1;
  }

  private void advance(SglangPass pass, RunningRequest request, int from, int to, boolean generated)
      throws CorruptTraceException {
    int first = pass.positions()[from];
    boolean verify = pass.kind() == Kind.VERIFY;
    for (int i = from + 1; i < to && !verify; i++) {
      if (pass.positions()[i] != first + i - from) {
        throw pass.fault("has a request whose positions have gaps");
      }
    }
    if (request.lastNext > request.firstNext) {
      rejected += request.lastNext - first;
    }
    request.decoded |= generated;
    request.firstNext = verify ? first + 1 : first + to - from;
    request.lastNext = first + to - from;
    verified += verify ? to - from : 0;
  }

  private void endWhatIsOver() {
    for (Iterator<RunningRequest> each = running.iterator(); each.hasNext(); ) {
      RunningRequest request = each.next();
      boolean goesOn = future.has(request.firstNext, request.lastNext);
      boolean missing = lastHadAll && request.lastPass < passes;
      boolean waits = request == chunked && !request.decoded;
      if (!goesOn || (missing && !waits)) {
        deliver(request);
        each.remove();
      }
    }
  }

  /** Delivers the requests that are still running. */
  void end() {
    running.forEach(this::deliver);
    running.clear();
  }

  private void deliver(RunningRequest request) {
    if (request.rows.tokens(0) == 0) {
      request.rows.discard();
      emptyRequests++;
      return;
    }
    request.rows.deliver(
        sink,
        request.number,
        new RequestHead(request.number, arrivalMillis, FileNames.UNKNOWN_DOMAIN, request.rank)
            .withPrompt(request.promptIds.toArray())
            .from(RequestOrigin.inPass(request.firstPass)),
        request.prefillTokens);
    share.give(PromptIds.bytesPerRow() * request.prefillTokens);
  }

  /** Number of requests whose rows are in memory. */
  int underWay() {
    return running.size();
  }

  /** Number of candidate rows of verify passes. */
  long verified() {
    return verified;
  }

  /**
   * Number of candidates that were rejected according to later rows; those of the last pass are not
   * known.
   */
  long rejected() {
    return rejected;
  }

  /** Number of requests none of whose tokens have experts. */
  long emptyRequests() {
    return emptyRequests;
  }
}
