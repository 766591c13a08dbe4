package io.sextant.jobs.stretch;

import io.sextant.jobs.storage.InputFile;
import io.sextant.schema.file.FileNames;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that are read at once, because ranks of one engine that ran together wrote them; most often
 * one file.
 *
 * @param paths paths of the files, each with its scheme
 * @param bytes stored bytes of all of them
 */
public record RankFiles(List<String> paths, long bytes) implements Serializable {
  private static final Pattern RANK = Pattern.compile("rank_?\\d{1,6}");

  /** Each file that is read at once takes a thread, and memory of its own. */
  private static final int MOST_FILES = 64;

  /** Files by the name that they share with the dumps of other ranks, in order of their paths. */
  static List<RankFiles> of(List<InputFile> files) {
    Map<String, List<InputFile>> byName = new LinkedHashMap<>();
    for (InputFile file : files) {
      byName.computeIfAbsent(sharedName(file.path()), name -> new ArrayList<>()).add(file);
    }
    List<RankFiles> together = new ArrayList<>();
    for (List<InputFile> same : byName.values()) {
      for (int from = 0; from < same.size(); from += MOST_FILES) {
        List<InputFile> some = same.subList(from, Math.min(same.size(), from + MOST_FILES));
        together.add(
            new RankFiles(
                some.stream().map(InputFile::path).toList(),
                some.stream().mapToLong(InputFile::bytes).sum()));
      }
    }
    return together;
  }

  /**
   * The name without what differs between ranks. SGLang's ranks write the time into the name, each
   * its own; other engines write the same name into the folders of several nodes.
   */
  private static String sharedName(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    long minute = FileNames.sglangMinute(name);
    if (minute >= 0) {
      return "sglang " + minute;
    }
    Matcher rank = RANK.matcher(name);
    return rank.find() ? rank.replaceFirst("rank*") : path;
  }
}
