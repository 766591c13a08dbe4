/** The figures of the report, one class per section, from the rows of the warehouse's tables. */
package io.sextant.jobs.report.figures;
