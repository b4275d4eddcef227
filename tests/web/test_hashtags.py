"""The tables of hashtags on the desk."""

from django.test import Client

from publisher.models import Hashtag
from tests.web.pages import text


def test_hashtag_is_written_down_found_and_removed(administrator: Client) -> None:
    administrator.post("/hashtags/set/", {"topic": "Green Deal", "tag": "green deal", "language": "en"})
    page = administrator.get("/hashtags/", {"search": "green"})
    assert text(page, ".row .meta") == ["#GreenDeal · English"]
    administrator.post(f"/hashtags/{Hashtag.objects.get().pk}/remove/")
    assert text(administrator.get("/hashtags/"), ".empty h2") == ["No hashtag yet"]


def test_what_is_no_hashtag_stays_in_the_form(administrator: Client) -> None:
    answer = administrator.post("/hashtags/set/", {"topic": "Green Deal", "tag": "2028"})
    assert (answer.status_code, text(answer, ".issue.error")) == (
        422,
        ["2028 is no hashtag. It has letters, figures and underscores only, and a letter among them."],
    )
    assert 'value="Green Deal"' in answer.content.decode()
