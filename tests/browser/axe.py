"""axe-core on an open page."""

import json
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
RUN = """axe.run().then(found => JSON.stringify(found.violations
    .filter(rule => ["serious", "critical"].includes(rule.impact))
    .flatMap(rule => rule.nodes.map(node => [rule.id, node.target.join(" "), (node.any[0] ?? node.all[0])?.message]))))"""


@cache
def _source() -> str:
    return SOURCE.read_text()


def serious_findings(page: Page) -> list[list[str]]:
    """Serious and critical findings as [rule, element, message]; run past the page's CSP by the debugger."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("Runtime.evaluate", {"expression": _source()})
    answer = debugger.send(
        "Runtime.evaluate", {"expression": RUN, "awaitPromise": True, "returnByValue": True}
    )
    findings: list[list[str]] = json.loads(answer["result"]["value"])
    return findings
