// outputs[m, n] = activations[m, k] x weights[n, k] transposed for few tokens, in E4M3 with a scale per token and one
// per output. A block has sixteen weight rows and sixteen tokens; its eight warps share k, and add their sums in shared
// memory. Nothing else is staged: the time is that of reading the weights once.
//
// A sum does not depend on the order of k, so every lane takes sixteen contiguous bytes of its rows instead of the four
// that the instruction's layout names, in both operands alike.

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;

static const int WARPS = 8;
static const int SIDE = 16;
static const int STEP = 128;  // bytes of k in a step of a warp

__device__ __forceinline__ void multiply(float (&d)[4], uint4 upper, uint4 lower, uint4 token) {
  asm volatile("mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(upper.x), "r"(lower.x), "r"(upper.y), "r"(lower.y), "r"(token.x), "r"(token.y));
  asm volatile("mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(upper.z), "r"(lower.z), "r"(upper.w), "r"(lower.w), "r"(token.z), "r"(token.w));
}

extern "C" __global__ void __launch_bounds__(32 * WARPS) skinnyRow(const u8* activations, const u8* weights, u16* outputs,
    const float* activationScales, const float* weightScales, int m, int n, int k) {
  __shared__ float sums[WARPS][SIDE][SIDE + 1];
  int warp = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  int firstRow = blockIdx.x * SIDE;
  int firstToken = blockIdx.y * SIDE;
  const u8* upper = weights + (long long)(firstRow + lane / 4) * k + lane % 4 * 16;
  const u8* lower = upper + 8LL * k;
  const u8* near = activations + (long long)min(firstToken + lane / 4, m - 1) * k + lane % 4 * 16;
  const u8* far = activations + (long long)min(firstToken + lane / 4 + 8, m - 1) * k + lane % 4 * 16;
  float d[2][4] = {};
#pragma unroll 2
  for (int at = warp * STEP; at < k; at += WARPS * STEP) {
    uint4 a[2], b[2], x[2], y[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
      a[half] = __ldcs((const uint4*)(upper + at + 64 * half));
      b[half] = __ldcs((const uint4*)(lower + at + 64 * half));
      x[half] = *(const uint4*)(near + at + 64 * half);
      y[half] = *(const uint4*)(far + at + 64 * half);
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      multiply(d[0], a[half], b[half], x[half]);
      multiply(d[1], a[half], b[half], y[half]);
    }
  }
  // A lane holds rows lane / 4 and lane / 4 + 8 for tokens 2 (lane % 4) and the next, of each eight.
#pragma unroll
  for (int eight = 0; eight < 2; eight++) {
#pragma unroll
    for (int i = 0; i < 4; i++) sums[warp][eight * 8 + lane % 4 * 2 + i % 2][lane / 4 + i / 2 * 8] = d[eight][i];
  }
  __syncthreads();
  int token = threadIdx.x / SIDE;
  int row = threadIdx.x % SIDE;
  if (firstToken + token < m) {
    float sum = 0;
#pragma unroll
    for (int w = 0; w < WARPS; w++) sum += sums[w][token][row];
    sum *= weightScales[firstRow + row] * activationScales[firstToken + token];
    u32 bits = __float_as_uint(sum);
    outputs[(long long)(firstToken + token) * n + firstRow + row] = (u16)((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
  }
}
