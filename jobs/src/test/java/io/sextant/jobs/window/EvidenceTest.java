package io.sextant.jobs.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.CommandRun;
import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.TestPacks;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every test here must pass without a Spark session, except the first ingest. */
class EvidenceTest {
  private static final String MODEL = "sextant-128x8";

  @TempDir private static Path folder;
  private static String warehouse;

  @BeforeAll
  static void ingest() {
    warehouse = folder.resolve("warehouse").toString();
    CommandRun.done(
        "ingest",
        "--input",
        TestPacks.small("day01-12").toString(),
        "--model",
        MODEL,
        "--warehouse",
        warehouse);
  }

  @Test
  void aWindowWithoutTracesNamesTheDaysThereAre() {
    assertThatThrownBy(() -> Evidence.require(window(MODEL, "2031-01-01", null), "--from and --to"))
        .hasMessageStartingWith(
            "traces of sextant-128x8 from 2031-01-01 to the last: the warehouse has none. Check"
                + " --from and --to: it has 1 day, ");
    assertThatThrownBy(
            () -> Evidence.require(window("sextant-128x9", null, null), "--from and --to"))
        .hasMessageEndingWith("Did you mean sextant-128x8? It has traces of sextant-128x8");
    Evidence.require(window(MODEL, null, null), "--from and --to");
  }

  @Test
  void aWarehouseThatIsNotThereIsNamed() throws Exception {
    assertThatThrownBy(() -> Evidence.requireWarehouse(folder.resolve("none").toString()))
        .hasMessageContaining("there is no such warehouse");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Evidence.requireWarehouse(file.toString()))
        .hasMessageContaining("it is not a folder");
  }

  @Test
  void tokensAreCountedFromTheFooters() throws Exception {
    List<RequestTrace> requests =
        TestPacks.read(TestPacks.small("day01-12"), SampleWarehouse.MODEL);
    assertThat(Evidence.tokens(window(MODEL, null, null), SampleWarehouse.MODEL))
        .isEqualTo(requests.stream().mapToLong(RequestTrace::tokens).sum());
  }

  private static TraceWindow window(String model, String from, String to) {
    return new TraceWindow(warehouse, model, from, to);
  }
}
