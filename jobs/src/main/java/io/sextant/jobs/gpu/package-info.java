/** The commands that use the module gpu-validate. */
package io.sextant.jobs.gpu;
