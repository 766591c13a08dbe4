/** Placement maps, and the files they are kept in and handed to engines in. */
package io.sextant.schema.placement;
