"""Uploaded lists on their way into the directory: dry run, decisions, one application."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportBatch(models.Model):
    """A list or a week somebody uploaded: read, shown row by row, decided, applied once or thrown away."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("People")
        WEEK = "week", _("Week")

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READY = "ready", _("Waiting for your decision")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        REFUSED = "refused", _("Refused")

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PEOPLE)
    state = models.CharField(max_length=8, choices=State, default=State.READING)
    session = models.ForeignKey(
        "planner.Session", null=True, blank=True, on_delete=models.CASCADE, related_name="imports"
    )
    file = models.ForeignKey(
        "planner.StoredFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    file_name = models.CharField(max_length=200)
    job = models.ForeignKey("planner.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(
        "planner.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sheets = models.JSONField(
        default=list
    )  # per sheet: name, head line, columns used, columns not used, total said
    refusal = models.JSONField(
        default=dict
    )  # code, parameters: why the whole file was refused, never its content
    result = models.JSONField(default=dict)  # counts after applying
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of an uploaded list: what was read, what it means here, what was decided."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        SAME = "same", _("Same")
        CHANGED = "changed", _("Changed")
        UNCLEAR = "unclear", _("Unclear")
        WRONG = "wrong", _("Wrong")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    line = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status)
    name = models.CharField(max_length=150, blank=True)
    read = models.JSONField(default=dict)  # the typed row
    problems = models.JSONField(default=list)  # [{code, kind, cell, value, …}], text is made when shown
    changes = models.JSONField(default=dict)  # field → [before, after]
    candidates = models.JSONField(default=list)  # ids of people it could be
    person = models.ForeignKey(
        "planner.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision = models.JSONField(default=dict)  # {} = none yet; {"do": "take"|"skip"|"person"|"create", …}

    class Meta:
        verbose_name = _("row of an import")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "sheet", "line"],
                name="import_row_is_read_once",
                violation_error_message=_("This row was read already."),
            )
        ]
        indexes = [
            models.Index(fields=["batch", "status"], name="import_row_list")
        ]  # the dry-run table's filters

    def __str__(self) -> str:
        return f"{self.line} {self.status}"
