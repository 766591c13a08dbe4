import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Prints a digest of the values of each Parquet table of some warehouses, for bin/golden-test and others: number of rows, a sum of
 * 64-bit hashes of the rows that does not depend on their order, a hash of names and types of the columns, and the table's
 * folder. Run ids and times are left out; ROOT and each warehouse's PARENT in texts are replaced by a word.
 *
 *   bench/table-digests ROOT PARENT WAREHOUSE...
 */
final class TableDigests {
  private static final Set<String> VARYING = Set.of("run_id", "started_ms", "seconds");

  public static void main(String[] args) throws IOException {
    List<String> paths = List.of(args[1], args[0]);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.sql.sources.partitionColumnTypeInference.enabled", false)
            .getOrCreate()) {
      for (String warehouse : Arrays.asList(args).subList(2, args.length)) {
        File[] folders = new File(args[1], warehouse).listFiles(File::isDirectory);
        if (folders == null) {
          throw new IllegalArgumentException("Cannot list " + warehouse);
        }
        Arrays.sort(folders);
        for (File folder : folders) {
          if (!folder.getName().startsWith(".") && !folder.getName().startsWith("_") && holdsParquet(folder)) {
            System.out.printf("table %s %s/%s%n", digest(spark.read().parquet(folder.getPath()), paths), warehouse, folder.getName());
          }
        }
      }
    }
  }

  private static boolean holdsParquet(File folder) {
    File[] files = folder.listFiles();
    return files != null
        && Arrays.stream(files).anyMatch(f -> f.isDirectory() ? holdsParquet(f) : f.getName().endsWith(".parquet"));
  }

  private static String digest(Dataset<Row> table, List<String> paths) {
    List<Column> values = new ArrayList<>();
    StringBuilder schema = new StringBuilder();
    for (StructField field : table.schema().fields()) {
      schema.append(field.name()).append(' ').append(field.dataType().catalogString()).append(',');
      if (VARYING.contains(field.name())) {
        continue;
      }
      Column value = col(field.name());
      if (field.dataType().equals(DataTypes.StringType)) {
        for (String path : paths) {
          value = regexp_replace(value, Pattern.quote(path), "PATH");
        }
      }
      // A null leaves xxhash64 as it was; with the flag it counts.
      values.add(value);
      values.add(value.isNull());
    }
    Row digest =
        table
            .select(xxhash64(values.toArray(Column[]::new)).cast("decimal(38,0)").as("row"))
            .selectExpr("count(*)", "sum(row)")
            .first();
    BigDecimal sum = digest.isNullAt(1) ? BigDecimal.ZERO : digest.getDecimal(1);
    return "%d rows %s %08x".formatted(digest.getLong(0), sum.toPlainString(), schema.toString().hashCode());
  }
}
