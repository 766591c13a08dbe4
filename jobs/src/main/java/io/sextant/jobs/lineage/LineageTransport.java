package io.sextant.jobs.lineage;

import java.io.IOException;

/** Where events go. */
interface LineageTransport {

  /**
   * @param event an event as one line of JSON
   */
  void send(String event) throws IOException;
}
