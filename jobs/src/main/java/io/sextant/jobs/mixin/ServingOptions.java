package io.sextant.jobs.mixin;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.ServingProfiles;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** The options for the serving profile and for the batches that differ from it. */
public final class ServingOptions {
  private static final String ALL = "all";

  @Option(
      names = "--serving",
      defaultValue = ServingProfiles.DEFAULT,
      paramLabel = "NAME",
      completionCandidates = ServingNames.class,
      description =
          "The serving profile, which says how the engine chooses among copies of an expert and"
              + " how tokens travel: a name in conf/serving, or the path of such a file (default"
              + " ${DEFAULT-VALUE}). Names: ${COMPLETION-CANDIDATES}. Example: --serving vllm.")
  private String serving;

  @Option(
      names = "--micro-batch",
      paramLabel = "TOKENS",
      description =
          "Tokens per batch, over all ranks, in prefill and in batches of both phases (default:"
              + " the profile's). Load is averaged over batches. An incomplete last batch of a file"
              + " counts for nothing, unless the file has no other: then it counts for the traffic"
              + " alone.")
  private Integer microBatchTokens;

  @Option(
      names = "--decode-step",
      paramLabel = "ROWS",
      description = "Decode rows per step, over all ranks (default: the profile's).")
  private Integer decodeStepTokens;

  /**
   * The profile, with the batches of the options.
   *
   * @throws InvalidInputException if there is no such profile or a number is not positive
   */
  public ServingProfile profile() {
    return named(serving);
  }

  private ServingProfile named(String name) {
    ServingProfile profile = ServingProfiles.load(name);
    return profile.withTokens(
        positive("--micro-batch", microBatchTokens, profile.prefillTokens()),
        positive("--decode-step", decodeStepTokens, profile.decodeTokens()));
  }

  /**
   * The profiles to compare: the named one, or every profile of {@code conf/serving} if the name is
   * {@link #ALL}, each with the batches of the options.
   *
   * @throws InvalidInputException as {@link #profile()}
   */
  List<ServingProfile> profiles() {
    return isAll()
        ? ServingProfiles.names().stream().map(this::named).toList()
        : List.of(profile());
  }

  /**
   * The profiles of a list of names separated by commas, or every profile if the name is {@link
   * #ALL}.
   *
   * @throws InvalidInputException as {@link #profile()}
   */
  public List<ServingProfile> listed() {
    return isAll()
        ? profiles()
        : Arrays.stream(serving.split(",", -1)).distinct().map(this::named).toList();
  }

  boolean isAll() {
    return ALL.equals(serving);
  }

  private static int positive(String option, Integer given, int otherwise) {
    if (given != null && given < 1) {
      throw InvalidInputException.of(
          option + " " + given, "it must be positive", "Give a positive number");
    }
    return given == null ? otherwise : given;
  }
}
