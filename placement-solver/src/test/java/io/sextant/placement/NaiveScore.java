package io.sextant.placement;

import io.sextant.placement.cost.CostModel;
import io.sextant.placement.cost.RooflineWork;
import io.sextant.placement.evaluate.StreamTally;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import io.sextant.schema.trace.RequestTrace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The metrics of one layer once more, written from the rules alone with maps and sets, without a
 * line of the evaluator: what the evaluator is compared with.
 */
public final class NaiveScore {
  /** The phase of a row. */
  public enum Phase {
    PREFILL,
    DECODE,
    UNKNOWN
  }

  private record Row(List<Integer> experts, int source, Phase phase) {}

  private final SlotLayout layout;
  private final int[] slotToExpert;
  private final CopyRule rule;
  private final int[][] nearest;
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param nearest shape [gpus][experts]: the engine's own answer under {@link CopyRule#NEAREST}
   */
  public NaiveScore(SlotLayout layout, int[] slotToExpert, CopyRule rule, int[][] nearest) {
    this.layout = layout;
    this.slotToExpert = slotToExpert;
    this.rule = rule;
    this.nearest = nearest;
  }

  private int gpu(int slot) {
    return slot / (slotToExpert.length / layout.gpus());
  }

  private int node(int gpu) {
    return gpu / layout.gpusPerNode();
  }

  public void add(RequestTrace request, int layer, int sourceGpu) {
    for (int row = 0; row < request.tokens(); row++) {
      List<Integer> experts = new ArrayList<>();
      for (int i = 0; i < request.topK(); i++) {
        experts.add((int) request.experts()[layer][row * request.topK() + i]);
      }
      Phase phase =
          row < request.prefillTokens()
              ? Phase.PREFILL
              : row < request.prefillTokens() + request.decodeTokens()
                  ? Phase.DECODE
                  : Phase.UNKNOWN;
      rows.add(new Row(experts, sourceGpu, phase));
    }
  }

