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
# - reconocer mil clases de cosas con una red grande que entrenó otra persona, y saber cuándo no sirve;
# - aprovechar lo que esa red aprendió para distinguir *tus* clases con unas decenas de imágenes de cada una;
# - medir en varios repartos qué añade cada paso (congelar, aumentar, descongelar), y decir qué controles faltan;
# - ver en qué se fija un clasificador, y descubrir cuándo aprendió lo que no debía;
# - convertir una carpeta con tus fotos en un clasificador, en tres celdas, y guardarlo en un archivo.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos; leerla y resolverla, unas 2 horas y
# media. En una clase de una hora, las celdas de «Por dentro», «¿Cuántas imágenes hacen falta?» y «¿En qué se fija?» y
# la figura de «La trampa» se ejecutan sin detenerse; los ejercicios, menos el 2, y «Un solo archivo» quedan para casa.
# Trae fotos hechas por ti: 20 o 30 de cada cosa. **Necesitas**: Python y la [[cnn_mnist]].

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - recognise a thousand kinds of thing with a large network that somebody else trained, and know when it is no use;
# - use what it learnt to tell *your* classes apart with few pictures of each;
# - measure over several splits what each step adds (freezing, augmenting, unfreezing), and which controls are missing;
# - see what a classifier looks at, and find out when it learnt what it should not have;
# - turn your photos into a classifier, in three cells, and save it in one file.
#
# **Time**: running it takes [[run time]] on a 2-core laptop; reading and solving it, about 2 and a half hours. In a
# class of one hour, "Inside", "How many pictures does it take?" and "What does it look at?" and the figure of "The
# trap" are run without stopping; all exercises but exercise 2, and "A single file", are for home. Bring photos: 20 or
# 30 of each thing. **You need**: Python and [[cnn_mnist]].

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %%
figure, axis = ck.diagrams.canvas(16, 5.4)
rows = _(
    "un millón\nde fotos|cuerpo: resume\ncada foto|cabeza:\n1000 clases|tus\nimágenes|el mismo cuerpo,\ncongelado|cabeza nueva:\ntus clases",
    "a million\nphotos|body: summarises\neach photo|head:\n1000 classes|your\npictures|the same body,\nfrozen|new head:\nyour classes",
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
# La parte de **ImageNet** que se usa en su concurso (Russakovsky et al., 2015) tiene más de un millón de fotos, cada
# una con una de 1000 etiquetas. Con ella se entrenó **MobileNetV2** (Sandler et al., 2018), que viene entera con el
# curso, con el nombre de cada clase en español. Ya conoces casi todas sus piezas de la [[cnn_mnist]]: convoluciones,
# una media por mapa y una capa densa; las nuevas están en «Por dentro». Lo más nuevo es que los pesos ya están
# aprendidos. (La normalización por lotes de la red original está incorporada aquí en pesos y sesgos.)

# %% [markdown] lang="en"
# ## A network that can already see
#
# The part of **ImageNet** that is used in its challenge (Russakovsky et al., 2015) has over a million photos, each with
# one of 1000 labels. **MobileNetV2** (Sandler et al., 2018) was trained on it. It comes with the course, whole,
# together with the name of each class. You know nearly all its parts from [[cnn_mnist]]: convolutions, one mean per map
# and a dense layer; the new ones are in "Inside". What is really new is that its weights have already been learnt. (The
# batch normalisation of the original network is folded into weights and biases here.)

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
    exponentials = np.exp(logits - logits.max())
    probabilities = exponentials / exponentials.sum()
    best = np.argsort(-probabilities)[:5]
    return [names[place] for place in best], probabilities[best]


# %% [markdown] lang="es"
# La red recibe una imagen y da 1000 números, los **logits**; softmax los convierte en probabilidades. `five_best`
# devuelve los cinco nombres más probables. (`picture[None]` convierte la imagen en un lote de una sola.) Probemos con las
# fotos del curso.

# %% [markdown] lang="en"
# The network takes a picture and gives 1000 numbers, the **logits**; softmax turns them into probabilities.
# `five_best` returns the five most probable names. (`picture[None]` turns the picture into a batch of one.) Let us try
# it on the photos of the course.

# %%
photos = {name: ck.data.photo(name) for name in ("chelsea", "coffee", "astronaut", "rocket")}
answers = {name: five_best(photo) for name, photo in photos.items()}
print([best[0] for best, probabilities in answers.values()])

# %%
import matplotlib.pyplot as plt

figure, axes = plt.subplots(4, 2, figsize=(10, 9), width_ratios=[1, 2])
for (left, right), name in zip(axes, photos, strict=True):
    best, probabilities = answers[name]
    left.imshow(photos[name])
    left.axis("off")
    right.barh(range(5), probabilities, color=ck.plots.BLUE)
    right.set(xlim=(0, 1), ylim=(4.6, -0.6))
    right.set_yticks(range(5), best, fontsize=13)
    right.grid(axis="y", visible=False)
axes[-1, 1].set_xlabel(_("probabilidad", "probability"))
alt = _(
    "Cuatro fotos y sus cinco clases más probables en barras.",
    "Four photos and their five most probable classes as bars.",
)
ck.plots.show(figure, alt, jpeg=True)

# %% [markdown] lang="es"
# El café está bien. Chelsea es una gata, y la red reparte su respuesta entre varias clases de gato: su raza no la
# sabemos. La astronauta y el cohete están mal. Ninguna de las 1000 clases es «astronauta» ni, sin más, «persona», pero
# softmax reparte *toda* la probabilidad entre las clases que hay, así que alguna tiene que ganar. Con el cohete la
# excusa es más débil: no es exactamente un «misil» ni un «transbordador espacial», pero las dos son clases y se le
# parecen más que una plataforma petrolera. Una probabilidad baja es un aviso (el trineo no llega a 0.2), pero no es de
# fiar: la respuesta errónea para el cohete se lleva casi la mitad.
#
# (El tamaño también puede influir: la red acepta cualquiera, pero aprendió con fotos de 224 × 224.) Para distinguir lo
# que *nosotros* queremos hace falta otra cabeza.

# %% [markdown] lang="en"
# The coffee is right. Chelsea is a cat, and the network divides its answer among several kinds of cat: we do not know
# her breed. The astronaut and the rocket are wrong. None of the 1000 classes is "astronaut" or simply "person", but
# softmax shares out *all* of the probability among the classes that exist, so one of them has to win. For the rocket
# the excuse is weaker: it is not exactly a "missile" or a "space shuttle", but both are classes, and both resemble it
# more than a drilling platform does. A low probability is a warning (the bobsled does not reach 0.2), but not a safe
# one: the wrong answer for the rocket gets almost a half.
#
# (Size may matter, too: the network takes any, but learnt from photos of 224 × 224.) To tell apart what *we* want, we
# need another head.

# %% [markdown] lang="es"
# ## Por dentro: grande sin ser enorme
#
# ¿Cómo se hace una red profunda que no salga demasiado cara? Una convolución de 5 × 5 que pasa de 192 canales a 256
# tiene $5 \cdot 5 \cdot 192 \cdot 256$ pesos, más de un millón, y es una sola capa. El módulo de **Inception v3**
# (Szegedy et al., 2016) mira con ventanas de varios tamaños a la vez. Y antes de las convoluciones de ventana grande
# reduce los canales con una convolución de 1 × 1, que mezcla los canales de un lugar sin mirar alrededor. Dibujemos el
# módulo y contemos sus pesos.

# %% [markdown] lang="en"
# ## Inside: large without being huge
#
# How does one build a deep network that is not too expensive? A 5 × 5 convolution that goes from 192 channels to 256
# has $5 \cdot 5 \cdot 192 \cdot 256$ weights, over a million, and is a single layer. The module of **Inception v3**
# (Szegedy et al., 2016) looks through windows of several sizes at once. And before the convolutions with a large window
# it reduces the channels with a 1 × 1 convolution, which mixes the channels of one place without looking around. Let us
# draw the module and count its weights.


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
pool = _("media 3 × 3\n192", "mean 3 × 3\n192")
branches = [["1 × 1\n64"], [pool, "1 × 1\n32"], ["1 × 1\n48", "5 × 5\n64"], ["1 × 1\n64", "3 × 3\n96", "3 × 3\n96"]]
figure, axis = ck.diagrams.canvas(16, 6.6)
for across, text in ((1.5, _("192\ncanales", "192\nchannels")), (14.5, _("256\ncanales", "256\nchannels"))):
    ck.diagrams.box(axis, across, 3.3, text, width=2, height=1.4, colour=ck.plots.GREY)
for up, branch in zip((5.9, 4.1, 2.5, 0.9), branches, strict=True):
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
# Una salida del mismo tamaño con cerca de la quinta parte de los pesos. (`concatenate` pone uno tras otro los canales
# de las cuatro ramas: $64 + 64 + 96 + 32 = 256$. En cada caja, el tamaño de la ventana y los canales que salen; dos
# ventanas de 3 × 3 seguidas ven tanto como una de 5 × 5. Hemos omitido las activaciones.)

# %% [markdown] lang="en"
# An output of the same size with about a fifth of the weights. (`concatenate` puts the channels of the four branches
# one after another: $64 + 64 + 96 + 32 = 256$. Each box gives the size of the window and the channels that come out;
# two 3 × 3 windows in a row see as much as one of 5 × 5. The activations are left out.)

# %% [markdown] lang="es"
# MobileNetV2 ahorra de otra manera. Cada bloque, menos el primero, **expande** los canales con una convolución de 1 ×
# 1, mira alrededor con una convolución **en profundidad** (*depthwise*), que tiene una sola ventana de 3 × 3 por canal
# y no los mezcla, y **proyecta** a pocos canales con otra de 1 × 1. Si salen tantos canales como entraron, y el tamaño
# no cambia, el bloque suma su entrada a su salida (la capa `add`): es una **conexión residual**, un camino por el que
# el gradiente atraviesa el bloque sin cambiar (He et al., 2016).

# %% [markdown] lang="en"
# MobileNetV2 saves in another way. Each block but the first **expands** the channels with a 1 × 1 convolution, looks
# around with a **depthwise** convolution, which has a single 3 × 3 window for each channel and does not mix them, and
# **projects** to few channels with another 1 × 1 convolution. If as many channels come out as went in, and the size
# does not change, the block adds its input to its output (the `add` layer): this is a **residual connection**, a path
# along which the gradient crosses the block unchanged (He et al., 2016).

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
    "cada capa: el producto de su forma más un sesgo por canal de salida; si mezclara, 3 · 3 · 960 · 960 + 960",
    "each layer: the product of its shape plus one bias per output channel; mixing, 3 · 3 · 960 · 960 + 960",
)
parts = [network.get_layer(f"block_16_{step}").count_params() for step in ("expand", "depthwise", "project")]
ck.check([of_block, of_mixing], [sum(parts), 9 * 960 * 960 + 960], hint)

