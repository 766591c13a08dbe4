package io.sextant.placement.migration;

import java.io.Serializable;

/**
 * New weights for a slot.
 *
 * @param slot the slot that is written
 * @param expert the logical expert it holds afterwards
 * @param fromSlot a slot that holds the expert before the step; its weights are read from there
 */
public record SlotWrite(int slot, int expert, int fromSlot) implements Serializable {}
