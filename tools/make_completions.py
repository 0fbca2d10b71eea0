"""Writes what makes shells complete ruhrmail into completions/, where the wheel takes it from.

Bash and fish get the scripts that `ruhrmail --show-completion` prints. That of zsh defines a function when it is read,
for ~/.zshrc; a file that zsh finds by itself has to be the function. Run it after an update of typer; a test compares.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = {"bash": "ruhrmail.bash", "fish": "ruhrmail.fish"}
ZSH = """#compdef ruhrmail
eval "$(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" _RUHRMAIL_COMPLETE=complete_zsh ruhrmail)"
"""


def main() -> None:
    """All files below the folder named, else completions/."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "completions"
    out.mkdir(exist_ok=True)
    for shell, name in FILES.items():
        (out / name).write_text(script(shell), encoding="utf-8")
    (out / "_ruhrmail").write_text(ZSH, encoding="utf-8")


def script(shell: str) -> str:
    """What `--show-completion` says to a shell."""
    code = f"import os; os.environ['_RUHRMAIL_COMPLETE'] = 'source_{shell}'; from ruhrmail.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip() + "\n"


if __name__ == "__main__":
    main()