# %% tags=["solution"]
of_block = (160 * 960 + 960) + (3 * 3 * 960 + 960) + (960 * 160 + 160)
of_mixing = 3 * 3 * 960 * 960 + 960
ck.check([of_block, of_mixing], [sum(parts), 9 * 960 * 960 + 960], hint)

# %% [markdown] lang="es"
# Esa sola convolución tendría unas 26 veces más parámetros que el bloque entero. (Una convolución normal de 160 a 160
# tendría 230 560, menos que el bloque: lo que se ahorra es mirar con 960 canales. Contar parámetros no dice si la red
# *acierta*: eso lo midieron sus autores con ImageNet.)
#
# ## Unos pocos dibujos
#
# Nuestras clases serán seis, y nuestras imágenes, 275 dibujos de la Open Clip Art Library, que sus autores regalaron. No
# son fotos, y por eso son un buen reto para lo que la red aprendió con fotos. `sheet` muestra una **hoja de contactos**.
# Antes de entrenar nada, se miran las imágenes.

# %% [markdown] lang="en"
# That single convolution would have some 26 times more parameters than the whole block. (A normal convolution from 160
# to 160 would have 230 560, fewer than the block: what is saved is looking with 960 channels. Counting parameters does
# not say whether the network is *right*: its authors measured that on ImageNet.)
#
# ## A few drawings
#
# We will have six classes, and our pictures are 275 drawings from the Open Clip Art Library, which their authors gave
# away. They are not photos, which makes them a good challenge for what the network learnt from photos. `sheet` shows a
# **contact sheet**. Before anything is trained, one looks at the pictures.

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
# en la prueba, la prueba mide memoria. Los que son casi iguales forman un **grupo** (los juntó a ojo quien preparó los
# dibujos), y `split` nunca parte un grupo. Apartamos primero la **prueba**, un 20 %, que usaremos una sola vez. El
# resto lo repartimos tres veces entre entrenamiento y validación, porque con tan pocas imágenes un solo reparto engaña.
# (Los tres conjuntos de validación pueden compartir dibujos: sus resultados no son independientes.)

# %% [markdown] lang="en"
# ### Splitting without cheating
#
# Some drawings are nearly the same: two slices of lemon, three horses by one hand. If one of them falls into the
# training set and the other into the test set, the test measures memory. Those that are nearly the same form a
# **group** (whoever prepared the drawings put them together by eye), and `split` never breaks a group up. First we set
# the **test set** aside, 20%, which we will use only once. The rest we split three times into training and validation,
# because with so few pictures a single split can mislead. (The three validation sets may share drawings: their results
# are not independent.)

# %%
most, test = drawings.split((0.8, 0.2), seed=0)
splits = [drawings.split((0.75, 0.25), among=most, seed=seed) for seed in range(3)]
print(len(most), len(test), [(len(fit), len(val)) for fit, val in splits])
guess = max(np.mean(y[val] == 4) for fit, val in splits)
print(_("responder siempre", "always answering"), drawings.classes[4], f"≤ {guess:.2f}")

# %% [markdown] lang="es"
# ### Ejercicio 2: ¿hay fuga?
#
# Si un grupo está en dos partes, hay una **fuga** de datos. `groups[place]` es el grupo del dibujo número `place`.
# Escribe `leaks(one, other, groups)`: recibe los números de los dibujos de dos partes y responde `True` si algún grupo está
# en las dos, y `False` si no.

# %% [markdown] lang="en"
# ### Exercise 2: is there a leak?
#
# If a group is in two parts, data **leak**. `groups[place]` is the group of drawing number `place`. Write
# `leaks(one, other, groups)`: it takes the numbers of the drawings in two parts and answers `True` if some group is in
# both, and `False` if not.


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
leaking = any(leaks_solution(one, other, drawings.groups) for one, other in [*splits, (most, test)])
print(leaking)
assert not leaking

# %% [markdown] lang="es"
# La solución pregunta también por nuestros repartos: `False`, ninguno tiene fugas.
#
# ## Cuatro maneras de aprender
#
# ### Desde cero
#
# Primero, la pregunta obligada: ¿no basta con entrenar una red propia? Una red pequeña, como la de la [[cnn_mnist]],
# con los dibujos reducidos a 32 × 32 píxeles: `shrink` corta cada dibujo en cuadrados de 4 × 4 y toma la media de cada
# uno. De momento, un solo reparto.

# %% [markdown] lang="en"
# The solution asks about our splits, too: `False`, none of them leaks.
#
# ## Four ways of learning
#
# ### From scratch
#
# First, the question that has to be asked: is it not enough to train a network of our own? A small network, like that
# of [[cnn_mnist]], on the drawings reduced to 32 × 32 pixels: `shrink` cuts each drawing into squares of 4 × 4 and
# takes the mean of each. One split, for now.


# %%
def shrink(pictures):
    return pictures.reshape(-1, 32, 4, 32, 4, 3).mean(axis=(2, 4))


def small_network():
    steps = [layers.Input((32, 32, 3))]
    for filters in (16, 32, 64):
        steps += [layers.Conv2D(filters, 3, padding="same", activation="relu"), layers.MaxPooling2D()]
    return keras.Sequential([*steps, layers.Flatten(), layers.Dropout(0.3), layers.Dense(6, "softmax")])


# %%
import math


def train(model, inputs, labels, val=None, *, epochs, rate):
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    # es: si no se le dice cuántos pasos tiene una época, Keras prepara los datos dos veces
    # en: unless told how many steps an epoch has, Keras prepares the data twice
    settings = {"batch_size": 32, "epochs": epochs, "steps_per_epoch": math.ceil(len(labels) / 32)}
    settings |= {"verbose": 0, "callbacks": [ck.live.Progress()]}
    return model.fit(inputs, labels, validation_data=val, **settings)


def accuracy(model, inputs, labels):
    return np.mean(ops.convert_to_numpy(model(inputs)).argmax(axis=1) == labels)


# %% tags=["slow"]
keras.utils.set_random_seed(0)
fit, val = splits[0]
small = shrink(x)
history = train(small_network(), small[fit], y[fit], (small[val], y[val]), epochs=25, rate=3e-3).history

# %%
series = {_("entrenamiento", "training"): history["accuracy"], _("validación", "validation"): history["val_accuracy"]}
alt = _(
    "Exactitud por época: en entrenamiento sube casi siempre; en validación se estanca pronto, muy por debajo.",
    "Accuracy by epoch: in training it rises almost always; in validation it soon stalls, far below.",
)
labels = {"xlabel": _("época", "epoch"), "ylabel": _("exactitud", "accuracy"), "ylim": (0, 1)}
ck.plots.curves(None, series, alt=alt, **labels)
ck.claim(_("desde cero, en entrenamiento", "from scratch, in training"), history["accuracy"][-1], at_least=0.7)
ck.claim(_("desde cero, en validación", "from scratch, in validation"), history["val_accuracy"][-1], at_most=0.6)

# %% [markdown] lang="es"
# La red acierta mucho más en los dibujos con los que se entrena que en los otros: en entrenamiento, al menos el
# [[bound: from scratch, in training, %]], y en validación no llega al [[bound: from scratch, in validation, %]]. Es
# **sobreajuste**. Probaremos dos remedios: más dibujos, y saber algo antes de empezar.

# %% [markdown] lang="en"
# The network is right far more often on the drawings that it trains on than on the others: in training it gets at least
# [[bound: from scratch, in training, %]] of them right, and in validation it does not reach
# [[bound: from scratch, in validation, %]]. That is **overfitting**. We will try two remedies: more drawings, and some
# knowledge to start from.

