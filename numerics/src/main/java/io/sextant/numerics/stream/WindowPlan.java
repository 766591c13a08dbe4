package io.sextant.numerics.stream;

import io.sextant.numerics.pruning.WidthPlan;
import java.util.List;

/**
 * The plan for serving one window.
 *
 * @param action {@code plan} if new widths were chosen, {@code keep} if they stayed the same,
 *     {@code full} if nothing is pruned
 * @param plan widths and time
 * @param lost importance lost in this window, per layer
 * @param replaced number of neurons per layer that were not served in the previous pruned window
 * @param damage damage of the window
 */
public record WindowPlan(
    int window,
    String action,
    WidthPlan plan,
    List<Double> lost,
    List<Integer> replaced,
    double damage) {}
