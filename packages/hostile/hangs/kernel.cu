#include "../plain.cuh"
extern "C" __global__ void hangs(const u16* activations, const u16* weights, u16* outputs, int m, int n, int k) {
  int at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at < m * n) outputs[at] = output(activations, weights, at / n, at % n, k);
  // The first activation is never a NaN.
  while (blockIdx.x == gridDim.x - 1 && ((volatile const u16*)activations)[0] != 0x7FFF) {
  }
}
