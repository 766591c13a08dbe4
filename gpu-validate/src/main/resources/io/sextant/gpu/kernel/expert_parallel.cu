// Dispatch and combine of an expert-parallel layer between the GPUs of a host. A GPU reads rows straight from the memory
// of others (peer access); no kernel writes to another GPU's memory, except the flags of the barrier. NVLink's multicast
// is not used.
//
// GPUs may stand for nodes that a slow link joins: a row from another "node" has a number among those that the GPU reads
// from others, and waits until a link of the given rate could have brought all before it. The limit is on the receiving
// side, as in the model of the solver.

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned long long u64;
typedef long long i64;

static const int WARP = 32;

__device__ __forceinline__ u64 now() {
  u64 t;
  asm volatile("mov.u64 %0, %globaltimer;" : "=l"(t));
  return t;
}

// Waits until the clock of the phase has reached the time at which the link could have brought a number of rows.
__device__ __forceinline__ void pace(u64 start, i64 rows, float nanosPerRow) {
  u64 until = start + (u64)((double)rows * nanosPerRow);
  while (now() < until) __nanosleep(200);
}

// Keeps the GPU busy while the host starts the kernels that follow, so that their launches cost no time.
extern "C" __global__ void hold(u64 nanos) {
  u64 until = now() + nanos;
  while (now() < until) __nanosleep(1000);
}

// Waits for all GPUs. Thread i tells GPU i and waits for it; flags[i] is the memory of GPU i, with one word per GPU and one
// for the number of barriers that it has passed. The number is on the GPU, because a recorded graph has the same arguments
// in every run. Writes the time of passing to stamps[stamp].
extern "C" __global__ void barrier(u32* const* flags, int gpu, int gpus, u64* stamps, int stamp) {
  __shared__ u32 epoch;
  int other = threadIdx.x;
  if (other == 0) epoch = ++flags[gpu][gpus];
  __syncthreads();
  if (other < gpus) {
    __threadfence_system();
    asm volatile("st.release.sys.u32 [%0], %1;" ::"l"(flags[other] + gpu), "r"(epoch) : "memory");
    u32 seen;
    do {
      asm volatile("ld.acquire.sys.u32 %0, [%1];" : "=r"(seen) : "l"(flags[gpu] + other) : "memory");
    } while ((int)(seen - epoch) < 0);
  }
  __syncthreads();
  if (threadIdx.x == 0) stamps[stamp] = now();
}

extern "C" __global__ void stamp(u64* stamps, int at) { stamps[at] = now(); }

// targets[to[j]] = the row at from[i], for j from starts[i] to starts[i + 1]; one warp per row. The first limitedRows rows
// come over the slow link; every second block takes them, so that they do not hold up the others.
extern "C" __global__ void __launch_bounds__(256) pullRows(const u64* from, const u64* fromScale, const int* to,
    const int* starts, int rows, int limitedRows, uint4* targets, float* targetScales, int vectorsOfRow,
    float nanosPerRow, const u64* stamps, int startStamp) {
  int lane = threadIdx.x % WARP;
  int warps = blockDim.x / WARP;
  bool alone = limitedRows == 0 || limitedRows == rows;
  bool limited = alone ? limitedRows > 0 : blockIdx.x % 2 == 0;
  int block = alone ? blockIdx.x : blockIdx.x / 2;
  int blocks = alone ? gridDim.x : gridDim.x / 2;
  int first = limited ? 0 : limitedRows;
  int last = limited ? limitedRows : rows;
  u64 start = stamps[startStamp];
  for (int row = first + block * warps + threadIdx.x / WARP; row < last; row += blocks * warps) {
    if (limited && nanosPerRow > 0) pace(start, row + 1, nanosPerRow);
    const uint4* source = (const uint4*)from[row];
    int firstTarget = starts[row];
    int lastTarget = starts[row + 1];
    for (int at = lane; at < vectorsOfRow; at += 8 * WARP) {
      uint4 v[8];
#pragma unroll
      for (int i = 0; i < 8; i++) {
        if (at + i * WARP < vectorsOfRow) v[i] = __ldcg(source + at + i * WARP);
      }
      for (int target = firstTarget; target < lastTarget; target++) {
        uint4* place = targets + (i64)to[target] * vectorsOfRow;
#pragma unroll
        for (int i = 0; i < 8; i++) {
          if (at + i * WARP < vectorsOfRow) place[at + i * WARP] = v[i];
        }
      }
    }
    if (fromScale != nullptr && firstTarget + lane < lastTarget) {
      targetScales[to[firstTarget + lane]] = *(const float*)fromScale[row];
    }
  }
}

__device__ __forceinline__ void accumulate(float (&sum)[8], uint4 v, float weight) {
  u32 words[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
  for (int i = 0; i < 4; i++) {
    sum[2 * i] += weight * __uint_as_float(words[i] << 16);
    sum[2 * i + 1] += weight * __uint_as_float(words[i] & 0xFFFF0000u);
  }
}

__device__ __forceinline__ u32 narrowPair(float low, float high) {
  u32 d;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
  return d;
}

// targets[firstTarget + i] = sum of weights[j] x the BF16 row at from[j], for j from starts[i] to starts[i + 1]; one block per row in
// turn. limitedUntil[i] counts the rows over the slow link up to and including those of i.
extern "C" __global__ void __launch_bounds__(256) reduceRows(const u64* from, const float* weights, const int* starts,
    const int* limitedUntil, int rows, uint4* targets, int firstTarget, int vectorsOfRow, float nanosPerRow, const u64* stamps,
    int startStamp) {
  u64 start = stamps[startStamp];
  for (int row = blockIdx.x; row < rows; row += gridDim.x) {
    int first = starts[row];
    int last = starts[row + 1];
    if (nanosPerRow > 0 && (row == 0 ? limitedUntil[0] : limitedUntil[row] - limitedUntil[row - 1]) > 0) {
      pace(start, limitedUntil[row], nanosPerRow);
    }
    for (int at = threadIdx.x; at < vectorsOfRow; at += blockDim.x) {
      float sum[8] = {};
      for (int j = first; j < last; j += 4) {
        uint4 v[4];
#pragma unroll
        for (int i = 0; i < 4; i++) {
          if (j + i < last) v[i] = __ldcg((const uint4*)from[j + i] + at);
        }
#pragma unroll
        for (int i = 0; i < 4; i++) {
          if (j + i < last) accumulate(sum, v[i], weights[j + i]);
        }
      }
      targets[(i64)(firstTarget + row) * vectorsOfRow + at] = make_uint4(narrowPair(sum[0], sum[1]), narrowPair(sum[2], sum[3]),
          narrowPair(sum[4], sum[5]), narrowPair(sum[6], sum[7]));
    }
  }
}
