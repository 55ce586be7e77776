# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Transferencia de estilo: pintar con una red"
#       en: "Style transfer: painting with a network"
#     limits: {seconds: 45, cell_seconds: 15, memory_mb: 1300}
#     data: [astronaut.jpg, chelsea.jpg, coffee.jpg, mobilenet_v2.keras, night.jpg, rocket.jpg, windows.jpg, woodcut.jpg]
#     needs: [cnn_mnist]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - mirar una foto con las capas de una red que entrenó otra persona;
# - medir el **contenido** y el **estilo** de una imagen con dos pérdidas, y calcular a mano sus piezas;
# - entrenar una imagen, en lugar de una red, hasta que una foto parezca un cuadro;
# - decir qué hacen las piezas principales del método, porque las habrás quitado para verlo;
# - pintar tus propias fotos con el estilo que elijas.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos; leerla y resolverla, unas 3
# horas. En una clase de una hora: hasta la imagen terminada de «El pintor», sin los turnos, y «Tus propias
# imágenes»; las demás celdas se ejecutan sin detenerse. **Necesitas**: Python, y saber qué son un mapa de
# características y el descenso de gradiente ([[cnn_mnist]]).

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - look at a photo through the layers of a network that somebody else trained;
# - measure the **content** and the **style** of a picture with two losses, and work them out by
#   hand;
# - train a picture, in place of a network, until a photo looks like a painting;
# - say what the main pieces of the method do, because you will have taken them out to see;
# - paint your own photos in the style that you choose.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores; reading and solving it, about 3
# hours. In a class of one hour: up to the finished picture of "The painter", without the turns, and "Your own
# pictures"; the other cells are run without stopping. **You need**: Python, and to know what feature maps and
# gradient descent are ([[cnn_mnist]]).

# %%
import coursekit as ck

ck.setup(_("es", "en"))
ck.diagrams.two_paths()

# %% [markdown] lang="es"
# ## La idea completa
#
# Queremos una imagen nueva $G$ con el **contenido** de una foto $C$ (qué hay y dónde) y el
# **estilo** de un cuadro $S$ (colores, pinceladas, textura). Gatys, Ecker y Bethge mostraron en
# 2015 que una red entrenada para clasificar fotos puede medir ambas cosas. Este es su algoritmo,
# con una pérdida más:
#
# 1. Mira $C$ y $S$ con la red, que no cambiará, y guarda lo que ve.
# 2. Empieza con $G = C$ o, como ellos, con ruido.
# 3. Mira $G$ también y calcula tres pérdidas: $J_C$, cuánto se aparta $G$ del contenido de
#    $C$; $J_S$, cuánto se aparta del estilo de $S$; y $V$, cuánto difieren sus píxeles vecinos.
# 4. Mueve los píxeles de $G$ un poco en contra del gradiente de
#    $J(G) = \alpha J_C + \beta J_S + \gamma V$, y vuelve al punto 3.
#
# (En el dibujo, $a$ son activaciones y $M$, matrices de Gram.)

# %% [markdown] lang="en"
# ## The whole idea
#
# We want a new picture $G$ with the **content** of a photo $C$ (what is there and where) and the
# **style** of a painting $S$ (colours, strokes, texture). Gatys, Ecker and Bethge showed in 2015
# that a network trained to classify photos can measure both. This is their algorithm, with one more
# loss:
#
# 1. Look at $C$ and $S$ with the network, which will not change, and keep what it sees.
# 2. Begin with $G = C$ or, as they did, with noise.
# 3. Look at $G$ too and compute three losses: $J_C$, how far $G$ is from the
#    content of $C$; $J_S$, how far it is from the style of $S$; and $V$, how much its neighbouring pixels differ.
# 4. Move the pixels of $G$ a little against the gradient of
#    $J(G) = \alpha J_C + \beta J_S + \gamma V$, and return to point 3.
#
# (In the drawing, $a$ are activations and $M$, Gram matrices.)

# %%
import math

import keras
import numpy as np
from keras import ops


def scale(picture, rows, columns=None, way="bilinear"):
    columns = columns or round(rows * picture.shape[1] / picture.shape[0])
    scaled = ops.image.resize(picture, (rows, columns), interpolation=way, antialias=True)
    return ops.convert_to_numpy(scaled)


def strip(pictures, titles=None, columns=None, *, alt):
    columns = columns or len(pictures)
    pictures = np.clip(np.stack(pictures), 0, 1)
    ck.plots.images(pictures, titles, columns=columns, size=7.2 / columns, alt=alt, jpeg=True)


# %% [markdown] lang="es"
# `scale` cambia el tamaño de una imagen y, si no le das el número de columnas, conserva la proporción;
# `strip` muestra varias juntas. El cuadro, recortado en formato apaisado, toma el tamaño de la foto.

# %% [markdown] lang="en"
# `scale` changes the size of a picture and, unless you give it the number of columns, keeps its proportions;
# `strip` shows several together. The painting, cropped to landscape format, takes the size of the photo.

# %%
content = ck.data.photo("chelsea")[:, :384]
style = scale(ck.data.style("night")[:266], 256, 384)
alt = _(
    "A la izquierda, la cara de una gata; a la derecha, un cielo nocturno de pinceladas gruesas.",
    "On the left, the face of a cat; on the right, a night sky in thick brush strokes.",
)
strip([content, style], [_("foto C", "photo C"), _("cuadro S", "painting S")], alt=alt)
print(content.shape, style.shape)

# %% [markdown] lang="es"
# Son dos tablas de filas × columnas × 3 colores, con números de 0 a 1. La foto, la gata Chelsea, viene de
# scikit-image. El cuadro lo dibujó un programa de este curso: pinceladas que siguen una corriente, con
# soles amarillos en un cielo azul.

# %% [markdown] lang="en"
# They are two tables of rows × columns × 3 colours, with numbers from 0 to 1. The photo, Chelsea the cat,
# comes from scikit-image. The painting was drawn by a program of this course: strokes that follow a
# current, with yellow suns in a blue sky.

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
with_vgg19 = False
if with_vgg19:
    inputs = keras.layers.Input((None, None, 3))
    prepared = keras.applications.vgg19.preprocess_input(255 * inputs)
    network = keras.applications.VGG19(include_top=False, input_tensor=prepared)
else:
    network = ck.data.network()
network.trainable = False
print(network.name, ck.number(network.count_params()))

# %% [markdown] lang="es"
# Son solo 99 296 pesos, y vienen con el curso. (En `keras.applications`, los bloques se numeran
# desde 0 y los colores van de −1 a 1; aquí, desde 1 y de 0 a 1.) Las redes con conexiones
# residuales, y esta las tiene, suelen pintar peor que VGG (véase el final). El artículo original
# usa VGG19: si hay conexión, escribe `with_vgg19 = True` y Keras la descargará (80 MB). Es mucho
# más lenta, y los límites son los de MobileNetV2: una comprobación o un `assert` puede detener una
# celda; sigue entonces con la siguiente.
#
# Escogemos cinco capas, de la primera a la más profunda. `relu` es la activación que conoces, aquí
# con un máximo de 6; `expand`, la convolución que abre cada bloque a partir del segundo y
# multiplica los canales. `watch` recorta la red: recibe una imagen y devuelve las **activaciones**
# de esas capas, un mapa por canal.

# %% [markdown] lang="en"
# Those are only 99 296 weights, and they come with the course. (In `keras.applications`, blocks are
# numbered from 0 and colours go from −1 to 1; here, from 1 and from 0 to 1.) Networks with residual
# connections, and this one has them, usually paint worse than VGG (see the end). The original paper
# uses VGG19: when online, write `with_vgg19 = True` and Keras downloads it (80 MB). It is much
# slower, and the bounds are those of MobileNetV2: a claim or an `assert` may stop a cell; go on
# with the next.
#
# We choose five layers, from the first to the deepest. `relu` is the activation that you know, here
# with a maximum of 6; `expand`, the convolution that opens each block from the second on and
# multiplies the channels. `watch` cuts the network: it takes a picture and returns the
# **activations** of these layers, one map per channel.

# %%
blocks = ["stem_relu", *(f"block_{number}_expand_relu" for number in (2, 3, 5, 8))]
vgg_blocks = [f"block{number}_conv1" for number in (1, 2, 3, 4, 5)]
style_layers = vgg_blocks if with_vgg19 else blocks
content_layer = style_layers[3]


def watch(names, network=network):
    return keras.Model(network.inputs[0], [network.get_layer(name).output for name in names])


# %%
seen = [ops.convert_to_numpy(maps)[0] for maps in watch(style_layers)(content[None])]
for name, maps in zip(style_layers, seen, strict=True):
    print(f"{name:20}", maps.shape)

# %% [markdown] lang="es"
# `content[None]` hace de la foto un lote de una sola imagen. A partir de `block_3`, cada capa tiene la mitad
# de filas y de columnas que la anterior; los canales aumentan de capa en capa. Veamos tres capas, y de cada una
# los cuatro canales que más varían de un lugar a otro.

# %% [markdown] lang="en"
# `content[None]` turns the photo into a batch of a single picture. From `block_3` on, each layer has half
# the rows and columns of the one before; channels increase from layer to layer. Let us look at three layers, and
# in each at the four channels that vary most from place to place.


# %%
def liveliest(maps):
    # es: el signo menos ordena los canales de más a menos variado
    # en: the minus sign sorts the channels from most to least varied
    order = np.argsort(-maps.std(axis=(0, 1)))[:4]
    # es: un punto muy brillante oscurecería lo demás: 1 es el valor que solo supera el 1 % de los lugares
    # en: one very bright spot would darken the rest: 1 is the value that only 1% of the places exceed
    bright = maps[..., order] / np.percentile(maps[..., order], 99, axis=(0, 1))
    return np.moveaxis(scale(bright, 256, 384, "nearest"), -1, 0)


names = [name.removesuffix("_expand_relu") for name in style_layers]
alt = _(
    "Cuatro mapas de tres capas: la gata se reconoce en las dos primeras; en la última, solo manchas.",
    "Four maps of each of three layers: the cat is recognisable in the first two; in the last, only blots.",
)
shown = [picture for maps in seen[::2] for picture in liveliest(maps)]
titles = [title for name in names[::2] for title in (name, "", "", "")]
strip(shown, titles, columns=4, alt=alt)

