package io.sextant.placement.migration;

import java.io.Serializable;

/**
 * One of the maps a layer could go to.
 *
 * @param movedSlots how far it is from the current map
 * @param objective what solving minimises, in remote nodes per token
 * @param slots shape [slots]: the logical expert in each slot
 */
public record LayerOption(int movedSlots, double objective, int[] slots) implements Serializable {}
