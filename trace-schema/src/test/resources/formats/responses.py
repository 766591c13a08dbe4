#!/usr/bin/env python3
"""Responses of servers, and vLLM's files, of requests that engines' own code recorded.

    python3 responses.py RECORDINGS

RECORDINGS is what the engines' recorders wrote for the first 64 requests of samples/day04: vLLM's
arrays of its main branch (vllm/main) and of pull request 39917 (vllm/pr39917), and load statistics
with those of a draft model (vloaddraft.jsonl). Needs NumPy.
"""
import base64
import io
import json
import pathlib
import shutil
import sys

import numpy as np

REQUESTS = (16, 42, 4)
MOE_LAYERS = [1, 3, 5, 7, 9, 11]
HERE = pathlib.Path(__file__).parent


def base64_of(data):
    return base64.b64encode(data).decode()


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return base64_of(out.getvalue())


def lines(name, objects):
    text = "".join(json.dumps(line) + "\n" for line in objects)
    (HERE / "responses" / name).write_text(text)


def main(recordings):
    arrays, prompts = {}, {}
    for request in REQUESTS:
        file = recordings / "vllm" / "main" / f"req{request}.npz"
        arrays[request] = np.load(file)["routed_experts"]
        split = np.load(recordings / "vllm" / "pr39917" / f"req{request}.npz")
        prompts[request] = len(split["prompt_routed_experts"])
    shutil.copy(recordings / "vllm" / "main" / "req42.npz", HERE / "vllm" / "main" / "req42.npz")
    np.save(HERE / "vllm" / "main" / "req42.npy", arrays[42])
    load = (recordings / "vloaddraft.jsonl").read_text().splitlines()
    (HERE / "vllm" / "main" / "load.jsonl").write_text("\n".join(load[8:12]) + "\n")

    def usage(request):
        prompt, rows = prompts[request], len(arrays[request])
        return {"prompt_tokens": prompt, "completion_tokens": rows - prompt + 1}

    lines("vllm.jsonl", [{
        "id": f"chatcmpl-{request:032x}", "object": "chat.completion", "created": 1796008000 + request,
        "model": "sextant-128x8", "choices": [{"index": 0, "message": {"role": "assistant",
        "content": "ok"}, "routed_experts": npy(arrays[request])}], "usage": usage(request),
    } for request in REQUESTS])
    lines("sglang.jsonl", [{
        "text": "ok", "meta_info": {"id": f"{request:032x}", **usage(request), "cached_tokens": 0,
        "routed_experts": base64_of(arrays[request].astype("<i4").tobytes())},
    } for request in REQUESTS[:2]])
    tail = arrays[42][4:]
    lines("dynamo.jsonl", [{
        "id": "7f3a", "created": 1796008042, "choices": [{"index": 0, "message": {}}],
        "usage": usage(42), "nvext": {"engine_data": {"routed_experts": {
            "data": base64_of(tail.tobytes()), "shape": list(tail.shape), "dtype": "uint8", "start": 4,
        }}},
    }])
    lines("tensorrt-llm.jsonl", [{
        "request_id": 42, "prompt_token_ids": list(range(prompts[42])), "outputs": [{"index": 0,
        "token_ids": list(range(usage(42)["completion_tokens"])),
        "routed_experts": arrays[42][:, MOE_LAYERS].tolist()}],
    }])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
