# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Transferencia de estilo: pintar con una red"
#       en: "Style transfer: painting with a network"
#     limits: {seconds: 180, cell_seconds: 60, memory_mb: 1900}
#     data: [astronaut.jpg, chelsea.jpg, coffee.jpg, mobilenet_v2.keras, night.jpg, windows.jpg, woodcut.jpg]
#     needs: [cnn_mnist]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - mirar una foto con las capas de una red que entrenó otra persona;
# - medir el **contenido** y el **estilo** de una imagen con dos costes, y calcularlos a mano;
# - entrenar una imagen, en lugar de una red, hasta que una foto parezca un cuadro;
# - pintar tus propias fotos con el estilo que elijas.
#
# **Tiempo**: ejecutarla entera tarda menos de 3 minutos en un portátil de 2 núcleos, y un cuadro de
# 256 filas, menos de 30 segundos; leerla y resolverla, unas 2 horas. **Necesitas**: Python y la
# [[cnn_mnist]].

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - look at a photo through the layers of a network that somebody else trained;
# - measure the **content** and the **style** of a picture with two costs, and work them out by
#   hand;
# - train a picture, in place of a network, until a photo looks like a painting;
# - paint your own photos in the style that you choose.
#
# **Time**: running all of it takes less than 3 minutes on a laptop with 2 cores, and a painting of
# 256 rows less than 30 seconds; reading and solving it, about 2 hours. **You need**: Python and
# [[cnn_mnist]].

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %%
ck.diagrams.two_paths()

# %% [markdown] lang="es"
# Esta es la idea de la lección. La foto, la imagen nueva y el cuadro pasan por la misma red. De lo que
# la red ve salen dos pérdidas, la del contenido y la del estilo, y los píxeles de la imagen dan una
# tercera. Su suma baja paso a paso, y lo único que cambia es la imagen.

# %% [markdown] lang="en"
# This is the idea of the lesson. The photo, the new picture and the painting pass through the same
# network. What the network sees gives two losses, content and style, and the pixels of the picture
# give a third. Their sum falls step by step, and all that changes is the picture.

# %% [markdown] lang="es"
# ## Una foto y un cuadro
#
# Queremos una imagen nueva $G$ que tenga el **contenido** de una foto $C$ (qué hay y dónde) y el
# **estilo** de un cuadro $S$ (los colores, los trazos, la textura). Gatys, Ecker y Bethge mostraron
# en 2015 que una red entrenada para clasificar fotos sabe medir ambas cosas. Aquí $C$ es la gata
# Chelsea, y $S$, una noche pintada a pinceladas.

# %% [markdown] lang="en"
# ## A photo and a painting
#
# We want a new picture $G$ that has the **content** of a photo $C$ (what is there and where) and
# the **style** of a painting $S$ (colours, strokes, texture). Gatys, Ecker and Bethge showed in
# 2015 that a network trained to classify photos can measure both. Here $C$ is Chelsea the cat, and
# $S$ a night in thick brush strokes.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from coursekit import plots
from keras import layers, ops

keras.utils.set_random_seed(0)
content = ck.data.photo("chelsea")[:, :384]
style = ck.data.style("night")
print(content.shape, style.shape)

# %% [markdown] lang="es"
# Son tablas de filas × columnas × 3 colores, de 0 a 1. Antes de mirarlas, un poco de carpintería:
# `show_photo` muestra una figura como JPEG, que para fotos ocupa mucho menos que PNG, y `strip`
# pone varias imágenes en fila.

# %% [markdown] lang="en"
# They are tables of rows × columns × 3 colours, from 0 to 1. Before we look at them, a little
# carpentry: `show_photo` shows a figure as a JPEG, which for photos takes far less room than a PNG,
# and `strip` puts several pictures in a row.

# %%
import base64
import io

from IPython.display import display


def show_photo(figure, alt):
    file = io.BytesIO()
    figure.savefig(file, format="jpg", dpi=120, pil_kwargs={"quality": 80})
    plt.close(figure)
    data = {"image/jpeg": base64.b64encode(file.getvalue()).decode(), "text/plain": alt}
    display(data, metadata={"image/jpeg": {"alt": alt, "width": 720}}, raw=True)


# %%
def strip(pictures, titles, alt):
    shapes = [picture.shape[1] / picture.shape[0] for picture in pictures]
    figure, axes = plt.subplots(
        1, len(pictures), figsize=(10, 10 / sum(shapes) + 0.4), width_ratios=shapes, squeeze=False
    )
    for axis, picture, title in zip(axes[0], pictures, titles, strict=True):
        axis.imshow(picture, interpolation="lanczos" if picture.ndim == 3 else "nearest")
        axis.set_title(title, fontsize=14)
        axis.axis("off")
    show_photo(figure, alt)


# %%
alt = _(
    "A la izquierda, la cara de una gata; a la derecha, un cielo nocturno pintado a pinceladas.",
    "On the left, the face of a cat; on the right, a night sky in thick brush strokes.",
)
strip([content, style], [_("contenido C", "content C"), _("estilo S", "style S")], alt)

# %% [markdown] lang="es"
# La foto viene de scikit-image. El cuadro lo dibujó el código de este curso: sus trazos siguen una
# corriente, con amarillos sobre azules.

# %% [markdown] lang="en"
# The photo comes from scikit-image. The painting was drawn by the code of this course: its strokes
# follow a current, with yellows on blues.

# %% [markdown] lang="es"
# ## La red que va a mirar
#
# Usaremos MobileNetV2 (Sandler y otros, 2018), entrenada con el millón de fotos de ImageNet. Sus
# primeras capas vienen con el curso y no hace falta descargar nada. El artículo original usa VGG19,
# de `keras.applications`: la tienes a un argumento de distancia, si hay conexión.

# %% [markdown] lang="en"
# ## The network that will look
#
# We will use MobileNetV2 (Sandler and others, 2018), trained on the million photos of ImageNet. Its
# first layers come with the course and nothing has to be downloaded. The original paper uses VGG19,
# from `keras.applications`: it is one argument away, where there is a connection.

# %%
import contextlib
import socket


def download_vgg19():
    inputs = layers.Input((None, None, 3))
    prepared = keras.applications.vgg19.preprocess_input(255 * inputs)
    patience = socket.getdefaulttimeout()
    socket.setdefaulttimeout(10)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return keras.applications.VGG19(include_top=False, input_tensor=prepared)
    finally:
        socket.setdefaulttimeout(patience)


# %%
def load_network(name="mobilenet"):
    if name == "vgg19":
        try:
            return download_vgg19()
        except Exception:
            print(
                _(
                    "No se pudo descargar VGG19 (80 MB): seguimos con MobileNetV2.",
                    "VGG19 (80 MB) could not be downloaded: we go on with MobileNetV2.",
                )
            )
    return ck.data.network()


# %%
network = load_network("mobilenet")
network.trainable = False
print(network.name, f"{network.count_params():,}")

# %% [markdown] lang="es"
# Son solo 99 296 pesos, y quedan congelados con `trainable = False`: aquí la red mira y no aprende.
# Si pides `load_network("vgg19")` sin conexión, una frase lo dice y la lección sigue igual.

# %% [markdown] lang="en"
# Those are only 99,296 weights, and they stay frozen with `trainable = False`: here the network
# looks and does not learn. If you ask for `load_network("vgg19")` without a connection, one
# sentence says so and the lesson goes on all the same.

