package io.sextant.jobs.analyze.count;

import java.io.Serializable;

/**
 * What a {@link Counts} covers.
 *
 * @param layer absolute id of the layer
 * @param day yyyy-MM-dd, or {@link #WINDOW} for what is counted over all days
 */
public record CountKey(int layer, String day) implements Serializable {
  public static final String WINDOW = "";
}
