package io.sextant.schema.stats;

import java.io.Serializable;

/**
 * A snapshot that cannot be used.
 *
 * @param site the product's name
 * @param step the training step
 * @param reason the file, the line, the field and its value
 */
public record UnusableSnapshot(String site, long step, String reason) implements Serializable {}
