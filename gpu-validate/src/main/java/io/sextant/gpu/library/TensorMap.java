package io.sextant.gpu.library;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * The description of a matrix with which the Hopper copy engine fetches tiles ({@code
 * CUtensorMap}): rows of contiguous bytes, tiles 128 bytes wide, swizzled by 128 bytes as the
 * tensor cores expect.
 */
public final class TensorMap {
  /** Number of bytes of a row in one tile: the maximum for the 128-byte swizzle. */
  public static final int TILE_WIDTH_BYTES = 128;

  private static final int STRUCTURE_BYTES = 128;
  private static final int ALIGNMENT = 64;
  private static final int UINT8 = 0;
  private static final int SWIZZLE_128B = 3;
  private static final int PROMOTE_TO_256B = 3;

  private final Memory structure;

  private TensorMap(Memory structure) {
    this.structure = structure;
  }

  /**
   * Describes a matrix. The unit is bytes, because the element type does not matter to a copy.
   *
   * @param address address of the first row on the device, a multiple of 16
   * @param rowBytes number of bytes per row, a multiple of 16
   * @param tileRows number of rows per tile, at most 256
   */
  public static TensorMap of(long address, long rows, long rowBytes, int tileRows) {
    Memory structure = new Memory(STRUCTURE_BYTES + ALIGNMENT).align(ALIGNMENT);
    int result =
        Driver.FUNCTIONS.cuTensorMapEncodeTiled(
            structure,
            UINT8,
            2,
            new Pointer(address),
            new long[] {rowBytes, rows},
            new long[] {rowBytes},
            new int[] {TILE_WIDTH_BYTES, tileRows},
            new int[] {1, 1},
            0,
            SWIZZLE_128B,
            PROMOTE_TO_256B,
            0);
    if (result != 0) {
      throw new IllegalStateException("cuTensorMapEncodeTiled failed with " + result);
    }
    return new TensorMap(structure);
  }

  /** The structure as a kernel's argument. */
  public ByteBuffer argument() {
    return structure.getByteBuffer(0, STRUCTURE_BYTES);
  }

  private static final class Driver {
    static final Functions FUNCTIONS =
        NativeLibraries.load(Functions.class, "CUDA driver", "libcuda.so.1");
  }

  /** The C function, with the parameters declared in {@code cuda.h}. */
  interface Functions extends Library {
    int cuTensorMapEncodeTiled(
        Pointer map,
        int type,
        int rank,
        Pointer address,
        long[] sizes,
        long[] strides,
        int[] box,
        int[] elementStrides,
        int interleave,
        int swizzle,
        int l2Promotion,
        int outOfBoundsFill);
  }
}
