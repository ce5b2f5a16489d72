"""The whole site on one page."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from attendees.views import delegates, invitations, rsvp
from planner import http
from planner.views import errors, home, session_steps, sessions, styleguide, week
from rooms.views import board, bookings, join

Addresses = list[URLPattern | URLResolver]

# Plan a session
planning: Addresses = [
    path("", home.home, name="home"),
    path("needs/<slug:code>/", home.todo, name="home-todo"),
    path("search/", home.search, name="search"),
    path("week/", week.current, name="week-current"),
    path("week/entries/new/", week.entry_new, name="engagement-new"),
    path("week/entries/<int:pk>/", week.entry_edit, name="engagement-edit"),
    path("week/entries/<int:pk>/remove/", week.entry_remove, name="engagement-remove"),
    path("week/entries/<int:pk>/session/", week.entry_to_session, name="engagement-to-session"),
    path("week/<str:iso_week>/", week.page, name="week-page"),
    path("week/<str:iso_week>/clashes/", week.clash_marks, name="week-clashes"),
    path("sessions/", sessions.index, name="session-list"),
    path("sessions/new/", sessions.new, name="session-new"),
    path("sessions/create/", sessions.create, name="session-create"),
    path("sessions/check/", sessions.check, name="session-check"),
    path("sessions/<int:pk>/", sessions.detail, name="session-hub"),
    path("sessions/<int:pk>/edit/", sessions.edit, name="session-edit"),
    path("sessions/<int:pk>/agenda/", sessions.agenda, name="session-agenda"),
    path("sessions/<int:pk>/publish/", session_steps.publish, name="session-publish"),
    path("sessions/<int:pk>/move/", session_steps.move, name="session-move"),
    path("sessions/<int:pk>/cancel/", session_steps.cancel, name="session-cancel"),
    path("sessions/<int:pk>/close/", session_steps.close, name="session-close"),
]

# Where it happens, by room or by video
places: Addresses = [
    path("rooms/", board.day, name="room-board"),
    path("rooms/<int:pk>/", board.detail, name="room-detail"),
    path("sessions/<int:session_pk>/room/", bookings.hold, name="booking-hold"),
    path("sessions/<int:session_pk>/call/", bookings.arrange_call, name="call-arrange"),
    path("bookings/<int:pk>/release/", bookings.release, name="booking-release"),
    path("j/<str:token>/", join.join, name="call-join"),
]

# Who comes: lists, invitations, answers
lists: Addresses = [
    path("sessions/<int:session_pk>/delegates/", delegates.index, name="delegate-list"),
    path("sessions/<int:session_pk>/delegates/add/", delegates.add, name="delegate-add"),
    path("sessions/<int:session_pk>/delegates/remind/", delegates.remind, name="delegate-remind"),
    path("delegates/<int:pk>/answer/", delegates.answer, name="delegate-answer"),
    path("delegates/<int:pk>/remove/", delegates.remove, name="delegate-remove"),
    path("sessions/<int:session_pk>/invitations/", invitations.panel, name="invitation-panel"),
    path("sessions/<int:session_pk>/invitations/send/", invitations.send, name="invitation-send"),
    path("sessions/<int:session_pk>/invitations/preview/", invitations.preview, name="invitation-preview"),
    path("sessions/<int:session_pk>/invitations/pause/", invitations.pause, name="invitation-pause"),
    path("sessions/<int:session_pk>/invitations/resume/", invitations.resume, name="invitation-resume"),
]

# The delegate's own pages, without an account
links: Addresses = [
    path("i/<str:token>/", rsvp.page, name="rsvp-page"),
    path("i/<str:token>/assistant/", rsvp.page, {"for_assistant": True}, name="rsvp-assistant"),
    path("i/<str:token>/details/", rsvp.details, name="rsvp-details"),
    path(
        "i/<str:token>/assistant/details/",
        rsvp.details,
        {"for_assistant": True},
        name="rsvp-assistant-details",
    ),
    path("i/<str:token>/opened/", rsvp.opened, name="rsvp-opened"),
    path("i/<str:token>/event.ics", rsvp.calendar_file, name="rsvp-calendar"),
]

# Badges and the door
door: Addresses = []

# The directory: people, bodies, the office, imports, accounts
directory: Addresses = []

# Programs
api: Addresses = [
    path("api/v1/", http.api.urls),
]

# The house itself
house: Addresses = [
    path("style/", styleguide.styleguide, name="styleguide"),
    path("i18n/", include("django.conf.urls.i18n")),
    # Accounts are made by the administrator: what allauth offers strangers does not exist here.
    re_path(r"^(signup|email|confirm-email|inactive|password/reset|login/code)(/.*)?$", errors.not_here),
    path("", include("allauth.urls")),
]

urlpatterns: Addresses = [*planning, *places, *lists, *links, *door, *directory, *api, *house]
