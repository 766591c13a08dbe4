package io.sextant.jobs.group;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The key of each row that costs are learned from, by which a router learns them.
 *
 * @param keys number of keys
 * @param ofRow shape [rows], request by request; -1 for a row without a key
 */
record RowKeys(int keys, int[] ofRow) implements Serializable {
  /** Larger ids are not learned, because the router's table has a row for each id. */
  private static final int MOST_TOKEN_IDS = 1 << 22;

  /**
   * The request's label is the key of its rows.
   *
   * @param labels the labels, sorted
   */
  static RowKeys byLabel(Requests requests, Prompts prompts, List<String> labels) {
    int[] ofRow = new int[rows(requests)];
    int row = 0;
    for (int r = 0; r < requests.count(); r++) {
      int end = row + requests.learnedRows(r);
      Arrays.fill(ofRow, row, end, labels.indexOf(prompts.labels()[r]));
      row = end;
    }
    return new RowKeys(labels.size(), ofRow);
  }

  /**
   * The token id of a row is its key. The rows of a prompt are its last tokens, because a cached
   * prefix has none.
   */
  static RowKeys byToken(Requests requests, Prompts prompts) {
    int[] ofRow = new int[rows(requests)];
    int most = -1;
    int row = 0;
    for (int r = 0; r < requests.count(); r++) {
      int[] ids = prompts.tokenIds()[r];
      int rows = requests.learnedRows(r);
      for (int i = 0; i < rows; i++, row++) {
        int at = ids.length - rows + i;
        boolean known = requests.prefill()[r] > 0 && ids.length >= rows;
        int id = !known || ids[at] >= MOST_TOKEN_IDS ? -1 : ids[at];
        ofRow[row] = id;
        most = Math.max(most, id);
      }
    }
    return new RowKeys(most + 1, ofRow);
  }

  private static int rows(Requests requests) {
    return IntStream.range(0, requests.count()).map(requests::learnedRows).sum();
  }
}
