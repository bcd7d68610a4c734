"""The command line: every command reads its arguments, calls the API and prints. Nothing below imports this room."""
