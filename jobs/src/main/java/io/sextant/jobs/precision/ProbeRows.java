package io.sextant.jobs.precision;

import io.sextant.jobs.analyze.Similarity;
import io.sextant.numerics.probe.Hazard;
import io.sextant.numerics.probe.PredictedError;
import io.sextant.numerics.probe.SiteProbe;
import io.sextant.numerics.probe.SiteSnapshots;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import io.sextant.schema.table.PrecisionTables.LayerDriftRow;
import io.sextant.schema.table.PrecisionTables.LayerStatsRow;
import io.sextant.schema.table.PrecisionTables.PrecisionSiteRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The results of probe as rows of the warehouse.
 *
 * @param mostError relative Frobenius error above which a product is unsafe
 */
record ProbeRows(String model, String runId, double mostError) implements Serializable {

  LayerStatsRow statistics(LayerStatistics one) {
    return new LayerStatsRow(
        one.site(),
        one.operand().id(),
        one.step(),
        one.rows(),
        one.columns(),
        one.mean(),
        one.std(),
        one.absmax(),
        one.kurtosis(),
        one.absQ50(),
        one.absQ90(),
        one.absQ99(),
        one.absQ999(),
        one.zeroFraction(),
        one.fits24(),
        one.energyKept24(),
        one.channelAbsmaxMax(),
        one.channelAbsmaxMedian(),
        one.rowAbsmaxMedian(),
        one.exponents(),
        one.biasL2(),
        one.outputMeanOverStd(),
        one.outputRowMeanOverStd(),
        one.columnMeans(),
        one.columnCovariance(),
        runId,
        model);
  }

  /** Rows of the change from each snapshot to the next. */
  List<LayerDriftRow> drift(SiteSnapshots site) {
    List<LayerDriftRow> rows = new ArrayList<>();
    for (Operand operand : Operand.values()) {
      List<LayerStatistics> steps = site.steps(operand);
      for (int i = 1; i < steps.size(); i++) {
        LayerStatistics a = steps.get(i - 1);
        LayerStatistics b = steps.get(i);
        rows.add(
            new LayerDriftRow(
                a.site(),
                operand.id(),
                a.step(),
                b.step(),
                divergence(a.exponents(), b.exponents()),
                ratio(Math.sqrt(b.secondMoment()), Math.sqrt(a.secondMoment())),
                ratio(b.absmax(), a.absmax()),
                runId,
                model));
      }
    }
    return rows;
  }

  /** Null if a histogram is empty. */
  private static Double divergence(long[] a, long[] b) {
    return Arrays.stream(a).sum() == 0 || Arrays.stream(b).sum() == 0
        ? null
        : (Double) Similarity.of(a, b).jensenShannon();
  }

  /** Null if the earlier value is 0, because there is no ratio to 0. */
  private static Double ratio(double later, double earlier) {
    return earlier == 0 ? null : (Double) (later / earlier);
  }

  /** One row per recipe. */
  List<PrecisionSiteRow> precision(SiteProbe probe) {
    String hazards = probe.hazards().stream().map(Hazard::text).collect(Collectors.joining("; "));
    String mods =
        probe.adaptations().stream()
            .map(Hazard.Adaptation::title)
            .collect(Collectors.joining("; "));
    List<PrecisionSiteRow> rows = new ArrayList<>();
    for (SiteProbe.OfRecipe ofRecipe : probe.recipes()) {
      PredictedError error = ofRecipe.error();
      rows.add(
          new PrecisionSiteRow(
              probe.site(),
              probe.step(),
              error.recipe().id(),
              error.relativeFrobenius(),
              error.sqnrDb(),
              error.calcDiff(),
              error.mere(),
              PredictedError.MERE_FLOOR,
              probe.outputs(),
              PredictedError.ofGaussian(error.recipe()),
              error.alignment(),
              probe.alignmentOf() == null ? "none" : probe.alignmentOf(),
              ofRecipe.safe(mostError) ? "safe" : "unsafe",
              ofRecipe.reason(mostError),
              hazards,
              mods,
              ofRecipe.afterMods(),
              runId,
              model));
    }
    return rows;
  }
}
