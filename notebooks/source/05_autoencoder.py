# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Autoencoders: resumir, limpiar e inventar dígitos"
#       en: "Autoencoders: summarising, cleaning and inventing digits"
#     limits: {seconds: 240, cell_seconds: 90, memory_mb: 1900}
#     data: [chelsea.jpg, mnist.npz]
#     needs: [mlp, cnn_mnist]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - construir un **autoencoder**, desde cero y con Keras, y compararlo con las componentes
#   principales;
# - dibujar el mapa de los dígitos con solo 2 números por imagen, y pasear por él;
# - limpiar imágenes con ruido y encontrar lo que no es un dígito;
# - inventar dígitos a partir del azar con un **autoencoder variacional**.
#
# **Tiempo**: ejecutarla entera tarda menos de 3 minutos en un portátil de 2 núcleos; leerla y
# resolverla, unas 2 horas. **Necesitas**: Python y la [[mlp]] y la [[cnn_mnist]].

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - build an **autoencoder**, from scratch and with Keras, and compare it with principal
#   components;
# - draw the map of the digits with only 2 numbers per picture, and take a walk across it;
# - clean noisy pictures and find what is no digit;
# - invent digits out of randomness with a **variational autoencoder**.
#
# **Time**: running all of it takes less than 3 minutes on a laptop with 2 cores; reading and
# solving it, about 2 hours. **You need**: Python and [[mlp]] and [[cnn_mnist]].

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %%
ck.diagrams.hourglass()

# %% [markdown] lang="es"
# Esta es la idea de la lección, un reloj de arena. El codificador estrecha la entrada hasta el
# **código**, unos pocos números; el decodificador la reconstruye a partir de ellos. Los códigos viven
# en el **espacio latente** (*latent space*).

# %% [markdown] lang="en"
# This is the idea of the lesson, an hourglass. The encoder narrows the input down to the **code**, a
# few numbers; the decoder rebuilds the input from them. The codes live in the **latent space**.

# %% [markdown] lang="es"
# ## Una red que se copia a sí misma
#
# Un autoencoder (autocodificador) aprende a devolver su propia entrada:
# $\text{decoder}(\text{encoder}(x)) \approx x$. Copiar sería trivial si no hubiera un **cuello de
# botella**: el codificador (*encoder*) resume la entrada en unos pocos números, el **código**
# (*code*), y el decodificador (*decoder*) la reconstruye solo con ellos. No hacen falta etiquetas.
#
# Empecemos con lo más pequeño: puntos del plano, 2 números cada uno, y un código de 1.

# %% [markdown] lang="en"
# ## A network that copies itself
#
# An autoencoder learns to return its own input:
# $\text{decoder}(\text{encoder}(x)) \approx x$. Copying would be trivial if there were no
# **bottleneck**: the encoder summarises the input in a few numbers, the **code**, and the decoder
# rebuilds it from them alone. No labels are needed.
#
# Let us begin with the smallest case: points of the plane, 2 numbers each, and a code of 1.

# %%
import matplotlib.pyplot as plt
import numpy as np
from coursekit import plots

rng = np.random.default_rng(0)
along, across = rng.normal(size=(2, 200)) * [[2.0], [0.5]]
points = np.stack([0.8 * along - 0.6 * across, 0.6 * along + 0.8 * across], axis=1)
points -= points.mean(axis=0)
print(points.shape)

# %% [markdown] lang="es"
# Son 200 puntos alargados en diagonal, con su centro en el origen.
#
# ### El modelo y su error
#
# Nuestro autoencoder es lineal, sin sesgos. El código es $c = x W_e$, y la reconstrucción,
# $\hat{x} = c\,W_d$. La pérdida es el **error cuadrático medio** (*mean squared error*, MSE): el
# promedio de $(\hat{x} - x)^2$ sobre todos los números.

# %% [markdown] lang="en"
# They are 200 points, stretched along a diagonal, with their centre at the origin.
#
# ### The model and its error
#
# Our autoencoder is linear, without biases. The code is $c = x W_e$, and the reconstruction,
# $\hat{x} = c\,W_d$. The loss is the **mean squared error** (MSE): the average of
# $(\hat{x} - x)^2$ over all the numbers.


# %%
def mse(output, target):
    return np.mean((output - target) ** 2, dtype="float64")


w_encoder = rng.normal(size=(2, 1)) * 0.1
w_decoder = rng.normal(size=(1, 2)) * 0.1
code = points @ w_encoder
reconstruction = code @ w_decoder
print(code.shape, reconstruction.shape)

# %% [markdown] lang="es"
# De 2 números pasamos a 1, y de vuelta a 2.
#
# ### El gradiente, a mano
#
# Con la regla de la cadena, de derecha a izquierda: si $N$ es el total de números, el gradiente de
# la pérdida respecto a la salida es $g = 2(\hat{x} - x)/N$. Entonces el de $W_d$ es $c^T g$. Al
# código le llega $g\,W_d^T$, y por eso el de $W_e$ es $x^T (g\,W_d^T)$.

# %% [markdown] lang="en"
# From 2 numbers we go to 1, and back to 2.
#
# ### The gradient, by hand
#
# With the chain rule, from right to left: if $N$ is the total count of numbers, the gradient of the
# loss with respect to the output is $g = 2(\hat{x} - x)/N$. Then that of $W_d$ is $c^T g$. What
# reaches the code is $g\,W_d^T$, and so that of $W_e$ is $x^T (g\,W_d^T)$.


# %%
def gradients(x, w_encoder, w_decoder):
    code = x @ w_encoder
    g = 2 * (code @ w_decoder - x) / x.size
    return x.T @ (g @ w_decoder.T), code.T @ g


def step(x, w_encoder, w_decoder, learning_rate=0.1):
    encoder_gradient, decoder_gradient = gradients(x, w_encoder, w_decoder)
    return (w_encoder - learning_rate * encoder_gradient, w_decoder - learning_rate * decoder_gradient)


# %% [markdown] lang="es"
# ### Keras da el mismo paso
#
# Dos capas `Dense` lineales, sin sesgo, con nuestros mismos pesos. Damos un paso de descenso de
# gradiente en cada lado y comparamos la pérdida y los pesos nuevos.

# %% [markdown] lang="en"
# ### Keras takes the same step
#
# Two linear `Dense` layers, without bias, with our very weights. We take one step of gradient
# descent on each side and compare the loss and the new weights.

# %%
import keras
from keras import layers, ops

keras.utils.set_random_seed(0)
twin = keras.Sequential([layers.Input((2,)), layers.Dense(1, use_bias=False), layers.Dense(2, use_bias=False)])
twin.set_weights([w_encoder, w_decoder])
twin.compile(keras.optimizers.SGD(0.1), "mse")

# %%
keras_loss = twin.train_on_batch(points, points)
ours = step(points, w_encoder, w_decoder)
assert np.isclose(keras_loss, mse(reconstruction, points), rtol=1e-4)
for keras_weights, weights in zip(twin.get_weights(), ours, strict=True):
    assert np.allclose(keras_weights, weights, atol=1e-6)
print(ours[0].shape, ours[1].shape)

# %% [markdown] lang="es"
# Los `assert` no protestan: la pérdida y los dos pesos, de formas (2, 1) y (1, 2), coinciden.
#
# ### Entrenar, y mirar
#
# Repetimos el paso 500 veces. Al lado ponemos a un viejo conocido de la estadística: la primera
# **componente principal** (*principal component analysis*, PCA), la dirección en la que los puntos
# varían más.

# %% [markdown] lang="en"
# The `assert`s do not complain: the loss and both weights, of shapes (2, 1) and (1, 2), agree.
#
# ### Train, and look
#
# We repeat the step 500 times. Beside it we put an old acquaintance from statistics: the first
# **principal component** (principal component analysis, PCA), the direction in which the points
# vary most.

# %%
from sklearn.decomposition import PCA

for _ in range(500):
    w_encoder, w_decoder = step(points, w_encoder, w_decoder)
reconstruction = points @ w_encoder @ w_decoder
component = PCA(1).fit(points).components_[0]
cosine = abs(component @ w_decoder[0]) / np.linalg.norm(w_decoder)
print(f"{cosine:.3f}")

