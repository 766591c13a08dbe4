#!/usr/bin/env python3
"""Times PyTorch's grouped products on the shapes and tokens of gpu-validate experts. Needs PyTorch and a Hopper GPU.

    python3 bench/grouped_torch.py 353,437,580,405,458,532,771,406,662 [HIDDEN INNER]
"""
import statistics
import sys

import torch


def micros(run):
    for _ in range(3):
        run()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for _ in range(8):
            run()
    samples = []
    for _ in range(15):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        graph.replay()
        end.record()
        end.synchronize()
        samples.append(start.elapsed_time(end) * 1e3 / 8)
    return statistics.median(samples)


def main():
    tokens = [int(word) for word in sys.argv[1].split(",")]
    hidden, inner = (int(word) for word in sys.argv[2:4]) if len(sys.argv) > 3 else (7168, 2048)
    total, experts = sum(tokens), len(tokens)
    offsets = torch.tensor(tokens, device="cuda").cumsum(0).to(torch.int32)
    print(f"PyTorch {torch.__version__}, tokens {tokens}")
    for out, k in ((2 * inner, hidden), (hidden, inner)):
        x = torch.randn(total, k, device="cuda", dtype=torch.bfloat16)
        w = torch.randn(experts, out, k, device="cuda", dtype=torch.bfloat16) * 0.02
        print(f"{k} x {out} bf16 _grouped_mm {micros(lambda: torch._grouped_mm(x, w.transpose(1, 2), offs=offsets)):.1f} us")
        x8, w8 = x.to(torch.float8_e4m3fn), w.to(torch.float8_e4m3fn)
        sx = torch.ones(total, device="cuda")
        sw = torch.ones(experts, out, device="cuda")
        scaled = lambda: torch._scaled_grouped_mm(
            x8, w8.transpose(1, 2), sx, sw, offs=offsets, out_dtype=torch.bfloat16, use_fast_accum=True)
        print(f"{k} x {out} e4m3 _scaled_grouped_mm {micros(scaled):.1f} us")


if __name__ == "__main__":
    main()
