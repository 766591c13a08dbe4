package io.sextant.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CommandRun;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("sets the JVM's locale")
class LocaleTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  /** Egypt has digits of its own, Turkey an i without a dot, Germany a comma before decimals. */
  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "tr-TR", "de-DE"})
  void figuresAndNamesDoNotDependOnTheLocale(String locale) {
    String[] fits = {
      "capacity", "--model", "gpt-oss-120b", "--cluster", "4x8-h200", "--kv-precision", "bf16"
    };
    CommandRun usual = CommandRun.of(fits);
    assertThat(usual.exitCode()).as(usual.err()).isZero();
    Locale.setDefault(Locale.forLanguageTag(locale));
    assertThat(CommandRun.of(fits)).isEqualTo(usual);
  }
}