# %%
figure, axis = plt.subplots(figsize=(10, 4.6))
axis.plot(*np.stack([points, reconstruction]).transpose(2, 0, 1), color=plots.GREY, lw=0.6)
axis.scatter(*points.T, label=_("puntos", "points"), color=plots.BLUE)
axis.scatter(*reconstruction.T, label=_("reconstrucciones", "reconstructions"), color=plots.ORANGE, s=20, zorder=3)
axis.axline((0, 0), component, ls="--", color="black", lw=1.5, label=_("componente principal", "principal component"))
axis.set(
    xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title=_("Todo cae sobre una recta", "Everything falls on one line")
)
axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
alt = _(
    "Puntos alargados en diagonal; sus reconstrucciones caen sobre la componente principal.",
    "Points stretched along a diagonal; their reconstructions fall on the principal component.",
)
ck.plots.show(figure, alt)

# %% [markdown] lang="es"
# Con un código de 1 número, las reconstrucciones solo pueden estar en una recta. El entrenamiento
# encontró la mejor, y es la de PCA: el coseno del ángulo entre las dos es 1.000. Los segmentos
# grises son lo que se pierde.

# %% [markdown] lang="en"
# With a code of 1 number, the reconstructions can only lie on a line. Training found the best one,
# and it is that of PCA: the cosine of the angle between the two is 1.000. The grey segments are
# what is lost.

# %% [markdown] lang="es"
# ## Dígitos: el mismo subespacio
#
# ¿Pasa lo mismo con 784 números por imagen y un código de 12? Baldi y Hornik (1989) demostraron que
# sí: el mejor autoencoder lineal proyecta sobre el subespacio de las primeras componentes
# principales. Comprobémoslo con 5000 dígitos, a los que restamos su imagen media. (En toda la
# lección entrenamos con 20 000 dígitos, un tercio, para no esperar.)

# %% [markdown] lang="en"
# ## Digits: the same subspace
#
# Does the same happen with 784 numbers per picture and a code of 12? Baldi and Hornik (1989) proved
# that it does: the best linear autoencoder projects onto the subspace of the first principal
# components. Let us check with 5000 digits, from which we subtract their mean picture. (All
# through the lesson we train with 20,000 digits, a third of them, so as not to wait.)

# %%
x_train, y_train, x_test, y_test = ck.data.mnist()
x_train, y_train = x_train[:20_000].astype("float32") / 255, y_train[:20_000]
x_test = x_test.astype("float32") / 255
centred = x_train[:5000].reshape(-1, 784)
centred = centred - centred.mean(axis=0)
pca = PCA(12).fit(centred)
pca_error = mse(pca.inverse_transform(pca.transform(centred)), centred)
print(x_train.shape, centred.shape, pca.components_.shape)

# %% [markdown] lang="es"
# ### Una receta para todos
#
# Todos los modelos de hoy se entrenan igual: Adam, con una tasa de aprendizaje que sube hasta
# `peak` en la primera décima parte de los pasos y luego baja como un coseno, como en la [[cnn_mnist]].
# La guardamos en una función.

# %% [markdown] lang="en"
# ### One recipe for all
#
# All of today's models are trained in the same way: Adam, with a learning rate that rises to `peak`
# during the first tenth of the steps and then falls like a cosine, as in [[cnn_mnist]]. We keep it in a
# function.


