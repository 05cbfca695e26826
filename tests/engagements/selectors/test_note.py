import pytest

from engagements.models import StakeholderNote
from engagements.selectors.note import rendered, search_notes
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import NoteFactory


class TestRendered:
    def test_markdown_becomes_html(self):
        assert rendered("**No date** yet\n\n- one\n- two") == (
            "<p><strong>No date</strong> yet</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
        )

    def test_html_stays_text(self):
        assert rendered("Hi <script>alert(1)</script>") == "<p>Hi &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"

    @pytest.mark.parametrize("text", ["[x](javascript:alert(1))", "[x](data:text/html,x)", "![x](https://example.org/x.png)"])
    def test_addresses_that_act_or_track_do_not_survive(self, text):
        html = rendered(text)
        assert "href" not in html
        assert "src" not in html

    def test_links_tell_the_other_site_nothing(self):
        assert rendered("[notes](https://example.org)") == (
            '<p><a href="https://example.org" rel="noopener noreferrer">notes</a></p>\n'
        )

    def test_headings_do_not_compete_with_the_page(self):
        assert "<h1" not in rendered("# Big")


@pytest.mark.django_db
class TestSearch:
    def test_finds_words_and_people_once_each(self):
        person = StakeholderFactory(name="Pieter Bakker")
        by_word = NoteFactory(text="The gateway credentials")
        by_person = NoteFactory(text="Short call")
        by_person.stakeholders.add(person, StakeholderFactory(name="Peter Bakker"))
        NoteFactory(text="Something else")
        notes = StakeholderNote.objects.all()
        assert list(search_notes(notes, "GATEWAY")) == [by_word]
        assert list(search_notes(notes, "bakker")) == [by_person]

    def test_chinese_words_are_found(self):
        note = NoteFactory(text="信贷审批仍没有日期")
        NoteFactory(text="其他")
        assert list(search_notes(StakeholderNote.objects.all(), "审批")) == [note]

    def test_no_words_find_everything(self):
        NoteFactory.create_batch(2)
        assert search_notes(StakeholderNote.objects.all(), "").count() == 2
