package io.sextant.jobs.cli;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.numerics.pruning.LayerChain;
import java.util.List;
import picocli.CommandLine.Option;

/** Options for chains of layers and for the shares of their neurons that may be kept. */
public final class ChainOptions {
  @Option(
      names = "--chain",
      required = true,
      arity = "1..*",
      paramLabel = "NAME=WIDTHS",
      description =
          "A chain of layers, NAME=INPUT-HIDDEN-...-OUTPUT; product i and the hidden layer"
              + " after it are called NAME.fci.")
  private List<String> chains;

  @Option(
      names = "--densities",
      split = ",",
      defaultValue = "0.06,0.12,0.25,0.5,0.75,1",
      description = "Shares of its neurons that a layer may keep (default ${DEFAULT-VALUE}).")
  private List<Double> densities;

  /**
   * The chains, in the order in which they are given.
   *
   * @throws io.sextant.schema.InvalidInputException if one is not a chain of layers
   */
  public List<LayerChain> chains() {
    return chains.stream().map(LayerChain::parse).toList();
  }

  /**
   * The shares.
   *
   * @throws io.sextant.schema.InvalidInputException if a share is not above 0 and at most 1
   */
  public double[] densities() {
    densities.forEach(d -> require("--densities", d, d > 0 && d <= 1, "above 0 and at most 1"));
    return densities.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
