package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.TestPacks;
import io.sextant.jobs.TestSpark;
import io.sextant.jobs.analyze.AnalyzeJob;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.table.UsageTables;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File names are used literally, in inputs and in the path of a warehouse. */
class NamesOfFilesTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  private static final List<String> NAMES =
      List.of(
          "dumps of monday/trace 2026 09 14.safetensors",
          "Spuren-für-день-日本/été-①.safetensors",
          "100%25/a%20b%.safetensors",
          "a[1-3]{x,y}/b*?.safetensors",
          "job#7,eu;west/q&a=1+2.safetensors",
          "hour/trace-2026-09-14T02:31:00.safetensors",
          "2026-09-14T02:31:00Z/trace.safetensors",
          "a\\b/it's \"x\".safetensors",
          "a\nb/t.safetensors",
          "-rf/--help.safetensors",
          "l".repeat(200) + "/" + "m".repeat(240) + ".safetensors");

  @TempDir private Path folder;

  @Test
  void readsFilesOfAnyName() throws Exception {
    byte[] pack = TestPacks.plain("day01-12");
    for (int i = 0; i < NAMES.size(); i++) {
      byte[] others = pack;
      for (int r = 0; r < 12; r++) {
        others = TestPacks.with(others, "request_id", r, 1_000 * i + r);
      }
      put(NAMES.get(i), others);
    }
    IngestSummary summary = ingest(folder.resolve("warehouse"), folder.resolve("in"));
    assertThat(summary.ingestedFiles()).isEqualTo(NAMES.size());
    assertThat(summary.requests()).isEqualTo(12L * NAMES.size());
    assertThat(
            SparkTables.read(
                    TestSpark.session(), folder.resolve("warehouse").toString(), TraceTables.FILES)
                .orElseThrow()
                .select("path")
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactlyInAnyOrderElementsOf(
            NAMES.stream().map(name -> folder.resolve("in").resolve(name).toString()).toList());

    for (String name : NAMES) {
      Path file = folder.resolve("in").resolve(name);
      assertThat(ingest(folder.resolve("warehouse"), file).knownFiles()).as(name).isEqualTo(1);
    }
  }

  @Test
  void aPatternIsAName() throws Exception {
    put("b1.safetensors", TestPacks.plain("day01-12"));
    Path pattern = folder.resolve("in/b*.safetensors");
    assertThatThrownBy(() -> ingest(folder.resolve("warehouse"), pattern))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(pattern + ": there is no such file or folder. Check the path");
  }

  @Test
  void aChecksumOfAnotherFileIsNotHeldAgainstTheInput() throws Exception {
    put("t.safetensors", TestPacks.plain("day01-12"));
    byte[] stale = new byte[4_008];
    System.arraycopy(new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0}, 0, stale, 0, 8);
    put(".t.safetensors.crc", stale);
    assertThat(ingest(folder.resolve("warehouse"), folder.resolve("in")).requests()).isEqualTo(12);
  }

  @Test
  void emptyFilesAndFoldersDoNotStopTheRest() throws Exception {
    put("t.safetensors", TestPacks.plain("day01-12"));
    put("z.safetensors", new byte[0]);
    Files.createDirectory(folder.resolve("in/empty"));
    IngestSummary summary = ingest(folder.resolve("warehouse"), folder.resolve("in"));
    assertThat(summary.requests()).isEqualTo(12);
    assertThat(summary.quarantinedFiles()).isEqualTo(1);
  }

  @Test
  void aLineBreakInANameBreaksNoLine() throws Exception {
    put("a\nb.safetensors", new byte[0]);
    IngestSummary summary = ingest(folder.resolve("warehouse"), folder.resolve("in"));
    assertThat(summary.text()).contains("/in/a\\nb.safetensors: wrong magic");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ware house für #1", "ware:house", "100%25", "w[1]{x}*?", "a\\b\nc"})
  void warehousesOfAnyName(String name) throws Exception {
    Path warehouse = folder.resolve(name);
    ingest(warehouse, TestPacks.small("day01-12"));
    TraceWindow window = new TraceWindow(warehouse.toString(), MODEL.name(), null, null);
    new AnalyzeJob(TestSpark.session(), MODEL, window, "2", new Progress()).run();
    new AnalyzeJob(TestSpark.session(), MODEL, window, "3", new Progress()).run();
    assertThat(window.table(TestSpark.session()).count()).isEqualTo(12 * 6);
    assertThat(
            SparkTables.read(TestSpark.session(), warehouse.toString(), UsageTables.EXPERT_LOAD)
                .orElseThrow()
                .select("run_id")
                .distinct()
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactly("3");
  }

  private void put(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static IngestSummary ingest(Path warehouse, Path input) throws IOException {
    return new IngestJob(TestSpark.session(), MODEL, warehouse.toString(), "1", new Progress())
        .run(List.of(input.toString()), FormatChoice.DETECTED);
  }
}
