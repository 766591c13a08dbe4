// 2-simplicial attention (arXiv 2507.02754) on Hopper's tensor cores, and dot-product attention for comparison.
//
//   logit(i, j, k) = scale * sum over d of q[i] k[j] k2[k];   one softmax over (j, k), i - w1 < j <= i, i - w2 < k <= i
//   out[i] = sum over (j, k) of softmax(j, k) * (v[j] o v2[k])
//
// The query heads that share a key head are the rows of a tile, so all rows have the same window and no window
// boundary cuts a tile. k2[k] is folded into the queries, which leaves an ordinary attention over j for each k;
// v2[k] is folded into its output. One softmax runs over all pairs. A block has two groups of four warps, each
// with its own token: while one group calculates exponentials, the tensor cores calculate the other group's
// products. The copy engine fetches the keys and values that both groups need in chunks of 128; each chunk is
// read for all k before the next. The second token's rows begin one row later; a descriptor may start inside a
// swizzle.

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned long long u64;

static const int WIDTH = 128;                      // features of a head
static const int HEADS = 64;                       // query heads of a tile
static const int KEYS = 128;                       // keys of a chunk
static const int GROUPS = 2;                       // tokens of a block
static const int HALF_BYTES = (KEYS + 8) * 128;    // half of the features of a chunk; one row more is used
static const int STAGE_BYTES = 4 * HALF_BYTES;     // keys, values
static const int QUERY_BYTES = HEADS * WIDTH * 2;  // of a group
static const int PART_BYTES = 80;                  // 32 features that a thread needs, against bank conflicts
static const int ROW_BYTES = 4 * PART_BYTES;       // a row of k2 or v2
static const int THREADS = 128 * GROUPS;
static const float HEADROOM = 8.0f;                // powers of two that weights may grow before they are rescaled

__device__ __forceinline__ u32 sharedAddress(const void* p) { return (u32)__cvta_generic_to_shared(p); }

// Rows of 128 bytes, swizzled by 128; lead is the offset of the other half of the features.
__device__ __forceinline__ u64 descriptor(u32 address, u32 lead) {
  return (u64)((address & 0x3FFFFu) >> 4) | (u64)(lead >> 4) << 16 | (u64)(1024 >> 4) << 32 | (u64)1 << 62;
}

// sums[64, 128] = (keep ? sums : 0) + a[64, 16] x b[16, 128]; b is stored by columns or by rows.
template <bool ROWS_OF_B>
__device__ __forceinline__ void multiply(float (&d)[64], const u32* a, u64 b, int keep) {
  asm volatile(
      "{.reg .pred p; setp.ne.b32 p, %69, 0; wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 "
      "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, "
      "%22, %23, %24, %25, %26, %27, %28, %29, %30, %31, %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, "
      "%43, %44, %45, %46, %47, %48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}, "
      "{%64, %65, %66, %67}, %68, p, 1, 1, %70;}"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]), "+f"(d[4]), "+f"(d[5]), "+f"(d[6]), "+f"(d[7]),
        "+f"(d[8]), "+f"(d[9]), "+f"(d[10]), "+f"(d[11]), "+f"(d[12]), "+f"(d[13]), "+f"(d[14]), "+f"(d[15]),
        "+f"(d[16]), "+f"(d[17]), "+f"(d[18]), "+f"(d[19]), "+f"(d[20]), "+f"(d[21]), "+f"(d[22]), "+f"(d[23]),
        "+f"(d[24]), "+f"(d[25]), "+f"(d[26]), "+f"(d[27]), "+f"(d[28]), "+f"(d[29]), "+f"(d[30]), "+f"(d[31]),
        "+f"(d[32]), "+f"(d[33]), "+f"(d[34]), "+f"(d[35]), "+f"(d[36]), "+f"(d[37]), "+f"(d[38]), "+f"(d[39]),
        "+f"(d[40]), "+f"(d[41]), "+f"(d[42]), "+f"(d[43]), "+f"(d[44]), "+f"(d[45]), "+f"(d[46]), "+f"(d[47]),
        "+f"(d[48]), "+f"(d[49]), "+f"(d[50]), "+f"(d[51]), "+f"(d[52]), "+f"(d[53]), "+f"(d[54]), "+f"(d[55]),
        "+f"(d[56]), "+f"(d[57]), "+f"(d[58]), "+f"(d[59]), "+f"(d[60]), "+f"(d[61]), "+f"(d[62]), "+f"(d[63])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(keep), "n"(ROWS_OF_B ? 1 : 0));
}
__device__ __forceinline__ void fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ __forceinline__ void commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
// Waits for all products except the given number of latest ones, and tells the compiler that the sums are
// complete.
template <int LEFT>
__device__ __forceinline__ void waitForAllBut(float (&d)[64]) {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(LEFT) : "memory");
#pragma unroll
  for (int i = 0; i < 64; i++) asm volatile("" : "+f"(d[i])::"memory");
}
__device__ __forceinline__ void waitFor(float (&d)[64]) { waitForAllBut<0>(d); }

