package io.sextant.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.report.data.PlanData.Decided;
import io.sextant.jobs.report.data.PlanData.Identity;
import io.sextant.jobs.report.data.PlanData.Plan;
import io.sextant.jobs.report.data.PlanData.Score;
import io.sextant.jobs.report.data.PlanData.Spans;
import io.sextant.jobs.report.data.PlanData.Traffic;
import io.sextant.jobs.report.data.RoutingData.Load;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.stats.Estimate;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadlineTest {
  private static final Section<Load> LOAD =
      Section.of(new Load(new long[1][1], null, null, List.of(), 0));

  private static final Section<Decided> NONE = Section.missing("none was recorded");

  @Test
  void saysWhatGotLess() {
    assertThat(Headline.of("m", traffic("linear", 2.0, 1.4, 1.5, 1.2, null), NONE, LOAD))
        .isEqualTo(
            "25.0 % less traffic between nodes than under linear with as many slots: a token goes to 1.500"
                + " remote nodes instead of 2.000, and the busiest GPU carries 1.200 times the mean instead of 1.400.");
  }

  @Test
  void saysWhatGotWorse() {
    assertThat(Headline.of("m", traffic("linear", 2.0, 1.4, 2.1, 1.2, null), NONE, LOAD))
        .startsWith("5.0 % more traffic between nodes than under linear with as many slots: ");
    assertThat(Headline.of("m", traffic("linear", 2.0, 1.4, 2.0, 1.2, null), NONE, LOAD))
        .startsWith("No less traffic between nodes than under linear with as many slots: ");
  }

  @Test
  void countsHaveABalanceAndNoTraffic() {
    Score before = new Score(null, null, 1.4, null, null, 10, 1, null, null, null);
    Score after = new Score(null, null, 1.2, null, null, 10, 1, null, null, null);
    Section<Traffic> counts =
        Section.of(
            new Traffic(
                List.of(
                    new Plan("linear", before, List.of()), new Plan("sextant", after, List.of())),
                "linear",
                "sextant",
                "sglang",
                "2026-09-14",
                "run",
                new Identity(null, null, null, null, null, null, null, null)));
    assertThat(Headline.of("m", counts, NONE, LOAD))
        .isEqualTo(
            "The busiest GPU carries 1.200 times the mean instead of 1.400 under linear with as many"
                + " slots; traffic between nodes is not available, because the engines only counted"
                + " tokens of each expert.");
  }

  @Test
  void doesWithoutAPlacement() {
    Section<Traffic> none = Section.missing("the warehouse has no table placement_metrics");
    assertThat(Headline.of("m", none, NONE, LOAD))
        .isEqualTo(
            "No placement of m has been scored yet; the report shows how its traffic loads the"
                + " experts.");
    assertThat(Headline.of("m", none, NONE, Section.missing("no table")))
        .isEqualTo("The warehouse has traces of m, but neither its load nor a placement.");
  }

  @Test
  void saysTheDecisionAndTheIntervals() {
    Spans spans =
        new Spans(new Estimate(null, 1.4, 1.6), null, new Estimate(null, 1.15, 1.25), null, null);
    Section<Decided> decision =
        Section.of(
            new Decided(
                "refresh",
                "vllm",
                "insufficient evidence",
                "Too few.",
                null,
                null,
                0.005,
                2_500_000L,
                1500));
    assertThat(Headline.of("m", traffic("current", 2.0, 1.4, 1.5, 1.2, spans), decision, LOAD))
        .isEqualTo(
            "Insufficient evidence. With the new plan 25.0 % less traffic between nodes than under the"
                + " map in force: a token goes to 1.500 [1.400, 1.600] remote nodes instead of"
                + " 2.000, and the busiest GPU carries 1.200 [1.150, 1.250] times the mean instead"
                + " of 1.400, under the serving profile vllm.");
    assertThat(Headline.why(decision))
        .isEqualTo(
            "Moving 2.5 MB takes 1.50 ms. Decided by refresh, under the serving profile vllm.");
    assertThat(Headline.why(NONE)).isNull();
  }

  @Test
  void theFirstMapMovesNothing() {
    assertThat(
            Headline.why(
                Section.of(
                    new Decided("refresh", null, "publish", "Yes.", null, null, 0, null, 0))))
        .isEqualTo("No map was in force, so nothing has to be moved. Decided by refresh.");
  }

  private static Section<Traffic> traffic(
      String before,
      double nodesBefore,
      double loadBefore,
      double nodes,
      double load,
      Spans spans) {
    return Section.of(
        new Traffic(
            List.of(
                new Plan(before, score(nodesBefore, loadBefore, null), List.of()),
                new Plan("sextant", score(nodes, load, spans), List.of())),
            before,
            "sextant",
            before.equals("current") ? "vllm" : null,
            "2026-09-14",
            "run",
            new Identity(null, null, null, null, null, null, null, null)));
  }

  private static Score score(double nodes, double load, Spans spans) {
    return new Score(nodes, 7.0, load, 1.0, null, 10, 1, null, null, spans);
  }
}
