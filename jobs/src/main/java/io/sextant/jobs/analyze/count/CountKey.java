package io.sextant.jobs.analyze.count;

import java.io.Serializable;

/**
 * The layer and day that a {@link Counts} covers.
 *
 * @param layer absolute id of the layer
 * @param day yyyy-MM-dd, or {@link #WINDOW} for counts over all days
 */
public record CountKey(int layer, String day) implements Serializable {
  public static final String WINDOW = "";
}
