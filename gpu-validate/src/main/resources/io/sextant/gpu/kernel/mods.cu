// The functions between two products of a dense layer: normalisation and activation, in the usual form and as
// LoKA adapts them for FP8 (arXiv 2605.10886). There is one kernel per step in BF16, and one kernel for all
// steps with the conversion to E4M3, with one scale per row. A block has one row and a thread eight values, so
// a warp has the 256 values of a BlockNorm.

typedef unsigned int u32;
typedef unsigned short u16;
typedef long long i64;

static const float EPSILON = 1e-6f;

struct Eight {
  float v[8];
};

__device__ __forceinline__ Eight load(const uint4* x) {
  uint4 p = x[(i64)blockIdx.x * blockDim.x + threadIdx.x];
  u32 pairs[4] = {p.x, p.y, p.z, p.w};
  Eight e;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    e.v[2 * i] = __uint_as_float(pairs[i] << 16);
    e.v[2 * i + 1] = __uint_as_float(pairs[i] & 0xFFFF0000u);
  }
  return e;
}

__device__ __forceinline__ u32 pack(float a, float b) {
  u32 d;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(b), "f"(a));
  return d;
}

__device__ __forceinline__ void store(uint4* out, const Eight& e) {
  out[(i64)blockIdx.x * blockDim.x + threadIdx.x] =
      make_uint4(pack(e.v[0], e.v[1]), pack(e.v[2], e.v[3]), pack(e.v[4], e.v[5]), pack(e.v[6], e.v[7]));
}

__device__ __forceinline__ float warpSum(float value) {
  for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(0xFFFFFFFFu, value, step);
  return value;
}

__device__ __forceinline__ float warpMax(float value) {
  for (int step = 16; step > 0; step /= 2) value = fmaxf(value, __shfl_xor_sync(0xFFFFFFFFu, value, step));
  return value;
}

// Shares each warp's value with the whole block: a lane gets the value of the warp with its number, or the
// filler if there is none.
__device__ __forceinline__ float ofWarps(float mine, float filler) {
  __shared__ float values[32];
  __syncthreads();
  if (threadIdx.x % 32 == 0) values[threadIdx.x / 32] = mine;
  __syncthreads();
  return threadIdx.x % 32 < blockDim.x / 32 ? values[threadIdx.x % 32] : filler;
}

__device__ __forceinline__ float rowSum(float value) { return warpSum(ofWarps(warpSum(value), 0.0f)); }
__device__ __forceinline__ float rowMax(float value) { return warpMax(ofWarps(warpMax(value), 0.0f)); }

// RMS norm over blocks of 256: subtracts no mean, and no value is above 16.
__device__ __forceinline__ void blockNorm(Eight& e) {
  float squares = 0;
#pragma unroll
  for (int i = 0; i < 8; i++) squares += e.v[i] * e.v[i];
  float inverse = rsqrtf(warpSum(squares) / 256 + EPSILON);
#pragma unroll
  for (int i = 0; i < 8; i++) e.v[i] *= inverse;
}

__device__ __forceinline__ void layerNorm(Eight& e) {
  int columns = blockDim.x * 8;
  float sum = 0;
#pragma unroll
  for (int i = 0; i < 8; i++) sum += e.v[i];
  float mean = rowSum(sum) / columns;
  float squares = 0;
#pragma unroll
  for (int i = 0; i < 8; i++) squares += (e.v[i] - mean) * (e.v[i] - mean);
  float inverse = rsqrtf(rowSum(squares) / columns + EPSILON);
#pragma unroll
  for (int i = 0; i < 8; i++) e.v[i] = (e.v[i] - mean) * inverse;
}

__device__ __forceinline__ void hardSwish(Eight& e) {
#pragma unroll
  for (int i = 0; i < 8; i++) e.v[i] *= fminf(fmaxf(e.v[i] + 3.0f, 0.0f), 6.0f) * (1.0f / 6.0f);
}

__device__ __forceinline__ void swish(Eight& e) {
#pragma unroll
  for (int i = 0; i < 8; i++) e.v[i] = e.v[i] / (1.0f + __expf(-e.v[i]));
}

__device__ __forceinline__ void castRow(const Eight& e, uint2* codes, float* scales) {
  float amax = 1e-30f;
#pragma unroll
  for (int i = 0; i < 8; i++) amax = fmaxf(amax, fabsf(e.v[i]));
  amax = rowMax(amax);
  float factor = __fdiv_rn(448.0f, amax);
  if (threadIdx.x == 0) scales[blockIdx.x] = __fdiv_rn(amax, 448.0f);
  u16 c[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;"
        : "=h"(c[i])
        : "f"(e.v[2 * i + 1] * factor), "f"(e.v[2 * i] * factor));
  }
  codes[(i64)blockIdx.x * blockDim.x + threadIdx.x] = make_uint2(c[0] | (u32)c[1] << 16, c[2] | (u32)c[3] << 16);
}

#define STEP(name)                                                                                     \
  extern "C" __global__ void __launch_bounds__(1024) name##Bf16(const uint4* x, uint4* out) {          \
    Eight e = load(x);                                                                                 \
    name(e);                                                                                           \
    store(out, e);                                                                                     \
  }
STEP(blockNorm)
STEP(layerNorm)
STEP(hardSwish)
STEP(swish)

#define FUSED(norm, activation)                                                                        \
  extern "C" __global__ void __launch_bounds__(1024)                                                   \
      norm##_##activation##_e4m3(const uint4* x, uint2* codes, float* scales) {                        \
    Eight e = load(x);                                                                                 \
    norm(e);                                                                                           \
    activation(e);                                                                                     \
    castRow(e, codes, scales);                                                                         \
  }
FUSED(blockNorm, hardSwish)
FUSED(layerNorm, swish)
