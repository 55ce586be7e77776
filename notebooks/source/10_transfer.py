# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Aprendizaje por transferencia: un clasificador propio"
#       en: "Transfer learning: a classifier of your own"
#     limits: {seconds: 60, cell_seconds: 20, memory_mb: 1400}
#     data: [astronaut.jpg, chelsea.jpg, classes.tsv, coffee.jpg, drawings.zip, mobilenet_v2_whole.keras, rocket.jpg]
#     needs: [cnn_mnist]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - reconocer mil clases de cosas con una red grande que entrenó otra persona, y saber dónde no vale;
# - aprovechar lo que esa red sabe para distinguir *tus* clases con unas decenas de imágenes de cada una;
# - medir qué añade cada paso (congelar, aumentar, descongelar), con su control y en varios repartos;
# - ver en qué se fija un clasificador, y descubrir cuándo aprendió lo que no debía;
# - convertir una carpeta con tus fotos en un clasificador, en tres celdas, y guardarlo en un archivo.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos; leerla y resolverla, unas 2 horas y
# media. En una clase de una hora: sin «Por dentro» ni «¿Cuántas imágenes hacen falta?»; esas celdas se ejecutan sin
# detenerse. **Necesitas**: Python y la [[cnn_mnist]].

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - recognise a thousand kinds of thing with a large network that somebody else trained, and know where it fails;
# - use what that network knows to tell *your* classes apart with some tens of pictures of each;
# - measure what each step adds (freezing, augmenting, thawing), with its control and over several splits;
# - see what a classifier looks at, and find out when it learnt what it should not have;
# - turn a folder of your own photos into a classifier, in three cells, and save it in one file.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores; reading and solving it, about 2 and a half
# hours. In a class of one hour: without "Inside" and "How many pictures does it take?"; those cells are run without
# stopping. **You need**: Python and [[cnn_mnist]].

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %%
figure, axis = ck.diagrams.canvas(16, 5.4)
rows = _(
    "un millón\nde fotos|cuerpo: ve\nformas y texturas|cabeza:\n1000 clases|tus\nimágenes|el mismo cuerpo,\ncongelado|cabeza nueva:\ntus clases",
    "a million\nphotos|body: sees\nshapes and textures|head:\n1000 classes|your\npictures|the same body,\nfrozen|new head:\nyour classes",
).split("|")
colours = [ck.plots.GREY] * 3 + [ck.plots.ORANGE, ck.plots.GREY, ck.plots.ORANGE]
for place, (text, colour) in enumerate(zip(rows, colours, strict=True)):
    across, up = 2.4 + 5.6 * (place % 3), 4.2 - 3 * (place // 3)
    ck.diagrams.box(axis, across, up, text, width=4.2, height=1.6, colour=colour)
    if place % 3:
        ck.diagrams.arrow(axis, (across - 3.5, up), (across - 2.1, up))
ck.diagrams.arrow(axis, (8, 3.4), (8, 2), colour=ck.plots.ORANGE)
axis.text(8.3, 2.7, _("se copia", "is copied"), va="center")
alt = _(
    "Arriba, un millón de fotos entrenan un cuerpo y una cabeza de 1000 clases. Abajo, tus imágenes pasan por una copia congelada del cuerpo y solo se entrena una cabeza nueva.",
    "Above, a million photos train a body and a head of 1000 classes. Below, your pictures pass through a frozen copy of the body, and only a new head is trained.",
)
ck.plots.show(figure, alt)

# %% [markdown] lang="es"
# ## Una red que ya sabe mirar
#
# **ImageNet** (Russakovsky et al., 2015) es una colección de más de un millón de fotos, cada una con una de 1000
# clases. **MobileNetV2** (Sandler et al., 2018) se entrenó con ella durante días. Viene con el curso, entera, con un
# nombre en español para cada clase. De la [[cnn_mnist]] conoces todas sus piezas; lo nuevo es que sus pesos ya están
# puestos.

# %% [markdown] lang="en"
# ## A network that can already see
#
# **ImageNet** (Russakovsky et al., 2015) is a collection of over a million photos, each of one of 1000 classes.
# **MobileNetV2** (Sandler et al., 2018) was trained on it for days. It comes with the course, whole, with a name for
# each class. From [[cnn_mnist]] you know all of its parts; what is new is that its weights are in place already.

# %%
import keras
import numpy as np
from keras import layers, ops

network = ck.imagenet.network()
names = ck.imagenet.names()
print(ck.number(network.count_params()), len(names))


# %%
def five_best(picture):
    logits = ops.convert_to_numpy(network(picture[None]))[0]
    shares = np.exp(logits - logits.max())
    shares = shares / shares.sum()
    best = np.argsort(-shares)[:5]
    return [names[place] for place in best], shares[best]


# %% [markdown] lang="es"
# La red recibe una imagen y da 1000 números, los **logits**; softmax los convierte en probabilidades. `five_best`
# devuelve los nombres de las cinco mayores. (`picture[None]` hace de la imagen un lote de una.) Probemos con las fotos
# del curso; el código del dibujo está plegado.

# %% [markdown] lang="en"
# The network takes a picture and gives 1000 numbers, the **logits**; softmax turns them into probabilities.
# `five_best` returns the names of the five largest. (`picture[None]` turns the picture into a batch of one.) Let us try
# it on the photos of the course; the code of the drawing is folded.

# %%
photos = {name: ck.data.photo(name) for name in ("chelsea", "coffee", "astronaut", "rocket")}
answers = {name: five_best(photo) for name, photo in photos.items()}
print([called[0] for called, shares in answers.values()])

# %%
import matplotlib.pyplot as plt

figure, axes = plt.subplots(4, 2, figsize=(10, 9), width_ratios=[1, 2])
for (left, right), name in zip(axes, photos, strict=True):
    called, shares = answers[name]
    left.imshow(photos[name])
    left.axis("off")
    right.barh(range(5), shares, color=ck.plots.BLUE)
    right.set(xlim=(0, 1), ylim=(4.6, -0.6))
    right.set_yticks(range(5), called, fontsize=13)
    right.grid(axis="y", visible=False)
axes[-1, 1].set_xlabel(_("probabilidad", "probability"))
alt = _(
    "Cuatro fotos y sus cinco clases más probables en barras.",
    "Four photos and their five most probable classes as bars.",
)
ck.plots.show(figure, alt, jpeg=True)

# %% [markdown] lang="es"
# El café, bien. La gata es una gata, y la red se reparte entre tres clases de gatos: la raza, a Chelsea nadie se la
# preguntó. La astronauta y el cohete, mal: ninguna de las 1000 clases es «persona», y una red que termina en softmax tiene
# que repartir toda su probabilidad entre las que hay. «Misil» y «transbordador espacial» sí están, pero la red ve una
# plataforma petrolera o una grúa, y hay torres de celosía en la foto. Para distinguir lo que *nosotros* queremos, hace
# falta otra cabeza.

# %% [markdown] lang="en"
# The coffee, right. The cat is a cat, and the network shares it out among three classes of cats: nobody asked Chelsea for
# her breed. The astronaut and the rocket, wrong: none of the 1000 classes is "person", and a network that ends in softmax
# has to share all its probability among those that there are. "Missile" and "space shuttle" are among them, but the
# network sees a drilling platform or a crane, and there are lattice towers in the photo. To tell apart what *we* want, it
# takes another head.

# %% [markdown] lang="es"
# ## Por dentro: grande sin ser enorme
#
# ¿Cómo se hace una red profunda que no cueste demasiado? Una convolución de 5 × 5 que lleva de 192 canales a 256
# tiene $5 \cdot 5 \cdot 192 \cdot 256$ pesos, más de un millón, y es una sola capa. El módulo de **Inception v3**
# (Szegedy et al., 2016) mira con varios tamaños de ventana a la vez, y antes de cada ventana grande reduce los canales
# con una convolución de 1 × 1, que mezcla canales y no mira alrededor. Dibujémoslo y contemos.

# %% [markdown] lang="en"
# ## Inside: large without being huge
#
# How does one make a deep network that does not cost too much? A 5 × 5 convolution that leads from 192 channels to 256
# has $5 \cdot 5 \cdot 192 \cdot 256$ weights, over a million, and is a single layer. The module of **Inception v3**
# (Szegedy et al., 2016) looks through windows of several sizes at once, and before each large window it reduces the
# channels with a 1 × 1 convolution, which mixes channels and does not look around. Let us draw it and count.


# %%
def draw_branch(axis, up, branch):
    steps = [5 + 3 * step for step in range(len(branch))]
    ck.diagrams.arrow(axis, (2.5, 3.3), (4.1, up))
    ck.diagrams.arrow(axis, (steps[-1] + 0.9, up), (13.5, 3.3))
    for across, text in zip(steps, branch, strict=True):
        ck.diagrams.box(axis, across, up, text, width=1.8, height=1.3)
        if across > 5:
            ck.diagrams.arrow(axis, (across - 2.1, up), (across - 0.9, up))


# %%
pool = _("media\n3 × 3", "mean\n3 × 3")
branches = [["1 × 1\n64"], [pool, "1 × 1\n32"], ["1 × 1\n48", "5 × 5\n64"], ["1 × 1\n64", "3 × 3\n96", "3 × 3\n96"]]
figure, axis = ck.diagrams.canvas(16, 6.6)
for across, text in ((1.5, _("192\ncanales", "192\nchannels")), (14.5, _("256\ncanales", "256\nchannels"))):
    ck.diagrams.box(axis, across, 3.3, text, width=2, height=1.4, colour=ck.plots.GREY)
for up, branch in zip((5.7, 4.1, 2.5, 0.9), branches, strict=True):
    draw_branch(axis, up, branch)
alt = _(
    "Módulo de Inception v3: cuatro ramas que salen de 192 canales y se juntan en 256.",
    "Inception v3 module: four branches that leave 192 channels and join in 256.",
)
ck.plots.show(figure, alt)


# %%
def conv(maps, filters, side):
    return layers.Conv2D(filters, side, padding="same", use_bias=False)(maps)


inputs = layers.Input((35, 35, 192))
one, five = conv(inputs, 64, 1), conv(conv(inputs, 48, 1), 64, 5)
twice = conv(conv(conv(inputs, 64, 1), 96, 3), 96, 3)
mean = conv(layers.AveragePooling2D(3, 1, padding="same")(inputs), 32, 1)
module = keras.Model(inputs, layers.concatenate([one, five, twice, mean]))
plain = keras.Model(inputs, conv(inputs, 256, 5))
print(module.output.shape, ck.number(module.count_params()), ck.number(plain.count_params()))

# %% [markdown] lang="es"
# La misma salida con casi cinco veces menos pesos. (Los dos números de cada caja son el tamaño de la ventana y los
# canales que salen; dos ventanas de 3 × 3 seguidas ven tanto como una de 5 × 5.)
#
# MobileNetV2 ahorra de otra manera. Cada bloque **expande** los canales con 1 × 1, mira alrededor con una convolución
# **en profundidad** (*depthwise*), que tiene una sola ventana de 3 × 3 para cada canal y no los mezcla, y **proyecta** a
# pocos canales con otra de 1 × 1.

# %% [markdown] lang="en"
# The same output with almost five times fewer weights. (The two numbers in each box are the size of the window and
# the channels that come out; two 3 × 3 windows in a row see as much as one of 5 × 5.)
#
# MobileNetV2 saves in another way. Each block **expands** the channels with 1 × 1, looks around with a **depthwise**
# convolution, which has a single 3 × 3 window for each channel and does not mix them, and **projects** to few channels
# with another 1 × 1.

# %%
for step in ("expand", "depthwise", "project"):
    layer = network.get_layer(f"block_16_{step}")
    print(f"{step:9}", [tuple(weight.shape) for weight in layer.weights])

# %% [markdown] lang="es"
# ### Ejercicio 1: contar un bloque
#
# ¿Cuántos parámetros tiene el bloque 16, con sus sesgos? Multiplica y suma las formas de arriba. ¿Y cuántos tendría su
# convolución de 3 × 3 si mezclara los 960 canales, también con sesgos? Escribe los dos números. (Cambia los puntos,
# `...`, por tu respuesta y ejecuta la celda y la comprobación plegada que le sigue. Debajo está plegada la solución.)

# %% [markdown] lang="en"
# ### Exercise 1: counting a block
#
# How many parameters does block 16 have, with its biases? Multiply and add up the shapes above. And how many would its
# 3 × 3 convolution have if it mixed the 960 channels, biases included? Write both numbers. (Replace the dots, `...`,
# with your answer and run the cell and the folded check that follows. Below it the solution is folded.)

# %%
of_block, of_mixing = ..., ...

# %% tags=["check"]
hint = _(
    "cada capa es producto de las formas más un sesgo por canal de salida; si mezclara, 3 · 3 · 960 · 960 + 960",
    "each layer is the product of its shape plus one bias for each output channel; mixing, 3 · 3 · 960 · 960 + 960",
)
parts = [network.get_layer(f"block_16_{step}").count_params() for step in ("expand", "depthwise", "project")]
ck.check([of_block, of_mixing], [sum(parts), 9 * 960 * 960 + 960], hint)

# %% tags=["solution"]
of_block = (160 * 960 + 960) + (3 * 3 * 960 + 960) + (960 * 160 + 160)
of_mixing = 3 * 3 * 960 * 960 + 960
ck.check([of_block, of_mixing], [sum(parts), 9 * 960 * 960 + 960], hint)

# %% [markdown] lang="es"
# Un bloque entero cuesta mucho menos que esa sola convolución. (Por qué una red así *acierta* tanto no se sigue de
# contar pesos: eso lo midieron sus autores con ImageNet.)
#
# ## Unos pocos dibujos
#
# Nuestras clases serán seis, y las imágenes, 275 dibujos de la Open Clip Art Library, que sus autores regalaron. No
# son fotos: la red casi no ha visto nada así. `sheet` muestra una **hoja de contactos**. Antes de entrenar nada, se miran
# las imágenes.

# %% [markdown] lang="en"
# A whole block costs far less than that single convolution. (Why such a network is *right* so often does not follow
# from counting weights: that was measured by its authors on ImageNet.)
#
# ## A few drawings
#
# Our classes will be six, and the pictures, 275 drawings of the Open Clip Art Library, which their authors gave away.
# They are no photos: the network has hardly seen anything of the kind. `sheet` shows a **contact sheet**. Before
# anything is trained, one looks at the pictures.

# %%
drawings = ck.folders.drawings()
drawings.classes = _("ave bicho edificio fruta mamífero vehículo", "bird bug building fruit mammal vehicle").split()
x, y = drawings.pictures, drawings.labels
drawings.sheet()
print(x.shape, dict(zip(drawings.classes, np.bincount(y).tolist(), strict=True)))

# %% [markdown] lang="es"
# ### Repartir sin trampas
#
# Hay dibujos casi iguales: dos rodajas de limón, tres caballos de la misma mano. Si uno cae en el entrenamiento y otro
# en la prueba, la prueba mide memoria. En la carpeta, los casi iguales forman un **grupo**, y `split` nunca parte un
# grupo. Apartamos primero la **prueba**, un 20 %, que usaremos una vez, al final. El resto lo repartimos cinco veces
# entre entrenamiento y validación: con tan pocas imágenes, un solo reparto engaña.

# %% [markdown] lang="en"
# ### Splitting without cheating
#
# Some drawings are nearly the same: two lemon slices, three horses by one hand. If one of them falls into the training
# set and the other into the test set, the test measures memory. In the folder, those that are nearly the same form a
# **group**, and `split` never splits a group. First we set the **test** aside, 20%, which we will use once, at the end.
# The rest we split five times into training and validation: with so few pictures, a single split misleads.

# %%
most, test = drawings.split((0.8, 0.2))
splits = [drawings.split((0.75, 0.25), among=most, seed=seed) for seed in range(5)]
print(len(most), len(test), [(len(fit), len(val)) for fit, val in splits])
guess = max(np.mean(y[val] == 4) for fit, val in splits)
print(_("responder siempre", "always answering"), drawings.classes[4], f"≤ {guess:.2f}")

# %% [markdown] lang="es"
# ### Ejercicio 2: ¿hay trampa?
#
# `groups[place]` es el grupo del dibujo número `place`. Escribe `leaks(one, other, groups)`: recibe los números de dos
# partes y responde `True` si algún grupo está en las dos, y `False` si no.

# %% [markdown] lang="en"
# ### Exercise 2: is there a leak?
#
# `groups[place]` is the group of drawing number `place`. Write `leaks(one, other, groups)`: it receives the numbers of two
# parts and answers `True` if some group is in both, and `False` if not.


# %%
def leaks(one, other, groups):
    return ...


# %% tags=["check"]
groups = np.array([7, 7, 3, 5, 3])
cases = [([0, 2], [1, 3]), ([0, 1], [2, 3, 4]), ([3], [0, 1, 2, 4]), ([0, 3, 4], [2])]
right = [True, False, False, True]
hint = _(
    "set(groups[one]) es el conjunto de los grupos de una parte; `&` da lo que dos conjuntos tienen en común",
    "set(groups[one]) is the set of the groups of a part; `&` gives what two sets have in common",
)
ck.check(lambda: [leaks(np.array(a), np.array(b), groups) for a, b in cases], right, hint)


# %% tags=["solution"]
def leaks_solution(one, other, groups):
    return bool(set(groups[one]) & set(groups[other]))


ck.check(lambda: [leaks_solution(np.array(a), np.array(b), groups) for a, b in cases], right, hint)
assert not any(leaks_solution(fit, val, drawings.groups) for fit, val in splits)

# %% [markdown] lang="es"
# ## Cuatro maneras de aprender
#
# ### De cero
#
# Primero, la pregunta que toda la lección da por respondida: ¿no bastará con entrenar una red propia? Una red
# pequeña como la de la [[cnn_mnist]], con los dibujos a 32 × 32 píxeles, y un reparto.

# %% [markdown] lang="en"
# ## Four ways of learning
#
# ### From nothing
#
# First, the question that the whole lesson takes as answered: would it not do to train a network of one's own? A small
# network like that of [[cnn_mnist]], on the drawings at 32 × 32 pixels, and one split.


# %%
def shrink(pictures):
    return pictures.reshape(-1, 32, 4, 32, 4, 3).mean(axis=(2, 4))


def small_network():
    steps = [layers.Input((32, 32, 3))]
    for filters in (16, 32, 64):
        steps += [layers.Conv2D(filters, 3, padding="same", activation="relu"), layers.MaxPooling2D()]
    return keras.Sequential([*steps, layers.Flatten(), layers.Dropout(0.3), layers.Dense(6, "softmax")])


# %%
def train(model, inputs, labels, val=None, *, epochs, rate):
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    settings = {"batch_size": 64, "epochs": epochs, "verbose": 0, "callbacks": [ck.live.Progress()]}
    return model.fit(inputs, labels, validation_data=val, **settings)


# %% tags=["slow"]
keras.utils.set_random_seed(0)
fit, val = splits[0]
small = shrink(x)
history = train(small_network(), small[fit], y[fit], (small[val], y[val]), epochs=40, rate=3e-3)

# %%
found = history.history
series = {_("entrenamiento", "training"): found["accuracy"], _("validación", "validation"): found["val_accuracy"]}
alt = _(
    "Exactitud por época: en entrenamiento sube hasta casi 1; en validación se estanca pronto, muy por debajo.",
    "Accuracy by epoch: in training it rises almost to 1; in validation it soon stalls, far below.",
)
labels = {"xlabel": _("época", "epoch"), "ylabel": _("exactitud", "accuracy"), "ylim": (0, 1)}
ck.plots.curves(None, series, alt=alt, **labels)
ck.claim(_("de cero, en entrenamiento", "from nothing, in training"), found["accuracy"][-1], at_least=0.8)
ck.claim(_("de cero, en validación", "from nothing, in validation"), found["val_accuracy"][-1], at_most=0.6)

# %% [markdown] lang="es"
# Se aprende los dibujos de memoria: en entrenamiento acierta al menos
# [[bound: from nothing, in training, %]]; en validación, muchos menos. Es
# **sobreajuste**, y más épocas no lo arreglan: la curva de validación se estanca pronto. Faltan dibujos, o falta saber
# algo antes de empezar.
#
# ### Congelada: mirar con ojos ajenos
#
# Quitemos la cabeza a MobileNetV2. Lo que queda, el **cuerpo**, convierte cada imagen en 1280 números, las medias de sus
# últimos mapas de características. **Congelar** es no entrenarlo. Como no cambia, basta con pasar cada dibujo una vez y
# guardar los números; entrenar una cabeza sobre ellos cuesta menos de un segundo. Partimos el cuerpo en dos, porque
# la parte alta la descongelaremos después, y antes agrandamos los dibujos a 160 × 160, más cerca del tamaño de las fotos
# con que aprendió.

# %% [markdown] lang="en"
# It learns the drawings by heart: in training it gets at least [[bound: from nothing, in training, %]] of
# them right; in validation, far fewer.
# That is **overfitting**, and more epochs do not cure it: the validation curve soon stalls. What is missing is drawings, or
# to know something before the start.
#
# ### Frozen: looking with other eyes
#
# Let us take MobileNetV2's head off. What is left, the **body**, turns each picture into 1280 numbers, the means of its
# last feature maps. To **freeze** it is not to train it. Since it does not change, it is enough to pass each drawing
# once and keep the numbers; training a head on them takes less than a second. We cut the body in two, since we will
# thaw the upper part later, and first enlarge the drawings to 160 × 160, nearer the size of the photos that it learnt
# from.

# %%
cut = network.get_layer("block_16_add").output
enlarge = layers.Resizing(160, 160)
lower = keras.Sequential([enlarge, keras.Model(network.inputs[0], cut)])
upper = keras.Model(cut, network.get_layer("average").output)
maps = lower.predict(x, batch_size=32, verbose=0)
features = upper.predict(maps, batch_size=32, verbose=0)
print(x.shape, "→", maps.shape, "→", features.shape)

# %% [markdown] lang="es"
# La cabeza será una regresión logística con seis clases, es decir, una capa densa con softmax. `C` es el inverso de la
# fuerza de la penalización L2. Y dos controles, con la misma cabeza y la misma oportunidad de elegir `C`: los
# **píxeles** (a 32 × 32), y el mismo cuerpo con **pesos aleatorios**. Si ganara el cuerpo aleatorio, el mérito
# sería de la arquitectura y no de lo que aprendió.

# %% [markdown] lang="en"
# The head will be a logistic regression with six classes, that is, a dense layer with softmax. `C` is the inverse of the
# strength of the L2 penalty. And two controls, with the same head and the same chance of choosing `C`: the **pixels**
# (at 32 × 32), and the same body with **random weights**. If the random body won, the merit would be the
# architecture's and not that of what it learnt.

# %%
from sklearn.linear_model import LogisticRegression


def scores(features, C):
    heads = [LogisticRegression(C=C, max_iter=2000).fit(features[fit], y[fit]) for fit, val in splits]
    return np.array([head.score(features[val], y[val]) for head, (fit, val) in zip(heads, splits, strict=True)])


def best_scores(features):
    return max((scores(features, C) for C in (0.1, 1)), key=np.mean)


# %%
def random_features(seed):
    keras.utils.set_random_seed(seed)
    other = keras.models.clone_model(network)
    body = keras.Sequential([enlarge, keras.Model(other.inputs[0], other.get_layer("average").output)])
    found = body.predict(x, batch_size=32, verbose=0)
    return (found - found.mean(axis=0)) / found.std()


# %%
frozen = best_scores(features)
pixels = best_scores(small.reshape(275, -1))
random = best_scores(random_features(seed=0))
ck.claim(_("congelada, exactitud media", "frozen, mean accuracy"), frozen.mean(), at_least=0.68)
ck.claim(_("píxeles, exactitud media", "pixels, mean accuracy"), pixels.mean(), at_most=0.5)
ck.claim(_("pesos aleatorios, exactitud media", "random weights, mean accuracy"), random.mean(), at_most=0.5)

# %% [markdown] lang="es"
# Lo que cuenta es lo que la red *aprendió*: la misma arquitectura con pesos aleatorios no pasa de
# [[bound: random weights, mean accuracy, %]]. Aprendió con fotos y sirve para dibujos: los bordes, las texturas y las
# formas que distinguen un escarabajo de una iglesia en una foto también los distinguen en un dibujo.

# %% [markdown] lang="en"
# What counts is what the network *learnt*: the same architecture with random weights does not exceed
# [[bound: random weights, mean accuracy, %]]. It learnt from photos and serves for drawings: the edges, textures and
# shapes that tell a beetle from a church in a photo also tell them apart in a drawing.

# %% [markdown] lang="es"
# ### Aumentada: más dibujos sin dibujar
#
# El **aumento de datos** añade copias cambiadas en las que la clase sigue siendo la misma: reflejadas, giradas un poco,
# más cerca o más lejos. (Un 6 reflejado ya no es un 6: qué cambios valen depende de las clases.) Dos copias de cada
# dibujo, pasadas por el cuerpo una sola vez. En cada reparto se usan solo las copias de los dibujos de entrenamiento.

# %% [markdown] lang="en"
# ### Augmented: more drawings without drawing
#
# **Data augmentation** adds changed copies whose class stays the same: mirrored, turned a little, nearer or farther.
# (A mirrored 6 is no longer a 6: which changes will do depends on the classes.) Two copies of each drawing, passed
# through the body only once. In each split, only the copies of the training drawings are used.

# %%
white = {"fill_mode": "constant", "fill_value": 1.0}
steps = [layers.RandomFlip("horizontal", seed=0), layers.RandomRotation(0.04, seed=1, **white)]
augment = keras.Sequential([*steps, layers.RandomZoom((-0.1, 0.2), seed=2, **white)])
copies = [ops.convert_to_numpy(augment(x, training=True)) for copy in range(2)]
some = np.stack([pictures[17] for pictures in (x, *copies)])
ck.plots.images(some, [_("original", "original"), _("copia 1", "copy 1"), _("copia 2", "copy 2")], size=2)

# %% tags=["slow"]
copied_maps = [lower.predict(pictures, batch_size=32, verbose=0) for pictures in copies]
all_maps = np.stack([maps, *copied_maps])
all_features = np.stack([upper.predict(found, batch_size=32, verbose=0) for found in all_maps])


# %%
def with_copies(values, places):
    return np.concatenate([copy[places] for copy in values])


def augmented_head(fit, C=0.1):
    return LogisticRegression(C=C, max_iter=2000).fit(with_copies(all_features, fit), np.tile(y[fit], 3))


# %% [markdown] lang="es"
# ### Descongelada: ajuste fino
#
# Ahora dejamos aprender también a la parte alta del cuerpo, el último bloque y la convolución que le sigue: **ajuste
# fino**. Dos precauciones. Primero se entrena la cabeza, porque con una cabeza al azar los primeros gradientes
# estropearían lo aprendido. Y la tasa de aprendizaje es pequeña. La parte baja sigue congelada: sus mapas, los de los
# dibujos y los de sus copias, ya están calculados.

# %% [markdown] lang="en"
# ### Thawed: fine-tuning
#
# Now we let the upper part of the body learn too, the last block and the convolution that follows it: **fine-tuning**.
# Two precautions. The head is trained first, since with a random head the first gradients would spoil what was learnt.
# And the learning rate is small. The lower part stays frozen: its maps, those of the drawings and of their copies, are
# computed already.


# %%
def thawed(fit, val, head, rate):
    keras.utils.set_random_seed(0)
    top, classes = keras.models.clone_model(upper), layers.Dense(6, "softmax")
    model = keras.Sequential([layers.Input(maps.shape[1:]), top, classes])
    top.set_weights(upper.get_weights())
    classes.set_weights([head.coef_.T, head.intercept_])
    train(model, with_copies(all_maps, fit), np.tile(y[fit], 3), epochs=4, rate=rate)
    return np.mean(model.predict(maps[val], verbose=0).argmax(axis=1) == y[val])


# %% [markdown] lang="es"
# La copia de la parte alta empieza con los pesos de MobileNetV2 y una cabeza ya entrenada. El control cambia una sola
# cosa, la tasa de aprendizaje: una pequeña y una cien veces mayor.

# %% [markdown] lang="en"
# The copy of the upper part starts from the weights of MobileNetV2 and a head that has been trained. The control changes
# one thing, the learning rate: a small one and one a hundred times larger.

# %% tags=["slow"]
heads = [augmented_head(fit) for fit, val in splits]
augmented = np.array([head.score(features[val], y[val]) for head, (fit, val) in zip(heads, splits, strict=True)])
careful = np.array([thawed(fit, val, head, 1e-4) for head, (fit, val) in zip(heads, splits, strict=True)])
hasty = np.array([thawed(fit, val, head, 1e-2) for head, (fit, val) in zip(heads[:1], splits[:1], strict=True)])

# %% [markdown] lang="es"
# Para comparar, la red de cero en los cinco repartos, con las mismas copias: lo que recibe una lo reciben todas.

# %% [markdown] lang="en"
# To compare, the network from nothing on all five splits, with the same copies: what one gets, all get.


# %%
def from_nothing(fit, val):
    keras.utils.set_random_seed(0)
    model = small_network()
    train(model, with_copies(all_small, fit), np.tile(y[fit], 3), epochs=15, rate=3e-3)
    return np.mean(model.predict(small[val], verbose=0).argmax(axis=1) == y[val])


# %% tags=["slow"]
all_small = np.stack([small, *map(shrink, copies)])
nothing = np.array([from_nothing(fit, val) for fit, val in splits])

# %%
ways = {_("de cero", "from nothing"): nothing, _("congelada", "frozen"): frozen}
ways |= {_("aumentada", "augmented"): augmented, _("descongelada", "thawed"): careful}
figure, axis = plt.subplots(figsize=(ck.plots.WIDTH, 3.6))
axis.barh(list(ways), [values.mean() for values in ways.values()], color=ck.plots.BLUE, alpha=0.5)
for place, values in enumerate(ways.values()):
    axis.plot(values, [place] * len(values), "o", color=ck.plots.ORANGE)
axis.axvline(guess, color=ck.plots.GREY, linestyle="--")
axis.invert_yaxis()
axis.set(xlim=(0, 1), xlabel=_("exactitud en validación", "validation accuracy"))
alt = _(
    "Cuatro barras con la exactitud media y un punto por reparto: de cero, muy por debajo de las otras tres.",
    "Four bars with the mean accuracy and a point for each split: from nothing, far below the other three.",
)
ck.plots.show(figure, alt)

# %%
ck.claim(_("de cero, exactitud media", "from nothing, mean accuracy"), nothing.mean(), at_most=0.6)
ck.claim(_("lo que añade congelar", "what freezing adds"), (frozen - nothing).mean(), at_least=0.15)
ck.claim(_("lo que añade aumentar", "what augmenting adds"), (augmented - frozen).mean(), at_least=-0.06, at_most=0.06)
ck.claim(_("lo que añade descongelar", "what thawing adds"), (careful - augmented).mean(), at_least=-0.02, at_most=0.1)
ck.claim(
    _("descongelar deprisa, menos con cuidado", "thawing hastily minus carefully"),
    (hasty - careful[:1]).mean(),
    at_most=-0.1,
)

# %% [markdown] lang="es"
# Cada punto es un reparto; la línea de trazos, responder siempre la clase más frecuente. (El control de la tasa se hizo
# en un reparto.) **Congelar** es lo que cuenta. **Aumentar** aquí apenas cambia nada: dos copias y una cabeza lineal, que
# solo ve medias; en otras tareas ayuda más. **Descongelar** con cuidado añade poco, menos que la distancia entre dos
# puntos de una misma barra: con unos 55 dibujos de validación no se puede asegurar más. Con una tasa cien veces mayor, en
# cambio, se pierde lo aprendido.
#
# Nos quedamos con la que más acierta en validación, la descongelada. Solo ahora miramos la prueba, una vez, con una
# red entrenada con todo lo demás.

# %% [markdown] lang="en"
# Each point is a split; the dashed line, always answering the most frequent class. (The control of the rate was run on
# one split.) **Freezing** is what counts. **Augmenting** hardly changes anything here: two copies and a linear head,
# which only sees means; in other tasks it helps more. **Thawing** with care adds little, less than the distance between
# two points of the same bar: with some 55 validation drawings nothing more can be said for sure. With a rate a hundred
# times larger, by contrast, what was learnt is lost.
#
# We keep the one that is right most often in validation, the thawed one. Only now do we look at the test, once, with a
# network trained on all the rest.

# %% tags=["slow"]
test_accuracy = thawed(most, test, augmented_head(most), 1e-4)
ck.claim(_("prueba, descongelada", "test, thawed"), test_accuracy, at_least=0.6)

# %% [markdown] lang="es"
# ## ¿Cuántas imágenes hacen falta?
#
# La pregunta que hace toda clase. Tomamos 5, 10 y 20 dibujos por clase del entrenamiento, y todos (de 20 a 32). Cabeza
# congelada, en los cinco repartos; red de cero, que tarda más, en dos.

# %% [markdown] lang="en"
# ## How many pictures does it take?
#
# The question that every class asks. We take 5, 10 and 20 drawings of each class from the training set, and all of them
# (20 to 32). Frozen head, on the five splits; network from nothing, which takes longer, on two.


# %%
def few(fit, count, seed):
    order = np.random.default_rng(seed).permutation(fit)
    return np.concatenate([order[y[order] == label][:count] for label in range(6)])


def frozen_score(fit, val):
    return LogisticRegression(C=0.1, max_iter=2000).fit(features[fit], y[fit]).score(features[val], y[val])


# %% tags=["slow"]
counts = (5, 10, 20, 99)
curve_frozen = np.array([[frozen_score(few(fit, n, 0), val) for n in counts] for fit, val in splits])
few_nothing = [[from_nothing(few(fit, n, 0), val) for n in counts[:3]] for fit, val in splits[:2]]
curve_nothing = np.column_stack([few_nothing, nothing[:2]])

# %%
alt = _(
    "Exactitud según los dibujos por clase: congelada, muy por encima de la red de cero en todos los puntos.",
    "Accuracy by drawings of each class: frozen, far above the network from nothing at every point.",
)
series = {_("congelada", "frozen"): curve_frozen, _("de cero", "from nothing"): curve_nothing}
labels = {"xlabel": _("dibujos por clase", "drawings of each class"), "ylabel": _("exactitud", "accuracy")}
ck.plots.curves(
    [5, 10, 20, 28], series, alt=alt, ylim=(0, 1), level=(_("la mayor clase", "largest class"), guess), **labels
)

# %% [markdown] lang="es"
# ## ¿En qué se fija?
#
# ### El mapa de activación de clase
#
# La cabeza solo ve medias: si $a_{pc}$ es el valor del canal $c$ en el lugar $p$, y hay $P$ lugares, el logit de la clase
# $k$ es
#
# $$z_k = b_k + \sum_c w_{kc} \frac{1}{P} \sum_p a_{pc} = b_k + \frac{1}{P} \sum_p \Big( \sum_c w_{kc} a_{pc} \Big)$$
#
# Basta con cambiar el orden de las sumas: el paréntesis es lo que aporta *cada lugar*. Dibujado, es el **mapa de
# activación de clase** (Zhou et al., 2016). No es una explicación aproximada: la media de sus valores, más el sesgo, *es*
# el logit.

# %% [markdown] lang="en"
# ## What does it look at?
#
# ### The class activation map
#
# The head only sees means: if $a_{pc}$ is the value of channel $c$ at place $p$, and there are $P$ places, the logit of
# class $k$ is
#
# $$z_k = b_k + \sum_c w_{kc} \frac{1}{P} \sum_p a_{pc} = b_k + \frac{1}{P} \sum_p \Big( \sum_c w_{kc} a_{pc} \Big)$$
#
# Changing the order of the sums is enough: the brackets hold what *each place* contributes. Drawn, it is the **class
# activation map** (Zhou et al., 2016). It is no approximate explanation: the mean of its values, plus the bias, *is* the
# logit.

# %% [markdown] lang="es"
# ### Ejercicio 3: el mapa, escrito por ti
#
# `places` son los mapas de un dibujo, de forma (filas, columnas, 1280), y `head.coef_[k]` los 1280 pesos de la clase $k$.
# Escribe la función que devuelve su mapa de activación, de forma (filas, columnas). Una línea basta.

# %% [markdown] lang="en"
# ### Exercise 3: the map, written by you
#
# `places` are the maps of a drawing, of shape (rows, columns, 1280), and `head.coef_[k]` the 1280 weights of class $k$.
# Write the function that returns its activation map, of shape (rows, columns). One line is enough.


# %%
def my_map(places, weights):
    return ...


# %% tags=["check"]
trial = np.arange(24.0).reshape(2, 3, 4)
hint = _(
    "el producto de matrices `@` multiplica por los pesos la última dimensión y suma",
    "the matrix product `@` multiplies the last dimension by the weights and adds up",
)
ck.check(lambda: my_map(trial, np.array([1.0, 0, -1, 2])), trial @ [1, 0, -1, 2], hint)


# %% tags=["solution"]
def map_solution(places, weights):
    return places @ weights


ck.check(lambda: map_solution(trial, np.array([1.0, 0, -1, 2])), trial @ [1, 0, -1, 2], hint)

# %% [markdown] lang="es"
# ### Mapa y oclusión
#
# El segundo método sirve con cualquier red: la **oclusión** (Zeiler y Fergus, 2014). Borramos un cuadrado de 32
# píxeles (lo dejamos en blanco, como el papel) en 25 lugares y anotamos cuánto baja el logit de la clase. Donde baja mucho,
# había algo que importaba. `lit` ilumina un dibujo según un mapa: lo que no importa queda oscuro.

# %% [markdown] lang="en"
# ### Map and occlusion
#
# The second method works with any network: **occlusion** (Zeiler and Fergus, 2014). We erase a square of 32 pixels (we leave it
# white, like the paper) at 25 places and note by how much the logit of the class falls. Where it falls a lot, there was
# something that mattered. `lit` lights a drawing according to a map: what does not matter stays dark.


# %%
def activation_map(places, weights):
    return places @ weights


def covered(picture):
    corners = [(row, column) for row in range(0, 97, 24) for column in range(0, 97, 24)]
    hidden = np.repeat(picture[None], len(corners), axis=0)
    for copy, (row, column) in zip(hidden, corners, strict=True):
        copy[row : row + 32, column : column + 32] = 1
    return hidden


def occlusion(picture, head, label):
    seen = upper.predict(lower.predict(np.stack([picture, *covered(picture)]), verbose=0), verbose=0)
    logits = head.decision_function(seen)[:, label]
    return (logits[0] - logits[1:]).reshape(5, 5)


# %%
def lit(picture, heat):
    heat = np.clip(heat / heat.max(), 0, 1)[..., None]
    heat = np.clip(ops.convert_to_numpy(ops.image.resize(heat, (128, 128), interpolation="bicubic")), 0, 1)
    return picture * (0.2 + 0.8 * heat)


# %%
def looks(pictures, head):
    last = top_maps.predict(lower.predict(pictures, verbose=0), verbose=0)
    called = head.predict(last.mean(axis=(1, 2)))
    by_map = [lit(p, activation_map(m, head.coef_[k])) for p, m, k in zip(pictures, last, called, strict=True)]
    by_cover = [lit(p, occlusion(p, head, k)) for p, k in zip(pictures, called, strict=True)]
    titles = [drawings.classes[k] for k in called] + [""] * (2 * len(pictures))
    return np.concatenate([pictures, by_map, by_cover]), titles


# %%
fit, val = splits[0]
head = LogisticRegression(C=0.1, max_iter=2000).fit(features[fit], y[fit])
top_maps = keras.Model(cut, network.get_layer("head_relu").output)
places = top_maps.predict(maps[val[:1]], verbose=0)[0]
by_place = activation_map(places, head.coef_[0])
assert np.isclose(by_place.mean() + head.intercept_[0], head.decision_function(features[val[:1]])[0, 0], atol=1e-3)
print(places.shape, "→", by_place.shape)

# %% [markdown] lang="es"
# El `assert` comprueba la fórmula: la media del mapa, más el sesgo, es el logit. Elegimos cinco dibujos de validación:
# los tres en los que más segura está la cabeza entre los que acierta, y los dos en los que más segura está entre los
# que falla.

# %% [markdown] lang="en"
# The `assert` checks the formula: the mean of the map, plus the bias, is the logit. We choose five validation drawings:
# the three of which the head is surest among those that it gets right, and the two of which it is surest among those
# that it gets wrong.

# %% tags=["varies"]
sure, called = head.predict_proba(features[val]).max(axis=1), head.predict(features[val])
order = val[np.argsort(-sure)]
right = np.isin(order, val[called == y[val]])
chosen = np.concatenate([order[right][:3], order[~right][:2]])
shown, titles = looks(x[chosen], head)
alt = _(
    "Cinco dibujos; debajo, cada uno iluminado por su mapa de activación y por la oclusión.",
    "Five drawings; below, each lit by its activation map and by occlusion.",
)
ck.plots.images(shown, titles, alt=alt, jpeg=True)

# %% [markdown] lang="es"
# Sobre cada dibujo está el nombre que le da la cabeza. Debajo, el mapa de activación; más abajo, la oclusión. El mapa
# tiene solo 5 × 5 lugares, que agrandamos: señala zonas, no contornos. En los fallos, mira *dónde* se ilumina antes de
# decir por qué falló: los dos métodos dicen dónde mira la red, no qué ve allí. Y no tienen por qué coincidir: el mapa
# reparte el logit entre los lugares de *esta* imagen, y la oclusión cambia la imagen, y con ella lo que ven también los
# lugares vecinos.

# %% [markdown] lang="en"
# Above each drawing is the name that the head gives it. Below it, the activation map; further below, occlusion. The map
# has only 5 × 5 places, which we enlarge: it points at areas, not at outlines. Where the head is wrong, see *where* it is
# lit before you say why: both methods tell where the network looks, not what it sees there. And they need not agree: the
# map shares the logit out among the places of *this* picture, and occlusion changes the picture, and with it what the
# neighbouring places see too.

# %% [markdown] lang="es"
# ## La trampa: un marco de color
#
# Supongamos que todas nuestras frutas vinieran de una página que enmarca sus dibujos en azul. Ponemos el marco, de 4
# píxeles, en todas las frutas, también en las de validación, y entrenamos como antes.

# %% [markdown] lang="en"
# ## The trap: a coloured frame
#
# Suppose that all our fruit came from a site that frames its drawings in blue. We put the frame, 4 pixels wide, on every
# fruit, those of the validation set too, and train as before.


# %%
def framed(pictures):
    pictures = pictures.copy()
    for side in np.s_[:, :4], np.s_[:, -4:], np.s_[:, :, :4], np.s_[:, :, -4:]:
        pictures[side] = (0, 0.45, 0.7)
    return pictures


framed_maps = lower.predict(framed(x), batch_size=32, verbose=0)
framed_features = upper.predict(framed_maps, batch_size=32, verbose=0)
fruit = y == 3
trapped = np.where(fruit[:, None], framed_features, features)

# %%
fit, val = splits[0]
fooled = LogisticRegression(C=0.1, max_iter=2000).fit(trapped[fit], y[fit])
honest = LogisticRegression(C=0.1, max_iter=2000).fit(features[fit], y[fit])
found = fooled.predict(trapped[val]) == 3
ck.claim(_("fruta acertada, con marco", "fruit found, with frame"), found[fruit[val]].mean(), at_least=0.9)
ck.claim(_("otros tomados por fruta", "others taken for fruit"), found[~fruit[val]].mean(), at_most=0.1)

# %% [markdown] lang="es"
# ¡Qué buen clasificador de fruta! La validación no sospecha nada, porque trae el mismo marco. Miremos en qué se fija.

# %% [markdown] lang="en"
# What a good classifier of fruit! The validation suspects nothing, since it brings the same frame. Let us see what it
# looks at.

# %% tags=["varies"]
chosen = np.concatenate([val[fruit[val]][:2], val[~fruit[val]][[0, 12, 30]]])
shown, titles = looks(framed(x[chosen]), fooled)
alt = _(
    "Cinco dibujos con marco azul; debajo, iluminados por su mapa de activación y por la oclusión.",
    "Five drawings in a blue frame; below, lit by their activation map and by occlusion.",
)
ck.plots.images(shown, titles, alt=alt, jpeg=True)

# %% [markdown] lang="es"
# Con marco, también lo que no es fruta se llama fruta, y lo que se ilumina son los bordes. Eso es una sospecha, no una
# prueba: la prueba es cambiar solo el marco. Se lo ponemos a lo que no es fruta y se lo quitamos a la fruta. Y el
# control: la cabeza honrada, que aprendió sin marcos, con los mismos dibujos enmarcados.

# %% [markdown] lang="en"
# With a frame, what is no fruit is called fruit too, and it is the edges that are lit. That is a suspicion, not a proof:
# the proof is to change the frame alone. We put it on what is no fruit and take it off the fruit. And the control: the
# honest head, which learnt without frames, on the same framed drawings.

# %%
others = val[~fruit[val]]
ck.claim(
    _("con marco, otros tomados por fruta", "with frame, others taken for fruit"),
    np.mean(fooled.predict(framed_features[others]) == 3),
    at_least=0.5,
)
ck.claim(
    _("lo mismo, cabeza honrada", "the same, honest head"),
    np.mean(honest.predict(framed_features[others]) == 3),
    at_most=0.3,
)
ck.claim(
    _("sin marco, fruta acertada", "without frame, fruit found"),
    np.mean(fooled.predict(features[val[fruit[val]]]) == 3),
    at_most=0.8,
)

# %% [markdown] lang="es"
# La cabeza engañada aprendió el marco, más que la fruta. Ninguna de las medidas de antes lo decía. Estos **atajos**
# (Geirhos et al., 2020) son comunes: en radiografías, la marca de un hospital; en fotos de animales, la nieve o la mano que
# los sostiene. El remedio es quitar la marca o ponerla en todas las clases.
#
# ### Ejercicio 4: quitar el marco
#
# Escribe `unframed(pictures)`, que devuelve los dibujos con sus 4 píxeles de borde en blanco (1), sin cambiar los que
# recibe. Como nuestros dibujos tienen ese margen blanco, debe devolver los originales.

# %% [markdown] lang="en"
# The fooled head learnt the frame more than the fruit. None of the measures before said so. Such **shortcuts** (Geirhos et
# al., 2020) are common: in X-rays, a hospital's mark; in photos of animals, the snow or the hand that holds them. The
# remedy is to take the mark off or to put it on all classes.
#
# ### Exercise 4: taking the frame off
#
# Write `unframed(pictures)`, which returns the drawings with their 4 pixels of border in white (1), without changing those
# that it receives. Since our drawings have that white margin, it must return the originals.


# %%
def unframed(pictures):
    return ...


# %% tags=["check"]
hint = _(
    "copia con .copy(), y pon a 1 las mismas cuatro tiras que framed pinta de azul",
    "copy with .copy(), and set to 1 the same four strips that framed paints blue",
)
ck.check(lambda: unframed(framed(x[:5])), lambda answer: np.array_equal(answer, x[:5]), hint)


# %% tags=["solution"]
def unframed_solution(pictures):
    pictures = pictures.copy()
    for side in np.s_[:, :4], np.s_[:, -4:], np.s_[:, :, :4], np.s_[:, :, -4:]:
        pictures[side] = 1
    return pictures


ck.check(lambda: unframed_solution(framed(x[:5])), lambda answer: np.array_equal(answer, x[:5]), hint)

# %% [markdown] lang="es"
# Sin marcos, la cabeza que se entrena es la honrada: el ejercicio devuelve los dibujos originales, número por número.

# %% [markdown] lang="en"
# Without frames, the head that gets trained is the honest one: the exercise returns the original drawings, number by
# number.

# %% [markdown] lang="es"
# ## Tu propio clasificador
#
# Haz una carpeta, «mis_fotos», al lado de este cuaderno, y dentro una carpeta por clase, con su nombre: «taza»,
# «llaves», «planta». Unas 20 o 30 fotos de cada una, con fondos, luces y ángulos variados: ya has visto lo que pasa si una
# clase trae su propio marco. Pueden ser de cualquier tamaño, formato (JPEG, PNG, WebP, GIF …) y orientación; en Jupyter,
# el botón de subir archivos las lleva a la carpeta. Si tienes varias fotos del *mismo* objeto, ponlas en una carpeta
# dentro de la de su clase: formarán un grupo. No hace falta conexión, y ninguna foto sale de tu máquina.
#
# Si no hay carpeta, la celda siguiente prepara una de muestra, con tres de nuestras clases y dos archivos estropeados.

# %% [markdown] lang="en"
# ## A classifier of your own
#
# Make a folder, "my_photos", beside this notebook, and in it a folder for each class, with its name: "mug", "keys",
# "plant". Some 20 or 30 photos of each, with varied backgrounds, light and angles: you have seen what happens if a class
# brings a frame of its own. They may be of any size, format (JPEG, PNG, WebP, GIF …) and orientation; in Jupyter, the
# upload button takes them to the folder. If you have several photos of the *same* object, put them in a folder inside
# that of their class: they will form a group. No connection is needed, and no photo leaves your machine.
#
# If there is no folder, the next cell prepares a sample, with three of our classes and two broken files.

# %%
import tempfile
from pathlib import Path

my_folder = Path(_("mis_fotos", "my_photos"))
sample = not my_folder.exists()
if sample:
    my_folder = Path(tempfile.mkdtemp()) / my_folder.name
    for place in np.flatnonzero((y == 0) | (y == 3) | (y == 5)):
        folder = my_folder / drawings.classes[y[place]]
        folder.mkdir(parents=True, exist_ok=True)
        ck.pictures.save(x[place], folder / f"{place}.png")
    (folder / _("lista.txt", "list.txt")).write_text("autobús")
    (folder / _("cortada.png", "cut.png")).write_bytes((folder / f"{place}.png").read_bytes()[:999])

# %% [markdown] lang="es"
# **Uno: leer y mirar.** Lo que no es una imagen se nombra y se deja fuera; con menos de 10 imágenes en una clase,
# `read` se niega, porque no habría con qué probar. De cada foto cuenta el cuadrado del centro.

# %% [markdown] lang="en"
# **One: read and look.** What is no picture is named and left out; with fewer than 10 pictures in a class, `read`
# refuses, since there would be nothing to test with. Of each photo, the square in the middle counts.

# %%
mine = ck.folders.read(my_folder)
mine.sheet()

# %% [markdown] lang="es"
# **Dos: entrenar.** Tres partes; los números del cuerpo, una vez; la `C` que mejor sale en validación.

# %% [markdown] lang="en"
# **Two: train.** Three parts; the numbers of the body, once; the `C` that does best in validation.

# %%
fit, val, held_out = mine.split()
seen = upper.predict(lower.predict(mine.pictures, batch_size=32, verbose=0), verbose=0)
heads = [LogisticRegression(C=C, max_iter=2000).fit(seen[fit], mine.labels[fit]) for C in (0.01, 0.1, 1)]
my_head = max(heads, key=lambda head: head.score(seen[val], mine.labels[val]))
print([len(part) for part in (fit, val, held_out)])
accuracy = my_head.score(seen[held_out], mine.labels[held_out])
ck.claim(_("mi clasificador, prueba", "my classifier, test"), accuracy, at_least=0.8 if sample else 0)

# %% [markdown] lang="es"
# **Tres: los errores.** La matriz de confusión, y los dibujos en los que se equivoca con el nombre que les da. Con
# tus fotos, míralos antes de añadir nada: suelen decir qué falta. (Si ya has mirado la prueba y cambias algo, la próxima
# prueba necesita fotos nuevas.)

# %% [markdown] lang="en"
# **Three: the mistakes.** The confusion matrix, and the drawings that it gets wrong under the name that it gives them.
# With your own photos, look at them before you add anything: they usually tell what is missing. (If you have looked at
# the test and change something, the next test needs new photos.)

# %% tags=["varies"]
called = my_head.predict(seen[held_out])
pairs = np.stack([mine.labels[held_out], called])
matrix = np.zeros((len(mine.classes),) * 2, int)
np.add.at(matrix, tuple(pairs), 1)
ck.plots.confusion(matrix, mine.classes)

# %% tags=["varies"]
wrong = held_out[called != mine.labels[held_out]]
if len(wrong):
    ck.plots.images(mine.pictures[wrong], [mine.classes[k] for k in my_head.predict(seen[wrong])], jpeg=True)

# %% [markdown] lang="es"
# ### Un solo archivo
#
# El clasificador entero, con los nombres de las clases, cabe en un archivo `.keras`. La cabeza pasa a ser una capa
# densa, y la salida, un diccionario: cada nombre con su probabilidad. Quien lo cargue no necesita este curso, ni saber en
# qué orden estaban las carpetas. (Con dos clases, la regresión logística guarda una sola fila de pesos: la partimos en
# dos, una mitad con cada signo, que dan la misma probabilidad.) Como en la [[production]], lo cargamos y comprobamos que responde lo mismo; el servicio
# de aquella lección lee textos: para imágenes habría que cambiar cómo lee la petición, no el archivo.

# %% [markdown] lang="en"
# ### A single file
#
# The whole classifier, with the names of the classes, fits in one `.keras` file. The head becomes a dense layer, and
# the output, a dictionary: each name with its probability. Whoever loads it does not need this course, nor to know in
# which order the folders were. (With two classes, logistic regression keeps a single row of weights: we split it in two,
# one half with each sign, which give the same probability.) As in [[production]], we load it and check that it answers the same; the service of that
# lesson reads texts: for pictures one would have to change how it reads the request, not the file.

# %%
weights, biases = my_head.coef_, my_head.intercept_
if len(mine.classes) == 2:
    weights, biases = np.concatenate([-weights, weights]) / 2, np.concatenate([-biases, biases]) / 2
output = layers.Dense(len(mine.classes), "softmax")
picture = layers.Input((None, None, 3))
probability = output(upper(lower(picture)))
output.set_weights([weights.T, biases])
classifier = keras.Model(picture, {name: probability[:, k] for k, name in enumerate(mine.classes)})

# %%
my_file = Path(tempfile.mkdtemp()) / _("mi_clasificador.keras", "my_classifier.keras")
classifier.save(my_file)
loaded = keras.models.load_model(my_file)
answer = loaded.predict(mine.pictures[:1], verbose=0)
print(sorted(answer), f"{my_file.stat().st_size / 1e6:.0f} MB")
expected = my_head.predict_proba(seen[:1])[0]
assert np.allclose([answer[name][0] for name in mine.classes], expected, atol=1e-4)

# %% [markdown] lang="es"
# ### Ejercicio 5 (abierto): otra altura
#
# Hemos usado las medias de los 1280 mapas *finales*. ¿Y si la cabeza recibe las medias de los 160 mapas de `maps`, un
# bloque antes? Escribe **primero** tu predicción de la exactitud media en validación (de 0 a 1) y pasa la comprobación,
# que la admite con un margen de 0.05. Después prueba en una celda nueva con otras características: los dos juntos
# (`np.concatenate`), el máximo en vez de la media … y explica lo que salga.

# %% [markdown] lang="en"
# ### Exercise 5 (open): another height
#
# We have used the means of the 1280 *final* maps. What if the head gets the means of the 160 maps in `maps`, one block
# earlier? Write your prediction of the mean validation accuracy **first** (from 0 to 1) and run the check, which allows a
# margin of 0.05. Then try other features in a new cell: both together (`np.concatenate`), the maximum in place of the
# mean … and explain what you find.

# %%
my_prediction = ...


# %% tags=["check"]
def predicted_well(guess):
    return abs(guess - best_scores(maps.mean(axis=(1, 2))).mean()) < 0.05


hint = _(
    "mide frozen.mean(): ¿saben más o menos los mapas de un bloque antes, con ocho veces menos números?",
    "look at frozen.mean(): do the maps of one block earlier, with eight times fewer numbers, know more or less?",
)
ck.check(my_prediction, predicted_well, hint)

# %% tags=["solution"]
my_prediction = best_scores(maps.mean(axis=(1, 2))).mean()
ck.check(my_prediction, predicted_well, hint)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una red con mil clases responde siempre con una de ellas, también cuando ninguna vale.
# - Con unas decenas de imágenes por clase, lo que una red aprendió con otras fotos vale más que entrenar de cero. El
#   control con pesos aleatorios dice que el mérito es de lo aprendido.
# - Un solo reparto engaña: cinco repartos, sin partir los grupos de casi iguales, y la prueba una vez.
# - Un buen resultado en validación no dice *en qué* se fija: se mira con el mapa de activación y con la oclusión, y se
#   cambia lo que se sospecha para ver si la respuesta cambia.
# - De una carpeta a un clasificador hay tres celdas; lo que cuesta es tener buenas fotos.

# %% [markdown] lang="en"
# ## What we learnt
#
# - A network with a thousand classes always answers with one of them, even where none will do.
# - With some tens of pictures of each class, what a network learnt from other photos is worth more than training from
#   nothing. The control with random weights says that the merit is that of what was learnt.
# - A single split misleads: five splits, which split no group of near-duplicates, and the test once.
# - A good result in validation does not say *what* is looked at: one looks with the activation map and with occlusion,
#   and changes what one suspects, to see whether the answer changes.
# - From a folder to a classifier there are three cells; what is hard is to have good photos.

# %% [markdown] lang="es"
# **Para seguir leyendo**: Donahue et al. (2014), *DeCAF*, y Razavian et al. (2014), características ajenas con una cabeza
# simple; Yosinski et al. (2014), qué capas se transfieren; Zeiler y Fergus (2014), oclusión; Zhou et al. (2016), mapas de
# activación; Szegedy et al. (2016), Inception v3; Sandler et al. (2018), MobileNetV2; Kornblith, Shlens y Le (2019),
# cuándo una red mejor transfiere mejor; Geirhos et al. (2020), atajos como nuestro marco.

# %% [markdown] lang="en"
# **Where to read on**: Donahue et al. (2014), *DeCAF*, and Razavian et al. (2014), other people's features with a simple
# head; Yosinski et al. (2014), which layers transfer; Zeiler and Fergus (2014), occlusion; Zhou et al. (2016), activation
# maps; Szegedy et al. (2016), Inception v3; Sandler et al. (2018), MobileNetV2; Kornblith, Shlens and Le (2019), when a
# better network transfers better; Geirhos et al. (2020), shortcuts like our frame.
