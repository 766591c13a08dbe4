"""Load, imbalance and co-activation of one pack, as an analyst would compute them with NumPy.

    python3 bench/peers/analyst.py PACK.safetensors

Prints one line "name seconds cpu-seconds" per figure. Runs on one core; the pack must be uncompressed (zstd -d).
"""

import json
import sys
import time

import numpy as np


def timed(name, work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    print("%s %.2f %.2f" % (name, time.perf_counter() - wall, time.process_time() - cpu))
    return result


def read(path):
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    begin = 8 + length

    def tensor(name, dtype):
        entry = header[name]
        offset, end = entry["data_offsets"]
        array = np.fromfile(path, dtype, (end - offset) // np.dtype(dtype).itemsize, offset=begin + offset)
        return array.reshape(entry["shape"])

    return (
        int(header["__metadata__"]["num_experts"]),
        tensor("topk_ids", np.uint8 if header["topk_ids"]["dtype"] == "U8" else np.uint16),
        tensor("token_offset", np.int64),
        tensor("prompt_len", np.int32),
    )


def load(ids, prefill, experts):
    return [
        [np.bincount(ids[rows, layer].ravel(), minlength=experts) for rows in (prefill, ~prefill)]
        for layer in range(ids.shape[1])
    ]


def imbalance(counts):
    sums = np.array(counts).sum(axis=1)
    return sums.max(axis=1) / sums.mean(axis=1), sums.std(axis=1) / sums.mean(axis=1)


def coactivation(ids, experts):
    layers = []
    for layer in range(ids.shape[1]):
        chosen = ids[:, layer].astype(np.int32)
        pairs = np.zeros(experts * experts, np.int64)
        for i in range(chosen.shape[1]):
            for j in range(i + 1, chosen.shape[1]):
                pairs += np.bincount(chosen[:, i] * experts + chosen[:, j], minlength=experts * experts)
        pairs = pairs.reshape(experts, experts)
        layers.append(pairs + pairs.T)
    return layers


def main():
    experts, ids, offsets, prompts = timed("read", lambda: read(sys.argv[1]))
    row = np.arange(offsets[-1]) - np.repeat(offsets[:-1], np.diff(offsets))
    prefill = row < np.repeat(prompts, np.diff(offsets))
    counts = timed("load", lambda: load(ids, prefill, experts))
    timed("imbalance", lambda: imbalance(counts))
    timed("coactivation", lambda: coactivation(ids, experts))


main()
