package io.sextant.schema.placement;

/** How a file without layer ids counts its rows. */
enum RowOrder {
  /** By place among the MoE layers, MTP layers behind them. */
  MOE_LAYERS,
  /** By absolute layer id. */
  HIDDEN_LAYERS,
  /** The file does not say, and either kind is in use. */
  UNSAID
}
