package io.sextant.jobs.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.RequestKey;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.format.FormatChoice;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of the linear map on the first requests of a sample day, compared with a plain count. */
class EvaluateJobTest {
  private static final int REQUESTS = 60;
  private static final PlanTarget TARGET = SampleWarehouse.target(128, Pool.BOTH);
  private static final Plan LINEAR = Plan.of(Plan.LINEAR, TARGET.linear());

  @TempDir private static Path folder;
  private static SampleWarehouse warehouse;

  @BeforeAll
  static void ingest() throws Exception {
    warehouse = SampleWarehouse.of(folder, REQUESTS);
  }

  private static PlanScores onWarehouse(RequestRoutes routes, Plan... plans) {
    return new EvaluateJob(warehouse.spark(), TARGET, routes)
        .onWarehouse(day(SampleWarehouse.SCORED_DAY), List.of(plans));
  }

  private static TraceWindow day(String day) {
    return warehouse.day(day, Pool.BOTH);
  }

  /**
   * A token goes once to each other node that has one of its experts. Tokens of the incomplete last
   * micro-batch are left out.
   */
  @Test
  void countsRemoteNodesAsAPlainCountDoes() throws Exception {
    int perNode = 128 / TARGET.layout().nodes();
    List<RequestTrace> requests = SampleWarehouse.requests("day08", REQUESTS);
    int batch = TARGET.profile().prefillTokens();
    int complete = requests.stream().mapToInt(RequestTrace::tokens).sum() / batch * batch;
    long remote = 0;
    long tokens = 0;
    int before = 0;
    for (RequestTrace request : requests) {
      int source = TARGET.sources().nodeOf(request.sourceRank(), request.requestId());
      for (short[] ids : request.experts()) {
        for (int token = 0;
            token < ids.length && before + token / request.topK() < complete;
            token += request.topK()) {
          int nodes = 0;
          for (int i = token; i < token + request.topK(); i++) {
            nodes |= 1 << (ids[i] / perNode);
          }
          remote += Integer.bitCount(nodes & ~(1 << source));
          tokens++;
        }
      }
      before += request.tokens();
    }
    PlacementMetrics metrics = onWarehouse(new RequestRoutes(), LINEAR).metrics(Plan.LINEAR);
    assertThat(metrics.tokens()).isEqualTo(tokens);
    assertThat(metrics.remoteNodesPerToken()).isEqualTo((double) remote / tokens, within(1e-12));
  }

  /** The file of a day and the day's rows are the same tokens in the same order. */
  @Test
  void scoresAFileAsItsDayInTheWarehouse() {
    List<InputFile> file =
        InputFile.list(List.of(folder.resolve("day08.safetensors.zst").toString()));
    PlanScores ofFile =
        new EvaluateJob(warehouse.spark(), TARGET, new RequestRoutes())
            .onFiles(file, FormatChoice.DETECTED, List.of(LINEAR));
    PlanScores ofDay = onWarehouse(new RequestRoutes(), LINEAR);
    assertThat(ofFile.metrics(Plan.LINEAR)).isEqualTo(ofDay.metrics(Plan.LINEAR));
    assertThat(ofFile.metrics(Plan.LINEAR).microBatches()).isGreaterThan(24);
  }

  @Test
  void onlyRoutedPlansRunWhereTheRouterSentThem() throws Exception {
    RequestRoutes toNodeTwo = new RequestRoutes();
    for (RequestTrace request : SampleWarehouse.requests("day08", REQUESTS)) {
      toNodeTwo.add(RequestKey.of("day08.safetensors.zst", request), 2);
    }
    Plan routed = new Plan("routed", LINEAR.slots()).withRoutes();
    PlanScores scores = onWarehouse(toNodeTwo, LINEAR, routed);
    assertThat(scores.metrics(Plan.LINEAR))
        .isEqualTo(onWarehouse(new RequestRoutes(), LINEAR).metrics(Plan.LINEAR));
    long[] sent = scores.sentTokens("routed", 0);
    int nodes = TARGET.layout().nodes();
    for (int link = 0; link < sent.length; link++) {
      if (link / nodes != 2) {
        assertThat(sent[link]).isZero();
      }
    }
    assertThat(scores.sentTokens(Plan.LINEAR, 0)[1]).isPositive();
  }

  /** A request of another day or file with the same id has no route of its own here. */
  @Test
  void aRouteIsOfOneRequestAlone() throws Exception {
    RequestRoutes others = new RequestRoutes();
    for (RequestTrace request : SampleWarehouse.requests("day08", REQUESTS)) {
      RequestKey key = RequestKey.of("day08.safetensors.zst", request);
      others.add(new RequestKey("day07", key.requestId(), key.arrivalMillis()), 2);
      others.add(new RequestKey(key.source(), key.requestId(), key.arrivalMillis() - 1), 3);
    }
    Plan routed = new Plan("routed", LINEAR.slots()).withRoutes();
    assertThat(onWarehouse(others, routed).metrics("routed"))
        .isEqualTo(onWarehouse(new RequestRoutes(), LINEAR).metrics(Plan.LINEAR));
    assertThat(others.duplicates()).isZero();
    others.add(new RequestKey("day07", 0, 1), 2);
    others.add(new RequestKey("day07", 0, 1), 3);
    assertThat(others.duplicates()).isEqualTo(1);
    assertThat(others.node(new RequestKey("day07", 0, 1))).isEqualTo(2);
  }

  @Test
  void saysThatADayHasNoTraces() {
    assertThatThrownBy(
            () ->
                new EvaluateJob(warehouse.spark(), TARGET, new RequestRoutes())
                    .onWarehouse(day("2031-01-01"), List.of(LINEAR)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("from 2031-01-01 to 2031-01-01: the warehouse has none");
  }
}
