package io.sextant.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Names as in https://openlineage.io/docs/spec/naming. */
class DatasetNameTest {
  @Test
  void localPathsAreAbsolute() {
    assertThat(DatasetName.of("/a/b/")).isEqualTo(new DatasetName("file", "/a/b"));
    assertThat(DatasetName.of("file:///a/b")).isEqualTo(new DatasetName("file", "/a/b"));
    assertThat(DatasetName.of("a b").name()).isEqualTo(Path.of("a b").toAbsolutePath().toString());
    assertThat(DatasetName.of("/a").child("traces"))
        .isEqualTo(new DatasetName("file", "/a/traces"));
  }

  @Test
  void objectsHaveTheirBucketAsNamespace() {
    assertThat(DatasetName.of("s3a://bucket/wh/x/"))
        .isEqualTo(new DatasetName("s3://bucket", "wh/x"));
    assertThat(DatasetName.of("gs://bucket/wh")).isEqualTo(new DatasetName("gs://bucket", "wh"));
    assertThat(DatasetName.of("s3a://bucket").child("traces"))
        .isEqualTo(new DatasetName("s3://bucket", "traces"));
  }

  @Test
  void hdfsKeepsItsPath() {
    assertThat(DatasetName.of("hdfs://node:8020/wh"))
        .isEqualTo(new DatasetName("hdfs://node:8020", "/wh"));
  }
}
