package io.sextant.jobs.score;

import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.jobs.window.ArrivalOrder;
import io.sextant.jobs.window.RequestKey;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Feeds trace files to evaluators in stretches, whose ends micro-batches do not cross. A file that
 * fills a micro-batch is a stretch, and so are dumps of ranks that ran together, see {@link
 * RankFiles}. Balance can only be measured over many requests, so smaller files, such as those with
 * one request each that some engines write, form a stretch together, with the requests in {@link
 * ArrivalOrder}.
 */
final class FileStretches {
  /**
   * Stored bytes of files that are read together; fixed, so that figures do not depend on the
   * number of cores.
   */
  private static final long GROUP_BYTES = 16L << 20;

  /** Memory within which requests of small files, or of several ranks, are sorted. */
  private static final long SORTED_BYTES = 64L << 20;

  private static final Comparator<Held> BY_ARRIVAL =
      Comparator.comparing(Held::request, ArrivalOrder.OF_REQUESTS)
          .thenComparing(held -> held.key().source())
          .thenComparingLong(held -> held.key().requestId());

  private final Scoring scoring;
  private final FormatChoice format;
  private final Function<String, List<LayerScore>> begin;
  private final BiConsumer<String, List<LayerScore>> end;

  /** Requests of small files that are not fed yet. */
  private final List<Held> small = new ArrayList<>();

  private long smallBytes;

  /** The stretch of small files; null if there is none. */
  private List<LayerScore> shared;

  private String sharedPath;

  /** A request that is not fed yet. */
  private record Held(RequestKey key, RequestTrace request) {

    static Held of(String path, RequestTrace request) {
      return new Held(RequestKey.of(path, request), request);
    }
  }

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
  static List<List<RankFiles>> groups(List<InputFile> files) {
    List<List<RankFiles>> groups = new ArrayList<>();
    long bytes = Long.MAX_VALUE;
    for (RankFiles together : RankFiles.of(files)) {
      if (bytes > GROUP_BYTES - together.bytes()) {
        groups.add(new ArrayList<>());
        bytes = 0;
      }
      groups.get(groups.size() - 1).add(together);
      bytes += together.bytes();
    }
    return groups;
  }

  /**
   * Reads the files of a group.
   *
   * @throws InvalidInputException if a file is damaged or only has counts; the message names it
   */
  void read(List<RankFiles> group) throws IOException {
    for (RankFiles together : group) {
      Stretch stretch = new Stretch(together.paths().get(0));
      if (together.paths().size() == 1) {
        read(stretch.path, request -> stretch.accept(Held.of(stretch.path, request)));
      } else {
        readAtOnce(together.paths(), stretch);
      }
      stretch.end();
    }
    endShared();
  }

  /**
   * Reads the files of ranks. A rank's dump has its requests in the order in which they ended, so
   * they are sorted, as far ahead as memory allows.
   */
  private void readAtOnce(List<String> paths, Stretch stretch) throws IOException {
    PriorityQueue<Held> waiting = new PriorityQueue<>(BY_ARRIVAL);
    long[] bytes = {0};
    try (MergedFiles files = new MergedFiles(paths, this::read)) {
      files.forEach(
          (path, request) -> {
            waiting.add(Held.of(path, request));
            bytes[0] += bytes(request);
            while (bytes[0] > SORTED_BYTES) {
              Held next = waiting.remove();
              bytes[0] -= bytes(next.request());
              stretch.accept(next);
            }
          });
    }
    while (!waiting.isEmpty()) {
      stretch.accept(waiting.remove());
    }
  }

  private void read(String path, Consumer<RequestTrace> to) throws IOException {
    TraceFile file = new StoredFile(path);
    try {
      format
          .reader(file)
          .read(file, scoring.shape().model(), format.hints(), new ScoredFile(file, to));
    } catch (CorruptTraceException e) {
      throw InvalidInputException.of(
          file.path(), e.getMessage(), "Evaluate on an undamaged copy", e);
    }
  }

  private void share(String path, List<Held> requests) {
    if (shared == null) {
      shared = begin.apply(path);
      sharedPath = path;
    }
    small.addAll(requests);
    smallBytes += requests.stream().mapToLong(held -> bytes(held.request())).sum();
    if (smallBytes > SORTED_BYTES) {
      feedSmall();
    }
  }

  private static long bytes(RequestTrace request) {
    return (long) Short.BYTES * request.topK() * request.tokens() * request.layers().length;
  }

  private void feedSmall() {
    small.sort(BY_ARRIVAL);
    small.forEach(held -> feed(shared, held));
    small.clear();
    smallBytes = 0;
  }

  private void endShared() {
    if (shared != null) {
      feedSmall();
      end.accept(sharedPath, shared);
      shared = null;
    }
  }

  private void feed(List<LayerScore> scores, Held held) {
    RequestTrace request = held.request();
    int served = scoring.servedGpu(request.sourceRank(), request.requestId());
    int routed = scoring.routedGpu(held.key(), served);
    for (LayerScore score : scores) {
      int gpu = score.plan().routed() ? routed : served;
      short[] ids = request.experts()[score.layerIndex()];
      score
          .evaluator()
          .add(ids, request.topK(), request.prefillTokens(), request.decodeTokens(), gpu);
    }
  }

  /**
   * The requests of files that are read at once. Once they fill a micro-batch they are a stretch of
   * their own; a single request of any length is not, because it says nothing about balance.
   */
  private final class Stretch {
    private final String path;
    private final List<Held> first = new ArrayList<>();
    private long tokens;
    private List<LayerScore> scores;

    Stretch(String path) {
      this.path = path;
    }

    void accept(Held held) {
      if (scores != null) {
        feed(scores, held);
        return;
      }
      first.add(held);
      tokens += held.request().tokens();
      if (first.size() > 1 && tokens >= scoring.shape().microBatchTokens()) {
        scores = begin.apply(path);
        first.forEach(early -> feed(scores, early));
        first.clear();
      }
    }

    void end() {
      if (scores != null) {
        end.accept(path, scores);
      } else if (!first.isEmpty()) {
        share(path, first);
      }
    }
  }
}
