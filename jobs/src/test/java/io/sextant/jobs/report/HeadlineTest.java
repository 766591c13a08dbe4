package io.sextant.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.report.ReportData.Load;
import io.sextant.jobs.report.ReportData.Plan;
import io.sextant.jobs.report.ReportData.Score;
import io.sextant.jobs.report.ReportData.Traffic;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadlineTest {
  private static final Section<Load> LOAD = Section.of(new Load(new long[1][1], null));

  @Test
  void saysWhatGotLess() {
    assertThat(Headline.of("m", traffic(2.0, 1.4, 1.5, 1.2), LOAD))
        .isEqualTo(
            "25.0 % less traffic between nodes: a token goes to 1.500 remote nodes instead of"
                + " 2.000, and the busiest GPU carries 1.200 times the mean instead of 1.400.");
  }

  @Test
  void saysWhatGotWorse() {
    assertThat(Headline.of("m", traffic(2.0, 1.4, 2.1, 1.2), LOAD))
        .startsWith("5.0 % more traffic between nodes: ");
    assertThat(Headline.of("m", traffic(2.0, 1.4, 2.0, 1.2), LOAD))
        .startsWith("Traffic between nodes unchanged: ");
  }

  @Test
  void doesWithoutAPlacement() {
    Section<Traffic> none = Section.missing("the warehouse has no table placement_metrics");
    assertThat(Headline.of("m", none, LOAD))
        .isEqualTo(
            "No placement of m has been scored yet; this is how its traffic loads the experts.");
    assertThat(Headline.of("m", none, Section.missing("no table")))
        .isEqualTo("The warehouse knows m, but neither its load nor a placement.");
  }

  private static Section<Traffic> traffic(
      double linearNodes, double linearLoad, double nodes, double load) {
    return Section.of(
        new Traffic(
            List.of(
                new Plan("linear", score(linearNodes, linearLoad), List.of()),
                new Plan("sextant", score(nodes, load), List.of())),
            "2026-09-14"));
  }

  private static Score score(double nodes, double load) {
    return new Score(nodes, 7.0, load, 1.0, null, 10, 1);
  }
}
