package io.sextant.schema.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TextLines;
import io.sextant.schema.file.TraceFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerStatisticsJsonTest {
  /** A recorded line, with the values of a shorter histogram. */
  private static final String LINE =
      """
      {"step": 28, "site": "top.fc1", "tensor": "activation", "rows": 4, "cols": 2, "mean": -0.1, \
      "std": 2.0, "absmax": 5.5, "kurtosis": 9.2, "abs_q50": 1.0, "abs_q90": 3.0, "abs_q99": 5.0, \
      "abs_q999": 5.4, "zero_fraction": 0.125, "fits_2_4": 0.0, "energy_kept_2_4": 0.9, \
      "channel_absmax_max": 5.5, "channel_absmax_median": 4.0, "row_absmax_median": 3.5, \
      "exp2_histogram_from_minus40": %s, "bias_l2": 1.75}"""
          .formatted(histogram(8));

  @TempDir Path folder;

  private static String histogram(int count) {
    List<Integer> bins = new ArrayList<>(Collections.nCopies(LayerStatistics.EXPONENT_BINS, 0));
    bins.set(41, count);
    return bins.toString();
  }

  @Test
  void readsALine() {
    LayerStatistics statistics = LayerStatisticsJson.parse(LINE, "f: line 1");
    assertThat(statistics.site()).isEqualTo("top.fc1");
    assertThat(statistics.operand()).isEqualTo(Operand.ACTIVATION);
    assertThat(statistics.step()).isEqualTo(28);
    assertThat(statistics.secondMoment()).isEqualTo(4.01);
    assertThat(statistics.biasL2()).isEqualTo(1.75);
    assertThat(statistics.outputMeanOverStd()).isNull();
    assertThat(Arrays.stream(statistics.exponents()).sum()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"step\": 28|\"step\": -1|f: line 3: step is -1; expected a natural number",
        "\"tensor\": \"activation\"|\"tensor\": \"bias\"|tensor is bias; expected activation or weight",
        "\"std\": 2.0|\"std\": \"wide\"|std is \"wide\"; expected a finite number",
        "\"absmax\": 5.5, ||field absmax is missing",
        "{\"step\"|{step|not JSON",
        "[0, 0,|[0,|has 60 bins; expected 61",
      })
  void namesTheFieldThatIsWrong(String from, String to, String problem) {
    String broken = LINE.replace(from, to == null ? "" : to);
    assertThatThrownBy(() -> LayerStatisticsJson.parse(broken, "f: line 3"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(problem)
        .hasMessageEndingWith("Record the snapshot again, or remove the line");
  }

  @Test
  void aCutFileIsNamedWithItsLastLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 500; i++) {
        gzip.write((i * 7919 + LINE + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    Path file = folder.resolve("stats.jsonl.gz");
    Files.write(file, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
    assertThatThrownBy(() -> TextLines.forEach(TraceFiles.local(file), (line, where) -> {}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("stats.jsonl.gz: line ")
        .hasMessageContaining("the file ends there")
        .hasMessageContaining("Copy it again");
  }
}
