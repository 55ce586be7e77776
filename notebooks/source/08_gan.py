# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Redes que compiten: inventar caras"
#       en: "Networks that compete: inventing faces"
#     limits: {seconds: 100, cell_seconds: 50, memory_mb: 1400}
#     data: [inventors.npz]
#     needs: [mlp, cnn_mnist, autoencoder]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - explicar el juego entre un generador y un discriminador, jugarlo en una dimensión con los gradientes escritos a mano
#   y jugarlo con Keras;
# - entrenar una red que inventa caras, y pedirle una «con gafas y sonriente»;
# - medir lo que inventa (qué falta, qué está mal, qué copia) y comparar esa red con un VAE y con la difusión;
# - reconocer lo que suele salir mal y remediarlo.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos; leerla y resolverla, unas 2 horas. Para
# una clase de una hora, ejecútala entera y lee hasta el final de «La pérdida no dice cuándo la GAN es buena» (de los
# gradientes a mano, solo las dos pérdidas y el párrafo sobre L2; salta las otras tasas); después, el comienzo de «Tres
# maneras de inventar», «Tres hojas» y los vídeos. **Necesitas**: Python, la [[mlp]], la [[cnn_mnist]] y la
# [[autoencoder]].

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - explain the game between a generator and a discriminator, play it in one dimension with gradients by hand, and with
#   Keras;
# - train a network that invents faces, and ask it for one "with glasses, smiling";
# - measure what it invents (what is missing, wrong, copied) and compare it with a VAE and with diffusion;
# - recognise what usually goes wrong, and fix it.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores; reading and solving it, about 2 hours. For a
# one-hour class, run all of it and read to the end of "The loss does not say when the GAN is good" (of the gradients by
# hand only the two losses and the paragraph on L2; no other rates); then the beginning of "Three ways of inventing",
# "Three sheets" and the videos. **You need**: Python, [[mlp]], [[cnn_mnist]] and [[autoencoder]].

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %%
figure, axis = ck.diagrams.canvas(17, 5.4)
names = _(
    "ruido|generador|cara inventada|cara dibujada|discriminador|¿de verdad?",
    "noise|generator|invented face|drawn face|discriminator|real?",
).split("|")
places = [(1.4, 3.4), (4.5, 3.4), (8, 3.4), (8, 1.2), (11.7, 2.3), (15.3, 2.3)]
for (x, y), name in zip(places, names, strict=True):
    ck.diagrams.box(axis, x, y, name, width=3.2 if 7 < x < 13 else 2.6, height=1.1)
for start, end in [((2.7, 3.4), (3.2, 3.4)), ((5.8, 3.4), (6.4, 3.4)), ((9.6, 3.4), (10.2, 2.8))]:
    ck.diagrams.arrow(axis, start, end)
for start, end in [((9.6, 1.2), (10.2, 1.8)), ((13.3, 2.3), (13.9, 2.3))]:
    ck.diagrams.arrow(axis, start, end)
axis.plot([15.3, 15.3, 4.5], [2.9, 4.8, 4.8], color=ck.style.ORANGE, lw=2)
ck.diagrams.arrow(axis, (4.5, 4.8), (4.5, 4), colour=ck.style.ORANGE)
axis.text(9.6, 5, _("gradiente: cómo engañarlo mejor", "gradient: how to fool it better"), ha="center", va="bottom")
alt = _(
    "El generador convierte ruido en caras; el discriminador dice si una cara es dibujada o inventada.",
    "The generator turns noise into faces; the discriminator says whether a face is drawn or invented.",
)
ck.plots.show(figure, alt)

# %% [markdown] lang="es"
# Un falsificador imprime billetes; un juez los examina. El juez aprende a distinguirlos de los buenos; el falsificador
# aprende de los fallos del juez. Si los dos mejoran a la vez, al final los billetes falsos son muy buenos.
#
# Goodfellow y otros hicieron de esto, en 2014, una manera de entrenar redes: la **red generativa antagónica**
# (*generative adversarial network*, **GAN**). El **generador** $G$ convierte ruido $z$ en un ejemplo inventado $G(z)$,
# y el **discriminador** $D$ da la probabilidad de que un ejemplo sea de verdad. El generador nunca ve un ejemplo de
# verdad: todo lo que aprende le llega en el gradiente que atraviesa de vuelta el discriminador. La flecha naranja,
# dibujada por fuera para que se vea, resume ese camino.

# %% [markdown] lang="en"
# A forger prints banknotes; a judge examines them. The judge learns to tell them from good ones; the forger learns from
# the judge's mistakes. If both improve together, in the end the forged notes are very good.
#
# In 2014, Goodfellow and others turned this into a way of training networks: the **generative adversarial network**
# (**GAN**). The **generator** $G$ turns noise $z$ into an invented example $G(z)$, and the **discriminator** $D$ gives
# the probability that an example is real. The generator never sees a real example: all that it learns reaches it in the
# gradient that travels back through the discriminator. The orange arrow, drawn outside so that it can be seen, sums up
# that path.

# %% [markdown] lang="es"
# ## El juego en una dimensión
#
# Empecemos con ejemplos de un solo número. Los de verdad siguen una distribución normal de media $1.5$ y desviación
# estándar 0.5. El generador tiene dos pesos: $g = a z + b$, con $z$ de $N(0, 1)$; sus inventos tienen media $b$ y
# desviación estándar $|a|$. El discriminador tiene tres:
#
# $$s(x) = c_0 + c_1 x + c_2 x^2 \qquad D(x) = \sigma(s(x))$$
#
# Con $x^2$ puede decir que sí en el medio y que no a los dos lados.
#
# ### El valor del juego
#
# $$V = \text{media de} \log D(x) + \text{media de} \log(1 - D(g))$$
#
# El discriminador busca el mayor $V$ posible: $D(x)$ cerca de 1 y $D(g)$ cerca de 0. El generador busca lo contrario, y
# solo puede cambiar el segundo término.

# %% [markdown] lang="en"
# ## The game in one dimension
#
# Let us begin with examples of a single number. The real ones follow a normal distribution with mean $1.5$ and standard
# deviation 0.5. The generator has two weights: $g = a z + b$, with $z$ from $N(0, 1)$; its inventions have mean $b$ and
# standard deviation $|a|$. The discriminator has three:
#
# $$s(x) = c_0 + c_1 x + c_2 x^2 \qquad D(x) = \sigma(s(x))$$
#
# With $x^2$ it can say yes in the middle and no on both sides.
#
# ### The value of the game
#
# $$V = \text{mean of} \log D(x) + \text{mean of} \log(1 - D(g))$$
#
# The discriminator looks for the largest $V$: $D(x)$ near 1 and $D(g)$ near 0. The generator looks for the opposite,
# and can only change the second term.

# %%
import matplotlib.pyplot as plt
import numpy as np


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def D(x, c):
    return sigmoid(c[0] + c[1] * x + c[2] * x**2)


# %%
c, x, z = np.array([0, 0.5, 0]), 2.0, -1.0
a, b = 1.0, 0.0
g = a * z + b
print(f"g = {g:.0f}, D(x) = {D(x, c):.3f}, D(g) = {D(g, c):.3f}")
print(f"V = {np.log(D(x, c)) + np.log(1 - D(g, c)):.3f}")

# %% [markdown] lang="es"
# Es una jugada, con un ejemplo de verdad, $x = 2$, y un invento, $g = -1$. Al discriminador no le va mal: al de verdad
# le da más de 0.5, y al invento, menos.
#
# ### Ejercicio 1: cuando ya nadie distingue
#
# Si los inventos son perfectos, la mejor respuesta del discriminador es $D = 0.5$ siempre. ¿Cuánto vale entonces $V$? Y
# antes de llegar ahí: en un lugar donde los ejemplos de verdad son 3 veces más frecuentes que los inventos, ¿qué
# debería responder $D$? (Cambia los puntos, `...`, por tu respuesta y ejecuta la celda y la comprobación plegada que le
# sigue. Debajo está plegada la solución.)

# %% [markdown] lang="en"
# This is one move, with one real example, $x = 2$, and one invention, $g = -1$. The discriminator is not doing badly:
# it gives the real one more than 0.5, and the invention less.
#
# ### Exercise 1: when nobody can tell any more
#
# If the inventions are perfect, the discriminator's best answer is always $D = 0.5$. What is $V$ then? And before they
# get there: at a place where real examples are 3 times as common as inventions, what should $D$ answer? (Replace the
# dots, `...`, with your answer and run the cell and the folded check that follows. Below it the solution is folded.)

# %%
best_V, best_D = ..., ...

# %% tags=["check"]
hint = _(
    "V es la suma de dos logaritmos (np.log) de 0.5; D es una proporción: de cada 4 ejemplos de allí, ¿cuántos son de verdad?",
    "V is the sum of two logarithms (np.log) of 0.5; D is a share: of every 4 examples found there, how many are real?",
)
ck.check([best_V, best_D], [np.log(0.25), 0.75], hint, tolerance=0.006)

# %% tags=["solution"]
best_V, best_D = np.log(0.5) + np.log(0.5), 3 / 4
ck.check([best_V, best_D], [np.log(0.25), 0.75], hint, tolerance=0.006)
print(f"{best_V:.3f}")

# %% [markdown] lang="es"
# En cada lugar, el mejor discriminador responde la proporción de ejemplos de verdad: $D = p / (p + q)$, si $p$ y $q$
# son las densidades de los de verdad y de los inventos. (Allí cuenta $p \log D + q \log(1 - D)$; su derivada, $p / D -
# q / (1 - D)$, solo es 0 en ese $D$.) Con inventos perfectos, $V = -1.386$, y frente al mejor discriminador no puede
# bajar de ahí: responder siempre 0.5 ya da ese valor, y el mejor no lo hace peor.
#
# ### Los gradientes de una jugada, a mano
#
# Cada jugador baja su propia pérdida. Con $s_x = s(x)$ y $s_g = s(g)$:
#
# $$L_D = -\log \sigma(s_x) - \log(1 - \sigma(s_g)) \qquad L_G = -\log \sigma(s_g)$$
#
# $L_D$ es $-V$. $L_G$ no es $V$: también baja cuando $D(g)$ sube, pero su gradiente no desaparece cuando el
# discriminador gana; en un momento lo veremos. La derivada de $\log \sigma(s)$ es $1 - \sigma(s)$, y la de $\log(1 -
# \sigma(s))$ es $-\sigma(s)$. Por eso:
#
# $$\frac{\partial L_D}{\partial c_1} = (D(x) - 1)\,x + D(g)\,g$$
#
# $$\frac{\partial L_G}{\partial g} = (D(g) - 1)(c_1 + 2 c_2 g) \qquad \frac{\partial L_G}{\partial a} =
# \frac{\partial L_G}{\partial g} z \qquad \frac{\partial L_G}{\partial b} = \frac{\partial L_G}{\partial g}$$
#
# Con nuestros números: $\frac{\partial L_D}{\partial c_1} = -0.269 \cdot 2 + 0.378 \cdot (-1) = -0.915$ y
# $\frac{\partial L_G}{\partial b} = -0.622 \cdot 0.5 = -0.311$. (Calculado con todos los decimales.) Lo comprobamos
# moviendo esos dos pesos una milésima.

# %% [markdown] lang="en"
# At each place the best discriminator gives the share of real examples: $D = p / (p + q)$, with $p$ and $q$ the
# densities of real ones and inventions. (What counts there is $p \log D + q \log(1 - D)$; its derivative, $p / D - q /
# (1 - D)$, is 0 only at that $D$.) With perfect inventions $V = -1.386$, and against the best discriminator it can't be
# less: answering 0.5 everywhere gives that value, and the best does no worse.
#
# ### The gradients of one move, by hand
#
# Each player lowers a loss of its own. With $s_x = s(x)$ and $s_g = s(g)$:
#
# $$L_D = -\log \sigma(s_x) - \log(1 - \sigma(s_g)) \qquad L_G = -\log \sigma(s_g)$$
#
# $L_D$ is $-V$. $L_G$ is not $V$: it, too, falls when $D(g)$ rises, but its gradient does not vanish when the
# discriminator wins; in a moment we will see it. The derivative of $\log \sigma(s)$ is $1 - \sigma(s)$, and that of
# $\log(1 - \sigma(s))$ is $-\sigma(s)$. Therefore:
#
# $$\frac{\partial L_D}{\partial c_1} = (D(x) - 1)\,x + D(g)\,g$$
#
# $$\frac{\partial L_G}{\partial g} = (D(g) - 1)(c_1 + 2 c_2 g) \qquad \frac{\partial L_G}{\partial a} =
# \frac{\partial L_G}{\partial g} z \qquad \frac{\partial L_G}{\partial b} = \frac{\partial L_G}{\partial g}$$
#
# With our numbers: $\frac{\partial L_D}{\partial c_1} = -0.269 \cdot 2 + 0.378 \cdot (-1) = -0.915$ and $\frac{\partial
# L_G}{\partial b} = -0.622 \cdot 0.5 = -0.311$. (Computed with all the decimals.) Let us check by moving those two
# weights a thousandth.


# %%
def judging(c):
    return -np.log(D(x, c)) - np.log(1 - D(g, c))


def forging(b):
    return -np.log(D(a * z + b, c))


nudge = np.array([0, 0.001, 0])
print(f"{(judging(c + nudge) - judging(c)) / 0.001:.3f} {(forging(b + 0.001) - forging(b)) / 0.001:.3f}")

# %% [markdown] lang="es"
# Coinciden. Para un lote de ejemplos, cada gradiente es la media de los gradientes de sus ejemplos. En el programa,
# `np.stack` apila $1$, $x$ y $x^2$, los factores de los tres pesos de $D$, y `decay` resta a cada peso una parte de sí
# mismo: es la regularización L2 de la [[perceptron]], que aquí frena al discriminador.

# %% [markdown] lang="en"
# They agree. For a batch of examples, each gradient is the mean of the gradients of its examples. In the program,
# `np.stack` stacks $1$, $x$ and $x^2$, the factors of the three weights of $D$, and `decay` takes from each weight a
# part of itself: this is the L2 regularisation of [[perceptron]], which here holds the discriminator back.


# %%
def powers(v):
    return np.stack([np.ones_like(v), v, v**2])


def gradients(x, z, a, b, c, decay=0.0):
    g = a * z + b
    for_c = (powers(x) @ (D(x, c) - 1) + powers(g) @ D(g, c)) / len(x)
    for_g = (D(g, c) - 1) * (c[1] + 2 * c[2] * g)
    return np.mean(for_g * z), np.mean(for_g), for_c + decay * c


# %% [markdown] lang="es"
# ### El mismo juego en Keras
#
# `fit` y `train_on_batch` bajan *una* pérdida, y aquí hay dos. La solución: sumarlas, y cortar el gradiente donde no
# debe pasar. `ops.stop_gradient` deja pasar el número, pero no el gradiente:
#
# - en $L_D$, el corte está en los inventos;
# - en $L_G$, el corte está en los pesos del discriminador. `stateless_call` llama a una red con los pesos que le damos;
#   aquí, los suyos, congelados: el gradiente la atraviesa hacia el generador, pero no la cambia.

# %% [markdown] lang="en"
# ### The same game in Keras
#
# `fit` and `train_on_batch` lower *one* loss, and here there are two. The solution: add them up, and cut the gradient
# where it must not pass. `ops.stop_gradient` lets the number through, but not the gradient:
#
# - in $L_D$ the cut is at the inventions;
# - in $L_G$ the cut is at the discriminator's weights. `stateless_call` calls a network with the weights that we give
#   it; here its own, frozen: the gradient passes through it towards the generator, but does not change it.

