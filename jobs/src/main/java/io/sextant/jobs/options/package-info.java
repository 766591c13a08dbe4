/** Groups of options that commands share; each turns itself into a plain value. */
package io.sextant.jobs.options;
