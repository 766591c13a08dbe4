package io.sextant.jobs.analyze;

import java.io.Serializable;

/**
 * What the rows of an analysis have in common.
 *
 * @param runId the run
 * @param model name of the model
 * @param from first day that has traces, yyyy-MM-dd
 * @param to last day that has traces, yyyy-MM-dd
 */
record Scope(String runId, String model, String from, String to) implements Serializable {}
