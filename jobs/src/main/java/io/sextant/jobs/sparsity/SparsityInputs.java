package io.sextant.jobs.sparsity;

import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.pruning.ImportanceTrace;
import io.sextant.numerics.pruning.LayerChain;
import io.sextant.numerics.pruning.ShapeTimes;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.tensor.FloatMatrices;
import io.sextant.schema.tensor.FloatMatrix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the files that a user names. */
final class SparsityInputs {
  private SparsityInputs() {}

  /**
   * The traces of the chains' hidden layers, in their order.
   *
   * @throws InvalidInputException if a layer is missing or has a wrong width or a number of windows
   *     that differs from the first layer's; the message names the file and the layer
   */
  static List<ImportanceTrace> importance(String input, List<LayerChain> chains)
      throws IOException {
    TraceFile file = file(input);
    Map<String, ImportanceTrace> found = new LinkedHashMap<>();
    try {
      for (FloatMatrix matrix : FloatMatrices.read(file)) {
        found.put(matrix.name(), ImportanceTrace.of(file.path(), matrix));
      }
    } catch (CorruptTraceException e) {
      throw InvalidInputException.of(
          file.path(),
          e.getMessage(),
          "Record the importance again, [windows, neurons] per layer",
          e);
    }
    List<ImportanceTrace> traces = new ArrayList<>();
    for (LayerChain chain : chains) {
      for (int i = 1; i <= chain.hidden(); i++) {
        traces.add(trace(file.path(), found, chain.layer(i), chain.widths().get(i)));
      }
    }
    int windows = traces.get(0).windows().length;
    for (ImportanceTrace trace : traces) {
      if (trace.windows().length != windows) {
        throw InvalidInputException.of(
            file.path() + ": " + trace.layer(),
            "%d windows, the first layer has %d".formatted(trace.windows().length, windows),
            "Record all layers over the same windows");
      }
    }
    return traces;
  }

  private static ImportanceTrace trace(
      String path, Map<String, ImportanceTrace> found, String layer, int width) {
    ImportanceTrace trace = found.get(layer);
    if (trace == null) {
      throw InvalidInputException.of(
          path, "no importance of " + layer + "; there is " + found.keySet(), "Correct --chain");
    }
    if (trace.neurons() != width) {
      throw InvalidInputException.of(
          path + ": " + layer,
          "%d neurons, --chain says %d".formatted(trace.neurons(), width),
          "Correct --chain");
    }
    return trace;
  }

  /** Measured times for a number of tokens. */
  static ShapeTimes times(String input, int tokens) throws IOException {
    TraceFile file = file(input);
    return new ShapeTimes(file.path(), KernelFigures.read(file), tokens);
  }

  /** The single file at that path. */
  static TraceFile file(String input) throws IOException {
    List<InputFile> files = InputFile.list(List.of(input));
    if (files.size() != 1) {
      throw InvalidInputException.of(
          input, "it has %d files".formatted(files.size()), "Give one file");
    }
    return new StoredFile(files.get(0).path());
  }
}
