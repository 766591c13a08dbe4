package io.sextant.numerics.stream;

import io.sextant.numerics.pruning.WidthPlan;
import java.util.List;

/**
 * The neurons that one window is served with.
 *
 * @param action {@code plan} if widths were chosen, {@code keep} if they were left, {@code full} if
 *     nothing is pruned
 * @param plan widths and time
 * @param lost importance that each layer loses in this window
 * @param replaced neurons of each layer that were not served in the pruned window before
 * @param damage damage of the window
 */
public record WindowPlan(
    int window,
    String action,
    WidthPlan plan,
    List<Double> lost,
    List<Integer> replaced,
    double damage) {}
