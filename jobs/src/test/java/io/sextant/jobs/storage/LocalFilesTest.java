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
    assertThat(list()).containsExactly(file + " 3");
  }

  /** Two folders that link to each other are not a loop of one, but hold the same files twice. */
  @Test
  void listsAFileOnceThatLinksReachInSeveralWays(@TempDir Path elsewhere) throws IOException {
    Path a = Files.createDirectory(folder.resolve("a"));
    Path b = Files.createDirectory(folder.resolve("b"));
    Path x = Files.writeString(a.resolve("x"), "1");
    Path y = Files.writeString(b.resolve("y"), "22");
    Files.createSymbolicLink(a.resolve("to-b"), b);
    Files.createSymbolicLink(b.resolve("to-a"), a);
    Files.writeString(elsewhere.resolve("z"), "333");
    Files.createSymbolicLink(folder.resolve("link-1"), elsewhere);
    Files.createSymbolicLink(folder.resolve("link-2"), elsewhere);
    assertThat(list())
        .containsExactlyInAnyOrder(x + " 1", y + " 2", folder.resolve("link-1/z") + " 3");
  }

  @Test
  void skipsFoldersOfOtherPrograms() throws IOException {
    for (String name : List.of("_temporary/0", ".snapshot", "_delta_log", "a/.hidden")) {
      Files.writeString(Files.createDirectories(folder.resolve(name)).resolve("x"), "1");
    }
    Path file = Files.writeString(folder.resolve("a/x"), "1");
    assertThat(list()).containsExactly(file + " 1");
    // What the user names is read, whatever its name is.
    List<String> named = new ArrayList<>();
    Path hidden = folder.resolve(".snapshot");
    LocalFiles.list(hidden, (path, bytes) -> named.add(path.toString()));
    assertThat(named).containsExactly(hidden.resolve("x").toString());
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
