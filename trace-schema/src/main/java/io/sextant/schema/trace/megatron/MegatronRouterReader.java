package io.sextant.schema.trace.megatron;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads Megatron-Core's router trace of one rank, JSON lines {@code {"step", "stage", "block",
 * "layer", "rank", "num_tokens", "topk", "top_indices": [[expert ids]]}}.
 *
 * <p>The format has no requests. The tokens that pass all MoE layers together (a rank's
 * micro-batch) become one request; ids count from 0 in the order of the file, and the phase of the
 * rows is unknown. The whole file decides how layers are numbered ({@link LayerNumbering}). Lines
 * of blocks other than the decoder (multi-token prediction) are left out. If the file ends inside a
 * line or a micro-batch, the whole micro-batches before it are kept. The arrival is the time at
 * which the file was written, the domain is {@code unknown}.
 *
 * <p>Memory: the incomplete micro-batches of a step, usually one.
 */
public final class MegatronRouterReader implements TraceReader {
  private static final Pattern FIELD = Pattern.compile("\"top_indices\"\\s*:\\s*\\[");
  private static final Pattern BEGINNING = Pattern.compile("\\A\\s*\\{\\s*\"[a-z_]{1,20}\"\\s*:");

  @Override
  public String format() {
    return "megatron";
  }

  @Override
  public boolean namesRequests() {
    return false;
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return BEGINNING.matcher(text).find() && FIELD.matcher(text).find();
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    RouterSurvey survey = RouterSurvey.of(file, model);
    LayerNumbering numbering = LayerNumbering.of(survey, model, hints.layerNumbers());
    HeapShare share = new HeapShare();
    MicroBatches batches = new MicroBatches(model, numbering, sink, file.modifiedMillis(), share);
    RouterLines.forEach(file, new RouterLine(model.topK(), share), batches::take);
    batches.end(survey.cutLine());
    numbering.remark(sink);
    survey.remark(sink);
  }

  /**
   * The ranks of a tensor-parallel group route the same tokens; their files differ in the rank's
   * number only.
   */
  @Override
  public Optional<String> tokensId(TraceFile file) throws CorruptTraceException, IOException {
    return Optional.of(RouterTokens.id(file));
  }
}
