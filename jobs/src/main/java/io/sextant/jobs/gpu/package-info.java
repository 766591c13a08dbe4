/** The commands over gpu-validate. */
package io.sextant.jobs.gpu;