# %% [markdown] lang="es"
# ### Qué ve cada capa
#
# Escogemos cinco capas para el estilo, de la primera a la más profunda, y una intermedia para el
# contenido. `look` da las **activaciones** de las capas que le pidas: una tabla por canal, con
# números grandes donde ese canal encontró lo que busca.

# %% [markdown] lang="en"
# ### What each layer sees
#
# We choose five layers for the style, from the first to the deepest, and one in between for the
# content. `look` gives the **activations** of the layers that you ask for: one table per channel,
# with large numbers where that channel found what it looks for.

# %%
blocks = [f"block_{number}_expand_relu" for number in (2, 3, 5, 8)]
vgg_blocks = [f"block{number}_conv1" for number in (1, 2, 3, 4)]
style_layers = vgg_blocks if network.name == "vgg19" else ["stem_relu", *blocks]
content_layer = style_layers[3]


def look(picture, names):
    outputs = [network.get_layer(name).output for name in names]
    return keras.Model(network.inputs[0], outputs)(picture[None])


# %%
seen = dict(zip(style_layers, look(content, style_layers), strict=True))
for name, maps in seen.items():
    print(f"{name:20}", ops.shape(maps)[1:])

# %% [markdown] lang="es"
# Cuanto más honda la capa, menos filas y columnas, y más canales. Veamos los cuatro canales más
# vivos (los de mayor desviación) de tres capas. Para que un punto muy brillante no oscurezca todo,
# recortamos el 1 % más alto.

# %% [markdown] lang="en"
# The deeper the layer, the fewer rows and columns, and the more channels. Let us see the four
# liveliest channels (those with the largest deviation) of three layers. To keep one very bright
# spot from darkening all the rest, we clip the highest 1 %.


# %%
def liveliest(maps, count=4):
    maps = ops.convert_to_numpy(maps)[0]
    order = np.argsort(-maps.std(axis=(0, 1)))[:count]
    return [np.minimum(maps[..., k], np.percentile(maps[..., k], 99)) for k in order]


# %%
for name in style_layers[::2][:3]:
    alt = _(
        f"Cuatro canales de la capa {name} ante la foto de la gata, en gris.",
        f"Four channels of the layer {name} given the photo of the cat, in grey.",
    )
    strip(liveliest(seen[name]), [name, "", "", ""], alt)

# %% [markdown] lang="es"
# Arriba la gata se reconoce al instante: hay bordes, luces y colores. En el medio quedan contornos
# en ciertas direcciones. Abajo solo manchas: «por aquí hay algo redondo». Las capas hondas saben
# *qué* hay, pero ya no guardan cada píxel. Eso es justo lo que necesitamos.

# %% [markdown] lang="en"
# At the top the cat is recognised at once: there are edges, lights and colours. In the middle,
# outlines in certain directions remain. At the bottom only blots: "around here there is something
# round". Deep layers know *what* is there, but no longer keep each pixel. That is just what we
# need.

# %% [markdown] lang="es"
# ## El coste del contenido
#
# Dos imágenes tienen el mismo contenido si una capa responde lo mismo, en los mismos lugares.
# Llamamos $a(C)$ a las activaciones de la foto y $a(G)$ a las de la imagen nueva, y sumamos los
# cuadrados de las diferencias. Dividimos entre $\|a(C)\|^2$, para que un 1 signifique lo mismo en
# cualquier capa y a cualquier tamaño:
#
# $$J_{content}(C, G) = \frac{\|a(C) - a(G)\|^2}{\|a(C)\|^2}$$

# %% [markdown] lang="en"
# ## The content cost
#
# Two pictures have the same content if a layer answers the same, in the same places. We call $a(C)$
# the activations of the photo and $a(G)$ those of the new picture, and add up the squares of the
# differences. We divide by $\|a(C)\|^2$, so that a 1 means the same in any layer and at any size:
#
# $$J_{content}(C, G) = \frac{\|a(C) - a(G)\|^2}{\|a(C)\|^2}$$

# %%
a_content = np.array([[1.0, 2.0], [3.0, 4.0]])
a_generated = np.array([[1.0, 0.0], [3.0, 5.0]])
difference = np.sum((a_content - a_generated) ** 2)
size = np.sum(a_content**2)
print(difference, size, round(difference / size, 3))

# %% [markdown] lang="es"
# A mano: las diferencias son 0, 2, 0 y −1, y sus cuadrados suman 5. Los cuadrados de $a(C)$ suman
# 1 + 4 + 9 + 16 = 30. El coste es 5/30. Ahora con Keras, para que después sepa derivarlo.

# %% [markdown] lang="en"
# By hand: the differences are 0, 2, 0 and −1, and their squares add up to 5. The squares of $a(C)$
# add up to 1 + 4 + 9 + 16 = 30. The cost is 5/30. Now with Keras, so that it can take the
# derivative later.


# %%
def distance(values, target):
    return ops.sum(ops.square(values - target)) / ops.sum(ops.square(target))


assert np.isclose(distance(a_generated, a_content), difference / size)

# %% [markdown] lang="es"
# ### ¿Mide el contenido?
#
# Comparemos la foto de la gata con dos imágenes: ella misma en blanco y negro, y una taza de café,
# que no tiene nada que ver. `resize` cambia el tamaño de una imagen sin deformarla.

# %% [markdown] lang="en"
# ### Does it measure content?
#
# Let us compare the photo of the cat with two pictures: itself in black and white, and a cup of
# coffee, which has nothing to do with it. `resize` changes the size of a picture without deforming
# it.


# %%
def resize(picture, rows, columns=None):
    if columns is None:
        columns = round(picture.shape[1] * rows / picture.shape[0])
        columns = min(max(columns, 16), 2048)
    resized = ops.image.resize(
        picture, (rows, columns), interpolation="bicubic", antialias=True, data_format="channels_last"
    )
    return np.clip(ops.convert_to_numpy(resized), 0, 1)


# %%
small = resize(content, 128)
grey = np.repeat(small.mean(axis=-1, keepdims=True), 3, axis=-1)
coffee = resize(ck.data.photo("coffee"), 128)
target = look(small, [content_layer])[0]
content_costs = [float(distance(look(picture, [content_layer])[0], target)) for picture in (grey, coffee)]

# %%
strip(
    [small, grey, coffee],
    [_("gata", "cat"), _("gata gris", "grey cat"), _("café", "coffee")],
    _("La gata en color, en gris, y una taza.", "The cat in colour, in grey, and a cup."),
)
ck.claim(_("coste del contenido, gata gris", "content cost, grey cat"), content_costs[0], at_most=0.2)
ck.claim(_("coste del contenido, café", "content cost, coffee"), content_costs[1], at_least=0.4)

# %% [markdown] lang="es"
# La gata gris queda cerca y el café lejos. La capa responde a las formas mucho más que a los
# colores.

# %% [markdown] lang="en"
# The grey cat is near and the coffee far. The layer answers to shapes much more than to colours.

# %% [markdown] lang="es"
# ## El estilo: qué aparece junto a qué
#
# El estilo no depende del lugar: una pincelada es el mismo arriba que abajo. Por eso olvidamos
# *dónde* y medimos **qué canales se encienden juntos**. Ponemos las activaciones en una tabla $F$
# con una fila por lugar y una columna por canal. La **matriz de Gram** multiplica cada par de
# canales y promedia sobre los $n$ lugares:
#
# $$M_{ij} = \frac{1}{n} \sum_{k} F_{ki} F_{kj} \qquad M = \frac{1}{n} F^T F$$

