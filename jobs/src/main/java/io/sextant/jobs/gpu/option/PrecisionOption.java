package io.sextant.jobs.gpu.option;

import io.sextant.schema.spec.Packaging;
import io.sextant.schema.spec.Packagings;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The option for the precision of the experts' products. */
public final class PrecisionOption {
  private enum Precision {
    BF16,
    E4M3
  }

  @Option(
      names = "--precision",
      defaultValue = "BF16",
      description = "Precision of the products, bf16 or e4m3 (default ${DEFAULT-VALUE}).")
  private Precision precision;

  /** Whether the precision is E4M3. */
  public boolean e4m3() {
    return precision == Precision.E4M3;
  }

  /** The packaging of weights in this precision. */
  public Packaging packaging() {
    return Packagings.load(e4m3() ? "fp8" : Packagings.BF16);
  }

  /** The precision's name in files: {@code bf16} or {@code e4m3}. */
  public String id() {
    return precision.name().toLowerCase(Locale.ROOT);
  }
}
