/** The traces of a window of days, as rows and as samples from which plans are made. */
package io.sextant.jobs.window;
