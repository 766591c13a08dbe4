/**
 * Mixins of picocli: groups of options that several commands share; each converts its options to a
 * plain value.
 */
package io.sextant.jobs.mixin;
