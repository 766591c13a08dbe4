package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.tensor.PickledDicts;
import io.sextant.schema.tensor.PickledList;
import io.sextant.schema.tensor.TorchArchive;
import io.sextant.schema.tensor.TorchTensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Digests the parts of a dump that are equal on every rank that recorded the same tokens: the
 * numbers of the passes, the tokens, their positions and the first pass's experts, or, if a record
 * only counts, the counts.
 */
final class TokensId implements PickledDicts {
  private static final String COUNTS = "global_physical_count";
  private static final String EXPERTS = "topk_ids_of_layer";

  /** Replaces a record that has been digested. */
  private static final Object DIGESTED = false;

  private final TorchArchive archive;
  private final MessageDigest digest = TraceFiles.sha256();
  private boolean hasTokens;

  TokensId(TorchArchive archive) {
    this.archive = archive;
  }

  @Override
  public Object built(Map<Object, Object> dict) throws CorruptTraceException {
    if (!SglangPass.isRecord(dict)) {
      return null;
    }
    if (dict.get("forward_pass_id") instanceof Long pass) {
      add(pass);
    }
    if (dict.get("input_ids") instanceof PickledList inputs
        && dict.get("positions") instanceof PickledList positions) {
      boolean first = !hasTokens;
      add(inputs);
      add(positions);
      if (first && hasTokens && dict.get(EXPERTS) instanceof TorchTensor experts) {
        // Pipeline stages have the same tokens but different layers.
        add(archive.checksum(experts));
      }
    } else if (dict.get(COUNTS) instanceof TorchTensor counts) {
      add(archive.checksum(counts));
      hasTokens = true;
    }
    return DIGESTED;
  }

  private void add(PickledList list) {
    int[] numbers = list.numbers();
    if (numbers == null) {
      return;
    }
    hasTokens |= numbers.length > 0;
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (numbers.length + 1));
    bytes.putInt(numbers.length);
    bytes.asIntBuffer().put(numbers);
    digest.update(bytes.array());
  }

  private void add(long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
  }

  /** The digest in lower-case hex; empty if there are no tokens. */
  Optional<String> value() {
    return hasTokens ? Optional.of(HexFormat.of().formatHex(digest.digest())) : Optional.empty();
  }
}
