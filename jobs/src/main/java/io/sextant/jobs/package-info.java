/** The command line, and the Spark jobs that its commands run. */
package io.sextant.jobs;
