"""setup, words, and an import that stays light."""

import random
import string
import subprocess
import sys
import time

import numpy as np
import pytest

import coursekit as ck
from coursekit import words


def run_python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


def test_import_brings_neither_tensorflow_nor_keras_nor_matplotlib():
    result = run_python(
        "import sys, coursekit as ck; ck.setup('en')\n"
        "print([m for m in ('tensorflow', 'keras', 'matplotlib', 'PIL') if m in sys.modules])"
    )
    assert result.stdout.strip() == "[]"


def test_import_adds_little_to_numpy():
    result = run_python(
        "import numpy, time; start = time.perf_counter(); import coursekit\n"
        "print(time.perf_counter() - start)"
    )
    assert float(result.stdout) < 0.2


def test_keras_loads_without_a_line_on_standard_error():
    result = run_python("import coursekit as ck; ck.setup('es'); import keras; keras.ops.ones(1)")
    assert result.stderr == ""


def test_a_failed_import_of_tensorflow_still_raises(tmp_path):
    package = tmp_path / "tensorflow"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('broken on purpose')")
    result = run_python(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import coursekit as ck; ck.setup('es')\n"
        "try:\n    import tensorflow\nexcept ImportError as error:\n    print(error)"
    )
    assert result.stdout.strip() == "broken on purpose"


def test_setup_seeds_python_and_numpy():
    draws = []
    for _ in range(2):
        ck.setup("es", seed=7)
        draws.append((random.random(), np.random.rand()))  # noqa: NPY002
    assert draws[0] == draws[1]
    ck.setup("es", seed=8)
    assert random.random() != draws[0][0]


def test_setup_seeds_keras_where_it_is_imported():
    import keras

    draws = []
    for _ in range(2):
        ck.setup("es", seed=3)
        draws.append(keras.ops.convert_to_numpy(keras.random.normal((4,))))
    assert np.array_equal(*draws)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "0"])
def test_a_bad_seed_is_one_sentence(seed, language):
    with pytest.raises(ValueError, match=r"2\*\*32") as error:
        ck.setup(language, seed=seed)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("wrong", ["fr", "ES", "", None])
def test_an_unknown_language_names_the_known_ones(wrong, language):
    with pytest.raises(ValueError, match=r"'es'.*'en'"):
        ck.setup(wrong)
    assert words.say("epoch") in words.WORDS["epoch"], "the language stays as it was"


def test_every_word_stands_in_both_languages_with_the_same_gaps():
    for key, pair in words.WORDS.items():
        assert len(pair) == 2 and all(pair), key
        spanish, english = (
            sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
            for text in pair
        )
        assert spanish == english, key


def test_no_other_attribute():
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = ck.nothing_like_this


def test_setup_is_quick():
    start = time.perf_counter()
    ck.setup("es")
    assert time.perf_counter() - start < 0.1
