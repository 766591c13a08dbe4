package io.sextant.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "trace-2026-09-14T02:31:00.safetensors",
        "2026-09-14T02:31:00Z/trace",
        "s3a:b",
        "a[1-3]{x,y}/b*?",
        "100%25/a%20b%",
        "job#7,eu;west/q&a=1+2",
        "a\\b/it's \"x\"",
        "a\nb",
        "-rf",
        "@dumps",
        "~",
        "été-日本"
      })
  void keepsEveryCharacterOfALocalName(String name) {
    assertThat(LocalPath.of(name, true)).contains(Path.of(name).toAbsolutePath());
    String withScheme = LocalPath.withScheme(Path.of("/d", name));
    assertThat(LocalPath.of(withScheme, false)).contains(Path.of("/d", name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a://b/a", "s3a://b", "hdfs:/x", "hdfs://n:8020/x", "gs://b/a:b"})
  void leavesOtherStorageToHadoop(String name) {
    assertThat(LocalPath.of(name, true)).isEmpty();
  }

  @Test
  void aNameWithoutASchemeIsOfTheDefaultStorage() {
    assertThat(LocalPath.of("dumps/a", false)).isEmpty();
    assertThat(LocalPath.of("file:/dumps/a", false)).contains(Path.of("/dumps/a"));
    assertThat(LocalPath.of("file:///dumps/a%20b", false)).contains(Path.of("/dumps/a%20b"));
  }

  @Test
  void refusesWhatNoFileIsCalled() {
    assertThatThrownBy(() -> LocalPath.of("", true))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("\"\": the path is empty. Name a file or folder");
    assertThatThrownBy(() -> LocalPath.of("a\0b", true))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("it cannot be the name of a file");
  }
}
