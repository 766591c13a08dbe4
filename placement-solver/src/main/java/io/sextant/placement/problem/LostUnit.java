package io.sextant.placement.problem;

/** A unit of hardware that can fail. */
public enum LostUnit {
  NOTHING,
  GPU,
  NODE;

  /** What it takes that no expert is lost with one of them. */
  public Survival survival(SlotLayout layout) {
    return switch (this) {
      case NOTHING -> Survival.NONE;
      case GPU -> new Survival(layout.slotsPerGpu());
      case NODE -> new Survival(layout.slotsPerNode());
    };
  }
}
