package io.sextant.numerics.winograd;

import io.sextant.schema.InvalidInputException;
import java.util.Arrays;

/**
 * Prunes a layer as far as a budget of output error allows. Weights are chosen on the first half of
 * the layer's images and judged on the others.
 */
public final class LayerPruner {
  /** Shares of the squared error for spatial pruning if both methods are used. */
  private static final double[] SPATIAL_PARTS = {0, 0.25, 0.5, 0.75, 1};

  private final ConvLayer fitted;
  private final InputTiles tiles;
  private final InputTiles otherTiles;
  private final double[] exact;
  private final double[] otherExact;
  private final WinogradWeights weights;
  private SpatialPruning spatial;

  /**
   * @throws InvalidInputException if there is only one image
   */
  public LayerPruner(ConvLayer layer, WinogradTile tile) {
    if (layer.images() < 2) {
      throw InvalidInputException.of(
          layer.name(), "there is one image", "Give two: one to choose from, one to judge on");
    }
    fitted = images(layer, 0, (layer.images() + 1) / 2);
    ConvLayer others = images(layer, fitted.images(), layer.images());
    tiles = new InputTiles(fitted, tile, false);
    otherTiles = new InputTiles(others, tile, false);
    exact = DirectConvolution.outputs(fitted, false);
    otherExact = DirectConvolution.outputs(others, false);
    weights = WinogradWeights.of(layer, tile);
  }

  private static ConvLayer images(ConvLayer layer, int from, int to) {
    int values = layer.in() * layer.side() * layer.side();
    return new ConvLayer(
        layer.name(),
        layer.out(),
        layer.in(),
        layer.weights(),
        to - from,
        layer.side(),
        Arrays.copyOfRange(layer.activations(), from * values, to * values));
  }

  /** Whether a method can prune this layer. */
  public boolean applies(PruningMethod method) {
    return method != PruningMethod.BLOCKS || BlockPruning.fits(fitted);
  }

  /**
   * Prunes as far as the budget allows.
   *
   * @param budget maximum relative Frobenius error of the output
   */
  public PrunedLayer prune(PruningMethod method, double budget) {
    return judged(
        method,
        budget,
        switch (method) {
          case SPATIAL -> within(spatial(), budget);
          case DIRECT -> within(new DirectPruning(weights, tiles), budget);
          case BOTH -> both(budget);
          case BLOCKS -> within(new BlockPruning(weights, tiles), budget);
        });
  }

  /**
   * Prunes blocks up to a given sparsity, regardless of the error.
   *
   * @param sparsity share of the blocks to prune
   */
  public WinogradWeights blocks(double sparsity) {
    BlockPruning blocks = new BlockPruning(weights, tiles);
    return blocks.after((int) Math.round(sparsity * blocks.steps()));
  }

  /** Relative Frobenius error of the output on the images that were not used for choosing. */
  public double errorOfOthers(WinogradWeights pruned) {
    return DirectConvolution.relativeError(
        WinogradConvolution.outputs(otherTiles, pruned), otherExact);
  }

  private WinogradWeights both(double budget) {
    WinogradWeights best = null;
    for (double part : SPATIAL_PARTS) {
      WinogradWeights transferred =
          part == 0 ? weights : within(spatial(), budget * Math.sqrt(part));
      WinogradWeights both = within(new DirectPruning(transferred, tiles), budget);
      if (best == null || both.sparsity() > best.sparsity()) {
        best = both;
      }
    }
    return best;
  }

  private SpatialPruning spatial() {
    if (spatial == null) {
      spatial = new SpatialPruning(fitted, tiles.tile());
    }
    return spatial;
  }

  /** The layer after as many steps as the budget allows; the error rises with each step. */
  private WinogradWeights within(PruningOrder order, double budget) {
    int fits = 0;
    int tooMany = order.steps() + 1;
    while (tooMany - fits > 1 + order.steps() / 4096) {
      int middle = (fits + tooMany) >>> 1;
      if (error(order.after(middle)) <= budget) {
        fits = middle;
      } else {
        tooMany = middle;
      }
    }
    return order.after(fits);
  }

  private double error(WinogradWeights pruned) {
    return DirectConvolution.relativeError(WinogradConvolution.outputs(tiles, pruned), exact);
  }

  private PrunedLayer judged(PruningMethod method, double budget, WinogradWeights pruned) {
    return new PrunedLayer(
        fitted.name(),
        tiles.tile(),
        method,
        budget,
        pruned.sparsity(),
        error(pruned),
        errorOfOthers(pruned));
  }
}
