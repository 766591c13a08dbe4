"""Products outputs[m, n] = activations[m, k] x weights[n, k] transposed, for gpu-validate kernels --packages.

The weights are the first operand of the tensor core and the tokens the second, so that a tile has as few tokens as a batch has.
If SPLIT is over 1, that many blocks share the k of a tile; the last one to finish adds their sums in a fixed order.
"""
import triton
import triton.language as tl


@triton.jit
def _store(sums, y, pid_m, pid_n, m, n, BM: tl.constexpr, BN: tl.constexpr):
    rows = pid_n * BN + tl.arange(0, BN)
    tokens = pid_m * BM + tl.arange(0, BM)
    at = y + tokens[None, :].to(tl.int64) * n + rows[:, None]
    tl.store(at, sums.to(tl.bfloat16), mask=(tokens < m)[None, :])


@triton.jit
def _finish(sums, y, counters, partials, pid_m, pid_n, m, n, SPLIT: tl.constexpr, BM: tl.constexpr, BN: tl.constexpr):
    if SPLIT == 1:
        _store(sums, y, pid_m, pid_n, m, n, BM, BN)
    else:
        tile = pid_m * (n // BN) + pid_n
        part = tl.program_id(1)
        place = tl.arange(0, BN)[:, None] * BM + tl.arange(0, BM)[None, :]
        mine = partials + (tile * SPLIT + part).to(tl.int64) * (BN * BM)
        tl.store(mine + place, sums, cache_modifier=".cg")
        tl.debug_barrier()
        before = tl.atomic_add(counters + tile, 1, sem="acq_rel", scope="gpu")
        if before == SPLIT - 1:
            first = partials + tile.to(tl.int64) * (SPLIT * BN * BM)
            total = tl.load(first + place, cache_modifier=".cg")
            for other in tl.static_range(1, SPLIT):
                total += tl.load(first + other * (BN * BM) + place, cache_modifier=".cg")
            _store(total, y, pid_m, pid_n, m, n, BM, BN)
            tl.store(counters + tile, 0)


@triton.jit
def row(x, w, y, x_scales, w_scales, counters, partials, m, n, k,
        SPLIT: tl.constexpr, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    """E4M3 with a scale per token and one per output."""
    pid_n = tl.program_id(0) % (n // BN)
    pid_m = tl.program_id(0) // (n // BN)
    tokens = pid_m * BM + tl.arange(0, BM)
    rows = pid_n * BN + tl.arange(0, BN)
    steps = k // BK
    each = (steps + SPLIT - 1) // SPLIT
    start = tl.program_id(1) * each
    stop = tl.minimum(start + each, steps)
    at = start * BK + tl.arange(0, BK)
    xp = x + (tokens % m)[None, :].to(tl.int64) * k + at[:, None]
    wp = w + rows[:, None].to(tl.int64) * k + at[None, :]
    sums = tl.zeros((BN, BM), tl.float32)
    for _ in range(start, stop):
        sums = tl.dot(tl.load(wp), tl.load(xp), sums)
        xp += BK
        wp += BK
    sums *= tl.load(w_scales + rows)[:, None] * tl.load(x_scales + tokens % m)[None, :]
    _finish(sums, y, counters, partials, pid_m, pid_n, m, n, SPLIT, BM, BN)


@triton.jit
def block(x, w, y, x_scales, w_scales, counters, partials, m, n, k,
          SPLIT: tl.constexpr, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    """E4M3 with a scale per 128 activations [k / 128, m] and one per 128 x 128 weights [n / 128, k / 128, padded to 4]."""
    pid_n = tl.program_id(0) % (n // BN)
    pid_m = tl.program_id(0) // (n // BN)
    tokens = pid_m * BM + tl.arange(0, BM)
    rows = pid_n * BN + tl.arange(0, BN)
    steps = k // BK
    each = (steps + SPLIT - 1) // SPLIT
    start = tl.program_id(1) * each
    stop = tl.minimum(start + each, steps)
    at = start * BK + tl.arange(0, BK)
    xp = x + (tokens % m)[None, :].to(tl.int64) * k + at[:, None]
    wp = w + rows[:, None].to(tl.int64) * k + at[None, :]
    padded = (k // 128 + 3) // 4 * 4
    wsp = w_scales + (pid_n * BN // 128) * padded
    xsp = x_scales + tokens % m
    sums = tl.zeros((BN, BM), tl.float32)
    for step in range(start, stop):
        product = tl.dot(tl.load(wp), tl.load(xp))
        sums += product * (tl.load(wsp + step) * tl.load(xsp + step.to(tl.int64) * m))[None, :]
        xp += BK
        wp += BK
    _finish(sums, y, counters, partials, pid_m, pid_n, m, n, SPLIT, BM, BN)


@triton.jit
def _tile(offsets, experts, BT: tl.constexpr):
    """The expert of tile program_id(0), and the first token of the tile within it."""
    left = tl.program_id(0)
    expert = 0
    tiles = (tl.load(offsets + 1) - tl.load(offsets) + BT - 1) // BT
    while left >= tiles:
        left -= tiles
        expert += 1
        tiles = (tl.load(offsets + expert + 1) - tl.load(offsets + expert) + BT - 1) // BT
    return expert, left * BT


@triton.jit
def grouped_bf16(x, w, y, offsets, m, n, k, experts,
                 BT: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    """Expert e has tokens offsets[e] to offsets[e + 1] and weights w[e]."""
    expert, first = _tile(offsets, experts, BT)
    start = tl.load(offsets + expert)
    count = tl.load(offsets + expert + 1) - start
    local = first + tl.arange(0, BT)
    tokens = start + tl.minimum(local, count - 1)
    rows = tl.program_id(1) * BN + tl.arange(0, BN)
    at = tl.arange(0, BK)
    xp = x + tokens[:, None].to(tl.int64) * k + at[None, :]
    wp = w + (expert.to(tl.int64) * n + rows)[None, :] * k + at[:, None]
    sums = tl.zeros((BT, BN), tl.float32)
    for _ in range(0, k // BK):
        sums = tl.dot(tl.load(xp), tl.load(wp), sums)
        xp += BK
        wp += BK
    to = y + (start + local)[:, None].to(tl.int64) * n + rows[None, :]
    tl.store(to, sums.to(tl.bfloat16), mask=(local < count)[:, None])


@triton.jit
def grouped_row(x, w, y, x_scales, w_scales, offsets, m, n, k, experts,
                BT: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    """The same in E4M3 with a scale per token and one per output of each expert."""
    expert, first = _tile(offsets, experts, BT)
    start = tl.load(offsets + expert)
    count = tl.load(offsets + expert + 1) - start
    local = first + tl.arange(0, BT)
    tokens = start + tl.minimum(local, count - 1)
    rows = tl.program_id(1) * BN + tl.arange(0, BN)
    at = tl.arange(0, BK)
    xp = x + tokens[:, None].to(tl.int64) * k + at[None, :]
    wp = w + (expert.to(tl.int64) * n + rows)[None, :] * k + at[:, None]
    sums = tl.zeros((BT, BN), tl.float32)
    for _ in range(0, k // BK):
        sums = tl.dot(tl.load(xp), tl.load(wp), sums)
        xp += BK
        wp += BK
    sums *= tl.load(x_scales + tokens)[:, None] * tl.load(w_scales + expert.to(tl.int64) * n + rows)[None, :]
    to = y + (start + local)[:, None].to(tl.int64) * n + rows[None, :]
    tl.store(to, sums.to(tl.bfloat16), mask=(local < count)[:, None])
