package io.sextant.gpu.layer;

import io.sextant.gpu.layer.PullList.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that every GPU moves for one micro-batch, step by step. All GPUs finish a step before
 * one starts the next.
 *
 * @param dispatch steps of dispatch, each with one list per GPU
 * @param combine steps of combine, each with one list per GPU
 * @param rowsOfSlot number of rows per slot, for each GPU
 * @param tokens number of tokens of each GPU
 * @param bufferRows number of rows that the buffers of a GPU's experts need
 */
record LayerPlan(
    List<List<PullList>> dispatch,
    List<List<ReduceList>> combine,
    List<int[]> rowsOfSlot,
    int[] tokens,
    int bufferRows) {

  static LayerPlan of(RoutedBatch batch, LayerTransport transport) {
    RowPlaces places = new RowPlaces(batch, batch.routing());
    Builder builder = new Builder(batch, places);
    List<int[]> rows = new ArrayList<>();
    int[] tokens = new int[batch.gpus()];
    int most = 1;
    for (int g = 0; g < batch.gpus(); g++) {
      rows.add(places.rowsOfSlot(g));
      tokens[g] = places.tokensOf(g).length;
      most = Math.max(most, places.rows(g) + places.visits(g) + places.relays(g));
    }
    return transport == LayerTransport.PER_EXPERT
        ? new LayerPlan(
            List.of(builder.dispatchPerExpert()),
            List.of(builder.combinePerExpert()),
            rows,
            tokens,
            most)
        : new LayerPlan(
            builder.dispatchDeduplicated(), builder.combineDeduplicated(), rows, tokens, most);
  }

  private static final class Builder {
    private final RowPlaces places;
    private final int gpus;
    private final int nodes;
    private final int topK;

    /** Whether a node has GPUs to which its relay forwards tokens. */
    private final boolean forwards;

    Builder(RoutedBatch batch, RowPlaces places) {
      this.places = places;
      this.gpus = batch.gpus();
      this.nodes = batch.nodes();
      this.topK = batch.topK();
      this.forwards = nodes > 1 && places.gpusPerNode() > 1;
    }

    private boolean remote(int gpu, int token) {
      return places.node(gpu) != places.node(places.home(token));
    }

    private Place token(int token) {
      return new Place(places.home(token), true, places.place(token));
    }

    /** The rows of a token's choices on one GPU. */
    private int[] rowsOn(int gpu, int token) {
      int[] rows = new int[topK];
      int count = 0;
      for (int i = token * topK; i < (token + 1) * topK; i++) {
        if (places.gpuOfChoice(i) == gpu) {
          rows[count++] = places.rowOfChoice(i);
        }
      }
      return java.util.Arrays.copyOf(rows, count);
    }

    List<PullList> dispatchPerExpert() {
      List<PullList.Builder> lists = builders();
      for (int t = 0; t < places.tokens(); t++) {
        for (int i = t * topK; i < (t + 1) * topK; i++) {
          int gpu = places.gpuOfChoice(i);
          lists.get(gpu).add(remote(gpu, t), token(t), new int[] {places.rowOfChoice(i)});
        }
      }
      return lists.stream().map(PullList.Builder::build).toList();
    }

    List<List<PullList>> dispatchDeduplicated() {
      List<PullList.Builder> first = builders();
      List<PullList.Builder> second = builders();
      for (int t = 0; t < places.tokens(); t++) {
        for (int n = 0; forwards && n < nodes; n++) {
          if (places.relayed(t, n)) {
            int relay = places.relayGpu(n, t);
            first.get(relay).add(true, token(t), new int[] {relayRow(relay, n, t)});
          }
        }
        for (int g = 0; g < gpus; g++) {
          if (!places.visits(t, g)) {
            continue;
          }
          if (forwards && remote(g, t)) {
            int n = places.node(g);
            int relay = places.relayGpu(n, t);
            second.get(g).add(false, new Place(relay, false, relayRow(relay, n, t)), rowsOn(g, t));
          } else {
            first.get(g).add(remote(g, t), token(t), rowsOn(g, t));
          }
        }
      }
      List<List<PullList>> steps = new ArrayList<>();
      steps.add(first.stream().map(PullList.Builder::build).toList());
      if (forwards) {
        steps.add(second.stream().map(PullList.Builder::build).toList());
      }
      return steps;
    }

    private List<PullList.Builder> builders() {
      List<PullList.Builder> lists = new ArrayList<>();
      for (int g = 0; g < gpus; g++) {
        lists.add(new PullList.Builder());
      }
      return lists;
    }

    /** Partial sums lie behind the rows of the experts, and those of relays behind these. */
    private int partialRow(int gpu, int token) {
      return places.rows(gpu) + places.visit(token, gpu);
    }

    private int relayRow(int gpu, int node, int token) {
      return places.rows(gpu) + places.visits(gpu) + places.relay(token, node);
    }

    List<ReduceList> combinePerExpert() {
      List<ReduceList> lists = new ArrayList<>();
      for (int g = 0; g < gpus; g++) {
        ReduceList.Builder list = new ReduceList.Builder();
        for (int t : places.tokensOf(g)) {
          for (int i = t * topK; i < (t + 1) * topK; i++) {
            int gpu = places.gpuOfChoice(i);
            list.term(remote(gpu, t), new Place(gpu, false, places.rowOfChoice(i)), 1f / topK);
          }
          list.endSum();
        }
        lists.add(list.build(true, 0));
      }
      return lists;
    }

    List<List<ReduceList>> combineDeduplicated() {
      List<List<ReduceList>> steps = new ArrayList<>();
      List<ReduceList> ofGpus = new ArrayList<>();
      List<ReduceList> ofRelays = new ArrayList<>();
      List<ReduceList> ofHomes = new ArrayList<>();
      for (int g = 0; g < gpus; g++) {
        ofGpus.add(partialSums(g));
        ofRelays.add(relayedSums(g));
        ofHomes.add(outputs(g));
      }
      steps.add(ofGpus);
      if (forwards) {
        steps.add(ofRelays);
      }
      steps.add(ofHomes);
      return steps;
    }

    private ReduceList partialSums(int gpu) {
      ReduceList.Builder list = new ReduceList.Builder();
      for (int t : visitors(gpu)) {
        for (int row : rowsOn(gpu, t)) {
          list.term(false, new Place(gpu, false, row), 1f / topK);
        }
        list.endSum();
      }
      return list.build(false, places.rows(gpu));
    }

    /** The tokens that visit a GPU, in the order of their places there. */
    private int[] visitors(int gpu) {
      int[] tokens = new int[places.visits(gpu)];
      for (int t = 0; t < places.tokens(); t++) {
        if (places.visits(t, gpu)) {
          tokens[places.visit(t, gpu)] = t;
        }
      }
      return tokens;
    }

    private ReduceList relayedSums(int gpu) {
      int node = places.node(gpu);
      int[] tokens = new int[places.relays(gpu)];
      for (int t = 0; t < places.tokens(); t++) {
        if (places.relayed(t, node) && places.relayGpu(node, t) == gpu) {
          tokens[places.relay(t, node)] = t;
        }
      }
      ReduceList.Builder list = new ReduceList.Builder();
      for (int t : tokens) {
        addPartials(list, node, t, false);
        list.endSum();
      }
      return list.build(false, places.rows(gpu) + places.visits(gpu));
    }

    private void addPartials(ReduceList.Builder list, int node, int token, boolean slow) {
      for (int local = 0; local < places.gpusPerNode(); local++) {
        int g = node * places.gpusPerNode() + local;
        if (places.visits(token, g)) {
          list.term(slow, new Place(g, false, partialRow(g, token)), 1);
        }
      }
    }

    private ReduceList outputs(int gpu) {
      ReduceList.Builder list = new ReduceList.Builder();
      for (int t : places.tokensOf(gpu)) {
        for (int n = 0; n < nodes; n++) {
          if (!places.relayed(t, n)) {
            if (n == places.node(gpu)) {
              addPartials(list, n, t, false);
            }
          } else if (forwards) {
            int relay = places.relayGpu(n, t);
            list.term(true, new Place(relay, false, relayRow(relay, n, t)), 1);
          } else {
            addPartials(list, n, t, true);
          }
        }
        list.endSum();
      }
      return list.build(true, 0);
    }
  }
}
