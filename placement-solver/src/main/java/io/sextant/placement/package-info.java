/** Places experts on GPUs: problem, exact evaluator, OptaPlanner model and baselines. */
package io.sextant.placement;
