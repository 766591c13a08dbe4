package io.sextant.schema.trace.response;

/** One answer in a response: a choice, an output, or the response itself. */
final class Answer {
  RouteValue prompt;
  RouteValue routes;
  long start = -1;
  long promptTokens = -1;
  long generatedTokens = -1;

  boolean hasRoutes() {
    return prompt != null || routes != null;
  }
}