# %% [markdown] lang="es"
# Así cada peso recibe el gradiente de una sola de las dos pérdidas, y los dos jugadores se mueven a la vez (también se
# suele jugar por turnos). `ops.copy` guarda cada peso tal como está al empezar el paso; sin él, en nuestras pruebas,
# TensorFlow leyó a veces alguno que ya había cambiado. `softplus(-s)` es $-\log \sigma(s)$, y `softplus(s)` es
# $-\log(1 - \sigma(s))$. `fit` recibe el ruido como `x` y los ejemplos de verdad en el lugar de las respuestas, `y`;
# `y_pred` son los inventos. La pérdida va en `compute_loss`, al que Keras llama en cada paso, como en la
# [[style_transfer]], y no usa nada que sea de un solo motor de Keras.

# %% [markdown] lang="en"
# So each weight receives the gradient of only one of the losses, and both players move at once (taking turns is common,
# too). `ops.copy` keeps each weight as it is when the step begins; without it, in our trials, TensorFlow sometimes read
# one that had changed already. `softplus(-s)` is $-\log \sigma(s)$, and `softplus(s)` is $-\log(1 - \sigma(s))$. `fit`
# gets the noise as `x` and the real examples in the place of the answers, `y`; `y_pred` are the inventions. The loss
# goes into `compute_loss`, which Keras calls in each step, as in [[style_transfer]], and uses nothing that belongs to
# one Keras back end only.

# %%
import keras
from keras import layers, ops


# %%
class Game(keras.Model):
    def __init__(self, generator, discriminator):
        super().__init__()
        self.generator, self.discriminator = generator, discriminator

    def call(self, inputs):
        return self.generator(inputs)

    def score(self, weights, examples):
        return self.discriminator.stateless_call(weights, [], examples)[0]

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        weights = [ops.copy(weight) for weight in self.discriminator.trainable_variables]
        frozen = [ops.stop_gradient(weight) for weight in weights]
        real, fake = self.score(weights, y), self.score(weights, ops.stop_gradient(y_pred))
        judging = ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))
        return judging + ops.mean(ops.softplus(-self.score(frozen, y_pred)))


# %% [markdown] lang="es"
# Comparemos. El generador es una capa `Dense` con un solo peso y su sesgo; el discriminador, una `Dense` sobre $x$ y
# $x^2$. Su salida es $s$, sin sigmoide. `start` prepara cualquier red de la lección para entrenarla (`jit_compile` solo
# hace falta con JAX); con `steps_per_execution`, Keras da diez pasos de una vez, que es más rápido. Los dos programas
# parten de los mismos pesos y dan un paso con el mismo lote.

# %% [markdown] lang="en"
# Let us compare. The generator is a `Dense` layer with a single weight and its bias; the discriminator, a `Dense` on
# $x$ and $x^2$. Its output is $s$, without a sigmoid. `start` prepares any network of this lesson for training
# (`jit_compile` is needed with JAX only); with `steps_per_execution` Keras takes ten steps at a time, which is faster.
# Both programs start from the same weights and take one step with the same batch.


# %%
def start(model, optimizer, loss=None):
    jit = keras.config.backend() == "jax"
    model.compile(optimizer, loss, steps_per_execution=10, jit_compile=jit)
    return model


# %%
number = layers.Input((1,))
square = layers.Concatenate()([number, number**2])
small_judge = keras.Model(number, layers.Dense(1)(square))
small_generator = keras.Sequential([layers.Input((1,)), layers.Dense(1)])

# %%
rng = np.random.default_rng(0)
real, noise = rng.normal(1.5, 0.5, 64).astype("float32"), rng.normal(size=64).astype("float32")
small_judge.set_weights([np.array([[0.5], [-0.2]]), np.array([0.1])])
small_generator.set_weights([np.array([[1.0]]), np.array([0.3])])
game = start(Game(small_generator, small_judge), keras.optimizers.SGD(0.3))
game.train_on_batch(noise[:, None], real[:, None])
for_a, for_b, for_c = gradients(real, noise, 1.0, 0.3, np.array([0.1, 0.5, -0.2]))
ours = np.array([1.0, 0.3, 0.5, -0.2, 0.1]) - 0.3 * np.array([for_a, for_b, for_c[1], for_c[2], for_c[0]])
theirs = [weight.ravel() for weight in small_generator.get_weights() + small_judge.get_weights()]
assert np.allclose(np.concatenate(theirs), ours, atol=1e-6)

# %% [markdown] lang="es"
# El `assert` se cumple: después del paso, los cinco pesos coinciden.
#
# ### La partida
#
# Jugamos 600 actualizaciones; en cada una se mueven los dos a la vez, y guardamos los cinco pesos después de cada una.
# En la figura, el número de encima dice cuántas van.

# %% [markdown] lang="en"
# The `assert` holds: after the step, the five weights agree.
#
# ### The match
#
# We play 600 updates; in each one both move at once, and we keep the five weights after each one. In the figure, the
# number on top says how many have been made.


# %%
def play(rate, decay=0.1, steps=600, seed=0):
    rng, a, b, c = np.random.default_rng(seed), 1.0, 0.0, np.zeros(3)
    path = [(a, b, *c)]
    for _ in range(steps):
        for_a, for_b, for_c = gradients(rng.normal(1.5, 0.5, 256), rng.normal(size=256), a, b, c, decay)
        a, b, c = a - rate * for_a, b - rate * for_b, c - rate * for_c
        path.append((a, b, *c))
    return np.array(path)


# %%
from scipy.stats import norm

path, line = play(0.3), np.linspace(-2, 4, 200)
figure, axes = plt.subplots(1, 6, figsize=(10, 2.9), sharey=True)
for axis, step in zip(axes, (0, 10, 20, 50, 100, 600), strict=True):
    wide, middle, *judge = path[step]
    axis.plot(line, norm.pdf(line, 1.5, 0.5), label=_("de verdad", "real"))
    axis.plot(line, norm.pdf(line, middle, abs(wide)), "--", label=_("inventados", "invented"))
    axis.plot(line, D(line, judge), ":", label="$D(x)$", color="black")
    axis.set(title=step, ylim=(0, 1.7), xticks=[-1, 1.5], xlabel="$x$")
axes[0].set_ylabel(_("densidad", "density"))
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
alt = _(
    "Seis momentos: los inventos se acercan a los de verdad, se estrechan y al final los cubren.",
    "Six moments: the inventions approach the real ones, get narrower and in the end cover them.",
)
ck.plots.show(figure, alt)

# %%
mean_error, width_error = (abs(path[-200:, i] - wanted).max() for i, wanted in ((1, 1.5), (0, 0.5)))
ck.claim(_("error de la media, 200 pasos finales", "error of the mean, last 200 steps"), mean_error, at_most=0.15)
ck.claim(_("error de la desviación estándar", "error of the standard deviation"), width_error, at_most=0.15)

# %% [markdown] lang="es"
# Lee la figura de izquierda a derecha. El discriminador aprende que los ejemplos de verdad están a la derecha; los
# inventos van hacia allí; en torno a la actualización 50, $D$ es una colina: los inventos la suben por los dos lados y
# se amontonan; después vuelven a abrirse: en la actualización 100, $D$ es menor en el medio, donde sobran inventos, y a
# ellos les conviene separarse. Al final las dos densidades casi coinciden, y $D$ ya no distingue casi nada. El
# generador lo ha conseguido sin ver un solo ejemplo de verdad.
#
# ### Otras tasas de aprendizaje, y sin freno
#
# El mismo juego, con las mismas semillas, y una tasa de aprendizaje diez veces menor o algo mayor. Y, como control, la
# tasa de antes sin la regularización L2 del discriminador.

# %% [markdown] lang="en"
# Read the figure from left to right. The discriminator learns that the real examples are on the right; the inventions
# go there; around update 50 $D$ is a hill: the inventions climb it from both sides and crowd together; then they spread
# out again: at update 100, $D$ is lower in the middle, where there are too many inventions, and it pays them to move
# apart. In the end the two densities almost coincide, and $D$ can hardly tell them apart. The generator has done it
# without seeing a single real example.
#
# ### Other learning rates, and no brake
#
# The same game, with the same seeds, and a learning rate ten times smaller or somewhat larger. And, as a control, the
# earlier rate without the L2 regularisation of the discriminator.

# %%
games = {f"{rate}": [play(rate, seed=seed) for seed in range(3)] for rate in (0.03, 0.3, 0.5)}
games[_("0.3, sin L2", "0.3, no L2")] = [play(0.3, decay=0, seed=seed) for seed in range(3)]
widths = {_("tasa ", "rate ") + name: np.abs(np.array(paths)[:, :, 0]) for name, paths in games.items()}
labels = {"xlabel": _("actualización", "update"), "ylabel": _("desviación estándar $|a|$", "standard deviation $|a|$")}
alt = _(
    "Con la tasa 0.3 la desviación se queda en 0.5; con 0.03, por debajo; con 0.5, cerca de 0; sin L2 aún oscila.",
    "At rate 0.3 the deviation stays at 0.5; with 0.03, below; with 0.5, near 0; without L2 it still swings.",
)
ck.plots.curves(np.arange(601), widths, level=(_("de verdad", "real"), 0.5), ylim=(0, 1.4), alt=alt, **labels)

# %%
far = {name: np.abs(width[:, -200:] - 0.5) for name, width in widths.items()}
slow, right, fast, free = far.values()
longer, patient = (
    np.abs(np.abs(play(rate, decay, steps=6000)[-200:, 0]) - 0.5) for rate, decay in ((0.03, 0.1), (0.3, 0))
)
print(games["0.5"][0][-4:].round(2))
ck.claim(_("distancia a 0.5, tasa 0.03", "distance to 0.5, rate 0.03"), slow[:, -1].min(), at_least=0.2)
ck.claim(_("distancia a 0.5, diez veces más pasos", "distance to 0.5, ten times the steps"), longer.max(), at_most=0.06)
ck.claim(_("distancia a 0.5, tasa 0.3", "distance to 0.5, rate 0.3"), right.max(), at_most=0.1)
ck.claim(_("distancia a 0.5, tasa 0.5", "distance to 0.5, rate 0.5"), np.median(fast, axis=1).min(), at_least=0.4)
ck.claim(
    _("distancia a 0.5, tasa 0.3 sin L2", "distance to 0.5, rate 0.3 without L2"), free.max(axis=1).min(), at_least=0.3
)
ck.claim(_("sin L2, diez veces más pasos", "without L2, ten times the steps"), patient.max(), at_most=0.07)


# %%
def alone(rate, seed, decay=0.1):
    rng, c, moves = np.random.default_rng(seed), np.zeros(3), []
    for _ in range(600):
        x, z = rng.normal(1.5, 0.5, 256), rng.normal(size=256)
        moves.append(-rate * gradients(x, z, 0.5, 1.5, c, decay)[2])
        c = c + moves[-1]
    return np.abs(moves[-200:]).max(axis=1).mean()


calm_steps, wild_steps = ([alone(rate, seed) for seed in range(3)] for rate in (0.3, 0.5))
ck.claim(_("cambio de c, D solo, tasa 0.3", "change of c, D alone, rate 0.3"), max(calm_steps), at_most=0.1)
ck.claim(_("cambio de c, D solo, tasa 0.5", "change of c, D alone, rate 0.5"), min(wild_steps), at_least=0.8)
free_steps = [alone(0.3, seed, decay=0) for seed in range(3)]
ck.claim(_("cambio de c, D solo, 0.3 sin L2", "change of c, D alone, 0.3 without L2"), max(free_steps), at_most=0.15)

# %% [markdown] lang="es"
# La línea es la media de tres semillas y la banda, lo que abarcan. Con la tasa $0.03$ falta tiempo: con una de las
# semillas y diez veces más pasos, la desviación llega. Sin L2, con la tasa que antes funcionaba, el juego todavía
# oscila, cada vez menos; con una semilla y diez veces más pasos, también llega. Esa oscilación sí es del juego, pues
# cada jugador mueve el suelo que pisa el otro. Si juega solo, contra inventos que no se mueven, el discriminador tiene
# una pérdida en forma de cuenco, con un único fondo: con pasos pequeños baja sin dar vueltas, y con esta tasa se queda
# en el fondo (última línea de la salida). El freno, que es lo único que cambia, acorta el camino: en el equilibrio
# todos los $c$ son 0, y L2 tira de ellos hacia 0, como el roce en un columpio.

# %% [markdown] lang="en"
# The line is the mean of three seeds and the band what they span. At rate $0.03$ there is too little time: with one of
# the seeds and ten times the steps, the deviation gets there. Without L2, at the rate that worked before, the game
# still swings, less and less; with one seed and ten times the steps, it gets there too. That swing does belong to the
# game, since each player moves the ground that the other stands on. If it plays alone, against inventions that do not
# move, the discriminator has a loss shaped like a bowl with one bottom: with small steps it descends without circling,
# and at this rate it stays there (last line of the output). The brake, the only thing that changes, shortens the way:
# at equilibrium all the $c$ are 0, and L2 pulls them towards 0, like friction on a swing.

# %% [markdown] lang="es"
# Con la tasa 0.5 la desviación se queda cerca de 0: todos los inventos son casi el mismo número. Cada fila es una de
# las cuatro últimas actualizaciones; sus columnas son $a$, $b$ y los tres $c$. El discriminador se pasa y cambia de
# opinión en cada una: empuja todos los inventos ahora hacia un lado, ahora hacia el otro, como se ve en $b$. No tiene
# la culpa el juego: `alone` deja solo al discriminador, con inventos perfectos que no se mueven, y con 0.5 también
# salta; con 0.3, no. El paso es demasiado grande para su valle. ¿Y por qué $|a|$ no vuelve a crecer? Cerca de 0 su
# gradiente medio es proporcional a $a$: un punto de reposo. Si $D$ hace un valle donde están los inventos, como sin L2,
# los separa; si es una cuesta empinada, como aquí, empuja más a los rezagados y los junta.

# %% [markdown] lang="en"
# At rate 0.5 the deviation stays near 0: all inventions are nearly the same number. Each row is one of the last four
# updates; its columns are $a$, $b$ and the three $c$. The discriminator overshoots and changes its mind at each one: it
# pushes all the inventions now to one side, now to the other, as $b$ shows. The game is not to blame: `alone` leaves
# the discriminator by itself, with perfect inventions that do not move, and at 0.5 it jumps, too; at 0.3 it does not.
# The step is too large for its valley. Why does $|a|$ not grow again? Near 0 its mean gradient is proportional to $a$:
# a point of rest. If $D$ makes a valley where the inventions are, as without L2, it drives them apart; if it is a steep
# slope, as here, it pushes those behind more and brings them together.

# %% [markdown] lang="es"
# ### Un discriminador demasiado fuerte
#
# ¿Por qué el generador no baja, sencillamente, $\log(1 - \sigma(s_g))$, su parte de $V$? Alejemos los ejemplos de
# verdad, con media 6, y demos al discriminador una fracción $t$ de la puntuación $s$ del mejor, que conocemos:
# $s = \log p - \log q$, porque entonces $\sigma(s) = p / (p + q)$. Con $t = 0$ no sabe nada; con $t = 1$ es el mejor.
# Midamos cuánto empuja cada pérdida a la media de los inventos, $|\partial L / \partial b|$:
#
# $$\frac{\partial}{\partial g} \log(1 - \sigma(s_g)) = -\sigma(s_g)\, s'(g) \qquad
# \frac{\partial}{\partial g} \big(-\log \sigma(s_g)\big) = -(1 - \sigma(s_g))\, s'(g)$$

# %% [markdown] lang="en"
# ### A discriminator that is too strong
#
# Why does the generator not simply lower $\log(1 - \sigma(s_g))$, its part of $V$? Let us move the real examples away,
# to mean 6, and give the discriminator a fraction $t$ of the score $s$ of the best one, which we know:
# $s = \log p - \log q$, since then $\sigma(s) = p / (p + q)$. With $t = 0$ it knows nothing; with $t = 1$ it is the
# best. Let us measure how hard each loss pushes the mean of the inventions, $|\partial L / \partial b|$:
#
# $$\frac{\partial}{\partial g} \log(1 - \sigma(s_g)) = -\sigma(s_g)\, s'(g) \qquad
# \frac{\partial}{\partial g} \big(-\log \sigma(s_g)\big) = -(1 - \sigma(s_g))\, s'(g)$$

