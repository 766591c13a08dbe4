package io.sextant.schema.trace.pack;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.Requests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The tool that cuts {@code samples/} from the full traces; samples/README.md says how to run it.
 */
final class CutSamples {
  private CutSamples() {}

  /** Arguments: model, number of requests to keep per pack, output folder, packs. */
  public static void main(String[] arguments) throws CorruptTraceException, IOException {
    ModelSpec model = ModelSpecs.load(arguments[0]);
    int keep = Integer.parseInt(arguments[1]);
    Path folder = Path.of(arguments[2]);
    for (String pack : List.of(arguments).subList(3, arguments.length)) {
      List<RequestTrace> kept = spread(Requests.read(Path.of(pack), model), keep);
      Path out = folder.resolve(TraceFiles.source(pack) + ".safetensors.zst");
      SextantPackWriter.writeZstd(out, model, kept);
    }
  }

  /** Requests at equal distances in the order of arrival, including the first one. */
  static List<RequestTrace> spread(List<RequestTrace> requests, int keep) {
    List<RequestTrace> ordered = new ArrayList<>(requests);
    ordered.sort(
        Comparator.comparingLong(RequestTrace::arrivalMillis)
            .thenComparingLong(RequestTrace::requestId));
    List<RequestTrace> kept = new ArrayList<>(keep);
    for (long i = 0; i < keep; i++) {
      kept.add(ordered.get((int) (i * ordered.size() / keep)));
    }
    return kept;
  }
}
