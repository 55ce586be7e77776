# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Transferencia de estilo: pintar con una red"
#       en: "Style transfer: painting with a network"
#     limits: {seconds: 60, cell_seconds: 20, memory_mb: 1400}
#     data: [astronaut.jpg, chelsea.jpg, coffee.jpg, mobilenet_v2.keras, night.jpg, rocket.jpg, windows.jpg, woodcut.jpg]
#     needs: [cnn_mnist]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - mirar una foto con las capas de una red que entrenó otra persona;
# - medir el **contenido** y el **estilo** de una imagen con dos pérdidas, y calcularlas a mano;
# - entrenar una imagen, en lugar de una red, hasta que una foto parezca un cuadro;
# - decir qué hace cada pieza del método, porque la habrás quitado para verlo;
# - pintar tus propias fotos con el estilo que elijas.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos; leerla y resolverla,
# unas 3 horas. **Necesitas**: Python, y saber qué es un mapa de características y cómo desciende un
# gradiente ([[cnn_mnist]]).

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - look at a photo through the layers of a network that somebody else trained;
# - measure the **content** and the **style** of a picture with two losses, and work them out by
#   hand;
# - train a picture, in place of a network, until a photo looks like a painting;
# - say what each piece of the method does, because you will have taken it out to see;
# - paint your own photos in the style that you choose.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores; reading and solving it,
# about 3 hours. **You need**: Python, and to know what a feature map is and how a gradient descends
# ([[cnn_mnist]]).

# %%
import coursekit as ck

ck.setup(_("es", "en"))
ck.diagrams.two_paths()

# %% [markdown] lang="es"
# ## La idea, entera
#
# Queremos una imagen nueva $G$ con el **contenido** de una foto $C$ (qué hay y dónde) y el
# **estilo** de un cuadro $S$ (colores, pinceladas, textura). Gatys, Ecker y Bethge mostraron en 2015
# que una red entrenada para clasificar fotos puede medir ambas cosas. Su algoritmo:
#
# 1. Mira $C$ y $S$ con la red, que no cambiará, y guarda lo que ve.
# 2. Empieza con $G = C$, o con ruido.
# 3. Mira $G$ con la misma red y calcula tres pérdidas: $J_C$, cuánto se aparta $G$ del contenido de
#    $C$; $J_S$, cuánto se aparta del estilo de $S$; y $V$, cuánto ruido tiene.
# 4. Mueve los píxeles de $G$ un poco en contra del gradiente de
#    $J(G) = \alpha J_C + \beta J_S + \gamma V$, y vuelve al punto 3.
#
# El resto de la lección explica cada palabra de esta lista y la convierte en programa.

# %% [markdown] lang="en"
# ## The idea, all of it
#
# We want a new picture $G$ with the **content** of a photo $C$ (what is there and where) and the
# **style** of a painting $S$ (colours, brush strokes, texture). Gatys, Ecker and Bethge showed in
# 2015 that a network trained to classify photos can measure both. Their algorithm:
#
# 1. Look at $C$ and $S$ with the network, which will not change, and keep what it sees.
# 2. Begin with $G = C$, or with noise.
# 3. Look at $G$ with the same network and compute three losses: $J_C$, how far $G$ is from the
#    content of $C$; $J_S$, how far it is from the style of $S$; and $V$, how noisy it is.
# 4. Move the pixels of $G$ a little against the gradient of
#    $J(G) = \alpha J_C + \beta J_S + \gamma V$, and return to point 3.
#
# The rest of the lesson explains each word of this list and turns it into a program.

# %%
import math

import keras
import numpy as np
from keras import ops

keras.utils.set_random_seed(0)
content = ck.data.photo("chelsea")[:, :384]
style = ck.data.style("night")
alt = _(
    "A la izquierda, la cara de una gata; a la derecha, un cielo nocturno de pinceladas gruesas.",
    "On the left, the face of a cat; on the right, a night sky in thick brush strokes.",
)
ck.plots.strip([content, style], [_("foto C", "photo C"), _("cuadro S", "painting S")], alt=alt)
print(content.shape, style.shape)

# %% [markdown] lang="es"
# Son tablas de filas × columnas × 3 colores, con números de 0 a 1. La foto, la gata Chelsea, viene de
# scikit-image. El cuadro lo dibujó un programa de este curso: las pinceladas siguen una corriente,
# amarillas sobre azul.

# %% [markdown] lang="en"
# They are tables of rows × columns × 3 colours, with numbers from 0 to 1. The photo, Chelsea the cat,
# comes from scikit-image. The painting was drawn by a program of this course: its strokes follow a
# current, yellow on blue.

# %% [markdown] lang="es"
# ## La red que va a mirar
#
# Usaremos las primeras capas de MobileNetV2 (Sandler et al., 2018), entrenada con más de un millón de
# fotos de ImageNet. Usar para una tarea lo que una red aprendió con otra se llama **aprendizaje por
# transferencia**. Con `trainable = False` sus pesos quedan congelados: aquí la red mira y no aprende.

# %% [markdown] lang="en"
# ## The network that will look
#
# We will use the first layers of MobileNetV2 (Sandler et al., 2018), trained on over a million photos
# from ImageNet. Using for one task what a network learnt on another is called **transfer learning**.
# With `trainable = False` its weights are frozen: here the network looks and does not learn.

# %%
network = ck.data.network("mobilenet_v2")
network.trainable = False
print(network.name, ck.number(network.count_params()))

# %% [markdown] lang="es"
# Son solo 99 296 pesos y vienen con el curso. El artículo original usa VGG19: si hay conexión, basta
# con cambiar el argumento por `"vgg19"`; si no la hay, un mensaje lo avisa y la lección continúa. Los
# límites de las comprobaciones valen para MobileNetV2.
#
# Escogemos cinco capas, de la primera a la más profunda. `watch` recorta la red: recibe una imagen y
# devuelve las **activaciones** de las capas que le pidas, un mapa por canal.

# %% [markdown] lang="en"
# Those are only 99 296 weights, and they come with the course. The original paper uses VGG19: where
# there is a connection, change the argument to `"vgg19"`; where there is none, a message says so and
# the lesson continues. The bounds of the claims are those of MobileNetV2.
#
# We choose five layers, from the first to the deepest. `watch` cuts the network: it takes a picture
# and returns the **activations** of the layers that you ask for, one map per channel.

# %%
blocks = ["stem_relu", *(f"block_{number}_expand_relu" for number in (2, 3, 5, 8))]
vgg_blocks = [f"block{number}_conv1" for number in (1, 2, 3, 4, 5)]
style_layers = vgg_blocks if network.name == "vgg19" else blocks
content_layer = style_layers[3]


def watch(names, network=network):
    return keras.Model(network.inputs[0], [network.get_layer(name).output for name in names])


# %%
seen = [ops.convert_to_numpy(maps)[0] for maps in watch(style_layers)(content[None])]
for name, maps in zip(style_layers, seen, strict=True):
    print(f"{name:20}", maps.shape)

# %% [markdown] lang="es"
# `content[None]` hace de la foto un lote de una sola imagen. Cuanto más profunda es la capa, menos
# filas y columnas hay, y más canales. Veamos tres capas, y de cada una los cuatro canales que más
# varían de un lugar a otro.

# %% [markdown] lang="en"
# `content[None]` turns the photo into a batch of a single picture. The deeper the layer, the fewer
# rows and columns there are, and the more channels. Let us see three layers, and of each one the four
# channels that vary most from place to place.


# %%
def liveliest(maps):
    order = np.argsort(-maps.std(axis=(0, 1)))[:4]
    # es: un punto muy brillante oscurecería lo demás: recortamos el 1 % más alto
    # en: one very bright spot would darken the rest: we clip the highest 1%
    return [np.minimum(maps[..., k], np.percentile(maps[..., k], 99)) for k in order]


names = [name.removesuffix("_expand_relu") for name in style_layers]
alt = _(
    "Cuatro mapas de tres capas: la gata se reconoce, luego solo contornos, al final manchas.",
    "Four maps of each of three layers: the cat is recognisable, then only outlines, then blots.",
)
shown = [picture for maps in seen[::2] for picture in liveliest(maps)]
titles = [title for name in names[::2] for title in (name, "", "", "")]
ck.plots.strip(shown, titles, columns=4, alt=alt)

# %% [markdown] lang="es"
# Arriba, la gata se reconoce al instante. En el medio quedan contornos en ciertas direcciones. Abajo,
# solo manchas: la capa más profunda ya no guarda cada píxel. ¿Y qué guarda?

