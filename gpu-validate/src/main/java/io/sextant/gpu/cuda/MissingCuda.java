package io.sextant.gpu.cuda;

import io.sextant.schema.InvalidInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains in one line why CUDA is not available. JCuda's own message is fifty lines of stack
 * traces.
 */
final class MissingCuda {
  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("(\\S+\\.so\\S*): cannot open shared object file");
  private static final String DRIVER = "libcuda.so.1";

  private MissingCuda() {}

  static InvalidInputException explain(LinkageError error) {
    String text = allMessages(error);
    Matcher library = MISSING_LIBRARY.matcher(text);
    if (!library.find()) {
      return InvalidInputException.of(
          "No JCuda",
          "its native library for %s on %s could not be loaded"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
          "Run this on Linux x86-64, where JCuda has one",
          error);
    }
    return library.group(1).equals(DRIVER)
        ? InvalidInputException.of(
            "No CUDA driver",
            DRIVER + " was not found",
            "Install the NVIDIA driver, or run this on a machine with a GPU",
            error)
        : InvalidInputException.of(
            "No JCuda",
            library.group(1) + " was not found",
            "Install the library that has it",
            error);
  }

  static InvalidInputException noDevice() {
    return InvalidInputException.of(
        "No CUDA device",
        "the driver is there, but it offers no GPU",
        "Run this on a machine with a GPU, and check CUDA_VISIBLE_DEVICES");
  }

  static InvalidInputException failed(String call, String result) {
    return InvalidInputException.of(
        "CUDA driver",
        "%s failed with %s".formatted(call, result),
        "See what nvidia-smi says on this machine");
  }

  private static String allMessages(Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      text.append(cause.getMessage()).append('\n');
    }
    return text.toString();
  }
}
