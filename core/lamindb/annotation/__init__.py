"""Labels, feature values, synonyms, and the validation of values against registries."""
