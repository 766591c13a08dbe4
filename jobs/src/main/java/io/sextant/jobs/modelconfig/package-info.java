/**
 * Reads a model's shape from its published {@code config.json}, whichever family's field names it
 * uses.
 *
 * <p>A field about experts that is not understood is refused by name, because a wrong description
 * would go unnoticed until a map has the wrong layers.
 *
 * <p>The names are those of the models' own configuration classes (huggingface/transformers, vLLM).
 */
package io.sextant.jobs.modelconfig;
