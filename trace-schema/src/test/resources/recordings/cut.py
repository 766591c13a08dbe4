#!/usr/bin/env python3
"""Cuts a few iterations out of what the engines' own recorders wrote.

    python3 cut.py UNPACKED_RECORDINGS_FOLDER

Needs neither torch nor numpy.
"""
import json
import pathlib
import shutil
import struct
import sys

ITERATIONS = ("96", "101")
STEPS = (1, 6)


def safetensors(source, target):
    raw = source.read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:8 + length])
    kept, data = {}, b""
    for key, tensor in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        if key.split("_")[0] in ITERATIONS:
            begin, end = tensor["data_offsets"]
            content = raw[8 + length + begin:8 + length + end]
            kept[key] = dict(tensor, data_offsets=[len(data), len(data) + len(content)])
            data += content
    text = json.dumps(kept).encode()
    text += b" " * (-len(text) % 8)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(struct.pack("<Q", len(text)) + text + data)


def lines(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(source) as recorded, open(target, "w") as kept:
        kept.writelines(line for line in recorded if json.loads(line)["step"] in STEPS)


def main():
    source = pathlib.Path(sys.argv[1])
    out = pathlib.Path(__file__).parent
    for name in ("trt-raw", "trt-chunked"):
        for file in ("rank2.safetensors", "rank2_raw.safetensors"):
            safetensors(source / name / file, out / name / file)
    for name in ("trt-slots", "trt-mtp"):
        safetensors(source / name / "rank2.safetensors", out / name / "rank2.safetensors")
    shutil.copy(source / "trt-slots/meta_info.json", out / "trt-slots")
    for name in ("mega-train", "mega-train-micro", "mega-pp"):
        file = "router_trace_rank2.jsonl"
        lines(source / name / file, out / name / file)


if __name__ == "__main__":
    main()
