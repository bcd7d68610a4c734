"""Reading ontology files (OBO, OBO-graph JSON, OWL in RDF/XML) and tables into one table of terms.

The readers are our own: they stream, keep obsolete terms with their replacements, and take files that a full model of an ontology refuses.
`docs/bionty.md` says what was measured against pronto, which `to_pronto()` still gives to those who want a graph.
"""

from bionty.parsing.files import Ontology, Term, opened_ontology, read_ontology, read_table

__all__ = ["Ontology", "Term", "opened_ontology", "read_ontology", "read_table"]
