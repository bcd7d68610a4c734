"""Schemas for datasets of the CELLxGENE portal, and the terms that its rules use beside those of ontologies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from lamindb.examples.requirements import module_registry

_EXAMPLE = "ln.examples.cellxgene"
_DESCRIPTION = "From CellxGene schema."
#: Kinds of columns: terms by id, or by name.
_FIELD_TYPES: Final = ("ontology_id", "name")
#: Values that stand for no term, by registry.
_EXTRA_TERMS: Final = {
    "Ethnicity": ("na", "unknown"),
    "DevelopmentalStage": ("unknown",),
    "Phenotype": ("unknown",),
    "CellType": ("unknown",),
}
_SEXES: Final = ("PATO:0000383", "PATO:0000384", "PATO:0001340")
_LABELS: Final = {
    "TissueType": ("tissue", "organoid", "primary cell culture", "cell line"),
    "SuspensionType": ("cell", "nucleus", "na"),
}
#: Species that the portal takes: identifier of NCBI, name of the species, common name.
_ORGANISMS: Final = (
    ("NCBITaxon:9606", "Homo sapiens", "human"),
    ("NCBITaxon:10090", "Mus musculus", "mouse"),
    ("NCBITaxon:9544", "Macaca mulatta", "rhesus macaque"),
    ("NCBITaxon:9825", "Sus scrofa domesticus", "domestic pig"),
    ("NCBITaxon:9598", "Pan troglodytes", "chimpanzee"),
    ("NCBITaxon:9483", "Callithrix jacchus", "white-tufted-ear marmoset"),
    ("NCBITaxon:7955", "Danio rerio", "zebrafish"),
)


@dataclass(frozen=True)
class _Annotation:
    """What the portal asks for about each cell, or about the whole dataset.

    Attributes:
        column: name of the column with names of terms; that with ids has a suffix.
        registry: registry of the terms.
        default: what stands where nothing is known; for names only.
        organism_bound: whether an organism has a vocabulary of its own.
        id_registries: registries of the ids, if there are several.
        name_field: field that names are values of.
        slot: where it is.
    """

    column: str
    registry: str
    default: str | None = None
    organism_bound: bool = False
    id_registries: tuple[str, ...] = ()
    name_field: str = "name"
    slot: str = "obs"


_ANNOTATIONS: Final = (
    _Annotation("assay", "ExperimentalFactor"),
    _Annotation("cell_type", "CellType", "unknown"),
    _Annotation("development_stage", "DevelopmentalStage", "unknown", organism_bound=True),
    _Annotation("disease", "Disease", "normal"),
    _Annotation("self_reported_ethnicity", "Ethnicity", "unknown"),
    _Annotation("sex", "Phenotype", "unknown"),
    _Annotation("tissue", "Tissue", id_registries=("Tissue", "CellType")),
    _Annotation("organism", "Organism", name_field="scientific_name", slot="uns"),
)


def save_cellxgene_defaults() -> None:
    """Save the terms that the portal's rules use beside those of ontologies: controls, unknown values, kinds of tissues and suspensions, species.

    A second call changes nothing.

    Raises:
        ModuleNotMounted: if the instance has no module `bionty`.

    Example:
        >>> ln.examples.cellxgene.save_cellxgene_defaults()  # doctest: +SKIP
    """
    from django.db import transaction

    import lamindb.models  # noqa: F401  (connects)

    with transaction.atomic():
        _save_traits()
        for name, values in _EXTRA_TERMS.items():
            registry = _registry(name)
            for value in values:
                if not registry.filter(ontology_id=value).exists():
                    registry(name=value, ontology_id=value, description=_DESCRIPTION, _skip_validation=True).save()
        _save_labels()
        _save_organisms()


def create_cellxgene_schema(
    *,
    field_types: str | Collection[str] = "ontology_id",
    spatial_library_id: str | None = None,
    organism: str = "human",
) -> Any:
    """Make the schema of AnnData for the CELLxGENE portal, and save it; a second call returns the same.

    Args:
        field_types: `"ontology_id"`, `"name"`, or both: whether columns hold ids of terms or their names.
        spatial_library_id: for spatial data, the id of the library in `uns["spatial"]`.
        organism: common name of the species, whose genes and stages of development are taken.

    Returns:
        The saved schema with the slots `var`, `obs` and `uns`.

    Raises:
        ModuleNotMounted: if the instance has no module `bionty`.
        ObjectDoesNotExist: if the instance has no gene table or no stages of development of the organism.
        ValueError: for other field types.

    Example:
        >>> schema = ln.examples.cellxgene.create_cellxgene_schema(organism="mouse")  # doctest: +SKIP
        >>> ln.curators.AnnDataCurator(adata, schema).validate()  # doctest: +SKIP
    """
    from django.db import transaction

    from lamindb.models import Schema

    types = _checked(field_types)
    words = ", ".join(types)
    # schemas of other organisms are other schemas, and those of human have the names that people know
    species = "" if organism == "human" else f" for {organism}"
    uns_words = "" if types == ("ontology_id",) else f" of {words}"
    with transaction.atomic():
        features = _features(types, organism)
        slots = {
            "var": Schema(
                [_feature("feature_is_filtered", "bool", nullable=False)],
                name=f"var of CELLxGENE{species}",
                itype="Feature",
                index=_gene_index(organism),
                coerce=True,
            ).save(),
            "obs": Schema(
                [*features["obs"], *_own_features(types)],
                name=f"obs of CELLxGENE of {words}{species}",
                minimal_set=True,
                coerce=True,
            ).save(),
            "uns": Schema(features["uns"], name=f"uns of CELLxGENE version{uns_words}").save(),
        }
        if spatial_library_id is not None:
            slots |= _spatial_slots(spatial_library_id)
        library = "" if spatial_library_id is None else f" ({spatial_library_id})"
        name = f"CELLxGENE AnnData of {words}{species}{library}"
        return Schema(name=name, otype="AnnData", slots=slots, minimal_set=True, coerce=True).save()


def _registry(name: str) -> Any:
    return module_registry(f"bionty.{name}", _EXAMPLE)


def _checked(field_types: str | Collection[str]) -> tuple[str, ...]:
    given = (field_types,) if isinstance(field_types, str) else tuple(field_types)
    if not given or any(one not in _FIELD_TYPES for one in given):
        raise ValueError(f"Invalid field_types: {field_types!r}. Must contain 'ontology_id', 'name', or both.")
    return tuple(one for one in _FIELD_TYPES if one in given)


def _features(types: tuple[str, ...], organism: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {"obs": [], "uns": []}
    for annotation in _ANNOTATIONS:
        bound = _source_of(annotation.registry, organism) if annotation.organism_bound else None
        if "name" in types:
            dtype = _dtype((annotation.registry,), annotation.name_field, bound, annotation.default)
            made = _feature(annotation.column, dtype, organism, default_value=annotation.default)
            found[annotation.slot].append(made)
        if "ontology_id" in types:
            dtype = _dtype(annotation.id_registries or (annotation.registry,), "ontology_id", bound, annotation.default)
            # the portal takes no missing values: it has terms that stand for what isn't known
            found[annotation.slot].append(
                _feature(f"{annotation.column}_ontology_term_id", dtype, organism, nullable=False)
            )
    return found


def _own_features(types: tuple[str, ...]) -> list[Any]:
    """Return the features that are no terms of ontologies; names of donors are asked for beside ids only."""
    donor = [_feature("donor_id", "str", default_value="unknown", nullable=False)] if "ontology_id" in types else []
    return [
        *donor,
        _feature("is_primary_data", "bool", nullable=False),
        _feature("suspension_type", "cat[ULabel]", default_value="cell", nullable=False),
        _feature("tissue_type", "cat[ULabel]", default_value="tissue", nullable=False),
    ]


def _dtype(registries: tuple[str, ...], field: str, source: Any, unknown: str | None) -> str:
    """Return the text of a dtype: terms of some registries, of one source if there is one, where what stands for no term is none of the source's."""
    for name in registries:
        _registry(name)
    suffix = "" if field == "name" else f".{field}"
    if source is None:
        return f"cat[{'|'.join(f'bionty.{name}{suffix}' for name in registries)}]"
    name = registries[0]
    members = [f"bionty.{name}{suffix}[source__uid='{source.uid}']"]
    if unknown is not None:
        members.append(f"bionty.{name}{suffix}[ontology_id='{unknown}']")
    return f"cat[{'|'.join(members)}]"


