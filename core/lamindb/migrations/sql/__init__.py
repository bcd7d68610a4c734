"""SQL that migrations run: triggers and other rules that Django's models can't express, one module a version."""
