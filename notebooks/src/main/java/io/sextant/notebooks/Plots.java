package io.sextant.notebooks;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** Plots as images. One that has nothing to show says so, with the reason. */
public final class Plots {
  static final int WIDTH = 860;
  private static final int HEIGHT = 420;

  /** Labels of more characters in all do not fit side by side. */
  private static final int CROWDED = 70;

  private static final int MOST_LABELS = 24;

  private Plots() {}

  /** A group of bars for each value of {@code x}, a bar for each value of {@code series}. */
  public static BufferedImage bars(
      String title, String xTitle, String yTitle, Rows rows, String x, String series, String y) {
    String missing = rows.missing(y);
    if (missing != null) {
      return Unavailable.image(title, missing);
    }
    CategoryChart chart = categories(title, xTitle, yTitle, rows.distinct(x));
    List<String> names = rows.distinct(series);
    for (String name : names) {
      List<Double> values = byCategory(rows.where(series, name), rows.distinct(x), x, y);
      chart.addSeries(name, rows.distinct(x), values).setFillColor(Palette.of(names, name));
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  /**
   * A point with the interval from {@code low} to {@code high} for each value of {@code x}, joined
   * by a line for each value of {@code series}. The axis does not begin at 0. Whiskers are
   * symmetric, of half the interval's length.
   */
  public static BufferedImage intervals(
      String title, String yTitle, Rows rows, String x, String series, String y) {
    String missing = rows.missing(y);
    if (missing != null) {
      return Unavailable.image(title, missing);
    }
    List<String> categories = rows.distinct(x);
    CategoryChart chart = categories(title, x, yTitle, categories);
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
    chart.getStyler().setErrorBarsColorSeriesColor(true);
    chart.getStyler().setMarkerSize(8);
    double[] ends = ends(rows, y);
    chart.getStyler().setYAxisMin(ends[0]).setYAxisMax(ends[1]);
    List<String> names = rows.distinct(series);
    for (String name : names) {
      Rows own = rows.where(series, name);
      List<Double> low = byCategory(own, categories, x, "low");
      List<Double> high = byCategory(own, categories, x, "high");
      List<Double> half = new ArrayList<>();
      for (int i = 0; i < categories.size(); i++) {
        boolean known = low.get(i) != null && high.get(i) != null;
        half.add(known ? (high.get(i) - low.get(i)) / 2 : 0.0);
      }
      Color colour = Palette.of(names, name);
      CategorySeries made =
          chart.addSeries(name, categories, byCategory(own, categories, x, y), half);
      made.setLineColor(colour);
      made.setMarkerColor(colour);
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  /** The ends of an axis that leaves a tenth of the range free on both sides. */
  private static double[] ends(Rows rows, String y) {
    double[] values =
        List.of(y, "low", "high").stream()
            .flatMap(column -> rows.numbers(column).stream())
            .filter(Double::isFinite)
            .mapToDouble(Double::doubleValue)
            .toArray();
    double low = Arrays.stream(values).min().orElseThrow();
    double high = Arrays.stream(values).max().orElseThrow();
    double margin = Math.max(0.1 * (high - low), 1e-3 * Math.abs(high));
    return new double[] {low - margin, high + margin};
  }

  /** A line for each value of {@code series}; on logarithmic axes where asked. */
  public static BufferedImage lines(
      String title,
      String xTitle,
      String yTitle,
      Rows rows,
      String x,
      String series,
      String y,
      boolean logarithmicX) {
    String missing = rows.missing(y);
    if (missing != null) {
      return Unavailable.image(title, missing);
    }
    XYChart chart = xy(title, xTitle, yTitle, rows, x, series, y);
    chart.getStyler().setXAxisLogarithmic(logarithmicX);
    return BitmapEncoder.getBufferedImage(chart);
  }

  /** A point a row, a colour for each value of {@code series}. */
  public static BufferedImage scatter(
      String title, String xTitle, String yTitle, Rows rows, String x, String series, String y) {
    String missing = rows.missing(y) == null ? rows.missing(x) : rows.missing(y);
    if (missing != null) {
      return Unavailable.image(title, missing);
    }
    XYChart chart = xy(title, xTitle, yTitle, rows, x, series, y);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(6);
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static XYChart xy(
      String title, String xTitle, String yTitle, Rows rows, String x, String series, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    style(chart.getStyler(), List.of());
    List<String> names = rows.distinct(series);
    for (String name : names) {
      Rows own = rows.where(series, name);
      Color colour = Palette.of(names, name);
      XYSeries made = chart.addSeries(name, own.numbers(x), own.numbers(y));
      made.setLineColor(colour);
      made.setMarkerColor(colour);
    }
    return chart;
  }

  private static CategoryChart categories(
      String title, String xTitle, String yTitle, List<String> categories) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    style(chart.getStyler(), categories);
    return chart;
  }

  /** A value for each category; null if there is none. */
  private static List<Double> byCategory(Rows own, List<String> categories, String x, String y) {
    List<Double> values = new ArrayList<>();
    for (String category : categories) {
      List<Double> found = own.where(x, category).numbers(y);
      values.add(found.isEmpty() || found.get(0).isNaN() ? null : found.get(0));
    }
    return values;
  }

  /** A cell for each pair of {@code x} and {@code y}, the darker the larger. */
  public static BufferedImage heat(
      String title, String xTitle, String yTitle, Rows rows, String x, String y, String value) {
    String missing = rows.missing(value);
    if (missing != null) {
      return Unavailable.image(title, missing);
    }
    List<String> across = rows.distinct(x);
    List<String> up = new ArrayList<>(rows.distinct(y));
    Collections.reverse(up);
    List<Number[]> cells = new ArrayList<>();
    List<String> xs = rows.texts(x);
    List<String> ys = rows.texts(y);
    List<Double> values = rows.numbers(value);
    for (int i = 0; i < values.size(); i++) {
      cells.add(
          new Number[] {across.indexOf(xs.get(i)), up.indexOf(ys.get(i)), rounded(values.get(i))});
    }
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    chart.getStyler().setRangeColors(Palette.SCALE);
    chart.getStyler().setShowValue(across.size() * up.size() <= 150);
    chart.getStyler().setHeatMapValueDecimalPattern("0.00");
    style(chart.getStyler(), across);
    chart.addSeries(value, across, up, cells);
    return BitmapEncoder.getBufferedImage(chart);
  }

  /** The legend shows what it is given, digit by digit. */
  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  private static void style(AxesChartStyler styler, List<String> labels) {
    styler.setChartBackgroundColor(Palette.BACKGROUND);
    styler.setPlotBackgroundColor(Palette.BACKGROUND);
    styler.setLegendBackgroundColor(Palette.BACKGROUND);
    styler.setChartFontColor(Palette.TEXT);
    styler.setAxisTickLabelsColor(Palette.MUTED);
    styler.setPlotGridLinesColor(Palette.GRID);
    styler.setPlotBorderColor(Palette.GRID);
    styler.setLegendBorderColor(Palette.GRID);
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    boolean crowded = String.join("", labels).length() > CROWDED;
    styler.setXAxisLabelRotation(crowded ? 60 : 0);
    if (!labels.isEmpty() && labels.size() <= MOST_LABELS) {
      styler.setXAxisTickMarkSpacingHint(1);
    }
    styler.setYAxisTickMarkSpacingHint(24);
  }
}
