"""Artifacts in storage: from data to record (ingest), from record to stored bytes (storing), back to data (reading), and deletion."""