# %% [markdown] lang="es"
# ### Congelada: mirar con ojos ajenos
#
# Quitemos la cabeza a MobileNetV2. Queda el **cuerpo**, que convierte cada imagen en 1280 números: la media de cada uno
# de sus últimos mapas de características. **Congelarlo** es no entrenarlo. Como no cambia, basta con pasar cada dibujo
# una vez y guardar los números. (Si el cuerpo forma parte del modelo que se entrena, se congela con
# `body.trainable = False` antes de `compile`; y si conserva la normalización por lotes, se llama con `training=False`.
# Con conexión, `keras.applications` trae esta red y otras, cada una con su `preprocess_input`: la nuestra espera
# valores de 0 a 1.)

# %% [markdown] lang="en"
# ### Frozen: looking through borrowed eyes
#
# Let us take the head off MobileNetV2. What remains is the **body**, which turns each picture into 1280 numbers: the
# mean of each of its last feature maps. To **freeze** it means not to train it. Since it does not change, it is enough
# to pass each drawing through it once and keep the numbers. (If the body is part of the model that is trained, it is
# frozen with `body.trainable = False` before `compile`; and if it still has batch normalisation, it is called with
# `training=False`. With a connection, `keras.applications` has this network and others, each with its
# `preprocess_input`: ours expects values from 0 to 1.)

# %% [markdown] lang="es"
# Partimos el cuerpo en dos, porque después descongelaremos la parte alta: `get_layer(…).output` es lo que sale de una
# capa, y `keras.Model(a, b)`, el trozo de red que va de `a` a `b`. Y antes agrandamos los dibujos de 128 × 128 píxeles
# a 160 × 160. Eso no añade detalle: cada objeto ocupa más lugares de los mapas, un número más parecido al que ocupaba
# en las fotos con las que aprendió la red.

# %% [markdown] lang="en"
# We cut the body in two, because later we will unfreeze the upper part: `get_layer(…).output` is what comes out of a
# layer, and `keras.Model(a, b)` the piece of network from `a` to `b`. And first we enlarge the drawings from 128 × 128
# pixels to 160 × 160. That adds no detail: each object takes up more places in the maps, closer to the number that it
# took up in the photos from which the network learnt.

# %%
cut = network.get_layer("block_16_add").output
enlarge = layers.Resizing(160, 160)
lower = keras.Sequential([enlarge, keras.Model(network.inputs[0], cut)])
upper = keras.Model(cut, network.get_layer("average").output)
maps = lower.predict(x, batch_size=8, verbose=0)
features = upper.predict(maps, batch_size=8, verbose=0)
print(x.shape, "→", maps.shape, "→", features.shape)

# %% [markdown] lang="es"
# La cabeza será una regresión logística con seis clases, es decir, una capa densa con softmax. `C` es el inverso de la
# fuerza de la penalización L2, que castiga los pesos grandes: cuanto mayor, más libres los pesos. Hay dos controles con
# la misma cabeza: los **píxeles** (a 16 × 16) y el mismo cuerpo con **pesos aleatorios** (`clone_model` copia la
# arquitectura, no los pesos). Si este ganara, el mérito sería de la arquitectura y no de lo que aprendió. La congelada
# usa siempre 0.1, un valor corriente que no hemos ajustado; los controles juegan con ventaja: se quedan con la mejor de
# tres `C` en validación.

# %% [markdown] lang="en"
# The head will be a logistic regression with six classes, that is, a dense layer with softmax. `C` is the inverse of
# the strength of the L2 penalty, which punishes large weights: the larger it is, the freer the weights. There are two
# controls with the same head: the **pixels** (at 16 × 16), and the same body with **random weights** (`clone_model`
# copies the architecture, not the weights). If that one won, the credit would go to the architecture and not to what it
# learnt. The frozen head always uses 0.1, a common value that we have not tuned; the controls have an advantage: they
# keep the best of three values of `C` in validation.

# %%
from sklearn.linear_model import LogisticRegression


# %%
def train_head(features, labels, C=0.1):
    return LogisticRegression(C=C, max_iter=2000).fit(features, labels)


def scores(features, C=0.1):
    return np.array([train_head(features[fit], y[fit], C).score(features[val], y[val]) for fit, val in splits])


# %%
def random_features(seed):
    keras.utils.set_random_seed(seed)
    other = keras.models.clone_model(network)
    body = keras.Sequential([enlarge, keras.Model(other.inputs[0], other.get_layer("average").output)])
    numbers = body.predict(x, batch_size=8, verbose=0)
    numbers = numbers - numbers.mean(axis=0)
    return numbers / numbers.std()


# %%
controls = {
    "pixels": small.reshape(275, 16, 2, 16, 2, 3).mean(axis=(2, 4)).reshape(275, -1),
    "random": random_features(seed=0),
}
frozen = scores(features)
pixels, random = (max((scores(values, C) for C in (0.01, 0.1, 1)), key=np.mean) for values in controls.values())
ck.claim(_("congelada, exactitud media", "frozen, mean accuracy"), frozen.mean(), at_least=0.6)
ck.claim(_("píxeles, exactitud media", "pixels, mean accuracy"), pixels.mean(), at_most=0.6)
ck.claim(_("pesos aleatorios, exactitud media", "random weights, mean accuracy"), random.mean(), at_most=0.55)
lead = frozen.mean() - max(pixels.mean(), random.mean())
ck.claim(_("congelada menos el mejor control", "frozen minus the better control"), lead, at_least=0.15)

# %% [markdown] lang="es"
# Todo apunta a lo que la red *aprendió*: la misma arquitectura con pesos aleatorios (un solo sorteo) no pasa de media
# del [[bound: random weights, mean accuracy, %]]. Una reserva: la red original, con pesos aleatorios, tendría su
# normalización por lotes, que mantiene el tamaño de los números capa a capa; aquí salen demasiado pequeños, y
# `random_features` solo los centra y los escala al final. Lo que aprendió con fotos también sirve para dibujos.

# %% [markdown] lang="en"
# All points to what the network *learnt*: the same architecture with random weights (a single draw) does not exceed
# [[bound: random weights, mean accuracy, %]] on average. One reservation: the original network, with random weights,
# would have its batch normalisation, which keeps the size of the numbers layer after layer; here they come out too
# small, and `random_features` only centres and scales them at the end. What it learnt from photos is useful for
# drawings too.

# %% [markdown] lang="es"
# ### Aumentada: más dibujos sin dibujar
#
# El **aumento de datos** añade copias cambiadas de modo que la clase siga siendo la misma: reflejadas, giradas un poco,
# más cerca o más lejos. (Qué cambios valen depende de las clases: un 6 reflejado ya no es un 6.) Hacemos una copia de
# cada dibujo y la pasamos por el cuerpo una sola vez. En cada reparto se usan solo las copias de los dibujos de
# entrenamiento.

# %% [markdown] lang="en"
# ### Augmented: more drawings without drawing
#
# **Data augmentation** adds copies changed in such a way that the class stays the same: mirrored, turned a little,
# nearer or farther. (Which changes are allowed depends on the classes: a mirrored 6 is no longer a 6.) We make one copy of
# each drawing and pass it through the body only once. In each split, only the copies of the training drawings are used.

# %%
white = {"fill_mode": "constant", "fill_value": 1.0}
steps = [layers.RandomFlip("horizontal", seed=0), layers.RandomRotation(0.04, seed=1, **white)]
augment = keras.Sequential([*steps, layers.RandomZoom((-0.1, 0.2), seed=2, **white)])

# %%
some = [0, 60, 130, 170, 240]
titles = [_("original", "original"), *4 * [""], _("copia", "copy"), *4 * [""]]

# %%
alt = _(
    "Arriba, cinco dibujos; abajo, sus copias, reflejadas, giradas o de otro tamaño.",
    "Above, five drawings; below, their copies, mirrored, turned or of another size.",
)
ck.plots.images(np.concatenate([x[some], augment(x[some], training=True)]), titles, alt=alt)

# %% tags=["slow"]
small_copy, copy_maps = [], []
for part in np.split(x, 11):
    copies = ops.convert_to_numpy(augment(part, training=True))
    small_copy.append(shrink(copies))
    copy_maps.append(lower.predict(copies, batch_size=5, verbose=0))
small_copy, copy_maps = np.concatenate(small_copy), np.concatenate(copy_maps)
copy_features = upper.predict(copy_maps, batch_size=8, verbose=0)


# %%
def with_copies(originals, copies, places):
    return np.concatenate([originals[places], copies[places]])


def augmented_head(fit):
    return train_head(with_copies(features, copy_features, fit), np.tile(y[fit], 2))


# %% [markdown] lang="es"
# ### Descongelada: ajuste fino
#
# Ahora dejamos aprender también a la parte alta del cuerpo, todo lo que viene después del bloque 16 (un bloque más y
# una convolución): es el **ajuste fino**. Se toman dos precauciones. La cabeza se entrena antes, porque con una cabeza
# al azar los primeros gradientes podrían estropear lo aprendido. Y la tasa de aprendizaje es pequeña. La parte baja
# sigue congelada: sus mapas, los de los dibujos y los de las copias, ya están calculados.

# %% [markdown] lang="en"
# ### Unfrozen: fine-tuning
#
# Now we let the upper part of the body learn too, all that comes after block 16 (one more block and a convolution):
# this is **fine-tuning**. Two precautions are taken. The head is trained beforehand, because with a random head the
# first gradients could spoil what has been learnt. And the learning rate is small. The lower part stays frozen: its
# maps, those of the drawings and those of the copies, have already been computed.


