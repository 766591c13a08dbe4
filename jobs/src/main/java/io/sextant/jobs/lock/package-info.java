/** The lock that lets one command at a time change the tables and versions of a warehouse. */
package io.sextant.jobs.lock;
