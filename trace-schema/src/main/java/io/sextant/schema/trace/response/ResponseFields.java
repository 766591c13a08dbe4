package io.sextant.schema.trace.response;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sextant.schema.file.CorruptTraceException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the fields of a response from all places where engines and loggers put them: vLLM's {@code
 * choices[]}, SGLang's {@code meta_info} and {@code sglext} or {@code sgl_ext}, Dynamo's {@code
 * nvext.engine_data}, TensorRT-LLM's {@code outputs[]}, OpenAI's batch output {@code
 * response.body}, and the request beside the response. Texts of users and models are not searched.
 */
final class ResponseFields {
  private static final Set<String> SKIPPED =
      Set.of("message", "messages", "delta", "logprobs", "prompt_logprobs", "tools", "tool_calls");

  private static final Set<String> ANSWERS = Set.of("choices", "outputs");

  /** Objects whose id, time and label belong to the request. */
  private static final Set<String> OWN =
      Set.of("response", "body", "result", "output", "meta_info", "request");

  private static final Set<String> PROMPT_COUNTS =
      Set.of(
          "prompt_tokens",
          "prompt_len",
          "prompt_length",
          "num_prompt_tokens",
          "prompt_token_count",
          "input_tokens");

  private static final Set<String> PROMPT_IDS =
      Set.of("prompt_token_ids", "prompt_ids", "input_ids");

  private static final Set<String> GENERATED_COUNTS =
      Set.of(
          "completion_tokens",
          "output_tokens",
          "generated_tokens",
          "num_generated_tokens",
          "generated_len",
          "completion_token_count");

  private static final Set<String> GENERATED_IDS =
      Set.of(
          "token_ids",
          "output_ids",
          "output_token_ids",
          "completion_token_ids",
          "generated_token_ids");

  private static final Set<String> STARTS =
      Set.of("routed_experts_prompt_start", "routed_experts_start_len", "routed_experts_start");

  private static final Set<String> RANKS =
      Set.of("dp_rank", "data_parallel_rank", "routed_dp_rank", "source_rank");

  /** The first of these fields that is given counts. */
  private static final List<String> IDS = List.of("request_id", "rid", "id", "custom_id");

  private static final List<String> LABELS =
      List.of("domain", "label", "category", "task", "benchmark");

  private static final List<String> TIMES =
      List.of(
          "arrival_ms",
          "arrival_time",
          "request_time",
          "request_received_ts",
          "received_at",
          "start_time",
          "timestamp",
          "created",
          "created_at");

  private static final Map<String, Integer> ID_RANKS = ranks(IDS, 0);
  private static final Map<String, Integer> LABEL_RANKS = ranks(LABELS, LABELS.size());
  private static final Map<String, Integer> METADATA_RANKS = ranks(LABELS, 0);
  private static final Map<String, Integer> TIME_RANKS = ranks(TIMES, 0);

  private final JsonParser parser;
  private final Response response;
  private final RouteValueParser routes;

  ResponseFields(JsonParser parser, Response response, RouteValueParser routes) {
    this.parser = parser;
    this.response = response;
    this.routes = routes;
  }

  private static Map<String, Integer> ranks(List<String> names, int above) {
    return names.stream()
        .collect(
            Collectors.toUnmodifiableMap(
                name -> name, name -> above + names.size() - names.indexOf(name)));
  }

  /** The position of an object in the response. */
  private enum Place {
    OWN,
    REQUEST,
    METADATA,
    OTHER
  }

  /** Reads the object at whose start the parser is. */
  void read() throws CorruptTraceException, IOException {
    object(null, Place.OWN);
  }

