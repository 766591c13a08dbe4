/** What is left of a map if hardware fails or leaves, and the map that is prepared for it. */
package io.sextant.placement.outage;
