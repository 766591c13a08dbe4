package io.sextant.schema.spec;

import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * One folder of {@code conf}: the user's own folder first, then the one inside the jar.
 *
 * @param folder its name below {@code conf}
 * @param kind the kind of thing that its files describe, for messages
 * @param anchor a file that is always in the jar's folder, used to find that folder
 */
record ConfFolder(String folder, String kind, String anchor) {
  private static final String SUFFIX = ".yaml";
  private static final String PROPERTY = "sextant.conf";
  private static final String ENVIRONMENT = "SEXTANT_CONF";

  YamlFields open(String nameOrPath) {
    if (nameOrPath.endsWith(SUFFIX)) {
      return YamlFields.parse(nameOrPath, bytes(path(nameOrPath)));
    }
    if (isName(nameOrPath)) {
      Path own = ownFolder().resolve(nameOrPath + SUFFIX);
      if (Files.isRegularFile(own)) {
        return YamlFields.parse(own.toString(), bytes(own));
      }
      String resource = resource(nameOrPath);
      try (InputStream in = ConfFolder.class.getResourceAsStream("/" + resource)) {
        if (in != null) {
          return YamlFields.parse(resource, in.readAllBytes());
        }
      } catch (IOException e) {
        throw unreadable(resource, e);
      }
    }
    throw InvalidInputException.of(
        kind + " '" + nameOrPath + "'",
        "there is no such " + kind,
        "Name one of %s, or a file that ends in .yaml".formatted(String.join(", ", names())));
  }

  List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    try {
      addNames(names, ownFolder());
      addBundledNames(names);
    } catch (IOException e) {
      throw unreadable("conf/" + folder, e);
    }
    return List.copyOf(names);
  }

  private Path ownFolder() {
    String conf = System.getProperty(PROPERTY);
    if (conf == null) {
      conf = System.getenv(ENVIRONMENT);
    }
    return path(conf == null ? "conf" : conf).resolve(folder);
  }

  private String resource(String name) {
    return "conf/" + folder + "/" + name + SUFFIX;
  }

  private void addBundledNames(Collection<String> names) throws IOException {
    URL url = ConfFolder.class.getResource("/" + resource(anchor));
    if (url == null) {
      return;
    }
    URLConnection connection = url.openConnection();
    if (connection instanceof JarURLConnection jarConnection) {
      // Open a separate JarFile: the class loader still uses the shared one, so it must not be
      // closed.
      jarConnection.setUseCaches(false);
      try (JarFile jar = jarConnection.getJarFile()) {
        jar.stream().forEach(entry -> addName(names, entry.getName()));
      }
    } else if (url.getProtocol().equals("file")) {
      try {
        addNames(names, Path.of(new URI(url.toString())).resolveSibling("."));
      } catch (URISyntaxException e) {
        throw new IOException(e);
      }
    }
  }

  private static void addNames(Collection<String> names, Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> listing = Files.list(directory)) {
      listing.forEach(files::add);
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (name.endsWith(SUFFIX)) {
        names.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    }
  }

  private void addName(Collection<String> names, String entry) {
    String prefix = "conf/" + folder + "/";
    if (entry.startsWith(prefix) && entry.endsWith(SUFFIX)) {
      names.add(entry.substring(prefix.length(), entry.length() - SUFFIX.length()));
    }
  }

  private static boolean isName(String name) {
    return !name.isEmpty() && name.indexOf('/') < 0 && name.indexOf('\\') < 0;
  }

  private Path path(String path) {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw InvalidInputException.of(path, "not a path: " + e.getReason(), "Correct it", e);
    }
  }

  private byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw InvalidInputException.of(
          file.toString(),
          "there is no such file",
          "Name a file, or one of " + String.join(", ", names()),
          e);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  private static InvalidInputException unreadable(String where, IOException e) {
    return InvalidInputException.of(
        where, "cannot be read: " + e.getMessage(), "Check the file", e);
  }
}
