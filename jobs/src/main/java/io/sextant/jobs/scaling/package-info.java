/** Scaling laws from run traces: how a loss falls with the size of a model, by model family. */
package io.sextant.jobs.scaling;
