package io.sextant.jobs.refresh;

import io.sextant.jobs.cli.Progress;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * The context that all parts of a night share.
 *
 * @param settings settings of the night
 * @param night the night's results so far
 * @param text receives the text output of the night
 */
record NightContext(
    SparkSession spark,
    RefreshSettings settings,
    Night night,
    Progress progress,
    Consumer<String> text) {}
