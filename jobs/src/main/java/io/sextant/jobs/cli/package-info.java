/** What commands share: option groups, progress, one-line errors and exit codes. */
package io.sextant.jobs.cli;
