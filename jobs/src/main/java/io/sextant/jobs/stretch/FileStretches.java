package io.sextant.jobs.stretch;

import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.jobs.window.ArrivalOrder;
import io.sextant.jobs.window.RequestKey;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Feeds the requests of trace files to a consumer in stretches, whose ends micro-batches do not
 * cross. A file that fills a micro-batch is a stretch, and so are dumps of ranks that ran together,
 * see {@link RankFiles}. Balance can only be measured over many requests, so smaller files, such as
 * those with one request each that some engines write, form a stretch together, with the requests
 * in {@link ArrivalOrder}.
 *
 * @param <S> the state of a stretch
 */
public final class FileStretches<S> {
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

  private final ModelSpec model;
  private final int microBatchTokens;
  private final FormatChoice format;
  private final Consumers<S> consumers;

  /** Requests of small files that are not fed yet. */
  private final List<Held> small = new ArrayList<>();

  private long smallBytes;

  /** The stretch of small files; null if there is none. */
  private S shared;

  private String sharedPath;

  /**
   * Takes the requests of stretches.
   *
   * @param <S> the state of a stretch
   */
  public interface Consumers<S> {

    /**
     * The state of a new stretch.
     *
     * @param path its first file
     */
    S begin(String path);

    /** Takes the next request of a stretch. */
    void add(S stretch, RequestKey key, RequestTrace request);

    /**
     * Takes a stretch that has all its requests.
     *
     * @param path its first file
     */
    void end(String path, S stretch);
  }

  /** A request that is not fed yet. */
  private record Held(RequestKey key, RequestTrace request) {

    static Held of(String path, RequestTrace request) {
      return new Held(RequestKey.of(path, request), request);
    }
  }

  /**
   * @param microBatchTokens tokens that a file must have to be a stretch of its own
   */
  public FileStretches(
      ModelSpec model, int microBatchTokens, FormatChoice format, Consumers<S> consumers) {
    this.model = model;
    this.microBatchTokens = microBatchTokens;
    this.format = format;
    this.consumers = consumers;
  }

  /** Groups of consecutive files that are read together: as many as fit in a fixed size. */
  public static List<List<RankFiles>> groups(List<InputFile> files) {
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
  public void read(List<RankFiles> group) throws IOException {
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
    WholeFile.read(file, format, model, new ScoredFile(file, to));
  }

  private void share(String path, List<Held> requests) {
    if (shared == null) {
      shared = consumers.begin(path);
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
      consumers.end(sharedPath, shared);
      shared = null;
    }
  }

  private void feed(S stretch, Held held) {
    consumers.add(stretch, held.key(), held.request());
  }

  /**
   * The requests of files that are read at once. Once they fill a micro-batch they are a stretch of
   * their own; a single request of any length is not, because it says nothing about balance.
   */
  private final class Stretch {
    private final String path;
    private final List<Held> first = new ArrayList<>();
    private long tokens;
    private S fed;

    Stretch(String path) {
      this.path = path;
    }

    void accept(Held held) {
      if (fed != null) {
        feed(fed, held);
        return;
      }
      first.add(held);
      tokens += held.request().tokens();
      if (first.size() > 1 && tokens >= microBatchTokens) {
        fed = consumers.begin(path);
        first.forEach(early -> feed(fed, early));
        first.clear();
      }
    }

    void end() {
      if (fed != null) {
        consumers.end(path, fed);
      } else if (!first.isEmpty()) {
        share(path, first);
      }
    }
  }
}