# %% [markdown] lang="en"
# At the top, the cat is recognised at once. In the middle, outlines in certain directions remain. At
# the bottom, only blots: the deepest layer no longer keeps each pixel. What does it keep, then?

# %% [markdown] lang="es"
# ### ¿De verdad ve?
#
# Señalamos un ojo de la gata y buscamos, lejos de él, el lugar al que la capa más profunda responde de
# la forma más parecida. Si ve ojos, encontrará el otro. Parecido es aquí el **coseno**: 1 si en dos
# lugares los mismos canales se apartan de su media en la misma proporción. El control es la misma red
# con pesos aleatorios: `clone_model` copia las capas y no los pesos.

# %% [markdown] lang="en"
# ### Does it really see?
#
# We point at one eye of the cat and look, far from it, for the place to which the deepest layer
# responds most alike. If it sees eyes, it will find the other one. Alike means here the **cosine**: 1
# if in two places the same channels depart from their mean in the same proportion. The control is the
# same network with random weights: `clone_model` copies the layers and not the weights.


# %%
def random_network(seed):
    keras.utils.set_random_seed(seed)
    copy = keras.models.clone_model(network)
    copy.trainable = False
    return copy


def alike(maps, row, column):
    maps = maps - maps.mean(axis=(0, 1))
    maps = maps / (np.linalg.norm(maps, axis=-1, keepdims=True) + 1e-6)
    return maps @ maps[row, column]


# %%
untrained = watch(style_layers[-1:], random_network(0))(content[None])[0]
deepest = [seen[-1], ops.convert_to_numpy(untrained)[0]]
row, column = 6, 9
alt = _(
    "La gata, y dos mapas grises: con la red entrenada brillan los dos ojos; con la otra, mucho más.",
    "The cat, and two grey maps: with the trained network both eyes shine; with the other, much more.",
)
maps = [np.clip(alike(maps, row, column), 0, 1) for maps in deepest]
titles = [_("foto", "photo"), _("red entrenada", "trained network"), _("pesos aleatorios", "random weights")]
ck.plots.strip([content, *maps], titles, alt=alt)

# %% [markdown] lang="es"
# Un solo punto puede ser casualidad. Repitamos la pregunta desde cada lugar de los dos ojos y contemos
# cuántas veces la respuesta cae en el otro ojo; con pesos aleatorios, para tres redes.

# %% [markdown] lang="en"
# A single point may be chance. Let us repeat the question from each place of both eyes and count how
# often the answer falls on the other eye; with random weights, for three networks.


# %%
eyes = [(98, 145), (120, 268)]


def near(maps, point, radius):
    # es: qué lugares de los mapas tienen su centro cerca de un píxel de la foto
    # en: which places of the maps have their centre near a pixel of the photo
    side = len(content) / len(maps)
    down, across = side * (np.indices(maps.shape[:2]) + 0.5)
    return np.hypot(down - point[0], across - point[1]) < radius


def hits(maps):
    found = []
    for here, there in (eyes, eyes[::-1]):
        for place in np.argwhere(near(maps, here, 28)):
            similar = np.where(near(maps, here, 70), -1, alike(maps, *place))
            found.append(near(maps, there, 28).ravel()[np.argmax(similar)])
    return np.mean(found)


# %%
others = [watch(style_layers[-1:], random_network(seed))(content[None])[0] for seed in range(3)]
others = [hits(ops.convert_to_numpy(maps)[0]) for maps in others]
ck.claim(_("aciertos, red entrenada", "hits, trained network"), hits(seen[-1]), at_least=0.8)
ck.claim(_("aciertos, pesos aleatorios", "hits, random weights"), np.mean(others), at_most=0.6)

# %% [markdown] lang="es"
# La red entrenada acierta casi siempre; con pesos aleatorios, bastante menos. No es que sepa la
# palabra «ojo»: responde de forma parecida a cosas parecidas, también cuando sus píxeles difieren. Eso
# es lo que necesitamos para comparar imágenes.

# %% [markdown] lang="en"
# The trained network is nearly always right; with random weights, much less often. It does not know
# the word "eye": it responds alike to things that are alike, also when their pixels differ. That is
# what we need to compare pictures.

# %% [markdown] lang="es"
# ## La pérdida del contenido
#
# Dos imágenes tienen el mismo contenido si una capa da la misma respuesta, en los mismos lugares.
# Llamamos $a(C)$ a las activaciones de la foto y $a(G)$ a las de la imagen nueva, y sumamos los
# cuadrados de las diferencias. Dividimos entre la suma de cuadrados de $a(C)$, para que un 1 signifique
# lo mismo en cualquier capa y a cualquier tamaño:
#
# $$J_C = \frac{\|a(G) - a(C)\|^2}{\|a(C)\|^2}$$

# %% [markdown] lang="en"
# ## The content loss
#
# Two pictures have the same content if a layer gives the same response, in the same places. We call
# $a(C)$ the activations of the photo and $a(G)$ those of the new picture, and add up the squares of
# the differences. We divide by the sum of squares of $a(C)$, so that a 1 means the same in any layer
# and at any size:
#
# $$J_C = \frac{\|a(G) - a(C)\|^2}{\|a(C)\|^2}$$

# %%
a_content = np.array([[1.0, 2.0], [3.0, 4.0]])
a_generated = np.array([[1.0, 0.0], [3.0, 5.0]])
by_hand = np.sum((a_generated - a_content) ** 2) / np.sum(a_content**2)
print(round(by_hand, 3))

# %% [markdown] lang="es"
# A mano: las diferencias son 0, −2, 0 y 1, y sus cuadrados suman 5. Los cuadrados de $a(C)$ suman
# 1 + 4 + 9 + 16 = 30, y 5/30 es 0.167. Ahora con Keras, que después sabrá derivarla.

# %% [markdown] lang="en"
# By hand: the differences are 0, −2, 0 and 1, and their squares add up to 5. The squares of $a(C)$
# add up to 1 + 4 + 9 + 16 = 30, and 5/30 is 0.167. Now with Keras, which later will know its
# derivative.


# %%
def distance(values, target):
    return ops.sum(ops.square(values - target)) / ops.sum(ops.square(target))


assert np.isclose(distance(a_generated, a_content), by_hand)

# %% [markdown] lang="es"
# ### ¿En qué capa?
#
# Al pintar queremos poder cambiar los colores y mover un poco los bordes sin que eso cuente como otro
# contenido. Hagamos las dos cosas con la foto: intercambiar el rojo y el azul, y desplazarla 2
# píxeles. Como vara de medir, la distancia media a otras tres fotos. `scale` cambia el tamaño.

# %% [markdown] lang="en"
# ### In which layer?
#
# While painting we want to be free to change the colours and to move the edges a little without
# making that count as another content. Let us do both to the photo: swap red and blue, and shift it
# by 2 pixels. As a yardstick, the mean distance to three other photos. `scale` changes the size.

# %%
small = ck.pictures.scale(content, 96)
changed = {
    _("rojo y azul intercambiados", "red and blue swapped"): small[..., ::-1],
    _("desplazada 2 píxeles", "shifted by 2 pixels"): np.roll(small, 2, axis=1),
}
others = [ck.pictures.scale(ck.data.photo(name), 96, 144) for name in ("coffee", "astronaut", "rocket")]
see_all = watch(style_layers)
target = see_all(small[None])


def from_photo(picture):
    return np.array([float(distance(*pair)) for pair in zip(see_all(picture[None]), target, strict=True)])


yardstick = np.mean([from_photo(other) for other in others], axis=0)
ratios = {name: from_photo(picture) / yardstick for name, picture in changed.items()}

# %%
ck.plots.lines(
    names,
    ratios,
    _("capa", "layer"),
    _("distancia / otra foto", "distance / other photo"),
    _(
        "Dos curvas por capa: cambiar colores cuesta más en la primera; desplazar, en la segunda.",
        "Two curves over the layers: new colours cost most in the first; a shift, in the second.",
    ),
    ylim=(0, None),
)
swap, shift = ratios.values()
ck.claim(_("colores, primera capa", "colours, first layer"), swap[0], at_least=0.5)
ck.claim(_("colores, cuarta capa", "colours, fourth layer"), swap[3], at_most=0.4)
ck.claim(_("desplazamiento, segunda capa", "shift, second layer"), shift[1], at_least=0.4)
ck.claim(_("desplazamiento, cuarta capa", "shift, fourth layer"), shift[3], at_most=0.25)

