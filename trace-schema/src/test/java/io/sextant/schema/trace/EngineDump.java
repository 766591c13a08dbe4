package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.trace.format.TraceFormats;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Dumps of engines with the same two requests of long-a, made by formats/cut.py. The counts also
 * include the others of long-a's first 64 requests. From {@link #VLLM_LOAD_DRAFT} on, requests
 * recorded by vLLM's own code, made by formats/responses.py.
 */
public enum EngineDump {
  SGLANG("sglang/expert_distribution_recorder_1757203200.0_0.pt", "sglang"),
  SGLANG_BATCHED("sglang/expert_distribution_recorder_1757203300.0_0.pt", "sglang"),
  TENSORRT_LLM("tensorrt-llm/rank2_raw.safetensors", "tensorrt-llm"),
  TENSORRT_LLM_META("tensorrt-llm/meta_info.json", "tensorrt-llm-meta"),
  VLLM_10("vllm/request-1000010.npz", "vllm"),
  VLLM_54("vllm/request-1000054.npz", "vllm"),
  MEGATRON("megatron/router_trace_rank0.jsonl", "megatron"),
  SGLANG_PER_PASS("sglang/per_pass.pt", "sglang"),
  SGLANG_STAT("sglang/stat.pt", "sglang"),
  TENSORRT_LLM_COUNTS("tensorrt-llm/rank2.safetensors", "tensorrt-llm-counts"),
  VLLM_LOAD("vllm/expert_load_stats.jsonl", "vllm-load"),
  VLLM_LOAD_DRAFT("vllm/main/load.jsonl", "vllm-load"),
  VLLM_MAIN("vllm/main/req42.npz", "vllm"),
  VLLM_MAIN_NPY("vllm/main/req42.npy", "vllm"),
  RESPONSES_VLLM("responses/vllm.jsonl", "responses"),
  RESPONSES_SGLANG("responses/sglang.jsonl", "responses"),
  RESPONSES_DYNAMO("responses/dynamo.jsonl", "responses"),
  RESPONSES_TENSORRT_LLM("responses/tensorrt-llm.jsonl", "responses");

  public static final ModelSpec MODEL = ModelSpecs.load("sextant-128x8");

  public final String path;
  public final String format;

  EngineDump(String path, String format) {
    this.path = path;
    this.format = format;
  }

  public byte[] bytes() {
    try (InputStream in = EngineDump.class.getResourceAsStream("/formats/" + path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TraceFile file() {
    return Requests.file("any/" + path, bytes());
  }

  /** The content of a file that is known to be sound. */
  public List<RequestTrace> sound() {
    try {
      return requests();
    } catch (CorruptTraceException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public List<LoadCounts> counts() throws CorruptTraceException, IOException {
    return Requests.of(TraceFormats.detect(file()), file(), MODEL).counts;
  }

  public List<RequestTrace> requests() throws CorruptTraceException, IOException {
    return Requests.of(TraceFormats.detect(file()), file(), MODEL).accepted;
  }
}
