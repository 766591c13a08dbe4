package io.sextant.jobs.window;

import java.io.Serializable;

/**
 * The columns of the {@code requests} table that grouping needs, as a bean for Spark's encoder,
 * which delivers an array of numbers as one primitive array.
 */
public class PromptRow implements Serializable {
  private static final long serialVersionUID = 1L;

  private String source;
  private long requestId;
  private long arrivalMillis;
  private String label;
  private int prefillTokens;
  private int[] promptTokenIds;

  /** What distinguishes the request from others. */
  public RequestKey key() {
    return new RequestKey(source, requestId, arrivalMillis);
  }

  public String getSource() {
    return source;
  }

  public void setSource(String source) {
    this.source = source;
  }

  public long getArrivalMillis() {
    return arrivalMillis;
  }

  public void setArrivalMillis(long arrivalMillis) {
    this.arrivalMillis = arrivalMillis;
  }

  public long getRequestId() {
    return requestId;
  }

  public void setRequestId(long requestId) {
    this.requestId = requestId;
  }

  public String getLabel() {
    return label;
  }

  public void setLabel(String label) {
    this.label = label;
  }

  public int getPrefillTokens() {
    return prefillTokens;
  }

  public void setPrefillTokens(int prefillTokens) {
    this.prefillTokens = prefillTokens;
  }

  /** Null if the request has none. */
  public int[] getPromptTokenIds() {
    return promptTokenIds;
  }

  public void setPromptTokenIds(int[] promptTokenIds) {
    this.promptTokenIds = promptTokenIds;
  }
}