# %% [markdown] lang="es"
# Arriba, la gata se reconoce al instante. En el medio también, con menos detalle, y los canales no atienden a
# lo mismo: varios se encienden en el pelo, alguno también en los bigotes, el último en los contornos. Abajo,
# solo manchas. ¿Qué dice entonces una capa más profunda que la del medio? Probemos con `block_5`, que está
# entre las dos últimas y no hemos mostrado.

# %% [markdown] lang="en"
# At the top, you recognise the cat at once. In the middle too, in less detail, and the channels do not attend
# to the same: several light up on the fur, some on the whiskers too, the last one on the outlines. At the
# bottom, only blots. So what does a layer say that is deeper than the middle one? Let us try `block_5`, which
# lies between the last two and has not been shown.

# %% [markdown] lang="es"
# ### ¿De verdad ve?
#
# Señalamos un lugar de un ojo de la gata y buscamos, lejos de ese ojo, el lugar al que `block_5` responde de la
# forma más parecida. Si la red ve algo más que píxeles, a menudo será el otro ojo. Parecido es aquí el **coseno**: 1
# si en dos lugares los mismos canales se apartan de su media en la misma proporción.
#
# Dos controles: tres redes con pesos aleatorios (`clone_model` copia las capas y no los pesos), y
# ninguna red, solo los 8 × 8 píxeles que hay en cada lugar. Los píxeles ven menos que `block_5`,
# donde un número resume 27 × 27; las redes con pesos aleatorios ven lo mismo.

# %% [markdown] lang="en"
# ### Does it really see?
#
# We point at a place in one eye of the cat and look, far from that eye, for the place to which `block_5` responds
# most alike. If the network sees more than pixels, that will often be the other eye. Alike means here the
# **cosine**: 1 if in two places the same channels depart from their mean in the same proportion.
#
# Two controls: three networks with random weights (`clone_model` copies the layers and not the
# weights), and no network, only the 8 × 8 pixels that lie at each place. The pixels see less than
# `block_5`, where a number sums up 27 × 27; the networks with random weights see as much.


# %%
def random_network():
    other = keras.models.clone_model(network)
    other.trainable = False
    return other


def alike(maps, row, column):
    maps = maps - maps.mean(axis=(0, 1))
    maps = maps / (np.linalg.norm(maps, axis=-1, keepdims=True) + 1e-6)
    return maps @ maps[row, column]


# %%
def near(maps, point, radius):
    # es: qué lugares de los mapas tienen su centro cerca de un píxel de la foto
    # en: which places of the maps have their centre near a pixel of the photo
    side = len(content) / len(maps)
    down, across = side * (np.indices(maps.shape[:2]) + 0.5)
    return np.hypot(down - point[0], across - point[1]) < radius


# %% [markdown] lang="es"
# `answers` hace la pregunta desde cada lugar de los dos ojos, un círculo de 28 píxeles de radio, y cuenta las
# respuestas que caen en cada lugar; lejos es aquí a más de 70 píxeles. `hits` dice qué proporción cae en un ojo.

# %% [markdown] lang="en"
# `answers` asks from each place of both eyes, a circle with a radius of 28 pixels, and counts the answers that
# fall on each place; far means here more than 70 pixels away. `hits` says what share of them fell on an eye.

# %%
keras.utils.set_random_seed(0)
untrained = [random_network() for number in range(3)]
eyes = [(98, 145), (120, 268)]


def answers(maps):
    found = np.zeros(maps.shape[:2])
    for eye in eyes:
        for place in np.argwhere(near(maps, eye, 28)):
            similar = np.where(near(maps, eye, 70), -1, alike(maps, *place))
            # es: argmax cuenta los lugares en una sola fila; flat también
            # en: argmax counts the places in a single line; so does flat
            found.flat[np.argmax(similar)] += 1
    return found


def hits(found):
    return sum(found[near(found, eye, 28)].sum() for eye in eyes) / found.sum()


# %%
others = [ops.convert_to_numpy(watch(style_layers, other)(content[None])[3])[0] for other in untrained]
# es: teselas de 8 × 8 píxeles: 192 números por lugar
# en: tiles of 8 × 8 pixels: 192 numbers per place
tiles = content.reshape(32, 8, 48, 8, 3).swapaxes(1, 2).reshape(32, 48, 8 * 8 * 3)
found = [answers(maps) for maps in (seen[3], tiles, *others)]
lit = [scale(np.sqrt(places / places.max())[..., None], 256, 384, "nearest") for places in found[:3]]
alt = _(
    "Respuestas en amarillo: con la red entrenada, sobre todo los ojos; con las otras dos, más repartidas por la foto.",
    "Answers in yellow: mostly the eyes with the trained network; more scattered over the photo with the other two.",
)
titles = [_("red entrenada", "trained network"), _("píxeles", "pixels"), _("pesos aleatorios", "random weights")]
strip([0.4 * content * (1 - mask) + np.array([1, 0.9, 0]) * mask for mask in lit], titles, alt=alt)

# %%
ck.claim(_("aciertos, red entrenada", "hits, trained network"), hits(found[0]), at_least=0.6)
ck.claim(_("aciertos, píxeles", "hits, pixels"), hits(found[1]), at_most=0.5)
print(_("los ojos, parte de la foto:", "the eyes, share of the photo:"), round(hits(np.ones((32, 48))), 2))
best = max(hits(places) for places in found[2:])
ck.claim(_("aciertos, los mejores pesos aleatorios", "hits, best random weights"), best, at_most=0.5)

# %% [markdown] lang="es"
# En amarillo, los lugares que fueron respuesta; más intenso, cuantas más veces. La imagen de la derecha es de
# la primera de las tres redes con pesos aleatorios; el número, de la que más acierta. La red entrenada acierta
# más a menudo que cada uno de los controles, aunque no siempre; y los controles, mucho más que al azar, porque
# los ojos ocupan una parte muy pequeña de la foto (la primera línea). Es una sola foto, y la red no sabe la
# palabra «ojo»; pero lo que aprendió con otras fotos reúne lugares que ni los píxeles ni los pesos aleatorios
# reúnen tan bien. (A esas redes les falta también la normalización por lotes, que va dentro de los pesos
# entrenados.)

# %% [markdown] lang="en"
# In yellow, the places that were an answer; the more often, the stronger. The picture on the right is from the
# first of the three networks with random weights; the number, from the one that is right most often. The
# trained network is right more often than each of the controls, though not each time; and the controls far more
# often than by chance, since the eyes take up a very small share of the photo (the first line). It is a single
# photo, and the network does not know the word "eye"; but what it learnt from other photos brings together
# places that neither pixels nor random weights bring together as well. (Those networks also lack the batch
# normalisation, which is part of the trained weights.)

# %% [markdown] lang="es"
# ## La pérdida del contenido
#
# Dos imágenes tienen el mismo contenido si una capa da la misma respuesta, en los mismos lugares.
# Llamamos $a(C)$ a las activaciones de la foto y $a(G)$ a las de la imagen nueva, y sumamos los
# cuadrados de las diferencias. Dividimos entre la suma de cuadrados de $a(C)$, para que el resultado
# no dependa de cuántas activaciones hay ni de lo grandes que son ($\|a\|^2$ es la suma de los cuadrados):
#
# $$J_C = \frac{\|a(G) - a(C)\|^2}{\|a(C)\|^2}$$

# %% [markdown] lang="en"
# ## The content loss
#
# Two pictures have the same content if a layer gives the same response, in the same places. We call
# $a(C)$ the activations of the photo and $a(G)$ those of the new picture, and add up the squares of
# the differences. We divide by the sum of squares of $a(C)$, so that the result depends neither on how many
# activations there are nor on how large they are ($\|a\|^2$ is the sum of the squares):
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
# add up to 1 + 4 + 9 + 16 = 30, and 5/30 is 0.167. Now with Keras, which will compute its
# derivative later.


# %%
def distance(values, target):
    return ops.sum(ops.square(values - target)) / ops.sum(ops.square(target))


assert np.isclose(distance(a_generated, a_content), by_hand)

# %% [markdown] lang="es"
# ### ¿En qué capa?
#
# Al pintar queremos poder cambiar los colores y mover un poco los bordes sin que eso cuente como otro
# contenido. Hagamos las dos cosas con la foto: intercambiar el rojo y el azul, y desplazarla 2
# píxeles. Como vara de medir, la distancia media a otras tres fotos.

# %% [markdown] lang="en"
# ### In which layer?
#
# While painting we want to be free to change the colours and to move the edges a little without
# that counting as different content. Let us do both to the photo: swap red and blue, and shift it
# by 2 pixels. As a yardstick, the mean distance to three other photos.

# %%
small = scale(content, 96)
changed = {
    _("rojo y azul intercambiados", "red and blue swapped"): small[..., ::-1],
    _("desplazada 2 píxeles", "shifted by 2 pixels"): np.roll(small, 2, axis=1),
}
others = [scale(ck.data.photo(name), 96, 144) for name in ("coffee", "astronaut", "rocket")]
see_all = watch(style_layers)
target = see_all(small[None])


def from_photo(picture):
    return np.array([float(distance(*pair)) for pair in zip(see_all(picture[None]), target, strict=True)])


yardstick = np.mean([from_photo(other) for other in others], axis=0)
ratios = {name: from_photo(picture) / yardstick for name, picture in changed.items()}

# %%
alt = _(
    "Dos curvas por capa: cambiar colores cuesta más en la primera; desplazar, en la segunda.",
    "Two curves over the layers: new colours cost most in the first; a shift, in the second.",
)
ylabel = _("distancia / la de otra foto", "distance / that of another photo")
ck.plots.curves(names, ratios, xlabel=_("capa", "layer"), ylabel=ylabel, alt=alt, ylim=(0, None))

# %%
swap, shift = ratios.values()
assert np.argmin(swap + shift) == style_layers.index(content_layer)
ck.claim(_("colores, primera capa", "colours, first layer"), swap[0], at_least=0.8)
ck.claim(_("colores, cuarta capa", "colours, fourth layer"), swap[3], at_most=0.42)
ck.claim(_("desplazamiento, segunda capa", "shift, second layer"), shift[1], at_least=0.35)
ck.claim(_("desplazamiento, cuarta capa", "shift, fourth layer"), shift[3], at_most=0.15)

