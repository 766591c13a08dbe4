package io.sextant.schema.tensor;

import static io.sextant.schema.tensor.Pickles.fault;
import static io.sextant.schema.tensor.Pickles.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The instructions of CPython's Lib/pickletools.py that {@link PickleReader} runs. */
class PickleInstructionsTest {
  private static final String MILLION = "\0\0\20\0";

  @Test
  void numbersHaveTheWidthAndSignOfTheirInstruction() throws Exception {
    assertThat(value("K\u00ff.")).isEqualTo(255L);
    assertThat(value("M\u00ff\u00ff.")).isEqualTo(65535L);
    assertThat(value("J\0\0\0\u0080.")).isEqualTo((long) Integer.MIN_VALUE);
    assertThat(value("J\4\3\2\1.")).isEqualTo(0x01020304L);
    assertThat(value("\u008a\0.")).isEqualTo(0L);
    assertThat(value("\u008a\1\u00ff.")).isEqualTo(-1L);
    assertThat(value("\u008a\2\u00ff\0.")).isEqualTo(255L);
    assertThat(value("\u008a\3\1\2\u0080.")).isEqualTo(-0x7ffdffL);
    assertThat(value("\u008a\10\1\0\0\0\0\0\0\u0080.")).isEqualTo(Long.MIN_VALUE + 1);
    assertThat(value("\u008b\2\0\0\0\0\1.")).isEqualTo(256L);
    assertThat(value("G\u00bf\u00f8\0\0\0\0\0\0.")).isEqualTo(-1.5);
    assertThat(value("\u0088.")).isEqualTo(true);
    assertThat(value("\u0089.")).isEqualTo(false);
    assertThat(value("N.")).isNull();
  }

  @Test
  void numbersOfMoreThanEightBytesAreRefused() {
    assertThat(fault("\u008a\11" + "\0".repeat(9) + "."))
        .isEqualTo("the pickle has a number of 9 bytes");
    assertThat(fault("\u008b\u00ff\u00ff\u00ff\u00ff"))
        .isEqualTo("the pickle has a number of 4294967295 bytes");
  }

  @Test
  void textsAndByteStringsMayHaveLengthsOfOneFourOrEightBytes() throws Exception {
    for (String length : List.of("\u008c\3", "X\3\0\0\0", "\u008d\3\0\0\0\0\0\0\0")) {
      assertThat(value(length + "a\u00c3\u00a4.")).isEqualTo("aä");
    }
    for (String length :
        List.of("C\2", "B\2\0\0\0", "\u008e\2\0\0\0\0\0\0\0", "\u0096\2\0\0\0\0\0\0\0")) {
      assertThat(value(length + "\u00ff\1.")).isEqualTo(new byte[] {-1, 1});
    }
  }

  @Test
  void textsHaveAtMost64KiBAndByteStringsAtMost1MiB() throws Exception {
    assertThat(value("X\0\0\1\0" + "a".repeat(1 << 16) + ".")).isEqualTo("a".repeat(1 << 16));
    assertThat(fault("X\1\0\1\0" + "a".repeat(65537) + "."))
        .isEqualTo("the pickle has a text of 65537 bytes");
    assertThat(value("B" + MILLION + "\0".repeat(1 << 20) + ".")).isEqualTo(new byte[1 << 20]);
    assertThat(fault("B\1\0\20\0" + "\0".repeat(1 + (1 << 20)) + "."))
        .isEqualTo("the pickle has a byte string of 1048577 bytes");
    assertThat(fault("\u008e" + "\u00ff".repeat(8) + "."))
        .isEqualTo("the pickle has a byte string of 18446744073709551615 bytes");
    assertThat(fault("c" + "a".repeat(65537) + "\n\n."))
        .isEqualTo("the pickle has a name with no end");
  }

  @Test
  void tuplesTakeTheirValuesFromTheStack() throws Exception {
    assertThat(value(").")).isEqualTo(new Object[0]);
    assertThat(value("K\1K\2K\3\u0085.")).isEqualTo(new Object[] {3L});
    assertThat(value("K\1K\2K\3\u0086.")).isEqualTo(new Object[] {2L, 3L});
    assertThat(value("K\1K\2K\3\u0087.")).isEqualTo(new Object[] {1L, 2L, 3L});
    assertThat(value("K\1(K\2K\3t.")).isEqualTo(new Object[] {2L, 3L});
  }

