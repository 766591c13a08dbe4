/** The command line, and the Spark jobs behind it. */
package io.sextant.jobs;
