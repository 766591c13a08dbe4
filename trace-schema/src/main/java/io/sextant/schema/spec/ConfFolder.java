package io.sextant.schema.spec;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.NearestName;
import io.sextant.schema.spec.DescriptionFile.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final String DEFAULT = "conf";

  /** A description as it is read. */
  private record Source(DescriptionFile file, byte[] yaml) {}

  YamlFields open(String nameOrPath) {
    Source source = source(nameOrPath);
    return YamlFields.parse(source.file().path(), source.yaml());
  }

  /** The file that {@link #open} reads. */
  DescriptionFile file(String nameOrPath) {
    return source(nameOrPath).file();
  }

  /** The text that {@link #open} reads. */
  String text(String nameOrPath) {
    return new String(source(nameOrPath).yaml(), StandardCharsets.UTF_8);
  }

  private Source source(String nameOrPath) {
    if (nameOrPath.endsWith(SUFFIX)) {
      return source(nameOrPath, nameOrPath, Origin.OWN, bytes(path(nameOrPath)));
    }
    if (isName(nameOrPath)) {
      Path own = ownFolder().resolve(nameOrPath + SUFFIX);
      byte[] builtIn = builtIn(nameOrPath);
      if (Files.isRegularFile(own)) {
        byte[] yaml = bytes(own);
        boolean replaces = builtIn != null && !Arrays.equals(builtIn, yaml);
        Origin origin = replaces ? Origin.REPLACES_BUILT_IN : Origin.OWN;
        return source(nameOrPath, own.toString(), origin, yaml);
      }
      if (builtIn != null) {
        return source(nameOrPath, resource(nameOrPath), Origin.BUILT_IN, builtIn);
      }
    }
    List<String> names = names();
    throw InvalidInputException.of(
        kind + " '" + nameOrPath + "'",
        "there is no such " + kind,
        "%sName one of %s, or a file that ends in .yaml"
            .formatted(NearestName.remedy(nameOrPath, names), String.join(", ", names)));
  }

  private Source source(String name, String path, Origin origin, byte[] yaml) {
    return new Source(new DescriptionFile(kind, name, path, origin), yaml);
  }

  boolean isBuiltIn(String name) {
    return isName(name) && builtIn(name) != null;
  }

  /** The built-in description; null if there is none of this name. */
  private byte[] builtIn(String name) {
    String resource = resource(name);
    try (InputStream in = ConfFolder.class.getResourceAsStream("/" + resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw unreadable(resource, e);
    }
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
    return ConfFolder.root().resolve(folder);
  }

  /**
   * The user's {@code conf}, which exists if the user named it.
   *
   * @throws InvalidInputException if the user named a folder that does not exist
   */
  static Path root() {
    String conf = System.getProperty(PROPERTY);
    String setting = PROPERTY;
    if (conf == null) {
      conf = System.getenv(ENVIRONMENT);
      setting = ENVIRONMENT;
    }
    if (conf == null) {
      return Path.of(DEFAULT);
    }
    Path root = path(conf);
    if (!Files.isDirectory(root)) {
      throw InvalidInputException.of(
          setting + "=" + conf,
          Files.exists(root) ? "it is not a folder" : "there is no such folder",
          "Name a folder with models, clusters or serving in it, or unset it");
    }
    return root;
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

  private static Path path(String path) {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw InvalidInputException.of(path, "not a path: " + e.getReason(), "Correct it", e);
    }
  }

  private byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(YamlFields.MOST_BYTES + 1);
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
