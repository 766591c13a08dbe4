/** Before the first run: whether this machine has what is needed, and the first configuration. */
package io.sextant.jobs.setup;