# %%
def train(model, inputs, targets, loss, *, epochs, batch_size, peak):
    steps = epochs * -(-len(targets) // batch_size)
    schedule = keras.optimizers.schedules.CosineDecay(
        peak / 20, steps - steps // 10, warmup_target=peak, warmup_steps=steps // 10
    )
    model.compile(keras.optimizers.Adam(schedule), loss)
    progress = ck.live.Progress()
    options = {"batch_size": batch_size, "epochs": epochs, "callbacks": [progress]}
    model.fit(inputs, targets, verbose=0, **options)


def predict(model, inputs):
    return model.predict(inputs, batch_size=500, verbose=0)


# %%
linear = keras.Sequential([layers.Input((784,)), layers.Dense(12, use_bias=False), layers.Dense(784, use_bias=False)])
train(linear, centred, centred, "mse", epochs=60, batch_size=500, peak=0.01)

# %% [markdown] lang="es"
# ### ¿Es el mismo subespacio?
#
# Medimos dos cosas: cuánto mayor es nuestro error que el de PCA, y los **ángulos principales**
# entre los dos subespacios de dimensión 12. Si el mayor de los 12 ángulos es 0, son el mismo.

# %% [markdown] lang="en"
# ### Is it the same subspace?
#
# We measure two things: how much larger our error is than that of PCA, and the **principal angles**
# between the two subspaces of dimension 12. If the largest of the 12 angles is 0, they are the
# same.

# %%
from scipy.linalg import subspace_angles

linear_error = mse(predict(linear, centred), centred)
decoder_rows = linear.layers[1].get_weights()[0]
angles = np.degrees(subspace_angles(decoder_rows.T, pca.components_.T))

# %%
ck.claim(
    _("error del autoencoder lineal, entre el de PCA", "error of the linear autoencoder, over that of PCA"),
    linear_error / pca_error,
    at_most=1.02,
)
ck.claim(
    _("mayor ángulo entre los subespacios, en grados", "largest angle between the subspaces, in degrees"),
    angles.max(),
    at_most=3,
)
pictures = np.concatenate([pca.components_[:5], decoder_rows[:5]]).reshape(-1, 28, 28)
pictures /= np.abs(pictures).max(axis=(1, 2), keepdims=True)
titles = ["PCA"] * 5 + [_("decodificador", "decoder")] * 5
ck.plots.images(
    pictures,
    titles,
    signed=True,
    alt=_("Arriba, componentes; abajo, el decodificador.", "Above, components; below, the decoder."),
)

# %% [markdown] lang="es"
# Mismo error y mismo subespacio, pero las imágenes son otras: arriba, 5 componentes de PCA,
# ordenadas de más a menos importante; abajo, 5 filas del decodificador, mezcladas. Es como
# describir el mismo plano con otros ejes. Al autoencoder solo le pedimos reconstruir; nadie le
# pidió ejes ordenados ni perpendiculares.

# %% [markdown] lang="en"
# The same error and the same subspace, but the pictures differ: above, 5 components of PCA, sorted
# from most to least important; below, 5 rows of the decoder, mixed. It is like describing the same
# plane with other axes. We only asked the autoencoder to reconstruct; nobody asked it for sorted or
# perpendicular axes.

# %% [markdown] lang="es"
# ## Un mapa de los dígitos
#
# Lo lineal ya lo sabía hacer PCA. Pongamos capas ocultas con ReLU a los dos lados, y apretemos el
# código al máximo: 2 números. Así cada imagen es un punto de un plano, y podremos *ver* el código
# entero. La última capa es una sigmoide, porque los píxeles van de 0 a 1.

# %% [markdown] lang="en"
# ## A map of the digits
#
# PCA could already do the linear part. Let us put hidden layers with ReLU on both sides, and
# squeeze the code as far as we can: 2 numbers. Then each picture is a point of a plane, and we will
# be able to *see* the whole code. The last layer is a sigmoid, since pixels go from 0 to 1.


# %%
def dense(units, activation="relu"):
    return layers.Dense(units, activation=activation)


map_encoder = keras.Sequential([layers.Input((28, 28)), layers.Flatten(), dense(256), dense(128), layers.Dense(2)])
map_decoder = keras.Sequential(
    [layers.Input((2,)), dense(128), dense(256), dense(784, "sigmoid"), layers.Reshape((28, 28))]
)

# %%
map_autoencoder = keras.Sequential([map_encoder, map_decoder])
train(map_autoencoder, x_train, x_train, "mse", epochs=15, batch_size=256, peak=0.003)
map_error = mse(predict(map_autoencoder, x_test), x_test)
pca_2 = PCA(2).fit(x_train.reshape(-1, 784))


def project(pca, pictures):
    output = pca.inverse_transform(pca.transform(pictures.reshape(-1, 784)))
    return np.clip(output.reshape(pictures.shape), 0, 1)


map_ratio = map_error / mse(project(pca_2, x_test), x_test)

# %%
ck.claim(
    _("error de prueba con 2 números, entre el de PCA con 2", "test error with 2 numbers, over that of PCA with 2"),
    map_ratio,
    at_most=0.8,
)

# %% [markdown] lang="es"
# Con los mismos 2 números, el error en dígitos nuevos es como mucho [[bound: test error with 2 numbers, over that of PCA with 2]] veces el de PCA: una
# superficie curva pasa más cerca de los dígitos que un plano.
#
# ### Cada imagen en su lugar
#
# Ponemos dígitos de prueba en el lugar de su código. Para que no se tapen, recorremos la lista y
# dejamos solo los que caen lejos de los ya puestos.

# %% [markdown] lang="en"
# With the same 2 numbers, the error on new digits is at most [[bound: test error with 2 numbers, over that of PCA with 2]] times that of PCA: a curved
# surface passes closer to the digits than a plane.
#
# ### Each picture in its place
#
# We put test digits at the place of their code. So that they do not cover one another, we go
# through the list and keep only those that fall far from the ones already placed.


# %%
def to_pixels(codes):
    return 14 + (codes - low) / (high - low) * [812, -476] + [0, 476]


codes = predict(map_encoder, x_test)
low, high = np.percentile(codes, [1, 99], axis=0)
pixels = to_pixels(codes)
inside = np.all((pixels >= 14) & (pixels <= [826, 490]), axis=1)
chosen = []
for i in np.flatnonzero(inside):
    if np.all(np.abs(pixels[chosen] - pixels[i]).max(axis=1) > 21):
        chosen.append(i)

# %%
canvas = np.zeros((504, 840))
for i in chosen:
    column, row = (pixels[i] - 14).astype(int)
    place = canvas[row : row + 28, column : column + 28]
    np.maximum(place, x_test[i], out=place)
start, end = (np.median(codes[y_test == digit], axis=0) for digit in (0, 1))
path = np.linspace(start, end, 12)

# %%
figure, axis = plt.subplots(figsize=(10, 6.2))
axis.imshow(canvas)
axis.plot(*to_pixels(path).T, "o-", color=plots.ORANGE)
axis.set(
    xlabel=_("primer número del código", "first number of the code"),
    ylabel=_("segundo número del código", "second number of the code"),
)
axis.set(xticks=[], yticks=[], title=_("Cada dígito, en el lugar de su código", "Each digit, at the place of its code"))
alt = _(
    "Mapa con cientos de dígitos en el lugar de su código; los iguales quedan juntos. Una línea ",
    "Map with hundreds of digits at the place of their code; equal ones lie together. An orange ",
)
alt += _(
    "naranja va del lugar de los ceros al de los unos.", "line goes from the place of the zeros to that of the ones."
)
ck.plots.show(figure, alt)

# %% [markdown] lang="es"
# Nadie le dijo qué dígito era cada imagen, y sin embargo forman barrios. Los vecinos se parecen:
# los que comparten trazos, como el 4 y el 9, suelen tocarse, y hasta mezclarse. Entre unos barrios
# y otros quedan huecos negros, sin ningún dígito; volveremos a ellos.
#
# ### Un paseo
#
# La línea naranja va del centro (la mediana) de los ceros al de los unos. En cada uno de sus 12
# puntos decodificamos. Es casi seguro que ningún dígito de MNIST está justo ahí.

# %% [markdown] lang="en"
# Nobody told it which digit each picture was, and yet they form neighbourhoods. Neighbours look
# alike: those that share strokes, such as 4 and 9, tend to touch, and even to mix. Between the
# neighbourhoods there are black gaps, without any digit; we will come back to them.
#
# ### A walk
#
# The orange line goes from the centre (the median) of the zeros to that of the ones. At each of its
# 12 points we decode. Almost certainly no digit of MNIST lies right there.

# %%
walk = predict(map_decoder, path.astype("float32"))
alt = _(
    "Doce imágenes decodificadas: de un cero a un uno, pasando por formas intermedias.",
    "Twelve decoded pictures: from a zero to a one, through shapes in between.",
)
ck.plots.images(walk, columns=6, alt=alt)

# %% [markdown] lang="es"
# El cero se transforma poco a poco, cruza el barrio de otros dígitos y acaba en un uno. Fíjate
# en las imágenes borrosas: al pasar una frontera, el decodificador promedia lo que hay a los dos
# lados.

# %% [markdown] lang="en"
# The zero changes little by little, crosses the neighbourhood of other digits and ends as a one.
# Notice the blurred pictures: when it crosses a border, the decoder averages what lies on both
# sides.

# %% [markdown] lang="es"
# ## Convolucional, con un código de 32
#
# Para reconstruir bien hacen falta más números. Usemos 32, y convoluciones con zancada 2, que
# reducen el lado: 28, 14, 7. El decodificador hace el camino inverso con **convoluciones
# transpuestas** (*transposed convolutions*): cada número de la entrada pinta su filtro en la
# salida, y con zancada 2 el lado se duplica.

# %% [markdown] lang="en"
# ## Convolutional, with a code of 32
#
# To reconstruct well, more numbers are needed. Let us use 32, and convolutions with stride 2, which
# reduce the side: 28, 14, 7. The decoder goes the way back with **transposed convolutions**: each
# number of the input paints its kernel on the output, and with stride 2 the side doubles.


# %%
def convolution(filters, size, strides=1):
    return layers.Conv2D(filters, size, strides=strides, padding="same", activation="relu")


def upward(filters, size, activation="relu"):
    options = {"strides": 2, "padding": "same", "activation": activation}
    return layers.Conv2DTranspose(filters, size, **options)


# %%
encoder = keras.Sequential(
    [layers.Input((28, 28, 1)), convolution(16, 5, strides=2), convolution(32, 5, strides=2)]
    + [layers.Flatten(), layers.Dense(32)]
)
decoder = keras.Sequential(
    [layers.Input((32,)), dense(7 * 7 * 32), layers.Reshape((7, 7, 32))]
    + [upward(16, 4), upward(1, 4, activation=None)]
)
print([layer.output.shape[1:] for layer in encoder.layers + decoder.layers])

# %% [markdown] lang="es"
# Sigue los tamaños: 28, 14, 7, el código de 32, y de vuelta 7, 14, 28. La última capa no lleva
# sigmoide: con error cuadrático aprende más deprisa sin ella, y al final recortamos a $[0, 1]$.

# %% [markdown] lang="en"
# Follow the sizes: 28, 14, 7, the code of 32, and back 7, 14, 28. The last layer has no sigmoid:
# with squared error it learns faster without one, and at the end we clip to $[0, 1]$.

# %%
autoencoder = keras.Sequential([encoder, decoder])
x_fit = x_train[..., None]
train(autoencoder, x_fit, x_fit, "mse", epochs=6, batch_size=128, peak=0.01)


# %%
def rebuild(pictures):
    return np.clip(predict(autoencoder, pictures)[..., 0], 0, 1)


pca_32 = PCA(32).fit(x_train.reshape(-1, 784))
ratio = mse(rebuild(x_test), x_test) / mse(project(pca_32, x_test), x_test)

# %%
ck.claim(
    _("error de prueba con 32 números, entre el de PCA con 32", "test error with 32 numbers, over that of PCA with 32"),
    ratio,
    at_most=0.48,
)
eight = x_test[:8]
pictures = np.concatenate([eight, project(pca_32, eight), rebuild(eight)])
alt = _(
    "Arriba, ocho dígitos; en medio, PCA con manchas alrededor; abajo, el autoencoder, más limpio.",
    "Above, eight digits; in the middle, PCA with smudges around; below, the autoencoder, cleaner.",
)
ck.plots.images(pictures, columns=8, alt=alt)

# %% [markdown] lang="es"
# Arriba, los originales; en medio, PCA; abajo, el autoencoder. Con los mismos 32 números, su error
# es menos de la mitad. (Para no darle ventaja, también recortamos PCA a $[0, 1]$.)

# %% [markdown] lang="en"
# Above, the originals; in the middle, PCA; below, the autoencoder. With the same 32 numbers, its
# error is less than half of it. (So as to give it no advantage, we clip PCA to $[0, 1]$ too.)

# %% [markdown] lang="es"
# ### Grupos sin etiquetas
#
# Un buen código junta lo que se parece. Pidamos a **k-medias** (*k-means*) 10 grupos de códigos; no
# ve las etiquetas. Después medimos la **pureza**: la parte de los dígitos que son el más común de
# su grupo. Comparamos 2 y 32 números, de PCA y de nuestras redes.

# %% [markdown] lang="en"
# ### Groups without labels
#
# A good code brings together what is alike. Let us ask **k-means** for 10 groups of codes; it does
# not see the labels. Then we measure the **purity**: the share of digits that are the commonest of
# their group. We compare 2 and 32 numbers, of PCA and of our networks.

# %%
from sklearn.cluster import KMeans


def purity(codes):
    groups = KMeans(10, n_init=5, random_state=0).fit_predict(codes)
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (groups, y_test), 1)
    return counts.max(axis=1).sum() / len(codes)


