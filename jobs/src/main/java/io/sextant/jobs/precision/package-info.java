/** Where low precision is safe, and which kernel each product should use. */
package io.sextant.jobs.precision;
