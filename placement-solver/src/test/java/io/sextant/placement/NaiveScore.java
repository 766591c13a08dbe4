package io.sextant.placement;

import io.sextant.placement.evaluate.CostModel;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.placement.evaluate.RooflineWork;
import io.sextant.schema.trace.RequestTrace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The metrics of one layer once more, written from the rules alone with maps and sets, without a
 * line of the evaluator: what the evaluator is compared with.
 */
public final class NaiveScore {
  private final int gpus;
  private final int gpusPerNode;
  private final int nodes;
  private final int[] slotToExpert;
  private final CostModel cost;

  private final List<Set<Integer>> remoteNodesOfRow = new ArrayList<>();
  private final List<Integer> sourceOfRow = new ArrayList<>();
  private final List<Boolean> decodeRow = new ArrayList<>();
  private final List<Set<Integer>> gpusOfRow = new ArrayList<>();
  private final List<List<Integer>> slotsOfRow = new ArrayList<>();

  public NaiveScore(int nodes, int gpusPerNode, int[] slotToExpert, CostModel cost) {
    this.nodes = nodes;
    this.gpusPerNode = gpusPerNode;
    this.gpus = nodes * gpusPerNode;
    this.slotToExpert = slotToExpert;
    this.cost = cost;
  }

  private int gpu(int slot) {
    return slot / (slotToExpert.length / gpus);
  }

  private int node(int slot) {
    return gpu(slot) / gpusPerNode;
  }

  public void add(RequestTrace request, int layer, int source) {
    for (int row = 0; row < request.tokens(); row++) {
      int rowInFile = slotsOfRow.size();
      List<Integer> used = new ArrayList<>();
      for (int i = 0; i < request.topK(); i++) {
        int expert = request.experts()[layer][row * request.topK() + i];
        List<Integer> copies =
            IntStream.range(0, slotToExpert.length)
                .filter(p -> slotToExpert[p] == expert)
                .boxed()
                .toList();
        List<Integer> own = copies.stream().filter(p -> node(p) == source).toList();
        List<Integer> choice = own.isEmpty() ? copies : own;
        used.add(choice.get((int) (splitmix(rowInFile, expert) % choice.size())));
      }
      Set<Integer> remote = new HashSet<>();
      Set<Integer> touched = new HashSet<>();
      for (int slot : used) {
        touched.add(gpu(slot));
        remote.add(node(slot));
      }
      remote.remove(source);
      slotsOfRow.add(used);
      gpusOfRow.add(touched);
      remoteNodesOfRow.add(remote);
      sourceOfRow.add(source);
      decodeRow.add(row >= request.prefillTokens());
    }
  }

  /** Steele, Lea and Flood's finaliser; the top 31 bits. */
  private static long splitmix(long row, long expert) {
    long x = row * 0x9E3779B97F4A7C15L + expert;
    x ^= x >>> 30;
    x *= 0xBF58476D1CE4E5B9L;
    x ^= x >>> 27;
    x *= 0x94D049BB133111EBL;
    x ^= x >>> 31;
    return x >>> 33;
  }

  public PlacementTally tally(int microBatchTokens, int decodeStepTokens) {
    int rows = slotsOfRow.size();
    long remote = 0;
    long remotePrefill = 0;
    long prefill = 0;
    long remoteDecode = 0;
    long touched = 0;
    List<Integer> decodeRows = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      remote += remoteNodesOfRow.get(row).size();
      touched += gpusOfRow.get(row).size();
      if (decodeRow.get(row)) {
        decodeRows.add(row);
        remoteDecode += remoteNodesOfRow.get(row).size();
      } else {
        prefill++;
        remotePrefill += remoteNodesOfRow.get(row).size();
      }
    }
    double gpuLoad = 0;
    double receive = 0;
    double micros = 0;
    int batches = rows / microBatchTokens;
    for (int b = 0; b < batches; b++) {
      Map<Integer, Integer> load = new HashMap<>();
      Map<Integer, Integer> received = new HashMap<>();
      Map<Integer, Set<Integer>> active = new HashMap<>();
      for (int row = b * microBatchTokens; row < (b + 1) * microBatchTokens; row++) {
        for (int slot : slotsOfRow.get(row)) {
          load.merge(gpu(slot), 1, Integer::sum);
          active.computeIfAbsent(gpu(slot), g -> new HashSet<>()).add(slot);
        }
        for (int node : remoteNodesOfRow.get(row)) {
          received.merge(node, 1, Integer::sum);
        }
      }
      gpuLoad += maxOverMean(load, gpus);
      receive += received.isEmpty() ? 1 : maxOverMean(received, nodes);
      double slowest = 0;
      for (int gpu : load.keySet()) {
        RooflineWork work = (RooflineWork) cost.work();
        double arithmetic = load.get(gpu) * work.microsPerRow();
        double reading = active.get(gpu).size() * work.microsPerExpert();
        slowest = Math.max(slowest, Math.max(arithmetic, reading));
      }
      int busiest = received.isEmpty() ? 0 : Collections.max(received.values());
      micros += slowest + busiest * cost.microsPerReceivedToken();
    }
    long activated = 0;
    int steps = decodeRows.size() / decodeStepTokens;
    for (int step = 0; step < steps; step++) {
      Map<Integer, Set<Integer>> active = new HashMap<>();
      for (int i = step * decodeStepTokens; i < (step + 1) * decodeStepTokens; i++) {
        for (int slot : slotsOfRow.get(decodeRows.get(i))) {
          active.computeIfAbsent(gpu(slot), g -> new HashSet<>()).add(slot);
        }
      }
      activated += active.values().stream().mapToInt(Set::size).max().orElseThrow();
    }
    return new PlacementTally(
        rows,
        remote,
        touched,
        batches,
        gpuLoad,
        receive,
        steps,
        activated,
        prefill,
        remotePrefill,
        decodeRows.size(),
        remoteDecode,
        micros,
        Double.NaN);
  }

  public double trafficCostPerToken(List<List<Double>> prices) {
    double sum = 0;
    for (int row = 0; row < remoteNodesOfRow.size(); row++) {
      for (int node : remoteNodesOfRow.get(row)) {
        sum += prices.get(sourceOfRow.get(row)).get(node);
      }
    }
    return sum / remoteNodesOfRow.size();
  }

  private static double maxOverMean(Map<Integer, Integer> counts, int of) {
    long sum = counts.values().stream().mapToLong(Integer::longValue).sum();
    return Collections.max(counts.values()) * (double) of / sum;
  }
}
