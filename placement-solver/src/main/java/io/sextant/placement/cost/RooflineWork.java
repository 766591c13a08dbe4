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
  public double micros(long[] rowsOfSlot, int from, int until) {
    long rows = 0;
    int experts = 0;
    for (int slot = from; slot < until; slot++) {
      rows += rowsOfSlot[slot];
      experts += rowsOfSlot[slot] > 0 ? 1 : 0;
    }
    return Math.max(rows * microsPerRow, experts * microsPerExpert);
  }
}
