"""Graphs of where data comes from, and of hierarchies."""
