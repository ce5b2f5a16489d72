"""Database guards that Django does not ship: no two live spans overlap; rows are only appended.

Django rebuilds a SQLite table at most schema changes and silently drops its triggers, so the guards
are constraints: the schema editor writes them again with every rebuild.
"""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.constraints import BaseConstraint


class _Guard(BaseConstraint):
    """A constraint made of statements that run after the table stands."""

    def _table(self, model: type[models.Model]) -> str:
        return model._meta.db_table.removeprefix("new__")

    def _defer(self, editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
        for statement in statements:
            if statement not in editor.deferred_sql:
                editor.deferred_sql.append(statement)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


class NoOverlap(_Guard):
    """No two rows of one `scope` may overlap in [start, end) unless `released` is true.

    PostgreSQL: EXCLUDE USING gist (needs btree_gist). SQLite: BEFORE INSERT and BEFORE UPDATE
    triggers. Both refuse with IntegrityError naming the constraint.
    """

    def __init__(self, *, name: str, scope: str, start: str, end: str, released: str, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.scope, self.start, self.end, self.released = scope, start, end, released

    def _names(self, model: type[models.Model]) -> dict[str, str]:
        def column(name: str) -> str:
            return str(cast("models.Field[Any, Any]", model._meta.get_field(name)).column)

        return {
            "table": self._table(model),
            "scope": column(self.scope),
            "start": column(self.start),
            "end": column(self.end),
            "released": column(self.released),
            "name": self.name,
            "pk": str(model._meta.pk.column),
        }

    def _triggers(self, model: type[models.Model]) -> list[str]:
        names = self._names(model)
        body = (
            "BEGIN SELECT RAISE(ABORT, '{name}') WHERE EXISTS (SELECT 1 FROM \"{table}\" x "
            'WHERE x."{scope}" = NEW."{scope}" AND NOT x."{released}" AND x."{start}" < NEW."{end}" '
            'AND x."{end}" > NEW."{start}" AND x."{pk}" IS NOT NEW."{pk}"); END'
        )
        columns = 'OF "{scope}", "{start}", "{end}", "{released}"'
        heads = (
            'CREATE TRIGGER "{name}_i" BEFORE INSERT ON "{table}" WHEN NOT NEW."{released}" ',
            f'CREATE TRIGGER "{{name}}_u" BEFORE UPDATE {columns} ON "{{table}}" WHEN NOT NEW."{{released}}" ',
        )
        drops = ['DROP TRIGGER IF EXISTS "{name}_i"', 'DROP TRIGGER IF EXISTS "{name}_u"']
        return [text.format(**names) for text in [*drops, *(head + body for head in heads)]]

    def _exclude(self, model: type[models.Model]) -> str:
        return (
            'CONSTRAINT "{name}" EXCLUDE USING gist ("{scope}" WITH =, '
            'tstzrange("{start}", "{end}") WITH &&) WHERE (NOT "{released}")'
        ).format(**self._names(model))

    def constraint_sql(self, model: Any, schema_editor: Any) -> str | None:  # type: ignore[override]
        if schema_editor.connection.vendor == "postgresql":
            return self._exclude(model)
        self._defer(schema_editor, self._triggers(model))
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return f'ALTER TABLE "{self._table(model)}" ADD {self._exclude(model)}'
        self._defer(schema_editor, self._triggers(model))
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return f'ALTER TABLE "{self._table(model)}" DROP CONSTRAINT "{self.name}"'
        self._defer(schema_editor, [f'DROP TRIGGER IF EXISTS "{self.name}_{kind}"' for kind in "iu"])
        return None

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Refuse with ValidationError when a live row of the same scope overlaps."""
        if getattr(instance, self.released):
            return
        overlapping = model._default_manager.using(using).filter(
            **{
                self.scope: getattr(instance, self.scope),
                self.released: False,
                f"{self.start}__lt": getattr(instance, self.end),
                f"{self.end}__gt": getattr(instance, self.start),
            }
        )
        if overlapping.exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs.update(scope=self.scope, start=self.start, end=self.end, released=self.released)
        return path, args, kwargs


class AppendOnly(_Guard):
    """Rows are inserted and never deleted; of their columns only `mutable` ones may change.

    The guard against one's own mistakes and against a console: the audit chain makes the rest evident.
    """

    def __init__(self, *, name: str, mutable: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.mutable = tuple(mutable)

    def _fixed_columns(self, model: type[models.Model]) -> list[str]:
        fields = model._meta.local_concrete_fields
        return [field.column for field in fields if field.name not in self.mutable]

    def _sqlite(self, model: type[models.Model]) -> list[str]:
        table = self._table(model)
        columns = ", ".join(f'"{column}"' for column in self._fixed_columns(model))
        raised = f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
        return [
            f'DROP TRIGGER IF EXISTS "{self.name}_d"',
            f'DROP TRIGGER IF EXISTS "{self.name}_u"',
            f'CREATE TRIGGER "{self.name}_d" BEFORE DELETE ON "{table}" {raised}',
            f'CREATE TRIGGER "{self.name}_u" BEFORE UPDATE OF {columns} ON "{table}" {raised}',
        ]

    def _postgresql(self, model: type[models.Model]) -> list[str]:
        table = self._table(model)
        same = " AND ".join(
            f'NEW."{column}" IS NOT DISTINCT FROM OLD."{column}"' for column in self._fixed_columns(model)
        )
        return [
            f'CREATE OR REPLACE FUNCTION "{self.name}_f"() RETURNS trigger AS $$ BEGIN '
            f"IF TG_OP = 'UPDATE' AND {same} THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{self.name}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END $$ LANGUAGE plpgsql",
            f'DROP TRIGGER IF EXISTS "{self.name}" ON "{table}"',
            f'CREATE TRIGGER "{self.name}" BEFORE UPDATE OR DELETE ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{self.name}_f"()',
        ]

    def _statements(self, model: Any, schema_editor: Any) -> list[str]:
        vendor = schema_editor.connection.vendor
        return self._postgresql(model) if vendor == "postgresql" else self._sqlite(model)

    def constraint_sql(self, model: Any, schema_editor: Any) -> str | None:  # type: ignore[override]
        self._defer(schema_editor, self._statements(model, schema_editor))
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        self._defer(schema_editor, self._statements(model, schema_editor))
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            self._defer(schema_editor, [f'DROP TRIGGER IF EXISTS "{self.name}" ON "{self._table(model)}"'])
        else:
            self._defer(schema_editor, [f'DROP TRIGGER IF EXISTS "{self.name}_{kind}"' for kind in "du"])
        return None

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Nothing to check before an insert; the trigger refuses the rest."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs.update(mutable=self.mutable)
        return path, args, kwargs
