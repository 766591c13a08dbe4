/**
 * The report: one self-contained HTML page over the warehouse. {@link
 * io.sextant.jobs.report.ReportJob} reads the tables into {@link
 * io.sextant.jobs.report.data.ReportData} (aggregates only) and puts them as JSON into a page whose
 * markup, style and script are resources of this package.
 */
package io.sextant.jobs.report;
