package io.sextant.jobs.window;

import java.io.Serializable;

/**
 * The columns of the {@code traces} table that placement needs, as a bean for Spark's encoder,
 * which delivers an array of shorts as one primitive array.
 */
public class RoutingRow implements Serializable {
  private static final long serialVersionUID = 1L;

  private String day;
  private long arrivalMillis;
  private Long pass;
  private String source;
  private long requestId;
  private int sourceRank;
  private int layer;
  private int prefillTokens;
  private int decodeTokens;
  private short[] experts;

  public String getDay() {
    return day;
  }

  public void setDay(String day) {
    this.day = day;
  }

  public long getArrivalMillis() {
    return arrivalMillis;
  }

  public void setArrivalMillis(long arrivalMillis) {
    this.arrivalMillis = arrivalMillis;
  }

  /** Null if the source does not number passes. */
  public Long getPass() {
    return pass;
  }

  public void setPass(Long pass) {
    this.pass = pass;
  }

  public String getSource() {
    return source;
  }

  public void setSource(String source) {
    this.source = source;
  }

  public long getRequestId() {
    return requestId;
  }

  public void setRequestId(long requestId) {
    this.requestId = requestId;
  }

  /** What distinguishes the row's request from others. */
  public RequestKey key() {
    return new RequestKey(source, requestId, arrivalMillis);
  }

  public int getSourceRank() {
    return sourceRank;
  }

  public void setSourceRank(int sourceRank) {
    this.sourceRank = sourceRank;
  }

  public int getLayer() {
    return layer;
  }

  public void setLayer(int layer) {
    this.layer = layer;
  }

  public int getPrefillTokens() {
    return prefillTokens;
  }

  public void setPrefillTokens(int prefillTokens) {
    this.prefillTokens = prefillTokens;
  }

  public int getDecodeTokens() {
    return decodeTokens;
  }

  public void setDecodeTokens(int decodeTokens) {
    this.decodeTokens = decodeTokens;
  }

  public short[] getExperts() {
    return experts;
  }

  public void setExperts(short[] experts) {
    this.experts = experts;
  }
}
