package io.sextant.jobs.group;

import java.io.Serializable;

/**
 * A layer's placement on its way to the driver.
 *
 * @param layer absolute id
 * @param slots shape [slots]
 */
record LayerSlots(int layer, int[] slots) implements Serializable {}
