package io.sextant.jobs.gpu;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.gpu.gemm.KernelRun;

/** A kernel's figures as a line of JSON: what a GPU host sends back and {@code dispatch} reads. */
final class KernelRunJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private KernelRunJson() {}

  static String line(String model, String device, KernelRun run) {
    ObjectNode node = JSON.createObjectNode();
    node.put("model", model);
    node.put("site", run.site().name());
    node.put("out", run.site().out());
    node.put("k", run.site().k());
    node.put("tokens", run.tokens());
    node.put("recipe", run.recipe().id());
    node.put("library", run.library());
    node.put("device", device);
    node.put("algorithm", run.algorithm());
    node.put("algorithms_tried", run.algorithmsTried());
    node.put("algorithms_wrong", run.algorithmsWrong());
    if (run.refusal() == null) {
      node.put("matmul_us", run.matmul().median());
      node.put("end_to_end_us", run.endToEnd().median());
      node.put("end_to_end_low_us", run.endToEnd().low());
      node.put("end_to_end_high_us", run.endToEnd().high());
      node.put("relative_frobenius", run.error().relativeFrobenius());
      node.put("sqnr_db", run.error().sqnrDb());
      node.put("calc_diff", run.error().calcDiff());
      node.put("mere", run.error().mere());
      node.put("mere_floor", run.error().mereFloor());
      node.put("mere_count", run.error().mereCount());
    } else {
      node.put("refusal", run.refusal());
    }
    return node.toString();
  }
}
