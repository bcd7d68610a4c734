"""The tables as they are promised: one line for each field, so that a wrong column makes a test fail.

A line says: name, type (with length), `null` or `required`, `unique`, `index`, Python default (`default=`), database default (`db=`, `now`); for
relations the target, what happens on deletion, the link class (`via`) and, after `<=`, the name of the reverse accessor (`-` for none).
"""

from __future__ import annotations

MIXINS = {
    "@SQLRecord": """
        branch fk Branch PROTECT default=1 db=1 <= -
        created_on fk Branch PROTECT default=1 db=1 <= -
        space fk Space PROTECT default=1 db=1 <= -
        is_locked bool default=False db=False
        _aux json null
    """,
    "@HasType": "is_type bool index default=False db=False",
    "@IsVersioned": """
        version_tag char 30 null index
        is_latest bool index default=True
    """,
    "@TracksCreation": """
        created_at datetime now index
        created_by fk User PROTECT default=current_user_id <= -
    """,
    "@TracksRun": """
        created_at datetime now index
        created_by fk User PROTECT default=current_user_id <= -
        run fk Run PROTECT null default=current_run <= -
    """,
    "@TracksUpdates": "updated_at datetime now index",
    "@Block": """
        id bigint pk
        uid char 20 required unique index
        content text default=
        hash char 22 null index
        kind char 22 index default=readme db=readme
        created_at datetime now index
        created_by fk User PROTECT default=current_user_id <= -
        _status_code smallint index default=0 db=0
        _aux json null
        @IsVersioned
    """,
    "@OnBranch": """
        branch fk Branch PROTECT default=1 db=1 <= -
        created_on fk Branch PROTECT default=1 db=1 <= -
    """,
}

