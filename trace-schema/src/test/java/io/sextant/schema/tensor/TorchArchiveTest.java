package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.trace.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchArchiveTest {
  private static final byte[] NONE = {'N', '.'};

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void aSavedTensorIsFoundWithItsValues(int protocol) throws Exception {
    TorchBytes bytes = new TorchBytes(protocol);
    bytes.tensor(new int[] {9}, 1);
    Object root = Map.of("ids", bytes.tensor(new int[] {3, 1, 4, 1, 5, 9}, 2, 3));
    try (TorchArchive archive = open(bytes.save(root))) {
      Map<?, ?> dict = (Map<?, ?>) archive.pickle(new HeapShare(), items -> null);
      TorchTensor tensor = (TorchTensor) dict.get("ids");
      assertThat(tensor.type()).isEqualTo("IntStorage");
      assertThat(tensor.key()).isEqualTo("1");
      assertThat(tensor.shape()).containsExactly(2, 3);
      assertThat(ints(archive, tensor)).containsExactly(3, 1, 4, 1, 5, 9);
    }
  }

  @Test
  void aTransposedTensorIsPutInRowOrder() throws Exception {
    TorchBytes bytes = new TorchBytes(2);
    long[] shape = {3, 2};
    Object saved = bytes.tensor(new int[] {1, 2, 3, 4, 5, 6}, shape, new long[] {1, 3});
    try (TorchArchive archive = open(bytes.save(saved))) {
      TorchTensor tensor = (TorchTensor) archive.pickle(new HeapShare(), items -> null);
      assertThat(ints(archive, tensor)).containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void aDamagedPickleIsFound() throws Exception {
    byte[] file = Pickles.zip(Map.of("a/data.pkl", "K\7.".getBytes(StandardCharsets.US_ASCII)));
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("K\7.");
    file[at + 1] ^= 1;
    try (TorchArchive archive = open(file)) {
      assertThat(
              catchThrowableOfType(
                      CorruptTraceException.class,
                      () -> archive.pickle(new HeapShare(), items -> null))
                  .getMessage())
          .startsWith("zip entry a/data.pkl is damaged: its checksum is ");
    }
  }

  @Test
  void aCompressedPickleIsReadUpToItsLimit() throws Exception {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("a/data.pkl"));
      // A repeated "protocol 2" takes no memory.
      byte[] protocols = new byte[1 << 16];
      for (int i = 0; i < protocols.length; i += 2) {
        protocols[i] = (byte) 0x80;
        protocols[i + 1] = 2;
      }
      for (int i = 0; i < 1023; i++) {
        out.write(protocols);
      }
      out.write(protocols, 0, protocols.length - 2);
      out.write(NONE);
    }
    try (TorchArchive archive = open(zip.toByteArray())) {
      assertThat(archive.pickle(new HeapShare(), items -> null)).isNull();
    }
  }

  @Test
  void theByteOrderIsLittle() throws Exception {
    for (String order : List.of("little", "Little", "LITTLE")) {
      try (TorchArchive archive = open(ordered(order))) {
        assertThat(archive.pickle(new HeapShare(), items -> null)).isNull();
      }
    }
    for (String order : List.of("big", "", "littles", "bi\ng")) {
      assertThat(openFault(ordered(order)))
          .isEqualTo(
              "the tensors are stored in byte order '%s', expected little"
                  .formatted(order.replace('\n', ' ')));
    }
    assertThat(openFault(ordered("little endian"))).contains("byte order 'little e'");
  }

  @Test
  void otherZipFilesAreRefused() throws Exception {
    assertThat(openFault(Pickles.zip(Map.of("a/data.txt", NONE))))
        .isEqualTo("the zip file has no data.pkl: torch did not write it");
  }

  @Test
  void theFirstBytesShowWhetherAFileMayBeOne() throws Exception {
    byte[] file = Pickles.zip(Map.of("a/data.pkl", NONE));
    assertThat(TorchArchive.mayBegin(file)).isTrue();
    assertThat(TorchArchive.mayBegin(Arrays.copyOf(file, 40))).isTrue();
    assertThat(TorchArchive.mayBegin(Arrays.copyOf(file, 39))).isFalse();
    assertThat(TorchArchive.mayBegin(Pickles.zip(Map.of("a/data.npy", NONE)))).isFalse();
    assertThat(TorchArchive.mayBegin("a text about /data.pkl".getBytes(StandardCharsets.US_ASCII)))
        .isFalse();
  }

  private static byte[] ordered(String order) throws IOException {
    byte[] text = order.getBytes(StandardCharsets.US_ASCII);
    return Pickles.zip(new TreeMap<>(Map.of("a/data.pkl", NONE, "a/byteorder", text)));
  }

  private static TorchArchive open(byte[] file) throws Exception {
    return TorchArchive.open(Requests.file("a.pt", file));
  }

  private static String openFault(byte[] file) {
    return catchThrowableOfType(CorruptTraceException.class, () -> open(file)).getMessage();
  }

  private static int[] ints(TorchArchive archive, TorchTensor tensor) throws Exception {
    byte[] bytes = TorchValuesTest.read(archive, tensor);
    int[] values = new int[bytes.length / Integer.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) LittleEndian.whole(bytes, Integer.BYTES * i, Integer.BYTES);
    }
    return values;
  }
}
