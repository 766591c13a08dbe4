/** Reads engine dumps into the {@code traces} table, and what cannot be used into quarantine. */
package io.sextant.jobs.ingest;
