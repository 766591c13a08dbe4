package io.sextant.placement.evaluate;

/**
 * The larger of the arithmetic and of reading the weights of the experts that have a row: what the
 * data sheet's rates allow, where nothing was measured.
 *
 * @param microsPerRow arithmetic of one token in one expert
 * @param microsPerExpert reading one expert's weights
 */
public record RooflineWork(double microsPerRow, double microsPerExpert) implements ExpertWork {

  @Override
  public double micros(long rows, int experts) {
    return Math.max(rows * microsPerRow, experts * microsPerExpert);
  }
}
