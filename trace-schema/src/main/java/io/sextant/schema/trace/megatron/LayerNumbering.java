package io.sextant.schema.trace.megatron;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.TraceHints.LayerNumbers;
import io.sextant.schema.trace.TraceSink;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Maps the layer numbers of a file to MoE layers. Megatron-Core's training hook writes the position
 * of the module in its pipeline stage, from 0. Its inference path writes {@code layer_number}, from
 * 1, or, if routers have no such number, the position among the MoE layers.
 *
 * <p>A way of counting fits a file if it finds every MoE layer and the remaining numbers are those
 * of multi-token prediction, which continue after the model's last layer or start again from the
 * first number.
 */
final class LayerNumbering {
  private static final int MOST_SHOWN = 16;

  private enum Way {
    FROM_ZERO,
    FROM_ONE,
    /** The position among the MoE layers. */
    POSITION
  }

  private final Way way;
  private final long[] numbers;
  private final boolean asked;
  private final Map<Long, Long> lines;

  private LayerNumbering(Way way, int[] layers, boolean asked, Map<Long, Long> lines) {
    this.way = way;
    this.numbers = numbers(way, layers);
    this.asked = asked;
    this.lines = lines;
  }

  /**
   * @param wanted the user's choice
   * @throws CorruptTraceException if no way of counting fits the file, or more than one does
   */
  static LayerNumbering of(RouterSurvey survey, ModelSpec model, LayerNumbers wanted)
      throws CorruptTraceException {
    int[] layers = LayerRows.layersOf(model);
    SortedSet<Long> found = new TreeSet<>(survey.lines().keySet());
    boolean asked = wanted != LayerNumbers.AUTO;
    boolean zero = wanted != LayerNumbers.FROM_ONE && fits(Way.FROM_ZERO, layers, model, found);
    boolean one = wanted != LayerNumbers.FROM_ZERO && fits(Way.FROM_ONE, layers, model, found);
    if (zero && one) {
      throw new CorruptTraceException(
          "its layer numbers %s fit counting from 0 (then %s are not layers of the model) and counting from 1 (then %s are not); say which with --layer-numbers FROM_ZERO or FROM_ONE"
              .formatted(
                  shown(found),
                  shown(rest(Way.FROM_ZERO, layers, found)),
                  shown(rest(Way.FROM_ONE, layers, found))));
    }
    if (zero || one) {
      return new LayerNumbering(zero ? Way.FROM_ZERO : Way.FROM_ONE, layers, asked, survey.lines());
    }
    if (!asked && found.equals(set(Way.POSITION, layers))) {
      return new LayerNumbering(Way.POSITION, layers, false, survey.lines());
    }
    throw misfit(survey, model, layers, wanted);
  }

  private static boolean fits(Way way, int[] layers, ModelSpec model, SortedSet<Long> found) {
    if (!found.containsAll(set(way, layers))) {
      return false;
    }
    long base = way == Way.FROM_ONE ? 1 : 0;
    long restarted = base;
    for (long left : rest(way, layers, found)) {
      if (left == restarted) {
        restarted++;
      } else if (left < model.layers() + base) {
        return false;
      }
    }
    return true;
  }

  private static SortedSet<Long> rest(Way way, int[] layers, SortedSet<Long> found) {
    SortedSet<Long> rest = new TreeSet<>(found);
    rest.removeAll(set(way, layers));
    return rest;
  }

  private static SortedSet<Long> set(Way way, int[] layers) {
    return Arrays.stream(numbers(way, layers))
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long[] numbers(Way way, int[] layers) {
    long[] numbers = new long[layers.length];
    for (int i = 0; i < layers.length; i++) {
      numbers[i] =
          switch (way) {
            case FROM_ZERO -> layers[i];
            case FROM_ONE -> layers[i] + 1L;
            case POSITION -> i;
          };
    }
    return numbers;
  }

  private static CorruptTraceException misfit(
      RouterSurvey survey, ModelSpec model, int[] layers, LayerNumbers wanted) {
    SortedSet<Long> found = new TreeSet<>(survey.lines().keySet());
    Way way =
        wanted == LayerNumbers.FROM_ONE
                || (wanted == LayerNumbers.AUTO && set(Way.FROM_ONE, layers).containsAll(found))
            ? Way.FROM_ONE
            : Way.FROM_ZERO;
    SortedSet<Long> missing = set(way, layers);
    missing.removeAll(found);
    StringBuilder reason = new StringBuilder();
    reason.append(
        "its layer numbers are %s, but model %s has MoE layers %s"
            .formatted(
                shown(found),
                model.name(),
                shown(Arrays.stream(layers).boxed().map(Integer::longValue).toList())));
    if (!missing.isEmpty()) {
      reason.append(
          "; missing, if numbers count from %d: %s"
              .formatted(way == Way.FROM_ONE ? 1 : 0, shown(missing)));
    }
    if (survey.cutLine() > 0) {
      reason.append(" (the file ends inside line %d)".formatted(survey.cutLine()));
    }
    if (found.size() < layers.length) {
      reason.append(
          ". A rank records only the layers of its pipeline stage and may number them from the stage's start, so they cannot be identified: record with --pipeline-model-parallel-size 1");
    } else if (wanted != LayerNumbers.AUTO) {
      reason.append(". They do not fit --layer-numbers ").append(wanted);
    }
    return new CorruptTraceException(reason.toString());
  }

  /**
   * The index among the MoE layers.
   *
   * @return -1 for a number that is left out
   */
  int index(long number) {
    return Math.max(-1, Arrays.binarySearch(numbers, number));
  }

  /** The number that the file gives to a MoE layer. */
  long number(int index) {
    return numbers[index];
  }

  /** Number of lines of each MoE layer in the file. */
  long[] lines() {
    return Arrays.stream(numbers).map(lines::get).toArray();
  }

  /** Reports how numbers were interpreted and which were left out. */
  void remark(TraceSink sink) {
    if (way == Way.FROM_ONE && !asked) {
      sink.warn(
          "its layers are counted from 1, as Megatron-Core's inference path does: number %d was taken for layer %d"
              .formatted(numbers[0], numbers[0] - 1));
    }
    if (way == Way.POSITION) {
      sink.warn(
          "its layer numbers 0 to %d were taken for positions among the MoE layers"
              .formatted(numbers.length - 1));
    }
    TreeSet<Long> left = new TreeSet<>(lines.keySet());
    left.removeIf(number -> index(number) >= 0);
    if (!left.isEmpty()) {
      sink.warn(
          "%d lines of layer numbers %s are left out: they are not MoE layers of the model, but may be multi-token prediction"
              .formatted(left.stream().mapToLong(lines::get).sum(), shown(left)));
    }
  }

  private static String shown(Collection<Long> numbers) {
    return numbers.stream().limit(MOST_SHOWN).map(String::valueOf).collect(Collectors.joining(", "))
        + (numbers.size() > MOST_SHOWN ? ", ..." : "");
  }
}
