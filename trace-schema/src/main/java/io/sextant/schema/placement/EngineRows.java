package io.sextant.schema.placement;

/** Which layers have a row in an engine's map. */
public enum EngineRows {
  /** Those that the engine looks up, MTP layers included; see {@link EngineFormat#rowsOf}. */
  AUTO,
  /** Every hidden layer, dense ones too. */
  ALL,
  /** The MoE layers and no others. */
  MOE
}
