/**
 * Sends OpenLineage run events (https://openlineage.io/spec/2-0-2/OpenLineage.json) of every
 * command that reads or writes traces, tables or maps, if OpenLineage's own settings ask for it.
 */
package io.sextant.jobs.lineage;