def _feature(name: str, dtype: str, organism: str | None = None, **options: Any) -> Any:
    """Return the feature with a name and dtype, or save it; if the name is taken by another, it gets a type of its own."""
    from lamindb.models import Feature

    existing = list(Feature.filter(name=name).order_by("id"))
    for feature in existing:
        if feature._dtype_str == dtype:
            return feature
    kind = None
    if existing:
        title = f"CELLxGENE {organism}" if organism else "CELLxGENE"
        kind = Feature.filter(name=title, is_type=True).first() or Feature(name=title, is_type=True).save()
    options = {key: value for key, value in options.items() if value is not None}
    return Feature(name=name, _dtype_str=dtype, type=kind, **options).save()


def _gene_index(organism: str) -> Any:
    source = _source_of("Gene", organism)
    return _feature("var_index", f"cat[bionty.Gene.ensembl_gene_id[source__uid='{source.uid}']]", organism)


def _source_of(name: str, organism: str) -> Any:
    """Return the source of a registry that is in use for an organism."""
    from lamindb.errors import ObjectDoesNotExist

    sources = module_registry("bionty.Source", _EXAMPLE)
    found = sources.filter(entity=f"bionty.{name}", organism=organism, currently_used=True).first()
    if found is None:
        known = sources.filter(entity=f"bionty.{name}", currently_used=True).to_list("organism")
        raise ObjectDoesNotExist(
            f"No source of bionty.{name} is in use for organism={organism!r}, only for {', '.join(sorted(set(known)))}: add one with "
            f"bt.{name}.add_source(...)"
        )
    return found


