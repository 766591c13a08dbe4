package io.sextant.jobs.gpu.kernels;

import io.sextant.gpu.expert.ExpertBench;
import io.sextant.gpu.gemm.KernelRun;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measurements of grouped products as lines for {@code dispatch}: a product for each distribution
 * of tokens over experts, so that a kernel is chosen for each.
 */
final class GroupedFigures {
  private final String model;
  private final String device;
  private final String cublasLt;
  private final int tokens;
  private final String distribution;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param cublasLt version of the library of the single products
   */
  GroupedFigures(String model, String device, String cublasLt, int[] tokensOfExpert) {
    this.model = model;
    this.device = device;
    this.cublasLt = cublasLt;
    tokens = Arrays.stream(tokensOfExpert).sum();
    distribution =
        Arrays.stream(tokensOfExpert).mapToObj(Integer::toString).collect(Collectors.joining("+"));
  }

  /** Adds all kernels of a projection; times are without the conversion of the tokens. */
  void add(GemmSite projection, boolean e4m3, ExpertBench.Result result) {
    Recipe recipe = e4m3 ? Recipe.E4M3_ROW : Recipe.BF16;
    GemmSite site =
        new GemmSite(projection.name() + " " + distribution, projection.out(), projection.k());
    add(site, recipe, "cublaslt " + cublasLt, result.singles(), result.errorOfSingles());
    add(site, recipe, KernelFigures.OWN, result.grouped(), result.error());
    for (ExpertBench.Packaged each : result.packages()) {
      add(site, recipe, each.library(), each.timing(), each.error());
    }
  }

  private void add(
      GemmSite site, Recipe recipe, String library, Timing timing, ErrorFigures error) {
    lines.add(
        new KernelRun(site, tokens, recipe, library, 0, 1, 0, timing, timing, error, 0, null)
            .figures(model, device)
            .toJson());
  }

  List<String> lines() {
    return lines;
  }
}
