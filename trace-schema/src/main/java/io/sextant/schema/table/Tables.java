package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.FLOAT_ARRAY;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.LONG;
import static io.sextant.schema.table.ColumnType.LONG_ARRAY;
import static io.sextant.schema.table.ColumnType.SHORT_ARRAY;
import static io.sextant.schema.table.ColumnType.STRING;

import java.util.ArrayList;
import java.util.List;

/** Every table of the warehouse. */
public final class Tables {
  private static final Column RUN_ID =
      column("run_id", STRING, "", "run that wrote the row; key of runs");
  private static final Column MODEL = column("model", STRING, "", "name of the model");
  private static final Column DAY =
      column("day", STRING, "UTC date", "yyyy-MM-dd; the last day of what the row covers");
  private static final Column FROM_DAY =
      column("from_day", STRING, "UTC date", "first day the row covers");
  private static final Column TO_DAY =
      column("to_day", STRING, "UTC date", "last day the row covers");
  private static final Column LAYER = column("layer", INT, "", "absolute id of the MoE layer");
  private static final Column LAYER_OR_ALL =
      column("layer", INT, "", "absolute id of the MoE layer; -1 for all of them");
  private static final Column PHASE =
      column("phase", STRING, "", "prefill, decode, or mixed where an engine does not tell");
  private static final Column PHASE_OR_ALL =
      column("phase", STRING, "", "prefill, decode, mixed (an engine did not tell) or all");
  private static final Column COSINE =
      nullable("cosine", DOUBLE, "", "cosine of the two vectors of expert counts");
  private static final Column JENSEN_SHANNON =
      nullable(
          "jensen_shannon", DOUBLE, "bits", "Jensen-Shannon divergence of the two expert shares");

  private static final Column SITE = column("site", STRING, "", "product of the model");
  private static final Column OPERAND = column("operand", STRING, "", "activation or weight");
  private static final Column TOKENS_AT_ONCE =
      column("tokens", INT, "tokens", "rows of the activations");
  private static final Column RECIPE =
      column(
          "recipe",
          STRING,
          "",
          "bf16, e4m3-tensor, e4m3-tensor-fast, e4m3-row, e4m3-block, bf16-sparse24, e4m3-sparse24");
  private static final Column LIBRARY =
      column("library", STRING, "", "library and version; sextant for our own kernel");

  public static final TableDefinition TRACES =
      byDay(
          "traces",
          "the routing of one request in one MoE layer",
          column("request_id", LONG, "", "id within its source"),
          column("source", STRING, "", "name of the file it came from, without extensions"),
          column("arrival_ms", LONG, "milliseconds since 1970 UTC", "when the request arrived"),
          column("domain", STRING, "", "what the request is about, as its source names it"),
          column("source_rank", INT, "", "data-parallel rank that served it"),
          LAYER,
          column("prefill_tokens", INT, "tokens", "rows of the prompt; they come first"),
          column("decode_tokens", INT, "tokens", "rows of generated tokens"),
          column("top_k", INT, "experts", "experts of a token"),
          column(
              "experts",
              SHORT_ARRAY,
              "",
              "logical expert ids, top_k a token, token after token, prefill first"),
          RUN_ID);

  public static final TableDefinition LOAD_COUNTS =
      byDay(
          "load_counts",
          "what an engine that only counts saw in one MoE layer in one step",
          column("source", STRING, "", "name of the file it came from, without extensions"),
          column("step", LONG, "", "the engine's step, iteration or forward pass"),
          column("arrival_ms", LONG, "milliseconds since 1970 UTC", "when the engine wrote it"),
          LAYER,
          column("tokens", LONG_ARRAY, "tokens", "tokens that chose each logical expert, from 0"),
          RUN_ID);

  public static final TableDefinition FILES =
      byModel(
          "files",
          "a file that ingest has seen; known by its content",
          column("content_id", STRING, "", "SHA-256 of the stored bytes, hex"),
          column("path", STRING, "", "the path it was read from"),
          nullable("format", STRING, "", "name of the format; null where none was recognised"),
          column("bytes", LONG, "bytes", "size as stored"),
          column("requests", LONG, "requests", "requests kept"),
          column("tokens", LONG, "tokens", "rows of the requests kept"),
          column("expert_ids", LONG, "ids", "expert ids of the requests kept"),
          column("rejected", LONG, "requests", "requests quarantined"),
          column("status", STRING, "", "ingested or quarantined"),
          RUN_ID);

  public static final TableDefinition QUARANTINE =
      byModel(
          "quarantine",
          "a file or request that could not be used",
          column("path", STRING, "", "the file"),
          column("content_id", STRING, "", "SHA-256 of its stored bytes, hex"),
          nullable("row", LONG, "", "request within the file, from 0; null for the whole file"),
          column("reason", STRING, "", "what is wrong, with the values found"),
          RUN_ID);

