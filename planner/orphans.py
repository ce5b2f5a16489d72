"""No orphans: a process that ends with its parent, even when the parent is killed with -9."""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
WATCH_SECONDS = 1.0


def die_with(parent: int) -> None:
    """This process is killed when `parent`, the process that started it, dies; at once if it is gone already.

    Linux keeps the promise in the kernel; elsewhere a thread looks once a second. Harmless when repeated.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def children_die_with_me() -> None:
    """Every process forked from now on is killed when the one that forked it dies, grandchildren included."""
    if hasattr(os, "register_at_fork"):
        parents: list[int] = []
        os.register_at_fork(
            before=lambda: parents.append(os.getpid()),
            after_in_parent=parents.clear,
            after_in_child=lambda: die_with(parents[-1]),
        )


def go_by(name: str) -> None:
    """The process is called `name` (15 letters at most) in lists of processes, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode()[:15])


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)