# %%
codes_32 = predict(encoder, x_test[..., None])
lead_2 = purity(codes) - purity(pca_2.transform(x_test.reshape(-1, 784)))
purity_32 = purity(codes_32)
lead_32 = purity_32 - purity(pca_32.transform(x_test.reshape(-1, 784)))

# %%
ck.claim(_("pureza de 10 grupos en el código de 32", "purity of 10 groups in the code of 32"), purity_32, at_least=0.6)
ck.claim(_("ventaja sobre PCA, con 32 números", "lead over PCA, with 32 numbers"), lead_32, at_least=0.03)
ck.claim(_("ventaja sobre PCA, con 2 números", "lead over PCA, with 2 numbers"), lead_2, at_least=0.03)

# %% [markdown] lang="es"
# Repartidos al azar, la pureza sería de poco más de 0.1. Sin una sola etiqueta, más de la mitad de
# los dígitos caen en un grupo donde su clase es la más común, y más que con PCA. Aun así, no son 10
# clases limpias: agrupar no es clasificar.

# %% [markdown] lang="en"
# Shared out at random, the purity would be little more than 0.1. Without a single label, more than
# half of the digits fall into a group where their class is the commonest, and more than with PCA.
# Even so, these are not 10 clean classes: clustering is not classifying.

# %% [markdown] lang="es"
# ## Disperso: pocas unidades encendidas
#
# Hay otra manera de apretar el código: que sea ancho, pero que cada imagen use pocas unidades. A
# la pérdida le sumamos un término **L1** sobre el código $c$, con peso $\lambda$:
#
# $$\lambda \cdot \text{mean}\Big(\sum_i |c_i|\Big)$$
#
# La media recorre las imágenes del lote; la suma, las unidades. Como en la [[perceptron]], L1 empuja
# hacia ceros exactos. En Keras, una capa lo añade a la pérdida con `add_loss`.

# %% [markdown] lang="en"
# ## Sparse: few units switched on
#
# There is another way to squeeze the code: let it be wide, but let each picture use few units. To
# the loss we add an **L1** term on the code $c$, with weight $\lambda$:
#
# $$\lambda \cdot \text{mean}\Big(\sum_i |c_i|\Big)$$
#
# The mean runs over the pictures of the batch; the sum, over the units. As in [[perceptron]], L1 pushes
# towards exact zeros. In Keras, a layer adds it to the loss with `add_loss`.


# %%
class Sparsity(layers.Layer):
    def __init__(self, weight):
        super().__init__()
        self.weight = weight

    def call(self, code):
        self.add_loss(self.weight * ops.mean(ops.sum(ops.abs(code), axis=1)))
        return code


# %%
def sparse_autoencoder(weight):
    inputs = layers.Input((28, 28))
    code = Sparsity(weight)(dense(128)(layers.Flatten()(inputs)))
    outputs = layers.Reshape((28, 28))(dense(784, None)(code))
    return keras.Model(inputs, outputs), keras.Model(inputs, code)


results = {}
for weight in (0, 0.0005):
    model, code_model = sparse_autoencoder(weight)
    train(model, x_train, x_train, "mse", epochs=6, batch_size=256, peak=0.003)
    active = np.mean(np.sum(predict(code_model, x_test) > 0, axis=1))
    results[weight] = active, mse(predict(model, x_test), x_test), model, code_model

# %%
(without, *_), (with_l1, sparse_error, sparse, sparse_code) = results.values()
ck.claim(_("unidades activas de 128, sin L1", "active units of 128, without L1"), without, at_least=50)
ck.claim(_("unidades activas de 128, con L1", "active units of 128, with L1"), with_l1, at_most=32)
ck.claim(_("error de prueba con L1", "test error with L1"), sparse_error, at_most=0.025)

# %% [markdown] lang="es"
# Una unidad está activa si su valor no es 0, y contamos cuántas lo están, de media, por dígito de
# prueba. Con L1 bastan unas pocas. ¿Qué guarda cada una? Miremos sus pesos en el decodificador: lo
# que dibuja cuando se enciende.

# %% [markdown] lang="en"
# A unit is active if its value is not 0, and we count how many are, on average, per test digit.
# With L1, a few are enough. What does each of them hold? Let us look at its weights in the decoder:
# what it draws when it lights up.

# %%
usage = predict(sparse_code, x_test).mean(axis=0)
strokes = sparse.layers[-2].get_weights()[0][np.argsort(-usage)[:20]].reshape(-1, 28, 28)
strokes = strokes / np.abs(strokes).max(axis=(1, 2), keepdims=True)

# %%
alt = _(
    "Las veinte unidades más usadas del código disperso, y lo que cada una dibuja o borra.",
    "The twenty most used units of the sparse code, and what each one draws or wipes out.",
)
ck.plots.images(strokes, columns=10, signed=True, alt=alt)

# %% [markdown] lang="es"
# Azul añade tinta y naranja la quita. Unas unidades dibujan casi un dígito entero; otras retocan:
# ponen un trozo de trazo aquí y borran otro allá. Sumando unas pocas se compone un dígito.

# %% [markdown] lang="en"
# Blue adds ink and orange takes it away. Some units draw nearly a whole digit; others touch up:
# they put a piece of a stroke here and wipe one out there. Adding a few of them makes up a digit.

# %% [markdown] lang="es"
# ## Limpiar imágenes con ruido
#
# Un autoencoder también aprende a **quitar ruido** (*denoising*): recibe la imagen sucia y debe
# devolver la limpia. El ruido es $0.4 \cdot N(0, 1)$ en cada píxel, y recortamos a $[0, 1]$. La
# calidad se mide con la **relación señal-ruido de pico** (PSNR), en decibelios (dB): para píxeles
# de 0 a 1, $\text{PSNR} = -10 \log_{10} \text{MSE}$. Cada 10 dB más, el error es 10 veces menor.

# %% [markdown] lang="en"
# ## Cleaning noisy pictures
#
# An autoencoder also learns to **remove noise** (denoising): it receives the dirty picture and must
# return the clean one. The noise is $0.4 \cdot N(0, 1)$ at each pixel, and we clip to $[0, 1]$. The
# quality is measured by the **peak signal-to-noise ratio** (PSNR), in decibels (dB): for pixels
# from 0 to 1, $\text{PSNR} = -10 \log_{10} \text{MSE}$. For every 10 dB more, the error is 10 times
# smaller.

# %%
rng = np.random.default_rng(0)
noisy = 0.4 * rng.standard_normal(x_test.shape, dtype="float32")
noisy = np.clip(x_test + noisy, 0, 1)


def psnr(output, target):
    return -10 * np.log10(mse(output, target))


# %% [markdown] lang="es"
# ### La red
#
# Baja de 28 a 14 y a 7, y vuelve a subir. En el fondo, una capa densa mira la imagen entera y
# *suma* su opinión (conexión residual). Al subir recibe también lo que vio a tamaño 14, para
# recuperar el detalle: es la idea de U-Net (Ronneberger y otros, 2015). Durante el entrenamiento,
# `GaussianNoise` ensucia cada lote con ruido nuevo y `ReLU(max_value=1)` recorta a $[0, 1]$; al
# predecir, no hacen nada.

# %% [markdown] lang="en"
# ### The network
#
# It goes down from 28 to 14 and to 7, and up again. At the bottom, a dense layer looks at the whole
# picture and *adds* its opinion (a residual connection). On the way up it also receives what it saw
# at size 14, to recover detail: this is the idea of U-Net (Ronneberger and others, 2015). During
# training, `GaussianNoise` dirties each batch with new noise and `ReLU(max_value=1)` clips to
# $[0, 1]$; when predicting, they do nothing.

