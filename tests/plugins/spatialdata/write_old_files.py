"""Writes the small store in `old_files/` with an earlier release of spatialdata; run once for each, in an environment of its own.

python3.11 -m venv old && old/bin/pip install "spatialdata==0.2.2" "zarr<2.18" "numcodecs<0.14" "numpy<2" "dask<2024.9" "pandas<2.3" \\
    "anndata<0.11" "ome-zarr<0.10" "xarray<2024.10" "pyarrow<17" "setuptools<80"
old/bin/python tests/plugins/spatialdata/write_old_files.py
"""

import shutil
from importlib.metadata import version
from pathlib import Path

import anndata as ad
import geopandas
import numpy as np
import pandas as pd
from shapely import Point
from spatialdata import SpatialData
from spatialdata.models import Image2DModel, ShapesModel, TableModel

folder = Path(__file__).parent / "old_files"
folder.mkdir(exist_ok=True)
release = ".".join(version("spatialdata").split(".")[:2])
spots = geopandas.GeoDataFrame({"geometry": [Point(n, n) for n in range(4)], "radius": np.ones(4)})
cells = ad.AnnData(
    np.eye(4, 3, dtype=np.float32),
    obs=pd.DataFrame(
        {"region": pd.Categorical(["spots"] * 4), "spot": range(4), "kind": pd.Categorical(["B", "T"] * 2)},
        index=[f"cell{number}" for number in range(4)],
    ),
    var=pd.DataFrame(index=[f"gene{number}" for number in range(3)]),
)
data = SpatialData(
    images={"picture": Image2DModel.parse(np.zeros((1, 8, 8), dtype="uint8"), dims=("c", "y", "x"))},
    shapes={"spots": ShapesModel.parse(spots)},
    tables={"table": TableModel.parse(cells, region="spots", region_key="region", instance_key="spot")},
)
data.write(folder / "store.zarr")
shutil.make_archive(str(folder / f"spatialdata-{release}.zarr"), "zip", folder / "store.zarr")
shutil.rmtree(folder / "store.zarr")
