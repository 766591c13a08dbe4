package io.sextant.schema.placement;

/** The order of the rows in a file without layer ids. */
enum RowOrder {
  /** By position among the MoE layers, followed by the MTP layers. */
  MOE_LAYERS,
  /** By absolute layer id. */
  HIDDEN_LAYERS,
  /** Not known: the file does not say, and both orders are in use. */
  UNSAID
}
