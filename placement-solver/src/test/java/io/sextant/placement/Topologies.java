package io.sextant.placement;

import io.sextant.placement.problem.Topology;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Clusters with unequal links and GPUs. */
public final class Topologies {
  private Topologies() {}

  /** Nodes in racks of some size: a link to another rack costs more. */
  public static Topology racks(int nodes, int perRack, double across) {
    return new Topology(
        IntStream.range(0, nodes)
            .mapToObj(
                s ->
                    IntStream.range(0, nodes)
                        .mapToObj(n -> s == n ? 0.0 : s / perRack == n / perRack ? 1.0 : across)
                        .toList())
            .toList(),
        List.of());
  }

  /** Links alike; some GPUs have half the speed of the others. */
  public static Topology slow(int gpus, IntPredicate slow) {
    return new Topology(
        List.of(), IntStream.range(0, gpus).mapToObj(g -> slow.test(g) ? 0.5 : 1.0).toList());
  }

  /** Even, or any prices from 0 to 4, not the same in both directions. */
  public static Topology any(int nodes, Random random) {
    if (random.nextInt(4) == 0) {
      return Topology.EVEN;
    }
    return new Topology(
        IntStream.range(0, nodes)
            .mapToObj(
                s ->
                    Stream.iterate(0, n -> n < nodes, n -> n + 1)
                        .map(n -> s == n ? 0.0 : random.nextInt(17) / 4.0)
                        .toList())
            .toList(),
        List.of());
  }
}
