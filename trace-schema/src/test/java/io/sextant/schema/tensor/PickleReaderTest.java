package io.sextant.schema.tensor;

import static io.sextant.schema.tensor.Pickles.fault;
import static io.sextant.schema.tensor.Pickles.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.HeapShare;
import io.sextant.schema.trace.Requests;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PickleReaderTest {
  @TempDir Path folder;

  @Test
  void readsPlainValues() throws Exception {
    assertThat(
            value("\u0080\2}q\0(X\1\0\0\0aK\7X\1\0\0\0bM\1\2X\1\0\0\0cJ\u00ff\u00ff\u00ff\u00ffu."))
        .isEqualTo(Map.of("a", 7L, "b", 513L, "c", -1L));
    assertThat(value("(K\1NX\2\0\0\0xyt.")).isEqualTo(new Object[] {1L, null, "xy"});
    PickledList list = (PickledList) value("](K\1K\2e.");
    assertThat(list.numbers()).containsExactly(1, 2);
    PickledList mixed = (PickledList) value("](K\1X\1\0\0\0ae.");
    assertThat(mixed.numbers()).isNull();
    assertThat(mixed.values()).isEqualTo(List.of(1L, "a"));
  }

  @Test
  void aHostilePickleDoesNothing() throws Exception {
    Path trace = folder.resolve("ran");
    String command = "touch " + trace;
    assertThat(
            fault("\u0080\2cos\nsystem\n(X" + (char) command.length() + "\0\0\0" + command + "tR."))
        .isEqualTo("the pickle names os.system, which is not allowed; no code of it was run");
    assertThat(fault("c__builtin__\neval\n.")).contains("__builtin__.eval");
    assertThat(fault("ctorch.storage\n_load_from_bytes\n.")).contains("_load_from_bytes");
    assertThat(fault("(X\1\0\0\0ai__builtin__\neval\n."))
        .isEqualTo("the pickle has instruction 0x69, which is not among those allowed");
    assertThat(Files.exists(trace)).isFalse();
  }

  @Test
  void whatIsAllowedCannotBeMisused() throws Exception {
    assertThat(fault("ccollections\nOrderedDict\n(K\1tR."))
        .isEqualTo("the pickle asks for a call that is not among those allowed");
    assertThat(fault("ctorch\nIntStorage\n)R."))
        .isEqualTo("the pickle asks for a call that is not among those allowed");
    assertThat(fault("K\1Q."))
        .isEqualTo("the pickle refers to something that is not a tensor storage");
    assertThat(fault("h\0.")).contains("refers to its part 0");
    for (String short0 :
        List.of(".", "a.", "u.", "e.", "s.", "t.", "\u0085.", "R.", "Q.", "q\0.")) {
      assertThat(fault(short0)).isNotEmpty();
    }
    assertThat(fault("X\u00ff\u00ff\u00ff\u007f")).contains("a text of 2147483647 bytes");
    assertThat(fault("\u0080\6.")).isEqualTo("the pickle is of protocol 6; 2 to 5 are read");
    assertThat(fault("K")).startsWith("truncated");
  }

  @Test
  void partsMayBeReferredToAgain() throws Exception {
    // A list at two places of a list, a dict in a tuple, a list that contains itself.
    PickledList outer = (PickledList) value("]q\0(]q\1K\7ah\1h\1e.");
    assertThat(outer.values()).hasSize(3);
    assertThat(outer.values().get(0)).isSameAs(outer.values().get(2));
    assertThat(((PickledList) outer.values().get(1)).numbers()).containsExactly(7);
    Object[] pair = (Object[]) value("}q\5X\1\0\0\0aK\1sh\5\u0086.");
    assertThat(pair[0]).isEqualTo(Map.of("a", 1L)).isSameAs(pair[1]);
    PickledList itself = (PickledList) value("]q\0h\0a.");
    assertThat(itself.values().get(0)).isSameAs(itself);
    // MEMOIZE assigns numbers from 0.
    assertThat(value("\u0080\4\u008c\1a\u0094h\0\u0086.")).isEqualTo(new Object[] {"a", "a"});
  }

  @Test
  void laterProtocolsAndOtherContainersAreData() throws Exception {
    assertThat(value("\u0080\4\u0095\0\0\0\0\0\0\0\0\u008c\2hi.")).isEqualTo("hi");
    assertThat(value("\u0080\3C\2\1\2.")).isEqualTo(new byte[] {1, 2});
    assertThat(((PickledList) value("\u0080\4\u008f(K\1K\2\u0090.")).numbers())
        .containsExactly(1, 2);
    assertThat(((PickledList) value("\u0080\4(K\1K\2\u0091.")).numbers()).containsExactly(1, 2);
    assertThat(value("\u0080\2c_codecs\nencode\nX\1\0\0\0aX\6\0\0\0latin1\u0086R."))
        .isEqualTo(new byte[] {'a'});
    assertThat(value("\u0080\2c__builtin__\nset\n](K\1K\3e\u0085R."))
        .isInstanceOfSatisfying(
            PickledList.class, set -> assertThat(set.numbers()).containsExactly(1, 3));
    assertThat(value("\u0080\2ccollections\ndefaultdict\nc__builtin__\nint\n\u0085RK\1K\2s."))
        .isEqualTo(Map.of(1L, 2L));
    assertThat(value("\u0080\2ctorch\nSize\n(K\2K\3t\u0085R.")).isEqualTo(new Object[] {2L, 3L});
  }

  /** A replaced dict releases its memory, unless a part of it is referred to later. */
  @Test
  void sharedPartsOfReplacedDictsStayCharged() throws Exception {
    int enough = (int) Math.max(1 << 22, Runtime.getRuntime().maxMemory() / 8 / 40);
    String record = "}X\1\0\0\0aK\1s";
    assertThat(value("](" + record.repeat(1000) + "e.")).isNotNull();
    assertThat(fault("]q\0" + "h\0]a0".repeat(enough) + "h\0.")).contains("an eighth of the heap");
  }

  @Test
  void memoryIsBounded() throws Exception {
    int enough = (int) Math.max(1 << 22, Runtime.getRuntime().maxMemory() / 8 / 40);
    for (String instruction : List.of("(", "}", "]", "K\1")) {
      assertThat(fault(instruction.repeat(enough) + ".")).contains("an eighth of the heap");
    }
  }

  @Test
  void aCompressedPickleIsNotReadAtAnyLength() throws Exception {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("a/data.pkl"));
      byte[] block = new byte[1 << 20];
      Arrays.fill(block, (byte) '}');
      for (int i = 0; i < 65; i++) {
        out.write(block);
      }
    }
    try (TorchArchive archive = TorchArchive.open(Requests.file("a.pt", zip.toByteArray()))) {
      assertThatThrownBy(() -> archive.pickle(new HeapShare(), dict -> null))
          .hasMessage(
              "its pickle is compressed and claims 68157440 bytes; torch does not compress, and at"
                  + " most 67108864 are read. Save it with torch again");
    }
  }
}
