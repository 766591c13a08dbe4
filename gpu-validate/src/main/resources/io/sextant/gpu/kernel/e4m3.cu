// Code shared by the kernels that write E4M3, placed before their own source. If SQUARED_RELU is defined, their
// input comes before a squared ReLU, which they apply as they load.

typedef unsigned int u32;
typedef unsigned short u16;
typedef long long i64;

static const float LARGEST = 448.0f;
// Keeps 448 / amax finite if all values are zero.
static const float SMALLEST_AMAX = 1e-30f;

__device__ __forceinline__ u32 maxMagnitude(u32 a, u32 b) {
  // Without the sign, BF16 values are ordered like the integers of their bits.
  u32 d;
  asm("max.u16x2 %0, %1, %2;" : "=r"(d) : "r"(a & 0x7FFF7FFFu), "r"(b & 0x7FFF7FFFu));
  return d;
}

__device__ __forceinline__ u32 maxMagnitude(uint4 v) {
  return maxMagnitude(maxMagnitude(v.x, v.y), maxMagnitude(v.z, v.w));
}

__device__ __forceinline__ float widest(u32 pair) {
  u32 low = pair & 0xFFFFu;
  u32 high = pair >> 16;
  return __uint_as_float((low > high ? low : high) << 16);
}

__device__ __forceinline__ float warpMax(float value, int lanes) {
  for (int step = lanes / 2; step > 0; step /= 2) {
    value = fmaxf(value, __shfl_xor_sync(0xFFFFFFFFu, value, step));
  }
  return value;
}

// The maximum of a block's values, for all its threads.
__device__ __forceinline__ float blockMax(float value) {
  __shared__ float ofWarp[32];
  value = warpMax(value, 32);
  if (threadIdx.x % 32 == 0) ofWarp[threadIdx.x / 32] = value;
  __syncthreads();
  float mine = threadIdx.x % 32 < blockDim.x / 32 ? ofWarp[threadIdx.x % 32] : 0.0f;
  return warpMax(mine, 32);
}

__device__ __forceinline__ u16 castPair(u32 pair, float factor) {
  float low = __uint_as_float(pair << 16) * factor;
  float high = __uint_as_float(pair & 0xFFFF0000u) * factor;
  u16 d;
  asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(d) : "f"(high), "f"(low));
  return d;
}

__device__ __forceinline__ uint2 cast(uint4 v, float factor) {
  uint2 d;
  d.x = castPair(v.x, factor) | (u32)castPair(v.y, factor) << 16;
  d.y = castPair(v.z, factor) | (u32)castPair(v.w, factor) << 16;
  return d;
}

__device__ __forceinline__ float floored(float amax) { return fmaxf(amax, SMALLEST_AMAX); }
__device__ __forceinline__ float factorOf(float amax) { return __fdiv_rn(LARGEST, floored(amax)); }
__device__ __forceinline__ float scaleOf(float amax) { return __fdiv_rn(floored(amax), LARGEST); }

// max(x, 0)^2 of two BF16 values, rounded to BF16 once.
__device__ __forceinline__ u32 squaredRelu(u32 pair) {
  u32 positive, d;
  asm("max.bf16x2 %0, %1, %2;" : "=r"(positive) : "r"(pair), "r"(0));
  asm("mul.rn.bf16x2 %0, %1, %1;" : "=r"(d) : "r"(positive));
  return d;
}

__device__ __forceinline__ uint4 squaredRelu(uint4 v) {
  return make_uint4(squaredRelu(v.x), squaredRelu(v.y), squaredRelu(v.z), squaredRelu(v.w));
}

__device__ __forceinline__ uint4 load(const uint4* x) {
#ifdef SQUARED_RELU
  return squaredRelu(*x);
#else
  return *x;
#endif
}
