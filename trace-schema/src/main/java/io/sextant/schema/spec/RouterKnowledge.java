package io.sextant.schema.spec;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.NearestName;
import java.util.Arrays;
import java.util.List;

/** What a router knows of a request when it chooses the node to run it on. */
public enum RouterKnowledge {
  /** Nothing: requests are spread evenly. */
  NOTHING("nothing"),
  /** The request's label: a tenant, a model adapter or a task. */
  LABEL("label"),
  /** The ids of the prompt's tokens, which are known before prefill. */
  PROMPT_TOKENS("prompt-tokens"),
  /**
   * The experts that the prompt's tokens used. They are known only after prefill, so they can only
   * choose the decode node of a deployment with separate pools.
   */
  PREFILL("prefill");

  private final String id;

  RouterKnowledge(String id) {
    this.id = id;
  }

  /**
   * The knowledge with an id.
   *
   * @throws InvalidInputException if there is none
   */
  public static RouterKnowledge named(String id) {
    return Arrays.stream(values())
        .filter(known -> known.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "router " + id,
                    "there is no such knowledge of a router",
                    NearestName.remedy(id, ids()) + "Give one of " + String.join(", ", ids())));
  }

  /** The ids of all kinds of knowledge. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(RouterKnowledge::id).toList();
  }

  /** The name in profiles, tables and files. */
  public String id() {
    return id;
  }
}
