/** Spark sessions, the warehouse's tables as Spark sees them, and the log of runs. */
package io.sextant.jobs.spark;
