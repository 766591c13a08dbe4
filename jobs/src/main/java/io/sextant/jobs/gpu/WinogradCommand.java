package io.sextant.jobs.gpu;

import io.sextant.numerics.winograd.ConvLayer;
import io.sextant.numerics.winograd.HalfErrors;
import io.sextant.numerics.winograd.LayerPruner;
import io.sextant.numerics.winograd.PrunedLayer;
import io.sextant.numerics.winograd.PruningMethod;
import io.sextant.numerics.winograd.WinogradTile;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant gpu-validate winograd}. */
@Command(
    name = "winograd",
    description =
        "Computes on the CPU how far real 3x3 layers can be pruned in the Winograd domain.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Sparsity is the largest share of Winograd weights that can be 0 while the error of"
          + " the output is within the budget. The weights are chosen on the first half of the"
          + " images, and the error is also given for the others.",
      "Example: sextant gpu-validate winograd --input layers.safetensors"
    })
final class WinogradCommand implements Callable<Integer> {
  @Mixin private LayersOption input;

  @Option(
      names = "--budget",
      split = ",",
      defaultValue = "0.01,0.03",
      description =
          "Maximum relative Frobenius errors of a layer's output (default ${DEFAULT-VALUE}).")
  private List<Double> budgets;

  @Override
  public Integer call() throws IOException {
    for (double budget : budgets) {
      if (!(budget > 0 && budget < 1)) {
        throw InvalidInputException.of(
            "--budget " + budget, "it must be above 0 and below 1", "Give a number in that range");
      }
    }
    List<ConvLayer> layers = input.read();
    System.out.printf(
        "%-24s %4s %4s %5s  %10s %10s %10s%n",
        "float16 error", "out", "in", "side", "direct", "F(2,3)", "F(4,3)");
    for (ConvLayer layer : layers) {
      HalfErrors errors = HalfErrors.of(layer);
      System.out.printf(
          Locale.ROOT,
          "%-24s %4d %4d %5d  %10.6f %10.6f %10.6f%n",
          layer.name(),
          layer.out(),
          layer.in(),
          layer.side(),
          errors.direct(),
          errors.f2(),
          errors.f4());
    }
    System.out.printf(
        "%n%-24s %-4s %-8s %8s %10s %10s %10s%n",
        "sparsity", "tile", "method", "budget", "sparsity", "error", "of others");
    for (ConvLayer layer : layers) {
      for (WinogradTile tile : WinogradTile.values()) {
        LayerPruner pruner = new LayerPruner(layer, tile);
        for (double budget : budgets) {
          for (PruningMethod method : PruningMethod.values()) {
            if (pruner.applies(method)) {
              print(pruner.prune(method, budget));
            }
          }
        }
      }
    }
    return 0;
  }

  private static void print(PrunedLayer pruned) {
    System.out.printf(
        Locale.ROOT,
        "%-24s %-4s %-8s %8.3f %9.1f%% %10.5f %10.5f%n",
        pruned.layer(),
        pruned.tile().id(),
        pruned.method().id(),
        pruned.budget(),
        100 * pruned.sparsity(),
        pruned.error(),
        pruned.errorOfOthers());
  }
}