REGISTRIES = {
    "User": """
        id int pk
        uid char 8 required unique index
        handle char 30 required unique index
        name char 150 null index
        created_at datetime now index
        updated_at datetime now index
        linked_in_records m2m Record via RecordUser <= linked_users
        artifacts m2m Artifact via ArtifactUser <= users
    """,
    "Space": """
        id smallint pk
        name char 100 required index
        uid char 12 unique index default=base62_12
        description text null
        created_at datetime now index
        created_by fk User CASCADE null <= -
        unique_lower(name)
    """,
    "Branch": """
        id int pk
        name char 100 required index
        uid char 12 unique index default=base62_12
        space fk Space PROTECT default=1 db=1 <= -
        description text null
        created_at datetime now index
        created_by fk User PROTECT default=current_user_id <= -
        _status_code smallint index default=0 db=0
        _aux json null
        users m2m User via BranchUser <= branches
        ulabels m2m ULabel via BranchULabel <= branches
        projects m2m Project via BranchProject <= branches
        unique_lower(name)
    """,
    "Storage": """
        id int pk
        uid char 12 unique index default=base62_12
        root char 255 required unique index
        description text null
        type char 30 required index
        region char 64 null index
        instance_uid char 12 null index
        @SQLRecord
        @TracksRun
        @TracksUpdates
    """,
    "ULabel": """
        id int pk
        uid char 8 unique index default=base62_8
        name char 150 required index
        type fk ULabel PROTECT null <= ulabels
        description text null
        reference char 255 null index
        reference_type char 25 null index
        parents m2m ULabel <= children
        artifacts m2m Artifact via ArtifactULabel <= ulabels
        linked_in_records m2m Record via RecordULabel <= linked_ulabels
        @SQLRecord
        @HasType
        @TracksRun
        @TracksUpdates
    """,
    "Project": """
        id int pk
        uid char 12 unique index default=base62_12
        name char 255 required index
        description text null
        type fk Project PROTECT null <= projects
        abbr char 32 null index
        url url 255 null
        start_date date null
        end_date date null
        _status_code smallint index default=-3 db=-3
        parents m2m Project <= children
        predecessors m2m Project <= successors
        artifacts m2m Artifact via ArtifactProject <= projects
        transforms m2m Transform via TransformProject <= projects
        runs m2m Run via RunProject <= projects
        ulabels m2m ULabel via ULabelProject <= projects
        features m2m Feature via FeatureProject <= projects
        schemas m2m Schema via SchemaProject <= projects
        collections m2m Collection via CollectionProject <= projects
        records m2m Record via ProjectRecord <= projects
        linked_in_records m2m Record via RecordProject <= linked_projects
        references m2m Reference <= projects
        blocks m2m Block via BlockProject <= projects
        users m2m User via ProjectUser <= projects
        @SQLRecord
        @HasType
        @TracksRun
        @TracksUpdates
    """,
    "Reference": """
        id int pk
        uid char 12 unique index default=base62_12
        name char 255 required index
        description text null
        text text null
        type fk Reference PROTECT null <= references
        abbr char 32 null index
        url url 200 null index
        pubmed_id bigint null index
        doi char 255 null index
        date date null
        artifacts m2m Artifact via ArtifactReference <= references
        transforms m2m Transform via TransformReference <= references
        collections m2m Collection via CollectionReference <= references
        records m2m Record via ReferenceRecord <= references
        linked_in_records m2m Record via RecordReference <= linked_references
        @SQLRecord
        @HasType
        @TracksRun
        @TracksUpdates
    """,
    "JsonValue": """
        id bigint pk
        feature fk Feature CASCADE null <= values
        value json
        hash char 22 null index
        @SQLRecord
        @TracksRun
        unique(hash, feature) +null feature
    """,
    "Artifact": """
        id int pk
        uid char 20 required unique index
        key char 1024 null index
        _real_key char 1024 null index
        description text null
        storage fk Storage PROTECT <= artifacts
        suffix char 30 required index
        kind char 20 null index
        otype char 64 null index
        size bigint null index
        hash char 22 null index
        _hash_type char 30 null index
        n_files bigint null index
        n_observations bigint null index
        run fk Run PROTECT null default=current_run <= output_artifacts
        schema fk Schema PROTECT null <= validated_artifacts
        created_by fk User PROTECT default=current_user_id <= created_artifacts
        created_at datetime now index
        extra_data json null
        _key_is_virtual bool required
        _overwrite_versions bool required
        input_of_runs m2m Run <= input_artifacts
        recreating_runs m2m Run <= recreated_artifacts
        schemas m2m Schema via ArtifactSchema <= artifacts
        json_values m2m JsonValue via ArtifactJsonValue <= artifacts
        artifacts m2m Artifact via ArtifactArtifact <= linked_by_artifacts
        linked_in_records m2m Record via RecordArtifact <= linked_artifacts
        _actions m2m Artifact <= _action_targets
        @SQLRecord
        @IsVersioned
        @TracksUpdates
        unique(storage, key, hash) where key is not null
        unique(storage, hash) where key is null
    """,
    "Collection": """
        id int pk
        uid char 20 unique index default=base62_20
        key char 255 required index
        description text null
        hash char 22 null index
        reference char 255 null index
        reference_type char 25 null index
        run fk Run PROTECT null default=current_run <= output_collections
        created_at datetime now index
        created_by fk User PROTECT default=current_user_id <= -
        meta_artifact o2o Artifact PROTECT null <= _meta_of_collection
        schema fk Schema PROTECT null <= validated_collections
        artifacts m2m Artifact via CollectionArtifact <= collections
        input_of_runs m2m Run <= input_collections
        recreating_runs m2m Run <= recreated_collections
        ulabels m2m ULabel via CollectionULabel <= collections
        linked_in_records m2m Record via RecordCollection <= linked_collections
        _actions m2m Artifact <= -
        @SQLRecord
        @IsVersioned
        @TracksUpdates
        unique(key, hash)
    """,
    "Transform": """
        id int pk
        uid char 16 required unique index
        key char 1024 required index
        description text null
        kind char 20 index default=pipeline
        source_code text null
        hash char 22 null index
        reference char 255 null index
        reference_type char 25 null index
        environment fk Artifact CASCADE null <= _environment_of_transforms
        plan fk Artifact CASCADE null <= _plan_for_transforms
        created_at datetime now index
        created_by fk User PROTECT default=current_user_id <= created_transforms
        run fk Run PROTECT null default=current_run <= output_transforms
        ulabels m2m ULabel via TransformULabel <= transforms
        linked_in_records m2m Record via RecordTransform <= linked_transforms
        predecessors m2m Transform via TransformTransform <= successors
        @SQLRecord
        @IsVersioned
        @TracksUpdates
        unique(key, hash)
    """,
    "Run": """
        id bigint pk
        uid char 20 unique index default=base62_16
        name char 150 null index
        description text null
        transform fk Transform CASCADE <= runs
        entrypoint char 255 null index
        started_at datetime now index
        finished_at datetime null index
        report fk Artifact PROTECT null <= _report_of
        environment fk Artifact PROTECT null <= _environment_of
        plan fk Artifact PROTECT null <= _plan_for_runs
        params json null
        extra_data json null
        reference char 255 null index
        reference_type char 25 null index
        cli_args char 1024 null
        created_at datetime now index
        created_by fk User CASCADE default=current_user_id <= created_runs
        initiated_by_run fk Run CASCADE null <= initiated_runs
        _is_consecutive bool null
        _status_code smallint index default=-3
        json_values m2m JsonValue via RunJsonValue <= runs
        ulabels m2m ULabel via RunULabel <= runs
        linked_artifacts m2m Artifact via RunArtifact <= linked_by_runs
        linked_users m2m User via RunUser <= linked_by_runs
        linked_runs m2m Run via RunRun <= linked_by_runs
        linked_transforms m2m Transform via RunTransform <= linked_by_runs
        linked_collections m2m Collection via RunCollection <= linked_by_runs
        linked_references m2m Reference via RunReference <= linked_by_runs
        artifacts m2m Artifact via ArtifactRun <= runs
        linked_in_records m2m Record via RecordRun <= linked_runs
        @SQLRecord
        @TracksUpdates
    """,
    "Feature": """
        id int pk
        uid char 12 unique index default=base62_12
        name char 150 required index
        _dtype_str char 255 null index
        type fk Feature PROTECT null <= features
        unit char 30 null index
        description text null
        array_rank smallint index default=0
        array_size integer index default=0
        array_shape json null
        synonyms text null
        default_value json null
        nullable bool null
        coerce bool null
        schemas m2m Schema via SchemaFeature <= features
        @SQLRecord
        @HasType
        @TracksRun
        @TracksUpdates
        check(feature_dtype_str_not_null_when_is_type_false)
    """,
    "Schema": """
        id int pk
        uid char 16 required unique index
        name char 150 null index
        description text null
        n_members integer null
        coerce bool null
        flexible bool null
        type fk Schema PROTECT null <= schemas
        itype char 120 null index
        otype char 64 null index
        _dtype_str char 64 null
        hash char 22 null index
        minimal_set bool index default=True
        ordered_set bool index default=False
        maximal_set bool index default=False
        suffix char 30 null
        components m2m Schema via SchemaComponent <= composites
        @SQLRecord
        @HasType
        @TracksRun
        @TracksUpdates
    """,
    "Record": """
        id int pk
        uid char 16 unique index default=base62_16
        name char 150 null index
        type fk Record PROTECT null <= records
        description text null
        reference char 255 null index
        reference_type char 25 null index
        extra_data json null
        schema fk Schema CASCADE null <= records
        run fk Run PROTECT null default=current_run <= output_records
        created_at datetime now index
        created_by fk User PROTECT default=current_user_id <= -
        parents m2m Record <= children
        linked_records m2m Record via RecordRecord <= linked_in_records
        input_of_runs m2m Run <= input_records
        artifacts m2m Artifact via ArtifactRecord <= records
        runs m2m Run via RunRecord <= records
        transforms m2m Transform via TransformRecord <= records
        collections m2m Collection via CollectionRecord <= records
        @SQLRecord
        @HasType
        @TracksUpdates
    """,
    "Block": """
        @Block
        @SQLRecord
        key char 1024 null index
        anchor fk Block PROTECT null <= children
    """,
    **{
        f"{name}Block": f"""
        @Block
        @OnBranch
        {name.lower()} fk {name} CASCADE <= ablocks
    """
        for name in ("Record", "Artifact", "Run", "Schema", "Feature", "Project", "Space", "ULabel")
    },
    "TransformBlock": """
        @Block
        @OnBranch
        transform fk Transform CASCADE null <= ablocks
        line_number integer null
    """,
    "CollectionBlock": """
        @Block
        @OnBranch
        collection fk Collection CASCADE null <= ablocks
    """,
    "BranchBlock": """
        @Block
        branch fk Branch CASCADE <= ablocks
    """,
    "Migration": """
        id bigint pk
        app char 255 required
        name char 255 required
        applied datetime
    """,
}