# %% [markdown] lang="es"
# La primera capa confunde un cambio de colores con otra foto; la segunda es la que menos nota los colores
# y la que peor soporta un desplazamiento de 2 píxeles. El `assert` comprueba que en la cuarta, `block_5`,
# la suma de las dos distancias es la menor: será la **capa del contenido**. La ventaja es pequeña y está
# medida con una sola foto; más abajo probaremos también `block_2`.

# %% [markdown] lang="en"
# The first layer mistakes a change of colours for another photo; the second notices colours least and
# bears a shift of 2 pixels worst. The `assert` checks that in the fourth one, `block_5`, the sum of the two
# distances is the smallest: it will be the **content layer**. The advantage is small and measured with a
# single photo; further down we will try `block_2` too.

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
trio = [small, recoloured, scale(style, 96)]
alt = _(
    "La gata; la gata en tonos fríos y con más contraste; el cuadro, con más azul y amarillo.",
    "The cat; the cat in cold tones and with more contrast; the painting, with more blue and yellow.",
)
titles = [_("foto", "photo"), _("foto recoloreada", "recoloured photo"), _("cuadro", "painting")]
strip(trio, titles, alt=alt)
correlations = [np.corrcoef(picture.reshape(-1, 3).T)[0, 2] for picture in trio]
ck.claim(_("correlación rojo-azul, foto", "red-blue correlation, photo"), correlations[0], at_least=0.7)
ck.claim(_("correlación rojo-azul, recoloreada", "red-blue correlation, recoloured"), correlations[1], at_least=0.7)
ck.claim(_("correlación rojo-azul, cuadro", "red-blue correlation, painting"), correlations[2], at_most=-0.1)

# %% [markdown] lang="es"
# No basta. Cada canal tiene ya, salvo lo que `clip` recorta, la media y la desviación estándar del cuadro. Pero
# estirar y mover cada canal por su cuenta apenas cambia cómo van dos de ellos juntos: en la foto recoloreada,
# como en la foto, el rojo y el azul suben a la vez (correlación de [[bound: red-blue correlation, photo]] o
# más), y en el cuadro, donde uno sube, el otro tiende a bajar, un poco. Falta, pues, lo que hay **entre** los
# canales: lo medirá la matriz de Gram. Y faltan las pinceladas: están **entre** píxeles vecinos, y ninguna
# medida de píxeles sueltos las ve. Para eso hará falta la red.

# %% [markdown] lang="en"
# It is not enough. Except for what `clip` cuts off, each channel has the mean and the standard deviation of the
# painting already. Yet stretching and moving each channel on its own hardly changes how two of them go
# together: in the recoloured photo, as in the photo, red and blue rise together (correlation of
# [[bound: red-blue correlation, photo]] or more), and in the painting, where one rises, the other tends to
# fall, a little. So what is **between** the channels is missing: the Gram matrix will measure it. And the
# strokes are missing: they are **between** neighbouring pixels, and no measure of single pixels sees them. That
# will take the network.

# %% [markdown] lang="es"
# ### La matriz de Gram
#
# Olvidamos *dónde* y medimos **qué canales se encienden juntos**. Ponemos las activaciones en una
# tabla $F$ con una fila por lugar y una columna por canal. La **matriz de Gram** multiplica cada par de
# canales, $i$ y $j$, en cada lugar $k$, y toma la media sobre los $n$ lugares ($F^T$ es $F$ transpuesta). No
# resta las medias: así guarda también cuánto se enciende cada canal.
#
# $$M_{ij} = \frac{1}{n} \sum_{k} F_{ki} F_{kj} \qquad M = \frac{1}{n} F^T F$$

# %% [markdown] lang="en"
# ### The Gram matrix
#
# We forget *where* and measure **which channels light up together**. We put the activations into a
# table $F$ with one row per place and one column per channel. The **Gram matrix** multiplies each pair
# of channels, $i$ and $j$, at each place $k$, and takes the mean over the $n$ places ($F^T$ is $F$
# transposed). It does not subtract the means: so it also keeps how much each channel lights up.
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
# Las dos líneas con `assert` se cumplen: Keras da la misma matriz que NumPy, y desordenar los lugares no cambia
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
# Both `assert` lines hold: Keras gives the same matrix as NumPy, and shuffling the places changes nothing.
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
# es: fuera de la diagonal hay ceros: los dos canales nunca se encienden en el mismo lugar
# en: off the diagonal there are zeros: the two channels never light up in the same place
my_gram = [[2.0, 0.0], [0.0, 0.5]]
ck.check(my_gram, [[2.0, 0.0], [0.0, 0.5]], "")

# %% [markdown] lang="es"
# ### Tu turno 2: otra imagen, la misma matriz
#
# A partir de `small`, haz una imagen del mismo tamaño con **la misma** matriz de Gram de colores, pero
# muy distinta píxel a píxel (una `distance` mayor de 0.02).

# %% [markdown] lang="en"
# ### Your turn 2: another picture, the same matrix
#
# From `small`, make a picture of the same size with **the same** Gram matrix of colours, but very
# different pixel by pixel (a `distance` of more than 0.02).

# %%
twin = ...


# %% tags=["check"]
def same_gram(picture):
    picture = np.asarray(picture, "float32")
    if picture.shape != small.shape:
        return False
    grams = [ops.convert_to_numpy(gram(other[None])) for other in (picture, small)]
    return np.allclose(*grams, rtol=1e-3) and float(distance(picture, small)) > 0.02


hint = _("la matriz de Gram no sabe dónde está cada píxel", "the Gram matrix does not know where each pixel is")
ck.check(twin, same_gram, hint)

# %% tags=["solution"]
twin = small[::-1]
ck.check(twin, same_gram, "")

# %% [markdown] lang="es"
# ### La pérdida del estilo
#
# Hasta desordenar todos los píxeles conserva la matriz de Gram de los colores. Por eso necesitamos la red: un
# número de la primera capa resume 3 × 3 píxeles de la imagen; uno de `block_3`, 11 × 11; uno de `block_8`,
# 75 × 75. Ahí caben pinceladas. En cada una de las cinco capas comparamos la matriz de
# Gram de $G$ con la de $S$ por medio de `distance`, y sumamos las cinco distancias $d_l$, cada una por su
# peso $w_l$. De momento, todos los pesos valen $1/5$:
#
# $$J_S = \sum_l w_l d_l$$
#
# ¿Qué valores toma? Midamos la foto, la foto recoloreada, el cuadro con los píxeles desordenados y, como
# vara de medir, la mitad derecha del propio cuadro. (`ops.dot` multiplica número por número y suma.)

# %% [markdown] lang="en"
# ### The style loss
#
# Even shuffling all the pixels keeps the Gram matrix of the colours. That is why we need the network: a
# number of the first layer sums up 3 × 3 pixels of the picture; one of `block_3`, 11 × 11; one of
# `block_8`, 75 × 75. There is room for strokes in that. In each of the five layers we compare the Gram
# matrix of $G$ with that of $S$ by means of `distance`, and add up the five distances $d_l$, each
# one times its weight $w_l$. For now, all the weights are $1/5$:
#
# $$J_S = \sum_l w_l d_l$$
#
# What values does it take? Let us measure the photo, the recoloured photo, the painting with its pixels
# shuffled and, as a yardstick, the right half of the painting itself. (`ops.dot` multiplies number by number and
# adds up.)


# %%
even = [0.2] * 5


def style_loss(maps, grams, layer_weights=even):
    pairs = zip(maps, grams, strict=True)
    return ops.dot(ops.stack([distance(gram(ours), theirs) for ours, theirs in pairs]), layer_weights)


# %%
small_style = scale(style, 96)
right_half = scale(style[:, 192:], 96)
confetti = np.random.default_rng(0).permutation(small_style.reshape(-1, 3)).reshape(small_style.shape)
assert np.allclose(gram(confetti), gram(small_style), rtol=1e-3)
grams = [gram(maps) for maps in see_all(small_style[None])]
four = small, recoloured, confetti, right_half
in_photo, in_colours, in_confetti, in_half = [float(style_loss(see_all(picture[None]), grams)) for picture in four]

# %%
ck.claim(_("J_S de la foto", "J_S of the photo"), in_photo, at_least=0.3)
ck.claim(_("J_S de la foto recoloreada", "J_S of the recoloured photo"), in_colours, at_most=0.2)
ck.claim(_("J_S del cuadro desordenado", "J_S of the shuffled painting"), in_confetti, at_least=1)
ck.claim(_("J_S de medio cuadro", "J_S of half the painting"), in_half, at_least=0.003, at_most=0.03)

# %% [markdown] lang="es"
# Compara las tres primeras líneas. De la foto a la foto recoloreada, con otros colores y ni una pincelada,
# $J_S$ baja mucho: buena parte de $J_S$ es color y contraste. Pero con exactamente los colores de $S$,
# desordenados, es grande: la red ve lo que la matriz de los colores no veía. Entre la foto recoloreada y
# medio cuadro hay menos de [[bound: J_S of the recoloured photo]]: es lo que, una vez cambiados los colores,
# queda por ganar con pinceladas, entre otras cosas. Para que ese poco cuente, $J_S$ necesitará su propio
# peso; cuánto, lo veremos probando.

# %% [markdown] lang="en"
# Compare the first three lines. From the photo to the recoloured photo, with other colours and not one
# stroke, $J_S$ falls a lot: a good part of $J_S$ is colour and contrast. But with exactly the colours of $S$,
# shuffled, it is large: the network sees what the matrix of the colours did not. Between the recoloured photo
# and half the painting there is less than [[bound: J_S of the recoloured photo]]: that is what, once the
# colours are changed, is left to gain with strokes, among other things. If that little is to count, $J_S$
# will need a weight of its own; how large, we will find by trying.

# %% [markdown] lang="es"
# ## La variación total
#
# La tercera pérdida no usa la red. $V(G)$, la **variación total** (*total variation*), suma dos
# medias: la de los cuadrados de las diferencias entre cada píxel y el de debajo, y la de los
# cuadrados de las diferencias con el de la derecha. (En su forma clásica se suman valores
# absolutos.) Comparemos la foto, la foto con ruido y la foto suavizada; debajo de cada una, sus
# diferencias con el vecino de la derecha, cuatro veces aumentadas.

