package io.sextant.jobs.group;

import io.sextant.jobs.window.PromptRow;
import io.sextant.schema.InvalidInputException;
import java.util.Arrays;
import java.util.Iterator;

/**
 * What is known of some requests before prefill.
 *
 * @param labels shape [requests]
 * @param tokenIds token ids of each prompt, shape [requests][tokens]; empty if not known
 */
record Prompts(String[] labels, int[][] tokenIds) {
  private static final int[] UNKNOWN = {};

  /**
   * Finds the requests among the rows of the table {@code requests}.
   *
   * @param rows rows in the same order as the requests; there may be others between them
   * @throws InvalidInputException if a request is missing
   */
  static Prompts of(Requests requests, Iterator<PromptRow> rows) {
    Prompts prompts = new Prompts(new String[requests.count()], new int[requests.count()][]);
    int found = 0;
    while (found < requests.count() && rows.hasNext()) {
      PromptRow row = rows.next();
      if (row.key().equals(requests.keys()[found])
          && row.getPrefillTokens() == requests.prefill()[found]) {
        prompts.labels[found] = row.getLabel();
        prompts.tokenIds[found] =
            row.getPromptTokenIds() == null ? UNKNOWN : row.getPromptTokenIds();
        found++;
      }
    }
    if (found < requests.count()) {
      throw InvalidInputException.of(
          "table requests",
          "%,d of the %,d requests of the traces are not in it"
              .formatted(requests.count() - found, requests.count()),
          "Ingest the traces into a new warehouse, or give --router prefill");
    }
    return prompts;
  }

  boolean hasTokenIds() {
    return Arrays.stream(tokenIds).anyMatch(ids -> ids.length > 0);
  }

  boolean hasLabels() {
    return Arrays.stream(labels).distinct().limit(2).count() > 1;
  }
}
