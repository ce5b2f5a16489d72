"""The language chosen in the menu holds on the device and in the account."""

from django.test import Client

from planner.models import User
from tests.make import Make


def test_the_menu_turns_the_page_and_the_account_to_english(make: Make) -> None:
    user = make.user(language="vi")
    client = Client()
    client.force_login(user)

    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/sessions/"})

    assert (answer.status_code, answer["Location"]) == (302, "/sessions/")
    assert User.objects.get(pk=user.pk).language == "en"
    assert '<html lang="en"' in client.get("/sessions/").content.decode()


def test_somebody_without_an_account_has_the_language_on_the_device(make: Make) -> None:
    make.user()
    client = Client()

    client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})

    assert '<html lang="en"' in client.get("/login/").content.decode()


def test_a_language_we_do_not_speak_changes_nothing(make: Make) -> None:
    user = make.user(language="vi")
    client = Client()
    client.force_login(user)

    client.post("/i18n/setlang/", {"language": "fr", "next": "/"})

    assert User.objects.get(pk=user.pk).language == "vi"
