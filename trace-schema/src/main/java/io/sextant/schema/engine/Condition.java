package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One thing that has to hold for a fact to apply: of an option, of a figure or of the model.
 *
 * @param option the names of an option; null for a condition on something else
 * @param among values it may have, in lower case; {@code absent} if it is not given
 * @param notAmong values it may not have
 * @param given whether it has to be there
 * @param notEnding what its value must not end in
 * @param differs the figure that its value differs from
 * @param figure a figure of the {@link Situation}; null for a condition on something else
 * @param above what the figure exceeds
 * @param below what the figure stays below
 * @param model model classes; null for a condition on something else
 * @param modelNot model classes that it does not apply to
 */
record Condition(
    @JsonProperty("option") List<String> option,
    @JsonProperty("among") List<String> among,
    @JsonProperty("not_among") List<String> notAmong,
    @JsonProperty("given") Boolean given,
    @JsonProperty("not_ending") List<String> notEnding,
    @JsonProperty("differs") String differs,
    @JsonProperty("figure") String figure,
    @JsonProperty("above") Integer above,
    @JsonProperty("below") Integer below,
    @JsonProperty("model") List<String> model,
    @JsonProperty("model_not") List<String> modelNot) {
  private static final String ABSENT = "absent";

  Truth holds(Situation situation) {
    if (option != null) {
      return situation.flags() == null ? Truth.UNKNOWN : ofOption(situation);
    }
    if (figure != null) {
      OptionalInt value = situation.figure(figure);
      return value.isEmpty()
          ? Truth.UNKNOWN
          : Truth.of(
              (above == null || value.getAsInt() > above)
                  && (below == null || value.getAsInt() < below));
    }
    String modelClass = situation.modelClass();
    if (modelClass == null) {
      return Truth.UNKNOWN;
    }
    return Truth.of(model == null ? !modelNot.contains(modelClass) : model.contains(modelClass));
  }

  private Truth ofOption(Situation situation) {
    Optional<String> value = situation.flags().value(option);
    String text = value.map(any -> any.toLowerCase(Locale.ROOT)).orElse(ABSENT);
    if (among != null) {
      return Truth.of(among.contains(text));
    }
    if (notAmong != null) {
      return Truth.of(!notAmong.contains(text));
    }
    if (given != null) {
      return Truth.of(given == value.isPresent());
    }
    if (value.isEmpty()) {
      return Truth.NO;
    }
    if (notEnding != null) {
      return Truth.of(notEnding.stream().noneMatch(text::endsWith));
    }
    OptionalInt figureValue = situation.figure(differs);
    return figureValue.isEmpty()
        ? Truth.UNKNOWN
        : Truth.of(!text.equals(Integer.toString(figureValue.getAsInt())));
  }

  /** Whether all hold. */
  static Truth all(List<Condition> conditions, Situation situation) {
    Truth all = Truth.YES;
    for (Condition condition : conditions == null ? List.<Condition>of() : conditions) {
      all = all.and(condition.holds(situation));
    }
    return all;
  }
}
