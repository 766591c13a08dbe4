package io.sextant.gpu.kernel;

import io.sextant.gpu.cuda.CudaDevice;
import io.sextant.gpu.library.Nvrtc;
import io.sextant.numerics.gemm.GemmInput;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Compiles the {@code .cu} resources beside this class for one device and caches the result on disk
 * by source and architecture, because a Hopper kernel takes seconds to compile.
 */
public final class KernelCompiler {
  private static final int FIRST_SUPPORTED_MAJOR = 9;

  private final String architecture;
  private final Path cache;

  /**
   * @param cache folder of the cache; created if it is missing
   * @throws InvalidInputException if the device is older than Hopper, which introduced this kind of
   *     FP8 tensor cores
   */
  public KernelCompiler(CudaDevice device, Path cache) {
    if (device.computeMajor() != FIRST_SUPPORTED_MAJOR) {
      throw InvalidInputException.of(
          device.name(),
          "compute capability %s; our kernels are written for 9.0 (H100, H200)"
              .formatted(device.computeCapability()),
          "Use --device cpu for the error figures");
    }
    this.architecture = "sm_%d%da".formatted(device.computeMajor(), device.computeMinor());
    this.cache = cache;
  }

  /** {@code $XDG_CACHE_HOME/sextant/kernels}, or the same in {@code ~/.cache}. */
  public static Path defaultCache() {
    String home = System.getenv("XDG_CACHE_HOME");
    Path base =
        home == null || home.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(home);
    return base.resolve("sextant").resolve("kernels");
  }

  /** The text of a resource of this package, such as {@code quantize.cu}. */
  public static String source(String name) {
    try (InputStream in = KernelCompiler.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no kernel source " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The source {@code e4m3.cu}, configured to apply the function before the conversion. */
  static String conversionSource(GemmInput input) {
    String setting = input == GemmInput.BEFORE_SQUARED_RELU ? "#define SQUARED_RELU\n" : "";
    return setting + source("e4m3.cu");
  }

  /** The cubin of a source, from the cache if it is there. */
  public byte[] compile(String name, String source) {
    List<String> options = List.of("--gpu-architecture=" + architecture, "--std=c++17");
    Nvrtc compiler = new Nvrtc();
    String key = digest(source + '\n' + options + '\n' + compiler.version());
    Path file = cache.resolve(name + "-" + key.substring(0, 32) + ".cubin");
    try {
      if (Files.exists(file)) {
        return Files.readAllBytes(file);
      }
      byte[] cubin = compiler.compile(name, source, options);
      Files.createDirectories(cache);
      Path aside = Files.createTempFile(cache, name, ".tmp");
      Files.write(aside, cubin);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      return cubin;
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(),
          "the compiled kernel could not be kept: " + e.getMessage(),
          "Name a writable folder in XDG_CACHE_HOME",
          e);
    }
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
