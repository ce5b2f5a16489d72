"""The whole site on one page."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from attendees.views import (
    badges,
    calls,
    delegates,
    feeds,
    gates,
    invitations,
    mailbox,
    reports,
    rsvp,
    scanner,
)
from attendees.views import board as live
from planner import http
from planner.views import (
    accounts,
    appointments,
    bodies,
    errors,
    exports,
    first_run,
    health,
    home,
    imports,
    languages,
    offices,
    people,
    session_steps,
    sessions,
    styleguide,
    units,
    week,
)
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
    path("week/import/", imports.week, name="import-week"),
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
    path("sessions/<int:session_pk>/import/", imports.session, name="import-session"),
    path("sessions/<int:session_pk>/delegates/remind/", delegates.remind, name="delegate-remind"),
    path("delegates/<int:pk>/answer/", delegates.answer, name="delegate-answer"),
    path("delegates/<int:pk>/remove/", delegates.remove, name="delegate-remove"),
    path("sessions/<int:session_pk>/invitations/", invitations.panel, name="invitation-panel"),
    path("sessions/<int:session_pk>/invitations/send/", invitations.send, name="invitation-send"),
    path("sessions/<int:session_pk>/invitations/preview/", invitations.preview, name="invitation-preview"),
    path("sessions/<int:session_pk>/invitations/pause/", invitations.pause, name="invitation-pause"),
    path("sessions/<int:session_pk>/invitations/resume/", invitations.resume, name="invitation-resume"),
    path("sessions/<int:session_pk>/calls/", calls.page, name="call-sheet"),
    path("delegates/<int:pk>/called/", calls.tick, name="call-tick"),
    path("mail/quarantine/", mailbox.quarantine, name="mail-quarantine"),
    path("mail/<int:pk>/accept/", mailbox.accept, name="mail-accept"),
    path("mail/<int:pk>/dismiss/", mailbox.dismiss, name="mail-dismiss"),
    path("feeds/", feeds.index, name="feed-list"),
    path("feeds/make/", feeds.make, name="feed-make"),
    path("feeds/<int:pk>/rotate/", feeds.rotate, name="feed-rotate"),
    path("feeds/<int:pk>/revoke/", feeds.revoke, name="feed-revoke"),
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
    path("i/<str:token>/subscribe/", rsvp.subscribe, name="rsvp-subscribe"),
    path("c/<str:token>.ics", feeds.calendar, name="feed-calendar"),
]

# Badges and the door
door: Addresses = [
    path("door/", scanner.page, name="door"),
    path("door/sw.js", scanner.worker, name="door-worker"),
    path("door/reader.js", scanner.reader, name="door-reader"),
    path("door/manifest.webmanifest", scanner.manifest, name="door-manifest"),
    path("sessions/<int:session_pk>/badges/", badges.page, name="badge-sheet"),
    path("sessions/<int:session_pk>/badges/print/", badges.print_sheet, name="badge-print"),
    path("sessions/<int:session_pk>/badges/hand-over/", badges.hand_over, name="badge-hand-over"),
    path("sessions/<int:session_pk>/badges/<str:format>.pdf", badges.download, name="badge-download"),
    path("sessions/<int:session_pk>/badges/<int:pk>/replace/", badges.replace, name="badge-replace"),
    path("sessions/<int:session_pk>/badges/<int:pk>/revoke/", badges.revoke, name="badge-revoke"),
    path("sessions/<int:session_pk>/doors/", gates.page, name="gate-list"),
    path("sessions/<int:session_pk>/doors/invite/", gates.invite, name="device-invite"),
    path("sessions/<int:session_pk>/doors/devices/<int:pk>/revoke/", gates.revoke, name="device-revoke"),
    path("sessions/<int:session_pk>/doors/rounds/", gates.open_round, name="round-open"),
    path("sessions/<int:session_pk>/doors/conflicts/<int:pk>/", gates.resolve, name="conflict-resolve"),
    path("sessions/<int:session_pk>/board/", live.page, name="attendance-board"),
    path("sessions/<int:session_pk>/board/screen/", live.screen, name="attendance-screen"),
    path("sessions/<int:session_pk>/board/freeze/", live.freeze, name="attendance-freeze"),
    path("sessions/<int:session_pk>/board/snapshots/<int:pk>/", live.snapshot, name="attendance-snapshot"),
    path("sessions/<int:session_pk>/roll-call/", live.roll_call, name="attendance-roll-call"),
    path("sessions/<int:session_pk>/report/", reports.page, name="attendance-report"),
    path(
        "sessions/<int:session_pk>/report/attendance.<str:format>",
        reports.download,
        name="attendance-download",
    ),
]

# The directory: people, bodies, the office, imports, accounts
directory: Addresses = [
    path("welcome/", first_run.welcome, name="first-run"),
    path("people/", people.index, name="person-list"),
    path("people/import/", imports.people, name="import-people"),
    path("people/export/", exports.people, name="person-export"),
    path("imports/<int:pk>/", imports.detail, name="import-detail"),
    path("imports/<int:pk>/decide/", imports.decide, name="import-decide"),
    path("imports/<int:pk>/decide-all/", imports.decide_all, name="import-decide-all"),
    path("imports/<int:pk>/apply/", imports.apply, name="import-apply"),
    path("imports/<int:pk>/file/", imports.file, name="import-file"),
    path("people/new/", people.new, name="person-new"),
    path("people/suggest/", people.suggest, name="person-suggest"),
    path("people/<int:pk>/", people.detail, name="person-detail"),
    path("people/<int:pk>/edit/", people.edit, name="person-edit"),
    path("people/<int:person_pk>/posts/new/", appointments.new, name="appointment-new"),
    path("posts/suggest/", people.suggest_posts, name="post-suggest"),
    path("appointments/<int:pk>/edit/", appointments.edit, name="appointment-edit"),
    path("appointments/<int:pk>/transfer/", appointments.transfer, name="appointment-transfer"),
    path("appointments/<int:pk>/end/", appointments.end, name="appointment-end"),
    path("units/", units.index, name="unit-list"),
    path("units/new/", units.edit, name="unit-new"),
    path("units/suggest/", people.suggest_units, name="unit-suggest"),
    path("units/<int:pk>/", units.edit, name="unit-edit"),
    path("bodies/", bodies.index, name="body-list"),
    path("bodies/new/", bodies.edit, name="body-new"),
    path("bodies/<int:pk>/", bodies.detail, name="body-detail"),
    path("bodies/<int:pk>/edit/", bodies.edit, name="body-edit"),
    path("bodies/<int:pk>/members/add/", bodies.seat, name="body-seat"),
    path("bodies/<int:body_pk>/rhythm/new/", bodies.rhythm, name="rhythm-new"),
    path("bodies/<int:body_pk>/rhythm/<int:pk>/", bodies.rhythm, name="rhythm-edit"),
    path("rhythms/<int:pk>/stop/", bodies.stop_rhythm, name="rhythm-stop"),
    path("seats/<int:pk>/end/", bodies.unseat, name="seat-end"),
    path("office/", offices.settings_page, name="office-settings"),
    path("office/kinds/", offices.kinds, name="office-kinds"),
    path("office/kinds/<slug:kind>/", offices.kind, name="office-kind"),
    path("office/quorum/", offices.quorums, name="office-quorum"),
    path("office/quorum/new/", offices.quorum, name="office-quorum-new"),
    path("office/quorum/<int:pk>/", offices.quorum, name="office-quorum-edit"),
    path("office/quorum/<int:pk>/remove/", offices.remove_quorum, name="office-quorum-remove"),
    path("office/terms/", offices.terms, name="office-terms"),
    path("office/terms/new/", offices.term, name="office-term-new"),
    path("office/terms/<int:pk>/", offices.term, name="office-term-edit"),
    path("office/holidays/", offices.days_off, name="office-holidays"),
    path("office/holidays/new/", offices.day_off, name="office-holiday-new"),
    path("office/holidays/<int:pk>/", offices.day_off, name="office-holiday-edit"),
    path("office/holidays/<int:pk>/remove/", offices.remove_day_off, name="office-holiday-remove"),
    path("office/accounts/", accounts.index, name="office-accounts"),
    path("office/accounts/new/", accounts.new, name="office-account-new"),
    path("office/accounts/<int:pk>/", accounts.edit, name="office-account-edit"),
    path("account/", accounts.own, name="account-settings"),
    path("account/preferences/", accounts.preferences, name="account-preferences"),
    path("account/tokens/new/", accounts.new_token, name="account-token-new"),
    path("account/tokens/<int:pk>/revoke/", accounts.revoke_token, name="account-token-revoke"),
]

# Programs
api: Addresses = [
    path("api/v1/", http.api.urls),
]

# The house itself
house: Addresses = [
    path("healthz", health.alive, name="health-alive"),
    path("readyz", health.ready, name="health-ready"),
    path("metrics", health.metrics, name="health-metrics"),
    path("style/", styleguide.styleguide, name="styleguide"),
    path("i18n/setlang/", languages.choose, name="set_language"),
    # Accounts are made by the administrator: what allauth offers strangers does not exist here.
    re_path(r"^(signup|email|confirm-email|inactive|password/reset|login/code)(/.*)?$", errors.not_here),
    path("login/", first_run.sign_in, name="sign-in"),
    path("", include("allauth.urls")),
]

urlpatterns: Addresses = [*planning, *places, *lists, *links, *door, *directory, *api, *house]
