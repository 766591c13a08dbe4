/** Predicts where low precision is safe, and chooses the kernel of each product. */
package io.sextant.jobs.precision;