# %% [markdown] lang="en"
# ## Total variation
#
# The third loss does not use the network. $V(G)$, the **total variation**, adds two means: that of
# the squared differences between each pixel and the one below, and that of those with the one on
# the right. (In its classical form, absolute values are added up.) Let us compare the photo, the
# photo with noise and the photo smoothed; below each one, its differences from the neighbour on the
# right, magnified four times.


# %%
def total_variation(picture):
    down = ops.mean(ops.square(picture[:, 1:] - picture[:, :-1]))
    across = ops.mean(ops.square(picture[:, :, 1:] - picture[:, :, :-1]))
    return down + across


def with_differences(pictures):
    return [*pictures, *(4 * np.abs(np.diff(picture, axis=1, append=picture[:, -1:])) for picture in pictures)]


# %%
noisy = small + 0.1 * np.random.default_rng(0).normal(size=small.shape).astype("float32")
smooth = scale(scale(small, 24), *small.shape[:2])
trio = [small, noisy, smooth]
titles = [_("foto", "photo"), _("con ruido", "with noise"), _("suavizada", "smoothed"), "", "", ""]
alt = _(
    "Arriba, la foto, con ruido y suavizada. Abajo, sus diferencias: contornos, grano, casi negro.",
    "Above, the photo, with noise and smoothed. Below, their differences: outlines, grain, nearly black.",
)
strip(with_differences(trio), titles, columns=3, alt=alt)
in_photo_v, in_noisy_v, in_smooth_v = [float(total_variation(picture[None])) for picture in trio]
ck.claim(_("V con ruido / V de la foto", "V with noise / V of the photo"), in_noisy_v / in_photo_v, at_least=4)
ck.claim(_("V suavizada / V de la foto", "V smoothed / V of the photo"), in_smooth_v / in_photo_v, at_most=0.5)

# %% [markdown] lang="es"
# $V$ castiga el grano, donde cada píxel difiere de su vecino. También castiga los contornos y las pinceladas:
# por eso su peso $\gamma$ no debe ser muy grande.
#
# ### Tu turno 3: un paso de gradiente con lápiz
#
# Una imagen tiene una fila de tres píxeles: 0, $x$, 0. Sus dos diferencias son $x$ y $-x$, así que
# $V = (x^2 + x^2) / 2 = x^2$, y su pendiente es $2x$. Empieza en $x = 1$ y da dos pasos de descenso,
# $x - 0.25 \cdot 2x$. ¿Cuánto vale $x$ después de cada uno? (Con
# lápiz: `total_variation` pide al menos dos filas.)

# %% [markdown] lang="en"
# $V$ punishes grain, where each pixel differs from its neighbour. It punishes outlines and strokes too: that is
# why its weight $\gamma$ must not be very large.
#
# ### Your turn 3: a gradient step with a pencil
#
# A picture has one row of three pixels: 0, $x$, 0. Its two differences are $x$ and $-x$, so
# $V = (x^2 + x^2) / 2 = x^2$, and its slope is $2x$. Begin at $x = 1$ and take two steps of descent,
# $x - 0.25 \cdot 2x$. How much is $x$ after each one? (With a
# pencil: `total_variation` needs at least two rows.)

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
# del contenido y después las del estilo. `[None]` añade a cada matriz el eje del lote, que `fit` pide; `M[0]`
# lo quita.

# %% [markdown] lang="en"
# ## The three losses together
#
# `targets` does point 1 of the algorithm: it keeps what the network sees in $C$ and in $S$. `losses`
# does point 3: given a picture, it returns $J_C$, $J_S$ and $V$. `look` is the network, cut: it gives
# the content layer first and the style layers after it. `[None]` gives each matrix the axis of the batch, which
# `fit` asks for; `M[0]` takes it off.


# %%
def targets(look, content, style):
    maps = look(content[None])[0]
    return maps, [gram(maps)[None] for maps in look(style[None])[1:]]


def losses(look, picture, target_maps, grams, layer_weights=even):
    maps, *style_maps = look(picture)
    J_C = distance(maps, target_maps)
    J_S = style_loss(style_maps, [M[0] for M in grams], layer_weights)
    return J_C, J_S, total_variation(picture)


look = watch([content_layer, *style_layers])
goals = targets(look, small, small_style)

# %% [markdown] lang="es"
# ## Un paso de gradiente sobre una imagen
#
# Al entrenar una red, los datos son fijos y los pesos se mueven. Aquí la red es fija y **los pesos son los
# píxeles**. Este modelo no tiene capas: su único peso es la imagen, y eso devuelve `call`, que no necesita
# datos (`x=None`). `fit`, y también `train_on_batch`, que da un solo paso, llaman a `compute_loss` para saber
# la pérdida; ahí ponemos $J = J_C + 100 J_S + 20 V$, con pesos elegidos a ojo: más abajo los cambiaremos.

# %% [markdown] lang="en"
# ## A gradient step on a picture
#
# When we train a network, the data are fixed and the weights move. Here the network is fixed and **the weights
# are the pixels**. This model has no layers: its only weight is the picture, and that is what `call` returns,
# which needs no data (`x=None`). `fit`, and also `train_on_batch`, which takes a single step, call
# `compute_loss` to find out the loss; there we put $J = J_C + 100 J_S + 20 V$, with weights chosen by eye:
# further down we will change them.


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
        return J_C + 100 * J_S + 20 * V


# %% [markdown] lang="es"
# Con `jit_compile`, Keras traduce cada paso a código de máquina; para tan pocos pasos solo se lo pedimos si su
# motor es JAX. Lo que otros modelos reciben como datos, `x` e `y`, es aquí lo que hay que igualar: las
# activaciones de $C$ y las matrices de $S$. `y_pred`, la predicción, es lo que devolvió `call`: la imagen.
# Demos un solo paso de descenso de gradiente, con `SGD`:

# %% [markdown] lang="en"
# With `jit_compile`, Keras translates each step into machine code; for so few steps we ask for it only if the
# back end is JAX. What other models receive as data, `x` and `y`, is here what must be matched: the activations
# of $C$ and the matrices of $S$. `y_pred`, the prediction, is what `call` returned: the picture. Let us take a
# single step of gradient descent, with `SGD`:

# %%
machine_code = keras.backend.backend() == "jax"
rate = 0.3
model = Pixels(small)
model.compile(keras.optimizers.SGD(rate), jit_compile=machine_code)
model.train_on_batch(*goals)
after = ops.convert_to_numpy(model())[0]
step = after - small


# %%
def J(picture):
    J_C, J_S, V = losses(look, picture[None], *goals)
    return float(J_C + 100 * J_S + 20 * V)


alt = _(
    "La gata; el paso, un grano de colores en toda la imagen; la gata, con un grano apenas visible.",
    "The cat; the step, a grain of colours all over the picture; the cat, with grain that can hardly be seen.",
)
titles = [_("antes", "before"), _("el paso × 10", "the step × 10"), _("después", "after")]
strip([small, 0.5 + 10 * step, after], titles, alt=alt)
ck.claim(_("J después / J antes", "J after / J before"), J(after) / J(small), at_most=0.9)

# %% [markdown] lang="es"
# En el centro, el gris significa «no cambies»; un color, «muévete hacia aquí». El paso es puro grano y apenas
# se ve, pero $J$ baja. ¿Es de verdad el gradiente? Aumentemos y disminuyamos un poco un solo número, un color
# de un píxel, y midamos la pendiente: el paso debe valer $-$tasa de aprendizaje $\times$ pendiente.

# %% [markdown] lang="en"
# In the middle, grey means "do not change"; a colour, "move this way". The step is sheer grain and can hardly
# be seen, but $J$ falls. Is it really the gradient? Let us raise and lower a single number a little, one colour
# of one pixel, and measure the slope: the step must be worth $-$learning rate $\times$ slope.

# %%
place = np.unravel_index(np.argmax(np.abs(step)), step.shape)
nudge = np.zeros_like(small)
nudge[place] = 0.01
slope = (J(small + nudge) - J(small - nudge)) / 0.02
assert np.isclose(step[place], -rate * slope, rtol=0.1)

# %% [markdown] lang="es"
# El `assert` se cumple, con un margen del 10 %: la pendiente medida es una aproximación. Es el
# punto 4 del algoritmo; falta repetirlo muchas veces, y con pasos mejores.

# %% [markdown] lang="en"
# The `assert` holds, within 10%: the measured slope is an approximation. It is point 4 of the
# algorithm; what remains is to do it many times, in better steps.

# %% [markdown] lang="es"
# ## El pintor
#
# Cambiar un píxel cambia un solo punto; una pincelada cambia muchos a la vez. Por eso el pintor escribe la imagen
# como suma de cuatro **manos de pintura**, de fina a gruesa, cada una con la mitad de filas que la
# anterior: cambiar un número de la más gruesa cambia una zona de unos 16 × 16 píxeles. La sigmoide deja los
# colores entre 0 y 1. En vez de `SGD` usa Adam, que ajusta el tamaño del paso de cada peso.

# %% [markdown] lang="en"
# ## The painter
#
# Changing a pixel changes a single point; a brush stroke changes many at once. So the painter writes the picture as
# the sum of four **coats of paint**, from fine to coarse, each with half the rows of the one before:
# changing one number of the coarsest coat changes an area of some 16 × 16 pixels. The sigmoid keeps the
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
print([tuple(coat.shape) for coat in canvas.trainable_weights])

# %% [markdown] lang="es"
# Esos cuatro son los únicos pesos que se entrenan. Al pintor le falta la pérdida, con dos listas de pesos
# que no se entrenan: los de las tres pérdidas, $\alpha$, $\beta$ y $\gamma$, y los $w_l$ de las cinco capas.
#
# Y le falta un comienzo. `begin` pone la imagen de partida en la mano más fina, con $\ln(p / (1 - p))$, la
# inversa de la sigmoide (`np.clip` evita el logaritmo de 0), y deja las otras tres vacías, a cero. También borra
# la memoria de Adam: así un mismo pintor puede empezar muchos cuadros.

# %% [markdown] lang="en"
# Those four are the only weights that are trained. The painter still lacks the loss, with two lists of
# weights that are not trained: those of the three losses, $\alpha$, $\beta$ and $\gamma$, and the $w_l$ of
# the five layers.
#
# And it lacks a beginning. `begin` puts the starting picture into the finest coat, through
# $\ln(p / (1 - p))$, the inverse of the sigmoid (`np.clip` avoids the logarithm of 0), and leaves the other
# three empty, at zero. It also clears Adam's memory: so one painter can begin many paintings.


