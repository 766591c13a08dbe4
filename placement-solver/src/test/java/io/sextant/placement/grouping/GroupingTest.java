package io.sextant.placement.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.evaluate.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.trace.RequestTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
    RouteCost cost = new RouteCost(4, RouteCost.nodesOf(layout, map, EXPERTS), CopyRule.IDEAL);
    for (RequestTrace request : SampleTokens.day(4).subList(0, 40)) {
      short[] ids = request.experts()[1];
      int[] nodes = new int[4];
      cost.add(ids, request.topK(), 0, request.tokens(), nodes, 0);
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
    RequestRouter router = router(nodes, masks);
    int[] node = new int[requests.size()];
    long routed = 0;
    long served = 0;
    for (int r = 0; r < node.length; r++) {
      RequestTrace request = requests.get(r);
      node[r] = router.route(RouterRequest.of(request));
      router.finished(request.tokens());
      int[] cost = new int[nodes];
      for (int l = 0; l < 6; l++) {
        new RouteCost(nodes, masks[l], CopyRule.IDEAL)
            .add(request.experts()[l], request.topK(), 0, request.prefillTokens(), cost, 0);
      }
      routed += cost[node[r]];
      served += cost[request.sourceRank() * nodes / 8];
    }
    assertThat(routed).isLessThan(served);
    assertThat(worstShare(requests, node, nodes)).isLessThan(0.05);
  }

  private static RequestRouter router(int nodes, int[][] masks) {
    return new RequestRouter(new PrefillCost(nodes, masks, CopyRule.IDEAL), new double[nodes]);
  }

  /** How far a node is from its share of any 1,000 consecutive requests. */
  private static double worstShare(List<RequestTrace> requests, int[] node, int nodes) {
    double[] tokens = new double[nodes];
    double sum = 0;
    double worst = 0;
    for (int r = 0; r < node.length; r++) {
      tokens[node[r]] += requests.get(r).tokens();
      sum += requests.get(r).tokens();
      if (r >= 1000) {
        tokens[node[r - 1000]] -= requests.get(r - 1000).tokens();
        sum -= requests.get(r - 1000).tokens();
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
            router(4, masks)
                .route(
                    new RouterRequest(
                        "", new int[0], request.prefillTokens(), cut, request.topK())))
        .isEqualTo(router(4, masks).route(RouterRequest.of(request)));
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
