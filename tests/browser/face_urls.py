"""A site of a few pages that exercise the scripts of every page; only tests serve it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import ensure_csrf_cookie

from planner.views.styleguide import styleguide

PAGE = """{% extends "base.html" %}{% load ui %}{% block content %}<h1>Trang thử</h1>
<div id="x-count"><p>Đã ghi {{ count }}</p>
<form method="post" action="/count/" hx-post="/count/" hx-target="#x-count" hx-swap="outerHTML" hx-select="#x-count">{% csrf_token %}
<label for="note">Ghi chú</label><input id="note" name="note"><button name="step" value="1">Ghi</button></form></div>
<form method="post" action="/refuse/" hx-post="/refuse/" hx-target="#x-kept">{% csrf_token %}
<div id="x-kept"><label for="kept">Giữ</label><input id="kept" name="kept"></div><button>Từ chối</button></form>
<form method="post" action="/wrong/" hx-post="/wrong/" hx-target="this" hx-swap="outerHTML">{% csrf_token %}<button>Sai</button></form>
<form method="post" action="/recall/">{% csrf_token %}<button name="what" value="letters" data-confirm="Thu hồi 71 giấy mời?" data-verb="Thu hồi">Hủy</button></form>
<a href="/dialog/" hx-get="/dialog/" hx-target="#dialog">Mở</a>
{% endblock %}"""
DIALOG = """<form method="post" action="/shut/" hx-post="/shut/" hx-swap="none"><header><h2>Hộp thoại</h2></header>
<div class="body"><label>Lý do <input name="reason"></label></div>
<footer><button type="button" data-closes>Thôi</button><button>Xong</button></footer></form>"""
WRONG = """<form method="post" action="/wrong/"><div class="error-summary" tabindex="-1" data-focus>Xin xem lại</div></form>"""
count = 0
recalled: list[str] = []


def sample(request: Any) -> HttpResponse:
    """The style page without a log-in; marking the view itself would open it in every test of this process."""
    return styleguide(request)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({"count": count}, request))


def add(request: HttpRequest) -> HttpResponse:
    global count  # noqa: PLW0603
    count += int(request.POST["step"])
    return page(request) if "HX-Request" in request.headers else redirect("/")


def refuse(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p data-refusal>Phòng họp 1 đã có hội nghị khác.</p>", status=422)


def wrong(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WRONG, status=422)


def recall(request: HttpRequest) -> HttpResponse:
    recalled.append(request.POST["what"])
    messages.success(request, "Đã thu hồi 71 giấy mời.")
    return redirect("/")


def dialog(request: HttpRequest) -> HttpResponse:
    return HttpResponse(DIALOG)


def shut(request: HttpRequest) -> HttpResponse:
    return HttpResponse(headers={"HX-Trigger": "close-dialog"})


urlpatterns = [
    path("", login_not_required(ensure_csrf_cookie(page)), name="home"),
    path("count/", login_not_required(add)),
    path("refuse/", login_not_required(refuse)),
    path("wrong/", login_not_required(wrong)),
    path("recall/", login_not_required(recall)),
    path("dialog/", login_not_required(dialog)),
    path("shut/", login_not_required(shut)),
    path("search/", login_not_required(page), name="search"),
    path("style/", login_not_required(sample), name="styleguide"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("allauth.urls")),
]
