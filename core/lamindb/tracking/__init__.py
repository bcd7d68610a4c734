"""Runs of scripts, interactive sessions and functions: `ln.track()`, `ln.finish()`, `ln.context`, `ln.flow()`, `ln.step()`.

Nothing here is imported before it is first used.
"""
