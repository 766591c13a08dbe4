package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.trace.Requests;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The values of tensors that are views of their storages. */
class TorchValuesTest {
  private static final byte[] NONE = {'N', '.'};

  @Test
  void aTensorMayBeAnyViewOfItsStorage() throws Exception {
    byte[] storage = new byte[24];
    for (int i = 0; i < storage.length; i++) {
      storage[i] = (byte) i;
    }
    try (TorchArchive archive = open(withStorage(storage))) {
      assertThat(read(archive, view("uint8", 20, shape(4), shape(1))))
          .containsExactly(20, 21, 22, 23);
      assertThat(read(archive, view("uint8", 1, shape(2, 2, 3), shape(12, 1, 4))))
          .containsExactly(1, 5, 9, 2, 6, 10, 13, 17, 21, 14, 18, 22);
      // Every other value of 16 bits, from the second on.
      assertThat(read(archive, view("int16", 1, shape(3), shape(2))))
          .containsExactly(2, 3, 6, 7, 10, 11);
      assertThat(read(archive, view("int64", 0, shape(2, 2), shape(1, 1))))
          .containsExactly(
              0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15,
              16, 17, 18, 19, 20, 21, 22, 23);
      // One row, expanded to three.
      assertThat(read(archive, view("uint8", 22, shape(3, 2), shape(0, 1))))
          .containsExactly(22, 23, 22, 23, 22, 23);
      assertThat(read(archive, view("int32", 5, shape(), shape()))).containsExactly(20, 21, 22, 23);
      assertThat(read(archive, view("int64", 3, shape(2, 0), shape(9, 9)))).isEmpty();
    }
  }

  @Test
  void theStorageHoldsAllValues() throws Exception {
    try (TorchArchive archive = open(withStorage(new byte[24]))) {
      assertThat(read(archive, view("int32", 1, shape(5), shape(1)))).hasSize(20);
      assertThat(fault(archive, view("int32", 1, shape(6), shape(1))))
          .isEqualTo("ids needs 6 values from 1 on, data/0 has 24 bytes");
      assertThat(fault(archive, view("int32", 7, shape(0), shape(1))))
          .isEqualTo("ids needs 0 values from 7 on, data/0 has 24 bytes");
      assertThat(fault(archive, view("int32", Long.MAX_VALUE, shape(1), shape(1))))
          .isEqualTo("ids needs 1 values from 9223372036854775807 on, data/0 has 24 bytes");
      assertThat(fault(archive, view("int64", 0, shape(2, 2), shape(2, 1))))
          .isEqualTo("ids needs 4 values from 0 on, data/0 has 24 bytes");
      assertThat(fault(archive, view("uint8", 0, shape(2, 3), shape(20, 2))))
          .isEqualTo("ids needs 25 values from 0 on, data/0 has 24 bytes");
    }
  }

  @Test
  void tensorsOfOtherTypesAndWithoutStoragesAreRefused() throws Exception {
    try (TorchArchive archive = open(withStorage(new byte[24]))) {
      assertThat(fault(archive, view("HalfStorage", 0, shape(1), shape(1))))
          .isEqualTo("ids is of HalfStorage, expected integers");
      TorchTensor lost = TorchTensor.inRowOrder("int32", "5\n6", 0, 1);
      assertThat(fault(archive, lost))
          .isEqualTo("the values of ids, data/5 6, are not in the file");
      assertThat(
              catchThrowableOfType(CorruptTraceException.class, () -> archive.checksum(lost))
                  .getMessage())
          .isEqualTo("data/5 6 is not in the file");
    }
  }

  @Test
  void aViewThatIsPutInOrderHasALimit() throws Exception {
    int most = 16 << 20;
    try (TorchArchive archive = open(withStorage(new byte[most + 8]))) {
      assertThat(read(archive, view("int16", 0, shape(2, most / 4), shape(1, 2)))).hasSize(most);
      assertThat(fault(archive, view("int16", 0, shape(2, most / 4 + 1), shape(1, 2))))
          .isEqualTo(
              "ids is a view of 8388610 values that do not lie in row order; at most 16777216"
                  + " bytes are put in order. Save a contiguous copy of it");
      assertThat(fault(archive, view("int16", 0, shape(2), shape(most / 2))))
          .startsWith("ids is a view of 2 values");
      assertThat(fault(archive, view("uint8", 0, shape(most, 2), shape(0, 1))))
          .startsWith("ids is a view of 33554432 values");
    }
  }

  @Test
  void aDamagedStorageIsFound() throws Exception {
    byte[] storage = "abcdefgh".getBytes(StandardCharsets.US_ASCII);
    byte[] file = withStorage(storage);
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("abcdefgh");
    file[at + 7] ^= 1;
    try (TorchArchive archive = open(file)) {
      assertThat(fault(archive, view("uint8", 0, shape(2, 2), shape(1, 2))))
          .startsWith("zip entry a/data/0 is damaged: its checksum is ");
      CRC32 crc = new CRC32();
      crc.update(storage);
      assertThat(archive.checksum(view("uint8", 0, shape(1), shape(1))))
          .isEqualTo((int) crc.getValue());
    }
  }

  private static byte[] withStorage(byte[] storage) throws IOException {
    return Pickles.zip(new TreeMap<>(Map.of("a/data.pkl", NONE, "a/data/0", storage)));
  }

  private static TorchArchive open(byte[] file) throws Exception {
    return TorchArchive.open(Requests.file("a.pt", file));
  }

  private static TorchTensor view(String type, long offset, long[] shape, long[] stride) {
    return new TorchTensor(type, "0", offset, shape, stride);
  }

  private static long[] shape(long... lengths) {
    return lengths;
  }

  static byte[] read(TorchArchive archive, TorchTensor tensor) throws Exception {
    try (ZipEntryBytes bytes = archive.values(tensor, "ids")) {
      byte[] values = new byte[(int) tensor.elements() * tensor.itemBytes()];
      bytes.fill(values, 0, values.length);
      return values;
    }
  }

  private static String fault(TorchArchive archive, TorchTensor tensor) {
    return catchThrowableOfType(CorruptTraceException.class, () -> archive.values(tensor, "ids"))
        .getMessage();
  }
}