# %%
forged, strengths = np.random.default_rng(0).normal(size=2000), np.linspace(0, 1, 41)
best_s = norm.logpdf(forged, 6, 0.5) - norm.logpdf(forged)
best_slope = -(forged - 6) / 0.5**2 + forged
game_value, its_loss = [], []
for t in strengths:
    told = sigmoid(t * best_s)
    game_value.append(abs(np.mean(told * t * best_slope)))
    its_loss.append(abs(np.mean((1 - told) * t * best_slope)))

# %%
series = {"$\\log(1 - D(g))$": game_value, "$-\\log D(g)$": its_loss}
labels = {"xlabel": _("fuerza del discriminador, $t$", "strength of the discriminator, $t$"), "ylabel": "$|∂L/∂b|$"}
alt = _(
    "Con más fuerza, el empuje de la pérdida del juego se desvanece y el de la otra crece.",
    "With more strength, the push of the game's own loss vanishes and that of the other grows.",
)
ck.plots.curves(strengths[1:], {k: v[1:] for k, v in series.items()}, yscale="log", alt=alt, **labels)
ck.claim(_("empuje de log(1 - D), el mejor D", "push of log(1 - D), best D"), game_value[-1], at_most=0.001)
ck.claim(_("empuje de -log D, el mejor D", "push of -log D, best D"), its_loss[-1], at_least=10)

# %% [markdown] lang="es"
# Con $t = 0$ ninguna de las dos pérdidas empuja. A partir del primer punto de la figura, cuanto mejor es el
# discriminador, más seguro está de que $g$ es un invento, $\sigma(s_g) \approx 0$, y menos empuja la primera pérdida:
# es el **desvanecimiento del gradiente**, justo cuando el generador más ayuda necesita. La segunda pérdida lleva el
# factor $1 - \sigma(s_g)$, casi 1, y sí empuja. Los inventos y el discriminador son los mismos: solo cambia la pérdida.
# Por eso `Game` usa $-\log D(g)$.

# %% [markdown] lang="en"
# With $t = 0$ neither loss pushes. From the first point of the figure on, the better the discriminator, the surer it is
# that $g$ is an invention, $\sigma(s_g) \approx 0$, and the less the first loss pushes: this is the **vanishing
# gradient**, just when the generator needs help most. The second loss has the factor $1 - \sigma(s_g)$, nearly 1, and
# pushes. The inventions and the discriminator are the same: only the loss changes. That is why `Game` uses $-\log
# D(g)$.

# %% [markdown] lang="es"
# ## Caras con su tabla
#
# Pasemos a las imágenes. El curso dibuja caras de 32 × 32 píxeles en color, y con cada una da una fila de números: el
# tono de piel (3), el color de pelo (4), el peinado (3), si lleva gafas y si sonríe. Son 144 combinaciones, todas igual
# de probables. La posición, el tamaño, la camiseta, la pared y la mirada también varían, y no están en la tabla. Los
# números son: piel, 0 clara, 1 media, 2 oscura; pelo, 0 negro, 1 castaño, 2 rubio, 3 pelirrojo; peinado, 0 corto, 1
# largo, 2 rizado; gafas y sonrisa, 0 no, 1 sí. Las caras de prueba salen de 14 barajas: `balanced` mezcla 14 veces las
# 144 combinaciones, y cada mezcla es una baraja completa. Así, dos grupos de siete barajas tienen el mismo número de
# cada combinación.

# %% [markdown] lang="en"
# ## Faces with their table
#
# On to pictures. The course draws faces of 32 × 32 pixels in colour, and with each one gives a row of numbers: the skin
# tone (3), the hair colour (4), the hair style (3), whether it wears glasses and whether it smiles. There are 144
# combinations, all equally likely. Place, size, shirt, wall and gaze vary too, and are not in the table. The numbers
# are: skin, 0 light, 1 medium, 2 dark; hair, 0 black, 1 brown, 2 blond, 3 red; style, 0 short, 1 long, 2 curly; glasses
# and smile, 0 no, 1 yes. The test faces come from 14 decks: `balanced` shuffles the 144 combinations 14 times, and each
# deck holds all of them once. So two groups of seven decks have the same number of each combination.

# %%
from itertools import product

from coursekit import faces

COUNT = 4000
x_train, table = faces.draw(COUNT, seed=0)
every = list(product(*map(range, faces.FACTORS.values())))


def balanced(times, seed):
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(every) for _ in range(times)])


# %%
x_test, test_table = faces.draw(14 * len(every), seed=1, factors=balanced(14, 0))
print(x_train.shape, x_test.shape, list(faces.FACTORS))
print(table[:3])


# %%
def show_sheet(pictures, alt, columns=16):
    ck.plots.images(faces.sheet(pictures, columns)[None], columns=1, size=10, alt=alt, jpeg=True)


show_sheet(x_train[:64], _("Hoja de 64 caras dibujadas, todas distintas.", "Sheet of 64 drawn faces, all different."))

# %% [markdown] lang="es"
# Como las dibujamos nosotros, podremos *contar* qué le falta a lo que invente una red: ¿aparece cada combinación?,
# ¿hay gafas en los dos ojos? Con fotos, alguien tendría que haber apuntado antes los rasgos de cada una.
#
# ## Contar, no opinar
#
# Que un invento «parece bueno» no es una medida. Entrenamos un **clasificador de rasgos**: una red convolucional con
# cinco salidas, una por columna de la tabla. Lo que calcula justo antes de responder, 64 números, serán las
# **características** de una imagen.

# %% [markdown] lang="en"
# Since we draw them, we can *count* what is missing from whatever a network invents: does every combination appear? Are
# there glasses on both eyes? With photos, somebody would first have to note down the factors of each one.
#
# ## Counting, not judging by eye
#
# That an invention "looks good" is no measurement. We train a **factor classifier**: a convolutional network with five
# outputs, one for each column of the table. What it computes just before it answers, 64 numbers, will be the
# **features** of a picture.


# %%
def down(filters, inputs, kernel=3):
    return layers.Conv2D(filters, kernel, strides=2, padding="same")(inputs)


# %% tags=["slow"]
keras.utils.set_random_seed(0)
picture = layers.Input((32, 32, 3))
h = picture
for filters in (16, 32, 64):
    h = layers.ReLU()(down(filters, h))
