package io.sextant.numerics.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.numerics.pruning.ImportanceTrace;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads real outcomes, and checks the messages for invalid ones. */
class PruningOutcomesTest {
  private static final Path REAL = Path.of("src/test/resources/sparsity/outcomes.json");
  private static final List<String> LAYERS = List.of("bottom.fc1", "top.fc1", "top.fc2", "top.fc3");

  @TempDir Path folder;

  private List<PruningOutcome> read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("o.json"), text);
    return PruningOutcomes.read(TraceFiles.local(file), LAYERS, 40);
  }

  private static List<PruningOutcome> real() throws IOException {
    return PruningOutcomes.read(TraceFiles.local(REAL), LAYERS, 40);
  }

  @Test
  void realOutcomesHaveTheLossThatIsPublishedWithThem() throws IOException {
    List<PruningOutcome> outcomes = real();
    assertThat(outcomes).hasSize(54);
    PruningOutcome full = outcomes.stream().filter(PruningOutcome::full).findFirst().orElseThrow();
    assertThat(full.loss()).isBetween(0.41369, 0.4137);
    assertThat(RunNoise.of(outcomes).standardDeviation()).isBetween(0.0098, 0.01);
    assertThat(RunNoise.of(outcomes).beforePruning()).isBetween(0.005, 0.015);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"plan\":0|\"plan\":\"x\"|entry 0: plan is not a number",
        "\"bottom.fc1\":0.06|\"bottom.fc1\":0|entry 0: the density of bottom.fc1 is not above 0",
        "\"pruned_from_window\":10|\"pruned_from_window\":39|entry 0: pruned_from_window is not"
            + " from 2 to 37",
        "0.41084|\"much\"|entry 0: logloss_by_window holds \"much\"",
        "0.33043,|''|entry 0: logloss_by_window has 39 windows, the importance has 40",
        "]|''|not JSON: ",
      })
  void wrongEntriesAreNamed(String what, String instead, String message) throws IOException {
    String text = Files.readString(REAL);
    String wrong = what.equals("]") ? text.substring(0, 500) : text.replace(what, instead);
    assertThatThrownBy(() -> read(wrong))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(folder.resolve("o.json") + ": ")
        .hasMessageContaining(message)
        .hasMessageEndingWith("Correct it, or remove the entry");
  }

  @Test
  void aListIsNeeded() {
    assertThatThrownBy(() -> read("{}")).hasMessageContaining("not a list of outcomes");
  }

  private static PlanDamage noDamage() {
    return new PlanDamage(List.of());
  }

  @Test
  void tooFewPlansAndMixedStartsAreNamed() throws IOException {
    List<PruningOutcome> outcomes = real();
    List<PruningOutcome> few =
        outcomes.stream().filter(o -> o.plan() < 4 || o.plan() == 5).toList();
    assertThatThrownBy(() -> PolicyModels.of("o.json", few, noDamage()))
        .hasMessage(
            "o.json: fewer than 6 different plans of static prune. Add outcomes, or leave the"
                + " policy out");
    List<PruningOutcome> mixed = new ArrayList<>(outcomes);
    PruningOutcome first = outcomes.get(0);
    mixed.add(new PruningOutcome(99, first.densities(), first.policy(), 12, first.lossByWindow()));
    assertThatThrownBy(() -> PolicyModels.of("o.json", mixed, noDamage()))
        .hasMessageContaining("outcomes begin to prune in different windows");
    List<PruningOutcome> full = outcomes.stream().filter(PruningOutcome::full).toList();
    assertThatThrownBy(() -> PolicyModels.of("o.json", full, noDamage()))
        .hasMessageContaining("no plan prunes anything");
  }

  @Test
  void damageRisesAsALayerKeepsLess() {
    float[][] windows = new float[6][20];
    for (int window = 0; window < windows.length; window++) {
      for (int neuron = 0; neuron < 20; neuron++) {
        windows[window][neuron] = (neuron * 7 + window) % 13;
      }
    }
    int[] widths = IntStream.rangeClosed(1, 20).toArray();
    LayerLosses losses = LayerLosses.of(new ImportanceTrace("l", windows), widths);
    for (int kept = 2; kept <= 20; kept++) {
      assertThat(losses.damage(1, 6, kept)).isLessThanOrEqualTo(losses.damage(1, 6, kept - 1));
    }
    assertThat(losses.damage(1, 6, 20)).isZero();
  }

  @Test
  void alternatePruningEndsFullSize() {
    for (int windows = 20; windows < 24; windows++) {
      assertThat(PruningPolicy.ALTERNATE.prunes(windows - 1, 10, windows - 1)).isFalse();
      assertThat(PruningPolicy.ADAPTIVE.prunes(windows - 1, 10, windows - 1)).isTrue();
    }
    assertThat(PruningPolicy.ALTERNATE.prunes(10, 10, 39)).isTrue();
    assertThat(PruningPolicy.ALTERNATE.prunes(11, 10, 39)).isFalse();
    assertThat(PruningPolicy.STATIC.prunes(9, 10, 39)).isFalse();
  }
}
