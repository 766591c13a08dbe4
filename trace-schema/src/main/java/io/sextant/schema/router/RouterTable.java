package io.sextant.schema.router;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CompleteFile;
import io.sextant.schema.file.JsonText;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.RouterKnowledge;
import io.sextant.schema.spec.Transport;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table with which a router sends each request to the node on which it costs least ({@code
 * groups.json}).
 *
 * @param model the model's name
 * @param router id of the {@link RouterKnowledge} that the plan was made for
 * @param serving name of the serving profile that the plan was made for
 * @param copyRule id of the {@link CopyRule} that the plan was made for
 * @param transport id of the {@link Transport} whose traffic the costs count: remote nodes, or
 *     sends if it has one for each choice
 * @param pool the phases of a request that run on its node: both, prefill or decode
 * @param nodes number of nodes that a request can run on
 * @param window number of consecutive requests over which the tokens per node are balanced
 * @param tolerance maximum deviation of a node's tokens from an equal share, as a fraction
 * @param prices cost of each node besides the traffic, per token-layer, shape [nodes]
 * @param layers absolute ids of the MoE layers, ascending
 * @param labelCosts cost of each node for a request with a label, per token-layer, shape [nodes];
 *     the empty label is any other one
 * @param tokenCostsSha256 SHA-256 of the file with the costs of token ids, hex; null if there is
 *     none
 * @param planId id of the plan that the table belongs to; null in files of earlier releases
 * @param nodesOfExpert bit sets, bit n for a copy on node n, shape [layers][experts]
 */
@JsonPropertyOrder({
  "model",
  "router",
  "serving",
  "copy_rule",
  "transport",
  "pool",
  "nodes",
  "window",
  "tolerance",
  "prices",
  "layers",
  "label_costs",
  "token_costs_sha256",
  "plan_id",
  "nodes_of_expert"
})
public record RouterTable(
    @JsonProperty(value = "model", required = true) String model,
    @JsonProperty("router") String router,
    @JsonProperty("serving") String serving,
    @JsonProperty("copy_rule") String copyRule,
    @JsonProperty("transport") String transport,
    @JsonProperty("pool") String pool,
    @JsonProperty(value = "nodes", required = true) int nodes,
    @JsonProperty(value = "window", required = true) int window,
    @JsonProperty(value = "tolerance", required = true) double tolerance,
    @JsonProperty(value = "prices", required = true) double[] prices,
    @JsonProperty(value = "layers", required = true) List<Integer> layers,
    @JsonProperty("label_costs") Map<String, double[]> labelCosts,
    @JsonProperty("token_costs_sha256") String tokenCostsSha256,
    @JsonProperty("plan_id") String planId,
    @JsonProperty(value = "nodes_of_expert", required = true) int[][] nodesOfExpert) {

  private static final ObjectMapper JSON =
      JsonMapper.builder(JsonText.lenient())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String DECODE = "decode";
  private static final List<String> POOLS = List.of("both", "prefill", DECODE);

  /** The key of {@link #labelCosts} that stands for any other label. */
  public static final String OTHER_LABEL = "";

  public RouterTable {
    // Files of releases before 0.2 do not have these keys; their routers knew the prefill.
    router = router == null ? RouterKnowledge.PREFILL.id() : router;
    copyRule = copyRule == null ? CopyRule.IDEAL.id() : copyRule;
    serving = serving == null ? "unknown" : serving;
    transport = transport == null ? Transport.NODE_DEDUPLICATED.id() : transport;
    pool = pool == null ? POOLS.get(0) : pool;
    labelCosts = labelCosts == null ? Map.of() : new TreeMap<>(labelCosts);
    RouterKnowledge.named(router);
    CopyRule.named(copyRule);
    Transport.named(transport);
    if (!POOLS.contains(pool)) {
      throw new IllegalArgumentException("pool %s is none of %s".formatted(pool, POOLS));
    }
    if (nodes < 1 || nodes > Integer.SIZE || prices.length != nodes) {
      throw new IllegalArgumentException("%d prices for %d nodes".formatted(prices.length, nodes));
    }
    for (Map.Entry<String, double[]> label : labelCosts.entrySet()) {
      if (label.getValue().length != nodes) {
        throw new IllegalArgumentException(
            "label %s: %d costs for %d nodes"
                .formatted(label.getKey(), label.getValue().length, nodes));
      }
    }
    if (layers.size() != nodesOfExpert.length) {
      throw new IllegalArgumentException(
          "%d layer ids for %d rows".formatted(layers.size(), nodesOfExpert.length));
    }
    for (int l = 0; l < nodesOfExpert.length; l++) {
      for (int e = 0; e < nodesOfExpert[l].length; e++) {
        int set = nodesOfExpert[l][e];
        if (set == 0 || (nodes < Integer.SIZE && set >>> nodes != 0)) {
          throw new IllegalArgumentException(
              "layer %d, expert %d: %d is not a set of the %d nodes"
                  .formatted(layers.get(l), e, set, nodes));
        }
      }
    }
  }

  /**
   * @throws InvalidInputException naming the file and the fault
   */
  public static RouterTable read(Path file) {
    try {
      return JSON.readValue(file.toFile(), RouterTable.class);
    } catch (JsonProcessingException e) {
      throw InvalidInputException.of(
          file.toString(),
          "not a router's table: " + key(e) + e.getOriginalMessage().lines().findFirst().orElse(""),
          "Give the groups.json that solve --group wrote",
          e);
    } catch (NoSuchFileException e) {
      throw InvalidInputException.of(
          file.toString(), "there is no such file", "Give the groups.json of solve --group", e);
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(), "cannot be read: " + e.getMessage(), "Check --groups", e);
    }
  }

  /** The key that is wrong, if the text is JSON. */
  private static String key(JsonProcessingException e) {
    return e instanceof JsonMappingException wrong && !wrong.getPath().isEmpty()
        ? wrong.getPath().get(0).getFieldName() + ": "
        : "";
  }

  /** What the router knows of a request. */
  public RouterKnowledge knows() {
    return RouterKnowledge.named(router);
  }

  /** How the engine that the plan was made for chooses among copies. */
  public CopyRule rule() {
    return CopyRule.named(copyRule);
  }

  /** How hidden states travel between the nodes. */
  public Transport travel() {
    return Transport.named(transport);
  }

  /** Whether requests come to the nodes after their prefill, which ran on others. */
  public boolean decodesAlone() {
    return pool.equals(DECODE);
  }

  /** The table with the SHA-256 of its file of token costs. */
  RouterTable withTokenCosts(String sha256) {
    return new RouterTable(
        model,
        router,
        serving,
        copyRule,
        transport,
        pool,
        nodes,
        window,
        tolerance,
        prices,
        layers,
        labelCosts,
        sha256,
        planId,
        nodesOfExpert);
  }

  /** The table with the id of the plan that it belongs to. */
  RouterTable ofPlan(String id) {
    return new RouterTable(
        model,
        router,
        serving,
        copyRule,
        transport,
        pool,
        nodes,
        window,
        tolerance,
        prices,
        layers,
        labelCosts,
        tokenCostsSha256,
        id,
        nodesOfExpert);
  }

  /** Writes the table; equal tables give equal bytes. */
  public void write(Path file) throws IOException {
    // Write one line per layer: one line per expert would make the file very long.
    String text = JSON.writeValueAsString(this).replace(",\"", ",\n\"").replace("],[", "],\n[");
    CompleteFile.write(file, text + "\n");
  }
}