# %%
inputs = layers.Input((28, 28, 1))
dirty = layers.ReLU(max_value=1)(layers.GaussianNoise(0.4, seed=0)(inputs))
fine = convolution(16, 4, strides=2)(dirty)
coarse = convolution(32, 5, strides=2)(fine)
coarse = coarse + convolution(32, 3)(coarse)
whole = dense(7 * 7 * 32, None)(dense(64)(layers.Flatten()(coarse)))
coarse = coarse + layers.Reshape((7, 7, 32))(whole)
together = layers.Concatenate()([upward(16, 4)(coarse), fine])
denoiser = keras.Model(inputs, upward(1, 4, activation=None)(together))

# %%
train(denoiser, x_fit, x_fit, "mse", epochs=6, batch_size=64, peak=0.005)


def denoise(pictures):
    return np.clip(predict(denoiser, pictures)[..., 0], 0, 1)


gain = psnr(denoise(noisy), x_test) - psnr(noisy, x_test)

# %%
ck.claim(
    _("PSNR de la imagen con ruido, en dB", "PSNR of the noisy picture, in dB"),
    psnr(noisy, x_test),
    at_least=10.5,
    at_most=11.5,
)
ck.claim(_("ganancia de PSNR, en dB", "gain in PSNR, in dB"), gain, at_least=9.5)
pictures = np.concatenate([eight, noisy[:8], denoise(noisy[:8])])
alt = _(
    "Arriba, ocho dígitos limpios; en medio, cubiertos de ruido; abajo, lo que devuelve la red.",
    "Above, eight clean digits; in the middle, covered with noise; below, what the network returns.",
)
ck.plots.images(pictures, columns=8, alt=alt)

# %% [markdown] lang="es"
# Arriba, lo limpio, que la red no ve; en medio, lo que recibe; abajo, lo que devuelve. La ganancia
# es de al menos [[bound: gain in PSNR, in dB]] dB: el error se divide al menos entre 8.9. Lo que el ruido borró del todo, la
# red lo *supone*: mira bien y verás trazos que no son idénticos a los originales.

# %% [markdown] lang="en"
# Above, the clean picture, which the network does not see; in the middle, what it receives; below,
# what it returns. The gain is at least [[bound: gain in PSNR, in dB]] dB: the error is divided by at least 8.9. What noise
# wiped out altogether, the network *guesses*: look closely and you will see strokes that are not
# identical to the originals.

# %% [markdown] lang="es"
# ## Lo que sale mal: inventar con un autoencoder
#
# Si el decodificador convierte códigos en dígitos, ¿podemos inventar dígitos con códigos al azar?
# Para no juzgar a ojo, entrenamos un **juez**: una pequeña red convolucional como la de la
# [[cnn_mnist]]. *Acepta* una imagen si da al menos 0.9 de probabilidad a un dígito.

# %% [markdown] lang="en"
# ## What goes wrong: inventing with an autoencoder
#
# If the decoder turns codes into digits, can we invent digits with random codes? So as not to judge
# by eye, we train a **judge**: a small convolutional network like that of [[cnn_mnist]]. It *accepts* a
# picture if it gives a probability of at least 0.9 to one digit.

# %%
del noisy
judge = keras.Sequential(
    [layers.Input((28, 28, 1)), convolution(16, 5, strides=2), convolution(32, 3, strides=2)]
    + [layers.Flatten(), layers.Dropout(0.3), dense(64), dense(10, "softmax")]
)
loss = "sparse_categorical_crossentropy"
train(judge, x_fit, y_train, loss, epochs=6, batch_size=128, peak=0.005)
real = predict(judge, x_test)

# %% [markdown] lang="es"
# Sorteamos 2000 códigos con la misma media y la misma desviación estándar que los de los dígitos de
# prueba, número por número. Es lo más natural que se nos puede ocurrir.

# %% [markdown] lang="en"
# We draw 2000 codes with the same mean and the same standard deviation as those of the test digits,
# number by number. It is the most natural thing we can think of.

# %%
random_codes = rng.normal(codes_32.mean(axis=0), codes_32.std(axis=0), (2000, 32))
inventions = np.clip(predict(decoder, random_codes.astype("float32"))[..., 0], 0, 1)
verdicts = predict(judge, inventions)

# %%
ck.claim(
    _("exactitud del juez en la prueba", "test accuracy of the judge"),
    np.mean(real.argmax(axis=1) == y_test),
    at_least=0.975,
)
ck.claim(
    _("parte de dígitos reales que acepta", "share of real digits that it accepts"),
    np.mean(real.max(axis=1) >= 0.9),
    at_least=0.94,
)
ck.claim(
    _("parte de inventos que acepta", "share of inventions that it accepts"),
    np.mean(verdicts.max(axis=1) >= 0.9),
    at_most=0.45,
)
alt = _(
    "Veinte inventos del autoencoder: manchas y garabatos, y algún dígito entre ellos.",
    "Twenty inventions of the autoencoder: smudges and scribbles, and a few digits among them.",
)
ck.plots.images(inventions[:20], columns=10, alt=alt)

# %% [markdown] lang="es"
# Garabatos. El juez rechaza la mayoría. El autoencoder solo aprendió qué hacer con los códigos de
# imágenes reales, y entre ellos quedan **huecos** sin significado. Nadie le pidió que el código
# llenara el espacio.

# %% [markdown] lang="en"
# Scribbles. The judge rejects most of them. The autoencoder only learnt what to do with the codes
# of real pictures, and between them there are **gaps** without meaning. Nobody asked it for a code
# that fills the space.

# %% [markdown] lang="es"
# ## El autoencoder variacional
#
# La idea de Kingma y Welling (2014): que el codificador no dé un punto, sino una nube pequeña, con
# media $\mu$ y varianza $\sigma^2$ en cada dimensión, y que el decodificador reconstruya a partir
# de un punto cualquiera de la nube. Además, empujamos todas las nubes hacia una sola normal,
# $N(0, 1)$. Así no quedan huecos, y para inventar basta sortear de esa normal.

# %% [markdown] lang="en"
# ## The variational autoencoder
#
# The idea of Kingma and Welling (2014): let the encoder give not a point but a small cloud, with
# mean $\mu$ and variance $\sigma^2$ in each dimension, and let the decoder reconstruct from any
# point of the cloud. Besides, we push all the clouds towards one single normal, $N(0, 1)$. So no
# gaps remain, and to invent it is enough to draw from that normal.

# %% [markdown] lang="es"
# ### El truco de la reparametrización
#
# ¿Cómo pasa el gradiente por un sorteo? Se saca el azar fuera: $z = \mu + \sigma \varepsilon$, con
# $\varepsilon$ de $N(0, 1)$. El ruido $\varepsilon$ es una entrada más, y $\mu$ y $\sigma$ sí
# tienen derivada. El empuje hacia $N(0, 1)$ es la **divergencia de Kullback-Leibler** (KL), que
# aquí tiene fórmula:
#
# $$\text{KL} = \frac{1}{2} \sum_i \big(\mu_i^2 + \sigma_i^2 - 1 - \ln \sigma_i^2\big)$$
#
# Vale 0 solo si $\mu = 0$ y $\sigma = 1$. La red da $\ln \sigma^2$, que puede ser cualquier número.

# %% [markdown] lang="en"
# ### The reparameterization trick
#
# How does the gradient pass through a draw? Randomness is taken outside:
# $z = \mu + \sigma \varepsilon$, with $\varepsilon$ from $N(0, 1)$. The noise $\varepsilon$ is one
# more input, and $\mu$ and $\sigma$ do have a derivative. The push towards $N(0, 1)$ is the
# **Kullback–Leibler divergence** (KL), which has a formula here:
#
# $$\text{KL} = \frac{1}{2} \sum_i \big(\mu_i^2 + \sigma_i^2 - 1 - \ln \sigma_i^2\big)$$
#
# It is 0 only if $\mu = 0$ and $\sigma = 1$. The network gives $\ln \sigma^2$, which can be any
# number.


# %%
class Sampling(layers.Layer):
    def __init__(self, beta):
        super().__init__()
        self.beta = beta
        self.generator = keras.random.SeedGenerator(seed=0)

    def call(self, mean, log_variance):
        kl = ops.sum(mean**2 + ops.exp(log_variance) - 1 - log_variance, axis=1) / 2
        self.add_loss(self.beta * ops.mean(kl))
        epsilon = keras.random.normal(ops.shape(mean), seed=self.generator)
        return mean + ops.exp(log_variance / 2) * epsilon


