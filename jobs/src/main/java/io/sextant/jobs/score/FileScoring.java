package io.sextant.jobs.score;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.jobs.window.UnknownRankException;
import io.sextant.schema.trace.format.FormatChoice;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Scores plans on trace files, with the source of each request as the files name it.
 *
 * @param routes the nodes of requests, for routed plans
 */
public record FileScoring(
    SparkSession spark,
    PlanTarget target,
    RequestRoutes routes,
    List<InputFile> files,
    FormatChoice format,
    Progress progress) {

  /**
   * The scores, and the job that computed them.
   *
   * @param job the job, with the sources of the files
   */
  public record Scored(EvaluateJob job, PlanScores scores) {}

  /**
   * Scores plans. The files are read once more for their ranks only if the cluster's description
   * does not list a node for every rank, because reading takes about as long as scoring.
   *
   * @throws io.sextant.schema.InvalidInputException if a file is damaged, or the cluster's
   *     description does not say where the ranks run
   */
  public Scored score(List<Plan> plans) {
    if (target.sources().rule() == SourceNodes.Rule.LISTED) {
      try {
        return score(target, plans);
      } catch (RuntimeException e) {
        if (!UnknownRankException.causes(e)) {
          throw e;
        }
      }
    }
    return score(target.withRanks(FileRanks.count(spark, files, format, target.model())), plans);
  }

  private Scored score(PlanTarget known, List<Plan> plans) {
    progress.say("%s", known.sources().text());
    EvaluateJob job = new EvaluateJob(spark, known, routes).withLeastLoad();
    return new Scored(job, job.onFiles(files, format, plans));
  }
}
