/** Brings the tables of a warehouse to the schemas that this program writes. */
package io.sextant.jobs.upgrade;
