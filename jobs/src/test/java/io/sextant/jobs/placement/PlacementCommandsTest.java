package io.sextant.jobs.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.gpu.expert.ReplayBatch;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.Restarted;
import io.sextant.jobs.TestPacks;
import io.sextant.placement.migration.Moves;
import io.sextant.placement.migration.MovesFile;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs solve, evaluate and export: plans on sample days and scores on the next. */
class PlacementCommandsTest {
  private static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  @BeforeAll
  static void planOnTwoDays() {
    String warehouse = folder.resolve("warehouse").toString();
    assertThat(
            CommandRun.of(
                    "ingest",
                    "--input",
                    pack("day06"),
                    pack("day07"),
                    pack("day08"),
                    "--model",
                    "sextant-128x8",
                    "--warehouse",
                    warehouse)
                .exitCode())
        .isZero();
    for (String out : new String[] {"plan", "again"}) {
      CommandRun solved = solve(out, "--seconds", "0.02");
      assertThat(solved.exitCode()).as(solved.err()).isZero();
      assertThat(solved.out()).contains("linear", "greedy", "sextant");
    }
  }

  private static String pack(String day) {
    return TestPacks.samples().resolve(day + ".safetensors.zst").toString();
  }

  private static JsonNode evaluate(String... placements) throws Exception {
    Path json = folder.resolve("evaluated.json");
    String[] options = {
      "--model",
      "sextant-128x8",
      "--cluster",
      "4x8-h200",
      "--micro-batch",
      "1024",
      "--input",
      pack("day08"),
      "--json",
      json.toString()
    };
    String[] arguments = new String[2 + placements.length + options.length];
    arguments[0] = "evaluate";
    arguments[1] = "--placement";
    System.arraycopy(placements, 0, arguments, 2, placements.length);
    System.arraycopy(options, 0, arguments, 2 + placements.length, options.length);
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(json.toFile());
  }

