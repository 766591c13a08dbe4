package io.sextant.schema.placement;

import java.util.Locale;

/** The layers that have a row in an engine's map. */
public enum EngineRows {
  /** The layers that the engine looks up, MTP layers included; see {@link EngineFormat#rowsOf}. */
  AUTO,
  /** Every hidden layer, including dense ones. */
  ALL,
  /** The MoE layers only. */
  MOE;

  /** The spelling of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
