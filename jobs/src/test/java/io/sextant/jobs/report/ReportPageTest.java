package io.sextant.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.report.figures.Figures;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  @Test
  void noTextOfTheDataEndsTheScript() {
    String json = ReportPage.json(Map.of("domain", "</script><script>alert(1)<!--\u2028"));
    assertThat(json)
        .isEqualTo("{\"domain\":\"\\u003c/script>\\u003cscript>alert(1)\\u003c!--\\u2028\"}");
  }

  @Test
  void figuresAreRoundedAndNeverNotANumber() {
    assertThat(Figures.rounded(0.1234567)).isEqualTo(0.12346);
    assertThat(Figures.rounded(null)).isNull();
    assertThat(Figures.rounded(Double.NaN)).isNull();
    assertThat(Figures.rounded(Double.POSITIVE_INFINITY)).isNull();
  }
}
