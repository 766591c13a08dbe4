package io.sextant.jobs.analyze;

import java.io.Serializable;

/**
 * The columns of the {@code traces} table that are counted, as Spark's bean encoder reads them:
 * with it an array of shorts arrives as one primitive array.
 */
public class TraceRow implements Serializable {
  private static final long serialVersionUID = 1L;

  private String day;
  private long arrivalMillis;
  private String source;
  private String domain;
  private int layer;
  private int prefillTokens;
  private int topK;
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

  public String getSource() {
    return source;
  }

  public void setSource(String source) {
    this.source = source;
  }

  public String getDomain() {
    return domain;
  }

  public void setDomain(String domain) {
    this.domain = domain;
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

  public int getTopK() {
    return topK;
  }

  public void setTopK(int topK) {
    this.topK = topK;
  }

  public short[] getExperts() {
    return experts;
  }

  public void setExperts(short[] experts) {
    this.experts = experts;
  }
}