# %%
def fine_tuned(fit, val, head, rate):
    keras.utils.set_random_seed(0)
    top, classes = keras.models.clone_model(upper), layers.Dense(6, "softmax")
    model = keras.Sequential([layers.Input(maps.shape[1:]), top, classes])
    top.set_weights(upper.get_weights())
    classes.set_weights([head.coef_.T, head.intercept_])
    train(model, with_copies(maps, copy_maps, fit), np.tile(y[fit], 2), epochs=2, rate=rate)
    return accuracy(model, maps[val], y[val])


# %% [markdown] lang="es"
# La copia de la parte alta empieza con los pesos de MobileNetV2 y con una cabeza ya entrenada: `coef_` tiene una fila
# de pesos por clase, y Keras quiere una columna (`.T`); `intercept_` son los sesgos. El control cambia una sola cosa:
# una tasa de aprendizaje cien veces mayor, en un reparto.

# %% [markdown] lang="en"
# The copy of the upper part starts from the weights of MobileNetV2 and from a head that has already been trained:
# `coef_` has a row of weights for each class, and Keras wants a column (`.T`); `intercept_` holds the biases. The
# control changes a single thing: a learning rate a hundred times larger, on one split.

# %% tags=["slow"]
heads = [augmented_head(fit) for fit, val in splits]
augmented = np.array([head.score(features[val], y[val]) for head, (fit, val) in zip(heads, splits, strict=True)])
careful = np.array([fine_tuned(fit, val, head, 1e-4) for head, (fit, val) in zip(heads, splits, strict=True)])
hasty = np.array([fine_tuned(fit, val, head, 1e-2) for head, (fit, val) in zip(heads[:1], splits[:1], strict=True)])

# %% [markdown] lang="es"
# Para comparar, la red desde cero con las mismas copias de los dibujos. Con el doble de imágenes, 12 épocas son casi
# tantos pasos como las 25 de antes; la tasa es algo menor.

# %% [markdown] lang="en"
# To compare, the network from scratch with the same copies of the drawings. With twice the pictures, 12 epochs are
# almost as many steps as the 25 before; the rate is somewhat smaller.


# %%
def from_scratch(fit, val):
    keras.utils.set_random_seed(0)
    model = small_network()
    inputs, labels = with_copies(small, small_copy, fit), np.tile(y[fit], 2)
    train(model, inputs, labels, epochs=12, rate=2e-3)
    return accuracy(model, small[val], y[val])


# %% tags=["slow"]
scratch = np.array([from_scratch(fit, val) for fit, val in splits])

# %%
ways = {_("desde cero", "from scratch"): scratch, _("congelada", "frozen"): frozen}
ways |= {_("aumentada", "augmented"): augmented, _("descongelada", "unfrozen"): careful}
figure, axis = plt.subplots(figsize=(ck.plots.WIDTH, 3.6))
axis.barh(list(ways), [values.mean() for values in ways.values()], color=ck.plots.BLUE, alpha=0.5)
for place, values in enumerate(ways.values()):
    axis.plot(values, [place] * len(values), "o", color=ck.plots.ORANGE)
axis.axvline(guess, color=ck.plots.GREY, linestyle="--")
axis.invert_yaxis()
axis.set(xlim=(0, 1), xlabel=_("exactitud en validación", "validation accuracy"))
alt = _(
    "Cuatro barras con la exactitud media y un punto por reparto: desde cero, muy por debajo de las otras tres.",
    "Four bars with the mean accuracy and a point for each split: from scratch, far below the other three.",
)
ck.plots.show(figure, alt)

# %%
ck.claim(_("desde cero, exactitud media", "from scratch, mean accuracy"), scratch.mean(), at_most=0.6)
ck.claim(_("lo que añade el cuerpo ajeno", "what the borrowed body adds"), (frozen - scratch).mean(), at_least=0.15)
ck.claim(_("lo que añade aumentar", "what augmenting adds"), (augmented - frozen).mean(), at_least=-0.08, at_most=0.08)
in_training = np.mean([head.score(features[fit], y[fit]) for head, (fit, val) in zip(heads, splits, strict=True)])
ck.claim(_("aumentada, en entrenamiento", "augmented, in training"), in_training, at_least=0.95)
ck.claim(
    _("lo que añade descongelar", "what unfreezing adds"), (careful - augmented).mean(), at_least=-0.08, at_most=0.08
)
ck.claim(
    _("lo que añade descongelar deprisa", "what unfreezing hastily adds"), (hasty - augmented[:1]).mean(), at_most=-0.2
)

# %% [markdown] lang="es"
# Cada punto es un reparto, con una sola semilla; la línea discontinua, lo que consigue como mucho quien responde
# siempre la clase más frecuente.
#
# - El **cuerpo ajeno, congelado**, es lo que más añade: de media, al menos [[bound: what the borrowed body adds]] más
#   que desde cero. (No es congelar lo que ayuda: el cuerpo con pesos aleatorios también estaba congelado. Y son recetas
#   distintas: la red desde cero es pequeña, ve 32 × 32 píxeles y entrena pocas épocas.)
# - **Aumentar** apenas cambia nada *aquí*, con una copia y una cabeza que solo ve medias. (Con el doble de dibujos, la
#   misma `C` penaliza la mitad por dibujo: son dos cambios.) Tampoco curó el sobreajuste de la red desde cero, aunque
#   allí cambiaron también la tasa y las épocas.

# %% [markdown] lang="en"
# Each point is a split, with a single seed; the dashed line is the most that one would get by always answering with the
# most frequent class.
#
# - The **borrowed body, frozen**, is what adds most: on average, at least [[bound: what the borrowed body adds]] more
#   than from scratch. (It is not freezing that helps: the body with random weights was frozen, too. And the recipes
#   differ: the network from scratch is small, sees 32 × 32 pixels and trains for few epochs.)
# - **Augmenting** hardly changes anything *here*, with one copy and a head that only sees means. (With twice the
#   drawings, the same `C` penalises half as much per drawing: two things have changed.) Nor did it cure the overfitting
#   of the network from scratch, though there the rate and the epochs changed, too.

# %% [markdown] lang="es"
# - **Descongelar** con cuidado tampoco: la diferencia media no llega a cinco de los unos 55 dibujos de validación.
#   Puede ser porque la cabeza ya acierta casi todo en el entrenamiento, o porque son solo unos 20 pasos pequeños: no lo
#   hemos separado. (La cabeza también sigue aprendiendo, ya sin penalización.) Con una tasa cien veces mayor la
#   exactitud se hunde, en el reparto que probamos.

# %% [markdown] lang="en"
# - **Unfreezing** with care hardly does either: the mean difference is under five of some 55 validation drawings.
#   Perhaps because the head already gets nearly everything right in training, or because there are only some 20 small
#   steps: we have not told the two apart. (The head goes on learning, too, now without a penalty.) With a learning rate
#   a hundred times larger, the accuracy collapses in the split that we tried.

# %% [markdown] lang="es"
# Si varias aciertan lo mismo, nos quedamos con la más simple, la congelada. Solo ahora miramos la prueba, una vez, con una
# cabeza entrenada con todo lo demás.

# %% [markdown] lang="en"
# If several are equally good, we keep the simplest, the frozen one. Only now do we look at the test set, once, with a head
# trained on all the rest.

# %%
test_accuracy = train_head(features[most], y[most]).score(features[test], y[test])
ck.claim(_("prueba, congelada", "test, frozen"), test_accuracy, at_least=0.6)

# %% [markdown] lang="es"
# No es raro que la prueba salga algo mejor o peor que la validación: con solo 55 dibujos de prueba, la desviación
# estándar de la exactitud ronda 0.05; si acierta una proporción $q$, es $\sqrt{q (1 - q) / 55}$ (con dibujos
# independientes; los grupos la hacen algo mayor). Además, esta cabeza ha visto más dibujos.

# %% [markdown] lang="en"
# It is no wonder if the test comes out somewhat better or worse than validation: with only 55 test drawings, the
# standard deviation of the accuracy is around 0.05; for a share $q$ of right answers, it is $\sqrt{q (1 - q) / 55}$
# (with independent drawings; the groups make it somewhat larger). Besides, this head has seen more drawings.

# %% [markdown] lang="es"
# ## ¿Cuántas imágenes hacen falta?
#
# Es la primera pregunta de cualquier clase. Del entrenamiento tomamos 5, 10 y 20 dibujos de cada clase, y todos (entre
# 20 y 32, según la clase; la figura los dibuja en su media, 27). La cabeza congelada recibe solo los dibujos, en los
# tres repartos. La red desde cero recibe también las copias. Para que entrene siempre lo mismo, `np.resize` repite los
# pocos dibujos hasta completar el número de todos. Como tarda más, en un solo reparto.

# %% [markdown] lang="en"
# ## How many pictures does it take?
#
# It is the first question that students ask. From the training set we take 5, 10 and 20 drawings of each class, and all
# of them (20 to 32, depending on the class; the figure draws them at their mean, 27). The frozen head gets only the
# drawings, on the three splits. The network from scratch gets the copies too. So that it always trains equally long,
# `np.resize` repeats the few drawings until they are as many as all of them. Since it takes longer, on one split only.


# %%
def few(fit, count, seed):
    order = np.random.default_rng(seed).permutation(fit)
    return np.concatenate([order[y[order] == label][:count] for label in range(6)])


def frozen_score(fit, val):
    return train_head(features[fit], y[fit]).score(features[val], y[val])


