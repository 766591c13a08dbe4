package io.sextant.numerics.pruning;

import io.sextant.numerics.gemm.GemmSite;
import io.sextant.schema.InvalidInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chain of fully connected products. Product i, from 1, is called {@code NAME.fci} and maps
 * {@code widths[i - 1]} features to {@code widths[i]} neurons. All but the last are hidden layers,
 * whose neurons can be pruned, which makes their own product narrower and the next one shorter.
 *
 * @param widths number of features of the input, of neurons of each hidden layer, and of outputs
 */
public record LayerChain(String name, List<Integer> widths) implements Serializable {
  /** Rows of 16-bit values start at multiples of 16 bytes, as the tensor cores' copies require. */
  private static final int ALIGNMENT = 8;

  private static final int WIDEST = 1 << 20;
  private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9_.]+)=(\\d+(?:-\\d+){2,})");

  /**
   * Reads {@code top=53-512-512-256-1}.
   *
   * @throws InvalidInputException if the text is not of that form or there is no hidden layer
   */
  public static LayerChain parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw wrong(text, "is not a chain of layers");
    }
    List<Integer> widths = new ArrayList<>();
    for (String width : matcher.group(2).split("-", -1)) {
      int value = width.length() > 7 ? 0 : Integer.parseInt(width);
      if (value < 1 || value > WIDEST) {
        throw wrong(text, "a width must be from 1 to " + WIDEST);
      }
      widths.add(value);
    }
    return new LayerChain(matcher.group(1), List.copyOf(widths));
  }

  private static InvalidInputException wrong(String text, String problem) {
    return InvalidInputException.of(
        "--chain " + text, problem, "Write NAME=INPUT-HIDDEN-...-OUTPUT, as top=53-512-512-256-1");
  }

  /** Number of hidden layers. */
  public int hidden() {
    return widths.size() - 2;
  }

  /** Name of hidden layer or product i, from 1. */
  public String layer(int i) {
    return name + ".fc" + i;
  }

  /**
   * Product i, from 1, with the widths that the GPU uses: rounded up to a multiple of 8.
   *
   * @param inputs number of neurons kept before the product
   * @param outputs number of neurons kept after the product
   */
  public GemmSite product(int i, int inputs, int outputs) {
    return new GemmSite(layer(i), aligned(outputs), aligned(inputs));
  }

  /**
   * All shapes of the products if each hidden layer can keep any of these shares.
   *
   * @param densities shares above 0 and at most 1
   */
  public List<GemmSite> products(double[] densities) {
    Set<GemmSite> products = new LinkedHashSet<>();
    for (int i = 1; i < widths.size(); i++) {
      for (int inputs : candidates(i - 1, densities)) {
        for (int outputs : candidates(i, densities)) {
          products.add(product(i, inputs, outputs));
        }
      }
    }
    return List.copyOf(products);
  }

  /** The possible widths at a position of the chain, ascending; input and output are not pruned. */
  int[] candidates(int place, double[] densities) {
    int width = widths.get(place);
    return place == 0 || place == widths.size() - 1
        ? new int[] {width}
        : Arrays.stream(densities)
            .mapToInt(density -> kept(density, width))
            .sorted()
            .distinct()
            .toArray();
  }

  /** Number of neurons that a density keeps in a layer of {@code width}: rounded, at least one. */
  public static int kept(double density, int width) {
    return (int) Math.max(1, Math.min(width, Math.round(density * width)));
  }

  private static int aligned(int width) {
    return (width + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
