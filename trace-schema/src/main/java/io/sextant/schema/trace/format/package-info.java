/** The formats there are, told apart by content. */
package io.sextant.schema.trace.format;
