"""setup, words, and an import that stays light."""

import os
import random
import string
import subprocess
import sys
import time
from importlib import metadata

import numpy as np
import pytest

import coursekit as ck
from coursekit import words


def run_python(code, **options):
    options = {"text": True} | options
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, **options)


def test_setup_brings_neither_tensorflow_nor_keras_nor_pyplot():
    result = run_python(
        "import sys, coursekit as ck; ck.setup('en')\n"
        "print([m for m in ('tensorflow', 'keras', 'matplotlib.pyplot') if m in sys.modules])"
    )
    assert result.stdout.strip() == "[]"


def test_import_adds_little_to_numpy():
    result = run_python(
        "import numpy, time; start = time.perf_counter(); import coursekit\n"
        "print(time.perf_counter() - start)"
    )
    assert float(result.stdout) < 0.2


FAKE = "import os; os.write(1, b'to say;'); os.write(2, b'to hide;')"


def test_only_what_tensorflow_writes_while_it_loads_is_silenced(tmp_path):
    (tmp_path / "tensorflow.py").write_text(FAKE)
    (tmp_path / "other.py").write_text(FAKE)
    result = run_python(
        f"import os, sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import coursekit as ck; ck.setup('es'); ck.setup('es')\n"
        "import tensorflow; os.write(2, b'heard;'); import other\n"
        "print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    )
    assert result.stdout == "to say;to say;3\n" and result.stderr == "heard;to hide;"


def test_tensorflow_may_be_absent():
    result = run_python(
        "import sys, coursekit as ck; ck.setup('es')\n"
        "sys.path[:] = []\n"
        "try:\n    import tensorflow\nexcept ModuleNotFoundError as error:\n    print(error)"
    )
    assert result.stdout.strip() == "No module named 'tensorflow'"


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


def test_a_stray_folder_called_tensorflow_breaks_no_import(tmp_path):
    (tmp_path / "tensorflow").mkdir()
    result = run_python(
        "import sys, coursekit as ck; ck.setup('es')\n"
        f"sys.path[:] = [{str(tmp_path)!r}]\n"
        "import tensorflow; print(tensorflow.__path__)"
    )
    assert str(tmp_path) in result.stdout


def test_setup_seeds_python_and_numpy():
    for options, seed in (({}, 0), ({"seed": 7}, 7), ({"seed": 2**32 - 1}, 2**32 - 1)):
        ck.setup("es", **options)
        assert random.random() == random.Random(seed).random()
        assert np.random.rand() == np.random.RandomState(seed).rand()  # noqa: NPY002


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "0"])
def test_a_bad_seed_is_one_sentence(seed, language):
    with pytest.raises(ValueError) as error:
        ck.setup(language, seed=seed)
    assert str(error.value) == words.say("bad_seed", seed=repr(seed))


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


@pytest.mark.parametrize(
    ("encoding", "lines"),
    [
        ("utf-8", ["✔ α: 12 (límite ≥ 0, ≤ 57\u202f818)", "☐ Aún no: ", "☑ ¡Correcto!"]),
        ("latin-1", ["+ ?: 12 (límite >= 0, <= 57 818)", "[ ] Aún no: ", "[x] ¡Correcto!"]),
        ("ascii", ["+ ?: 12 (l?mite >= 0, <= 57 818)", "[ ] A?n no: ", "[x] ?Correcto!"]),
    ],
)
def test_a_terminal_needs_no_unicode(encoding, lines):
    result = run_python(
        "import coursekit as ck; ck.setup('es')\n"
        "ck.claim(chr(945), 12, at_least=0, at_most=57818)\n"
        "ck.check(..., 1, ''); ck.check(1, 1, '')",
        text=False,
        env=os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding},
    )
    found = result.stdout.decode(encoding).splitlines()
    assert len(found) == 3 and all(map(str.startswith, found, lines)), found


def test_no_other_attribute():
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = ck.nothing_like_this


def test_setup_is_quick_the_second_time():
    ck.setup("es")
    start = time.perf_counter()
    ck.setup("es")
    assert time.perf_counter() - start < 0.1


def test_the_style_comes_with_setup_and_not_with_an_import():
    result = run_python(
        "import matplotlib\n"
        "sizes = [matplotlib.rcParams['font.size']]\n"
        "import coursekit.plots, coursekit.diagrams\n"
        "sizes += [matplotlib.rcParams['font.size']]\n"
        "coursekit.setup('en')\n"
        "print(*sizes, matplotlib.rcParams['font.size'])"
    )
    assert result.stdout.split() == ["10.0", "10.0", "15.0"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9999, "9999"),
        (10000, "10\u202f000"),
        (57818, "57\u202f818"),
        (-1234567, "-1\u202f234\u202f567"),
    ],
)
def test_large_numbers_are_grouped(value, text):
    assert ck.number(value) == text