__device__ __forceinline__ u32 pack(float low, float high) {
  u32 d;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(d) : "f"(high), "f"(low));
  return d;
}
__device__ __forceinline__ u32 timesPair(u32 a, u32 b) {
  u32 d;
  asm("mul.rn.bf16x2 %0, %1, %2;" : "=r"(d) : "r"(a), "r"(b));
  return d;
}
__device__ __forceinline__ float power(float x) {
  float d;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(d) : "f"(x));
  return d;
}
__device__ __forceinline__ void barrierInit(u32 barrier) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(barrier) : "memory");
}
__device__ __forceinline__ void barrierExpect(u32 barrier, int bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory");
}
__device__ __forceinline__ void barrierWait(u32 barrier, u32 parity) {
  asm volatile(
      "{\n.reg .pred done;\nAGAIN:\n"
      "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
      "@done bra.uni READY;\nbra.uni AGAIN;\nREADY:\n}" ::"r"(barrier), "r"(parity) : "memory");
}
struct alignas(64) TensorMap { u64 opaque[16]; };
__device__ __forceinline__ void fetch(u32 target, const TensorMap* map, int x, int y, u32 barrier) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];" ::
          "r"(target), "l"(map), "r"(barrier), "r"(x), "r"(y) : "memory");
}
__device__ __forceinline__ float ofQuad(float x) {
  x = fmaxf(x, __shfl_xor_sync(0xFFFFFFFFu, x, 1));
  return fmaxf(x, __shfl_xor_sync(0xFFFFFFFFu, x, 2));
}

// Rows first to first + KEYS of keys and values; the copy engine writes zeros for rows that are not tokens.
__device__ __forceinline__ void fetchChunk(u32 stage, u32 barrier, const TensorMap* k, const TensorMap* v, int keyHead,
    int first) {
  if (threadIdx.x > 0) return;
  barrierExpect(barrier, 4 * (KEYS + 1) * 128);
  for (int half = 0; half < 2; half++) {
    fetch(stage + half * HALF_BYTES, k, keyHead * WIDTH * 2 + half * 128, first, barrier);
    fetch(stage + (2 + half) * HALF_BYTES, v, keyHead * WIDTH * 2 + half * 128, first, barrier);
  }
}

// A row of k2 or v2 in the order in which threads read it: by lane % 4, then by feature.
__device__ __forceinline__ void spread(char* row, const u16* source, int pair) {
  int step = pair / 8, high = pair / 4 % 2, part = pair % 4;
  *(u32*)(row + part * PART_BYTES + step * 8 + high * 4) = ((const u32*)source)[pair];
}

