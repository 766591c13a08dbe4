package io.sextant.schema.trace.routing;

import io.sextant.schema.file.FileNames;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Finds a request's prompt length among those that the user gave. */
public final class PromptLengths {
  /** The prefixes that vLLM and others put before a client's id. */
  private static final String[] PREFIXES = {"chatcmpl-", "cmpl-"};

  private PromptLengths() {}

  /**
   * The length that the user gave for a request.
   *
   * @param names the request's names, such as ids of the response or the name of its file. Each is
   *     looked up as it is, then without the prefix that an engine adds, then by the number that it
   *     ends in
   * @return the length in tokens; -1 if none is given, or several that differ
   */
  public static long of(Map<String, Integer> given, Collection<String> names) {
    if (given.isEmpty()) {
      return -1;
    }
    Set<Integer> found = new LinkedHashSet<>();
    for (String name : names) {
      add(found, given, name);
    }
    if (found.isEmpty()) {
      for (String name : names) {
        add(found, given, bare(name));
        add(found, given, FileNames.number(name));
        for (String prefix : PREFIXES) {
          add(found, given, prefix + name);
        }
      }
    }
    return found.size() == 1 ? found.iterator().next() : -1;
  }

  private static void add(Set<Integer> found, Map<String, Integer> given, String name) {
    Integer length = given.get(name);
    if (length != null) {
      found.add(length);
    }
  }

  private static String bare(String name) {
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        return name.substring(prefix.length());
      }
    }
    return name;
  }
}
