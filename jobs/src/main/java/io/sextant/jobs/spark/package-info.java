/** Spark sessions, the warehouse's tables in Spark, and the log of runs. */
package io.sextant.jobs.spark;
