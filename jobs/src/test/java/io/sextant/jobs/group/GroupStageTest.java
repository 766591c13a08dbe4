package io.sextant.jobs.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.TestPacks;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.ingest.IngestJob;
import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.window.DayRule;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.RequestKey;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.jobs.window.WindowRequests;
import io.sextant.placement.grouping.RequestRouter;
import io.sextant.placement.grouping.RouterRequest;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.router.Router;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.RouterKnowledge;
import io.sextant.schema.spec.ServingProfiles;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.format.FormatChoice;
import io.sextant.schema.trace.pack.SextantPackWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups of 100 requests of a day with token ids, routed on the next day. */
class GroupStageTest {
  private static final PlanTarget TARGET = SampleWarehouse.target(128, Pool.BOTH);
  private static final Path NEXT_DAY = TestPacks.small("day08-tokens");

  /** With less work the map's traffic hides a part of what groups save. */
  private static final double SECONDS = 0.3;

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;
  private static Grouped grouped;

  @BeforeAll
  static void group() throws Exception {
    warehouse = SampleWarehouse.of(folder, List.of(TestPacks.small("day07-tokens"), NEXT_DAY));
    grouped = grouped(RouterKnowledge.PROMPT_TOKENS, SECONDS);
  }

  private static Grouped grouped(RouterKnowledge knows, double seconds) {
    TraceWindow day = warehouse.day(SampleWarehouse.PLANNED_DAY, Pool.BOTH);
    PlanningSample sample =
        PlanningSample.of(warehouse.spark(), day, SampleWarehouse.MODEL, new DayRule(null, false));
    GroupOrder order =
        new GroupOrder(
            SolverSettings.forSeconds(seconds, TARGET.layout(), SampleWarehouse.MODEL.experts(), 1)
                .forGroups(CopyRule.NEAREST, TARGET.layout(), SampleWarehouse.MODEL.experts()),
            knows,
            true);
    return new GroupStage(TARGET, order, new Progress())
        .run(sample, new WindowRequests(warehouse.spark(), day));
  }

  private static RequestRoutes routes(Router router) {
    TraceWindow window = warehouse.day(SampleWarehouse.SCORED_DAY, Pool.BOTH);
    return new RouteStage(TARGET, new WindowRequests(warehouse.spark(), window))
        .run(PlanningSample.inOrder(window.rows(warehouse.spark()), SampleWarehouse.MODEL), router);
  }

  @Test
  void theSameSeedGivesTheSamePlacementAndRouter() {
    Grouped again = grouped(RouterKnowledge.PROMPT_TOKENS, SECONDS);
    assertThat(again.map()).isEqualTo(grouped.map());
    assertThat(again.router()).usingRecursiveComparison().isEqualTo(grouped.router());
    grouped.map().requireSound("the grouped plan", TARGET.layout().gpus());
  }

  @Test
  void theRouterKnowsTheNodesOfEveryExpert() {
    int[][] slots = grouped.map().physicalToLogical();
    for (int l = 0; l < slots.length; l++) {
      int[] nodes = new int[SampleWarehouse.MODEL.experts()];
      for (int p = 0; p < slots[l].length; p++) {
        nodes[slots[l][p]] |= 1 << TARGET.layout().nodeOfSlot(p);
      }
      assertThat(grouped.router().table().nodesOfExpert()[l]).isEqualTo(nodes);
    }
  }

  /** The warehouse and the trace files give the same routes, with every kind of router. */
  @ParameterizedTest
  @EnumSource(
      value = RouterKnowledge.class,
      names = {"LABEL", "PROMPT_TOKENS", "PREFILL"})
  void everyRequestGoesToTheNodeThatAnotherRouterSendsItTo(RouterKnowledge knows) throws Exception {
    Router router =
        knows == RouterKnowledge.PROMPT_TOKENS ? grouped.router() : grouped(knows, 0.02).router();
    assertThat(router.table().knows()).isEqualTo(knows);
    RequestRouter inService = RequestRouter.of(router, knows);
    Map<RequestKey, Integer> expected = new LinkedHashMap<>();
    for (RequestTrace request : TestPacks.read(NEXT_DAY, SampleWarehouse.MODEL)) {
      expected.put(
          RequestKey.of(NEXT_DAY.toString(), request), inService.route(RouterRequest.of(request)));
      inService.finished(request.tokens());
    }
    Map<RequestKey, Integer> found = new LinkedHashMap<>();
    routes(router).forEach(found::put);
    assertThat(found).isEqualTo(expected);
    assertThat(expected.values()).allMatch(node -> node >= 0 && node < TARGET.layout().nodes());
  }

