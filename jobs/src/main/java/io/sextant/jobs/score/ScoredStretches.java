package io.sextant.jobs.score;

import io.sextant.jobs.stretch.FileStretches;
import io.sextant.jobs.stretch.RankFiles;
import io.sextant.jobs.window.RequestKey;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Feeds the requests of stretches to evaluators, on the GPUs on which they run.
 *
 * @param start makes the evaluators of a stretch from the path of its first file
 * @param finish receives them at the end of the stretch
 */
record ScoredStretches(
    Scoring scoring,
    Function<String, List<LayerScore>> start,
    BiConsumer<String, List<LayerScore>> finish)
    implements FileStretches.Consumers<List<LayerScore>> {

  /**
   * Reads the files of a group.
   *
   * @throws io.sextant.schema.InvalidInputException if a file is damaged or only has counts
   */
  void read(List<RankFiles> group, FormatChoice format) throws IOException {
    new FileStretches<>(scoring.shape().model(), scoring.shape().microBatchTokens(), format, this)
        .read(group);
  }

  @Override
  public List<LayerScore> begin(String path) {
    return start.apply(path);
  }

  @Override
  public void add(List<LayerScore> scores, RequestKey key, RequestTrace request) {
    int served = scoring.servedGpu(request.sourceRank(), request.requestId());
    int routed = scoring.routedGpu(key, served);
    for (LayerScore score : scores) {
      int gpu = score.plan().routed() ? routed : served;
      short[] ids = request.experts()[score.layerIndex()];
      score
          .evaluator()
          .add(ids, request.topK(), request.prefillTokens(), request.decodeTokens(), gpu);
    }
  }

  @Override
  public void end(String path, List<LayerScore> scores) {
    finish.accept(path, scores);
  }
}
