/** Files wherever they are stored: decompression, identity, and the words for what is wrong. */
package io.sextant.schema.file;