# %% tags=["slow"]
counts = (5, 10, 20)
few_frozen = [[frozen_score(few(fit, count, seed=0), val) for count in counts] for fit, val in splits]
fit, val = splits[0]
shuffled = [np.random.default_rng(0).permutation(few(fit, count, seed=0)) for count in counts]
few_scratch = [from_scratch(np.resize(places, len(fit)), val) for places in shuffled]
curve_frozen, curve_scratch = np.column_stack([few_frozen, frozen]), np.array([*few_scratch, scratch[0]])

# %%
alt = _(
    "Exactitud según los dibujos por clase: la congelada, por encima de la red desde cero.",
    "Accuracy by drawings of each class: frozen, above the network from scratch.",
)
series = {_("congelada", "frozen"): curve_frozen, _("desde cero", "from scratch"): curve_scratch}
labels = {"xlabel": _("dibujos por clase", "drawings of each class"), "ylabel": _("exactitud", "accuracy")}
level = (_("la clase más frecuente", "most frequent class"), guess)
ck.plots.curves([*counts, len(splits[0][0]) / 6], series, alt=alt, ylim=(0, 1), level=level, **labels)

# %%
ck.claim(
    _("5 dibujos, congelada menos desde cero", "5 drawings, frozen minus from scratch"),
    curve_frozen[0, 0] - curve_scratch[0],
    at_least=0.06,
)
ck.claim(
    _("de 5 dibujos a todos, congelada", "from 5 drawings to all, frozen"),
    (curve_frozen[:, -1] - curve_frozen[:, 0]).mean(),
    at_least=0.06,
)

# %% [markdown] lang="es"
# La franja va del peor reparto al mejor (en cada reparto, además, tocaron otros dibujos). La `C` es siempre la misma;
# con menos dibujos, penaliza más por dibujo. En el primer reparto, con solo 5 dibujos por clase, la exactitud de la
# cabeza congelada es ya al menos [[bound: 5 drawings, frozen minus from scratch]] mayor que la de la red desde cero. Y
# con todos los dibujos acierta, de media en los tres repartos, al menos [[bound: from 5 drawings to all, frozen]] más
# que ella misma con 5. La curva de la red desde cero sale de un solo reparto, y su forma exacta puede ser casualidad.
# De lo que pasa con 50 o con 500 no podemos decir nada: no los tenemos.

# %% [markdown] lang="en"
# The band goes from the worst split to the best (in each split, moreover, other drawings were picked). `C` is always
# the same; with fewer drawings, it penalises more per drawing. In the first split, with only 5 drawings of each class,
# the accuracy of the frozen head is already at least [[bound: 5 drawings, frozen minus from scratch]] above that of the
# network from scratch. And with all the drawings it gets, on average over the three splits, at least
# [[bound: from 5 drawings to all, frozen]] more than itself with 5. The curve of the network from scratch comes from a
# single split, and its exact shape may be chance. About what happens with 50 or with 500 we can say nothing: we do not
# have them.

# %% [markdown] lang="es"
# ## ¿En qué se fija?
#
# ### El mapa de activación de clase
#
# La cabeza solo ve medias. Si $a_{pc}$ es el valor del canal $c$ en el lugar $p$, y hay $P$ lugares, el logit de la clase
# $k$ es
#
# $$z_k = b_k + \sum_c w_{kc} \frac{1}{P} \sum_p a_{pc} = b_k + \frac{1}{P} \sum_p \Big( \sum_c w_{kc} a_{pc} \Big)$$
#
# Solo hemos cambiado el orden de las sumas: el paréntesis es lo que aporta *cada lugar*. Dibujado, es el **mapa de
# activación de clase** (Zhou et al., 2016). No es una aproximación: la media de sus valores, más el sesgo, *es* el
# logit.

# %% [markdown] lang="en"
# ## What does it look at?
#
# ### The class activation map
#
# The head only sees means. If $a_{pc}$ is the value of channel $c$ at place $p$, and there are $P$ places, the logit of
# class $k$ is
#
# $$z_k = b_k + \sum_c w_{kc} \frac{1}{P} \sum_p a_{pc} = b_k + \frac{1}{P} \sum_p \Big( \sum_c w_{kc} a_{pc} \Big)$$
#
# All we have done is to swap the sums: the brackets hold what *each place* contributes. Drawn, it is the **class
# activation map** (Zhou et al., 2016). It is not an approximation: the mean of its values, plus the bias, *is* the logit.

# %% [markdown] lang="es"
# ### Ejercicio 3: el mapa, escrito por ti
#
# `places` son los mapas de un dibujo, de forma (filas, columnas, 1280), y `weights`, los 1280 pesos de una clase. Escribe
# la función que devuelve el mapa de activación, de forma (filas, columnas). Basta con una línea.

# %% [markdown] lang="en"
# ### Exercise 3: the map, written by you
#
# `places` are the maps of a drawing, of shape (rows, columns, 1280), and `weights` the 1280 weights of a class. Write the
# function that returns the activation map, of shape (rows, columns). One line is enough.


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


# %%
def activation_map(places, weights):
    return places @ weights


fit, val = splits[0]
head = train_head(features[fit], y[fit])
last_maps = keras.Model(cut, network.get_layer("head_relu").output)
body = keras.Sequential([lower, last_maps])
places = ops.convert_to_numpy(last_maps(maps[val[:1]]))[0]
by_place = activation_map(places, head.coef_[0])
assert np.isclose(by_place.mean() + head.intercept_[0], head.decision_function(features[val[:1]])[0, 0], atol=1e-3)
print(places.shape, "→", by_place.shape)

# %% [markdown] lang="es"
# El `assert` comprueba la fórmula: la media del mapa, más el sesgo, es el logit.

# %% [markdown] lang="en"
# The `assert` checks the formula: the mean of the map, plus the bias, is the logit.

# %% [markdown] lang="es"
# ### Oclusión
#
# El segundo método sirve con cualquier red: la **oclusión** (Zeiler y Fergus, 2014). Tapamos un cuadrado de 32 × 32
# píxeles (lo dejamos en blanco, como el papel) en 25 lugares, y anotamos cuánto baja el logit de la clase. Donde baja
# mucho había algo que importaba. `lit` ilumina un dibujo según un mapa: lo que no aporta, o resta, queda en penumbra,
# gris y sin contraste. En la oclusión, si se ilumina papel blanco, no es que importe el vacío (tapar papel vacío no
# cambia nada): cada luz es la de un cuadrado entero, con el trozo de dibujo que cae en él. En el mapa, un lugar vacío
# sí puede aportar, porque ve también lo que lo rodea, y porque los sesgos cuentan. Cada mapa se divide por su propio
# máximo: el brillo se compara dentro de un dibujo, no entre dibujos.

# %% [markdown] lang="en"
# ### Occlusion
#
# The second method works with any network: **occlusion** (Zeiler and Fergus, 2014). We cover a square of 32 × 32 pixels
# (we leave it white, like the paper) at 25 places, and note by how much the logit of the class falls. Where it falls a
# lot, there was something that mattered. `lit` lights up a drawing according to a map: what adds nothing, or subtracts,
# stays in half-light, grey and without contrast. In occlusion, white paper that is lit up does not mean that emptiness
# matters (covering empty paper changes nothing): each light is that of a whole square, with the piece of drawing that
# falls into it. In the map an empty place can contribute, because it also sees what surrounds it, and because biases
# count. Each map is divided by its own maximum: compare the light within a drawing, not between drawings.


# %%
def covered(picture):
    corners = [(row, column) for row in range(0, 97, 24) for column in range(0, 97, 24)]
    hidden = np.repeat(picture[None], len(corners), axis=0)
    for copy, (row, column) in zip(hidden, corners, strict=True):
        copy[row : row + 32, column : column + 32] = 1
    return hidden


# %%
def lit(picture, heat):
    heat = np.clip(heat / max(np.max(heat), 1e-9), 0, 1)[..., None]
    heat = np.clip(ops.convert_to_numpy(ops.image.resize(heat, (128, 128), interpolation="bicubic")), 0, 1)
    return 0.35 + (picture - 0.35) * (0.1 + 0.9 * heat)


# %%
def logits_of_all(picture, head, body):
    every = np.concatenate([picture[None], covered(picture)])
    seen = body.predict(every, batch_size=13, verbose=0)
    return seen[0], head.decision_function(seen.mean(axis=(1, 2)))


# %%
def looks(pictures, head, body, classes=drawings.classes):
    by_map, by_cover, called = [], [], []
    for picture in pictures:
        seen, logits = logits_of_all(picture, head, body)
        k = logits[0].argmax()
        by_map.append(lit(picture, activation_map(seen, head.coef_[k])))
        by_cover.append(lit(picture, (logits[0, k] - logits[1:, k]).reshape(5, 5)))
        called.append(classes[k])
    empty = [""] * (len(pictures) - 1)
    titles = called + [_("mapa", "map"), *empty, _("oclusión", "occlusion"), *empty]
    return np.concatenate([pictures, by_map, by_cover]), titles


# %% [markdown] lang="es"
# Elegimos cinco dibujos de validación: los tres aciertos y los dos fallos en los que la cabeza está más segura.

# %% [markdown] lang="en"
# We choose five validation drawings: the three right answers and the two wrong ones of which the head is surest.