# %%
class Painter(Coats):
    def __init__(self, look, rows, columns, coats=4):
        super().__init__(rows, columns, coats)
        self.look = look
        self.weighting = self.add_weight(shape=(3,), trainable=False)
        self.layer_weights = self.add_weight(shape=(5,), trainable=False)
        self.compile(keras.optimizers.Adam(), jit_compile=machine_code)

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        three = losses(self.look, y_pred, x, y, self.layer_weights)
        return ops.dot(ops.stack(three), self.weighting)


# %%
def begin(painter, start, weighting=(1, 100, 20), layer_weights=even, rate=0.05):
    for variable in [*painter.coats, *painter.optimizer.variables[2:]]:
        variable.assign(ops.zeros_like(variable))
    painter.optimizer.iterations.assign(0)
    painter.optimizer.learning_rate = rate
    start = np.clip(start, 0.02, 0.98)
    painter.coats[0].assign(np.log(start / (1 - start))[None])
    painter.weighting.assign(weighting)
    painter.layer_weights.assign(layer_weights)


# %% [markdown] lang="es"
# Los dos primeros números de `optimizer.variables` son los pasos dados y la tasa de aprendizaje; el resto es la
# memoria. `paint` repite los objetivos diez veces (`keras.tree.map_structure` llega a cada uno dentro de la
# tupla), para que una época sean diez pasos: pide siempre un múltiplo de 10. Lo demás que le pidas,
# `**options`, pasa a `begin`.
#
# Pintemos la foto grande, 256 × 384 píxeles, en 50 pasos. Es la celda del cuaderno que más tarda: de 6 a 20
# segundos. `LambdaCallback` llama a nuestra función después de cada época: así guardamos una imagen cada diez
# pasos.

# %% [markdown] lang="en"
# The first two numbers of `optimizer.variables` are the steps taken and the learning rate; the rest is the
# memory. `paint` repeats the targets ten times (`keras.tree.map_structure` reaches each one inside the tuple),
# so that an epoch is ten steps: ask for a multiple of 10 each time. Whatever else you ask for, `**options`, is
# handed on to `begin`.
#
# Let us paint the large photo, 256 × 384 pixels, in 50 steps. It is the slowest cell of the notebook: 6 to
# 20 seconds. `LambdaCallback` calls our function after each epoch: so we keep a picture every ten steps.


# %%
def paint(painter, goals, start, steps=50, callbacks=(), **options):
    begin(painter, start, **options)
    ten = keras.tree.map_structure(lambda goal: np.repeat(goal, 10, axis=0), goals)
    settings = {"batch_size": 1, "epochs": steps // 10, "steps_per_epoch": 10, "verbose": 0}
    painter.fit(*ten, callbacks=[ck.live.Progress(), *callbacks], **settings)
    return painter.picture()


# %%
large = content
large_goals = targets(look, large, style)
large_painter = Painter(look, *large.shape[:2])
snapshots = {0: large}


def remember(epoch, logs):
    snapshots[10 * (epoch + 1)] = large_painter.picture()


keep = keras.callbacks.LambdaCallback(on_epoch_end=remember)

# %% tags=["slow", "timed"]
painting = paint(large_painter, large_goals, large, callbacks=[keep])

# %%
alt = _(
    "La gata a pinceladas azules, verdes y naranjas; se reconocen los ojos, la nariz y los bigotes.",
    "The cat in blue, green and orange strokes; the eyes, the nose and the whiskers are recognisable.",
)
strip([painting], alt=alt)

# %% [markdown] lang="es"
# Empezó en la foto, marrón y gris. El azul, el naranja vivo y las pinceladas los trajo el descenso. Nadie le
# explicó a la red qué es una pincelada: las pinceladas salieron de igualar cinco matrices. Veamos el camino, en
# un trozo ampliado, y las dos pérdidas, en un eje logarítmico a partir de 2.

# %% [markdown] lang="en"
# It began at the photo, brown and grey. The blue, the bright orange and the strokes were brought by the
# descent. Nobody explained to the network what a brush stroke is: strokes came out of matching five matrices.
# Let us see the way there, in an enlarged piece, and the two losses, on an axis that is logarithmic above 2.

# %%
moments = [0, 10, 30, 50]
alt = _(
    "El ojo de la gata en cuatro momentos: foto, primeras manchas de color, trazos, trazos más limpios.",
    "The eye of the cat at four moments: photo, first blots of colour, strokes, cleaner strokes.",
)
titles = [_(f"paso {step}", f"step {step}") for step in moments]
details = [snapshots[step][50:178, 70:262] for step in moments]
strip(details, titles, columns=2, alt=alt)

# %%
curves = [losses(look, picture[None], *large_goals)[:2] for picture in snapshots.values()]
J_C, J_S = np.array(curves, "float32").T
alt = _(
    "La pérdida del contenido sube de golpe y luego baja despacio; la del estilo cae deprisa y luego despacio.",
    "The content loss leaps up and then falls slowly; the style loss falls fast and then slowly.",
)
both = {_("contenido, J_C", "content, J_C"): J_C, _("estilo, 100 J_S", "style, 100 J_S"): 100 * J_S}
xlabel, ylabel = _("paso", "step"), _("pérdida", "loss")
ticks = {"ylim": (0, 60), "yticks": [0, 1, 2, 10, 50], "yticklabels": [0, 1, 2, 10, 50]}
ck.plots.curves(list(snapshots), both, xlabel=xlabel, ylabel=ylabel, alt=alt, yscale="symlog", **ticks)

# %%
others = [scale(ck.data.photo(name), 256, 384) for name in ("coffee", "astronaut", "rocket")]
other_photo = np.mean([float(losses(look, photo[None], *large_goals)[0]) for photo in others])
half = style_loss(look(style[None, :, 192:])[1:], [M[0] for M in large_goals[1]])
ck.claim(_("J_S, foto / imagen terminada", "J_S, photo / finished picture"), J_S[0] / J_S[-1], at_least=100)
ck.claim(_("J_S, medio S / imagen terminada", "J_S, half of S / finished picture"), float(half) / J_S[-1], at_least=1.1)
final = J_C[-1] / other_photo
ck.claim(
    _("J_C, imagen terminada / otras fotos", "J_C, finished picture / other photos"), final, at_least=0.6, at_most=0.85
)

# %% [markdown] lang="es"
# En los primeros diez pasos $J_C$ sube y $J_S$ cae; después bajan las dos. Al final $J_S$ es más de
# [[bound: J_S, photo / finished picture]] veces menor que al principio, y hasta menor que la de
# medio $S$: no es que $G$ sea un cuadro mejor, es que se ajustó a esas matrices. $J_C$ llega a
# buena parte de la de otra foto, aunque tú reconoces a la gata: $J_C$ castiga también los colores y
# las pinceladas nuevos. Una pérdida es útil, pero no mira como tú.
#
# ### Tu turno 4: las pinceladas de $G$, los colores de $C$
#
# El brillo de un píxel es 0.299 por el rojo, más 0.587 por el verde, más 0.114 por el azul: lo
# calcula `light`. Escribe `keep_colours(painted, photo)`: la foto, con el brillo de la imagen
# pintada. En cada píxel, suma lo mismo a los tres colores. No recortes: ya lo hace `strip`.

# %% [markdown] lang="en"
# In the first ten steps $J_C$ rises and $J_S$ falls; then both fall. At the end $J_S$ is more than
# [[bound: J_S, photo / finished picture]] times smaller than at the beginning, and even smaller
# than that of half of $S$: not that $G$ is a better painting; it was fitted to these matrices.
# $J_C$ reaches a good part of that of another photo, though you recognise the cat: $J_C$ punishes
# the new colours and strokes too. A loss is useful, but it does not look as you do.
#
# ### Your turn 4: the strokes of $G$, the colours of $C$
#
# The brightness of a pixel is 0.299 times the red, plus 0.587 times the green, plus 0.114 times the
# blue: `light` computes it. Write `keep_colours(painted, photo)`: the photo, with the brightness of
# the painted picture. In each pixel, add the same to all three colours. Do not clip: `strip` will
# do that.


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
    "¿cuánto brillo le falta a cada píxel de la foto para tener el de la imagen pintada?",
    "how much brightness does each pixel of the photo lack to have that of the painted picture?",
)
ck.check(lambda: keep_colours(painting, large), keeps_colours, hint)


# %% tags=["solution"]
def keep_colours(painted, photo):
    return photo + light(painted) - light(photo)


ck.check(lambda: keep_colours(painting, large), keeps_colours, "")
alt = _("La gata a pinceladas, con el pelo pardo de la foto.", "The cat in strokes, with the brown fur of the photo.")
strip([painting, keep_colours(painting, large)], [_("G", "G"), _("colores de C", "colours of C")], alt=alt)

# %% [markdown] lang="es"
# ## Qué hace cada pieza
#
# Ahora quitaremos o cambiaremos una sola cosa a la vez, en pequeño: `sketch` pinta 96 filas desde la foto,
# siempre en 40 pasos, y el resto queda igual. Cuando empecemos en ruido o con otros pesos, lo diremos. Debajo
# de cada figura, sus medidas. Cada `sketch` tarda de 1 a 3 segundos.

# %% [markdown] lang="en"
# ## What each piece does
#
# Now we will take out or change one thing at a time, in small: `sketch` paints 96 rows from the photo, in 40
# steps each time, and the rest stays as it was. When we start from noise or use other weights, we say so.
# Below each figure, its measures. Each `sketch` takes 1 to 3 seconds.

# %%
rows, columns = small.shape[:2]
painter = Painter(look, rows, columns)


def sketch(start=small, painter=painter, goals=goals, **options):
    return paint(painter, goals, start, steps=40, **options)


def measure(picture):
    return [float(loss) for loss in losses(look, picture[None], *goals)]


# %% [markdown] lang="es"
# ### Algo sale mal: dos pérdidas con el mismo peso
#
# Con $\alpha = \beta = 1$ parecería que contenido y estilo mandan por igual. Dejamos siempre
# $\gamma = \beta / 5$, como 20 con 100: así cambia solo el peso de $J_C$ frente a lo demás. Mira la primera
# imagen.

