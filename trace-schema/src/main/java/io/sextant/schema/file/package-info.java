/** Files on any storage: decompression, identity, and the wording of faults. */
package io.sextant.schema.file;
