package io.sextant.jobs.setup;

import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A known cluster whose GPU's rates and measured tables are taken over into the description of a
 * new one.
 *
 * @param spec the known cluster
 * @param text its description, with the comments that give the sources
 */
record ClusterTemplate(ClusterSpec spec, String text) {
  private static final String TABLES = "expert_times:";

  /** The kinds of GPU of all known clusters, sorted. */
  static List<String> gpus() {
    return List.copyOf(
        new TreeSet<>(
            ClusterSpecs.names().stream().map(name -> ClusterSpecs.load(name).gpu()).toList()));
  }

  /** A known cluster of a kind of GPU; one with measured tables, if there is one. */
  static Optional<ClusterTemplate> of(String gpu) {
    return ClusterSpecs.names().stream()
        .map(ClusterSpecs::load)
        .filter(spec -> spec.gpu().equalsIgnoreCase(gpu))
        .max(Comparator.comparingInt(spec -> spec.expertTimes().size()))
        .map(spec -> new ClusterTemplate(spec, ClusterSpecs.text(spec.name())));
  }

  /** As {@link #of}; empty if there is no measured table. */
  static Optional<ClusterTemplate> measured(String gpu) {
    return of(gpu).filter(template -> !template.spec().expertTimes().isEmpty());
  }

  /** The line of a field with the comment above it; empty if the description has no such field. */
  String field(String name) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(name + ":")) {
        int first = i;
        while (first > 0 && lines.get(first - 1).startsWith("#")) {
          first--;
        }
        return String.join("\n", lines.subList(first, i + 1)) + "\n";
      }
    }
    return "";
  }

  /** The measured times of experts with the comment above them; empty if there are none. */
  String tables() {
    String head = field("expert_times");
    if (head.isEmpty()) {
      return "";
    }
    StringBuilder tables = new StringBuilder(head);
    boolean within = false;
    for (String line : text.lines().toList()) {
      if (within && !line.isEmpty() && !line.startsWith(" ") && !line.startsWith("#")) {
        break;
      }
      if (within) {
        tables.append(line).append('\n');
      }
      within |= line.startsWith(TABLES);
    }
    return tables.toString();
  }
}
