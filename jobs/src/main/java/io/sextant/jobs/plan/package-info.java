/** Makes, migrates, groups and decides plans; knows no command line but its cluster options. */
package io.sextant.jobs.plan;