# %% [markdown] lang="es"
# La primera capa confunde un cambio de colores con otra foto; la segunda no perdona un desplazamiento
# de 2 píxeles. La cuarta, `block_5`, perdona ambos y sigue separando unas fotos de otras: será la
# **capa del contenido**. Más abajo veremos qué conserva cada una.

# %% [markdown] lang="en"
# The first layer mistakes a change of colours for another photo; the second one does not forgive a
# shift of 2 pixels. The fourth one, `block_5`, forgives both and still keeps photos apart: it will be
# the **content layer**. Further down we will see what each layer keeps.

# %% [markdown] lang="es"
# ## El estilo: qué aparece junto a qué
#
# El estilo no depende del lugar: una pincelada es igual arriba que abajo. Empecemos sin red, con tres
# canales: rojo, verde y azul. Le damos a cada canal de la foto la media y la desviación estándar que
# tiene en el cuadro.

# %% [markdown] lang="en"
# ## Style: what appears together with what
#
# Style does not depend on the place: a brush stroke is the same at the top as at the bottom. Let us
# begin without a network, with three channels: red, green and blue. We give each channel of the photo
# the mean and the standard deviation that it has in the painting.


# %%
def recolour(picture, style):
    places = (0, 1)
    standard = (picture - picture.mean(axis=places)) / picture.std(axis=places)
    return np.clip(standard * style.std(axis=places) + style.mean(axis=places), 0, 1)


recoloured = recolour(small, style)
trio = [small, recoloured, ck.pictures.scale(style, 96)]
alt = _(
    "La gata; la gata más fría y contrastada, sin el amarillo ni el azul del cuadro; el cuadro.",
    "The cat; the cat colder and with more contrast, without the painting's yellow and blue; the painting.",
)
titles = [_("foto", "photo"), _("media y desviación estándar", "mean and standard deviation"), _("cuadro", "painting")]
ck.plots.strip(trio, titles, alt=alt)
correlations = [np.corrcoef(picture.reshape(-1, 3).T)[0, 2] for picture in trio[::2]]
ck.claim(_("correlación rojo-azul, foto", "red-blue correlation, photo"), correlations[0], at_least=0.7)
ck.claim(_("correlación rojo-azul, cuadro", "red-blue correlation, painting"), correlations[1], at_most=-0.3)

# %% [markdown] lang="es"
# No basta. Cada canal tiene ya su media y su desviación estándar, pero en la foto el rojo y el azul
# suben juntos (correlación de [[bound: red-blue correlation, photo]] o más), y en el cuadro, donde uno
# sube, el otro baja. Lo que falta no está en ningún canal: está **entre** los canales.

# %% [markdown] lang="en"
# It is not enough. Each channel has its mean and its standard deviation already, but in the photo red
# and blue rise together (correlation of [[bound: red-blue correlation, photo]] or more), and in the
# painting, where one rises, the other falls. What is missing is in no channel: it is **between** the
# channels.

# %% [markdown] lang="es"
# ### La matriz de Gram
#
# Olvidamos *dónde* y medimos **qué canales se encienden juntos**. Ponemos las activaciones en una
# tabla $F$ con una fila por lugar y una columna por canal. La **matriz de Gram** multiplica cada par de
# canales, lugar por lugar, y toma la media sobre los $n$ lugares ($F^T$ es $F$ transpuesta):
#
# $$M_{ij} = \frac{1}{n} \sum_{k} F_{ki} F_{kj} \qquad M = \frac{1}{n} F^T F$$

# %% [markdown] lang="en"
# ### The Gram matrix
#
# We forget *where* and measure **which channels light up together**. We put the activations into a
# table $F$ with one row per place and one column per channel. The **Gram matrix** multiplies each pair
# of channels, place by place, and takes the mean over the $n$ places ($F^T$ is $F$ transposed):
#
# $$M_{ij} = \frac{1}{n} \sum_{k} F_{ki} F_{kj} \qquad M = \frac{1}{n} F^T F$$

# %%
F = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0], [1.0, 2.0]])
M = F.T @ F / len(F)
print(M)

# %% [markdown] lang="es"
# Hay cuatro lugares y dos canales. Arriba a la izquierda: (1 + 4 + 0 + 1) / 4 = 1.5, cuánto se enciende
# el primero. Fuera de la diagonal: (0 + 2 + 0 + 2) / 4 = 1, cuánto se encienden **a la vez**. Ahora con
# Keras, y desordenando los lugares.

# %% [markdown] lang="en"
# There are four places and two channels. At the upper left: (1 + 4 + 0 + 1) / 4 = 1.5, how much the
# first one lights up. Off the diagonal: (0 + 2 + 0 + 2) / 4 = 1, how much they light up **at the same
# time**. Now with Keras, and with the places shuffled.


# %%
def gram(maps):
    F = ops.reshape(maps, (-1, maps.shape[-1]))
    return ops.matmul(ops.transpose(F), F) / F.shape[0]


shuffled = F[[2, 0, 3, 1]]
assert np.allclose(gram(F.reshape(1, 2, 2, 2)), M)
assert np.allclose(gram(shuffled.reshape(1, 2, 2, 2)), M)

# %% [markdown] lang="es"
# Los dos `assert` se cumplen: Keras da la misma matriz que NumPy, y desordenar los lugares no cambia
# nada. La matriz de Gram no sabe *dónde* ocurre cada cosa.
#
# ### Tu turno 1: una matriz de Gram con lápiz
#
# Cambia los puntos (`...`) por tu respuesta y ejecuta la celda; después, la de comprobación. La
# solución está plegada debajo: ábrela cuando lo hayas intentado.
#
# Una capa tiene dos canales y cuatro lugares. El primer canal vale 2, 0, 2, 0; el segundo, 0, 1, 0, 1.
# Escribe su matriz de Gram. ¿Qué dice lo que hay fuera de la diagonal?

# %% [markdown] lang="en"
# Both `assert` hold: Keras gives the same matrix as NumPy, and shuffling the places changes nothing.
# The Gram matrix does not know *where* things happen.
#
# ### Your turn 1: a Gram matrix with a pencil
#
# Replace the dots (`...`) with your answer and run the cell; then the one that checks it. The solution
# is folded below: open it when you have tried.
#
# A layer has two channels and four places. The first channel is 2, 0, 2, 0; the second, 0, 1, 0, 1.
# Write its Gram matrix. What does the part off the diagonal say?

# %%
my_gram = [[..., ...], [..., ...]]

# %% tags=["check"]
hint = _(
    "multiplica los canales lugar por lugar, suma y divide entre 4; ¿se encienden alguna vez a la vez?",
    "multiply the channels place by place, add up and divide by 4; do they ever light up together?",
)
ck.check(my_gram, [[2.0, 0.0], [0.0, 0.5]], hint)

# %% tags=["solution"]
my_gram = [[2.0, 0.0], [0.0, 0.5]]
ck.check(my_gram, [[2.0, 0.0], [0.0, 0.5]], "")

# %% [markdown] lang="es"
# Fuera de la diagonal hay ceros: los dos canales nunca se encienden en el mismo lugar.
#
# ### Tu turno 2: otra imagen, el mismo estilo
#
# A partir de `small`, haz una imagen del mismo tamaño con **la misma** matriz de Gram de colores, pero
# muy distinta píxel a píxel (una `distance` mayor de 0.02).

# %% [markdown] lang="en"
# Off the diagonal there are zeros: the two channels never light up in the same place.
#
# ### Your turn 2: another picture, the same style
#
# From `small`, make a picture of the same size with **the same** Gram matrix of colours, but very
# different pixel by pixel (a `distance` of more than 0.02).

# %%
twin = ...


# %% tags=["check"]
def same_style(picture):
    picture = np.asarray(picture, "float32")
    if picture.shape != small.shape:
        return False
    grams = [ops.convert_to_numpy(gram(other[None])) for other in (picture, small)]
    return np.allclose(*grams, rtol=1e-3) and float(distance(picture, small)) > 0.02


hint = _("la matriz de Gram no sabe dónde está cada píxel", "the Gram matrix does not know where each pixel is")
ck.check(twin, same_style, hint)

# %% tags=["solution"]
twin = small[::-1]
ck.check(twin, same_style, "")

# %% [markdown] lang="es"
# ### La pérdida del estilo
#
# En vez de tres colores, los canales de la red: en cada una de las cinco capas comparamos la matriz de
# Gram de $G$ con la de $S$ por medio de `distance`, y $J_S$ es la media de las cinco distancias. ¿Qué
# valores toma? Midamos la foto, la foto recoloreada y, como vara de medir, la mitad derecha del propio
# cuadro.

