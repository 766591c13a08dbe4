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
      column(
          "phase",
          STRING,
          "",
          "prefill, decode, unknown (the source does not tell a row's phase) or mixed (counts of a step)");
  private static final Column PHASE_OR_ALL =
      column(
          "phase",
          STRING,
          "",
          "prefill, decode, unknown (the source does not tell a row's phase), mixed (counts of a step) or all");
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

  private static final Column HIDDEN_LAYER =
      column("layer", STRING, "", "name of the hidden layer");
  private static final Column WINDOW =
      column("stream_window", INT, "", "window of the stream, from 0");
  private static final Column KEPT = column("kept", INT, "neurons", "neurons that are served");
  private static final Column NEURONS =
      column("neurons", INT, "neurons", "neurons of the full layer");
  private static final Column POLICY =
      column("policy", STRING, "", "static, adaptive or alternate");

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
          nullable(
              "unphased_tokens",
              INT,
              "tokens",
              "rows whose phase the source does not tell; then it has no others. Null (none) in"
                  + " rows written before the column was added"),
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
          nullable(
              "tokens_id",
              STRING,
              "",
              "identity of the recorded tokens, in formats whose ranks may repeat one another"),
          nullable("remarks", STRING, "", "what to know about the file, a sentence each"),
          column(
              "status",
              STRING,
              "",
              "ingested, quarantined, or repeated: another rank recorded its tokens too"),
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
          nullable("predicted_layer_micros", DOUBLE, "microseconds", "mean over micro-batches"),
          lowEnd("remote_nodes_per_token", "nodes"),
          highEnd("remote_nodes_per_token", "nodes"),
          lowEnd("gpus_per_token", "GPUs"),
          highEnd("gpus_per_token", "GPUs"),
          lowEnd("max_over_mean_gpu_load", ""),
          highEnd("max_over_mean_gpu_load", ""),
          lowEnd("max_over_mean_node_receive", ""),
          highEnd("max_over_mean_node_receive", ""),
          lowEnd("predicted_layer_micros", "microseconds"),
          highEnd("predicted_layer_micros", "microseconds"),
          nullable(
              "moved_bytes",
              LONG,
              "bytes",
              "expert weights that the plan moves from the map in force; null where there is none"),
          RUN_ID);

  public static final TableDefinition NODE_TRAFFIC =
      byDay(
          "node_traffic",
          "what a plan sends from one node to another in one layer",
          column("plan", STRING, "", "name of the plan"),
          LAYER,
          column("source_node", INT, "", "node the tokens start on, from 0"),
          column("node", INT, "", "another node, which has experts of theirs"),
          column("tokens", LONG, "tokens", "tokens sent, each once however many experts it needs"),
          RUN_ID);

  public static final TableDefinition MOVES =
      byDay(
          "moves",
          "a slot that is written on the way from the map in force to a plan",
          column("plan", STRING, "", "name of the plan"),
          LAYER,
          column(
              "step", INT, "", "step of the layer, from 0; the writes of a step switch together"),
          column("slot", INT, "", "physical slot that is written"),
          column("expert", INT, "", "logical expert it holds afterwards"),
          column("from_slot", INT, "", "physical slot its weights are read from"),
          column("gpu", INT, "", "GPU of the slot"),
          column("from_gpu", INT, "", "GPU its weights come from"),
          column("node", INT, "", "node of the slot"),
          column("from_node", INT, "", "node its weights come from"),
          column("copied_bytes", LONG, "bytes", "weights that travel; 0 within a GPU"),
          RUN_ID);

  public static final TableDefinition DECISIONS =
      byDay(
          "decisions",
          "whether a plan was to take the place of the map in force",
          column("command", STRING, "", "what decided: refresh, solve or compare"),
          column("plan", STRING, "", "the candidate"),
          column("in_force", STRING, "", "what it was held against: current, or linear for none"),
          column("verdict", STRING, "", "publish, keep or insufficient evidence"),
          column("reason", STRING, "", "why, in a sentence"),
          column("micro_batches", INT, "micro-batches", "held-out ones it rests on"),
          nullable("gain", DOUBLE, "", "share by which the layer time falls"),
          nullable("gain_low", DOUBLE, "", "lower end of its 95 % interval"),
          nullable("gain_high", DOUBLE, "", "upper end of its 95 % interval"),
          column("least_gain", DOUBLE, "", "share that it had to exceed"),
          nullable("moved_bytes", LONG, "bytes", "to be moved; null where no map was in force"),
          column("move_micros", DOUBLE, "microseconds", "that moving takes"),
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
          nullable(
              "jensen_shannon",
              DOUBLE,
              "bits",
              "divergence of the exponent histograms; null if one is empty"),
          nullable(
              "rms_ratio", DOUBLE, "", "root mean square, later over earlier; null if that was 0"),
          nullable(
              "absmax_ratio",
              DOUBLE,
              "",
              "greatest magnitude, later over earlier; null if that was 0"),
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

  public static final TableDefinition IMPORTANCE_WINDOWS =
      byModel(
          "importance_windows",
          "what a hidden layer would lose in one window of a stream with so many neurons kept",
          HIDDEN_LAYER,
          WINDOW,
          KEPT,
          NEURONS,
          column("importance", DOUBLE, "loss", "sum of |activation x gradient| of all neurons"),
          column(
              "lost",
              DOUBLE,
              "loss",
              "the part that the other neurons carry, where the best of the window before are kept"),
          RUN_ID);

  public static final TableDefinition PRUNING_OUTCOMES =
      byModel(
          "pruning_outcomes",
          "what pruning really did under a plan, beside what was predicted without it",
          column("plan", INT, "", "number of the plan"),
          POLICY,
          column("densities", STRING, "", "LAYER=DENSITY, separated by semicolons"),
          column(
              "use",
              STRING,
              "",
              "left out: predicted from the other plans; held out: fitted to nothing"),
          column("loss", DOUBLE, "loss", "mean of the windows once pruning has set in"),
          column("rise", DOUBLE, "loss", "over the full model's"),
          column("damage", DOUBLE, "", "sum over layers of lost importance cubed, window mean"),
          nullable("predicted", DOUBLE, "loss", "rise; null where the policy is within noise"),
          nullable("predicted_low", DOUBLE, "loss", "lower end of its 95 % interval"),
          nullable("predicted_high", DOUBLE, "loss", "upper end of its 95 % interval"),
          RUN_ID);

  public static final TableDefinition PRUNING_POLICIES =
      byModel(
          "pruning_policies",
          "what the outcomes say of a way to prune a stream's model",
          POLICY,
          column("verdict", STRING, "", "rises with lost importance, or within noise"),
          column("plans", INT, "plans", "outcomes it rests on"),
          column("spearman", DOUBLE, "", "rank correlation of damage and rise"),
          column("chance", DOUBLE, "", "share of random orders with as high a one"),
          nullable("spearman_left_out", DOUBLE, "", "of rise and prediction without the plan"),
          column("mean_rise", DOUBLE, "loss", "over all plans"),
          column("mean_rise_low", DOUBLE, "loss", "lower end of a run's 95 % interval"),
          column("mean_rise_high", DOUBLE, "loss", "upper end of a run's 95 % interval"),
          column("spread", DOUBLE, "loss", "standard deviation of the rises"),
          column("noise", DOUBLE, "loss", "standard deviation between runs of the same thing"),
          nullable("scale", DOUBLE, "", "rise at a damage of 1; null within noise"),
          nullable("residual", DOUBLE, "", "standard deviation of log(rise + noise) about the fit"),
          RUN_ID);

  public static final TableDefinition SPARSITY_PLANS =
      byModel(
          "sparsity_plans",
          "what a hidden layer is served with in one window under a policy",
          POLICY,
          WINDOW,
          HIDDEN_LAYER,
          KEPT,
          NEURONS,
          column("replaced", INT, "neurons", "not served in the pruned window before"),
          column("lost", DOUBLE, "loss", "importance that the others carry in this window"),
          column(
              "action", STRING, "", "plan: widths were chosen; keep: left; full: nothing pruned"),
          column("rise", DOUBLE, "loss", "predicted for the window, all layers together"),
          column("rise_low", DOUBLE, "loss", "lower end of its 95 % interval"),
          column("rise_high", DOUBLE, "loss", "upper end of its 95 % interval"),
          column("micros", DOUBLE, "microseconds", "measured time of all products"),
          column("full_micros", DOUBLE, "microseconds", "of the full model's"),
          RUN_ID);

  public static final TableDefinition SCALING_LAWS =
      byModel(
          "scaling_laws",
          "the line -log loss = a log parameters + b of a model family, the model, on a benchmark",
          column("benchmark", STRING, "", "what the loss was measured on"),
          column("sizes", INT, "models", "sizes it rests on"),
          column("exponent", DOUBLE, "", "a"),
          column("exponent_low", DOUBLE, "", "lower end of its 95 % interval"),
          column("exponent_high", DOUBLE, "", "upper end of its 95 % interval"),
          column("intercept", DOUBLE, "", "b"),
          column("intercept_low", DOUBLE, "", "lower end of its 95 % interval"),
          column("intercept_high", DOUBLE, "", "upper end of its 95 % interval"),
          column("residual", DOUBLE, "", "standard deviation of -log loss about the line"),
          nullable("baseline", STRING, "", "family it is compared with; null for that one"),
          nullable("gain", DOUBLE, "", "its exponent over the baseline's, less 1"),
          nullable("gain_low", DOUBLE, "", "lower end of its 95 % interval"),
          nullable("gain_high", DOUBLE, "", "upper end of its 95 % interval"),
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
          NODE_TRAFFIC,
          MOVES,
          DECISIONS,
          MICRO_BATCH_GROUPS,
          LAYER_STATS,
          LAYER_DRIFT,
          PRECISION_SITES,
          KERNEL_RUNS,
          DISPATCH,
          IMPORTANCE_WINDOWS,
          PRUNING_OUTCOMES,
          PRUNING_POLICIES,
          SPARSITY_PLANS,
          SCALING_LAWS,
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

  private static Column lowEnd(String figure, String unit) {
    return nullable(
        figure + "_low", DOUBLE, unit, "lower end of its 95 % interval; all layers together only");
  }

  private static Column highEnd(String figure, String unit) {
    return nullable(
        figure + "_high", DOUBLE, unit, "upper end of its 95 % interval; all layers together only");
  }

  private static Column column(String name, ColumnType type, String unit, String description) {
    return new Column(name, type, false, unit, description);
  }

  private static Column nullable(String name, ColumnType type, String unit, String description) {
    return new Column(name, type, true, unit, description);
  }
}
