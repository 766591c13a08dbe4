/**
 * The published versions of a warehouse. Each version is complete or absent, one of them is in
 * force, and only one run at a time may change which one.
 */
package io.sextant.jobs.publish;
