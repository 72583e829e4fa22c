"""Calls tools of an MCP server through the official SDK: `client.py PROGRAM`, the calls as JSON on standard input."""

import asyncio
import json
import os
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main() -> None:
    calls = json.load(sys.stdin)
    server = StdioServerParameters(command=sys.argv[1], args=["mcp"], env=dict(os.environ))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        results = []
        for tool, arguments in calls:
            # The SDK validates what comes back against the tool's output schema.
            result = (await session.call_tool(tool, arguments)).model_dump(mode="json", by_alias=False)
            results.append(
                {
                    "is_error": result["is_error"],
                    "structured": result["structured_content"],
                    "text": "\n".join(part["text"] for part in result["content"]),
                }
            )
    print(json.dumps({"tools": tools, "results": results}))


asyncio.run(main())
