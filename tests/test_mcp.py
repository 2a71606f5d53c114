"""`kb mcp` as an agent meets it: a real client over standard input and output."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from test_redact import SECRETS, B, S

from kb import __version__
from kb.knowledge_base import KnowledgeBase

if TYPE_CHECKING:
    from mcp import Client

RELAY = "554 5.7.1 <bob@example.net>: Relay access denied"
ENTRY = "rcpt-relay-access-denied"


def talk(work: Callable[[Client], Awaitable[None]], errors: Path) -> None:
    """Run `work` with a client of a new `kb mcp`; what the server prints beside the protocol goes to `errors`."""
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    from mcp import Client  # takes seconds to import
    from mcp.client.stdio import StdioServerParameters, stdio_client

    async def session() -> None:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "kb", "mcp"], env=dict(os.environ), cwd=str(ROOT)
        )
        with errors.open("w") as file:
            async with Client(stdio_client(server, errlog=file)) as client:
                await work(client)

    asyncio.run(session())


@pytest.mark.thorough
def test_an_agent_asks(base: KnowledgeBase, tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        assert (client.server_info.name, client.server_info.version) == ("smtp-kb", __version__)
        await tools(client)
        await answers(client, base)
        await refusals(client)
        await resources(client)
        await secrets(client)

    talk(work, tmp_path / "stderr")
    assert S not in (tmp_path / "stderr").read_text()


async def tools(client: Client) -> None:
    listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(listed) == {"lookup", "diagnose", "search", "get_entry"}
    for tool in listed.values():
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        assert tool.description
        assert tool.title
        assert tool.output_schema is not None
        assert "schema_version" in tool.output_schema["properties"]


async def answers(client: Client, base: KnowledgeBase) -> None:
    """The client checks structured content against the tool's own schema."""
    for lang in ("zh", "en"):
        found = await client.call_tool("lookup", {"text": RELAY, "lang": lang})
        assert found.structured_content == base.lookup(RELAY, lang)
        title = found.structured_content["matches"][0]["title"]
        assert text_of(found).startswith(title)
        entry = await client.call_tool("get_entry", {"id": ENTRY, "lang": lang})
        assert entry.structured_content["title"] == title
        files = {
            "mailpit.env": "MP_SMTP_RELAY_HOST=mail.example.com\nMP_SMTP_RELAY_AUTH=plain\n",
            "main.cf": "mynetworks = 127.0.0.0/8\n",
        }
        diagnosis = await client.call_tool("diagnose", {"files": files, "lang": lang})
        assert diagnosis.structured_content == base.diagnose(files, "", lang)
        hits = await client.call_tool("search", {"query": "relay denied", "limit": 3, "lang": lang})
        assert 1 <= hits.structured_content["total"] <= 3
    line = '{"level":"error","msg":"550 5.1.1 User unknown"}'
    assert (await client.call_tool("lookup", {"text": line})).structured_content["reason"] == "user-unknown"


async def refusals(client: Client) -> None:
    from kb.mcp_server import MAX_TEXT

    for name, arguments in (
        ("lookup", {}),
        ("lookup", {"text": "x" * (MAX_TEXT + 1)}),
        ("lookup", {"text": [f"password={S}"]}),
        ("lookup", {"text": "x", "lang": f"password={S}"}),
        ("search", {"query": "x" * 501}),
        ("search", {"query": "x", "limit": 51}),
        ("get_entry", {"id": "nothing-like-this"}),
        ("get_entry", {"id": "x" * 10_000}),
        ("diagnose", {"files": {f"{n}.cf": "" for n in range(21)}}),
        ("diagnose", {"files": {"main.cf": "x" * (MAX_TEXT + 1)}}),
        ("diagnose", {"files": {f"password={S}": 1}}),
    ):
        refused = await client.call_tool(name, arguments)
        assert refused.is_error, name
        assert S not in text_of(refused)
        assert len(text_of(refused)) < 600
    assert ENTRY in text_of(await client.call_tool("get_entry", {"id": "rcpt-relay-access"}))


async def resources(client: Client) -> None:
    from mcp import MCPError

    templates = {template.uri_template for template in (await client.list_resource_templates()).resource_templates}
    assert templates == {"smtp-kb://{lang}/errors/{id}", "smtp-kb://{lang}/articles/{slug}"}
    for address in (f"smtp-kb://zh/errors/{ENTRY}", "smtp-kb://en/articles/reading-a-bounce"):
        (content,) = (await client.read_resource(address)).contents
        assert content.mime_type == "text/markdown"
        assert content.text.startswith("# ")
        links = [part.partition(")")[0] for part in content.text.split("](smtp-kb://")[1:]]
        assert links
        (linked,) = (await client.read_resource(f"smtp-kb://{links[0]}")).contents
        assert linked.text.startswith("# ")
    for address in ("smtp-kb://fr/errors/x", "smtp-kb://en/errors/nothing", "smtp-kb://en/articles/nothing"):
        with pytest.raises(MCPError):
            await client.read_resource(address)


async def secrets(client: Client) -> None:
    for text in list(SECRETS.values())[::3]:
        for name, arguments in (
            ("lookup", {"text": f"{RELAY}\n{text}\n{RELAY}"}),
            ("diagnose", {"files": {"main.cf": text, ".env": text}, "error": text}),
            ("search", {"query": text[:500]}),
        ):
            found = await client.call_tool(name, arguments)
            told = f"{text_of(found)}{found.structured_content}"
            assert S not in told, (name, text)
            assert B not in told


def text_of(result: Any) -> str:
    return "".join(part.text for part in result.content)


def test_without_the_extra_it_says_what_to_install() -> None:
    program = "import sys; sys.modules['mcp'] = None; sys.argv = ['kb', 'mcp']\nfrom kb.__main__ import main\nmain()"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, text=True, check=False)
    assert run.returncode == 1
    assert "smtp-kb[mcp]" in run.stderr
    assert "Traceback" not in run.stderr
