package io.sextant.schema.trace;

import java.io.Serializable;
import java.util.Map;

/**
 * What the user knows about trace files that the files themselves do not say.
 *
 * @param slots the placement that the engine had in force while it recorded; null if not given
 * @param promptTokens prompt length in tokens by request name; empty if not given
 * @param layerNumbers how the file numbers its layers
 * @param expertIds whether expert ids name logical experts or physical slots
 * @param inForce the placement that the warehouse has published last; null if it has none. The user
 *     did not say that the engine recorded with it, so it may only be used if the file fits nothing
 *     else.
 */
public record TraceHints(
    SlotMap slots,
    Map<String, Integer> promptTokens,
    LayerNumbers layerNumbers,
    ExpertIds expertIds,
    Published inForce)
    implements Serializable {

  /** The user says nothing. */
  public static final TraceHints NONE =
      new TraceHints(null, Map.of(), LayerNumbers.AUTO, ExpertIds.AUTO);

  public TraceHints {
    promptTokens = Map.copyOf(promptTokens);
  }

  /** What the user says; nothing is published. */
  public TraceHints(
      SlotMap slots,
      Map<String, Integer> promptTokens,
      LayerNumbers layerNumbers,
      ExpertIds expertIds) {
    this(slots, promptTokens, layerNumbers, expertIds, null);
  }

  /** The same hints beside a published placement. */
  public TraceHints withInForce(Published published) {
    return new TraceHints(slots, promptTokens, layerNumbers, expertIds, published);
  }

  /**
   * A placement that the warehouse has published.
   *
   * @param version its name
   */
  public record Published(String version, SlotMap slots) implements Serializable {}

  /** The number that a file gives the model's first layer. */
  public enum LayerNumbers {
    /** Decide by the content of the whole file; refuse it if both fit. */
    AUTO,
    FROM_ZERO,
    FROM_ONE
  }

  /** What an expert id in a file names. */
  public enum ExpertIds {
    /** Decide by the range of the ids. */
    AUTO,
    LOGICAL,
    /** A slot of {@link #slots}. */
    PHYSICAL
  }
}
