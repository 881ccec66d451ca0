"""trace_example.py TORCH_FOLDER CHECKPOINT TRACE: runs the example of docs/trace.md on a checkpoint."""
import os
import pathlib
import re
import sys

sys.setdlopenflags(os.RTLD_LAZY)  # the CUDA libraries may be empty: stub_cuda.sh
sys.path.append(sys.argv[1])
import torch

page = pathlib.Path(__file__).resolve().parents[2] / "docs" / "trace.md"
code = re.search(r"```python\n(.*?)```", page.read_text(), re.DOTALL).group(1)
torch.manual_seed(2)
exec(compile(code, str(page), "exec"), {"CHECKPOINT": sys.argv[2], "TRACE": sys.argv[3], "TOKEN_IDS": torch.randint(0, 64, (2, 60))})
