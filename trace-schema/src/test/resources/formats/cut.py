#!/usr/bin/env python3
"""Cuts requests 1000010 and 1000054 of long-a out of engines' dumps of its first 64 requests.

    python3 cut.py UNPACKED_FORMATS_FOLDER

Needs neither torch nor numpy. The SGLang file keeps both requests' own records, then has a second
dump in which the two run at once, decode rows of both in each pass.
"""
import json
import pathlib
import pickle
import shutil
import struct
import sys
import types
import zipfile

IDS = (1000010, 1000054)
CODES = {"IntStorage": ("i", 4), "LongStorage": ("q", 8)}


class Storage:
    def __init__(self, type_name, key, count):
        self.type_name, self.key, self.count = type_name, key, count


class Tensor:
    def __init__(self, storage, offset, size, stride, *_):
        self.storage, self.offset, self.size, self.stride = storage, offset, size, stride


class OrderedDict(dict):
    pass


def torch_module():
    torch = types.ModuleType("torch")
    utils = types.ModuleType("torch._utils")
    for storage in CODES:
        setattr(torch, storage, type(storage, (), {"__module__": "torch"}))

    def _rebuild_tensor_v2(*arguments):
        return Tensor(*arguments)

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    sys.modules["torch"], sys.modules["torch._utils"] = torch, utils
    return torch, utils


TORCH, UTILS = torch_module()


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if name == "OrderedDict":
            return OrderedDict
        return {"_rebuild_tensor_v2": UTILS._rebuild_tensor_v2}.get(name, name)

    def persistent_load(self, identity):
        return Storage(identity[1], identity[2], identity[4])


class Pickler(pickle.Pickler):
    """Writes tensors as torch does."""

    def persistent_id(self, value):
        if isinstance(value, Storage):
            return ("storage", getattr(TORCH, value.type_name), value.key, "cpu", value.count)
        return None

    def reducer_override(self, value):
        if isinstance(value, Tensor):
            import collections

            return UTILS._rebuild_tensor_v2, (
                value.storage, value.offset, value.size, value.stride, False,
                collections.OrderedDict())
        return NotImplemented


def load(path):
    archive = zipfile.ZipFile(path)
    name = next(n for n in archive.namelist() if n.endswith("/data.pkl"))
    root = name[: -len("/data.pkl")]
    dump = Unpickler(archive.open(name)).load()

    def ints(tensor):
        raw = archive.read(f"{root}/data/{tensor.storage.key}")
        code, width = CODES[tensor.storage.type_name]
        return list(struct.unpack(f"<{len(raw) // width}{code}", raw))

    return dump, ints


class Writer:
    def __init__(self, name):
        self.name, self.values = name, []

    def tensor(self, size, ints, storage="IntStorage"):
        key = str(len(self.values))
        self.values.append(struct.pack(f"<{len(ints)}{CODES[storage][0]}", *ints))
        stride, step = [], 1
        for length in reversed(size):
            stride.insert(0, step)
            step *= length
        return Tensor(Storage(storage, key, len(ints)), 0, tuple(size), tuple(stride))

    def save(self, path, dump):
        import io

        buffer = io.BytesIO()
        Pickler(buffer, protocol=2).dump(dump)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            def put(entry, content):
                archive.writestr(zipfile.ZipInfo(f"{self.name}/{entry}"), content)

            put("data.pkl", buffer.getvalue())
            put("byteorder", b"little")
            for key, content in enumerate(self.values):
                put(f"data/{key}", content)
            put("version", b"3\n")


def sglang(source, out):
    dump, ints = load(source / "sglang/per_token/expert_distribution_recorder_1757203200.0_0.pt")
    per_request = len(dump["records"]) // 32
    mine = [dump["records"][i * per_request:(i + 1) * per_request] for i in (5, 27)]
    p2l = ints(dump["last_physical_to_logical_map"])

    def write(name, passes):
        writer = Writer(name)
        records = []
        for number, parts in enumerate(passes):
            record = dict(parts[0])
            record["forward_pass_id"] = number
            # The counts are left out: 3.4 KB a record that per_token traces do not need.
            del record["global_physical_count"]
            layers, columns = 6, 8
            tokens = [part["topk_ids_of_layer"].size[1] for part in parts]
            rows = [ints(part["topk_ids_of_layer"]) for part in parts]
            joined = []
            for layer in range(layers):
                for count, ids in zip(tokens, rows):
                    joined += ids[layer * count * columns:(layer + 1) * count * columns]
            record["input_ids"] = sum((part["input_ids"] for part in parts), [])
            record["positions"] = sum((part["positions"] for part in parts), [])
            if record["extend_seq_lens"] is not None:
                record["extend_seq_lens"] = sum((part["extend_seq_lens"] for part in parts), [])
            record["topk_ids_of_layer"] = writer.tensor((layers, sum(tokens), columns), joined)
            records.append(record)
        map_tensor = writer.tensor((6, 144), p2l, "LongStorage")
        writer.save(out / f"{name}.pt",
                    {"records": records, "last_physical_to_logical_map": map_tensor})

    name = "expert_distribution_recorder_1757203200.0_0"
    write(name, [[record] for record in mine[0] + mine[1]])
    write("expert_distribution_recorder_1757203300.0_0", list(zip(*mine)))


def sglang_counts(source, out):
    name = "expert_distribution_recorder_1757203200.0"
    dump, ints = load(source / f"sglang/per_pass/{name}_0.pt")
    per_request = len(dump["records"]) // 32
    writer = Writer(name + "_0")
    records = []
    for i in (5, 27):
        for record in dump["records"][i * per_request:(i + 1) * per_request]:
            count = record["global_physical_count"]
            record = dict(record, global_physical_count=writer.tensor(count.size, ints(count)))
            records.append(record)
    p2l = ints(dump["last_physical_to_logical_map"])
    writer.save(out / "per_pass.pt", {
        "records": records, "last_physical_to_logical_map": writer.tensor((6, 144), p2l, "LongStorage")})
    shutil.copy(source / f"sglang/stat/{name}.pt", out / "stat.pt")


def tensor_rt(source, out, name):
    raw = (source / f"tensorrt-llm/{name}").read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:8 + length])
    kept, data = {}, b""
    for key, tensor in header.items():
        if key.split("_")[0] in ("102", "113"):
            begin, end = tensor["data_offsets"]
            content = raw[8 + length + begin:8 + length + end]
            kept[key] = dict(tensor, data_offsets=[len(data), len(data) + len(content)])
            data += content
    text = json.dumps(kept).encode()
    text += b" " * (-len(text) % 8)
    (out / name).write_bytes(struct.pack("<Q", len(text)) + text + data)
    shutil.copy(source / "tensorrt-llm/meta_info.json", out)


def main():
    source, out = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).parent
    for engine in ("sglang", "tensorrt-llm", "vllm", "megatron"):
        (out / engine).mkdir(exist_ok=True)
    sglang(source, out / "sglang")
    sglang_counts(source, out / "sglang")
    tensor_rt(source, out / "tensorrt-llm", "rank2_raw.safetensors")
    tensor_rt(source, out / "tensorrt-llm", "rank2.safetensors")
    shutil.copy(source / "vllm/expert_load_stats.jsonl", out / "vllm")
    for request in IDS:
        shutil.copy(source / f"vllm/routed_experts/request-{request}.npz", out / "vllm")
    with open(source / "megatron/router_trace_rank0.jsonl") as lines, open(
            out / "megatron/router_trace_rank0.jsonl", "w") as kept:
        kept.writelines(line for line in lines if json.loads(line)["step"] == 5)


if __name__ == "__main__":
    main()
