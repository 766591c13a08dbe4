// 2:4 sparse operands as cuSPARSELt compresses them on Hopper: of every four neighbours in a row, the two
// largest are kept (the first among equals), in order; then four bits per group give their places. The layout
// was inferred from the output of cusparseLtSpMMACompress for matrices of distinct values, and checked against
// it.
//
// The kept values are row-major [rows, k / 2]. The places are stored in blocks of 64 rows by 64 columns, 512
// bytes each, ordered by rows of blocks. Within a block, the index of the half byte of row r and group g has
// the bits
//   BF16: r3, g2, g0, g1, r0, r1, r2, r4, r5, g3        E4M3: g0, r3, g3, g1, g2, r0, r1, r2, r4, r5
// from the lowest on. One byte, or 16 bits, holds rows r and r + 8, so a thread block processes such a pair of
// rows. Values must not be negative, which holds after a squared ReLU. The source of e4m3.cu comes before this
// one.

static const int PLACES_BYTES = 512;

struct Group { u32 values; u32 places; };

__device__ __forceinline__ u32 larger(u32 a, u32 b) { return a > b ? a : b; }
__device__ __forceinline__ u32 smaller(u32 a, u32 b) { return a < b ? a : b; }

// The two largest of four. The lowest bits of a key are 3 minus the place, so no two keys are equal.
__device__ __forceinline__ Group keepTwo(u32 ab, u32 cd) {
  u32 a = (ab & 0xFFFFu) << 2 | 3, b = ab >> 16 << 2 | 2, c = (cd & 0xFFFFu) << 2 | 1, d = cd >> 16 << 2;
  u32 ofAb = larger(a, b), ofCd = larger(c, d);
  u32 top = larger(ofAb, ofCd);
  u32 next = larger(smaller(ofAb, ofCd), larger(smaller(a, b), smaller(c, d)));
  bool inOrder = (top & 3) > (next & 3);
  u32 first = inOrder ? top : next, second = inOrder ? next : top;
  Group g;
  g.values = first >> 2 | second >> 2 << 16;
  g.places = (3 - (first & 3)) | (3 - (second & 3)) << 2;
  return g;
}

// The upper row of a pair; the other row is 8 rows later.
__device__ __forceinline__ int upperRow(int pair) { return pair / 8 * 16 + pair % 8; }

__device__ __forceinline__ char* placesOf(char* places, int row, int vectors, int at) {
  return places + ((i64)(row / 64) * (vectors / 8) + at / 8) * PLACES_BYTES;
}

__device__ __forceinline__ u32 castTwo(Group a, Group b, float factor) {
  return castPair(a.values, factor) | (u32)castPair(b.values, factor) << 16;
}

// x [rows, 8 vectors] in BF16; rows and columns are multiples of 64.
extern "C" __global__ void __launch_bounds__(512) packBf16(const uint4* x, int vectors, uint2* kept, char* places) {
  int row = upperRow(blockIdx.x);
  const uint4* upper = x + (i64)row * vectors;
  const uint4* lower = upper + (i64)8 * vectors;
  // All threads of a warp stay to the end, because they exchange places.
  for (int start = 0; start < vectors; start += blockDim.x) {
    int at = start + threadIdx.x;
    bool there = at < vectors;
    uint4 u = there ? load(upper + at) : make_uint4(0, 0, 0, 0);
    uint4 l = there ? load(lower + at) : make_uint4(0, 0, 0, 0);
    Group u0 = keepTwo(u.x, u.y), u1 = keepTwo(u.z, u.w), l0 = keepTwo(l.x, l.y), l1 = keepTwo(l.z, l.w);
    u32 mine = (u0.places | l0.places << 4) | (u1.places | l1.places << 4) << 16;
    u32 other = __shfl_xor_sync(0xFFFFFFFFu, mine, 2);
    if (!there) continue;
    kept[(i64)row * vectors + at] = make_uint2(u0.values, u1.values);
    kept[(i64)(row + 8) * vectors + at] = make_uint2(l0.values, l1.values);
    if ((at & 2) == 0) {
      char* block = placesOf(places, row, vectors, at);
      *(u32*)(block + (at >> 2 & 1) * 256 + (row >> 4 & 3) * 64 + (row & 7) * 8 + (at & 1) * 4) = mine | other << 8;
    }
  }
}

// One scale for the tensor, whose maximum magnitude is known beforehand (amaxTensor finds it).
extern "C" __global__ void __launch_bounds__(512)
    packE4m3(const uint4* x, int vectors, u32* kept, char* places, const u32* amax, float* scale) {
  int row = upperRow(blockIdx.x);
  const uint4* upper = x + (i64)row * vectors;
  const uint4* lower = upper + (i64)8 * vectors;
  float most = __uint_as_float(*amax);
  float factor = factorOf(most);
  if (blockIdx.x == 0 && threadIdx.x == 0) *scale = scaleOf(most);
  for (int start = 0; start < vectors; start += blockDim.x) {
    int at = start + threadIdx.x;
    bool there = at < vectors;
    uint4 u = there ? load(upper + at) : make_uint4(0, 0, 0, 0);
    uint4 l = there ? load(lower + at) : make_uint4(0, 0, 0, 0);
    Group u0 = keepTwo(u.x, u.y), u1 = keepTwo(u.z, u.w), l0 = keepTwo(l.x, l.y), l1 = keepTwo(l.z, l.w);
    u32 mine = (u0.places | u1.places << 4) | (l0.places | l1.places << 4) << 8;
    u32 other = __shfl_xor_sync(0xFFFFFFFFu, mine, 4);
    if (!there) continue;
    kept[(i64)row * vectors + at] = castTwo(u0, u1, factor);
    kept[(i64)(row + 8) * vectors + at] = castTwo(l0, l1, factor);
    if ((at & 4) == 0) {
      char* block = placesOf(places, row, vectors, at);
      *(u32*)(block + (row >> 4 & 3) * 128 + (row & 7) * 16 + (at & 3) * 4) = mine | other << 16;
    }
  }
}

// The activation only, for products that use all its values.
extern "C" __global__ void __launch_bounds__(512) squaredReluBf16(const uint4* x, i64 vectors, uint4* y) {
  const int MANY = 4;
  i64 step = (i64)gridDim.x * blockDim.x;
  for (i64 at = (i64)blockIdx.x * blockDim.x + threadIdx.x; at < vectors; at += step * MANY) {
    uint4 v[MANY];
#pragma unroll
    for (int i = 0; i < MANY; i++) v[i] = at + i * step < vectors ? x[at + i * step] : make_uint4(0, 0, 0, 0);
#pragma unroll
    for (int i = 0; i < MANY; i++) {
      if (at + i * step < vectors) y[at + i * step] = squaredRelu(v[i]);
    }
  }
}
