"""Writes the small files in `old_files/` with an earlier release of mudata; run once for each, in an environment of its own.

python3.11 -m venv old && old/bin/pip install "mudata==0.2.3" "anndata<0.10" "numpy<2" "pandas<2.1" "h5py<3.12" "zarr<2.17" "numcodecs<0.14" "scipy<1.12"
old/bin/python tests/plugins/mudata/write_old_files.py
"""

import shutil
from pathlib import Path

import anndata as ad
import mudata as md
import numpy as np
import pandas as pd

folder = Path(__file__).parent / "old_files"
folder.mkdir(exist_ok=True)
version = ".".join(md.__version__.split(".")[:2])
cells = [f"cell{number}" for number in range(6)]
rna = ad.AnnData(
    np.eye(6, 4, dtype=np.float32),
    obs=pd.DataFrame({"n": range(6), "kind": pd.Categorical(["B", "T"] * 3)}, index=cells),
    var=pd.DataFrame(index=[f"gene{number}" for number in range(4)]),
)
protein = ad.AnnData(
    np.ones((5, 2), dtype=np.float32), obs=pd.DataFrame(index=cells[:5]), var=pd.DataFrame(index=["CD3", "CD8"])
)
mdata = md.MuData({"rna": rna, "protein": protein})
mdata.obs["donor"] = pd.Categorical(["d1", "d2"] * 3)
mdata.uns["study"] = {"temperature": 21.6}
mdata.write(folder / f"mudata-{version}.h5mu")
mdata.write_zarr(folder / "store.zarr")
shutil.make_archive(str(folder / f"mudata-{version}.zarr"), "zip", folder / "store.zarr")
shutil.rmtree(folder / "store.zarr")
