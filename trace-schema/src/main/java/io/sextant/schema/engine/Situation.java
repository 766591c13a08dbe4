package io.sextant.schema.engine;

import io.sextant.schema.spec.ModelSpec;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is known of a deployment; the more, the more can be said of it.
 *
 * @param guide the engine
 * @param version null if it is not known
 * @param flags the options; null if they are not known
 * @param model null if it is not known
 * @param plannedSlots physical slots of each layer; empty if not known
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
   * The same with these options.
   *
   * @param options null if they are not known
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

  /** Physical slots of each layer. */
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

  /** The expert-parallel size that the options say. */
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

  /** A figure by the name it has in conditions. */
  OptionalInt figure(String name) {
    return switch (name) {
      case "gpus" -> gpus();
      case "slots" -> slots();
      case "redundant" -> redundant();
      case "experts" -> model == null ? OptionalInt.empty() : OptionalInt.of(model.experts());
      case "mtp" -> model == null ? OptionalInt.empty() : OptionalInt.of(model.mtpLayers());
      default -> throw new IllegalArgumentException(name + " is no figure");
    };
  }
}
