"""Creates the tables of the registries and their links."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bionty.uids
import lamindb.base.fields
import lamindb.base.migration_operations
import lamindb.base.users
import lamindb.models.can_curate
import lamindb.models.has_parents
import lamindb.models.sqlrecord
import lamindb.models.tracks


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("lamindb", "__first__"),
    ]

    operations = [
        lamindb.base.migration_operations.CreateTables(
            models=[
                migrations.CreateModel(
                    name="Source",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.source,
                                editable=False,
                                max_length=8,
                                unique=True,
                            ),
                        ),
                        (
                            "entity",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "organism",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "version",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "in_db",
                            lamindb.base.fields.BooleanField(
                                blank=True, db_default=False, db_index=True, default=False
                            ),
                        ),
                        (
                            "currently_used",
                            lamindb.base.fields.BooleanField(
                                blank=True, db_default=False, db_index=True, default=False
                            ),
                        ),
                        (
                            "description",
                            lamindb.base.fields.TextField(blank=True, db_index=True, default=None, null=True),
                        ),
                        ("url", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("md5", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("source_website", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "dataframe_artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="_source_dataframe_of",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "artifacts",
                            models.ManyToManyField(related_name="_source_artifact_of", to="lamindb.artifact"),
                        ),
                    ],
                    options={
                        "unique_together": {("entity", "name", "organism", "version")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                ),
                migrations.CreateModel(
                    name="Organism",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        (
                            "scientific_name",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True, unique=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.organism")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="organisms", through="bionty.ArtifactOrganism", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="organisms", through="bionty.RecordOrganism", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="organisms", through="bionty.RunOrganism", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactOrganism",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_organism",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "organism",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.organism",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactorganism",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactorganism",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "organism", "feature"), name="unique_bionty_artifactorganism"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "organism"),
                                name="unique_bionty_artifactorganism_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordOrganism",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_organism",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.organism",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordorganism",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordorganism",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordorganism"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordorganism_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunOrganism",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_organism",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "organism",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.organism",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runorganism",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runorganism",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "organism", "feature"), name="unique_bionty_runorganism"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "organism"),
                                name="unique_bionty_runorganism_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="Gene",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "symbol",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=64, null=True
                            ),
                        ),
                        (
                            "stable_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True, unique=True
                            ),
                        ),
                        (
                            "ensembl_gene_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=64, null=True, unique=True
                            ),
                        ),
                        (
                            "ncbi_gene_ids",
                            lamindb.base.fields.TextField(blank=True, db_index=True, default=None, null=True),
                        ),
                        (
                            "biotype",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=64, null=True
                            ),
                        ),
                        (
                            "organism",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="genes",
                                to="bionty.organism",
                            ),
                        ),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="genes", through="bionty.ArtifactGene", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="genes", through="bionty.RecordGene", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(related_name="genes", through="bionty.RunGene", to="lamindb.run"),
                        ),
                        (
                            "schemas",
                            models.ManyToManyField(
                                related_name="genes", through="bionty.SchemaGene", to="lamindb.schema"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactGene",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_gene",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "gene",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.gene",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactgene",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactgene",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "gene", "feature"), name="unique_bionty_artifactgene"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "gene"),
                                name="unique_bionty_artifactgene_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordGene",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_gene",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.gene",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordgene",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordgene",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordgene"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordgene_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunGene",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_gene",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "gene",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.gene",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_rungene",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_rungene",
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "gene", "feature"), name="unique_bionty_rungene"),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "gene"),
                                name="unique_bionty_rungene_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="SchemaGene",
                    fields=[
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "schema",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_gene",
                                to="lamindb.schema",
                            ),
                        ),
                        (
                            "gene",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_schema",
                                to="bionty.gene",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_schemagene",
                        "constraints": [
                            models.UniqueConstraint(fields=("schema", "gene"), name="unique_bionty_schemagene")
                        ],
                        "indexes": [],
                    },
                    bases=(models.Model, lamindb.models.sqlrecord.IsLink),
                ),
                migrations.CreateModel(
                    name="Protein",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        (
                            "uniprotkb_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=10, null=True, unique=True
                            ),
                        ),
                        (
                            "length",
                            lamindb.base.fields.BigIntegerField(blank=True, db_index=True, default=None, null=True),
                        ),
                        (
                            "gene_symbol",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("ensembl_gene_ids", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "organism",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proteins",
                                to="bionty.organism",
                            ),
                        ),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="proteins", through="bionty.ArtifactProtein", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="proteins", through="bionty.RecordProtein", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="proteins", through="bionty.RunProtein", to="lamindb.run"
                            ),
                        ),
                        (
                            "schemas",
                            models.ManyToManyField(
                                related_name="proteins", through="bionty.SchemaProtein", to="lamindb.schema"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactProtein",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_protein",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "protein",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.protein",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactprotein",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactprotein",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "protein", "feature"), name="unique_bionty_artifactprotein"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "protein"),
                                name="unique_bionty_artifactprotein_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordProtein",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_protein",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.protein",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordprotein",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordprotein",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordprotein"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordprotein_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunProtein",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_protein",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "protein",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.protein",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runprotein",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runprotein",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "protein", "feature"), name="unique_bionty_runprotein"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "protein"),
                                name="unique_bionty_runprotein_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="SchemaProtein",
                    fields=[
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "schema",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_protein",
                                to="lamindb.schema",
                            ),
                        ),
                        (
                            "protein",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_schema",
                                to="bionty.protein",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_schemaprotein",
                        "constraints": [
                            models.UniqueConstraint(fields=("schema", "protein"), name="unique_bionty_schemaprotein")
                        ],
                        "indexes": [],
                    },
                    bases=(models.Model, lamindb.models.sqlrecord.IsLink),
                ),
                migrations.CreateModel(
                    name="CellMarker",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("name", lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=64)),
                        (
                            "gene_symbol",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=64, null=True
                            ),
                        ),
                        (
                            "ncbi_gene_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True
                            ),
                        ),
                        (
                            "uniprotkb_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=10, null=True
                            ),
                        ),
                        (
                            "organism",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cell_markers",
                                to="bionty.organism",
                            ),
                        ),
                        (
                            "schemas",
                            models.ManyToManyField(
                                related_name="cell_markers", through="bionty.SchemaCellMarker", to="lamindb.schema"
                            ),
                        ),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="cell_markers", through="bionty.ArtifactCellMarker", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="cell_markers", through="bionty.RecordCellMarker", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="cell_markers", through="bionty.RunCellMarker", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "organism")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactCellMarker",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_cell_marker",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "cellmarker",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.cellmarker",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactcellmarker",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactcellmarker",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "cellmarker", "feature"), name="unique_bionty_artifactcellmarker"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "cellmarker"),
                                name="unique_bionty_artifactcellmarker_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordCellMarker",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_cell_marker",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.cellmarker",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordcellmarker",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordcellmarker",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordcellmarker"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordcellmarker_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunCellMarker",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_cell_marker",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "cellmarker",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.cellmarker",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runcellmarker",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runcellmarker",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "cellmarker", "feature"), name="unique_bionty_runcellmarker"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "cellmarker"),
                                name="unique_bionty_runcellmarker_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="SchemaCellMarker",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "schema",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_cellmarker",
                                to="lamindb.schema",
                            ),
                        ),
                        (
                            "cellmarker",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_schema",
                                to="bionty.cellmarker",
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("schema", "cellmarker")},
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.sqlrecord.IsLink),
                ),
                migrations.CreateModel(
                    name="Tissue",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.tissue")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="tissues", through="bionty.ArtifactTissue", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="tissues", through="bionty.RecordTissue", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="tissues", through="bionty.RunTissue", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactTissue",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_tissue",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "tissue",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.tissue",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifacttissue",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifacttissue",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "tissue", "feature"), name="unique_bionty_artifacttissue"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "tissue"),
                                name="unique_bionty_artifacttissue_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordTissue",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_tissue",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.tissue",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordtissue",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordtissue",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordtissue"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordtissue_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunTissue",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_tissue",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "tissue",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.tissue",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runtissue",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runtissue",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "tissue", "feature"), name="unique_bionty_runtissue"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "tissue"),
                                name="unique_bionty_runtissue_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="CellType",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.celltype")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="cell_types", through="bionty.ArtifactCellType", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="cell_types", through="bionty.RecordCellType", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="cell_types", through="bionty.RunCellType", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactCellType",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_cell_type",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "celltype",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.celltype",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactcelltype",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactcelltype",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "celltype", "feature"), name="unique_bionty_artifactcelltype"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "celltype"),
                                name="unique_bionty_artifactcelltype_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordCellType",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_cell_type",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.celltype",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordcelltype",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordcelltype",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordcelltype"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordcelltype_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunCellType",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_cell_type",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "celltype",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.celltype",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runcelltype",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runcelltype",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "celltype", "feature"), name="unique_bionty_runcelltype"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "celltype"),
                                name="unique_bionty_runcelltype_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="Disease",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.disease")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="diseases", through="bionty.ArtifactDisease", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="diseases", through="bionty.RecordDisease", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="diseases", through="bionty.RunDisease", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactDisease",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_disease",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "disease",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.disease",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactdisease",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactdisease",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "disease", "feature"), name="unique_bionty_artifactdisease"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "disease"),
                                name="unique_bionty_artifactdisease_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordDisease",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_disease",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.disease",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recorddisease",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recorddisease",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recorddisease"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recorddisease_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunDisease",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_disease",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "disease",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.disease",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_rundisease",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_rundisease",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "disease", "feature"), name="unique_bionty_rundisease"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "disease"),
                                name="unique_bionty_rundisease_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="CellLine",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.cellline")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="cell_lines", through="bionty.ArtifactCellLine", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="cell_lines", through="bionty.RecordCellLine", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="cell_lines", through="bionty.RunCellLine", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactCellLine",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_cell_line",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "cellline",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.cellline",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactcellline",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactcellline",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "cellline", "feature"), name="unique_bionty_artifactcellline"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "cellline"),
                                name="unique_bionty_artifactcellline_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordCellLine",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_cell_line",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.cellline",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordcellline",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordcellline",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordcellline"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordcellline_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunCellLine",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_cell_line",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "cellline",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.cellline",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runcellline",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runcellline",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "cellline", "feature"), name="unique_bionty_runcellline"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "cellline"),
                                name="unique_bionty_runcellline_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="Phenotype",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.phenotype")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="phenotypes", through="bionty.ArtifactPhenotype", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="phenotypes", through="bionty.RecordPhenotype", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="phenotypes", through="bionty.RunPhenotype", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactPhenotype",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_phenotype",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "phenotype",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.phenotype",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactphenotype",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactphenotype",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "phenotype", "feature"), name="unique_bionty_artifactphenotype"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "phenotype"),
                                name="unique_bionty_artifactphenotype_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordPhenotype",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_phenotype",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.phenotype",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordphenotype",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordphenotype",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordphenotype"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordphenotype_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunPhenotype",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_phenotype",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "phenotype",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.phenotype",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runphenotype",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runphenotype",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "phenotype", "feature"), name="unique_bionty_runphenotype"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "phenotype"),
                                name="unique_bionty_runphenotype_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="ExperimentalFactor",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.experimentalfactor")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="experimental_factors",
                                through="bionty.ArtifactExperimentalFactor",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="experimental_factors",
                                through="bionty.RecordExperimentalFactor",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="experimental_factors",
                                through="bionty.RunExperimentalFactor",
                                to="lamindb.run",
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactExperimentalFactor",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_experimental_factor",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "experimentalfactor",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.experimentalfactor",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactexperimentalfactor",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactexperimentalfactor",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "experimentalfactor", "feature"),
                                name="unique_bionty_artifactexperimentalfactor",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "experimentalfactor"),
                                name="unique_bionty_artifactexperimentalfactor_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordExperimentalFactor",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_experimental_factor",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.experimentalfactor",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordexperimentalfactor",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordexperimentalfactor",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordexperimentalfactor"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordexperimentalfactor_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunExperimentalFactor",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_experimental_factor",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "experimentalfactor",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.experimentalfactor",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runexperimentalfactor",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runexperimentalfactor",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "experimentalfactor", "feature"),
                                name="unique_bionty_runexperimentalfactor",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "experimentalfactor"),
                                name="unique_bionty_runexperimentalfactor_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="DevelopmentalStage",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.developmentalstage")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="developmental_stages",
                                through="bionty.ArtifactDevelopmentalStage",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="developmental_stages",
                                through="bionty.RecordDevelopmentalStage",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="developmental_stages",
                                through="bionty.RunDevelopmentalStage",
                                to="lamindb.run",
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactDevelopmentalStage",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_developmental_stage",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "developmentalstage",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.developmentalstage",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactdevelopmentalstage",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactdevelopmentalstage",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "developmentalstage", "feature"),
                                name="unique_bionty_artifactdevelopmentalstage",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "developmentalstage"),
                                name="unique_bionty_artifactdevelopmentalstage_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordDevelopmentalStage",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_developmental_stage",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.developmentalstage",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recorddevelopmentalstage",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recorddevelopmentalstage",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recorddevelopmentalstage"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recorddevelopmentalstage_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunDevelopmentalStage",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_developmental_stage",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "developmentalstage",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.developmentalstage",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_rundevelopmentalstage",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_rundevelopmentalstage",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "developmentalstage", "feature"),
                                name="unique_bionty_rundevelopmentalstage",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "developmentalstage"),
                                name="unique_bionty_rundevelopmentalstage_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="Ethnicity",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.ethnicity")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="ethnicities", through="bionty.ArtifactEthnicity", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="ethnicities", through="bionty.RecordEthnicity", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="ethnicities", through="bionty.RunEthnicity", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactEthnicity",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_ethnicity",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "ethnicity",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.ethnicity",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactethnicity",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactethnicity",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "ethnicity", "feature"), name="unique_bionty_artifactethnicity"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "ethnicity"),
                                name="unique_bionty_artifactethnicity_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordEthnicity",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_ethnicity",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.ethnicity",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordethnicity",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordethnicity",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordethnicity"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordethnicity_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunEthnicity",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_ethnicity",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "ethnicity",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.ethnicity",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runethnicity",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runethnicity",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "ethnicity", "feature"), name="unique_bionty_runethnicity"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "ethnicity"),
                                name="unique_bionty_runethnicity_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="Pathway",
                    fields=[
                        (
                            "branch",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "created_on",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.branch",
                            ),
                        ),
                        (
                            "space",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                db_default=1,
                                default=1,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.space",
                            ),
                        ),
                        ("is_locked", lamindb.base.fields.BooleanField(blank=True, db_default=False, default=False)),
                        ("_aux", lamindb.base.fields.JSONField(blank=True, default=None, null=True)),
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "updated_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "source",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="bionty.source",
                            ),
                        ),
                        ("id", models.AutoField(primary_key=True, serialize=False)),
                        (
                            "uid",
                            lamindb.base.fields.CharField(
                                blank=True,
                                db_index=True,
                                default=bionty.uids.ontology,
                                editable=False,
                                max_length=14,
                                unique=True,
                            ),
                        ),
                        (
                            "abbr",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True, unique=True
                            ),
                        ),
                        ("synonyms", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        ("description", lamindb.base.fields.TextField(blank=True, default=None, null=True)),
                        (
                            "name",
                            lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=255),
                        ),
                        (
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("parents", models.ManyToManyField(related_name="children", to="bionty.pathway")),
                        ("genes", models.ManyToManyField(related_name="pathways", to="bionty.gene")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="pathways", through="bionty.ArtifactPathway", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="pathways", through="bionty.RecordPathway", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="pathways", through="bionty.RunPathway", to="lamindb.run"
                            ),
                        ),
                        (
                            "schemas",
                            models.ManyToManyField(
                                related_name="pathways", through="bionty.SchemaPathway", to="lamindb.schema"
                            ),
                        ),
                    ],
                    options={
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactPathway",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "artifact",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_pathway",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "pathway",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="bionty.pathway",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactpathway",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_artifactpathway",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "pathway", "feature"), name="unique_bionty_artifactpathway"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "pathway"),
                                name="unique_bionty_artifactpathway_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordPathway",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.models.tracks.current_run,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.run",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "record",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values_pathway",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="bionty.pathway",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordpathway",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_recordpathway",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_bionty_recordpathway"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_bionty_recordpathway_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunPathway",
                    fields=[
                        (
                            "created_at",
                            lamindb.base.fields.DateTimeField(
                                blank=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "created_by",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=lamindb.base.users.current_user_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lamindb.user",
                            ),
                        ),
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "run",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_pathway",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "pathway",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="bionty.pathway",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runpathway",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_runpathway",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "pathway", "feature"), name="unique_bionty_runpathway"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "pathway"),
                                name="unique_bionty_runpathway_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="SchemaPathway",
                    fields=[
                        ("id", lamindb.base.fields.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "schema",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_pathway",
                                to="lamindb.schema",
                            ),
                        ),
                        (
                            "pathway",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_schema",
                                to="bionty.pathway",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "bionty_schemapathway",
                        "constraints": [
                            models.UniqueConstraint(fields=("schema", "pathway"), name="unique_bionty_schemapathway")
                        ],
                        "indexes": [],
                    },
                    bases=(models.Model, lamindb.models.sqlrecord.IsLink),
                ),
            ],
        ),
    ]
