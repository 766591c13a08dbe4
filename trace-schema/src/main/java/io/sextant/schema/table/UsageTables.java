package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.LONG;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.LAYER;
import static io.sextant.schema.table.Columns.LAYER_OR_ALL;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.byDay;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.nullable;

import java.io.Serializable;

/** The tables that {@code analyze} writes: statistics of a model's use of its experts. */
public final class UsageTables {
  private static final Column FROM_DAY =
      column("from_day", STRING, "UTC date", "first day the row covers");

  private static final Column TO_DAY =
      column("to_day", STRING, "UTC date", "last day the row covers");

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

  private static final Column EP_SIZE =
      column(
          "ep_size",
          INT,
          "GPUs",
          "number of equal groups of consecutive experts that are compared; the number of experts for"
              + " single experts");

  private static final Column MAX_OVER_MEAN =
      column("max_over_mean", DOUBLE, "", "largest load over the mean; 1 is even");

  private static final Column MEAN_OVER_MAX =
      column("mean_over_max", DOUBLE, "", "inverse of max_over_mean, the engines' balancedness");

  private static final Column JAIN = column("jain", DOUBLE, "", "Jain's fairness index; 1 is even");

  private static final Column CV = column("cv", DOUBLE, "", "coefficient of variation; 0 is even");

  private static final Column GINI = column("gini", DOUBLE, "", "Gini coefficient; 0 is even");

  private static final Column TOKENS = column("tokens", LONG, "tokens", "number of tokens counted");

  private static final Column COSINE =
      nullable("cosine", DOUBLE, "", "cosine of the two vectors of expert counts");

  private static final Column JENSEN_SHANNON =
      nullable(
          "jensen_shannon", DOUBLE, "bits", "Jensen-Shannon divergence of the two expert shares");

  public static final TableDefinition<ExpertLoadRow> EXPERT_LOAD =
      byDay(
          ExpertLoadRow.class,
          "expert_load",
          "the tokens that were sent to an expert in one hour",
          column("hour", INT, "hours", "UTC hour of the arrival, 0 to 23"),
          column("domain", STRING, "", "domain of the requests"),
          PHASE,
          LAYER,
          column("expert", INT, "", "logical expert"),
          column("tokens", LONG, "tokens", "number of tokens that chose the expert"),
          RUN_ID);

