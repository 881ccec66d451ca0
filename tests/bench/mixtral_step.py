"""mixtral_step.py TORCH_SITE STEPS THREADS: milliseconds of a training step of Hugging Face's Mixtral at the size of Moescope's
default model (512 tokens, width 64, 2 layers, 8 experts of 128 units, top-2), one number a line on standard output.
Called by `moescope bench-peers`, which takes turns with it: one step for each line on standard input."""
import os
import sys
import time

sys.setdlopenflags(os.RTLD_LAZY | os.RTLD_GLOBAL)  # the CUDA wheel without CUDA's libraries binds lazily
sys.path.insert(0, sys.argv[1])
import torch
from transformers import MixtralConfig, MixtralForCausalLM

torch.manual_seed(1)
torch.set_num_threads(int(sys.argv[3]))
model = MixtralForCausalLM(MixtralConfig(
    vocab_size=256, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=4,
    num_local_experts=8, num_experts_per_tok=2, max_position_embeddings=128, use_cache=False, output_router_logits=False,
    attn_implementation="sdpa"))
optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, fused=True)
batch = torch.randint(0, 256, (4, 128))


def step():
    optimiser.zero_grad(set_to_none=True)
    model(input_ids=batch, labels=batch).loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()


for _ in range(5):
    step()
print("ready", flush=True)
for _ in range(int(sys.argv[2])):
    sys.stdin.readline()  # one step for each line, so that both programs take turns
    time.sleep(0.01)      # until the other program's OpenMP threads have stopped spinning
    start = time.perf_counter()
    step()
    print((time.perf_counter() - start) * 1e3, flush=True)
