// Kernels for the checks: the hardware's own conversions, exact single outputs of products, and inputs.

typedef unsigned int u32;
typedef unsigned short u16;
typedef long long i64;

// The E4M3 and E5M2 codes of all 65,536 halves, and of all 65,536 BF16 values, converted via float.
extern "C" __global__ void convertAll(u16* halfE4m3, u16* halfE5m2, u16* bf16E4m3, u16* bf16E5m2) {
  u32 bits = blockIdx.x * blockDim.x + threadIdx.x;
  u32 pair = bits | bits << 16;
  float value = __uint_as_float(bits << 16);
  u16 d;
  asm("cvt.rn.satfinite.e4m3x2.f16x2 %0, %1;" : "=h"(d) : "r"(pair));
  halfE4m3[bits] = d;
  asm("cvt.rn.satfinite.e5m2x2.f16x2 %0, %1;" : "=h"(d) : "r"(pair));
  halfE5m2[bits] = d;
  asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %1;" : "=h"(d) : "f"(value));
  bf16E4m3[bits] = d;
  asm("cvt.rn.satfinite.e5m2x2.f32 %0, %1, %1;" : "=h"(d) : "f"(value));
  bf16E5m2[bits] = d;
}

// out[i][j] = activations[tokens[i]] . weights[columns[j]], summed in double, one warp per value.
extern "C" __global__ void exactOutputs(const u16* activations, const u16* weights, int k,
    const int* tokens, const int* columns, int columnCount, float* out) {
  int index = (blockIdx.x * blockDim.x + threadIdx.x) / 32;
  const u16* x = activations + (i64)tokens[index / columnCount] * k;
  const u16* w = weights + (i64)columns[index % columnCount] * k;
  double sum = 0;
  for (int i = threadIdx.x % 32; i < k; i += 32) {
    sum += (double)__uint_as_float((u32)x[i] << 16) * (double)__uint_as_float((u32)w[i] << 16);
  }
  for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(0xFFFFFFFFu, sum, step);
  if (threadIdx.x % 32 == 0) out[index] = (float)sum;
}

// out[i][j] = matrix[tokens[i]][columns[j]] as floats.
extern "C" __global__ void gather(const u16* matrix, int width, const int* tokens, const int* columns,
    int columnCount, int count, float* out) {
  int index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= count) return;
  i64 at = (i64)tokens[index / columnCount] * width + columns[index % columnCount];
  out[index] = __uint_as_float((u32)matrix[at] << 16);
}

__device__ __forceinline__ u32 mix(u32 x) {
  x ^= x >> 16; x *= 0x7FEB352Du; x ^= x >> 15; x *= 0x846CA68Bu; x ^= x >> 16;
  return x;
}

__device__ __forceinline__ float gaussian(u32 a, u32 b) {
  float u = (mix(a) + 1.0f) * 2.3283064e-10f;
  float angle = mix(b) * 1.4629181e-9f;
  return sqrtf(-2.0f * logf(fminf(u, 1.0f))) * cosf(angle);
}

// Values whose rows and columns differ in magnitude, like real activations: N(0,1) times exp(spread * N(0,1))
// of the row and of the column. With plain N(0,1) values, a kernel that mixes up scales would pass.
extern "C" __global__ void fillSpread(u16* out, i64 values, int columns, float size, float spread,
    float mean, u32 seed) {
  i64 step = (i64)gridDim.x * blockDim.x;
  for (i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x; i < values; i += step) {
    u32 row = (u32)(i / columns);
    u32 column = (u32)(i % columns);
    float gain = expf(spread * (gaussian(row ^ seed, row + 0x9E3779B9u + seed)
        + gaussian(column * 3u + seed + 1u, column * 5u + seed + 77u)));
    float value = size * gain * (mean + gaussian((u32)i * 2654435761u ^ seed, (u32)i + 0x85EBCA6Bu * (seed + 1u)));
    u32 bits = __float_as_uint(value);
    out[i] = (u16)((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
  }
}