# %% [markdown] lang="en"
# ## Style: what appears together with what
#
# Style does not depend on the place: a brush stroke is the same at the top as at the bottom. So we
# forget *where* and measure **which channels light up together**. We put the activations into a
# table $F$ with one row per place and one column per channel. The **Gram matrix** multiplies each
# pair of channels and averages over the $n$ places:
#
# $$M_{ij} = \frac{1}{n} \sum_{k} F_{ki} F_{kj} \qquad M = \frac{1}{n} F^T F$$

# %%
F = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0], [1.0, 2.0]])
M = F.T @ F / len(F)
print(M)

# %% [markdown] lang="es"
# Hay cuatro lugares y dos canales. Arriba a la izquierda: (1 + 4 + 0 + 1) / 4 = 1.5, cuánto se
# enciende el primero. Fuera de la diagonal: (0 + 2 + 0 + 2) / 4 = 1, cuánto se encienden **a la
# vez**. Ahora desordenemos los lugares.

# %% [markdown] lang="en"
# There are four places and two channels. At the upper left: (1 + 4 + 0 + 1) / 4 = 1.5, how much the
# first one lights up. Off the diagonal: (0 + 2 + 0 + 2) / 4 = 1, how much they light up **at the
# same time**. Now let us shuffle the places.


# %%
def gram(maps):
    F = ops.reshape(maps, (-1, maps.shape[-1]))
    return ops.matmul(ops.transpose(F), F) / F.shape[0]


shuffled = F[[2, 0, 3, 1]]
assert np.allclose(gram(F.reshape(1, 2, 2, 2)), M)
assert np.allclose(gram(shuffled.reshape(1, 2, 2, 2)), M)

# %% [markdown] lang="es"
# Las dos líneas con `assert` pasan: la función de Keras da la misma matriz que NumPy, y desordenar
# los lugares no cambia nada. La matriz de Gram es ciega al *dónde*.

# %% [markdown] lang="en"
# Both lines with `assert` pass: the function of Keras gives the same matrix as NumPy, and shuffling
# the places changes nothing. The Gram matrix is blind to *where*.

# %% [markdown] lang="es"
# ### El estilo más simple: los colores
#
# Antes que la red, una prueba con tres canales: rojo, verde y azul. Su media y su covarianza (una
# matriz de Gram sin la media) resumen la paleta. Igualarlas no necesita red ni entrenamiento. Si
# $\Sigma_C$ y $\Sigma_S$ son las covarianzas, multiplicamos cada color por
# $\Sigma_C^{-1/2} \Sigma_S^{1/2}$: lo primero quita la paleta vieja y lo segundo pone la nueva.

# %% [markdown] lang="en"
# ### The simplest style: colours
#
# Before the network, a trial with three channels: red, green and blue. Their mean and covariance (a
# Gram matrix without the mean) sum up the palette. Matching them needs neither network nor
# training. If $\Sigma_C$ and $\Sigma_S$ are the covariances, we multiply each colour by
# $\Sigma_C^{-1/2} \Sigma_S^{1/2}$: the first takes the old palette away and the second puts the new
# one on.


# %%
def power(matrix, exponent):
    values, vectors = np.linalg.eigh(matrix + 1e-4 * np.eye(len(matrix)))
    return vectors * values**exponent @ vectors.T


def recolour(picture, style):
    colours, palette = picture.reshape(-1, 3), style.reshape(-1, 3)
    change = power(np.cov(colours.T), -0.5) @ power(np.cov(palette.T), 0.5)
    new = (colours - colours.mean(axis=0)) @ change + palette.mean(axis=0)
    return np.clip(new, 0, 1).astype("float32").reshape(picture.shape)


# %%
start = recolour(small, style)
alt = _(
    "La gata, el cuadro, y la gata con los azules y amarillos del cuadro, sin pinceladas.",
    "The cat, the painting, and the cat in the blues and yellows of the painting, no strokes.",
)
strip(
    [small, resize(style, 128), start],
    [_("contenido", "content"), _("estilo", "style"), _("solo los colores", "only the colours")],
    alt,
)

# %% [markdown] lang="es"
# Los colores ya son los de la noche, pero nadie diría que es un cuadro: faltan los trazos. Tres
# canales que miran un solo píxel no saben nada de trazos; los canales de la red, sí. Esta imagen
# será nuestro punto de partida.

# %% [markdown] lang="en"
# The colours are those of the night already, but nobody would call it a painting: the strokes are
# missing. Three channels that look at a single pixel know nothing about strokes; the channels of
# the network do. This picture will be our starting point.

# %% [markdown] lang="es"
# ## Algo sale mal: una matriz que se conforma
#
# La imagen que solo cambió de colores no tiene ni un trazo. ¿Lo nota la matriz de Gram?
# Calculémosla en la cuarta capa para el cuadro y para esa imagen. Mostramos los primeros 24
# canales; cuanto más azul, mayor el número.

# %% [markdown] lang="en"
# ## Something goes wrong: a matrix that is easily pleased
#
# The picture that only changed its colours has not a single stroke. Does the Gram matrix notice?
# Let us compute it in the fourth layer for the painting and for that picture. We show the first 24
# channels; the bluer, the larger the number.

# %%
layer_name = style_layers[3]
style_maps = look(resize(style, 128), [layer_name])[0]
start_maps = look(start, [layer_name])[0]
plain = [ops.convert_to_numpy(gram(maps)) for maps in (style_maps, start_maps)]
plain_distance = float(distance(plain[1], plain[0]))

# %%
alt = _(
    "Dos matrices de Gram casi iguales: las mismas pocas filas y columnas se encienden.",
    "Two Gram matrices almost alike: the same few rows and columns light up.",
)
pair = np.stack(plain)[:, :24, :24]
ck.plots.images(
    pair,
    [_("el cuadro", "the painting"), _("solo los colores", "only the colours")],
    signed=True,
    columns=2,
    size=3.4,
    alt=alt,
)
ck.claim(_("distancia entre las dos matrices", "distance between the two matrices"), plain_distance, at_most=0.1)

# %% [markdown] lang="es"
# Casi iguales: para esta matriz, el trabajo ya está hecho. Unos pocos canales están siempre
# encendidos, en cualquier imagen, y sus productos tapan todo lo demás. Wang, Li y Vasconcelos
# (2021) vieron que eso pasa en las redes más nuevas que VGG: sus activaciones tienen picos. Ellos
# las suavizan con softmax; lo probaremos más abajo.

# %% [markdown] lang="en"
# Almost alike: for this matrix, the work is done already. A few channels are always on, in any
# picture, and their products cover up all the rest. Wang, Li and Vasconcelos (2021) saw that this
# happens in networks newer than VGG: their activations have peaks. They smooth them with softmax;
# we will try that further down.

# %% [markdown] lang="es"
# ### El remedio: estandarizar cada canal
#
# A cada canal le restamos la media que tiene en el cuadro y lo dividimos entre su desviación. Así
# todos pesan parecido, y la matriz de Gram del cuadro se vuelve, casi, una matriz de
# **correlaciones**. A la desviación le sumamos 0.3 veces la desviación media de la capa, para que
# un canal casi muerto no se vuelva el más importante.

# %% [markdown] lang="en"
# ### The remedy: standardise each channel
#
# From each channel we subtract the mean that it has in the painting, and we divide it by its
# deviation. So all weigh about the same, and the Gram matrix of the painting becomes, nearly, a
# matrix of **correlations**. To the deviation we add 0.3 times the mean deviation of the layer, so
# that a nearly dead channel does not become the most important one.


