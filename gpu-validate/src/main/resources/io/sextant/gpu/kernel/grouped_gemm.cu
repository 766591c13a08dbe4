// The products of several experts in one launch: outputs[token, out] = activations[token, k] x
// weights[expert of token][out, k] transposed, in BF16 or E4M3, on Hopper's tensor cores.
//
// The weights are the tensor core's first operand (64 rows an instruction) and the tokens its second,
// whose width comes in eights: an expert with few tokens wastes little. A block keeps its place on a
// multiprocessor and walks over its own list of tiles. One warp fetches with the copy engine, two groups of
// four warps multiply; a ring of stages in shared memory lies between them, the deeper the fewer tokens
// a tile has. (Pairs of blocks that share their tokens by multicast were slower: they wait for each other
// longer than the ring can hide.)
// The text of Mma<E4M3, N>, which stands before this one, comes from WgmmaSource.

typedef unsigned short u16;

static const int TILE_ROWS = 128;    // weight rows of a tile, 64 a group of warps
static const int TILE_TOKENS = 256;  // most tokens of a tile
static const int WIDTH = 128;        // bytes of k in a stage: what one swizzle spans
static const int TOKEN_STEP = 32;    // tokens that one fetch brings
static const int MOST_STAGES = 9;
static const int WEIGHT_BYTES = TILE_ROWS * WIDTH;
static const int WARPS = 8;          // that multiply, in a block
static const int TURN_TOKENS = 16;   // tokens that a warp turns over at a time
static const int TURN_PITCH = 48;    // bytes: 16 outputs, and 16 bytes against bank conflicts
static const int TURN_BYTES = TURN_TOKENS * TURN_PITCH;

struct alignas(64) TensorMap { u64 opaque[16]; };

// firstWeightRow counts through all experts; firstOut is the same row within its expert.
struct Tile { int firstWeightRow; int firstOut; int firstToken; int tokens; };

__device__ __forceinline__ u32 sharedAddress(const void* p) { return (u32)__cvta_generic_to_shared(p); }

__device__ __forceinline__ void barrierInit(u32 barrier, int arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals));
}
__device__ __forceinline__ void barrierExpect(u32 barrier, int bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory");
}
__device__ __forceinline__ void barrierArrive(u32 barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}
__device__ __forceinline__ void barrierWait(u32 barrier, u32 parity) {
  asm volatile(
      "{\n.reg .pred done;\nAGAIN:\n"
      "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
      "@done bra.uni READY;\nbra.uni AGAIN;\nREADY:\n}" ::"r"(barrier), "r"(parity) : "memory");
}
__device__ __forceinline__ void fetch(u32 target, const TensorMap* map, int x, int y, u32 barrier) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];" ::
          "r"(target), "l"(map), "r"(barrier), "r"(x), "r"(y) : "memory");
}

// Rows of 128 bytes, swizzled by 128: eight rows are 1,024 bytes apart from the next eight.
__device__ __forceinline__ u64 descriptor(u32 address) {
  return (u64)((address & 0x3FFFFu) >> 4) | (u64)1 << 16 | (u64)(1024 >> 4) << 32 | (u64)1 << 62;
}

// The stages and where one side is among them. A stage has a barrier that says it is full and one that
// says it is empty.
struct Ring {
  u32 memory;
  u32 barriers;
  int stages;
  int stageBytes;
  int stage;
  u32 parity;
  __device__ __forceinline__ u32 place() const { return memory + stage * stageBytes; }
  __device__ __forceinline__ u32 full() const { return barriers + 8 * stage; }
  __device__ __forceinline__ u32 empty() const { return barriers + 8 * (MOST_STAGES + stage); }
  __device__ __forceinline__ void next() {
    if (++stage == stages) { stage = 0; parity ^= 1; }
  }
};

__device__ __forceinline__ u32 pack(float low, float high) {
  u32 d;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
  return d;
}
// Four 8 x 8 matrices of a warp, each turned over: lane l names the row that its matrix l / 8 has at l % 8.
__device__ __forceinline__ void storeTransposed(u32 address, u32 a, u32 b, u32 c, u32 d) {
  asm volatile("stmatrix.sync.aligned.m8n8.x4.trans.shared.b16 [%0], {%1, %2, %3, %4};" ::"r"(address), "r"(a), "r"(b),
      "r"(c), "r"(d) : "memory");
}

