/** One request per JSON file, as the "Orders in Chaos" trace set has them. */
package io.sextant.schema.trace.json;
