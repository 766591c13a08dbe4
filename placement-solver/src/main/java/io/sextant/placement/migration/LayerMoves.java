package io.sextant.placement.migration;

/**
 * The moves of one layer.
 *
 * @param layer absolute id of the layer
 * @param movedSlots what {@link MovedSlots#count} finds between the two maps
 * @param moves the order
 */
public record LayerMoves(int layer, int movedSlots, MoveList moves) {}
