package io.sextant.jobs.precision;

import io.sextant.jobs.storage.InputFile;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The measurements from which dispatch chooses, of one device. */
final class KernelRuns {
  private KernelRuns() {}

  /**
   * Reads files.
   *
   * @param device the device whose runs are used; null if all runs are of one device
   * @throws InvalidInputException if a line is broken, if the runs are of several devices and no
   *     device is given, or if the given device has no runs
   */
  static List<KernelFigures> read(List<String> inputs, String device) throws IOException {
    List<KernelFigures> all = new ArrayList<>();
    for (InputFile file : InputFile.list(inputs)) {
      all.addAll(KernelFigures.read(new StoredFile(file.path())));
    }
    return device == null ? ofOneDevice(inputs, all) : of(device, all);
  }

  private static List<KernelFigures> of(String device, List<KernelFigures> all) {
    List<KernelFigures> ofDevice = all.stream().filter(run -> device.equals(run.device())).toList();
    if (ofDevice.isEmpty()) {
      throw InvalidInputException.of(
          "--device " + device, "there are no runs of it", "Name one of " + quoted(devices(all)));
    }
    return ofDevice;
  }

  /** Times of different GPUs cannot be compared, so a speedup between them would be meaningless. */
  private static List<KernelFigures> ofOneDevice(List<String> inputs, List<KernelFigures> all) {
    Map<String, List<KernelFigures>> byModel = new LinkedHashMap<>();
    all.forEach(run -> byModel.computeIfAbsent(run.model(), name -> new ArrayList<>()).add(run));
    byModel.forEach(
        (model, runs) -> {
          Set<String> devices = devices(runs);
          if (devices.size() > 1) {
            throw InvalidInputException.of(
                String.join(" ", inputs),
                "the runs of %s are of %d devices, %s, whose times cannot be compared"
                    .formatted(model, devices.size(), quoted(devices)),
                "Choose one with --device; run dispatch once per device");
          }
        });
    Set<String> devices = devices(all);
    if (devices.size() > 1) {
      throw InvalidInputException.of(
          String.join(" ", inputs),
          "the models were run on %d devices, %s, whose speedups cannot be averaged"
              .formatted(devices.size(), quoted(devices)),
          "Choose one with --device; run dispatch once per device");
    }
    return all;
  }

  private static Set<String> devices(List<KernelFigures> runs) {
    Set<String> devices = new TreeSet<>();
    runs.forEach(run -> devices.add(String.valueOf(run.device())));
    return devices;
  }

  private static String quoted(Set<String> devices) {
    return devices.stream().map(device -> "'" + device + "'").collect(Collectors.joining(", "));
  }
}