template <bool SIMPLICIAL, int STAGES>
__device__ __forceinline__ void attend(const u16* q, const TensorMap* k, const TensorMap* v, const u16* k2, const u16* v2,
    u16* out, int tokens, int keyHeads, int headsOfKey, int w1, int w2, float scale) {
  extern __shared__ __align__(1024) char memory[];
  __shared__ __align__(8) u64 full[STAGES];
  char* queries = memory + STAGES * STAGE_BYTES;
  char* second = queries + GROUPS * QUERY_BYTES;
  int group = __shfl_sync(0xFFFFFFFFu, threadIdx.x / 128, 0), thread = threadIdx.x % 128;
  int lane = threadIdx.x % 32, warp = thread / 32;
  int tiles = (headsOfKey + HEADS - 1) / HEADS;
  int pairs = (tokens + GROUPS - 1) / GROUPS;
  int place = blockIdx.x;
  int pair = pairs - 1 - place % pairs;  // where windows grow with the token, the longest come first
  int tile = place / pairs % tiles;
  int keyHead = place / pairs / tiles;
  int stride = keyHeads * WIDTH;
  int firstToken = pair * GROUPS;
  int token = firstToken + group;
  int base = firstToken - w1 + 1;  // the first group's first key
  int chunks = (w1 + KEYS - 1) / KEYS;
  int chunk = base + KEYS < 0 ? (-base - 1) / KEYS : 0;
  if (chunk >= chunks) chunk = chunks - 1;

  u32 stage = sharedAddress(memory);
  u32 barrier = sharedAddress(full);
  if (threadIdx.x == 0) {
    for (int i = 0; i < STAGES; i++) barrierInit(barrier + 8 * i);
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
  }
  for (int i = 0; i < (SIMPLICIAL ? 1 : STAGES) && chunk + i < chunks; i++) {
    fetchChunk(stage + i * STAGE_BYTES, barrier + 8 * i, k, v, keyHead, base + (chunk + i) * KEYS);
  }

  // This thread's share of the queries, in the layout of the tensor core's first operand.
  u32 a[32];
  int row = warp * 16 + lane / 4;
  int head = tile * HEADS + row;
  const u16* mine = q + ((long long)(token < tokens ? token : 0) * keyHeads + keyHead) * headsOfKey * WIDTH;
#pragma unroll
  for (int step = 0; step < 8; step++) {
    int column = step * 16 + lane % 4 * 2;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      int r = head + i % 2 * 8;
      a[4 * step + i] = r < headsOfKey ? *(const u32*)(mine + (long long)r * WIDTH + column + i / 2 * 8) : 0;
    }
    if (SIMPLICIAL) {
      *(uint4*)(queries + group * QUERY_BYTES + (step * 128 + thread) * 16) =
          make_uint4(a[4 * step], a[4 * step + 1], a[4 * step + 2], a[4 * step + 3]);
    }
  }
  int count = 1;
  char* k2Rows = second;
  char* v2Rows = second + (w2 + GROUPS - 1) * ROW_BYTES;
  if (SIMPLICIAL) {
    k2 += keyHead * WIDTH, v2 += keyHead * WIDTH;
    // Row r is of token firstToken + GROUPS - 1 - r: a window begins with its own token.
    int rows = w2 + GROUPS - 1;
    for (int i = threadIdx.x; i < rows * WIDTH / 2; i += THREADS) {
      int r = i / (WIDTH / 2), of = firstToken + GROUPS - 1 - r;
      if (of < 0 || of >= tokens) of = 0;
      spread(k2Rows + r * ROW_BYTES, k2 + (long long)of * stride, i % (WIDTH / 2));
      spread(v2Rows + r * ROW_BYTES, v2 + (long long)of * stride, i % (WIDTH / 2));
    }
    count = token + 1 < w2 ? token + 1 : w2;
    k2Rows += (GROUPS - 1 - group) * ROW_BYTES + lane % 4 * PART_BYTES;
    v2Rows += (GROUPS - 1 - group) * ROW_BYTES + lane % 4 * PART_BYTES;
    __syncthreads();
  }

  float s[64], o[64], sum[64];
