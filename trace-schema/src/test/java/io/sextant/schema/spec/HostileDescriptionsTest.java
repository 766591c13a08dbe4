package io.sextant.schema.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMaps;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptions and maps from outside that are made to use up memory, stack or time. */
class HostileDescriptionsTest {
  private static final int DEEP = 1_000_000;

  static Stream<String> descriptions() {
    return Stream.of(
        // Each alias stands for ten of the former.
        """
        a: &a [x,x,x,x,x,x,x,x,x,x]
        b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]
        name: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]
        """,
        "name: " + "[".repeat(DEEP),
        "name: " + "{a: ".repeat(DEEP),
        "name: \"" + "x".repeat(20 << 20) + "\"\n",
        "name: \"" + "x".repeat(260_000) + "\"\n",
        "name: !!java.net.URL [\"http://127.0.0.1:9\"]\n",
        "name: !!javax.script.ScriptEngineManager []\n",
        "- ".repeat(DEEP),
        "name: m\nlayers: 1e999999999\n",
        "? ".repeat(DEEP));
  }

  @ParameterizedTest
  @MethodSource("descriptions")
  @Timeout(value = 4, unit = TimeUnit.SECONDS)
  void aHostileDescriptionIsRefusedInOneLine(String yaml) {
    assertThatThrownBy(() -> ModelSpecs.parse("model.yaml", yaml))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("model.yaml")
        .hasMessageNotContaining("\n");
  }

  static Stream<String> maps() {
    return Stream.of(
        "[".repeat(DEEP),
        "{\"layers\":".repeat(DEEP),
        "{\"layers\": " + "9".repeat(DEEP) + "}",
        "{\"layers\": 1e999999999, \"experts\": 1}",
        "{\"layers\": \"" + "x".repeat(30 << 20) + "\", \"experts\": 2}");
  }

  @ParameterizedTest
  @MethodSource("maps")
  @Timeout(value = 4, unit = TimeUnit.SECONDS)
  void aHostileMapIsRefusedInOneLine(String json) {
    assertThatThrownBy(
            () ->
                PlacementMaps.read(
                    "map.json",
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                    ModelSpecs.load("sextant-128x8")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("map.json")
        .hasMessageNotContaining("\n")
        .satisfies(thrown -> assertThat(thrown.getMessage().length()).isLessThan(500));
  }

  /** The name becomes the name of a folder. */
  @Property(tries = 500)
  void aNameIsOneStepOfAPath(@ForAll String name) {
    try {
      ModelSpecs.requireName("--model", name);
      assertThat(name).matches("[A-Za-z0-9][A-Za-z0-9._-]*").hasSizeLessThan(101);
    } catch (InvalidInputException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
    }
  }
}
