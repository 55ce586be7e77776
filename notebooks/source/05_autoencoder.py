# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Autoencoders: resumir, limpiar e inventar dígitos"
#       en: "Autoencoders: summarising, cleaning and inventing digits"
#     limits: {seconds: 60, cell_seconds: 20, memory_mb: 1400}
#     data: [mnist.npz]
#     needs: [mlp, cnn_mnist]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - construir un **autoencoder**, desde cero y con Keras, y explicar qué tiene que ver el más simple con las componentes
#   principales;
# - dibujar un mapa de los dígitos con solo 2 números por imagen, y pasear por él;
# - quitar el ruido de las imágenes y detectar lo que no es un dígito, y medir las dos cosas;
# - inventar dígitos con un **autoencoder variacional**, y saber para qué sirve cada una de sus piezas.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos; leerla y resolverla, unas 2 horas y
# media. En una clase de una hora: «Una red que copia lo que recibe», «Un mapa de los dígitos», «Quitar el ruido de las
# imágenes» y «El autoencoder variacional»; las demás celdas se ejecutan sin detenerse. **Necesitas**: Python, la
# [[mlp]] y la [[cnn_mnist]].

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - build an **autoencoder**, from scratch and with Keras, and explain what the simplest one has to do with principal
#   components;
# - draw a map of the digits with only 2 numbers per picture, and take a walk across it;
# - remove the noise from pictures and detect what is not a digit, and measure both;
# - invent digits with a **variational autoencoder**, and say what each of its pieces is for.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores; reading and solving it, about 2 and a half
# hours. In a class of one hour: "A network that copies its input", "A map of the digits", "Removing the noise from
# pictures" and "The variational autoencoder"; the other cells are run without stopping. **You need**: Python, [[mlp]]
# and [[cnn_mnist]].

# %%
import coursekit as ck

ck.setup(_("es", "en"))
ck.diagrams.hourglass()

# %% [markdown] lang="es"
# ## Una red que copia lo que recibe
#
# Un **autoencoder** (autocodificador) aprende a devolver su propia entrada: $D(E(x)) \approx x$. Copiar sería trivial
# sin el **cuello de botella** del dibujo. El **codificador** $E$ (*encoder*) resume la entrada $x$ en unos pocos
# números, el **código** $c$ (*code*), y el **decodificador** $D$ (*decoder*) construye la salida $\hat{x}$ solo con
# ellos. No hacen falta etiquetas: la respuesta correcta es la propia entrada. El espacio en el que viven los códigos
# se llama **espacio latente** (*latent space*).
#
# ## Un punto y un solo número
#
# Empecemos con lo más pequeño: puntos del plano, 2 números cada uno, y un código de un solo número.

# %% [markdown] lang="en"
# ## A network that copies its input
#
# An **autoencoder** learns to return its own input: $D(E(x)) \approx x$. Copying would be trivial without the
# **bottleneck** in the drawing. The **encoder** $E$ summarises the input $x$ in a few numbers, the **code** $c$, and
# the **decoder** $D$ builds the output $\hat{x}$ from them alone. No labels are needed: the right answer is the input
# itself. The space in which the codes live is called the **latent space**.
#
# ## One point and a single number
#
# Let us begin with the smallest case: points of the plane, 2 numbers each, and a code that is a single number.

# %%
import matplotlib.pyplot as plt
import numpy as np
from coursekit import style

along, across = np.random.default_rng(0).normal(size=(2, 200)) * [[2.0], [0.5]]
points = np.stack([0.8 * along - 0.6 * across, 0.6 * along + 0.8 * across], axis=1)
points = points - points.mean(axis=0)
print(points.shape)

# %% [markdown] lang="es"
# Es una nube de 200 puntos, alargada en la dirección $(0.8, 0.6)$ y con su centro en el origen.
#
# ### Un punto, a mano
#
# Elijamos una dirección: un vector $u$ de longitud 1, por ejemplo $u = (0.8, 0.6)$. El código de un punto $x$ es el
# producto escalar $c = x \cdot u$: cuánto avanza el punto en esa dirección. El decodificador camina esa distancia:
# $\hat{x} = c\,u$. Las dos mitades usan los mismos números, los de $u$: son **pesos atados** (*tied weights*).

# %% [markdown] lang="en"
# This is a cloud of 200 points, stretched along the direction $(0.8, 0.6)$, with its centre at the origin.
#
# ### One point, by hand
#
# Let us choose a direction: a vector $u$ of length 1, for example $u = (0.8, 0.6)$. The code of a point $x$ is the
# dot product $c = x \cdot u$: how far the point goes in that direction. The decoder walks that far: $\hat{x} = c\,u$.
# Both halves use the same numbers, those of $u$: these are **tied weights**.

# %%
u = np.array([0.8, 0.6])
x = np.array([2.0, 1.0])
c = x @ u
squared_error = np.sum((x - c * u) ** 2)
print(f"{c:.2f}", (c * u).round(2), f"{squared_error:.2f}")
print(f"{x @ x:.2f} = {c**2:.2f} + {squared_error:.2f}")

# %% [markdown] lang="es"
# Del punto $(2, 1)$ queda el código 2.20, y con él se reconstruye $(1.76, 1.32)$. La segunda línea es el **teorema de
# Pitágoras**: el error forma un ángulo recto con $u$, pues $(x - c\,u) \cdot u = c - c = 0$, y por eso
# $|x|^2 = c^2 + |x - \hat{x}|^2$. Lo que no cabe en el código es el error.
#
# ### El menor error es la mayor varianza
#
# $|x|^2$ no depende de $u$. Entonces la dirección con el menor error cuadrático medio es la que tiene el mayor $c^2$
# medio. Como el centro de la nube es el origen, ese $c^2$ medio es la **varianza** de los códigos. Probemos una
# dirección cada 3 grados.

# %% [markdown] lang="en"
# All that remains of the point $(2, 1)$ is the code 2.20, and from it we reconstruct $(1.76, 1.32)$. The second line is
# **Pythagoras' theorem**: the error is at a right angle to $u$, since $(x - c\,u) \cdot u = c - c = 0$, and therefore
# $|x|^2 = c^2 + |x - \hat{x}|^2$. What does not fit into the code is the error.
#
# ### The least error is the greatest variance
#
# $|x|^2$ does not depend on $u$. So the direction with the least mean squared error is the one with the greatest mean
# $c^2$. Since the centre of the cloud is the origin, that mean $c^2$ is the **variance** of the codes. Let us try
# directions that are 3 degrees apart.

# %%
angles = np.arange(0, 180, 3)
variances, mean_errors = [], []
for angle in np.radians(angles):
    u = np.array([np.cos(angle), np.sin(angle)])
    c = points @ u
    variances.append(np.mean(c**2))
    mean_errors.append(np.mean(np.sum((points - np.outer(c, u)) ** 2, axis=1)))

# %%
names = _("varianza del código", "variance of the code"), _("error cuadrático", "squared error"), _("suma", "sum")
series = dict(zip(names, (variances, mean_errors, np.add(variances, mean_errors)), strict=True))
labels = {
    "xlabel": _("ángulo de la dirección u, en grados", "angle of the direction u, in degrees"),
    "ylabel": _("media de los 200 puntos", "mean over the 200 points"),
}
alt = _(
    "La varianza del código sube donde el error baja; la suma de los dos es una recta horizontal.",
    "The variance of the code rises where the error falls; the sum of the two is a flat line.",
)
ck.plots.curves(angles, series, alt=alt, **labels)

# %% [markdown] lang="es"
# `np.outer(c, u)` multiplica cada código por $u$: una fila por punto. La suma no cambia: lo que gana la varianza lo
# pierde el error. La dirección de mayor varianza se llama primera **componente principal**, y buscarla es el **análisis
# de componentes principales** (*principal component analysis*, PCA). scikit-learn la calcula sin probar ángulos, y la
# dirección que da queda a menos de un paso de nuestro mejor ángulo.

# %% [markdown] lang="en"
# `np.outer(c, u)` multiplies each code by $u$: one row per point. The sum does not change: what the variance gains, the
# error loses. The direction of greatest variance is called the first **principal component**, and finding it is
# **principal component analysis** (PCA). scikit-learn computes it without trying angles, and the direction that it
# gives is less than one step away from our best angle.

# %%
from sklearn.decomposition import PCA

component = PCA(1).fit(points).components_[0]
found = np.degrees(np.arctan2(component[1], component[0])) % 180
difference = abs(found - angles[np.argmin(mean_errors)])
ck.claim(_("diferencia entre los ángulos, en grados", "difference of the angles, in degrees"), difference, at_most=1.6)

# %% [markdown] lang="es"
# ## Que la red encuentre la dirección
#
# Ahora la red no conoce $u$, y cada mitad tiene sus propios pesos: $c = w_1 x_1 + w_2 x_2$, y después
# $\hat{x}_1 = v_1 c$ y $\hat{x}_2 = v_2 c$. La pérdida es el **error cuadrático medio** (*mean squared error*, MSE) de
# las salidas. Para un solo punto es $L = \frac{1}{2}(e_1^2 + e_2^2)$, con $e_1 = \hat{x}_1 - x_1$ y
# $e_2 = \hat{x}_2 - x_2$.
#
# ### El gradiente de un punto
#
# Con la regla de la cadena, desde la salida hacia la entrada:
#
# $$\frac{\partial L}{\partial v_1} = e_1 c \qquad \frac{\partial L}{\partial v_2} = e_2 c$$
#
# $$\frac{\partial L}{\partial c} = e_1 v_1 + e_2 v_2$$
#
# $$\frac{\partial L}{\partial w_1} = \frac{\partial L}{\partial c} x_1
# \qquad \frac{\partial L}{\partial w_2} = \frac{\partial L}{\partial c} x_2$$
#
# El código influye en las dos salidas, y por eso su derivada suma dos términos. Un ejemplo: $x = (2, 1)$,
# $w = (0.5, 0.5)$, $v = (1, 0.5)$. Entonces $c = 1.5$, $e = (-0.5, -0.25)$, $\frac{\partial L}{\partial c} = -0.625$
# y $\frac{\partial L}{\partial w_1} = -1.25$. Comprobémoslo: movemos $w_1$ una milésima y miramos cuánto cambia la
# pérdida.

# %% [markdown] lang="en"
# ## Let the network find the direction
#
# Now the network does not know $u$, and each half has weights of its own: $c = w_1 x_1 + w_2 x_2$, and then
# $\hat{x}_1 = v_1 c$ and $\hat{x}_2 = v_2 c$. The loss is the **mean squared error** (MSE) of the outputs. For a single
# point it is $L = \frac{1}{2}(e_1^2 + e_2^2)$, with $e_1 = \hat{x}_1 - x_1$ and $e_2 = \hat{x}_2 - x_2$.
#
# ### The gradient for one point
#
# With the chain rule, from the output to the input:
#
# $$\frac{\partial L}{\partial v_1} = e_1 c \qquad \frac{\partial L}{\partial v_2} = e_2 c$$
#
# $$\frac{\partial L}{\partial c} = e_1 v_1 + e_2 v_2$$
#
# $$\frac{\partial L}{\partial w_1} = \frac{\partial L}{\partial c} x_1
# \qquad \frac{\partial L}{\partial w_2} = \frac{\partial L}{\partial c} x_2$$
#
# The code acts on both outputs, so its derivative adds two terms. An example: $x = (2, 1)$, $w = (0.5, 0.5)$,
# $v = (1, 0.5)$. Then $c = 1.5$, $e = (-0.5, -0.25)$, $\frac{\partial L}{\partial c} = -0.625$ and
# $\frac{\partial L}{\partial w_1} = -1.25$. Let us check: we move $w_1$ by a thousandth and see by how much the loss
# changes.


# %%
def point_loss(w1):
    c = w1 * 2 + 0.5 * 1
    return ((1 * c - 2) ** 2 + (0.5 * c - 1) ** 2) / 2


slope = (point_loss(0.501) - point_loss(0.5)) / 0.001
print(f"{slope:.2f}")

# %% [markdown] lang="es"
# Sale el mismo valor, redondeado a dos decimales: la derivada es correcta.
#
# ### Todos los puntos a la vez
#
# Hagamos las mismas cuentas con matrices. Cada punto es una fila de $X$; $W_e$ es una columna con $w_1$ y $w_2$, y
# $W_d$, una fila con $v_1$ y $v_2$. Los códigos forman una columna, $C = X W_e$, y las salidas son $\hat{X} = C\,W_d$.
# Si $X$ tiene $N$ números, la pérdida es la media de $(\hat{X} - X)^2$, y su gradiente respecto a la salida,
# $G = 2(\hat{X} - X)/N$: cada fila de $G$ guarda el $e_1$ y el $e_2$ de un punto, divididos entre el número de puntos.
#
# $$\frac{\partial L}{\partial W_d} = C^T G \qquad \frac{\partial L}{\partial C} = G\,W_d^T
# \qquad \frac{\partial L}{\partial W_e} = X^T (G\,W_d^T)$$
#
# La $T$ (`.T` en NumPy) **transpone**: cambia filas por columnas. Multiplicar la fila $C^T$ por la tabla $G$ suma
# $e_1 c$, y también $e_2 c$, de todos los puntos.

