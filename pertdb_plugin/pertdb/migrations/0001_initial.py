"""Creates the tables of the registries and their links."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bionty.uids
import lamindb.base.fields
import lamindb.base.users
import lamindb.models.can_curate
import lamindb.models.has_parents
import lamindb.models.sqlrecord
import lamindb.models.tracks
import pertdb.former_app


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bionty", "__first__"),
        ("lamindb", "__first__"),
    ]

    operations = [
        pertdb.former_app.CreateOrTakeOverTables(
            models=[
                migrations.CreateModel(
                    name="PerturbationTarget",
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
                        ("genes", models.ManyToManyField(related_name="perturbation_targets", to="bionty.gene")),
                        ("pathways", models.ManyToManyField(related_name="perturbation_targets", to="bionty.pathway")),
                        ("proteins", models.ManyToManyField(related_name="perturbation_targets", to="bionty.protein")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="perturbation_targets",
                                through="pertdb.ArtifactPerturbationTarget",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="perturbation_targets",
                                through="pertdb.RecordPerturbationTarget",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="perturbation_targets",
                                through="pertdb.RunPerturbationTarget",
                                to="lamindb.run",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_perturbationtarget",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactPerturbationTarget",
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
                                related_name="links_perturbation_target",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "perturbationtarget",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="pertdb.perturbationtarget",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactperturbationtarget",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_artifactperturbationtarget",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "perturbationtarget", "feature"),
                                name="unique_pertdb_artifactperturbationtarget",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "perturbationtarget"),
                                name="unique_pertdb_artifactperturbationtarget_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordPerturbationTarget",
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
                                related_name="values_perturbation_target",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="pertdb.perturbationtarget",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordperturbationtarget",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_recordperturbationtarget",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_pertdb_recordperturbationtarget"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_pertdb_recordperturbationtarget_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunPerturbationTarget",
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
                                related_name="links_perturbation_target",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "perturbationtarget",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="pertdb.perturbationtarget",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runperturbationtarget",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_runperturbationtarget",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "perturbationtarget", "feature"),
                                name="unique_pertdb_runperturbationtarget",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "perturbationtarget"),
                                name="unique_pertdb_runperturbationtarget_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="GeneticPerturbation",
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
                            "type",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True
                            ),
                        ),
                        ("sequence", lamindb.base.fields.TextField(blank=True, db_index=True, default=None, null=True)),
                        (
                            "on_target_score",
                            lamindb.base.fields.FloatField(blank=True, db_index=True, default=None, null=True),
                        ),
                        (
                            "off_target_score",
                            lamindb.base.fields.FloatField(blank=True, db_index=True, default=None, null=True),
                        ),
                        (
                            "targets",
                            models.ManyToManyField(
                                related_name="genetic_perturbations", to="pertdb.perturbationtarget"
                            ),
                        ),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="genetic_perturbations",
                                through="pertdb.ArtifactGeneticPerturbation",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="genetic_perturbations",
                                through="pertdb.RecordGeneticPerturbation",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="genetic_perturbations",
                                through="pertdb.RunGeneticPerturbation",
                                to="lamindb.run",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_geneticperturbation",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactGeneticPerturbation",
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
                                related_name="links_genetic_perturbation",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "geneticperturbation",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="pertdb.geneticperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactgeneticperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_artifactgeneticperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "geneticperturbation", "feature"),
                                name="unique_pertdb_artifactgeneticperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "geneticperturbation"),
                                name="unique_pertdb_artifactgeneticperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordGeneticPerturbation",
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
                                related_name="values_genetic_perturbation",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="pertdb.geneticperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordgeneticperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_recordgeneticperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_pertdb_recordgeneticperturbation"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_pertdb_recordgeneticperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunGeneticPerturbation",
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
                                related_name="links_genetic_perturbation",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "geneticperturbation",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="pertdb.geneticperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_rungeneticperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_rungeneticperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "geneticperturbation", "feature"),
                                name="unique_pertdb_rungeneticperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "geneticperturbation"),
                                name="unique_pertdb_rungeneticperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="Biologic",
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
                        ("type", lamindb.base.fields.CharField(blank=True, db_index=True, default=None, max_length=32)),
                        ("proteins", models.ManyToManyField(related_name="biologics", to="bionty.protein")),
                        ("targets", models.ManyToManyField(related_name="biologics", to="pertdb.perturbationtarget")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="biologics", through="pertdb.ArtifactBiologic", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="biologics", through="pertdb.RecordBiologic", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="biologics", through="pertdb.RunBiologic", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_biologic",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactBiologic",
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
                                related_name="links_biologic",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "biologic",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="pertdb.biologic",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactbiologic",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_artifactbiologic",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "biologic", "feature"), name="unique_pertdb_artifactbiologic"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "biologic"),
                                name="unique_pertdb_artifactbiologic_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordBiologic",
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
                                related_name="values_biologic",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="pertdb.biologic",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordbiologic",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_recordbiologic",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_pertdb_recordbiologic"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_pertdb_recordbiologic_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunBiologic",
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
                                related_name="links_biologic",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "biologic",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="pertdb.biologic",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runbiologic",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_runbiologic",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "biologic", "feature"), name="unique_pertdb_runbiologic"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "biologic"),
                                name="unique_pertdb_runbiologic_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="Compound",
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
                            "ontology_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=255, null=True
                            ),
                        ),
                        ("name", lamindb.base.fields.TextField(blank=True, db_index=True, default=None)),
                        (
                            "type",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True
                            ),
                        ),
                        (
                            "chembl_id",
                            lamindb.base.fields.CharField(
                                blank=True, db_index=True, default=None, max_length=32, null=True
                            ),
                        ),
                        ("smiles", lamindb.base.fields.TextField(blank=True, db_index=True, default=None, null=True)),
                        (
                            "canonical_smiles",
                            lamindb.base.fields.TextField(blank=True, db_index=True, default=None, null=True),
                        ),
                        ("inchikey", lamindb.base.fields.TextField(blank=True, db_index=True, default=None, null=True)),
                        (
                            "molweight",
                            lamindb.base.fields.FloatField(blank=True, db_index=True, default=None, null=True),
                        ),
                        (
                            "molformula",
                            lamindb.base.fields.TextField(blank=True, db_index=True, default=None, null=True),
                        ),
                        ("moa", lamindb.base.fields.TextField(blank=True, db_index=True, default=None, null=True)),
                        ("parents", models.ManyToManyField(related_name="children", to="pertdb.compound")),
                        ("targets", models.ManyToManyField(related_name="compounds", to="pertdb.perturbationtarget")),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="compounds", through="pertdb.ArtifactCompound", to="lamindb.artifact"
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="compounds", through="pertdb.RecordCompound", to="lamindb.record"
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="compounds", through="pertdb.RunCompound", to="lamindb.run"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_compound",
                        "unique_together": {("name", "ontology_id")},
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(lamindb.models.has_parents.HasParents, models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactCompound",
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
                                related_name="links_compound",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "compound",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="pertdb.compound",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactcompound",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_artifactcompound",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "compound", "feature"), name="unique_pertdb_artifactcompound"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "compound"),
                                name="unique_pertdb_artifactcompound_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordCompound",
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
                                related_name="values_compound",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="pertdb.compound",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordcompound",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_recordcompound",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_pertdb_recordcompound"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_pertdb_recordcompound_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunCompound",
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
                                related_name="links_compound",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "compound",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="pertdb.compound",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runcompound",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_runcompound",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "compound", "feature"), name="unique_pertdb_runcompound"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "compound"),
                                name="unique_pertdb_runcompound_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="CompoundPerturbation",
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
                        ("concentration", lamindb.base.fields.FloatField(blank=True, default=None, null=True)),
                        (
                            "concentration_unit",
                            lamindb.base.fields.CharField(blank=True, default=None, max_length=32, null=True),
                        ),
                        ("duration", lamindb.base.fields.DurationField(blank=True, default=None, null=True)),
                        (
                            "compound",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="pertdb.compound",
                            ),
                        ),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="compound_perturbations",
                                through="pertdb.ArtifactCompoundPerturbation",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="compound_perturbations",
                                through="pertdb.RecordCompoundPerturbation",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="compound_perturbations",
                                through="pertdb.RunCompoundPerturbation",
                                to="lamindb.run",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_compoundperturbation",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactCompoundPerturbation",
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
                                related_name="links_compound_perturbation",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "compoundperturbation",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="pertdb.compoundperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactcompoundperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_artifactcompoundperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "compoundperturbation", "feature"),
                                name="unique_pertdb_artifactcompoundperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "compoundperturbation"),
                                name="unique_pertdb_artifactcompoundperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordCompoundPerturbation",
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
                                related_name="values_compound_perturbation",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="pertdb.compoundperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordcompoundperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_recordcompoundperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"), name="unique_pertdb_recordcompoundperturbation"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_pertdb_recordcompoundperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunCompoundPerturbation",
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
                                related_name="links_compound_perturbation",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "compoundperturbation",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="pertdb.compoundperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runcompoundperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_runcompoundperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "compoundperturbation", "feature"),
                                name="unique_pertdb_runcompoundperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "compoundperturbation"),
                                name="unique_pertdb_runcompoundperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="EnvironmentalPerturbation",
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
                                blank=True, db_index=True, default=None, max_length=32, null=True
                            ),
                        ),
                        ("value", lamindb.base.fields.FloatField(blank=True, default=None, null=True)),
                        ("unit", lamindb.base.fields.CharField(blank=True, default=None, max_length=32, null=True)),
                        ("duration", lamindb.base.fields.DurationField(blank=True, default=None, null=True)),
                        (
                            "targets",
                            models.ManyToManyField(
                                related_name="environmental_perturbations", to="pertdb.perturbationtarget"
                            ),
                        ),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="environmental_perturbations",
                                through="pertdb.ArtifactEnvironmentalPerturbation",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="environmental_perturbations",
                                through="pertdb.RecordEnvironmentalPerturbation",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="environmental_perturbations",
                                through="pertdb.RunEnvironmentalPerturbation",
                                to="lamindb.run",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_environmentalperturbation",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactEnvironmentalPerturbation",
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
                                related_name="links_environmental_perturbation",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "environmentalperturbation",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="pertdb.environmentalperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactenvironmentalperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_artifactenvironmentalperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "environmentalperturbation", "feature"),
                                name="unique_pertdb_artifactenvironmentalperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "environmentalperturbation"),
                                name="unique_pertdb_artifactenvironmentalperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordEnvironmentalPerturbation",
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
                                related_name="values_environmental_perturbation",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="pertdb.environmentalperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordenvironmentalperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_recordenvironmentalperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"),
                                name="unique_pertdb_recordenvironmentalperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_pertdb_recordenvironmentalperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunEnvironmentalPerturbation",
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
                                related_name="links_environmental_perturbation",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "environmentalperturbation",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="pertdb.environmentalperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runenvironmentalperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_runenvironmentalperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "environmentalperturbation", "feature"),
                                name="unique_pertdb_runenvironmentalperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "environmentalperturbation"),
                                name="unique_pertdb_runenvironmentalperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="CombinationPerturbation",
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
                            "genetic_perturbations",
                            models.ManyToManyField(
                                related_name="combination_perturbations", to="pertdb.geneticperturbation"
                            ),
                        ),
                        (
                            "compound_perturbations",
                            models.ManyToManyField(
                                related_name="combination_perturbations", to="pertdb.compoundperturbation"
                            ),
                        ),
                        (
                            "environmental_perturbations",
                            models.ManyToManyField(
                                related_name="combination_perturbations", to="pertdb.environmentalperturbation"
                            ),
                        ),
                        (
                            "artifacts",
                            models.ManyToManyField(
                                related_name="combination_perturbations",
                                through="pertdb.ArtifactCombinationPerturbation",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "records",
                            models.ManyToManyField(
                                related_name="combination_perturbations",
                                through="pertdb.RecordCombinationPerturbation",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "runs",
                            models.ManyToManyField(
                                related_name="combination_perturbations",
                                through="pertdb.RunCombinationPerturbation",
                                to="lamindb.run",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_combinationperturbation",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=(models.Model, lamindb.models.can_curate.CanCurate),
                ),
                migrations.CreateModel(
                    name="ArtifactCombinationPerturbation",
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
                                related_name="links_combination_perturbation",
                                to="lamindb.artifact",
                            ),
                        ),
                        (
                            "combinationperturbation",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifact",
                                to="pertdb.combinationperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_artifactcombinationperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_artifactcombinationperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("artifact", "combinationperturbation", "feature"),
                                name="unique_pertdb_artifactcombinationperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("artifact", "combinationperturbation"),
                                name="unique_pertdb_artifactcombinationperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RecordCombinationPerturbation",
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
                                related_name="values_combination_perturbation",
                                to="lamindb.record",
                            ),
                        ),
                        (
                            "value",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_record",
                                to="pertdb.combinationperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_recordcombinationperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_recordcombinationperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "value", "feature"),
                                name="unique_pertdb_recordcombinationperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("record", "value"),
                                name="unique_pertdb_recordcombinationperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
                migrations.CreateModel(
                    name="RunCombinationPerturbation",
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
                                related_name="links_combination_perturbation",
                                to="lamindb.run",
                            ),
                        ),
                        (
                            "combinationperturbation",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_run",
                                to="pertdb.combinationperturbation",
                            ),
                        ),
                        (
                            "feature",
                            lamindb.base.fields.ForeignKey(
                                blank=True,
                                default=None,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_runcombinationperturbation",
                                to="lamindb.feature",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "wetlab_runcombinationperturbation",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "combinationperturbation", "feature"),
                                name="unique_pertdb_runcombinationperturbation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feature__isnull", True)),
                                fields=("run", "combinationperturbation"),
                                name="unique_pertdb_runcombinationperturbation_null_feature",
                            ),
                        ],
                        "indexes": [],
                    },
                    bases=(lamindb.models.sqlrecord.IsLink, models.Model),
                ),
            ],
        ),
    ]
