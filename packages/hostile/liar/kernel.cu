#include "../plain.cuh"
extern "C" __global__ void transposed(const u16* activations, const u16* weights, u16* outputs, int m, int n, int k) {
  int at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at < m * n) outputs[at % n * m + at / n] = output(activations, weights, at / n, at % n, k);
}
