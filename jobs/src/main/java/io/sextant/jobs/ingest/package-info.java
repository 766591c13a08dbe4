/**
 * Reads engine dumps into the {@code traces} table and quarantines files and requests that cannot
 * be used.
 */
package io.sextant.jobs.ingest;
