/** Decides between the map in force and a plan, and formats and stores decisions. */
package io.sextant.jobs.decide;
