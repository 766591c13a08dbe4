/**
 * Routing traces (the experts that each token of a request was sent to), and readers for the files
 * in which engines write them.
 */
package io.sextant.schema.trace;