  public static final TableDefinition EXPERT_LOAD =
      byDay(
          "expert_load",
          "tokens an expert was sent in one hour",
          column("hour", INT, "hours", "UTC hour of the arrival, 0 to 23"),
          column("domain", STRING, "", "domain of the requests"),
          PHASE,
          LAYER,
          column("expert", INT, "", "logical expert"),
          column("tokens", LONG, "tokens", "tokens that chose it"),
          RUN_ID);

  public static final TableDefinition IMBALANCE =
      byDay(
          "imbalance",
          "how unevenly the experts, or the GPUs of a linear placement, were loaded",
          FROM_DAY,
          TO_DAY,
          LAYER,
          PHASE_OR_ALL,
          column("domain", STRING, "", "domain of the requests, or all"),
          column(
              "ep_size",
              INT,
              "GPUs",
              "equal groups of consecutive experts that are compared; the number of experts for"
                  + " each alone"),
          column("max_over_mean", DOUBLE, "", "largest load over the mean; 1 is even"),
          column("mean_over_max", DOUBLE, "", "its inverse, the engines' balancedness"),
          column("jain", DOUBLE, "", "Jain's fairness index; 1 is even"),
          column("cv", DOUBLE, "", "coefficient of variation; 0 is even"),
          column("gini", DOUBLE, "", "Gini coefficient; 0 is even"),
          column("tokens", LONG, "tokens", "tokens counted"),
          RUN_ID);

  public static final TableDefinition PREFILL_DECODE =
      byDay(
          "prefill_decode",
          "how well the experts of prefill foretell those of decode",
          FROM_DAY,
          TO_DAY,
          LAYER_OR_ALL,
          column("scope", STRING, "", "what is compared: request, batch, domain or source"),
          column("name", STRING, "", "the domain or source; else all"),
          nullable("pearson", DOUBLE, "", "correlation of the expert counts"),
          nullable("pearson_low", DOUBLE, "", "lower end of its 95 % interval"),
          nullable("pearson_high", DOUBLE, "", "upper end of its 95 % interval"),
          nullable("spearman", DOUBLE, "", "rank correlation of the expert counts"),
          nullable("spearman_low", DOUBLE, "", "lower end of its 95 % interval"),
          nullable("spearman_high", DOUBLE, "", "upper end of its 95 % interval"),
          column("n", LONG, "", "pairs the figure rests on"),
          nullable("note", STRING, "", "why a figure is missing"),
          RUN_ID);

  public static final TableDefinition DOMAIN_SIMILARITY =
      byDay(
          "domain_similarity",
          "how alike two domains use the experts",
          FROM_DAY,
          TO_DAY,
          LAYER,
          PHASE_OR_ALL,
          column("domain_a", STRING, "", "one domain"),
          column("domain_b", STRING, "", "the other"),
          COSINE,
          JENSEN_SHANNON,
          RUN_ID);

  public static final TableDefinition COACTIVATION =
      byDay(
          "coactivation",
          "how often a token chose both of two experts",
          FROM_DAY,
          TO_DAY,
          LAYER,
          PHASE_OR_ALL,
          column("a", INT, "", "the lower logical expert"),
          column("b", INT, "", "the higher logical expert"),
          column("count", LONG, "tokens", "tokens that chose both"),
          column("lift", DOUBLE, "", "count over what independent choices would give"),
          RUN_ID);

  public static final TableDefinition DRIFT =
      byDay(
          "drift",
          "how the use of the experts moved from one day to another",
          LAYER,
          PHASE_OR_ALL,
          column("day_a", STRING, "UTC date", "the earlier day"),
          column("day_b", STRING, "UTC date", "the later day"),
          COSINE,
          JENSEN_SHANNON,
          nullable("total_variation", DOUBLE, "", "half the sum of the differences of the shares"),
          RUN_ID);

  public static final TableDefinition PLACEMENTS =
      byDay(
          "placements",
          "a physical slot of a plan",
          column("plan", STRING, "", "name of the plan"),
          LAYER,
          column("slot", INT, "", "physical slot, from 0"),
          column("gpu", INT, "", "GPU of the slot, from 0"),
          column("node", INT, "", "node of the GPU, from 0"),
          column("expert", INT, "", "logical expert in the slot"),
          RUN_ID);

