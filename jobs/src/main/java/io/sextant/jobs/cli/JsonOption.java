package io.sextant.jobs.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sextant.jobs.storage.OutputCheck;
import io.sextant.jobs.storage.StorageFault;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CompleteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
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

  /**
   * Checks that the file can be written, before the work of minutes whose result it gets.
   *
   * @param command a command that may have this option
   * @throws InvalidInputException if the file cannot be written
   */
  static void requireWritable(CommandSpec command) {
    for (CommandSpec mixin : command.mixins().values()) {
      if (mixin.userObject() instanceof JsonOption json) {
        json.requireWritable();
      }
    }
  }

  private void requireWritable() {
    if (target == null || target.equals(STANDARD_OUTPUT)) {
      return;
    }
    try {
      OutputCheck.requireFile(Path.of(target));
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private InvalidInputException cannotWrite(IOException e) {
    return InvalidInputException.of(
        "--json " + target,
        "cannot be written: " + StorageFault.reason(e),
        "Name a file in a folder you own",
        e);
  }

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
        Path file = Path.of(target).toAbsolutePath();
        Files.createDirectories(file.getParent());
        CompleteFile.write(file, document);
      } catch (IOException e) {
        throw cannotWrite(e);
      }
    }
  }

  /** Prints the text and writes the document, for a command that prints everything at its end. */
  public void print(String text, Supplier<? extends JsonNode> json) {
    text(text);
    json(json);
  }
}
