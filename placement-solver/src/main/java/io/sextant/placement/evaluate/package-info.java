/**
 * Exact figures of a placement on rows of traces, under a serving profile: traffic between nodes,
 * balance of GPUs, nodes and network ports, activated experts per decode step, and the predicted
 * time of a layer.
 *
 * <p>The copies that a row uses are chosen by {@link io.sextant.placement.copies}. Balance is
 * max/mean per batch, averaged over the complete ones. The predicted layer time is that of the
 * slowest GPU's expert work, measured or by a roofline, plus the time of the busiest link under the
 * transport ({@link io.sextant.placement.cost.LinkCosts}).
 */
package io.sextant.placement.evaluate;