template <bool E4M3, int N>
__device__ __forceinline__ void multiply(Tile tile, int steps, Ring& ring,
    char* turn, float* scalesOfTile, u16* outputs, int out, const float* weightScales, const float* tokenScales) {
  int group = threadIdx.x / 128 - 1;
  int warp = threadIdx.x % 128 / 32;
  int lane = threadIdx.x % 32;
  if (E4M3) {
    for (int i = threadIdx.x % 128; i < N; i += 128) {
      scalesOfTile[i] = i < tile.tokens ? tokenScales[tile.firstToken + i] : 0;
    }
  }
  float sums[N / 2];
  // Also tells the compiler that the sums of one width live apart from those of another.
#pragma unroll
  for (int i = 0; i < N / 2; i++) sums[i] = 0;
  u32 before = 0;
  for (int step = 0; step < steps; step++) {
    barrierWait(ring.full(), ring.parity);
    u32 base = ring.place();
    u64 weights = descriptor(base + group * 64 * WIDTH);
    u64 tokens = descriptor(base + WEIGHT_BYTES);
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#pragma unroll
    for (int part = 0; part < 4; part++) {  // 32 bytes of k an instruction
      Mma<E4M3, N>::run(sums, weights + 2 * part, tokens + 2 * part);
    }
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
    // With the instructions of this stage under way, those of the stage before are done.
    asm volatile("wgmma.wait_group.sync.aligned 1;" ::: "memory");
    if (step > 0 && lane == 0) barrierArrive(before);
    before = ring.empty();
    ring.next();
  }
  asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
#pragma unroll
  for (int i = 0; i < N / 2; i++) asm volatile("" : "+f"(sums[i])::"memory");
  if (lane == 0) barrierArrive(before);

  // A thread holds rows lane/4 and lane/4 + 8 of its warp's sixteen, for tokens 8 j + 2 (lane%4) + {0, 1}.
  // The outputs are row-major by token: turned over in shared memory, a token's sixteen values are 32 bytes.
  int row = group * 64 + warp * 16;
  float upper = 1, lower = 1;
  if (E4M3) {
    upper = weightScales[tile.firstWeightRow + row + lane / 4];
    lower = weightScales[tile.firstWeightRow + row + lane / 4 + 8];
    asm volatile("bar.sync %0, 128;" ::"r"(1 + group) : "memory");  // the tile's token scales are there
  }
  // Two places, so that one is read while the next is written.
  u32 written = sharedAddress(turn) + (lane % 8 + lane / 16 * 8) * TURN_PITCH + lane / 8 % 2 * 16;
  const char* read = turn + lane / 2 * TURN_PITCH + lane % 2 * 16;
  u16* target = outputs + (long long)(tile.firstToken + lane / 2) * out + tile.firstOut + row + lane % 2 * 8;
#pragma unroll
  for (int j = 0; j < N / 8; j += 2) {
    float scales[4] = {1, 1, 1, 1};
    if (E4M3) {
      float2 first = *(const float2*)(scalesOfTile + 8 * j + lane % 4 * 2);
      float2 second = *(const float2*)(scalesOfTile + 8 * j + 8 + lane % 4 * 2);
      scales[0] = first.x, scales[1] = first.y, scales[2] = second.x, scales[3] = second.y;
    }
    const float* s = sums + 4 * j;
    int place = j / 2 % 2 * TURN_BYTES;
    storeTransposed(written + place, pack(s[0] * (upper * scales[0]), s[1] * (upper * scales[1])),
        pack(s[2] * (lower * scales[0]), s[3] * (lower * scales[1])),
        pack(s[4] * (upper * scales[2]), s[5] * (upper * scales[3])),
        pack(s[6] * (lower * scales[2]), s[7] * (lower * scales[3])));
    __syncwarp();
    uint4 values = *(const uint4*)(read + place);
    if (8 * j + lane / 2 < tile.tokens) *(uint4*)(target + (long long)8 * j * out) = values;
  }
  __syncwarp();
}

