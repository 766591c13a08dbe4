package io.sextant.schema.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.table.TableHistory.TableVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableHistoryTest {
  /** Fails if a table's columns change without a new version, so that upgrade knows of it. */
  @Test
  void theLastVersionOfEachTableHasTheColumnsThatAreWritten() {
    assertThat(Tables.all())
        .allSatisfy(
            table -> {
              List<TableVersion> versions = TableHistory.of(table.name());
              assertThat(versions)
                  .as("versions of %s in history.txt", table.name())
                  .isNotEmpty()
                  .extracting(TableVersion::number)
                  .isSorted()
                  .doesNotHaveDuplicates();
              assertThat(versions.get(versions.size() - 1).columns())
                  .as("add a version of %s to history.txt", table.name())
                  .isEqualTo(table.columns().stream().map(Column::name).toList());
            });
  }

  @Test
  void runsGotTheirDescriptionsInVersionTwo() {
    assertThat(TableHistory.current("runs")).isEqualTo(2);
    assertThat(TableHistory.of("runs").get(0).columns()).doesNotContain("descriptions");
    assertThat(TableHistory.current("no_such_table")).isEqualTo(1);
  }
}
