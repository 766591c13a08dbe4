package io.sextant.placement;

import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.ReplicaChoice;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.pack.SextantPackReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Real tokens for tests: the days under {@code samples/}, and models of other sizes from them. */
public final class SampleTokens {
  private static final int SOURCE_RANKS = 8;
  private static final Map<Integer, List<RequestTrace>> DAYS = new ConcurrentHashMap<>();

  private SampleTokens() {}

  public static ModelSpec model() {
    return ModelSpecs.load("sextant-128x8");
  }

  /** The requests of a sample day, 4 to 8, in arrival order. */
  public static List<RequestTrace> day(int day) {
    return DAYS.computeIfAbsent(
        day,
        d ->
            read(
                Path.of(
                    System.getProperty("sextant.root"),
                    "samples",
                    "day%02d.safetensors.zst".formatted(d))));
  }

  /** The requests of any pack of {@link #model()}. */
  public static List<RequestTrace> read(Path pack) {
    return read(pack, model());
  }

  /** The requests of any pack. */
  public static List<RequestTrace> read(Path pack, ModelSpec model) {
    List<RequestTrace> requests = new ArrayList<>();
    try {
      new SextantPackReader()
          .read(
              TraceFiles.local(pack),
              model,
              new TraceSink() {
                @Override
                public void accept(RequestTrace request) {
                  requests.add(request);
                }

                @Override
                public void counts(LoadCounts counts) {
                  throw new IllegalStateException(pack + " has only counts");
                }

                @Override
                public void reject(long row, String reason) {
                  throw new IllegalStateException("%s, row %d: %s".formatted(pack, row, reason));
                }
              });
    } catch (CorruptTraceException | IOException e) {
      throw new IllegalStateException(pack.toString(), e);
    }
    return requests;
  }

  /** The node a request starts on: consecutive ranks share a node. */
  public static int sourceNode(RequestTrace request, int nodes) {
    return request.sourceRank() * nodes / SOURCE_RANKS;
  }

  /** The GPU a request starts on: one of its node, by the hash that the jobs use. */
  public static int sourceGpu(RequestTrace request, SlotLayout layout) {
    return sourceNode(request, layout.nodes()) * layout.gpusPerNode()
        + ReplicaChoice.hash(request.requestId(), 0) % layout.gpusPerNode();
  }

  /** One layer of some requests, end to end. */
  public static LayerTokens layer(List<RequestTrace> requests, int layer, int nodes) {
    int tokens = requests.stream().mapToInt(RequestTrace::tokens).sum();
    ModelSpec model = model();
    short[] ids = new short[tokens * model.topK()];
    byte[] source = new byte[tokens];
    int t = 0;
    for (RequestTrace request : requests) {
      short[] rows = request.experts()[layer];
      System.arraycopy(rows, 0, ids, t * model.topK(), rows.length);
      Arrays.fill(source, t, t + request.tokens(), (byte) sourceNode(request, nodes));
      t += request.tokens();
    }
    return new LayerTokens(model.experts(), model.topK(), ids, source);
  }

  /** One layer of whole sample days. */
  public static LayerTokens layer(int layer, int nodes, int... days) {
    List<RequestTrace> requests = new ArrayList<>();
    for (int day : days) {
      requests.addAll(day(day));
    }
    return layer(requests, layer, nodes);
  }

  /**
   * Real routing on a smaller model: {@code tokens} tokens of a layer of day 4 with each expert's
   * id folded into the smaller range, and of those that fall together the next free one.
   */
  public static LayerTokens folded(int layer, int experts, int topK, int nodes, int tokens) {
    LayerTokens real = layer(layer, nodes, 4);
    if (topK > real.topK() || topK > experts || tokens > real.tokens()) {
      throw new IllegalArgumentException(
          "Cannot fold to %d tokens of top-%d of %d".formatted(tokens, topK, experts));
    }
    // Evenly spaced, so that a few tokens still come from requests of several nodes.
    int step = Math.max(1, real.tokens() / tokens);
    short[] ids = new short[tokens * topK];
    byte[] source = new byte[tokens];
    for (int t = 0; t < tokens; t++) {
      source[t] = real.sourceNode()[t * step];
      boolean[] taken = new boolean[experts];
      for (int i = 0; i < topK; i++) {
        int e = real.ids()[t * step * real.topK() + i] % experts;
        while (taken[e]) {
          e = (e + 1) % experts;
        }
        taken[e] = true;
        ids[t * topK + i] = (short) e;
      }
    }
    return new LayerTokens(experts, topK, ids, source);
  }

  /** The same tokens, each starting on a GPU of its node in turn. */
  public static LayerTokens onGpus(LayerTokens layer, int gpusPerNode) {
    byte[] gpus = new byte[layer.tokens()];
    for (int t = 0; t < gpus.length; t++) {
      gpus[t] = (byte) (t * 5 / 3 % gpusPerNode);
    }
    return new LayerTokens(layer.experts(), layer.topK(), layer.ids(), layer.sourceNode(), gpus);
  }

  /** Shape [experts]: tokens of each expert. */
  public static double[] load(LayerTokens layer) {
    double[] load = new double[layer.experts()];
    for (short e : layer.ids()) {
      load[e]++;
    }
    return load;
  }
}