LINKS = {
    "ArtifactArtifact": """
        id bigint pk
        artifact fk Artifact CASCADE <= links_artifact
        value fk Artifact CASCADE <= links_value
        feature fk Feature PROTECT null <= links_artifactartifact
        @TracksRun
        unique(artifact, value, feature) +null feature
    """,
    "ArtifactJsonValue": """
        id bigint pk
        artifact fk Artifact CASCADE <= links_jsonvalue
        jsonvalue fk JsonValue PROTECT <= links_artifact
        @TracksRun
        unique(artifact, jsonvalue)
    """,
    "ArtifactProject": """
        id bigint pk
        artifact fk Artifact CASCADE <= links_project
        project fk Project PROTECT <= links_artifact
        feature fk Feature PROTECT null <= links_artifactproject
        @TracksRun
        unique(artifact, project, feature) +null feature
    """,
    "ArtifactRecord": """
        id bigint pk
        artifact fk Artifact CASCADE <= links_record
        record fk Record PROTECT <= links_artifact
        feature fk Feature PROTECT null <= links_artifactrecord
        @TracksRun
        unique(artifact, record, feature) +null feature
    """,
    "ArtifactReference": """
        id bigint pk
        artifact fk Artifact CASCADE <= links_reference
        reference fk Reference PROTECT <= links_artifact
        feature fk Feature PROTECT null <= links_artifactreference
        @TracksRun
        unique(artifact, reference, feature) +null feature
    """,
    "ArtifactRun": """
        id bigint pk
        artifact fk Artifact CASCADE <= links_run
        run fk Run CASCADE <= links_artifact
        feature fk Feature PROTECT null <= links_artifactrun
        @TracksCreation
        unique(artifact, run, feature) +null feature
    """,
    "ArtifactSchema": """
        id bigint pk
        artifact fk Artifact CASCADE <= _links_schema
        schema fk Schema PROTECT <= _links_artifact
        slot char 255 null
        feature_ref_is_semantic bool null
        @TracksRun
        unique(artifact, slot, schema) +null slot
        unique(artifact, slot)
    """,
    "ArtifactULabel": """
        id bigint pk
        artifact fk Artifact CASCADE <= links_ulabel
        ulabel fk ULabel PROTECT <= links_artifact
        feature fk Feature PROTECT null <= links_artifactulabel
        @TracksRun
        unique(artifact, ulabel, feature) +null feature
    """,
    "ArtifactUser": """
        id bigint pk
        artifact fk Artifact CASCADE <= links_user
        user fk User PROTECT <= links_artifact
        feature fk Feature PROTECT null <= links_artifactuser
        @TracksRun
        unique(artifact, user, feature) +null feature
    """,
    "BlockProject": """
        id bigint pk
        block fk Block CASCADE <= links_project
        project fk Project PROTECT <= links_block
        @TracksRun
        unique(block, project)
    """,
    "BranchProject": """
        id bigint pk
        branch fk Branch CASCADE <= links_project
        project fk Project PROTECT <= links_branch
        unique(branch, project)
    """,
    "BranchULabel": """
        id bigint pk
        branch fk Branch CASCADE <= links_ulabel
        ulabel fk ULabel PROTECT <= links_branch
        unique(branch, ulabel)
    """,
    "BranchUser": """
        id bigint pk
        branch fk Branch CASCADE <= links_user
        user fk User PROTECT <= links_branch
        role char 32 required
        unique(branch, user, role)
    """,
    "CollectionArtifact": """
        id bigint pk
        collection fk Collection CASCADE <= links_artifact
        artifact fk Artifact PROTECT <= links_collection
        @TracksRun
        unique(collection, artifact)
    """,
    "CollectionProject": """
        id bigint pk
        collection fk Collection CASCADE <= links_project
        project fk Project PROTECT <= links_collection
        @TracksRun
        unique(collection, project)
    """,
    "CollectionRecord": """
        id bigint pk
        collection fk Collection CASCADE <= links_record
        record fk Record PROTECT <= links_collection
        feature fk Feature PROTECT null <= links_collectionrecord
        @TracksRun
        unique(collection, record, feature) +null feature
    """,
    "CollectionReference": """
        id bigint pk
        collection fk Collection CASCADE <= links_reference
        reference fk Reference PROTECT <= links_collection
        @TracksRun
        unique(collection, reference)
    """,
    "CollectionULabel": """
        id bigint pk
        collection fk Collection CASCADE <= links_ulabel
        ulabel fk ULabel PROTECT <= links_collection
        feature fk Feature PROTECT null <= links_collectionulabel
        @TracksRun
        unique(collection, ulabel)
    """,
    "FeatureProject": """
        id bigint pk
        feature fk Feature CASCADE <= links_project
        project fk Project PROTECT <= links_feature
        @TracksRun
        unique(feature, project)
    """,
    "ProjectRecord": """
        id bigint pk
        project fk Project PROTECT <= links_record
        feature fk Feature PROTECT null <= links_projectrecord
        record fk Record CASCADE <= links_project
        @TracksRun
        unique(project, feature, record) +null feature
    """,
    "ProjectUser": """
        id bigint pk
        project fk Project CASCADE <= links_user
        user fk User PROTECT <= links_project
        role char 32 required
        unique(project, user, role)
    """,
    "RecordArtifact": """
        id bigint pk
        record fk Record CASCADE <= values_artifact
        feature fk Feature PROTECT <= links_recordartifact
        value fk Artifact PROTECT <= links_in_record
        unique(record, feature, value)
    """,
    "RecordCollection": """
        id bigint pk
        record fk Record CASCADE <= values_collection
        feature fk Feature PROTECT <= links_recordcollection
        value fk Collection PROTECT <= links_in_record
        unique(record, feature, value)
    """,
    "RecordJson": """
        id bigint pk
        record fk Record CASCADE <= values_json
        feature fk Feature PROTECT <= links_recordjson
        value json null
        unique(record, feature)
    """,
    "RecordProject": """
        id bigint pk
        record fk Record CASCADE <= values_project
        feature fk Feature PROTECT <= links_recordproject
        value fk Project PROTECT <= links_in_record
        unique(record, feature, value)
    """,
    "RecordRecord": """
        id bigint pk
        record fk Record CASCADE <= values_record
        feature fk Feature PROTECT <= links_recordrecord
        value fk Record PROTECT <= links_record
        unique(record, feature, value)
    """,
    "RecordReference": """
        id bigint pk
        record fk Record CASCADE <= values_reference
        feature fk Feature PROTECT <= links_recordreference
        value fk Reference PROTECT <= links_in_record
        unique(record, feature, value)
    """,
    "RecordRun": """
        id bigint pk
        record fk Record CASCADE <= values_run
        feature fk Feature PROTECT <= links_recordrun
        value fk Run PROTECT <= links_in_record
        unique(record, feature, value)
    """,
    "RecordTransform": """
        id bigint pk
        record fk Record CASCADE <= values_transform
        feature fk Feature PROTECT <= links_recordtransform
        value fk Transform PROTECT <= links_in_record
        unique(record, feature, value)
    """,
    "RecordULabel": """
        id bigint pk
        record fk Record CASCADE <= values_ulabel
        feature fk Feature PROTECT <= links_recordulabel
        value fk ULabel PROTECT <= links_record
        unique(record, feature, value)
    """,
    "RecordUser": """
        id bigint pk
        record fk Record CASCADE <= values_user
        feature fk Feature PROTECT <= links_recorduser
        value fk User PROTECT <= links_record
        unique(record, feature, value)
    """,
    "ReferenceRecord": """
        id bigint pk
        reference fk Reference PROTECT <= links_record
        feature fk Feature PROTECT null <= links_referencerecord
        record fk Record CASCADE <= links_reference
        @TracksRun
        unique(reference, feature, record) +null feature
    """,
    "RunArtifact": """
        id bigint pk
        run fk Run CASCADE <= values_artifact
        artifact fk Artifact PROTECT <= links_in_run
        feature fk Feature PROTECT null <= links_runartifact
        unique(run, artifact, feature) +null feature
    """,
    "RunCollection": """
        id bigint pk
        run fk Run CASCADE <= values_collection
        feature fk Feature PROTECT <= links_runcollection
        value fk Collection PROTECT <= links_in_run
        @TracksCreation
        unique(run, feature, value)
    """,
    "RunJsonValue": """
        id bigint pk
        run fk Run CASCADE <= links_jsonvalue
        jsonvalue fk JsonValue PROTECT <= links_run
        @TracksCreation
        unique(run, jsonvalue)
    """,
    "RunProject": """
        id bigint pk
        run fk Run CASCADE <= links_project
        project fk Project PROTECT <= links_run
        feature fk Feature PROTECT null <= links_runproject
        @TracksCreation
        unique(run, project, feature) +null feature
    """,
    "RunRecord": """
        id bigint pk
        run fk Run CASCADE <= links_record
        record fk Record PROTECT <= links_run
        feature fk Feature PROTECT null <= links_runrecord
        @TracksCreation
        unique(run, record, feature) +null feature
    """,
    "RunReference": """
        id bigint pk
        run fk Run CASCADE <= values_reference
        feature fk Feature PROTECT <= links_runreference
        value fk Reference PROTECT <= links_in_run
        @TracksCreation
        unique(run, feature, value)
    """,
    "RunRun": """
        id bigint pk
        run fk Run CASCADE <= values_run
        feature fk Feature PROTECT <= links_runrun
        value fk Run PROTECT <= links_in_run
        @TracksCreation
        unique(run, feature, value)
    """,
    "RunTransform": """
        id bigint pk
        run fk Run CASCADE <= values_transform
        feature fk Feature PROTECT <= links_runtransform
        value fk Transform PROTECT <= links_in_run
        @TracksCreation
        unique(run, feature, value)
    """,
    "RunULabel": """
        id bigint pk
        run fk Run CASCADE <= links_ulabel
        ulabel fk ULabel PROTECT <= links_run
        feature fk Feature PROTECT null <= links_runulabel
        @TracksCreation
        unique(run, ulabel, feature) +null feature
    """,
    "RunUser": """
        id bigint pk
        run fk Run CASCADE <= values_user
        feature fk Feature PROTECT <= links_runuser
        value fk User PROTECT <= links_in_run
        @TracksCreation
        unique(run, feature, value)
    """,
    "SchemaComponent": """
        id bigint pk
        composite fk Schema CASCADE <= links_component
        component fk Schema PROTECT <= links_composite
        slot char 255 null
        @TracksRun
        unique(composite, slot, component) +null slot
        unique(composite, slot)
    """,
    "SchemaFeature": """
        id bigint pk
        schema fk Schema CASCADE <= links_feature
        feature fk Feature PROTECT <= links_schema
        unique(schema, feature)
    """,
    "SchemaProject": """
        id bigint pk
        schema fk Schema CASCADE <= links_project
        project fk Project PROTECT <= links_schema
        @TracksRun
        unique(schema, project)
    """,
    "TransformProject": """
        id bigint pk
        transform fk Transform CASCADE <= links_project
        project fk Project PROTECT <= links_transform
        @TracksRun
        unique(transform, project)
    """,
    "TransformRecord": """
        id bigint pk
        transform fk Transform CASCADE <= links_record
        record fk Record PROTECT <= links_transform
        feature fk Feature PROTECT null <= links_transformrecord
        @TracksRun
        unique(transform, record, feature) +null feature
    """,
    "TransformReference": """
        id bigint pk
        transform fk Transform CASCADE <= links_reference
        reference fk Reference PROTECT <= links_transform
        @TracksRun
        unique(transform, reference)
    """,
    "TransformTransform": """
        id bigint pk
        successor fk Transform CASCADE <= links_predecessor
        predecessor fk Transform CASCADE <= links_successor
        config json null
        @TracksRun
        unique(successor, predecessor)
    """,
    "TransformULabel": """
        id bigint pk
        transform fk Transform CASCADE <= links_ulabel
        ulabel fk ULabel PROTECT <= links_transform
        @TracksRun
        unique(transform, ulabel)
    """,
    "ULabelProject": """
        id bigint pk
        ulabel fk ULabel CASCADE <= links_project
        project fk Project PROTECT <= links_ulabel
        @TracksRun
        unique(ulabel, project)
    """,
}
