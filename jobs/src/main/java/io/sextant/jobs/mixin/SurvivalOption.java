package io.sextant.jobs.mixin;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.problem.LostUnit;
import io.sextant.schema.InvalidInputException;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The option for plans that lose no expert with hardware. */
public final class SurvivalOption {
  private static final String OPTION = "--survive ";
  private static final int COPIES = 2;

  @Option(
      names = "--survive",
      paramLabel = "UNIT",
      description =
          "gpu or node: place copies so that no expert is lost with any one of them. Every expert"
              + " needs copies on two, so at least twice as many slots as experts.")
  private String unit;

  /**
   * Checks that the option is not given with others.
   *
   * @param others whether the plan has a map in force, groups or uneven layers
   * @throws InvalidInputException if it has
   */
  public void requireAlone(boolean others) {
    if (unit != null && others) {
      throw InvalidInputException.of(
          OPTION + unit,
          "it plans without a map in force, without groups and with the same slots in every layer",
          "Leave out --current, --group and --uneven-layers");
    }
  }

  /**
   * The hardware of which one unit may fail.
   *
   * @throws InvalidInputException if the name is not known, or the target has too few slots or one
   *     unit alone
   */
  public LostUnit unit(PlanTarget target) {
    if (unit == null) {
      return LostUnit.NOTHING;
    }
    LostUnit lost = named(unit);
    int gpus = target.layout().gpus();
    int units = lost == LostUnit.GPU ? gpus : target.layout().nodes();
    if (units < COPIES) {
      throw InvalidInputException.of(
          OPTION + unit,
          "cluster %s has one %s".formatted(target.cluster().name(), unit),
          "Leave the option out, or describe a larger cluster");
    }
    int experts = target.model().experts();
    int needed = (COPIES * experts + gpus - 1) / gpus * gpus;
    if (target.layout().slots() < needed) {
      throw InvalidInputException.of(
          OPTION + unit,
          "copies of %d experts on two %ss each need %d slots, and --slots is %d"
              .formatted(experts, unit, needed, target.layout().slots()),
          "Give --slots %d, or see with sextant outage which experts a failure loses"
              .formatted(needed));
    }
    return lost;
  }

  private static LostUnit named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "gpu" -> LostUnit.GPU;
      case "node" -> LostUnit.NODE;
      default ->
          throw InvalidInputException.of(OPTION + name, "it is not known", "Give gpu or node");
    };
  }
}
