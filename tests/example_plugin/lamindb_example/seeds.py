"""Records that every new instance with this module has."""


def create_control(instance) -> None:
    from lamindb_example.models import Treatment

    Treatment(name="control", dose=0.0).save()
