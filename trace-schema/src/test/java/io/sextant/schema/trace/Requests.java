package io.sextant.schema.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.spec.ModelSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects what a reader finds. */
final class Requests implements TraceSink {
  static final long MODIFIED_MILLIS = 1_757_289_600_000L;

  final List<RequestTrace> accepted = new ArrayList<>();
  final List<LoadCounts> counts = new ArrayList<>();
  final List<String> rejected = new ArrayList<>();

  /** All requests of a sound pack. */
  static List<RequestTrace> read(Path pack, ModelSpec model)
      throws CorruptTraceException, IOException {
    Requests requests = of(new SextantPackReader(), TraceFiles.local(pack), model);
    if (!requests.rejected.isEmpty()) {
      throw new CorruptTraceException(pack + ": " + requests.rejected.get(0));
    }
    return requests.accepted;
  }

  static Requests of(TraceReader reader, TraceFile file, ModelSpec model)
      throws CorruptTraceException, IOException {
    Requests requests = new Requests();
    reader.read(file, model, requests);
    return requests;
  }

  /** As a recursive comparison, but quick on long arrays. */
  static void assertSame(List<RequestTrace> found, List<RequestTrace> expected) {
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
        request.topK(),
        null,
        null);
  }

  /** A file that lives in memory. */
  static TraceFile file(String path, byte[] stored) {
    return new TraceFile() {
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
}
