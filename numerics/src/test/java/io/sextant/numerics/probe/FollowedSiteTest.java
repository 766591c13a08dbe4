package io.sextant.numerics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.stats.LayerStatistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowedSiteTest {
  private static final KnownAlignments NONE = new KnownAlignments(Map.of());

  @ParameterizedTest
  @ValueSource(strings = {"layer_stats-lm.jsonl.gz", "layer_stats-lrm-baseline.jsonl.gz"})
  void theLastVerdictIsThatOfAFreshRun(String file) throws IOException {
    Map<String, List<LayerStatistics>> bySite =
        RealCuts.statistics(file).stream()
            .filter(one -> one.step() != null)
            .collect(
                Collectors.groupingBy(
                    LayerStatistics::site, TreeMap::new, Collectors.toCollection(ArrayList::new)));
    assertThat(bySite).isNotEmpty();
    for (double mostError : new double[] {0.02, 0.035, 0.05}) {
      for (List<LayerStatistics> all : bySite.values()) {
        SiteSnapshots site = SiteSnapshots.of(all);
        if (!site.complete() || site.obstacle().isPresent()) {
          continue;
        }
        SiteProbe fresh = site.probe(NONE, Hazards.Norm.AUTO);
        FollowedSite followed = new FollowedSite(NONE, Hazards.Norm.AUTO, mostError);
        Map<String, String> verdicts = new TreeMap<>();
        SiteProbe first = null;
        List<LayerStatistics> mixed = new ArrayList<>(all);
        // The operands of a step arrive in any order.
        Collections.shuffle(mixed, new Random(1));
        mixed.sort(Comparator.comparing(LayerStatistics::step));
        for (LayerStatistics snapshot : mixed) {
          for (VerdictChange change : followed.add(snapshot)) {
            assertThat(change.before()).isNotEqualTo(change.after());
            assertThat(change.fromStep()).isLessThan(change.step());
            verdicts.put(change.recipe(), change.after());
          }
          first = first == null ? followed.probe() : first;
        }
        assertThat(followed.probe()).isEqualTo(fresh);
        for (int i = 0; i < fresh.recipes().size(); i++) {
          String start = first.recipes().get(i).safe(mostError) ? "safe" : "unsafe";
          assertThat(verdicts.getOrDefault(fresh.recipes().get(i).error().recipe().id(), start))
              .isEqualTo(fresh.recipes().get(i).safe(mostError) ? "safe" : "unsafe");
        }
      }
    }
  }
}
