/**
 * The data of a placement problem: a layer's tokens, its physical slots, the links and GPUs of the
 * cluster, the rule by which a token chooses among copies, and the unit of a GPU's load.
 */
package io.sextant.placement.problem;
