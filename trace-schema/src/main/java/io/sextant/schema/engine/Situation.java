package io.sextant.schema.engine;

import io.sextant.schema.spec.ModelSpec;
import java.util.List;
import java.util.OptionalInt;

/**
 * The known facts about a deployment. Checks that need an unknown one are not certain.
 *
 * @param guide the engine
 * @param version the engine's version; null if it is not known
 * @param flags the engine's options; null if they are not known
 * @param model the model; null if it is not known
 * @param plannedSlots number of physical slots per layer; empty if not known
 * @param plannedGpus the expert-parallel size; empty if not known
 */
public record Situation(
    EngineGuide guide,
    EngineVersion version,
    EngineFlags flags,
    ModelSpec model,
    OptionalInt plannedSlots,
    OptionalInt plannedGpus) {

  /**
   * The same situation with these options.
   *
   * @param options the options; null if they are not known
   */
  public Situation with(EngineFlags options) {
    return new Situation(guide, version, options, model, plannedSlots, plannedGpus);
  }

  String modelClass() {
    return model == null ? null : model.modelClass();
  }

  /** The expert-parallel size. */
  public OptionalInt gpus() {
    return plannedGpus.isPresent() ? plannedGpus : flaggedGpus();
  }

  /** Number of physical slots per layer. */
  public OptionalInt slots() {
    if (plannedSlots.isPresent()) {
      return plannedSlots;
    }
    OptionalInt flagged = flagged(guide.figures().slots());
    OptionalInt redundant = flaggedRedundant();
    return flagged.isEmpty() && redundant.isPresent() && model != null
        ? OptionalInt.of(model.experts() + redundant.getAsInt())
        : flagged;
  }

  private OptionalInt redundant() {
    return slots().isPresent() && model != null
        ? OptionalInt.of(slots().getAsInt() - model.experts())
        : flaggedRedundant();
  }

  /** The expert-parallel size that the options give. */
  OptionalInt flaggedGpus() {
    if (flags == null || guide.figures().gpus() == null) {
      return OptionalInt.empty();
    }
    int product = 1;
    boolean any = false;
    for (List<String> names : guide.figures().gpus()) {
      OptionalInt factor = flagged(names);
      any |= factor.isPresent();
      product = Math.multiplyExact(product, factor.orElse(1));
    }
    return any ? OptionalInt.of(product) : OptionalInt.empty();
  }

  private OptionalInt flaggedRedundant() {
    return flagged(guide.figures().redundant());
  }

  private OptionalInt flagged(List<String> names) {
    return flags == null || names == null ? OptionalInt.empty() : flags.integer(names);
  }

  /** The figure with this name in conditions. */
  OptionalInt figure(String name) {
    return switch (name) {
      case "gpus" -> gpus();
      case "slots" -> slots();
      case "redundant" -> redundant();
      case "experts" -> model == null ? OptionalInt.empty() : OptionalInt.of(model.experts());
      case "mtp" -> model == null ? OptionalInt.empty() : OptionalInt.of(model.mtpLayers());
      default -> throw new IllegalArgumentException(name + " is not a figure");
    };
  }
}
