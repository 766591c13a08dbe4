/** Days: their names, ranges of them, and which a warehouse has. */
package io.sextant.jobs.day;
