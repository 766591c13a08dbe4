/** Options that several commands of {@code gpu-validate} share. */
package io.sextant.jobs.gpu.option;
