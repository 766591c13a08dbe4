package io.sextant.jobs.score;

import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Feeds trace files to evaluators. A file with many requests is a stretch: micro-batches do not
 * cross its ends. Balance can only be measured over many requests, so files with one request each,
 * which some engines write, form a stretch together, with the requests in order of arrival.
 */
final class FileStretches {
  /**
   * Stored bytes of files that are read together; fixed, so that figures do not depend on the
   * number of cores.
   */
  private static final long GROUP_BYTES = 16L << 20;

  /** Memory within which requests of files with one request are sorted. */
  private static final long SORTED_BYTES = 64L << 20;

  private static final Comparator<RequestTrace> BY_ARRIVAL =
      Comparator.comparingLong(RequestTrace::arrivalMillis)
          .thenComparingLong(RequestTrace::requestId);

  private final Scoring scoring;
  private final FormatChoice format;
  private final Function<String, List<LayerScore>> begin;
  private final BiConsumer<String, List<LayerScore>> end;

  /** Requests of files with one request that are not fed yet. */
  private final List<RequestTrace> single = new ArrayList<>();

  private long singleBytes;

  /** The current stretch of files with one request; null if there is none. */
  private List<LayerScore> shared;

  private String sharedPath;

  /**
   * @param begin makes the evaluators of a stretch from the path of its first file
   * @param end receives the evaluators at the end of the stretch
   */
  FileStretches(
      Scoring scoring,
      FormatChoice format,
      Function<String, List<LayerScore>> begin,
      BiConsumer<String, List<LayerScore>> end) {
    this.scoring = scoring;
    this.format = format;
    this.begin = begin;
    this.end = end;
  }

  /** Groups of consecutive files that are read together: as many as fit in a fixed size. */
  static List<List<String>> groups(List<InputFile> files) {
    List<List<String>> groups = new ArrayList<>();
    long bytes = Long.MAX_VALUE;
    for (InputFile file : files) {
      if (bytes > GROUP_BYTES - file.bytes()) {
        groups.add(new ArrayList<>());
        bytes = 0;
      }
      groups.get(groups.size() - 1).add(file.path());
      bytes += file.bytes();
    }
    return groups;
  }

  /**
   * Reads the files of a group.
   *
   * @throws InvalidInputException if a file is damaged or only has counts; the message names it
   */
  void read(List<String> paths) throws IOException {
    for (String path : paths) {
      TraceFile file = new StoredFile(path);
      Sink sink = new Sink(file, path);
      try {
        format.reader(file).read(file, scoring.shape().model(), format.hints(), sink);
      } catch (CorruptTraceException e) {
        throw InvalidInputException.of(
            file.path(), e.getMessage(), "Evaluate on an undamaged copy", e);
      }
      sink.end();
    }
    endShared();
  }

  private void hold(String path, RequestTrace request) {
    if (shared == null) {
      shared = begin.apply(path);
      sharedPath = path;
    }
    single.add(request);
    singleBytes += (long) Short.BYTES * request.topK() * request.tokens() * request.layers().length;
    if (singleBytes > SORTED_BYTES) {
      feedSingle();
    }
  }

  private void feedSingle() {
    single.sort(BY_ARRIVAL);
    single.forEach(request -> feed(shared, request));
    single.clear();
    singleBytes = 0;
  }

  private void endShared() {
    if (shared != null) {
      feedSingle();
      end.accept(sharedPath, shared);
      shared = null;
    }
  }

  private void feed(List<LayerScore> scores, RequestTrace request) {
    int served = scoring.servedGpu(request.sourceRank(), request.requestId());
    int routed = scoring.routedGpu(request.requestId(), served);
    for (LayerScore score : scores) {
      int gpu = score.plan().routed() ? routed : served;
      short[] ids = request.experts()[score.layerIndex()];
      score
          .evaluator()
          .add(ids, request.topK(), request.prefillTokens(), request.decodeTokens(), gpu);
    }
  }

  /**
   * Takes the requests of one file; a second request shows that the file is a stretch of its own.
   */
  private final class Sink implements TraceSink {
    private final TraceFile file;
    private final String path;
    private RequestTrace first;
    private List<LayerScore> scores;

    Sink(TraceFile file, String path) {
      this.file = file;
      this.path = path;
    }

    @Override
    public void accept(RequestTrace request) {
      if (scores != null) {
        feed(scores, request);
      } else if (first == null) {
        first = request;
      } else {
        endShared();
        scores = begin.apply(path);
        feed(scores, first);
        feed(scores, request);
        first = null;
      }
    }

    void end() {
      if (scores != null) {
        FileStretches.this.end.accept(path, scores);
      } else if (first != null) {
        hold(path, first);
      }
    }

    @Override
    public void counts(LoadCounts counts) {
      throw InvalidInputException.of(
          file.path(),
          "it only counts tokens of each expert: traffic cannot be computed from it",
          "Evaluate on a trace of requests");
    }

    @Override
    public void warn(String remark) {
      System.err.println("sextant: " + file.path() + ": " + remark);
    }

    @Override
    public void reject(long row, String reason) {
      throw InvalidInputException.of(
          file.path() + ": request " + row,
          reason,
          "Remove the request, or evaluate the warehouse");
    }
  }
}
