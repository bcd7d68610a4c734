"""Copies rows and their links from one database to the connected one, a constant number of statements per registry.

Rows are recognised by uid, else by any other unique field or constraint. Foreign keys are followed; branches and spaces are mapped by
uid; who and which run made a row is this user and the transfer's run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name, registry
from lamindb.base.settings import annotation_settings
from lamindb.setup.databases import DEFAULT, OpenDatabase, app_labels, open_database

#: Number of values in one `IN (…)`, and of rows in one `INSERT`.
_CHUNK = 5_000
#: Registries whose links belong to what they are: a collection is its artifacts, a schema its members.
_DEFINED_BY_LINKS = {"Collection": ("CollectionArtifact",), "Schema": None}


class RowCopier:
    """Copies rows of `source` to the connected database and remembers which local id each one has.

    Attributes:
        mapped: descriptions of rows that the connected database has already.
        transferred: descriptions of rows that were copied.
        made: local ids of the rows that were copied, by registry.
    """

    def __init__(self, source: OpenDatabase, make_run: Any) -> None:
        self.source = source
        self.make_run = make_run
        self.mapped: list[str] = []
        self.transferred: list[str] = []
        self.made: dict[Any, list[Any]] = defaultdict(list)
        self._ids: dict[Any, dict[Any, Any]] = defaultdict(dict)
        self._in_progress: set[tuple[Any, Any]] = set()
        self._to_fill: dict[Any, list[Any]] = defaultdict(list)
        self._places: dict[str, dict[int, int]] = {}
        self._labels = app_labels(source) & app_labels(open_database(None))

    def bring(self, model: Any, pks: Iterable[Any], records: list[Any] | None = None) -> dict[Any, Any]:
        """Make sure that the connected database has these rows.

        Args:
            model: registry.
            pks: ids in the source.
            records: the rows, if they are loaded already.

        Returns:
            The local id of each id that was brought so far.
        """
        known = self._ids[model]
        wanted = [
            pk
            for pk in dict.fromkeys(pks)
            if pk is not None and pk not in known and (model, pk) not in self._in_progress
        ]
        if not wanted:
            return known
        loaded = {record.pk: record for record in records or ()}
        rows = [loaded[pk] for pk in wanted if pk in loaded]
        rows += self._read(model, "pk", [pk for pk in wanted if pk not in loaded])
        self._in_progress.update((model, row.pk) for row in rows)
        missing = self._map_by_unique_fields(model, rows)
        if missing:
            self._bring_referred(model, missing)
            missing = [row for row in missing if row.pk not in known]
            self._insert(model, missing)
        self._in_progress.difference_update((model, row.pk) for row in rows)
        return known

    def copy_links(self, model: Any, pks: list[Any], only: tuple[str, ...] | None = None) -> None:
        """Copy the links of rows that were brought: labels, feature values, schemas, members.

        Args:
            model: registry of the annotated rows.
            pks: their ids in the source.
            only: names of link classes; `None` for all.
        """
        for link, subject in links_of(model):
            if only is not None and link.__name__ not in only:
                continue
            if not self._is_in_both(link):
                self._warn_of_skipped(link, subject, pks)
                continue
            rows = self._without_absent_schemas(link, list(self._read(link, subject.attname, pks)))
            if not rows:
                continue
            self._bring_referred(link, rows)
            copies = self._without_existing(link, subject, [self._copy_of(link, row) for row in rows])
            for chunk in _chunks(copies):
                link.objects.using(DEFAULT).bulk_create(chunk, ignore_conflicts=True)

    def copy_readmes(self, model: Any, pks: list[Any]) -> None:
        """Copy the latest readme of rows that were brought."""
        relation = next((r for r in model._meta.related_objects if r.get_accessor_name() == "ablocks"), None)
        if relation is None:
            return
        blocks, subject = relation.related_model, relation.field
        found = blocks.objects.using(self.source.alias).filter(
            **{f"{subject.attname}__in": pks, "kind": "readme", "is_latest": True}
        )
        readmes = list(found)
        self.bring(blocks, [block.pk for block in readmes], records=readmes)

    def fill_definitions(self) -> None:
        """Copy the links that define rows which were newly copied: members of schemas, artifacts of collections."""
        while self._to_fill:
            model, pks = self._to_fill.popitem()
            if model.__name__ == "Schema":
                pks = self._with_few_members(model, pks)
            elif pks:
                logger.info("transfer artifacts")
            self.copy_links(model, pks, only=_DEFINED_BY_LINKS[model.__name__])

    # recognising rows ---------------------------------------------------------------------------------------------------

    def _map_by_unique_fields(self, model: Any, rows: list[Any]) -> list[Any]:
        """Map rows whose uid, or else another unique field, is here already; return the others."""
        known = self._ids[model]
        for field in _unique_fields(model):
            values = {getattr(row, field.attname): row for row in rows if getattr(row, field.attname) is not None}
            for chunk in _chunks(list(values)):
                found = (
                    model.objects.using(DEFAULT)
                    .filter(**{f"{field.attname}__in": chunk})
                    .values_list(field.attname, "pk")
                )
                for value, pk in found:
                    known[values[value].pk] = pk
                    self._note(self.mapped, values[value])
            rows = [row for row in rows if row.pk not in known]
            if not rows:
                break
        return rows

    def _map_by_constraints(self, model: Any, rows: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        """Map copies that would violate a unique constraint to the row that has these values; return the others."""
        known = self._ids[model]
        for names, condition in _unique_sets(model):
            bound = {key: row for row, made in rows if (key := _key_of(made, names, condition)) is not None}
            for keys in _chunks(list(bound)):
                found = model.objects.using(DEFAULT).filter(
                    **{f"{name}__in": {key[i] for key in keys} for i, name in enumerate(names)}
                )
                if condition is not None:
                    found = found.filter(condition)
                for pk, *values in found.values_list("pk", *names):
                    row = bound.get(tuple(values))
                    if row is not None:
                        known[row.pk] = pk
                        self._note(self.mapped, row)
            rows = [(row, made) for row, made in rows if row.pk not in known]
        return rows

    # copying rows -------------------------------------------------------------------------------------------------------

    def _without_existing(self, link: Any, subject: Any, copies: list[Any]) -> list[Any]:
        """Drop links that are here already; the database alone would take null features for different from each other."""
        names = [
            field.attname
            for field in link._meta.concrete_fields
            if not (field.primary_key or field.name == "created_at" or _is_provenance(field) or _is_json(field))
        ]
        local = sorted({getattr(copy, subject.attname) for copy in copies})
        existing = set()
        for chunk in _chunks(local):
            rows = link.objects.using(DEFAULT).filter(**{f"{subject.attname}__in": chunk})
            existing.update(rows.values_list(*names))
        return [copy for copy in copies if tuple(getattr(copy, name) for name in names) not in existing]

    def _bring_referred(self, model: Any, rows: list[Any]) -> None:
        for field in _foreign_keys(model):
            related = field.related_model
            if not _is_provenance(field) and related.__name__ not in ("Branch", "Space") and self._is_in_both(related):
                self.bring(related, [getattr(row, field.attname) for row in rows])

    def _insert(self, model: Any, rows: list[Any]) -> None:
        pairs = self._map_by_constraints(model, [(row, self._copy_of(model, row)) for row in rows])
        made = [copy for _, copy in pairs]
        for chunk in _chunks(made):
            model.objects.using(DEFAULT).bulk_create(chunk)
        known = self._ids[model]
        for row, copy in pairs:
            known[row.pk] = copy.pk
            self._note(self.transferred, row)
        self.made[model] += [copy.pk for copy in made]
        if model.__name__ in _DEFINED_BY_LINKS:
            self._to_fill[model] += [row.pk for row, _ in pairs]
        if getattr(model, "_is_versioned", False) and made:
            from lamindb.models.versioning import settle_families

            settle_families(model, {copy.stem_uid for copy in made})

    def _copy_of(self, model: Any, row: Any) -> Any:
        values: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            if field.primary_key:
                continue
            value = getattr(row, field.attname)
            values[field.attname] = self._local_value(field, value) if field.is_relation else value
        copy = model.__new__(model)
        models.Model.__init__(copy, **values)
        return copy

    def _local_value(self, field: Any, value: Any) -> Any:
        related = field.related_model.__name__
        if field.name == "created_by" and related == "User":
            return context.current_user_id()
        if _is_provenance(field):
            return self.make_run()
        if value is None:
            return None
        if related in ("Branch", "Space") and field.name in ("branch", "created_on", "space"):
            return self._place(related, value)
        return self._ids[field.related_model].get(value)

    def _place(self, name: str, source_id: int) -> int:
        """Return the local branch or space with the same uid, else the one in force."""
        if name == "Space" and context.run_space_var.get() is not None:
            return context.current_space_id()
        if name not in self._places:
            model = registry(name)
            here = dict(model.objects.using(DEFAULT).values_list("uid", "pk"))
            fallback = context.current_branch_id() if name == "Branch" else context.current_space_id()
            there = model.objects.using(self.source.alias).values_list("pk", "uid")
            self._places[name] = {pk: here.get(uid, fallback) for pk, uid in there}
        return self._places[name][source_id]

    def _note(self, labels: list[str], row: Any) -> None:
        from lamindb.models.transfer import describe_row

        labels.append(describe_row(row))

    def _read(self, model: Any, field: str, values: list[Any]) -> Iterator[Any]:
        for chunk in _chunks(values):
            yield from model.objects.using(self.source.alias).filter(**{f"{field}__in": chunk}).order_by("pk")

    # what can't be copied -----------------------------------------------------------------------------------------------

    def _is_in_both(self, model: Any) -> bool:
        return model._meta.app_label in self._labels and all(
            field.related_model._meta.app_label in self._labels for field in _foreign_keys(model) if not field.null
        )

    def _warn_of_skipped(self, link: Any, subject: Any, pks: list[Any]) -> None:
        if link._meta.app_label not in app_labels(self.source):
            return
        n = link.objects.using(self.source.alias).filter(**{f"{subject.attname}__in": pks}).count()
        if n:
            logger.warning(
                "skipped %d %s, because the connected instance has no such registry", n, qualified_name(link)
            )

    def _without_absent_schemas(self, link: Any, rows: list[Any]) -> list[Any]:
        """Drop links to schemas whose members belong to a module that the connected instance lacks."""
        fields = [field for field in _foreign_keys(link) if field.related_model.__name__ == "Schema"]
        for field in fields:
            ids = {getattr(row, field.attname) for row in rows}
            schemas = field.related_model.objects.using(self.source.alias).filter(pk__in=ids).values_list("pk", "itype")
            absent = {
                pk: itype for pk, itype in schemas if itype and "." in itype and itype.split(".")[0] not in self._labels
            }
            for itype in sorted(set(absent.values())):
                logger.warning("skipped schemas of %s, because the connected instance has no such module", itype)
            rows = [row for row in rows if getattr(row, field.attname) not in absent]
        return rows

    def _with_few_members(self, model: Any, pks: list[Any]) -> list[Any]:
        limit = annotation_settings.n_max_records
        sizes = model.objects.using(self.source.alias).filter(pk__in=pks).values_list("pk", "uid", "n_members")
        many = {pk: uid for pk, uid, n_members in sizes if n_members is not None and n_members > limit}
        for uid in many.values():
            logger.warning("did not transfer the members of schema %s: it has more than n_max_records=%d", uid, limit)
        return [pk for pk in pks if pk not in many]


def links_of(model: Any) -> list[tuple[Any, Any]]:
    """Return the link classes in which `model` is the annotated side, with the field that points to it.

    The annotated side is the first foreign key that cascades: deleting the annotated record deletes the link.
    """
    from lamindb.models.sqlrecord import IsLink

    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        link = (
            relation.related_model if relation.auto_created and (relation.one_to_many or relation.one_to_one) else None
        )
        if link is None or not issubclass(link, IsLink):
            continue
        cascading = next(field for field in _foreign_keys(link) if field.remote_field.on_delete is models.CASCADE)
        if relation.field is cascading:
            found.append((link, cascading))
    return sorted(found, key=lambda pair: pair[0]._meta.label)


def _foreign_keys(model: Any) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def _is_provenance(field: Any) -> bool:
    """Tell whether a field says who or which run made the row (which a transfer replaces)."""
    if field.name == "created_by":
        return field.related_model.__name__ == "User"
    return field.name == "run" and field.null and field.related_model.__name__ == "Run"


def _unique_fields(model: Any) -> list[Any]:
    unique = [
        field
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and not field.is_relation
    ]
    return sorted(unique, key=lambda field: field.name != "uid")


def _is_json(field: Any) -> bool:
    return isinstance(field, models.JSONField)


def _unique_sets(model: Any) -> Iterator[tuple[list[str], models.Q | None]]:
    """Yield the columns of each unique constraint, with the condition under which it holds."""
    for names in model._meta.unique_together:
        yield [model._meta.get_field(name).attname for name in names], None
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield [model._meta.get_field(name).attname for name in constraint.fields], constraint.condition


def _key_of(row: Any, names: list[str], condition: models.Q | None) -> tuple[Any, ...] | None:
    """Return the values that a unique constraint compares, or `None` if the row is not subject to it."""
    if condition is not None and not all(_holds(row, child) for child in condition.children):
        return None
    key = tuple(getattr(row, name) for name in names)
    return None if None in key else key


def _holds(row: Any, child: Any) -> bool:
    name, _, lookup = child[0].rpartition("__") if isinstance(child, tuple) else ("", "", "")
    if lookup != "isnull":
        return False
    attname = type(row)._meta.get_field(name).attname
    return (getattr(row, attname) is None) == child[1]


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