  public static final TableDefinition PLACEMENT_METRICS =
      byDay(
          "placement_metrics",
          "what a plan was scored on traces",
          column("plan", STRING, "", "name of the plan"),
          LAYER_OR_ALL,
          column("remote_nodes_per_token", DOUBLE, "nodes", "nodes a token had to be sent to"),
          column("gpus_per_token", DOUBLE, "GPUs", "GPUs a token's experts are on"),
          nullable("max_over_mean_gpu_load", DOUBLE, "", "mean over micro-batches"),
          nullable("max_over_mean_node_receive", DOUBLE, "", "mean over micro-batches"),
          nullable(
              "activated_experts_per_gpu",
              DOUBLE,
              "experts",
              "distinct experts of a GPU that a micro-batch of decode uses"),
          column("tokens", LONG, "tokens", "tokens scored"),
          column("micro_batches", LONG, "micro-batches", "micro-batches scored"),
          RUN_ID);

  public static final TableDefinition MICRO_BATCH_GROUPS =
      byDay(
          "micro_batch_groups",
          "a request and the node it was grouped to",
          column("request_id", LONG, "", "the request, within its source"),
          column("node", INT, "", "node whose group it belongs to, from 0"),
          RUN_ID);

  public static final TableDefinition LAYER_STATS =
      byModel(
          "layer_stats",
          "what one operand of one product looked like in one snapshot",
          SITE,
          OPERAND,
          nullable("step", LONG, "steps", "of the run; null where real tensors do not say"),
          column("rows", INT, "", "tokens of activations, outputs of weights"),
          column("columns", INT, "", "features: what the product sums over"),
          column("mean", DOUBLE, "", "of all values"),
          column("std", DOUBLE, "", "of all values"),
          column("absmax", DOUBLE, "", "greatest magnitude"),
          column("kurtosis", DOUBLE, "", "3 for a Gaussian"),
          column("abs_q50", DOUBLE, "", "median of the magnitudes"),
          column("abs_q90", DOUBLE, "", "their 90 % quantile"),
          column("abs_q99", DOUBLE, "", "their 99 % quantile"),
          column("abs_q999", DOUBLE, "", "their 99.9 % quantile"),
          column("zero_fraction", DOUBLE, "", "share of values that are exactly 0"),
          column("fits_2_4", DOUBLE, "", "share of groups of four with two zeros or more"),
          column("energy_kept_2_4", DOUBLE, "", "share of energy the two largest of four hold"),
          column("channel_absmax_max", DOUBLE, "", "greatest magnitude of any column"),
          column("channel_absmax_median", DOUBLE, "", "median over columns of theirs"),
          column("row_absmax_median", DOUBLE, "", "median over rows of theirs"),
          column("exponents", LONG_ARRAY, "values", "histogram of binary exponents from 2^-40"),
          nullable("bias_l2", DOUBLE, "", "norm of the product's bias"),
          nullable("output_mean_over_std", DOUBLE, "", "of the product's outputs"),
          nullable("output_row_mean_over_std", DOUBLE, "", "mean over rows, absolute"),
          nullable("column_means", FLOAT_ARRAY, "", "where the whole matrix was there"),
          nullable("column_covariance", FLOAT_ARRAY, "", "upper triangle, row by row"),
          RUN_ID);

  public static final TableDefinition LAYER_DRIFT =
      byModel(
          "layer_drift",
          "how an operand's values moved from one snapshot to the next",
          SITE,
          OPERAND,
          column("step_a", LONG, "steps", "the earlier snapshot"),
          column("step_b", LONG, "steps", "the later one"),
          column("jensen_shannon", DOUBLE, "bits", "divergence of the exponent histograms"),
          column("rms_ratio", DOUBLE, "", "root mean square, later over earlier"),
          column("absmax_ratio", DOUBLE, "", "greatest magnitude, later over earlier"),
          RUN_ID);

  public static final TableDefinition PRECISION_SITES =
      byModel(
          "precision_sites",
          "what a recipe is predicted to do to a product, from its newest statistics",
          SITE,
          nullable("step", LONG, "steps", "snapshot it rests on; null for real tensors"),
          RECIPE,
          column("relative_frobenius", DOUBLE, "", "predicted |out - ref| / |ref|"),
          column("sqnr_db", DOUBLE, "dB", "the same, -20 log10"),
          column("calc_diff", DOUBLE, "", "predicted 1 - 2 out.ref / (|out|^2 + |ref|^2)"),
          column("mere", DOUBLE, "", "predicted mean of |out - ref| / |ref| above the floor"),
          column("mere_floor", DOUBLE, "", "share of the outputs' root mean square"),
          column("mere_count", LONG, "outputs", "rows of activations x rows of weights"),
          column("gaussian", DOUBLE, "", "relative Frobenius that N(0,1) operands would give"),
          column("alignment", DOUBLE, "", "part of the operands' error that the product keeps"),
          column(
              "alignment_of",
              STRING,
              "",
              "site whose tensors it is from; none: 1, which is the most there can be"),
          column("verdict", STRING, "", "safe or unsafe"),
          column("reason", STRING, "", "why, with what was measured of a 2:4 operand"),
          column("hazards", STRING, "", "what speaks against FP8 here, separated by semicolons"),
          column("mods", STRING, "", "what to change, separated by semicolons"),
          nullable("error_after_mods", DOUBLE, "", "predicted after that"),
          RUN_ID);

