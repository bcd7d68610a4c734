"""What registries and records look like as text: `repr` and `describe`."""