  /** A row of {@link #EXPERT_LOAD}. */
  public record ExpertLoadRow(
      int hour,
      String domain,
      String phase,
      int layer,
      int expert,
      long tokens,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<ImbalanceRow> IMBALANCE =
      byDay(
          ImbalanceRow.class,
          "imbalance",
          "the imbalance of the experts, or of the GPUs of a linear placement, over all days of an"
              + " analysis together",
          FROM_DAY,
          TO_DAY,
          LAYER,
          PHASE_OR_ALL,
          column(
              "domain",
              STRING,
              "",
              "domain of the requests; all for the total over all domains. A domain of that name is in double quotes"),
          EP_SIZE,
          MAX_OVER_MEAN,
          MEAN_OVER_MAX,
          JAIN,
          CV,
          GINI,
          TOKENS,
          RUN_ID);

  /** A row of {@link #IMBALANCE}. */
  public record ImbalanceRow(
      String fromDay,
      String toDay,
      int layer,
      String phase,
      String domain,
      int epSize,
      double maxOverMean,
      double meanOverMax,
      double jain,
      double cv,
      double gini,
      long tokens,
      String runId,
      String model,
      String day)
      implements Serializable {}

  public static final TableDefinition<DailyImbalanceRow> DAILY_IMBALANCE =
      byDay(
          DailyImbalanceRow.class,
          "daily_imbalance",
          "the imbalance of the experts, or of the GPUs of a linear placement, on one day",
          LAYER,
          PHASE_OR_ALL,
          EP_SIZE,
          MAX_OVER_MEAN,
          MEAN_OVER_MAX,
          JAIN,
          CV,
          GINI,
          TOKENS,
          RUN_ID);

  /** A row of {@link #DAILY_IMBALANCE}. */
  public record DailyImbalanceRow(
      int layer,
      String phase,
      int epSize,
      double maxOverMean,
      double meanOverMax,
      double jain,
      double cv,
      double gini,
      long tokens,
      String runId,
      String model,
      String day)
      implements Serializable {}

  public static final TableDefinition<PrefillDecodeRow> PREFILL_DECODE =
      byDay(
          PrefillDecodeRow.class,
          "prefill_decode",
          "how well the experts of prefill predict those of decode",
          FROM_DAY,
          TO_DAY,
          LAYER_OR_ALL,
          column("scope", STRING, "", "unit of comparison: request, batch, domain or source"),
          column("name", STRING, "", "name of the domain or source; otherwise all"),
          nullable("pearson", DOUBLE, "", "correlation of the expert counts"),
          nullable("pearson_low", DOUBLE, "", "lower end of its 95 % interval"),
          nullable("pearson_high", DOUBLE, "", "upper end of its 95 % interval"),
          nullable("spearman", DOUBLE, "", "rank correlation of the expert counts"),
          nullable("spearman_low", DOUBLE, "", "lower end of its 95 % interval"),
          nullable("spearman_high", DOUBLE, "", "upper end of its 95 % interval"),
          column("n", LONG, "", "number of pairs used"),
          nullable("note", STRING, "", "reason why a figure is missing"),
          RUN_ID);

  /** A row of {@link #PREFILL_DECODE}. */
  public record PrefillDecodeRow(
      String fromDay,
      String toDay,
      int layer,
      String scope,
      String name,
      Double pearson,
      Double pearsonLow,
      Double pearsonHigh,
      Double spearman,
      Double spearmanLow,
      Double spearmanHigh,
      long n,
      String note,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<DomainSimilarityRow> DOMAIN_SIMILARITY =
      byDay(
          DomainSimilarityRow.class,
          "domain_similarity",
          "the similarity of two domains in their use of the experts",
          FROM_DAY,
          TO_DAY,
          LAYER,
          PHASE_OR_ALL,
          column("domain_a", STRING, "", "one domain"),
          column("domain_b", STRING, "", "the other"),
          COSINE,
          JENSEN_SHANNON,
          RUN_ID);

  /** A row of {@link #DOMAIN_SIMILARITY}. */
  public record DomainSimilarityRow(
      String fromDay,
      String toDay,
      int layer,
      String phase,
      String domainA,
      String domainB,
      Double cosine,
      Double jensenShannon,
      String runId,
      String model,
      String day)
      implements Serializable {}

  public static final TableDefinition<CoactivationRow> COACTIVATION =
      byDay(
          CoactivationRow.class,
          "coactivation",
          "the number of tokens that chose both of two experts",
          FROM_DAY,
          TO_DAY,
          LAYER,
          PHASE_OR_ALL,
          column("a", INT, "", "the lower logical expert"),
          column("b", INT, "", "the higher logical expert"),
          column("count", LONG, "tokens", "number of tokens that chose both"),
          column("lift", DOUBLE, "", "count over the count expected for independent choices"),
          RUN_ID);

  /** A row of {@link #COACTIVATION}. */
  public record CoactivationRow(
      String fromDay,
      String toDay,
      int layer,
      String phase,
      int a,
      int b,
      long count,
      double lift,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<DriftRow> DRIFT =
      byDay(
          DriftRow.class,
          "drift",
          "the change in the use of the experts from one day to another",
          LAYER,
          PHASE_OR_ALL,
          column("day_a", STRING, "UTC date", "the earlier day"),
          column("day_b", STRING, "UTC date", "the later day"),
          COSINE,
          JENSEN_SHANNON,
          nullable("total_variation", DOUBLE, "", "half the sum of the differences of the shares"),
          RUN_ID);

  /** A row of {@link #DRIFT}. */
  public record DriftRow(
      int layer,
      String phase,
      String dayA,
      String dayB,
      Double cosine,
      Double jensenShannon,
      Double totalVariation,
      String runId,
      String model,
      String day)
      implements Serializable {}

  private UsageTables() {}
}
