package io.sextant.numerics.probe;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Alignments of the sites whose whole tensors are available. Sites that only have statistics use
 * the alignment of the same projection in the nearest layer.
 */
public final class KnownAlignments implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A numbered block, and the projection in it. */
  private static final Pattern NUMBERED = Pattern.compile("(\\D*)(\\d+)\\.(.+)");

  private final TreeMap<String, Double> bySite;

  /** Collects the alignments of the sites that have one. */
  public KnownAlignments(Map<String, Double> bySite) {
    this.bySite = new TreeMap<>(bySite);
  }

  /** The site's own alignment, otherwise that of the same projection in the nearest layer. */
  public Optional<Map.Entry<String, Double>> nearest(String site) {
    if (bySite.containsKey(site)) {
      return Optional.of(Map.entry(site, bySite.get(site)));
    }
    Matcher wanted = NUMBERED.matcher(site);
    if (!wanted.matches()) {
      return Optional.empty();
    }
    return bySite.entrySet().stream()
        .filter(entry -> distance(wanted, entry.getKey()) < Integer.MAX_VALUE)
        .min(Comparator.comparingInt(entry -> distance(wanted, entry.getKey())))
        .map(entry -> Map.entry(entry.getKey(), entry.getValue()));
  }

  private static int distance(Matcher wanted, String site) {
    Matcher other = NUMBERED.matcher(site);
    return other.matches()
            && other.group(1).equals(wanted.group(1))
            && other.group(3).equals(wanted.group(3))
        ? Math.abs(Integer.parseInt(other.group(2)) - Integer.parseInt(wanted.group(2)))
        : Integer.MAX_VALUE;
  }
}
