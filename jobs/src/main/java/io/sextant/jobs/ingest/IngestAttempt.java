package io.sextant.jobs.ingest;

import java.util.List;

/**
 * Files that one task read, and what came of it.
 *
 * @param files the files
 * @param result the result of the successful task attempt
 */
record IngestAttempt(List<NewFile> files, IngestTask.Result result) {}
