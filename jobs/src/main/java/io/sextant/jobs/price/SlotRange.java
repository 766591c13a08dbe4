package io.sextant.jobs.price;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The numbers of slots that {@code --slots} names. */
final class SlotRange {
  private static final String RANGE = "..";
  private static final String OPTION = "--slots ";

  private final String given;

  /**
   * @param given a range {@code 128..256}, numbers separated by commas, or null
   */
  SlotRange(String given) {
    this.given = given;
  }

  /** Whether the user gave numbers, so that each of them is wanted. */
  boolean isGiven() {
    return given != null;
  }

  /**
   * The numbers of slots for a cluster, ascending: those of a range that spread evenly over the
   * GPUs and hold every expert, or the numbers of a list. By default from every expert once to
   * twice as many.
   *
   * @throws InvalidInputException if the text is no range and no list, or has no number that fits
   */
  List<Integer> of(ModelSpec model, ClusterSpec cluster) {
    int experts = model.experts();
    if (given == null) {
      int least = leastMultiple(experts, cluster.gpus());
      return multiples(experts, Math.max(2 * experts, least), cluster);
    }
    int dots = given.indexOf(RANGE);
    if (dots < 0) {
      List<Integer> list =
          Arrays.stream(given.split(",", -1)).map(this::number).sorted().distinct().toList();
      list.forEach(slots -> PlanTarget.layout(model, cluster, slots));
      return list;
    }
    int from = number(given.substring(0, dots));
    int to = number(given.substring(dots + RANGE.length()));
    List<Integer> range =
        multiples(Math.max(from, experts), Math.min(to, experts * cluster.gpus()), cluster);
    if (range.isEmpty()) {
      throw InvalidInputException.of(
          OPTION + given,
          "it holds no multiple of %d that is at least %d".formatted(cluster.gpus(), experts),
          "Give %d..%d, for example".formatted(experts, 2 * experts));
    }
    return range;
  }

  private static List<Integer> multiples(int from, int to, ClusterSpec cluster) {
    int gpus = cluster.gpus();
    return IntStream.iterate(leastMultiple(from, gpus), slots -> slots <= to, slots -> slots + gpus)
        .boxed()
        .toList();
  }

  private static int leastMultiple(int from, int gpus) {
    return (from + gpus - 1) / gpus * gpus;
  }

  private int number(String text) {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      throw InvalidInputException.of(
          OPTION + given,
          "'%s' is not a whole number".formatted(text),
          "Give a range such as 128..256, or numbers such as 128,160,256",
          e);
    }
  }
}
