/** What is planned for: a model on a cluster, and how tokens reach it. */
package io.sextant.jobs.serving;
