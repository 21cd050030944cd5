import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from kit.pages import Page, keyset_page
from programs.models import Topic
from tests import factories


class KeysetWalk(TestCase):
    """Every page forward and back again, whatever the length of the list and of its pages."""

    @settings(max_examples=40)
    @given(st.integers(0, 12), st.integers(1, 5), st.booleans())
    def test_pages_cover_every_row_once(self, count: int, size: int, newest_first: bool) -> None:
        agency = factories.agency()
        Topic.objects.all().delete()
        Topic.objects.bulk_create(Topic(agency=agency, name=f"Topik {number}") for number in range(count))
        keys = list(Topic.objects.order_by("-pk" if newest_first else "pk").values_list("pk", flat=True))

        def page(**params: str) -> Page[Topic]:
            return keyset_page(Topic.objects.all(), params, size=size, newest_first=newest_first)

        current = page()
        seen, pages = [row.pk for row in current.rows], [current]
        while current.next_key is not None:
            current = page(after=str(current.next_key))
            seen += [row.pk for row in current.rows]
            pages.append(current)
        assert seen == keys
        for expected in reversed(pages[:-1]):
            current = page(before=str(current.previous_key))
            assert [row.pk for row in current.rows] == [row.pk for row in expected.rows]
        assert current.previous_key is None


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "-1", "1~2", "1.5", "9" * 40, "٣", "1\x00", None])
def test_keyset_page_begins_at_the_top_for_a_key_that_is_none(key: str | None) -> None:
    topic = Topic.objects.create(agency=factories.agency(), name="Roti")
    assert keyset_page(Topic.objects.all(), {"after": key}) == Page([topic], None, None)


@pytest.mark.django_db
def test_keyset_page_beyond_the_end_is_empty() -> None:
    topic = Topic.objects.create(agency=factories.agency(), name="Roti")
    page = keyset_page(Topic.objects.all(), {"after": str(topic.pk)})
    assert (page.rows, page.has_other_pages) == ([], False)


@pytest.mark.django_db
def test_keyset_page_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        keyset_page(Topic.objects.all(), {"after": "5"})
