package io.sextant.numerics.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelFiguresTest {
  private static final Path RUNS = Path.of("../bench/results/2026-11-24-h200-kernel-runs.jsonl.gz");

  @TempDir Path folder;

  @Test
  void aLineThatWasReadIsWrittenTheSame() throws IOException {
    List<KernelFigures> all = KernelFigures.read(TraceFiles.local(RUNS));
    Path copy = folder.resolve("runs.jsonl");
    Files.write(copy, all.stream().map(KernelFigures::toJson).toList());
    assertThat(KernelFigures.read(TraceFiles.local(copy))).isEqualTo(all);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":1|line 2: Unexpected end-of-input",
        "{\"site\":\"a\"}|line 2: model, site or library is missing",
        "{\"model\":\"m\",\"site\":\"a\",\"library\":\"l\",\"recipe\":\"fp4\"}|recipe fp4 is unknown",
        "{\"model\":\"m\",\"site\":\"a\",\"library\":\"l\",\"recipe\":\"bf16\"}|either times and an error, or a refusal",
      })
  void aWrongLineIsNamed(String line, String problem) throws IOException {
    Path file = folder.resolve("runs.jsonl");
    Files.writeString(
        file, KernelFigures.read(TraceFiles.local(RUNS)).get(0).toJson() + "\n" + line + "\n");
    assertThatThrownBy(() -> KernelFigures.read(TraceFiles.local(file)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("runs.jsonl")
        .hasMessageContaining(problem);
  }
}