#pragma unroll
  for (int i = 0; i < 64; i++) o[i] = 0, sum[i] = 0;
  float most0 = -1e30f, most1 = -1e30f, total0 = 0, total1 = 0;
  float factor = scale * 1.44269504f;

  auto fold = [&](int which) {
    const char* from = k2Rows + which * ROW_BYTES;
    const char* mineQ = queries + group * QUERY_BYTES + thread * 16;
#pragma unroll
    for (int step = 0; step < 8; step += 2) {
      uint4 f = *(const uint4*)(from + step * 8);
      uint4 x = *(const uint4*)(mineQ + step * 2048);
      uint4 y = *(const uint4*)(mineQ + step * 2048 + 2048);
      a[4 * step] = timesPair(x.x, f.x), a[4 * step + 1] = timesPair(x.y, f.x);
      a[4 * step + 2] = timesPair(x.z, f.y), a[4 * step + 3] = timesPair(x.w, f.y);
      a[4 * step + 4] = timesPair(y.x, f.z), a[4 * step + 5] = timesPair(y.y, f.z);
      a[4 * step + 6] = timesPair(y.z, f.w), a[4 * step + 7] = timesPair(y.w, f.w);
    }
  };
  auto unfold = [&](int which) {
    const char* from = v2Rows + which * ROW_BYTES;
#pragma unroll
    for (int step = 0; step < 8; step += 2) {
      uint4 f = *(const uint4*)(from + step * 8);
      u32 pairsOf[4] = {f.x, f.y, f.z, f.w};
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float low = __uint_as_float(pairsOf[i] << 16), high = __uint_as_float(pairsOf[i] & 0xFFFF0000u);
        int at = 8 * step + 4 * i;
        sum[at] += low * o[at], sum[at + 1] += high * o[at + 1];
        sum[at + 2] += low * o[at + 2], sum[at + 3] += high * o[at + 3];
      }
    }
  };

  int turn = 0;
  u32 parity = 0;
  u32 p[32];
  auto logits = [&](u32 keys) {
    u64 of = descriptor(keys, 16);
    fence();
#pragma unroll
    for (int step = 0; step < 8; step++) {
      multiply<false>(s, a + 4 * step, of + (step / 4 * HALF_BYTES + step % 4 * 32 >> 4), step > 0);
    }
    commit();
  };
  auto weighValues = [&](u32 keys) {
    u64 of = descriptor(keys + 2 * HALF_BYTES, HALF_BYTES);
    fence();
#pragma unroll
    for (int step = 0; step < 8; step++) {
      multiply<true>(o, p + 4 * step, of + (step * 2048 >> 4), !SIMPLICIAL || step > 0);
    }
    commit();
  };
  // Weights of the logits, whose first key is given; earlier sums are rescaled if the maximum grows.
  auto weigh = [&](int first) {
    if (first < 0 || first + KEYS - 1 > token) {
#pragma unroll
      for (int i = 0; i < 64; i++) {
        int key = first + i / 4 * 8 + lane % 4 * 2 + i % 2;
        if (key < 0 || key > token) s[i] = -1e38f;
      }
    }
    float high0 = fmaxf(s[0], s[1]), high1 = fmaxf(s[2], s[3]);
#pragma unroll
    for (int i = 4; i < 64; i += 4) {
      high0 = fmaxf(high0, fmaxf(s[i], s[i + 1]));
      high1 = fmaxf(high1, fmaxf(s[i + 2], s[i + 3]));
    }
    high0 = ofQuad(high0) * factor, high1 = ofQuad(high1) * factor;
    if (__any_sync(0xFFFFFFFFu, high0 > most0 + HEADROOM || high1 > most1 + HEADROOM)) {
      high0 = fmaxf(high0, most0), high1 = fmaxf(high1, most1);
      float shrink0 = power(most0 - high0), shrink1 = power(most1 - high1);
      most0 = high0, most1 = high1, total0 *= shrink0, total1 *= shrink1;
#pragma unroll
      for (int i = 0; i < 64; i += 4) {
        float* x = SIMPLICIAL ? sum : o;
        x[i] *= shrink0, x[i + 1] *= shrink0, x[i + 2] *= shrink1, x[i + 3] *= shrink1;
      }
    }
#pragma unroll
    for (int i = 0; i < 64; i += 4) {
      float e0 = power(s[i] * factor - most0), e1 = power(s[i + 1] * factor - most0);
      float e2 = power(s[i + 2] * factor - most1), e3 = power(s[i + 3] * factor - most1);
      total0 += e0 + e1, total1 += e2 + e3;
      p[i / 2] = pack(e0, e1), p[i / 2 + 1] = pack(e2, e3);
    }
  };

  int first = base + group + chunk * KEYS;  // the group's first key of the chunk
  if (SIMPLICIAL) {
    int last = 0;
    fold(0);
    for (; chunk < chunks; chunk++, first += KEYS) {
      __syncthreads();  // the chunk before has been read by all
      if (chunk + 1 < chunks) {
        fetchChunk(stage + (turn ^ 1) * STAGE_BYTES, barrier + 8 * (turn ^ 1), k, v, keyHead, base + (chunk + 1) * KEYS);
      }
      barrierWait(barrier + 8 * turn, parity);
      u32 keys = stage + turn * STAGE_BYTES + group * 128;
      for (int at = 0; at < count; at++) {
        logits(keys);
        unfold(last);  // of the sum before, while the tensor cores are at the logits
        waitFor(s);
        weigh(first);
        weighValues(keys);
        last = at;
        fold(at + 1 < count ? at + 1 : 0);
        waitFor(o);
      }
      if (++turn == STAGES) turn = 0, parity ^= 1;
    }
    unfold(last);
  } else {
    __syncthreads();
    barrierWait(barrier, 0);
    logits(stage + group * 128);
    for (; chunk < chunks; chunk++, first += KEYS) {
      waitFor(s);
      weigh(first);
      u32 used = stage + turn * STAGE_BYTES, usedBarrier = barrier + 8 * turn;
      weighValues(used + group * 128);
      if (++turn == STAGES) turn = 0, parity ^= 1;
      if (chunk + 1 < chunks) {
        // The next logits follow in the tensor cores' queue, so they need not wait for this group.
        barrierWait(barrier + 8 * turn, parity);
        logits(stage + turn * STAGE_BYTES + group * 128);
        waitForAllBut<1>(o);
      } else {
        waitFor(o);
      }
      __syncthreads();  // the chunk has been read by all
      if (chunk + STAGES < chunks) fetchChunk(used, usedBarrier, k, v, keyHead, base + (chunk + STAGES) * KEYS);
    }
  }
  total0 += __shfl_xor_sync(0xFFFFFFFFu, total0, 1), total0 += __shfl_xor_sync(0xFFFFFFFFu, total0, 2);
  total1 += __shfl_xor_sync(0xFFFFFFFFu, total1, 1), total1 += __shfl_xor_sync(0xFFFFFFFFu, total1, 2);
  float share0 = 1 / total0, share1 = 1 / total1;
  if (token >= tokens) return;
  u16* target = out + ((long long)token * keyHeads + keyHead) * headsOfKey * WIDTH;