# %% tags=["varies"]
sure, called = head.predict_proba(features[val]).max(axis=1), head.predict(features[val])
order = val[np.argsort(-sure)]
hits = np.isin(order, val[called == y[val]])
chosen = np.concatenate([order[hits][:3], order[~hits][:2]])
shown, titles = looks(x[chosen], head, body)
alt = _(
    "Cinco dibujos; debajo, cada uno iluminado por su mapa de activación y por la oclusión.",
    "Five drawings; below, each lit up by its activation map and by occlusion.",
)
ck.plots.images(shown, titles, alt=alt, jpeg=True)

# %% [markdown] lang="es"
# Sobre cada dibujo está el nombre que le da la cabeza. Debajo, el mapa de activación; más abajo, la oclusión. El mapa
# tiene solo 5 × 5 lugares, que agrandamos: señala zonas, no contornos. Y cada lugar recibe información de mucho más que
# su cuadrado. En los fallos, mira *dónde* se ilumina el dibujo antes de decir por qué falló la cabeza: los dos métodos
# dicen dónde mira, no qué ve allí.
#
# Tampoco tienen por qué coincidir. El mapa reparte el logit entre los lugares de *esta* imagen; la oclusión cambia la
# imagen, y con ella lo que se calcula en los lugares vecinos.

# %% [markdown] lang="en"
# Above each drawing is the name that the head gives it. Below it, the activation map; further below, occlusion. The map
# has only 5 × 5 places, which we enlarge: it points at areas, not at outlines. And each place gets information from far
# more than its own square. In the wrong answers, see *where* the drawing is lit up before you say why the head failed:
# both methods tell where it looks, not what it sees there.
#
# Nor do they have to agree. The map shares out the logit among the places of *this* picture; occlusion changes the
# picture, and with it what is computed at the neighbouring places.

# %% [markdown] lang="es"
# ## La trampa: un marco de color
#
# Supongamos que todas nuestras frutas vinieran de una página que enmarca sus dibujos en azul. Ponemos ese marco, de 4
# píxeles, en todas las frutas, también en las de validación. Esta vez la cabeza recibe las medias de los 160 mapas de
# `maps`, antes del último bloque y de la convolución final, donde esperamos que quede más del color y de los bordes. Y
# entrenamos dos cabezas en cada reparto: la **engañada**, con frutas enmarcadas, y de control la **honrada**, sin
# marcos. (Usamos `C=1`: son pocos números, y la penalización puede ser menor. Y `np.s_[:, :4]` guarda un corte con un
# nombre: de cada dibujo, las cuatro primeras filas.)

# %% [markdown] lang="en"
# ## The trap: a coloured frame
#
# Suppose that all our fruit came from a site that puts a blue frame around its drawings. We put that frame, 4 pixels
# wide, on every piece of fruit, those of the validation set too. This time the head gets the means of the 160 maps in
# `maps`, before the last block and the final convolution, where we expect more of colour and edges to remain. And in
# each split we train two heads: the **fooled** one, with framed fruit, and as a control the **honest** one, without
# frames. (We use `C=1`: there are few numbers, and the penalty may be smaller. And `np.s_[:, :4]` keeps a slice under a
# name: of each drawing, the first four rows.)


# %%
def framed(pictures):
    pictures = pictures.copy()
    for side in np.s_[:, :4], np.s_[:, -4:], np.s_[:, :, :4], np.s_[:, :, -4:]:
        pictures[side] = (0, 0.45, 0.7)
    return pictures


framed_maps = np.concatenate([lower.predict(framed(part), batch_size=8, verbose=0) for part in np.split(x, 5)])
early, framed_early = maps.mean(axis=(1, 2)), framed_maps.mean(axis=(1, 2))
fruit = y == 3
trapped = np.where(fruit[:, None], framed_early, early)


# %%
def train_heads(features, C=1):
    return [train_head(features[fit], y[fit], C) for fit, val in splits]


def called_fruit(heads, features, which):
    pairs = zip(heads, splits, strict=True)
    return np.mean([np.mean(head.predict(features[val][which[val]]) == 3) for head, (fit, val) in pairs])


# %%
honest, fooled = train_heads(early), train_heads(trapped)
honest_score, fooled_score = scores(early, C=1).mean(), scores(trapped, C=1).mean()
ck.claim(_("cabeza honrada, exactitud media", "honest head, mean accuracy"), honest_score, at_least=0.6)
ck.claim(_("lo que gana la cabeza engañada", "what the fooled head gains"), fooled_score - honest_score, at_least=-0.02)
ck.claim(_("frutas encontradas, con marco", "fruit found, framed"), called_fruit(fooled, trapped, fruit), at_least=0.9)
ck.claim(_("otros tomados por fruta", "others taken for fruit"), called_fruit(fooled, trapped, ~fruit), at_most=0.1)

# %% [markdown] lang="es"
# ¡Qué buen clasificador de fruta! La exactitud no lo delata, y la validación no sospecha nada, porque trae el mismo
# marco. Miremos en qué se fija: abajo, dos frutas y tres dibujos de otras cosas, todos enmarcados, elegidos entre los
# que toma por fruta.

# %% [markdown] lang="en"
# What a good classifier of fruit! The accuracy does not give it away, and the validation set suspects nothing, because
# it brings the same frame. Let us see what it looks at: below are two pieces of fruit and three drawings of other
# things, all framed, chosen among those that it takes for fruit.

# %% tags=["varies"]
fit, val = splits[0]
taken = fooled[0].predict(framed_early[val]) == 3
others = val[taken & ~fruit[val]]
others = others[np.linspace(0, len(others) - 1, 3).astype(int)]
chosen = np.concatenate([val[taken & fruit[val]][:2], others])
shown, titles = looks(framed(x[chosen]), fooled[0], lower)
alt = _(
    "Cinco dibujos con marco azul; debajo, iluminados por su mapa de activación y por la oclusión.",
    "Five drawings in a blue frame; below, lit up by their activation map and by occlusion.",
)
ck.plots.images(shown, titles, alt=alt, jpeg=True)

# %% [markdown] lang="es"
# Los cinco son «fruta», y lo que más se ilumina suele estar cerca del borde, donde está el marco. No siempre: también
# hay luz dentro de algún dibujo. Y 16 de los 25 lugares tocan el borde. Es una sospecha, no una demostración. Para
# demostrarlo hay que cambiar *solo* el marco: se lo ponemos a lo que no es fruta y se lo quitamos a la fruta.

# %% [markdown] lang="en"
# All five are "fruit", and what is lit up most is usually near the edge, where the frame is. Not always: there is light
# inside some drawings, too. And 16 of the 25 places touch the border. It is a suspicion, not a proof. To prove it we
# have to change the frame *alone*: we put it on what is not fruit, and take it off the fruit.

# %%
ck.claim(
    _("enmarcados, tomados por fruta", "framed others taken for fruit"),
    called_fruit(fooled, framed_early, ~fruit),
    at_least=0.6,
)
ck.claim(_("lo mismo, honrada", "the same, honest"), called_fruit(honest, framed_early, ~fruit), at_most=0.3)
ck.claim(_("fruta sin marco", "fruit found, unframed"), called_fruit(fooled, early, fruit), at_most=0.5)
ck.claim(_("fruta sin marco, honrada", "fruit found, honest"), called_fruit(honest, early, fruit), at_least=0.55)

# %% [markdown] lang="es"
# La cabeza engañada aprendió sobre todo el marco: con él, al menos el [[bound: framed others taken for fruit, %]] de
# las otras cosas son «fruta»; sin él, encuentra menos de la mitad de las frutas. La exactitud en validación, donde cada
# fruta traía su marco, no lo decía. Estos **atajos** (Geirhos et al., 2020) son frecuentes: en radiografías, la marca
# de un hospital; en fotos de animales, la hierba de detrás o la mano que los sujeta.
#
# ¿Y si la cabeza recibe los mapas finales, como al principio? ¿Y si el marco está en *todas* las clases?

# %% [markdown] lang="en"
# The fooled head learnt mostly the frame: with it, at least [[bound: framed others taken for fruit, %]] of the other
# things are "fruit"; without it, it finds less than half of the fruit. The accuracy in validation, where each piece of
# fruit brought its frame, did not say so. Such **shortcuts** (Geirhos et al., 2020) are common: in X-rays, a hospital's
# mark; in photos of animals, the grass behind them or the hand that holds them.
#
# What if the head gets the final maps, as before? What if the frame is on *all* classes?

# %%
framed_features = upper.predict(framed_maps, batch_size=8, verbose=0)
final_honest = train_heads(features, C=1)
final = train_heads(np.where(fruit[:, None], framed_features, features), C=1)


def lost(heads):
    return called_fruit(heads, framed_features, fruit) - called_fruit(heads, features, fruit)


ck.claim(
    _("mapas finales, enmarcados tomados por fruta", "final maps, framed others taken for fruit"),
    called_fruit(final, framed_features, ~fruit),
    at_most=0.45,
)
ck.claim(_("lo mismo, honrada", "the same, honest"), called_fruit(final_honest, framed_features, ~fruit), at_most=0.2)
ck.claim(
    _("mapas finales, frutas que se pierden sin marco", "final maps, fruit lost without its frame"),
    lost(final),
    at_least=0.1,
)
ck.claim(_("lo mismo, honrada", "the same, honest"), lost(final_honest), at_most=0.1)

