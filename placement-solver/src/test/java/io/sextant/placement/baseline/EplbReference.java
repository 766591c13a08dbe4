package io.sextant.placement.baseline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A plain reference of what DeepSeek publishes of its Expert Parallelism Load Balancer
 * (github.com/deepseek-ai/EPLB, {@code rebalance_experts}), for tests only. It shares no code with
 * {@link EplbPlacement}: it keeps loads as 32-bit floats as the original does, works on lists of
 * items instead of index arrays, and always takes the hierarchical route, of which the global
 * policy is the case of one node and one group.
 */
final class EplbReference {
  /** A copy of an expert, or a group of experts, with the load it carries. */
  private record Item(int id, float load) {}

  private EplbReference() {}

  /**
   * @param load shape [experts]: tokens of each expert
   * @param groups equal, consecutive groups of experts
   * @return by GPU: the logical experts it holds. The policy is hierarchical if the nodes divide
   *     the groups, else global.
   */
  static List<List<Integer>> rebalance(
      double[] load, int slots, int groups, int nodes, int gpusPerNode) {
    if (groups % nodes == 0) {
      return hierarchical(load, slots, groups, nodes, gpusPerNode);
    }
    return hierarchical(load, slots, 1, 1, nodes * gpusPerNode);
  }

  private static List<List<Integer>> hierarchical(
      double[] load, int slots, int groups, int nodes, int gpusPerNode) {
    int groupSize = load.length / groups;
    List<Item> groupItems = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      float sum = 0;
      for (int e = g * groupSize; e < (g + 1) * groupSize; e++) {
        sum += (float) load[e];
      }
      groupItems.add(new Item(g, sum));
    }
    List<List<Integer>> gpus = new ArrayList<>();
    for (List<Item> groupsOfNode : balancedPacking(groupItems, nodes)) {
      List<Item> experts = new ArrayList<>();
      for (Item group : groupsOfNode) {
        for (int e = group.id() * groupSize; e < (group.id() + 1) * groupSize; e++) {
          experts.add(new Item(e, (float) load[e]));
        }
      }
      for (List<Item> gpu : balancedPacking(replicate(experts, slots / nodes), gpusPerNode)) {
        gpus.add(gpu.stream().map(Item::id).toList());
      }
    }
    return gpus;
  }

  /** One copy of each expert, then one more at a time of the expert with the most load per copy. */
  private static List<Item> replicate(List<Item> experts, int slots) {
    int[] copies = new int[experts.size()];
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < copies.length; i++) {
      copies[i] = 1;
      order.add(i);
    }
    while (order.size() < slots) {
      int busiest = 0;
      for (int i = 1; i < copies.length; i++) {
        if (share(experts, copies, i) > share(experts, copies, busiest)) {
          busiest = i;
        }
      }
      order.add(busiest);
      copies[busiest]++;
    }
    return order.stream()
        .map(i -> new Item(experts.get(i).id(), share(experts, copies, i)))
        .toList();
  }

  private static float share(List<Item> experts, int[] copies, int i) {
    return experts.get(i).load() / copies[i];
  }

  /** As many items in each pack: the heaviest item first, into the lightest pack with room. */
  private static List<List<Item>> balancedPacking(List<Item> items, int packs) {
    int room = items.size() / packs;
    List<List<Item>> packed = new ArrayList<>();
    for (int p = 0; p < packs; p++) {
      packed.add(new ArrayList<>());
    }
    if (room == 1) {
      // With one item a pack the original keeps their order.
      for (int p = 0; p < packs; p++) {
        packed.get(p).add(items.get(p));
      }
      return packed;
    }
    float[] carried = new float[packs];
    List<Item> heaviestFirst = new ArrayList<>(items);
    heaviestFirst.sort(Comparator.comparing(Item::load).reversed());
    for (Item item : heaviestFirst) {
      int lightest = -1;
      for (int p = 0; p < packs; p++) {
        if (packed.get(p).size() < room && (lightest < 0 || carried[p] < carried[lightest])) {
          lightest = p;
        }
      }
      packed.get(lightest).add(item);
      carried[lightest] += item.load();
    }
    return packed;
  }
}
