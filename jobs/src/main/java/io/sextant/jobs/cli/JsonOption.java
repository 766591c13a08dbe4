package io.sextant.jobs.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.jobs.storage.StorageFault;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/**
 * The option {@code --json}, the same for every command. Without a file, standard output is one
 * JSON document and nothing else; with a file, the document is written there and standard output
 * has the usual text.
 */
public final class JsonOption {
  private static final String STANDARD_OUTPUT = "-";

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = STANDARD_OUTPUT,
      paramLabel = "FILE",
      description =
          "Print the result as JSON instead of text; with FILE, print the text and write the"
              + " JSON to FILE.")
  private String target;

  /** Prints a part of the text, unless JSON is printed instead. */
  public void text(String text) {
    if (!STANDARD_OUTPUT.equals(target)) {
      System.out.print(text);
    }
  }

  /**
   * Writes the JSON document, which is created only if it was asked for.
   *
   * @throws InvalidInputException if the file cannot be written
   */
  public void json(Supplier<? extends JsonNode> json) {
    if (target == null) {
      return;
    }
    String document = json.get().toPrettyString() + System.lineSeparator();
    if (target.equals(STANDARD_OUTPUT)) {
      System.out.print(document);
    } else {
      try {
        Files.writeString(Path.of(target), document);
      } catch (IOException e) {
        throw InvalidInputException.of(
            "--json " + target,
            "cannot be written: " + StorageFault.why(e),
            "Name a file in a folder you own",
            e);
      }
    }
  }

  /** Prints the text and writes the document, for a command that prints everything at its end. */
  public void print(String text, Supplier<? extends JsonNode> json) {
    text(text);
    json(json);
  }
}