# %% [markdown] lang="es"
# ### Qué dígito, aparte; el estilo, en el código
#
# Hacemos el modelo **condicional** (Sohn, Lee y Yan, 2015): las dos mitades reciben además qué
# dígito es, como diez números con un solo 1 (*one-hot*). Así el código no tiene que guardar *qué*
# dígito es, sino *cómo* está escrito: inclinación, grosor, forma. El factor $\beta$ da peso a la KL
# (Higgins y otros, 2017); con $\beta = 1$ es el variacional clásico. Elegimos 3: dígitos más
# típicos y menos variados.

# %% [markdown] lang="en"
# ### Which digit, apart; the style, in the code
#
# We make the model **conditional** (Sohn, Lee and Yan, 2015): both halves also receive which digit
# it is, as ten numbers with a single 1 (one-hot). So the code need not hold *which* digit it is,
# but *how* it is written: slant, thickness, shape. The factor $\beta$ weighs the KL (Higgins and
# others, 2017); with $\beta = 1$ it is the classic variational one. We choose 3: digits that are
# more typical and less varied.

# %%
picture, label = layers.Input((28, 28)), layers.Input((10,))
h = layers.Concatenate()([layers.Flatten()(picture), label])
h = dense(256)(dense(512)(h))
mean, log_variance = layers.Dense(8)(h), layers.Dense(8)(h)
style_encoder = keras.Model([picture, label], mean)
z, z_label = layers.Input((8,)), layers.Input((10,))
h = dense(512)(dense(256)(layers.Concatenate()([z, z_label])))
generator = keras.Model([z, z_label], layers.Reshape((28, 28))(dense(784, "sigmoid")(h)))
sampled = Sampling(beta=3)(mean, log_variance)
vae = keras.Model([picture, label], generator([sampled, label]))


# %% [markdown] lang="es"
# La pérdida de la reconstrucción es la entropía cruzada de cada píxel, *sumada* sobre la imagen:
# así está en la misma escala que la KL, que se suma sobre el código.

# %% [markdown] lang="en"
# The loss of the reconstruction is the cross-entropy of each pixel, *summed* over the picture: so
# it is on the same scale as the KL, which is summed over the code.


# %%
def picture_loss(target, output):
    return ops.sum(ops.binary_crossentropy(target, output), axis=(1, 2))


one_hot = np.eye(10, dtype="float32")
inputs = [x_train, one_hot[y_train]]
train(vae, inputs, x_train, picture_loss, epochs=12, batch_size=256, peak=0.005)

# %% [markdown] lang="es"
# ### Dígitos nuevos
#
# Sorteamos 2000 códigos de $N(0, 1)$, pedimos 200 veces cada dígito y llamamos al juez. Ahora le
# exigimos más: que acepte la imagen y que lea justo el dígito pedido.

# %% [markdown] lang="en"
# ### New digits
#
# We draw 2000 codes from $N(0, 1)$, ask for each digit 200 times and call the judge. Now we demand
# more: that it accept the picture and read exactly the digit asked for.

# %%
wanted = np.arange(2000) % 10
new_codes = rng.standard_normal((2000, 8), dtype="float32")
new_digits = predict(generator, [new_codes, one_hot[wanted]])
verdicts = predict(judge, new_digits)
accepted = (verdicts.max(axis=1) >= 0.9) & (verdicts.argmax(axis=1) == wanted)

# %%
ck.claim(
    _("parte de dígitos nuevos que acepta y acierta", "share of new digits accepted and read right"),
    accepted.mean(),
    at_least=0.9,
)
alt = _(
    "Treinta dígitos inventados, tres de cada clase, del 0 al 9; casi todos se leen bien.",
    "Thirty invented digits, three of each class, from 0 to 9; nearly all can be read well.",
)
ck.plots.images(new_digits[:30], columns=10, alt=alt)

# %% [markdown] lang="es"
# Ninguno existía: salen del azar. Los garabatos han desaparecido. A cambio, los trazos son más
# suaves que los reales, porque el decodificador da la media de lo que imagina.

# %% [markdown] lang="en"
# None of them existed: they come out of randomness. The scribbles are gone. In exchange, the
# strokes are softer than real ones, since the decoder gives the mean of what it imagines.

# %% [markdown] lang="es"
# ### De un dígito a otro
#
# Tomamos dos dígitos de prueba, un 0 y un 6, y mezclamos sus códigos y sus etiquetas, de nada a
# todo. Arriba, la mezcla en el código; abajo, la de los píxeles, para comparar.

# %% [markdown] lang="en"
# ### From one digit to another
#
# We take two test digits, a 0 and a 6, and mix their codes and their labels, from nothing to all.
# Above, the mixture in the code; below, that of the pixels, for comparison.

# %%
pair = [np.flatnonzero(y_test == digit)[1] for digit in (0, 6)]
labels = one_hot[y_test[pair]]
styles = predict(style_encoder, [x_test[pair], labels])
share = np.linspace(0, 1, 10, dtype="float32")[:, None]
mixed_codes = (1 - share) * styles[0] + share * styles[1]
mixed_labels = (1 - share) * labels[0] + share * labels[1]
in_code = predict(generator, [mixed_codes, mixed_labels])
in_pixels = (1 - share[..., None]) * x_test[pair[0]] + share[..., None] * x_test[pair[1]]

# %%
alt = _(
    "Arriba, un 0 se transforma poco a poco en un 6; abajo, dos dígitos superpuestos.",
    "Above, a 0 turns little by little into a 6; below, two digits on top of each other.",
)
ck.plots.images(np.concatenate([in_code, in_pixels]), columns=10, alt=alt)

# %% [markdown] lang="es"
# Arriba, el trazo se dobla poco a poco: cada paso podría ser un dígito. Abajo, un fantasma sobre
# otro: la mezcla de dos imágenes no es una imagen de la mezcla.

# %% [markdown] lang="en"
# Above, the stroke bends little by little: each step could be a digit. Below, one ghost on another:
# the mixture of two pictures is no picture of the mixture.

# %% [markdown] lang="es"
# ### El estilo de uno, en los otros
#
# Ahora lo mejor: codificamos un dígito de prueba para quedarnos con su estilo y decodificamos con
# *otra* etiqueta. En la figura, la primera columna es el original; las demás, los diez dígitos con
# su estilo.

# %% [markdown] lang="en"
# ### The style of one, on the others
#
# Now the best part: we encode a test digit to keep its style and decode with *another* label. In
# the figure, the first column is the original; the others, the ten digits in its style.

# %%
test_styles = predict(style_encoder, [x_test[:2000], one_hot[y_test[:2000]]])
other = (y_test[:2000] + 1 + np.arange(2000) % 9) % 10
restyled = predict(generator, [test_styles, one_hot[other]])
style_hits = np.mean(predict(judge, restyled).argmax(axis=1) == other)

# %%
rows = []
for i in (0, 8, 15, 18, 61):
    row = predict(generator, [np.tile(test_styles[i], (10, 1)), one_hot])
    rows.append(np.concatenate([x_test[i : i + 1], row]))

# %%
ck.claim(
    _("parte que el juez lee como el dígito pedido", "share that the judge reads as the digit asked for"),
    style_hits,
    at_least=0.97,
)
alt = _(
    "Cinco filas: un dígito real y los diez dígitos escritos con su inclinación y su grosor.",
    "Five rows: a real digit and the ten digits written with its slant and its thickness.",
)
ck.plots.images(np.concatenate(rows), columns=11, alt=alt)

# %% [markdown] lang="es"
# En cada fila, el dígito original y los diez dígitos escritos por la misma mano imaginaria: si el
# original se inclina, se inclinan todos; si es grueso, todos engordan. El código guardó el estilo
# porque la etiqueta ya decía lo demás. No todo sale bien: los
# estilos raros dan algún dígito que no se lee.

# %% [markdown] lang="en"
# In each row, the original digit and the ten digits written by the same imaginary hand: if the
# original slants, they all slant; if it is thick, they all grow fat. The code kept the style
# because the label already told the rest. Not all of it works: odd styles give some
# digit that can't be read.

# %% [markdown] lang="es"
# ## Encontrar lo que no es un dígito
#
# Un autoencoder reconstruye peor lo que no conoce. Entonces, un error grande delata a los
# intrusos. Nuestros intrusos son **letras**: 15 mayúsculas, 6 tipos de letra y 4 giros, dibujadas
# por el código que sigue y centradas como MNIST. Evitamos las que parecen un dígito, como O, S o Z.

