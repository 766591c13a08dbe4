package io.sextant.jobs.setup;

import io.sextant.jobs.mixin.EngineIds;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.engine.EngineAdvice;
import io.sextant.schema.engine.EngineCheck;
import io.sextant.schema.engine.EngineFlags;
import io.sextant.schema.engine.EngineGuide;
import io.sextant.schema.engine.EngineVersion;
import io.sextant.schema.engine.LaunchText;
import io.sextant.schema.engine.Situation;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The deployment that {@code doctor --engine} examines. */
final class EngineOptions {
  private static final String FLAGS = "--flags";

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      completionCandidates = EngineIds.class,
      description = "The engine whose options are checked: one of ${COMPLETION-CANDIDATES}.")
  private String name;

  @Option(
      names = "--engine-version",
      paramLabel = "VERSION",
      description = "Release of the engine.")
  private String version;

  @Option(
      names = FLAGS,
      paramLabel = "OPTIONS",
      description =
          "Launch options of the engine, in quotes: options, VARIABLE=value, JSON; or YAML,"
              + " or the name of a YAML or JSON file.")
  private String flags;

  @Option(names = "--model", paramLabel = "NAME", description = "The model that the engine serves.")
  private String model;

  @Option(names = "--slots", paramLabel = "N", description = "Physical slots of each layer.")
  private Integer slots;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "The cluster on which the engine runs.")
  private String cluster;

  boolean isNamed() {
    return name != null;
  }

  /**
   * Describes the model and the cluster, for checks of the machine only.
   *
   * @throws InvalidInputException if one cannot be read, or if there are options of an engine but
   *     --engine is missing
   */
  List<Finding> described() {
    if (version != null || flags != null || slots != null) {
      throw InvalidInputException.of(
          version != null ? "--engine-version" : flags != null ? FLAGS : "--slots",
          "it needs an engine, and none is named",
          "Add --engine NAME");
    }
    List<Finding> findings = new ArrayList<>();
    if (model != null) {
      ModelSpec spec = ModelSpecs.load(model);
      findings.add(
          Finding.ok(
              "model",
              "%s: %d layers, %d with %d experts"
                  .formatted(spec.name(), spec.layers(), spec.moeLayers().size(), spec.experts())));
    }
    if (cluster != null) {
      ClusterSpec spec = ClusterSpecs.load(cluster);
      findings.add(
          Finding.ok(
              "cluster",
              "%s: %s; %s"
                  .formatted(spec.name(), spec.shape(), ClusterSpecs.file(cluster).text())));
    }
    return findings;
  }

  String id() {
    return format().id();
  }

  /**
   * @throws InvalidInputException if an option cannot be read
   */
  List<EngineAdvice> examine() {
    return EngineCheck.of(situation());
  }

  /** The engine's launch options; empty if there are none. */
  Optional<String> launch() {
    return Optional.of(
            LaunchText.of(situation().with(null), format().fileName(), format().option()))
        .filter(text -> !text.isBlank());
  }

  private EngineFormat format() {
    return EngineFormat.of("--engine", name);
  }

  private Situation situation() {
    if (slots != null && slots < 1) {
      throw InvalidInputException.of(
          "--slots " + slots, "it must be positive", "Give a positive number");
    }
    EngineGuide guide = EngineGuide.of(id());
    return new Situation(
        guide,
        version == null ? null : EngineVersion.parse("--engine-version", version),
        flags == null ? null : EngineFlags.parse(FLAGS, flags, guide),
        model == null ? null : ModelSpecs.load(model),
        slots == null ? OptionalInt.empty() : OptionalInt.of(slots),
        cluster == null ? OptionalInt.empty() : OptionalInt.of(ClusterSpecs.load(cluster).gpus()));
  }
}
