// 3x3 convolutions of stride 1 that keep the size: direct, and Winograd's F(2,3) and F(4,3) in one kernel (arXiv
// 1509.09308). Images are [image][row][column][channel] in binary16; sums are FP32; the tensor cores are used
// through mma.sync.

typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

__device__ __forceinline__ u32 sharedAddress(const void* p) {
  u32 address;
  asm("{.reg .u64 t; cvta.to.shared.u64 t, %1; cvt.u32.u64 %0, t;}" : "=r"(address) : "l"(p));
  return address;
}

__device__ __forceinline__ void copy16(u32 to, const void* from, bool inside) {
  int bytes = inside ? 16 : 0;  // what is not copied is filled with zeros
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(bytes));
}

__device__ __forceinline__ void loadMatrices(u32 address, u32 (&r)[4]) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(address));
}

// 16 rows by 8 columns += 16 by 16 times 16 by 8.
__device__ __forceinline__ void multiply(float (&c)[4], const u32 (&a)[4], u32 b0, u32 b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

__device__ __forceinline__ float lowHalf(u32 pair) {
  float value;
  asm("{.reg .b16 l, h; mov.b32 {l, h}, %1; cvt.f32.f16 %0, l;}" : "=f"(value) : "r"(pair));
  return value;
}

__device__ __forceinline__ float highHalf(u32 pair) {
  float value;
  asm("{.reg .b16 l, h; mov.b32 {l, h}, %1; cvt.f32.f16 %0, h;}" : "=f"(value) : "r"(pair));
  return value;
}

__device__ __forceinline__ u32 halves(float low, float high) {
  u32 pair;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
}

__device__ __forceinline__ u16 toHalf(float value) {
  u16 bits;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
  return bits;
}

__device__ __forceinline__ u32 sum(u32 a, u32 b) {
  u32 c;
  asm("add.rn.f16x2 %0, %1, %2;" : "=r"(c) : "r"(a), "r"(b));
  return c;
}

__device__ __forceinline__ u32 difference(u32 a, u32 b) {
  u32 c;
  asm("sub.rn.f16x2 %0, %1, %2;" : "=r"(c) : "r"(a), "r"(b));
  return c;
}

// ---- direct: a product of pixels by 9 x inputs --------------------------------------------------------------------

const int PIXELS = 128;  // of a block
const int STAGES = 4;

// Rows of 32 or 64 halves; the 16-byte parts of a row are permuted so that eight rows hit different banks.
template <int DEPTH>
__device__ __forceinline__ int swizzled(int row, int part) {
  return DEPTH == 64 ? row * 128 + ((part ^ (row & 7)) << 4) : row * 64 + ((part ^ ((row >> 1) & 3)) << 4);
}

// DEPTH inputs of one tap are loaded at once.
template <int OUTPUTS, int DEPTH>
__device__ __forceinline__ void direct(const u16* x, const u16* w, u16* y, int images, int side, int in, int out) {
  const int ROW_BYTES = 2 * DEPTH, PARTS = DEPTH / 8, ROWS = 256 / PARTS;
  const int STAGE_BYTES = (PIXELS + OUTPUTS) * ROW_BYTES;
  const int COLUMNS = OUTPUTS / 2;  // of a warp: four warps along the pixels, two along the outputs
  extern __shared__ __align__(128) unsigned char memory[];
  u32 base = sharedAddress(memory);
  int thread = threadIdx.x, lane = thread & 31, warp = thread >> 5;
  int outBlocks = out / OUTPUTS;
  int pixel0 = blockIdx.x / outBlocks * PIXELS;
  int out0 = blockIdx.x % outBlocks * OUTPUTS;
  int pixels = images * side * side;
  int part = thread % PARTS, firstRow = thread / PARTS;
  int rows[PIXELS / ROWS], columns[PIXELS / ROWS];
  const u16* sources[PIXELS / ROWS];
#pragma unroll
  for (int i = 0; i < PIXELS / ROWS; i++) {
    int pixel = pixel0 + firstRow + ROWS * i;
    bool inside = pixel < pixels;
    int clamped = inside ? pixel : 0;
    columns[i] = clamped % side;
    rows[i] = inside ? clamped / side % side : -9;
    sources[i] = x + (u64)clamped * in + part * 8;
  }
  int steps = 9 * (in / DEPTH);
  int nextStep = 0, nextStage = 0, depth = 0, down = -1, right = -1;
  const u16* nextWeights = w + (u64)(out0 + firstRow) * in + part * 8;
  auto load = [&]() {
    if (nextStep < steps) {
      u32 to = base + nextStage * STAGE_BYTES;
      int offset = (down * side + right) * in + depth;
#pragma unroll
      for (int i = 0; i < PIXELS / ROWS; i++) {
        int row = rows[i] + down, column = columns[i] + right;
        bool inside = row >= 0 && row < side && column >= 0 && column < side;
        copy16(to + swizzled<DEPTH>(firstRow + ROWS * i, part), inside ? sources[i] + offset : x, inside);
      }
#pragma unroll
      for (int i = 0; i < (OUTPUTS + ROWS - 1) / ROWS; i++) {
        int row = firstRow + ROWS * i;
        if (OUTPUTS >= ROWS || row < OUTPUTS) {
          copy16(to + PIXELS * ROW_BYTES + swizzled<DEPTH>(row, part), nextWeights + (u64)ROWS * i * in + depth, true);
        }
      }
      nextStep++;
      nextStage = nextStage + 1 == STAGES ? 0 : nextStage + 1;
      depth += DEPTH;
      if (depth == in) {
        depth = 0;
        nextWeights += (u64)out * in;
        if (++right == 2) right = -1, down++;
      }
    }
    asm volatile("cp.async.commit_group;");
  };
  float sums[2][COLUMNS / 8][4] = {};
  for (int s = 0; s < STAGES - 1; s++) load();
  int warpRow = (warp & 3) * 32, warpColumn = (warp >> 2) * COLUMNS;
  int stage = 0;
  for (int step = 0; step < steps; step++) {
    asm volatile("cp.async.wait_group %0;" ::"n"(STAGES - 2));
    __syncthreads();
    load();
    u32 a0 = base + stage * STAGE_BYTES, b0 = a0 + PIXELS * ROW_BYTES;
    stage = stage + 1 == STAGES ? 0 : stage + 1;
#pragma unroll
    for (int k = 0; k < DEPTH / 16; k++) {
      u32 a[2][4];
#pragma unroll
      for (int i = 0; i < 2; i++) {
        loadMatrices(a0 + swizzled<DEPTH>(warpRow + 16 * i + (lane & 15), 2 * k + (lane >> 4)), a[i]);
      }
#pragma unroll
      for (int j = 0; j < COLUMNS / 16; j++) {
        u32 b[4];
        int row = warpColumn + 16 * j + (lane & 7) + ((lane >> 4) << 3);
        loadMatrices(b0 + swizzled<DEPTH>(row, 2 * k + ((lane >> 3) & 1)), b);
#pragma unroll
        for (int i = 0; i < 2; i++) {
          multiply(sums[i][2 * j], a[i], b[0], b[1]);
          multiply(sums[i][2 * j + 1], a[i], b[2], b[3]);
        }
      }
    }
  }
  for (int i = 0; i < 2; i++) {
    for (int h = 0; h < 2; h++) {
      int pixel = pixel0 + warpRow + 16 * i + 8 * h + (lane >> 2);
      if (pixel < pixels) {
        for (int j = 0; j < COLUMNS / 8; j++) {
          int column = out0 + warpColumn + 8 * j + 2 * (lane & 3);
          *(u32*)(y + (u64)pixel * out + column) = halves(sums[i][j][2 * h], sums[i][j][2 * h + 1]);
        }
      }
    }
  }
}

#define DIRECT(NAME, OUTPUTS, DEPTH)                                                            \
  extern "C" __global__ void __launch_bounds__(256, 2)                                          \
      NAME(const u16* x, const u16* w, u16* y, int images, int side, int in, int out) {         \
    direct<OUTPUTS, DEPTH>(x, w, y, images, side, in, out);                                     \
  }

DIRECT(direct32x32, 32, 32)
DIRECT(direct64x32, 64, 32)
DIRECT(direct32x64, 32, 64)
DIRECT(direct64x64, 64, 64)

// ---- Winograd: transforms and products in one kernel --------------------------------------------------------------

// F(2,3): sums of two, in binary16, for a pair of inputs at once.
__device__ __forceinline__ void inputRow(u32 d0, u32 d1, u32 d2, u32 d3, u32* u, int step) {
  u[0] = difference(d0, d2);
  u[step] = sum(d1, d2);
  u[2 * step] = difference(d2, d1);
  u[3 * step] = difference(d1, d3);
}

// F(4,3): in FP32, because its factors would cost bits in binary16.
__device__ __forceinline__ void inputRow(const float* d, float* u) {
  float even = d[4] - 4 * d[2], odd = d[3] - 4 * d[1];
  float even2 = d[4] - d[2], odd2 = 2 * (d[3] - d[1]);
  u[0] = 4 * d[0] - 5 * d[2] + d[4];
  u[1] = even + odd;
  u[2] = even - odd;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = 4 * d[1] - 5 * d[3] + d[5];
}

template <int M>
__device__ __forceinline__ void outputRow(const float* p, float* y);

template <>
__device__ __forceinline__ void outputRow<2>(const float* p, float* y) {
  y[0] = p[0] + p[1] + p[2];
  y[1] = p[1] - p[2] - p[3];
}

template <>
__device__ __forceinline__ void outputRow<4>(const float* p, float* y) {
  float sum1 = p[1] + p[2], off1 = p[1] - p[2], sum2 = p[3] + p[4], off2 = p[3] - p[4];
  y[0] = p[0] + sum1 + sum2;
  y[1] = off1 + 2 * off2;
  y[2] = sum1 + 4 * sum2;
  y[3] = off1 + 8 * off2 + p[5];
}

// A block calculates 16 x MT tiles by 8 x NT outputs; a warp has PER_WARP positions of them. Weights are stored
// as blocks of 8 outputs by 16 inputs in the order of the tensor cores' registers, without blocks of zeros. For
// a position, a block's outputs and 16 inputs, an entry of meta is (first block << 16) | bit mask of the stored
// blocks among the NT.
template <int M, int KB, int PER_WARP, int MT, int NT, int ROUND, bool SPARSE>
__device__ __forceinline__ void winograd(const u16* x, const uint2* weights, const u32* meta, u16* y, int images,
                                         int side, int in, int out) {
  const int A = M + 2, POSITIONS = A * A, TILES = 16 * MT;
  // Products are staged ROUND outputs at a time; four floats of padding between two tiles keep them in
  // different banks.
  const int THREADS = 32 * POSITIONS / PER_WARP, STRIDE = ROUND + 4, NB = NT < 8 ? NT : 8;
  const int STAGE_BYTES = KB * POSITIONS * TILES * 32, PRODUCT_BYTES = POSITIONS * TILES * STRIDE * 4;
  const int WORK_BYTES = 2 * STAGE_BYTES > PRODUCT_BYTES ? 2 * STAGE_BYTES : PRODUCT_BYTES;
  extern __shared__ __align__(128) unsigned char memory[];
  u32 base = sharedAddress(memory);
  int thread = threadIdx.x, lane = thread & 31, warp = thread >> 5;
  int perRow = (side + M - 1) / M, perImage = perRow * perRow;
  int tiles = images * perImage;
  int outBlocks = out / (8 * NT);
  int blocksOfTiles = (tiles + TILES - 1) / TILES;
  // Blocks that run together share their weights, so the weights stay in the first-level cache.
  int tile0 = blockIdx.x % blocksOfTiles * TILES, outBlock = blockIdx.x / blocksOfTiles;
  int pair = thread & 7, tile = (thread >> 3) & (TILES - 1), kb = thread / (8 * TILES);
  bool transforms = kb < KB;
  int t = tile0 + tile;
  int image = t / perImage, top = t % perImage / perRow * M - 1, left = t % perRow * M - 1;
  bool inside = t < tiles && transforms;
  const u16* source = x + (((long long)image * side + top) * side + left) * in + kb * 16 + pair * 2;
  u32 rowsInside = 0, columnsInside = 0;
#pragma unroll
  for (int i = 0; i < A; i++) {
    rowsInside |= (inside && top + i >= 0 && top + i < side ? 1 : 0) << i;
    columnsInside |= (left + i >= 0 && left + i < side ? 1 : 0) << i;
  }
  u32 d[POSITIONS];
  auto load = [&](int depth) {
#pragma unroll
    for (int i = 0; i < A; i++) {
#pragma unroll
      for (int j = 0; j < A; j++) {
        bool here = (rowsInside >> i) & (columnsInside >> j) & 1;
        d[i * A + j] = here ? __ldg((const u32*)(source + (i * side + j) * in + depth)) : 0;
      }
    }
  };
  auto transform = [&](int stage) {
    if (!transforms) return;
    u32 to = stage * STAGE_BYTES + kb * POSITIONS * TILES * 32 + tile * 32 + (((pair >> 2) ^ ((tile >> 2) & 1)) << 4) +
             (pair & 3) * 4;
    if constexpr (M == 2) {
#pragma unroll
      for (int j = 0; j < A; j++) inputRow(d[j], d[A + j], d[2 * A + j], d[3 * A + j], d + j, A);
#pragma unroll
      for (int i = 0; i < A; i++) {
        inputRow(d[i * A], d[i * A + 1], d[i * A + 2], d[i * A + 3], d + i * A, 1);
#pragma unroll
        for (int j = 0; j < A; j++) *(u32*)(memory + to + (i * A + j) * TILES * 32) = d[i * A + j];
      }
    } else {
#pragma unroll
    for (int i = 0; i < A; i++) {
      float low[A], high[A];
#pragma unroll
      for (int j = 0; j < A; j++) {
        float column[A], changed[A];
#pragma unroll
        for (int k = 0; k < A; k++) column[k] = lowHalf(d[k * A + j]);
        inputRow(column, changed);
        low[j] = changed[i];
#pragma unroll
        for (int k = 0; k < A; k++) column[k] = highHalf(d[k * A + j]);
        inputRow(column, changed);
        high[j] = changed[i];
      }
      float u[A], v[A];
      inputRow(low, u);
      inputRow(high, v);
#pragma unroll
      for (int j = 0; j < A; j++) *(u32*)(memory + to + (i * A + j) * TILES * 32) = halves(u[j], v[j]);
    }
    }
  };
  float sums[PER_WARP][MT][NT][4] = {};
  int kBlocks = in / 16, steps = in / (16 * KB);
  u32* entries = (u32*)(memory + WORK_BYTES);
  if (SPARSE) {
    for (int i = thread; i < POSITIONS * kBlocks; i += blockDim.x) {
      entries[i] = meta[(i / kBlocks * outBlocks + outBlock) * kBlocks + i % kBlocks];
    }
  }
  load(0);
  transform(0);
  __syncthreads();
  for (int step = 0; step < steps; step++) {
    bool more = step + 1 < steps;
    // F(4,3) has no registers left for loading ahead.
    if (more && M == 2) load((step + 1) * 16 * KB);
#pragma unroll
    for (int p = 0; p < PER_WARP; p++) {
      int position = warp * PER_WARP + p;
#pragma unroll
      for (int k = 0; k < KB; k++) {
        int entry = (position * outBlocks + outBlock) * kBlocks + step * KB + k;
        u32 what = SPARSE ? entries[position * kBlocks + step * KB + k] : 0;
        u32 there = SPARSE ? what & 0xffff : 0xffff;
        if (SPARSE && there == 0) continue;
        const uint2* from = weights + (u64)(SPARSE ? what >> 16 : entry * NT) * 32 + lane;
        u32 a[MT][4];
        u32 stage = base + (step & 1) * STAGE_BYTES + (k * POSITIONS + position) * TILES * 32;
#pragma unroll
        for (int i = 0; i < MT; i++) {
          int row = 16 * i + (lane & 15);
          loadMatrices(stage + row * 32 + (((lane >> 4) ^ ((row >> 2) & 1)) << 4), a[i]);
        }
#pragma unroll
        for (int n0 = 0; n0 < NT; n0 += NB) {
          uint2 b[NB];
#pragma unroll
          for (int n = 0; n < NB; n++) {
            int skip = SPARSE ? __popc(there & ((1 << (n0 + n)) - 1)) : n0 + n;
            if (there >> (n0 + n) & 1) b[n] = __ldg(from + skip * 32);
          }
#pragma unroll
          for (int n = 0; n < NB; n++) {
            if (there >> (n0 + n) & 1) {
#pragma unroll
              for (int i = 0; i < MT; i++) multiply(sums[p][i][n0 + n], a[i], b[n].x, b[n].y);
            }
          }
        }
      }
    }
    if (more && M == 4) load((step + 1) * 16 * KB);
    if (more) transform((step + 1) & 1);
    __syncthreads();
  }
  float* products = (float*)memory;
  const int ITEMS = (TILES * ROUND + THREADS - 1) / THREADS;
  u16* targets[ITEMS];
  int rowsLeft[ITEMS], columnsLeft[ITEMS];
#pragma unroll
  for (int item = 0; item < ITEMS; item++) {
    int mine = (thread + item * THREADS) / ROUND, global = tile0 + mine;
    int picture = global / perImage, row0 = global % perImage / perRow * M, column0 = global % perRow * M;
    rowsLeft[item] = mine < TILES && global < tiles ? side - row0 : 0;
    columnsLeft[item] = side - column0;
    targets[item] = y + (((long long)picture * side + row0) * side + column0) * out + outBlock * 8 * NT +
                    (thread + item * THREADS) % ROUND;
  }
#pragma unroll
  for (int n = 0; n < NT; n += ROUND / 8) {
#pragma unroll
    for (int p = 0; p < PER_WARP; p++) {
#pragma unroll
      for (int i = 0; i < MT; i++) {
#pragma unroll
        for (int h = 0; h < ROUND / 4; h++) {
          float* to = products + ((warp * PER_WARP + p) * TILES + 16 * i + 8 * (h & 1) + (lane >> 2)) * STRIDE +
                      8 * (h >> 1) + 2 * (lane & 3);
          *(float2*)to = make_float2(sums[p][i][n + (h >> 1)][2 * (h & 1)], sums[p][i][n + (h >> 1)][2 * (h & 1) + 1]);
        }
      }
    }
    __syncthreads();
#pragma unroll
    for (int item = 0; item < ITEMS; item++) {
      if (rowsLeft[item] > 0) {
        int place = thread + item * THREADS;
        const float* from = products + place / ROUND * STRIDE + place % ROUND;
        float rows[A][M];
#pragma unroll
        for (int i = 0; i < A; i++) {
          float row[A];
#pragma unroll
          for (int j = 0; j < A; j++) row[j] = from[(i * A + j) * TILES * STRIDE];
          outputRow<M>(row, rows[i]);
        }
#pragma unroll
        for (int j = 0; j < M; j++) {
          float column[A], result[M];
#pragma unroll
          for (int i = 0; i < A; i++) column[i] = rows[i][j];
          outputRow<M>(column, result);
#pragma unroll
          for (int i = 0; i < M; i++) {
            if (i < rowsLeft[item] && j < columnsLeft[item]) {
              targets[item][(i * side + j) * out + 8 * n] = toHalf(result[i]);
            }
          }
        }
      }
    }
    __syncthreads();
  }
}

#define WINOGRAD(NAME, THREADS, BLOCKS, M, KB, PER_WARP, MT, NT, ROUND, SPARSE)                                      \
  extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS)                                                      \
      NAME(const u16* x, const uint2* weights, const u32* meta, u16* y, int images, int side, int in, int out) {     \
    winograd<M, KB, PER_WARP, MT, NT, ROUND, SPARSE>(x, weights, meta, y, images, side, in, out);                    \
  }

WINOGRAD(f2Dense32, 256, 2, 2, 1, 2, 2, 4, 16, false)
WINOGRAD(f2Sparse32, 256, 2, 2, 1, 2, 2, 4, 16, true)
WINOGRAD(f2Dense64, 256, 2, 2, 2, 2, 1, 8, 16, false)
WINOGRAD(f2Sparse64, 256, 2, 2, 2, 2, 1, 8, 16, true)
WINOGRAD(f2Dense128, 512, 1, 2, 4, 1, 1, 16, 32, false)
WINOGRAD(f2Sparse128, 512, 1, 2, 4, 1, 1, 16, 32, true)
WINOGRAD(f4Dense32, 384, 1, 4, 2, 3, 1, 4, 16, false)
WINOGRAD(f4Sparse32, 384, 1, 4, 2, 3, 1, 4, 16, true)
WINOGRAD(f4Dense64, 384, 1, 4, 2, 3, 1, 8, 16, false)
WINOGRAD(f4Sparse64, 384, 1, 4, 2, 3, 1, 8, 16, true)