# %% [markdown] lang="en"
# We get the same value, rounded to two decimals: the derivative is right.
#
# ### All the points at once
#
# Let us do the same calculations with matrices. Each point is a row of $X$; $W_e$ is a column with $w_1$ and $w_2$, and
# $W_d$, a row with $v_1$ and $v_2$. The codes form a column, $C = X W_e$, and the outputs are $\hat{X} = C\,W_d$. If
# $X$ holds $N$ numbers, the loss is the mean of $(\hat{X} - X)^2$, and its gradient with respect to the output is
# $G = 2(\hat{X} - X)/N$: each row of $G$ holds the $e_1$ and the $e_2$ of one point, divided by the number of points.
#
# $$\frac{\partial L}{\partial W_d} = C^T G \qquad \frac{\partial L}{\partial C} = G\,W_d^T
# \qquad \frac{\partial L}{\partial W_e} = X^T (G\,W_d^T)$$
#
# The $T$ (`.T` in NumPy) **transposes**: it turns rows into columns. Multiplying the row $C^T$ by the table $G$ adds
# up $e_1 c$, and also $e_2 c$, over all the points.


# %%
def mse(output, target):
    return np.mean((output - target) ** 2, dtype="float64")


def step(x, w_encoder, w_decoder, learning_rate=0.1):
    code = x @ w_encoder
    g = 2 * (code @ w_decoder - x) / x.size
    decoder_gradient = code.T @ g
    encoder_gradient = x.T @ (g @ w_decoder.T)
    return w_encoder - learning_rate * encoder_gradient, w_decoder - learning_rate * decoder_gradient


# %% [markdown] lang="es"
# ### Keras da el mismo paso
#
# La red de Keras tiene dos capas `Dense` lineales, sin sesgo, con los mismos pesos que la nuestra. Damos un paso de
# descenso de gradiente en cada lado y comparamos la pérdida y los pesos nuevos.

# %% [markdown] lang="en"
# ### Keras takes the same step
#
# The Keras network has two linear `Dense` layers, without bias, with the same weights as ours. We take one step of
# gradient descent on each side and compare the loss and the new weights.

# %%
import math

import keras
from keras import layers, ops


# %%
def linear_network(size, code_size):
    keras.utils.set_random_seed(0)
    narrow, wide = (layers.Dense(units, use_bias=False) for units in (code_size, size))
    return keras.Sequential([layers.Input((size,)), narrow, wide])


# %%
rng = np.random.default_rng(0)
w_encoder, w_decoder = rng.normal(size=(2, 1)) * 0.1, rng.normal(size=(1, 2)) * 0.1
twin = linear_network(2, 1)
twin.set_weights([w_encoder, w_decoder])
twin.compile(keras.optimizers.SGD(0.1), "mse")
assert np.isclose(twin.train_on_batch(points, points), mse(points @ w_encoder @ w_decoder, points), rtol=1e-4)
for theirs, ours in zip(twin.get_weights(), step(points, w_encoder, w_decoder), strict=True):
    assert np.allclose(theirs, ours, atol=1e-6)

# %% [markdown] lang="es"
# Los `assert` no protestan: coinciden la pérdida y las dos matrices de pesos.
#
# ### Entrenar y mirar
#
# Repetimos nuestro paso 500 veces y dibujamos las reconstrucciones junto a la componente principal.

# %% [markdown] lang="en"
# The `assert`s do not complain: the loss and the two weight matrices agree.
#
# ### Train and look
#
# We repeat our step 500 times and draw the reconstructions beside the principal component.

# %%
w_e, w_d = w_encoder, w_decoder
for _ in range(500):
    w_e, w_d = step(points, w_e, w_d)
rebuilt = points @ w_e @ w_d
cosine = abs(component @ w_d[0]) / np.linalg.norm(w_d)
ck.claim(_("coseno entre decodificador y componente", "cosine of decoder and component"), cosine, at_least=0.999)

# %%
figure, axis = plt.subplots(figsize=(10, 4.6))
axis.plot(*np.stack([points, rebuilt]).transpose(2, 0, 1), color=style.GREY, lw=0.6)
axis.scatter(*points.T, label=_("puntos", "points"))
axis.scatter(*rebuilt.T, label=_("reconstrucciones", "reconstructions"), s=20, zorder=3)
name = _("componente principal", "principal component")
axis.axline((0, 0), component, ls="--", color="black", lw=1.5, label=name)
axis.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
alt = _(
    "Puntos alargados en diagonal; sus reconstrucciones caen sobre la componente principal.",
    "Points stretched along a diagonal; their reconstructions fall on the principal component.",
)
ck.plots.show(figure, alt)

# %% [markdown] lang="es"
# Con un código de un solo número y un decodificador lineal, las reconstrucciones caen en una recta. El descenso de
# gradiente encontró la misma recta que PCA: el coseno del ángulo entre las dos es al menos
# [[bound: cosine of decoder and component]]. Los segmentos grises son los errores. Nadie ató los pesos, pero el
# codificador aprendió a dar el código del punto más cercano de la recta; por eso los segmentos son perpendiculares a
# ella.

# %% [markdown] lang="en"
# With a code that is a single number and a linear decoder, the reconstructions fall on a line. Gradient descent found
# the same line as PCA: the cosine of the angle between the two is at least [[bound: cosine of decoder and component]].
# The grey segments are the errors. Nobody tied the weights, but the encoder learnt to give the code of the closest
# point on the line, and so the segments are at a right angle to it.

# %% [markdown] lang="es"
# ## Dígitos: el mismo subespacio
#
# ¿Pasa lo mismo con 784 números por imagen y un código de 12 números? Baldi y Hornik (1989) demostraron que sí: el
# mejor autoencoder lineal proyecta sobre el **subespacio** (como una recta o un plano, pero de 12 dimensiones) de las
# primeras componentes principales, y el error no tiene otros valles en los que quedarse atascado. Comprobémoslo con
# 5000 dígitos, a los que restamos su imagen media.
#
# En el resto de la lección entrenamos con 10 000 dígitos, la sexta parte del conjunto de entrenamiento, para no esperar
# tanto; otros 2000 forman el conjunto de validación, y evaluamos con uno de cada cinco dígitos de prueba.
# `ops.convert_to_tensor` se los da a Keras una sola vez; si no, `fit` los copiaría en cada entrenamiento. Después,
# `np.asarray` deja que NumPy vea esa misma copia (en la CPU), en lugar de guardar otra.

# %% [markdown] lang="en"
# ## Digits: the same subspace
#
# Does the same happen with 784 numbers per picture and a code of 12 numbers? Baldi and Hornik (1989) proved that it
# does: the best linear autoencoder projects onto the **subspace** (like a line or a plane, but with 12 dimensions) of
# the first principal components, and the error has no other valleys to get stuck in. Let us check with 5000 digits,
# after subtracting their mean picture.
#
# In the rest of the lesson we train on 10 000 digits, a sixth of the training set, so as not to wait so long; another
# 2000 are the validation set, and we evaluate on every fifth test digit. `ops.convert_to_tensor` hands them to Keras
# once; otherwise `fit` would copy them for each training. Afterwards `np.asarray` lets NumPy see that same copy (on the
# CPU), instead of keeping another.

# %%
x_all, y_all, x_test, y_test = ck.data.mnist()
x_train, x_valid, x_test = (
    np.divide(pictures, 255, dtype="float32") for pictures in (x_all[:10_000], x_all[10_000:12_000], x_test[::5])
)
y_train, y_valid, y_test = y_all[:10_000], y_all[10_000:12_000], y_test[::5]
del x_all

# %%
digits = ops.convert_to_tensor(x_train)
x_train = np.asarray(digits)
centred = x_train[:5000].reshape(-1, 784)
centred = centred - centred.mean(axis=0)
print(tuple(digits.shape), x_valid.shape, x_test.shape)

# %% [markdown] lang="es"
# ### Una receta para todas las redes
#
# De aquí en adelante, todas las redes se entrenan con Adam y una tasa de aprendizaje que sube hasta `peak` en la
# primera décima parte de las actualizaciones y luego baja como un coseno, igual que en la [[cnn_mnist]]. Con redes tan
# pequeñas, volver a Python después de cada lote cuesta mucho tiempo: `steps_per_execution=10` le pide a Keras que
# vuelva cada 10 lotes. Con `steps_per_epoch` le decimos cuántos lotes tiene una época; si no, Keras prepara todos los
# datos una vez más para averiguarlo. Y `jit_compile` dice si antes se compila la red: con JAX sí; con TensorFlow no,
# para ahorrar memoria.

# %% [markdown] lang="en"
# ### One recipe for all networks
#
# From here on, all networks are trained with Adam and a learning rate that rises to `peak` during the first tenth of
# the updates and then falls like a cosine, as in [[cnn_mnist]]. With networks this small, returning to Python after
# each batch costs a lot of time: `steps_per_execution=10` asks Keras to return every 10 batches. With `steps_per_epoch`
# we tell it how many batches an epoch has; otherwise Keras prepares all the data once more to find out. And
# `jit_compile` says whether the network is compiled first: with JAX it is; with TensorFlow it is not, to save memory.


# %%
def train(model, inputs, targets, loss, *, epochs, batch_size, peak, **options):
    steps = math.ceil(len(targets) / batch_size)
    tenth = epochs * steps // 10
    schedule = keras.optimizers.schedules.CosineDecay(
        peak / 20, epochs * steps - tenth, warmup_target=peak, warmup_steps=tenth
    )
    jit = keras.config.backend() == "jax"
    model.compile(keras.optimizers.Adam(schedule), loss, steps_per_execution=10, jit_compile=jit)
    settings = {"steps_per_epoch": steps, "verbose": 0, "callbacks": [ck.live.Progress()]}
    return model.fit(inputs, targets, batch_size, epochs, **settings, **options)


# %%
def predict(model, inputs):
    parts = (inputs[i : i + 500] for i in range(0, len(inputs), 500))
    return np.concatenate([ops.convert_to_numpy(model(part)) for part in parts])


# %% tags=["slow"]
linear = linear_network(784, 12)
train(linear, centred, centred, "mse", epochs=60, batch_size=250, peak=0.01)
decoder_rows = linear.layers[1].get_weights()[0]

# %% [markdown] lang="es"
# ### ¿Es el mismo subespacio?
#
# Medimos dos cosas: nuestro error, dividido entre el error de PCA, y los **ángulos principales** entre los dos
# subespacios, que dicen cuánto habría que girar uno para llevarlo al otro. Hay 12; si el mayor es de 0 grados, los
# dos subespacios son el mismo.

# %% [markdown] lang="en"
# ### Is it the same subspace?
#
# We measure two things: our error, divided by the error of PCA, and the **principal angles** between the two
# subspaces, which say how far one would have to be turned to reach the other. There are 12; if the largest is 0
# degrees, the two subspaces are the same.

# %%
from scipy.linalg import subspace_angles

pca_12 = PCA(12).fit(centred)
ratio = mse(predict(linear, centred), centred) / mse(pca_12.inverse_transform(pca_12.transform(centred)), centred)
largest = np.degrees(subspace_angles(decoder_rows.T, pca_12.components_.T)).max()
ck.claim(_("error lineal, dividido entre el de PCA", "linear error, divided by that of PCA"), ratio, at_most=1.02)
ck.claim(_("mayor ángulo principal, en grados", "largest principal angle, in degrees"), largest, at_most=3)

# %% tags=["varies"]
pictures = np.concatenate([pca_12.components_[:5], decoder_rows[:5]]).reshape(-1, 28, 28)
pictures = pictures / np.abs(pictures).max(axis=(1, 2), keepdims=True)
alt = _(
    "Arriba, cinco componentes principales; abajo, cinco filas del decodificador, distintas.",
    "Above, five principal components; below, five rows of the decoder, which differ.",
)
ck.plots.images(pictures, ["PCA"] * 5 + [_("decodificador", "decoder")] * 5, signed=True, alt=alt)

# %% [markdown] lang="es"
# El error y el subespacio coinciden casi por completo, pero las imágenes son otras: arriba, 5 componentes de PCA,
# ordenadas de mayor a menor varianza; abajo, 5 filas del decodificador, sin orden. (Azul es positivo y naranja,
# negativo.) Es como describir el mismo plano con otros ejes. Nadie le pidió al autoencoder ejes
# ordenados.
#
# ### Ejercicio 1: otros ejes, la misma red
#
# Alguien mezcla el código del autoencoder lineal: lo multiplica, con `code @ mixing`, por una matriz invertible de 12 ×
# 12 (es decir, hay otra matriz que deshace la mezcla). Escribe el decodificador que deje **igual** la reconstrucción.
# (Cambia los puntos, `...`, por tu respuesta y ejecuta la celda y la comprobación plegada que le sigue. Debajo está
# plegada la solución.)

# %% [markdown] lang="en"
# The error and the subspace agree almost completely, but the pictures differ: above, 5 components of PCA, sorted from
# the greatest variance to the least; below, 5 rows of the decoder, in no order. (Blue is positive and orange,
# negative.) It is like describing the same plane with other axes. Nobody asked the autoencoder for sorted
# axes.
#
# ### Exercise 1: other axes, the same network
#
# Somebody mixes the code of the linear autoencoder: they multiply it, with `code @ mixing`, by an invertible matrix of
# 12 × 12 (that is, another matrix undoes the mixing). Write the decoder that leaves the reconstruction **the same**.
# (Replace the dots, `...`, with your answer and run the cell and the folded check that follows. Below it the solution
# is folded.)


# %%
def new_decoder(mixing, decoder):
    return ...


