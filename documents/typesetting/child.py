"""The process that sets papers. It knows nothing of the portal: orders come in by stdin, papers go out by stdout.

Before the first order it gives away what it does not need: no new file or line can be opened, memory, time and the
size of files are limited. A layout that never ends or eats everything harms this process alone.
"""

import io
import json
import resource
import struct
import sys
from typing import Any, BinaryIO

import segno
import typst

MEMORY = 2 * 1024**3
CPU_SECONDS = 900
STANDARD = "a-2a"  # for archives, and readable aloud
EMPTY_PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"
WARM_UP = f'#set text(lang: "id")\n#image(bytes("{EMPTY_PICTURE}"))\n= Surat'.encode()
NOWHERE = "/nonexistent"


def confine() -> None:
    """What was open stays open; nothing new can be opened."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def qr(address: str) -> str:
    """As the lines of an SVG, sharp at any size. Looking for the best of eight masks would cost half of the paper."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=3).save(out, kind="svg", xmldecl=False, border=0, omitsize=True)
    return out.getvalue().decode()


def set_in_type(compiler: Any, order: dict[str, Any]) -> list[bytes]:
    paper: dict[str, Any] = order["paper"]
    if paper.get("verify_url"):
        paper["qr"] = qr(paper["verify_url"])
    # Files that exist in memory alone. As sys_inputs Typst would build its whole library anew for each paper.
    files = {"main.typ": order["source"].encode(), "paper.json": json.dumps(paper, ensure_ascii=False).encode()}
    common: dict[str, Any] = {"input": files, "timestamp": order["at"]}
    if "sys.inputs" in order["source"]:  # layouts of before
        common["sys_inputs"] = {"paper": json.dumps(paper, ensure_ascii=False)}
    if order["format"] == "png":
        pages = compiler.compile(**common, format="png", ppi=order["ppi"])
        return pages if isinstance(pages, list) else [pages]
    return [compiler.compile(**common, format="pdf", pdf_standards=STANDARD)]


def answer(compiler: Any, order: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    try:
        pages = set_in_type(compiler, order)
    except typst.TypstError as error:
        return {"fault": error.message, "where": error.diagnostic, "hints": list(error.hints)}, []
    return {"sizes": [len(page) for page in pages]}, pages


def read_exactly(source: BinaryIO, size: int) -> bytes:
    content = source.read(size)
    if len(content) != size:
        raise SystemExit(0)  # whoever ordered is gone
    return content


def serve(source: BinaryIO, target: BinaryIO) -> None:
    compiler = typst.Compiler(ignore_system_fonts=True, package_path=NOWHERE, package_cache_path=NOWHERE)
    compiler.compile(input=WARM_UP, format="pdf")
    qr("warm up")
    confine()
    while True:
        (size,) = struct.unpack(">I", read_exactly(source, 4))
        head, pages = answer(compiler, json.loads(read_exactly(source, size)))
        written = json.dumps(head).encode()
        target.write(struct.pack(">I", len(written)) + written)
        for page in pages:
            target.write(page)
        target.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
