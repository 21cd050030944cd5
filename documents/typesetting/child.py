"""The process that sets papers. It knows nothing of the portal: orders come in by stdin, papers go out by stdout.

Before the first order it gives away what it does not need: no new file or line can be opened, memory, time and the
size of files are limited. A layout that never ends or eats everything harms this process alone.
"""

import base64
import io
import json
import re
import resource
import struct
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest
from operator import itemgetter
from typing import Any, BinaryIO

import segno
import typst
from segno import consts, encoder

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
    if not address.isascii() or address.upper() == address:
        return drawn(segno.make(address, error="m", micro=False, mask=3))
    return code_of(len(address)).drawn(address)


def drawn(code: Any) -> str:
    out = io.BytesIO()
    code.save(out, kind="svg", xmldecl=False, border=0, omitsize=True)
    return out.getvalue().decode()


class Code:
    """The codes of all addresses of one length, line by line what segno draws, in a tenth of its time.

    segno draws one; of its modules those of the address are then known by their places, and the others stay.
    """

    def __init__(self, length: int) -> None:
        one = "a" * length
        made = segno.make(one, error="m", micro=False, mask=3)
        self.count_bits = 8 if int(made.version) < 10 else 16
        ecc: Any = consts.ECC
        self.blocks = ecc[made.version][consts.ERROR_MAPPING[made.error]]
        counts = {int(block.num_total - block.num_data) for block in self.blocks}
        self.checks = {count: remainders(count) for count in counts}
        bits, self.size = self.bits(one), len(made.matrix)
        places = {cell: number for number, cell in enumerate(self.walk(made))}
        modules = enumerate(module for row in made.matrix for module in row)
        last = 2 * len(bits)
        found = []
        for cell, module in modules:
            number = places.get(divmod(cell, self.size), last)
            if number >= len(bits):
                found.append(last + module)
            else:
                found.append(number if int(bits[number]) == module else len(bits) + number)
        self.module = itemgetter(*found)
        self.head, _path, self.tail = re.split('(?<= d=")([^"]+)', drawn(made))

    def walk(self, made: Any) -> Iterator[tuple[int, int]]:
        """Where the bits lie: two columns at a time from the right, upwards and downwards by turns."""
        size = len(made.matrix)
        patterns = encoder.make_matrix(size, size)
        encoder.add_finder_patterns(patterns, size, size)
        encoder.add_alignment_patterns(patterns, size, size)
        patterns[-8][8] = 1
        columns = [*range(size - 1, 6, -2), *range(5, 0, -2)]
        for turn, right in enumerate(columns):
            for row in range(size) if turn % 2 else range(size - 1, -1, -1):
                yield from ((row, column) for column in (right, right - 1) if patterns[row][column] > 1)

    def bits(self, address: str) -> str:
        """What segno writes: mode, length, text, filling; in blocks, each with its check words, woven together."""
        space = sum(block.num_blocks * block.num_data for block in self.blocks)
        text = int.from_bytes(address.encode()) | (0b0100 << self.count_bits | len(address)) << 8 * len(address)
        used = (4 + self.count_bits + 8 * len(address) + 4) // 8
        words = (text << 8 * used - 4 - self.count_bits - 8 * len(address)).to_bytes(used)
        words = (words + b"\0" + bytes((0xEC, 0x11)) * space)[:space]
        data, checks, start = [], [], 0
        for block in self.blocks:
            count = block.num_total - block.num_data
            for _number in range(block.num_blocks):
                data.append(words[start : start + block.num_data])
                checks.append(checked(data[-1], self.checks[count], count))
                start += block.num_data
        woven = (word for part in (data, checks) for row in zip_longest(*part) for word in row if word is not None)
        return "".join(map(BITS.__getitem__, woven))

    def drawn(self, address: str) -> str:
        bits = self.bits(address)
        modules = "".join(self.module(bits + bits.translate(OTHER) + "01")).translate(SIGNS)
        lines, at, down = [], 0, 0
        for start in range(0, len(modules), self.size):
            row = modules[start : start + self.size].rstrip(".")
            down += 1
            if row:
                dark = row.lstrip(".")
                lines.append(f"m{len(row) - len(dark) - at} {down}{dark}")
                at, down = len(row), 0
        path = "".join(lines)
        for run in range(self.size, 0, -1):
            path = path.replace("#" * run, f"h{run}").replace("." * run, f"m{run} 0")
        return f"{self.head}M0 0.5{path.removeprefix('m0 1')}{self.tail}"


BITS = [f"{number:08b}" for number in range(256)]
OTHER, SIGNS = str.maketrans("01", "10"), str.maketrans("01", ".#")
code_of = lru_cache(maxsize=8)(Code)


def remainders(count: int) -> list[int]:
    """What each byte leaves when it is divided by the polynomial of so many check words."""
    generator = consts.GEN_POLY[count]
    found = [0]
    for value in range(1, 256):
        logarithm, rest = consts.GALIOS_LOG[value], 0
        for power in generator[:count]:
            rest = rest << 8 | consts.GALIOS_EXP[logarithm + power]
        found.append(rest)
    return found


def checked(words: bytes, remainder: list[int], count: int) -> bytes:
    rest, high, whole = 0, 8 * (count - 1), (1 << 8 * count) - 1
    for word in words:
        rest = (rest << 8 & whole) ^ remainder[word ^ rest >> high]
    return rest.to_bytes(count)


def with_picture(head: dict[str, Any], source: str) -> dict[str, Any]:
    """The arms as layouts print them: what lies in memory must be text, and so each byte of a picture is a character.

    Layouts of before, or of the office, may take them as the address of data instead.
    """
    arms = head.get("arms") or ""
    picture = base64.b64decode(arms.partition(",")[2]).decode("latin-1") if arms.startswith("data:") else arms
    told = head | {"picture": picture}
    if '"arms"' not in source:
        told.pop("arms", None)
    return told


def set_in_type(compiler: Any, order: dict[str, Any]) -> list[bytes]:
    paper: dict[str, Any] = order["paper"]
    if paper.get("verify_url"):
        paper["qr"] = qr(paper["verify_url"])
    if paper.get("head"):
        paper["head"] = with_picture(paper["head"], order["source"])
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
