"""Ground floor: field types, uids, context, logging and the look-up of registries. Nothing here imports a higher room."""
