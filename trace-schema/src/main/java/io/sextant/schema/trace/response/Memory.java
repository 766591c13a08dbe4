package io.sextant.schema.trace.response;

import io.sextant.schema.file.HeapShare;

/** Releases the memory of routes. */
final class Memory {
  private Memory() {}

  static void give(HeapShare share, Answer answer) {
    give(share, answer.prompt);
    give(share, answer.routes);
  }

  static void give(HeapShare share, Response response) {
    response.routed().forEach(answer -> give(share, answer));
  }

  private static void give(HeapShare share, RouteValue value) {
    share.give(value == null ? 0 : value.bytes().length);
  }
}