features = layers.Dense(64, activation="relu")(layers.Flatten()(h))
answers = [layers.Dense(kinds, activation="softmax")(features) for kinds in faces.FACTORS.values()]
falling = keras.optimizers.schedules.CosineDecay(0.003, 5 * COUNT // 50)
losses = ["sparse_categorical_crossentropy"] * 5
classifier = start(keras.Model(picture, answers), keras.optimizers.Adam(falling), losses)
reading = {"batch_size": 50, "epochs": 5, "verbose": 0, "callbacks": [ck.live.Progress()]}
_ = classifier.fit(x_train, list(table.T), **reading)

# %% [markdown] lang="es"
# `look` mira imágenes por partes, para no ocupar mucha memoria, y devuelve tres cosas: los rasgos que lee, si la red
# está **segura** (da al menos 0.9 a cada rasgo que lee) y las características.

# %% [markdown] lang="en"
# `look` looks at pictures in parts, so as not to take much memory, and returns three things: the factors that it reads,
# whether the network is **sure** (it gives at least 0.9 to each factor that it reads) and the features.

# %%
eye = keras.Model(picture, [*answers, features])


def look(pictures):
    parts = [eye(pictures[i : i + 100]) for i in range(0, len(pictures), 100)]
    *told, seen = (np.concatenate([ops.convert_to_numpy(p) for p in part]) for part in zip(*parts, strict=True))
    read = np.stack([p.argmax(axis=1) for p in told], axis=1)
    sure = np.min([p.max(axis=1) for p in told], axis=0) >= 0.9
    return read, sure, seen


# %%
read, sure, real_features = look(x_test)
worst = (read == test_table).mean(axis=0).min()
ck.claim(_("exactitud del peor rasgo", "accuracy of the worst factor"), worst, at_least=0.95)
ck.claim(_("caras de prueba leídas con seguridad", "test faces read with confidence"), sure.mean(), at_least=0.85)

# %% [markdown] lang="es"
# ### ¿Está completa?
#
# Un clasificador puede estar seguro ante algo que no es una cara. Por eso le preguntamos también por cada **mitad**: la
# izquierda con su reflejo, y la derecha con el suyo. Llamaremos **completa** a una cara que el clasificador lee con
# seguridad y cuyas mitades coinciden en las gafas y en la sonrisa.

# %% [markdown] lang="en"
# ### Is it complete?
#
# A classifier can be sure about something that is no face. So we also ask it about each **half**: the left one with its
# reflection, and the right one with its own. We will call **complete** a face that the classifier reads with confidence
# and whose halves agree on the glasses and on the smile.


# %%
def complete(pictures):
    left, right = pictures[:, :, :16], pictures[:, :, 16:]
    one = look(np.concatenate([left, left[:, :, ::-1]], axis=2))[0]
    other = look(np.concatenate([right[:, :, ::-1], right], axis=2))[0]
    return look(pictures)[1] & (one[:, 3:] == other[:, 3:]).all(axis=1)


# %% [markdown] lang="es"
# ### La distancia de Fréchet
#
# Las caras completas podrían ser todas la misma. Comparemos también *distribuciones*: las características de 1008
# inventos con las de 1008 caras de prueba, siete de cada combinación. La **distancia de Fréchet** es lo que cuesta
# mover una distribución normal hasta otra, con las medias y las varianzas de esas características (aquí, como es
# costumbre, al cuadrado). Si cada cara diera un solo número, de media $m$ y desviación $s$:
#
# $$F = (m_1 - m_2)^2 + (s_1 - s_2)^2$$

# %% [markdown] lang="en"
# ### The Fréchet distance
#
# The complete faces might all be the same one. So let us compare *distributions* as well: the features of 1008
# inventions with those of 1008 test faces, seven of each combination. The **Fréchet distance** is what it costs to move
# one normal distribution to another, with the means and variances of those features (here squared, as is usual). If
# each face gave a single number, with mean $m$ and deviation $s$:
#
# $$F = (m_1 - m_2)^2 + (s_1 - s_2)^2$$

# %% [markdown] lang="es"
# Pero cada cara da 64: la media $m$ es un vector, y en lugar de una desviación hay una **matriz de covarianza** $C$: la
# varianza de cada característica y, además, cuánto varía cada una junto con cada una de las demás.
#
# $$F = |m_1 - m_2|^2 + \text{traza}\big(C_1 + C_2 - 2 (C_1 C_2)^{1/2}\big)$$
#
# (Con una sola característica es la fórmula de arriba.) La **traza** es la suma de la diagonal, y también la de los
# valores propios; por eso no hace falta calcular $(C_1 C_2)^{1/2}$, la matriz que multiplicada por sí misma da $C_1
# C_2$: basta sumar las raíces de los valores propios de $C_1 C_2$ (números que da `eigvals`, de NumPy), que nunca son
# negativos. La distancia solo compara medias y covarianzas: dos nubes de forma distinta pueden estar a distancia 0. Con
# las características de una red Inception se llama FID (Heusel et al., 2017).

# %% [markdown] lang="en"
# But each face gives 64: the mean $m$ is a vector, and in place of one deviation there is a **covariance matrix** $C$:
# the variance of each feature and, besides, how much each one varies together with every other one.
#
# $$F = |m_1 - m_2|^2 + \text{trace}\big(C_1 + C_2 - 2 (C_1 C_2)^{1/2}\big)$$
#
# (With a single feature it is the formula above.) The **trace** is the sum of the diagonal, and also that of the
# eigenvalues; so there is no need to compute $(C_1 C_2)^{1/2}$, the matrix that times itself gives $C_1 C_2$: it is
# enough to add the roots of the eigenvalues of $C_1 C_2$ (numbers that NumPy's `eigvals` gives), which are never
# negative. The distance compares means and covariances only: two clouds of different shapes can be at distance 0. With
# the features of an Inception network it is called FID (Heusel et al., 2017).

# %% [markdown] lang="es"
# ### Ejercicio 2: la distancia de Fréchet en una dimensión
#
# ¿Qué distancia hay entre unos inventos de media 0 y desviación estándar 2 y los ejemplos de la partida, de media $1.5$
# y desviación estándar 0.5? ¿Y si los inventos tuvieran ya la media exacta, pero fueran todos el mismo número?

# %% [markdown] lang="en"
# ### Exercise 2: the Fréchet distance in one dimension
#
# What is the distance between inventions with mean 0 and standard deviation 2 and the examples of the match, with mean
# $1.5$ and standard deviation 0.5? And if the inventions already had the exact mean, but were all the same number?

# %%
too_wide, all_the_same = ..., ...

# %% tags=["check"]
hint = _(
    "resta las medias, resta las desviaciones, eleva al cuadrado y suma; si todos son iguales, su desviación es 0",
    "subtract the means, subtract the deviations, square and add; if all are the same, their deviation is 0",
)
ck.check([too_wide, all_the_same], [4.5, 0.25], hint)

# %% tags=["solution"]
too_wide, all_the_same = 1.5**2 + (2 - 0.5) ** 2, 0**2 + 0.5**2
ck.check([too_wide, all_the_same], [4.5, 0.25], hint)


# %%
def frechet(one, other):
    apart, c1, c2 = one.mean(axis=0) - other.mean(axis=0), np.cov(one.T), np.cov(other.T)
    roots = np.sqrt(np.linalg.eigvals(c1 @ c2).real.clip(0))
    return apart @ apart + np.trace(c1) + np.trace(c2) - 2 * roots.sum()


# %%
HALF = 7 * len(every)
decks = real_features.reshape(14, len(every), -1)


def deal(seed):
    order = np.random.default_rng(seed).permutation(14)
    return frechet(*(decks[part].reshape(HALF, -1) for part in (order[:7], order[7:])))


halves = np.mean([deal(seed) for seed in range(20)])


# %%
def measures(pictures, real=None):
    real = real_features[:HALF] if real is None else real
    (read, _sure, seen), whole = look(pictures), complete(pictures)
    kinds = len(np.unique(read[whole], axis=0))
    return whole.mean(), kinds, frechet(seen, real) / halves


# %% [markdown] lang="es"
# `measures` da tres números: la proporción de caras completas, cuántas de las 144 combinaciones aparecen entre ellas y
# la distancia de Fréchet, dividida entre la que hay, de media, entre dos mitades de las caras de prueba: siete barajas
# y las otras siete, sorteadas 20 veces. ¿Notan los defectos estas medidas? Probémoslas con caras de prueba y con tres
# estropicios: dos caras fundidas en una, gafas en un solo ojo, y siempre las mismas diez caras.

# %% [markdown] lang="en"
# `measures` gives three numbers: the share of complete faces, how many of the 144 combinations appear among them, and
# the Fréchet distance, divided by its average between two halves of the test faces: seven decks and the other seven,
# dealt 20 times. Do these measures notice faults? Let us try them on test faces and on three kinds of damage: two faces
# blended into one, glasses on one eye only, and always the same ten faces.

# %%
bare, glassed = test_table[HALF:].copy(), test_table[HALF:].copy()
bare[:, 3], glassed[:, 3] = 0, 1
one_lens = faces.draw(HALF, 0, bare)[0]
one_lens[:, :, :16] = faces.draw(HALF, 0, glassed)[0][:, :, :16]
plain = x_test[HALF:]
sets = plain, (x_test[:HALF] + plain) / 2, one_lens, np.tile(plain[:10], (100, 1, 1, 1))
alt = _(
    "Tres filas de caras: de prueba, fundidas de dos en dos y con gafas en un solo ojo.",
    "Three rows of faces: test faces, faces blended in pairs, and faces with glasses on one eye.",
)
show_sheet(np.concatenate([pictures[:10] for pictures in sets[:3]]), alt, columns=10)

# %%
tries = [measures(pictures) for pictures in sets]
good, blended, lens, same_ten = tries
labels = _("de prueba|fundidas|un cristal|las mismas diez", "test faces|blended|one lens|the same ten").split("|")
heads = ["", *_("completas|combinaciones|Fréchet", "complete|combinations|Fréchet").split("|")]
lines = [[name, f"{a:.2f}", f"{b}", f"{c:.1f}"] for name, (a, b, c) in zip(labels, tries, strict=True)]
alt = _("Las tres medidas de los cuatro grupos de caras.", "The three measures of the four groups of faces.")
ck.plots.table([heads, *lines], widths=[3, 2, 2.4, 2], alt=alt)

# %%
ck.claim(_("completas, caras de prueba", "complete, test faces"), good[0], at_least=0.85)
ck.claim(_("combinaciones, caras de prueba", "combinations, test faces"), good[1], at_least=138)
ck.claim(_("completas, fundidas", "complete, blended"), blended[0], at_most=0.4)
ck.claim(_("completas, un solo cristal", "complete, one lens"), lens[0], at_most=0.15)
ck.claim(_("combinaciones, las mismas diez", "combinations, the same ten"), same_ten[1], at_most=10)
ck.claim(_("Fréchet, fundidas", "Fréchet, blended"), blended[2], at_least=120)
ck.claim(_("Fréchet, las mismas diez", "Fréchet, the same ten"), same_ten[2], at_least=200)

# %% [markdown] lang="es"
# La distancia de Fréchet nota los tres estropicios; las otras dos dicen si las caras son malas o se repiten: diez caras
# buenas repetidas cien veces pueden estar completas, pero dan a lo sumo diez combinaciones. Por eso daremos siempre las
# tres medidas. La distancia de las caras de prueba está cerca de 1, como debe ser. (Las mismas diez no salen en la
# figura: son las de la primera fila.)

# %% [markdown] lang="en"
# The Fréchet distance notices all three kinds of damage; the other two tell whether the faces are bad or repeated: ten
# good faces repeated a hundred times may be complete, but give at most ten combinations. So we will always give all
# three measures. The distance of the test faces is near 1, as it should be. (The same ten are not in the figure: they
# are those of the first row.)

# %% [markdown] lang="es"
# ### Lo que las medidas no ven
#
# Una medida solo ve lo que ven sus características, y las del clasificador no tienen por qué ver el ruido fino.
# Ensuciemos las caras de prueba con un ruido de desviación estándar 0.05 en cada píxel. Para la pared hacen falta
# medidas aparte: el **grano**, cuánto se diferencian de media dos píxeles vecinos en las esquinas de arriba, que en las
# caras dibujadas son lisas (dejamos fuera el borde); y la **variedad** de las paredes,
# la desviación estándar de sus colores.

# %% [markdown] lang="en"
# ### What the measures do not see
#
# A measure sees only what its features see, and those of the classifier need not see fine noise. Let us dirty the test
# faces with noise of standard deviation 0.05 at each pixel. The wall needs measures of its own: the **grain**, how much
# two neighbouring pixels differ, on average, in the upper corners, which are smooth in drawn faces (we leave out the
# edge); and the **variety** of the walls, the standard deviation of their colours.


# %%
def grain(pictures):
    corners = [pictures[:, 1:4, 1:5], pictures[:, 1:4, 27:31]]
    return np.mean([np.abs(np.diff(corner, axis=2)).mean() for corner in corners])


def walls(pictures):
    return pictures[:, :3, [0, 1, 30, 31]].mean(axis=(1, 2))


# %%
dirty = plain + 0.05 * np.random.default_rng(0).standard_normal(plain.shape, dtype="float32")
alt = _(
    "Diez caras de prueba; debajo, las mismas con ruido, que se nota sobre todo en la pared.",
    "Ten test faces; below, the same with noise, which shows most on the wall.",
)
show_sheet(np.concatenate([plain[:10], dirty[:10].clip(0, 1)]), alt, columns=10)

# %%
unnoticed = measures(dirty)
ck.claim(_("completas, con ruido", "complete, noisy"), unnoticed[0], at_least=0.85)
ck.claim(_("combinaciones, con ruido", "combinations, noisy"), unnoticed[1], at_least=138)
ck.claim(
    _("Fréchet con ruido, dividida entre la de antes", "Fréchet with noise, divided by that before"),
    unnoticed[2] / good[2],
    at_most=1.2,
)
ck.claim(_("grano, caras de prueba", "grain, test faces"), grain(x_test), at_most=0.01)
ck.claim(_("grano, con ruido", "grain, noisy"), grain(dirty), at_least=0.03)

# %% [markdown] lang="es"
# El ruido se ve a simple vista, y las tres medidas ni se inmutan; el grano sí. Contar no sustituye a mirar.

# %% [markdown] lang="en"
# The noise is plain to the eye, and the three measures do not stir; the grain does. Counting does not replace looking.

# %% [markdown] lang="es"
# ## Una red que inventa caras
#
# ### El generador
#
# Recibe 32 números de ruido y un **deseo**: los cinco rasgos que queremos, como 14 números *one-hot*. Por eso la GAN es
# **condicional** (Mirza y Osindero, 2014). Una capa densa convierte ruido y deseo en 64 mapas de 4 × 4; dos
# convoluciones transpuestas, como las de la [[autoencoder]], doblan el lado, a 8 y a 16, y `paint` llega a 32: amplía
# los mapas y les pasa una convolución corriente; más abajo veremos por qué. (Sin normalización por lotes: con ella, en
# nuestras pruebas, las paredes salían con más grano.)

# %% [markdown] lang="en"
# ## A network that invents faces
#
# ### The generator
#
# It receives 32 numbers of noise and a **wish**: the five factors that we want, as 14 one-hot numbers. So the GAN is
# **conditional** (Mirza and Osindero, 2014). A dense layer turns noise and wish into 64 maps of 4 × 4; two transposed
# convolutions, like those of [[autoencoder]], double the side, to 8 and to 16, and `paint` reaches 32: it enlarges the
# maps and applies an ordinary convolution; further down we will see why. (Without batch normalisation: in our trials,
# the walls came out grainier with it.)

# %% [markdown] lang="es"
# Un dibujo tiene pocos colores y zonas lisas. Por eso el generador pinta por números: elige una **paleta** de 12
# colores y, en cada píxel, un softmax reparte cuánto hay de cada uno. El factor 2 acentúa las diferencias desde el
# principio, para favorecer que domine un color. `Dot` multiplica las dos tablas: 1024 píxeles × 12 colores por 12
# colores × 3.

# %% [markdown] lang="en"
# A drawing has few colours and smooth areas. So the generator paints by numbers: it chooses a **palette** of 12 colours
# and, at each pixel, a softmax decides how much there is of each. The factor 2 sharpens the differences from the start,
# to favour one dominant colour. `Dot` multiplies the two tables: 1024 pixels × 12 colours by 12 colours × 3.


# %%
def active(inputs):
    return layers.LeakyReLU(0.2)(inputs)


def up(filters, inputs):
    return layers.Conv2DTranspose(filters, 4, strides=2, padding="same")(active(inputs))


def paint(maps, inputs):
    enlarged = layers.UpSampling2D(interpolation="bilinear")(active(inputs))
    return layers.Conv2D(maps, 3, padding="same")(enlarged)


# %%
def new_generator():
    noise, wish = layers.Input((32,)), layers.Input((14,))
    both = layers.Concatenate()([noise, wish])
    h = layers.Reshape((4, 4, 64))(layers.Dense(4 * 4 * 64)(both))
    maps = paint(12, up(16, up(32, h)))
    share = layers.Softmax(name="share")(layers.Reshape((1024, 12))(2 * maps))
    palette = layers.Dense(12 * 3, activation="sigmoid")(layers.Dense(64, activation="relu")(both))
    picture = layers.Dot((2, 1))([share, layers.Reshape((12, 3))(palette)])
    return keras.Model([noise, wish], layers.Reshape((32, 32, 3))(picture))


# %% [markdown] lang="es"
# ### El discriminador
#
# Hace el camino contrario, con zancada 2. `LeakyReLU(0.2)` deja pasar un poco de los números negativos, y con ellos un
# poco de gradiente. Al final hay que decidir si la cara parece de verdad *y* si cumple el deseo: a la puntuación de la
# cara se le suma el producto escalar de un resumen de la cara y otro del deseo (Miyato y Koyama, 2018).
#
# Quien mira las caras de una en una no puede ver si todas las paredes son iguales. Por eso `variety` le dice al
# discriminador cuánto varían las caras del lote: las reduce a 4 × 4 píxeles y calcula la desviación estándar de cada
# uno (Karras et al., 2018); `0 * coarse` la repite para cada cara. Los factores 4, -2 y 1 / 8 solo llevan los números a
# una escala cómoda.

# %% [markdown] lang="en"
# ### The discriminator
#
# It goes the opposite way, with stride 2. `LeakyReLU(0.2)` lets a little of the negative numbers through, and with them
# a little gradient. In the end it has to decide whether the face looks real *and* whether it fulfils the wish: to the
# score of the face we add the dot product of a summary of the face and another of the wish (Miyato and Koyama, 2018).
#
# Whoever looks at faces one by one can't see whether all walls are alike. So `variety` tells the discriminator how much
# the faces of the batch vary: it shrinks them to 4 × 4 pixels and computes the standard deviation of each one (Karras
# et al., 2018); `0 * coarse` repeats it for each face. The factors 4, -2 and 1 / 8 only bring the numbers to a
# comfortable scale.


# %%
def summary(pictures):
    h = layers.Rescaling(4, -2)(pictures)
    for filters, kernel in ((16, 2), (32, 3), (64, 3)):
        h = layers.LeakyReLU(0.2)(down(filters, h, kernel))
    return layers.Flatten()(h)


# %%
def variety(pictures):
    coarse = layers.Flatten()(layers.AveragePooling2D(8)(pictures))
    spread = ops.sqrt(ops.var(coarse, axis=0, keepdims=True) + 1e-6)
    return spread + 0 * coarse


# %%
def new_discriminator():
    pictures, wish = layers.Input((32, 32, 3)), layers.Input((14,))
    h = summary(pictures)
    fits = layers.Dot(1)([layers.Dense(64)(h), layers.Dense(64)(wish)])
    score = layers.Dense(1)(layers.Concatenate()([h, 4 * variety(pictures)]))
    return keras.Model([pictures, wish], score + fits / 8)


# %% [markdown] lang="es"
# ### Calma para el discriminador
#
# En una dimensión bastó con L2. Con imágenes se suele frenar la *pendiente*: que la puntuación no cambie demasiado si
# la cara de verdad cambia muy poco. ¿Por qué ahí? En el equilibrio, $D = 0.5$ donde hay caras de verdad, así que allí
# la puntuación es plana: la penalización empuja en esa dirección, como el roce de L2, sin mover el equilibrio.
# Comparamos la puntuación de cada cara con la de la misma cara más un ruido pequeño, dividimos la diferencia entre la
# desviación del ruido en cada píxel, 0.02, y sumamos su cuadrado a la pérdida, con un peso que llamamos `calm`. Antes,
# `FreshGame` sortea un ruido nuevo en cada paso: del que recibe solo toma la forma.

# %% [markdown] lang="en"
# ### Calm for the discriminator
#
# In one dimension L2 was enough. With pictures it is common to hold back the *slope*: the score should not change too
# much if a real face changes very little. Why there? At equilibrium $D = 0.5$ wherever there are real faces, so the
# score is flat there: the penalty pulls in that direction, like the friction of L2, without moving the equilibrium. We
# compare the score of each face with that of the same face plus a little noise, divide the difference by the deviation
# of the noise at each pixel, 0.02, and add its square to the loss, with a weight that we call `calm`. But first,
# `FreshGame` draws new noise at every step: of what it receives it only takes the shape.


# %%
class FreshGame(Game):
    def __init__(self, *networks):
        super().__init__(*networks)
        self.seed = keras.random.SeedGenerator()

    def call(self, inputs):
        noise, *wish = inputs if isinstance(inputs, list | tuple) else [inputs]
        fresh = keras.random.normal(ops.shape(noise), seed=self.seed)
        return self.generator([fresh, *wish] if wish else fresh)


# %% [markdown] lang="es"
# De media sobre los ruidos, ese cuadrado es, casi, el de la longitud del gradiente de la puntuación: es, en versión
# barata, la penalización del gradiente (Mescheder, Geiger y Nowozin, 2018), que aquí no necesita ninguna derivada. El
# peso se elige probando, para cada juego. Los cuatro pares de `pairs` son la cara de verdad, la misma movida, el
# invento que juzga el discriminador y el que mejora el generador. Si hay deseo, `x[1:]`, el discriminador lo recibe
# junto a la cara.

# %% [markdown] lang="en"
# On average over the noises this square is, nearly, that of the length of the gradient of the score: it is a cheap
# version of the gradient penalty (Mescheder, Geiger and Nowozin, 2018), which here needs no derivative. Its weight is
# chosen by trying, for each game. The four pairs in `pairs` are the real face, the same one moved, the invention that
# the discriminator judges and the one that the generator improves. If there is a wish, `x[1:]`, the discriminator
# receives it beside the face.


# %%
class CalmGame(FreshGame):
    def __init__(self, *networks, calm=0.05):
        super().__init__(*networks)
        self.calm = calm

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        live = [ops.copy(weight) for weight in self.discriminator.trainable_variables]
        frozen = [ops.stop_gradient(weight) for weight in live]
        wish = x[1:] if isinstance(x, list | tuple) else []
        near = y + 0.02 * keras.random.normal(ops.shape(y), seed=self.seed)
        pairs = (live, y), (live, near), (live, ops.stop_gradient(y_pred)), (frozen, y_pred)
        real, moved, fake, forged = (self.score(w, [e, *wish] if wish else e) for w, e in pairs)
        loss = sum(ops.mean(ops.softplus(s)) for s in (-real, fake, -forged))
        return loss + self.calm * ops.mean(((moved - real) / 0.02) ** 2)


# %% [markdown] lang="es"
# ### Entrenar y mirar
#
# Entrenamos con Adam y una tasa de aprendizaje que baja como un coseno. Con `use_ema=True`, el optimizador lleva además
# una media móvil de cada peso, y al terminar `fit` la red se queda con esas medias. La razón para probarlo: si un juego
# da vueltas, la media de una vuelta cae dentro de ella. (Cuánto ayuda aquí no lo hemos medido.) Después de cada época
# apuntamos la pérdida y medimos 200 inventos con los pesos del momento, no con sus medias.

# %% [markdown] lang="en"
# ### Train and look
#
# We train with Adam and a learning rate that falls like a cosine. With `use_ema=True` the optimizer also keeps a moving
# average of each weight, and when `fit` ends the network keeps those averages. The reason to try it: if a game goes in
# circles, the average over a lap falls inside it. (How much it helps here we have not measured.) After each epoch we
# note the loss and measure 200 inventions with the weights of the moment, not with their averages.


# %%
def wishes(table):
    return np.hstack([np.eye(kinds, dtype="float32")[table[:, i]] for i, kinds in enumerate(faces.FACTORS.values())])


def new_noise(count, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 32)).astype("float32")


def invent(generator, noise, wish):
    parts = [generator([noise[i : i + 100], wish[i : i + 100]]) for i in range(0, len(noise), 100)]
    return np.concatenate([ops.convert_to_numpy(part) for part in parts])


