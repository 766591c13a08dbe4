package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.trace.format.TraceFormats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files in one folder, read with the hints that their format needs. */
public record Folder(Path path) {

  public Folder with(String name, byte[] bytes) throws IOException {
    Files.write(path.resolve(name), bytes);
    return this;
  }

  public Folder with(String name, String text) throws IOException {
    return with(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public Requests read(String name) throws CorruptTraceException, IOException {
    return read(name, TraceHints.NONE);
  }

  /** Verifies the file first, as ingest does. */
  public Requests read(String name, TraceHints hints) throws CorruptTraceException, IOException {
    TraceFile file = TraceFiles.local(path.resolve(name));
    TraceReader reader = TraceFormats.detect(file);
    reader.verify(file, EngineDump.MODEL, hints);
    Requests requests = new Requests();
    reader.read(file, EngineDump.MODEL, hints, requests);
    return requests;
  }

  /** Request 42 of vLLM's recordings: 14 rows of the prompt, 2 of generated tokens. */
  public static RequestTrace request42() {
    return EngineDump.RESPONSES_VLLM.sound().get(1);
  }

  public static List<Integer> phases(RequestTrace request) {
    return List.of(request.prefillTokens(), request.decodeTokens(), request.unphasedTokens());
  }
}
