/** One request per JSON file, as in the "Orders in Chaos" trace set. */
package io.sextant.schema.trace.json;
