/**
 * What is to be placed: a layer's tokens, its slots, the GPUs and nodes, and how balance is
 * counted.
 */
package io.sextant.placement.problem;
