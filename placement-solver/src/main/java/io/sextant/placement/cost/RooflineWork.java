package io.sextant.placement.cost;

/**
 * The larger of the time of the arithmetic and the time of reading the weights of the experts that
 * have a row, by the rates of the data sheet: for GPUs without measured times (roofline model;
 * Williams, Waterman and Patterson, CACM 52, 2009).
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
