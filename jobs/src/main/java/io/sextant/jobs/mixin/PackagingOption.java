package io.sextant.jobs.mixin;

import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import io.sextant.schema.spec.Packagings;
import picocli.CommandLine.Option;

/** The option for the packaging of a model's weights. */
public final class PackagingOption {
  @Option(
      names = "--precision",
      paramLabel = "NAME",
      completionCandidates = PackagingNames.class,
      description =
          "The packaging of the weights: a name in conf/packaging, or the path of such a file"
              + " (default: packaging of the model's description, else bf16). It decides the time,"
              + " the memory and the moved bytes of experts. Names: ${COMPLETION-CANDIDATES}.")
  private String precision;

  /**
   * The packaging of the option, else of the model's description, else BF16.
   *
   * @throws io.sextant.schema.InvalidInputException if there is no such packaging
   */
  public Packaging of(ModelSpec model) {
    if (precision != null) {
      return Packagings.load(precision);
    }
    return Packagings.load(model.packaging() == null ? Packagings.BF16 : model.packaging());
  }
}
