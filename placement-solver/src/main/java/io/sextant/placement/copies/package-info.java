/**
 * Which copy of an expert a token uses, by the rules of the engines ({@code docs/serving.md},
 * "Copies"). {@link io.sextant.placement.copies.LayerDispatch} makes a chooser for a rule.
 */
package io.sextant.placement.copies;
