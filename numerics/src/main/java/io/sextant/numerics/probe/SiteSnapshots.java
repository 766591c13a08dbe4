package io.sextant.numerics.probe;

import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All snapshots of one site.
 *
 * @param snapshots snapshots of both operands, by operand and step; those without a step, which
 *     come from real tensors, are first
 */
public record SiteSnapshots(List<LayerStatistics> snapshots) implements Serializable {
  /** The first bin of the histogram also holds all smaller values. */
  private static final double LEAST_RESOLVED = Math.scalb(1.0, LayerStatistics.FIRST_EXPONENT + 1);

  private static final Comparator<LayerStatistics> BY_OPERAND_AND_STEP =
      Comparator.comparing(LayerStatistics::operand)
          .thenComparing(
              LayerStatistics::step, Comparator.nullsFirst(Comparator.<Long>naturalOrder()));

  /** The snapshots of one site, in any order. */
  public static SiteSnapshots of(Iterable<LayerStatistics> ofSite) {
    List<LayerStatistics> sorted = new ArrayList<>();
    ofSite.forEach(sorted::add);
    sorted.sort(BY_OPERAND_AND_STEP);
    return new SiteSnapshots(sorted);
  }

  /** The site's name. */
  public String site() {
    return snapshots.get(0).site();
  }

  /** The snapshots of one operand that have a step, in order. */
  public List<LayerStatistics> steps(Operand operand) {
    return snapshots.stream()
        .filter(one -> one.operand() == operand && one.step() != null)
        .toList();
  }

  /** Whether there is a snapshot of both operands. */
  public boolean complete() {
    return newest().isPresent();
  }

  /** The step of the newest snapshot of both operands; null if it comes from real tensors. */
  public Long newestStep() {
    return newest().orElseThrow()[0].step();
  }

  /** The reason why the newest snapshot cannot be used; empty if it can. */
  public Optional<String> obstacle() {
    for (LayerStatistics one : newest().orElseThrow()) {
      if (one.absmax() == 0) {
        return Optional.of(
            "its %ss are all 0, so nothing can be lost".formatted(one.operand().id()));
      }
      if (one.absmax() < LEAST_RESOLVED) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "the greatest of its %ss is %.3g; the histogram of exponents tells nothing below"
                    + " %.3g",
                one.operand().id(),
                one.absmax(),
                LEAST_RESOLVED));
      }
    }
    return Optional.empty();
  }

  /** The newest snapshot of both operands at one step, otherwise that of real tensors. */
  private Optional<LayerStatistics[]> newest() {
    Map<Long, LayerStatistics> weights = new TreeMap<>();
    steps(Operand.WEIGHT).forEach(one -> weights.put(one.step(), one));
    LayerStatistics[] newest = null;
    for (LayerStatistics activations : steps(Operand.ACTIVATION)) {
      if (weights.containsKey(activations.step())) {
        newest = new LayerStatistics[] {activations, weights.get(activations.step())};
      }
    }
    return newest != null ? Optional.of(newest) : tensors();
  }

  private Optional<LayerStatistics[]> tensors() {
    Optional<LayerStatistics> activations = tensor(Operand.ACTIVATION);
    Optional<LayerStatistics> weights = tensor(Operand.WEIGHT);
    return activations.isPresent() && weights.isPresent()
        ? Optional.of(new LayerStatistics[] {activations.get(), weights.get()})
        : Optional.empty();
  }

  private Optional<LayerStatistics> tensor(Operand operand) {
    return snapshots.stream()
        .filter(one -> one.operand() == operand && one.step() == null)
        .findFirst();
  }

  /** The alignment of the real tensors; NaN without tensors. */
  public double alignment() {
    return tensors().map(operands -> Alignment.of(operands[0], operands[1])).orElse(Double.NaN);
  }

  /**
   * Replays the snapshots in the order of their steps.
   *
   * @return every change of a verdict, in order of time
   */
  public List<VerdictChange> changes(
      KnownAlignments alignments, Hazards.Norm norm, double mostError) {
    FollowedSite followed = new FollowedSite(alignments, norm, mostError);
    List<VerdictChange> changes = new ArrayList<>();
    snapshots.stream()
        .filter(one -> one.step() != null)
        .sorted(Comparator.comparing(LayerStatistics::step))
        .forEach(one -> changes.addAll(followed.add(one)));
    return changes;
  }

  /**
   * The prediction for the newest snapshot of both operands.
   *
   * @param alignments alignments to take one from
   * @param norm the normalisation after the product
   */
  public SiteProbe probe(KnownAlignments alignments, Hazards.Norm norm) {
    LayerStatistics[] operands = newest().orElseThrow();
    Optional<Map.Entry<String, Double>> known = alignments.nearest(site());
    return SiteProbe.of(
        operands[0],
        operands[1],
        known.map(Map.Entry::getValue).orElse(Double.NaN),
        known.map(Map.Entry::getKey).orElse(null),
        norm);
  }
}
