package io.sextant.jobs.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/**
 * {@code --json}, the same for every command: alone, standard output is one JSON document and
 * nothing else; with a file, the document goes there and people read the text as ever.
 */
public final class JsonOption {
  private static final String STANDARD_OUTPUT = "-";

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = STANDARD_OUTPUT,
      paramLabel = "FILE",
      description =
          "The result as JSON: on standard output in place of the text, or in FILE beside it.")
  private String target;

  /** A part of what a person reads; nothing where JSON takes its place. */
  public void text(String text) {
    if (!STANDARD_OUTPUT.equals(target)) {
      System.out.print(text);
    }
  }

  /**
   * The whole of what a program reads; made only where it was asked for.
   *
   * @throws InvalidInputException where the file cannot be written
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
            "--json " + target, "cannot be written: " + e, "Name a file in a folder you own", e);
      }
    }
  }

  /** Both, for a command that says all at its end. */
  public void print(String text, Supplier<? extends JsonNode> json) {
    text(text);
    json(json);
  }
}
