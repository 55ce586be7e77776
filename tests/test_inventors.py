"""The networks of lesson 08 that were trained beforehand: they fit its code, which trains them."""

import numpy as np
import pytest

from coursekit import data, faces
from tools import train_inventors


@pytest.fixture(scope="module")
def lesson():
    pytest.importorskip("keras")
    return train_inventors.functions()


def test_the_lesson_lends_its_functions_and_nothing_that_it_computes(lesson):
    assert {"train_three", "new_vae", "new_diffusion", "CalmGame", "COUNT", "BATCH"} <= set(lesson)
    assert not {"x_train", "gan", "classifier", "by_gan"} & set(lesson)


def test_the_stored_weights_fit_the_networks_of_the_lesson(lesson):
    stored = faces.inventors()
    assert set(stored) == {
        (name, seed) for name in ("GAN", "VAE", "diffusion") for seed in train_inventors.SEEDS
    }
    makers = {"GAN": "new_generator", "VAE": "new_generator", "diffusion": "new_cleaner"}
    for name, maker in makers.items():
        network = lesson[maker]()
        for seed in train_inventors.SEEDS:
            arrays = stored[name, seed]
            assert all(array.dtype == np.float32 for array in arrays)
            network.set_weights(arrays)  # refuses another number or another shape
    assert not np.array_equal(stored["GAN", 1][0], stored["GAN", 2][0])


def test_packing_keeps_the_names_and_the_order_of_the_arrays(tmp_path, monkeypatch):
    wanted = [np.full(i + 1, i, np.float32) for i in range(12)]
    (tmp_path / "inventors.npz").write_bytes(train_inventors.packed({("VAE", 2): wanted}))
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    monkeypatch.setattr(data, "verified", {"inventors.npz"})
    found = faces.inventors()["VAE", 2]
    assert len(found) == 12
    assert all(np.array_equal(one, other) for one, other in zip(found, wanted, strict=True))


def test_the_recipe_trains_all_three_again(lesson, monkeypatch):
    monkeypatch.setenv("COURSEKIT_LIVE", "0")
    monkeypatch.setitem(lesson, "COUNT", 320)
    monkeypatch.setitem(lesson, "EPOCHS", 1)
    weights = train_inventors.trained(lesson, seed=5)
    stored = faces.inventors()
    for name, arrays in weights.items():
        assert [a.shape for a in arrays] == [a.shape for a in stored[name, 1]]
        assert all(np.isfinite(array).all() for array in arrays)