# %% [markdown] lang="en"
# ### Something goes wrong: two losses with the same weight
#
# With $\alpha = \beta = 1$, content and style would seem to have an equal say. We keep
# $\gamma = \beta / 5$ each time, as 20 with 100: so only the weight of $J_C$ against the rest changes. Look
# at the first picture.

# %% tags=["slow"]
betas = [1, 10, 100]
by_beta = [sketch(weighting=(1, beta, beta / 5)) for beta in betas]
alt = _(
    "Tres gatas: con beta 1, fondo más azul y apenas pinceladas; con 10 y con 100, más y más pinceladas.",
    "Three cats: with beta 1, a bluer background and hardly any strokes; with 10 and with 100, more and more strokes.",
)
strip(by_beta, [f"β = {beta}" for beta in betas], alt=alt)
C, S, _V = np.array([measure(picture) for picture in by_beta]).T
assert C[0] < C[1] < C[2] and S[0] > S[1] > S[2]
ck.claim(_("J_S con β = 1", "J_S with β = 1"), S[0], at_least=0.03)
ck.claim(_("J_S con β = 100", "J_S with β = 100"), S[2], at_most=0.01)
ck.claim(_("J_C con β = 1", "J_C with β = 1"), C[0], at_most=0.25)
ck.claim(_("J_C con β = 100", "J_C with β = 100"), C[2], at_least=0.3)

# %% [markdown] lang="es"
# Con $\beta = 1$ cambian los colores y casi no hay pinceladas: como vimos, con otros colores ya baja mucho
# $J_S$; bajar el resto, con más color y con pinceladas, cuesta más en $J_C$: compara las líneas con $\beta = 1$
# y con $\beta = 100$. Al subir $\beta$ de 1 a 10 y a 100, la pérdida del estilo baja y la del contenido sube
# (el `assert` lo comprueba). No hay un valor correcto: es cuestión de gusto. En Gatys et al. $\beta$ también es
# mucho mayor que $\alpha$, con sus propias escalas.

# %% [markdown] lang="en"
# With $\beta = 1$ the colours change and there are hardly any strokes: as we saw, other colours alone bring
# $J_S$ down a lot, and lowering the rest, with more colour and with strokes, costs more in $J_C$: compare the
# lines at $\beta = 1$ and at $\beta = 100$. As $\beta$ rises from 1 to 10 and to 100, the style loss falls and
# the content loss rises (the `assert` checks it). There is no right value: it is a matter of taste. In Gatys et
# al. too, $\beta$ is much larger than $\alpha$, on their own scales.

# %% [markdown] lang="es"
# Con el cuaderno en marcha, el mando pasa de una imagen terminada a otra, en grande y con sus dos pérdidas
# (también con las flechas del teclado). Con $\beta = 0$ es la foto: su $J_C$ ya es 0. ¿Con qué $\beta$ te quedas?

# %% [markdown] lang="en"
# While the notebook is running, the slider goes from one finished picture to another, enlarged and with both
# losses (the arrow keys do it too). With $\beta = 0$ it is the photo: its $J_C$ is already 0. Which $\beta$ do
# you prefer?

# %%
finished = dict(zip([0, *betas], [small, *by_beta], strict=True))


def show_finished(beta):
    C, S, _V = measure(finished[beta])
    title = f"$\\beta$ = {beta}: $J_C$ = {C:.2f}, $J_S$ = {S:.3f}"
    alt = _(f"La gata pintada con beta {beta}.", f"The cat painted with beta {beta}.")
    ck.plots.images(np.clip([finished[beta]], 0, 1), [title], size=5, alt=alt, jpeg=True)


ck.widgets.knobs(show_finished, beta=("β", [0, *betas], 10))

# %% [markdown] lang="es"
# ### La capa del contenido
#
# ¿Qué conserva cada capa? Empecemos en ruido, alrededor del color medio del cuadro, con $\beta = \gamma = 0$:
# solo cuenta $J_C$, medida en una capa poco profunda, `block_2`, o en la nuestra, `block_5`. Y pintemos con
# cada una.

# %% [markdown] lang="en"
# ### The content layer
#
# What does each layer keep? Let us begin with noise, around the mean colour of the painting, with
# $\beta = \gamma = 0$: only $J_C$ counts, measured in a shallow layer, `block_2`, or in ours, `block_5`. And
# let us paint with each.


# %% tags=["slow"]
noise = style.mean(axis=(0, 1)) + 0.1 * np.random.default_rng(0).normal(size=small.shape)
noise = np.clip(noise, 0, 1).astype("float32")
shallow = watch([style_layers[1], *style_layers])
shallow_goals = targets(shallow, small, small_style)
shallow_painter = Painter(shallow, rows, columns)
rebuilt = [sketch(noise, shallow_painter, shallow_goals, weighting=(1, 0, 0)), sketch(noise, weighting=(1, 0, 0))]
painted = [sketch(painter=shallow_painter, goals=shallow_goals), by_beta[2]]

# %%
alt = _(
    "Dos gatas salidas de ruido, una casi la foto, más oscura, y otra con otras texturas; debajo, las dos pintadas desde la foto.",
    "Two cats out of noise, one nearly the photo, darker, and one with other textures; below, both painted from the photo.",
)
titles = [
    _(f"{names[1]}, desde ruido", f"{names[1]}, from noise"),
    _(f"{names[3]}, desde ruido", f"{names[3]}, from noise"),
    _(f"{names[1]}, pintada", f"{names[1]}, painted"),
    _(f"{names[3]}, pintada", f"{names[3]}, painted"),
]
strip([*rebuilt, *painted], titles, columns=2, alt=alt)

# %%
own = float(losses(shallow, rebuilt[0][None], *shallow_goals)[0]), measure(rebuilt[1])[0]
ck.claim(_("J_C propia desde ruido, block_2", "own J_C from noise, block_2"), own[0], at_most=0.1)
ck.claim(_("J_C propia desde ruido, block_5", "own J_C from noise, block_5"), own[1], at_most=0.1)
likeness = [np.corrcoef(picture.ravel(), small.ravel())[0, 1] for picture in rebuilt]
ck.claim(_("correlación con la foto, block_2", "correlation with the photo, block_2"), likeness[0], at_least=0.8)
ck.claim(_("correlación con la foto, block_5", "correlation with the photo, block_5"), likeness[1], at_most=0.7)
S = [measure(picture)[1] for picture in painted]
ck.claim(_("J_S pintada, block_2 / block_5", "J_S painted, block_2 / block_5"), S[0] / S[1], at_least=0.8, at_most=1.2)

# %% [markdown] lang="es"
# ¡Del ruido sale una gata! Nadie la dibujó: la trajo la pérdida del contenido. Con `block_2` es casi la foto,
# algo más oscura y con un grano regular; con `block_5` quedan los ojos y la forma de la cara, los bigotes se
# han perdido y las texturas son otras. Su pérdida también es pequeña, pero mayor que la otra: en estos pocos
# pasos, parte del grano puede ser lo que el descenso no tuvo tiempo de limpiar. Pero pintadas desde la foto,
# con $\beta = 100$, las dos son casi iguales: aquí la elección de la capa importa poco. No es extraño: con ese
# comienzo y ese $\beta$, la propia $J_C$ influye poco, como veremos en «Dónde empezar».

# %% [markdown] lang="en"
# Out of noise comes a cat! Nobody drew it: the content loss brought it. With `block_2` it is nearly the photo,
# rather darker and with a regular grain; with `block_5` the eyes and the shape of the face remain, the whiskers
# are gone and the textures are different. Its loss is small too, but larger than the other: in these few steps,
# part of the grain may be what the descent did not have time to clean. Yet painted from the photo, with
# $\beta = 100$, the two are nearly alike: here the choice of the layer matters little. No wonder: with that
# start and that $\beta$, $J_C$ itself has little influence, as we will see in "Where to start".

# %% [markdown] lang="es"
# ### Las capas del estilo
#
# Ahora sin foto: $\alpha = \gamma = 0$, desde el mismo ruido. Igualamos las matrices del cuadro: primero las de las
# cinco capas, después solo la de la primera y solo la de la última. Para quitar una capa basta con darle el peso
# $w_l = 0$.

# %% [markdown] lang="en"
# ### The style layers
#
# Now without a photo: $\alpha = \gamma = 0$, from the same noise. We match the matrices of the painting: first
# those of all five layers, then only that of the first and only that of the last. To take a layer out, the weight
# $w_l = 0$ is enough.


# %%
def texture(**options):
    return sketch(noise, weighting=(0, 100, 0), **options)


shares = [even, [1, 0, 0, 0, 0], [0, 0, 0, 0, 1]]
textures = [texture(layer_weights=share) for share in shares]

# %%
alt = _(
    "El cuadro; remolinos azules y naranjas; manchas azules y naranjas sin trazos; trazos con blanco y negro.",
    "The painting; blue and orange swirls; blue and orange blots without strokes; strokes with white and black.",
)
titles = [_("el cuadro", "the painting"), _("cinco capas", "five layers"), names[0], names[4]]
strip([small_style, *textures], titles, columns=2, alt=alt)
S = [losses(look, picture[None], *goals, share)[1] for picture, share in zip(textures, shares, strict=True)]
ck.claim(_("J_S, cinco capas", "J_S, five layers"), float(S[0]), at_most=0.01)
ck.claim(_("distancia, solo la primera", "distance, only the first"), float(S[1]), at_most=0.01)
ck.claim(_("distancia, solo la última", "distance, only the last"), float(S[2]), at_most=0.01)

# %% [markdown] lang="es"
# Las tres imágenes igualan casi del todo las matrices que les pedimos; lo que a una le falta no estaba en
# ellas, o pesa poco en su distancia. La primera capa, sola, da colores parecidos a los del cuadro, sin sus
# amarillos ni sus azules más claros, en manchas pequeñas y sin pinceladas. La última da trazos que giran, pero
# con más blanco, negro y turquesa que el cuadro. Las cinco juntas dan ambas cosas. (Es un solo cuadro y un solo
# ruido.)

# %% [markdown] lang="en"
# All three pictures match almost entirely the matrices that we asked for; what one of them lacks was not in
# those, or weighs little in its distance. The first layer, alone, gives colours like those of the painting,
# without its yellows or its lightest blues, in small blots and without strokes. The last one gives strokes that
# swirl, but with more white, black and turquoise than the painting has. The five together give both. (It is a
# single painting and a single noise.)


