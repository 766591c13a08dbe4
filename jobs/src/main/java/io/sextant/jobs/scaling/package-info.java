/** Scaling laws from run traces: how the loss falls with model size, by model family. */
package io.sextant.jobs.scaling;
