"""A real Chromium for the browser tests: the system's, else Playwright's, else from apt."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
MACS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
HINT = "No Chromium found and none could be installed. Install one: sudo apt install chromium"


class NoChromium(RuntimeError):
    """No browser; the text says what to install."""


def find() -> str:
    """The path of a Chromium on this machine, or nothing."""
    named = os.environ.get("CHROMIUM", "")
    candidates = [named, *(shutil.which(name) or "" for name in NAMES), *MACS, _of_playwright()]
    return next((path for path in candidates if path and Path(path).is_file()), "")


def get() -> str:
    """The path of a Chromium, installed first when there is none. Raises NoChromium."""
    ways = [
        [
            sys.executable,
            "-m",
            "playwright",
            "install",
            "--with-deps" if _is_root() else "--no-shell",
            "chromium",
        ]
    ]
    if _is_root() and shutil.which("apt-get"):
        ways += [
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"],
        ]
    for way in ways:
        if path := find():
            return path
        sys.stderr.write(f"No Chromium yet; trying: {' '.join(way)}\n")
        subprocess.run(way, check=False)
    if path := find():
        return path
    raise NoChromium(HINT)


def _of_playwright() -> str:
    """Where Playwright keeps its own Chromium, whether it is there or not."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
