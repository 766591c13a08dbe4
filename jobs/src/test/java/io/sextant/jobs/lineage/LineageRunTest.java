package io.sextant.jobs.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.sextant.jobs.CommandRun;
import io.sextant.jobs.cli.CommandRunner;
import io.sextant.jobs.cli.StoppedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How commands end, and what happens if the events cannot be sent. */
@Isolated("sets the JVM's home folder")
class LineageRunTest {
  @TempDir private Path folder;

  /** A command line with a command that has the name of a real one and ends as it is told. */
  @Command(name = "top", subcommands = Ends.class)
  static final class Top {}

  @Command(name = "export")
  static final class Ends implements Callable<Integer> {
    @Option(names = "--code")
    private int code;

    @Option(names = "--busy")
    private boolean busy;

    @Override
    public Integer call() {
      if (busy) {
        throw new StoppedException(StoppedException.BUSY, "another run is using the warehouse");
      }
      return code;
    }
  }

  private static int run(LineageTransport transport, Map<String, String> env, String... words) {
    LineageSettings settings = new LineageSettings(env, Path.of("."), Path.of("."));
    return CommandRunner.run(
        new Top(), Optional.of(new LineageObserver(settings, transport)), words);
  }

  private List<JsonNode> events(String... words) throws IOException {
    Path file = folder.resolve("events.jsonl");
    Files.deleteIfExists(file);
    run(new FileTransport(file), Map.of(), words);
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> events = new CopyOnWriteArrayList<>();
    for (String line : Files.readAllLines(file)) {
      events.add(json.readTree(line));
    }
    return events;
  }

  private static String state(JsonNode event) {
    return event.path("eventType").asText();
  }

  @Test
  void tooLittleEvidenceIsAResultAndOtherExitCodesAreFailures() throws IOException {
    assertThat(state(events("export", "--code", "0").get(1))).isEqualTo("COMPLETE");
    JsonNode few = events("export", "--code", "5").get(1);
    assertThat(state(few)).isEqualTo("COMPLETE");
    assertThat(few.at("/run/facets/sextant_run/exit_code").asInt()).isEqualTo(5);
    JsonNode wrong = events("export", "--code", "2").get(1);
    assertThat(state(wrong)).isEqualTo("FAIL");
    assertThat(wrong.at("/run/facets/errorMessage/message").asText())
        .isEqualTo("sextant ended with exit code 2");
  }

  @Test
  void aRunThatAnotherOneKeepsOutIsAborted() throws IOException {
    JsonNode busy = events("export", "--busy").get(1);
    assertThat(state(busy)).isEqualTo("ABORT");
    assertThat(busy.at("/run/facets/errorMessage/message").asText())
        .isEqualTo("another run is using the warehouse");
  }

  @Test
  void aProcessThatIsEndedAbortsItsRunOnce() throws IOException {
    List<String> sent = new CopyOnWriteArrayList<>();
    LineageSettings settings = new LineageSettings(Map.of(), folder, folder);
    LineageObserver observer = new LineageObserver(settings, sent::add);
    CommandRunner.run(
        new Top(),
        Optional.of(
            command -> {
              LineageRun run = (LineageRun) observer.began(command);
              run.aborted();
              return run;
            }),
        "export");
    assertThat(sent).hasSize(2);
    assertThat(new ObjectMapper().readTree(sent.get(1)).path("eventType").asText())
        .isEqualTo("ABORT");
  }

  @Test
  void theSchedulersRunIsTheParent() throws IOException {
    List<String> sent = new CopyOnWriteArrayList<>();
    String run = "f99310b4-3c3c-1a1a-2b2b-c1b95c24ff11";
    run(sent::add, Map.of("OPENLINEAGE_PARENT_ID", "airflow/nightly.refresh/" + run), "export");
    assertThat(sent).hasSize(2);
    JsonNode parent = new ObjectMapper().readTree(sent.get(0)).at("/run/facets/parent");
    assertThat(parent.at("/run/runId").asText()).isEqualTo(run);
    assertThat(parent.at("/job/namespace").asText()).isEqualTo("airflow");
    assertThat(parent.at("/job/name").asText()).isEqualTo("nightly.refresh");
    assertThat(parent.at("/root/run/runId").asText()).isEqualTo(run);
  }

  @Test
  void eventsArePosted() throws IOException {
    List<String> got = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/lineage",
        exchange -> {
          got.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(201, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      LineageSettings settings =
          new LineageSettings(
              Map.of("OPENLINEAGE_URL", url, "OPENLINEAGE_API_KEY", "k"), folder, folder);
      assertThat(run(settings.transport().orElseThrow(), Map.of(), "export")).isZero();
    } finally {
      server.stop(0);
    }
    assertThat(got).hasSize(2);
    assertThat(got.get(0)).startsWith("POST Bearer k {\"eventTime\"").contains("\"START\"");
  }

  /** Neither a server that is down nor one that refuses changes what a command does. */
  @Test
  void aServerThatIsDownFailsNoCommand() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    int port = server.getAddress().getPort();
    HttpTransport refusing =
        new HttpTransport(
            URI.create("http://127.0.0.1:%d/none".formatted(port)),
            Map.of(),
            Duration.ofSeconds(2));
    assertThat(run(refusing, Map.of(), "export")).isZero();
    assertThatThrownBy(() -> refusing.send("{}"))
        .hasMessage(refusing.url() + ": the answer was 404");
    server.stop(0);
    assertThat(run(refusing, Map.of(), "export")).isZero();
    assertThatThrownBy(() -> refusing.send("{}")).hasMessage(refusing.url() + ": cannot connect");
    LineageTransport broken =
        event -> {
          throw new IllegalStateException("broken");
        };
    assertThat(run(broken, Map.of(), "export")).isZero();
  }

  @Test
  void aWrongSettingIsAWarning() throws IOException {
    String home = System.getProperty("user.home");
    System.setProperty("user.home", folder.toString());
    try {
      Files.createDirectories(folder.resolve(".openlineage"));
      Files.writeString(
          folder.resolve(".openlineage/openlineage.yml"), "transport: {type: kafka}\n");
      CommandRun run = CommandRun.of("completion");
      assertThat(run.exitCode()).isZero();
      assertThat(run.err())
          .startsWith("sextant: warning: no lineage events are sent: " + folder)
          .contains("the transport \"kafka\" is not known. Give the type http or file");
    } finally {
      System.setProperty("user.home", home);
    }
  }
}
