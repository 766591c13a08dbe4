package io.sextant.gpu.cuda;

import io.sextant.schema.InvalidInputException;
import jcuda.driver.CUresult;

/** Turns the driver's return codes into errors that name the call and the code. */
final class CudaCalls {
  private CudaCalls() {}

  /**
   * Checks a call that looks for devices. A failure of such a call comes from the machine's set-up.
   *
   * @throws InvalidInputException naming the call and the code
   */
  static void checkSetUp(String call, int result) {
    if (result == CUresult.CUDA_ERROR_NO_DEVICE) {
      throw MissingCuda.noDevice();
    }
    if (result != CUresult.CUDA_SUCCESS) {
      throw MissingCuda.failed(call, CUresult.stringFor(result));
    }
  }

  /**
   * Checks any other call.
   *
   * @throws InvalidInputException if the device has too little memory, which the user can change
   * @throws IllegalStateException for every other failure of the call
   */
  static void check(String call, int result) {
    if (result == CUresult.CUDA_SUCCESS) {
      return;
    }
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw InvalidInputException.of(
          "CUDA device",
          call + " found too little memory",
          "Ask for fewer tokens or a smaller model, or free the GPU of other work");
    }
    throw new IllegalStateException(call + " failed with " + CUresult.stringFor(result));
  }
}
