/**
 * The published versions of a warehouse: each complete or absent, one of them in force, and one run
 * at a time that may change which.
 */
package io.sextant.jobs.publish;
