package io.sextant.jobs.analyze;

import io.sextant.jobs.placement.RoutingRow;

/** A row of {@code traces} with what statistics need besides the routing. */
public class TracedRow extends RoutingRow {
  private static final long serialVersionUID = 1L;

  private String domain;
  private int decodeTokens;

  public String getDomain() {
    return domain;
  }

  public void setDomain(String domain) {
    this.domain = domain;
  }

  public int getDecodeTokens() {
    return decodeTokens;
  }

  public void setDecodeTokens(int decodeTokens) {
    this.decodeTokens = decodeTokens;
  }
}