  public static final TableDefinition KERNEL_RUNS =
      byModel(
          "kernel_runs",
          "what one kernel took for one product of a model on a GPU",
          SITE,
          column("out", INT, "", "outputs of the product"),
          column("k", INT, "", "what it sums over"),
          TOKENS_AT_ONCE,
          RECIPE,
          LIBRARY,
          column("device", STRING, "", "name of the GPU"),
          column("algorithm", INT, "", "number of the library's fastest proposal"),
          column("algorithms_tried", INT, "", "proposals that ran and gave right results"),
          column("algorithms_wrong", INT, "", "proposals that ran and gave wrong results"),
          nullable("matmul_us", DOUBLE, "microseconds", "the product alone, median"),
          nullable("end_to_end_us", DOUBLE, "microseconds", "with the conversion of activations"),
          nullable("end_to_end_low_us", DOUBLE, "microseconds", "first quartile"),
          nullable("end_to_end_high_us", DOUBLE, "microseconds", "third quartile"),
          nullable("relative_frobenius", DOUBLE, "", "|out - ref| / |ref| of sampled outputs"),
          nullable("sqnr_db", DOUBLE, "dB", "the same, -20 log10"),
          nullable("calc_diff", DOUBLE, "", "1 - 2 out.ref / (|out|^2 + |ref|^2)"),
          nullable("mere", DOUBLE, "", "mean of |out - ref| / |ref| above the floor"),
          nullable("mere_floor", DOUBLE, "", "1 % of the root mean square of the outputs"),
          nullable("mere_count", LONG, "", "outputs above the floor"),
          nullable("refusal", STRING, "", "why it did not run"),
          RUN_ID);

  public static final TableDefinition DISPATCH =
      byModel(
          "dispatch",
          "the kernel that one product of a model should use",
          column("mode", STRING, "", "site: each product alone; global: all under one budget"),
          SITE,
          TOKENS_AT_ONCE,
          RECIPE,
          LIBRARY,
          column("micros", DOUBLE, "microseconds", "with the conversion of activations"),
          column("bf16_micros", DOUBLE, "microseconds", "of the library's BF16"),
          column("speedup", DOUBLE, "", "times as fast as that"),
          column("error", DOUBLE, "", "relative Frobenius; probe's for this site where it has one"),
          column("losers", STRING, "", "why each other kernel lost, separated by semicolons"),
          RUN_ID);

  public static final TableDefinition RUNS =
      new TableDefinition(
          "runs",
          "a run of a command",
          List.of(),
          List.of(
              RUN_ID,
              column("command", STRING, "", "the command"),
              column("started_ms", LONG, "milliseconds since 1970 UTC", "when it began"),
              column("seconds", DOUBLE, "seconds", "how long it took"),
              column("arguments", STRING, "", "its command line"),
              column("status", STRING, "", "how it ended")));

  private static final List<TableDefinition> ALL =
      List.of(
          TRACES,
          LOAD_COUNTS,
          FILES,
          QUARANTINE,
          EXPERT_LOAD,
          IMBALANCE,
          PREFILL_DECODE,
          DOMAIN_SIMILARITY,
          COACTIVATION,
          DRIFT,
          PLACEMENTS,
          PLACEMENT_METRICS,
          MICRO_BATCH_GROUPS,
          LAYER_STATS,
          LAYER_DRIFT,
          PRECISION_SITES,
          KERNEL_RUNS,
          DISPATCH,
          RUNS);

  private Tables() {}

  /** All tables. */
  public static List<TableDefinition> all() {
    return ALL;
  }

  private static TableDefinition byDay(String name, String description, Column... columns) {
    List<Column> all = new ArrayList<>(List.of(columns));
    all.add(MODEL);
    all.add(DAY);
    return new TableDefinition(name, description, List.of("model", "day"), all);
  }

  private static TableDefinition byModel(String name, String description, Column... columns) {
    List<Column> all = new ArrayList<>(List.of(columns));
    all.add(MODEL);
    return new TableDefinition(name, description, List.of("model"), all);
  }

  private static Column column(String name, ColumnType type, String unit, String description) {
    return new Column(name, type, false, unit, description);
  }

  private static Column nullable(String name, ColumnType type, String unit, String description) {
    return new Column(name, type, true, unit, description);
  }
}
