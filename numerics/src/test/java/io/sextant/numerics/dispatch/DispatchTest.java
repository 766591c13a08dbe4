package io.sextant.numerics.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Dispatch on figures measured on an H200. */
class DispatchTest {
  private static final Path RUNS = Path.of("../bench/results/2026-11-24-h200-kernel-runs.jsonl.gz");
  private static final Requirement USUAL = new Requirement(0.05, 1.05);

  @Test
  void everyChoiceIsAccurateFastAndTheFastestUpToNoise() throws IOException {
    SiteDispatch dispatch = new SiteDispatch(USUAL, Accuracy.AS_MEASURED);
    int plainer = 0;
    for (List<KernelFigures> kernels : products("llama3-8b", null)) {
      Choice choice = dispatch.choose(kernels);
      assertThat(choice.losers()).hasSize(kernels.size() - 1);
      assertThat(choice.error()).isLessThan(0.05);
      if (!choice.kernel().equals(choice.bf16())) {
        assertThat(choice.speedup()).isGreaterThanOrEqualTo(1.05);
      }
      for (KernelFigures kernel : dispatch.allowed(kernels)) {
        assertThat(choice.kernel().endToEndLowUs()).isLessThanOrEqualTo(kernel.endToEndHighUs());
        plainer += kernel.endToEndUs() < choice.kernel().endToEndUs() ? 1 : 0;
      }
    }
    assertThat(plainer).isPositive();
  }

  @Test
  void anObjectionOrAStrictErrorLeavesBf16() throws IOException {
    List<KernelFigures> kernels = products("llama3-8b", 1024).get(0);
    Accuracy unsafe =
        new Accuracy() {
          @Override
          public double error(KernelFigures kernel) {
            return kernel.relativeFrobenius();
          }

          @Override
          public Optional<String> objection(KernelFigures kernel) {
            return Optional.of("unsafe");
          }
        };
    assertThat(new SiteDispatch(USUAL, unsafe).choose(kernels).kernel().approximate()).isFalse();
    assertThat(
            new SiteDispatch(new Requirement(0.01, 1.05), Accuracy.AS_MEASURED)
                .choose(kernels)
                .losers())
        .extracting(Choice.Loser::reason)
        .anyMatch(reason -> reason.contains("is over 0.0100"));
  }

  @Test
  void aProductWithoutBf16IsNamed() throws IOException {
    List<KernelFigures> fp8 =
        products("llama3-8b", 1024).get(0).stream().filter(KernelFigures::approximate).toList();
    assertThatThrownBy(() -> new SiteDispatch(USUAL, Accuracy.AS_MEASURED).choose(fp8))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("attn.qkv of llama3-8b at 1024 tokens: no BF16 kernel");
  }

  @Test
  void theGlobalChoiceIsTheBestOfAllCombinations() throws IOException {
    List<List<KernelFigures>> products = products("qwen3-235b-a22b", 512);
    SiteDispatch site = new SiteDispatch(USUAL, Accuracy.AS_MEASURED);
    for (double budget : new double[] {0.01, 0.045, 0.06, 0.07, 0.2}) {
      List<Choice> choices = new GlobalDispatch(site, budget).choose(products);
      double micros = choices.stream().mapToDouble(c -> c.kernel().endToEndUs()).sum();
      assertThat(micros).isCloseTo(best(site, products, 0, 0, 0, budget), within(1e-9));
    }
  }

  /** Finds the best choice by trying all. */
  private static double best(
      SiteDispatch site,
      List<List<KernelFigures>> products,
      int next,
      double micros,
      double squared,
      double budget) {
    if (next == products.size()) {
      return squared <= budget * budget ? micros : Double.POSITIVE_INFINITY;
    }
    double best = Double.POSITIVE_INFINITY;
    for (KernelFigures kernel : site.allowed(products.get(next))) {
      double error = kernel.relativeFrobenius();
      best =
          Math.min(
              best,
              best(
                  site,
                  products,
                  next + 1,
                  micros + kernel.endToEndUs(),
                  squared + error * error,
                  budget));
    }
    return best;
  }

  private static List<List<KernelFigures>> products(String model, Integer tokens)
      throws IOException {
    Map<String, List<KernelFigures>> products = new LinkedHashMap<>();
    for (KernelFigures run : KernelFigures.read(TraceFiles.local(RUNS))) {
      if (run.model().equals(model) && (tokens == null || run.tokens() == tokens)) {
        products.computeIfAbsent(run.site() + run.tokens(), key -> new ArrayList<>()).add(run);
      }
    }
    return List.copyOf(products.values());
  }
}
