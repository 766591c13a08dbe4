package io.sextant.jobs.precision;

import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.numerics.probe.SiteTensors;
import io.sextant.numerics.probe.WeightModel;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** Models of the weights of the sites whose tensors are given: one task per site. */
final class WeightModels {
  private static final String LINE = "%-24s %9s %15s %15s%n";

  private WeightModels() {}

  /** The models by site; empty without tensors. Files of statistics are left out. */
  static List<WeightModel> of(JavaSparkContext context, List<InputFile> files) {
    List<WeightModel> models =
        new ArrayList<>(
            context
                .parallelize(files, files.size())
                .flatMap(file -> tensors(file).iterator())
                .mapToPair(site -> new Tuple2<>(site.site(), site))
                .groupByKey()
                .values()
                .map(WeightModels::model)
                .collect());
    models.sort(Comparator.comparing(WeightModel::site, SiteOrder.NUMBERS_AS_NUMBERS));
    return models;
  }

  private static WeightModel model(Iterable<SiteTensors> ofSite) {
    List<SiteTensors> tensors = new ArrayList<>();
    ofSite.forEach(tensors::add);
    return WeightModel.of(tensors);
  }

  private static List<SiteTensors> tensors(InputFile input) throws IOException {
    TraceFile file = new StoredFile(input.path());
    return TraceFiles.inspect(file).head()[0] == '{' ? List.of() : SiteTensors.read(file);
  }

  /** The table that probe prints; empty without tensors. */
  static String text(List<WeightModel> models) {
    if (models.isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder("weights as a matrix normal distribution: predicted error by row\n");
    text.append(LINE.formatted("site", "tensors", "sample moments", "matrix normal"));
    for (WeightModel model : models) {
      text.append(
          model.reason() == null
              ? LINE.formatted(
                  model.site(),
                  model.samples(),
                  error(model.bySample()),
                  error(model.byMatrixNormal()))
              : "%-24s %9d  not available: %s%n"
                  .formatted(model.site(), model.samples(), model.reason()));
    }
    return text.toString();
  }

  private static String error(double value) {
    return String.format(Locale.ROOT, "%.5f", value);
  }
}
