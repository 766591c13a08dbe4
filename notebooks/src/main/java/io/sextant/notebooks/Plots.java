package io.sextant.notebooks;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** Plots as images. One that has nothing to show is an error, so that a notebook cannot hide it. */
public final class Plots {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 420;

  /** Labels of more characters in all do not fit side by side. */
  private static final int CROWDED = 70;

  private static final int MOST_LABELS = 24;

  private Plots() {}

  /** A group of bars for each value of {@code x}, a bar for each value of {@code series}. */
  public static BufferedImage bars(
      String title, String xTitle, String yTitle, Rows rows, String x, String series, String y) {
    requireRows(title, rows);
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    style(chart.getStyler(), rows.distinct(x));
    List<String> categories = rows.distinct(x);
    for (String name : rows.distinct(series)) {
      Rows own = rows.where(series, name);
      List<Double> values = new ArrayList<>();
      for (String category : categories) {
        List<Double> found = own.where(x, category).numbers(y);
        values.add(found.isEmpty() ? null : found.get(0));
      }
      chart.addSeries(name, categories, values);
    }
    return BitmapEncoder.getBufferedImage(chart);
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
    XYChart chart = xy(title, xTitle, yTitle, rows, x, series, y);
    chart.getStyler().setXAxisLogarithmic(logarithmicX);
    return BitmapEncoder.getBufferedImage(chart);
  }

  /** A point a row, a colour for each value of {@code series}. */
  public static BufferedImage scatter(
      String title, String xTitle, String yTitle, Rows rows, String x, String series, String y) {
    XYChart chart = xy(title, xTitle, yTitle, rows, x, series, y);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(6);
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static XYChart xy(
      String title, String xTitle, String yTitle, Rows rows, String x, String series, String y) {
    requireRows(title, rows);
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    style(chart.getStyler(), List.of());
    for (String name : rows.distinct(series)) {
      Rows own = rows.where(series, name);
      chart.addSeries(name, own.numbers(x), own.numbers(y));
    }
    return chart;
  }

  /** A cell for each pair of {@code x} and {@code y}, the darker the larger. */
  public static BufferedImage heat(
      String title, String xTitle, String yTitle, Rows rows, String x, String y, String value) {
    requireRows(title, rows);
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
    chart
        .getStyler()
        .setRangeColors(
            new Color[] {new Color(0xF3F6FB), new Color(0x7FA8D9), new Color(0x123A6B)});
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
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    boolean crowded = String.join("", labels).length() > CROWDED;
    styler.setXAxisLabelRotation(crowded ? 60 : 0);
    if (!labels.isEmpty() && labels.size() <= MOST_LABELS) {
      styler.setXAxisTickMarkSpacingHint(1);
    }
    styler.setYAxisTickMarkSpacingHint(24);
  }

  private static void requireRows(String title, Rows rows) {
    boolean anything =
        rows.rows().stream().flatMap(List::stream).anyMatch(value -> value instanceof Number);
    if (!anything) {
      throw new IllegalStateException(
          "nothing to plot for '%s': the warehouse has no such rows".formatted(title));
    }
  }
}
