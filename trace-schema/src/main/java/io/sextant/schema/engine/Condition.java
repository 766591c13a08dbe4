package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A condition for a fact to apply. It tests an option, a figure or the model.
 *
 * @param option the names of an option; null if the condition does not test an option
 * @param among values the option may have, in lower case; {@code absent} stands for an option that
 *     is not given
 * @param notAmong values the option may not have
 * @param given whether the option has to be given
 * @param notEnding a suffix that the option's value must not have
 * @param differs the figure that the option's value has to differ from
 * @param figure a figure of the {@link Situation}; null if the condition does not test a figure
 * @param above an exclusive lower bound of the figure
 * @param below an exclusive upper bound of the figure
 * @param model model classes for which the condition holds; null if it does not test the model
 * @param modelNot model classes for which the condition does not hold
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

  /** Whether all conditions hold. */
  static Truth all(List<Condition> conditions, Situation situation) {
    Truth all = Truth.YES;
    for (Condition condition : conditions == null ? List.<Condition>of() : conditions) {
      all = all.and(condition.holds(situation));
    }
    return all;
  }
}
