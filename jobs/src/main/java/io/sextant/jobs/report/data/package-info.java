/** What the page shows, as it is written into the page as JSON: aggregates only. */
package io.sextant.jobs.report.data;
