package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.TraceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Follows requests through the forward passes of one rank. SGLang's dumps do not name requests, but
 * a batch keeps its order: running requests stay in the order in which they were taken in, those
 * that have ended are missing from the next decode pass. So a decode row belongs to the next
 * request in that order that is at the row's position.
 */
final class SglangRequests {
  private final ModelSpec model;
  private final HeapShare share;
  private final TraceSink sink;
  private final long arrivalMillis;
  private final List<Request> running = new ArrayList<>();
  private long begun;

  /** Passes seen; records with the same pass id are one. */
  private long passes;

  private long lastPassId = Long.MIN_VALUE;
  private boolean lastWasDecode;

  /** One request under way. */
  private static final class Request {
    final long number;
    final int rank;
    final LayerRows rows;
    int prefillTokens;
    int nextPosition;
    long lastPass;

    Request(long number, int rank, LayerRows rows) {
      this.number = number;
      this.rank = rank;
      this.rows = rows;
    }
  }

  SglangRequests(ModelSpec model, HeapShare share, TraceSink sink, long arrivalMillis) {
    this.model = model;
    this.share = share;
    this.sink = sink;
    this.arrivalMillis = arrivalMillis;
  }

  /**
   * Says to which request each token of a pass belongs, which then is one row further.
   *
   * @return shape [tokens], for {@link LayerRows#add} in each layer
   */
  LayerRows[] follow(SglangPass pass) throws CorruptTraceException {
    if (pass.id() != lastPassId) {
      if (lastWasDecode) {
        endAllBut(passes);
      }
      passes++;
      lastPassId = pass.id();
      lastWasDecode = false;
    }
    LayerRows[] owners = new LayerRows[pass.positions().length];
    int[] starts = starts(pass);
    Request[] found = match(pass, starts);
    for (int i = 0; i + 1 < starts.length; i++) {
      int length = starts[i + 1] - starts[i];
      if (length > 0) {
        Arrays.fill(owners, starts[i], starts[i + 1], advance(pass, found[i], starts[i], length));
      }
    }
    lastWasDecode |= pass.mode() == SglangPass.DECODE;
    return owners;
  }

  /** Where the tokens of each of the pass's requests begin, and at last where they end. */
  private static int[] starts(SglangPass pass) {
    boolean decode = pass.mode() == SglangPass.DECODE;
    int[] lengths = pass.extendLengths();
    int[] starts = new int[1 + (decode ? pass.positions().length : lengths.length)];
    for (int i = 1; i < starts.length; i++) {
      starts[i] = starts[i - 1] + (decode ? 1 : lengths[i - 1]);
    }
    return starts;
  }

  /**
   * The running requests that go on in a pass, null for new ones. Sought from the last to the
   * first, because where one of two at the same position has ended, it is rather the older one.
   */
  private Request[] match(SglangPass pass, int[] starts) {
    Request[] found = new Request[starts.length - 1];
    int limit = running.size();
    for (int i = found.length - 1; i >= 0; i--) {
      if (starts[i + 1] == starts[i] || pass.positions()[starts[i]] == 0) {
        continue;
      }
      int at = find(pass.positions()[starts[i]], limit);
      if (at < 0) {
        // A mixed pass has its prompts before the requests that were running.
        at = find(pass.positions()[starts[i]], running.size());
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
      Request request = running.get(i);
      if (request.nextPosition == position && request.lastPass < passes) {
        return i;
      }
    }
    return -1;
  }

  private LayerRows advance(SglangPass pass, Request known, int from, int length)
      throws CorruptTraceException {
    int first = pass.positions()[from];
    for (int i = 1; i < length; i++) {
      if (pass.positions()[from + i] != first + i) {
        throw pass.fault("has a request whose positions have gaps");
      }
    }
    Request request = known;
    if (known == null) {
      request = new Request(begun++, pass.rank(), new LayerRows(model, share));
      request.lastPass = passes;
      running.add(request);
    }
    boolean generated =
        pass.mode() == SglangPass.DECODE
            || (pass.mode() == SglangPass.MIXED && known != null && length == 1);
    if (!generated) {
      request.prefillTokens += length;
    }
    request.nextPosition = first + length;
    return request.rows;
  }

  /** A decode pass has all running requests: the others have ended. */
  private void endAllBut(long pass) {
    for (Iterator<Request> each = running.iterator(); each.hasNext(); ) {
      Request request = each.next();
      if (request.lastPass < pass) {
        deliver(request);
        each.remove();
      }
    }
  }

  void end() {
    running.forEach(this::deliver);
    running.clear();
  }

  private void deliver(Request request) {
    request.rows.deliver(
        sink,
        request.number,
        new RequestHead(request.number, arrivalMillis, FileNames.UNKNOWN_DOMAIN, request.rank),
        request.prefillTokens);
  }
}