# %% tags=["check"]
mixing = np.random.default_rng(0).normal(size=(12, 12)) + 9 * np.eye(12)
mixed_code = centred[:50] @ linear.layers[0].get_weights()[0] @ mixing
same_output = predict(linear, centred[:50])


def keeps_output(decoder):
    return np.allclose(mixed_code @ decoder, same_output, atol=1e-3)


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
# ## Un mapa de los dígitos
#
# Con capas lineales, el mejor autoencoder hace lo mismo que **PCA**, las componentes principales: resumir cada imagen
# con unas pocas sumas y productos. Pongamos capas ocultas con ReLU a los dos lados y reduzcamos el código a 2 números.
# Así cada imagen es un punto de un plano, y podremos *ver* el espacio latente. La última capa es una sigmoide, porque
# los píxeles van de 0 a 1.

# %% [markdown] lang="en"
# ## A map of the digits
#
# With linear layers, the best autoencoder does the same as **PCA**, the principal components: it summarises each
# picture with a few sums and products. Let us put hidden layers with ReLU on both sides and squeeze the code down to 2
# numbers. Then each picture is a point of a plane, and we will be able to *see* the latent space. The last layer is a
# sigmoid, since pixels go from 0 to 1.


# %%
def dense(units, activation="relu"):
    return layers.Dense(units, activation=activation)


def dense_decoder(code_size):
    widen = [dense(64), dense(128), dense(784, "sigmoid"), layers.Reshape((28, 28))]
    return keras.Sequential([layers.Input((code_size,)), *widen])


# %% tags=["slow"]
keras.utils.set_random_seed(0)
narrow = [layers.Flatten(), dense(128), dense(64), layers.Dense(2)]
encoder_2, decoder_2 = keras.Sequential([layers.Input((28, 28)), *narrow]), dense_decoder(2)
map_network = keras.Sequential([encoder_2, decoder_2])
map_recipe = {"epochs": 6, "batch_size": 200, "peak": 0.006}
options = map_recipe | {"validation_data": (x_valid, x_valid)}
history = train(map_network, digits, digits, "mse", **options)
ck.plots.history(history)

# %% [markdown] lang="es"
# Las dos curvas bajan: lo que la red aprende sirve también para dígitos con los que no entrena. (La de entrenamiento es
# la media de toda la época; por eso empieza más alta.) Comparemos su error en los dígitos de prueba con el de PCA,
# también con 2 números y recortado a $[0, 1]$. Calculamos ya 32 componentes, que usaremos más tarde.

# %% [markdown] lang="en"
# The two curves fall: what the network learns is good for digits that it does not train on, too. (The training curve is
# the mean over the whole epoch, and so it starts higher.) Let us compare its error on the test digits with PCA's, also
# with 2 numbers and clipped to $[0, 1]$. We compute 32 components now, since we will use them later.


# %%
pca = PCA(32).fit(x_train.reshape(-1, 784))


def project(pictures, count):
    axes = pca.components_[:count]
    flat = (pictures.reshape(-1, 784) - pca.mean_) @ axes.T @ axes + pca.mean_
    return np.clip(flat, 0, 1).reshape(pictures.shape)


# %%
codes_2 = predict(encoder_2, x_test)
ratio = mse(predict(decoder_2, codes_2), x_test) / mse(project(x_test, 2), x_test)
ck.claim(_("error del mapa, dividido entre el de PCA", "error of the map, divided by PCA's"), ratio, at_most=0.95)

# %% [markdown] lang="es"
# El error de la red es como mucho [[bound: error of the map, divided by PCA's]] veces el de PCA: una superficie curva
# puede pasar más cerca de los dígitos que un plano.
#
# ### Cada imagen en su lugar
#
# Dibujamos los dígitos de prueba allí donde cae su código, menos los que taparían a otro y los pocos que caen muy lejos
# del resto. La línea naranja, con 12 puntos, une el centro de los ceros con el de los unos (la mediana de sus códigos).

# %% [markdown] lang="en"
# The error of the network is at most [[bound: error of the map, divided by PCA's]] times PCA's: a curved surface can
# pass closer to the digits than a plane.
#
# ### Each picture in its place
#
# We draw the test digits where their codes fall, except those that would cover another one and the few that fall very
# far from the rest. The orange line joins, with 12 points, the centre of the zeros and that of the ones (the median of
# their codes).

# %% tags=["varies"]
start, end = (np.median(codes_2[y_test == digit], axis=0) for digit in (0, 1))
path = np.linspace(start, end, 12, dtype="float32")
alt = _(
    "Mapa con dígitos allí donde cae su código: los de algunas clases quedan juntos. Una línea va de 0 a 1.",
    "Map with digits where their codes fall: those of some classes lie together. A line goes from 0 to 1.",
)
ck.planes.picture_maps([codes_2], x_test, path=path, alt=alt)

# %% [markdown] lang="es"
# Nadie le dijo a la red qué dígito era cada imagen, y sin embargo varias clases forman barrios. Algunas que comparten
# trazos, como el 4 y el 9, se mezclan. Entre algunos barrios quedan huecos negros, donde no cae el código de ningún
# dígito de prueba. El decodificador dibuja algo también allí, pero nadie le ha enseñado qué.
#
# ### Un paseo
#
# Decodifiquemos los 12 puntos de la línea. Casi con seguridad, ninguno de ellos es el código exacto de un dígito de
# MNIST.

# %% [markdown] lang="en"
# Nobody told the network which digit each picture was, and yet several classes form neighbourhoods. Some that share
# strokes, such as 4 and 9, mix. Between some neighbourhoods there are black gaps, where the code of no test digit
# falls. The decoder draws something there too, but nobody has taught it what.
#
# ### A walk
#
# Let us decode the 12 points of the line. Almost certainly none of them is the exact code of an MNIST digit.

# %% tags=["varies"]
alt = _(
    "Doce imágenes decodificadas: de un cero a un uno, pasando por formas intermedias.",
    "Twelve decoded pictures: from a zero to a one, through shapes in between.",
)
ck.plots.images(predict(decoder_2, path), columns=6, alt=alt)

# %% [markdown] lang="es"
# El cero se transforma, pasa por formas intermedias y acaba en un uno. Algunas imágenes son borrosas. Una razón
# posible: cuando un mismo código puede corresponder a varios dígitos, la imagen que deja el menor error cuadrático es
# la media de esos dígitos.

# %% [markdown] lang="en"
# The zero changes, passes through shapes in between and ends as a one. Some pictures are blurred. One possible reason:
# when one code may stand for several digits, the picture that leaves the least squared error is the mean of those
# digits.

# %% [markdown] lang="es"
# Con el cuaderno en marcha puedes elegir tú el paseo, con el ratón o con las flechas del teclado: del centro de los
# códigos de un dígito al de otro, paso a paso. ¿Pasa por otros dígitos? ¿Dónde se emborrona? El punto negro marca por
# dónde vas.

# %% [markdown] lang="en"
# While the notebook is running, you can choose the walk yourself, with the mouse or with the arrow keys: from the
# centre of the codes of one digit to that of another, step by step. Does it pass through other digits? Where does it
# blur? The black dot marks where you are.

# %%
centres = np.array([np.median(codes_2[y_test == digit], axis=0) for digit in range(10)])


def show_place(plane, first, last, place):
    plane.scatter(*codes_2.T, s=3, color=ck.style.GREY, alpha=0.3)
    for digit, colour in ((first, ck.style.BLUE), (last, ck.style.ORANGE)):
        plane.scatter(*codes_2[y_test == digit].T, s=5, color=colour)
    plane.plot(*centres[[first, last]].T, "k:")
    plane.plot(*place, "ko", markersize=11)
    title = _(f"del {first} (azul) al {last} (naranja)", f"from {first} (blue) to {last} (orange)")
    plane.set(title=title, xticks=[], yticks=[])


# %% tags=["varies"]
def walk(first, last, step):
    place = centres[first] + step / 10 * (centres[last] - centres[first])
    figure, (plane, picture) = plt.subplots(1, 2, figsize=(8, 3.8))
    show_place(plane, first, last, place)
    picture.imshow(predict(decoder_2, place[None])[0])
    picture.set(title=_(f"paso {step} de 10", f"step {step} of 10"), xticks=[], yticks=[])
    alt = _(f"Paso {step} de 10 del camino de {first} a {last}.", f"Step {step} of 10 from {first} to {last}.")
    ck.plots.show(figure, alt)


first, last = (_("desde el", "from the"), range(10), 0), (_("hasta el", "to the"), range(10), 1)
ck.widgets.knobs(walk, first=first, last=last, step=(_("paso", "step"), range(11), 5))

# %% [markdown] lang="es"
# ## Convolucional, con un código de 32 números
#
# Para reconstruir bien hacen falta más números. Usemos 32, y convoluciones con zancada 2, que reducen el lado de la
# imagen: 28, 14, 7. El decodificador hace el camino inverso con **convoluciones transpuestas** (*transposed
# convolutions*): cada número de la entrada estampa en la salida los filtros de su canal, multiplicados por él; donde
# las copias se solapan, se suman. Con zancada 2, cada copia empieza dos lugares después de la anterior, y el lado se
# duplica. Con 3 números y un filtro de 3, en una sola dimensión:

# %% [markdown] lang="en"
# ## Convolutional, with a code of 32 numbers
#
# To reconstruct well, more numbers are needed. Let us use 32, and convolutions with stride 2, which reduce the side of
# the picture: 28, 14, 7. The decoder goes the way back with **transposed convolutions**: each number of the input
# stamps the kernels of its channel on the output, multiplied by it; where the copies overlap, they are added. With
# stride 2, each copy begins two places after the one before, and the side doubles. With 3 numbers and a kernel of 3, in
# a single dimension:

# %%
kernel, stamped = np.array([1, 5, 2]), np.zeros(7, int)
for place, number in enumerate([3, 1, 4]):
    stamped[2 * place : 2 * place + 3] += number * kernel
    print(number, stamped)

# %% [markdown] lang="es"
# Cada fila añade la copia de un número. El 4 estampa 4, 20 y 8 en los tres últimos lugares; el primero ya tenía el 2
# del número anterior, y queda un 6. Salen $2 \cdot 3 + 1 = 7$ números, y con `padding="same"` Keras recorta el que
# sobra: quedan 6, el doble de 3.

# %% [markdown] lang="en"
# Each row adds the copy of one number. The 4 stamps 4, 20 and 8 on the last three places; the first of them already
# held the 2 of the number before, which makes 6. There are $2 \cdot 3 + 1 = 7$ numbers, and with `padding="same"` Keras
# cuts off the one too many: 6 are left, twice 3.


# %%
def down(filters):
    return layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")


def up(filters, activation="relu"):
    return layers.Conv2DTranspose(filters, 3, strides=2, padding="same", activation=activation)


# %%
def convolutional(code_size):
    keras.utils.set_random_seed(0)
    narrow = [down(16), down(32), layers.Flatten(), layers.Dense(code_size)]
    widen = [dense(7 * 7 * 32), layers.Reshape((7, 7, 32)), up(16), up(1, None)]
    encoder = keras.Sequential([layers.Input((28, 28)), layers.Reshape((28, 28, 1)), *narrow])
    decoder = keras.Sequential([layers.Input((code_size,)), *widen, layers.Reshape((28, 28))])
    return encoder, decoder


# %% tags=["slow"]
encoder, decoder = convolutional(32)
print([layer.output.shape[1:] for layer in encoder.layers + decoder.layers])
autoencoder = keras.Sequential([encoder, decoder])
recipe = {"epochs": 2, "batch_size": 40, "peak": 0.007}
_ = train(autoencoder, digits, digits, "mse", **recipe)

# %% [markdown] lang="es"
# Sigue los lados: 28, 14, 7, el código de 32 números, y de vuelta 7, 14, 28. La última capa no lleva sigmoide; la de la
# red del mapa sí la llevaba. Las dos opciones sirven; esta red se parece más a PCA, con la que vamos a compararla:
# tanto en la red como en PCA recortamos al final los píxeles que se salen de $[0, 1]$.

# %% [markdown] lang="en"
# Follow the sides: 28, 14, 7, the code of 32 numbers, and back 7, 14, 28. The last layer has no sigmoid; that of the
# map network had one. Both ways work; this network is closer to PCA, with which we will compare it: for the network and
# for PCA alike we clip the pixels outside $[0, 1]$ at the end.


# %%
def rebuild(pictures, model=None):
    return np.clip(predict(model or autoencoder, pictures), 0, 1)


# %%
ratio = mse(rebuild(x_test), x_test) / mse(project(x_test, 32), x_test)
ck.claim(
    _("error con 32 números, dividido entre el de PCA", "error with 32 numbers, divided by PCA's"), ratio, at_most=0.6
)

# %%
eight = x_test[:8]
pictures = np.concatenate([eight, project(eight, 32), rebuild(eight)])
alt = _(
    "Arriba, ocho dígitos; en medio, PCA con manchas alrededor; abajo, el autoencoder, más limpio.",
    "Above, eight digits; in the middle, PCA with smudges around; below, the autoencoder, cleaner.",
)
ck.plots.images(pictures, columns=8, alt=alt)

# %% [markdown] lang="es"
# Arriba, los originales; en medio, PCA; abajo, el autoencoder. Con 32 números cada uno, el error del autoencoder es
# como mucho [[bound: error with 32 numbers, divided by PCA's]] veces el de PCA.
#
# ### Grupos sin etiquetas
#
# Un buen código junta lo que se parece. **K-medias** (*k-means*) busca 10 centros tales que cada código quede cerca
# de uno, sin ver las etiquetas; los códigos más cercanos a un mismo centro forman un grupo. Después medimos la
# **pureza**: la proporción de dígitos cuya clase es la más frecuente de su grupo. Al lado, la pureza con los 32
# números de PCA.