# %% [markdown] lang="en"
# ## Finding what is no digit
#
# An autoencoder is worse at reconstructing what it does not know. So a large error gives intruders
# away. Our intruders are **letters**: 15 capitals, 6 typefaces and 4 rotations, drawn by the code
# below and centred like MNIST. We avoid those that look like a digit, such as O, S or Z.

# %%
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont


def draw_letter(letter, typeface, degrees):
    font = ImageFont.truetype(font_manager.findfont(typeface), 60)
    image = Image.new("L", (120, 120))
    pen = ImageDraw.Draw(image)
    pen.text((60, 60), letter, fill=255, font=font, anchor="mm", stroke_width=1)
    return image.rotate(degrees, Image.Resampling.BICUBIC)


# %%
def centre(image):
    ink = image.crop(image.getbbox())
    ink.thumbnail((20, 20), Image.Resampling.BOX)
    canvas = np.zeros((28, 28), "float32")
    canvas[4 : 4 + ink.height, 4 : 4 + ink.width] = np.asarray(ink) / 255
    mass = (np.indices((28, 28)) * canvas).sum(axis=(1, 2)) / canvas.sum()
    return np.roll(canvas, np.round(13.5 - mass).astype(int), axis=(0, 1))


# %%
typefaces = ["sans", "serif", "monospace", "STIXGeneral", "cmr10", "cmss10"]
letters = np.stack(
    [
        centre(draw_letter(letter, typeface, degrees))
        for typeface in typefaces
        for degrees in (-15, -5, 5, 15)
        for letter in "AEFHKMNPRTUVWXY"
    ]
)
print(letters.shape)

# %% [markdown] lang="es"
# Añadimos dos clases de intrusos más: los dígitos de prueba acostados (girados 90 grados, sin 0, 1
# ni 8, los más simétricos) y recortes de la foto de la gata Chelsea. La medida
# es el **área bajo la curva ROC** (AUC): la probabilidad de que un intruso elegido al azar tenga
# más error que un dígito elegido al azar. 0.5 es adivinar; 1, no fallar nunca.

# %% [markdown] lang="en"
# We add two more kinds of intruders: the test digits lying down (turned by 90 degrees, without 0, 1
# and 8, the most symmetrical ones) and patches of the photo of Chelsea the cat. The
# measure is the **area under the ROC curve** (AUC): the probability that an intruder chosen at
# random has a larger error than a digit chosen at random. 0.5 is guessing; 1, never failing.

# %%
photo = ck.data.photo("chelsea").mean(axis=-1)
corners = [(row, column) for row in range(0, 224, 14) for column in range(0, 350, 14)]
patches = np.stack([photo[r : r + 28, c : c + 28] for r, c in corners])
lying = np.rot90(x_test[~np.isin(y_test, (0, 1, 8))], axes=(1, 2))
print(lying.shape, patches.shape)


# %%
from sklearn.metrics import roc_auc_score


def errors(pictures, model=autoencoder):
    output = np.clip(predict(model, pictures).reshape(pictures.shape), 0, 1)
    return np.mean((output - pictures) ** 2, axis=(1, 2))


def auc(intruders, model=autoencoder):
    scores = np.concatenate([errors(x_test, model), errors(intruders, model)])
    return roc_auc_score(np.arange(len(scores)) >= len(x_test), scores)


letters_32, letters_2 = auc(letters), auc(letters, map_autoencoder)


# %%
ck.claim(
    _("área bajo la curva ROC, recortes de foto", "area under the ROC curve, patches of photo"),
    auc(patches),
    at_least=0.98,
)
ck.claim(
    _("área bajo la curva ROC, dígitos acostados", "area under the ROC curve, digits lying down"),
    auc(lying),
    at_least=0.93,
)
ck.claim(_("área bajo la curva ROC, letras", "area under the ROC curve, letters"), letters_32, at_least=0.77)
ck.claim(_("letras, con el código de 2", "letters, with the code of 2"), letters_2, at_least=0.84)
ck.claim(_("ventaja del código de 2", "lead of the code of 2"), letters_2 - letters_32, at_least=0.01)

# %% [markdown] lang="es"
# La red nunca vio un intruso, y delata a muchos. Los recortes son fáciles; los dígitos acostados,
# que están hechos de los mismos trazos, también caen. Las letras son las más difíciles. Mira la
# última línea: el código de 2, que reconstruye mucho peor, las detecta mejor. **Reconstruir mejor
# no es detectar mejor**: un cuello de botella ancho también sabe copiar letras.

# %% [markdown] lang="en"
# The network never saw an intruder, and it gives many away. The patches are easy; the digits lying
# down, which are made of the same strokes, are caught too. Letters are the hardest. Look at the
# last line: the code of 2, which reconstructs much worse, detects them better. **Reconstructing
# better is not detecting better**: a wide bottleneck knows how to copy letters too.

# %% [markdown] lang="es"
# ### Poner la alarma
#
# Si aceptamos una falsa alarma por cada 20 dígitos, la alarma va en el error que solo supera el 5 %
# de los dígitos. Miremos qué intrusos quedan a cada lado.

# %% [markdown] lang="en"
# ### Setting the alarm
#
# If we accept one false alarm for every 20 digits, the alarm goes at the error that only 5 % of the
# digits exceed. Let us look at which intruders remain on each side.

# %%
alarm = np.quantile(errors(x_test), 0.95)
bins = np.linspace(0, 3 * alarm, 60)


def draw_errors(axis, names):
    axis.hist(errors(x_test), bins, density=True, color=plots.BLUE, alpha=0.5, label=names[0])
    outline = {"density": True, "histtype": "step", "lw": 3}
    axis.hist(errors(lying), bins, color=plots.ORANGE, label=names[1], **outline)
    axis.hist(errors(letters), bins[::3], color=plots.GREEN, label=names[2], **outline)
    axis.axvline(alarm, color="black", ls="--", label=names[3])
    axis.legend()


# %%
figure, axis = plt.subplots(figsize=(10, 4.2))
draw_errors(
    axis,
    [_("dígitos", "digits"), _("dígitos acostados", "digits lying down"), _("letras", "letters"), _("alarma", "alarm")],
)
axis.set(
    xlabel=_("error de reconstrucción", "reconstruction error"),
    ylabel=_("densidad", "density"),
    title=_("El error delata a muchos intrusos, no a todos", "The error gives many intruders away, not all"),
)
alt = _(
    "Distribución de los errores: los dígitos, a la izquierda de la alarma; los dígitos acostados, ",
    "Distribution of the errors: digits, to the left of the alarm; digits lying down, ",
)
alt += _("en su mayoría a la derecha; las letras, a los dos lados.", "mostly to the right; letters, on both sides.")
ck.plots.show(figure, alt)

# %% [markdown] lang="es"
# A la izquierda de la línea negra no suena nada: ahí quedan casi todos los dígitos, y también
# muchas letras. Veamos por qué.

# %% [markdown] lang="en"
# To the left of the black line nothing rings: there lie nearly all the digits, and many letters
# too. Let us see why.

# %%
shown = letters[[0, 2, 64, 66, 128, 130, 192, 194]]
pictures = np.concatenate([shown, rebuild(shown)])
alt = _(
    "Arriba, ocho letras; abajo, su reconstrucción: unas, casi iguales; otras, deformadas.",
    "Above, eight letters; below, their reconstruction: some nearly equal, others deformed.",
)
ck.plots.images(pictures, columns=8, alt=alt)

# %% [markdown] lang="es"
# Arriba, letras; abajo, lo que el autoencoder hace con ellas. Las que se componen de trazos que
# también usan los dígitos salen bien; a las de muchos trazos rectos, como N o W, les faltan
# pedazos.

# %% [markdown] lang="en"
# Above, letters; below, what the autoencoder makes of them. Those composed of strokes that digits
# use too come out well; those with many straight strokes, such as N or W, lose pieces.

# %% [markdown] lang="es"
# ## Tu turno
#
# Cambia los puntos (`...`) por tu respuesta y ejecuta la celda y las que le siguen. La solución
# está plegada debajo: ábrela después de intentarlo.
#
# ### Ejercicio 1: otros ejes, la misma red
#
# En el autoencoder lineal, alguien mezcla el código: multiplica la matriz del codificador por una
# matriz invertible `mixing`, de 12 × 12. Escribe el decodificador que deja **igual** la
# reconstrucción. Así verás por qué los ejes del código no están decididos.