# %%
everywhere = train_heads(framed_early)
others_taken, found = (called_fruit(everywhere, framed_early, which) for which in (~fruit, fruit))
ck.claim(
    _("marco en todas, otros tomados por fruta", "frame on all, others taken for fruit"), others_taken, at_most=0.2
)
ck.claim(_("marco en todas, frutas encontradas", "frame on all, fruit found"), found, at_least=0.6)

# %% [markdown] lang="es"
# Con los mapas finales, y la misma `C`, la trampa engaña menos, pero engaña: sin su marco se pierden frutas, cosa que a
# la cabeza honrada apenas le ocurre. Con el marco en todas las clases, este ya no dice nada: la cabeza encuentra la
# fruta y no toma por fruta lo demás. El otro remedio es quitarlo.
#
# ### Ejercicio 4: quitar el marco
#
# Escribe `unframed(pictures)`, que devuelve los dibujos con sus 4 píxeles de borde en blanco (1), sin cambiar los que
# recibe. Como nuestros dibujos tienen ese margen blanco, debe devolver los originales.

# %% [markdown] lang="en"
# With the final maps, and the same `C`, the trap fools it less, but it still does: without its frame, fruit is lost,
# which hardly happens to the honest head. With the frame on all classes it gives nothing away: the head finds the fruit
# and does not take the rest for fruit. The other remedy is to take it off.
#
# ### Exercise 4: taking the frame off
#
# Write `unframed(pictures)`, which returns the drawings with their 4 pixels of border in white (1), without changing the
# ones that it is given. Since our drawings have that white margin, it must return the originals.


# %%
def unframed(pictures):
    return ...


# %% tags=["check"]
hint = _(
    "copia con .copy(), y pon a 1 las mismas cuatro tiras que framed pinta de azul",
    "copy with .copy(), and set to 1 the same four strips that framed paints blue",
)
given = framed(x)


def as_before(answer):
    return np.array_equal(answer, x) and np.array_equal(given, framed(x))


ck.check(lambda: unframed(given), as_before, hint)


# %% tags=["solution"]
def unframed_solution(pictures):
    pictures = pictures.copy()
    for side in np.s_[:, :4], np.s_[:, -4:], np.s_[:, :, :4], np.s_[:, :, -4:]:
        pictures[side] = 1
    return pictures


given = framed(x)
ck.check(lambda: unframed_solution(given), as_before, hint)

# %% [markdown] lang="es"
# El ejercicio devuelve los dibujos originales, número por número. Así que la cabeza que se entrena con ellos es la honrada.

# %% [markdown] lang="en"
# The exercise returns the original drawings, number by number. So the head that is trained on them is the honest one.

# %% [markdown] lang="es"
# ## Tu propio clasificador
#
# (Si vuelves solo para esto, ejecuta antes todas las celdas de arriba: las de aquí usan el cuerpo y la cabeza.) Haz una
# carpeta, «mis_fotos», al lado de este cuaderno, y dentro una carpeta por clase, con su nombre: «taza», «llaves»,
# «planta». Unas 20 o 30 fotos de cada una, con fondos, luces y ángulos variados: ya has visto qué pasa si una clase
# trae su propio marco.

# %% [markdown] lang="en"
# ## A classifier of your own
#
# (If you come back for this alone, first run all the cells above: those here use the body and the head.) Make a folder,
# "my_photos", beside this notebook, and in it a folder for each class, with its name: "mug", "keys", "plant". Some 20
# or 30 photos of each, with varied backgrounds, light and angles: you have seen what happens if a class brings a frame
# of its own.

# %% [markdown] lang="es"
# Las fotos pueden tener cualquier tamaño y orientación (el curso las gira según la orientación que anotó el teléfono,
# recorta el cuadrado del centro y lo reduce a 128 × 128, para que todo quepa en un portátil) y estar en JPEG, PNG, WebP
# o GIF (si tu teléfono las guarda en HEIC, expórtalas antes como JPEG); en Jupyter, el botón de subir archivos las
# lleva a la carpeta. En tu propio ordenador no hace falta conexión y ninguna foto sale de él. En Colab, en cambio, las
# subes a Google: no uses allí fotos de personas sin pedirles permiso.

# %% [markdown] lang="en"
# Photos of any size and orientation will do (the course turns them as the phone recorded, cuts out the square in the
# middle and reduces it to 128 × 128, so that everything fits on a laptop), in JPEG, PNG, WebP or GIF (if your phone
# keeps them as HEIC, export them as JPEG first); in Jupyter, the upload button takes them to the folder. On your own
# computer no connection is needed, and no photo leaves it. In Colab you do upload them to Google: do not use photos of
# people there without asking them.

# %% [markdown] lang="es"
# Lo mejor es que cada clase tenga varios objetos distintos. Las fotos de un *mismo* objeto, en una carpeta dentro de la
# de su clase, forman un grupo, que el reparto no parte. Si solo tienes una taza, no hagas esa carpeta: con un solo
# grupo no quedaría con qué probar. Y lee el resultado como «reconoce *esta* taza».
#
# Si no hay carpeta, la celda siguiente prepara una de muestra, con tres de nuestras clases y dos archivos estropeados.
# (Reutiliza dibujos de antes, también de la prueba: sirve para ver las tres celdas, no para comparar con lo anterior.)

# %% [markdown] lang="en"
# It is best if each class has several different objects. Photos of the *same* object, in a folder inside that of their
# class, form a group, which no split breaks up. If you only have one mug, do not make that folder: with a single group
# nothing would be left to test with. And read the result as "it recognises *this* mug".
#
# If there is no folder, the next cell prepares a sample, with three of our classes and two broken files. (It uses
# drawings from before again, those of the test too: it is there to show the three cells, not to be compared with what
# came before.)

# %%
import tempfile
from pathlib import Path

my_folder = Path(_("mis_fotos", "my_photos"))
sample = not my_folder.exists()
if sample:
    my_folder = Path(tempfile.mkdtemp()) / my_folder.name
    for place in np.flatnonzero((y == 0) | (y == 3) | (y == 5)):
        folder = my_folder / drawings.classes[y[place]] / f"{drawings.groups[place]}"
        folder.mkdir(parents=True, exist_ok=True)
        ck.pictures.save(x[place], folder / f"{place}.png")
    (folder / _("lista.txt", "list.txt")).write_text(_("autobús", "bus"), encoding="utf-8")
    (folder / _("cortada.png", "cut.png")).write_bytes((folder / f"{place}.png").read_bytes()[:999])

# %% [markdown] lang="es"
# **Uno: leer y mirar.** Lo que no es una imagen se nombra y se deja fuera. Con menos de 10 imágenes en una clase,
# `read` se niega, porque no quedaría con qué hacer la prueba. De cada foto cuenta el cuadrado del centro.

# %% [markdown] lang="en"
# **One: read and look.** What is not a picture is named and left out. With fewer than 10 pictures in a class, `read`
# refuses, since none would be left to test with. Only the central square of each photo is used.

# %%
mine = ck.folders.read(my_folder)
mine.sheet()

# %% [markdown] lang="es"
# **Dos: entrenar.** Se reparte en tres partes, se calculan los números del cuerpo una vez y se toma la `C` que mejor
# sale en validación.

# %% [markdown] lang="en"
# **Two: train.** The pictures are split into three parts, the numbers of the body are computed once, and we take the `C`
# that does best in validation.

# %%
my_fit, my_val, held_out = mine.split(seed=0)
my_numbers = upper.predict(lower.predict(mine.pictures, batch_size=8, verbose=0), verbose=0)
my_heads = [train_head(my_numbers[my_fit], mine.labels[my_fit], C) for C in (0.01, 0.1, 1)]
my_head = max(my_heads, key=lambda head: head.score(my_numbers[my_val], mine.labels[my_val]))
print([len(part) for part in (my_fit, my_val, held_out)])
my_score = my_head.score(my_numbers[held_out], mine.labels[held_out])
my_guess = np.bincount(mine.labels[held_out]).max() / len(held_out)
ck.claim(_("mi clasificador, prueba", "my classifier, test"), my_score, at_least=0.75 if sample else 0)
ck.claim(
    _("lo que gana a la clase más frecuente", "its lead over the most frequent class"),
    my_score - my_guess,
    at_least=0.2 if sample else -1,
)

# %% [markdown] lang="es"
# Con tus fotos, aquí el ✔ no exige nada: mira tú los dos números. Y recuerda que, con $n$ fotos de prueba, la
# desviación estándar de la exactitud es $\sqrt{q (1 - q) / n}$: con 15, cerca de 0.1.
#
# **Tres: los errores.** La
# matriz de confusión (el color marca solo los fallos), y las imágenes en las que falla, con el nombre que les da. Con
# tus fotos, míralas antes de añadir nada: suelen decir qué falta. (Si has mirado la prueba y después cambias algo, la
# próxima prueba necesita fotos nuevas.)

# %% [markdown] lang="en"
# With your own photos the ✔ demands nothing here: look at both numbers yourself. And remember that with $n$ test photos
# the standard deviation of the accuracy is $\sqrt{q (1 - q) / n}$: with 15, about 0.1.
#
# **Three: the mistakes.** The
# confusion matrix (colour marks only the mistakes), and the pictures that it gets wrong, with the name that it gives
# them. With your own photos, look at them before you add anything: they usually tell what is missing. (If you have
# looked at the test and then change something, the next test needs new photos.)

