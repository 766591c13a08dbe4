/** The command {@code outage}: what a plan loses with hardware, and the maps for what is left. */
package io.sextant.jobs.outage;