# %%
class Style:
    def __init__(self, maps):
        self.mean = ops.mean(maps, axis=(0, 1, 2))
        deviation = ops.std(maps, axis=(0, 1, 2))
        self.deviation = deviation + 0.3 * ops.mean(deviation)
        self.target = gram(self.prepare(maps))

    def prepare(self, maps):
        return (maps - self.mean) / self.deviation

    def cost(self, maps):
        return distance(gram(self.prepare(maps)), self.target)


# %%
night = Style(style_maps)
standard = [ops.convert_to_numpy(gram(night.prepare(maps))) for maps in (style_maps, start_maps)]
standard_distance = float(night.cost(start_maps))

# %%
alt = _(
    "Dos matrices de Gram ya distintas: azul si dos canales van juntos, naranja si se evitan.",
    "Two Gram matrices that now differ: blue if two channels go together, orange if not.",
)
pair = np.clip(np.stack(standard)[:, :24, :24], -1, 1)
ck.plots.images(
    pair,
    [_("el cuadro", "the painting"), _("solo los colores", "only the colours")],
    signed=True,
    columns=2,
    size=3.4,
    alt=alt,
)
ck.claim(_("veces que crece la distancia", "times the distance grows"), standard_distance / plain_distance, at_least=2)

# %% [markdown] lang="es"
# Azul: los dos canales suben y bajan juntos. Naranja: cuando uno se enciende, el otro se apaga.
# Ahora cada casilla dice algo, y la distancia es más del doble: la matriz nota que faltan los
# trazos.

# %% [markdown] lang="en"
# Blue: the two channels rise and fall together. Orange: when one lights up, the other goes out. Now
# each square says something, and the distance is more than twice as large: the matrix notices that
# the strokes are missing.

# %% [markdown] lang="es"
# ## El coste total
#
# El coste del estilo, $J_{style}$, es el promedio de esa distancia en las cinco capas. Sumamos los
# dos costes, cada uno con su peso, $\alpha$ y $\beta$:
#
# $$J(G) = \alpha J_{content}(C, G) + \beta J_{style}(S, G) + \gamma V(G)$$
#
# $V(G)$ es la **variación total** (*total variation*): el promedio de los cuadrados de las
# diferencias entre píxeles vecinos. Una imagen con ruido tiene mucha. Con un peso $\gamma$ pequeño,
# alisa.

# %% [markdown] lang="en"
# ## The total cost
#
# The style cost, $J_{style}$, is the average of that distance over the five layers. We add the two
# costs, each with its weight, $\alpha$ and $\beta$:
#
# $$J(G) = \alpha J_{content}(C, G) + \beta J_{style}(S, G) + \gamma V(G)$$
#
# $V(G)$ is the **total variation**: the average of the squared differences between neighbouring
# pixels. A noisy picture has a lot of it. With a small weight $\gamma$, it smooths.


# %%
def total_variation(picture):
    down = ops.mean(ops.square(picture[:, 1:] - picture[:, :-1]))
    across = ops.mean(ops.square(picture[:, :, 1:] - picture[:, :, :-1]))
    return down + across


# %%
class Costs:
    def __init__(self, content, style, style_layers, content_layer, kind):
        names = [content_layer, *style_layers]
        outputs = [network.get_layer(name).output for name in names]
        self.eye = keras.Model(network.inputs[0], outputs)
        self.content = self.eye(content[None])[0]
        self.styles = [kind(maps) for maps in self.eye(style[None])[1:]]

    def __call__(self, picture):
        maps, *rest = self.eye(picture)
        style_cost = sum(style.cost(maps) for style, maps in zip(self.styles, rest, strict=True))
        return distance(maps, self.content), style_cost / len(rest)


# %% [markdown] lang="es"
# `Costs` guarda lo que no cambia: las activaciones de la foto y las matrices del cuadro. Después,
# dada una imagen, devuelve sus dos costes.

# %% [markdown] lang="en"
# `Costs` keeps what does not change: the activations of the photo and the matrices of the painting.
# After that, given a picture, it returns its two costs.

# %% [markdown] lang="es"
# ## Entrenar una imagen
#
# En las otras lecciones, los datos estaban fijos y los pesos se movían. Aquí es al revés: la red
# está fija y **los pesos son los píxeles**. Un truco: la imagen es la suma de cuatro **capas de
# pintura**, de gruesa a fina, cada una con la mitad de filas que la siguiente. Un paso puede
# cambiar una zona entera con la brocha gorda, o un detalle con la fina. La sigmoide deja los
# colores entre 0 y 1.

# %% [markdown] lang="en"
# ## Training a picture
#
# In the other lessons, the data were fixed and the weights moved. Here it is the other way round:
# the network is fixed and **the weights are the pixels**. One trick: the picture is the sum of four
# **coats of paint**, from coarse to fine, each with half the rows of the next. One step can change
# a whole area with the broad brush, or a detail with the fine one. The sigmoid keeps the colours
# between 0 and 1.


