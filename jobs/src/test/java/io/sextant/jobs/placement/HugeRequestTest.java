package io.sextant.jobs.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One request of 500,000 rows, such as a long unchunked prefill, among the 300 of a sample day. It
 * repeats the rows of all five sample days.
 */
class HugeRequestTest {
  private static final String MODEL = "sextant-128x8";
  private static final int ROWS = 500_000;
  private static final int PREFILL = 499_000;

  @TempDir Path folder;

  @Test
  void isReadAnalysedPlannedAndScored() throws Exception {
    ModelSpec model = ModelSpecs.load(MODEL);
    Path pack = folder.resolve("day08.safetensors");
    try (OutputStream out = Files.newOutputStream(pack)) {
      SextantPackWriter.write(out, model, requests(model));
    }
    Path json = folder.resolve("figures.json");
    CommandRun.done(
        "evaluate",
        "--placement",
        "linear",
        "--model",
        MODEL,
        "--cluster",
        "4x8-h200",
        "--input",
        pack.toString(),
        "--json",
        json.toString());
    JsonNode linear = new ObjectMapper().readTree(json.toFile()).get(0);
    // Computed by independent code in Python on the complete micro-batches of the same requests.
    assertThat(linear.get("remote_nodes_per_token").doubleValue())
        .isCloseTo(2.7130845592867945, within(1e-9));
    assertThat(linear.get("max_over_mean_gpu_load").doubleValue())
        .isCloseTo(1.3678936701948925, within(1e-9));
    assertThat(linear.get("max_over_mean_node_receive").doubleValue())
        .isCloseTo(1.3494270707433556, within(1e-9));
    String warehouse = folder.resolve("warehouse").toString();
    CommandRun ingest =
        CommandRun.of(
            "ingest", "--input", pack.toString(), "--model", MODEL, "--warehouse", warehouse);
    assertThat(ingest.exitCode()).as(ingest.err()).isZero();
    assertThat(ingest.out())
        .contains("1 files ingested: 301 requests, 513,377 tokens, 24,642,096 expert ids");
    CommandRun.done("analyze", "--warehouse", warehouse, "--model", MODEL);
    CommandRun solve =
        CommandRun.of(
            "solve",
            "--warehouse",
            warehouse,
            "--model",
            MODEL,
            "--cluster",
            "4x8-h200",
            "--slots",
            "128",
            "--seconds",
            "0.02",
            "--out",
            folder.resolve("plan").toString());
    assertThat(solve.exitCode()).as(solve.err()).isZero();
    assertThat(solve.out())
        .contains("over 3,047,424 token-layers in 372 micro-batches, 32,838 left out");
  }

  private static List<RequestTrace> requests(ModelSpec model) throws Exception {
    List<RequestTrace> all = new ArrayList<>();
    for (int day = 4; day <= 8; day++) {
      Path pack = TestPacks.samples().resolve("day%02d.safetensors.zst".formatted(day));
      all.addAll(TestPacks.read(pack, model));
    }
    int layers = model.moeLayers().size();
    short[][] experts = new short[layers][ROWS * model.topK()];
    for (int filled = 0, next = 0; filled < ROWS; next++) {
      RequestTrace from = all.get(next % all.size());
      int rows = Math.min(from.tokens(), ROWS - filled);
      for (int l = 0; l < layers; l++) {
        System.arraycopy(
            from.experts()[l], 0, experts[l], filled * model.topK(), rows * model.topK());
      }
      filled += rows;
    }
    List<RequestTrace> day8 = new ArrayList<>(all.subList(all.size() - 300, all.size()));
    RequestTrace before = day8.get(150);
    day8.add(
        151,
        new RequestTrace(
            999,
            before.arrivalMillis() + 1,
            "code",
            3,
            PREFILL,
            ROWS - PREFILL,
            0,
            model.topK(),
            before.layers(),
            experts));
    return day8;
  }
}
