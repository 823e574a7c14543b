"""The network: a BERT-shaped encoder over word pieces with heads for tags, arcs and relations."""

import json
import zipfile
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import pieces as P


@dataclass
class Shape:
    """Sizes of a network."""

    pieces: int
    upos: int
    xpos: int
    relations: int
    layers: int = 6
    width: int = 384
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    arc: int = 256
    relation: int = 96
    # Heads for events: types (the first is none), roles, statuses, categories of news; widths of what they look at.
    types: int = 0
    roles: int = 0
    statuses: int = 0
    categories: int = 0
    event: int = 256
    argument: int = 128


class Layer(nn.Module):
    def __init__(self, s: Shape, dropout):
        super().__init__()
        self.heads, self.dropout = s.heads, dropout
        self.qkv = nn.Linear(s.width, 3 * s.width)
        self.out = nn.Linear(s.width, s.width)
        self.norm1 = nn.LayerNorm(s.width, eps=1e-12)
        self.up = nn.Linear(s.width, s.inner)
        self.down = nn.Linear(s.inner, s.width)
        self.norm2 = nn.LayerNorm(s.width, eps=1e-12)

    def forward(self, x, mask):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        drop = self.dropout if self.training else 0.0
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=drop)
        a = self.out(a.transpose(1, 2).reshape(b, n, d))
        x = self.norm1(x + F.dropout(a, drop))
        # The tanh form of GELU: the service computes the same.
        h = self.down(F.gelu(self.up(x), approximate="tanh"))
        return self.norm2(x + F.dropout(h, drop))