# %%
BATCH, EPOCHS = 32, 8
drawn, asked = ops.convert_to_tensor(x_train), balanced(7, 1)
wish, some_noise = wishes(asked), new_noise(HALF, 2)
fading = keras.optimizers.schedules.CosineDecay(0.002, EPOCHS * COUNT // BATCH)


def note(epoch, logs):
    diary.append((logs["loss"], *measures(invent(gan.generator, some_noise[:200], wish[:200]))))


# %% tags=["slow"]
keras.utils.set_random_seed(0)
diary, gan = [], CalmGame(new_generator(), new_discriminator())
start(gan, keras.optimizers.Adam(fading, beta_1=0.5, beta_2=0.99, use_ema=True, ema_momentum=0.99))
watch = [ck.live.Progress(), keras.callbacks.LambdaCallback(on_epoch_end=note)]
_ = gan.fit([new_noise(COUNT), wishes(table)], drawn, batch_size=BATCH, epochs=EPOCHS, verbose=0, callbacks=watch)
by_gan = invent(gan.generator, some_noise, wish)

# %% tags=["varies"]
alt = _("Hoja de 64 caras inventadas por la GAN.", "Sheet of 64 faces invented by the GAN.")
show_sheet(by_gan[:64], alt)

# %% tags=["varies"]
painter = keras.Model(gan.generator.inputs, gan.generator.get_layer("share").output)
maps = np.moveaxis(ops.convert_to_numpy(painter([some_noise[:2], wish[:2]])).reshape(2, 32, 32, 12), -1, 1)
grey, blank = np.repeat(maps[..., None], 3, axis=-1), np.ones((2, 1, 32, 32, 3))
alt = _(
    "Dos caras inventadas y, a la derecha de cada una, en dos filas, los doce mapas que dicen dónde va cada color.",
    "Two invented faces and, to the right of each, in two rows, the twelve maps that say where each colour goes.",
)
tiles = np.concatenate([by_gan[:2, None], grey[:, :6], blank, grey[:, 6:]], axis=1)
show_sheet(tiles.reshape(-1, 32, 32, 3), alt, columns=7)

# %%
whole, kinds, distance = measures(by_gan)
obeyed = (look(by_gan)[0] == asked).mean(axis=0)
ck.claim(_("caras completas de la GAN", "complete faces of the GAN"), whole, at_least=0.6)
ck.claim(_("combinaciones de la GAN", "combinations of the GAN"), kinds, at_least=120)
ck.claim(_("distancia de Fréchet de la GAN", "Fréchet distance of the GAN"), distance, at_most=80)
ck.claim(_("acierto en el rasgo que sale peor", "factor least often fulfilled"), obeyed.min(), at_least=0.85)
ck.claim(_("grano de la GAN", "grain of the GAN"), grain(by_gan), at_most=0.04)
variation = walls(by_gan).std(axis=0).mean() / walls(x_test).std(axis=0).mean()
ck.claim(
    _("variedad de las paredes, dividida entre la de prueba", "variety of walls, divided by that of test faces"),
    variation,
    at_least=0.6,
)

# %% [markdown] lang="es"
# Ninguna de esas caras la dibujó el curso: salieron del ruido y del deseo. La segunda figura muestra cómo: a la derecha
# de cada cara, en dos filas, sus doce mapas, más claros donde hay más de ese color. En la pared domina un color; en el
# pelo y la piel se mezclan varios, y algún mapa apenas se usa. Nadie le dijo al generador dónde están el pelo, la piel
# o la pared.

# %% [markdown] lang="en"
# None of those faces was drawn by the course: they came from the noise and the wish. The second figure shows how: to
# the right of each face, in two rows, its twelve maps, lighter where there is more of that colour. On the wall one
# colour dominates; in hair and skin several mix, and some maps are hardly used. Nobody told the generator where hair,
# skin or wall are.

# %% [markdown] lang="es"
# Las líneas con ✔ miden lo que la hoja solo sugiere: cuántas caras están completas, cuántas de las 144 combinaciones
# aparecen en 1008 inventos, con qué frecuencia se cumple el rasgo que sale peor, cuánto grano hay en una esquina de la
# pared, y que la pared cambia de una cara a otra. El grano cambia de un entrenamiento a otro, como veremos en la tabla
# del final, y en algunos la GAN deja motas. La distancia de Fréchet se compara con 1, la de dos grupos de caras de
# prueba. Y la hoja enseña lo que las medidas no cuentan: gafas torcidas, con un cristal emborronado o una barra sobre
# la nariz (para que una cara cuente como completa, basta con que el clasificador lea gafas en las dos mitades), manchas
# en la piel y en el pelo y, en muchas paredes, marcas.

# %% [markdown] lang="en"
# The lines with ✔ measure what the sheet only suggests: how many faces are complete, how many of the 144 combinations
# appear in 1008 inventions, how often the factor that comes out worst is right, how much grain there is in a corner of
# the wall, and that the wall changes from one face to another. The grain changes from one training run to the next, as
# we will see in the table at the end, and in some the GAN leaves specks. The Fréchet distance is to be compared with 1,
# that of two groups of test faces. And the sheet shows what the measures do not count: crooked glasses, with a smudged
# lens or a bar across the nose (a face counts as complete if the classifier reads glasses on both halves), blotches on
# skin and hair and, on many walls, marks.

# %% [markdown] lang="es"
# ### La pérdida no dice cuándo la GAN es buena

# %% [markdown] lang="en"
# ### The loss does not say when the GAN is good

# %% tags=["varies"]
losses, shares, _kinds, distances = np.transpose(diary)
told_by = _("pérdida", "loss"), _("Fréchet", "Fréchet"), _("completas", "complete")
series = dict(zip(told_by, (losses / losses[0], distances / distances[0], shares), strict=True))
labels = {"xlabel": _("época", "epoch"), "ylabel": _("valor", "value")}
alt = _(
    "La distancia de Fréchet cae, hay cada vez más caras completas y la pérdida cambia poco.",
    "The Fréchet distance falls, more and more faces are complete and the loss changes little.",
)
ck.plots.curves(None, series, ylim=(0, 1.5), alt=alt, **labels)

# %%
change, gain = losses[-1] / losses[0], distances[0] / distances[-1]
ck.claim(
    _("pérdida final, dividida entre la primera", "final loss, divided by the first"), change, at_least=0.6, at_most=1.5
)
ck.claim(
    _("cuántas veces menor acaba la distancia de Fréchet", "how many times smaller the Fréchet distance gets"),
    gain,
    at_least=2,
)
ck.claim(_("caras completas que se ganan", "complete faces gained"), shares[-1] - shares[0], at_least=0.2)

# %% [markdown] lang="es"
# La pérdida (la media de cada época) y la distancia están divididas entre las de la primera época. La pérdida cambia
# mucho menos que las medidas: al final se ha movido poco, mientras que la distancia es muchas veces menor. La pérdida
# es la suma de las de los dos jugadores (más la calma), y buena parte de lo que gana uno la pierde el otro. En el
# equilibrio, con $D = 0.5$ en todas partes, la calma sería 0 y la pérdida, $3 \log 2 = 2.079$; pero un generador y un
# discriminador igual de malos también darían eso. Por eso una GAN se vigila con medidas, y mirando.

# %% [markdown] lang="en"
# The loss (the mean of each epoch) and the distance are divided by those of the first epoch. The loss changes far less
# than the measures: in the end it has hardly moved, while the distance is many times smaller. The loss is the sum of
# those of the two players (plus the calm), and much of what one gains the other loses. At equilibrium, with $D = 0.5$
# everywhere, the calm would be 0 and the loss $3 \log 2 = 2.079$; but a generator and a discriminator that are equally
# bad would give that, too. So a GAN is monitored with measures, and by looking.

# %% [markdown] lang="es"
# ### ¿Copia?
#
# Una red que repitiera caras de entrenamiento tendría medidas casi perfectas. Busquemos, para cada invento, la cara de
# entrenamiento más cercana, según la media de los cuadrados de las diferencias entre sus píxeles. ¿Cercana comparada
# con qué? Repetimos la búsqueda entre otras tantas caras recién dibujadas que la red nunca vio (`never_seen`): la red
# que no copia está igual de lejos de unas que de otras, y el cociente, `closeness`, vale cerca de 1. Como control,
# caras de entrenamiento con tanto ruido que quedan tan lejos de su original como lo está cada invento de su cara más
# cercana.

# %% [markdown] lang="en"
# ### Does it copy?
#
# A network that repeated training faces would have nearly perfect measures. For each invention let us look for the
# nearest training face, by the mean of the squared differences of their pixels. Near compared with what? We repeat the
# search among as many freshly drawn faces that the network never saw (`never_seen`): a network that does not copy is
# equally far from both, and the ratio, `closeness`, is near 1. As a control, training faces with so much noise that
# they are as far from their original as the inventions from their neighbour.


# %%
def nearest(pictures, among):
    one, other = pictures.reshape(len(pictures), -1), among.reshape(len(among), -1)
    apart = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    return apart.argmin(axis=1), apart.min(axis=1) / one.shape[1]


never_seen = faces.draw(COUNT, seed=99)[0]


def closeness(pictures):
    return np.median(nearest(pictures, x_train)[1]) / np.median(nearest(pictures, never_seen)[1])


# %% tags=["varies"]
places, near = nearest(by_gan[:400], x_train)
closest = np.argsort(near)[:8]
alt = _(
    "Ocho caras inventadas; debajo, la cara de entrenamiento más cercana: se parecen sin ser iguales.",
    "Eight invented faces; below, the training face nearest to each: alike, not the same.",
)
show_sheet(np.concatenate([by_gan[closest], x_train[places[closest]]]), alt, columns=8)

# %%
ratio = closeness(by_gan[:400])
ck.claim(_("cociente de cercanía, inventos de la GAN", "closeness ratio, inventions of the GAN"), ratio, at_least=0.9)

# %%
spoilt = np.random.default_rng(0).standard_normal((400, 32, 32, 3), dtype="float32")
cheated = x_train[:400] + np.sqrt(np.median(near)) * spoilt
same_distance = np.median(nearest(cheated, x_train)[1]) / np.median(near)
ck.claim(
    _("lejanía, copias entre inventos", "distance, copies over inventions"), same_distance, at_least=0.8, at_most=1.2
)
ck.claim(_("cociente de cercanía, copias con ruido", "closeness ratio, noisy copies"), closeness(cheated), at_most=0.75)

# %% [markdown] lang="es"
# Arriba están los ocho inventos *más* parecidos a una cara de entrenamiento, de 400; debajo, esa cara. Mira en qué se
# parecen y en qué no. Y en general los inventos apenas están más cerca de las caras de entrenamiento que de las nunca
# vistas; las copias con ruido están igual de lejos, pero el cociente las delata.

# %% [markdown] lang="en"
# Above are the eight inventions *most* like a training face, out of 400; below, that face. Look at what they share and
# what they do not. And in general the inventions are hardly closer to the training faces than to those never seen;
# noisy copies are as far away, but the ratio gives them away.

# %% [markdown] lang="es"
# ## Pedir una cara
#
# Una cara «de piel clara, pelirroja, con pelo largo, con gafas y sonriente» es la fila (0, 3, 1, 1, 1). Pidamos ocho,
# con ocho ruidos distintos. Debajo, con los mismos ocho ruidos, la pedimos sin gafas y seria, (0, 3, 1, 0, 0).

# %% [markdown] lang="en"
# ## Asking for a face
#
# A face "with light skin, long red hair, glasses and a smile" is the row (0, 3, 1, 1, 1). Let us ask for eight, with
# eight different noises. Below, with the same eight noises, we ask for no glasses and no smile, (0, 3, 1, 0, 0).

# %% tags=["varies"]
eight = some_noise[[*range(8)] * 2]
rows = np.repeat([[0, 3, 1, 1, 1], [0, 3, 1, 0, 0]], 8, axis=0)
alt = _(
    "Ocho caras pelirrojas con gafas y sonrisa; debajo, las mismas sin gafas y serias.",
    "Eight red-haired faces with glasses and a smile; below, the same without glasses and serious.",
)
show_sheet(invent(gan.generator, eight, wishes(rows)), alt, columns=8)

# %%
redhead = np.repeat([[0, 3, 1, 1, 1]], 100, axis=0)
alike = invent(gan.generator, some_noise[:100], wishes(redhead)), faces.draw(100, 0, redhead)[0]
invented, painted = (made[:, 8:24, 8:24].std(axis=0).mean() for made in alike)
ck.claim(
    _(
        "variedad con un mismo deseo, dividida entre la dibujada",
        "variety with one wish, divided by that of drawn faces",
    ),
    invented / painted,
    at_most=0.7,
)

# %% [markdown] lang="es"
# El deseo decide los rasgos; el ruido decide la pared, que cambia poco con otro deseo, y en buena parte la camiseta. Lo
# demás apenas varía: con un mismo deseo, las caras se parecen más entre sí que las dibujadas, como se ve al medir el
# centro de la imagen. ¿De verdad manda el deseo? Si barajamos los deseos, los rasgos leídos deberían coincidir con
# ellos solo por azar.
#
# ### Ejercicio 3: el azar
#
# Si deseo y cara no tuvieran relación, ¿en qué proporción de las caras coincidirían los cinco rasgos? Todas las
# combinaciones son igual de probables.

# %% [markdown] lang="en"
# The wish decides the factors; the noise decides the wall, which changes little with another wish, and to a large
# extent the shirt. The rest hardly varies: with the same wish the faces are more alike than drawn ones, as measured in
# the middle of the picture. Is it really the wish that decides? If we shuffle the wishes, the factors read should agree
# with them only by chance.
#
# ### Exercise 3: chance
#
# If wish and face had nothing to do with each other, in what share of the faces would all five factors agree? All
# combinations are equally likely.

# %%
by_chance = ...

# %% tags=["check"]
hint = _(
    "¿cuántas combinaciones hay? Solo una es la pedida",
    "how many combinations are there? Only one is the one asked for",
)
ck.check(by_chance, 1 / 144, hint, tolerance=0.0002)

# %% tags=["solution"]
by_chance = 1 / (3 * 4 * 3 * 2 * 2)
ck.check(by_chance, 1 / 144, hint, tolerance=0.0002)

# %%
told = look(by_gan)[0]
all_five = (told == asked).all(axis=1).mean()
shuffled = (told == np.random.default_rng(3).permutation(asked)).all(axis=1).mean()
ck.claim(_("los cinco rasgos pedidos", "all five factors as asked for"), all_five, at_least=0.8)
ck.claim(_("los cinco, con deseos barajados", "all five, with shuffled wishes"), shuffled, at_most=0.03)

# %% [markdown] lang="es"
# Con su deseo coinciden casi todas las caras; con los deseos barajados, más o menos las que da el azar del ejercicio.
# Manda el deseo.

# %% [markdown] lang="en"
# With their own wish nearly all faces agree; with shuffled wishes, more or less as many as the chance of the exercise
# gives. It is the wish that decides.

# %% [markdown] lang="es"
# ### Un paseo
#
# Vayamos poco a poco de una cara a otra: mezclamos el ruido y el deseo de las dos. Ningún deseo intermedio existía en
# el entrenamiento (nadie lleva las gafas *a medias*), y la red nunca vio esas mezclas.

# %% [markdown] lang="en"
# ### A walk
#
# Let us go from one face to another little by little: we blend the noise and the wish of both. No wish in between
# existed in training (nobody wears *half* a pair of glasses), and the network never saw such blends.

# %% tags=["varies"]
share = np.linspace(0, 1, 8, dtype="float32")[:, None]
stops = wishes(np.array([[0, 3, 1, 1, 1], [2, 0, 2, 0, 0], [1, 2, 0, 1, 1]]))
frames = [
    invent(
        gan.generator,
        (1 - share) * some_noise[i] + share * some_noise[i + 1],
        (1 - share) * stops[i] + share * stops[i + 1],
    )
    for i in (0, 1)
]
alt = _(
    "Dos filas de ocho caras: cada fila va de una cara a otra muy distinta, poco a poco.",
    "Two rows of eight faces: each row goes from one face to a very different one, little by little.",
)
show_sheet(np.concatenate(frames), alt, columns=8)

# %%
changes = [np.abs(np.diff(row, axis=0)).mean(axis=(1, 2, 3)).max() / np.abs(row[-1] - row[0]).mean() for row in frames]
ck.claim(_("mayor salto de un paseo", "largest jump of a walk"), max(changes), at_most=0.4)

# %% [markdown] lang="es"
# El mayor salto es lo que cambia la imagen entre dos caras vecinas de la fila, dividido entre lo que cambia de un
# extremo al otro. Con siete pasos, lo menos que puede valer es 1/7, 0.143. Si la red solo supiera repetir caras, en
# algún lugar el cambio llegaría de golpe: cerca de 1 con un solo salto, menos con varios. (Un fundido de dos fotos
# daría también 0.143: que las de en medio sean caras se ve, no se mide.)

# %% [markdown] lang="en"
# The largest jump is how much the picture changes between two neighbours in the row, divided by how much it changes
# from one end to the other. With seven steps, the least it can be is 1/7, 0.143. If the network could only repeat
# faces, somewhere the change would come all at once: near 1 with a single jump, less with several. (A cross-fade of two
# photos would give 0.143, too: that those in between are faces is seen, not measured.)

# %% [markdown] lang="es"
# ### Aritmética con el ruido
#
# El color de la pared no está en la tabla: lo decide el ruido. Busquemos *dónde*. Entre los inventos, a la media de los
# ruidos de las 200 paredes más azules le restamos la de las 200 menos azules. Esa diferencia es una flecha en el
# espacio del ruido; si la sumamos a otros ruidos, ¿la pared se vuelve más azul? Como control, 20 flechas al azar igual
# de largas.

# %% [markdown] lang="en"
# ### Arithmetic with noise
#
# The colour of the wall is not in the table: the noise decides it. Let us find out *where*. Among the inventions we
# subtract the mean noise of the 200 least blue walls from that of the 200 bluest. That difference is an arrow in the
# space of the noise; if we add it to other noises, does the wall turn bluer? As a control, 20 random arrows just as
# long.


# %%
def blue(pictures):
    return walls(pictures)[:, 2] - walls(pictures)[:, 0]


# %%
order = np.argsort(blue(by_gan))
arrow = some_noise[order[-200:]].mean(axis=0) - some_noise[order[:200]].mean(axis=0)
others = np.random.default_rng(4).normal(size=(20, 32)).astype("float32")
others *= np.linalg.norm(arrow) / np.linalg.norm(others, axis=1, keepdims=True)
fresh = new_noise(200, 5)


def blue_after(step):
    return blue(invent(gan.generator, fresh + step, wish[:200])).mean()


# %%
before, bluer, controls = blue_after(0), blue_after(arrow), [blue_after(other) for other in others]
ck.claim(_("azul que añade la flecha", "blue that the arrow adds"), bluer - before, at_least=0.12)
usual = np.abs(np.array(controls) - before).mean() / (bluer - before)
ck.claim(
    _("las 20 al azar, de media, divididas entre la flecha", "the 20 random ones, on average, over the arrow"),
    usual,
    at_most=0.6,
)

# %% tags=["varies"]
steps = np.linspace(-1.5, 1.5, 8, dtype="float32")[:, None] * arrow
alt = _(
    "Dos caras, ocho veces cada una: la pared se vuelve más azul de izquierda a derecha.",
    "Two faces, eight times each: the wall turns bluer from left to right.",
)
turned = [invent(gan.generator, fresh[i] + steps, wish[[i] * 8]) for i in (0, 1)]
show_sheet(np.concatenate(turned), alt, columns=8)

# %% [markdown] lang="es"
# La flecha vuelve la pared más azul en caras que no sirvieron para encontrarla, y la cambia más que las 20 al azar, de
# media. (Azul es aquí azul menos rojo: va del amarillo al cian.) Puede arrastrar otras cosas, como la camiseta; en los
# extremos de la fila, donde al entrenar casi no hubo ruidos, y más lejos, también los rasgos (pruébalo: alarga `steps`
# al doble). Nadie le pidió al generador que pusiera el color de la pared en una dirección.

# %% [markdown] lang="en"
# The arrow makes the wall bluer in faces that were not used to find it, and changes it more than the 20 random ones do,
# on average. (Blue here means blue minus red: it goes from yellow to cyan.) It may drag other things along, such as the
# shirt; at the ends of the row, where there was hardly any noise in training, and further out, the factors as well (try
# it: make `steps` twice as long). Nobody asked the generator to put the colour of the wall in one direction.

# %% [markdown] lang="es"
# ## Lo que sale mal
#
# Ya hemos visto un juego que no se asienta y un discriminador demasiado fuerte. Quedan dos clásicos.
#
# ### Colapso de modos
#
# Nadie le pide al generador que sea variado: le basta con engañar. Puede acabar inventando siempre lo mismo, aquello
# que el discriminador más se cree: es el **colapso de modos** (*mode collapse*). Lo provocamos con el experimento
# clásico (Metz et al., 2017): los ejemplos son puntos de ocho islas puestas en anillo. Dos redes densas pequeñas juegan
# partidas iguales en todo menos en la calma del discriminador, `calm`, que es 0 o 1. Damos una isla por alcanzada si al
# menos el 2 % de los inventos cae a menos de 0.2 de su centro.

# %% [markdown] lang="en"
# ## What goes wrong
#
# We have already seen a game that does not settle and a discriminator that is too strong. Two classics remain.
#
# ### Mode collapse
#
# Nobody asks the generator to be varied: fooling is enough. It may end up always inventing the same thing, whatever
# the discriminator believes most; this is **mode collapse**. We provoke it with the classic experiment (Metz et al.,
# 2017): the examples are points of eight islands set in a ring. Two small dense networks play matches that are the same
# in everything but the calm of the discriminator, `calm`, which is 0 or 1. We count an island as reached if at least 2%
# of the inventions fall within 0.2 of its centre.

# %%
around = np.arange(8) * np.pi / 4
centres = np.stack([np.cos(around), np.sin(around)], axis=1)


def islands(points):
    far = np.linalg.norm(points[:, None] - centres, axis=2)
    near = far.argmin(axis=1)[far.min(axis=1) < 0.2]
    return (np.bincount(near, minlength=8) >= 0.02 * len(points)).sum()


# %%
def network(inputs, outputs):
    hidden = [layers.Dense(64, activation="relu") for _ in range(2)]
    return keras.Sequential([layers.Input((inputs,)), *hidden, layers.Dense(outputs)])


# %%
def play_on_the_ring(calm, seed):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    points = centres[rng.integers(0, 8, 12800)] + 0.05 * rng.normal(size=(12800, 2))
    codes = rng.normal(size=(12800, 8))
    ring = start(CalmGame(network(8, 2), network(2, 1), calm=calm), keras.optimizers.Adam(0.004, beta_1=0.5))
    ring.fit(codes, points, batch_size=128, epochs=16, verbose=0, callbacks=[ck.live.Progress()])
    return ops.convert_to_numpy(ring.generator(codes[:1000]))


# %% tags=["slow"]
restless, calmed = ([play_on_the_ring(calm, seed) for seed in range(3)] for calm in (0, 1))

# %% tags=["varies"]
figure, axes = plt.subplots(2, 3, figsize=(10, 6.6), sharex=True, sharey=True)
for axis, points, calm in zip(axes.flat, restless + calmed, (0, 0, 0, 1, 1, 1), strict=True):
    axis.scatter(*points.T, s=4, alpha=0.5)
    axis.scatter(*centres.T, s=60, marker="x", color=ck.style.ORANGE)
    axis.set(title=f"calm = {calm}", xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), aspect="equal")
