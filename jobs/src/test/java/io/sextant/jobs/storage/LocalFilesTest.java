package io.sextant.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  @TempDir private Path folder;

  @Test
  void followsLinksAndPassesOverLoops() throws IOException {
    Path file = Files.writeString(Files.createDirectory(folder.resolve("a")).resolve("x"), "123");
    Files.createSymbolicLink(folder.resolve("b"), file);
    Files.createSymbolicLink(folder.resolve("a/up"), folder);
    assertThat(list()).containsExactlyInAnyOrder(file + " 3", folder.resolve("b") + " 3");
  }

  @Test
  void namesALinkToNothing() throws IOException {
    Files.createSymbolicLink(folder.resolve("gone"), Path.of("elsewhere"));
    assertThatThrownBy(this::list)
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            folder.resolve("gone")
                + ": it is a link to elsewhere, which does not exist. Remove or correct the link");
  }

  @Test
  void namesAPipeInsteadOfWaitingForIt() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(this::list)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(pipe + ": it is a pipe, socket or device");
  }

  private List<String> list() throws IOException {
    List<String> found = new ArrayList<>();
    LocalFiles.list(folder, (file, bytes) -> found.add(file + " " + bytes));
    return found;
  }
}
