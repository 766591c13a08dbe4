/** Commands for the first run: checks of the machine, and the first configuration. */
package io.sextant.jobs.setup;
