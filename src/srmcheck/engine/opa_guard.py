"""Runs OPA and outlives nobody: started as a program of its own by opa_binary, with its standard input open.

Arguments: the temporary directory, then the command. When standard input ends, because the parent closed it or died in
whatever way, the command is ended and the directory removed. Imports nothing of srmcheck.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import threading


def main(directory: str, command: list[str]) -> int:
    """Runs the command until it ends or standard input does; returns its exit code."""
    for name in ("SIGINT", "SIGHUP"):  # a terminal sends these to us all: the parent decides
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        signal.signal(signal.SIGTERM, lambda _signal, _frame: process.terminate())
        threading.Thread(target=_end_with_input, args=(process,), daemon=True).start()
        return process.wait()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _end_with_input(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError, ValueError):
        while sys.stdin.buffer.read(1):
            pass
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