# %% [markdown] lang="es"
# ### ¿Hace falta una red entrenada?
#
# El control: dos de las redes con pesos aleatorios, con los mismos pasos y sus propias matrices. Medimos primero su
# propia $J_S$, para saber si las igualaron; después, $J_S$ con la red entrenada, que juega en casa. Juzga también
# con la figura.

# %% [markdown] lang="en"
# ### Does it take a trained network?
#
# The control: two of the networks with random weights, with the same steps and their own matrices. We measure
# first their own $J_S$, to know whether they matched those; then $J_S$ by the trained network, which plays at home.
# Judge by the figure too.

# %% tags=["slow"]
stranger = random_network()
view = watch([content_layer, *style_layers], stranger)
view_painter = Painter(view, rows, columns)
by_chance, began, own = [], [], []
for other in untrained[:2]:
    # es: la misma red cambia de pesos: así basta un pintor para las dos
    # en: the same network changes its weights: so one painter is enough for both
    stranger.set_weights(other.get_weights())
    own_goals = targets(view, small, small_style)
    by_chance.append(texture(painter=view_painter, goals=own_goals))
    for picture, measured in ((noise, began), (by_chance[-1], own)):
        measured.append(float(losses(view, picture[None], *own_goals)[1]))

# %%
alt = _(
    "Remolinos de la red entrenada; con pesos aleatorios, manchas y grano, sin pinceladas.",
    "Swirls by the trained network; with random weights, blots and grain, without strokes.",
)
titles = [
    _("red entrenada", "trained network"),
    _("pesos aleatorios", "random weights"),
    _("otros pesos", "other weights"),
]
strip([textures[0], *by_chance], titles, alt=alt)
ck.claim(_("J_S propia, la peor de las dos", "own J_S, the worse of the two"), max(own), at_most=0.03)
left = max(np.divide(own, began))
ck.claim(
    _("J_S propia al acabar / al empezar, la peor", "own J_S at the end / at the start, the worse"), left, at_most=0.2
)
S = min(measure(picture)[1] for picture in by_chance)
ck.claim(_("J_S, la mejor de las dos", "J_S, the better of the two"), S, at_least=0.06)

# %% [markdown] lang="es"
# Con pesos aleatorios salen manchas y grano, sin pinceladas, aunque su propia $J_S$ también bajó mucho desde el
# ruido (la segunda línea); en la peor de las dos es varias veces la de la red entrenada: esa, al menos, igualó
# peor sus matrices. Eso vale para este cuadro y esta red, que sin sus pesos pierde también la normalización por
# lotes, incluida en ellos: con otras redes y más cuidado, también pesos aleatorios han dado buenas texturas
# (Ustyuzhaninov et al., 2017) y buenos estilos (Wang, Li y Vasconcelos, 2021).

# %% [markdown] lang="en"
# With random weights there are blots and grain, without strokes, although their own $J_S$ fell a lot from the
# noise, too (the second line); in the worse of the two it is several times that of the trained network: that
# one, at least, matched its matrices less well. That holds for this painting and this network, which without
# its weights also loses the batch normalisation that is part of them: with other networks and more care, random
# weights too have given good textures (Ustyuzhaninov et al., 2017) and good styles (Wang, Li and Vasconcelos,
# 2021).

# %% [markdown] lang="es"
# ### Una mano o cuatro
#
# ¿Sirven las manos de pintura? Un paso de Adam cambia cada número en una tasa de aprendizaje, más o menos;
# cuatro manos juntas pueden mover un píxel cuatro veces más. Para ser justos, a la mano única le damos tres
# oportunidades: 0.1, el doble de la tasa de las cuatro; 0.2, el cuádruple; y 0.4.

# %% [markdown] lang="en"
# ### One coat or four
#
# Are the coats of paint of any use? A step of Adam changes each number by one learning rate, more or less; four
# coats together can move a pixel four times as far. To be fair, we give the single coat three chances: 0.1,
# twice the rate of the four; 0.2, four times that rate; and 0.4.

# %% tags=["slow"]
rates = [0.1, 0.2, 0.4]
single = Painter(look, rows, columns, coats=1)
one_coat = [texture(painter=single, rate=rate) for rate in rates]

# %%
alt = _(
    "Con cuatro manos, remolinos anchos; con una, a tres tasas, trazos más cortos y con grano.",
    "With four coats, wide swirls; with one, at three rates, shorter strokes with grain.",
)
titles = [_("cuatro manos", "four coats"), *(_(f"una, tasa {rate}", f"one, rate {rate}") for rate in rates)]
strip([textures[0], *one_coat], titles, columns=2, alt=alt)
four = measure(textures[0])[1]
for tried, picture in zip(rates, one_coat, strict=True):
    ratio = measure(picture)[1] / four
    ck.claim(_(f"J_S, una mano a {tried} / cuatro", f"J_S, one coat at {tried} / four"), ratio, at_least=1.2)

# %% [markdown] lang="es"
# Con los mismos pasos y desde el mismo ruido, la mano única se queda más lejos del estilo con las tres tasas. La
# pérdida es la misma: lo que cambia es cómo representamos la imagen, y con ello qué imágenes están a pocos pasos.

# %% [markdown] lang="en"
# With the same steps and from the same noise, the single coat stays farther from the style at all three rates. The
# loss is the same: what changes is how we represent the picture, and with it which pictures are a few steps away.

# %% [markdown] lang="es"
# ### Variación total
#
# Pintamos con $\gamma = 0$, con el nuestro y con uno enorme. Debajo, las diferencias entre vecinos.

# %% [markdown] lang="en"
# ### Total variation
#
# We paint with $\gamma = 0$, with ours and with a huge one. Below, the differences between neighbours.

# %%
gammas = [0, 20, 1000]
by_gamma = [sketch(weighting=(1, 100, 0)), by_beta[2], sketch(weighting=(1, 100, 1000))]
details = [picture[10:70, 26:116] for picture in by_gamma]
alt = _(
    "Tres trozos y sus diferencias: con gamma 0 y 20, muchos puntos claros, casi iguales; con 1000, tenues.",
    "Three pieces and their differences: with gamma 0 and 20, many bright dots, nearly alike; with 1000, faint.",
)
titles = [*(f"γ = {gamma}" for gamma in gammas), "", "", ""]
strip(with_differences(details), titles, columns=3, alt=alt)
S, V = np.array([measure(picture)[1:] for picture in by_gamma]).T
ck.claim(_("V con γ = 0 / V con γ = 20", "V with γ = 0 / V with γ = 20"), V[0] / V[1], at_least=1.1)
ck.claim(_("V con γ = 20 / V con γ = 1000", "V with γ = 20 / V with γ = 1000"), V[1] / V[2], at_least=2)
ck.claim(_("J_S con γ = 20 / J_S con γ = 0", "J_S with γ = 20 / J_S with γ = 0"), S[1] / S[0], at_most=1.3)
ck.claim(_("J_S con γ = 1000 / J_S con γ = 20", "J_S with γ = 1000 / J_S with γ = 20"), S[2] / S[1], at_least=1.4)

# %% [markdown] lang="es"
# Con $\gamma = 20$, $V$ baja algo, pero a simple vista apenas se nota, y $J_S$ cambia poco: nuestro $\gamma$
# hace poco, y sin él, a simple vista, la gata se pinta igual. Con 1000, la imagen es borrosa y lo paga con
# $J_S$: una pincelada también es una diferencia entre vecinos.

# %% [markdown] lang="en"
# With $\gamma = 20$, $V$ falls somewhat, but the eye hardly notices, and $J_S$ changes little: our $\gamma$
# does little, and without it, to the naked eye, the cat is painted the same. With 1000, the picture is
# blurred and pays for it in $J_S$: a brush stroke is a difference between neighbours too.


# %% [markdown] lang="es"
# ### Dónde empezar, y qué añade $J_C$
#
# Hasta ahora pintamos a la gata desde la foto y con $J_C$. ¿Cuál de las dos cosas la conserva? Con los mismos pasos
# quitamos una cada vez: primero solo $J_C$ ($\alpha = 0$); después solo el comienzo, que será ruido.

# %% [markdown] lang="en"
# ### Where to start, and what $J_C$ adds
#
# Up to now we painted the cat from the photo and with $J_C$. Which of the two keeps her? With the same steps we take
# out one at a time: first only $J_C$ ($\alpha = 0$); then only the start, which will be noise.


# %% tags=["slow"]
without_content = sketch(weighting=(0, 100, 20))
from_noise = sketch(noise)

# %%
alt = _(
    "La gata pintada desde la foto; la misma sin J_C; y desde ruido, remolinos sin gata.",
    "The cat painted from the photo; the same without J_C; and from noise, swirls without a cat.",
)
titles = [_("desde la foto", "from the photo"), _("lo mismo, α = 0", "the same, α = 0"), _("desde ruido", "from noise")]
strip([by_beta[2], without_content, from_noise], titles, alt=alt)
farther = [measure(picture)[0] / measure(by_beta[2])[0] for picture in (without_content, from_noise)]
ck.claim(_("J_C, sin ella / con ella", "J_C, without it / with it"), farther[0], at_least=1.05)
ck.claim(_("J_C, desde ruido / desde la foto", "J_C, from noise / from the photo"), farther[1], at_least=1.1)
farther = measure(without_content)[0] / measure(by_beta[0])[0]
ck.claim(_("J_C, sin ella / con β = 1", "J_C, without it / with β = 1"), farther, at_least=2)

# %% [markdown] lang="es"
# Desde la foto y sin $J_C$, aún se reconoce a la gata, aunque $J_C$ acaba más alta: en tan pocos pasos es sobre
# todo el comienzo lo que la conserva; con este $\beta$, quitar $J_C$ de la suma cambia poco la imagen. (Con un
# $\beta$ menor pesa más: la última línea la compara con la imagen de $\beta = 1$.) Desde ruido hay estilo y no
# se reconoce ninguna gata. Gatys et al. sí llegaron desde ruido, con otra red (VGG19), otros pesos para las
# pérdidas, muchos más pasos y otro optimizador.

# %% [markdown] lang="en"
# From the photo and without $J_C$, you still recognise the cat, though $J_C$ ends higher: in so few steps it is
# above all the start that keeps her; with this $\beta$, taking $J_C$ out of the sum changes the picture little.
# (With a smaller $\beta$ it weighs more: the last line compares it with the picture of $\beta = 1$.) From noise
# there is style and no cat to be recognised. Gatys et al. did get there from noise, with another network
# (VGG19), other weights for the losses, many more steps and another optimizer.


