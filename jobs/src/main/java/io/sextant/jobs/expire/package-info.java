/** Removes old days from a warehouse, so that nightly runs do not fill the disk. */
package io.sextant.jobs.expire;
