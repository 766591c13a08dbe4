package io.sextant.schema.engine;

import io.sextant.schema.engine.EngineAdvice.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Checks a deployment for options that its engine needs, ignores or fails with. */
public final class EngineCheck {
  private EngineCheck() {}

  /** All advice: slots first, then options, then facts. */
  public static List<EngineAdvice> of(Situation situation) {
    List<EngineAdvice> advice = new ArrayList<>();
    sizes(situation).ifPresent(advice::add);
    slots(situation).ifPresent(advice::add);
    for (EngineNeed need : situation.guide().needs()) {
      need(need, situation).ifPresent(advice::add);
    }
    advice.addAll(facts(situation));
    return advice;
  }

  /** The facts that apply, or that may apply because something is not known. */
  public static List<EngineAdvice> facts(Situation situation) {
    List<EngineAdvice> advice = new ArrayList<>();
    boolean unclassed = situation.model() != null && situation.modelClass() == null;
    for (EngineFact fact : situation.guide().facts()) {
      Truth applies = fact.applies(situation);
      if (applies != Truth.NO && !(unclassed && fact.isAboutModelClasses())) {
        boolean wrong = applies == Truth.YES && fact.effect() != EngineFact.Effect.NOTE;
        advice.add(
            new EngineAdvice(
                wrong ? State.WRONG : State.NOTE,
                fact.what(),
                fact.text(),
                fact.remedy(),
                fact.source()));
      }
    }
    if (unclassed && situation.guide().facts().stream().anyMatch(EngineFact::isAboutModelClasses)) {
      advice.add(
          new EngineAdvice(
              State.NOTE,
              "model class",
              "%s does not give its class, and %s treats some classes differently"
                  .formatted(situation.model().name(), situation.guide().name()),
              "Write model_class into the model's description",
              null));
    }
    return advice;
  }

  /** Compares the options with the cluster. */
  private static Optional<EngineAdvice> sizes(Situation situation) {
    OptionalInt flagged = situation.flaggedGpus();
    if (flagged.isEmpty() || flagged.equals(situation.gpus())) {
      return Optional.empty();
    }
    return Optional.of(
        new EngineAdvice(
            State.WRONG,
            "EP size",
            "the options give an expert-parallel size of %d, but the cluster has %d GPUs"
                .formatted(flagged.getAsInt(), situation.gpus().getAsInt()),
            "Start the engine with the size that the map is for",
            null));
  }

  private static Optional<EngineAdvice> slots(Situation situation) {
    OptionalInt gpus = situation.gpus();
    OptionalInt experts = situation.figure("experts");
    if (gpus.isEmpty() || gpus.getAsInt() < 1 || experts.isEmpty()) {
      return Optional.empty();
    }
    int size = gpus.getAsInt();
    int least = (experts.getAsInt() + size - 1) / size * size;
    String leastText =
        "the least that %d GPUs divide is %d: %d experts and %d redundant"
            .formatted(size, least, experts.getAsInt(), least - experts.getAsInt());
    if (situation.slots().isEmpty()) {
      return Optional.of(EngineAdvice.ok("slots", leastText));
    }
    int slots = situation.slots().getAsInt();
    if (slots % size == 0 && slots >= experts.getAsInt()) {
      return Optional.of(
          EngineAdvice.ok(
              "slots",
              "%d slots on %d GPUs, %d on each; %d redundant experts"
                  .formatted(slots, size, slots / size, slots - experts.getAsInt())));
    }
    return Optional.of(
        new EngineAdvice(
            State.WRONG,
            "slots",
            slots < experts.getAsInt()
                ? "%d slots do not hold %d experts".formatted(slots, experts.getAsInt())
                : "%d GPUs do not divide %d slots".formatted(size, slots),
            "Take a multiple of %d; %s".formatted(size, leastText),
            null));
  }

  private static Optional<EngineAdvice> need(EngineNeed need, Situation situation) {
    Truth applies = need.applies(situation);
    if (applies == Truth.NO) {
      return Optional.empty();
    }
    String wanted = shown(need, situation);
    if (situation.flags() == null || applies == Truth.UNKNOWN) {
      boolean given =
          situation.flags() != null && situation.flags().value(need.option()).isPresent();
      return given
          ? Optional.empty()
          : Optional.of(
              new EngineAdvice(State.NOTE, "options", "it needs " + wanted, "", need.source()));
    }
    if (need.proposal()) {
      return Optional.empty();
    }
    Optional<String> given = situation.flags().value(need.option());
    if (given.isPresent() && need.accepts(given.get(), situation)) {
      return Optional.of(EngineAdvice.ok("options", wanted));
    }
    return Optional.of(
        new EngineAdvice(
            State.WRONG,
            "options",
            given
                .map(value -> "it needs %s, not %s".formatted(wanted, value))
                .orElse("it needs " + wanted),
            given.isPresent() ? "Change it" : "Add it",
            need.source()));
  }

  private static String shown(EngineNeed need, Situation situation) {
    return LaunchText.option(
        situation.guide().style(), need.option().get(0), need.value(situation, "FILE"));
  }
}
