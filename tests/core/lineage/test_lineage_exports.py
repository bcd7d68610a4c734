"""Exports of lineage are read by the reference libraries of their formats and hold no secrets."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime

import pytest

import lamindb as ln

SECRETS = ("hunter2hunter2", "ghp_" + "a" * 36, "s3cr3tvalue")


@pytest.fixture
def graph(pipelines):
    raw = pipelines.artifact("raw")
    flow = pipelines.run("flow.py")
    run = pipelines.run(
        "count.py",
        [raw],
        initiated_by_run=flow,
        params={"threshold": 0.5, "api_key": SECRETS[2], "nested": {"url": f"postgresql://u:{SECRETS[0]}@h/db"}},
        reference=f"https://me:{SECRETS[0]}@example.org/run",
    )
    run.cli_args = f"--token {SECRETS[2]} --n 3"
    run.finished_at, run._status_code = datetime.now(UTC), 0
    run.save()
    counts = pipelines.artifact("counts", run)
    ln.Artifact.filter(id=counts.id).update(description=f"made with {SECRETS[1]}", n_observations=7)
    raw.input_of_runs.add(flow)
    other = pipelines.artifact("other", flow)
    ln.Collection([counts, other], key="both", run=False).save()
    failed = pipelines.run("fail.py", [counts])
    failed.finished_at, failed._status_code = datetime.now(UTC), 1
    failed.save()
    counts.recreating_runs.add(pipelines.run("count.py", [raw]))
    return ln.Artifact.get(id=raw.id).query_lineage()


def test_no_export_holds_a_secret(graph, tmp_path):
    crate = graph.to_ro_crate(tmp_path / "crate")
    texts = [json.dumps(graph.to_prov()), json.dumps(graph.to_openlineage())]
    texts += [path.read_text() for path in crate.rglob("*") if path.is_file()]
    for secret in SECRETS:
        assert not any(secret in text for text in texts)
    assert all("REDACTED" in text for text in texts[:2])
    assert all("threshold" in text and "0.5" in text for text in texts[:2])


def test_prov_json_is_read_by_the_reference_library(graph):
    from prov.model import ProvActivity, ProvAssociation, ProvDocument, ProvEntity, ProvGeneration, ProvUsage

    document = ProvDocument.deserialize(content=json.dumps(graph.to_prov()), format="json")
    assert len(list(document.get_records(ProvActivity))) == len(graph.of_kind("run")) == 4
    assert len(list(document.get_records(ProvEntity))) == len(graph) - 4
    relations = graph.edges["relation"].value_counts()
    assert len(list(document.get_records(ProvUsage))) == relations["input"]
    assert len(list(document.get_records(ProvGeneration))) == relations["output"]
    plans = [dict(one.formal_attributes) for one in document.get_records(ProvAssociation)]
    assert len(plans) == 4 and all(any(str(k) == "prov:plan" and v for k, v in plan.items()) for plan in plans)
    assert ProvDocument.deserialize(content=document.serialize(format="json"), format="json") == document
    assert "used(" in document.get_provn() and "hadMember(" in document.get_provn()


def test_openlineage_events_are_those_that_the_client_would_write(graph):
    from openlineage.client import event_v2, facet_v2
    from openlineage.client.serde import Serde

    events = graph.to_openlineage()
    types = [(event["job"]["name"], event["eventType"]) for event in events]
    assert sorted(types) == [
        ("count.py", "COMPLETE"), ("count.py", "START"), ("count.py", "START"),
        ("fail.py", "FAIL"), ("fail.py", "START"), ("flow.py", "START"),
    ]  # fmt: skip
    assert [event["eventTime"] for event in events] == sorted(event["eventTime"] for event in events)
    classes = {
        "parent": facet_v2.parent_run.ParentRunFacet,
        "executionParameters": facet_v2.execution_parameters_run.ExecutionParametersRunFacet,
        "jobType": facet_v2.job_type_job.JobTypeJobFacet,
        "ownership": facet_v2.ownership_job.OwnershipJobFacet,
        "version": facet_v2.dataset_version_dataset.DatasetVersionDatasetFacet,
        "documentation": facet_v2.documentation_dataset.DocumentationDatasetFacet,
        "symlinks": facet_v2.symlinks_dataset.SymlinksDatasetFacet,
        "outputStatistics": facet_v2.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet,
    }

    def facets(written):
        made = {}
        for name, facet in written.items():
            values = {key: value for key, value in facet.items() if not key.startswith("_")}
            made[name] = classes[name](**values, producer=facet["_producer"])
            assert made[name]._schemaURL == facet["_schemaURL"], name
        return made

    def dataset(kind, written, extra):
        values = {extra: facets(written[extra]), "facets": facets(written["facets"])}
        return kind(namespace=written["namespace"], name=written["name"], **values)

    for event in events:
        official = event_v2.RunEvent(
            eventType=event_v2.RunState[event["eventType"]],
            eventTime=event["eventTime"],
            run=event_v2.Run(runId=event["run"]["runId"], facets=facets(event["run"]["facets"])),
            job=event_v2.Job(
                namespace=event["job"]["namespace"], name=event["job"]["name"], facets=facets(event["job"]["facets"])
            ),
            inputs=[dataset(event_v2.InputDataset, one, "inputFacets") for one in event["inputs"]],
            outputs=[dataset(event_v2.OutputDataset, one, "outputFacets") for one in event["outputs"]],
            producer=event["producer"],
        )
        written = json.loads(Serde.to_json(official))
        assert written == json.loads(Serde.to_json(event))
    assert graph.to_openlineage("mine")[0]["job"]["namespace"] == "mine"
    assert graph.to_openlineage() == events


def test_the_ro_crate_is_opened_by_the_reference_library(graph, tmp_path):
    from rocrate.rocrate import ROCrate

    path = graph.to_ro_crate(
        tmp_path / "crate", with_data=True, name="My crate", license="https://spdx.org/licenses/CC0-1.0"
    )
    crate = ROCrate(path)
    assert crate.name == "My crate"
    actions = crate.get_by_type("CreateAction")
    assert len(actions) == 4
    [counted] = [one for one in actions if one["name"] == "count.py" and one.get("endTime")]
    assert counted["instrument"]["name"] == "count.py" and counted["agent"]["name"]
    assert {one["name"] for one in counted["object"]} >= {"raw.txt", "threshold"}
    assert [one["name"] for one in counted["result"]] == ["counts.txt"]
    [file] = [one for one in crate.get_by_type("File") if one["name"] == "counts.txt"]
    assert (path / file.id).read_text().startswith("counts ")
    [collection] = crate.get_by_type("Collection")
    assert {one["name"] for one in collection["hasPart"]} == {"counts.txt", "other.txt"}
    assert crate.get("lineage.svg") is not None and (path / "lineage.svg").exists()
    # written again by the library, it is the same graph
    crate.write(tmp_path / "again")
    assert len(ROCrate(tmp_path / "again").get_entities()) == len(crate.get_entities())


def test_a_crate_without_data_tells_where_the_data_is(graph, tmp_path):
    from rocrate.rocrate import ROCrate

    path = graph.to_ro_crate(tmp_path / "crate.zip")
    assert set(zipfile.ZipFile(path).namelist()) == {"ro-crate-metadata.json", "lineage.svg", "lineage.prov.json"}
    crate = ROCrate(path)
    urls = {one["contentUrl"] for one in crate.get_by_type("File") if one.get("contentUrl")}
    raw = graph.records("artifact")[0]
    assert raw.path.as_uri() in urls and len(urls) == 3


def test_a_crate_never_overwrites_and_leaves_nothing_half_written(graph, tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("x")
    with pytest.raises(FileExistsError, match="exists already"):
        graph.to_ro_crate(full)
    (tmp_path / "crate.zip").write_text("x")
    with pytest.raises(FileExistsError):
        graph.to_ro_crate(tmp_path / "crate.zip")
    broken = graph.records("artifact")[0].path
    broken.unlink()
    with pytest.raises(FileNotFoundError):
        graph.to_ro_crate(tmp_path / "new", with_data=True)
    assert sorted(path.name for path in tmp_path.iterdir() if "crate" in path.name or path.name == "new") == [
        "crate.zip"
    ]
    (tmp_path / "empty").mkdir()
    assert (graph.to_ro_crate(tmp_path / "empty") / "ro-crate-metadata.json").exists()