alt = _(
    "Seis partidas: sin calma, con alguna semilla los inventos se amontonan; con calma llegan a todas o casi todas las islas.",
    "Six matches: without calm, with some seeds the inventions pile up; with calm they reach all or nearly all islands.",
)
ck.plots.show(figure, alt)

# %%
print([int(islands(points)) for points in restless + calmed])
ck.claim(_("islas sin calma, la peor de 3", "islands without calm, worst of 3"), min(map(islands, restless)), at_most=5)
ck.claim(_("islas con calma, la peor de 3", "islands with calm, worst of 3"), min(map(islands, calmed)), at_least=6)

# %% [markdown] lang="es"
# Cada fila es la misma partida con tres semillas, arriba sin calma y abajo con ella; las cruces son los centros de las
# islas, y la lista dice a cuántas llega cada partida. Datos, redes, semillas y pasos son los mismos. Sin calma hay
# semillas con las que los inventos acaban amontonados en una isla y casi todas las demás quedan vacías; con otras puede
# salir bien: es un riesgo, no un destino. Con calma, las tres partidas llegan a todas o casi todas, aunque con menos
# puntería. Una explicación posible: sin freno, el discriminador puede hacerse tan abrupto que a los inventos no les
# queda una pendiente útil hacia las otras islas.

# %% [markdown] lang="en"
# Each row is the same match with three seeds, without calm above and with it below; the crosses are the centres of the
# islands, and the list tells how many each match reaches. Data, networks, seeds and steps are the same. Without calm
# there are seeds with which the inventions end up heaped on one island and nearly all the others stay empty; with
# others it may turn out well: it is a risk, not a fate. With calm, all three matches reach all or nearly all islands,
# though they aim less well. A possible explanation: without a brake the discriminator can get so steep that the
# inventions are left with no useful slope towards the other islands.

# %% [markdown] lang="es"
# Con nuestras caras, contar combinaciones no basta: como las pedimos, un generador que hiciera una sola cara por deseo
# las tendría todas. Hay que mirar la variedad con un mismo deseo, que medimos en «Pedir una cara»: es mucho menor que
# entre las dibujadas. Puede ser un colapso parcial, pero no lo prueba: al final veremos que la difusión, sin juego
# alguno, varía más o menos igual de poco.

# %% [markdown] lang="en"
# With our faces, counting combinations is not enough: since we ask for them, a generator that made a single face per
# wish would have them all. One must look at the variety under one wish, which we measured in "Asking for a face": it is
# far smaller than among the drawn ones. It may be a partial collapse, but does not prove it: at the end we will see
# that diffusion, without any game, varies about as little.

# %% [markdown] lang="es"
# ### Tableros de ajedrez
#
# Una convolución transpuesta con zancada 2 pinta su filtro cada dos píxeles, y las pinceladas se solapan. Contemos
# cuántas caen en cada píxel: entrada de unos, filtro de unos, con lado 3 y con lado 4.

# %% [markdown] lang="en"
# ### Chequerboards
#
# A transposed convolution with stride 2 paints its kernel every two pixels, and the strokes overlap. Let us count how
# many fall on each pixel: an input of ones, a kernel of ones, with side 3 and with side 4.


# %%
def overlaps(kernel, stride):
    layer = layers.Conv2DTranspose(1, kernel, strides=stride, padding="same", kernel_initializer="ones")
    return ops.convert_to_numpy(layer(ops.ones((1, 6, 6, 1))))[0, 4:8, 4:8, 0].astype(int)


for kernel in (3, 4):
    print(overlaps(kernel, 2))

# %% [markdown] lang="es"
# Con lado 3, unos píxeles reciben cuatro veces lo que otros: un **tablero de ajedrez**, antes de que la red aprenda
# nada (Odena, Dumoulin y Olah, 2016). Con lado 4, todos reciben lo mismo. ¿Basta con eso? Los filtros de verdad no son
# de unos. Probemos con cien filtros al azar de cada tamaño y, como remedio, con ampliar primero y pasar después una
# convolución corriente. La irregularidad es la desviación estándar de los píxeles, dividida entre la media de sus
# valores absolutos: la entrada es lisa, así que debería ser 0.

# %% [markdown] lang="en"
# With side 3 some pixels receive four times as much as others: a **chequerboard**, before the network has learnt
# anything (Odena, Dumoulin and Olah, 2016). With side 4 all receive the same. Is that enough? Real kernels are not made
# of ones. Let us try a hundred random kernels of each size and, as a remedy, enlarging first and then applying an
# ordinary convolution. The unevenness is the standard deviation of the pixels, divided by the mean of their absolute
# values: the input is smooth, so it should be 0.


# %%
def unevenness(layer):
    painted = ops.convert_to_numpy(layer(ops.ones((1, 6, 6, 1))))[0, 4:8, 4:8]
    return (painted.std(axis=(0, 1)) / np.abs(painted).mean(axis=(0, 1))).mean()


# %%
keras.utils.set_random_seed(0)
three, four = (layers.Conv2DTranspose(100, kernel, strides=2, padding="same") for kernel in (3, 4))
enlarged = keras.Sequential([layers.UpSampling2D(interpolation="bilinear"), layers.Conv2D(100, 3, padding="same")])
ck.claim(_("irregularidad con lado 3", "unevenness with side 3"), unevenness(three), at_least=0.7)
ck.claim(_("irregularidad con lado 4", "unevenness with side 4"), unevenness(four), at_least=0.7)
ck.claim(_("irregularidad si se amplía antes", "unevenness if enlarged first"), unevenness(enlarged), at_most=0.0001)

# %% [markdown] lang="es"
# Que cada píxel reciba las mismas pinceladas no basta: con lado 4 cada píxel recibe las suyas con otros pesos, y el
# tablero sigue ahí; la red puede aprender a deshacerlo. Si se amplía antes, todos los píxeles de una zona plana pasan
# por las mismas cuentas, y no hay tablero con ningún filtro. Por eso `paint`, que da el último tamaño, amplía antes.
# Las dos capas anteriores sí son transpuestas y pueden dejar tableros más gruesos. ¿Vienen de ahí las manchas de
# nuestras caras? Al final habrá una pista.
#
# ### Ejercicio 4: filtros que reparten por igual
#
# Escribe `even`: recibe el lado del filtro y la zancada, y dice (`True` o `False`) si todos los píxeles del centro
# reciben el mismo número de pinceladas. Prueba varios filtros con `overlaps` antes de decidir la regla.

# %% [markdown] lang="en"
# The same number of strokes for each pixel is not enough: with side 4 each pixel receives its own with other weights,
# and the chequerboard is still there; the network can learn to undo it. If one enlarges first, all pixels of a flat
# area go through the same calculation, and no kernel leaves a chequerboard. That is why `paint`, which produces the
# final size, enlarges first. The two layers before it are transposed and may leave coarser chequerboards. Do the
# blotches of our faces come from there? There will be a clue at the end.
#
# ### Exercise 4: kernels that share out evenly
#
# Write `even`: it receives the side of the kernel and the stride, and says (`True` or `False`) whether all pixels in
# the middle receive the same number of strokes. Try several kernels with `overlaps` before you decide on the rule.


# %%
def even(kernel, stride):
    return ...


# %% tags=["check"]
def some_kernels():
    return [
        even(kernel, stride)
        for kernel, stride in ((3, 2), (4, 2), (2, 2), (5, 2), (6, 2), (3, 3), (4, 3), (6, 3), (6, 4))
    ]


hint = _(
    "cada píxel recibe, de media, lado / zancada pinceladas por dimensión: ¿cuándo es un número entero?",
    "each pixel receives, on average, side / stride strokes along each dimension: when is that a whole number?",
)
ck.check(some_kernels, [False, True, True, False, True, True, False, True, False], hint)


# %% tags=["solution"]
def even(kernel, stride):
    return kernel % stride == 0


ck.check(some_kernels, [False, True, True, False, True, True, False, True, False], hint)

