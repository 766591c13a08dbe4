package io.sextant.placement.view;

import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import java.util.Arrays;

/**
 * A layer in which every copy is an expert of its own. Under a rule with views a token's class says
 * which copy of each expert it uses, so with fixed numbers of copies a map with copies is a map
 * without: of as many experts as there are slots, one slot each. The order of an expert's copies
 * must be that of their slots, because engines number copies in slot order.
 *
 * @param problem the layer with a copy's number in place of the expert's
 * @param limits the order of the copies of an expert
 * @param expertOf shape [slots]: the expert of each copy
 */
public record ViewedLayer(LayerProblem problem, CopyLimits limits, int[] expertOf) {

  /**
   * @param copies shape [experts]: how many copies each expert has, 1 or more
   * @throws IllegalArgumentException if the copies are not as many as the slots
   */
  public static ViewedLayer of(LayerProblem layer, int[] copies) {
    int slots = layer.layout().slots();
    if (Arrays.stream(copies).sum() != slots) {
      throw new IllegalArgumentException(
          "%d copies for %d slots".formatted(Arrays.stream(copies).sum(), slots));
    }
    int[] first = new int[copies.length];
    int[] expertOf = new int[slots];
    CopyLimits limits = CopyLimits.anywhere(slots);
    for (int e = 0, next = 0; e < copies.length; e++) {
      first[e] = next;
      for (int c = 0; c < copies[e]; c++, next++) {
        expertOf[next] = e;
        if (c > 0) {
          limits.before()[next] = next - 1;
          limits.after()[next - 1] = next;
        }
      }
    }
    LayerTokens tokens = layer.tokens();
    int[] numbers = TokenClasses.of(layer);
    short[] ids = new short[tokens.ids().length];
    for (int i = 0; i < ids.length; i++) {
      int e = tokens.ids()[i];
      ids[i] =
          (short) (first[e] + Integer.remainderUnsigned(numbers[i / tokens.topK()], copies[e]));
    }
    return new ViewedLayer(
        layer.with(
            new LayerTokens(
                slots, tokens.topK(), ids, tokens.sourceNode(), tokens.sourceLocalGpu())),
        limits,
        expertOf);
  }

  /**
   * A layer's tokens with every expert split by the class of the token.
   *
   * @return tokens of twice as many experts: part c of expert e is number 2 e + c
   */
  public static LayerTokens halves(LayerProblem layer) {
    LayerTokens tokens = layer.tokens();
    int[] numbers = TokenClasses.of(layer);
    short[] ids = new short[tokens.ids().length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (short) (2 * tokens.ids()[i] + (numbers[i / tokens.topK()] & 1));
    }
    return new LayerTokens(
        2 * tokens.experts(), tokens.topK(), ids, tokens.sourceNode(), tokens.sourceLocalGpu());
  }

  /**
   * @param slotToCopy shape [slots]: the copy in each slot
   * @return shape [slots]: the expert in each slot
   */
  public int[] experts(int[] slotToCopy) {
    return Arrays.stream(slotToCopy).map(copy -> expertOf[copy]).toArray();
  }

  /**
   * @param slotToExpert shape [slots]: a map in which each expert has as many copies as here
   * @return shape [slots]: the copy in each slot
   */
  public int[] copies(int[] slotToExpert) {
    int[] next = new int[expertOf[expertOf.length - 1] + 1];
    for (int copy = expertOf.length - 1; copy >= 0; copy--) {
      next[expertOf[copy]] = copy;
    }
    return Arrays.stream(slotToExpert).map(expert -> next[expert]++).toArray();
  }
}
