/** The target of planning: a model on a cluster, and the batching of its tokens. */
package io.sextant.jobs.serving;
