"""model_step.py TORCH_FOLDER MODEL LINES NEXT_MODEL CORPUS_FILE: runs the example of docs/model-state.md, then the next training step in
PyTorch alone. LINES: what `train --from MODEL --steps 1 --jsonl` wrote of it; NEXT_MODEL: the model after it. Router topk, one domain."""
import json
import os
import pathlib
import re
import sys

sys.setdlopenflags(os.RTLD_LAZY)  # the CUDA libraries may be empty: stub_cuda.sh
sys.path.append(sys.argv[1])
import torch
from safetensors import safe_open

page = pathlib.Path(__file__).resolve().parents[2] / "docs" / "model-state.md"
names = {"MODEL": sys.argv[2]}
exec(compile(re.search(r"```python\n(.*?)```", page.read_text(), re.DOTALL).group(1), str(page), "exec"), names)
state, knobs, trained = names["state"], names["knobs"], names["trained"]
functional = torch.nn.functional


def mersenne_twister(words):
    """std::mt19937_64 from its 312 words and its place in them."""
    words, place = list(words[:312]), words[312]
    mask = (1 << 64) - 1
    while True:
        if place == 312:
            for i in range(312):
                joined = (words[i] & 0xFFFFFFFF80000000) | (words[(i + 1) % 312] & 0x7FFFFFFF)
                words[i] = words[(i + 156) % 312] ^ (joined >> 1) ^ (0xB5026F5AA96619E9 if joined & 1 else 0)
            place = 0
        y = words[place]
        place += 1
        y ^= (y >> 29) & 0x5555555555555555
        y ^= (y << 17) & 0x71D67FFFEDA60000 & mask
        y ^= (y << 37) & 0xFFF7EEE000000000 & mask
        yield y ^ (y >> 43)


def norm(x, gain):
    return x * (x.square().mean(-1, keepdim=True) + 1e-6).rsqrt() * gain


def attention(x, block):
    heads = knobs["heads"]
    parts = (x @ trained[block + "query_key_value"]).unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 1, 4)
    mixed = functional.scaled_dot_product_attention(*parts, is_causal=True)
    return mixed.transpose(1, 2).flatten(2) @ trained[block + "attention_out"]


def experts(x, block):
    tokens = x.flatten(0, 1)
    scores = (tokens - state[block + "moe.routing_mean"]) @ trained[block + "moe.router.weight"].t()
    best, chosen = scores.topk(knobs["top-k"], dim=-1)
    gates = torch.zeros_like(scores).scatter(1, chosen, best.softmax(-1))
    gate, up = torch.einsum("td,edm->tem", tokens, trained[block + "moe.experts_in"]).chunk(2, dim=-1)
    return torch.einsum("te,tem,emd->td", gates, functional.silu(gate) * up, trained[block + "moe.experts_down"]).view_as(x)


text = pathlib.Path(sys.argv[5]).read_bytes()
length = knobs["context"] + 1
training = text[: len(text) - max(len(text) // 10, length)]
dice = mersenne_twister([int(word) for word in state["batches.generator"].tolist()])
rows = []
for _ in range(knobs["batch"]):
    next(dice)  # which domain: there is one
    start = next(dice) % (len(training) - length + 1)
    rows.append(list(training[start : start + length]))
batch = torch.tensor(rows)

for weight in trained.values():
    weight.requires_grad_()
x = trained["embedding"][batch[:, :-1]] + trained["positions"]
for layer in range(knobs["layers"]):
    block = f"blocks.{layer}."
    x = x + attention(norm(x, trained[block + "attention_norm"]), block)
    x = x + experts(norm(x, trained[block + "expert_norm"]), block)
logits = norm(x, trained["final_norm"]) @ trained["head"]
loss = functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
line = json.loads(pathlib.Path(sys.argv[3]).read_text().splitlines()[0])
assert line["step"] == names["step"] + 1, line["step"]
measured = line[next(name for name in line if name.startswith("loss"))]
assert abs(loss.item() - measured) < 2e-5, (loss.item(), measured)

loss.backward()
torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
groups = [{"params": [w for w in trained.values() if (w.dim() > 1) == decayed], "weight_decay": 0.01 if decayed else 0.0} for decayed in (True, False)]
optimiser = torch.optim.AdamW(groups, lr=knobs["learning-rate"], betas=(0.9, 0.95), eps=1e-8)
for name, weight in trained.items():
    optimiser.state[weight] = {"step": state["optimiser.steps." + name].float(), "exp_avg": state["optimiser.first_moment." + name], "exp_avg_sq": state["optimiser.second_moment." + name]}
optimiser.step()
with safe_open(sys.argv[4], framework="pt") as file:
    moved = max((weight.detach() - file.get_tensor(name)).abs().max().item() for name, weight in trained.items())
    stood = max((file.get_tensor(name) - safe).abs().max().item() for name, safe in ((n, safe_open(sys.argv[2], framework="pt").get_tensor(n)) for n in trained))
assert stood > 1e-4, stood  # the step did move something
assert moved < 5e-6, moved
print("loss", loss.item(), "of the program", measured, "largest difference of a weight after the step", moved)
