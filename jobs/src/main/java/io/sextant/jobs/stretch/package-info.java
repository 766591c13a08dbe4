/**
 * Reading of trace files in the order in which an engine ran their requests, in stretches whose
 * ends micro-batches do not cross.
 */
package io.sextant.jobs.stretch;