# %% [markdown] lang="es"
# ## Tres maneras de inventar
#
# ¿Hace falta un juego? Otras dos redes inventan las mismas caras sin competir con nadie:
#
# - el **autoencoder variacional** (VAE) de la [[autoencoder]]: su codificador será nuestro `summary`; su decodificador,
#   un `new_generator` como el de la GAN;
# - un modelo de **difusión** en una forma sencilla, el **emparejamiento de flujo** (*flow matching*; Lipman et al.,
#   2023): una red que limpia caras mezcladas con ruido, y que inventa limpiando ruido puro, poco a poco.

# %% [markdown] lang="en"
# ## Three ways of inventing
#
# Does it take a game? Two other networks invent the same faces without competing with anybody:
#
# - the **variational autoencoder** (VAE) of [[autoencoder]]: its encoder will be our `summary`; its decoder, a
#   `new_generator` like the GAN's;
# - a **diffusion** model in a simple form, **flow matching** (Lipman et al., 2023): a network that cleans faces mixed
#   with noise, and that invents by cleaning pure noise, little by little.

# %% [markdown] lang="es"
# ### El mismo cálculo
#
# Para que la comparación sea justa, las tres redes gastan lo mismo al entrenarse. Contamos las multiplicaciones de las
# capas con filtros o pesos; una pasada hacia atrás cuesta unas dos veces lo que una hacia delante: una para los
# gradientes de los pesos y otra para los de la entrada. La unidad es una pasada hacia delante. En cada actualización de
# la GAN, el generador hace una pasada en cada sentido: 3 unidades. El discriminador hace tres en cada sentido (la cara,
# la cara movida y el invento), 9 unidades, y 2 más para el generador: una hacia delante y otra hacia atrás, hasta la
# imagen, sin los gradientes de los pesos. Son 11.

# %% [markdown] lang="en"
# ### The same computation
#
# For a fair comparison, all three networks spend the same on training. We count the multiplications of the layers with
# kernels or weights; a backward pass costs about twice as much as a forward one: once for the gradients of the weights
# and once for those of the input. The unit is one forward pass. In each update of the GAN the generator makes one pass
# each way: 3 units. The discriminator makes three each way (the face, the face moved and the invention), 9 units, and 2
# more for the generator: one forward and one backward, to the picture, without the gradients of the weights. That makes
# 11.


# %%
def products(model):
    total = 0
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            painted = layer.input if isinstance(layer, layers.Conv2DTranspose) else layer.output
            total += int(np.prod(layer.kernel.shape) * np.prod(painted.shape[1:-1]))
    return total


def gan_cost(game):
    return 3 * products(game.generator) + 11 * products(game.discriminator)


# %%
print(ck.number(products(gan.generator)), ck.number(products(gan.discriminator)), ck.number(gan_cost(gan)))

# %% [markdown] lang="es"
# Son las multiplicaciones de una pasada del generador, de una del discriminador y de una actualización de la GAN, por
# cara. A la red que gasta menos por cara le tocan más épocas: 8 a la GAN, 12 al VAE y 14 a la difusión.

# %% [markdown] lang="en"
# These are the multiplications of one pass of the generator, of one of the discriminator and of one update of the GAN,
# per face. The network that spends less per face gets more epochs: 8 for the GAN, 12 for the VAE and 14 for diffusion.

# %% [markdown] lang="es"
# ### El autoencoder variacional
#
# `Cloud` hace lo que hacían dos capas en la [[autoencoder]]: suma la divergencia KL a la pérdida y elige un punto de la
# nube, $z = \mu + \sigma \varepsilon$. El error de la reconstrucción es la suma de los cuadrados de las diferencias, y
# se suma a la KL con un factor 1. Ese factor lo elegimos entre cuatro con la semilla 0 y nuestras caras de prueba;
# también la calma de la GAN se eligió así, entre varias, y para la difusión probamos dos tasas de aprendizaje y dejamos
# la común. Por eso, las redes que comparamos tienen otras semillas, y las mediremos con otras caras de prueba. Para
# inventar basta el decodificador, con ruido en lugar de código.

# %% [markdown] lang="en"
# ### The variational autoencoder
#
# `Cloud` does what two layers did in [[autoencoder]]: it adds the KL divergence to the loss and picks a point of the
# cloud, $z = \mu + \sigma \varepsilon$. The error of the reconstruction is the sum of the squared differences, and is
# added to the KL with a factor of 1. We chose that factor out of four with seed 0 and our test faces; the calm of the
# GAN was chosen in the same way, out of several, and for diffusion we tried two learning rates and kept the common one.
# That is why the networks that we compare have other seeds, and why we will measure them on other test faces. To
# invent, the decoder is enough, with noise in place of a code.


# %%
class Cloud(layers.Layer):
    def __init__(self):
        super().__init__()
        self.seed = keras.random.SeedGenerator()

    def call(self, mean, log_variance):
        kl = (mean**2 + ops.exp(log_variance) - 1 - log_variance) / 2
        self.add_loss(ops.mean(ops.sum(kl, axis=1)))
        return mean + ops.exp(log_variance / 2) * keras.random.normal(ops.shape(mean), seed=self.seed)


# %%
def new_vae():
    pictures, wish = layers.Input((32, 32, 3)), layers.Input((14,))
    h = layers.Concatenate()([summary(pictures), wish])
    code, decoder = Cloud()(layers.Dense(32)(h), layers.Dense(32)(h)), new_generator()
    return keras.Model([pictures, wish], decoder([code, wish])), decoder


def squares(target, output):
    return ops.sum((target - output) ** 2, axis=(1, 2, 3))


# %% [markdown] lang="es"
# ### Difusión: limpiar poco a poco
#
# Sean $x$ una cara, con píxeles de $-1$ a 1, y $\varepsilon$ ruido de $N(0, 1)$ en cada píxel. Entre los dos hay un
# camino recto:
#
# $$x_t = t\,x + (1 - t)\,\varepsilon$$
#
# Con $t = 0$ es ruido puro; con $t = 1$, la cara. La red recibe $x_t$, $t$ y el deseo, y debe adivinar $x$; su pérdida
# es el error cuadrático medio. Es como la red que quitaba el ruido en la [[autoencoder]], con atajos del codificador al
# decodificador, pero para *todas* las cantidades de ruido: `Mix` sortea $t$ y $\varepsilon$ en cada paso. `told` resume
# $t$ y el deseo, `known` suma ese resumen a cada mapa del codificador, y `skips` son los atajos.

# %% [markdown] lang="en"
# ### Diffusion: cleaning little by little
#
# Let $x$ be a face, with pixels from $-1$ to 1, and $\varepsilon$ noise from $N(0, 1)$ at each pixel. Between the two
# there is a straight path:
#
# $$x_t = t\,x + (1 - t)\,\varepsilon$$
#
# With $t = 0$ it is pure noise; with $t = 1$, the face. The network receives $x_t$, $t$ and the wish, and must guess
# $x$; its loss is the mean squared error. It is like the network that removed the noise in [[autoencoder]], with
# shortcuts from the encoder to the decoder, but for *all* amounts of noise: `Mix` draws $t$ and $\varepsilon$ at each
# step. `told` sums up $t$ and the wish, `known` adds that summary to each map of the encoder, and `skips` are the
# shortcuts.


# %%
class Mix(layers.Layer):
    def __init__(self):
        super().__init__()
        self.seed = keras.random.SeedGenerator()

    def call(self, pictures):
        t = keras.random.uniform((ops.shape(pictures)[0], 1), seed=self.seed)
        noise = keras.random.normal(ops.shape(pictures), seed=self.seed)
        share = ops.reshape(t, (-1, 1, 1, 1))
        return share * (2 * pictures - 1) + (1 - share) * noise, t


# %%
def new_cleaner():
    mixed, t, wish = layers.Input((32, 32, 3)), layers.Input((1,)), layers.Input((14,))
    told = layers.Dense(64, activation="relu")(layers.Concatenate()([t, wish]))
    h, skips = mixed, []
    for filters in (16, 32, 64):
        known = layers.Reshape((1, 1, filters))(layers.Dense(filters)(told))
        h = layers.LeakyReLU(0.2)(down(filters, h, 4) + known)
        skips.append(h)
    h = layers.Dense(128, activation="relu")(layers.Flatten()(h))
    h = layers.Dense(4 * 4 * 64)(layers.Concatenate()([h, told]))
    h = up(32, layers.Reshape((4, 4, 64))(h) + skips[2])
    h = paint(3, up(16, h + skips[1]) + skips[0])
    return keras.Model([mixed, t, wish], layers.Activation("sigmoid")(h))


# %%
def new_diffusion():
    pictures, wish, cleaner = layers.Input((32, 32, 3)), layers.Input((14,)), new_cleaner()
    return keras.Model([pictures, wish], cleaner([*Mix()(pictures), wish])), cleaner


# %% [markdown] lang="es"
# ### Entrenar las tres
#
# El tamaño de lote, la tasa de aprendizaje y la media móvil son los mismos para las tres. `beta_1` y `beta_2` son los
# de antes en la GAN, y los habituales en las otras dos.

# %% [markdown] lang="en"
# ### Training all three
#
# Batch size, learning rate and moving average are the same for all three. `beta_1` and `beta_2` are as before in the
# GAN, and the usual ones in the other two.