  /** A request comes to the decode pool after its prefill, whose experts tell where it is cheap. */
  @Test
  void aDecodePoolIsGroupedByPrefillsThatRanElsewhere() throws Exception {
    PlanTarget target =
        new PlanTarget(
            TARGET.model(),
            TARGET.cluster(),
            TARGET.layout(),
            TARGET.sources(),
            ServingProfiles.load("sglang-disaggregated").withTokens(64, 16),
            Pool.DECODE,
            TARGET.packaging());
    TraceWindow day = warehouse.day(SampleWarehouse.PLANNED_DAY, Pool.DECODE);
    Grouped decode =
        new GroupStage(
                target,
                new GroupOrder(SampleWarehouse.settings(target, 1), RouterKnowledge.PREFILL, true),
                new Progress())
            .run(
                PlanningSample.withPrompts(
                    warehouse.spark(), day, SampleWarehouse.MODEL, new DayRule(null, false)),
                new WindowRequests(warehouse.spark(), day));
    TraceWindow next = warehouse.day(SampleWarehouse.SCORED_DAY, Pool.DECODE);
    RequestRoutes routes =
        new RouteStage(target, new WindowRequests(warehouse.spark(), next))
            .run(
                PlanningSample.inOrder(
                    next.rowsWithPrompts(warehouse.spark()), SampleWarehouse.MODEL),
                decode.router());
    RequestRouter inService = RequestRouter.of(decode.router(), RouterKnowledge.PREFILL);
    Map<RequestKey, Integer> expected = new LinkedHashMap<>();
    for (RequestTrace request : TestPacks.read(NEXT_DAY, SampleWarehouse.MODEL)) {
      if (inService.serves(request)) {
        expected.put(
            RequestKey.of(NEXT_DAY.toString(), request),
            inService.route(RouterRequest.of(request)));
        inService.finished(request.tokens());
      }
    }
    Map<RequestKey, Integer> found = new LinkedHashMap<>();
    routes.forEach(found::put);
    assertThat(found).isEqualTo(expected);
    Plan served = Plan.of("served", decode.map());
    Plan routed = Plan.of("routed", decode.map()).withRoutes();
    PlanScores scores =
        new EvaluateJob(warehouse.spark(), target, routes)
            .onWarehouse(next, List.of(served, routed));
    assertThat(scores.metrics("routed").remoteSendsPerToken())
        .isLessThan(0.95 * scores.metrics("served").remoteSendsPerToken());
    assertThat(scores.metrics("routed").prefill().tokens()).isZero();
  }

  @Test
  void aRouterThatKnowsNothingMakesNoGroups() {
    assertThatThrownBy(() -> grouped(RouterKnowledge.NOTHING, 0.05))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Leave out --group");
  }

  @Test
  void whatARouterHasToKnowIsCheckedFirst() throws Exception {
    WindowRequests requests = withoutTokenIds("without", NEXT_DAY);
    assertThatThrownBy(() -> RequestKnowledge.requireKnown(RouterKnowledge.PROMPT_TOKENS, requests))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "--router prompt-tokens is not available, because none has the token ids of its"
                + " prompt. Ingest traces that have them without --no-token-ids, or give --router"
                + " label");
    RequestKnowledge.requireKnown(RouterKnowledge.LABEL, requests);
    assertThat(RequestKnowledge.most(requests)).isEqualTo(RouterKnowledge.LABEL);
    assertThat(stage(RouterKnowledge.PROMPT_TOKENS, false).known(requests).router())
        .isEqualTo(RouterKnowledge.LABEL);
    assertThatThrownBy(() -> stage(RouterKnowledge.PROMPT_TOKENS, true).known(requests))
        .isInstanceOf(InvalidInputException.class);
  }

  private static GroupStage stage(RouterKnowledge knows, boolean asked) {
    return new GroupStage(
        TARGET, new GroupOrder(SampleWarehouse.settings(TARGET, 1), knows, asked), new Progress());
  }

  /**
   * If requests have neither token ids nor different labels, only a decode pool can have groups.
   */
  @Test
  void theRemedyNamesARouterThatCanBeHad() throws Exception {
    List<RequestTrace> day = TestPacks.read(NEXT_DAY, SampleWarehouse.MODEL);
    Path alike = folder.resolve("alike.safetensors.zst");
    SextantPackWriter.writeZstd(
        alike,
        SampleWarehouse.MODEL,
        day.stream().filter(request -> request.domain().equals(day.get(0).domain())).toList());
    WindowRequests requests = withoutTokenIds("alike", alike);
    for (RouterKnowledge knows : List.of(RouterKnowledge.PROMPT_TOKENS, RouterKnowledge.LABEL)) {
      assertThatThrownBy(() -> RequestKnowledge.requireKnown(knows, requests))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageEndingWith("--pool decode --router prefill");
    }
    assertThat(stage(RouterKnowledge.PROMPT_TOKENS, false).known(requests).router())
        .isEqualTo(RouterKnowledge.PREFILL);
  }

  private static WindowRequests withoutTokenIds(String name, Path file) throws Exception {
    String other = folder.resolve(name).toString();
    new IngestJob(warehouse.spark(), SampleWarehouse.MODEL, other, "ingest", new Progress())
        .keepTokenIds(false)
        .runOn(InputFile.list(List.of(file.toString())), FormatChoice.DETECTED);
    return new WindowRequests(
        warehouse.spark(), new TraceWindow(other, SampleWarehouse.MODEL.name(), null, null));
  }

  /**
   * On the nodes to which the router sends them, requests reach fewer remote nodes than on the
   * nodes that served them.
   */
  @Test
  void routedRequestsReachFewerRemoteNodes() {
    RequestRoutes routes = routes(grouped.router());
    Plan served = Plan.of("served", grouped.map());
    Plan routed = Plan.of("routed", grouped.map()).withRoutes();
    PlanScores scores =
        new EvaluateJob(warehouse.spark(), TARGET, routes)
            .onWarehouse(
                warehouse.day(SampleWarehouse.SCORED_DAY, Pool.BOTH), List.of(served, routed));
    assertThat(scores.metrics("routed").remoteNodesPerToken())
        .isLessThan(0.95 * scores.metrics("served").remoteNodesPerToken());
    assertThat(scores.metrics("routed").tokens()).isEqualTo(scores.metrics("served").tokens());
  }
}