# %% [markdown] lang="en"
# Above, the originals; in the middle, PCA; below, the autoencoder. With 32 numbers each, the error of the
# autoencoder is at most [[bound: error with 32 numbers, divided by PCA's]] times PCA's.
#
# ### Groups without labels
#
# A good code brings together what is alike. **K-means** looks for 10 centres such that each code lies close to one,
# without seeing the labels; the codes closest to the same centre form a group. Then we measure the **purity**: the
# share of digits whose class is the most common in their group. Beside it, the purity with the 32 numbers of PCA.

# %%
from sklearn.cluster import KMeans


def purity(codes, labels):
    groups = KMeans(10, n_init=5, random_state=0).fit_predict(codes)
    right = [np.bincount(labels[groups == group]).max() for group in range(10)]
    return sum(right) / len(codes)


# %%
codes_32 = predict(encoder, x_test)
pure, pca_pure = purity(codes_32, y_test), purity(pca.transform(x_test.reshape(-1, 784)), y_test)
ck.claim(_("pureza con el código de 32 números", "purity with the code of 32 numbers"), pure, at_least=0.48)
ck.claim(_("pureza con los 32 números de PCA", "purity with PCA's 32 numbers"), pca_pure, at_least=0.5)
shuffled = purity(codes_32, np.random.default_rng(0).permutation(y_test))
ck.claim(_("pureza con las etiquetas barajadas", "purity with shuffled labels"), shuffled, at_most=0.17)

# %% [markdown] lang="es"
# La última línea es la referencia: con las etiquetas barajadas, los grupos no saben nada de las clases. Con los dos
# códigos la pureza es mucho mayor, pero los grupos no son 10 clases limpias. Una sola red no basta para decir qué
# código agrupa mejor.
#
# ### Ejercicio 2: un buscador de imágenes
#
# Los códigos permiten buscar por parecido. Escribe `nearest`: los índices de los `k` códigos de `codes` más cercanos
# al código `query`, del más cercano al más lejano.

# %% [markdown] lang="en"
# The last line is the baseline: once the labels are shuffled, the groups know nothing about the classes. With both
# codes the purity is much higher, but the groups are not 10 clean classes. A single network is not enough to tell which
# code groups better.
#
# ### Exercise 2: a search engine for pictures
#
# Codes let you search by similarity. Write `nearest`: the indices of the `k` codes in `codes` that lie closest to the
# code `query`, from the closest to the farthest.


# %%
def nearest(query, codes, k):
    return ...


# %% tags=["check"]
from sklearn.neighbors import NearestNeighbors

search = NearestNeighbors(n_neighbors=5).fit(codes_32[100:])
expected = search.kneighbors(codes_32[:1], return_distance=False)[0]
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
found = x_test[nearest(codes_32[0], codes_32, 6)]
ck.plots.images(found, columns=6, alt=_("Un 7 de prueba y sus cinco vecinos.", "A test 7 and its five neighbours."))

# %% [markdown] lang="es"
# ## Disperso: pocas unidades encendidas
#
# Hay otra manera de limitar el código: que tenga muchas unidades, pero que cada imagen encienda pocas. A la pérdida
# le sumamos un término **L1** sobre el código $c$, con peso $\lambda$:
#
# $$\lambda \cdot \frac{1}{n} \sum_{\text{lote}} \sum_i |c_i|$$
#
# La primera suma recorre las $n$ imágenes del lote; la segunda, las unidades. L1 empuja cada valor hacia abajo, y la
# ReLU convierte en un cero exacto lo que pasaría a negativo. En Keras, una capa lo añade a la pérdida con `add_loss`.
# Entrenamos la misma red con $\lambda = 0$ y con $\lambda = 0.0005$.

# %% [markdown] lang="en"
# ## Sparse: few units switched on
#
# There is another way to limit the code: let it have many units, but let each picture switch on few of them. To the
# loss we add an **L1** term on the code $c$, with weight $\lambda$:
#
# $$\lambda \cdot \frac{1}{n} \sum_{\text{batch}} \sum_i |c_i|$$
#
# The first sum runs over the $n$ pictures of the batch; the second, over the units. L1 pushes each value down, and ReLU
# turns what would become negative into an exact zero. In Keras, a layer adds it to the loss with `add_loss`. We train
# the same network with $\lambda = 0$ and with $\lambda = 0.0005$.


# %%
class Sparsity(layers.Layer):
    def __init__(self, weight):
        super().__init__()
        self.weight = weight

    def call(self, code):
        self.add_loss(self.weight * ops.mean(ops.sum(ops.abs(code), axis=1)))
        return code


# %% tags=["slow"]
sparse = {}
for weight in (0, 0.0005):
    keras.utils.set_random_seed(0)
    narrow = [layers.Input((28, 28)), layers.Flatten(), dense(128), Sparsity(weight)]
    sparse_encoder, drawing = keras.Sequential(narrow), layers.Dense(784)
    model = keras.Sequential([sparse_encoder, drawing, layers.Reshape((28, 28))])
    train(model, digits, digits, "mse", epochs=3, batch_size=100, peak=0.004)
    codes = predict(sparse_encoder, x_test)
    strokes = drawing.get_weights()[0][np.argsort(-codes.mean(axis=0))[:10]]
    error, on = mse(rebuild(x_test, model), x_test), codes > 0
    sparse[weight] = np.mean(np.sum(on, axis=1)), error, strokes, np.sum(on.any(axis=0))

# %%
(active_0, error_0, strokes_0, used_0), (active_1, error_1, strokes_1, used_1) = sparse.values()
ck.claim(_("unidades activas de 128, sin L1", "active units of 128, without L1"), active_0, at_least=40)
ck.claim(_("unidades activas de 128, con L1", "active units of 128, with L1"), active_1, at_most=32)
ratio_0, ratio_pca = error_1 / error_0, error_1 / mse(project(x_test, round(active_1)), x_test)
ck.claim(
    _("error con L1, dividido entre el error sin L1", "error with L1, divided by that without"), ratio_0, at_least=1.2
)
ck.claim(_("y dividido entre el de PCA", "and by that of PCA"), ratio_pca, at_least=0.7, at_most=1.4)

# %%
ck.claim(
    _("unidades que algún dígito enciende, sin L1", "units lit by at least one digit, without L1"), used_0, at_most=100
)
ck.claim(
    _("encendidas con L1, divididas entre las de sin L1", "lit with L1, divided by those lit without it"),
    used_1 / used_0,
    at_most=0.75,
)
ck.claim(
    _("parte de ellas que usa un dígito, con L1", "share of them that a digit uses, with L1"),
    active_1 / used_1,
    at_most=0.75,
)
fewer = active_1 / used_1 - active_0 / used_0
ck.claim(_("esa parte, menos la que usa sin L1", "that share, minus the one without L1"), fewer, at_most=-0.1)

# %% [markdown] lang="es"
# Una unidad está activa si su valor no es 0; contamos cuántas lo están, en promedio, en un dígito de prueba. Con L1
# quedan menos unidades activas, y eso se paga: el error crece, hasta un valor parecido al de PCA con tantos números
# como unidades activas. ¿Elige cada imagen sus pocas piezas entre muchas? Las últimas líneas dicen que pasan las dos
# cosas: hay menos piezas, y cada dígito usa una parte menor de ellas, aunque todavía grande. Incluso sin L1, muchas de
# las 128 unidades no se encienden con ningún dígito de prueba (por qué, no lo hemos mirado); con L1 quedan menos
# todavía. Miremos lo que dibuja cada unidad cuando se enciende: sus pesos en el decodificador.

# %% [markdown] lang="en"
# A unit is active if its value is not 0; we count how many are, on average, for a test digit. With L1 fewer units stay
# active, at a price: the error grows, to a value close to that of PCA with as many numbers as active units. Does each
# picture choose its few pieces among many? The last lines say that both things happen: there are fewer pieces, and each
# digit uses a smaller share of them, though still a large one. Even without L1, many of the 128 units are lit by no
# test digit (why, we have not looked into); with L1 fewer still are left. Let us look at what each unit draws when it
# lights up: its weights in the decoder.

# %% tags=["varies"]
pictures = np.concatenate([strokes_0, strokes_1]).reshape(-1, 28, 28)
pictures = pictures / np.abs(pictures).max(axis=(1, 2), keepdims=True)
alt = _(
    "Diez unidades: arriba, sin L1, trazos mezclados con manchas; abajo, con L1, varios trozos de dígitos más limpios.",
    "Ten units: above, without L1, strokes mixed with blots; below, with L1, several cleaner pieces of digits.",
)
ck.plots.images(pictures, columns=10, signed=True, alt=alt)

# %% [markdown] lang="es"
# Arriba, las 10 unidades de mayor valor medio sin L1; abajo, con L1. El azul añade tinta y el naranja la quita. En
# ambas filas se reconocen algunos trazos; con L1 varios son más limpios, e incluso hay dígitos casi enteros. Cada
# unidad activa aporta su dibujo, multiplicado por su valor; la suma de esos dibujos y del sesgo es la imagen.

# %% [markdown] lang="en"
# Above, the 10 units with the greatest mean value without L1; below, with L1. Blue adds ink and orange takes it away.
# Some strokes can be recognised in both rows; with L1 several are cleaner, and there are even digits that are nearly
# whole. Each active unit adds its drawing, multiplied by its value; the sum of those drawings and of the bias is the
# picture.

# %% [markdown] lang="es"
# ## Quitar el ruido de las imágenes
#
# (Si vienes directamente: **PCA** resume cada imagen en unos pocos números con sumas y productos, y la convolucional de
# antes la resume en 32: `down` reduce el lado a la mitad y `up` lo duplica.)
#
# Un autoencoder con **eliminación de ruido** (*denoising*) recibe la imagen sucia y debe devolver la limpia. El ruido
# es $0.4 \cdot N(0, 1)$ en cada píxel ($N(0, 1)$ es la distribución normal de media 0 y desviación estándar 1), y
# recortamos a $[0, 1]$. La calidad se mide con la **relación señal-ruido de pico** (PSNR), en decibelios o decibeles
# (dB): si los píxeles van de 0 a 1, $\text{PSNR} = -10 \log_{10} \text{MSE}$. Por cada 10 dB más, el MSE es 10 veces
# menor.

# %% [markdown] lang="en"
# ## Removing the noise from pictures
#
# (If you skipped to this section: **PCA** summarises each picture in a few numbers with sums and products, and the
# convolutional network from before summarises it in 32: `down` halves the side and `up` doubles it.)
#
# A **denoising** autoencoder receives the dirty picture and must return the clean one. The noise is
# $0.4 \cdot N(0, 1)$ at each pixel ($N(0, 1)$ is the normal distribution with mean 0 and standard deviation 1), and
# we clip to $[0, 1]$. The quality is measured by the **peak signal-to-noise ratio** (PSNR), in decibels (dB): if the
# pixels go from 0 to 1, $\text{PSNR} = -10 \log_{10} \text{MSE}$. For every 10 dB more, the MSE is 10 times smaller.


# %%
def psnr(output, target):
    return -10 * np.log10(mse(output, target))


# %%
noise = np.random.default_rng(0).standard_normal(x_test.shape, dtype="float32")
noisy = np.clip(x_test + 0.4 * noise, 0, 1)
before = psnr(noisy, x_test)
ck.claim(_("PSNR con ruido, en dB", "PSNR with noise, in dB"), before, at_least=10.5, at_most=11.5)
gain = psnr(project(noisy, 32), x_test) - before
ck.claim(
    _("ganancia de PCA con 32 números, en dB", "gain of PCA with 32 numbers, in dB"), gain, at_least=2, at_most=6.5
)
gain = psnr(rebuild(noisy), x_test) - before
ck.claim(_("ganancia del autoencoder, en dB", "gain of the autoencoder, in dB"), gain, at_least=2, at_most=6.5)

# %% [markdown] lang="es"
# Las dos últimas líneas son nuestras referencias. Proyectar la imagen sucia sobre las 32 componentes principales ya
# quita ruido, porque el ruido que no cabe en ellas se pierde. El autoencoder de antes, que nunca vio ruido, también
# limpia. Medimos siempre con los mismos dígitos de prueba.

# %% [markdown] lang="en"
# The last two lines are our baselines. Projecting the dirty picture onto the 32 principal components already removes
# noise, since the noise that does not fit into them is lost. The autoencoder from before, which never saw noise,
# cleans, too. We always measure on the same test digits.

# %% [markdown] lang="es"
# ### Dos redes
#
# Primero, la misma red de antes, con su código de 32 números, pero entrenada para limpiar. Después, la misma red con
# dos atajos (`skip`): al decodificador le llega también lo que el codificador calculó con lado 7, que se suma, y con
# lado 14, que se concatena, es decir, se añade como canales nuevos (las dos maneras son corrientes). Es la idea de
# **U-Net** (Ronneberger et al., 2015). Ya no hay cuello de botella: por los atajos pasan miles de números, y lo que
# impide copiar es el ruido. Al entrenar, `GaussianNoise` ensucia cada lote con ruido nuevo y `ReLU(max_value=1)`
# recorta a $[0, 1]$; al predecir, no cambian nada.