# %% [markdown] lang="en"
# ### The style loss
#
# In place of three colours, the channels of the network: in each of the five layers we compare the
# Gram matrix of $G$ with that of $S$ by means of `distance`, and $J_S$ is the mean of the five
# distances. What values does it take? Let us measure the photo, the recoloured photo and, as a
# yardstick, the right half of the painting itself.


# %%
def style_loss(maps, grams):
    pairs = zip(maps, grams, strict=True)
    return sum(distance(gram(ours), theirs) for ours, theirs in pairs) / len(grams)


small_style = ck.pictures.scale(style, 96)
right_half = ck.pictures.scale(style[:, 200:], 96)
grams = [gram(maps) for maps in see_all(small_style[None])]
in_photo, in_colours, in_half = [
    float(style_loss(see_all(picture[None]), grams)) for picture in (small, recoloured, right_half)
]

# %%
ck.claim(_("J_S de la foto", "J_S of the photo"), in_photo, at_least=0.3)
ck.claim(_("J_S de la foto recoloreada", "J_S of the recoloured photo"), in_colours, at_most=0.2)
ck.claim(_("J_S de medio cuadro", "J_S of half the painting"), in_half, at_most=0.06)

# %% [markdown] lang="es"
# Fíjate en la segunda línea: sin una sola pincelada, solo con otros colores, $J_S$ baja mucho. Ante
# cualquier imagen hay canales muy encendidos, y sus productos dominan la matriz; lo que distingue una
# pincelada es una parte pequeña. Habrá que dar a $J_S$ un peso grande.

# %% [markdown] lang="en"
# Look at the second line: without a single stroke, with nothing but other colours, $J_S$ falls a lot.
# Given any picture some channels are very active, and their products dominate the matrix; what tells a
# brush stroke is a small part of it. We shall have to give $J_S$ a large weight.

# %% [markdown] lang="es"
# ## La variación total
#
# La tercera pérdida no usa la red. $V(G)$, la **variación total** (*total variation*), es la media de
# los cuadrados de las diferencias entre cada píxel y sus vecinos de abajo y de la derecha. (En su forma
# clásica se suman valores absolutos.) Comparemos la foto, la foto con ruido y la foto suavizada; debajo
# de cada una, sus diferencias con el vecino de la derecha, cuatro veces aumentadas.

# %% [markdown] lang="en"
# ## Total variation
#
# The third loss does not use the network. $V(G)$, the **total variation**, is the mean of the squared
# differences between each pixel and its neighbours below and to the right. (In its classical form,
# absolute values are added up.) Let us compare the photo, the photo with noise and the photo smoothed;
# below each one, its differences from the neighbour on the right, magnified four times.


# %%
def total_variation(picture):
    down = ops.mean(ops.square(picture[:, 1:] - picture[:, :-1]))
    across = ops.mean(ops.square(picture[:, :, 1:] - picture[:, :, :-1]))
    return down + across


def with_differences(pictures):
    return [*pictures, *(4 * np.abs(picture[:, 1:] - picture[:, :-1]) for picture in pictures)]


# %%
noisy = small + 0.1 * np.random.default_rng(0).normal(size=small.shape).astype("float32")
smooth = ck.pictures.scale(ck.pictures.scale(small, 24), *small.shape[:2])
trio = [small, noisy, smooth]
titles = [_("foto", "photo"), _("con ruido", "with noise"), _("suavizada", "smoothed"), "", "", ""]
alt = _(
    "Arriba, la foto, con ruido y suavizada. Abajo, sus diferencias: contornos, grano, casi negro.",
    "Above, the photo, with noise and smoothed. Below, their differences: outlines, grain, nearly black.",
)
ck.plots.strip(with_differences(trio), titles, columns=3, alt=alt)
in_photo_v, in_noisy_v, in_smooth_v = [float(total_variation(picture[None])) for picture in trio]
ck.claim(_("V con ruido / V de la foto", "V with noise / V of the photo"), in_noisy_v / in_photo_v, at_least=4)
ck.claim(_("V suavizada / V de la foto", "V smoothed / V of the photo"), in_smooth_v / in_photo_v, at_most=0.5)

# %% [markdown] lang="es"
# $V$ castiga el grano, porque en él cada píxel difiere de su vecino; y también castiga, un poco, los
# contornos. Por eso su peso $\gamma$ debe ser pequeño.
#
# ### Tu turno 3: un paso de gradiente con lápiz
#
# Una imagen tiene una fila de tres píxeles: 0, $x$, 0. Sus dos diferencias son $x$ y $-x$, así que
# $V = (x^2 + x^2) / 2 = x^2$, y su pendiente es $2x$. Empieza en $x = 1$ y da dos pasos de descenso,
# $x - 0.25 \cdot 2x$. ¿Cuánto vale $x$ después de cada uno?

# %% [markdown] lang="en"
# $V$ punishes grain, because in grain each pixel differs from its neighbour; and it also punishes
# outlines, a little. That is why its weight $\gamma$ must be small.
#
# ### Your turn 3: a gradient step with a pencil
#
# A picture has one row of three pixels: 0, $x$, 0. Its two differences are $x$ and $-x$, so
# $V = (x^2 + x^2) / 2 = x^2$, and its slope is $2x$. Begin at $x = 1$ and take two steps of descent,
# $x - 0.25 \cdot 2x$. How much is $x$ after each one?

# %%
after_steps = [..., ...]

# %% tags=["check"]
hint = _(
    "en el segundo paso, la pendiente se calcula en el x nuevo",
    "in the second step, the slope is computed at the new x",
)
ck.check(after_steps, [0.5, 0.25], hint)

# %% tags=["solution"]
after_steps = [1 - 0.25 * 2 * 1, 0.5 - 0.25 * 2 * 0.5]
ck.check(after_steps, [0.5, 0.25], "")

# %% [markdown] lang="es"
# ## Las tres pérdidas juntas
#
# `targets` hace el punto 1 del algoritmo: guarda lo que la red ve en $C$ y en $S$. `losses` hace el
# punto 3: dada una imagen, devuelve $J_C$, $J_S$ y $V$. `look` es la red recortada: da primero la capa
# del contenido y después las del estilo.

# %% [markdown] lang="en"
# ## The three losses together
#
# `targets` does point 1 of the algorithm: it keeps what the network sees in $C$ and in $S$. `losses`
# does point 3: given a picture, it returns $J_C$, $J_S$ and $V$. `look` is the network, cut: it gives
# the content layer first and the style layers after it.


# %%
def targets(look, content, style):
    maps = look(content[None])[0]
    return maps, [gram(maps)[None] for maps in look(style[None])[1:]]


def losses(look, picture, target_maps, grams):
    maps, *style_maps = look(picture)
    J_C = distance(maps, target_maps)
    J_S = style_loss(style_maps, [M[0] for M in grams])
    return J_C, J_S, total_variation(picture)


look = watch([content_layer, *style_layers])
goals = targets(look, small, small_style)

# %% [markdown] lang="es"
# ## Un paso de gradiente sobre una imagen
#
# En las otras lecciones, los datos eran fijos y los pesos se movían. Aquí la red es fija y **los pesos
# son los píxeles**. Este modelo no tiene capas: su único peso es la imagen, y eso devuelve. `fit` llama
# a `compute_loss` para saber la pérdida; ahí ponemos $J = J_C + 100 J_S + 2 V$.

# %% [markdown] lang="en"
# ## A gradient step on a picture
#
# In the other lessons, the data were fixed and the weights moved. Here the network is fixed and **the
# weights are the pixels**. This model has no layers: its only weight is the picture, and that is what
# it returns. `fit` calls `compute_loss` to learn the loss; there we put $J = J_C + 100 J_S + 2 V$.


# %%
class Pixels(keras.Model):
    def __init__(self, start):
        super().__init__()
        self.pixels = self.add_weight(shape=(1, *start.shape), initializer="zeros")
        self.pixels.assign(start[None])

    def call(self, x=None):
        return ops.convert_to_tensor(self.pixels)

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        J_C, J_S, V = losses(look, y_pred, x, y)
        return J_C + 100 * J_S + 2 * V


# %% [markdown] lang="es"
# Lo que otros modelos reciben como datos, `x` e `y`, es aquí lo que hay que igualar: las activaciones
# de $C$ y las matrices de $S$. `y_pred`, la predicción, es la imagen. Un solo paso de descenso de
# gradiente, con `SGD`:

# %% [markdown] lang="en"
# What other models receive as data, `x` and `y`, is here what must be matched: the activations of $C$
# and the matrices of $S$. `y_pred`, the prediction, is the picture. A single step of gradient descent,
# with `SGD`:

