package io.sextant.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageSettingsTest {
  @TempDir private Path folder;

  private LineageSettings settings(Map<String, String> environment) {
    return new LineageSettings(environment, folder, folder.resolve("home"));
  }

  @Test
  void withoutSettingsNothingIsSent() throws IOException {
    assertThat(settings(Map.of()).transport()).isEmpty();
    assertThat(settings(Map.of("OPENLINEAGE_NAMESPACE", "n")).transport()).isEmpty();
    assertThat(settings(Map.of()).namespace()).isEqualTo("sextant");
    assertThat(settings(Map.of("OPENLINEAGE_NAMESPACE", "n")).namespace()).isEqualTo("n");
  }

  @Test
  void aUrlIsEnough() throws IOException {
    assertThat(settings(Map.of("OPENLINEAGE_URL", "http://127.0.0.1:5000")).transport())
        .contains(
            new HttpTransport(
                URI.create("http://127.0.0.1:5000/api/v1/lineage"),
                Map.of(),
                Duration.ofSeconds(5)));
    Map<String, String> more =
        Map.of(
            "OPENLINEAGE_URL",
            "https://lineage.example.com/",
            "OPENLINEAGE_ENDPOINT",
            "events",
            "OPENLINEAGE_API_KEY",
            "key");
    assertThat(settings(more).transport())
        .contains(
            new HttpTransport(
                URI.create("https://lineage.example.com/events"),
                Map.of("Authorization", "Bearer key"),
                Duration.ofSeconds(5)));
  }

  @Test
  void variablesWithTwoUnderscoresAreTheTreeOfTheFile() throws IOException {
    Map<String, String> environment =
        Map.of(
            "OPENLINEAGE__TRANSPORT__TYPE",
            "http",
            "OPENLINEAGE__TRANSPORT__URL",
            "http://127.0.0.1:1/own",
            "OPENLINEAGE__TRANSPORT__TIMEOUT_IN_MILLIS",
            "200");
    assertThat(settings(environment).transport())
        .contains(
            new HttpTransport(
                URI.create("http://127.0.0.1:1/own"), Map.of(), Duration.ofMillis(200)));
  }

  @Test
  void theFileInTheWorkingFolderComesBeforeTheOneAtHomeAndBeforeVariables() throws IOException {
    write(folder.resolve("home/.openlineage/openlineage.yml"), "file", "location: /home.jsonl");
    Map<String, String> url = Map.of("OPENLINEAGE_URL", "http://127.0.0.1:1");
    assertThat(settings(url).transport())
        .isEqualTo(Optional.of(new FileTransport(Path.of("/home.jsonl"))));
    write(folder.resolve("openlineage.yml"), "file", "location: /here.jsonl");
    assertThat(settings(url).transport())
        .isEqualTo(Optional.of(new FileTransport(Path.of("/here.jsonl"))));
    Path named = folder.resolve("named.yml");
    write(named, "file", "location: /named.jsonl");
    assertThat(settings(Map.of("OPENLINEAGE_CONFIG", named.toString())).transport())
        .isEqualTo(Optional.of(new FileTransport(Path.of("/named.jsonl"))));
  }

  @Test
  void itCanBeDisabled() throws IOException {
    write(folder.resolve("openlineage.yml"), "file", "location: /here.jsonl");
    assertThat(settings(Map.of("OPENLINEAGE_DISABLED", "true")).transport()).isEmpty();
  }

  @Test
  void wrongSettingsAreOneLine() throws IOException {
    Path file = folder.resolve("openlineage.yml");
    write(file, "kafka", "topicName: x");
    assertThatThrownBy(() -> settings(Map.of()).transport())
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(file + ": the transport \"kafka\" is not known. Give the type http or file");
    write(file, "file", "path: x");
    assertThatThrownBy(() -> settings(Map.of()).transport())
        .hasMessage(file + ": the transport has no location. Add transport.location");
    write(file, "http", "url: ftp://x");
    assertThatThrownBy(() -> settings(Map.of()).transport())
        .hasMessage(file + ": ftp://x is not the address of a server. Give http://HOST:PORT");
    Files.writeString(file, "transport: [");
    assertThat(LineageObserver.of(settings(Map.of()))).isEmpty();
  }

  private static void write(Path file, String type, String field) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "transport:\n  type: %s\n  %s\n".formatted(type, field));
  }
}
