// Between the two projections of an expert: silu(gate) * up, from [tokens, 2 inner] with all gates of a token
// first, to [tokens, inner] in BF16, or in E4M3 with one scale per token (fused, so that nothing goes to memory
// twice).

typedef unsigned int u32;
typedef unsigned short u16;
typedef long long i64;

__device__ __forceinline__ float low(u32 pair) { return __uint_as_float(pair << 16); }
__device__ __forceinline__ float high(u32 pair) { return __uint_as_float(pair & 0xFFFF0000u); }
__device__ __forceinline__ float silu(float x) { return x / (1.0f + __expf(-x)); }

__device__ __forceinline__ u32 pack(float a, float b) {
  u32 d;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(b), "f"(a));
  return d;
}

// Eight values of a token.
__device__ __forceinline__ void gated(const uint4* gate, const uint4* up, float* out) {
  uint4 g = *gate;
  uint4 u = *up;
  out[0] = silu(low(g.x)) * low(u.x), out[1] = silu(high(g.x)) * high(u.x);
  out[2] = silu(low(g.y)) * low(u.y), out[3] = silu(high(g.y)) * high(u.y);
  out[4] = silu(low(g.z)) * low(u.z), out[5] = silu(high(g.z)) * high(u.z);
  out[6] = silu(low(g.w)) * low(u.w), out[7] = silu(high(g.w)) * high(u.w);
}

// One block per token, eight values per thread: inner is 8 * blockDim.
extern "C" __global__ void __launch_bounds__(1024) swigluBf16(const uint4* gateUp, uint4* out) {
  int vectors = blockDim.x;
  const uint4* row = gateUp + (i64)blockIdx.x * 2 * vectors;
  float v[8];
  gated(row + threadIdx.x, row + vectors + threadIdx.x, v);
  out[(i64)blockIdx.x * vectors + threadIdx.x] =
      make_uint4(pack(v[0], v[1]), pack(v[2], v[3]), pack(v[4], v[5]), pack(v[6], v[7]));
}

extern "C" __global__ void __launch_bounds__(1024) swigluE4m3(const uint4* gateUp, uint2* out, float* scales) {
  __shared__ float ofWarp[32];
  int vectors = blockDim.x;
  const uint4* row = gateUp + (i64)blockIdx.x * 2 * vectors;
  float v[8];
  gated(row + threadIdx.x, row + vectors + threadIdx.x, v);
  float amax = 1e-30f;
#pragma unroll
  for (int i = 0; i < 8; i++) amax = fmaxf(amax, fabsf(v[i]));
  for (int step = 16; step > 0; step /= 2) amax = fmaxf(amax, __shfl_xor_sync(0xFFFFFFFFu, amax, step));
  if (threadIdx.x % 32 == 0) ofWarp[threadIdx.x / 32] = amax;
  __syncthreads();
  amax = threadIdx.x % 32 < blockDim.x / 32 ? ofWarp[threadIdx.x % 32] : 1e-30f;
  for (int step = 16; step > 0; step /= 2) amax = fmaxf(amax, __shfl_xor_sync(0xFFFFFFFFu, amax, step));
  float factor = __fdiv_rn(448.0f, amax);
  if (threadIdx.x == 0) scales[blockIdx.x] = __fdiv_rn(amax, 448.0f);
  u16 c[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(c[i]) : "f"(v[2 * i + 1] * factor), "f"(v[2 * i] * factor));
  }
  out[(i64)blockIdx.x * vectors + threadIdx.x] = make_uint2(c[0] | (u32)c[1] << 16, c[2] | (u32)c[3] << 16);
}
