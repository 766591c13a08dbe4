/** The planning runs of solve, compare and refresh: their stages, and what each keeps. */
package io.sextant.jobs.plan;
