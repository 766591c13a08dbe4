/** The traces of a window of days, as rows and samples that plans are made of. */
package io.sextant.jobs.window;
