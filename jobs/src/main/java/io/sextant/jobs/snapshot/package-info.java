/**
 * Snapshots of the tables of traces and usage: which files belong to them since which command. A
 * snapshot covers all of these tables, so that a reader sees a whole command or nothing of it.
 */
package io.sextant.jobs.snapshot;
