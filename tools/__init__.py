"""What makers of the course use and learners don't: `python -m tools` lists the commands."""

import sys

# jsonschema, which nbformat imports, would compile 38 grammars of web addresses first: 5 seconds.
sys.modules.setdefault("rfc3987_syntax", None)
