"""The farm: ten years of a realistic salmon-farming company, generated in parallel."""

from __future__ import annotations

import os
import platform

# The same bits on every machine. Where a processor has AVX-512, numpy takes exponentials and
# logarithms from another library, whose last digit differs; read when numpy is first imported.
if platform.machine() in {"x86_64", "AMD64"}:
    os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"
