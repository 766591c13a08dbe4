package io.sextant.schema.trace.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.trace.EngineDump;
import io.sextant.schema.trace.Recordings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file whose field has a list or an object instead of a number or text is read or rejected. */
class NestedValuesTest {
  private static final Pattern FIELD =
      Pattern.compile("(\"\\w+\"\\s*:\\s*)(\"[^\"]{0,200}\"|-?\\d[\\d.eE+-]*|true|false|null)");

  private static final List<String> INSTEAD = List.of("[]", "[1]", "[[\"a\"]]", "{}", "{\"a\":1}");

  static Stream<EngineDump> json() {
    return Stream.of(EngineDump.values())
        .filter(dump -> dump.path.endsWith(".json") || dump.path.endsWith(".jsonl"));
  }

  @ParameterizedTest
  @MethodSource("json")
  void fieldsOfTheFirstLineMayHoldAnything(EngineDump dump) throws IOException {
    tryEachField(dump.path, dump.bytes());
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void fieldsOfRecordingsMayHoldAnything(String path) throws IOException {
    tryEachField(path, Recordings.bytes(path));
  }

  static Stream<String> recordings() {
    return Recordings.ALL.stream().filter(path -> path.endsWith(".jsonl"));
  }

  private static void tryEachField(String path, byte[] sound) throws IOException {
    String text = new String(sound, StandardCharsets.UTF_8);
    String first = text.lines().findFirst().orElseThrow();
    String rest = text.substring(first.length());
    List<MatchResult> fields = FIELD.matcher(first).results().toList();
    assertThat(fields).isNotEmpty();
    for (MatchResult field : fields) {
      for (String instead : INSTEAD) {
        String line =
            first.substring(0, field.start())
                + field.group(1)
                + instead
                + first.substring(field.end());
        byte[] bytes = (line + rest).getBytes(StandardCharsets.UTF_8);
        String outcome =
            MutatedFiles.read(new MutatedFiles.Mutation(path, bytes, false, field.group()));
        assertThat(outcome).as(line).isNotEmpty().doesNotContain("\n");
      }
    }
  }
}
