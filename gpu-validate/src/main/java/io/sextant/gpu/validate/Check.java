package io.sextant.gpu.validate;

/**
 * The outcome of one check.
 *
 * @param name the subject of the check
 * @param passed whether the check passed
 * @param figures the findings in words
 */
public record Check(String name, boolean passed, String figures) {}
