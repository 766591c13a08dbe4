package io.sextant.notebooks;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table that this warehouse does not have, and the command that would write it. */
final class AbsentTable {
  private static final Pattern MESSAGE =
      Pattern.compile("Table with name ([a-z_0-9]+) does not exist");

  private static final Map<String, String> WRITERS =
      Map.ofEntries(
          Map.entry("coactivation", "analyze"),
          Map.entry("domain_similarity", "analyze"),
          Map.entry("drift", "analyze, from two days on,"),
          Map.entry("expert_load", "analyze"),
          Map.entry("imbalance", "analyze"),
          Map.entry("prefill_decode", "analyze"),
          Map.entry("placements", "solve"),
          Map.entry("placement_metrics", "solve"),
          Map.entry("decisions", "solve --current or refresh"),
          Map.entry("precision_sites", "probe"),
          Map.entry("layer_drift", "probe, from two snapshots on,"),
          Map.entry("kernel_runs", "dispatch"),
          Map.entry("dispatch", "dispatch"));

  private AbsentTable() {}

  /** The reason why a query failed; empty if it failed for another reason than an absent table. */
  static Optional<String> reason(SQLException failure) {
    Matcher table = MESSAGE.matcher(failure.getMessage());
    if (!table.find() || !WRITERS.containsKey(table.group(1))) {
      return Optional.empty();
    }
    return Optional.of(
        "the warehouse has no table %s, which sextant %s writes"
            .formatted(table.group(1), WRITERS.get(table.group(1))));
  }
}
