#!/usr/bin/env python3
"""Compiles products.py ahead of time with Triton and writes kernel packages. Needs Triton, but neither PyTorch nor a GPU.

    python3 packages/triton/make.py OUT [sm_90a]

docs/kernel-packages.md describes the files.
"""
import pathlib
import sys

import triton
from triton.backends.compiler import GPUTarget

import products

COMMON = ["activations", "weights", "outputs"]


def compiled(kernel, signature, constants, options, capability):
    aligned = {}
    for place, (name, kind) in enumerate(signature.items()):
        if kind.startswith("*") or name in ("n", "k"):
            aligned[(place,)] = [["tt.divisibility", 16]]
    source = triton.compiler.ASTSource(
        fn=kernel,
        signature={**signature, **{name: "constexpr" for name in constants}},
        constexprs=constants,
        attrs=aligned)
    return triton.compile(source, target=GPUTarget("cuda", capability, 32), options=options)


def variant(folder, name, result, fields):
    data = result.metadata
    # The launcher of this tool's packages passes no scratch memory.
    assert not data.global_scratch_size and not data.profile_scratch_size, name
    (folder / f"{name}.cubin").write_bytes(result.asm["cubin"])
    lines = [f"  - name: {name}", f"    binary: {name}.cubin", f"    entry: {data.name}",
             f"    threads: {32 * data.num_warps}", f"    shared_bytes: {data.shared}"]
    return lines + [f"    {key}: {value}" for key, value in fields.items()]


def package(out, name, product, recipe, layouts, variants):
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"name: {name}", "version: 1", f"origin: packages/triton/products.py of Sextant, Triton {triton.__version__}",
             "licence: Apache-2.0", f"product: {product}", f"recipe: {recipe}", f"architecture: {ARCHITECTURE}", "layouts:"]
    lines += [f"  {operand}: {layout}" for operand, layout in layouts.items()] + ["variants:"]
    for name_of_variant, result, fields in variants:
        lines += variant(folder, name_of_variant, result, fields)
    (folder / "package.yaml").write_text("\n".join(lines) + "\n")
    print(folder)


def dense(kernel, shapes):
    signature = {"x": "*fp8e4nv", "w": "*fp8e4nv", "y": "*bf16", "x_scales": "*fp32", "w_scales": "*fp32",
                 "counters": "*i32", "partials": "*fp32", "m": "i32", "n": "i32", "k": "i32"}
    arguments = COMMON + ["activation_scales", "weight_scales", "workspace", "workspace 65536",
                          "i32 m", "i32 n", "i32 k", "null", "null"]
    for split, bm, bn, stages, warps in shapes:
        result = compiled(kernel, signature, {"SPLIT": split, "BM": bm, "BN": bn, "BK": 128},
                          {"num_warps": warps, "num_stages": stages}, CAPABILITY)
        fields = {"multiples": f"{{m: 1, n: {bn}, k: 128}}",
                  "grid": f'["ceil(m, {bm}) * (n / {bn})", "{split}"]',
                  "workspace_bytes": f'"65536 + {split} * ceil(m, {bm}) * {bm} * n * 4"' if split > 1 else '"65536"',
                  "arguments": str(arguments)}
        if split > 1:
            fields["limits"] = f"{{m: {16 * bm}}}"
        yield f"m{bm}n{bn}s{split}", result, fields


def grouped(kernel, scaled, shapes):
    kind = "*fp8e4nv" if scaled else "*bf16"
    signature = {"x": kind, "w": kind, "y": "*bf16"}
    arguments = list(COMMON)
    if scaled:
        signature |= {"x_scales": "*fp32", "w_scales": "*fp32"}
        arguments += ["activation_scales", "weight_scales"]
    signature |= {"offsets": "*i32", "m": "i32", "n": "i32", "k": "i32", "experts": "i32"}
    arguments += ["offsets", "i32 m", "i32 n", "i32 k", "i32 experts", "null", "null"]
    for bt, bn, bk, stages, warps in shapes:
        result = compiled(kernel, signature, {"BT": bt, "BN": bn, "BK": bk},
                          {"num_warps": warps, "num_stages": stages}, CAPABILITY)
        yield f"t{bt}n{bn}k{bk}", result, {"multiples": f"{{m: 1, n: {bn}, k: {bk}}}",
                                           "grid": f'["tiles({bt})", "n / {bn}"]',
                                           "workspace_bytes": '"0"', "arguments": str(arguments)}


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    ARCHITECTURE = sys.argv[2] if len(sys.argv) > 2 else "sm_90a"
    CAPABILITY = int("".join(c for c in ARCHITECTURE if c.isdigit()))
    rows = {"activations": "m k", "weights": "n k", "outputs": "m n", "activation_scales": "m", "weight_scales": "n"}
    blocks = rows | {"activation_scales": "k/128 m", "weight_scales": "n/128 k/128"}
    experts = rows | {"weights": "experts n k", "weight_scales": "experts n"}
    few = [(1, 16, 128, 6, 4), (4, 16, 128, 6, 4), (8, 16, 128, 6, 4), (1, 32, 128, 6, 4), (4, 32, 128, 6, 4),
           (1, 64, 128, 5, 4), (2, 64, 128, 5, 4), (4, 64, 128, 5, 4), (1, 128, 128, 4, 8), (2, 128, 128, 4, 8),
           (1, 256, 128, 3, 8)]
    package(out, "triton-row", "gemm", "e4m3-row", rows, dense(products.row, few))
    package(out, "triton-block", "gemm", "e4m3-block", blocks, dense(products.block, few[:-1]))
    package(out, "triton-grouped-bf16", "grouped-gemm", "bf16",
            {key: value for key, value in experts.items() if not key.endswith("scales")},
            grouped(products.grouped_bf16, False,
                    [(128, 256, 64, 3, 8), (64, 256, 64, 4, 8), (128, 128, 64, 4, 8), (64, 128, 64, 4, 4)]))
    package(out, "triton-grouped-row", "grouped-gemm", "e4m3-row", experts,
            grouped(products.grouped_row, True,
                    [(128, 256, 128, 3, 8), (64, 256, 128, 4, 8), (128, 128, 128, 4, 8), (64, 128, 128, 4, 4)]))
