package io.sextant.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.Pool;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.ServingProfiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares profiles on the first requests of two sample days. */
class ServingMatrixTest {
  private static final List<String> PROFILES = List.of("vllm", "sglang", "sglang-disaggregated");

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;
  private static ServingScores scores;

  @BeforeAll
  static void compare() throws Exception {
    warehouse = SampleWarehouse.of(folder, 60);
    List<CompareJob> jobs = new ArrayList<>();
    for (String profile : PROFILES) {
      jobs.add(job(profile));
    }
    scores = new ServingMatrix(jobs).run(List.of());
  }

  private static CompareJob job(String name) {
    PlanTarget usual = SampleWarehouse.target(160, Pool.BOTH);
    ServingProfile profile = ServingProfiles.load(name).withTokens(64, 16);
    PlanTarget target =
        new PlanTarget(
            usual.model(),
            usual.cluster(),
            usual.layout(),
            usual.sources(),
            profile,
            Pool.BOTH,
            usual.packaging());
    return new CompareJob(
        warehouse.run(target, "matrix"),
        SampleWarehouse.settings(target, 1)
            .forRule(profile.copyRule(), target.layout(), target.model().experts()));
  }

  @Test
  void aRowIsWhatCompareSaysUnderItsProfile() {
    for (int r = 0; r < PROFILES.size(); r++) {
      PlanScores row = scores.rows().get(r);
      PlanScores alone =
          job(PROFILES.get(r)).run(List.of(), Optional.empty(), DecisionTerms.NIGHTLY).scores();
      assertThat(row.profile().name()).isEqualTo(PROFILES.get(r));
      assertThat(row.plans())
          .startsWith("linear", "eplb", "eplb-hierarchical", "coactivation", "flashlb");
      assertThat(row.metrics("sextant:" + PROFILES.get(r))).isEqualTo(alone.metrics(Plan.SEXTANT));
      assertThat(row.metrics("flashlb")).isEqualTo(alone.metrics("flashlb"));
      assertThat(row.metrics("eplb")).isEqualTo(alone.metrics("eplb"));
    }
  }

  /** The last two profiles have the same plan in a batch of both phases. */
  @Test
  void theBestPlanOfARowIsMarkedAndItsOwnWinsTies() {
    JsonNode profiles = scores.json().get("profiles");
    assertThat(profiles).hasSize(3);
    for (JsonNode profile : profiles) {
      double least = Double.MAX_VALUE;
      double own = 0;
      for (JsonNode plan : profile.get("plans")) {
        double micros = plan.get("predicted_layer_micros").doubleValue();
        least = Math.min(least, micros);
        own = plan.get("plan").equals(profile.get("own_plan")) ? micros : own;
        if (plan.get("plan").equals(profile.get("best_plan"))) {
          assertThat(micros).isEqualTo(least);
        }
      }
      String serving = profile.get("serving").textValue();
      String line =
          scores
              .text()
              .lines()
              .filter(row -> row.matches(" \\d " + serving + " .*"))
              .findFirst()
              .get();
      assertThat(line.chars().filter(c -> c == '*')).hasSize(1);
      assertThat(scores.text().contains(serving + ": its own plan (")).isEqualTo(own > least);
      assertThat(profile.get("best_plan").equals(profile.get("own_plan"))).isEqualTo(own == least);
    }
    assertThat(scores.text().lines().findFirst().orElseThrow())
        .matches(
            "serving profile +linear +eplb +eplb-hierarchical +coactivation +flashlb +for 1 +for 2 +for 3");
  }
}
