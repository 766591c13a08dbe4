/** Groups of options that commands share; each converts its options to a plain value. */
package io.sextant.jobs.options;
