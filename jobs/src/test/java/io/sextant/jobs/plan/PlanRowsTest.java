package io.sextant.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.notebooks.Warehouse;
import io.sextant.placement.migration.Moves;
import io.sextant.placement.migration.MovesFile;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows that solve stores in the warehouse, compared with its files and with the traces. */
class PlanRowsTest {
  private static final String MODEL = "sextant-128x8";
  private static final int MICRO_BATCH = 256;
  private static final int NODES = 4;
  private static final int SLOTS = 128;

  @TempDir private static Path folder;
  private static Warehouse warehouse;

  @BeforeAll
  static void planTwice() throws Exception {
    String tables = folder.resolve("warehouse").toString();
    CommandRun.done(
        "ingest", "--input", pack("day07"), pack("day08"), "--model", MODEL, "--warehouse", tables);
    solve("first", "0.02");
    solve("second", "0.02", "--current", folder.resolve("first/greedy.json").toString());
    warehouse = Warehouse.open(folder.resolve("warehouse"));
  }

  private static String pack(String day) {
    return TestPacks.samples().resolve(day + ".safetensors.zst").toString();
  }

  private static void solve(String out, String seconds, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("solve", "--model", MODEL, "--cluster", "4x8-h200"));
    arguments.addAll(List.of("--warehouse", folder.resolve("warehouse").toString()));
    arguments.addAll(
        List.of("--slots", "" + SLOTS, "--micro-batch", "" + MICRO_BATCH, "--seconds", seconds));
    arguments.addAll(List.of("--to", "2026-09-13", "--score-from", "2026-09-14"));
    arguments.addAll(List.of("--out", folder.resolve(out).toString()));
    arguments.addAll(List.of(more));
    CommandRun.done(arguments.toArray(String[]::new));
  }

  /** Counted again from the pack: a token is sent once to each other node that has its experts. */
  @Test
  void nodeTrafficIsEveryTokenOnceToEveryNode() throws Exception {
    ModelSpec model = ModelSpecs.load(MODEL);
    SourceNodes sources = SourceNodes.of(ClusterSpecs.load("4x8-h200"), 8);
    long[][][] counted = new long[model.moeLayers().size()][NODES][NODES];
    List<RequestTrace> requests = TestPacks.read(Path.of(pack("day08")), model);
    // Tokens of the incomplete last micro-batch are left out.
    int complete =
        requests.stream().mapToInt(RequestTrace::tokens).sum() / MICRO_BATCH * MICRO_BATCH;
    int before = 0;
    for (RequestTrace request : requests) {
      int source = sources.nodeOf(request.sourceRank(), request.requestId());
      for (int l = 0; l < counted.length; l++) {
        short[] ids = request.experts()[l];
        for (int token = 0;
            token < ids.length && before + token / request.topK() < complete;
            token += request.topK()) {
          boolean[] needed = new boolean[NODES];
          for (int i = token; i < token + request.topK(); i++) {
            needed[ids[i] / (SLOTS / NODES)] = true;
          }
          for (int node = 0; node < NODES; node++) {
            counted[l][source][node] += needed[node] && node != source ? 1 : 0;
          }
        }
      }
      before += request.tokens();
    }
    List<List<Object>> rows =
        warehouse
            .query(
                "SELECT layer, source_node, node, tokens FROM node_traffic WHERE plan = 'linear'"
                    + " ORDER BY layer, source_node, node")
            .rows();
    // Both runs scored linear; the second from a map in force.
    assertThat(rows).hasSize(2 * counted.length * NODES * (NODES - 1));
    for (List<Object> row : rows) {
      int l = model.moeLayers().indexOf((Integer) row.get(0));
      assertThat(row.get(3)).isEqualTo(counted[l][(Integer) row.get(1)][(Integer) row.get(2)]);
    }
  }

  @Test
  void nodeTrafficAddsUpToTheRemoteNodes() throws Exception {
    List<List<Object>> rows =
        warehouse
            .query(
                """
                SELECT m.plan, m.layer, m.remote_nodes_per_token, 1.0 * sum(t.tokens) / m.tokens
                FROM placement_metrics m JOIN node_traffic t ON t.plan = m.plan AND t.run_id = m.run_id
                  AND (m.layer = -1 OR t.layer = m.layer)
                GROUP BY m.run_id, m.plan, m.layer, m.remote_nodes_per_token, m.tokens ORDER BY m.plan, m.layer
                """)
            .rows();
    assertThat(rows).hasSize((3 + 4) * 7);
    for (List<Object> row : rows) {
      assertThat(((Number) row.get(3)).doubleValue())
          .as(row.toString())
          .isEqualTo((Double) row.get(2), within(1e-9));
    }
  }

  /** The columns of the table are the arrays of metrics.json. */
  @Test
  void intervalsAndMovedBytesAreThoseOfTheFile() throws Exception {
    JsonNode plans = json("second/metrics.json");
    for (JsonNode plan : plans) {
      List<List<Object>> found =
          warehouse
              .query(
                  """
                  SELECT moved_bytes, predicted_layer_micros,
                    remote_nodes_per_token_low, remote_nodes_per_token_high, gpus_per_token_low, gpus_per_token_high,
                    max_over_mean_gpu_load_low, max_over_mean_gpu_load_high,
                    max_over_mean_node_receive_low, max_over_mean_node_receive_high,
                    predicted_layer_micros_low, predicted_layer_micros_high
                  FROM placement_metrics WHERE layer = -1 AND plan = '%s' AND run_id = '%s'
                  """
                      .formatted(plan.get("plan").textValue(), secondRun()))
              .rows();
      for (List<Object> row : found) {
        List<Object> expected = new ArrayList<>();
        expected.add(plan.get("moved_bytes").longValue());
        expected.add(plan.get("predicted_layer_micros").doubleValue());
        for (JsonNode ends : plan.get("intervals_95")) {
          ends.forEach(end -> expected.add(end.doubleValue()));
        }
        assertThat(row).as(plan.get("plan").textValue()).isEqualTo(expected).doesNotContainNull();
      }
    }
    assertThat(
            warehouse
                .query(
                    "SELECT count(*), count(moved_bytes), count(predicted_layer_micros),"
                        + " count(remote_nodes_per_token_low) FROM placement_metrics WHERE layer >= 0 AND run_id = '"
                        + secondRun()
                        + "'")
                .rows()
                .get(0))
        .containsExactly(24L, 24L, 24L, 0L);
  }

  @Test
  void movesAreThoseOfTheFile() throws Exception {
    Moves moves = MovesFile.read(folder.resolve("second/moves.json"));
    List<Object> written =
        warehouse
            .query("SELECT count(*), CAST(sum(copied_bytes) AS BIGINT), min(plan) FROM moves")
            .rows()
            .get(0);
    long writes =
        moves.layers().stream()
            .flatMap(layer -> layer.moves().steps().stream())
            .mapToLong(step -> step.writes().size())
            .sum();
    assertThat(written).containsExactly(writes, moves.copiedBytes(), "sextant");
    assertThat(
            warehouse
                .query(
                    "SELECT CAST(sum(moved_bytes) AS BIGINT) FROM placement_metrics WHERE plan = 'sextant'"
                        + " AND layer >= 0 AND moved_bytes IS NOT NULL")
                .rows()
                .get(0))
        .containsExactly(moves.movedBytes());
  }

  @Test
  void theDecisionIsARow() throws Exception {
    List<List<Object>> rows =
        warehouse
            .query(
                "SELECT command, plan, in_force, verdict, gain > least_gain, moved_bytes, day FROM"
                    + " decisions")
            .rows();
    long moved = MovesFile.read(folder.resolve("second/moves.json")).movedBytes();
    assertThat(rows)
        .containsExactly(
            List.of("solve", "sextant", "current", "publish", true, moved, "2026-09-14"));
  }

  private static String secondRun() throws Exception {
    return (String)
        warehouse.query("SELECT max(run_id) FROM placement_metrics").rows().get(0).get(0);
  }

  private static JsonNode json(String file) throws Exception {
    return new ObjectMapper().readTree(Files.readString(folder.resolve(file)));
  }
}
