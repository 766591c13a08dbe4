package io.sextant.schema.trace.response;

import io.sextant.schema.file.HeapShare;

/** Gives the memory of routes back. */
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
