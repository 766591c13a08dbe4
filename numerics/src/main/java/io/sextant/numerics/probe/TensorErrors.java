package io.sextant.numerics.probe;

import io.sextant.numerics.gemm.EmulatedGemm;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import java.util.ArrayList;
import java.util.List;

/** Errors of real products: measured on a device, emulated, and predicted from statistics alone. */
public final class TensorErrors {
  /** Maximum difference between measured and emulated error. */
  private static final double TOLERANCE = 0.02;

  private TensorErrors() {}

  /**
   * The errors of one product under one recipe.
   *
   * @param kernel {@code cublaslt}, {@code sextant grouped}, or {@code cpu} without a device
   * @param measured error of the kernel; null on the CPU
   * @param gaussian predicted error for N(0,1) operands, the baseline of predictions
   */
  public record Row(
      String site,
      Recipe recipe,
      String kernel,
      ErrorFigures measured,
      ErrorFigures emulated,
      PredictedError predicted,
      double gaussian) {

    /**
     * Whether the kernel's error agrees with that of the recipe's emulation. A wrong kernel has a
     * different error.
     */
    public boolean agrees() {
      double ratio = measured.relativeFrobenius() / emulated.relativeFrobenius();
      return Math.abs(ratio - 1) <= TOLERANCE;
    }
  }

  /** Runs one recipe of one product. */
  @FunctionalInterface
  public interface Device {
    float[] multiply(Recipe recipe, SiteTensors site);
  }

  /**
   * Compares all recipes.
   *
   * @param device the device that calculates the product; null for the emulation only
   */
  public static List<Row> of(SiteTensors site, String kernel, List<Recipe> recipes, Device device) {
    LayerStatistics activations =
        MatrixStatistics.of(site.site(), Operand.ACTIVATION, site.activations());
    LayerStatistics weights = MatrixStatistics.of(site.site(), Operand.WEIGHT, site.weights());
    float[] x = site.activations().values();
    float[] w = site.weights().values();
    float[] exact = EmulatedGemm.exact(x, w, site.tokens(), site.out(), site.k());
    List<Row> rows = new ArrayList<>();
    for (Recipe recipe : recipes) {
      float[] emulated = EmulatedGemm.multiply(recipe, x, w, site.tokens(), site.out(), site.k());
      rows.add(
          new Row(
              site.site(),
              recipe,
              kernel,
              device == null ? null : ErrorFigures.of(device.multiply(recipe, site), exact),
              ErrorFigures.of(emulated, exact),
              PredictedError.of(recipe, activations, weights),
              PredictedError.ofGaussian(recipe)));
    }
    return rows;
  }
}
