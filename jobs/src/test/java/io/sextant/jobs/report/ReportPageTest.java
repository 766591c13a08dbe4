package io.sextant.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.report.figures.Figures;
import java.io.IOException;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  @Test
  void noTextOfTheDataEndsTheScript() {
    String json = ReportPage.json(Map.of("domain", "</script><script>alert(1)<!--\u2028"));
    assertThat(json)
        .isEqualTo("{\"domain\":\"\\u003c/script>\\u003cscript>alert(1)\\u003c!--\\u2028\"}");
  }

  /** A name of a model, domain, request or file may hold anything. */
  @Property(tries = 300)
  void noTextOfTheDataBecomesMarkup(@ForAll String text) throws IOException {
    String json = ReportPage.json(Map.of(text, text + "</script><!--"));
    assertThat(json).doesNotContain("<", "\u2028", "\u2029");
    assertThat(new ObjectMapper().readTree(json).get(text).textValue())
        .isEqualTo(text + "</script><!--");
  }

  @Test
  void figuresAreRoundedAndNeverNotANumber() {
    assertThat(Figures.rounded(0.1234567)).isEqualTo(0.12346);
    assertThat(Figures.rounded(null)).isNull();
    assertThat(Figures.rounded(Double.NaN)).isNull();
    assertThat(Figures.rounded(Double.POSITIVE_INFINITY)).isNull();
  }
}