  @Test
  void theWorkOfAMapIsEveryRowOnce() throws Exception {
    Path work = folder.resolve("work.jsonl");
    CommandRun run =
        CommandRun.of(
            "evaluate",
            "--placement",
            "linear",
            folder.resolve("plan/placement.json").toString(),
            "--cluster",
            "4x8-h200",
            "--model",
            "sextant-128x8",
            "--micro-batch",
            "1024",
            "--input",
            pack("day08"),
            "--work",
            work.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<ReplayBatch> batches = ReplayBatch.read(work);
    assertThat(batches).extracting(ReplayBatch::map).contains("linear", "placement");
    assertThat(batches)
        .allMatch(batch -> Arrays.stream(batch.slotTokens()).sum() == 1024 * 8)
        .allMatch(batch -> batch.received() > 0);
  }

  /**
   * Figures as printed by the independent PlacementScore: linear 4 8 samples/day08 --batch 1024.
   */
  @Test
  void scoresLinearAsTheIndependentScorerDoes() throws Exception {
    JsonNode linear = evaluate("linear").get(0);
    assertThat(linear.get("remote_nodes_per_token").doubleValue()).isEqualTo(2.7215, within(5e-5));
    assertThat(linear.get("gpus_per_token").doubleValue()).isEqualTo(7.3322, within(5e-5));
    assertThat(linear.get("max_over_mean_gpu_load").doubleValue()).isEqualTo(1.4697, within(5e-5));
    assertThat(linear.get("max_over_mean_node_receive").doubleValue())
        .isEqualTo(1.1188, within(5e-5));
  }

  private static CommandRun solve(String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "solve",
                "--warehouse",
                folder.resolve("warehouse").toString(),
                "--model",
                "sextant-128x8",
                "--cluster",
                "4x8-h200",
                "--slots",
                "160",
                "--to",
                "2026-09-13",
                "--score-from",
                "2026-09-14",
                "--micro-batch",
                "1024",
                "--out",
                folder.resolve(out).toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void layersMayDifferInSlotsWithinTheSameTotal() throws Exception {
    CommandRun run = solve("uneven", "--seconds", "0.02", "--uneven-layers");
    assertThat(run.exitCode()).as(run.err()).isZero();
    PlacementMap map = PlacementMaps.read(folder.resolve("uneven/placement.json"), null);
    int slots = 0;
    for (int l = 0; l < 6; l++) {
      assertThat(map.slots(l) % 32).isZero();
      slots += map.slots(l);
    }
    assertThat(slots).isLessThanOrEqualTo(6 * 160);
    map.requireSound("the plan", 32);
    assertThat(run.err()).contains("slots by layer: [");
  }

  /** In a decode pool the busiest GPU of a step reads fewer experts than with EPLB's map. */
  @Test
  void decodePoolIsPlannedAndScoredOnDecodeRowsAlone() throws Exception {
    CommandRun run =
        solve("decode", "--seconds", "0.02", "--pool", "decode", "--decode-step", "16");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode plans = JSON.readTree(folder.resolve("decode/metrics.json").toFile());
    JsonNode ours = plans.get(2);
    assertThat(ours.get("remote_nodes_per_prefill_token").isNull()).isTrue();
    assertThat(ours.get("remote_nodes_per_token"))
        .isEqualTo(ours.get("remote_nodes_per_decode_token"));
    assertThat(ours.get("activated_experts_per_gpu").doubleValue())
        .isLessThan(plans.get(1).get("activated_experts_per_gpu").doubleValue());
    run = solve("prefill", "--seconds", "0.02", "--pool", "prefill");
    assertThat(run.exitCode()).as(run.err()).isZero();
    ours = JSON.readTree(folder.resolve("prefill/metrics.json").toFile()).get(2);
    assertThat(ours.get("remote_nodes_per_decode_token").isNull()).isTrue();
    assertThat(ours.get("remote_nodes_per_token"))
        .isEqualTo(ours.get("remote_nodes_per_prefill_token"));
  }

  @Test
  void saysWhatPoolsAndUnevenLayersCannotDo() {
    assertThat(solve("refused", "--pool", "both ways").err())
        .contains("--pool both ways: there is no such pool. Give one of both, prefill, decode");
    assertThat(solve("refused", "--pool", "prefill", "--group", "--router", "prefill").err())
        .contains(
            "--router prefill: the experts of a prompt are known only after its prefill, which runs"
                + " in this pool. Give --router prompt-tokens or label, or plan the decode pool with"
                + " --pool decode");
    CommandRun run = solve("refused", "--uneven-layers", "--group");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("--uneven-layers: --group needs the same number of slots in every layer");
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  @Test
  void beatsLinearAndGreedyOnTheNextDay() throws Exception {
    JsonNode linear = evaluate("linear").get(0);
    JsonNode plans =
        evaluate(
            folder.resolve("plan/greedy.json").toString(),
            folder.resolve("plan/placement.json").toString());
    double traffic = plans.get(1).get("remote_nodes_per_token").doubleValue();
    assertThat(traffic)
        .isLessThan(0.85 * linear.get("remote_nodes_per_token").doubleValue())
        .isLessThan(plans.get(0).get("remote_nodes_per_token").doubleValue());
    assertThat(plans.get(1).get("max_over_mean_gpu_load").doubleValue())
        .isLessThan(linear.get("max_over_mean_gpu_load").doubleValue());
  }

  /** The warehouse's rows and the file's are the same tokens in the same order. */
  @Test
  void scoresTheWarehouseAsTheFile() throws Exception {
    JsonNode solved = JSON.readTree(folder.resolve("plan/metrics.json").toFile()).get(2);
    JsonNode evaluated = evaluate(folder.resolve("plan/placement.json").toString()).get(0);
    assertThat(solved.get("plan").textValue()).isEqualTo("sextant");
    assertThat(solved.get("remote_nodes_per_token"))
        .isEqualTo(evaluated.get("remote_nodes_per_token"));
    assertThat(solved.get("micro_batches")).isEqualTo(evaluated.get("micro_batches"));
  }

  @Test
  void groupsRequestsRoutesThemAndScoresThemWhereTheyRan() throws Exception {
    Path plan = folder.resolve("grouped");
    CommandRun solved =
        CommandRun.of(
            "solve",
            "--warehouse",
            folder.resolve("warehouse").toString(),
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--slots",
            "160",
            "--to",
            "2026-09-13",
            "--score-from",
            "2026-09-14",
            "--micro-batch",
            "1024",
            "--seconds",
            "0.3",
            "--group",
            "--router",
            "label",
            "--out",
            plan.toString());
    assertThat(solved.exitCode()).as(solved.err()).isZero();
    assertThat(solved.out()).contains("the router of the plan grouped knows: label");
    JsonNode metrics = JSON.readTree(plan.resolve("metrics.json").toFile());
    double alone = traffic(metrics, "sextant");
    double grouped = traffic(metrics, "grouped");
    assertThat(grouped).isLessThan(0.97 * alone);
    assertThat(solved.out()).doesNotContainPattern("note: the grouped plan .* remote nodes");

    Path csv = folder.resolve("routes.csv");
    CommandRun routed =
        CommandRun.of(
            "route",
            "--groups",
            plan.resolve("groups.json").toString(),
            "--input",
            pack("day08"),
            "--out",
            csv.toString());
    assertThat(routed.exitCode()).as(routed.err()).isZero();
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines.get(0)).isEqualTo("request_id,node,source,arrival_ms");
    assertThat(lines.subList(1, lines.size()))
        .hasSize(300)
        .allMatch(line -> line.matches("[0-9]+,[0-3],\"day08\",[0-9]{13}"));
    routesOfFilesWithTheSameIds(plan.resolve("groups.json").toString());

    JsonNode evaluated =
        evaluate(
            plan.resolve("placement.json").toString(),
            "--groups",
            plan.resolve("groups.json").toString());
    assertThat(evaluated.get(0).get("remote_nodes_per_token").doubleValue())
        .isEqualTo(grouped, within(1e-9));
  }

  /** Ids begin anew in each file. Of two copies of a request, only one can be told apart. */
  private void routesOfFilesWithTheSameIds(String groups) throws Exception {
    Path inputs = Files.createDirectories(folder.resolve("restarting"));
    List<RequestTrace> day =
        TestPacks.read(TestPacks.samples().resolve("day08.safetensors.zst"), MODEL);
    for (int file = 0; file < 2; file++) {
      List<RequestTrace> requests = new ArrayList<>();
      for (RequestTrace request : day.subList(20 * file, 20 * file + 20)) {
        requests.add(Restarted.with(request, requests.size()));
      }
      requests.addAll(file == 0 ? List.of() : requests.subList(0, 3));
      SextantPackWriter.writeZstd(
          inputs.resolve("hour%d.safetensors.zst".formatted(file)), MODEL, requests);
    }
    Path csv = folder.resolve("restarting.csv");
    CommandRun routed =
        CommandRun.of(
            "route", "--groups", groups, "--input", inputs.toString(), "--out", csv.toString());
    assertThat(routed.exitCode()).as(routed.err()).isZero();
    assertThat(Files.readAllLines(csv)).hasSize(41).doesNotHaveDuplicates();
    assertThat(routed.err())
        .contains("3 requests have the source, id and arrival of another; they run on its node");
  }

  private static double traffic(JsonNode metrics, String plan) {
    for (JsonNode node : metrics) {
      if (node.get("plan").textValue().equals(plan)) {
        return node.get("remote_nodes_per_token").doubleValue();
      }
    }
    throw new AssertionError("no plan " + plan);
  }

  @Test
  void saysWhenGroupsDoNotFit() {
    CommandRun both =
        CommandRun.of(
            "solve",
            "--warehouse",
            folder.resolve("warehouse").toString(),
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--slots",
            "160",
            "--group",
            "--current",
            folder.resolve("plan").toString(),
            "--out",
            folder.resolve("none").toString());
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("--group: a grouped plan cannot be limited by --current");
    CommandRun none =
        CommandRun.of(
            "route",
            "--groups",
            folder.resolve("nowhere.json").toString(),
            "--input",
            pack("day08"),
            "--out",
            folder.resolve("none.csv").toString());
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("nowhere.json");
  }

  @Test
  void givesTheSameBytesForTheSameSeed() throws Exception {
    for (String file : new String[] {"placement.json", "greedy.json", "metrics.json"}) {
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("plan").resolve(file));
    }
  }

  @Test
  void exportsWhatSglangLoads() throws Exception {
    Path file = folder.resolve("expert_location.json");
    CommandRun run =
        CommandRun.of(
            "export",
            "--placement",
            folder.resolve("plan").toString(),
            "--cluster",
            "4x8-h200",
            "--engine",
            "sglang",
            "--out",
            file.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode map = JSON.readTree(file.toFile());
    assertThat(map.size()).isEqualTo(1);
    // A row for every hidden layer: SGLang looks rows up by absolute layer id.
    assertThat(map.get("physical_to_logical_map").size()).isEqualTo(12);
    assertThat(map.get("physical_to_logical_map").get(0).size()).isEqualTo(160);
    assertThat(run.out())
        .startsWith(
            "sglang  %s%nstart it with%n  --init-expert-location %s --ep-size 32"
                    .formatted(file, file)
                + " --ep-num-redundant-experts 32 --moe-a2a-backend deepep%n".formatted());
    Path shortForm = folder.resolve("short.json");
    assertThat(export(folder.resolve("plan").toString(), "sglang", shortForm, "--rows", "MOE"))
        .extracting(CommandRun::exitCode)
        .isEqualTo(0);
    assertThat(JSON.readTree(shortForm.toFile()).get("physical_to_logical_map")).hasSize(6);
  }

  @Test
  void aFolderGetsAFileWithTheNameThatTheEngineExpects() throws Exception {
    Path exports = Files.createDirectories(folder.resolve("exports"));
    CommandRun run = export(folder.resolve("plan").toString(), "vllm-ascend", exports);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(exports.resolve("expert_map.json")).exists();
    assertThat(run.out())
        .contains("\"num_redundant_experts\":32", "note   static map   static maps are removed in");
    Path refused = folder.resolve("expert_map.txt");
    assertThat(export(folder.resolve("plan").toString(), "vllm-ascend", refused).lastError())
        .isEqualTo(
            "sextant: --out "
                + refused
                + ": vLLM-Ascend only loads a map whose name ends in .json. Name it"
                + " expert_map.json");
    assertThat(refused).doesNotExist();
    assertThat(export(folder.resolve("plan").toString(), "tgi", exports).lastError())
        .isEqualTo(
            "sextant: --engine tgi: there is no such engine. Give one of eplb, sglang,"
                + " tensorrt-llm, vllm, vllm-ascend");
  }

  @Test
  void exportsToTheLongestNameThatAFileMayHave() {
    Path longest = folder.resolve("m".repeat(250) + ".json");
    CommandRun run = export(folder.resolve("plan").toString(), "sglang", longest);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(longest).isNotEmptyFile();
  }

  private static CommandRun export(String placement, String engine, Path out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("export", "--placement", placement, "--cluster", "4x8-h200", "--engine"));
    arguments.addAll(List.of(engine, "--out", out.toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "sglang,",
    "vllm,",
    "vllm,RECORD",
    "vllm,LIST",
    "vllm-ascend,",
    "tensorrt-llm,",
    "eplb,"
  })
  void everyEnginesFileComesBackAsThePlan(String engine, String layout) throws Exception {
    Path file = folder.resolve(engine + layout + ".json");
    String[] more = layout == null ? new String[0] : new String[] {"--layout", layout};
    CommandRun run = export(folder.resolve("plan").toString(), engine, file, more);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("%s  %s%n".formatted(engine, file));
    assertThat(PlacementMaps.read(file, ModelSpecs.load("sextant-128x8")))
        .isEqualTo(PlacementMaps.read(folder.resolve("plan/placement.json"), null));

    Path onward = folder.resolve(engine + layout + "-onward.json");
    CommandRun unnamed = export(file.toString(), "sglang", onward);
    assertThat(unnamed.exitCode()).isEqualTo(2);
    assertThat(unnamed.lastError())
        .isEqualTo(
            "sextant: "
                + file
                + ": the map does not say which model it is for. Name the model with it");
    CommandRun named = export(file.toString(), "sglang", onward, "--model", "sextant-128x8");
    assertThat(named.exitCode()).as(named.err()).isZero();
  }

  @Test
  void evaluateScoresAnEnginesFileLikeThePlan() throws Exception {
    Path yaml = folder.resolve("balancer.yaml");
    Path tensors = folder.resolve("eplb.safetensors");
    String planned = folder.resolve("plan").toString();
    assertThat(export(planned, "tensorrt-llm", yaml).exitCode()).isZero();
    assertThat(export(planned, "eplb", tensors).exitCode()).isZero();
    JsonNode plans = evaluate(planned + "/placement.json", yaml.toString(), tensors.toString());
    assertThat(plans).hasSize(3);
    // Only Sextant's own map names the profile that it was planned for.
    plans.forEach(plan -> ((ObjectNode) plan).remove(List.of("plan", "planned_for")));
    assertThat(plans).containsOnly(plans.get(0));
  }

  /** The plan is SGLang's. */
  @Test
  void saysThatAPlanIsUsedUnderAnotherRule() throws Exception {
    Path plan = folder.resolve("plan/placement.json");
    assertThat(PlacementMaps.plannedFor(plan)).contains(new PlannedFor("sglang", CopyRule.NEAREST));
    JsonNode metrics = JSON.readTree(folder.resolve("plan/metrics.json").toFile());
    assertThat(metrics.findValuesAsText("copy_rule")).containsOnly("nearest");
    CommandRun own = export(plan.toString(), "sglang", folder.resolve("own.json"));
    assertThat(own.err()).doesNotContain("warning");
    Path json = folder.resolve("other-rule.json");
    CommandRun other =
        export(
            plan.toString(),
            "tensorrt-llm",
            folder.resolve("other.yaml"),
            "--json",
            json.toString());
    assertThat(other.exitCode()).isZero();
    String warning =
        "the plan was made for serving profile sglang (copy rule nearest), but TensorRT-LLM usually"
            + " chooses copies by round-robin. Plan again with solve --serving tensorrt-llm";
    assertThat(other.lastError()).isEqualTo("sextant: warning: " + warning);
    assertThat(JSON.readTree(json.toFile()).get("warning").textValue()).isEqualTo(warning);
    Path changed = folder.resolve("changed.json");
    Files.writeString(
        changed,
        Files.readString(plan)
            .replace("\"planned_from\"", "\"planned_traffic\": \"mix a=0.2\", \"planned_from\""));
    CommandRun scored =
        CommandRun.of(
            "evaluate",
            "--placement",
            "linear",
            changed.toString(),
            plan.toString(),
            "--cluster",
            "4x8-h200",
            "--serving",
            "vllm",
            "--input",
            pack("day08"),
            "--json",
            json.toString());
    assertThat(scored.exitCode()).as(scored.err()).isZero();
    assertThat(scored.out())
        .contains(
            "changed was planned for mix a=0.2 and is scored on the traffic that was recorded\n")
        .endsWith(
            "placement was planned for serving profile sglang (copy rule nearest) and is scored"
                + " under vllm (token-hash)\n");
    JsonNode plans = JSON.readTree(json.toFile());
    assertThat(plans.at("/0/planned_for").isNull()).isTrue();
    assertThat(plans.at("/1/planned_for").textValue()).isEqualTo("sglang");
    assertThat(plans.at("/1/serving").textValue()).isEqualTo("vllm");
  }

  @Test
  void optionsOfOneEngineAreRefusedForOthers() {
    String plan = folder.resolve("plan").toString();
    Path none = folder.resolve("refused");
    assertThat(export(plan, "eplb", none, "--rows", "all").lastError())
        .isEqualTo("sextant: --rows all: eplb takes the MoE layers only. Leave --rows out");
    assertThat(export(plan, "tensorrt-llm", none, "--layout", "list").lastError())
        .isEqualTo("sextant: --layout list: tensorrt-llm has one file only. Leave --layout out");
    assertThat(none).doesNotExist();
  }

  @Test
  void namesWhatIsWrongInOneLine() throws Exception {
    CommandRun slots =
        CommandRun.of(
            "solve",
            "--warehouse",
            folder.resolve("warehouse").toString(),
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--slots",
            "130",
            "--out",
            folder.resolve("nothing").toString());
    assertThat(slots.exitCode()).isEqualTo(2);
    assertThat(slots.lastError())
        .isEqualTo(
            "sextant: --slots 130: cannot hold 128 experts evenly on 32 GPUs. Give a multiple of"
                + " 32, at least 128; the nearest is 128");
    assertThat(folder.resolve("nothing")).doesNotExist();

    byte[] whole = Files.readAllBytes(TestPacks.samples().resolve("day08.safetensors.zst"));
    Path cut = folder.resolve("cut.safetensors.zst");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    CommandRun damaged =
        CommandRun.of(
            "evaluate",
            "--placement",
            "linear",
            "--model",
            "sextant-128x8",
            "--cluster",
            "4x8-h200",
            "--input",
            cut.toString());
    assertThat(damaged.exitCode()).isEqualTo(2);
    assertThat(damaged.lastError()).contains(cut.toString()).contains("truncated");
  }

  private static CommandRun move(String out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "solve",
                "--warehouse",
                folder.resolve("warehouse").toString(),
                "--model",
                "sextant-128x8",
                "--cluster",
                "4x8-h200",
                "--slots",
                "160",
                "--from",
                "2026-09-13",
                "--to",
                "2026-09-13",
                "--score-from",
                "2026-09-14",
                "--micro-batch",
                "1024",
                "--seconds",
                "0.02",
                "--out",
                folder.resolve(out).toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  /**
   * Plans from yesterday's plan, with a limit of a twentieth of the weights and without a limit.
   */
  @Test
  void movesNoMoreThanAllowedAndSaysHow() throws Exception {
    Path current = folder.resolve("plan/placement.json");
    CommandRun limited =
        move("limited", "--current", folder.resolve("plan").toString(), "--max-moved-bytes", "5%");
    assertThat(limited.exitCode()).as(limited.err()).isZero();
    assertThat(limited.out()).contains("moved MB", "sextant moves");
    Moves moves = MovesFile.read(folder.resolve("limited/moves.json"));
    long most = 6L * 128 * 5 / 100 * moves.expertBytes();
    assertThat(moves.expertBytes()).isEqualTo(3L * 512 * 192 * 2);
    assertThat(moves.movedBytes()).isPositive().isLessThanOrEqualTo(most);
    assertThat(moves.copiedBytes()).isLessThanOrEqualTo(most);
    int[][] from = PlacementMaps.read(current, null).physicalToLogical();
    int[][] to =
        PlacementMaps.read(folder.resolve("limited/placement.json"), null).physicalToLogical();
    for (int l = 0; l < from.length; l++) {
      assertThat(moves.layers().get(l).moves().apply(from[l])).isEqualTo(to[l]);
    }
    JsonNode metrics = JSON.readTree(folder.resolve("limited/metrics.json").toFile());
    assertThat(metrics.get(2).get("plan").textValue()).isEqualTo("sextant");
    assertThat(metrics.get(2).get("moved_bytes").longValue()).isEqualTo(moves.movedBytes());
    assertThat(metrics.get(3).get("plan").textValue()).isEqualTo("current");
    assertThat(metrics.get(3).get("moved_bytes").longValue()).isZero();
    // The whole front, including dominated plans; staying is never dominated, so it is always
    // printed.
    assertThat(metrics.findValuesAsText("plan"))
        .containsExactly(
            "linear", "greedy", "sextant", "current", "1%", "2%", "5%", "10%", "20%", "40%",
            "replan");
    assertThat(limited.out()).containsPattern("\\ncurrent +0\\.0 ");

    CommandRun again = move("limited2", "--current", current.toString(), "--max-moved-bytes", "5%");
    assertThat(again.exitCode()).isZero();
    for (String file : new String[] {"placement.json", "metrics.json", "moves.json"}) {
      assertThat(folder.resolve("limited2").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("limited").resolve(file));
    }
    CommandRun none = move("none", "--current", current.toString(), "--max-moved-bytes", "0");
    assertThat(none.exitCode()).isZero();
    assertThat(PlacementMaps.read(folder.resolve("none/placement.json"), null))
        .isEqualTo(PlacementMaps.read(current, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 percent | it is not a number",
        "-1 | it is below 0",
        "101% | it is not from 0% to 100%",
      })
  void namesALimitThatIsNone(String limit, String problem) {
    CommandRun run =
        move("wrong", "--current", folder.resolve("plan").toString(), "--max-moved-bytes=" + limit);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: --max-moved-bytes %s: %s. Give bytes, such as 250000000, or a share, such as 5%%"
                .formatted(limit, problem));
    assertThat(folder.resolve("wrong")).doesNotExist();
  }

  @Test
  void namesACurrentMapThatDoesNotFit() throws Exception {
    assertThat(move("wrong", "--max-moved-bytes", "5%").lastError())
        .isEqualTo(
            "sextant: --max-moved-bytes 5%: there is no map in force to compare with. Give the"
                + " map in force"
                + " with --current");
    Path linear = folder.resolve("linear.json");
    PlacementMaps.write(linear, PlacementMap.linear(ModelSpecs.load("sextant-128x8")));
    CommandRun run = move("wrong", "--current", linear.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.lastError())
        .isEqualTo(
            "sextant: %s: layer 1: 128 slots, but 160 are planned for. Plan with the --slots of"
                    .formatted(linear)
                + " the map in force, or without --current");
  }
}
