package io.sextant.schema.trace;

import java.io.Serializable;
import java.util.Locale;
import java.util.Map;

/**
 * The user's knowledge about trace files that the files do not contain.
 *
 * @param slots the placement that the engine had in force while it recorded; null if not given
 * @param promptTokens prompt length in tokens by request name; empty if not given
 * @param layerNumbers the way in which the file numbers its layers
 * @param expertIds whether expert ids name logical experts or physical slots
 * @param inForce the placement that the warehouse published last; null if it has none. The user did
 *     not say that the engine recorded with it, so it may only be used if the file fits nothing
 *     else
 */
public record TraceHints(
    SlotMap slots,
    Map<String, Integer> promptTokens,
    LayerNumbers layerNumbers,
    ExpertIds expertIds,
    Published inForce)
    implements Serializable {

  /** Hints of a user who gives none. */
  public static final TraceHints NONE =
      new TraceHints(null, Map.of(), LayerNumbers.AUTO, ExpertIds.AUTO);

  public TraceHints {
    promptTokens = Map.copyOf(promptTokens);
  }

  /** The user's hints, without a published placement. */
  public TraceHints(
      SlotMap slots,
      Map<String, Integer> promptTokens,
      LayerNumbers layerNumbers,
      ExpertIds expertIds) {
    this(slots, promptTokens, layerNumbers, expertIds, null);
  }

  /** The same hints with a published placement. */
  public TraceHints withInForce(Published published) {
    return new TraceHints(slots, promptTokens, layerNumbers, expertIds, published);
  }

  /**
   * A placement that the warehouse published.
   *
   * @param version the placement's name
   */
  public record Published(String version, SlotMap slots) implements Serializable {}

  /** The number that a file gives to the model's first layer. */
  public enum LayerNumbers {
    /** Decide by the content of the whole file; reject the file if both fit. */
    AUTO,
    FROM_ZERO,
    FROM_ONE;

    /** The spelling of the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The meaning of an expert id in a file. */
  public enum ExpertIds {
    /** Decide by the range of the ids. */
    AUTO,
    LOGICAL,
    /** A slot of {@link #slots}. */
    PHYSICAL;

    /** The spelling of the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
