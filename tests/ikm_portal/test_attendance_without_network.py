"""A morning of attendance in a hall: the network comes and goes, clocks are wrong, tabs die; nobody counts twice."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.utils import timezone
from playwright.sync_api import Route, expect

from participants.models import Attendance, AttendanceDevice, AttendanceMark, DoorCase, Registration
from programs.models import Batch
from tests import cast
from tests.participants.hall import first, running
from tests.support import hall
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HOUR_MS = 3_600_000


@pytest.fixture
def site(live: LiveSite) -> Iterator[LiveSite]:
    """What the browser says of its own missing network is no fault of the page."""
    yield live
    live.problems[:] = [problem for problem in live.problems if "net::ERR_" not in problem]


def arrivals(batch: Batch) -> dict[int, int]:
    """Entry -> how many arrivals the portal has noted."""
    return Counter(
        AttendanceMark.objects.filter(session=first(batch), kind="arrived").values_list("registration", flat=True)
    )


def three_at_the_doors(site: LiveSite, batch: Batch) -> tuple[hall.HallDevice, hall.HallDevice, hall.HallDevice]:
    """One clock an hour ahead, one an hour behind, one right; each stands before the same list."""
    officers = (cast.program_officer(), cast.verifier(), cast.village_officer_here())
    clocks = (HOUR_MS, -HOUR_MS, 0)
    ahead, behind, right = [hall.device(site, who, clock_off=off) for who, off in zip(officers, clocks, strict=True)]
    for device in (ahead, behind, right):
        device.prepare()
        device.page.locator(".device-doors .btn-primary").click()
        device.open_session(batch.name)
    return ahead, behind, right


def test_three_devices_through_a_morning_end_in_one_mark_each(site: LiveSite) -> None:
    batch, entries = running(10, quota=12)
    started = timezone.now()
    ahead, behind, right = devices = three_at_the_doors(site, batch)
    ahead.tap(entries[0].pk)
    ahead.wait_until_sent()
    for device in devices:
        device.go_offline()
        for entry in entries[1:8]:
            device.tap(entry.pk)
    ahead.type(entries[8].code)
    behind.type(entries[8].shown_code)
    right.type(entries[8].full_name)
    for device, count in zip(devices, ("9", "8", "8"), strict=True):
        expect(device.page.locator(".device-count b")).to_have_text(count)
    assert arrivals(batch) == {entries[0].pk: 1}
    behind.page.reload()  # in the hall, without network: the page opens, and the PIN opens the lists
    behind.unlock()
    behind.open_session(batch.name)
    assert behind.count == 8
    right.page.close()  # killed before anything was sent
    right.page = right.page.context.new_page()
    for device in devices:
        device.go_online()
        if device is right:
            right.page.goto(hall.PAGE)
        device.wait_until_sent()
    assert arrivals(batch) == {entry.pk: 1 for entry in entries[:9]}
    assert Attendance.objects.present().filter(session=first(batch)).count() == 9
    times = list(AttendanceMark.objects.values_list("at", flat=True))
    assert [at for at in times if not started - timedelta(minutes=1) < at <= timezone.now()] == []
    assert sorted(device.clock_off for device in AttendanceDevice.objects.all()) == [0, 59, 60]
    behind.page.locator("[data-light]").click()
    expect(behind.page.locator("[data-check=clock]")).to_have_attribute("data-level", "warn")


def test_answer_that_is_lost_is_asked_for_again(site: LiveSite) -> None:
    """The server has noted everything, the line breaks before the answer: sent again, it stays one mark each."""
    batch, entries = running(3)
    device = hall.device(site, cast.program_officer())
    device.prepare()
    device.page.locator(".device-doors .btn-primary").click()
    device.open_session(batch.name)
    lost: list[int] = []

    def lose_twice(route: Route) -> None:
        answer = route.fetch()
        lost.append(answer.status)
        if len(lost) < 3:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    device.page.context.route("**/kehadiran/kirim/", lose_twice)
    for entry in entries:
        device.tap(entry.pk)
    device.wait_until_sent()
    assert len(lost) >= 3
    assert arrivals(batch) == {entry.pk: 1 for entry in entries}


def test_session_that_ended_meanwhile_loses_no_mark(site: LiveSite) -> None:
    batch, (entry,) = running()
    officer = cast.program_officer()
    device = hall.device(site, officer)
    device.prepare()
    device.page.locator(".device-doors .btn-primary").click()
    device.open_session(batch.name)
    SignIn.objects.all().delete()
    device.tap(entry.pk)
    expect(device.page.locator("[data-queue]")).to_have_attribute("data-waiting", "1")
    device.page.locator("[data-queue]").click()
    expect(device.page.locator("a[href^='/masuk/']")).to_be_visible()
    assert (arrivals(batch), site.violations(device.page), site.overflow(device.page)) == ({}, [], 0)
    hall.sign_in(device.page, site, officer)
    device.page.goto(hall.PAGE)
    device.wait_until_sent()
    assert arrivals(batch) == {entry.pk: 1}


def test_stranger_is_let_in_and_settled_by_the_office(site: LiveSite) -> None:
    batch, _entries = running()
    device = hall.device(site, cast.program_officer())
    device.prepare()
    device.page.locator(".device-doors .btn-primary").click()
    device.open_session(batch.name)
    device.go_offline()
    device.type("PRCB-2345")
    assert (site.violations(device.page), site.overflow(device.page)) == ([], 0)
    device.page.locator(".device-dialog .btn-outline-secondary").click()
    device.type("Bapak Tanpa Tiket")
    device.page.locator(".device-dialog .btn-primary").click()
    expect(device.page.locator("[data-queue]")).to_have_attribute("data-waiting", "1")
    assert (device.count, DoorCase.objects.count()) == (0, 0)
    device.go_online()
    device.wait_until_sent()
    case = DoorCase.objects.get()
    assert (case.written, case.reason, Attendance.objects.count()) == ("Bapak Tanpa Tiket", "not_registered", 0)
    device.page.locator("[data-queue]").click()
    expect(device.page.locator(".device-marks .why")).to_contain_text("Kantor akan memutuskannya.")
    device.page.locator(".device-marks .btn").click()
    expect(device.page.locator(".device-marks")).to_have_count(0)


def test_mark_is_taken_back_before_and_after_it_was_sent(site: LiveSite) -> None:
    batch, (one, two) = running(2)
    device = hall.device(site, cast.program_officer())
    device.prepare()
    device.page.locator(".device-doors .btn-primary").click()
    device.open_session(batch.name)
    device.tap(one.pk)
    device.wait_until_sent()
    device.page.locator(".device-result .btn").click()
    expect(device.page.locator(f"[data-person='{one.pk}']")).not_to_have_class("is-here")
    device.wait_until_sent()
    device.go_offline()
    device.tap(two.pk)
    device.page.locator(".device-result .btn").click()
    expect(device.page.locator("[data-queue]")).to_have_attribute("data-waiting", "0")
    assert (device.count, Attendance.objects.count()) == (0, 0)
    assert list(AttendanceMark.objects.order_by("pk").values_list("kind", flat=True)) == ["arrived", "revoked"]


def holds_lists(device: hall.HallDevice) -> bool:
    return "lists" in json.loads(device.page.evaluate(EVERYTHING_KEPT))["keys"]


def test_lists_lie_encrypted_and_go_when_locked_out_signed_out_or_over(site: LiveSite) -> None:
    batch, (entry,) = running()
    device = hall.device(site, cast.program_officer())
    device.prepare()
    kept = device.page.evaluate(EVERYTHING_KEPT)
    assert holds_lists(device)
    assert [said for said in (entry.full_name, entry.code, hall.PIN) if said in kept] == []
    AttendanceDevice.objects.update(revoked_at=timezone.now(), revoked_by=cast.program_officer())
    device.page.locator(".device-doors .btn-outline-primary").last.click()
    expect(device.page.locator(".device-alert").first).to_contain_text("memblokir")
    assert not holds_lists(device)
    device.prepare()
    assert AttendanceDevice.objects.count() == 2
    device.page.evaluate("deviceStore.set('expires', Date.now() - 1)")
    device.go_offline()
    device.page.reload()
    expect(device.page.locator("h1")).to_have_text("Perangkat ini belum memuat daftar")
    assert not holds_lists(device)
    device.go_online()
    device.prepare()
    device.page.goto("/keluar/")
    device.page.locator("main form .btn-primary").click()
    device.page.wait_for_url(site.url + "/")
    assert not holds_lists(device)


def test_ten_wrong_pins_close_the_lists_until_the_officer_signs_in(site: LiveSite) -> None:
    running()
    device = hall.device(site, cast.program_officer())
    device.prepare()
    device.go_offline()
    device.page.reload()
    for number in range(10):
        device.page.fill("#pin", f"11223{number}")
        device.page.locator("form.panel button").click()
        expect(device.page.locator("#pin-error, .tone-danger .btn").first).to_be_visible(timeout=20_000)
        expect(device.page.locator("#pin:enabled")).to_have_value("") if number < 9 else None
    expect(device.page.locator("#pin")).to_have_count(0)
    device.go_online()
    device.page.reload()
    expect(device.page.locator(".device-session").first).to_be_visible()


def test_device_locked_by_hand_opens_by_pin_or_by_the_press_of_a_button(site: LiveSite) -> None:
    running()
    device = hall.device(site, cast.program_officer())
    device.prepare()
    device.page.locator(".device-doors .btn-primary").click()
    device.page.locator(".device-doors .btn-outline-primary").last.click()
    expect(device.page.locator(".device-doors .btn")).to_have_count(1)
    device.page.reload()
    expect(device.page.locator(".device-doors .btn")).to_be_visible()
    assert (device.page.locator(".device-session").count(), site.violations(device.page)) == (0, [])
    device.page.locator(".device-doors .btn").click()
    expect(device.page.locator(".device-session").first).to_be_visible()
    device.page.locator(".device-doors .btn-outline-primary").last.click()
    device.unlock()


def test_lists_are_fetched_again_while_there_is_network(site: LiveSite) -> None:
    batch, (_one, late) = running(2)
    Registration.objects.filter(pk=late.pk).update(seat="waiting")
    device = hall.device(site, cast.program_officer())
    device.prepare()
    device.page.locator(".device-doors .btn-primary").click()
    device.open_session(batch.name)
    Registration.objects.filter(pk=late.pk).update(seat="held")
    device.page.evaluate("deviceApp.lists.loaded -= 2 * 3600 * 1000; deviceApp.look()")
    expect(device.page.locator(f"[data-person='{late.pk}']")).to_be_visible()
    device.go_offline()
    device.page.reload()
    device.unlock()
    device.open_session(batch.name)
    device.tap(late.pk)


def test_clock_that_sets_itself_right_on_the_way_back_keeps_the_times(site: LiveSite) -> None:
    """An hour behind while marking; the telephone finds a network and corrects itself before it sends."""
    batch, (entry,) = running()
    device = hall.device(site, cast.program_officer(), clock_off=-HOUR_MS)
    device.prepare()
    device.page.locator(".device-doors .btn-primary").click()
    device.open_session(batch.name)
    device.go_offline()
    device.tap(entry.pk)
    device.page.evaluate(f"(() => {{ const wrong = Date.now; Date.now = () => wrong() + {HOUR_MS}; }})()")
    device.go_online()
    device.wait_until_sent()
    assert abs(AttendanceMark.objects.get().at - timezone.now()) < timedelta(minutes=1)


def test_closed_page_is_sent_by_the_browser_in_the_background(site: LiveSite) -> None:
    batch, (entry,) = running()
    device = hall.device(site, cast.program_officer())
    device.prepare()
    device.page.locator(".device-doors .btn-primary").click()
    device.open_session(batch.name)
    device.go_offline()
    device.tap(entry.pk)
    expect(device.page.locator("[data-queue]")).to_have_attribute("data-waiting", "1")
    other = device.page.context.new_page()
    device.page.close()
    device.go_online()
    other.goto("/kerja/")
    for _second in range(60):
        if arrivals(batch):
            break
        other.wait_for_timeout(500)
    assert arrivals(batch) == {entry.pk: 1}


CAMERA = """(() => {
  navigator.mediaDevices.getUserMedia = async () => {
    const picture = new Image();
    picture.src = "/static/img/sample-code.png";
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 640; canvas.height = 480;
    const draw = () => {
      const context = canvas.getContext("2d");
      context.fillStyle = "#ddd"; context.fillRect(0, 0, 640, 480);
      context.drawImage(picture, 200, 120);
    };
    draw();
    setInterval(draw, 100);
    return canvas.captureStream(10);
  };
})();"""


def test_camera_reads_a_ticket(site: LiveSite) -> None:
    """What stands before the lens is drawn; everything from there on is the page's own."""
    batch, (entry,) = running()
    Registration.objects.filter(pk=entry.pk).update(code="PRCB2345")
    device = hall.device(site, cast.program_officer())
    device.page.context.add_init_script(CAMERA)
    device.prepare()
    device.page.locator(".device-doors .btn-outline-primary").first.click()
    expect(device.page.locator("[data-check=camera]")).to_have_attribute("data-level", "good")
    device.page.locator(".device-doors .btn-primary").click()
    device.open_session(batch.name)
    device.go_offline()
    device.page.locator(".device-main > .btn-primary").click()
    expect(device.page.locator(f"[data-person='{entry.pk}']")).to_have_class("is-here")
    device.page.locator(".device-title .btn").click()
    device.go_online()
    device.wait_until_sent()
    assert AttendanceMark.objects.get().way == "qr"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_of_a_device_are_accessible(site: LiveSite, width: int) -> None:
    batch, entries = running(3)
    device = hall.device(site, cast.program_officer(), width=width)
    found: dict[str, tuple[list[str], int]] = {}

    def look(name: str) -> None:
        found[name] = (site.violations(device.page), site.overflow(device.page))

    device.page.goto(hall.PAGE)
    expect(device.page.locator("#new-pin")).to_be_visible()
    device.page.locator("form.panel [type=submit]").click()
    look("refused")
    device.prepare()
    look("checks")
    device.page.locator(".device-doors .btn-primary").click()
    look("home")
    device.open_session(batch.name)
    device.tap(entries[0].pk)
    look("session")
    device.go_offline()
    device.page.reload()
    expect(device.page.locator("#pin")).to_be_visible()
    look("locked")
    device.go_online()
    device.page.goto(f"{hall.PAGE}daftar/")
    look("list")
    assert {name: said for name, said in found.items() if said != ([], 0)} == {}


EVERYTHING_KEPT = """async () => {
  const base = await new Promise((done) => {
    const request = indexedDB.open("kehadiran");
    request.onsuccess = () => done(request.result);
  });
  const said = [], keys = [];
  for (const name of base.objectStoreNames) {
    const store = base.transaction(name).objectStore(name);
    const read = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
    keys.push(...await read(store.getAllKeys()));
    for (const row of await read(store.getAll())) {
      for (const bytes of [row, row?.data, row?.sealed?.data]) {
        if (bytes instanceof Uint8Array) said.push(new TextDecoder().decode(bytes));
      }
      said.push(row);
    }
  }
  base.close();
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      said.push(await (await caches.match(request)).text());
    }
  }
  return JSON.stringify({ keys, said, local: { ...localStorage }, session: { ...sessionStorage } });
}"""
