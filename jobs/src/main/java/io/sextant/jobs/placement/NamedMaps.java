package io.sextant.jobs.placement;

import io.sextant.jobs.score.Plan;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlanOrigin;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The maps that a command line names.
 *
 * @param names files, folders that {@code solve} wrote, {@code linear} or {@code
 *     linear-without-copies}
 */
record NamedMaps(List<String> names) {
  /** The map of an engine that was given none. */
  private static final String WITHOUT_COPIES = "linear-without-copies";

  /**
   * The model that the first file names.
   *
   * @throws InvalidInputException if no file is named
   */
  ModelSpec model() {
    return names.stream()
        .filter(name -> !isWord(name))
        .findFirst()
        .map(file -> ModelSpecs.load(PlacementMaps.read(Path.of(file), null).model()))
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "--placement linear", "linear does not name a model", "Give --model"));
  }

  /**
   * The maps as plans to score, in the order of the names.
   *
   * @param gpus number of GPUs of the cluster
   * @param routed whether requests of plans from files run where a router sends them
   * @throws InvalidInputException if a map does not suit the model or the GPUs, or is named twice
   */
  List<Plan> plans(ModelSpec model, int gpus, boolean routed) {
    List<PlacementMap> maps = maps(model);
    List<Plan> plans = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      maps.get(i).requireUsable(names.get(i), gpus);
      Plan plan = Plan.of(shortName(names.get(i)), maps.get(i));
      plans.add(routed && !isWord(names.get(i)) ? plan.withRoutes() : plan);
    }
    if (plans.stream().map(Plan::name).distinct().count() < plans.size()) {
      throw InvalidInputException.of("--placement", "a map is named twice", "Name each map once");
    }
    return plans;
  }

  /** How a map was made; empty if its file does not say. */
  Optional<PlanOrigin> origin(int index) {
    return file(index).flatMap(PlacementMaps::origin);
  }

  /** The profile that a map was planned for; empty if its file does not say. */
  Optional<PlannedFor> plannedFor(int index) {
    return file(index).flatMap(PlacementMaps::plannedFor);
  }

  private Optional<Path> file(int index) {
    return Optional.of(names.get(index)).filter(name -> !isWord(name)).map(Path::of);
  }

  private List<PlacementMap> maps(ModelSpec model) {
    List<PlacementMap> files =
        names.stream()
            .filter(name -> !isWord(name))
            .map(name -> PlacementMaps.read(Path.of(name), model))
            .toList();
    PlacementMap withoutCopies = PlacementMap.linear(model);
    PlacementMap linear = linear(withoutCopies, files.isEmpty() ? withoutCopies : files.get(0));
    Iterator<PlacementMap> next = files.iterator();
    return names.stream()
        .map(
            name ->
                switch (name) {
                  case Plan.LINEAR -> linear;
                  case WITHOUT_COPIES -> withoutCopies;
                  default -> next.next();
                })
        .toList();
  }

  /** The linear map on as many slots as another map, so that both use the same memory. */
  private static PlacementMap linear(PlacementMap withoutCopies, PlacementMap beside) {
    int[][] rows = new int[beside.physicalToLogical().length][];
    for (int l = 0; l < rows.length; l++) {
      rows[l] = LinearPlacement.place(withoutCopies.experts(), beside.slots(l));
    }
    return new PlacementMap(
        withoutCopies.model(), withoutCopies.experts(), withoutCopies.layers(), rows);
  }

  private static boolean isWord(String name) {
    return name.equals(Plan.LINEAR) || name.equals(WITHOUT_COPIES);
  }

  /** The file's name, or the whole path if another file has the same name. */
  private String shortName(String name) {
    String file = Path.of(name).getFileName().toString();
    boolean taken = names.stream().filter(other -> other.endsWith(file)).count() > 1;
    return taken ? name : file.replaceFirst("\\.json$", "");
  }
}
