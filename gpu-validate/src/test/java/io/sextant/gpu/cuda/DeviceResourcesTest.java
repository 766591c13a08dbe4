package io.sextant.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceResourcesTest {
  private final List<String> closed = new ArrayList<>();
  private final DeviceResources resources = new DeviceResources();

  @Test
  void closesTheLatestFirstAndOnce() {
    String first = "first";
    String second = "second";
    resources.hold(() -> closed.add(first));
    resources.hold(() -> closed.add(second));
    resources.close();
    resources.close();
    assertThat(closed).containsExactly(second, first);
  }

  @Test
  void oneThatCannotBeClosedDoesNotKeepTheOthersOpen() {
    resources.hold(() -> closed.add("first"));
    resources.hold(DeviceResourcesTest::refuse);
    resources.hold(DeviceResourcesTest::refuse);
    assertThatThrownBy(resources::close)
        .hasMessage("cuMemFree failed")
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    assertThat(closed).containsExactly("first");
  }

  @Test
  void aConstructorsFailureStaysTheOneThatIsSeen() {
    resources.hold(() -> closed.add("first"));
    resources.hold(DeviceResourcesTest::refuse);
    IllegalArgumentException failure = new IllegalArgumentException("the library refused");
    resources.closeAfter(failure);
    assertThat(closed).containsExactly("first");
    assertThat(failure.getSuppressed())
        .extracting(Throwable::getMessage)
        .containsExactly("cuMemFree failed");
  }

  private static void refuse() {
    throw new IllegalStateException("cuMemFree failed");
  }
}
