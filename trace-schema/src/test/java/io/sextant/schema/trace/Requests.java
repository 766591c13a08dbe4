package io.sextant.schema.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.pack.SextantPackReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the requests and messages of a reader. */
public final class Requests implements TraceSink {
  public static final long MODIFIED_MILLIS = 1_757_289_600_000L;

  public final List<RequestTrace> accepted = new ArrayList<>();
  public final List<LoadCounts> counts = new ArrayList<>();
  public final List<String> rejected = new ArrayList<>();
  public final List<String> remarks = new ArrayList<>();

  /** All requests of a sound pack. */
  public static List<RequestTrace> read(Path pack, ModelSpec model)
      throws CorruptTraceException, IOException {
    Requests requests = of(new SextantPackReader(), TraceFiles.local(pack), model);
    if (!requests.rejected.isEmpty()) {
      throw new CorruptTraceException(pack + ": " + requests.rejected.get(0));
    }
    return requests.accepted;
  }

  public static Requests of(TraceReader reader, TraceFile file, ModelSpec model)
      throws CorruptTraceException, IOException {
    return of(reader, file, model, TraceHints.NONE);
  }

  public static Requests of(TraceReader reader, TraceFile file, ModelSpec model, TraceHints hints)
      throws CorruptTraceException, IOException {
    Requests requests = new Requests();
    reader.read(file, model, hints, requests);
    return requests;
  }

  /** A recursive comparison that is fast on long arrays. */
  public static void assertSame(List<RequestTrace> found, List<RequestTrace> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(withoutArrays(found.get(i))).isEqualTo(withoutArrays(expected.get(i)));
      assertThat(found.get(i).layers()).isEqualTo(expected.get(i).layers());
      assertThat(Arrays.deepEquals(found.get(i).experts(), expected.get(i).experts())).isTrue();
    }
  }

  private static RequestTrace withoutArrays(RequestTrace request) {
    return new RequestTrace(
        request.requestId(),
        request.arrivalMillis(),
        request.domain(),
        request.sourceRank(),
        request.prefillTokens(),
        request.decodeTokens(),
        request.unphasedTokens(),
        request.topK(),
        null,
        null);
  }

  /** A file in memory. */
  public static TraceFile file(String path, byte[] stored) {
    return file(path, stored, Map.of());
  }

  /**
   * A file in memory, beside others.
   *
   * @param siblings the others' bytes by name
   */
  public static TraceFile file(String path, byte[] stored, Map<String, byte[]> siblings) {
    return new TraceFile() {
      @Override
      public Optional<TraceFile> sibling(String name) {
        return Optional.ofNullable(siblings.get(name)).map(bytes -> file(name, bytes));
      }

      @Override
      public String path() {
        return path;
      }

      @Override
      public long length() {
        return stored.length;
      }

      @Override
      public long modifiedMillis() {
        return MODIFIED_MILLIS;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(stored);
      }
    };
  }

  @Override
  public void accept(RequestTrace request) {
    accepted.add(request);
  }

  @Override
  public void counts(LoadCounts step) {
    counts.add(step);
  }

  @Override
  public void reject(long row, String reason) {
    rejected.add(row + ": " + reason);
  }

  @Override
  public void warn(String remark) {
    remarks.add(remark);
  }
}
