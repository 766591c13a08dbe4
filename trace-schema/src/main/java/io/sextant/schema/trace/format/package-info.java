/** The known formats, and their detection by content. */
package io.sextant.schema.trace.format;
