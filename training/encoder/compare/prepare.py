"""Writes MiniLM-L6 as each library wants it, and sentences in pieces, for the comparison in main.rs.

    python prepare.py treebank.conllu FOLDER

Then, with `onnxruntime` and `onnx` installed, measures ONNX Runtime on one thread.
"""

import json
import sys
import time
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
import conllu
import network as N
import pieces as P


class Encoder(torch.nn.Module):
    """The encoder alone, with the mask as the libraries give it."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, input_ids, attention_mask):
        n = self.network
        x = n.piece(input_ids) + n.position.weight[: input_ids.shape[1]]
        x = n.norm(x)
        bias = (1.0 - attention_mask[:, None, None, :].float()) * -1e4
        for layer in n.layers:
            b, t, d = x.shape
            q, k, v = layer.qkv(x).view(b, t, 3, layer.heads, d // layer.heads).permute(2, 0, 3, 1, 4)
            a = torch.softmax(q @ k.transpose(2, 3) / (d // layer.heads) ** 0.5 + bias, -1) @ v
            x = layer.norm1(x + layer.out(a.transpose(1, 2).reshape(b, t, d)))
            x = layer.norm2(x + layer.down(torch.nn.functional.gelu(layer.up(x))))
        return x


def main():
    treebank, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    package = Path(find_spec("all_minilm_l6_v2").origin).parent
    with zipfile.ZipFile(package / "model.zip") as archive:
        for name in ("config.json", "model.safetensors"):
            (folder / name).write_bytes(archive.read(name))
    _, vocabulary = N.pretrained()
    network = N.Network(N.Shape(len(vocabulary), 17, 49, 51))
    N.initialise(network, list(range(len(vocabulary))))
    network.eval()
    example = torch.ones(2, 7, dtype=torch.long)
    axes = {"input_ids": {0: "s", 1: "t"}, "attention_mask": {0: "s", 1: "t"}}
    torch.onnx.export(
        Encoder(network), (example, example), folder / "model.onnx", dynamo=False, opset_version=17,
        input_names=["input_ids", "attention_mask"], output_names=["vectors"], dynamic_axes=axes,
    )
    # Cut as the service cuts; every piece counts as known.
    cutter = P.Pieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(v for v in vocabulary if not v.startswith("["))])
    sentences = []
    for s in conllu.read(treebank):
        ids = [P.CLS] + [i for form in s.forms for i in cutter.cut(form)] + [P.SEP]
        sentences.append(ids)
    words = sum(len(s.forms) for s in conllu.read(treebank))
    (folder / "pieces.json").write_text(json.dumps(sentences))
    total = sum(map(len, sentences))
    print(f"{len(sentences)} sentences, {words} words, {total} pieces: {total / words:.3f} pieces a word")
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(folder / "model.onnx", folder / "model.int8.onnx", weight_type=QuantType.QInt8)
    for name in ("model.onnx", "model.int8.onnx"):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
        for rows in (1, 4, 16):
            order = sorted(sentences, key=len)
            groups = [order[i : i + rows] for i in range(0, len(order), rows)]
            begin = time.time()
            for group in groups:
                longest = max(map(len, group))
                ids = np.zeros((len(group), longest), np.int64)
                for i, s in enumerate(group):
                    ids[i, : len(s)] = s
                session.run(None, {"input_ids": ids, "attention_mask": (ids != 0).astype(np.int64)})
            pace = total / (time.time() - begin)
            print(f"onnxruntime {name}: {rows} sentences at once, {pace:.0f} pieces a second", flush=True)


if __name__ == "__main__":
    main()
