package io.sextant.numerics.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On two products that were measured twice on an H200, with kernel packages. */
class DispatchStabilityTest {
  private final SiteDispatch site =
      new SiteDispatch(new Requirement(0.05, 1.05), Accuracy.AS_MEASURED);
  private final DispatchStability stability = new DispatchStability(site, 200, 1);

  private static List<KernelFigures> runs(String product, int tokens) throws IOException {
    return KernelFigures.read(
            TraceFiles.local(Path.of("src/test/resources/dispatch/two-sessions.jsonl")))
        .stream()
        .filter(run -> run.site().equals(product) && run.tokens() == tokens)
        .toList();
  }

  @Test
  void aPackageThatIsFasterInBothSessionsIsChosenForCertain() throws IOException {
    List<KernelFigures> runs = runs("attn.out", 16);
    Choice choice = site.choose(RepeatedRuns.pooled(runs));
    assertThat(choice.kernel().library()).isEqualTo("package skinny-row 1");
    assertThat(stability.share(runs, choice).getAsDouble()).isGreaterThan(0.9);
    assertThat(site.fallback(RepeatedRuns.pooled(runs), choice))
        .hasValueSatisfying(other -> assertThat(other.kernel().packaged()).isFalse());
  }

  @Test
  void aChoiceThatChangesBetweenSessionsIsACoinFlip() throws IOException {
    List<KernelFigures> runs = runs("mlp.down", 64);
    List<List<KernelFigures>> sessions = RepeatedRuns.sessions(runs);
    assertThat(sessions).hasSize(2);
    List<String> chosen =
        sessions.stream().map(session -> site.choose(session).kernel().title()).toList();
    assertThat(chosen.get(0)).isNotEqualTo(chosen.get(1));
    // Within one session it looks certain, because the samples of a session have much in common.
    assertThat(stability.share(sessions.get(0), site.choose(sessions.get(0))).getAsDouble())
        .isGreaterThan(DispatchStability.COIN_FLIP);
    Choice together = site.choose(RepeatedRuns.pooled(runs));
    assertThat(stability.share(runs, together).getAsDouble())
        .isLessThan(DispatchStability.COIN_FLIP);
  }

  @Test
  void pooledTimesAreThoseOfAllSamples() throws IOException {
    List<KernelFigures> pooled = RepeatedRuns.pooled(runs("attn.out", 16));
    assertThat(pooled).extracting(KernelFigures::title).doesNotHaveDuplicates();
    assertThat(pooled)
        .filteredOn(KernelFigures::ran)
        .allSatisfy(run -> assertThat(run.endToEndSamplesUs()).hasSize(22));
  }

  @Test
  void filesWithoutSamplesHaveNoShare() throws IOException {
    KernelFigures with = runs("attn.out", 16).get(0);
    KernelFigures without = with.withEndToEnd(new Timing(20, 19, 21, 11));
    Choice choice = site.choose(List.of(without));
    assertThat(stability.share(List.of(without), choice)).isEmpty();
  }

  @Test
  void aLargeWorkspaceIsALoss() throws IOException {
    SiteDispatch small = new SiteDispatch(new Requirement(0.05, 1.05, 1), Accuracy.AS_MEASURED);
    Choice choice = small.choose(RepeatedRuns.pooled(runs("mlp.down", 64)));
    assertThat(choice.losers())
        .anySatisfy(loser -> assertThat(loser.reason()).contains("its workspace of"));
  }
}