  /** The slots of a row's experts; the counts are those of the batch so far. */
  private List<Integer> slots(
      Row row,
      int index,
      Map<Integer, Integer> rowsOfSource,
      Map<List<Integer>, Integer> chosenBefore) {
    long inBatch = rowsOfSource.merge(row.source(), 1, Integer::sum) - 1L;
    List<Integer> slots = new ArrayList<>();
    for (int expert : row.experts()) {
      List<Integer> copies =
          IntStream.range(0, slotToExpert.length)
              .filter(p -> slotToExpert[p] == expert)
              .boxed()
              .toList();
      List<Integer> own = copies.stream().filter(p -> node(gpu(p)) == node(row.source())).toList();
      List<Integer> preferred = own.isEmpty() ? copies : own;
      int times = chosenBefore.merge(List.of(row.source(), expert), 1, Integer::sum) - 1;
      slots.add(
          switch (rule) {
            case IDEAL -> preferred.get((int) (splitmix(index, expert) % preferred.size()));
            case RANDOM -> copies.get((int) (splitmix(index, expert) % copies.size()));
            case NEAREST -> nearest[row.source()][expert];
            case RANK -> copies.get(row.source() % copies.size());
            case TOKEN_HASH ->
                copies.get((int) (inBatch * 2654435769L % (1L << 32) % copies.size()));
            case ROUND_ROBIN -> copies.get((times + row.source()) % copies.size());
            case LP -> throw new IllegalArgumentException("Shares are not unique");
          });
    }
    return slots;
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

  /** All rows, or those of a phase, in batches. */
  public StreamTally tally(
      Predicate<Phase> phases, int batchTokens, Transport transport, CostModel cost) {
    List<Row> stream = rows.stream().filter(row -> phases.test(row.phase())).toList();
    int complete = stream.size() / batchTokens;
    if (stream.isEmpty()) {
      return StreamTally.EMPTY;
    }
    if (complete == 0) {
      Batch batch = new Batch(stream, 0, transport);
      return new StreamTally(
          stream.size(),
          0,
          batch.remoteNodes,
          batch.remoteSends,
          batch.gpus,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          Double.NaN);
    }
    StreamTally sum = StreamTally.EMPTY;
    for (int b = 0; b < complete; b++) {
      Batch batch =
          new Batch(
              stream.subList(b * batchTokens, (b + 1) * batchTokens), b * batchTokens, transport);
      sum = sum.plus(batch.tally(cost));
    }
    return sum.plus(
        new StreamTally(0, stream.size() % batchTokens, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Double.NaN));
  }

  /** What a batch does to GPUs, nodes and links. */
  private final class Batch {
    private final int rows;
    private final Transport transport;
    private final Map<Integer, Long> load = new HashMap<>();
    private final Map<Integer, Set<Integer>> active = new HashMap<>();
    private final Map<Integer, Long> received = new HashMap<>();
    private final Map<Integer, Long> port = new HashMap<>();
    private final Map<Integer, Long> nvlinkIn = new HashMap<>();
    private long remoteNodes;
    private long remoteSends;
    private long gpus;

    Batch(List<Row> batch, int firstIndex, Transport transport) {
      this.rows = batch.size();
      this.transport = transport;
      Map<Integer, Integer> rowsOfSource = new HashMap<>();
      Map<List<Integer>, Integer> chosenBefore = new HashMap<>();
      for (int i = 0; i < rows; i++) {
        Row row = batch.get(i);
        add(row.source(), slots(row, firstIndex + i, rowsOfSource, chosenBefore));
      }
    }

    private void add(int source, List<Integer> slots) {
      Set<Integer> touched = new TreeSet<>();
      Set<Integer> remote = new TreeSet<>();
      for (int slot : slots) {
        int gpu = gpu(slot);
        load.merge(gpu, 1L, Long::sum);
        active.computeIfAbsent(gpu, g -> new HashSet<>()).add(slot);
        touched.add(gpu);
        if (node(gpu) != node(source)) {
          remote.add(node(gpu));
          remoteSends++;
          if (transport == Transport.PER_EXPERT) {
            port.merge(gpu, 1L, Long::sum);
          }
        } else if (gpu != source && transport == Transport.PER_EXPERT) {
          nvlinkIn.merge(gpu, 1L, Long::sum);
        }
      }
      gpus += touched.size();
      remoteNodes += remote.size();
      int local = source % layout.gpusPerNode();
      for (int node : remote) {
        received.merge(node, 1L, Long::sum);
        if (transport == Transport.NODE_DEDUPLICATED) {
          port.merge(node * layout.gpusPerNode() + local, 1L, Long::sum);
        }
      }
      for (int gpu : touched) {
        int forwarder = node(gpu) * layout.gpusPerNode() + local;
        if (transport == Transport.NODE_DEDUPLICATED && gpu != forwarder) {
          nvlinkIn.merge(gpu, 1L, Long::sum);
        } else if (transport == Transport.GPU_DEDUPLICATED && gpu != source) {
          nvlinkIn.merge(gpu, 1L, Long::sum);
          port.merge(gpu, 1L, Long::sum);
        }
      }
    }

    StreamTally tally(CostModel cost) {
      return new StreamTally(
          rows,
          0,
          remoteNodes,
          remoteSends,
          gpus,
          1,
          maxOverMean(load, layout.gpus()),
          Double.NaN,
          maxOverMean(received, layout.nodes()),
          maxOverMean(port, layout.gpus()),
          active.values().stream().mapToInt(Set::size).max().orElseThrow(),
          micros(cost),
          Double.NaN);
    }

    private double micros(CostModel cost) {
      double slowest = 0;
      for (int gpu : load.keySet()) {
        RooflineWork work = (RooflineWork) cost.work();
        double arithmetic = load.get(gpu) * work.microsPerRow();
        double reading = active.get(gpu).size() * work.microsPerExpert();
        slowest = Math.max(slowest, Math.max(arithmetic, reading));
      }
      double byNode = most(received) * cost.links().nodeMicros();
      double byPort = most(port) * cost.links().nodeMicros() * layout.gpusPerNode();
      double byNvlink = most(nvlinkIn) * cost.links().nvlinkMicros();
      double share = 1 - 1.0 / layout.nodes();
      double shareOfGpus = 1 - 1.0 / layout.gpus();
      return slowest
          + cost.links().fixedMicros()
          + switch (transport) {
            case NODE_DEDUPLICATED -> Math.max(byNode, byNvlink);
            case PER_EXPERT -> Math.max(byPort, byNvlink);
            case GPU_DEDUPLICATED -> byNvlink;
            case ALL_GATHER ->
                rows
                    * Math.max(
                        share * cost.links().nodeMicros(),
                        shareOfGpus * cost.links().nvlinkMicros());
          };
    }
  }

  private static long most(Map<Integer, Long> counts) {
    return counts.isEmpty() ? 0 : Collections.max(counts.values());
  }

  private static double maxOverMean(Map<Integer, Long> counts, int of) {
    long sum = counts.values().stream().mapToLong(Long::longValue).sum();
    return sum == 0 ? 1 : most(counts) * (double) of / sum;
  }
}
