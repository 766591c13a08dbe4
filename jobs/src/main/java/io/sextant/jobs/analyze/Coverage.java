package io.sextant.jobs.analyze;

import java.io.Serializable;
import java.util.TreeSet;

/**
 * What a layer's tally rests on.
 *
 * @param layer absolute id
 * @param requests rows of the traces
 * @param tokens of both phases
 * @param days that have traces
 */
record Coverage(int layer, long requests, long tokens, TreeSet<String> days)
    implements Serializable {

  static Coverage of(LayerTally tally) {
    return new Coverage(
        tally.layer(),
        tally.requests(),
        tally.tokens(),
        new TreeSet<>(tally.loadsBy(Cell::day).keySet()));
  }
}
