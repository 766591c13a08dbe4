#!/usr/bin/env python3
"""Makes inputs at the limits of ingest from the expert ids of the samples: many small files and the same responses in ten files,
one request of a million tokens, 200,000 requests of one token, and a model of 1,024 experts x top-16 x 128 layers.
   bench/limit-inputs.py SAMPLES OUT [FILES]"""
import array
import json
import os
import struct
import subprocess
import sys

LAYERS, TOP_K = 6, 8
ROW = LAYERS * TOP_K
DAY_MILLIS = 1_789_344_000_000  # 2026-09-14
TOKENS_PER_RESPONSE = 8


def pack(path):
    """The columns of a pack, and the domains' names."""
    data = subprocess.run(["zstd", "-dc", path], capture_output=True, check=True).stdout
    (length,) = struct.unpack("<Q", data[:8])
    head, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    codes = {"I64": "q", "I32": "i"}
    columns = {}
    for name, tensor in head.items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            code = codes.get(tensor["dtype"])
            columns[name] = array.array(code, body[begin:end]) if code else body[begin:end]
    return columns, json.loads(head["__metadata__"]["domains"])


def responses(packs):
    """The first tokens of each request, as the responses of a server."""
    for columns, domains in packs:
        offsets = columns["token_offset"]
        for r in range(len(columns["request_id"])):
            tokens = min(offsets[r + 1] - offsets[r], TOKENS_PER_RESPONSE)
            rows = columns["topk_ids"][offsets[r] * ROW : (offsets[r] + tokens) * ROW]
            routed = [
                [list(rows[t * ROW + l * TOP_K :][:TOP_K]) for l in range(LAYERS)] for t in range(tokens)
            ]
            yield columns["arrival_ms"][r], {
                "domain": domains[columns["domain"][r]],
                "dp_rank": columns["dp_rank"][r],
                "usage": {"prompt_tokens": min(columns["prompt_len"][r], tokens)},
                "choices": [{"routed_experts": routed}],
            }


def write_responses(packs, out, files):
    made = list(responses(packs))
    for part in range(10):
        os.makedirs(f"{out}/ten", exist_ok=True)
        with open(f"{out}/ten/part{part}.jsonl", "w") as ten:
            for i in range(files * part // 10, files * (part + 1) // 10):
                arrival, response = made[i % len(made)]
                line = json.dumps(
                    {"id": f"cmpl-{i}", "created": (arrival + i) / 1000, **response}, separators=(",", ":")
                )
                ten.write(line + "\n")
                folder = f"{out}/small/{i // 1000:03d}"
                os.makedirs(folder, exist_ok=True)
                with open(f"{folder}/r{i:06d}.json", "w") as one:
                    one.write(line + "\n")


def write_pack(path, model, layers, experts, top_k, tokens, ids, dtype):
    """A pack; tokens are the numbers of tokens of the requests."""
    n = len(tokens)
    offsets = [0]
    for count in tokens:
        offsets.append(offsets[-1] + count)
    columns = [
        ("arrival_ms", "I64", [n], array.array("q", [DAY_MILLIS + i * 86_000_000 // n for i in range(n)]).tobytes()),
        ("request_id", "I64", [n], array.array("q", range(1, n + 1)).tobytes()),
        ("token_offset", "I64", [n + 1], array.array("q", offsets).tobytes()),
        ("generated_len", "I32", [n], array.array("i", [t // 2 for t in tokens]).tobytes()),
        ("prompt_len", "I32", [n], array.array("i", [t - t // 2 for t in tokens]).tobytes()),
        ("domain", "U8", [n], bytes(n)),
        ("dp_rank", "U8", [n], bytes(i % 8 for i in range(n))),
        ("topk_ids", dtype, [offsets[-1], len(layers), top_k], ids),
    ]
    head = {
        "__metadata__": {
            "model": model,
            "domains": '["chat"]',
            "moe_layers": json.dumps(layers, separators=(",", ":")),
            "num_experts": str(experts),
            "top_k": str(top_k),
        }
    }
    at = 0
    for name, kind, shape, data in columns:
        head[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, _, _, data in columns:
            file.write(data)


def wide(rows, tokens, layers):
    """Ids of 1,024 experts, top-16: two rows of the samples, each in one of eight blocks of 128 experts."""
    ids = array.array("H")
    for t in range(tokens):
        for layer in range(layers):
            at = (t * layers + layer) * 16 % (len(rows) - 16) // 8 * 8
            block = (t + layer) % 7 * 128
            ids.extend(block + e for e in rows[at : at + 8])
            ids.extend(block + 128 + e for e in rows[at + 8 : at + 16])
    return ids.tobytes()


def main():
    samples, out = sys.argv[1:3]
    files = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000
    packs = [pack(f"{samples}/{name}") for name in sorted(os.listdir(samples)) if name.endswith(".zst")]
    write_responses(packs, out, files)
    rows = b"".join(columns["topk_ids"] for columns, _ in packs)
    million = (rows * (1_000_000 * ROW // len(rows) + 1))[: 1_000_000 * ROW]
    layers = [1, 3, 5, 7, 9, 11]
    write_pack(f"{out}/million.safetensors", "sextant-128x8", layers, 128, 8, [1_000_000], million, "U8")
    ones = million[: 200_000 * ROW]
    write_pack(f"{out}/one-token.safetensors", "sextant-128x8", layers, 128, 8, [1] * 200_000, ones, "U8")
    write_pack(
        f"{out}/wide.safetensors", "wide-1024x16", list(range(128)), 1024, 16, [40] * 50, wide(rows, 2000, 128), "U16"
    )


main()