# %%
class Canvas(keras.Model):
    def __init__(self, start, coats):
        super().__init__()
        self.size = rows, columns = start.shape[:2]
        shapes = [(1, -(-rows // 2**k), -(-columns // 2**k), 3) for k in range(coats)]
        self.coats = [self.add_weight(shape=shape, initializer="zeros") for shape in shapes]
        start = np.clip(start, 0.02, 0.98)
        self.coats[0].assign(np.log(start / (1 - start))[None])

    def call(self, inputs=None):
        return ops.sigmoid(sum(ops.image.resize(coat, self.size) for coat in self.coats))

    def picture(self):
        return ops.convert_to_numpy(self())[0]


# %%
canvas = Canvas(start, coats=4)
print([tuple(coat.shape) for coat in canvas.trainable_weights])
assert np.allclose(canvas.picture(), np.clip(start, 0.02, 0.98), atol=1e-4)

# %% [markdown] lang="es"
# La capa fina empieza con la imagen de partida, y las otras tres, en blanco. Los únicos pesos que
# se pueden entrenar son esos cuatro.

# %% [markdown] lang="en"
# The fine coat begins with the starting picture, and the other three are blank. Those four are the
# only weights that can be trained.

# %% [markdown] lang="es"
# ### Un pintor con pulso
#
# Las capas con zancada 2 no tratan igual a todos los píxeles, y el descenso puede aprovecharlo y
# dejar grano. Por eso, en cada paso **movemos** la imagen unos píxeles al azar antes de mirarla. Lo
# que solo funciona en una posición exacta no sobrevive.

# %% [markdown] lang="en"
# ### A painter with a shaking hand
#
# Layers with stride 2 do not treat all pixels alike, and the descent can take advantage and leave
# grain. So at each step we **move** the picture by a few random pixels before looking at it. What
# only works in one exact position does not survive.


# %%
def shake(picture, pixels, seed):
    margin = [pixels, pixels]
    wide = ops.pad(picture, [[0, 0], margin, margin, [0, 0]], mode="reflect")
    place = keras.random.randint((2,), 0, 2 * pixels + 1, seed=seed)
    corner = ops.pad(place, [[1, 1]])
    return ops.slice(wide, corner, picture.shape)


# %% [markdown] lang="es"
# Keras calcula la pérdida en `compute_loss`. La cambiamos por nuestro coste: así `fit` hace todo lo
# demás, con cualquier motor (*backend*). `y_pred` es lo que devuelve el modelo: la imagen. Los dos
# `Mean` anotan los costes durante el descenso.

# %% [markdown] lang="en"
# Keras computes the loss in `compute_loss`. We put our cost in its place: so `fit` does all the
# rest, on any backend. `y_pred` is what the model returns: the picture. The two `Mean` note down
# the costs during the descent.


# %%
class Painter(Canvas):
    def __init__(self, costs, start, alpha=1, beta=1, gamma=2, coats=4, shift=4):
        super().__init__(start, coats)
        self.costs, self.weighting, self.shift = costs, (alpha, beta, gamma), shift
        self.seed = keras.random.SeedGenerator(seed=0)
        self.notes = [keras.metrics.Mean("content"), keras.metrics.Mean("style")]

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        moved = shake(y_pred, self.shift, self.seed) if self.shift else y_pred
        parts = [*self.costs(moved), total_variation(y_pred)]
        for note, cost in zip(self.notes, parts, strict=False):
            note.update_state(cost)
        return sum(weight * part for weight, part in zip(self.weighting, parts, strict=True))


# %% [markdown] lang="es"
# ### El descenso, paso a paso
#
# No hay datos con los que entrenar: a `fit` le damos ceros, diez por época, solo para contar los
# pasos. Usamos Adam, con una tasa de aprendizaje que baja como un coseno. `Snapshots` guarda la
# imagen al final de cada época, y si alguien mira, se la muestra.

# %% [markdown] lang="en"
# ### The descent, step by step
#
# There are no data to train with: we give `fit` zeros, ten per epoch, only to count the steps. We
# use Adam, with a learning rate that falls like a cosine. `Snapshots` keeps the picture at the end
# of each epoch, and if somebody is watching, shows it.


# %%
def descend(painter, steps, callbacks=()):
    schedule = keras.optimizers.schedules.CosineDecay(0.05, steps)
    painter.compile(keras.optimizers.Adam(schedule))
    zeros = np.zeros((10, 1), "float32")
    callbacks = [ck.live.Progress(), *callbacks]
    return painter.fit(zeros, batch_size=1, epochs=steps // 10, verbose=0, callbacks=callbacks)


# %%
from PIL import Image


class Snapshots(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.pictures = []
        self.screen = display(display_id=True) if ck.live.watched() else None
        self.on_epoch_end(0)

    def on_epoch_end(self, epoch, logs=None):
        self.pictures.append(self.model.picture())
        if self.screen:
            self.screen.update(Image.fromarray((255 * self.pictures[-1]).astype("uint8")))


# %%
snapshots = Snapshots()
costs = Costs(small, resize(style, 128), style_layers, content_layer, Style)
painter = Painter(costs, start)
descend(painter, 120, [snapshots])
curves = np.array([costs(picture[None]) for picture in snapshots.pictures], "float32")

# %%
moments = [0, 10, 30, 60, 120]
titles = [_(f"paso {step}", f"step {step}") for step in moments]
alt = _(
    "Cinco momentos del descenso: los trazos aparecen pronto y luego se afinan.",
    "Five moments of the descent: strokes appear early and then become finer.",
)
strip([snapshots.pictures[step // 10] for step in moments], titles, alt)

# %% [markdown] lang="es"
# Con 128 filas tarda pocos segundos. En diez pasos ya hay trazos; después se ordenan y siguen las
# formas de la gata. Veamos los dos costes de cada una de esas imágenes.

# %% [markdown] lang="en"
# With 128 rows it takes a few seconds. After ten steps there are strokes already; later they fall
# into order and follow the shapes of the cat. Let us see the two costs of each of those pictures.

# %%
figure, axis = plt.subplots(figsize=(10, 3.6))
steps = 10 * np.arange(len(curves))
axis.plot(steps, curves[:, 1], "o-", color=plots.ORANGE, label=_("estilo", "style"))
axis.plot(steps, curves[:, 0], "s--", color=plots.BLUE, label=_("contenido", "content"))
axis.set(xlabel=_("paso", "step"), ylabel=_("coste", "cost"), ylim=(0, None))
axis.legend()
ck.plots.show(
    figure,
    _(
        "El coste del estilo se desploma en pocos pasos; el del contenido sube y luego baja un poco.",
        "The style cost collapses within a few steps; the content cost rises and then falls a little.",
    ),
)

# %%
before = costs(small[None])
after = costs(painter.picture()[None])
style_drop = float(before[1] / after[1])
recoloured_drop = float(costs(start[None])[1] / after[1])
content_share = float(after[0]) / content_costs[1]

# %%
ck.claim(
    _("veces que baja el estilo, desde la foto", "times the style cost falls, from the photo"), style_drop, at_least=100
)
ck.claim(
    _("veces que baja el estilo, desde los colores", "times the style cost falls, from the colours"),
    recoloured_drop,
    at_least=10,
)
ck.claim(
    _("contenido, como parte del de otra foto", "content, as a share of another photo's"), content_share, at_most=0.6
)

# %% [markdown] lang="es"
# El coste del estilo es más de [[bound: times the style cost falls, from the photo]] veces menor que el de la foto, y más de [[bound: times the style cost falls, from the colours]] veces menor que el de
# la imagen que solo cambió de colores. El del contenido no llega a [[bound: content, as a share of another photo's]] veces el de una foto
# cualquiera. Los dos costes tiran en sentidos opuestos: la imagen final es un acuerdo.

# %% [markdown] lang="en"
# The style cost is more than [[bound: times the style cost falls, from the photo]] times smaller than that of the photo, and more than [[bound: times the style cost falls, from the colours]]
# times smaller than that of the picture that only changed its colours. The content cost stays under [[bound: content, as a share of another photo's]]
# times that of just any photo. The two costs pull in opposite directions: the final picture is an
# agreement.

# %% [markdown] lang="es"
# ## El cuadro
#
# Para un cuadro de 256 filas pintamos dos veces: primero en pequeño, donde la red ve de una mirada
# trozos más grandes, y después en grande, desde lo pintado. Es rápido, y los remolinos grandes
# salen mejor. `clear_session` suelta la memoria de cada descenso, y un último `recolour` ajusta la
# paleta.

# %% [markdown] lang="en"
# ## The painting
#
# For a painting of 256 rows we paint twice: first small, where the network takes in larger pieces
# at a glance, and then large, starting from what was painted. It is fast, and large swirls come out
# better. `clear_session` lets go of the memory of each descent, and a last `recolour` adjusts the
# palette.


# %%
def paint(content, style, rows=(128, 256), steps=(100, 100), start=None, **options):
    chosen = options.pop("style_layers", style_layers), options.pop("content_layer", content_layer)
    kind, callbacks = options.pop("kind", Style), options.pop("callbacks", ())
    picture = recolour(content, style) if start is None else start
    for side, count in zip(rows, steps, strict=True):
        sized = resize(content, side)
        costs = Costs(sized, resize(style, side), *chosen, kind)
        painter = Painter(costs, resize(picture, *sized.shape[:2]), **options)
        descend(painter, count, callbacks)
        picture = painter.picture()
        keras.utils.clear_session()
    return recolour(picture, style)


# %%
painting = paint(content, style, callbacks=[Snapshots()])

# %%
alt = _(
    "La gata pintada a pinceladas amarillos y azules: los ojos, la nariz y los bigotes se ven bien.",
    "The cat in yellow and blue brush strokes: eyes, nose and whiskers are well visible.",
)
strip([painting], [""], alt)

# %% [markdown] lang="es"
# Míralo de cerca. Los trazos rodean los ojos y siguen el pelo, el fondo se ha vuelto cielo, y la
# gata sigue siendo Chelsea. Nadie le dijo qué es una pincelada: salió de igualar unas matrices.

# %% [markdown] lang="en"
# Look at it closely. The strokes go round the eyes and follow the fur, the background has turned
# into sky, and the cat is still Chelsea. Nobody told it what a brush stroke is: it came out of
# matching some matrices.

# %% [markdown] lang="es"
# ## Qué hace cada decisión
#
# Repetimos el cuadro en pequeño, con menos pasos, cambiando una cosa cada vez. Primero $\beta$, con
# $\alpha = 1$ como hasta ahora: lo que importa es su cociente.

# %% [markdown] lang="en"
# ## What each decision does
#
# We repeat the painting small, with fewer steps, changing one thing at a time. First $\beta$, with
# $\alpha = 1$ as up to now: what matters is their ratio.


# %%
def sketch(steps=60, style=style, **options):
    return paint(content, style, rows=(112,), steps=(steps,), **options)


betas = [0.01, 0.1, 1, 10]
sweep = [sketch(beta=beta) for beta in betas]

# %%
alt = _(
    "Cuatro gatas: con beta pequeña, casi la foto; con beta grande, casi solo trazos.",
    "Four cats: with a small beta nearly the photo; with a large one nearly only strokes.",
)
strip(sweep, [f"β/α = {beta}" for beta in betas], alt)

# %% [markdown] lang="es"
# A la izquierda manda la foto; a la derecha, los trazos se comen los detalles. No hay un valor
# correcto: hay un gusto.

# %% [markdown] lang="en"
# On the left the photo rules; on the right the strokes eat up the details. There is no right value:
# there is taste.

# %% [markdown] lang="es"
# ### Las capas del estilo
#
# ¿Y si el estilo se mide en una sola capa? Cada una ve trozos de un tamaño distinto.

# %% [markdown] lang="en"
# ### The layers of the style
#
# And if the style is measured in a single layer? Each one sees pieces of a different size.

# %%
single = style_layers[::2]
by_layer = [sketch(style_layers=[name]) for name in single]

# %%
alt = _(
    "Tres gatas: la primera capa apenas da textura; la más honda, formas grandes y remolinos.",
    "Three cats: the first layer hardly gives texture; the deepest one, large shapes and swirls.",
)
strip(by_layer, [name.removesuffix("_expand_relu") for name in single], alt)

# %% [markdown] lang="es"
# La primera capa solo copia colores. Cuanto más honda, más grandes son los trazos que inventa.
# Todas juntas dan un cuadro con detalle y con forma.

# %% [markdown] lang="en"
# The first layer only copies colours. The deeper, the larger the strokes that it invents. All of
# them together give a painting with detail and with form.

# %% [markdown] lang="es"
# ### Dónde empezar
#
# $G$ puede empezar en la foto con los colores cambiados, en la foto tal cual o en el azar: píxeles
# al azar alrededor del color medio del cuadro. Desde el azar, la gata tiene que aparecer de la
# nada: hacen falta más pasos y un $\alpha$ mayor.

# %% [markdown] lang="en"
# ### Where to start
#
# $G$ can start at the photo with its colours changed, at the photo as it is or at random: random
# pixels around the mean colour of the painting. From there, the cat has to appear out of nothing:
# it takes more steps and a larger $\alpha$.

# %%
rng = np.random.default_rng(0)
noise = style.mean(axis=(0, 1)) + 0.1 * rng.normal(size=(112, 168, 3))
noise = np.clip(noise, 0, 1).astype("float32")
starts = [noise, sketch(120, start=noise, alpha=10), sketch(start=content), sweep[2]]

# %%
alt = _(
    "Ruido; la gata que sale de él; desde la foto, colores revueltos; desde los colores, la usual.",
    "Noise; the cat that comes out of it; from the photo, mixed-up colours; the usual one.",
)
strip(
    starts,
    [
        _("azar", "random"),
        _("desde el azar", "from random"),
        _("desde la foto", "from the photo"),
        _("desde los colores", "from the colours"),
    ],
    alt,
)

# %% [markdown] lang="es"
# ¡Del ruido sale una gata! Nadie la dibujó: la trajo el coste del contenido. Desde la foto tal cual
# los trazos llegan, pero los colores caen en cualquier sitio: los pardos están muy lejos de la
# paleta, y el descenso termina en otro valle. Por eso cambiamos los colores primero, con álgebra.

# %% [markdown] lang="en"
# Out of noise comes a cat! Nobody drew it: the content cost brought it. From the photo as it is the
# strokes arrive, but the colours fall just anywhere: the browns are very far from the palette, and
# the descent ends in another valley. That is why we change the colours first, with algebra.

# %% [markdown] lang="es"
# ### Lo que ve cada matriz
#
# Volvamos a lo que salía mal, ahora con un vitral. Probamos la matriz de Gram sin preparar, con
# $\beta = 1$ y con diez veces más; el softmax de Wang, Li y Vasconcelos, también con diez veces
# más; y nuestra estandarización, con $\beta = 1$.

# %% [markdown] lang="en"
# ### What each matrix sees
#
# Let us come back to what went wrong, now with a stained-glass window. We try the Gram matrix
# without preparation, with $\beta = 1$ and with ten times more; the softmax of Wang, Li and
# Vasconcelos, with ten times more too; and our standardisation, with $\beta = 1$.


# %%
class PlainStyle(Style):
    def prepare(self, maps):
        return maps


class SoftmaxStyle(Style):
    def prepare(self, maps):
        return ops.softmax(maps, axis=-1)


# %%
window = ck.data.style("windows")
trials = [(PlainStyle, 1), (PlainStyle, 10), (SoftmaxStyle, 10), (Style, 1)]
by_kind = [sketch(style=window, kind=kind, beta=beta) for kind, beta in trials]

# %%
alt = _(
    "Cuatro gatas: las tres primeras casi sin vidrios; la estandarizada, un vitral entero.",
    "Four cats: the first three with hardly any panes; the standardised one, a whole window.",
)
titles = [
    _("sin preparar", "unprepared"),
    _("β diez veces mayor", "β ten times larger"),
    "softmax",
    _("estandarizada", "standardised"),
]
strip(by_kind, titles, alt)

# %% [markdown] lang="es"
# Sin preparar, el coste se conforma con los colores. Con diez veces más peso aparece el plomo entre
# los vidrios, aunque menos que a la derecha. El softmax, con esta red, apenas se nota. La
# estandarización da peso a todos los canales, y el vitral llega a cada rincón.

# %% [markdown] lang="en"
# Unprepared, the cost is content with the colours. With ten times the weight the lead between the
# panes appears, though less than on the right. The softmax, with this network, is hardly noticed.
# Standardising gives weight to all channels, and the window reaches every corner.

# %% [markdown] lang="es"
# ### Sin foto: solo el estilo
#
# Con $\alpha = 0$ y desde el azar, lo que salga es todo lo que las matrices saben del cuadro. Y
# aquí se ve para qué sirven los dos trucos del lienzo: lo intentamos con todo, sin mover la imagen
# y con una sola capa de pintura.

# %% [markdown] lang="en"
# ### Without a photo: only the style
#
# With $\alpha = 0$ and starting at random, what comes out is all that the matrices know about the
# painting. And here we see what the two tricks of the canvas are for: we try it with everything,
# without moving the picture and with a single coat of paint.

# %%
only_style = {"steps": 120, "start": noise, "alpha": 0}
variants = [{}, {"shift": 0}, {"coats": 1}]
textures = [noise, *(sketch(**only_style, **variant) for variant in variants)]

# %%
alt = _(
    "Ruido; trazos que giran, azules y amarillos; los mismos con más grano; una pelusa fina.",
    "Noise; swirling strokes, blue and yellow; the same with more grain; a fine fuzz.",
)
strip(
    textures,
    [
        _("azar", "random"),
        _("con todo", "everything"),
        _("sin mover", "not moved"),
        _("una sola capa", "a single coat"),
    ],
    alt,
)

# %% [markdown] lang="es"
# Con todo salen trazos que giran, y nadie los copió de ningún lugar. Sin mover la imagen cambia
# poco: algo más de grano. Con una sola capa, en cambio, cada píxel va por su lado y queda una
# pelusa. El coste es el mismo: cambia cómo escribimos la imagen.

# %% [markdown] lang="en"
# With everything, swirling strokes come out, and nobody copied them from anywhere. Without moving
# the picture little changes: somewhat more grain. With a single coat, however, each pixel goes its
# own way and a fuzz remains. The cost is the same: what changes is how we write the picture.

# %% [markdown] lang="es"
# ### Variación total
#
# Con $\gamma = 0$ nada alisa; con un valor enorme, la pintura se borra.

# %% [markdown] lang="en"
# ### Total variation
#
# With $\gamma = 0$ nothing smooths; with a huge value, the paint is wiped off.

# %%
gammas = [0, 2, 50]
smoothed = [sketch(gamma=0), sweep[2], sketch(gamma=50)]

# %%
alt = _(
    "Tres gatas: con gamma 0, trazos ásperos; con 2, limpios; con 50, una mancha suave.",
    "Three cats: with gamma 0, rough strokes; with 2, clean ones; with 50, a soft blur.",
)
strip([picture[12:80, 30:132] for picture in smoothed], [f"γ = {gamma}" for gamma in gammas], alt)

# %% [markdown] lang="es"
# Entre 0 y 2 la diferencia es sutil: menos pelusa. Con 50 ganan las zonas lisas.

# %% [markdown] lang="en"
# Between 0 and 2 the difference is subtle: less fuzz. With 50 smooth areas win.

# %% [markdown] lang="es"
# ## Tres fotos, tres estilos
#
# La misma función, sin tocar ningún ajuste, con tres fotos y tres cuadros distintos: pinceladas, un
# vitral y un grabado en madera. Cada celda pinta tres cuadros de 160 filas.

# %% [markdown] lang="en"
# ## Three photos, three styles
#
# The same function, without touching any setting, with three photos and three different paintings:
# brush strokes, a stained-glass window and a woodcut. Each cell paints three pictures of 160 rows.

# %%
photos = [content, ck.data.photo("coffee"), ck.data.photo("astronaut")[:170, :255]]
names = ["night", "windows", "woodcut"]


def paint_all(style):
    return [paint(photo, style, rows=(160,), steps=(80,)) for photo in photos]


sheet = [paint_all(ck.data.style("night"))]

# %%
sheet.append(paint_all(ck.data.style("windows")))

# %%
sheet.append(paint_all(ck.data.style("woodcut")))


# %%
def contact_sheet():
    tiles = [np.ones((160, 240, 3)), *(resize(photo, 160) for photo in photos)]
    for name, row in zip(names, sheet, strict=True):
        tiles += [resize(ck.data.style(name)[:266], 160), *row]
    figure, axes = plt.subplots(4, 4, figsize=(10, 6.8))
    for axis, tile in zip(axes.flat, tiles, strict=True):
        axis.imshow(tile, interpolation="lanczos")
        axis.axis("off")
    return figure


# %%
alt = _(
    "Una gata, una taza y una astronauta, pintadas a pinceladas, como vitral y como grabado.",
    "A cat, a cup and an astronaut, painted in brush strokes, as stained glass and as a woodcut.",
)
show_photo(contact_sheet(), alt)

# %% [markdown] lang="es"
# Cada fila tiene la mano de su cuadro: trazos que giran, plomo entre vidrios, surcos en negro. Y
# cada columna sigue siendo su foto: se reconocen los ojos, la taza y la cara.

# %% [markdown] lang="en"
# Each row has the hand of its painting: swirling strokes, lead between panes, furrows in black. And
# each column is still its photo: the eyes, the cup and the face are recognised.

# %% [markdown] lang="es"
# ## Tus propias imágenes
#
# Copia una foto y un cuadro a la carpeta de este cuaderno y escribe sus nombres:
# `photo_path = "mi_foto.jpg"`. Vale cualquier tamaño y casi cualquier formato. `rows_for` elige las
# filas: hasta 256, y menos si la foto es muy ancha, para que el tiempo no crezca.

# %% [markdown] lang="en"
# ## Your own pictures
#
# Copy a photo and a painting to the folder of this notebook and write their names:
# `photo_path = "mi_foto.jpg"`. Any size will do and nearly any format. `rows_for` chooses the rows:
# up to 256, and fewer if the photo is very wide, so that the time does not grow.


# %%
def rows_for(picture):
    rows = round(320 * (picture.shape[0] / picture.shape[1]) ** 0.5)
    return max(32, min(256, rows))


photo_path = style_path = save_path = None
my_style = ck.pictures.read(style_path) if style_path else style
if photo_path:
    my_photo = ck.pictures.read(photo_path)
    rows = rows_for(my_photo)
    painting = paint(my_photo, my_style, rows=(rows // 2, rows), callbacks=[Snapshots()])
    strip([painting], [photo_path], photo_path)

# %% [markdown] lang="es"
# Para guardar el cuadro, escribe `save_path = "mi_cuadro.png"`. Si ya hay un archivo con ese
# nombre, no lo toca: avisa, y tú decides si quieres `overwrite=True`. Comprobémoslo en una carpeta
# que se borra sola.

# %% [markdown] lang="en"
# To save the painting, write `save_path = "mi_cuadro.png"`. If there is a file of that name
# already, it is not touched: you are told, and you decide whether you want `overwrite=True`. Let us
# check that in a folder that deletes itself.

# %%
import tempfile

if save_path:
    ck.pictures.save(painting, save_path)
with tempfile.TemporaryDirectory() as folder:
    ck.pictures.save(painting, f"{folder}/mi_cuadro.png")
    try:
        ck.pictures.save(painting, f"{folder}/mi_cuadro.png")
    except FileExistsError as error:
        print(type(error).__name__)

# %% [markdown] lang="es"
# La segunda vez no escribe nada, y el error dice qué hacer.

# %% [markdown] lang="en"
# The second time it writes nothing, and the error says what to do.

# %% [markdown] lang="es"
# ## Tu turno
#
# Cambia los puntos (`...`) por tu respuesta y ejecuta la celda y las que le siguen. La solución
# está plegada debajo: ábrela después de intentarlo.
#
# ### Ejercicio 1: una matriz de Gram con lápiz
#
# Una capa tiene dos canales y cuatro lugares. El primer canal vale 2, 0, 2, 0; el segundo vale
# 0, 1, 0, 1. Escribe su matriz de Gram, dividida entre 4. ¿Qué te dice lo que hay fuera de la
# diagonal?

# %% [markdown] lang="en"
# ## Your turn
#
# Replace the dots (`...`) with your answer and run the cell and the ones after it. The solution is
# folded below: open it after you have tried.
#
# ### Exercise 1: a Gram matrix with a pencil
#
# A layer has two channels and four places. The first channel is 2, 0, 2, 0; the second, 0, 1, 0, 1.
# Write its Gram matrix, divided by 4. What does the part off the diagonal tell you?

# %%
my_gram = [[..., ...], [..., ...]]

# %%
places = np.array([[2.0, 0.0], [0.0, 1.0], [2.0, 0.0], [0.0, 1.0]])
right_gram = places.T @ places / len(places)

# %%
hint = _(
    "multiplica los canales lugar por lugar, suma y divide entre 4; ¿coinciden alguna vez?",
    "multiply the channels place by place, add up and divide by 4; do they ever coincide?",
)
ck.check(my_gram, right_gram, hint)

# %% tags=["solution"]
my_gram = [[2.0, 0.0], [0.0, 0.5]]
ck.check(my_gram, right_gram, hint)

# %% [markdown] lang="es"
# ### Ejercicio 2: otra imagen, el mismo estilo
#
# Haz con `small` una imagen del mismo tamaño, con **la misma** matriz de Gram de colores, pero que
# píxel a píxel sea muy distinta (una `distance` mayor de 0.02).

# %% [markdown] lang="en"
# ### Exercise 2: another picture, the same style
#
# Make out of `small` a picture of the same size, with **the same** Gram matrix of colours, but very
# different pixel by pixel (a `distance` of more than 0.02).

# %%
twin = ...


# %%
def same_style(picture):
    grams = [ops.convert_to_numpy(gram(other[None])) for other in (picture, small)]
    far = float(distance(picture, small)) > 0.02
    return picture.shape == small.shape and np.allclose(*grams, rtol=1e-3) and far


# %%
hint = _("la matriz de Gram no sabe dónde está cada píxel", "the Gram matrix does not know where each pixel is")
ck.check(twin, same_style, hint)

# %% tags=["solution"]
twin = small[::-1]
ck.check(twin, same_style, hint)

# %% [markdown] lang="es"
# ### Ejercicio 3: el estilo sin matrices
#
# Li y otros (2017) vieron que basta con menos: comparar la **media** y la **desviación** de cada
# canal. Escribe `moment_cost(maps, target)`, con tablas de NumPy de forma (filas, columnas,
# canales): el promedio, sobre los canales, del cuadrado de la diferencia de medias más el cuadrado
# de la diferencia de desviaciones.

# %% [markdown] lang="en"
# ### Exercise 3: style without matrices
#
# Li and others (2017) saw that less will do: compare the **mean** and the **deviation** of each
# channel. Write `moment_cost(maps, target)`, with NumPy tables of shape (rows, columns, channels):
# the average, over the channels, of the squared difference of means plus the squared difference of
# deviations.


# %%
def moment_cost(maps, target):
    return ...


# %%
def moment_trials():
    maps = np.random.default_rng(0).normal(size=(6, 7, 3))
    maps = (maps - maps.mean(axis=(0, 1))) / maps.std(axis=(0, 1))
    one_channel = maps + np.array([0.0, 0.0, 3.0])
    trials = [maps, maps[::-1], maps + 1, 3 * maps, one_channel]
    costs = [moment_cost(trial, maps) for trial in trials]
    return costs


# %%
hint = _(
    "usa mean y std con axis=(0, 1), y promedia al final sobre los canales",
    "use mean and std with axis=(0, 1), and average over the channels at the end",
)
ck.check(moment_trials, [0, 0, 1, 4, 3], hint)


# %% tags=["solution"]
def moment_cost(maps, target):
    means = maps.mean(axis=(0, 1)) - target.mean(axis=(0, 1))
    deviations = maps.std(axis=(0, 1)) - target.std(axis=(0, 1))
    return np.mean(means**2 + deviations**2)


ck.check(moment_trials, [0, 0, 1, 4, 3], hint)

# %% [markdown] lang="es"
# ### Ejercicio 4: los trazos del cuadro, los colores de la foto
#
# El brillo (`light`) de un píxel es 0.299 del rojo, más 0.587 del verde, más 0.114 del azul.
# Escribe `keep_colours(painting, photo)`: la foto, con el brillo del cuadro. Pista: en cada píxel,
# suma lo mismo a los tres colores.

# %% [markdown] lang="en"
# ### Exercise 4: the strokes of the painting, the colours of the photo
#
# The brightness (`light`) of a pixel is 0.299 of the red, plus 0.587 of the green, plus 0.114 of
# the blue. Write `keep_colours(painting, photo)`: the photo, with the brightness of the painting.
# Hint: in each pixel, add the same to all three colours.


# %%
def light(picture):
    return (picture @ np.array([0.299, 0.587, 0.114]))[..., None]


def keep_colours(painting, photo):
    return ...


# %%
def keeps_colours(result):
    bright = np.allclose(light(result), light(painter.picture()), atol=1e-4)
    colours = np.allclose(result - light(result), small - light(small), atol=1e-4)
    return bright and colours


# %%
hint = _(
    "¿cuánto brillo le falta a cada píxel de la foto para tener el del cuadro?",
    "how much brightness does each pixel of the photo lack to have that of the painting?",
)
ck.check(lambda: keep_colours(painter.picture(), small), keeps_colours, hint)


# %% tags=["solution"]
def keep_colours(painting, photo):
    return photo + light(painting) - light(photo)


ck.check(lambda: keep_colours(painter.picture(), small), keeps_colours, hint)
kept = np.clip(keep_colours(painter.picture(), small), 0, 1)
alt = _(
    "La gata pintada, y la misma pintura con los colores pardos de la foto.",
    "The painted cat, and the same painting in the brown colours of the photo.",
)
strip(
    [painter.picture(), kept],
    [_("el cuadro", "the painting"), _("con los colores de la foto", "in the colours of the photo")],
    alt,
)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una red entrenada sirve para medir, aunque ya no aprenda: sus capas son una regla para imágenes.
# - El contenido son activaciones, con su lugar; el estilo, correlaciones entre canales, sin él.
# - Se puede entrenar cualquier cosa que tenga derivada: aquí, los píxeles.
# - Una medida que no distingue no enseña: estandarizar los canales la despierta.
# - Cómo se escribe la imagen (capas de pintura, pequeños movimientos) importa tanto como el coste.

# %% [markdown] lang="en"
# ## What we learned
#
# - A trained network is good for measuring even if it learns no more: its layers are a ruler for
#   pictures.
# - Content is activations, with their place; style is correlations between channels, without it.
# - Anything that has a derivative can be trained: here, the pixels.
# - A measure that does not tell apart does not teach: standardising the channels wakes it up.
# - How the picture is written (coats of paint, small moves) matters as much as the cost.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - Gatys, Ecker y Bethge (2015), *A neural algorithm of artistic style*: donde empezó todo.
# - Li, Wang, Liu y Hou (2017), *Demystifying neural style transfer*: por qué igualar estadísticas
#   basta.
# - Wang, Li y Vasconcelos (2021), *Rethinking and improving the robustness of image style
#   transfer*: los picos de las redes nuevas.
# - Olah, Mordvintsev y Schubert (2017), *Feature visualization*: mover la imagen y otros trucos.
# - Sandler y otros (2018), *MobileNetV2*; Johnson, Alahi y Fei-Fei (2016), *Perceptual losses for
#   real-time style transfer*: una red que pinta de una pasada.

# %% [markdown] lang="en"
# ## Further reading
#
# - Gatys, Ecker and Bethge (2015), *A neural algorithm of artistic style*: where it all began.
# - Li, Wang, Liu and Hou (2017), *Demystifying neural style transfer*: why matching statistics is
#   enough.
# - Wang, Li and Vasconcelos (2021), *Rethinking and improving the robustness of image style
#   transfer*: the peaks of new networks.
# - Olah, Mordvintsev and Schubert (2017), *Feature visualization*: moving the picture and other
#   tricks.
# - Sandler and others (2018), *MobileNetV2*; Johnson, Alahi and Fei-Fei (2016), *Perceptual losses
#   for real-time style transfer*: a network that paints in one pass.
