package io.sextant.jobs.ingest;

import io.sextant.jobs.table.TableFile;
import io.sextant.schema.table.TableDefinition;
import java.io.Closeable;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** Writes a table's rows to one Parquet file per day below its staged folder. */
final class DayFiles implements Closeable {
  /** Each open file buffers a row group; traces are in order of arrival, so few files are open. */
  private static final int MOST_OPEN_DAYS = 4;

  private final Path folder;
  private final String name;
  private final TableDefinition<?> table;
  private final Map<Long, TableFile> open = new LinkedHashMap<>(16, 0.75f, true);
  private final List<String> created = new ArrayList<>();

  /**
   * @param staging folder of the staged tables
   * @param name name of the files, which no other task attempt uses
   */
  DayFiles(String staging, TableDefinition<?> table, String model, String name) {
    this.folder = new Path(staging, table.name() + "/model=" + model);
    this.name = name;
    this.table = table;
  }

  /** The file of the day that {@link ClockCheck#day} gives. */
  TableFile of(long arrivalMillis) throws IOException {
    long day = ClockCheck.day(arrivalMillis).toEpochDay();
    TableFile file = open.get(day);
    if (file == null) {
      if (open.size() == MOST_OPEN_DAYS) {
        Iterator<TableFile> oldest = open.values().iterator();
        oldest.next().close();
        oldest.remove();
      }
      file = create(LocalDate.ofEpochDay(day));
      open.put(day, file);
    }
    return file;
  }

  private TableFile create(LocalDate day) throws IOException {
    Path file =
        new Path(folder, "day=%s/part-%s-%03d.parquet".formatted(day, name, created.size()));
    created.add(file.toString());
    return new TableFile(file, table);
  }

  /** Paths of the Parquet files; complete once this is closed. */
  List<String> created() {
    return created;
  }

  @Override
  public void close() throws IOException {
    for (TableFile file : open.values()) {
      file.close();
    }
    open.clear();
  }
}
