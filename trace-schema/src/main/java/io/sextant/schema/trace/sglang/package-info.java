/** Dumps of SGLang's expert distribution recorder. */
package io.sextant.schema.trace.sglang;
