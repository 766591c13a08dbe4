package io.sextant.schema.trace.response;

import io.sextant.schema.file.FileNames;
import io.sextant.schema.trace.RequestHead;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The content of one JSON object of a log, about one request. */
public final class Response {
  private static final int MOST_NAMES = 8;
  private static final int MOST_LABEL = 100;
  private static final int[] NO_IDS = {};

  /** Reliability of a field: a field of higher rank replaces one of a lower rank. */
  private int idRank;

  private int labelRank;
  private int arrivalRank;

  private final long line;
  private final Set<String> names = new LinkedHashSet<>();
  private final List<Answer> answers = new ArrayList<>();
  private String id;
  private String label = FileNames.UNKNOWN_DOMAIN;
  private long arrivalMillis = -1;
  private boolean timeField;
  private int sourceRank;
  private long promptIds = -1;
  private long promptCount = -1;
  private long generatedTokens = -1;
  private long start = -1;
  private boolean routesField;
  private int[] promptTokenIds = NO_IDS;

  Response(long line) {
    this.line = line;
    answers.add(new Answer());
  }

  /** Line of the file on which the object begins. */
  long line() {
    return line;
  }

  /** The request's id; null if there is none. */
  public String id() {
    return id;
  }

  /** All names of the request. */
  public Set<String> names() {
    return names;
  }

  /** The answers that have routes; those of the response itself come first. */
  List<Answer> routed() {
    return answers.stream().filter(Answer::hasRoutes).toList();
  }

  /** Whether there was a field for routes, with or without a value. */
  boolean hasRoutesField() {
    return routesField;
  }

  /** Number of answers without the response itself; at least 1. */
  int answers() {
    return Math.max(1, answers.size() - 1);
  }

  /** Number of the prompt's token ids; -1 if there are none. */
  public long promptIds() {
    return promptIds;
  }

  /**
   * Number of tokens of the prompt, or of all prompts, as counted by the server; -1 if not given.
   */
  public long promptCount() {
    return promptCount;
  }

  /** Number of tokens generated in all answers together; -1 if not given. */
  public long generatedTokens() {
    return generatedTokens;
  }

  /** Position of the first row; -1 if not given. */
  public long start() {
    return start;
  }

  /**
   * The request's properties for its trace.
   *
   * @param requestId the request's id
   * @param elseMillis the arrival to use if the response has no time
   */
  public RequestHead head(long requestId, long elseMillis) {
    return new RequestHead(
        requestId,
        arrivalMillis < 0 ? elseMillis : arrivalMillis,
        label,
        sourceRank,
        promptTokenIds);
  }

  /** Whether there are fields with a time, and none can be right. */
  boolean isTimeWrong() {
    return timeField && arrivalMillis < 0;
  }

  /** The answer to fill in; a new one for each choice. */
  Answer answer() {
    Answer answer = new Answer();
    answers.add(answer);
    return answer;
  }

  /** The response as an answer. */
  Answer whole() {
    return answers.get(0);
  }

  void noteRoutesField() {
    routesField = true;
  }

  void id(String value, int rank) {
    if (value.isBlank()) {
      return;
    }
    if (names.size() < MOST_NAMES) {
      names.add(value);
    }
    if (rank > idRank) {
      id = value;
      idRank = rank;
    }
  }

  void label(String value, int rank) {
    String shown = value.strip().replaceAll("\\p{Cntrl}+", " ");
    if (rank > labelRank && !shown.isEmpty()) {
      label = shown.length() <= MOST_LABEL ? shown : shown.substring(0, MOST_LABEL);
      labelRank = rank;
    }
  }

  /**
   * @param millis milliseconds since 1970 UTC; negative if the field's value cannot be a time
   */
  void arrival(long millis, int rank) {
    timeField = true;
    if (millis >= 0 && rank > arrivalRank) {
      arrivalMillis = millis;
      arrivalRank = rank;
    }
  }

  void sourceRank(long rank) {
    if (rank >= 0 && rank <= Short.MAX_VALUE) {
      sourceRank = (int) rank;
    }
  }

  void promptIds(long tokens) {
    promptIds = promptIds < 0 ? tokens : promptIds;
  }

  /** Token ids of the prompt; empty if there are none, or there are several prompts. */
  int[] promptTokenIds() {
    return promptTokenIds;
  }

  void promptTokenIds(int[] ids) {
    promptTokenIds = promptTokenIds.length == 0 ? ids : promptTokenIds;
  }

  void promptCount(long tokens) {
    promptCount = promptCount < 0 ? tokens : promptCount;
  }

  void generatedTokens(long tokens) {
    generatedTokens = Math.max(generatedTokens, tokens);
  }

  void start(long position) {
    start = start < 0 ? position : start;
  }

  /** Fills in missing values from another line about the same request. */
  void fillFrom(Response other) {
    names.addAll(other.names);
    label(other.label, other.labelRank);
    if (other.timeField) {
      arrival(other.arrivalMillis, other.arrivalRank);
    }
    sourceRank = sourceRank == 0 ? other.sourceRank : sourceRank;
    promptIds(other.promptIds);
    promptTokenIds(other.promptTokenIds);
    promptCount(other.promptCount);
    generatedTokens = generatedTokens < 0 ? other.generatedTokens : generatedTokens;
    start(other.start);
  }
}
