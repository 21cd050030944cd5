"""The process that sets papers: what it may not do, and what becomes of a layout that never ends."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import segno

from documents.typesetting import LayoutFault, Order, TooSlowError, Typesetter, assembled, digest, product_layout
from documents.typesetting import child as setter
from documents.typesetting.pool import CHILD
from documents.typesetting.source import common

CONFINED = f"""
import runpy, socket, sys
child = runpy.run_path({str(CHILD)!r}, run_name="child")
child["confine"]()
for attempt in (lambda: open("/etc/hostname"), lambda: open("/tmp/x", "w"), socket.socket):
    try:
        attempt()
    except OSError as error:
        print(error.errno)
    else:
        print("open")
"""


def order(layout: str, **told: object) -> Order:
    return Order(assembled(layout), {"title": "Surat", "paper": "A4", **told}, 1_700_000_000)


def test_process_can_open_no_file_and_no_line() -> None:
    """EMFILE for each: no network, no file, whatever a layout asks for."""
    done = subprocess.run([sys.executable, "-I", "-c", CONFINED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["24", "24", "24"]


def test_process_knows_nothing_of_the_portals_environment() -> None:
    with Typesetter() as typesetter:
        typesetter.pdf(order("Halo"))
        [child] = [child for child in list(typesetter._idle.queue) if child is not None]
        environment = Path(f"/proc/{child.process.pid}/environ").read_bytes().decode()
    assert {line.partition("=")[0] for line in environment.split("\0") if line} == {"PATH", "LC_ALL"}


@pytest.mark.parametrize("asked", ['#read("/etc/hostname")', '#import "@preview/cetz:0.3.1"', '#image("/etc/hosts")'])
def test_layout_reaches_neither_disk_nor_network(asked: str) -> None:
    with Typesetter() as typesetter, pytest.raises(LayoutFault):
        typesetter.pdf(order(asked))


def test_same_order_gives_the_same_bytes_in_any_process() -> None:
    paper = order(product_layout("letter"), texts={"opening": ["Dengan hormat."]}, body={"subject": "Undangan"})
    with Typesetter() as first, Typesetter() as second:
        first.pdf(order("Halo"))
        assert first.pdf(paper) == second.pdf(paper)


def test_fault_names_the_line_of_the_layout_itself() -> None:
    with Typesetter() as typesetter, pytest.raises(LayoutFault) as fault:
        typesetter.pdf(order("= Surat\n#let jumlah = 1\n#tidak-ada(2)"))
    assert (fault.value.line, fault.value.message.split(":")[0]) == (3, "unknown variable")


def test_layout_that_never_ends_is_stopped_and_the_next_paper_is_set() -> None:
    with Typesetter(seconds=3) as typesetter:
        began = time.monotonic()
        with pytest.raises(TooSlowError):
            typesetter.pdf(order("#for i in range(100000) { for j in range(100000) { let n = i * j } }"))
        assert time.monotonic() - began < 15
        assert typesetter.pdf(order("Halo"))[:5] == b"%PDF-"


def test_process_that_was_killed_is_replaced() -> None:
    with Typesetter() as typesetter:
        typesetter.pdf(order("Halo"))
        [child] = [child for child in list(typesetter._idle.queue) if child is not None]
        os.kill(child.process.pid, 9)
        child.process.wait()
        assert typesetter.pdf(order("Halo"))[:5] == b"%PDF-"


def test_many_papers_come_in_their_order() -> None:
    papers = [order(f"#set page(width: {100 + number}mm)\nHalo") for number in range(9)]
    with Typesetter(2) as typesetter:
        together = list(typesetter.pdfs(iter(papers)))
        assert together == [typesetter.pdf(paper) for paper in papers]


@pytest.mark.parametrize("length", [20, 44, 65, 66, 106, 107, 213, 300])
def test_codes_are_those_that_segno_draws(length: int) -> None:
    """Line by line: a paper of years ago must come out byte for byte."""
    some = "https://Portal.example.go.id/v/-_aZ09~" * 9
    for start in (0, 3, 7):
        address = some[start : start + length]
        made = segno.make(address, error="m", micro=False, mask=3)
        assert setter.qr(address) == setter.drawn(made), address


def test_source_holds_what_the_layout_uses_on_lines_of_their_own_number() -> None:
    made = assembled("#show: paper\n#facts(())").splitlines()
    whole = common().rstrip().splitlines()
    assert len(made) == len(whole) + 2
    kept = {line for line in made if line.startswith("#let")}
    assert kept < {line for line in whole if line.startswith("#let")}
    assert any(line.startswith("#let facts(") for line in kept)
    assert not any(line.startswith("#let official-table(") for line in kept)
    assert all(line in ("", whole[number]) for number, line in enumerate(made[: len(whole)]))


@pytest.mark.parametrize("asked", ["picture", "arms"])
def test_layout_takes_the_arms_as_bytes_or_as_the_address_of_data(asked: str) -> None:
    """Layouts of before took the address: their papers still come out."""
    address = "data:image/png;base64,iVBORw0KGgo="
    told = setter.with_picture({"arms": address, "line1": "Kota"}, f'#data.head.at("{asked}")')
    assert told["line1"] == "Kota"
    assert told["picture"].encode("latin-1") == b"\x89PNG\r\n\x1a\n"
    assert told.get("arms") == (address if asked == "arms" else None)


def test_digest_tells_layouts_and_typesetters_apart() -> None:
    assert len({digest("a", "typst 1"), digest("b", "typst 1"), digest("a", "typst 2")}) == 3
