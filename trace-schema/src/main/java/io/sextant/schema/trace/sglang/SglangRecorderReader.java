package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.PickledList;
import io.sextant.schema.tensor.TorchArchive;
import io.sextant.schema.tensor.TorchTensor;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the dumps of SGLang's expert distribution recorder for one rank in mode {@code per_token}:
 * {@code torch.save({"records": [...], "last_physical_to_logical_map": ...})}. Physical experts are
 * mapped back to logical ones. The format does not name requests: {@link SglangRequests} follows
 * them, and their ids count from 0 in the order of the file. The arrival is the time in the file's
 * name, the domain is {@code unknown}.
 *
 * <p>The modes {@code stat} and {@code per_pass} become {@link LoadCounts}. Memory: positions of
 * all tokens, the running requests, and the rows of one pass.
 */
public final class SglangRecorderReader implements TraceReader {

  @Override
  public String format() {
    return "sglang";
  }

  @Override
  public boolean namesRequests() {
    return false;
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return TorchArchive.mayBegin(head);
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    HeapShare share = new HeapShare();
    try (TorchArchive archive = TorchArchive.open(file)) {
      Map<?, ?> dump = dump(archive, share);
      long dumpMillis = FileNames.sglangDumpMillis(file);
      if (SglangCounts.isStat(dump)) {
        SglangCounts.readStat(archive, dump, model, sink, dumpMillis);
        return;
      }
      if (!(dump.get(SglangMap.FIELD) instanceof TorchTensor tensor)) {
        throw new CorruptTraceException(
            "the file has no %s, so its physical experts cannot be named"
                .formatted(SglangMap.FIELD));
      }
      SglangMap map = SglangMap.read(archive, tensor, model);
      List<SglangCounts.Pass> counts = records(dump, SglangCounts.Pass.class);
      if (!counts.isEmpty()) {
        SglangCounts.readPasses(archive, counts, map, model, sink, dumpMillis);
        return;
      }
      new SglangTokens(archive, model, map, share, sink)
          .read(records(dump, SglangPass.class), dumpMillis);
    }
  }

  /** The arrival of the requests is the time in the file's name. */
  @Override
  public String fromPath(String path, byte[] head) {
    return FileNames.sglangTime(path);
  }

  /**
   * Identifies the tokens of a dump independently of the rank: under tensor parallelism without
   * data-parallel attention, every rank records all tokens. A {@code stat} dump, which only one
   * rank writes, and dumps without tokens have no such id.
   */
  @Override
  public Optional<String> tokensId(TraceFile file) throws CorruptTraceException, IOException {
    try (TorchArchive archive = TorchArchive.open(file)) {
      TokensId id = new TokensId(archive);
      archive.pickle(new HeapShare(), id);
      return id.value();
    }
  }

  private static Map<?, ?> dump(TorchArchive archive, HeapShare share)
      throws CorruptTraceException, IOException {
    Object root = archive.pickle(share, dict -> compact(dict, share));
    if (root instanceof Map<?, ?> dump
        && (SglangCounts.isStat(dump) || dump.get("records") instanceof PickledList)) {
      return dump;
    }
    throw new CorruptTraceException("the file is not a dump of SGLang's recorder: no records");
  }

  /** The records; empty if the first is of another kind. */
  private static <T> List<T> records(Map<?, ?> dump, Class<T> kind) throws CorruptTraceException {
    List<T> all = new ArrayList<>();
    for (Object record : ((PickledList) dump.get("records")).values()) {
      if (kind.isInstance(record)) {
        all.add(kind.cast(record));
      } else if (all.isEmpty() && record instanceof SglangPass) {
        return all;
      } else {
        throw new CorruptTraceException(
            "one of the records is of another kind than the others, or has no forward_pass_id");
      }
    }
    return all;
  }

  private static Object compact(Map<?, ?> dict, HeapShare share) throws CorruptTraceException {
    if (!SglangPass.isRecord(dict)) {
      return null;
    }
    if (SglangCounts.Pass.isRecord(dict)) {
      share.take(SglangCounts.Pass.BYTES);
      return SglangCounts.Pass.of(dict);
    }
    SglangPass pass = SglangPass.of(dict);
    share.take(pass.bytes());
    return pass;
  }
}
