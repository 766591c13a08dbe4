package io.sextant.jobs.mix;

import io.sextant.schema.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How the traffic to plan for differs from the recorded one.
 *
 * @param shares wanted shares of the tokens, by label; empty if none is asked
 * @param factors factors of the tokens, by label; empty if none is asked
 * @param hours the hours in which requests arrive; null for all hours
 */
public record TrafficChange(
    NavigableMap<String, Double> shares, NavigableMap<String, Double> factors, Hours hours) {
  /** Traffic as it was recorded. */
  public static final TrafficChange NONE =
      new TrafficChange(Collections.emptyNavigableMap(), Collections.emptyNavigableMap(), null);

  private static final String MIX = "--mix";
  private static final String SCALE = "--scale";

  /**
   * Parses options as users write them; each is null if it is not given.
   *
   * @param mix {@code label=share,...}, shares as 0.2 or 20%
   * @param scale {@code label=factor,...}
   * @param arrivals hours, as {@link Hours#of} reads them
   * @throws InvalidInputException if one cannot be read, a label is named twice, a share is not
   *     from 0 to 1, shares add up to more than 1, or both mix and scale are given
   */
  public static TrafficChange of(String mix, String scale, String arrivals) {
    if (mix != null && scale != null) {
      throw InvalidInputException.of(
          MIX + " and " + SCALE, "both say how large labels are", "Leave one of them out");
    }
    return new TrafficChange(
        mix == null ? Collections.emptyNavigableMap() : shares(mix),
        scale == null ? Collections.emptyNavigableMap() : numbers(SCALE, scale, "factor", "java=2"),
        arrivals == null ? null : Hours.of(arrivals));
  }

  private static NavigableMap<String, Double> shares(String mix) {
    NavigableMap<String, Double> shares = numbers(MIX, mix, "share", "java=0.2");
    double sum = 0;
    for (double share : shares.values()) {
      sum += share;
    }
    if (sum > 1 + 1e-9) {
      throw InvalidInputException.of(
          MIX + " " + mix, "the shares add up to more than 1", "Give shares such as 0.2 or 20%");
    }
    return shares;
  }

  private static NavigableMap<String, Double> numbers(
      String option, String text, String number, String example) {
    NavigableMap<String, Double> byLabel = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.lastIndexOf('=');
      String label = part.substring(0, Math.max(0, equals)).strip();
      double value = number(part.substring(equals + 1).strip());
      if (label.isEmpty() || !(value >= 0) || Double.isInfinite(value)) {
        throw InvalidInputException.of(
            option + " " + text,
            "'%s' is not a label with a %s of at least 0".formatted(part, number),
            "Give label=%s, separated by commas, such as %s".formatted(number, example));
      }
      if (byLabel.put(label, value) != null) {
        throw InvalidInputException.of(
            option + " " + text, "%s is named twice".formatted(label), "Name each label once");
      }
    }
    return Collections.unmodifiableNavigableMap(byLabel);
  }

  /** The number, or NaN if it is none. */
  private static double number(String text) {
    boolean percent = text.endsWith("%");
    try {
      double value = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      return percent ? value / 100 : value;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Whether traffic is as it was recorded. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** Whether labels have other shares than were recorded. */
  public boolean changesLabels() {
    return !shares.isEmpty() || !factors.isEmpty();
  }

  /** The change in canonical form, such as {@code mix java=0.2, arrivals 8-18 UTC}. */
  public String text() {
    List<String> parts = new ArrayList<>();
    if (!shares.isEmpty()) {
      parts.add("mix " + text(shares));
    }
    if (!factors.isEmpty()) {
      parts.add("scale " + text(factors));
    }
    if (hours != null) {
      parts.add("arrivals %s UTC".formatted(hours.text()));
    }
    return String.join(", ", parts);
  }

  /** The option that changes labels, as users write it. */
  private String option() {
    return shares.isEmpty() ? SCALE + " " + text(factors) : MIX + " " + text(shares);
  }

  private static String text(Map<String, Double> byLabel) {
    return byLabel.entrySet().stream()
        .map(of -> of.getKey() + "=" + of.getValue())
        .collect(Collectors.joining(","));
  }

  /**
   * The traffic of the window to plan on.
   *
   * @param recorded its tokens by label, in these hours
   * @throws InvalidInputException if the labels do not fit
   */
  public Traffic planned(LabelTokens recorded) {
    if (!changesLabels()) {
      return new Traffic(hours, Collections.emptyNavigableMap(), text(), List.of());
    }
    return traffic(
        recorded,
        shares.isEmpty()
            ? recorded.keptForFactors(factors, option())
            : recorded.keptForShares(shares, option()));
  }

  /**
   * The traffic of the window to score on: the named labels have the shares that they have in the
   * window to plan on.
   *
   * @param plannedOn tokens by label of the window to plan on
   * @param recorded tokens by label of the window to score on
   * @throws InvalidInputException if the labels do not fit
   */
  public Traffic scored(LabelTokens plannedOn, LabelTokens recorded) {
    if (!changesLabels()) {
      return planned(recorded);
    }
    LabelTokens wanted = plannedOn.after(planned(plannedOn).kept());
    NavigableMap<String, Double> same = new TreeMap<>();
    for (String label : shares.isEmpty() ? factors.keySet() : shares.keySet()) {
      if (wanted.share(label) > 0 || recorded.tokens().containsKey(label)) {
        same.put(label, wanted.share(label));
      }
    }
    return traffic(recorded, recorded.keptForShares(same, option()));
  }

  private Traffic traffic(LabelTokens recorded, NavigableMap<String, Double> kept) {
    LabelTokens after = recorded.after(kept);
    List<Traffic.Share> named = new ArrayList<>();
    for (String label : shares.isEmpty() ? factors.keySet() : shares.keySet()) {
      named.add(new Traffic.Share(label, recorded.share(label), after.share(label)));
    }
    return new Traffic(hours, kept, text(), named);
  }
}
