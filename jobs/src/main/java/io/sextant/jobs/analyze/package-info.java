/**
 * What the traces say about a model: load and imbalance of its experts, how well prefill foretells
 * decode, how alike domains and days are, which experts work together. One pass over the traces
 * counts, everything else is computed from the counts.
 */
package io.sextant.jobs.analyze;
