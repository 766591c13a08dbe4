// BF16 to E4M3 with the scale of a tensor, a row, 128 values of a row, or a square of 128 x 128.
// A value is x * (448 / amax), rounded by the hardware; the scale kept for the product is amax / 448.
// The kernels are memory-bound: a thread starts all its 16-byte loads before it uses the first.
// The source of e4m3.cu comes before this one.

// One scale for the tensor: this pass, then castTensor. amax (bits of a float) must be 0 before.
extern "C" __global__ void __launch_bounds__(512) amaxTensor(const uint4* x, i64 vectors, u32* amax) {
  const int MANY = 4;
  i64 step = (i64)gridDim.x * blockDim.x;
  u32 most = 0;
  for (i64 at = (i64)blockIdx.x * blockDim.x + threadIdx.x; at < vectors; at += step * MANY) {
    uint4 v[MANY];
#pragma unroll
    for (int i = 0; i < MANY; i++) {
      v[i] = at + i * step < vectors ? load(x + at + i * step) : make_uint4(0, 0, 0, 0);
    }
#pragma unroll
    for (int i = 0; i < MANY; i++) most = maxMagnitude(most, maxMagnitude(v[i]));
  }
  float ofBlock = blockMax(widest(most));
  if (threadIdx.x == 0) atomicMax(amax, __float_as_uint(ofBlock));
}

// From the end to the start, because the previous pass left the end in the cache.
extern "C" __global__ void __launch_bounds__(512)
    castTensor(const uint4* x, i64 vectors, const u32* amax, uint2* q, float* scale) {
  const int MANY = 4;
  float most = __uint_as_float(*amax);
  float factor = factorOf(most);
  if (blockIdx.x == 0 && threadIdx.x == 0) *scale = scaleOf(most);
  i64 step = (i64)gridDim.x * blockDim.x;
  i64 last = vectors - 1;
  for (i64 at = (i64)blockIdx.x * blockDim.x + threadIdx.x; at < vectors; at += step * MANY) {
    uint4 v[MANY];
#pragma unroll
    for (int i = 0; i < MANY; i++) {
      v[i] = at + i * step < vectors ? load(x + last - at - i * step) : make_uint4(0, 0, 0, 0);
    }
#pragma unroll
    for (int i = 0; i < MANY; i++) {
      if (at + i * step < vectors) q[last - at - i * step] = cast(v[i], factor);
    }
  }
}

// One scale per row: one block per row, which it reads once and keeps in registers.
template <int MANY>
__device__ __forceinline__ void castRow(const uint4* x, int vectors, uint2* q, float* scales) {
  x += (i64)blockIdx.x * vectors;
  q += (i64)blockIdx.x * vectors;
  uint4 v[MANY];
#pragma unroll
  for (int i = 0; i < MANY; i++) {
    int at = threadIdx.x + i * blockDim.x;
    v[i] = at < vectors ? load(x + at) : make_uint4(0, 0, 0, 0);
  }
  u32 most = 0;
#pragma unroll
  for (int i = 0; i < MANY; i++) most = maxMagnitude(most, maxMagnitude(v[i]));
  float amax = blockMax(widest(most));
  float factor = factorOf(amax);
  if (threadIdx.x == 0) scales[blockIdx.x] = scaleOf(amax);
#pragma unroll
  for (int i = 0; i < MANY; i++) {
    int at = threadIdx.x + i * blockDim.x;
    if (at < vectors) q[at] = cast(v[i], factor);
  }
}

extern "C" __global__ void __launch_bounds__(1024)
    castRows1(const uint4* x, int vectors, uint2* q, float* scales) {
  castRow<1>(x, vectors, q, scales);
}
extern "C" __global__ void __launch_bounds__(1024)
    castRows4(const uint4* x, int vectors, uint2* q, float* scales) {
  castRow<4>(x, vectors, q, scales);
}
extern "C" __global__ void __launch_bounds__(1024)
    castRows8(const uint4* x, int vectors, uint2* q, float* scales) {
  castRow<8>(x, vectors, q, scales);
}

// One scale per 128 values of a row, which sixteen threads hold. A block has 16 rows of four groups. The scales
// of all rows for the first 128 values come first, as the library reads them, so the scales of the block's rows
// are adjacent.
extern "C" __global__ void __launch_bounds__(256)
    castGroups(const uint4* x, int vectorsOfRow, int rows, uint2* q, float* scales) {
  const int MANY = 4;
  int groups = vectorsOfRow / 16;
  int across = (groups + MANY - 1) / MANY;
  int row = blockIdx.x / across * 16 + threadIdx.x / 16;
  int first = blockIdx.x % across * MANY;
  i64 place = (i64)row * vectorsOfRow + first * 16 + threadIdx.x % 16;
  uint4 v[MANY];
#pragma unroll
  for (int i = 0; i < MANY; i++) {
    v[i] = row < rows && first + i < groups ? load(x + place + i * 16) : make_uint4(0, 0, 0, 0);
  }
#pragma unroll
  for (int i = 0; i < MANY; i++) {
    float amax = warpMax(widest(maxMagnitude(v[i])), 16);
    if (row >= rows || first + i >= groups) continue;
    q[place + i * 16] = cast(v[i], factorOf(amax));
    if (threadIdx.x % 16 == 0) scales[(i64)(first + i) * rows + row] = scaleOf(amax);
  }
}

// One scale per square of 128 x 128, one block per square. Row-major over squares, rows of scales padded.
extern "C" __global__ void __launch_bounds__(256)
    castSquares(const uint4* x, int rows, int vectorsOfRow, int paddedSquares, uint2* q, float* scales) {
  const int MANY = 8;
  int squares = vectorsOfRow / 16;
  int squareRow = blockIdx.x / squares;
  int squareColumn = blockIdx.x % squares;
  uint4 v[MANY];
  i64 place[MANY];
#pragma unroll
  for (int i = 0; i < MANY; i++) {
    int index = threadIdx.x + i * 256;
    int row = squareRow * 128 + index / 16;
    place[i] = row < rows ? (i64)row * vectorsOfRow + squareColumn * 16 + index % 16 : -1;
    v[i] = place[i] >= 0 ? load(x + place[i]) : make_uint4(0, 0, 0, 0);
  }
  u32 most = 0;
#pragma unroll
  for (int i = 0; i < MANY; i++) most = maxMagnitude(most, maxMagnitude(v[i]));
  float amax = blockMax(widest(most));
  float factor = factorOf(amax);
  if (threadIdx.x == 0) scales[squareRow * paddedSquares + squareColumn] = scaleOf(amax);
#pragma unroll
  for (int i = 0; i < MANY; i++) {
    if (place[i] >= 0) q[place[i]] = cast(v[i], factor);
  }
}
