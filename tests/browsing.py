"""Watched pages in a real Chromium, for the tests that need one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import ROOT, chromium
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def from_npm(name: str, package: str) -> Path:
    """The folder of an npm package by the lock file of tests/NAME, kept in the virtual environment."""
    place = Path(sys.prefix) / name
    lock = ROOT / "tests" / name / "package-lock.json"
    if not (place / "node_modules").exists() or (place / lock.name).read_bytes() != lock.read_bytes():
        shutil.copytree(lock.parent, place, dirs_exist_ok=True)
        scripts = str(Path(sys.executable).parent)
        environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
        command = ["npm", "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]
        subprocess.run(command, cwd=place, env=environment, check=True, stdout=subprocess.DEVNULL)
    return place / "node_modules" / package


@dataclass
class Watched:
    """A page and everything it did that it should not."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 404" not in message.text:
            self.faults.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "about:blank")):
            self.faults.append(f"request: {request.url}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Watched]]:
    """Opens watched pages; when the test is over, none may have misbehaved."""
    contexts: list[BrowserContext] = []
    all_watched: list[Watched] = []

    def new(**options: object) -> Watched:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        watched = Watched(context.new_page(), server)
        watched.page.on("console", watched.console)
        watched.page.on("request", watched.request)
        watched.page.on("pageerror", lambda error: watched.faults.append(f"error: {error}"))
        watched.page.on("dialog", lambda dialog: (watched.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        context.on("page", lambda page: watched.faults.append(f"window: {page.url}"))
        all_watched.append(watched)
        return watched

    yield new
    for context in contexts:
        context.close()
    assert [fault for watched in all_watched for fault in watched.faults] == []