# What waits for Keras comes last.


def test_setup_seeds_keras_where_it_is_imported():
    import keras

    draws = []
    for _ in range(2):
        ck.setup("es", seed=3)
        draws.append(keras.ops.convert_to_numpy(keras.random.normal((4,))))
    assert np.array_equal(*draws)


def test_keras_loads_without_a_line_on_standard_error():
    result = run_python("import coursekit as ck; ck.setup('es'); import keras; keras.ops.ones(1)")
    assert result.stderr == ""


@pytest.mark.parametrize("before", ["enable", "disable"])
def test_garbage_collection_passes_over_tensorflow(before):
    result = run_python(
        f"import gc; gc.{before}(); import coursekit as ck; ck.setup()\n"
        "import tensorflow\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 10 * len(gc.get_objects()))"
    )
    assert result.stdout.split() == [str(before == "enable"), "True"]


def test_fit_does_not_wait_when_an_epoch_ends():
    """On one busy core, tf.data's tuning thread makes each epoch half as long again."""
    result = run_python(
        "import coursekit as ck; ck.setup()\n"
        "import tensorflow as tf; ck.setup()\n"
        "from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter\n"
        "import numpy as np\n"
        "data = ArrayDataAdapter(np.zeros((8, 1)), batch_size=4).get_tf_dataset()\n"
        "print(data.options().autotune.enabled)\n"
        "print(data.options().experimental_distribute.auto_shard_policy.name)\n"
    )
    off, policy = result.stdout.split()
    assert off == "False"
    assert policy == "DATA"  # what Keras sets stays


def test_data_of_the_students_own_is_left_alone():
    result = run_python(
        "import coursekit as ck; ck.setup(); import pickle, tensorflow as tf\n"
        "data = tf.data.Dataset.range(2).with_options(tf.data.Options())\n"
        "tf.data.Options().merge(data.options()); pickle.dumps(tf.data.Options())\n"
        "print(type(data.options()) is tf.data.Options, data.options().autotune.enabled)"
    )
    assert result.stdout.split() == ["True", "None"]


def test_fetching_data_is_not_optimized_again_for_each_epoch():
    """Without this, to begin an epoch takes three times as long."""
    result = run_python(
        "import coursekit as ck; ck.setup()\n"
        "import tensorflow as tf\n"
        "print(tf.config.optimizer.get_experimental_options()['min_graph_nodes'])"
    )
    assert int(result.stdout) >= 30


@pytest.mark.parametrize(
    "chosen", [{"min_graph_nodes": 5, "remapping": True}, {"min_graph_nodes": 0}]
)
def test_an_option_that_was_set_before_stays(chosen):
    result = run_python(
        "import tensorflow as tf, coursekit as ck\n"
        f"chosen = {chosen}; tf.config.optimizer.set_experimental_options(chosen)\n"
        "tf.__version__ = '2.19.0'; ck.setup()\n"
        "options = tf.config.optimizer.get_experimental_options()  # leaves out a zero\n"
        "print(all(options.get(name, 0) == value for name, value in chosen.items()))"
    )
    assert result.stdout.split() == ["True"]


@pytest.mark.parametrize("before", ["", "import tensorflow; "])
def test_no_device_is_looked_for(before):
    """What is visible, and how much memory it takes, may still be chosen."""
    result = run_python(
        f"{before}import coursekit as ck; ck.setup(); import tensorflow\n"
        "from tensorflow.python.eager import context\n"
        "print(context.context()._physical_devices)"
    )
    assert result.stdout.split() == ["None"]


@pytest.mark.parametrize(("version", "remapping"), [("2.19.1", "False"), ("2.21.0", "None")])
def test_an_old_remapper_writes_nothing(version, remapping):
    installed = [int(part) for part in metadata.version("tensorflow").split(".")[:2]]
    if remapping == "None" and installed < [2, 21]:
        pytest.skip("turned off while this TensorFlow loads")
    result = run_python(
        "import coursekit as ck; ck.setup()\n"
        f"import tensorflow as tf; tf.__version__ = '{version}'; ck.setup()\n"
        "print(tf.config.optimizer.get_experimental_options().get('remapping'))"
    )
    assert result.stdout.split() == [remapping]
