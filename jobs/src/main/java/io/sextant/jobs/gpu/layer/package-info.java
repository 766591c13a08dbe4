/**
 * Runs a whole expert-parallel layer on the GPUs of a host, and compares it with the prediction.
 */
package io.sextant.jobs.gpu.layer;
