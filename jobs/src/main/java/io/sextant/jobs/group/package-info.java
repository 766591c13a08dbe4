/** Groups of requests: which run on the same node, and the placement that serves them. */
package io.sextant.jobs.group;
