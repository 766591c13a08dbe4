package io.sextant.numerics.dispatch;

import io.sextant.schema.InvalidInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * LoKA's dispatch (arXiv 2605.10886): chooses, per product and number of tokens, the fastest kernel
 * that is accurate enough and sufficiently faster than BF16, otherwise the library's BF16. Among
 * kernels whose noise bands overlap the fastest one's, the simplest is chosen.
 */
public final class SiteDispatch {
  private final Requirement requirement;
  private final Accuracy accuracy;

  /** Creates a dispatch with this requirement and these errors. */
  public SiteDispatch(Requirement requirement, Accuracy accuracy) {
    this.requirement = requirement;
    this.accuracy = accuracy;
  }

  /**
   * Chooses among the kernels of one product at one number of tokens.
   *
   * @param kernels kernels to choose from, including the library's BF16
   */
  public Choice choose(List<KernelFigures> kernels) {
    KernelFigures bf16 = libraryBf16(kernels);
    List<Choice.Loser> losers = new ArrayList<>();
    List<KernelFigures> fit = new ArrayList<>(List.of(bf16));
    for (KernelFigures kernel : kernels) {
      if (!kernel.equals(bf16)) {
        Optional<String> unfit = unfit(kernel, bf16);
        if (unfit.isPresent()) {
          losers.add(new Choice.Loser(kernel, unfit.get()));
        } else {
          fit.add(kernel);
        }
      }
    }
    KernelFigures fastest = fastest(fit);
    KernelFigures chosen =
        fit.stream()
            .filter(kernel -> kernel.endToEndLowUs() <= fastest.endToEndHighUs())
            .min(Comparator.comparingInt(KernelFigures::complexity))
            .orElseThrow();
    for (KernelFigures kernel : fit) {
      if (!kernel.equals(chosen)) {
        losers.add(new Choice.Loser(kernel, whyNot(kernel, chosen)));
      }
    }
    return new Choice(chosen, error(chosen), bf16, losers);
  }

  /**
   * What to use on a machine that does not have the chosen kernel's package: the choice among the
   * kernels of no package.
   *
   * @return empty if the chosen kernel is of no package
   */
  public Optional<Choice> fallback(List<KernelFigures> kernels, Choice choice) {
    return choice.kernel().packaged()
        ? Optional.of(choose(kernels.stream().filter(kernel -> !kernel.packaged()).toList()))
        : Optional.empty();
  }

  /** All allowed kernels: BF16, and those that are accurate enough and sufficiently faster. */
  List<KernelFigures> allowed(List<KernelFigures> kernels) {
    KernelFigures bf16 = libraryBf16(kernels);
    return kernels.stream()
        .filter(kernel -> kernel.equals(bf16) || unfit(kernel, bf16).isEmpty())
        .toList();
  }

  double error(KernelFigures kernel) {
    return kernel.approximate() ? accuracy.error(kernel) : kernel.relativeFrobenius();
  }

  static KernelFigures libraryBf16(List<KernelFigures> kernels) {
    return kernels.stream()
        .filter(kernel -> kernel.ran() && !kernel.approximate() && kernel.ofLibrary())
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "%s of %s at %d tokens"
                        .formatted(
                            kernels.get(0).site(), kernels.get(0).model(), kernels.get(0).tokens()),
                    "no BF16 kernel of the library was measured for comparison",
                    "Run gpu-validate kernels for it to the end"));
  }

  private Optional<String> unfit(KernelFigures kernel, KernelFigures bf16) {
    if (!kernel.ran()) {
      return Optional.of("did not run: " + kernel.refusal());
    }
    Optional<String> objection =
        kernel.approximate() ? accuracy.objection(kernel) : Optional.empty();
    if (objection.isPresent()) {
      return objection;
    }
    if (error(kernel) > requirement.mostError()) {
      return Optional.of(text("error %.4f is over %.4f", error(kernel), requirement.mostError()));
    }
    if (kernel.workspaceBytes() != null
        && kernel.workspaceBytes() > requirement.mostWorkspaceBytes()) {
      return Optional.of(
          text(
              "its workspace of %.1f MB is over %.1f MB",
              kernel.workspaceBytes() / 1e6, requirement.mostWorkspaceBytes() / 1e6));
    }
    double speedup = bf16.endToEndUs() / kernel.endToEndUs();
    return speedup < requirement.leastSpeedup()
        ? Optional.of(text("%.2fx of BF16 is under %.2fx", speedup, requirement.leastSpeedup()))
        : Optional.empty();
  }

  private static String whyNot(KernelFigures kernel, KernelFigures chosen) {
    return kernel.endToEndUs() < chosen.endToEndUs()
        ? text(
            "%.1f us is within the noise of the plainer kernel's %.1f us",
            kernel.endToEndUs(), chosen.endToEndUs())
        : text("%.1f us against %.1f us", kernel.endToEndUs(), chosen.endToEndUs());
  }

  private static KernelFigures fastest(List<KernelFigures> kernels) {
    return kernels.stream()
        .min(Comparator.comparingDouble(KernelFigures::endToEndUs))
        .orElseThrow();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
