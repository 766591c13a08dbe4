package io.sextant.schema.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.ServingProfile;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The serving profile that a map was planned for, as recorded in a map of our own format.
 *
 * @param serving name of the profile
 * @param copyRule how the profile's engine chooses among copies; null for {@link #NONE}
 */
public record PlannedFor(String serving, CopyRule copyRule) {
  static final String SERVING = "serving";
  static final String COPY_RULE = "copy_rule";

  /**
   * A map that was planned without regard to a rule of copies: a baseline, or a plan from counts
   * alone.
   */
  public static final PlannedFor NONE = new PlannedFor("none", null);

  public static PlannedFor of(ServingProfile profile) {
    return new PlannedFor(profile.name(), profile.copyRule());
  }

  /**
   * The profile that a file names; empty if it names none, as files before version 0.2.0 do.
   *
   * @param where the file, for messages
   * @throws InvalidInputException if only one of the two keys is there, or the rule is unknown
   */
  static Optional<PlannedFor> of(String where, JsonNode root) {
    if (!root.has(SERVING) && !root.has(COPY_RULE)) {
      return Optional.empty();
    }
    if (!root.has(COPY_RULE) && root.path(SERVING).asText().equals(NONE.serving)) {
      return Optional.of(NONE);
    }
    String rule = root.path(COPY_RULE).asText();
    if (!root.path(SERVING).isTextual()
        || Arrays.stream(CopyRule.values()).noneMatch(known -> known.id().equals(rule))) {
      throw InvalidInputException.of(
          where,
          "'%s' is not a name or '%s' not one of %s"
              .formatted(
                  SERVING,
                  COPY_RULE,
                  Arrays.stream(CopyRule.values())
                      .map(CopyRule::id)
                      .collect(Collectors.joining(", "))),
          "Correct both, or leave both out");
    }
    return Optional.of(new PlannedFor(root.path(SERVING).textValue(), CopyRule.named(rule)));
  }

  /** Lines of JSON, each with a comma at its end. */
  String json() {
    String rule = copyRule == null ? "" : "  \"%s\": \"%s\",\n".formatted(COPY_RULE, copyRule.id());
    return "  \"%s\": %s,\n%s".formatted(SERVING, TextNode.valueOf(serving), rule);
  }
}