# %%
rate = 3.0
model = Pixels(small)
model.compile(keras.optimizers.SGD(rate))
model.train_on_batch(*goals)
after = ops.convert_to_numpy(model())[0]
step = after - small


# %%
def J(picture):
    J_C, J_S, V = losses(look, picture[None], *goals)
    return float(J_C + 100 * J_S + 2 * V)


alt = _(
    "La gata; el paso, con azules y grises alrededor del pelo y los bordes; la gata, apenas distinta.",
    "The cat; the step, with blues and greys around fur and edges; the cat, hardly different.",
)
titles = [_("antes", "before"), _("el paso, 10 veces aumentado", "the step, magnified 10 times"), _("después", "after")]
ck.plots.strip([small, 0.5 + 10 * step, after], titles, alt=alt)
ck.claim(_("J después / J antes", "J after / J before"), J(after) / J(small), at_most=0.9)

# %% [markdown] lang="es"
# En el centro, el gris significa «no cambies»; un color, «muévete hacia aquí». Un paso apenas se ve y,
# aun así, $J$ baja. ¿Es de verdad el gradiente? Movamos un solo píxel un poco hacia arriba y hacia
# abajo y midamos la pendiente: el paso debe ser menos la tasa de aprendizaje por la pendiente.

# %% [markdown] lang="en"
# In the middle, grey means "do not change"; a colour, "move this way". One step can hardly be seen,
# and still $J$ falls. Is it really the gradient? Let us move a single pixel a little up and a little
# down and measure the slope: the step must be minus the learning rate times the slope.

# %%
place = np.unravel_index(np.argmax(np.abs(step)), step.shape)
nudge = np.zeros_like(small)
nudge[place] = 0.01
slope = (J(small + nudge) - J(small - nudge)) / 0.02
assert np.isclose(step[place], -rate * slope, rtol=0.1)

# %% [markdown] lang="es"
# El `assert` se cumple. Y de eso se trata: punto 4 del algoritmo, muchas veces.

# %% [markdown] lang="en"
# The `assert` holds. And that is all there is to it: point 4 of the algorithm, many times.

# %% [markdown] lang="es"
# ## El pintor
#
# Un píxel solo mueve un punto; una pincelada mueve muchos a la vez. Por eso el pintor escribe la imagen
# como suma de cuatro **manos de pintura**, de fina a gruesa, cada una con la mitad de filas que la
# anterior: cambiar un número de la más gruesa cambia una zona de 8 × 8 píxeles. La sigmoide deja los
# colores entre 0 y 1. En vez de `SGD` usa Adam, que ajusta el tamaño del paso de cada peso.

# %% [markdown] lang="en"
# ## The painter
#
# A pixel moves one point only; a brush stroke moves many at once. So the painter writes the picture as
# the sum of four **coats of paint**, from fine to coarse, each with half the rows of the one before:
# changing one number of the coarsest coat changes an area of 8 × 8 pixels. The sigmoid keeps the
# colours between 0 and 1. In place of `SGD` it uses Adam, which adapts the step of each weight.


# %%
class Coats(keras.Model):
    def __init__(self, rows, columns, coats=4):
        super().__init__()
        self.size = rows, columns
        shapes = [(1, math.ceil(rows / 2**k), math.ceil(columns / 2**k), 3) for k in range(coats)]
        self.coats = [self.add_weight(shape=shape, initializer="zeros") for shape in shapes]

    def call(self, x=None):
        return ops.sigmoid(sum(ops.image.resize(coat, self.size) for coat in self.coats))

    def picture(self):
        return ops.convert_to_numpy(self())[0]


# %%
canvas = Coats(96, 144)
print([coat.shape for coat in canvas.trainable_weights])

# %% [markdown] lang="es"
# Esos cuatro son los únicos pesos que se entrenan. Al pintor le faltan la pérdida, con sus pesos
# $\alpha$, $\beta$ y $\gamma$, y un comienzo. `begin` pone la imagen de partida en la mano más fina, con
# $\ln(p / (1 - p))$, la inversa de la sigmoide, y deja las otras tres vacías, a cero. También borra la
# memoria de Adam: así un mismo pintor puede empezar muchos cuadros.

# %% [markdown] lang="en"
# Those four are the only weights that are trained. The painter still lacks the loss, with its weights
# $\alpha$, $\beta$ and $\gamma$, and a beginning. `begin` puts the starting picture into the finest coat,
# through $\ln(p / (1 - p))$, the inverse of the sigmoid, and leaves the other three empty, at zero. It
# also clears Adam's memory: so one painter can begin many paintings.


# %%
class Painter(Coats):
    def __init__(self, look, rows, columns, coats=4, rate=0.05):
        super().__init__(rows, columns, coats)
        self.look = look
        self.weighting = self.add_weight(shape=(3,), initializer="ones", trainable=False)
        self.compile(keras.optimizers.Adam(rate))

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        return ops.sum(self.weighting * ops.stack(losses(self.look, y_pred, x, y)))


# %%
def begin(painter, start, weighting):
    memory = painter.optimizer.variables[2:]
    for variable in [*painter.coats, *memory]:
        variable.assign(ops.zeros_like(variable))
    painter.optimizer.iterations.assign(0)
    start = np.clip(start, 0.02, 0.98)
    painter.coats[0].assign(np.log(start / (1 - start))[None])
    painter.weighting.assign(weighting)


# %% [markdown] lang="es"
# Los dos primeros números de `optimizer.variables` son los pasos dados y la tasa de aprendizaje; el
# resto es la memoria. `paint` repite los objetivos diez veces, para que una época sean diez pasos.

# %% [markdown] lang="en"
# The first two numbers of `optimizer.variables` are the steps taken and the learning rate; the rest is
# the memory. `paint` repeats the targets ten times, so that an epoch is ten steps.