template <bool E4M3>
__device__ __forceinline__ void groupedGemm(const TensorMap* weights, const TensorMap* activations, u16* outputs,
    int out, int steps, const Tile* tiles, const int* firstTiles, int stages, int stageBytes, const float* weightScales, const float* tokenScales) {
  extern __shared__ char dynamic[];
  __shared__ alignas(8) u64 barriers[2 * MOST_STAGES];
  __shared__ alignas(16) char turns[WARPS * 2 * TURN_BYTES];
  __shared__ alignas(16) float tokenScalesOfTile[2][2][TILE_TOKENS];
  Ring ring = {(sharedAddress(dynamic) + 1023) & ~1023u, sharedAddress(barriers), stages, stageBytes, 0, 0};
  if (threadIdx.x == 0) {
    for (int i = 0; i < stages; i++) {
      barrierInit(ring.barriers + 8 * i, 1);
      barrierInit(ring.barriers + 8 * (MOST_STAGES + i), WARPS);
    }
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  }
  __syncthreads();

  if (threadIdx.x < 128) {
    asm volatile("setmaxnreg.dec.sync.aligned.u32 40;");
    for (int i = firstTiles[blockIdx.x]; threadIdx.x == 0 && i < firstTiles[blockIdx.x + 1]; i++) {
      Tile tile = tiles[i];
      int fetches = (tile.tokens + TOKEN_STEP - 1) / TOKEN_STEP;
      for (int step = 0; step < steps; step++) {
        barrierWait(ring.empty(), ring.parity ^ 1);
        u32 barrier = ring.full();
        u32 base = ring.place();
        barrierExpect(barrier, WEIGHT_BYTES + fetches * TOKEN_STEP * WIDTH);
        fetch(base, weights, step * WIDTH, tile.firstWeightRow, barrier);
        for (int f = 0; f < fetches; f++) {
          fetch(base + WEIGHT_BYTES + f * TOKEN_STEP * WIDTH, activations, step * WIDTH,
              tile.firstToken + f * TOKEN_STEP, barrier);
        }
        ring.next();
      }
    }
  } else {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 232;");
    int warp = threadIdx.x / 32 - 4;
    char* turn = turns + warp * 2 * TURN_BYTES;
    // In turns, because a warp may be a tile ahead of another of its group.
    int turnOfTile = 0;
    for (int i = firstTiles[blockIdx.x]; i < firstTiles[blockIdx.x + 1]; i++) {
      Tile tile = tiles[i];
      float* scalesOfTile = tokenScalesOfTile[warp / 4][turnOfTile ^= 1];
      switch ((tile.tokens + TOKEN_STEP - 1) / TOKEN_STEP) {
#define WIDTH_CASE(n)                                                                                       \
  case n:                                                                                                   \
    multiply<E4M3, TOKEN_STEP * n>(tile, steps, ring, turn, scalesOfTile, outputs, out, \
        weightScales, tokenScales);                                                                         \
    break;
        WIDTH_CASE(1) WIDTH_CASE(2) WIDTH_CASE(3) WIDTH_CASE(4)
        WIDTH_CASE(5) WIDTH_CASE(6) WIDTH_CASE(7) WIDTH_CASE(8)
#undef WIDTH_CASE
      }
    }
  }
}

extern "C" __global__ void __launch_bounds__(384, 1) groupedBf16(const __grid_constant__ TensorMap weights,
    const __grid_constant__ TensorMap activations, u16* outputs, int out, int steps, const Tile* tiles,
    const int* firstTiles, int stages, int stageBytes, const float* weightScales, const float* tokenScales) {
  groupedGemm<false>(&weights, &activations, outputs, out, steps, tiles, firstTiles, stages, stageBytes,
      weightScales, tokenScales);
}

extern "C" __global__ void __launch_bounds__(384, 1) groupedE4m3(const __grid_constant__ TensorMap weights,
    const __grid_constant__ TensorMap activations, u16* outputs, int out, int steps, const Tile* tiles,
    const int* firstTiles, int stages, int stageBytes, const float* weightScales, const float* tokenScales) {
  groupedGemm<true>(&weights, &activations, outputs, out, steps, tiles, firstTiles, stages, stageBytes,
      weightScales, tokenScales);
}
