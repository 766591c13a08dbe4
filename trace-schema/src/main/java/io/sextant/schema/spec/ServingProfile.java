package io.sextant.schema.spec;

import java.io.Serializable;

/**
 * How an engine serves a model ({@code conf/serving/<name>.yaml}): the rules under which a
 * placement is planned and scored. A placement with copies is worth only what the engine's choice
 * of copies lets through.
 *
 * @param name the name used on the command line
 * @param engine id of the engine that the placement is exported for
 * @param copyRule how the engine chooses among the copies of an expert
 * @param prefillTransport how hidden states travel in prefill, and in batches of both phases
 * @param decodeTransport how hidden states travel in decode steps
 * @param disaggregated whether prefill and decode run on separate pools of GPUs
 * @param prefillTokens tokens of a batch, over all ranks, in prefill and in batches of both phases
 * @param decodeTokens tokens of a decode step, over all ranks
 * @param router what the router knows of a request
 */
public record ServingProfile(
    String name,
    String engine,
    CopyRule copyRule,
    Transport prefillTransport,
    Transport decodeTransport,
    boolean disaggregated,
    int prefillTokens,
    int decodeTokens,
    RouterKnowledge router)
    implements Serializable {

  /** The same profile with other batches. */
  public ServingProfile withTokens(int prefill, int decode) {
    return new ServingProfile(
        name,
        engine,
        copyRule,
        prefillTransport,
        decodeTransport,
        disaggregated,
        prefill,
        decode,
        router);
  }
}
