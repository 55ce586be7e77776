"""What makers of the course use and learners don't: `python -m tools` lists the commands."""
