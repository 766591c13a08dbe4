package io.sextant.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.engine.SglangModels;
import io.sextant.schema.placement.EngineFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/export.md agrees with the exporter. */
class EngineDocsTest {
  private final String page = Files.readString(Path.of("../docs/export.md"));

  EngineDocsTest() throws IOException {}

  @Test
  void everyModelClassOfSglangIsInTheTable() {
    for (SglangModels.ModelClass model : SglangModels.all()) {
      String rows =
          switch (model.rows()) {
            case HIDDEN_LAYERS -> "every hidden layer";
            case MOE_LAYERS -> "each MoE layer";
            case NONE -> "no expert locations";
          };
      assertThat(page)
          .contains("| `%s` | %s | `%s` at".formatted(model.modelClass(), rows, model.source()))
          .contains("/%s/python/sglang/srt/models/%s)".formatted(model.commit(), model.source()));
    }
  }

  @Test
  void everyEngineAndItsFileNameIsInTheTable() {
    for (EngineFormat format : EngineFormat.values()) {
      assertThat(page).contains("| `" + format.id()).contains("| `" + format.fileName() + "` |");
    }
  }
}
