package io.sextant.schema.trace.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.trace.PackBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptLengthsFileTest {
  @TempDir private Path folder;

  private Map<String, Integer> read(String text) throws Exception {
    return PromptLengthsFile.read(Files.writeString(folder.resolve("lengths"), text));
  }

  @Test
  void jsonLinesAndCsvAreRead() throws Exception {
    assertThat(
            read(
                """
                {"request_id": "a", "prompt_tokens": 3}
                {"id": 12, "usage": {"prompt_tokens": 4}}

                {"request": "c", "prompt_token_ids": [5, 6, 7, 8, 9], "prompt_len": 5}
                """))
        .isEqualTo(Map.of("a", 3, "12", 4, "c", 5));
    assertThat(read("time,ID,prompt_len\n1, \"a,b\" ,7\n2,c,0\n"))
        .isEqualTo(Map.of("a,b", 7, "c", 0));
    byte[] zstd = PackBytes.zstd("id,prompt_tokens\nx,1\n".getBytes(StandardCharsets.UTF_8));
    assertThat(PromptLengthsFile.read(Files.write(folder.resolve("a.zst"), zstd)))
        .isEqualTo(Map.of("x", 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"prompt_tokens\": 3}                         | line 1: it has no request id. Give JSON",
        "{\"id\": \"a\"}                                | line 1: it has no prompt length. Give",
        "{\"id\": \"a\", \"prompt_tokens\": -1}         | line 1: the prompt length '-1' of request a is no",
        "{\"id\": \"a\",                                | line 1: it is not JSON",
        "id,tokens                                      | the header 'id,tokens' has no column for the prompt",
        "prompt_len                                     | has no column for the request",
        "id,prompt_len;a                                | line 2: it has 1 columns, fewer than the header",
        "id,prompt_len;a,x                              | line 2: the prompt length 'x' of request a",
        "id,prompt_len;a,1;a,2                          | line 3: request a has prompt length 2 here and 1 above",
        "id,prompt_len                                  | it has no prompt lengths"
      })
  void aLineThatIsWrongIsNamed(String text, String reason) {
    assertThatThrownBy(() -> read(text.strip().replace(';', '\n')))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("lengths")
        .hasMessageContaining(reason);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> PromptLengthsFile.read(folder.resolve("none")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("there is no such file");
  }

  @Test
  void namesAreFoundAsTheyStandThenByTheirNumber() {
    Map<String, Integer> given = Map.of("req12", 1, "12", 2, "abc", 3, "chatcmpl-d", 4);
    assertThat(PromptLengths.of(given, List.of("req12"))).isEqualTo(1);
    assertThat(PromptLengths.of(given, List.of("batch12"))).isEqualTo(2);
    assertThat(PromptLengths.of(given, List.of("chatcmpl-abc"))).isEqualTo(3);
    assertThat(PromptLengths.of(given, List.of("d"))).isEqualTo(4);
    assertThat(PromptLengths.of(given, List.of("req12", "abc"))).isEqualTo(-1);
    assertThat(PromptLengths.of(given, List.of("e"))).isEqualTo(-1);
  }
}