# %% [markdown] lang="es"
# ## Otras fotos, otros cuadros
#
# El mismo pintor, sin tocar ningún ajuste: una taza con un vitral y una astronauta con un grabado en
# madera.

# %% [markdown] lang="en"
# ## Other photos, other paintings
#
# The same painter, without touching any setting: a cup with a stained-glass window and an astronaut with
# a woodcut.


# %% tags=["slow"]
photos = [ck.data.photo("coffee"), ck.data.photo("astronaut")[:170, :255]]
photos = [scale(photo, rows, columns) for photo in photos]
paintings = [scale(ck.data.style(name)[:266], rows, columns) for name in ("windows", "woodcut")]
sheet = []
for photo, picture in zip(photos, paintings, strict=True):
    sheet += [photo, picture, sketch(photo, goals=targets(look, photo, picture))]

# %%
alt = _(
    "Una taza pintada como vitral y una astronauta como grabado en madera; ambas se reconocen.",
    "A cup painted as stained glass and an astronaut as a woodcut; both can be recognised.",
)
strip(sheet, ["C", "S", "G", "", "", ""], columns=3, alt=alt)

# %% [markdown] lang="es"
# Cada fila lleva el sello de su cuadro: plomo entre vidrios de color, surcos negros sobre papel. Y la taza
# y la astronauta se siguen reconociendo.

# %% [markdown] lang="en"
# Each row bears the mark of its painting: lead between coloured panes, black furrows on paper. And you can
# still recognise the cup and the astronaut.


# %% [markdown] lang="es"
# ## Tus propias imágenes
#
# Copia una foto y un cuadro a la carpeta de este cuaderno y escribe sus nombres en la celda. Sirve cualquier
# tamaño y casi cualquier formato; si das solo uno de los dos, el otro queda como estaba. Para guardar el
# resultado, escribe también un nombre en `save_path`. Para que el tiempo no crezca, `shrink` reduce cada
# imagen, si es mayor, a unos 98 000 píxeles, los de la foto de la gata.

# %% [markdown] lang="en"
# ## Your own pictures
#
# Copy a photo and a painting to the folder of this notebook and write their names in the cell. Any size will
# do, and nearly any format; if you give only one of the two, the other stays as it was. To save the result,
# write a name in `save_path`, too. So that the time does not grow, `shrink` reduces each picture, if it is
# larger, to about 98 000 pixels, those of the photo of the cat.


# %%
def shrink(picture):
    ratio = min(1, math.sqrt(98_000 / (picture.shape[0] * picture.shape[1])))
    return scale(picture, *(max(32, round(side * ratio)) for side in picture.shape[:2]))


# %%
# es: escribe nombres, entre comillas, en lugar de None: "mi_foto.jpg", "mi_cuadro.png"
# en: write names, in quotes, in place of None: "my_photo.jpg", "my_painting.png"
photo_path = None
style_path = None
save_path = None
if photo_path or style_path:
    my_photo = shrink(ck.pictures.read(photo_path)) if photo_path else content
    my_style = shrink(ck.pictures.read(style_path)) if style_path else style
    my_painter = Painter(look, *my_photo.shape[:2])
    mine = paint(my_painter, targets(look, my_photo, my_style), my_photo)
    strip([mine], alt=photo_path or style_path)
    if save_path:
        ck.pictures.save(mine, save_path)

# %% [markdown] lang="es"
# Si ya hay un archivo con el nombre de `save_path`, `save` no lo toca: te avisa, y tú decides si
# añades `overwrite=True`.
#
# ### Tu turno 5: predice, cambia y mide
#
# Elige un cambio, por ejemplo pintar con solo dos de las capas del estilo (`layer_weights`), con $S$ a la mitad
# de filas, empezando en otra foto o con la primera capa como capa del contenido (para eso hace falta un pintor
# nuevo, como `shallow_painter`). Antes de ejecutar, escribe en `my_prediction` si $J_C$ y $J_S$, medidas con `measure`,
# quedarán por encima (1) o por debajo (-1) de las de `by_beta[2]`, y piensa por qué. La comprobación no juzga
# tu predicción: hazlo tú, con `measure(my_change)` y `measure(by_beta[2])`.

# %% [markdown] lang="en"
# If there is already a file with the name in `save_path`, `save` does not touch it: it tells you, and
# you decide whether to add `overwrite=True`.
#
# ### Your turn 5: predict, change and measure
#
# Choose a change, for instance painting with only two of the style layers (`layer_weights`), with $S$ at half
# its rows, starting at another photo or with the first layer as content layer (that takes a new painter, like
# `shallow_painter`). Before you run it, write into `my_prediction` whether $J_C$ and $J_S$, measured with
# `measure`, will end above (1) or below (-1) those of `by_beta[2]`, and think why. The check does not judge
# your prediction: do it yourself, with `measure(my_change)` and `measure(by_beta[2])`.

# %%
my_prediction = [..., ...]
my_change = ...


# %% tags=["check"]
def complete(answer):
    prediction, picture = answer[0], np.asarray(answer[1], "float32")
    if len(prediction) != 2 or not set(prediction) <= {1, -1} or picture.shape != small.shape:
        return False
    is_new = min(np.abs(picture - other).max() for other in (small, by_beta[2])) > 0.01
    return is_new and np.isfinite(measure(picture)).all()


hint = _(
    "my_prediction son dos números, 1 o -1; my_change es una imagen nueva de la forma de small",
    "my_prediction is two numbers, 1 or -1; my_change is a new picture of the shape of small",
)
ck.check([my_prediction, my_change], complete, hint)

# %% tags=["solution"]
# es: un ejemplo: S a la mitad de filas. Los trazos serán más finos que los de S: J_S, por encima.
# en: an example: S at half its rows. The strokes will be finer than those of S: J_S, above.
# es: Y trazos más finos dibujan mejor los detalles de la gata: J_C, por debajo.
# en: And finer strokes draw the details of the cat better: J_C, below.
my_prediction = [-1, 1]
half_goals = targets(look, small, scale(style, 48))
my_change = sketch(goals=half_goals)
alt = _("La gata pintada y la misma con trazos más finos.", "The painted cat and the same with finer strokes.")
strip([by_beta[2], my_change], [_("S entero", "S as it was"), _("S a la mitad", "S at half")], alt=alt)
ck.check([my_prediction, my_change], complete, "")
C, S, _V = np.array(measure(my_change)) / measure(by_beta[2])
# es: con J_C la predicción falló: con S a la mitad, G acabó más lejos de la foto, no más cerca (por qué, no lo sabemos)
# en: with J_C the prediction failed: with S at half, G ended farther from the photo, not closer (why, we do not know)
ck.claim(_("J_C, mi cambio / by_beta[2]", "J_C, my change / by_beta[2]"), C, at_least=1.1)
ck.claim(_("J_S, mi cambio / by_beta[2]", "J_S, my change / by_beta[2]"), S, at_least=1.3)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una red entrenada sirve de vara de medir imágenes, aunque ya no aprenda.
# - El contenido son activaciones, cada una en su lugar; el estilo, qué canales se encienden juntos, sin
#   lugar.
# - Se puede entrenar cualquier cosa respecto a la que se sepa derivar la pérdida: aquí, los píxeles.
# - El peso de una pérdida no se entiende sin su escala: con $\beta = 1$ casi no hay pinceladas.
# - Cómo se representa la imagen influye en qué imágenes están a pocos pasos.
# - Una frase sobre una causa necesita su control: una sola cosa cambiada, y la misma medida.

# %% [markdown] lang="en"
# ## What we learned
#
# - A trained network is useful as a yardstick for pictures even when it no longer learns.
# - Content is activations, each in its place; style is which channels light up together, in no place.
# - Anything can be trained whose loss has a derivative that we can compute: here, the pixels.
# - The weight of a loss means nothing without its scale: with $\beta = 1$ there are hardly any strokes.
# - How a picture is represented has a say in which pictures are a few steps away.
# - A sentence about a cause needs its control: one thing changed, and the same measure.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - Gatys, Ecker y Bethge (2015), *A neural algorithm of artistic style*: donde empezó todo.
# - Li, Wang, Liu y Hou (2017), *Demystifying neural style transfer*: igualar matrices de Gram es acercar
#   dos distribuciones; también bastan la media y la desviación estándar de cada canal *de la red*.
# - Ustyuzhaninov, Brendel, Gatys y Bethge (2017), *What does it take to generate natural textures?*:
#   filtros aleatorios.
# - Wang, Li y Vasconcelos (2021), *Rethinking and improving the robustness of image style transfer*: por
#   qué las redes residuales suelen pintar peor, y cómo remediarlo.
# - Olah, Mordvintsev y Schubert (2017), *Feature visualization*: cómo representar la imagen.
# - Johnson, Alahi y Fei-Fei (2016), *Perceptual losses for real-time style transfer and
#   super-resolution*: una red que aprende un estilo. Huang y Belongie (2017), *Arbitrary style
#   transfer in real-time with adaptive instance normalization*: lo mismo con cualquier estilo.
#   Sandler et al. (2018), *MobileNetV2*.

# %% [markdown] lang="en"
# ## Further reading
#
# - Gatys, Ecker and Bethge (2015), *A neural algorithm of artistic style*: where it all began.
# - Li, Wang, Liu and Hou (2017), *Demystifying neural style transfer*: matching Gram matrices brings two
#   distributions together; the mean and standard deviation of each channel *of the network* will do too.
# - Ustyuzhaninov, Brendel, Gatys and Bethge (2017), *What does it take to generate natural textures?*:
#   random kernels.
# - Wang, Li and Vasconcelos (2021), *Rethinking and improving the robustness of image style transfer*: why
#   networks with residual connections usually paint worse, and a remedy.
# - Olah, Mordvintsev and Schubert (2017), *Feature visualization*: how to represent the picture.
# - Johnson, Alahi and Fei-Fei (2016), *Perceptual losses for real-time style transfer and
#   super-resolution*: a network that learns one style. Huang and Belongie (2017), *Arbitrary style
#   transfer in real-time with adaptive instance normalization*: the same for any style. Sandler et
#   al. (2018), *MobileNetV2*.
