package io.sextant.jobs.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Posts events to a server.
 *
 * @param url the address that takes events
 * @param headers headers of each request
 * @param timeout maximum time for an answer
 */
record HttpTransport(URI url, Map<String, String> headers, Duration timeout)
    implements LineageTransport {
  private static final String ENDPOINT = "api/v1/lineage";
  private static final int DEFAULT_TIMEOUT_MILLIS = 5_000;
  private static final int FIRST_ERROR = 300;

  /**
   * @param where the settings, for messages
   * @param transport the settings, as in {@code openlineage.yml}
   */
  static HttpTransport of(String where, JsonNode transport) {
    String base = LineageSettings.required(where, transport, "url");
    URI url;
    try {
      url = URI.create(base);
    } catch (IllegalArgumentException e) {
      throw wrongUrl(where, base);
    }
    if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
      throw wrongUrl(where, base);
    }
    if (url.getPath() == null || url.getPath().isEmpty() || url.getPath().equals("/")) {
      url = url.resolve("/" + transport.path("endpoint").asText(ENDPOINT).replaceFirst("^/", ""));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    transport
        .path("headers")
        .fields()
        .forEachRemaining(header -> headers.put(header.getKey(), header.getValue().asText()));
    if (transport.path("auth").hasNonNull("apiKey")) {
      headers.put("Authorization", "Bearer " + transport.path("auth").path("apiKey").asText());
    }
    return new HttpTransport(
        url,
        headers,
        Duration.ofMillis(transport.path("timeoutInMillis").asInt(DEFAULT_TIMEOUT_MILLIS)));
  }

  private static InvalidInputException wrongUrl(String where, String url) {
    return InvalidInputException.of(
        where, "%s is not the address of a server".formatted(url), "Give http://HOST:PORT");
  }

  @Override
  public void send(String event) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(event));
    headers.forEach(request::setHeader);
    HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
    HttpResponse<String> answer;
    try {
      answer = client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      // A refused connection has no message.
      String why = e.getMessage() == null ? "cannot connect" : e.getMessage();
      throw new IOException(url + ": " + why, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (answer.statusCode() >= FIRST_ERROR) {
      throw new IOException("%s: the answer was %d".formatted(url, answer.statusCode()));
    }
  }
}