  /**
   * @param choice the answer that the object belongs to; null if it belongs to the whole response
   */
  private void object(Answer choice, Place place) throws CorruptTraceException, IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      Answer answer = choice == null ? response.whole() : choice;
      if (name.equals("routed_experts") && place != Place.REQUEST) {
        response.noteRoutesField();
        answer.routes = first(answer.routes, routes.read(parser, name));
      } else if (name.equals("prompt_routed_experts")) {
        response.noteRoutesField();
        answer.prompt = first(answer.prompt, routes.read(parser, name));
      } else if (SKIPPED.contains(name)) {
        parser.skipChildren();
      } else if (value == JsonToken.START_OBJECT) {
        object(choice, inside(name, place, choice));
      } else if (value == JsonToken.START_ARRAY) {
        list(name, choice, place);
      } else {
        scalar(name, choice, place);
      }
    }
  }

  private static RouteValue first(RouteValue before, RouteValue now) {
    return before == null ? now : before;
  }

  private static Place inside(String name, Place place, Answer choice) {
    if (name.equals("metadata") || name.equals("custom_labels")) {
      return Place.METADATA;
    }
    boolean own = choice == null || name.equals("meta_info");
    if (place == Place.OTHER || !OWN.contains(name) || !own) {
      return Place.OTHER;
    }
    return place == Place.REQUEST || name.equals("request") ? Place.REQUEST : Place.OWN;
  }

  private void list(String name, Answer choice, Place place)
      throws CorruptTraceException, IOException {
    boolean answers = ANSWERS.contains(name) && choice == null && place != Place.REQUEST;
    boolean prompt = isPrompt(name, place);
    TokenIdList ids = new TokenIdList();
    long numbers = 0;
    for (int depth = 1; depth > 0; ) {
      switch (parser.nextToken()) {
        case START_ARRAY -> depth++;
        case END_ARRAY -> depth--;
        case START_OBJECT -> object(answers ? response.answer() : choice, Place.OTHER);
        case VALUE_NUMBER_INT -> {
          numbers++;
          if (prompt) {
            ids.add(Numbers.whole(parser));
          }
        }
        default -> {}
      }
    }
    if (numbers > 0) {
      counted(name, numbers, choice, place);
    }
    // Several answers may be to several prompts.
    if (prompt && (choice == null || response.answers() == 1)) {
      response.promptTokenIds(ids.toArray());
    }
  }

  /** Whether a list of numbers with this name holds the token ids of the prompt. */
  private static boolean isPrompt(String name, Place place) {
    boolean asked = place == Place.REQUEST && name.equals("token_ids");
    return PROMPT_IDS.contains(name) || name.equals("prompt_tokens") || asked;
  }

  /** A list of token ids. */
  private void counted(String name, long count, Answer choice, Place place) {
    if (isPrompt(name, place)) {
      if (choice == null) {
        response.promptIds(count);
      } else {
        choice.promptTokens = count;
      }
    } else if (GENERATED_IDS.contains(name) && place != Place.REQUEST) {
      if (choice == null) {
        response.generatedTokens(count);
      } else {
        choice.generatedTokens = count;
      }
    }
  }

  private void scalar(String name, Answer choice, Place place) throws IOException {
    if (PROMPT_COUNTS.contains(name)) {
      if (choice == null) {
        response.promptCount(Numbers.whole(parser));
      } else {
        choice.promptTokens = Math.max(choice.promptTokens, Numbers.whole(parser));
      }
    } else if (GENERATED_COUNTS.contains(name) && place != Place.REQUEST) {
      if (choice == null) {
        response.generatedTokens(Numbers.whole(parser));
      } else {
        choice.generatedTokens = Math.max(choice.generatedTokens, Numbers.whole(parser));
      }
    } else if (STARTS.contains(name)) {
      long position = Numbers.whole(parser);
      if (choice == null) {
        response.start(position);
      } else {
        choice.start = position;
      }
    } else if (RANKS.contains(name)) {
      response.sourceRank(Numbers.whole(parser));
    } else if (place != Place.OTHER) {
      about(name, place);
    }
  }

  private void about(String name, Place place) throws IOException {
    JsonToken token = parser.currentToken();
    boolean word = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT;
    Map<String, Integer> labels = place == Place.METADATA ? METADATA_RANKS : LABEL_RANKS;
    if (labels.containsKey(name) && word) {
      response.label(parser.getText(), labels.get(name));
    } else if (place != Place.METADATA && ID_RANKS.containsKey(name) && word) {
      response.id(parser.getText(), ID_RANKS.get(name));
    } else if (place != Place.METADATA && TIME_RANKS.containsKey(name)) {
      if (token != JsonToken.VALUE_NULL) {
        response.arrival(Numbers.time(parser), TIME_RANKS.get(name));
      }
    }
  }
}
