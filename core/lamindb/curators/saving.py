"""Storing a validated dataset, and annotating its artifact with features and labels in a few statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, transaction

from lamindb.annotation.label_links import LabelLink, label_links
from lamindb.base.context import current_run
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name, registry
from lamindb.base.settings import annotation_settings
from lamindb.errors import InvalidArgument, ValidationError

if TYPE_CHECKING:
    from lamindb.curators.component import ComponentCurator
    from lamindb.curators.curator import Curator

_IDS_PER_STATEMENT = 10_000


def save_artifact(curator: Curator, *, key: Any, description: Any, revises: Any, run: Any) -> Any:
    """Validate if needed, store and annotate; see `Curator.save_artifact`."""
    if not curator.is_up_to_date:
        curator.validate()
    artifact = curator._artifact
    if artifact is None:
        artifact = _make_artifact(curator, key=key, description=description, revises=revises, run=run)
        curator._artifact = artifact
    attach(curator, artifact)
    features = getattr(curator, "_features", None)
    if features:
        artifact.__dict__["_features"] = features  # checked and written when the artifact is saved
    artifact.save()
    return artifact


def attach(curator: Curator, artifact: Any) -> None:
    """Let an artifact be annotated by what a curator found, in the transaction that saves it.

    Raises:
        ValidationError: if the schema asks for another suffix.
    """
    schema = curator._schema
    if schema.suffix and artifact.suffix != schema.suffix:
        raise ValidationError(
            f"Schema '{schema.name or schema.uid}' asks for {schema.suffix} files, this is a {artifact.suffix or 'folder'}: pass a key that "
            f"ends with {schema.suffix}"
        )
    if schema.pk is not None and artifact.schema_id != schema.pk:
        artifact.schema = schema
    artifact.__dict__["_curator"] = curator


def annotate(curator: Curator, artifact: Any) -> None:
    """Link an artifact with the labels and the features that were found in it: all, or nothing.

    Repeating it changes nothing; features that were registered since then are added.
    """
    using = artifact._state.db or DEFAULT_DB_ALIAS
    with transaction.atomic(using=using):
        for component in curator._components():
            _link_labels(artifact, component, using)
        _link_schemas(artifact, curator, using)


def _make_artifact(curator: Curator, **record: Any) -> Any:
    artifact_registry = registry("Artifact")
    otype = getattr(curator, "otype", None) or curator._schema.otype or "DataFrame"
    make = getattr(artifact_registry, f"from_{otype.lower()}", None)
    dataset = curator.data_to_store
    if make is None or otype == "dict":
        raise InvalidArgument(
            f"A {otype} can't be saved by itself: write it to a file and pass ln.Artifact(path, key=…) to the curator"
        )
    return make(dataset, **record)


def _link_labels(artifact: Any, component: ComponentCurator, using: str) -> None:
    """Link the labels of all categorical columns: one statement per registry."""
    limit = annotation_settings.n_max_records
    pairs: dict[Any, dict[tuple[int, int], None]] = {}
    for vector in component.vectors.values():
        if vector.feature is None:
            continue
        ids = [(label.registry, label.pk) for labels in vector.labels.values() for label in labels]
        ids += [(type(record), record.pk) for record in vector.records if record.pk is not None]
        if len(ids) > limit:
            logger.warning(
                "not annotating with %d labels for feature %s as it exceeds %d (ln.settings.annotation.n_max_records): "
                "the dataset is not found by them",
                len(ids), vector.feature.name, limit,
            )  # fmt: skip
            continue
        for label_registry, pk in ids:
            if label_registry.__name__ != "Feature":
                pairs.setdefault(label_registry, {})[pk, vector.feature.pk] = None
    run = current_run()
    for label_registry, wanted in pairs.items():
        link = _link_to(type(artifact), label_registry)
        columns = {field.attname for field in link.model._meta.concrete_fields}
        common = {"run_id": run.pk} if run is not None and "run_id" in columns else {}
        link.model.objects.using(using).bulk_create(
            [
                link.model(**{f"{link.host}_id": artifact.pk, f"{link.label}_id": pk, "feature_id": feature, **common}, _skip_validation=True)
                for pk, feature in wanted
            ],
            ignore_conflicts=True,
        )  # fmt: skip


def _link_to(host: Any, target: Any) -> LabelLink:
    for link in label_links(host):
        if link.target is target and link.has_feature:
            return link
    raise InvalidArgument(
        f"Artifacts can't be labelled with records of {qualified_name(target)}: no link table connects them under a feature"
    )


def _link_schemas(artifact: Any, curator: Curator, using: str) -> None:
    """Link for each slot the schema of what was found in it."""
    link = registry("ArtifactSchema")
    found = {}
    for position, component in enumerate(curator._components()):
        slot = component.slot
        if slot is None:
            slot = "columns" if position == 0 else str(position)
        schema = _schema_of(component, slot)
        if schema is not None:
            found[slot] = schema
    if not found:
        return
    present = {row.slot: row for row in link.objects.using(using).filter(artifact_id=artifact.pk, slot__in=list(found))}
    new = []
    for slot, schema in found.items():
        row = present.get(slot)
        if row is None:
            new.append(link(artifact_id=artifact.pk, schema_id=schema.pk, slot=slot, _skip_validation=True))
        elif row.schema_id != schema.pk:
            link.objects.using(using).filter(pk=row.pk).update(schema_id=schema.pk)
    if new:
        link.objects.using(using).bulk_create(new)


def _schema_of(component: ComponentCurator, slot: str) -> Any:
    """Return the saved schema of the identifiers that were validated; `None` if there are none."""
    schema, limit = component._schema, annotation_settings.n_max_records
    ids = _ids_found(component)
    if not ids:
        if schema.n_members is None and schema.itype is not None and not schema._state.adding:
            return schema
        logger.warning("no features found for slot %s", slot)
        return None
    if not schema._state.adding and _is_whole(component, ids):
        return schema
    members = _members_found(component, ids)
    index = component.rules.index
    settings = {name: getattr(schema, name) for name in ("minimal_set", "maximal_set", "ordered_set", "coerce")}
    columns = [
        member for member in members if index is None or member.pk != index.pk or not component.rules.is_of_features
    ]
    itype = (schema.itype or "Feature").partition("[")[0]
    dtype = {} if component.rules.is_of_features else {"dtype": schema.dtype}
    found = type(schema)(features=columns, itype=itype, index=index, **dtype, **settings)
    if found._state.adding and len(ids) > limit:
        logger.warning(
            "not annotating with %d features for slot %s as it exceeds %d (ln.settings.annotation.n_max_records): the dataset is "
            "not found by them",
            len(ids), slot, limit,
        )  # fmt: skip
        return type(schema)(itype=schema.itype, n_members=len(ids)).save()
    return found.save()


def _is_whole(component: ComponentCurator, ids: list[int]) -> bool:
    """Tell whether what was found is what the schema lists, so that the schema itself is the one to link."""
    schema = component._schema
    if schema.flexible or schema.n_members != len(ids) or schema.optionals.get_uids() or schema.slots:
        return False
    if not component.rules.is_of_features:
        return set(schema.members.values_list("pk", flat=True)) == set(ids)
    expected = [
        *([component.rules.index] if component.rules.index is not None else []),
        *component.rules.members_of_schema,
    ]
    return {member.pk for member in expected} == set(ids)


def _ids_found(component: ComponentCurator) -> list[int]:
    """Return the ids of the records that identifiers of the table stand for, the index first."""
    if component.rules.is_of_features:
        return [feature.pk for feature in _features_found(component)]
    vector = component.vectors.get(component.identifier_key)
    if vector is None:
        return []
    return list(dict.fromkeys(label.pk for labels in vector.labels.values() for label in labels[:1]))


def _features_found(component: ComponentCurator) -> list[Any]:
    rules = component.rules
    there = set(component.table.column_names)
    found = [feature for feature in rules.features if feature.name in there]
    has_index = rules.index is not None and component.scan is not None and component.scan.index is not None
    return [rules.index, *found] if has_index else found


def _members_found(component: ComponentCurator, ids: list[int]) -> list[Any]:
    """Return the records with these ids."""
    if component.rules.is_of_features:
        return _features_found(component)
    target, using = component.vectors[component.identifier_key].members[0].registry, component._using
    records: dict[int, Any] = {}
    for start in range(0, len(ids), _IDS_PER_STATEMENT):
        records.update(target.objects.using(using).in_bulk(ids[start : start + _IDS_PER_STATEMENT]))
    return [records[pk] for pk in ids if pk in records]
