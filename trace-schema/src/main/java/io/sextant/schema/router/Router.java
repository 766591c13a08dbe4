package io.sextant.schema.router;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The files of a router: {@code groups.json} and, if the router knows the prompt's tokens, {@code
 * token-costs.safetensors} beside it.
 *
 * @param table the content of {@code groups.json}
 * @param tokens the costs of token ids; null if the requests that it was planned from had none
 */
public record Router(RouterTable table, TokenCosts tokens) {
  static final String TOKENS_FILE = "token-costs.safetensors";

  /**
   * @param groups the file {@code groups.json}
   * @throws InvalidInputException naming the file and the fault
   */
  public static Router read(Path groups) {
    RouterTable table = RouterTable.read(groups);
    if (table.tokenCostsSha256() == null) {
      return new Router(table, null);
    }
    Path file = groups.resolveSibling(TOKENS_FILE);
    TokenCosts tokens = TokenCosts.read(file);
    if (!sha256(file).equals(table.tokenCostsSha256())
        || tokens.nodes() != table.nodes()
        || !tokens.model().equals(table.model())) {
      throw InvalidInputException.of(
          file.toString(),
          "it is damaged or belongs to another plan than " + groups.getFileName(),
          "Copy both files from the folder that solve --group wrote");
    }
    return new Router(table, tokens);
  }

  /**
   * The router of a plan.
   *
   * @param planId the plan's id
   */
  public Router ofPlan(String planId) {
    return new Router(table.ofPlan(planId), tokens);
  }

  /**
   * Writes the files.
   *
   * @param groups the file {@code groups.json}
   */
  public void write(Path groups) throws IOException {
    if (tokens == null) {
      Files.deleteIfExists(groups.resolveSibling(TOKENS_FILE));
      table.write(groups);
      return;
    }
    Path file = groups.resolveSibling(TOKENS_FILE);
    tokens.write(file);
    table.withTokenCosts(sha256(file)).write(groups);
  }

  private static String sha256(Path file) {
    try {
      return HexFormat.of().formatHex(TraceFiles.sha256().digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(), "cannot be read: " + e.getMessage(), "Check its permissions", e);
    }
  }
}
