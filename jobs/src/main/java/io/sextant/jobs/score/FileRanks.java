package io.sextant.jobs.score;

import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.jobs.stretch.FileStretches;
import io.sextant.jobs.stretch.RankFiles;
import io.sextant.jobs.stretch.WholeFile;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Reads from trace files how many data-parallel ranks served them. */
final class FileRanks {
  private FileRanks() {}

  /**
   * The highest rank of the files plus one.
   *
   * @throws InvalidInputException if a file is damaged; the message names it
   */
  static int count(
      SparkSession spark, List<InputFile> files, FormatChoice format, ModelSpec model) {
    List<List<RankFiles>> groups = FileStretches.groups(files);
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(groups, groups.size())
        .map(group -> count(group, format, model))
        .reduce(Math::max);
  }

  private static int count(List<RankFiles> group, FormatChoice format, ModelSpec model)
      throws IOException {
    Highest highest = new Highest();
    for (String path : group.stream().flatMap(files -> files.paths().stream()).toList()) {
      WholeFile.read(new StoredFile(path), format, model, highest);
    }
    return highest.rank + 1;
  }

  /** Faults are reported when the files are scored. */
  private static final class Highest implements TraceSink {
    private int rank;

    @Override
    public void accept(RequestTrace request) {
      rank = Math.max(rank, request.sourceRank());
    }

    @Override
    public void counts(LoadCounts counts) {
      // Counts have no source.
    }

    @Override
    public void reject(long row, String reason) {
      // Reported when the file is scored.
    }
  }
}
