/**
 * The nightly job: ingest, analyze, plan, backtest, decide, publish, report; it can be interrupted
 * at any moment and started again.
 */
package io.sextant.jobs.refresh;
