package io.sextant.jobs.ingest;

import picocli.CommandLine.Option;

/** Whether ingested requests keep the token ids of their prompts. */
public final class TokenIdsOption {
  @Option(
      names = "--no-token-ids",
      description =
          "Do not keep the token ids of prompts. The ids are the prompts' text for anyone who has"
              + " the tokenizer. Without them, solve --group cannot plan for a router that knows the"
              + " prompt's tokens.")
  private boolean leftOut;

  public boolean kept() {
    return !leftOut;
  }
}
