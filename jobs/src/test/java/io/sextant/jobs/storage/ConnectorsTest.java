package io.sextant.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class ConnectorsTest {
  @Test
  void aStoreThatDoesNotAnswerIsGivenUpAfterMinutes() {
    Configuration defaults = Connectors.withDefaults(new Configuration());
    long socketSeconds = defaults.getTimeDuration("fs.s3a.connection.timeout", 0, TimeUnit.SECONDS);
    int attempts =
        defaults.getInt("fs.s3a.attempts.maximum", 0)
            * (1 + defaults.getInt("fs.s3a.retry.limit", 0));
    assertThat(socketSeconds * attempts).isBetween(60L, 180L);
  }

  @Test
  void credentialsComeFromTheUsualChain() {
    assertThat(Connectors.withDefaults(new Configuration()).get("fs.s3a.aws.credentials.provider"))
        .endsWith("awssdk.auth.credentials.DefaultCredentialsProvider");
  }

  @Test
  void whatTheUserSetsStays() {
    Configuration user = new Configuration();
    user.set("fs.s3a.retry.limit", "7");
    user.set("fs.s3a.aws.credentials.provider", "a.Provider");
    Configuration configuration = Connectors.withDefaults(user);
    assertThat(configuration.get("fs.s3a.retry.limit")).isEqualTo("7");
    assertThat(configuration.get("fs.s3a.aws.credentials.provider")).isEqualTo("a.Provider");
  }
}