# %% [markdown] lang="en"
# ### Two networks
#
# First, the same network as before, with its code of 32 numbers, but trained to clean. Then the same network with two
# shortcuts (`skip`): the decoder also receives what the encoder calculated at side 7, which is added, and at side 14,
# which is concatenated, as new channels (both ways are common). This is the idea of **U-Net** (Ronneberger et al.,
# 2015). There is no bottleneck any more: thousands of numbers pass through the shortcuts, and what prevents copying is
# the noise. In training, `GaussianNoise` dirties each batch with new noise and `ReLU(max_value=1)` clips to $[0, 1]$;
# when predicting, they change nothing.


# %%
def denoiser(skip):
    keras.utils.set_random_seed(0)
    inputs = layers.Input((28, 28))
    dirty = layers.ReLU(max_value=1)(layers.GaussianNoise(0.4, seed=0)(inputs))
    fine = down(16)(layers.Reshape((28, 28, 1))(dirty))
    coarse = down(32)(fine)
    code = layers.Dense(32)(layers.Flatten()(coarse))
    h = layers.Reshape((7, 7, 32))(dense(7 * 7 * 32)(code))
    h = up(16)(h + coarse if skip else h)
    h = layers.Concatenate()([h, fine]) if skip else h
    return keras.Model(inputs, layers.Reshape((28, 28))(up(1, None)(h)))


# %% tags=["slow"]
bottleneck = denoiser(skip=False)
train(bottleneck, digits, digits, "mse", **recipe)
gain = psnr(rebuild(noisy, bottleneck), x_test) - before
ck.claim(_("ganancia con el código de 32, en dB", "gain with the code of 32, in dB"), gain, at_least=7)

# %% tags=["slow", "timed"]
cleaner = denoiser(skip=True)
_ = train(cleaner, digits, digits, "mse", **recipe)

# %%
gain = psnr(rebuild(noisy, cleaner), x_test) - before
ck.claim(_("ganancia con los atajos, en dB", "gain with the shortcuts, in dB"), gain, at_least=8.5)

# %%
pictures = np.concatenate([eight, noisy[:8], rebuild(noisy[:8], bottleneck), rebuild(noisy[:8], cleaner)])
alt = _(
    "Cuatro filas de ocho dígitos: limpios, con ruido, limpiados por la red sin atajos y por la red con atajos.",
    "Four rows of eight digits: clean, noisy, cleaned by the network without shortcuts and by the one with them.",
)
ck.plots.images(pictures, columns=8, alt=alt)

# %% [markdown] lang="es"
# De arriba abajo: la imagen limpia, que las redes no reciben; la imagen sucia; lo que devuelve la red del código de 32
# números, y lo que devuelve la red con atajos. Las dos ganan más que las dos referencias: entrenar con ruido es lo
# único que distingue a la primera del autoencoder de antes. La red con atajos gana al menos
# [[bound: gain with the shortcuts, in dB]] dB, aunque deja restos débiles de ruido en el fondo. Lo que el ruido borró
# del todo, las redes solo pueden *suponerlo*: mira bien y verás trazos que no son idénticos a los originales. En la
# tercera fila el ruido no es la única causa: el código de 32 números ya cambiaba algunos trazos cuando recibía dígitos
# limpios.

# %% [markdown] lang="en"
# From top to bottom: the clean picture, which the networks do not receive; the dirty picture; what the network with a
# code of 32 numbers returns, and what the network with shortcuts returns. Both gain more than both baselines: training
# with noise is all that sets the first one apart from the autoencoder from before. The network with shortcuts gains at
# least [[bound: gain with the shortcuts, in dB]] dB, though it leaves faint traces of noise on the background. What the
# noise wiped out altogether, the networks can only *guess*: look closely and you will see strokes that are not
# identical to the originals. In the third row the noise is not the only cause: the code of 32 numbers already changed
# some strokes when it received clean digits.

# %% [markdown] lang="es"
# ## Lo que sale mal: inventar con un autoencoder corriente
#
# Si el decodificador convierte códigos en dígitos, ¿podemos inventar dígitos con códigos al azar? Para no juzgar a ojo,
# entrenamos un **juez**: una pequeña red convolucional como la de la [[cnn_mnist]]. El juez *acepta* una imagen si da a
# algún dígito una probabilidad de al menos 0.9.

# %% [markdown] lang="en"
# ## What goes wrong: inventing with an ordinary autoencoder
#
# If the decoder turns codes into digits, can we invent digits with random codes? So as not to judge by eye, we train a
# **judge**: a small convolutional network like the one in [[cnn_mnist]]. The judge *accepts* a picture if it gives some
# digit a probability of at least 0.9.

# %% tags=["slow"]
keras.utils.set_random_seed(0)
narrow = [layers.Reshape((28, 28, 1)), down(16), down(32), layers.Flatten(), layers.Dropout(0.3)]
judge_recipe = {"epochs": 3, "batch_size": 60, "peak": 0.004}
judge = keras.Sequential([layers.Input((28, 28)), *narrow, dense(64), dense(10, "softmax")])
train(judge, digits, y_train, "sparse_categorical_crossentropy", **judge_recipe)
verdicts = predict(judge, x_test)
right, real = np.mean(verdicts.argmax(axis=1) == y_test), np.mean(verdicts.max(axis=1) >= 0.9)


def accepted(pictures):
    return np.mean(predict(judge, pictures).max(axis=1) >= 0.9)


# %%
from scipy.ndimage import gaussian_filter

letters = ck.pictures.letters()
ck.claim(_("exactitud del juez en la prueba", "test accuracy of the judge"), right, at_least=0.95)
ck.claim(_("proporción aceptada de los dígitos reales", "share of real digits accepted"), real, at_least=0.85)
ck.claim(_("proporción aceptada de las letras", "share of letters accepted"), accepted(letters), at_least=0.2)
blurred = accepted(gaussian_filter(x_test, (0, 1, 1)))
ck.claim(_("de los dígitos reales, desenfocados", "of real digits, blurred"), blurred, at_least=0.7)

# %% [markdown] lang="es"
# La tercera línea es una advertencia: el juez acepta también letras (360 mayúsculas que dibuja el curso). Solo aprendió
# a elegir entre diez dígitos, y puede estar muy seguro ante lo que nunca vio. Su veredicto sirve para *comparar*
# inventos, no como prueba de que sean dígitos. ¿Rechaza lo borroso? Desenfocamos los dígitos de prueba (cada píxel pasa
# a ser una media de sus vecinos) y acepta casi tantos: un desenfoque así apenas le estorba.

# %% [markdown] lang="en"
# The third line is a warning: the judge accepts letters too (360 capitals that the course draws). It only learnt to
# choose among ten digits, and it can be very sure about what it has never seen. Its verdict is useful for *comparing*
# inventions, not as a proof that they are digits. Does it reject what is blurred? We blur the test digits (each pixel
# becomes a mean of its neighbours), and it accepts almost as many: such a blur hardly bothers it.

# %% [markdown] lang="es"
# Ahora inventemos. Muestreamos 2000 códigos de la distribución normal que tiene la media y la **covarianza** de los
# códigos de validación: así cada número tiene la media y la varianza que tiene en los códigos reales, y cada par de
# números, su covarianza (la media del producto de sus desviaciones respecto a sus medias); aun así, la forma de la nube
# de códigos reales puede ser muy distinta. Como control, el juez ve también los dígitos de prueba, reconstruidos por el
# mismo decodificador.

# %% [markdown] lang="en"
# Now let us invent. We draw 2000 codes from the normal distribution that has the mean and the **covariance** of the
# validation codes: so each number has the mean and the variance that it has in the real codes, and each pair of numbers
# its covariance (the mean of the product of their deviations from their means); the shape of the cloud of real codes
# may still be quite different. As a control, the judge also sees the test digits, reconstructed by the same decoder.


# %%
def like(codes):
    rng = np.random.default_rng(0)
    return rng.multivariate_normal(codes.mean(axis=0), np.cov(codes.T), 2000).astype("float32")


# %%
inventions = np.clip(predict(decoder, like(predict(encoder, x_valid))), 0, 1)
redrawn, invented = accepted(rebuild(x_test)), accepted(inventions)
ck.claim(_("aceptadas de las reconstrucciones", "accepted of the reconstructions"), redrawn, at_least=0.8)
ck.claim(_("aceptados de los inventos", "accepted of the inventions"), invented, at_most=0.5)

# %% tags=["varies"]
alt = _(
    "Veinte inventos del autoencoder: manchas y garabatos, y algún dígito entre ellos.",
    "Twenty inventions of the autoencoder: smudges and scribbles, and a few digits among them.",
)
ck.plots.images(inventions[:20], columns=10, alt=alt)

# %% [markdown] lang="es"
# Muchos inventos son garabatos. El mismo decodificador dibuja bien con códigos de dígitos reales: lo que falla son los
# códigos inventados. El autoencoder solo aprendió qué hacer con los códigos de imágenes reales, y nadie pidió que esos
# códigos llenaran el espacio latente sin dejar **huecos**.

# %% [markdown] lang="en"
# Many inventions are scribbles. The same decoder draws well from the codes of real digits: it is the invented codes
# that fail. The autoencoder only learnt what to do with the codes of real pictures, and nobody asked those codes to
# fill the latent space without leaving **gaps**.

# %% [markdown] lang="es"

# ## El autoencoder variacional
#
# (Si vienes directamente: el **juez** es un clasificador que acepta una imagen si le da al menos 0.9 a algún dígito; los
# códigos se muestrean de una normal con la media y la covarianza de los reales.)
#
# La idea de Kingma y Welling (2014) tiene dos partes. La primera: que el codificador no dé un punto, sino una
# **nube**, con una media $\mu$ y una desviación estándar $\sigma$ para cada número del código, y que el decodificador
# reconstruya a partir de un punto cualquiera de la nube. Así los vecinos de un código tendrán que significar casi lo
# mismo que él.

# %% [markdown] lang="en"

# ## The variational autoencoder
#
# (If you skipped to this section: the **judge** is a classifier that accepts a picture if it gives at least 0.9 to some
# digit; codes are drawn from a normal with the mean and the covariance of the real ones.)
#
# The idea of Kingma and Welling (2014) has two parts. The first: let the encoder give not a point but a **cloud**, with
# a mean $\mu$ and a standard deviation $\sigma$ for each number of the code, and let the decoder reconstruct from any
# point of the cloud. Then the neighbours of a code will have to mean nearly the same as the code itself.

# %% [markdown] lang="es"
# ### El truco de la reparametrización
#
# ¿Cómo atraviesa el gradiente un muestreo al azar? Sacando el azar fuera de la red: muestreamos un número
# $\varepsilon$ de $N(0, 1)$, que no depende de ningún peso, y calculamos $z = \mu + \sigma \varepsilon$. Probémoslo
# con $\mu = 2$, $\sigma = 0.5$ y cuatro valores de $\varepsilon$.

# %% [markdown] lang="en"
# ### The reparameterization trick
#
# How does the gradient pass through a random draw? By taking the randomness out of the network: we draw a number
# $\varepsilon$ from $N(0, 1)$, which depends on no weight, and calculate $z = \mu + \sigma \varepsilon$. Let us try
# it with $\mu = 2$, $\sigma = 0.5$ and four values of $\varepsilon$.

# %%
epsilon = np.array([-1.5, -0.2, 0.4, 2.0])


def sample(mean, deviation):
    return mean + deviation * epsilon


print(sample(2, 0.5))
print(((sample(2.001, 0.5) - sample(2, 0.5)) / 0.001).round(2))
print(((sample(2, 0.501) - sample(2, 0.5)) / 0.001).round(2))

# %% [markdown] lang="es"
# Arriba, los cuatro $z$. Debajo, cuánto se mueve cada uno por unidad de $\mu$: 1. Y por unidad de $\sigma$: su propio
# $\varepsilon$. Son derivadas corrientes, y la retropropagación puede seguir hacia el codificador. La red da
# $\log \sigma^2$, que puede ser cualquier número; de ahí sale un $\sigma$ positivo, $\sigma = e^{\log \sigma^2 / 2}$.

# %% [markdown] lang="en"
# Above, the four $z$. Below, how far each one moves per unit of $\mu$: 1. And per unit of $\sigma$: its own
# $\varepsilon$. These are ordinary derivatives, and backpropagation can go on to the encoder. The network gives
# $\log \sigma^2$, which may be any number; from it we get a positive $\sigma$, $\sigma = e^{\log \sigma^2 / 2}$.


# %%
class Sampling(layers.Layer):
    def __init__(self):
        super().__init__()
        self.generator = keras.random.SeedGenerator(seed=0)

    def call(self, mean, log_variance):
        epsilon = keras.random.normal(ops.shape(mean), seed=self.generator)
        return mean + ops.exp(log_variance / 2) * epsilon


# %% [markdown] lang="es"
# ### Que las nubes no se encojan
#
# Las nubes estorban a la reconstrucción; si nada lo impide, la red las encogerá hasta que sean casi puntos. De ahí la
# segunda parte de la idea: empujar cada nube hacia $N(0, 1)$. El empuje es la **divergencia de Kullback-Leibler** (la
# KL), que mide cuánto se aparta una distribución de otra. Entre la nube y $N(0, 1)$ tiene una fórmula cerrada; para un
# número del código es
#
# $$\text{KL} = \frac{1}{2} \big(\mu^2 + \sigma^2 - 1 - \log \sigma^2\big)$$
#
# El término $\mu^2$ acerca la nube al centro; el resto vale 0 si $\sigma = 1$ y crece si la nube es más ancha o más
# estrecha.
#
# ### Ejercicio 3: la KL
#
# Escribe la fórmula. ¿Qué nube cuesta más: una del ancho justo pero lejos, con $\mu = 2$ y $\sigma = 1$, o una
# centrada pero casi un punto, con $\mu = 0$ y $\sigma = 0.01$? Predice antes de calcular.

