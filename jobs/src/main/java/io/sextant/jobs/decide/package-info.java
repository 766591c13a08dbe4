/** Decides between the map in force and a plan, and shows and keeps decisions. */
package io.sextant.jobs.decide;
