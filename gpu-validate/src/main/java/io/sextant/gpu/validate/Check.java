package io.sextant.gpu.validate;

/**
 * The outcome of one check.
 *
 * @param name what was checked
 * @param passed whether it held
 * @param figures what was found, for a person
 */
public record Check(String name, boolean passed, String figures) {}
