package io.sextant.schema.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.InvalidInputException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineVersionTest {
  @Test
  void releasesAreOrderedAsPackagesAre() {
    List<EngineVersion> ordered =
        Stream.of(
                "0.9",
                "0.11.0.dev3",
                "0.11.0rc1",
                "0.11.0rc2",
                "v0.11.0",
                "0.11.0.post1",
                "0.11.1",
                "0.25.1",
                "1.2.0rc1",
                "1.2")
            .map(text -> EngineVersion.parse("--engine-version", text))
            .toList();
    assertThat(ordered).isSorted();
    assertThat(ordered.get(8)).isLessThan(ordered.get(9));
    assertThat(EngineVersion.parse("v", "0.11.0+cu128"))
        .isEqualByComparingTo(EngineVersion.parse("v", "0.11"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"main", "latest", "nightly-2026", "", "1..2", "0.5.x", "2d0b7f1"})
  void whatCannotBeComparedIsNamed(String text) {
    assertThat(
            catchThrowableOfType(
                    InvalidInputException.class,
                    () -> EngineVersion.parse("--engine-version", text))
                .getMessage())
        .isEqualTo(
            "--engine-version "
                + text
                + ": it cannot be compared with other versions. Give the number of a release, such"
                + " as 0.11.0 or 1.2.0rc1, or leave it out");
  }
}
