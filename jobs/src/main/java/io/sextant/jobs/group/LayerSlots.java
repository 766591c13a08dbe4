package io.sextant.jobs.group;

import java.io.Serializable;

/**
 * A layer's placement, as it is sent to the driver.
 *
 * @param layer absolute id
 * @param slots shape [slots]
 */
record LayerSlots(int layer, int[] slots) implements Serializable {}
