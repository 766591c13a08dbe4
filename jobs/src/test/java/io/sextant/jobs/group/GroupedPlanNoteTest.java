package io.sextant.jobs.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.evaluate.StreamMetrics;
import io.sextant.placement.evaluate.StreamTally;
import io.sextant.schema.spec.Transport;
import org.junit.jupiter.api.Test;

class GroupedPlanNoteTest {
  private static final PlacementMetrics UNGROUPED = metrics(2.0767, 17.95);

  @Test
  void namesTheFiguresThatAreWorse() {
    assertThat(line(metrics(2.31, 24.5), UNGROUPED, "ungrouped.json"))
        .isEqualToNormalizingNewlines(
            "note: the grouped plan scores worse than the one without groups on the same days:"
                + " remote nodes/token 2.3100 instead of 2.0767, layer time 24.50 instead of 17.95"
                + " us. ungrouped.json is the plan without groups\n");
    assertThat(line(metrics(1.84, 18.2), UNGROUPED, "ungrouped.json"))
        .contains("same days: layer time 18.20 instead of 17.95 us.");
  }

  @Test
  void saysNothingOfABetterPlan() {
    assertThat(line(metrics(1.84, 17.8), UNGROUPED, "ungrouped.json")).isEmpty();
    assertThat(line(UNGROUPED, UNGROUPED, "ungrouped.json")).isEmpty();
  }

  @Test
  void aFigureThatIsNotAvailableIsNotWorse() {
    assertThat(line(metrics(1.84, Double.NaN), UNGROUPED, "ungrouped.json")).isEmpty();
  }

  @Test
  void comparesSendsIfThereIsOneForEachChoice() {
    assertThat(
            GroupedPlanNote.line(
                Transport.PER_EXPERT, metrics(2.31, 17.8), UNGROUPED, "ungrouped.json"))
        .isEmpty();
  }

  private static String line(
      PlacementMetrics grouped, PlacementMetrics ungrouped, String ungroupedFile) {
    return GroupedPlanNote.line(Transport.NODE_DEDUPLICATED, grouped, ungrouped, ungroupedFile);
  }

  private static PlacementMetrics metrics(double remoteNodes, double layerMicros) {
    StreamMetrics all =
        new StreamMetrics(
            remoteNodes, 6, 7, 1.2, Double.NaN, 1.1, 1.2, 4, layerMicros, Double.NaN, 100, 0, 2);
    StreamMetrics none = StreamTally.EMPTY.metrics();
    return new PlacementMetrics(all, none, none);
  }
}
