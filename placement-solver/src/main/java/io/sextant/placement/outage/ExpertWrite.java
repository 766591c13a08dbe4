package io.sextant.placement.outage;

/**
 * An expert that is written to a slot of a GPU that is left.
 *
 * @param slot physical slot, numbered as before
 * @param expert logical expert in the slot afterwards
 * @param fromSlot slot of a lost GPU that had the expert's only copies; if the GPU failed, the
 *     weights come from the host's memory or from storage
 */
public record ExpertWrite(int slot, int expert, int fromSlot) {}