class Network(nn.Module):
    def __init__(self, s: Shape, dropout=0.1, head_dropout=0.25):
        super().__init__()
        self.shape, self.dropout, self.head_dropout = s, dropout, head_dropout
        self.piece = nn.Embedding(s.pieces, s.width)
        self.position = nn.Embedding(s.positions, s.width)
        self.spelling = nn.Embedding(P.SHAPES, s.width)
        self.norm = nn.LayerNorm(s.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(s, dropout) for _ in range(s.layers))
        self.upos = nn.Linear(s.width, s.upos)
        self.xpos = nn.Linear(s.width, s.xpos)
        self.arc_head = nn.Linear(s.width, s.arc)
        self.arc_dependent = nn.Linear(s.width, s.arc)
        self.arc = nn.Linear(s.arc, s.arc)
        self.arc_bias = nn.Linear(s.arc, 1)
        self.relation_head = nn.Linear(s.width, s.relation)
        self.relation_dependent = nn.Linear(s.width, s.relation)
        # For each relation a bilinear form over both sides, each with a one behind it.
        self.relation = nn.Linear(s.relation, s.relations * (s.relation + 1))
        if s.types:
            self.event = nn.Linear(s.width, s.event)
            self.event_type = nn.Linear(s.event, s.types)
            self.event_status = nn.Linear(s.event, s.statuses)
            self.category = nn.Linear(s.width, s.categories)
            self.argument_trigger = nn.Linear(s.width, s.argument)
            self.argument_word = nn.Linear(s.width, s.argument)
            # For each role a bilinear form over a trigger and a word, each with a one behind it.
            self.argument = nn.Linear(s.argument, s.roles * (s.argument + 1))
            nn.init.normal_(self.argument.weight, std=0.5 / s.argument)
            # Nearly all words are no trigger and no party.
            with torch.no_grad():
                self.argument.bias.zero_().view(s.roles, -1)[:, -1] = -3.0
                self.event_type.bias.zero_()[0] = 3.0
        nn.init.zeros_(self.spelling.weight)
        nn.init.normal_(self.arc.weight, std=s.arc**-0.5)
        nn.init.normal_(self.relation.weight, std=0.5 / s.relation)
        nn.init.zeros_(self.relation.bias)

    def encode(self, batch):
        """Vectors of the root and of each word: (sentences, words + 1, width), and of the pieces."""
        ids = batch["pieces"]
        n = ids.shape[1]
        x = self.piece(ids) + self.spelling(batch["spelling"]) + self.position.weight[:n]
        x = F.dropout(self.norm(x), self.dropout if self.training else 0.0)
        mask = batch["mask"][:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        pick = lambda at: x.gather(1, at[:, :, None].expand(-1, -1, x.shape[2]))
        return (pick(batch["first"]) + pick(batch["last"])) * 0.5

    def _drop(self, x):
        """Dropout of whole features of a sentence."""
        if not self.training:
            return x
        keep = torch.rand(x.shape[0], 1, x.shape[2]) > self.head_dropout
        return x * keep / (1 - self.head_dropout)

    def forward(self, batch):
        w = self.encode(batch)
        w = self._drop(w)
        act = lambda layer: self._drop(F.leaky_relu(layer(w), 0.1))
        out = {"words": w, "upos": self.upos(w[:, 1:]), "xpos": self.xpos(w[:, 1:])}
        head, dependent = act(self.arc_head), act(self.arc_dependent)[:, 1:]
        arcs = self.arc(dependent) @ head.transpose(1, 2) + self.arc_bias(head).transpose(1, 2)
        out["arcs"] = arcs.float().masked_fill(~batch["heads_mask"][:, None, :], -1e4)
        out["relation_head"], out["relation_dependent"] = act(self.relation_head), act(self.relation_dependent)[:, 1:]
        if self.shape.types:
            event = act(self.event)[:, 1:]
            out["types"], out["statuses"] = self.event_type(event), self.event_status(event)
            out["categories"] = self.category(w[:, 0])
            out["argument_trigger"], out["argument_word"] = act(self.argument_trigger)[:, 1:], act(self.argument_word)[:, 1:]
        return out

    def arguments(self, out, rows, triggers):
        """Scores of every word for every role of some triggers, given by sentence and word: (triggers, words, roles)."""
        form = self.argument(out["argument_trigger"][rows, triggers]).view(len(rows), self.shape.roles, -1)
        words = out["argument_word"][rows]
        words = torch.cat([words, torch.ones_like(words[..., :1])], -1)
        return words @ form.transpose(1, 2)

    def relations(self, out, heads):
        """Scores of the relations of each word to the given head: (sentences, words, relations)."""
        head = out["relation_head"]
        head = head.gather(1, heads[:, :, None].expand(-1, -1, head.shape[2]))
        head = torch.cat([head, torch.ones_like(head[..., :1])], -1)
        form = self.relation(out["relation_dependent"]).view(*head.shape[:2], -1, head.shape[2])
        return (form * head[:, :, None, :]).sum(-1)


def pretrained():
    """Tensors and vocabulary of MiniLM-L6, from its package."""
    from safetensors.torch import load

    folder = Path(find_spec("all_minilm_l6_v2").origin).parent
    with zipfile.ZipFile(folder / "model.zip") as archive:
        tensors = load(archive.read("model.safetensors"))
        vocabulary = json.loads(archive.read("tokenizer.json"))["model"]["vocab"]
    return tensors, sorted(vocabulary, key=vocabulary.get)


def initialise(network, kept):
    """Fills the encoder from MiniLM; `kept` are the places of the kept pieces in its vocabulary."""
    tensors, _ = pretrained()
    get = lambda name: tensors[name]
    with torch.no_grad():
        network.piece.weight.copy_(get("embeddings.word_embeddings.weight")[kept])
        network.position.weight.copy_(
            get("embeddings.position_embeddings.weight") + get("embeddings.token_type_embeddings.weight")[0]
        )
        _norm(network.norm, tensors, "embeddings.LayerNorm")
        for i, layer in enumerate(network.layers):
            name = f"encoder.layer.{i}."
            parts = [name + f"attention.self.{p}" for p in ("query", "key", "value")]
            layer.qkv.weight.copy_(torch.cat([get(p + ".weight") for p in parts]))
            layer.qkv.bias.copy_(torch.cat([get(p + ".bias") for p in parts]))
            for ours, theirs in (
                (layer.out, "attention.output.dense"),
                (layer.up, "intermediate.dense"),
                (layer.down, "output.dense"),
            ):
                ours.weight.copy_(get(name + theirs + ".weight"))
                ours.bias.copy_(get(name + theirs + ".bias"))
            _norm(layer.norm1, tensors, name + "attention.output.LayerNorm")
            _norm(layer.norm2, tensors, name + "output.LayerNorm")


def _norm(ours, tensors, name):
    ours.weight.copy_(tensors[name + ".weight"])
    ours.bias.copy_(tensors[name + ".bias"])


def shape_of(saved):
    return Shape(**saved)


def saved_shape(shape):
    return asdict(shape)
