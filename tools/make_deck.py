"""Makes what slides need beside the lesson, tools/deck/libraries.zip: `python -m tools.make_deck`.

reveal.js and KaTeX come from npm (needs its client and a network). KaTeX's fonts go into its style
sheet, so that a deck is one file.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from tools.slides import LIBRARIES

PACKAGES = ("reveal.js@5.2.1", "katex@0.16.22")
# What is taken of each package, and its name in the archive, in the order in which a page needs it.
TAKEN = {
    "reveal.js": {"dist/reveal.css": "reveal.css", "dist/reveal.js": "reveal.js"},
    "katex": {"dist/katex.min.css": "katex.css", "dist/katex.min.js": "katex.js"},
}


def unpack(package):
    """Return the files of a package of npm: path: bytes."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            files = [member for member in archive if member.isfile()]
            found = {m.name.partition("/")[2]: archive.extractfile(m).read() for m in files}
    if json.loads(found["package.json"])["license"] != "MIT":
        sys.exit(f"{package} has another licence now.")
    return found


def with_fonts(css, files):
    """Return a style sheet whose fonts stand in it, each in one format."""

    def inside(face):
        name = re.search(r"url\(([\w/.-]+\.woff2)\)", face[0])[1]
        font = base64.b64encode(files[f"dist/{name}"]).decode()
        source = f'src:url(data:font/woff2;base64,{font}) format("woff2")'
        return re.sub(r"src:[^;}]*", lambda _: source, face[0])

    return re.sub(r"@font-face\{[^}]*\}", inside, css.decode()).encode()


def main():
    with zipfile.ZipFile(LIBRARIES, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in PACKAGES:
            name, files = package.partition("@")[0], unpack(package)
            taken = {target: files[path] for path, target in TAKEN[name].items()}
            if name == "katex":
                taken["katex.css"] = with_fonts(taken["katex.css"], files)
            for target, content in {**taken, f"LICENSE.{name}.txt": files["LICENSE"]}.items():
                archive.writestr(zipfile.ZipInfo(target), content, zipfile.ZIP_DEFLATED, 9)
    content = LIBRARIES.read_bytes()
    print(f"{len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
