package io.sextant.schema.spec;

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

  /** The name in profiles, tables and files. */
  public String id() {
    return id;
  }
}