# %% tags=["varies"]
my_answers = my_head.predict(my_numbers[held_out])
matrix = np.zeros((len(mine.classes),) * 2, int)
np.add.at(matrix, (mine.labels[held_out], my_answers), 1)
ck.plots.confusion(matrix, mine.classes)
wrong = held_out[my_answers != mine.labels[held_out]]
if len(wrong):
    ck.plots.images(mine.pictures[wrong], [mine.classes[k] for k in my_head.predict(my_numbers[wrong])], jpeg=True)

# %% [markdown] lang="es"
# ¿Aprendió tu clasificador un atajo? Con tres clases o más, mira en qué se fija.

# %% [markdown] lang="en"
# Did your classifier learn a shortcut? With three classes or more, see what it looks at.

# %% tags=["varies"]
if len(mine.classes) > 2:
    spread = held_out[np.linspace(0, len(held_out) - 1, 5).astype(int)]
    shown, titles = looks(mine.pictures[spread], my_head, body, mine.classes)
    alt = _("Cinco imágenes; debajo, sus mapas y la oclusión.", "Five pictures; below, their maps and occlusion.")
    ck.plots.images(shown, titles, alt=alt, jpeg=True)

# %% [markdown] lang="es"
# ### Un solo archivo
#
# El clasificador entero, con los nombres de las clases, cabe en un archivo `.keras`. La cabeza pasa a ser una capa
# densa, y la salida, un diccionario: a cada nombre, su probabilidad. Quien lo cargue no necesita este curso ni el orden
# de las carpetas. Eso sí, hay que darle lo que vio al entrenar: un lote de imágenes cuadradas (el centro de cada foto),
# del tamaño de `mine.pictures` y con valores de 0 a 1. Para una foto nueva, con el curso:
# `ck.folders.square(ck.pictures.read(path))[None]`; sin él, gírala como diga su etiqueta de orientación, pásala a RGB,
# recorta el cuadrado del centro, redúcelo a 128 × 128 (filtro de Lanczos) y divide entre 255. (Con dos clases, la
# regresión logística guarda una sola fila de pesos. La partimos en dos mitades de signo contrario, que dan la misma
# probabilidad.)

# %% [markdown] lang="en"
# ### A single file
#
# The whole classifier, with the names of the classes, fits in one `.keras` file. The head becomes a dense layer, and
# the output, a dictionary that gives each name its probability. Whoever loads it needs neither this course nor the
# order of the folders. It must, however, be given what it saw in training: a batch of square pictures (the centre of
# each photo), of the size of `mine.pictures` and with values from 0 to 1. For a new photo, with the course:
# `ck.folders.square(ck.pictures.read(path))[None]`; without it, turn it as its orientation tag says, convert it to RGB,
# cut out the square in the middle, shrink it to 128 × 128 (Lanczos filter) and divide by 255. (With two classes,
# logistic regression keeps a single row of weights. We split it into two halves of opposite sign, which give the same
# probability.)

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
expected = my_head.predict_proba(my_numbers[:1])[0]
assert np.allclose([answer[name][0] for name in mine.classes], expected, atol=1e-4)

# %% [markdown] lang="es"
# El `assert` comprueba, con una imagen, que el archivo responde lo mismo que la cabeza. Y recuerda a la astronauta del
# principio: tu clasificador también responde *siempre* con una de tus clases, aunque le des la foto de un perro. Si eso
# importa, añade una carpeta «otra cosa», con fotos variadas. Para quedarte con el archivo, cópialo fuera de la carpeta
# temporal: `my_file` dice dónde está. Si ya hiciste la [[production]], su servicio también lo lee:
# `python -m service --model` y la ruta del archivo. Recibe imágenes en base64 en `/v1/models/pictures:predict` y
# responde con un nombre y una probabilidad por clase.

# %% [markdown] lang="en"
# The `assert` checks, on one picture, that the file answers the same as the head. And remember the astronaut from the
# beginning: your classifier, too, *always* answers with one of your classes, even for the photo of a dog. If that
# matters, add a folder "something else", with varied photos. To keep the file, copy it out of the temporary folder:
# `my_file` says where it is. If you have done [[production]], its service reads it too: `python -m service --model` and
# the path of the file. It takes pictures in base64 at `/v1/models/pictures:predict` and answers with a name and a
# probability for each class.

# %% [markdown] lang="es"
# ### Ejercicio 5 (abierto): el máximo en vez de la media
#
# La cabeza recibe la *media* de cada uno de los 1280 mapas. ¿Y si recibe su *máximo*? Escribe **primero** tu predicción
# de la exactitud media en validación (de 0 a 1) y ejecuta la comprobación, que admite un margen de 0.05. Después prueba
# en una celda nueva con otras características: las dos juntas (`np.concatenate`), otra capa de `network`
# (`[layer.name for layer in network.layers]` da sus nombres) … y explica lo que salga. (El máximo de un mapa no es
# nunca menor que su media, así que la misma `C` frena menos a los máximos: prueba también otras `C`.)

# %% [markdown] lang="en"
# ### Exercise 5 (open): the maximum instead of the mean
#
# The head gets the *mean* of each of the 1280 maps. What if it gets their *maximum*? Write your prediction of the mean
# validation accuracy **first** (from 0 to 1) and run the check, which allows a margin of 0.05. Then try other features
# in a new cell: both together (`np.concatenate`), another layer of `network`
# (`[layer.name for layer in network.layers]` gives their names) … and explain what you find. (The maximum of a map is
# never below its mean, so the same `C` holds the maxima back less: try other values of `C`, too.)

# %%
my_prediction = ...


# %% tags=["check"]
of_largest = scores(last_maps.predict(maps, verbose=0).max(axis=(1, 2)))
largest = of_largest.mean()


def predicted_well(guess):
    return abs(guess - largest) < 0.05


hint = _(
    "mira frozen.mean(): ¿sabe más o menos la cabeza si de cada mapa solo le dicen su valor más alto?",
    "look at frozen.mean(): does the head know more or less if it gets only the highest value of each map?",
)
ck.check(my_prediction, predicted_well, hint)

# %% tags=["solution"]
my_prediction = largest
ck.check(my_prediction, predicted_well, hint)
ck.claim(_("exactitud media con el máximo", "mean accuracy with the maximum"), largest, at_least=0.55)
for difference in of_largest - frozen:
    ck.claim(
        _("con el máximo menos con la media", "with the maximum minus with the mean"),
        difference,
        at_least=-0.15,
        at_most=0.15,
    )

# %% [markdown] lang="es"

# Las dos cabezas se miden con los mismos dibujos, así que lo que cuenta son las tres diferencias, una por reparto. Cada
# una es de unos pocos dibujos entre 55, y solo hay tres: no bastan para decidir.

# %% [markdown] lang="en"

# Both heads are measured on the same drawings, so what counts are the three differences, one for each split. They
# amount to a few drawings out of 55, and there are only three: they decide nothing.

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una red con mil clases responde siempre con una de ellas, también cuando ninguna vale.
# - Con unas decenas de dibujos de cada clase, lo que una red aprendió de fotos valió más que entrenar desde cero. El
#   control con pesos aleatorios (un sorteo, y sin su normalización) apunta a que el mérito es de lo aprendido.
# - Un solo reparto engaña: varios repartos, sin partir los grupos de casi iguales, y la prueba una sola vez.
# - Un buen resultado en validación no dice *en qué* se fija la red. Se mira con el mapa de activación y con la oclusión,
#   y se cambia lo que se sospecha, para ver si cambia la respuesta.
# - De una carpeta a un clasificador hay tres celdas; lo difícil es tener buenas fotos.

# %% [markdown] lang="en"
# ## What we learnt
#
# - A network with a thousand classes always answers with one of them, even when none is right.
# - With a few dozen drawings of each class, what a network learnt from photos was worth more than training from
#   scratch. The control with random weights (one draw, and without its normalisation) suggests that the credit goes to
#   what was learnt.
# - A single split can mislead: several splits, which break up no group of near-duplicates, and the test set only once.
# - A good result in validation does not say *what* the network looks at. One looks with the activation map and with
#   occlusion, and changes what one suspects, to see whether the answer changes.
# - From a folder to a classifier it takes three cells; what is hard is to have good photos.

# %% [markdown] lang="es"
# **Para seguir leyendo**: Donahue et al. (2014), *DeCAF*, y Razavian et al. (2014), características ajenas con una
# cabeza simple; Yosinski et al. (2014), qué capas se transfieren; Zeiler y Fergus (2014), oclusión; Zhou et al. (2016),
# mapas de activación; Szegedy et al. (2016), Inception v3; Sandler et al. (2018), MobileNetV2; Kornblith, Shlens y Le
# (2019), si una red mejor transfiere mejor; He et al. (2016), conexiones residuales; Geirhos et al. (2020), atajos como
# nuestro marco.

# %% [markdown] lang="en"
# **Further reading**: Donahue et al. (2014), *DeCAF*, and Razavian et al. (2014), off-the-shelf features with a simple
# head; Yosinski et al. (2014), which layers transfer; Zeiler and Fergus (2014), occlusion; Zhou et al. (2016),
# activation maps; Szegedy et al. (2016), Inception v3; Sandler et al. (2018), MobileNetV2; Kornblith, Shlens and Le
# (2019), whether a better network transfers better; He et al. (2016), residual connections; Geirhos et al. (2020),
# shortcuts like our frame.
