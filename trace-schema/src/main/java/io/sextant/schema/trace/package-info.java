/**
 * Routing traces: which experts each token of a request was sent to, and the readers of the files
 * engines leave them in.
 */
package io.sextant.schema.trace;
