package io.sextant.jobs.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.day.DayRange;
import io.sextant.jobs.day.TracedDays;
import io.sextant.jobs.mix.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracedDaysTest {
  @TempDir private Path warehouse;

  @BeforeEach
  void makeFolders() throws IOException {
    Path model = warehouse.resolve("traces/model=m");
    Files.createDirectories(model.resolve("day=2026-09-09"));
    for (String day : List.of("2026-09-08", "2026-09-06")) {
      Files.createDirectories(model.resolve("day=" + day));
      Files.writeString(model.resolve("day=" + day + "/part-0.parquet"), "rows");
      Files.writeString(model.resolve("day=" + day + "/part-1.parquet"), "rows");
    }
  }

  @Test
  void aFolderWithoutFilesIsNoDay() {
    assertThat(TracedDays.of(warehouse.toString(), "m", null, null))
        .containsExactly("2026-09-06", "2026-09-08");
    assertThat(TracedDays.of(warehouse.toString(), "other", null, null)).isEmpty();
  }

  @Test
  void aWindowHasTheDaysBetweenItsFirstAndItsLast() {
    assertThat(window("2026-09-06", null).hasTraces()).isTrue();
    assertThat(window(null, "2026-09-06").hasTraces()).isTrue();
    assertThat(window("2026-09-07", "2026-09-07").hasTraces()).isFalse();
    assertThat(window("2026-09-09", null).hasTraces()).isFalse();
    assertThat(window(null, null).days(null)).isEqualTo(new DayRange("2026-09-06", "2026-09-08"));
    assertThat(window("2026-09-07", null).days(null))
        .isEqualTo(new DayRange("2026-09-08", "2026-09-08"));
  }

  private TraceWindow window(String from, String to) {
    return new TraceWindow(warehouse.toString(), "m", from, to, Pool.BOTH, Traffic.RECORDED);
  }
}
