package io.sextant.jobs.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Shares come out as asked, and what cannot be met is refused in one line. */
class TrafficChangeTest {
  private static final double EXACT = 1e-9;
  private static final LabelTokens RECORDED =
      tokens(Map.of("java", 10.0, "chat", 60.0, "sql", 30.0));

  private static LabelTokens tokens(Map<String, Double> byLabel) {
    return new LabelTokens("traces of a model", new TreeMap<>(byLabel));
  }

  private static TrafficChange mix(String mix) {
    return TrafficChange.of(mix, null, null);
  }

  private static TrafficChange scale(String scale) {
    return TrafficChange.of(null, scale, null);
  }

  @Property(tries = 200)
  void namedLabelsGetTheirSharesAndOthersKeepTheirProportions(
      @ForAll @Size(min = 4, max = 8) List<@IntRange(min = 1, max = 1_000_000) Integer> counts,
      @ForAll @DoubleRange(min = 0, max = 0.49) double first,
      @ForAll @DoubleRange(min = 0, max = 0.49) double second) {
    NavigableMap<String, Double> byLabel = new TreeMap<>();
    for (int i = 0; i < counts.size(); i++) {
      byLabel.put("label" + i, (double) counts.get(i));
    }
    LabelTokens recorded = new LabelTokens("traces", byLabel);
    NavigableMap<String, Double> kept =
        recorded.keptForShares(Map.of("label0", first, "label1", second), "--mix");
    assertThat(kept.values()).allMatch(part -> part >= 0 && part <= 1).contains(1.0);
    LabelTokens after = recorded.after(kept);
    assertThat(after.share("label0")).isCloseTo(first, within(EXACT));
    assertThat(after.share("label1")).isCloseTo(second, within(EXACT));
    assertThat(kept.get("label2")).isEqualTo(kept.get("label3"));
  }

  @Property(tries = 200)
  void scaledLabelsGrowBesideUnchangedOthers(
      @ForAll @DoubleRange(min = 0, max = 100) double factor) {
    NavigableMap<String, Double> kept = RECORDED.keptForFactors(Map.of("java", factor), "--scale");
    LabelTokens after = RECORDED.after(kept);
    assertThat(kept.values()).allMatch(part -> part >= 0 && part <= 1).contains(1.0);
    assertThat(after.share("java")).isCloseTo(factor * 10 / (factor * 10 + 90), within(EXACT));
    assertThat(kept.get("chat")).isEqualTo(kept.get("sql"));
  }

  @Example
  void withoutOptionsTrafficIsAsRecorded() {
    assertThat(TrafficChange.of(null, null, null)).isEqualTo(TrafficChange.NONE);
    assertThat(TrafficChange.NONE.isNone()).isTrue();
    assertThat(Traffic.RECORDED.line()).isEmpty();
  }

  @Example
  void laterDaysGetTheSharesThatThePlanWasMadeFor() {
    LabelTokens later = tokens(Map.of("java", 20.0, "chat", 80.0));
    for (TrafficChange change : new TrafficChange[] {mix("java=20%"), scale("java=2.25")}) {
      assertThat(RECORDED.after(change.planned(RECORDED).kept()).share("java"))
          .isCloseTo(0.2, within(EXACT));
      assertThat(later.after(change.scored(RECORDED, later).kept()).share("java"))
          .isCloseTo(0.2, within(EXACT));
    }
    Traffic gone = scale("sql=0").scored(RECORDED, later);
    assertThat(gone.kept()).containsExactlyInAnyOrderEntriesOf(Map.of("java", 1.0, "chat", 1.0));
  }

  @Example
  void theLineNamesRecordedAndPlannedShares() {
    Traffic traffic = TrafficChange.of("java=0.2", null, "22-6").planned(RECORDED);
    assertThat(traffic.change()).isEqualTo("mix java=0.2, arrivals 22-6 UTC");
    assertThat(traffic.line())
        .isEqualTo(
            "planned and scored for a mix of java 20.0 % of tokens (recorded: 10.0 %), others in"
                + " proportion, for arrivals from 22:00 to 6:00 UTC"
                + System.lineSeparator());
  }

  @Example
  void hoursMayPassMidnight() {
    long hour = 3_600_000;
    Hours night = Hours.of("22-6");
    assertThat(night.contains(22 * hour)).isTrue();
    assertThat(night.contains(24 * hour + 6 * hour - 1)).isTrue();
    assertThat(night.contains(6 * hour)).isFalse();
    Hours day = Hours.of("8-18");
    assertThat(day.contains(48 * hour + 8 * hour)).isTrue();
    assertThat(day.contains(18 * hour)).isFalse();
    for (String wrong : new String[] {"8", "8-8", "24-3", "8-25", "a-b", "8:00-18:00", ""}) {
      assertThatThrownBy(() -> Hours.of(wrong))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "--arrivals %s: it is not a range of hours of a day. Give FROM-TO in whole hours, UTC, such as 8-18, or 22-6 over midnight"
                  .formatted(wrong));
    }
  }

  @Example
  void refusesWhatCannotBeRead() {
    for (String wrong :
        new String[] {"java", "java=", "=0.2", "java=x", "java=-1", "java=0.1,", "java=NaN"}) {
      assertThatThrownBy(() -> mix(wrong))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("is not a label with a share of at least 0. Give label=share");
    }
    assertRefused("--mix java=0.1,java=0.2: java is named twice.", () -> mix("java=0.1,java=0.2"));
    assertRefused("the shares add up to more than 1", () -> mix("java=0.6,chat=50%"));
    assertRefused(
        "--mix and --scale: both say how large labels are",
        () -> TrafficChange.of("java=0.2", "java=2", null));
  }

  @Example
  void refusesLabelsAndSharesThatTheTracesDoNotAllow() {
    assertRefused(
        "--mix jva=0.2: traces of a model have no requests with the label jva. Did you mean java?"
            + " They have chat, java, sql",
        () -> mix("jva=0.2").planned(RECORDED));
    assertRefused(
        "the shares leave nothing for other labels of traces of a model: sql",
        () -> mix("java=0.3,chat=0.7").planned(RECORDED));
    assertRefused(
        "the shares of all labels of traces of a model must add up to 1",
        () -> mix("java=0.3,chat=0.3,sql=0.3").planned(RECORDED));
    assertRefused(
        "it leaves no requests of traces of a model",
        () -> scale("java=0,chat=0,sql=0").planned(RECORDED));
  }

  private static void assertRefused(String message, Runnable change) {
    assertThatThrownBy(change::run)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }
}
