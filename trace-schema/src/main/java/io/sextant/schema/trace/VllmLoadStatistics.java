package io.sextant.schema.trace;

import io.sextant.schema.spec.ModelSpec;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Recognises vLLM's load statistics (JSON lines of counts) to say why they cannot be used. */
public final class VllmLoadStatistics implements TraceReader {
  private static final Pattern RECORD =
      Pattern.compile("\\A\\s*\\{[^\\[{}]{0,1000}\"record_type\"\\s*:\\s*\"");

  @Override
  public String format() {
    return "vllm-load";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return RECORD.matcher(text).find();
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceSink sink) throws CorruptTraceException {
    verify(file, model);
  }

  @Override
  public void verify(TraceFile file, ModelSpec model) throws CorruptTraceException {
    throw new CorruptTraceException(
        "vLLM's load statistics are only counts of tokens per expert: traffic cannot be computed from them. Have vLLM return routed_experts");
  }
}
