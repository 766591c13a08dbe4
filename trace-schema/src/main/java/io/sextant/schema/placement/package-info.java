/** Placement maps, and the files in which they are stored and passed to engines. */
package io.sextant.schema.placement;