def _spatial_slots(library: str) -> dict[str, Any]:
    from lamindb.models import Schema

    scales = [_feature(name, "float") for name in ("spot_diameter_fullres", "tissue_hires_scalef")]
    return {
        "uns:spatial": Schema([_feature("is_single", "bool")], name="CELLxGENE spatial metadata").save(),
        f"uns:spatial:{library}:scalefactors": Schema(scales, name=f"scalefactors of spatial {library}").save(),
    }


def _save_traits() -> None:
    """Save the sexes, and the trait `normal`, which is a phenotype, as what a healthy donor has instead of a disease."""
    phenotype, disease = _registry("Phenotype"), _registry("Disease")
    source = (
        module_registry("bionty.Source", _EXAMPLE)
        .filter(entity="bionty.Phenotype", name="pato", currently_used=True)
        .first()
    )
    for record in phenotype.from_values(_SEXES, field="ontology_id", source=source, mute=True):
        if record._state.adding:
            record.save()
    if disease.filter(ontology_id="PATO:0000461").exists():
        return
    normal = phenotype.from_source(ontology_id="PATO:0000461", source=source)
    disease(
        uid=normal.uid, name=normal.name, ontology_id=normal.ontology_id, description=normal.description, source=normal.source,
        _skip_validation=True,
    ).save()  # fmt: skip


def _save_labels() -> None:
    from lamindb.models import ULabel

    for kind, names in _LABELS.items():
        label_type = ULabel.filter(name=kind, is_type=True).first() or ULabel(name=kind, is_type=True).save()
        existing = set(ULabel.filter(type=label_type).to_list("name"))
        for name in names:
            if name not in existing:
                ULabel(name=name, type=label_type, description=_DESCRIPTION, _skip_validation=True).save()


def _save_organisms() -> None:
    """Save the species; they are few, so that no vocabulary of all species is read."""
    organisms = _registry("Organism")
    source = (
        module_registry("bionty.Source", _EXAMPLE)
        .filter(entity="bionty.Organism", name="ncbitaxon", currently_used=True)
        .first()
    )
    for identifier, species, name in _ORGANISMS:
        if not organisms.filter(ontology_id=identifier).exists():
            organisms(
                name=name, scientific_name=species, ontology_id=identifier, source=source, _skip_validation=True
            ).save()