# %%
def paint(painter, goals, start, steps=60, weighting=(1, 100, 2), callbacks=()):
    begin(painter, start, weighting)
    ten = keras.tree.map_structure(lambda goal: np.repeat(goal, 10, axis=0), goals)
    callbacks = [ck.live.Progress(), *callbacks]
    painter.fit(*ten, batch_size=1, epochs=steps // 10, verbose=0, callbacks=callbacks)
    return painter.picture()


# %% tags=["slow"]
large = content
large_goals = targets(look, large, ck.pictures.scale(style, len(large)))
snapshots = ck.live.Snapshots()
painting = paint(Painter(look, *large.shape[:2]), large_goals, large, 80, callbacks=[snapshots])

# %%
alt = _(
    "La gata pintada con pinceladas amarillas y azules; los ojos, la nariz y los bigotes se reconocen.",
    "The cat painted in yellow and blue strokes; the eyes, the nose and the whiskers are recognisable.",
)
ck.plots.strip([painting], alt=alt)

# %% [markdown] lang="es"
# Empezó en la foto, marrón y gris. El azul, el amarillo y las pinceladas los trajo el descenso. Nadie
# le explicó a la red qué es una pincelada: las pinceladas salieron de igualar cinco matrices. Veamos el
# camino, en un trozo ampliado, y las dos pérdidas.

# %% [markdown] lang="en"
# It began at the photo, brown and grey. The blue, the yellow and the strokes were brought by the
# descent. Nobody explained to the network what a brush stroke is: strokes came out of matching five
# matrices. Let us see the way there, in an enlarged piece, and the two losses.

# %%
moments = [0, 10, 30, 80]
alt = _(
    "El ojo de la gata en cuatro momentos: foto, primeras manchas de color, trazos, trazos más limpios.",
    "The eye of the cat at four moments: photo, first blots of colour, strokes, cleaner strokes.",
)
titles = [_(f"paso {step}", f"step {step}") for step in moments]
details = [snapshots.pictures[step // 10][50:178, 70:262] for step in moments]
ck.plots.strip(details, titles, columns=2, alt=alt)

# %%
curves = [losses(look, picture[None], *large_goals)[:2] for picture in snapshots.pictures]
J_C, J_S = np.array(curves, "float32").T
alt = _(
    "La pérdida del contenido sube de golpe y luego baja despacio; cien veces la del estilo se desploma.",
    "The content loss leaps up and then falls slowly; a hundred times the style loss collapses.",
)
both = {_("contenido, J_C", "content, J_C"): J_C, _("estilo, 100 J_S", "style, 100 J_S"): 100 * J_S}
ck.plots.lines(10 * np.arange(len(J_C)), both, _("paso", "step"), _("pérdida", "loss"), alt, ylim=(0, 2))

# %%
yardstick = ck.data.photo("coffee")
other_photo = float(losses(look, yardstick[None], *large_goals)[0])
ck.claim(_("J_S, foto / cuadro terminado", "J_S, photo / finished painting"), J_S[0] / J_S[-1], at_least=100)
ck.claim(_("J_S del cuadro terminado", "J_S of the finished painting"), J_S[-1], at_most=0.004)
ck.claim(
    _("J_C, cuadro terminado / otra foto", "J_C, finished painting / other photo"), J_C[-1] / other_photo, at_most=0.8
)

# %% [markdown] lang="es"
# En los primeros diez pasos las dos pérdidas tiran en sentidos opuestos: para acercarse al estilo hay
# que alejarse de la foto. Después bajan las dos: el pintor encuentra pinceladas que también dibujan a
# la gata. Al final $J_S$ es más de [[bound: J_S, photo / finished painting]] veces menor que al
# principio, y menor que la de medio cuadro; $J_C$ no llega a
# [[bound: J_C, finished painting / other photo]] veces la de otra foto. La imagen es un término medio.
#
# ### Tu turno 4: las pinceladas del cuadro, los colores de la foto
#
# El brillo de un píxel es 0.299 por el rojo, más 0.587 por el verde, más 0.114 por el azul: lo calcula
# `light`. Escribe `keep_colours(painted, photo)`: la foto, con el brillo del cuadro. En cada píxel, suma
# lo mismo a los tres colores.

# %% [markdown] lang="en"
# In the first ten steps the two losses pull in opposite directions: to come closer to the style one
# must leave the photo. Then both fall: the painter finds strokes that draw the cat as well. At the end
# $J_S$ is more than [[bound: J_S, photo / finished painting]] times smaller than at the beginning, and
# smaller than that of half the painting; $J_C$ stays below
# [[bound: J_C, finished painting / other photo]] times that of another photo. The picture is a
# compromise.
#
# ### Your turn 4: the strokes of the painting, the colours of the photo
#
# The brightness of a pixel is 0.299 times the red, plus 0.587 times the green, plus 0.114 times the
# blue: `light` computes it. Write `keep_colours(painted, photo)`: the photo, with the brightness of the
# painting. In each pixel, add the same to all three colours.


# %%
def light(picture):
    return (picture @ np.array([0.299, 0.587, 0.114]))[..., None]


def keep_colours(painted, photo):
    return ...


# %% tags=["check"]
def keeps_colours(result):
    bright = np.allclose(light(result), light(painting), atol=1e-4)
    return bright and np.allclose(result - light(result), large - light(large), atol=1e-4)


hint = _(
    "¿cuánto brillo le falta a cada píxel de la foto para tener el del cuadro?",
    "how much brightness does each pixel of the photo lack to have that of the painting?",
)
ck.check(lambda: keep_colours(painting, large), keeps_colours, hint)


# %% tags=["solution"]
def keep_colours(painted, photo):
    return photo + light(painted) - light(photo)


ck.check(lambda: keep_colours(painting, large), keeps_colours, "")
alt = _("La gata a pinceladas, con el pelo pardo de la foto.", "The cat in strokes, with the brown fur of the photo.")
ck.plots.strip([painting, keep_colours(painting, large)], alt=alt)

# %% [markdown] lang="es"
# ## Qué hace cada pieza
#
# Ahora quitaremos o cambiaremos una sola cosa a la vez, en pequeño: `sketch` pinta 96 filas desde la
# foto, siempre con los mismos pasos, y el resto queda igual. Junto a cada figura van las pérdidas.

# %% [markdown] lang="en"
# ## What each piece does
#
# Now we will take out or change one thing at a time, in small: `sketch` paints 96 rows from the photo,
# with the same number of steps each time, and the rest stays as it was. Beside each figure stand the
# losses.

# %%
rows, columns = small.shape[:2]
painter = Painter(look, rows, columns)


def sketch(start=small, painter=painter, goals=goals, **options):
    return paint(painter, goals, start, **options)


def measure(picture):
    return [float(loss) for loss in losses(look, picture[None], *goals)]


# %% [markdown] lang="es"
# ### Algo sale mal: dos pérdidas con el mismo peso
#
# Con $\alpha = \beta = 1$ parecería que contenido y estilo mandan por igual. Mira la primera imagen.

# %% [markdown] lang="en"
# ### Something goes wrong: two losses with the same weight
#
# With $\alpha = \beta = 1$, content and style would seem to have an equal say. Look at the first
# picture.

# %%
betas = [1, 10, 100, 1000]
by_beta = [sketch(weighting=(1, beta, 2)) for beta in betas]
alt = _(
    "Cuatro gatas: con beta 1 casi la foto; con 1000 las pinceladas cubren el pelo y el fondo.",
    "Four cats: with beta 1 nearly the photo; with 1000 the strokes cover fur and background.",
)
ck.plots.strip(by_beta, [f"β = {beta}" for beta in betas], columns=2, alt=alt)
C, S, _V = np.array([measure(picture) for picture in by_beta]).T
ck.claim(_("J_S con β = 1", "J_S with β = 1"), S[0], at_least=0.04)
ck.claim(_("J_S con β = 1000", "J_S with β = 1000"), S[3], at_most=0.002)
ck.claim(_("J_C con β = 1", "J_C with β = 1"), C[0], at_most=0.15)
ck.claim(_("J_C con β = 1000", "J_C with β = 1000"), C[3], at_least=0.3)

# %% [markdown] lang="es"
# Con $\beta = 1$ la gata apenas cambia de color: como vimos, $J_S$ vale poco hasta para una foto, y no
# compensa estropear el contenido por él. Al subir $\beta$, la pérdida del estilo baja y la del contenido
# sube. No hay un valor correcto: es cuestión de gusto. Gatys y sus colegas usaron cocientes
# $\beta / \alpha$ de 1000 o más, con sus propias escalas.

# %% [markdown] lang="en"
# With $\beta = 1$ the cat hardly changes its colours: as we saw, $J_S$ is small even for a photo, and
# spoiling the content for it does not pay. As $\beta$ rises, the style loss falls and the content loss
# rises. There is no right value: it is a matter of taste. Gatys and his colleagues used ratios
# $\beta / \alpha$ of 1000 or more, on their own scales.

# %% [markdown] lang="es"
# ### La capa del contenido
#
# ¿Qué conserva cada capa? Empecemos en ruido, con $\beta = \gamma = 0$: solo cuenta $J_C$, medida en una
# capa poco profunda, en la nuestra o en la última.

# %% [markdown] lang="en"
# ### The content layer
#
# What does each layer keep? Let us begin with noise, with $\beta = \gamma = 0$: only $J_C$ counts,
# measured in a shallow layer, in ours or in the last.

# %%
noise = style.mean(axis=(0, 1)) + 0.1 * np.random.default_rng(0).normal(size=small.shape)
noise = np.clip(noise, 0, 1).astype("float32")
rebuilt = []
for name in style_layers[1], content_layer, style_layers[4]:
    view = watch([name, *style_layers[:1]])
    other = Painter(view, rows, columns)
    rebuilt.append(sketch(noise, other, targets(view, small, small_style), weighting=(1, 0, 0)))

# %%
alt = _(
    "Ruido y tres gatas que salen de él: casi la foto; sin colores exactos y con grano; deformada.",
    "Noise and three cats that come out of it: nearly the photo; inexact colours and grain; distorted.",
)
titles = [_("ruido", "noise"), names[1], names[3], names[4]]
ck.plots.strip([noise, *rebuilt], titles, columns=2, alt=alt)
shallow, ours = [float(np.mean((picture - small) ** 2) / small.var()) for picture in rebuilt[:2]]
ck.claim(_("error por píxel, block_2", "error per pixel, block_2"), shallow, at_most=0.1)
ck.claim(_("error por píxel, block_5", "error per pixel, block_5"), ours, at_least=0.1)

# %% [markdown] lang="es"
# ¡Del ruido sale una gata! Nadie la dibujó: la trajo la pérdida del contenido. La segunda capa devuelve
# la foto casi píxel a píxel y no deja sitio para pinceladas. `block_5` conserva ojos, nariz y bigotes, y
# deja libres los colores y los detalles: justo lo que el estilo necesita. La última ya pierde la forma.

# %% [markdown] lang="en"
# Out of noise comes a cat! Nobody drew it: the content loss brought it. The second layer gives the photo
# back almost pixel by pixel, and leaves no room for strokes. `block_5` keeps eyes, nose and whiskers and
# leaves colours and details free: just what the style needs. The last one already loses the form.

# %% [markdown] lang="es"
# ### Las capas del estilo
#
# Ahora sin foto: $\alpha = \gamma = 0$, desde el mismo ruido. Lo que salga es lo que las matrices saben
# del cuadro: las de las cinco capas, la de la primera y la de la última.

# %% [markdown] lang="en"
# ### The style layers
#
# Now without a photo: $\alpha = \gamma = 0$, from the same noise. What comes out is what the matrices
# know about the painting: those of all five layers, that of the first and that of the last.


# %%
def texture(names=style_layers, network=network, **options):
    view = watch([content_layer, *names], network)
    own_goals = targets(view, small, small_style)
    other = Painter(view, rows, columns, **options)
    return sketch(noise, other, own_goals, weighting=(0, 1, 0))


textures = [texture(), texture(style_layers[:1]), texture(style_layers[4:])]

# %%
alt = _(
    "El cuadro; remolinos azules y naranjas; manchas sin trazos de los mismos colores; trazos de otros colores.",
    "The painting; blue and orange swirls; blots without strokes in the same colours; strokes in other colours.",
)
titles = [_("el cuadro", "the painting"), _("cinco capas", "five layers"), names[0], names[4]]
ck.plots.strip([small_style, *textures], titles, columns=2, alt=alt)
S = [measure(picture)[1] for picture in textures]
ck.claim(_("J_S, cinco capas", "J_S, five layers"), S[0], at_most=0.006)
ck.claim(_("J_S, solo la primera", "J_S, only the first"), S[1], at_least=0.021)
ck.claim(_("J_S, solo la última", "J_S, only the last"), S[2], at_least=0.021)

# %% [markdown] lang="es"
# La primera capa, sola, da los colores del cuadro en manchas, sin pinceladas. La última da trazos que
# giran, pero otros colores. Las cinco juntas dan ambas cosas, y nadie las copió de ningún lugar.

# %% [markdown] lang="en"
# The first layer, alone, gives the colours of the painting in blots, without strokes. The last one
# gives strokes that swirl, but other colours. The five together give both, and nobody copied them from
# anywhere.

# %% [markdown] lang="es"
# ### ¿Hace falta una red entrenada?
#
# El control: la misma red con pesos aleatorios, dos veces, con los mismos pasos y sus propias matrices.

# %% [markdown] lang="en"
# ### Does it take a trained network?
#
# The control: the same network with random weights, twice, with the same steps and its own matrices.

# %%
by_chance = [texture(network=random_network(seed)) for seed in (0, 1)]

# %%
alt = _(
    "Remolinos de la red entrenada; con pesos aleatorios, dos veces manchas y grano, sin pinceladas.",
    "Swirls by the trained network; with random weights, twice blots and grain, without strokes.",
)
titles = [
    _("red entrenada", "trained network"),
    _("pesos aleatorios", "random weights"),
    _("otros pesos", "other weights"),
]
ck.plots.strip([textures[0], *by_chance], titles, alt=alt)
S = min(measure(picture)[1] for picture in by_chance)
ck.claim(_("J_S, la mejor de las dos", "J_S, the better of the two"), S, at_least=0.021)

# %% [markdown] lang="es"
# Con pesos aleatorios salen los colores, en manchas y grano, sin pinceladas. Eso vale para esta red, este
# cuadro y pesos como los que Keras da al empezar: con otras redes y más cuidado, también pesos aleatorios
# han dado buenas texturas (Ustyuzhaninov et al., 2017; Wang, Li y Vasconcelos, 2021).

# %% [markdown] lang="en"
# With random weights the colours come out, in blots and grain, without strokes. That holds for this
# network, this painting and weights such as Keras gives at the start: with other networks and more care,
# random weights too have given good textures (Ustyuzhaninov et al., 2017; Wang, Li and Vasconcelos,
# 2021).

# %% [markdown] lang="es"
# ### Una mano o cuatro
#
# ¿Sirven las manos de pintura? Adam mueve cada mano hasta una tasa de aprendizaje por paso; cuatro manos
# juntas pueden mover un píxel cuatro veces más. Para ser justos, a la mano única le damos dos
# oportunidades: la misma tasa, 0.05, y una cuatro veces mayor, 0.2.

# %% [markdown] lang="en"
# ### One coat or four
#
# Are the coats of paint of any use? Adam moves each coat by up to one learning rate per step; four coats
# together can move a pixel four times as far. To be fair, we give the single coat two chances: the same
# rate, 0.05, and one four times as large, 0.2.

# %%
rates = [0.05, 0.2]
one_coat = [texture(coats=1, rate=rate) for rate in rates]

# %%
alt = _(
    "Con cuatro manos, remolinos anchos; con una, a tasa 0.05, gris y fino; a 0.2, trazos cortos con grano.",
    "With four coats, wide swirls; with one, at rate 0.05, grey and fine; at 0.2, short strokes with grain.",
)
titles = [_("cuatro manos", "four coats"), _("una, tasa 0.05", "one, rate 0.05"), _("una, tasa 0.2", "one, rate 0.2")]
ck.plots.strip([textures[0], *one_coat], titles, alt=alt)
S = [measure(picture)[1] for picture in (textures[0], *one_coat)]
ck.claim(
    _("J_S, mejor mano única / cuatro manos", "J_S, best single coat / four coats"), min(S[1:]) / S[0], at_least=1.3
)

# %% [markdown] lang="es"
# Con los mismos pasos, la mejor mano única se queda más lejos del estilo. La pérdida es la misma: lo que
# cambia es cómo representamos la imagen, y con ello qué imágenes están a pocos pasos.

# %% [markdown] lang="en"
# With the same steps, the better single coat stays farther from the style. The loss is the same: what
# changes is how we represent the picture, and with it which pictures are a few steps away.

# %% [markdown] lang="es"
# ### Variación total
#
# Con $\gamma = 0$, con el nuestro y con uno enorme. Debajo, las diferencias entre vecinos.

# %% [markdown] lang="en"
# ### Total variation
#
# With $\gamma = 0$, with ours and with a huge one. Below, the differences between neighbours.

# %%
gammas = [0, 2, 50]
by_gamma = [sketch(weighting=(1, 100, 0)), by_beta[2], sketch(weighting=(1, 100, 50))]
details = [picture[10:70, 26:116] for picture in by_gamma]
alt = _(
    "Tres trozos y sus diferencias: con gamma 0, muchos puntos claros; con 2, menos; con 50, casi negro.",
    "Three pieces and their differences: with gamma 0, many bright dots; with 2, fewer; with 50, nearly black.",
)
titles = [*(f"γ = {gamma}" for gamma in gammas), "", "", ""]
ck.plots.strip(with_differences(details), titles, columns=3, alt=alt)
S, V = np.array([measure(picture)[1:] for picture in by_gamma]).T
ck.claim(_("V con γ = 0 / V con γ = 2", "V with γ = 0 / V with γ = 2"), V[0] / V[1], at_least=1.1)
ck.claim(_("V con γ = 2 / V con γ = 50", "V with γ = 2 / V with γ = 50"), V[1] / V[2], at_least=2)
ck.claim(_("J_S con γ = 50 / J_S con γ = 2", "J_S with γ = 50 / J_S with γ = 2"), S[2] / S[1], at_least=1.4)

# %% [markdown] lang="es"
# Con 2, algo menos de grano, a cambio de casi nada. Con 50, la imagen es lisa y paga con estilo: una
# pincelada también es una diferencia entre vecinos.

# %% [markdown] lang="en"
# With 2, somewhat less grain, at almost no price. With 50, the picture is smooth and pays with style: a
# brush stroke is a difference between neighbours too.

# %% [markdown] lang="es"
# ### Dónde empezar
#
# Hasta ahora, en la foto. Desde ruido, la gata tiene que aparecer de la nada: le damos el doble de pasos
# y los mismos pesos.

# %% [markdown] lang="en"
# ### Where to start
#
# Up to now, at the photo. From noise, the cat has to appear out of nothing: we give it twice the steps
# and the same weights.

# %%
from_noise = sketch(noise, steps=120)
alt = _(
    "A la izquierda, la gata pintada desde la foto; a la derecha, desde ruido, menos reconocible.",
    "On the left, the cat painted from the photo; on the right, from noise, less recognisable.",
)
titles = [
    _("desde la foto, 60 pasos", "from the photo, 60 steps"),
    _("desde ruido, 120 pasos", "from noise, 120 steps"),
]
ck.plots.strip([by_beta[2], from_noise], titles, alt=alt)
farther = measure(from_noise)[0] / measure(by_beta[2])[0]
ck.claim(_("J_C, desde ruido / desde la foto", "J_C, from noise / from the photo"), farther, at_least=1.1)

# %% [markdown] lang="es"
# Con el doble de pasos, la gata del ruido todavía está más lejos de la foto. Por eso empezamos en ella.

# %% [markdown] lang="en"
# With twice the steps, the cat from noise is still farther from the photo. That is why we begin there.

# %% [markdown] lang="es"
# ## Otras fotos, otros cuadros
#
# El mismo pintor, sin tocar ningún ajuste: una taza y una astronauta, un vitral y un grabado en madera.

# %% [markdown] lang="en"
# ## Other photos, other paintings
#
# The same painter, without touching any setting: a cup and an astronaut, a stained-glass window and a
# woodcut.

# %% tags=["slow"]
photos = [ck.data.photo("coffee"), ck.data.photo("astronaut")[:170, :255]]
photos = [ck.pictures.scale(photo, 128, 192) for photo in photos]
paintings = [ck.pictures.scale(ck.data.style(name), 128, 192) for name in ("windows", "woodcut")]
second = Painter(look, 128, 192)
sheet = [np.ones_like(photos[0]), *photos]
for picture in paintings:
    sheet.append(picture)
    sheet += [paint(second, targets(look, photo, picture), photo) for photo in photos]

# %%
alt = _(
    "Una taza y una astronauta, pintadas como vitral y como grabado en madera; ambas se reconocen.",
    "A cup and an astronaut, painted as stained glass and as a woodcut; both can be recognised.",
)
ck.plots.strip(sheet, columns=3, alt=alt)

# %% [markdown] lang="es"
# Cada fila lleva el sello de su cuadro: plomo entre vidrios de color, surcos negros sobre papel. Y cada
# columna sigue siendo su foto. (Los cuadros de esta figura están un poco estirados.)

# %% [markdown] lang="en"
# Each row bears the mark of its painting: lead between coloured panes, black furrows on paper. And each
# column is still its photo. (The paintings in this figure are a little stretched.)

# %% [markdown] lang="es"
# ## Tus propias imágenes
#
# Copia una foto y un cuadro a la carpeta de este cuaderno y escribe sus nombres en la celda. Sirve
# cualquier tamaño y casi cualquier formato. Para que el tiempo no crezca, `shrink` deja la foto en unos
# 98 000 píxeles, tantos como tiene la de la gata.

# %% [markdown] lang="en"
# ## Your own pictures
#
# Copy a photo and a painting to the folder of this notebook and write their names in the cell. Any size
# will do, and nearly any format. So that the time does not grow, `shrink` leaves the photo with about
# 98 000 pixels, as many as the photo of the cat has.


# %%
def shrink(picture):
    ratio = min(1, math.sqrt(98_000 / (picture.shape[0] * picture.shape[1])))
    return ck.pictures.scale(picture, *(max(32, round(side * ratio)) for side in picture.shape[:2]))


# es: por ejemplo, photo_path = "mi_foto.jpg" y save_path = "mi_cuadro.png"
# en: for example, photo_path = "my_photo.jpg" and save_path = "my_painting.png"
photo_path = style_path = save_path = None
my_style = shrink(ck.pictures.read(style_path)) if style_path else ck.pictures.scale(style, 256)
if photo_path:
    my_photo = shrink(ck.pictures.read(photo_path))
    my_painter = Painter(look, *my_photo.shape[:2])
    mine = paint(my_painter, targets(look, my_photo, my_style), my_photo, 80, callbacks=[ck.live.Snapshots()])
    ck.plots.strip([mine], alt=photo_path)
    if save_path:
        ck.pictures.save(mine, save_path)

# %% [markdown] lang="es"
# Si ya hay un archivo con el nombre de `save_path`, `save` no lo toca: te avisa, y tú decides si
# añades `overwrite=True`.
#
# ### Tu turno 5: predice, cambia y mide
#
# Elige un cambio, por ejemplo pintar con `content_layer = style_layers[0]`, con solo dos de las capas del
# estilo, con el cuadro a la mitad de filas, o empezando en otra foto. Antes de ejecutar, escribe si $J_C$
# y $J_S$ quedarán por encima o por debajo de las de `by_beta[2]` (mídelas con `measure`), y por qué. Aquí
# no hay solución: la figura y los números te responden.

# %% [markdown] lang="en"
# If there is already a file with the name in `save_path`, `save` does not touch it: it tells you, and
# you decide whether to add `overwrite=True`.
#
# ### Your turn 5: predict, change and measure
#
# Choose a change, for instance painting with `content_layer = style_layers[0]`, with only two of the
# style layers, with the painting at half its rows, or starting at another photo. Before you run it,
# write down whether $J_C$ and $J_S$ will end above or below those of `by_beta[2]` (measure them with
# `measure`), and why. There is no solution here: the figure and the numbers answer you.

# %%
my_prediction = ...
my_change = ...

# %% tags=["check"]
hint = _(
    "my_change es una imagen como small: filas × columnas × 3", "my_change is a picture like small: rows × columns × 3"
)
ck.check(my_change, lambda picture: np.shape(picture) == small.shape and np.isfinite(measure(picture)).all(), hint)

# %% tags=["solution"]
# es: un ejemplo de respuesta: el cuadro a la mitad de filas, con trazos más finos
# en: an example of an answer: the painting at half its rows, with finer strokes
half_goals = targets(look, small, ck.pictures.scale(style, 48))
my_change = sketch(goals=half_goals)
alt = _("La gata, con trazos más finos.", "The cat, with finer strokes.")
ck.plots.strip([by_beta[2], my_change], alt=alt)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una red entrenada sirve para medir, aunque ya no aprenda: sus capas son una vara de medir imágenes.
# - El contenido son activaciones, cada una en su lugar; el estilo, qué canales se encienden juntos, sin
#   lugar.
# - Se puede entrenar cualquier cosa de la que se sepa derivar la pérdida: aquí, los píxeles.
# - El peso de una pérdida no se entiende sin su escala: $\beta = 1$ casi no pinta.
# - Cómo se representa la imagen decide qué imágenes están a pocos pasos.
# - Una frase sobre una causa necesita su control: una sola cosa cambiada, y la misma medida.
#
# ## Para seguir leyendo
#
# - Gatys, Ecker y Bethge (2015), *A neural algorithm of artistic style*: donde empezó todo.
# - Li, Wang, Liu y Hou (2017), *Demystifying neural style transfer*: igualar matrices de Gram es acercar
#   dos distribuciones; también basta la media y la desviación estándar de cada canal.
# - Ustyuzhaninov, Brendel, Gatys y Bethge (2017), *What does it take to generate natural textures?*:
#   filtros aleatorios.
# - Wang, Li y Vasconcelos (2021), *Rethinking and improving the robustness of image style transfer*: por
#   qué las redes con conexiones residuales pintan peor, y cómo remediarlo.
# - Olah, Mordvintsev y Schubert (2017), *Feature visualization*: cómo representar la imagen, y otros
#   trucos.
# - Johnson, Alahi y Fei-Fei (2016), *Perceptual losses for real-time style transfer*: una red que aprende
#   un estilo y después pinta sin descender. Sandler et al. (2018), *MobileNetV2*.

# %% [markdown] lang="en"
# ## What we learned
#
# - A trained network is useful for measuring even when it no longer learns: its layers are a yardstick
#   for pictures.
# - Content is activations, each in its place; style is which channels light up together, in no place.
# - Anything can be trained whose loss has a derivative that we can compute: here, the pixels.
# - The weight of a loss means nothing without its scale: $\beta = 1$ hardly paints.
# - How a picture is represented decides which pictures are a few steps away.
# - A sentence about a cause needs its control: one thing changed, and the same measure.
#
# ## Further reading
#
# - Gatys, Ecker and Bethge (2015), *A neural algorithm of artistic style*: where it all began.
# - Li, Wang, Liu and Hou (2017), *Demystifying neural style transfer*: matching Gram matrices is bringing
#   two distributions together; the mean and standard deviation of each channel will do as well.
# - Ustyuzhaninov, Brendel, Gatys and Bethge (2017), *What does it take to generate natural textures?*:
#   random kernels.
# - Wang, Li and Vasconcelos (2021), *Rethinking and improving the robustness of image style transfer*: why
#   networks with residual connections paint worse, and a remedy.
# - Olah, Mordvintsev and Schubert (2017), *Feature visualization*: how to represent the picture, and other
#   tricks.
# - Johnson, Alahi and Fei-Fei (2016), *Perceptual losses for real-time style transfer*: a network that
#   learns one style and then paints without descending. Sandler et al. (2018), *MobileNetV2*.