# %%
def train(model, first, cost, budget, loss=None, **betas):
    epochs = round(EPOCHS * budget / cost)
    fading = keras.optimizers.schedules.CosineDecay(0.002, epochs * COUNT // BATCH)
    start(model, keras.optimizers.Adam(fading, use_ema=True, ema_momentum=0.99, **betas), loss)
    options = {"batch_size": BATCH, "epochs": epochs, "verbose": 0, "callbacks": [ck.live.Progress()]}
    model.fit([first, wishes(table)], drawn, **options)


# %%
def train_three(seed):
    keras.utils.set_random_seed(seed)
    game = CalmGame(new_generator(), new_discriminator())
    (vae, decoder), (diffusion, cleaner) = new_vae(), new_diffusion()
    budget = gan_cost(game)
    train(game, new_noise(COUNT, seed), budget, budget, beta_1=0.5, beta_2=0.99)
    train(vae, drawn, 3 * (products(vae) + products(decoder)), budget, squares)
    train(diffusion, drawn, 3 * products(cleaner), budget, "mse")
    return {"GAN": game.generator, "VAE": decoder, "diffusion": cleaner}


# %% [markdown] lang="es"
# Una llamada a `train_three` tarda unas tres veces lo que tardó la GAN. Para no hacer esperar a la clase, el curso la
# ejecutó con las semillas 1, 2 y 3 y guardó los pesos. (Si tienes unos minutos, `train_three(4)` entrena otras tres,
# que puedes dar a `inventions` y a `score`, más abajo, para medirlas.)

# %% [markdown] lang="en"
# A call to `train_three` takes about three times as long as the GAN did. So as not to keep the class waiting, the
# course ran it with seeds 1, 2 and 3 and stored the weights. (If you have a few minutes, `train_three(4)` trains
# another three, which you can give to `inventions` and `score`, further down, to measure them.)

# %%
networks = {"GAN": new_generator(), "VAE": new_generator(), "diffusion": new_cleaner()}
SEEDS, stored = (1, 2, 3), faces.inventors()


def recall(name, seed):
    networks[name].set_weights(stored[name, seed])
    return networks[name]


# %% [markdown] lang="es"
# La GAN y el VAE inventan de una pasada. La difusión empieza en $t = 0$, con ruido puro, y da 20 pasos, así que al
# inventar gasta 20 pasadas. En cada paso la red adivina la cara y avanzamos hacia ella: la distancia que falta,
# dividida entre los pasos que quedan. ¿Por qué no de una vez? Ante ruido puro, lo que menos error da es la media de
# todas las caras posibles con ese deseo; cada paso deja una pista que afina la conjetura siguiente.

# %% [markdown] lang="en"
# The GAN and the VAE invent in one pass. Diffusion begins at $t = 0$, with pure noise, and takes 20 steps, so that
# inventing costs it 20 passes. In each step the network guesses the face and we move towards it: the distance that is
# left, divided by the steps that are left. Why not all at once? Faced with pure noise, what gives the least error is
# the mean of all possible faces with that wish; each step leaves a hint that narrows the next guess.


# %%
def clean(cleaner, wish, seed=0, steps=20):
    noise = np.random.default_rng(seed).standard_normal((len(wish), 32, 32, 3), dtype="float32")
    stages = [noise]
    for step in range(steps):
        t = np.full((len(wish), 1), step / steps, "float32")
        guess = 2 * cleaner.predict_on_batch([stages[-1], t, wish]) - 1
        stages.append(stages[-1] + (guess - stages[-1]) / (steps - step))
    return [((x + 1) / 2).clip(0, 1) for x in stages]


# %%
cleaned, at_once = clean(recall("diffusion", 1), wish[:2]), clean(recall("diffusion", 1), wish[:2], steps=1)
alt = _(
    "Dos filas: del ruido, a la izquierda, sale poco a poco una cara; la última, de un solo paso, es borrosa.",
    "Two rows: out of noise, on the left, a face comes out little by little; the last, in one step, is blurred.",
)
strip = np.stack([cleaned[step] for step in (0, 3, 6, 9, 12, 15, 18, 20)] + at_once[-1:], axis=1)
show_sheet(strip.reshape(-1, 32, 32, 3), alt, columns=9)

# %% [markdown] lang="es"
# Las primeras columnas son los pasos 0, 3, 6, 9, 12, 15, 18 y 20. La que sigue es lo que da el mismo ruido en un solo
# paso: una media, con la pared casi gris.
#
# ### Tres hojas
#
# Cada red, con cada semilla, inventa 432 caras, tres de cada combinación, y 100 con un mismo deseo, el de antes: piel
# clara, pelo largo y pelirrojo, gafas y sonrisa. Vemos las de la semilla 1, con los mismos deseos para las tres, y
# otras dibujadas.

# %% [markdown] lang="en"
# The first columns are steps 0, 3, 6, 9, 12, 15, 18 and 20. The one after them is what the same noise gives in a single
# step: a mean, with a wall that is almost grey.
#
# ### Three sheets
#
# Each network, with each seed, invents 432 faces, three of each combination, and 100 with one wish, the one from
# before: light skin, long red hair, glasses and a smile. We see those of seed 1, with the same wishes for all three,
# and others, drawn.


# %%
def inventions(name, network, wish):
    if name != "diffusion":
        return invent(network, new_noise(len(wish), 6), wish)
    return np.concatenate([clean(network, wish[i : i + 144], seed=i)[-1] for i in range(0, len(wish), 144)])


# %% tags=["slow"]
one_wish = wishes(redhead)
works = {name: [inventions(name, recall(name, seed), wish[:432]) for seed in SEEDS] for name in networks}
redheads = {name: [inventions(name, recall(name, seed), one_wish) for seed in SEEDS] for name in networks}

# %%
names = ["GAN", "VAE", _("difusión", "diffusion"), _("dibujadas", "drawn")]
alt = _(
    "Cuatro grupos de 32 caras: de la GAN, del VAE, de la difusión y dibujadas.",
    "Four groups of 32 faces: by the GAN, by the VAE, by diffusion, and drawn.",
)
groups = [made[0][:32] for made in works.values()] + [plain[:32]]
ck.plots.images(np.stack([faces.sheet(group) for group in groups]), names, columns=1, size=10, alt=alt, jpeg=True)

# %%
alt = _(
    "Seis caras de cada red con el mismo deseo, y seis dibujadas.",
    "Six faces by each network, all with the same wish, and six drawn.",
)
groups = [made[0][:6] for made in redheads.values()] + [alike[1][:6]]
sheets = np.stack([faces.sheet(group, columns=6) for group in groups])
ck.plots.images(sheets, names, columns=2, size=5, alt=alt, jpeg=True)

# %%
new_test = faces.draw(HALF, seed=6, factors=balanced(7, 6))[0]
new_features = look(new_test)[2]


def score(made, with_one_wish):
    variety_of_one = with_one_wish[:, 8:24, 8:24].std(axis=0).mean() / painted
    variety_of_walls = walls(made).std(axis=0).mean() / walls(new_test).std(axis=0).mean()
    return *measures(made, new_features), variety_of_one, variety_of_walls, grain(made)


# %% tags=["slow"]
scores = {name: np.array([score(*pair) for pair in zip(works[name], redheads[name], strict=True)]) for name in works}
truth = np.array([score(plain[:432], faces.draw(100, 1, redhead)[0])])
gans, vaes, diffusions = scores.values()

# %% tags=["varies"]
heads = _(
    "completas|combinaciones|Fréchet|un deseo|paredes|grano", "complete|combinations|Fréchet|one wish|walls|grain"
).split("|")
forms = "{:.2f}", "{:.0f}", "{:.1f}", "{:.2f}", "{:.2f}", "{:.3f}"
lines = [["", *heads]]
for label, numbers in zip(names, (gans, vaes, diffusions, truth), strict=True):
    ends = zip(forms, numbers.min(axis=0), numbers.max(axis=0), strict=True)
    lines.append([label, *(" – ".join(dict.fromkeys((f.format(a), f.format(b)))) for f, a, b in ends)])
alt = _(
    "Las medidas de las tres redes, del valor menor al mayor con tres semillas, y las de caras dibujadas.",
    "The measures of the three networks, from the smallest value to the largest over three seeds, and those of drawn faces.",
)
ck.plots.table(lines, widths=[1.7, 2.5, 3.2, 2, 2, 2, 2.2], alt=alt)

# %%
frechets = [numbers[:, 2] for numbers in (gans, vaes, diffusions)]
against = frechets[1].max() / frechets[0].min()
ck.claim(
    _("Fréchet, el peor VAE dividido entre la mejor GAN", "Fréchet, worst VAE over best GAN"), against, at_most=0.6
)
against = np.median(frechets[2]) / np.median(frechets[0])
ck.claim(
    _("medianas de Fréchet, difusión dividida entre GAN", "Fréchet, diffusion over GAN, medians"), against, at_most=0.7
)
better = min(np.median(vaes[:, 0]), np.median(diffusions[:, 0])) - np.median(gans[:, 0])
ck.claim(_("completas, medianas: las otras menos la GAN", "complete, medians: others minus GAN"), better, at_least=0.01)
against = np.median(vaes[:, 3]) / np.median(gans[:, 3])
ck.claim(
    _("variedad con un deseo, VAE dividido entre GAN", "variety of one wish, VAE over GAN"), against, at_least=1.05
)

# %%
off = [np.abs(numbers[:, 4] - 1) for numbers in (gans, vaes, diffusions)]
apart = min(off[1].min(), off[2].min()) - off[0].max()
ck.claim(_("paredes, cuánto más cerca queda la GAN", "walls, how much closer the GAN is"), apart, at_least=0.045)
near_ones = {name: min(closeness(made[:200]) for made in works[name]) for name in works}
ck.claim(
    _("cociente de cercanía, la peor red", "closeness ratio, worst network"), min(near_ones.values()), at_least=0.9
)

# %% [markdown] lang="es"
# La tabla da el menor y el mayor valor de las tres semillas; Fréchet y paredes se comparan con 1008 caras de prueba
# nuevas, que nadie usó para elegir nada. «Un deseo» es la variedad con un mismo deseo y «paredes», la de las paredes,
# ambas divididas entre la misma medida de las caras dibujadas. Con menos caras las distancias salen mayores: aquí se
# comparan con la de las dibujadas, no con 1.

# %% [markdown] lang="en"
# The table gives the smallest and the largest value over the three seeds; Fréchet and walls are compared with 1008 new
# test faces, which nobody used to choose anything. "One wish" is the variety under one wish and "walls" that of the
# walls, both divided by the same measure of drawn faces. With fewer faces the distances come out larger: here they are
# to be compared with that of the drawn ones, not with 1.

# %% [markdown] lang="es"
# **En la distancia de Fréchet pierde la GAN.** Gastó lo mismo, y el peor VAE queda más cerca de las caras de prueba que
# la mejor GAN; comparando las medianas, la difusión queda también delante. La GAN tiene además menos caras completas, y
# según las medianas, con un mismo deseo el VAE varía algo más que ella, aunque sus intervalos se solapan. La GAN gana
# en la variedad de las paredes, quizá porque `variety` le dice a su discriminador cuánto varían: las otras dos apagan
# sus colores. En grano iguala al VAE; la difusión, que deja halos alrededor de la cabeza, es la peor. (Que haya más
# caras completas que entre las dibujadas no es un mérito: quizá una cara promediada sea más fácil de leer.)

# %% [markdown] lang="en"
# **In the Fréchet distance the GAN loses.** It spent the same, and the worst VAE lies closer to the test faces than the
# best GAN; by the medians, diffusion is ahead as well. The GAN also has fewer complete faces, and, by the medians, the
# VAE varies somewhat more than it under one wish, though their ranges overlap. The GAN wins on the variety of the
# walls, perhaps because `variety` tells its discriminator how much they vary: the other two dull their colours. On
# grain it ties with the VAE; diffusion, which leaves halos round the head, is the worst. (Having more complete faces
# than the drawn set is no merit: an averaged face may be easier to read.)

# %% [markdown] lang="es"
# El último número repite la búsqueda de copias con las nueve redes: los inventos de la más sospechosa están, como
# mucho, una décima parte más cerca de las caras de entrenamiento que de las nunca vistas; las copias con ruido se
# acercan mucho más. Y una pista sobre las manchas: el VAE pinta con un generador igual, capas transpuestas y paleta
# incluidas, y su pelo y su piel salen lisos. Así que esas capas no obligan a manchar.

# %% [markdown] lang="en"
# The last number repeats the search for copies with the nine networks: the inventions of the most suspect one are at
# most a tenth closer to the training faces than to those never seen; the noisy copies are far closer. And a clue about
# the blotches: the VAE paints with an equal generator, transposed layers and palette included, and its hair and skin
# come out smooth. So those layers do not force blotches.

# %% [markdown] lang="es"
# No concluyas que un VAE es siempre mejor. Son estas tres redes (la GAN y el VAE pintan con paleta; la difusión, no),
# con este presupuesto, estos ajustes y estas caras, cuyo deseo fija casi todo lo que se ve; y el ajuste no fue igual de
# largo para las tres. Con fotos, los VAE sencillos tienden a dar imágenes borrosas; las GAN fueron durante años las
# mejores, y en 2021 las pasaron los modelos de difusión (Dhariwal y Nichol, 2021). Lo que vale en general es el método:
# el mismo cálculo, varias semillas, y medir.

# %% [markdown] lang="en"
# Do not conclude that a VAE is always better. These are three networks (the GAN and the VAE paint with a palette;
# diffusion does not), with this budget, this tuning and these faces, whose wish settles nearly all that is seen; nor
# was the tuning equally long for all three. With photos, plain VAEs tend to give blurred pictures; GANs were the best
# for years, and in 2021 diffusion models overtook them (Dhariwal and Nichol, 2021). What holds in general is the
# method: the same computation, several seeds, and measuring.

# %% [markdown] lang="es"
# ### Ejercicio 5 (abierto): otra partida
#
# Vuelve a la partida en una dimensión, con la tasa 0.3 y L2. ¿Cuánto valdrá $|a|$, de media en las 200 últimas
# actualizaciones, si el freno `decay` es otro, de $0.02$ a $0.5$? Escribe **primero** el freno y tu predicción, y
# ejecuta la comprobación, que juega la partida y admite un margen de 0.1. Después prueba otros frenos, otras tasas y,
# si tienes tiempo, otra GAN de caras: menos épocas, otra calma o sin `variety`. Di antes qué esperas que cambie en las
# medidas.

# %% [markdown] lang="en"
# ### Exercise 5 (open): another match
#
# Go back to the match in one dimension, with rate 0.3 and L2. What will $|a|$ be, on average over the last 200 updates,
# if the brake `decay` is different, from $0.02$ to $0.5$? Write the brake and your prediction **first**, and run the
# check, which plays the match and allows a margin of 0.1. Then try other brakes, other rates and, if you have time,
# another GAN of faces: fewer epochs, another calm, or no `variety`. Say beforehand what you expect to change in the
# measures.

# %%
my_decay, my_prediction = ..., ...


# %% tags=["check"]
def predicts_well(answer):
    decay, guess = answer
    measured = np.abs(play(0.3, decay)[-200:, 0]).mean()
    return 0.02 <= decay <= 0.5 and decay != 0.1 and abs(guess - measured) < 0.1


hint = _(
    "sin freno aún oscila; con 0.1 se queda en 0.5. ¿Cambia un freno mayor el lugar del equilibrio o solo cómo se llega a él?",
    "without a brake it still swings; with 0.1 it stays at 0.5. Does a larger brake change where the equilibrium is, or only how one gets there?",
)
ck.check([my_decay, my_prediction], predicts_well, hint)

# %% tags=["solution"]
my_decay, my_prediction = 0.2, 0.5
ck.check([my_decay, my_prediction], predicts_well, hint)

# %% [markdown] lang="es"
# L2 no mueve el equilibrio, porque allí $c = 0$ y no queda nada que frenar. (Con un freno mucho mayor el paso vuelve a
# ser demasiado grande.)

# %% [markdown] lang="en"
# L2 does not move the equilibrium, since there $c = 0$ and nothing is left to hold back. (With a much larger brake the
# step is too large again.)

# %% [markdown] lang="es"
# ## Vídeos inventados de personas reales
#
# Lo que aquí hemos hecho con dibujos se hace también con personas, con mucho más cálculo y muchas fotos: caras que
# no existen, caras de alguien en el cuerpo de otro, voces clonadas. Se llaman **ultrafalsos** (*deepfakes*). Sirven
# para doblar películas o devolver la voz a quien la perdió; y también para estafar, mentir en una campaña o humillar a
# alguien con imágenes íntimas que nunca existieron.

# %% [markdown] lang="en"
# ## Invented videos of real people
#
# What we have done here with drawings is done with people, too, using far more computation and many photos: faces that
# do not exist, somebody's face on another body, cloned voices. They are called **deepfakes**. They are used to dub
# films or to give a voice back to those who lost it; and also to swindle, to lie in a campaign or to humiliate somebody
# with intimate pictures that never existed.

# %% [markdown] lang="es"
# ### ¿Cómo se reconocen?
#
# A veces por lo mismo que hemos contado: cristales distintos en cada ojo, dientes o dedos de más, reflejos que no
# casan, labios que no siguen a la voz. Pero no te fíes: cada defecto que se hace famoso es una pista más para el
# próximo discriminador, y no encontrar ninguno no prueba nada. También los detectores automáticos fallan, sobre todo
# con métodos que no conocían. Funciona mejor preguntar por el **origen**: ¿quién lo publicó primero?, ¿lo cuentan otras
# fuentes que no dependen de esa?, ¿lleva una firma de procedencia (C2PA)? Y si te llama un familiar para pedirte
# dinero, cuelga y llama tú a su número de siempre.

# %% [markdown] lang="en"
# ### How are they recognised?
#
# Sometimes by the very things that we counted: different glasses on each eye, too many teeth or fingers, reflections
# that do not match, lips that do not follow the voice. But do not rely on it: each fault that becomes famous is one
# more hint for the next discriminator, and finding none proves nothing. Automatic detectors fail too, above all with
# methods that they did not know. It is better to ask where it **comes from**: who published it first? Do other sources
# report it that do not depend on that one? Does it carry a signature of its provenance (C2PA)? And if a relative calls
# and asks for money, hang up and call the number that you have always had for them.

# %% [markdown] lang="es"
# ### La ley y la decencia
#
# La cara y la voz son datos personales, y en muchos países hay un derecho a la propia imagen. El Reglamento europeo de
# inteligencia artificial, aprobado en 2024, obliga, según su calendario y con excepciones, a avisar de que un vídeo así
# es artificial. Crear o difundir imágenes íntimas falsas de alguien es delito en cada vez más lugares. Esto no es un
# consejo legal, y las leyes cambian: consulta las de tu país. La decencia es más corta: **con la cara o la voz de
# alguien, nada sin su permiso; y lo que sea inventado, que lo diga.** En esta lección nadie ha prestado la cara: por
# eso las dibuja el curso.

# %% [markdown] lang="en"
# ### The law and decency
#
# A face and a voice are personal data, and many countries recognise a right to one's own image. The European Artificial
# Intelligence Act, passed in 2024, requires, by its timetable and with exceptions, a notice that such a video is
# artificial. Making or spreading false intimate pictures of somebody is a crime in more and more places. This is not
# legal advice, and laws change: look up those of your country. Decency is shorter: **with somebody's face or voice,
# nothing without their consent; and what is invented should say so.** In this lesson nobody lent their face: that is
# why the course draws them.

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una GAN es un juego: el discriminador aprende a distinguir; el generador aprende del gradiente del discriminador. En
#   el equilibrio nadie distingue.
# - Con `compute_loss` y dos llamadas a `stop_gradient`, `fit` juega ese juego, sin nada propio de un solo motor.
# - El juego puede oscilar, atascarse o dar siempre lo mismo: se frena al discriminador y se elige bien la pérdida.
# - La pérdida no dice si la GAN es buena. Contamos: caras completas, combinaciones, distancia de Fréchet, copias.
# - Con estas caras y el mismo cálculo, el VAE y la difusión tienen menor distancia de Fréchet que la GAN, que gana en
#   la variedad de las paredes: comparar es medir, con varias semillas.

# %% [markdown] lang="en"
# ## What we learnt
#
# - A GAN is a game: the discriminator learns to tell real from invented; the generator learns from the discriminator's
#   gradient. At equilibrium nobody can tell them apart.
# - With `compute_loss` and two calls of `stop_gradient`, `fit` plays that game, with nothing of one back end only.
# - The game can swing, get stuck or always give the same thing: the discriminator is held back, and the loss well
#   chosen.
# - The loss does not say whether the GAN is good. We count: complete faces, combinations, Fréchet distance, copies.
# - With these faces and the same computation, the VAE and diffusion have a smaller Fréchet distance than the GAN, which
#   wins in the variety of the walls: comparing is measuring, with several seeds.

# %% [markdown] lang="es"
# **Para seguir leyendo**: Goodfellow et al. (2014), GAN; Radford, Metz y Chintala (2016), DCGAN; Mirza y Osindero
# (2014), deseos; Miyato y Koyama (2018), proyección; Mescheder, Geiger y Nowozin (2018), qué juegos convergen; Heusel
# et al. (2017), FID; Karras et al. (2018 y 2020), variedad y StyleGAN2; Metz et al. (2017), el anillo; Odena, Dumoulin
# y Olah (2016), tableros; Kingma y Welling (2014), VAE; Ho, Jain y Abbeel (2020), difusión; Lipman et al. (2023),
# flujo; Dhariwal y Nichol (2021), difusión y GAN comparadas.

# %% [markdown] lang="en"
# **Where to read on**: Goodfellow et al. (2014), GAN; Radford, Metz and Chintala (2016), DCGAN; Mirza and Osindero
# (2014), wishes; Miyato and Koyama (2018), projection; Mescheder, Geiger and Nowozin (2018), which games converge;
# Heusel et al. (2017), FID; Karras et al. (2018 and 2020), variety and StyleGAN2; Metz et al. (2017), the ring; Odena,
# Dumoulin and Olah (2016), chequerboards; Kingma and Welling (2014), VAE; Ho, Jain and Abbeel (2020), diffusion; Lipman
# et al. (2023), flow; Dhariwal and Nichol (2021), diffusion and GANs compared.
