package io.sextant.jobs.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.table.ScalingTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs scaling on the losses in table 3 of arXiv 2507.02754. */
class ScalingCommandTest {
  private static final Path PUBLISHED =
      Path.of("src/test/resources/scaling/simplicial-published.parquet");

  @TempDir Path folder;

  private CommandRun scaling(Path input, String baseline) {
    return CommandRun.of(
        "scaling",
        "--input",
        input.toString(),
        "--baseline",
        baseline,
        "--warehouse",
        folder.toString());
  }

  @Test
  void thePublishedGainsAreReproducedWithinOnePoint() throws IOException {
    CommandRun run = scaling(PUBLISHED, "transformer");
    assertThat(run.exitCode()).as(run.err()).isZero();
    Map<String, Double> gains = new HashMap<>();
    SparkSession spark = TestSpark.session();
    for (Row row :
        SparkTables.read(spark, folder.toString(), ScalingTables.SCALING_LAWS)
            .orElseThrow()
            .where("gain IS NOT NULL")
            .select("benchmark", "gain", "gain_low", "gain_high")
            .collectAsList()) {
      gains.put(row.getString(0), 100 * row.getDouble(1));
      assertThat(row.getDouble(1)).isBetween(row.getDouble(2), row.getDouble(3));
    }

    assertThat(gains).hasSize(4);
    assertThat(gains.get("GSM8k")).isCloseTo(18.5, within(1.0));
    assertThat(gains.get("MMLU")).isCloseTo(8.5, within(1.0));
    assertThat(gains.get("MMLU-pro")).isCloseTo(20.2, within(1.0));
    assertThat(gains.get("MBPP")).isCloseTo(6.8, within(1.0));
  }

  @Test
  void jsonHasTheSameGains() throws IOException {
    Path file = folder.resolve("laws.json");
    CommandRun run =
        CommandRun.of(
            "scaling",
            "--input",
            PUBLISHED.toString(),
            "--baseline",
            "transformer",
            "--warehouse",
            folder.toString(),
            "--json",
            file.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode root = new ObjectMapper().readTree(file.toFile());
    // Map.of would have another order in each process.
    assertThat(root.fieldNames()).toIterable().containsExactly("baseline", "laws");
    JsonNode laws = root.get("laws");
    assertThat(laws).hasSize(8);
    assertThat(laws.get(0).get("family").asText()).isEqualTo("2-simplicial");
    assertThat(laws.get(0).get("gain").get("value").asDouble()).isCloseTo(0.188, within(0.001));
    assertThat(laws.get(1).get("gain").isNull()).isTrue();
    assertThat(run.out()).contains("+18.8 % (-5.4..+43.1)");
  }

  @Test
  void anUnknownBaselineIsAnsweredWithTheFamilies() {
    CommandRun run = scaling(PUBLISHED, "mamba");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: --baseline mamba: no run belongs to it. The families are [2-simplicial,"
                + " transformer]");
  }

  @Test
  void aFileOfAnotherKindIsNamed() throws IOException {
    Path other = Files.writeString(folder.resolve("runs.parquet"), "no Parquet at all");
    CommandRun run = scaling(other, "transformer");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .startsWith("sextant: " + other + ": not Parquet with the columns [family, benchmark");
  }

  @Test
  void tooFewSizesAreNamed() throws IOException {
    Path two = folder.resolve("two");
    SparkSession spark = TestSpark.session();
    spark
        .read()
        .parquet(PUBLISHED.toString())
        .where("parameters < 3e9")
        .write()
        .parquet(two.toString());

    CommandRun run = scaling(two, "transformer");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .startsWith("sextant: " + two + ": 2-simplicial on GSM8k has fewer than 3 sizes");
  }

  @Test
  void theLastLossOfARunCounts() throws IOException {
    Path both = folder.resolve("both");
    SparkSession spark = TestSpark.session();
    var done =
        spark
            .read()
            .parquet(PUBLISHED.toString())
            .selectExpr("family", "benchmark", "parameters", "double(2e12) AS tokens", "loss");
    var early =
        done.selectExpr(
            "family", "benchmark", "parameters", "double(1e12) AS tokens", "loss * 2 AS loss");
    done.union(early).write().parquet(both.toString());

    assertThat(scaling(both, "transformer").out())
        .isEqualTo(scaling(PUBLISHED, "transformer").out());
  }
}
