/** The data of the page, which the page contains as JSON: aggregates only. */
package io.sextant.jobs.report.data;