#pragma unroll
  for (int i = 0; i < 64; i += 4) {
    const float* x = SIMPLICIAL ? sum : o;
    int column = i / 4 * 8 + lane % 4 * 2;
    if (head < headsOfKey) *(u32*)(target + (long long)head * WIDTH + column) = pack(x[i] * share0, x[i + 1] * share0);
    if (head + 8 < headsOfKey) {
      *(u32*)(target + (long long)(head + 8) * WIDTH + column) = pack(x[i + 2] * share1, x[i + 3] * share1);
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) simplicialAttention(const u16* q,
    const __grid_constant__ TensorMap k, const __grid_constant__ TensorMap v, const u16* k2, const u16* v2, u16* out,
    int tokens, int keyHeads, int headsOfKey, int w1, int w2, float scale) {
  attend<true, 2>(q, &k, &v, k2, v2, out, tokens, keyHeads, headsOfKey, w1, w2, scale);
}

// Over all earlier tokens and the token itself: the window is as long as the sequence.
extern "C" __global__ void __launch_bounds__(THREADS, 1) dotProductAttention(const u16* q,
    const __grid_constant__ TensorMap k, const __grid_constant__ TensorMap v, u16* out, int tokens, int keyHeads,
    int headsOfKey, int w1, float scale) {
  attend<false, 3>(q, &k, &v, nullptr, nullptr, out, tokens, keyHeads, headsOfKey, w1, 1, scale);
}