# %% [markdown] lang="en"
# ## Your turn
#
# Replace the dots (`...`) with your answer and run the cell and those after it. The solution is
# folded below: open it after you have tried.
#
# ### Exercise 1: other axes, the same network
#
# In the linear autoencoder, somebody mixes the code: they multiply the matrix of the encoder by an
# invertible matrix `mixing`, of 12 × 12. Write the decoder that leaves the reconstruction **the
# same**. So you will see why the axes of the code are not settled.


# %%
def new_decoder(mixing, decoder):
    return ...


# %%
mixing = np.random.default_rng(0).normal(size=(12, 12)) + 9 * np.eye(12)
mixed_code = centred[:50] @ linear.layers[0].get_weights()[0] @ mixing
same_output = predict(linear, centred[:50])


def keeps_output(decoder):
    return np.allclose(mixed_code @ decoder, same_output, atol=1e-3)


# %%
hint = _(
    "lo que mixing hizo hay que deshacerlo antes de decodificar: ¿qué matriz deshace otra?",
    "what mixing did must be undone before decoding: which matrix undoes another?",
)
ck.check(lambda: new_decoder(mixing, decoder_rows), keeps_output, hint)


# %% tags=["solution"]
def new_decoder(mixing, decoder):
    return np.linalg.inv(mixing) @ decoder


ck.check(lambda: new_decoder(mixing, decoder_rows), keeps_output, hint)

# %% [markdown] lang="es"
# ### Ejercicio 2: decibelios
#
# Una red mejor deja en **cada píxel** la mitad del error que dejaba la anterior. ¿Cuántos dB gana
# su PSNR? Calcúlalo con lápiz, con 2 decimales. Cuidado: el MSE lleva un cuadrado.

# %% [markdown] lang="en"
# ### Exercise 2: decibels
#
# A better network leaves at **each pixel** half the error that the previous one left. How many dB
# does its PSNR gain? Work it out with a pencil, to 2 decimals. Careful: the MSE holds a square.

# %%
decibels_gained = ...

# %%
pixel_errors = np.random.default_rng(0).random(100)
measured_gain = psnr(pixel_errors / 2, 0) - psnr(pixel_errors, 0)

# %%
hint = _(
    "si cada error se divide entre 2, ¿entre cuánto se divide su cuadrado?",
    "if each error is divided by 2, by how much is its square divided?",
)
ck.check(decibels_gained, measured_gain, hint, tolerance=0.01)

# %% tags=["solution"]
decibels_gained = 10 * np.log10(2**2)
ck.check(decibels_gained, measured_gain, hint, tolerance=0.01)

# %% [markdown] lang="es"
# ### Ejercicio 3: un buscador de imágenes
#
# Con códigos se puede buscar por parecido. Escribe `nearest`: los índices de los `k` códigos de
# `codes` más cercanos al código `query`, del más cercano al más lejano. Pruébalo después con un
# dígito: `x_test[nearest(codes_32[0], codes_32, 5)]`.

# %% [markdown] lang="en"
# ### Exercise 3: a search engine for pictures
#
# With codes you can search by likeness. Write `nearest`: the indices of the `k` codes in `codes`
# that lie closest to the code `query`, from the closest to the farthest. Try it with a digit
# afterwards: `x_test[nearest(codes_32[0], codes_32, 5)]`.


# %%
def nearest(query, codes, k):
    return ...


# %%
from sklearn.neighbors import NearestNeighbors

search = NearestNeighbors(n_neighbors=5).fit(codes_32[100:])
expected = search.kneighbors(codes_32[:1], return_distance=False)[0]

# %%
hint = _(
    "mide la distancia de query a cada fila de codes, ordena y quédate con los k primeros índices",
    "measure the distance from query to each row of codes, sort, and keep the first k indices",
)
ck.check(lambda: nearest(codes_32[0], codes_32[100:], 5), expected, hint)


# %% tags=["solution"]
def nearest(query, codes, k):
    distances = np.linalg.norm(codes - query, axis=1)
    return np.argsort(distances)[:k]


ck.check(lambda: nearest(codes_32[0], codes_32[100:], 5), expected, hint)

# %% [markdown] lang="es"
# ### Ejercicio 4: engaña al detector
#
# El detector da la alarma cuando el error pasa de `alarm`. Haz una imagen de 28 × 28, con píxeles
# de 0 a 1, que **no sea un dígito** y que aun así pase sin alarma. La comprobación exige que el
# juez no la acepte. ¿Qué te dice eso del detector?

# %% [markdown] lang="en"
# ### Exercise 4: fool the detector
#
# The detector gives the alarm when the error exceeds `alarm`. Make a picture of 28 × 28, with
# pixels from 0 to 1, that is **no digit** and yet passes without alarm. The check demands that the
# judge not accept it. What does that tell you about the detector?

# %%
impostor = ...


# %%
def fools_the_detector(picture):
    picture = np.asarray(picture, "float32").reshape(1, 28, 28)
    in_range = picture.min() >= 0 and picture.max() <= 1
    passes = errors(picture)[0] < alarm
    return in_range and passes and predict(judge, picture).max() < 0.9


# %%
hint = _(
    "un error pequeño es fácil cuando casi no hay nada que reconstruir",
    "a small error is easy when there is hardly anything to reconstruct",
)
ck.check(impostor, fools_the_detector, hint)

# %% tags=["solution"]
impostor = np.zeros((28, 28))
ck.check(impostor, fools_the_detector, hint)

# %% [markdown] lang="es"
# La hoja en blanco no es un dígito, y no cuesta reconstruirla. **Un error pequeño no prueba que la
# imagen sea normal**: solo dice que era fácil. En la práctica se combinan varias señales; aquí, la
# cantidad de tinta o el juez.

# %% [markdown] lang="en"
# The blank page is no digit, and it is no effort to reconstruct it. **A small error does not prove
# that the picture is normal**: it only says that it was easy. In practice several signals are
# combined; here, the amount of ink or the judge.

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Un autoencoder aprende a reconstruir su entrada a través de un cuello de botella, sin etiquetas.
# - El lineal encuentra el subespacio de PCA; con capas ocultas y convoluciones, el mismo código
#   guarda más.
# - El código sirve para hacer mapas, agrupar, buscar y encontrar intrusos; ninguno de estos usos es
#   infalible.
# - Disperso: pocas unidades activas. Con ruido: aprende a limpiar.
# - Un código cualquiera tiene huecos. El variacional los llena, y por eso puede inventar.

# %% [markdown] lang="en"
# ## What we learned
#
# - An autoencoder learns to reconstruct its input through a bottleneck, without labels.
# - The linear one finds the subspace of PCA; with hidden layers and convolutions, the same code
#   holds more.
# - The code is good for making maps, clustering, searching and finding intruders; none of these
#   uses is infallible.
# - Sparse: few active units. With noise: it learns to clean.
# - Just any code has gaps. The variational one fills them, and so it can invent.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - Baldi y Hornik (1989), *Neural networks and principal component analysis*.
# - Hinton y Salakhutdinov (2006), *Reducing the dimensionality of data with neural networks*.
# - Vincent, Larochelle, Bengio y Manzagol (2008), *Extracting and composing robust features with
#   denoising autoencoders*.
# - Kingma y Welling (2014), *Auto-encoding variational Bayes*; Sohn, Lee y Yan (2015), *Learning
#   structured output representation using deep conditional generative models*; Higgins y otros
#   (2017), *beta-VAE*.
# - Ronneberger, Fischer y Brox (2015), *U-Net*.

# %% [markdown] lang="en"
# ## Further reading
#
# - Baldi and Hornik (1989), *Neural networks and principal component analysis*.
# - Hinton and Salakhutdinov (2006), *Reducing the dimensionality of data with neural networks*.
# - Vincent, Larochelle, Bengio and Manzagol (2008), *Extracting and composing robust features with
#   denoising autoencoders*.
# - Kingma and Welling (2014), *Auto-encoding variational Bayes*; Sohn, Lee and Yan (2015),
#   *Learning structured output representation using deep conditional generative models*; Higgins
#   and others (2017), *beta-VAE*.
# - Ronneberger, Fischer and Brox (2015), *U-Net*.
