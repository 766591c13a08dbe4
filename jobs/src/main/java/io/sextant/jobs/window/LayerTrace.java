package io.sextant.jobs.window;

import io.sextant.placement.grouping.LayerRequests;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * One layer of a window, gathered into arrays.
 *
 * @param layer absolute id of the layer
 * @param keys shape [requests], in arrival order
 * @param sourceNode shape [requests]: the node that served each request
 * @param requests tokens of the requests
 */
public record LayerTrace(int layer, RequestKey[] keys, byte[] sourceNode, LayerRequests requests)
    implements Serializable {

  /** The tokens on the nodes that served them. */
  public LayerTokens tokens() {
    return requests.tokens(sourceNode);
  }

  /** Gathers the layers of a partition whose rows are sorted by layer and arrival. */
  public static Iterator<LayerTrace> gather(
      Iterator<RoutingRow> rows, ModelSpec model, SourceNodes sources) {
    List<LayerTrace> layers = new ArrayList<>();
    Builder builder = null;
    while (rows.hasNext()) {
      RoutingRow row = rows.next();
      if (builder == null || builder.layer != row.getLayer()) {
        if (builder != null) {
          layers.add(builder.build(model));
        }
        builder = new Builder(row.getLayer());
      }
      builder.add(row, model.topK(), sources);
    }
    if (builder != null) {
      layers.add(builder.build(model));
    }
    return layers.iterator();
  }

  private static final class Builder {
    private final int layer;
    private short[] ids = new short[1 << 16];
    private int idCount;
    private RequestKey[] keys = new RequestKey[1 << 10];
    private byte[] sourceNode = new byte[1 << 10];
    private byte[] localGpu = new byte[1 << 10];
    private int[] start = new int[1 << 10];
    private int[] prefill = new int[1 << 10];
    private int count;

    Builder(int layer) {
      this.layer = layer;
    }

    void add(RoutingRow row, int topK, SourceNodes sources) {
      short[] experts = row.getExperts();
      if (idCount + experts.length > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(ids.length * 2, idCount + experts.length));
      }
      if (count + 1 == start.length) {
        keys = Arrays.copyOf(keys, 2 * count + 2);
        sourceNode = Arrays.copyOf(sourceNode, 2 * count + 2);
        localGpu = Arrays.copyOf(localGpu, 2 * count + 2);
        start = Arrays.copyOf(start, 2 * count + 2);
        prefill = Arrays.copyOf(prefill, 2 * count + 2);
      }
      System.arraycopy(experts, 0, ids, idCount, experts.length);
      idCount += experts.length;
      keys[count] = row.key();
      sourceNode[count] = (byte) sources.nodeOf(row.getSourceRank(), row.getRequestId());
      localGpu[count] = (byte) sources.localGpuOf(row.getSourceRank(), row.getRequestId());
      prefill[count] = row.getPrefillTokens();
      start[++count] = idCount / topK;
    }

    LayerTrace build(ModelSpec model) {
      return new LayerTrace(
          layer,
          Arrays.copyOf(keys, count),
          Arrays.copyOf(sourceNode, count),
          new LayerRequests(
              model.experts(),
              model.topK(),
              Arrays.copyOf(start, count + 1),
              Arrays.copyOf(prefill, count),
              Arrays.copyOf(ids, idCount),
              Arrays.copyOf(localGpu, count)));
    }
  }
}
