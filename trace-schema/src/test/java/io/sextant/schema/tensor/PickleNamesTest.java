package io.sextant.schema.tensor;

import static io.sextant.schema.tensor.Pickles.fault;
import static io.sextant.schema.tensor.Pickles.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PickleNamesTest {
  private static final String NOT_ALLOWED =
      "the pickle asks for a call that is not among those allowed";

  private static final String INTS = storage("torch\nIntStorage");
  private static final String UNTYPED = storage("torch.storage\nUntypedStorage");

  @Test
  void dictsOfTheCollectionsModuleAreDicts() throws Exception {
    assertThat(value("ccollections\nOrderedDict\n)RK\1K\2s.")).isEqualTo(Map.of(1L, 2L));
    assertThat(value("ccollections\nCounter\n}K\1K\2s\u0085R.")).isEqualTo(Map.of(1L, 2L));
    assertThat(value("ccollections\nCounter\n}K\1K\2s\u0085RK\3K\4s."))
        .isEqualTo(Map.of(1L, 2L, 3L, 4L));
    assertThat(value("ccollections\ndefaultdict\nc__builtin__\nlist\n\u0085R."))
        .isEqualTo(Map.of());
    assertThat(fault("ccollections\nCounter\n}}\u0086R.")).isEqualTo(NOT_ALLOWED);
    assertThat(fault("ccollections\nCounter\n]\u0085R.")).isEqualTo(NOT_ALLOWED);
  }

  @Test
  void someCallsStandForPlainData() throws Exception {
    assertThat(value("ctorch\ndevice\nX\4\0\0\0cuda\u0085R.")).isEqualTo("cuda");
    assertThat(value("ctorch\ndevice\nX\4\0\0\0cudaK\1\u0086R.")).isEqualTo("cuda");
    assertThat(value("c__builtin__\ncomplex\nK\1K\2\u0086R.")).isEqualTo(new Object[] {1L, 2L});
    assertThat(value("cbuiltins\ncomplex\nK\1K\2\u0086R.")).isEqualTo(new Object[] {1L, 2L});
    assertThat(value("cbuiltins\nbytearray\nC\1a\u0085R.")).isEqualTo(new byte[] {'a'});
    for (String empty : List.of("set", "frozenset", "bytearray")) {
      assertThat(((PickledList) value("c__builtin__\n" + empty + "\n)R.")).numbers()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ctorch\ndevice\n)R.",
        "ctorch\ndevice\nK\1\u0085R.",
        "ctorch\nSize\n)R.",
        "ctorch\nSize\nK\1\u0085R.",
        "ctorch\nint32\n)R.",
        "c_codecs\nencode\nX\1\0\0\0a\u0085R.",
        "c_codecs\nencode\nK\1K\1\u0086R.",
        "c__builtin__\ncomplex\nK\1\u0085R.",
        "c__builtin__\nset\n]]\u0086R.",
        "c__builtin__\nlist\n)R.",
        "c__builtin__\ndict\nK\1K\1\u0086R.",
        "ctorch._utils\n_rebuild_parameter\n)R.",
        "ctorch._utils\n_rebuild_parameter\nK\1\u0085R.",
        "ctorch\nSize\nK\1R.",
        "K\1)R.",
      })
  void otherArgumentsAreRefused(String pickle) {
    assertThat(fault(pickle)).isEqualTo(NOT_ALLOWED);
  }

  @ParameterizedTest
  @CsvSource({
    "torch, load",
    "torch, uint1",
    "torchvision, IntStorage",
    "builtins, eval",
    "os, set",
    "'', set"
  })
  void otherNamesAreRefused(String module, String name) {
    assertThat(fault("c" + module + "\n" + name + "\n."))
        .isEqualTo(
            "the pickle names %s.%s, which is not allowed; no code of it was run"
                .formatted(module, name));
  }

  @Test
  void aTensorIsTheLocationOfItsValues() throws Exception {
    TorchTensor tensor = tensor("ctorch._utils\n_rebuild_tensor_v2\n(" + INTS + place(5) + "tR.");
    assertThat(tensor.type()).isEqualTo("IntStorage");
    assertThat(tensor.key()).isEqualTo("0");
    assertThat(tensor.offset()).isEqualTo(5);
    assertThat(tensor.shape()).containsExactly(2, 3);
    assertThat(tensor.stride()).containsExactly(1, 2);
    String parameter =
        "ctorch._utils\n_rebuild_parameter\n(ctorch._utils\n_rebuild_tensor_v2\n("
            + INTS
            + place(0)
            + "tR";
    assertThat(tensor(parameter + "\u0089tR.").offset()).isZero();
    assertThat(tensor(parameter + "tR.").key()).isEqualTo("0");
  }

  @Test
  void aTensorMayHaveADtypeOfItsOwn() throws Exception {
    String call = "ctorch._utils\n_rebuild_tensor_v3\n(";
    assertThat(tensor(call + UNTYPED + place(0) + "\u0089Nctorch\nuint16\ntR.").type())
        .isEqualTo("uint16");
    assertThat(tensor(call + INTS + place(0) + "\u0089NNtR.").type()).isEqualTo("IntStorage");
    assertThat(fault(call + UNTYPED + place(0) + "\u0089NNtR."))
        .isEqualTo("the pickle has a tensor of no known type");
    assertThat(fault("ctorch._utils\n_rebuild_tensor_v2\n(" + UNTYPED + place(0) + "tR."))
        .isEqualTo("the pickle has a tensor of no known type");
  }

  @Test
  void aTensorHasAStorageAnOffsetAShapeAndAStride() {
    String unexpected = "the pickle has a tensor with unexpected arguments";
    assertThat(build(INTS + "K\0)")).isEqualTo(unexpected);
    assertThat(build("K\0" + place(0))).isEqualTo(unexpected);
    assertThat(build(INTS + "N))")).isEqualTo(unexpected);
    assertThat(build(INTS + "J\u00ff\u00ff\u00ff\u00ff))")).isEqualTo(unexpected);
    assertThat(fault("ctorch._utils\n_rebuild_tensor_v3\n(" + INTS + place(0) + "\u0089NtR."))
        .isEqualTo(unexpected);
    assertThat(build(INTS + "K\0K\1)")).isEqualTo("the pickle has a tensor without a shape");
    assertThat(build(INTS + "K\0)N")).isEqualTo("the pickle has a tensor without a shape");
    assertThat(build(INTS + "K\0N\u0085)"))
        .isEqualTo("the pickle has a tensor with an absurd shape");
    assertThat(build(INTS + "K\0J\u00ff\u00ff\u00ff\u00ff\u0085K\1\u0085"))
        .isEqualTo("the pickle has a tensor with an absurd shape");
    assertThat(build(INTS + "K\0K\1\u0085)"))
        .isEqualTo("the pickle has a tensor with an absurd stride");
  }

  @Test
  void aTensorHasAtMostEightDimensions() throws Exception {
    String eight = "(" + "K\1".repeat(8) + "t";
    String nine = "(" + "K\1".repeat(9) + "t";
    assertThat(
            tensor("ctorch._utils\n_rebuild_tensor_v2\n(" + INTS + "K\0" + eight + eight + "tR.")
                .shape())
        .hasSize(8);
    assertThat(build(INTS + "K\0" + nine + nine))
        .isEqualTo("the pickle has a tensor without a shape");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "K\1",
        "N",
        "(X\7\0\0\0storagectorch\nIntStorage\nt",
        "(X\7\0\0\0storageK\1X\1\0\0\0000t",
        "(X\7\0\0\0storagectorch\nIntStorage\nK\1t",
        "(X\7\0\0\0storagectorch\nSize\nX\1\0\0\0000t",
        "(X\7\0\0\0storageccollections\nCounter\nX\1\0\0\0000t",
      })
  void onlyStoragesAreReferredTo(String id) {
    assertThat(fault(id + "Q."))
        .isEqualTo("the pickle refers to something that is not a tensor storage");
  }

  private static TorchTensor tensor(String pickle) throws Exception {
    return (TorchTensor) value(pickle);
  }

  private static String build(String arguments) {
    return fault("ctorch._utils\n_rebuild_tensor_v2\n(" + arguments + "tR.");
  }

  private static String storage(String type) {
    return "(X\7\0\0\0storagec" + type + "\nX\1\0\0\0000tQ";
  }

  /** Offset, shape [2, 3] and the stride of a transposed matrix. */
  private static String place(int offset) {
    return "K" + (char) offset + "K\2K\3\u0086K\1K\2\u0086";
  }
}
