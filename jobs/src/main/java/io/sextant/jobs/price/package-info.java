/** The command {@code price}: what redundant copies of experts bring, and what they cost. */
package io.sextant.jobs.price;
