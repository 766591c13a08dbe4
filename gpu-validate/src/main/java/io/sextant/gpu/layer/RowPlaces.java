package io.sextant.gpu.layer;

import java.util.Arrays;

/**
 * Where the rows of a micro-batch are: each token in the memory of its own GPU, each choice in the
 * rows of its expert's GPU (grouped by slot), and each token's partial sum on the GPUs and relays
 * that it visits.
 */
final class RowPlaces {
  private static final int NONE = -1;

  private final int topK;
  private final int gpusPerNode;
  private final int slotsOfGpu;
  private final int[] sourceGpus;
  private final int[] slots;
  private final int[] place;
  private final int[][] tokensOfGpu;
  private final int[] rowOfChoice;
  private final int[][] rowsOfSlot;
  private final int[][] visit;
  private final int[] visits;
  private final int[][] relay;
  private final int[] relays;

  RowPlaces(RoutedBatch batch, RoutedBatch.Routing routing) {
    topK = batch.topK();
    gpusPerNode = batch.gpus() / batch.nodes();
    slotsOfGpu = batch.slotsOfGpu();
    sourceGpus = routing.sourceGpus();
    slots = routing.slots();
    int tokens = sourceGpus.length;
    place = new int[tokens];
    tokensOfGpu = new int[batch.gpus()][];
    int[] homes = new int[batch.gpus()];
    for (int t = 0; t < tokens; t++) {
      place[t] = homes[sourceGpus[t]]++;
    }
    for (int g = 0; g < batch.gpus(); g++) {
      tokensOfGpu[g] = new int[homes[g]];
    }
    for (int t = 0; t < tokens; t++) {
      tokensOfGpu[sourceGpus[t]][place[t]] = t;
    }
    rowsOfSlot = new int[batch.gpus()][slotsOfGpu];
    for (int slot : slots) {
      rowsOfSlot[slot / slotsOfGpu][slot % slotsOfGpu]++;
    }
    int[] next = new int[batch.slots()];
    for (int g = 0; g < batch.gpus(); g++) {
      for (int s = 1; s < slotsOfGpu; s++) {
        next[g * slotsOfGpu + s] = next[g * slotsOfGpu + s - 1] + rowsOfSlot[g][s - 1];
      }
    }
    rowOfChoice = new int[slots.length];
    for (int i = 0; i < slots.length; i++) {
      rowOfChoice[i] = next[slots[i]]++;
    }
    visit = new int[batch.gpus()][tokens];
    visits = new int[batch.gpus()];
    relay = new int[batch.nodes()][tokens];
    relays = new int[batch.gpus()];
    for (int[] of : visit) {
      Arrays.fill(of, NONE);
    }
    for (int[] of : relay) {
      Arrays.fill(of, NONE);
    }
    for (int i = 0; i < slots.length; i++) {
      int t = i / topK;
      int g = slots[i] / slotsOfGpu;
      if (visit[g][t] == NONE) {
        visit[g][t] = visits[g]++;
      }
      int node = node(g);
      if (node != node(sourceGpus[t]) && relay[node][t] == NONE) {
        relay[node][t] = relays[relayGpu(node, t)]++;
      }
    }
  }

  int tokens() {
    return sourceGpus.length;
  }

  int topK() {
    return topK;
  }

  int gpusPerNode() {
    return gpusPerNode;
  }

  int node(int gpu) {
    return gpu / gpusPerNode;
  }

  /** The GPU that holds a token. */
  int home(int token) {
    return sourceGpus[token];
  }

  /** The token's place among those of its GPU. */
  int place(int token) {
    return place[token];
  }

  /** The tokens of a GPU in the order of their places. */
  int[] tokensOf(int gpu) {
    return tokensOfGpu[gpu];
  }

  /** The GPU of a choice's slot. */
  int gpuOfChoice(int choice) {
    return slots[choice] / slotsOfGpu;
  }

  /** The row of a choice among those of its GPU, grouped by slot. */
  int rowOfChoice(int choice) {
    return rowOfChoice[choice];
  }

  /** Number of rows of each slot of a GPU. */
  int[] rowsOfSlot(int gpu) {
    return rowsOfSlot[gpu];
  }

  /** Number of rows of a GPU. */
  int rows(int gpu) {
    return Arrays.stream(rowsOfSlot[gpu]).sum();
  }

  /** Whether a GPU has an expert of the token. */
  boolean visits(int token, int gpu) {
    return visit[gpu][token] != NONE;
  }

  /** The token's place among those that visit a GPU. */
  int visit(int token, int gpu) {
    return visit[gpu][token];
  }

  /** Number of tokens that visit a GPU. */
  int visits(int gpu) {
    return visits[gpu];
  }

  /** Whether a node other than the token's has an expert of it. */
  boolean relayed(int token, int node) {
    return relay[node][token] != NONE;
  }

  /** The token's place among those that a relay holds. */
  int relay(int token, int node) {
    return relay[node][token];
  }

  /** Number of tokens for which a GPU is the relay. */
  int relays(int gpu) {
    return relays[gpu];
  }

  /** The GPU of a node that has the same place in it as the token's GPU in its own. */
  int relayGpu(int node, int token) {
    return node * gpusPerNode + sourceGpus[token] % gpusPerNode;
  }
}
