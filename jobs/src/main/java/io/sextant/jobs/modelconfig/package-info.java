/**
 * What a model's published {@code config.json} says of its shape, whichever family's names it uses.
 *
 * <p>A field that describes experts in a way that is not understood is refused by name: a
 * description that looks right and is not would go unnoticed until a map has the wrong layers.
 *
 * <p>The names are those of the models' own configuration classes (huggingface/transformers, vLLM).
 */
package io.sextant.jobs.modelconfig;
