"""A network that tells a thousand kinds of thing apart, and their names in two languages."""

from coursekit import data, words


def network():
    """Return the whole of MobileNetV2, trained on ImageNet (Sandler et al., 2018).

    Returns:
        keras.Model: from RGB pictures `(count, rows, columns, 3)` of any size, in [0, 1], to
        logits `(count, 1000)`. Its weights, float16 in the file, are float32 in use. Its
        layers, by name, give what it computes on the way: `"average"`, 1280 features.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.
    """
    import keras  # only who asks for the network waits for Keras

    name = "mobilenet_v2_whole.keras"
    data._bytes(name)  # verified first
    loaded = keras.models.load_model(data.FOLDER / name, compile=False)
    # Keras 3.8 wrote lists of one input and one output, of which newer ones warn.
    return keras.Model(loaded.inputs[0], loaded.outputs[0], name=loaded.name)


def names():
    """Return the names of the 1000 classes, list of str in the notebook's language.

    Raises:
        FileNotFoundError: if the file is missing.
        ValueError: if the file is not the original.
    """
    column = ("en", "es").index(words._language)
    lines = data._bytes("classes.tsv").decode("utf-8").splitlines()
    return [line.split("\t")[column] for line in lines]