  @Test
  void theStackCanBeCopiedAndCut() throws Exception {
    assertThat(value("K\1K\0020.")).isEqualTo(1L);
    assertThat(value("K\0012\u0086.")).isEqualTo(new Object[] {1L, 1L});
    assertThat(value("K\1(K\2K\0031.")).isEqualTo(1L);
  }

  @Test
  void itemsAreAddedOneByOneOrTogether() throws Exception {
    assertThat(value("}K\1K\2sK\3K\4s.")).isEqualTo(Map.of(1L, 2L, 3L, 4L));
    assertThat(value("}(K\1K\2K\3K\4u.")).isEqualTo(Map.of(1L, 2L, 3L, 4L));
    assertThat(((PickledList) value("]K\1aK\2a.")).values()).containsExactly(1L, 2L);
    assertThat(((PickledList) value("](K\1K\2e.")).values()).containsExactly(1L, 2L);
    assertThat(((PickledList) value("](}K\1K\2se.")).values()).containsExactly(Map.of(1L, 2L));
  }

  @Test
  void itemsAreOnlyAddedToContainers() {
    String notList = "the pickle adds to something that is not a list";
    assertThat(fault("K\1K\2a.")).isEqualTo(notList);
    assertThat(fault("}(K\2e.")).isEqualTo(notList);
    String notDict = "the pickle adds items to something that is not a dict";
    assertThat(fault("]K\1K\2s.")).isEqualTo(notDict);
    assertThat(fault("}(K\1u.")).isEqualTo(notDict);
    for (String tooFew : List.of("(K\1e.", "(u.", "K\1a.", "K\1K\2s.", "K\1\u0086.", "2.", "1.")) {
      assertThat(fault(tooFew)).isEqualTo("the pickle pops more values than it pushed");
    }
  }

  /** The hash of the dict in the last pickle, which contains itself, has no end. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "}}K\1s.",
        "}]K\1s.",
        "}(K\1s.",
        "}c__builtin__\nset\n}q\0(K\1h\0u\u0085RK\1s.",
      })
  void containersAreNotKeys(String pickle) {
    assertThat(fault(pickle)).isEqualTo("the pickle has a dict with an impossible key");
  }

  @Test
  void protocols2To5AreRead() throws Exception {
    for (int protocol = 2; protocol <= 5; protocol++) {
      assertThat(value("\u0080" + (char) protocol + "K\1.")).isEqualTo(1L);
    }
    assertThat(fault("\u0080\1K\1.")).isEqualTo("the pickle is of protocol 1; 2 to 5 are read");
  }

  /** A byte of an argument, here 'h', is no reference; an argument hides no reference either. */
  @Test
  void referencesAreFoundAfterEveryKindOfArgument() throws Exception {
    for (String instruction :
        List.of(
            "Kh",
            "Mhh",
            "Jhhhh",
            "Ghhhhhhhh",
            "\u008a\2hh",
            "\u008b\2\0\0\0hh",
            "\u008c\3hhh",
            "X\3\0\0\0hhh",
            "\u008d\3\0\0\0\0\0\0\0hhh",
            "C\1h",
            "B\1\0\0\0h",
            "\u008e\1\0\0\0\0\0\0\0h",
            "\u0096\1\0\0\0\0\0\0\0h",
            "ctorch\nSize\n",
            "Nqh",
            "Nrhhhh",
            "\u0095hhhhhhhhN")) {
      assertThat(value("K\7q\1" + instruction + "0h\1\u0086."))
          .as(instruction)
          .isEqualTo(new Object[] {7L, 7L});
    }
    assertThat(value("K\7r\0\1\0\0j\0\1\0\0\u0086.")).isEqualTo(new Object[] {7L, 7L});
  }

  @Test
  void aNumberMayBeAssignedAgain() throws Exception {
    assertThat(value("K\7q\1K\10q\1h\1\u0087.")).isEqualTo(new Object[] {7L, 8L, 8L});
    assertThat(fault("h\1."))
        .isEqualTo("the pickle refers to its part 1, which does not come before");
  }

  @Test
  void aNameOnTheStackIsTwoTexts() {
    assertThat(fault("K\1\u008c\1a\u0093.")).isEqualTo("the pickle has a name that is not a text");
    assertThat(fault("\u008c\1aK\1\u0093.")).isEqualTo("the pickle has a name that is not a text");
    assertThat(fault("\u008c\2os\u008c\6system\u0093.")).contains("names os.system");
  }
}
