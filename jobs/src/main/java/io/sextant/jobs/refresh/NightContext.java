package io.sextant.jobs.refresh;

import io.sextant.jobs.cli.Progress;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * What every part of a night works with.
 *
 * @param settings what the night is to do
 * @param night what is known of it so far
 * @param text takes what a person is to read of the night's results
 */
record NightContext(
    SparkSession spark,
    RefreshSettings settings,
    Night night,
    Progress progress,
    Consumer<String> text) {}
