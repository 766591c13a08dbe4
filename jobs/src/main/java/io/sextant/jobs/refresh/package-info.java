/**
 * The nightly job: ingest, analyze, plan, backtest, decide, publish, report; safe to end at any
 * moment and to start again.
 */
package io.sextant.jobs.refresh;
