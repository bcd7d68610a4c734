"""Reading and writing of plain data formats. Which module reads which suffix is declared in `lamindb.plugins.default_formats`."""
