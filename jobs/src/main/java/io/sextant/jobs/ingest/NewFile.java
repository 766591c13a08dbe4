package io.sextant.jobs.ingest;

import java.io.Serializable;

/**
 * A file whose content has not been ingested yet.
 *
 * @param uri with its scheme
 * @param path as the user would write it
 * @param contentId SHA-256 of the stored bytes, hex
 * @param tokensId identity of the recorded tokens; null in formats whose ranks record each their
 *     own
 * @param bytes as stored
 */
record NewFile(String uri, String path, String contentId, String tokensId, long bytes)
    implements Serializable {}
