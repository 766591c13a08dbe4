package io.sextant.schema.engine;

import io.sextant.schema.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of an engine, numbered like a Python package (PEP 440, without epochs).
 *
 * @param text the version as written
 * @param release the numbers of the release
 * @param stage negative for stages before the release (development, alpha, beta, candidate), 0 for
 *     the release itself, positive for stages after it
 * @param stageNumber the number of the stage
 */
public record EngineVersion(String text, List<Integer> release, int stage, int stageNumber)
    implements Comparable<EngineVersion> {
  private static final Pattern VERSION =
      Pattern.compile(
          "v?(\\d{1,6}(?:\\.\\d{1,6})*)(?:[._-]?(dev|a|alpha|b|beta|rc|post)[._-]?(\\d{0,6}))?"
              + "(?:[.]dev\\d+)?(?:[+].*)?");
  private static final List<List<String>> BEFORE =
      List.of(List.of("dev"), List.of("a", "alpha"), List.of("b", "beta"), List.of("rc"));

  /**
   * @param option the option that names the version, for messages
   * @throws InvalidInputException if the text is not a version number that can be compared
   */
  public static EngineVersion parse(String option, String text) {
    Matcher matcher = VERSION.matcher(text.strip());
    if (!matcher.matches()) {
      throw InvalidInputException.of(
          option + " " + text,
          "it cannot be compared with other versions",
          "Give the number of a release, such as 0.11.0 or 1.2.0rc1, or leave it out");
    }
    int stage = 0;
    if (matcher.group(2) != null) {
      stage = 1;
      for (int i = 0; i < BEFORE.size(); i++) {
        if (BEFORE.get(i).contains(matcher.group(2))) {
          stage = i - BEFORE.size();
        }
      }
    }
    String number = matcher.group(3);
    return new EngineVersion(
        text,
        Arrays.stream(matcher.group(1).split("\\.", -1)).map(Integer::valueOf).toList(),
        stage,
        number == null || number.isEmpty() ? 0 : Integer.parseInt(number));
  }

  @Override
  public int compareTo(EngineVersion other) {
    for (int i = 0; i < Math.max(release.size(), other.release.size()); i++) {
      int order = Integer.compare(part(i), other.part(i));
      if (order != 0) {
        return order;
      }
    }
    return stage != other.stage
        ? Integer.compare(stage, other.stage)
        : Integer.compare(stageNumber, other.stageNumber);
  }

  private int part(int index) {
    return index < release.size() ? release.get(index) : 0;
  }
}
