"""From treebanks and raw news to the files in models/, in one command:

    python make.py --treebanks UD --raw raw.txt --work /tmp/sitrep-training --models ../../models

`UD` is a folder with en_ewt-ud-{train,dev}.conllu and en_gumopen-ud-{train,dev}.conllu (see README.md); `raw.txt` holds
sentences, one a line with spaces between words, or items as `cargo run --release --example sentences` writes them. What is done already is not done
again, and what was cut off goes on, so that the command can be repeated at any time.
"""

import argparse
import subprocess
import sys
from pathlib import Path

# Name, layers, epochs, share of headlines; the first is trained on the treebanks alone and teaches the others. The
# shallowest read headlines worst, so they are shown some.
NETWORKS = [("accurate", 6, 8, 0.0), ("balanced", 4, 3, 0.0), ("fast", 2, 3, 0.12), ("three", 3, 2, 0.12)]
SHIPPED = ("accurate", "balanced", "fast")


def main():
    o = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    o.add_argument("--treebanks", type=Path, required=True)
    o.add_argument("--raw", type=Path, required=True)
    o.add_argument("--words", type=Path, nargs="*", default=[], help="further texts whose words the vocabulary must hold")
    o.add_argument("--work", type=Path, required=True)
    o.add_argument("--models", type=Path, required=True)
    o.add_argument("--only", nargs="*", help="names of networks")
    o = o.parse_args()
    here = Path(__file__).parent
    banks = lambda part: [str(o.treebanks / f"en_{b}-ud-{part}.conllu") for b in ("ewt", "gumopen")]
    teacher = o.work / NETWORKS[0][0]
    for name, layers, epochs, headlines in NETWORKS:
        if o.only and name not in o.only:
            continue
        out = o.work / name
        command = [sys.executable, here / "train.py", "--train", *banks("train"), "--dev", *banks("dev"), "--out", out]
        command += ["--layers", str(layers), "--epochs", str(epochs)]
        if out == teacher:
            command += ["--words", o.raw, *o.words]
        else:
            command += ["--teacher", teacher, "--raw", o.raw, "--headlines", headlines]
        if not (out / "done").exists():
            print(f"== {name}", flush=True)
            subprocess.run(list(map(str, command)), check=True)
            (out / "done").touch()
        if name in SHIPPED:
            target = o.models / f"{name}.bin"
            command = [sys.executable, here / "export.py", out, "--train", *banks("train"), "--out", target]
            subprocess.run(list(map(str, command)), check=True)


if __name__ == "__main__":
    main()
