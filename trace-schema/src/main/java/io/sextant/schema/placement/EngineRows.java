package io.sextant.schema.placement;

/** The layers that have a row in an engine's map. */
public enum EngineRows {
  /** The layers that the engine looks up, MTP layers included; see {@link EngineFormat#rowsOf}. */
  AUTO,
  /** Every hidden layer, including dense ones. */
  ALL,
  /** The MoE layers only. */
  MOE
}