# %% [markdown] lang="en"
# ### So that the clouds do not shrink
#
# The clouds get in the way of the reconstruction; if nothing prevents it, the network will shrink them until they are
# almost points. Hence the second part of the idea: pushing each cloud towards $N(0, 1)$. The push is the
# **Kullback-Leibler divergence** (KL), which measures how far one distribution departs from another. Between the
# cloud and $N(0, 1)$ it has a closed form; for one number of the code it is
#
# $$\text{KL} = \frac{1}{2} \big(\mu^2 + \sigma^2 - 1 - \log \sigma^2\big)$$
#
# The term $\mu^2$ brings the cloud to the centre; the rest is 0 if $\sigma = 1$ and grows if the cloud is wider or
# narrower.
#
# ### Exercise 3: the KL
#
# Write the formula. Which cloud costs more: one of the right width but far away, with $\mu = 2$ and $\sigma = 1$, or
# one at the centre but almost a point, with $\mu = 0$ and $\sigma = 0.01$? Predict before you calculate.


# %%
def kl(mean, deviation):
    return ...


# %% tags=["check"]
def some_values():
    return [kl(0, 1), kl(2, 1), kl(0, 0.01), kl(-1, 0.5)]


hint = _(
    "son cuatro términos y la mitad de su suma; el logaritmo es np.log, y su argumento, el cuadrado",
    "there are four terms and half of their sum; the logarithm is np.log, of the square",
)
ck.check(some_values, [0, 2, 4.10522, 0.818147], hint, tolerance=1e-4)


# %% tags=["solution"]
def kl(mean, deviation):
    return (mean**2 + deviation**2 - 1 - np.log(deviation**2)) / 2


ck.check(some_values, [0, 2, 4.10522, 0.818147], hint, tolerance=1e-4)
print(f"{kl(2, 1):.2f} {kl(0, 0.01):.2f}")

# %% [markdown] lang="es"
# La nube casi puntual cuesta más: 4.11 frente a 2.00. En la red, una capa suma la KL a la pérdida, con un peso $\beta$,
# y devuelve $\mu$ sin cambios: los datos tienen que pasar por esa capa, porque lo que añade a la pérdida una capa que
# no se usa no cuenta. Con $\beta = 1$ es el autoencoder variacional clásico. Higgins et al. (2017) propusieron pesos
# mayores, que empujan más; usaremos $\beta = 3$. Es un valor entre otros; más tarde podrás probar $\beta = 1$.

# %% [markdown] lang="en"
# The cloud that is almost a point costs more: 4.11 against 2.00. In the network, a layer adds the KL to the loss, with
# a weight $\beta$, and returns $\mu$ unchanged: the data have to pass through it, since what a layer adds to the loss
# does not count if nothing calls that layer. With $\beta = 1$ it is the classic variational autoencoder. Higgins et al.
# (2017) proposed larger weights, which push harder; we will use $\beta = 3$. It is one value among others; later on you
# can try $\beta = 1$.


# %%
class Divergence(layers.Layer):
    def __init__(self, beta):
        super().__init__()
        self.beta = beta

    def call(self, mean, log_variance):
        kl = (mean**2 + ops.exp(log_variance) - 1 - log_variance) / 2
        self.add_loss(self.beta * ops.mean(ops.sum(kl, axis=1)))
        return mean


# %% [markdown] lang="es"
# La pérdida de la reconstrucción es la entropía cruzada: la red da a cada píxel una probabilidad de tinta. La *sumamos*
# sobre la imagen, igual que la KL se suma sobre el código. Si los píxeles fueran solo 0 o 1 y $\beta = 1$, la suma de
# esta entropía cruzada y de la KL sería, en media sobre $\varepsilon$, una cota superior de $-\log p(x)$, donde $p(x)$
# es la probabilidad que el decodificador, con códigos sacados de $N(0, 1)$, da a la imagen: al bajar la pérdida, baja
# esa cota. El resto es la red del mapa, con dos salidas en el codificador en lugar de una.

# %% [markdown] lang="en"
# The loss of the reconstruction is the cross-entropy: to each pixel the network gives a probability
# of ink. We *sum* it over the picture, just as the KL is summed over the code. If the pixels were
# only 0 or 1 and $\beta = 1$, the sum of this cross-entropy and the KL would be, on average over
# $\varepsilon$, an upper bound of $-\log p(x)$, where $p(x)$ is the probability that the decoder,
# with codes drawn from $N(0, 1)$, gives to the picture: lowering the loss lowers that bound. The
# rest is the network of the map, with two outputs in the encoder instead of one.


# %%
def picture_loss(target, output):
    return ops.sum(ops.binary_crossentropy(target, output), axis=(1, 2))


# %%
def variational(beta):
    keras.utils.set_random_seed(0)
    picture = layers.Input((28, 28))
    h = dense(64)(dense(128)(layers.Flatten()(picture)))
    mean, log_variance = layers.Dense(2)(h), layers.Dense(2)(h)
    z = Sampling()(Divergence(beta)(mean, log_variance), log_variance)
    encoder = keras.Model(picture, layers.Concatenate()([mean, log_variance]))
    decoder = dense_decoder(2)
    return encoder, decoder, keras.Model(picture, decoder(z))


# %% [markdown] lang="es"
# ### Dos mapas
#
# Entrenamos la misma red dos veces, desde los mismos pesos; solo cambia $\beta$. Con $\beta = 0$ hay nubes, pero nada
# las empuja.

# %% [markdown] lang="en"
# ### Two maps
#
# We train the same network twice, from the same weights; only $\beta$ changes. With $\beta = 0$ there are clouds, but
# nothing pushes them.


# %% tags=["slow"]
clouds, cloud_decoders = {}, {}
for beta in (0, 3):
    cloud_encoder, cloud_decoders[beta], vae = variational(beta)
    train(vae, digits, digits, picture_loss, **map_recipe)
    clouds[beta] = np.split(predict(cloud_encoder, x_test), 2, axis=1)

# %% tags=["varies"]
alt = _(
    "Dos mapas de dígitos. Con beta 0, barrios alargados en un plano muy ancho; con beta 3, una zona más llena, en torno al origen.",
    "Two maps of digits. With beta 0, long neighbourhoods on a very wide plane; with beta 3, a fuller area around the origin.",
)
ck.planes.picture_maps([mean for mean, _ in clouds.values()], x_test, ["$\\beta = 0$", "$\\beta = 3$"], alt=alt)

# %% [markdown] lang="es"
# Mira los ejes: con $\beta = 0$ los códigos se alejan unos de otros; con $\beta = 3$ se reúnen alrededor del origen.
# Midamos dos cosas. El ancho de una nube: su desviación estándar, dividida entre la de los centros de todas las nubes
# (damos la mediana). Y cuántos centros caen en el cuadrado que va de $-2$ a $2$ en los dos ejes, donde cae nueve veces
# de cada diez lo que se muestrea de $N(0, 1)$.

# %% [markdown] lang="en"
# Look at the axes: with $\beta = 0$ the codes move apart; with $\beta = 3$ they gather around the origin. Let us
# measure two things. The width of a cloud: its standard deviation, divided by that of the centres of all clouds (we
# give the median). And how many centres fall into the square from $-2$ to $2$ on both axes, where what is drawn from
# $N(0, 1)$ falls nine times out of ten.

# %%
width = {beta: np.median(np.exp(log / 2) / mean.std(axis=0)) for beta, (mean, log) in clouds.items()}
inside = {beta: np.mean(np.all(np.abs(mean) < 2, axis=1)) for beta, (mean, _log) in clouds.items()}
ck.claim(_("ancho de las nubes, beta = 0", "width of the clouds, beta = 0"), width[0], at_most=0.01)
ck.claim(_("ancho de las nubes, beta = 3", "width of the clouds, beta = 3"), width[3], at_least=0.1)
ck.claim(_("centros en el cuadrado, beta = 0", "centres in the square, beta = 0"), inside[0], at_most=0.5)
ck.claim(_("centros en el cuadrado, beta = 3", "centres in the square, beta = 3"), inside[3], at_least=0.7)

# %% [markdown] lang="es"
# Sin la KL, las nubes son casi puntos, comparadas con lo separadas que están; con ella son mucho más anchas, y la
# mayoría de sus centros cae en el cuadrado. Así sabemos *dónde* muestrear, sin mirar ningún código. ¿Qué dibujan allí
# los dos decodificadores? Decodifiquemos una cuadrícula de ese cuadrado.

# %% [markdown] lang="en"
# Without the KL, the clouds are almost points compared with how far apart they are; with it they are much wider, and
# most of their centres fall into the square. So we know *where* to draw, without looking at any code. What do both
# decoders draw there? Let us decode a grid on that square.

