/** Models and clusters, and the files under {@code conf} that describe them. */
package io.sextant.schema.spec;
