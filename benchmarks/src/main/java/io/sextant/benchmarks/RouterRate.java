package io.sextant.benchmarks;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.grouping.RequestRouter;
import io.sextant.placement.grouping.RouterRequest;
import io.sextant.schema.router.Router;
import io.sextant.schema.spec.RouterKnowledge;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to choose the node of a request, by what the router knows of it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class RouterRate {
  /** The groups.json of solve --group, with the files beside it. */
  @Param("plan/groups.json")
  public String groups;

  /** A pack with token ids. */
  @Param("trace-schema/src/test/resources/packs/day08-tokens.safetensors.zst")
  public String pack;

  @Param({"label", "prompt-tokens", "prefill"})
  public String knows;

  private RequestRouter router;
  private List<RouterRequest> requests;
  private int[] tokens;

  @Setup
  public void read() {
    router = RequestRouter.of(Router.read(Path.of(groups)), RouterKnowledge.named(knows));
    var traces = SampleTokens.read(Path.of(pack));
    requests = traces.stream().map(RouterRequest::of).toList();
    tokens = traces.stream().mapToInt(request -> request.tokens()).toArray();
  }

  /** {@link CpuProfiler} counts requests. */
  @Benchmark
  public int route() {
    long begun = CpuClock.ofThread();
    int node = 0;
    for (int i = 0; i < requests.size(); i++) {
      node += router.route(requests.get(i));
      router.finished(tokens[i]);
    }
    CpuProfiler.called(CpuClock.ofThread() - begun, requests.size());
    return node;
  }
}