# %% tags=["varies"]
side = np.linspace(-2, 2, 12, dtype="float32")
grid = np.stack(np.meshgrid(side, side[::-1]), axis=-1).reshape(-1, 2)
figure, axes = plt.subplots(1, 2, figsize=(10, 5.2))
for axis, (beta, cloud_decoder) in zip(axes, cloud_decoders.items(), strict=True):
    tiles = predict(cloud_decoder, grid).reshape(12, 12, 28, 28).transpose(0, 2, 1, 3)
    axis.imshow(tiles.reshape(336, 336), extent=(-2.2, 2.2, -2.2, 2.2))
    axis.grid(visible=False)
    axis.set(title=f"$\\beta = {beta}$", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
alt = _(
    "Lo que los dos decodificadores dibujan en cada lugar del cuadrado de −2 a 2: dígitos y, entre ellos, mezclas borrosas.",
    "What both decoders draw at each place of the square from −2 to 2: digits and, between them, blurred mixtures.",
)
ck.plots.show(figure, alt)

# %% [markdown] lang="es"
# El cuadrado es el mismo, pero a la izquierda es una parte pequeña del mapa, y a la derecha contiene la mayoría de los
# códigos. Entre un dígito y otro hay mezclas borrosas, también con la KL, y no aparecen todas las clases. Démosle a la
# red más ayuda: un código de 8 números y la etiqueta.

# %% [markdown] lang="en"
# The square is the same, but on the left it is a small part of the map, and on the right it holds most of the codes.
# Between one digit and another there are blurred mixtures, with the KL too, and not all classes appear. Let us give the
# network more help: a code of 8 numbers, and the label.

# %% [markdown] lang="es"
# ### La etiqueta va aparte; el estilo, en el código
#
# Para elegir *qué* dígito inventar, hacemos el modelo **condicional** (Sohn, Lee y Yan, 2015): las dos mitades reciben
# además la etiqueta, como diez números con un solo 1 (*one-hot*). Así el código, ahora de 8 números, no necesita
# guardar qué dígito es, solo *cómo* está escrito.

# %% [markdown] lang="en"
# ### The label goes in separately; the code keeps the style
#
# To choose *which* digit to invent, we make the model **conditional** (Sohn, Lee and Yan, 2015): both halves also
# receive the label, as ten numbers with a single 1 (one-hot). Then the code, now of 8 numbers, need not hold which
# digit it is, only *how* it is written.


# %%
def conditional(beta):
    keras.utils.set_random_seed(0)
    picture, label = layers.Input((28, 28)), layers.Input((10,))
    h = layers.Concatenate()([layers.Flatten()(picture), label])
    h = dense(64)(dense(128)(h))
    mean, log_variance = layers.Dense(8)(h), layers.Dense(8)(h)
    z = Sampling()(Divergence(beta)(mean, log_variance), log_variance)
    encoder, generator = keras.Model([picture, label], mean), dense_decoder(8 + 10)
    output = generator(layers.Concatenate()([z, label]))
    return encoder, generator, keras.Model([picture, label], output)


# %% [markdown] lang="es"
# ¿Qué ayuda a inventar? Entrenamos la misma red cuatro veces, desde los mismos pesos: sin ninguna de las dos piezas,
# solo con la KL, solo con la etiqueta, y con las dos. (Sin la KL, $\beta = 0$; sin la etiqueta, la red recibe ceros.)
# Cada red reconstruye los dígitos de validación, como control, e inventa 2000 imágenes a partir de códigos muestreados
# como antes. Contamos las que el juez acepta y las que además lee como el dígito pedido. ¿Y cuánto dice el código,
# $\mu$, sobre el dígito? Lo mide la exactitud de una regresión logística que solo recibe $\mu$, con 1000 dígitos que no
# ha visto. Si no dijera nada, rondaría 0.1. (El decodificador recibe $\mu$ con ruido.)

# %% [markdown] lang="en"
# What helps to invent? We train the same network four times, from the same weights: with neither of the two pieces,
# with the KL only, with the label only, and with both. (Without the KL, $\beta = 0$; without the label, the network
# gets zeros.) Each network reconstructs the validation digits, as a control, and invents 2000 pictures from codes drawn
# as before. We count those that the judge accepts and those that it also reads as the digit asked for. And how much
# does the code, $\mu$, say about the digit? We measure that by the accuracy of a logistic regression that only gets
# $\mu$, on 1000 digits that it has not seen. If it said nothing, that would be around 0.1. (The decoder gets $\mu$ with
# noise.)


# %%
from sklearn.linear_model import LogisticRegression


def knowledge(codes, labels):
    codes = (codes - codes.mean(axis=0)) / codes.std(axis=0)
    return LogisticRegression(max_iter=2000).fit(codes[:1000], labels[:1000]).score(codes[1000:], labels[1000:])


# %%
one_hot, wanted = np.eye(10, dtype="float32"), np.arange(2000) % 10


def judged(pictures):
    verdicts = predict(judge, pictures)
    sure = verdicts.max(axis=1) >= 0.9
    return np.mean(sure), np.mean(sure & (verdicts.argmax(axis=1) == wanted))


# %%
def train_and_judge(used, beta):
    style_encoder, generator, vae = conditional(beta)
    train(vae, [digits, used * one_hot[y_train]], digits, picture_loss, **map_recipe)
    real_labels = used * one_hot[y_valid]
    codes = ops.convert_to_numpy(style_encoder([x_valid, real_labels]))
    redrawn = predict(generator, np.hstack([codes, real_labels]))
    new_digits = predict(generator, np.hstack([like(codes), used * one_hot[wanted]]))
    measured = accepted(redrawn), *judged(new_digits), mse(redrawn, x_valid), knowledge(codes, y_valid)
    return np.array(measured), style_encoder, generator, new_digits


# %% tags=["slow"]
neither, kl_only, labelled = (train_and_judge(*pieces)[0] for pieces in ((0, 0), (0, 3), (1, 0)))
both, style_encoder, generator, new_digits = train_and_judge(1, 3)

# %% tags=["varies"]
pieces = _("ninguna|solo la KL|solo la etiqueta|las dos", "neither|KL only|label only|both").split("|")
measures = _(
    "reconstrucciones aceptadas|inventos aceptados|leídos como se pidió",
    "reconstructions accepted|inventions accepted|read as asked for",
).split("|")
results = np.stack([neither, kl_only, labelled, both])
series = {name: values.tolist() for name, values in zip(measures, results.T, strict=False)}
alt = _(
    "Tres barras para cada una de cuatro redes. Solo con las dos piezas son altas las tres.",
    "Three bars for each of four networks. Only with both pieces are all three of them high.",
)
ck.plots.bars(pieces, series, xlabel=_("proporción", "share"), xlim=(0, 1), alt=alt)

# %%
gaps, error = results[:, 0] - results[:, 1], results[:, 3]
ck.claim(
    _("reconstrucciones menos inventos, sin la KL", "reconstructions minus inventions, without the KL"),
    min(gaps[[0, 2]]),
    at_least=0.2,
)
ck.claim(
    _("reconstrucciones menos inventos, con la KL", "reconstructions minus inventions, with the KL"),
    max(gaps[[1, 3]]),
    at_most=0.18,
)
ck.claim(
    _(
        "error de reconstrucción con la KL, dividido entre el error sin ella",
        "reconstruction error with the KL, divided by the error without it",
    ),
    min(error[[1, 3]] / error[[0, 2]]),
    at_least=1.2,
)

# %%
kept = min(neither[0], labelled[0])
ck.claim(_("reconstrucciones aceptadas, sin la KL", "reconstructions accepted, without the KL"), kept, at_least=0.5)
ck.claim(_("reconstrucciones aceptadas, solo la KL", "reconstructions accepted, KL only"), kl_only[0], at_most=0.45)
ck.claim(
    _("sus inventos menos los de ninguna", "its inventions minus those of neither"),
    kl_only[1] - neither[1],
    at_most=-0.05,
)
ck.claim(
    _(
        "inventos aceptados, la mejor de las que no tienen las dos piezas",
        "inventions accepted, the best of those that lack a piece",
    ),
    max(results[:3, 1]),
    at_most=0.5,
)
ck.claim(_("inventos aceptados, las dos piezas", "inventions accepted, both pieces"), both[1], at_least=0.7)
ck.claim(_("leídos como se pidió, las dos piezas", "read as asked for, both pieces"), both[2], at_least=0.7)

# %% [markdown] lang="es"
# Sin la KL, con etiqueta o sin ella, el juez acepta la mayoría de las reconstrucciones de dígitos reales, pero muchos
# menos inventos. Con la KL, los inventos se aceptan casi tanto como las reconstrucciones: la diferencia entre unas y
# otros se reduce. Pero la KL tiene un precio: el error de reconstrucción crece.

# %% [markdown] lang="en"
# Without the KL, with a label or without, the judge accepts most reconstructions of real digits, but far fewer
# inventions. With the KL, inventions are accepted almost as often as reconstructions: the gap between them narrows. But
# the KL has a price: the error of the reconstruction grows.

# %% [markdown] lang="es"
# Solo con la KL, y con este $\beta$, el juez rechaza ya la mayoría de las reconstrucciones, y acepta menos inventos que
# sin ninguna de las dos piezas. Con las dos piezas acepta la mayoría de unas y de otros, y en la mayoría de los
# inventos lee el dígito pedido. (A las redes sin etiqueta no se les pide ninguno: ahí, la tercera barra es casualidad.
# Con las dos piezas se aceptan más reconstrucciones que solo con la etiqueta, aunque su error es mayor: que el juez
# acepte una imagen no significa que se parezca al original. Y hemos entrenado una sola red de cada tipo.)

# %% [markdown] lang="en"
# With the KL only, and this $\beta$, the judge rejects most reconstructions already, and accepts fewer inventions than
# with neither piece. With both pieces it accepts most of both, and in most of the inventions it reads the digit asked
# for. (The networks without a label are asked for none: there, the third bar is chance. With both pieces more
# reconstructions are accepted than with the label only, although their error is larger: being accepted is not the same
# as being like the original. And this is one network of each kind.)

# %%
ck.claim(_("lo que sabe el código, las dos piezas", "what the code knows, both pieces"), both[4], at_most=0.55)
ck.claim(
    _("lo mismo, la menor de las otras tres", "the same, the least of the other three"),
    min(results[:3, 4]),
    at_least=0.57,
)
simple = np.random.default_rng(0).standard_normal((2000, 8), dtype="float32")
share = judged(predict(generator, np.hstack([simple, one_hot[wanted]])))[1]
ck.claim(_("leídos como se pidió, desde N(0, 1)", "read as asked for, from N(0, 1)"), share, at_least=0.5)

# %% [markdown] lang="es"
# El código que menos sabe del dígito es el de la red con las dos piezas, aunque algo sabe todavía: el azar sería 0.1.
# Guardar algo en el código tiene un precio, la KL, y hay menos motivo para pagarlo por lo que la etiqueta ya dice. Con
# una sola de las piezas sabe más: sin la KL no hay precio, y sin la etiqueta no sobra nada. Por eso, quizá, la red que
# solo tiene la etiqueta casi nunca dibuja el dígito pedido: el código ya dice cuál es, y puede no hacerle caso a la
# etiqueta. La última línea muestrea de $N(0, 1)$, hacia la que empuja la KL, sin mirar ningún código: también ahí el
# juez lee el dígito pedido en la mayoría. (En una celda nueva, `train_and_judge(1, 1)[0]` da las mismas cinco medidas
# con $\beta = 1$.)

# %% [markdown] lang="en"
# The code that knows least about the digit is that of the network with both pieces, though it still knows something:
# chance would be 0.1. Holding something in the code has a price, the KL, and there is less reason to pay it for what
# the label already says. With only one of the pieces it knows more: without the KL there is no price, and without the
# label nothing is superfluous. That may be why the network with the label only hardly ever draws the digit asked for:
# the code already says which it is, and the label can be ignored. The last line draws from $N(0, 1)$, towards which the
# KL pushes, without looking at any code: there, too, the judge reads the digit asked for in most of them. (In a new
# cell, `train_and_judge(1, 1)[0]` gives the same five measures with $\beta = 1$.)

# %% tags=["varies"]
alt = _(
    "Treinta dígitos inventados, tres de cada clase, del 0 al 9; muchos se leen, varios son borrosos.",
    "Thirty invented digits, three of each class, from 0 to 9; many can be read, several are blurred.",
)
ck.plots.images(new_digits[:30], columns=10, alt=alt)

# %% [markdown] lang="es"
# Arriba se ven tres inventos de la última red para cada clase; algunos no se leen, y casi todos son algo borrosos, como
# los del paseo. Una razón posible: la entropía cruzada de un píxel también es mínima, en promedio, en la media de sus
# valores posibles, y lo que mostramos es esa media. Otra: quizá las nubes se solapan, y un mismo código puede venir de
# varios dígitos. No las hemos separado.

# %% [markdown] lang="en"
# Above we see three inventions of the last network for each class; some can't be read, and nearly all are a little
# blurred, like those of the walk. One possible reason: the cross-entropy of a pixel, too, is least, on average, at the
# mean of its possible values, and that mean is what we show. Another: perhaps the clouds overlap, and the same code may
# come from several digits. We have not separated them.

# %% [markdown] lang="es"
# Que el juez acepte no lo es todo: no mide la variedad (una red que dibujara siempre el mismo 0 sería aceptada todas
# las veces), y puede aceptar un dígito típico antes que uno real pero raro.

# %% [markdown] lang="en"
# Being accepted is not everything: the judge does not measure variety (a network that always drew the same 0 would be
# accepted every time), and it may accept a typical digit sooner than a real but odd one.

# %% [markdown] lang="es"
# ### De un 4 a otro
#
# Tomamos dos cuatros de prueba y mezclamos poco a poco sus códigos: empezamos en el primero y acabamos en el segundo.
# La etiqueta no cambia. (Los extremos de la fila de arriba son las reconstrucciones.) En la fila de abajo mezclamos los
# píxeles.

# %% [markdown] lang="en"
# ### From one 4 to another
#
# We take two test fours and blend their codes step by step: we start at the first code and end at the second. The label
# does not change. (The ends of the row above are the reconstructions.) In the row below we blend the pixels.

# %% tags=["varies"]
style_codes = ops.convert_to_numpy(style_encoder([x_test, one_hot[y_test]]))
share = np.linspace(0, 1, 10, dtype="float32")[:, None]
a, b = 107, 50
codes = (1 - share) * style_codes[a] + share * style_codes[b]
in_code = predict(generator, np.hstack([codes, one_hot[[4] * 10]]))
in_pixels = (1 - share[..., None]) * x_test[a] + share[..., None] * x_test[b]
alt = _(
    "Arriba, un 4 cambia poco a poco de forma hasta ser otro 4; abajo, dos cuatros superpuestos.",
    "Above, a 4 changes shape little by little into another 4; below, two fours on top of each other.",
)
ck.plots.images(np.concatenate([in_code, in_pixels]), columns=10, alt=alt)

# %% [markdown] lang="es"
# Arriba se ve una sola forma cada vez, que cambia poco a poco; se pierde el grosor de los dos originales, y las últimas
# imágenes podrían tomarse por un 9. Abajo se ven dos a la vez, uno que se apaga y otro que se enciende.
#
# ### El estilo de uno, en los otros
#
# Codificamos un dígito de prueba, para quedarnos con su estilo, y decodificamos su código con cada una de las diez
# etiquetas. En la figura, la primera columna es el original; las demás, los diez dígitos.

# %% [markdown] lang="en"
# Above we see one shape at a time, which changes little by little; the thickness of both originals
# is lost, and the last pictures could be taken for a 9; below we see two at once, one fading out
# and the other fading in.
#
# ### The style of one, on the others
#
# We encode a test digit, to keep its style, and decode its code with each of the ten labels. In the figure, the first
# column is the original; the others, the ten digits.

# %% tags=["varies"]
rows = []
for i in (4, 29, 43, 50, 57):
    row = predict(generator, np.hstack([style_codes[[i] * 10], one_hot]))
    rows.append(np.concatenate([x_test[i : i + 1], row]))
alt = _(
    "Cinco filas: un dígito real y los diez dígitos, dibujados con el código de su estilo.",
    "Five rows: a real digit and the ten digits, drawn with the code of its style.",
)
ck.plots.images(np.concatenate(rows), columns=11, alt=alt)

# %% [markdown] lang="es"
# ¿Se transmite de verdad el estilo? Midamos la **inclinación**: cuántas columnas avanza la tinta por cada fila que sube
# (la covarianza de fila y columna, dividida entre la varianza de la fila, y con el signo cambiado, porque las filas se
# numeran hacia abajo). Redibujamos 1000 dígitos de prueba como un 4 y calculamos la correlación entre las inclinaciones
# del original y del 4. Como control usamos los mismos cuatros, cada uno emparejado con otro original, casi siempre de
# la misma clase.

# %% [markdown] lang="en"
# Is the style really passed on? Let us measure the **slant**: how many columns the ink moves for each row that it rises
# (the covariance of row and column, divided by the variance of the row, with its sign changed, since rows are numbered
# downwards). We redraw 1000 test digits as a 4 and compute the correlation between the slants of the original and of
# the 4. As a control we use the same fours, each paired with another original, nearly always of the same class.


# %%
def slant(picture):
    ink = picture / picture.sum()
    row, column = np.indices((28, 28))
    row, column = row - np.sum(ink * row), column - np.sum(ink * column)
    return -np.sum(ink * row * column) / np.sum(ink * row**2)


# %%
order = np.argsort(y_test[:1000], kind="stable")
originals, style_of_each = x_test[order], style_codes[order]
fours = predict(generator, np.hstack([style_of_each, one_hot[[4] * 1000]]))
slants, new_slants = [slant(picture) for picture in originals], [slant(picture) for picture in fours]
agreement, control = (np.corrcoef(given, new_slants)[0, 1] for given in (slants, np.roll(slants, 1)))
ck.claim(_("correlación de las inclinaciones", "correlation of the slants"), agreement, at_least=0.7)
ck.claim(_("correlación en el control", "correlation in the control"), abs(control), at_most=0.4)

# %% [markdown] lang="es"
# Los originales más inclinados suelen dar cuatros más inclinados; si emparejamos cada 4 con otro original, la
# correlación es mucho menor. No hemos medido otros rasgos del estilo, y algunos dígitos de la figura apenas se leen.

# %% [markdown] lang="en"
# The more slanted originals usually give more slanted fours; if we pair each 4 with another original, the correlation
# is much smaller. We have not measured other features of the style, and some digits in the figure can hardly be read.

# %% [markdown] lang="es"
# ## Encontrar lo que no es un dígito
#
# Un autoencoder suele reconstruir peor lo que no conoce: un error grande puede delatar a un intruso. Para que el
# detector sirva hay que poner una **alarma**, un error a partir del cual avisa. La colocamos en el error que solo un
# 5 % de los dígitos de *validación* llega a superar, y la evaluamos con los de prueba. Los intrusos son las letras de
# antes (algunas, como la O y la I, son casi dígitos) y los dígitos de prueba girados 90 grados, sin los ceros. En la
# figura, arriba están las imágenes y abajo sus reconstrucciones; la palabra *alarma* está sobre las que la hacen sonar.

# %% [markdown] lang="en"
# ## Finding what is not a digit
#
# An autoencoder is usually worse at reconstructing what it does not know: a large error may give an intruder away. To
# be of use, the detector needs an **alarm**, an error above which it warns. We set it at the error that only 5% of the
# *validation* digits exceed, and evaluate it on the test digits. The intruders are the letters from before (some, like
# O and I, are almost digits) and the test digits turned by 90 degrees, without the zeros. In the figure, the pictures
# are above and their reconstructions below; the word *alarm* stands above those that set it off.


# %%
def errors(pictures, model=rebuild):
    return np.mean((model(pictures) - pictures) ** 2, axis=(1, 2))


def detected(pictures, model=rebuild):
    alarm = np.quantile(errors(x_valid, model), 0.95)
    return np.mean(errors(pictures, model) > alarm)


# %% tags=["varies"]
alarm = np.quantile(errors(x_valid), 0.95)
turned = np.rot90(x_test[y_test != 0], axes=(1, 2))
shown = np.concatenate([x_test[:3], turned[:3], letters[[0, 100, 200]]])
titles = [_("alarma", "alarm") if error > alarm else "" for error in errors(shown)]
alt = _(
    "Tres dígitos, tres dígitos girados y tres letras; debajo, sus reconstrucciones. Unas tienen encima la palabra alarma.",
    "Three digits, three turned digits and three letters; below, their reconstructions. Some have the word alarm above.",
)
ck.plots.images(np.concatenate([shown, rebuild(shown)]), titles + [""] * 9, columns=9, alt=alt)

# %%
false_alarms, recall, share_32 = (np.mean(errors(pictures) > alarm) for pictures in (x_test, turned, letters))
ck.claim(_("proporción de falsas alarmas", "share of false alarms"), false_alarms, at_most=0.08)
ck.claim(_("dígitos girados detectados", "turned digits detected"), recall, at_least=0.5)
ck.claim(_("letras detectadas", "letters detected"), share_32, at_least=0.35)

# %%
by_pca = detected(letters, lambda pictures: project(pictures, 32))
ck.claim(_("letras detectadas con PCA", "letters detected with PCA"), by_pca, at_most=0.35)

# %% [markdown] lang="es"
# Las falsas alarmas no son justo un 5 %: la alarma se puso con otros dígitos. La red nunca entrenó con un intruso, y
# aun así detecta la mayoría de los dígitos girados; en cambio, se le escapan muchas letras. Con PCA, también con 32
# números y con una alarma puesta del mismo modo, se escapan más letras.
#
# ### Precisión y exhaustividad
#
# La proporción de intrusos detectados se llama **exhaustividad** (*recall*), $R$. La **precisión**
# (*precision*) pregunta al revés: de las veces que suena la alarma, ¿en cuántas hay un intruso? Si
# los intrusos (aquí, solo los dígitos girados) son una proporción $s$ de las imágenes y $F$ es la
# proporción de falsas alarmas, la alarma suena con razón en una proporción $s \cdot R$, y sin razón
# en $(1 - s) \cdot F$.

# %% [markdown] lang="en"
# The false alarms are not exactly 5%: the alarm was set with other digits. The network never trained on an intruder,
# and even so it detects most of the turned digits; many letters, however, escape it. With PCA, also with 32 numbers and
# with an alarm set in the same way, more letters escape.
#
# ### Precision and recall
#
# The share of intruders that are detected is called **recall**, $R$. **Precision** asks the
# reverse: of the times that the alarm sounds, in how many is there an intruder? If the intruders
# (here only the turned digits) are a share $s$ of the pictures and $F$ is the share of false
# alarms, the alarm sounds rightly in a share $s \cdot R$, and wrongly in $(1 - s) \cdot F$.


# %%
def precision(s):
    rightly, wrongly = s * recall, (1 - s) * false_alarms
    return rightly / (rightly + wrongly)


ck.claim(_("precisión si la mitad son intrusos", "precision if half are intruders"), precision(1 / 2), at_least=0.85)
ck.claim(_("precisión con un intruso entre mil", "precision, one intruder in 1000"), precision(0.001), at_most=0.05)

# %% [markdown] lang="es"
# El mismo detector acierta en la mayoría de sus alarmas cuando la mitad de las imágenes son intrusos; cuando lo es una
# entre mil, la mayoría de sus alarmas son falsas. A un detector hay que juzgarlo con la proporción de intrusos que
# encontrará de verdad.
#
# ### Ejercicio 4: engaña al detector
#
# Haz una imagen de 28 × 28, con píxeles de 0 a 1, que **no sea un dígito** y que aun así no haga sonar la alarma. La
# comprobación exige que el juez no la acepte o que tenga menos tinta que todos los dígitos de validación. (El juez
# también rechaza algunos dígitos reales: la comprobación no puede saber si tu imagen es uno.) ¿Qué te dice eso del
# detector?

# %% [markdown] lang="en"
# Most alarms of the same detector are right when half of the pictures are intruders; when one in a thousand is, most of
# its alarms are false. A detector must be judged with the share of intruders that it will really meet.
#
# ### Exercise 4: fool the detector
#
# Make a picture of 28 × 28, with pixels from 0 to 1, that is **not a digit** and yet does not set off the alarm. The
# check demands that the judge not accept it, or that it hold less ink than any validation digit. (The judge rejects
# some real digits, too: the check can't know whether your picture is one.) What does that tell you about the detector?

# %%
impostor = ...


# %% tags=["check"]
def fools_the_detector(picture):
    picture = np.asarray(picture, "float32").reshape(1, 28, 28)
    in_range = picture.min() >= 0 and picture.max() <= 1
    no_ink = picture.sum() < x_valid.sum(axis=(1, 2)).min()
    return in_range and errors(picture)[0] < alarm and (no_ink or not accepted(picture))


hint = _(
    "un error pequeño es fácil cuando casi no hay nada que reconstruir",
    "a small error is easy when there is hardly anything to reconstruct",
)
ck.check(impostor, fools_the_detector, hint)

# %% tags=["solution"]
impostor = np.zeros((28, 28))
ck.check(impostor, fools_the_detector, hint)

# %% [markdown] lang="es"
# La imagen sin tinta no es un dígito, y es fácil de reconstruir. **Un error pequeño no prueba que la imagen sea
# normal**: solo dice que era fácil de reconstruir.
#
# ### Ejercicio 5: predecir, cambiar y medir
#
# Elige otro tamaño para el código convolucional: de 1 a 16 números, o de 64 a 200. Antes de entrenar, predice su error
# de prueba, dividido entre el error que deja el código de 32 números. La comprobación entrena la red y da por buena una
# predicción que se aleje un 25 % como mucho. ¿Y detectará tu código mejor las letras que el de 32? Predícelo también:
# la comprobación lo mide, pero no lo califica.

# %% [markdown] lang="en"
# The picture without ink is not a digit, and it is easy to reconstruct. **A small error does not prove that the picture
# is normal**: it only says that the picture was easy to reconstruct.
#
# ### Exercise 5: predict, change and measure
#
# Choose another size for the convolutional code: from 1 to 16 numbers, or from 64 to 200. Before training, predict its
# test error, divided by the error that the code of 32 numbers leaves. The check trains the network and accepts a
# prediction that is off by at most 25%. And will your code detect letters better than that of 32? Predict that too: the
# check measures it, but does not mark it.

# %%
my_size, my_prediction = ..., ...


# %% tags=["check"]
caught = {32: share_32}


def predicts_well(answer):
    if not (1 <= answer[0] <= 16 or 64 <= answer[0] <= 200):
        return False
    network = keras.Sequential(convolutional(answer[0]))
    train(network, digits, digits, "mse", **recipe)
    measured = mse(rebuild(x_test, network), x_test) / mse(rebuild(x_test), x_test)
    ck.claim(_("cociente de los errores", "ratio of the errors"), measured, at_least=1 if answer[0] < 32 else 0)
    caught[answer[0]] = detected(letters, lambda pictures: rebuild(pictures, network))
    ck.claim(_("proporción de letras detectadas", "share of letters detected"), caught[answer[0]], at_least=0)
    return abs(answer[1] - measured) <= 0.25 * measured


hint = _(
    "un código más pequeño deja más error: ¿cuánto más? Prueba antes project(x_test, k), con k hasta 32",
    "a smaller code leaves more error: how much more? Try project(x_test, k) first, with k up to 32",
)
ck.check([my_size, my_prediction], predicts_well, hint)

# %% tags=["solution", "slow"]
my_size, my_prediction = 8, 3
ck.check([my_size, my_prediction], predicts_well, hint)
gain = caught[8] - caught[32]
ck.claim(_("letras que se ganan con 8 números", "letters gained with 8 numbers"), gain, at_least=0.05)

# %% [markdown] lang="es"
# Con 8 números el error es mayor, y aun así la alarma detecta más letras que con 32. **Reconstruir
# mejor no es detectar mejor**: aquí, con una red de cada tamaño y con letras.

# %% [markdown] lang="en"
# With 8 numbers the error is greater, and yet the alarm detects more letters than with 32.
# **Reconstructing better is not detecting better**: here, with one network of each size and with
# letters.

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Un autoencoder aprende a reconstruir su entrada, sin etiquetas, a través de un cuello de botella.
# - El autoencoder lineal encuentra el subespacio de PCA: por Pitágoras, el menor error es la mayor varianza. Con capas
#   ocultas y convoluciones, un código del mismo tamaño dejó menos error que PCA.
# - El espacio latente sirve para hacer mapas, agrupar y buscar. El error delata a muchos intrusos, no a todos.
# - Con L1 hay menos unidades activas, y el error es mayor. El que recibe imágenes con ruido aprende a limpiarlas.
# - El autoencoder variacional da nubes en lugar de puntos; la KL evita que se encojan y las reúne, así que sabemos
#   dónde muestrear, a cambio de más error. Con la KL y la etiqueta aparte, el juez leyó en la mayoría de los inventos
#   el dígito pedido.

# %% [markdown] lang="en"
# ## What we learnt
#
# - An autoencoder learns to reconstruct its input, without labels, through a bottleneck.
# - The linear autoencoder finds the subspace of PCA: by Pythagoras, the least error is the greatest variance. With
#   hidden layers and convolutions, a code of the same size left less error than PCA.
# - The latent space is good for maps, grouping and searching. The error gives many intruders away, not all.
# - With L1 there are fewer active units, and the error is greater. One that receives noisy pictures learns to clean
#   them.
# - The variational autoencoder gives clouds instead of points; the KL keeps them from shrinking and gathers them, so
#   that we know where to draw, at the price of more error. With the KL and the label set apart, the judge read the
#   digit asked for in most of the inventions.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - Baldi y Hornik (1989), *Neural networks and principal component analysis*; Hinton y Salakhutdinov (2006),
#   *Reducing the dimensionality of data with neural networks*.
# - Vincent, Larochelle, Bengio y Manzagol (2008), *Extracting and composing robust features with denoising
#   autoencoders*; Ronneberger, Fischer y Brox (2015), *U-Net*.
# - Kingma y Welling (2014), *Auto-encoding variational Bayes*; Sohn, Lee y Yan (2015), *Learning structured output
#   representation using deep conditional generative models*; Higgins et al. (2017), *beta-VAE*.

# %% [markdown] lang="en"
# ## Further reading
#
# - Baldi and Hornik (1989), *Neural networks and principal component analysis*; Hinton and Salakhutdinov (2006),
#   *Reducing the dimensionality of data with neural networks*.
# - Vincent, Larochelle, Bengio and Manzagol (2008), *Extracting and composing robust features with denoising
#   autoencoders*; Ronneberger, Fischer and Brox (2015), *U-Net*.
# - Kingma and Welling (2014), *Auto-encoding variational Bayes*; Sohn, Lee and Yan (2015), *Learning structured
#   output representation using deep conditional generative models*; Higgins et al. (2017), *beta-VAE*.
