package io.sextant.placement.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.router.Router;
import io.sextant.schema.router.RouterTable;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.RouterKnowledge;
import io.sextant.schema.spec.Transport;
import io.sextant.schema.trace.RequestTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupingTest {
  private static final int EXPERTS = 128;

  private static List<RequestTrace> days(int... days) {
    List<RequestTrace> requests = new ArrayList<>();
    for (int day : days) {
      requests.addAll(SampleTokens.day(day));
    }
    return requests;
  }

  /** Single copies, and experts that every node holds: there a token's way is certain. */
  private static int[] anyMap(SlotLayout layout, Random random) {
    int everywhere = (layout.slots() - EXPERTS) / (layout.nodes() - 1);
    List<Integer> order = new ArrayList<>(IntStream.range(0, EXPERTS).boxed().toList());
    Collections.shuffle(order, random);
    int[] slots = new int[layout.slots()];
    int[] used = new int[layout.nodes()];
    for (int i = 0; i < EXPERTS; i++) {
      for (int n = 0; n < layout.nodes(); n++) {
        if (i < everywhere || (i - everywhere) % layout.nodes() == n) {
          slots[n * layout.slotsPerNode() + used[n]++] = order.get(i);
        }
      }
    }
    return slots;
  }

  @Property(tries = 10)
  void costsWhatTheEvaluatorCounts(@ForAll boolean copies, @ForAll Random random) {
    SlotLayout layout = SlotLayout.of(4, 8, copies ? 224 : 128);
    int[] map = anyMap(layout, random);
    int[] masks = RouteCost.nodesOf(layout, map, EXPERTS);
    RouteCost cost = new RouteCost(4, masks, CopyRule.IDEAL, Transport.NODE_DEDUPLICATED);
    RouteCost perExpert = new RouteCost(4, masks, CopyRule.IDEAL, Transport.PER_EXPERT);
    for (RequestTrace request : SampleTokens.day(4).subList(0, 40)) {
      short[] ids = request.experts()[1];
      int[] nodes = new int[4];
      int[] sends = new int[4];
      cost.add(ids, request.topK(), 0, request.tokens(), nodes, 0);
      perExpert.add(ids, request.topK(), 0, request.tokens(), sends, 0);
      for (int node = 0; node < 4; node++) {
        LayerEvaluator evaluator =
            Evaluations.evaluator(layout, map, EXPERTS, new CostModel(0, 0, 0), 8192, 256);
        evaluator.add(
            ids,
            request.topK(),
            request.prefillTokens(),
            request.decodeTokens(),
            node * layout.gpusPerNode());
        assertThat(nodes[node]).isEqualTo(evaluator.tally().main().remoteNodes());
        assertThat(sends[node]).isEqualTo(evaluator.tally().main().remoteSends());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8})
  void staysEvenOverAnyThousandRequestsAndSavesTraffic(int nodes) {
    List<RequestTrace> requests = days(4, 5, 6, 7, 8);
    SlotLayout layout = SlotLayout.of(nodes, 8, 128);
    int[][] masks = new int[6][];
    for (int l = 0; l < 6; l++) {
      masks[l] = RouteCost.nodesOf(layout, anyMap(layout, new Random(l)), EXPERTS);
    }
    RequestRouter router = router(nodes, masks, "both");
    int[] node = new int[requests.size()];
    long routed = 0;
    long served = 0;
    for (int r = 0; r < node.length; r++) {
      RequestTrace request = requests.get(r);
      node[r] = router.route(RouterRequest.of(request));
      router.finished(request.tokens());
      int[] cost = new int[nodes];
      for (int l = 0; l < 6; l++) {
        new RouteCost(nodes, masks[l], CopyRule.IDEAL, Transport.NODE_DEDUPLICATED)
            .add(request.experts()[l], request.topK(), 0, request.prefillTokens(), cost, 0);
      }
      routed += cost[node[r]];
      served += cost[request.sourceRank() * nodes / 8];
    }
    assertThat(routed).isLessThan(served);
    assertThat(worstShare(requests, node, nodes, RequestTrace::tokens)).isLessThan(0.05);
  }

  private static RequestRouter router(int nodes, int[][] masks, String pool) {
    RouterTable table =
        new RouterTable(
            "m",
            "prefill",
            "p",
            "ideal",
            "node-deduplicated",
            pool,
            nodes,
            BalancedRouter.WINDOW,
            BalancedRouter.TOLERANCE,
            new double[nodes],
            List.of(0, 1, 2, 3, 4, 5),
            Map.of(),
            null,
            null,
            masks);
    return RequestRouter.of(new Router(table, null), RouterKnowledge.PREFILL);
  }

  /** The prompts ran elsewhere, so only decode rows count as the load of a node. */
  @Test
  void aDecodePoolIsEvenInDecodeRows() {
    List<RequestTrace> requests = days(4, 5, 6, 7, 8);
    SlotLayout layout = SlotLayout.of(4, 8, 128);
    int[][] masks = new int[6][];
    for (int l = 0; l < 6; l++) {
      masks[l] = RouteCost.nodesOf(layout, anyMap(layout, new Random(l)), EXPERTS);
    }
    RequestRouter router = router(4, masks, "decode");
    int[] node = new int[requests.size()];
    for (int r = 0; r < node.length; r++) {
      assertThat(router.serves(requests.get(r))).isEqualTo(requests.get(r).decodeTokens() > 0);
      node[r] = router.route(RouterRequest.of(requests.get(r)));
      router.finished(requests.get(r).tokens());
    }
    assertThat(worstShare(requests, node, 4, RequestTrace::decodeTokens)).isLessThan(0.05);
  }

  /** How far a node is from its share of any 1,000 consecutive requests. */
  private static double worstShare(
      List<RequestTrace> requests, int[] node, int nodes, ToIntFunction<RequestTrace> rows) {
    double[] tokens = new double[nodes];
    double sum = 0;
    double worst = 0;
    for (int r = 0; r < node.length; r++) {
      tokens[node[r]] += rows.applyAsInt(requests.get(r));
      sum += rows.applyAsInt(requests.get(r));
      if (r >= 1000) {
        tokens[node[r - 1000]] -= rows.applyAsInt(requests.get(r - 1000));
        sum -= rows.applyAsInt(requests.get(r - 1000));
      }
      for (int n = 0; n < nodes && r >= 999; n++) {
        worst = Math.max(worst, Math.abs(tokens[n] * nodes / sum - 1));
      }
    }
    return worst;
  }

  @Property(tries = 20)
  void looksAtPrefillRowsAlone(@ForAll @IntRange(min = 0, max = 200) int index) {
    RequestTrace request = SampleTokens.day(5).get(index);
    int prefill = request.prefillTokens() * request.topK();
    short[][] cut = new short[6][];
    for (int l = 0; l < 6; l++) {
      cut[l] = Arrays.copyOf(request.experts()[l], prefill);
    }
    int[][] masks = new int[6][];
    SlotLayout layout = SlotLayout.of(4, 8, 160);
    for (int l = 0; l < 6; l++) {
      masks[l] = RouteCost.nodesOf(layout, anyMap(layout, new Random(l)), EXPERTS);
    }
    assertThat(
            router(4, masks, "both")
                .route(
                    new RouterRequest(
                        "", new int[0], request.prefillTokens(), cut, request.topK())))
        .isEqualTo(router(4, masks, "both").route(RouterRequest.of(request)));
  }

  @Test
  void aRequestIsNearerToItsOwnSignatureThanToAnother() {
    LayerRequests requests = requests(SampleTokens.day(4).subList(0, 200), 2);
    double[] information = requests.information();
    double[][] centres = new double[2][EXPERTS];
    requests.signature(3, information, centres[0]);
    requests.signature(120, information, centres[1]);
    int[] cost = new int[2 * requests.requests()];
    requests.addDistances(information, centres, cost);
    assertThat(cost[2 * 3]).isZero();
    assertThat(cost[2 * 3 + 1]).isPositive();
    assertThat(cost[2 * 120 + 1]).isZero();
  }

  @Test
  void theTokensOfADecodePoolComeAfterThePrompts() {
    List<RequestTrace> traces = SampleTokens.day(4).subList(0, 20);
    byte[] nodes = new byte[20];
    for (int r = 0; r < nodes.length; r++) {
      nodes[r] = (byte) (r % 4);
    }
    LayerTokens tokens = requests(traces, 1).decodeTokens(nodes);
    int row = 0;
    for (int r = 0; r < nodes.length; r++) {
      RequestTrace trace = traces.get(r);
      short[] rows = trace.experts()[1];
      assertThat(Arrays.copyOfRange(tokens.ids(), row * 8, (row + trace.decodeTokens()) * 8))
          .isEqualTo(Arrays.copyOfRange(rows, trace.prefillTokens() * 8, trace.tokens() * 8));
      for (int i = 0; i < trace.decodeTokens(); i++) {
        assertThat(tokens.sourceNode()[row++]).isEqualTo(nodes[r]);
      }
    }
    assertThat(tokens.tokens()).isEqualTo(row);
  }

  /** Some engines record decode rows alone. A label's cost is then learned from these. */
  @Test
  void learnsFromDecodeRowsIfThereAreNoPrompts() {
    List<RequestTrace> traces = SampleTokens.day(4).subList(0, 20);
    LayerRequests whole = requests(traces, 1);
    LayerRequests decoded =
        new LayerRequests(EXPERTS, 8, whole.start(), new int[20], whole.ids(), whole.localGpu());
    SlotLayout layout = SlotLayout.of(4, 8, 128);
    int[] masks = RouteCost.nodesOf(layout, anyMap(layout, new Random(1)), EXPERTS);
    RouteCost cost = new RouteCost(4, masks, CopyRule.NEAREST, Transport.PER_EXPERT);
    int[] ofRequests = new int[4 * 20];
    decoded.addCosts(cost, 4, ofRequests);
    int rows = whole.start()[20];
    CostsByKey learned = CostsByKey.of(decoded, cost, new int[rows], 1, 4);
    assertThat(learned.rows()).containsExactly(rows);
    for (int n = 0; n < 4; n++) {
      long sum = 0;
      for (int r = 0; r < 20; r++) {
        sum += ofRequests[r * 4 + n];
      }
      assertThat(learned.sum()[n]).isEqualTo(sum).isPositive();
    }
  }

  private static LayerRequests requests(List<RequestTrace> traces, int layer) {
    int[] start = new int[traces.size() + 1];
    int[] prefill = new int[traces.size()];
    for (int r = 0; r < prefill.length; r++) {
      start[r + 1] = start[r] + traces.get(r).tokens();
      prefill[r] = traces.get(r).prefillTokens();
    }
    short[] ids = new short[start[prefill.length] * 8];
    for (int r = 0; r < prefill.length; r++) {
      short[] rows = traces.get(r).experts()[layer];
      System.arraycopy(rows, 0, ids, start[r] * 8, rows.length);
    }
    return new LayerRequests(EXPERTS, 8, start, prefill, ids, new byte[prefill.length]);
  }
}
