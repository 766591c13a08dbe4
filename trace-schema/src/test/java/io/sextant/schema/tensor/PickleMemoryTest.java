package io.sextant.schema.tensor;

import static io.sextant.schema.tensor.Pickles.bytesTaken;
import static io.sextant.schema.tensor.Pickles.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.file.HeapShare;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How much of the heap's share a pickle takes. */
class PickleMemoryTest {
  private static final String THOUSAND = "\u00e8\3\0\0";
  private static final String TEXT = "X" + THOUSAND + "a".repeat(1000);

  @Test
  void textsAndByteStringsTakeTheirLength() throws Exception {
    assertThat(bytesTaken(TEXT + ".") - bytesTaken("X\0\0\0\0.")).isEqualTo(1000);
    assertThat(bytesTaken("B" + THOUSAND + "a".repeat(1000) + ".") - bytesTaken("B\0\0\0\0."))
        .isEqualTo(1000);
  }

  /** A list of integers is an array that doubles; its values do not stay objects. */
  @Test
  void listsOfNumbersTakeLessThanOtherLists() throws Exception {
    long empty = bytesTaken("](e.");
    assertThat(bytesTaken("](" + "K\1".repeat(1024) + "e.") - empty).isEqualTo(4 * 1024);
    assertThat(bytesTaken("](" + "N".repeat(1024) + "e.") - empty).isEqualTo((48 + 32) * 1024);
  }

  @Test
  void itemsOfADictTakeMemory() throws Exception {
    assertThat(bytesTaken("}K\1K\2s.") - bytesTaken("}.")).isEqualTo(3 * 48);
  }

  /** A short call could otherwise copy a long value as often as a hostile file likes. */
  @Test
  void copiesThatCallsMakeTakeMemory() throws Exception {
    String encode = "c_codecs\nencode\n" + "%s" + "X\6\0\0\0latin1\u0086R";
    String once = TEXT + "q\0" + encode.formatted("h\0");
    assertThat(bytesTaken(once + encode.formatted("h\0") + ".") - bytesTaken(once + "."))
        .isGreaterThan(1000)
        .isLessThan(1300);
    StringBuilder dict = new StringBuilder("}q\0(");
    for (int i = 0; i < 100; i++) {
      dict.append('K').append((char) i).append('N');
    }
    String copy = "ccollections\nOrderedDict\nh\0\u0085R";
    String two = dict + "u" + copy;
    assertThat(bytesTaken(two + copy + ".") - bytesTaken(two + "."))
        .isGreaterThan(4800)
        .isLessThan(5100);
  }

  @Test
  void onlyPartsWithReferencesAreKept() throws Exception {
    assertThat(bytesTaken("Nq\0.")).isEqualTo(bytesTaken("N."));
    long kept = bytesTaken(TEXT + "q\0h\0.") - bytesTaken(TEXT + "q\0N.");
    assertThat(kept).isEqualTo(64 + 2 * 48 + 1000);
    long twice = bytesTaken(TEXT + "q\0h\0h\0.") - bytesTaken(TEXT + "q\0h\0N.");
    assertThat(twice).isZero();
    long again = bytesTaken(TEXT + "q\0q\0h\0.") - bytesTaken(TEXT + "q\0h\0.");
    assertThat(again).isZero();
  }

  @Test
  void aReplacedDictReleasesItsMemory() throws Exception {
    String list = "](%s%se.";
    String record = "}X\1\0\0\0a" + TEXT + "s";
    PickledDicts dicts = dict -> "replaced";
    assertThat(
            ((PickledList) value(list.formatted(record, record), new HeapShare(), dicts)).values())
        .containsExactly("replaced", "replaced");
    assertThat(bytesTaken(list.formatted(record, ""), dicts)).isLessThan(1000);
    assertThat(
            bytesTaken(list.formatted(record, record), dicts)
                - bytesTaken(list.formatted(record, ""), dicts))
        .isLessThan(100);
  }

  @Test
  void aReplacedDictThatIsReferredToStaysTheSameObject() throws Exception {
    Object replacement = new Object();
    String list = "](}q\0X\1\0\0\0aK\1sh\0e.";
    List<Object> values =
        ((PickledList) value(list, new HeapShare(), dict -> replacement)).values();
    assertThat(values).hasSize(2).allSatisfy(value -> assertThat(value).isSameAs(replacement));
  }

  @Test
  void aReplacedDictKeepsTheMemoryOfItsSharedParts() throws Exception {
    PickledDicts dicts = dict -> dict.containsKey("a") ? "replaced" : null;
    String record = "](}(X\1\0\0\0a" + TEXT + "X\1\0\0\0b%su%se.";
    for (String part : List.of("]q\0", "}q\0", ")q\0", "Nq\0", "(K\1tq\0")) {
      assertThat(bytesTaken(record.formatted(part, "h\0"), dicts)).as(part).isGreaterThan(1000);
      assertThat(bytesTaken(record.formatted(part, "N"), dicts)).as(part).isLessThan(1000);
    }
    // A text takes its own memory, apart from that of the dict.
    assertThat(bytesTaken(record.formatted("X\1\0\0\0cq\0", "h\0"), dicts)).isLessThan(1000);
    assertThat(bytesTaken(record.formatted("ctorch\nSize\nq\0", "h\0"), dicts)).isLessThan(1000);
  }

  /** What is added to a shared list or dict outlives the dict in which it was added. */
  @Test
  void aReplacedDictKeepsTheMemoryOfWhatItAddsToSharedParts() throws Exception {
    PickledDicts dicts = dict -> dict.containsKey("a") ? "replaced" : null;
    String toList = "](]q\0}X\1\0\0\0ah\0" + TEXT + "as%se.";
    assertThat(bytesTaken(toList.formatted("h\0"), dicts)).isGreaterThan(1000);
    String toDict = "](}q\0}X\1\0\0\0ah\0K\1" + TEXT + "ss%se.";
    assertThat(bytesTaken(toDict.formatted("h\0"), dicts)).isGreaterThan(1000);
    assertThat(value("](]q\0}X\1\0\0\0ah\0K\1ase.", new HeapShare(), dicts))
        .isInstanceOfSatisfying(
            PickledList.class,
            list -> {
              assertThat(((PickledList) list.values().get(0)).values()).containsExactly(1L);
              assertThat(list.values().get(1)).isEqualTo("replaced");
            });
    assertThat(value("}q\0}X\1\0\0\0ah\0K\1K\2ss0.", new HeapShare(), dicts))
        .isEqualTo(Map.of(1L, 2L));
  }
}
