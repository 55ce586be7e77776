# ---
# jupyter:
#   coursekit:
#     title:
#       es: "El perceptrón multicapa: de XOR a los dígitos"
#       en: "The multilayer perceptron: from XOR to digits"
#     limits: {seconds: 120, cell_seconds: 50, memory_mb: 1500}
#     data: [mnist.npz]
#     needs: [perceptron]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar podrás:
#
# - resolver XOR con una **capa oculta** y explicar por qué hace falta;
# - calcular una capa como un producto de matrices y elegir su activación;
# - hacer la **retropropagación** a mano y comprobarla;
# - entrenar la misma red con NumPy y con Keras;
# - clasificar dígitos y frenar el **sobreajuste**.
#
# Tarda [[run time]] con 2 núcleos, sin conexión. Necesitas Python, la [[perceptron]] y saber
# qué es una derivada.

# %% [markdown] lang="en"
# # [[title]]
#
# When you finish you will be able to:
#
# - solve XOR with a **hidden layer** and explain why it is needed;
# - compute a layer as a matrix product and choose its activation;
# - do **backpropagation** by hand and check it;
# - train the same network with NumPy and with Keras;
# - classify digits and hold back **overfitting**.
#
# It takes [[run time]] on 2 cores, offline. You need Python, [[perceptron]] and to know what a
# derivative is.

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %%
graph = [["$x_1$", "$x_2$"], ["", "", ""], ["$y$"]]
ck.diagrams.network(graph, passes=True)

# %% [markdown] lang="es"
# Esta es la idea de la lección. Los números van de izquierda a derecha: cada neurona oculta lee todas
# las entradas, y la última lee las neuronas ocultas. Las derivadas vuelven de derecha a izquierda y
# dicen cómo cambiar cada peso.

# %% [markdown] lang="en"
# This is the idea of the lesson. The numbers go from left to right: each hidden neuron reads all the
# inputs, and the last one reads the hidden neurons. The derivatives come back from right to left and
# say how to change each weight.

# %% [markdown] lang="es"
# ## XOR necesita una capa oculta
#
# En la [[perceptron]], una neurona sigmoide aprendió a separar puntos con una recta. Dada una entrada
# $x$, con pesos $w$ y sesgo $b$, calcula la probabilidad $p = \sigma(w \cdot x + b)$, donde
# $\sigma(z) = 1 / (1 + e^{-z})$. Eso es una regresión logística. La función de abajo entrena varias
# a la vez: cada columna de `targets` es una tarea distinta.

# %% [markdown] lang="en"
# ## XOR needs a hidden layer
#
# In [[perceptron]], a sigmoid neuron learnt to separate points with a straight line. Given an input $x$,
# with weights $w$ and bias $b$, it computes the probability $p = \sigma(w \cdot x + b)$, where
# $\sigma(z) = 1 / (1 + e^{-z})$. That is a logistic regression. The function below trains several
# of them at once: each column of `targets` is a different task.

# %%
import matplotlib.pyplot as plt
import numpy as np
from coursekit import plots


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %%
def train_regressions(inputs, targets, learning_rate=1.0, steps=5000):
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(inputs.shape[1], targets.shape[1]))
    bias = np.zeros(targets.shape[1])
    for _ in range(steps):
        error = sigmoid(inputs @ weights + bias) - targets
        weights -= learning_rate * inputs.T @ error / len(inputs)
        bias -= learning_rate * error.mean(axis=0)
    return weights, bias


# %% [markdown] lang="es"
# ### Una sola regresión fracasa
#
# XOR, el «o» exclusivo, vale 1 cuando las dos entradas son distintas. Entrenamos una regresión con
# sus 4 casos.

# %% [markdown] lang="en"
# ### A single regression fails
#
# XOR, the exclusive "or", is 1 when the two inputs differ. We train one regression on its 4 cases.

# %%
inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
xor = np.array([[0], [1], [1], [0]])
weights, bias = train_regressions(inputs, xor)
print(sigmoid(inputs @ weights + bias).round(2).ravel())

# %% [markdown] lang="es"
# La neurona responde 0.5 a todo: «no sé». Con una recta no se puede hacer más, porque los puntos de
# cada clase están en esquinas opuestas del cuadrado.

# %% [markdown] lang="en"
# The neuron answers 0.5 to everything: "I don't know". No straight line can do better, because the
# points of each class lie at opposite corners of the square.

# %% [markdown] lang="es"
# ### Tres regresiones y una cuarta
#
# Tres tareas vecinas sí se resuelven con una recta: OR (al menos una entrada vale 1), AND (las dos
# valen 1) y NAND (no las dos). Entrenamos esas tres regresiones. Después, una cuarta recibe las
# tres respuestas en lugar de las entradas, y aprende XOR.

# %% [markdown] lang="en"
# ### Three regressions and a fourth
#
# Three related tasks can be solved with a line: OR (at least one input is 1), AND (both are 1) and
# NAND (not both). We train those three regressions. Then a fourth one receives the three answers in
# place of the inputs, and learns XOR.

# %%
gates = np.array([[0, 0, 1], [1, 0, 1], [1, 0, 1], [1, 1, 0]])
hidden_weights, hidden_bias = train_regressions(inputs, gates)
hidden = sigmoid(inputs @ hidden_weights + hidden_bias)
output_weights, output_bias = train_regressions(hidden, xor)
p = sigmoid(hidden @ output_weights + output_bias)
print((hidden > 0.5).astype(int))
print((p > 0.5).astype(int).ravel())
assert np.array_equal(p > 0.5, xor == 1)

# %% [markdown] lang="es"
# La tabla de arriba tiene una fila por caso y una columna por regresión: OR, AND, NAND. La última
# línea es la respuesta de la cuarta, `[0 1 1 0]`: ¡XOR resuelto!
#
# Las tres regresiones forman una **capa oculta** (*hidden layer*); las cuatro juntas, un
# **perceptrón multicapa** (*multilayer perceptron*, MLP).

# %% [markdown] lang="en"
# The table above has a row for each case and a column for each regression: OR, AND, NAND. The last
# line is the answer of the fourth, `[0 1 1 0]`: XOR is solved!
#
# The three regressions form a **hidden layer**; the four together, a **multilayer perceptron**
# (MLP).

# %% [markdown] lang="es"
# ### Por qué funciona
#
# Cada regresión oculta traza su recta. Pero lo importante está en lo que ve la cuarta: los mismos 4
# casos en otro plano, con la respuesta de OR en un eje y la de NAND en el otro. (AND no necesita un
# tercer eje: es 1 menos NAND.)

# %% [markdown] lang="en"
# ### Why it works
#
# Each hidden regression draws its line. But what matters is what the fourth one sees: the same 4
# cases on another plane, with the answer of OR on one axis and the answer of NAND on the other.
# (AND needs no third axis: it is 1 minus NAND.)


# %%
def line_height(x, weights, bias):
    return -(weights[0] * x + bias) / weights[1]


def draw_cases(axis, positions):
    for value, colour, marker in ((0, plots.ORANGE, "s"), (1, plots.BLUE, "o")):
        chosen = positions[xor[:, 0] == value]
        axis.scatter(*chosen.T, s=260, color=colour, marker=marker, label=f"XOR = {value}")
    axis.set(xlim=(-0.4, 1.4), ylim=(-0.4, 1.4), xticks=[0, 1], yticks=[0, 1], aspect="equal")


# %%
def draw_xor(axes, names):
    x = np.array([-0.4, 1.4])
    styles = zip(names, (plots.GREEN, plots.PURPLE, plots.GREY), ("-", "-", "--"), strict=True)
    for unit, (name, colour, style) in enumerate(styles):
        heights = line_height(x, hidden_weights[:, unit], hidden_bias[unit])
        axes[0].plot(x, heights, style, color=colour, label=name)
    draw_cases(axes[0], inputs)
    draw_cases(axes[1], hidden[:, [0, 2]])
    w_or, w_and, w_nand = output_weights[:, 0]
    joined = line_height(x, [w_or, w_nand - w_and], output_bias[0] + w_and)
    axes[1].plot(x, joined, color="black")
    axes[0].legend(loc=6, bbox_to_anchor=(1, 0.5))


# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 4.6))
draw_xor(axes, ["OR", "AND", "NAND"])
axes[0].set(title=_("entradas", "inputs"), xlabel="$x_1$", ylabel="$x_2$")
axes[1].set(title=_("capa oculta", "hidden layer"), xlabel="OR", ylabel="NAND")
ck.plots.show(
    figure,
    _(
        "A la izquierda, los 4 casos de XOR en las esquinas de un cuadrado y las rectas de OR, AND y "
        "NAND. A la derecha, los mismos casos vistos por la capa oculta: una recta los separa.",
        "On the left, the 4 cases of XOR at the corners of a square and the lines of OR, AND and "
        "NAND. On the right, the same cases as the hidden layer sees them: one line separates them.",
    ),
)

# %% [markdown] lang="es"
# A la izquierda, las rectas de AND y NAND coinciden: son la misma pregunta con el signo cambiado. A
# la derecha, la capa oculta ha llevado los dos casos con XOR = 1 a la misma esquina, y una recta
# (negra) basta. Esa es la idea de toda la lección: **una capa oculta cambia de lugar los puntos
# hasta que una recta los separa**.

# %% [markdown] lang="en"
# On the left, the lines of AND and NAND coincide: they are the same question with the sign changed.
# On the right, the hidden layer has moved the two cases with XOR = 1 to the same corner, and one
# line (black) is enough. That is the idea of the whole lesson: **a hidden layer moves the points
# until a line separates them**.

# %% [markdown] lang="es"
# ### La red como grafo
#
# Una red se dibuja como un **grafo computacional** (*computational graph*): cada nodo calcula un
# número y cada flecha lo lleva al nodo siguiente. Dos funciones pequeñas bastan para dibujar este
# grafo y, más adelante, el de la retropropagación.

# %% [markdown] lang="en"
# ### The network as a graph
#
# A network is drawn as a **computational graph**: each node computes a number and each arrow takes
# it to the next node. Two small functions are enough to draw this graph and, later on, the one of
# backpropagation.


# %%
def draw_nodes(axis, places, texts, below=None):
    for name, (column, row) in places.items():
        axis.scatter(column, row, s=3600, color="white", edgecolor=plots.BLUE, lw=3, zorder=3)
        axis.text(column, row, texts[name], ha="center", va="center", fontsize=14, zorder=4)
        note = (below or {}).get(name, "")
        axis.text(column, row - 0.47, note, ha="center", va="top", color=plots.ORANGE)
    columns, rows = np.transpose(list(places.values()))
    axis.set(xlim=(columns.min() - 0.4, columns.max() + 0.4))
    axis.set(ylim=(rows.min() - 0.8, rows.max() + 0.5))
    axis.set_axis_off()


# %%
def draw_edges(axis, places, texts, at=0.5):
    for (start, end), text in texts.items():
        (x0, y0), (x1, y1) = places[start], places[end]
        arrow = {"arrowstyle": "-|>", "shrinkA": 30, "shrinkB": 30, "color": plots.GREY, "lw": 2}
        axis.annotate("", (x1, y1), (x0, y0), arrowprops=arrow)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        place = (x0 + at * (x1 - x0), y0 + at * (y1 - y0) + 0.16 * (y0 == y1))
        axis.text(*place, text, ha="center", va="center", color=plots.GREEN, bbox=box)


# %%
places = {"$x_1$": (0, 1), "$x_2$": (0, -1), "XOR": (2.4, 0)}
places |= {"OR": (1.2, 2), "AND": (1.2, 0), "NAND": (1.2, -2)}
case = 1
values = dict(zip(places, [*inputs[case], p[case, 0], *hidden[case]], strict=True))
texts = {name: f"{name}\n{value:.1f}" for name, value in values.items()}
weight_texts = {}
for unit, gate in enumerate(["OR", "AND", "NAND"]):
    weight_texts["$x_1$", gate] = f"{hidden_weights[0, unit]:.1f}"
    weight_texts["$x_2$", gate] = f"{hidden_weights[1, unit]:.1f}"
    weight_texts[gate, "XOR"] = f"{output_weights[unit, 0]:.1f}"
biases = dict(zip(["OR", "AND", "NAND", "XOR"], [*hidden_bias, *output_bias], strict=True))

# %%
figure, axis = plt.subplots(figsize=(10, 6), layout="none")
figure.subplots_adjust(0, 0, 1, 1)
draw_edges(axis, places, weight_texts, at=0.25)
draw_nodes(axis, places, texts, {name: _(f"sesgo {bias:.1f}", f"bias {bias:.1f}") for name, bias in biases.items()})
ck.plots.show(
    figure,
    _(
        "Grafo de la red de XOR para el caso (0, 1): dos entradas, tres nodos ocultos (OR, AND y "
        "NAND) y la salida, con el peso de cada flecha y el sesgo de cada nodo.",
        "Graph of the XOR network for the case (0, 1): two inputs, three hidden nodes (OR, AND and "
        "NAND) and the output, with the weight of each arrow and the bias of each node.",
    ),
)

# %% [markdown] lang="es"
# El grafo muestra el caso `(0, 1)`: dentro de cada nodo, su valor; en las flechas, los pesos
# aprendidos; debajo, los sesgos. Hasta aquí cada tarea oculta la elegimos nosotros. El resto de la
# lección responde a una pregunta: ¿puede la red encontrar sola sus tareas ocultas?

# %% [markdown] lang="en"
# The graph shows the case `(0, 1)`: inside each node, its value; on the arrows, the learnt weights;
# below, the biases. So far we chose each hidden task ourselves. The rest of the lesson answers one
# question: can the network find its hidden tasks on its own?

# %% [markdown] lang="es"
# ## Una capa es un producto de matrices
#
# Cada neurona de una capa calcula una suma ponderada de las mismas entradas. Si ponemos los pesos
# de cada neurona en una columna, todas las sumas salen de un solo producto. Aquí la primera entrada
# es la constante 1, así que el primer peso de cada neurona es su sesgo. La neurona 4 tiene sesgo −2
# y pesos 1, −2, 0; la neurona 5, sesgo 3 y pesos 0, −1, 3.

# %% [markdown] lang="en"
# ## A layer is a matrix product
#
# Each neuron of a layer computes a weighted sum of the same inputs. If we put the weights of each
# neuron in a column, all the sums come from a single product. Here the first input is the constant
# 1, so the first weight of each neuron is its bias. Neuron 4 has bias −2 and weights 1, −2, 0;
# neuron 5, bias 3 and weights 0, −1, 3.

# %%
x = np.array([1, 5, 3, 2])
neuron_4 = np.array([-2, 1, -2, 0])
neuron_5 = np.array([3, 0, -1, 3])
layer_weights = np.stack([neuron_4, neuron_5], axis=1)
z = x @ layer_weights
print(z, np.maximum(0, z))
assert z.tolist() == [-3, 6]

# %% [markdown] lang="es"
# Las sumas son −3 y 6. La activación ReLU, $\max(0, z)$, cambia el negativo por 0 y deja el 6 como
# está.

# %% [markdown] lang="en"
# The sums are −3 and 6. The ReLU activation, $\max(0, z)$, replaces the negative one with 0 and
# leaves the 6 as it is.

# %% [markdown] lang="es"
# ### Muchos ejemplos a la vez
#
# En la práctica el sesgo $b$ va aparte y cada fila de la matriz de entradas $x$ es un ejemplo.
# Entonces $z = x W + b$ calcula la capa entera para todos los ejemplos: (ejemplos × entradas) por
# (entradas × neuronas) da (ejemplos × neuronas). NumPy suma $b$ a cada fila.

# %% [markdown] lang="en"
# ### Many examples at once
#
# In practice the bias $b$ stands apart and each row of the input matrix $x$ is one example. Then
# $z = x W + b$ computes the whole layer for all examples: (examples × inputs) times (inputs ×
# neurons) gives (examples × neurons). NumPy adds $b$ to each row.

# %%
examples = np.array([[5, 3, 2], [0, 1, 0], [4, 0, 1]])
z = examples @ layer_weights[1:] + layer_weights[0]
print(examples.shape, layer_weights[1:].shape, z.shape)
print(z)

# %% [markdown] lang="es"
# La primera fila repite el resultado anterior, (−3, 6); las otras dos salieron del mismo producto,
# sin ningún bucle.

# %% [markdown] lang="en"
# The first row repeats the result above, (−3, 6); the other two came from the same product, without
# any loop.

# %% [markdown] lang="es"
# ### Dos capas a mano
#
# Dos capas son dos productos, con una activación entre ellos. Sigue este cálculo con una
# calculadora: entradas (1, 1), tres neuronas ocultas sigmoides sin sesgo y una de salida. Por
# ejemplo, la primera neurona oculta da $\sigma(1 \cdot 0.8 + 1 \cdot 0.6)$.

# %% [markdown] lang="en"
# ### Two layers by hand
#
# Two layers are two products, with an activation between them. Follow this computation with a
# calculator: inputs (1, 1), three hidden sigmoid neurons without bias and one output neuron. For
# instance, the first hidden neuron gives $\sigma(1 \cdot 0.8 + 1 \cdot 0.6)$.

# %%
x = np.array([1, 1])
weights_1 = np.array([[0.8, 0.2, 0.7], [0.6, 0.9, 0.1]])
weights_2 = np.array([0.2, 0.8, 0.5])
h = sigmoid(x @ weights_1).round(2)
z = h @ weights_2
print(h, z.round(3), sigmoid(z).round(2))
assert np.allclose(sigmoid(sigmoid(x @ weights_1) @ weights_2), sigmoid(z), atol=0.001)

# %% [markdown] lang="es"
# Lo oculto vale (0.80, 0.75, 0.69), la última suma es 1.105 y la salida, 0.75. Redondeamos lo
# oculto a 2 decimales, como en papel; la última línea comprueba que sin redondear sale lo mismo.

# %% [markdown] lang="en"
# The hidden values are (0.80, 0.75, 0.69), the last sum is 1.105 and the output is 0.75. We rounded
# the hidden values to 2 decimals, as on paper; the last line checks that without rounding we get
# the same.

# %% [markdown] lang="es"
# ### Sin activación, dos capas son una
#
# ¿Y si quitamos la sigmoide de en medio? El producto de matrices es asociativo,
# $(x W_1) W_2 = x (W_1 W_2)$, y la matriz $W_1 W_2$ es una sola capa.

# %% [markdown] lang="en"
# ### Without an activation, two layers are one
#
# What if we remove the sigmoid in the middle? The matrix product is associative,
# $(x W_1) W_2 = x (W_1 W_2)$, and the matrix $W_1 W_2$ is a single layer.

# %%
two_layers = (x @ weights_1) @ weights_2
one_layer = x @ (weights_1 @ weights_2)
print(two_layers.round(2), one_layer.round(2))
assert np.isclose(two_layers, one_layer)

# %% [markdown] lang="es"
# El mismo número: 100 capas lineales tampoco resolverían XOR. Lo que da poder a la capa oculta es
# su activación.

# %% [markdown] lang="en"
# The same number: 100 linear layers would not solve XOR either. What gives the hidden layer its
# power is its activation.

# %% [markdown] lang="es"
# ## Las activaciones doblan la recta
#
# Una activación es una función de un número que se aplica a cada neurona. Estas son las más usadas.
# Maxout es especial: se queda con la mayor de dos sumas ponderadas, cada una con sus propios pesos,
# que también se aprenden; aquí dibujamos un ejemplo. Las figuras muestran cada función y su
# pendiente, que será lo que use el entrenamiento.

# %% [markdown] lang="en"
# ## Activations bend the line
#
# An activation is a function of one number that is applied to each neuron. These are the ones used
# most. Maxout is special: it keeps the larger of two weighted sums, each with weights of its own,
# which are learnt too; here we draw one example. The figures show each function and its slope,
# which is what training will use.

# %%
activations = {
    "Heaviside": lambda z: np.where(z > 0, 1.0, 0.0),
    _("Lineal", "Linear"): lambda z: z,
    _("Sigmoide", "Sigmoid"): sigmoid,
    "Tanh": np.tanh,
    "ReLU": lambda z: np.maximum(0, z),
    _("Leaky ReLU", "Leaky ReLU"): lambda z: np.maximum(0.1 * z, z),
    "ELU": lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1),
    "Maxout": lambda z: np.maximum(-0.5 * z - 1, z - 0.5),
}


# %%
def slope(function, z, step=1e-5):
    return (function(z + step) - function(z - step)) / (2 * step)


def draw_activations(axes, labels):
    z = np.linspace(-4, 4, 400)
    for axis, (name, function) in zip(np.ravel(axes), activations.items(), strict=True):
        axis.plot(z, function(z), label=labels[0])
        axis.plot(z, slope(function, z), "--", label=labels[1])
        axis.set(title=name, xlabel="$z$", ylim=(-1.5, 3), xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2])
    axes[0, 0].legend(loc=2)


# %%
figure, axes = plt.subplots(2, 4, figsize=(10, 6), sharey=True)
draw_activations(axes, [_("función", "function"), _("pendiente", "slope")])
ck.plots.show(
    figure,
    _(
        "Ocho activaciones y sus pendientes. La sigmoide y la tangente hiperbólica se aplanan en los "
        "dos extremos; ReLU y ELU, en el izquierdo; Leaky ReLU y Maxout, en ninguno.",
        "Eight activations and their slopes. The sigmoid and the hyperbolic tangent flatten at both "
        "ends; ReLU and ELU at the left one; Leaky ReLU and Maxout at neither.",
    ),
)

# %% [markdown] lang="es"
# Compara las dos líneas de cada panel: donde la azul se aplana, la naranja cae a 0. Las de la
# segunda fila están hechas con trozos rectos (ELU, con un trozo curvo) y no se aplanan a la
# derecha.

# %% [markdown] lang="en"
# Compare the two lines of each panel: where the blue one flattens, the orange one falls to 0. Those
# in the second row are made of straight pieces (ELU, with one curved piece) and do not flatten on
# the right.

# %% [markdown] lang="es"
# ### ¿Cuáles se saturan?
#
# Una activación se **satura** (*saturates*) donde su pendiente se acerca a 0: la entrada cambia y
# la salida ya no. Midamos la pendiente lejos del centro, en $z = -6$ y en $z = 6$.

# %% [markdown] lang="en"
# ### Which ones saturate?
#
# An activation **saturates** where its slope approaches 0: the input changes and the output no
# longer does. Let us measure the slope far from the centre, at $z = -6$ and at $z = 6$.

# %%
for name, function in activations.items():
    print(f"{name:10} {slope(function, -6.0):6.3f} {slope(function, 6.0):6.3f}")

# %% [markdown] lang="es"
# Se saturan por los dos lados la sigmoide y la tanh; por la izquierda, ReLU y ELU. La función
# lineal, Leaky ReLU y Maxout (en este ejemplo) no se saturan nunca. Heaviside es el peor caso: su
# pendiente es 0 en todas partes salvo en el salto, así que no puede aprender por descenso de
# gradiente.

# %% [markdown] lang="en"
# The sigmoid and tanh saturate on both sides; ReLU and ELU on the left. The linear function, Leaky
# ReLU and Maxout (in this example) never saturate. Heaviside is the worst case: its slope is 0
# everywhere except at the jump, so it cannot learn by gradient descent.

# %% [markdown] lang="es"
# ### Qué le hace eso al gradiente
#
# En una red profunda, las pendientes de las capas se multiplican (enseguida veremos por qué). La
# mayor pendiente de la sigmoide es $0.25$, justo en el centro. Después de 10 capas queda, en el mejor
# de los casos, $0.25^{10}$.

# %% [markdown] lang="en"
# ### What that does to the gradient
#
# In a deep network, the slopes of the layers are multiplied (we will soon see why). The largest
# slope of the sigmoid is $0.25$, right at the centre. After 10 layers there remains, at best,
# $0.25^{10}$.

# %%
largest = slope(sigmoid, 0.0)
print(f"{largest:.2f} {largest**10:.1e}")

# %% [markdown] lang="es"
# Queda menos de una millonésima: si los pesos no lo compensan, la primera capa casi no recibe señal
# para aprender. Se llama **desvanecimiento del gradiente** (*vanishing gradient*), y es la razón por
# la que ReLU se usa tanto en las capas ocultas: donde está activa, su pendiente es 1.

# %% [markdown] lang="en"
# Less than a millionth remains: unless the weights make up for it, the first layer receives almost
# no signal to learn from. This is called the **vanishing gradient**, and it is the reason why ReLU
# is used so much in hidden layers: where it is active, its slope is 1.

# %% [markdown] lang="es"
# ### Softmax: una activación para toda la capa
#
# En la salida de un clasificador queremos probabilidades que sumen 1. Softmax toma la capa entera:
# $p_i = e^{z_i} / \sum_j e^{z_j}$. Restar antes el mayor $z$ no cambia el resultado y evita números
# enormes. Como cada salida depende de todas las entradas, su pendiente es una tabla:
# $\partial p_i / \partial z_j = p_i (\delta_{ij} - p_j)$, donde $\delta_{ij}$ vale 1 si $i = j$ y 0
# si no.

# %% [markdown] lang="en"
# ### Softmax: one activation for the whole layer
#
# At the output of a classifier we want probabilities that add up to 1. Softmax takes the whole
# layer: $p_i = e^{z_i} / \sum_j e^{z_j}$. Subtracting the largest $z$ first does not change the
# result and avoids huge numbers. As each output depends on all the inputs, its slope is a table:
# $\partial p_i / \partial z_j = p_i (\delta_{ij} - p_j)$, where $\delta_{ij}$ is 1 if $i = j$ and 0
# otherwise.


# %%
def softmax(z):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


p = softmax(np.array([2.0, 1.0, 0.0]))
slopes = np.diag(p) - np.outer(p, p)
print(p.round(2), softmax(np.array([1002.0, 1001.0, 1000.0])).round(2))
print(slopes.round(2))
assert np.isclose(p.sum(), 1) and np.allclose(slopes.sum(axis=1), 0)

# %% [markdown] lang="es"
# Sumar 1000 a todo no cambia nada: solo importan las diferencias. En la tabla, la diagonal es
# positiva y el resto negativo: lo que gana una clase lo pierden las demás. Softmax también se
# satura: si una probabilidad llega a 1, toda la tabla se acerca a 0.

# %% [markdown] lang="en"
# Adding 1000 to everything changes nothing: only differences matter. In the table, the diagonal is
# positive and the rest negative: what one class gains, the others lose. Softmax saturates too: if
# one probability reaches 1, the whole table approaches 0.

# %% [markdown] lang="es"
# ## Retropropagación: la regla de la cadena en un grafo
#
# Para aprender, la red necesita saber cuánto cambia la pérdida $L$ cuando cambia cada peso: el
# **gradiente**. Veámoslo en la red más pequeña que tiene de todo: una entrada $x$, dos neuronas
# ocultas tanh, una salida sigmoide $p$ y, como la respuesta correcta es 1, la pérdida
# $L = -\log p$. Para que quepa en el dibujo, no lleva sesgos.

# %% [markdown] lang="en"
# ## Backpropagation: the chain rule on a graph
#
# To learn, the network needs to know how much the loss $L$ changes when each weight changes: the
# **gradient**. Let us see it in the smallest network that has everything: an input $x$, two hidden
# tanh neurons, a sigmoid output $p$ and, as the right answer is 1, the loss $L = -\log p$. So that
# it fits in the drawing, it has no biases.


# %%
def forward(x, w1, w2, v1, v2):
    nodes = {"x": x, "w1": w1, "w2": w2, "v1": v1, "v2": v2}
    nodes["z1"], nodes["z2"] = w1 * x, w2 * x
    nodes["h1"], nodes["h2"] = np.tanh(nodes["z1"]), np.tanh(nodes["z2"])
    nodes["z"] = v1 * nodes["h1"] + v2 * nodes["h2"]
    nodes["p"] = sigmoid(nodes["z"])
    nodes["L"] = -np.log(nodes["p"])
    return nodes


nodes = forward(x=2.0, w1=0.5, w2=-0.25, v1=0.5, v2=1.5)
print({name: round(float(value), 3) for name, value in nodes.items()})

# %% [markdown] lang="es"
# La pasada **hacia delante** (*forward*) da el valor de cada nodo, de la entrada a la pérdida.
# Guardamos todos: la vuelta los necesita.

# %% [markdown] lang="en"
# The **forward** pass gives the value of each node, from the input to the loss. We keep them all:
# the way back needs them.

# %% [markdown] lang="es"
# ### La derivada de cada flecha
#
# Cada flecha es una operación sencilla, con una derivada sencilla. Si $z_1 = w_1 x$, entonces
# $\partial z_1 / \partial w_1 = x$. La de tanh es $1 - h^2$; la de la sigmoide, $p (1 - p)$; la de
# $-\log p$, $-1/p$. Las apuntamos en el orden de la pasada hacia delante.

# %% [markdown] lang="en"
# ### The derivative of each arrow
#
# Each arrow is a simple operation, with a simple derivative. If $z_1 = w_1 x$, then
# $\partial z_1 / \partial w_1 = x$. That of tanh is $1 - h^2$; that of the sigmoid, $p (1 - p)$;
# that of $-\log p$, $-1/p$. We note them down in the order of the forward pass.


# %%
def local_slopes(nodes):
    slopes = {}
    for w, z, h, v in (("w1", "z1", "h1", "v1"), ("w2", "z2", "h2", "v2")):
        slopes["x", z], slopes[w, z] = nodes[w], nodes["x"]
        slopes[z, h] = 1 - nodes[h] ** 2
        slopes[h, "z"], slopes[v, "z"] = nodes[v], nodes[h]
    slopes["z", "p"] = nodes["p"] * (1 - nodes["p"])
    slopes["p", "L"] = -1 / nodes["p"]
    return slopes


# %% [markdown] lang="es"
# ### La regla de la cadena, hacia atrás
#
# La regla de la cadena dice: multiplica las derivadas a lo largo del camino y, si dos caminos se
# juntan, súmalos. Empezamos en $L$, donde $\partial L / \partial L = 1$, y recorremos las flechas
# al revés. Al llegar a un nodo, su derivada ya está completa y sirve para todas las flechas que
# entran en él: **no se calcula nada dos veces**. Eso es la retropropagación (*backpropagation*).

# %% [markdown] lang="en"
# ### The chain rule, backwards
#
# The chain rule says: multiply the derivatives along the path and, where two paths join, add them.
# We start at $L$, where $\partial L / \partial L = 1$, and go through the arrows in reverse. On
# reaching a node, its derivative is already complete and serves all the arrows that enter it:
# **nothing is computed twice**. That is backpropagation.


# %%
def backward(slopes):
    gradients = {"L": 1.0}
    for start, end in reversed(slopes):
        gradients[start] = gradients.get(start, 0) + slopes[start, end] * gradients[end]
    return gradients


slopes = local_slopes(nodes)
gradients = backward(slopes)
print({name: round(float(gradients[name]), 3) for name in ("z", "w1", "w2", "v1", "v2", "x")})

# %%
places = {"w1": (0, 2), "x": (0, 0), "w2": (0, -2), "z1": (1, 1), "z2": (1, -1)}
places |= {"v1": (2, 2.4), "h1": (2, 1), "h2": (2, -1), "v2": (2, -2.4)}
places |= {"z": (3, 0), "p": (4, 0), "L": (5, 0)}
texts = {}
for name, value in nodes.items():
    symbol = f"{name[0]}_{name[1]}" if len(name) == 2 else name
    texts[name] = f"${symbol}$\n{value:.2f}"
edge_texts = {edge: f"{value:.2f}" for edge, value in slopes.items()}
gradient_texts = {name: f"{value:.2f}" for name, value in gradients.items()}

# %%
figure, axis = plt.subplots(figsize=(10, 7.4), layout="none")
figure.subplots_adjust(0, 0, 1, 1)
draw_edges(axis, places, edge_texts)
draw_nodes(axis, places, texts, gradient_texts)
ck.plots.show(
    figure,
    _(
        "Grafo computacional de la red: dentro de cada nodo, su valor; en cada flecha, su derivada; "
        "debajo de cada nodo, en naranja, la derivada de la pérdida respecto a él.",
        "Computational graph of the network: inside each node, its value; on each arrow, its "
        "derivative; below each node, in orange, the derivative of the loss with respect to it.",
    ),
)

# %% [markdown] lang="es"
# Lee el grafo de derecha a izquierda. Dentro de cada nodo está su valor; en verde, la derivada de
# cada flecha; en naranja, la derivada de $L$ respecto al nodo. El −0.58 de $z$ se calcula una vez y
# sirve a cuatro flechas. A $x$ llegan dos caminos, que se suman. Y observa que
# $\partial L / \partial z = p - 1$: con la sigmoide y esta pérdida, el error es simplemente
# «probabilidad menos respuesta».

# %% [markdown] lang="en"
# Read the graph from right to left. Inside each node is its value; in green, the derivative of each
# arrow; in orange, the derivative of $L$ with respect to the node. The −0.58 of $z$ is computed
# once and serves four arrows. Two paths reach $x$, and they are added. And notice that
# $\partial L / \partial z = p - 1$: with the sigmoid and this loss, the error is simply
# "probability minus answer".

# %%
assert np.isclose(gradients["z"], nodes["p"] - 1)
along_1 = gradients["z1"] * slopes["x", "z1"]
along_2 = gradients["z2"] * slopes["x", "z2"]
print(f"{gradients['z']:.2f} {along_1:.2f} {along_2:.2f} {gradients['x']:.2f}")
assert np.isclose(along_1 + along_2, gradients["x"])

# %% [markdown] lang="es"
# ### Primera comprobación: diferencias finitas
#
# La definición de derivada sirve de juez: mueve un peso un poquito a cada lado,
# $\varepsilon = 10^{-5}$, y mira cuánto cambia la pérdida. Es lento, porque pide dos pasadas por
# cada peso, pero no se equivoca de fórmula. El error relativo compara la diferencia con el tamaño
# del gradiente.

# %% [markdown] lang="en"
# ### First check: finite differences
#
# The definition of the derivative is the judge: move one weight a little to each side,
# $\varepsilon = 10^{-5}$, and see how much the loss changes. It is slow, because it asks for two
# passes for each weight, but it cannot get a formula wrong. The relative error compares the
# difference with the size of the gradient.

# %%
inputs_and_weights = {name: nodes[name] for name in ("x", "w1", "w2", "v1", "v2")}
errors = []
for name, value in inputs_and_weights.items():
    above = forward(**inputs_and_weights | {name: value + 1e-5})["L"]
    below = forward(**inputs_and_weights | {name: value - 1e-5})["L"]
    difference = (above - below) / 2e-5
    errors.append(abs(difference - gradients[name]) / abs(gradients[name]))

# %%
ck.claim(
    _("mayor error relativo frente a diferencias finitas", "largest relative error against finite differences"),
    max(errors),
    at_most=1e-6,
)

# %% [markdown] lang="es"
# Las 5 derivadas coinciden: la retropropagación es correcta.

# %% [markdown] lang="en"
# The 5 derivatives agree: the backpropagation is right.

# %% [markdown] lang="es"
# ### Segunda comprobación: Keras
#
# Keras también retropropaga, por dentro. Para ver su gradiente sin depender de TensorFlow, JAX ni
# PyTorch, damos un solo paso de descenso con tasa de aprendizaje 1: cada peso se mueve justo menos
# su gradiente, así que el gradiente es «antes menos después». Construimos la misma red, sin sesgos,
# con los mismos pesos.

# %% [markdown] lang="en"
# ### Second check: Keras
#
# Keras backpropagates too, inside. To see its gradient without depending on TensorFlow, JAX or
# PyTorch, we take a single descent step with learning rate 1: each weight moves by exactly minus
# its gradient, so the gradient is "before minus after". We build the same network, without biases,
# with the same weights.

# %%
import keras
from keras import layers

keras.utils.set_random_seed(0)

# %%
model = keras.Sequential(
    [
        keras.Input((1,)),
        layers.Dense(2, activation="tanh", use_bias=False),
        layers.Dense(1, activation="sigmoid", use_bias=False),
    ]
)
before = [np.array([[0.5, -0.25]]), np.array([[0.5], [1.5]])]
model.set_weights(before)
model.compile(keras.optimizers.SGD(learning_rate=1.0), loss="binary_crossentropy")

# %%
_ = model.train_on_batch(np.array([[2.0]]), np.array([[1.0]]))
after = model.get_weights()
keras_gradients = np.concatenate([np.ravel(b - a) for b, a in zip(before, after, strict=True)])
by_hand = np.array([gradients[name] for name in ("w1", "w2", "v1", "v2")])
print(by_hand.round(3), keras_gradients.round(3))

# %%
difference = np.abs(by_hand - keras_gradients).max()
ck.claim(
    _("mayor diferencia con el gradiente de Keras", "largest difference from the gradient of Keras"),
    difference,
    at_most=1e-6,
)

# %% [markdown] lang="es"
# Los mismos cuatro números. Keras calcula con 32 bits, unas 7 cifras, y de ahí viene la pequeña
# diferencia.

# %% [markdown] lang="en"
# The same four numbers. Keras computes with 32 bits, about 7 digits, and that is where the small
# difference comes from.

# %% [markdown] lang="es"
# ### Algo que sale mal: el gradiente se desvanece
#
# Ahora que sabemos ir hacia atrás, comprobemos lo que hacen las pendientes pequeñas. Esta red tiene
# 10 capas de 100 neuronas con pesos al azar, de desviación $s / \sqrt{100}$. Enviamos un gradiente
# desde la salida y medimos, en cada capa, cuánto queda de él: su norma (*norm*), la longitud del
# vector.

# %% [markdown] lang="en"
# ### Something that goes wrong: the gradient vanishes
#
# Now that we know how to go backwards, let us check what small slopes do. This network has 10
# layers of 100 neurons with random weights, of deviation $s / \sqrt{100}$. We send a gradient from
# the output and measure, at each layer, how much of it is left: its norm, the length of the vector.


# %%
def gradient_norms(activation, spread, depth=10, units=100):
    rng = np.random.default_rng(0)
    h, steps, norms = rng.normal(size=(100, units)), [], []
    for _ in range(depth):
        weights = rng.normal(0, spread / np.sqrt(units), (units, units))
        steps.append((weights, slope(activation, h @ weights)))
        h = activation(h @ weights)
    gradient = rng.normal(size=h.shape)
    for weights, slopes in reversed(steps):
        gradient = gradient * slopes @ weights.T
        norms.append(np.linalg.norm(gradient))
    return norms[::-1]


# %% [markdown] lang="es"
# Usamos $s = 1$ para la sigmoide y tanh (Glorot y Bengio, 2010) y $s = \sqrt{2}$ para ReLU, que
# apaga la mitad de las neuronas (He y otros, 2015). Cada curva se divide por su valor en la última
# capa.

# %% [markdown] lang="en"
# We use $s = 1$ for the sigmoid and tanh (Glorot and Bengio, 2010) and $s = \sqrt{2}$ for ReLU,
# which switches off half of the neurons (He and others, 2015). Each curve is divided by its value
# at the last layer.

# %%
norms = {"ReLU": gradient_norms(lambda z: np.maximum(0, z), np.sqrt(2))}
norms |= {"tanh": gradient_norms(np.tanh, 1), "sigmoid": gradient_norms(sigmoid, 1)}
remaining = {name: np.array(values) / values[-1] for name, values in norms.items()}

# %%
figure, axis = plt.subplots(figsize=(10, 4.4))
for (name, values), style in zip(remaining.items(), ["o-", "s-", "^-"], strict=True):
    axis.semilogy(range(1, 11), values, style, label=name.replace("sigmoid", _("sigmoide", "sigmoid")))
axis.set(xlabel=_("capa", "layer"), ylabel=_("gradiente que queda", "gradient that is left"), xticks=range(1, 11))
axis.legend(loc=4, fontsize=17)
ck.plots.show(
    figure,
    _(
        "Norma del gradiente en cada una de las 10 capas, en escala logarítmica. Con ReLU apenas "
        "cambia, con tanh baja poco y con la sigmoide se hunde al acercarse a la capa 1.",
        "Norm of the gradient at each of the 10 layers, on a logarithmic scale. With ReLU it hardly "
        "changes, with tanh it falls a little and with the sigmoid it sinks towards layer 1.",
    ),
)
ck.claim(
    _("sigmoide: lo que llega a la capa 1", "sigmoid: what reaches layer 1"), remaining["sigmoid"][0], at_most=1e-5
)
ck.claim(_("ReLU: lo que llega a la capa 1", "ReLU: what reaches layer 1"), remaining["ReLU"][0], at_least=0.5)

# %% [markdown] lang="es"
# Con la sigmoide, a la capa 1 llega menos de una cienmilésima del gradiente: esa capa no aprende
# casi nada. Con ReLU llega más de la mitad.

# %% [markdown] lang="en"
# With the sigmoid, less than one hundred-thousandth of the gradient reaches layer 1: that layer
# learns next to nothing. With ReLU more than half arrives.

# %% [markdown] lang="es"
# ## Una red desde cero
#
# Ya tenemos todas las piezas. Escribamos una red completa con NumPy: 2 entradas, 4 neuronas ocultas
# tanh y 1 salida sigmoide. El problema: puntos rojizos que rodean a puntos azules. Ninguna recta
# los separa. Nadie le dirá a la red qué tareas ocultas debe resolver.

# %% [markdown] lang="en"
# ## A network from scratch
#
# We now have all the pieces. Let us write a complete network with NumPy: 2 inputs, 4 hidden tanh
# neurons and 1 sigmoid output. The problem: reddish points that surround blue points. No straight
# line separates them. Nobody will tell the network which hidden tasks it has to solve.

# %%
rng = np.random.default_rng(0)
labels = np.arange(400) % 2
radius = np.where(labels == 1, rng.normal(2, 0.25, 400), 0)
angle = rng.uniform(0, 2 * np.pi, 400)
circle = radius * np.array([np.cos(angle), np.sin(angle)])
points = circle.T + rng.normal(0, 0.45, (400, 2))

# %% [markdown] lang="es"
# ### Una parte para entrenar y otra para examinar
#
# Una red se juzga con ejemplos que no ha visto. Con pocos datos se suele apartar el 30 % para la
# prueba y entrenar con el 70 %. Antes se barajan, para que las dos partes se parezcan.

# %% [markdown] lang="en"
# ### One part to train and another to examine
#
# A network is judged on examples that it has not seen. With little data it is usual to set 30 %
# aside for the test and to train on the other 70 %. They are shuffled first, so that the two parts
# are alike.

# %%
order = rng.permutation(400)
x_train, y_train = points[order[:280]], labels[order[:280], None]
x_test, y_test = points[order[280:]], labels[order[280:], None]
print(x_train.shape, y_train.shape, x_test.shape, y_test.shape)

# %% [markdown] lang="es"
# Quedan 280 puntos para entrenar y 120 para la prueba, con 2 coordenadas y 1 respuesta cada uno.

# %% [markdown] lang="en"
# That leaves 280 points to train and 120 for the test, with 2 coordinates and 1 answer each.

# %% [markdown] lang="es"
# ### Cuatro funciones
#
# La red entera cabe en cuatro funciones. La primera va hacia delante y guarda en `cache` lo que la
# vuelta necesita. La segunda es la pérdida: la entropía cruzada (*cross-entropy*), la media de
# $-\log$ de la probabilidad que la red dio a la respuesta correcta.

# %% [markdown] lang="en"
# ### Four functions
#
# The whole network fits in four functions. The first goes forward and keeps in `cache` what the way
# back needs. The second is the loss: the cross-entropy, the mean of $-\log$ of the probability that
# the network gave to the right answer.


# %%
def forward_pass(x, parameters):
    hidden = np.tanh(x @ parameters["w1"] + parameters["b1"])
    p = sigmoid(hidden @ parameters["w2"] + parameters["b2"])
    return p, {"x": x, "hidden": hidden, "p": p}


def cross_entropy(p, y):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


# %% [markdown] lang="es"
# La tercera va hacia atrás, con las mismas derivadas del grafo: $p - y$ en la salida y $1 - h^2$ en
# cada tanh. Un producto de matrices suma todos los ejemplos de una vez. La cuarta da el paso: cada
# parámetro menos la tasa de aprendizaje por su gradiente.

# %% [markdown] lang="en"
# The third goes backwards, with the same derivatives as the graph: $p - y$ at the output and
# $1 - h^2$ at each tanh. A matrix product adds up all the examples at once. The fourth takes the
# step: each parameter minus the learning rate times its gradient.


# %%
def backward_pass(cache, y, parameters):
    dz2 = (cache["p"] - y) / len(y)
    dz1 = dz2 @ parameters["w2"].T * (1 - cache["hidden"] ** 2)
    gradients = {"w2": cache["hidden"].T @ dz2, "b2": dz2.sum(axis=0)}
    return gradients | {"w1": cache["x"].T @ dz1, "b1": dz1.sum(axis=0)}


def update(parameters, gradients, learning_rate):
    return {name: parameters[name] - learning_rate * gradients[name] for name in parameters}


# %% [markdown] lang="es"
# ### Entrenar
#
# Los pesos empiezan al azar: si empezaran iguales, las 4 neuronas ocultas recibirían siempre el
# mismo gradiente y serían copias (lo verás en un ejercicio). El único bucle cuenta los pasos;
# ninguno recorre los ejemplos.

# %% [markdown] lang="en"
# ### Training
#
# The weights start at random: if they started equal, the 4 hidden neurons would always receive the
# same gradient and would be copies (you will see it in an exercise). The only loop counts the
# steps; none goes through the examples.


# %%
def initial_parameters(hidden_units=4, seed=0):
    rng = np.random.default_rng(seed)
    w1, w2 = rng.normal(0, 0.5, (2, hidden_units)), rng.normal(0, 0.5, (hidden_units, 1))
    return {"w1": w1, "b1": np.zeros(hidden_units), "w2": w2, "b2": np.zeros(1)}


# %%
parameters = initial_parameters()
losses, snapshots = [], {}
for step in range(2001):
    p, cache = forward_pass(x_train, parameters)
    losses.append(cross_entropy(p, y_train))
    if step in (0, 20, 50, 100, 200, 2000):
        snapshots[step] = parameters
    gradients = backward_pass(cache, y_train, parameters)
    parameters = update(parameters, gradients, learning_rate=1.0)
parameters = snapshots[2000]

# %%
ck.claim(_("pérdida al empezar", "loss at the start"), losses[0], at_least=0.5)
ck.claim(_("pérdida al acabar", "loss at the end"), losses[-1], at_most=0.15)

# %% [markdown] lang="es"
# Quien responde 0.5 a todo tiene una pérdida de $-\log 0.5 \approx 0.69$. La red empezó cerca de
# ahí y acabó por debajo de [[bound: loss at the end]].

# %% [markdown] lang="en"
# Answering 0.5 to everything has a loss of $-\log 0.5 \approx 0.69$. The network started near there
# and ended below [[bound: loss at the end]].

# %% [markdown] lang="es"
# ### La frontera mientras se forma
#
# La **frontera de decisión** (*decision boundary*) es la línea donde la red duda, $p = 0.5$.
# Pintamos cada punto del plano con el color que le da la red en seis momentos del entrenamiento.

# %% [markdown] lang="en"
# ### The boundary as it forms
#
# The **decision boundary** is the line where the network hesitates, $p = 0.5$. We paint each point
# of the plane in the colour that the network gives it at six moments of the training.


# %%
def draw_boundary(axis, predict, x, y):
    ticks = np.linspace(-3.6, 3.6, 200)
    plane = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    p = predict(plane).reshape(200, 200)
    levels = [0, 0.5, 1]
    axis.contourf(ticks, ticks, p, levels, colors=[plots.BLUE, plots.ORANGE], alpha=0.25)
    axis.contour(ticks, ticks, p, [0.5], colors="black", linewidths=3)
    for value, colour, marker in ((0, plots.BLUE, "o"), (1, plots.ORANGE, "s")):
        axis.scatter(*x[y[:, 0] == value].T, s=14, color=colour, marker=marker)
    axis.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2], xlim=(-3.6, 3.6), ylim=(-3.6, 3.6))
    axis.set_aspect("equal")


# %%
def draw_snapshots(axes, word):
    for axis, (step, saved) in zip(np.ravel(axes), snapshots.items(), strict=True):
        draw_boundary(axis, lambda x, saved=saved: forward_pass(x, saved)[0], x_train, y_train)
        axis.set_title(f"{word} {step}")
    for axis in axes[1]:
        axis.set_xlabel("$x_1$")
    for axis in axes[:, 0]:
        axis.set_ylabel("$x_2$")


# %%
figure, axes = plt.subplots(2, 3, figsize=(10, 7.2), sharex=True, sharey=True)
draw_snapshots(axes, _("paso", "step"))
ck.plots.show(
    figure,
    _(
        "La frontera de decisión en seis momentos del entrenamiento, del paso 0 al 2000: empieza "
        "partiendo el plano en dos, se dobla y acaba encerrando los puntos azules.",
        "The decision boundary at six moments of the training, from step 0 to 2000: it starts by "
        "cutting the plane in two, bends and ends up enclosing the blue points.",
    ),
)

# %% [markdown] lang="es"
# La frontera empieza partiendo el plano en dos, se dobla y acaba por cerrarse alrededor de los
# puntos azules. Nadie le enseñó qué es una curva: la construyó con cuatro neuronas.

# %% [markdown] lang="en"
# The boundary starts by cutting the plane in two, bends and ends up closing around the blue points.
# Nobody taught it what a curve is: it built one out of four neurons.

# %% [markdown] lang="es"
# ### Frente a la regresión logística
#
# Entrenamos una regresión logística con los mismos puntos y comparamos la **exactitud**
# (*accuracy*), la parte de aciertos, en los 120 puntos apartados.

# %% [markdown] lang="en"
# ### Against logistic regression
#
# We train a logistic regression on the same points and compare the **accuracy**, the share of right
# answers, on the 120 points set aside.

# %%
line_weights, line_bias = train_regressions(x_train, y_train)


def predict_line(x):
    return sigmoid(x @ line_weights + line_bias)


def predict_network(x):
    return forward_pass(x, parameters)[0]


def accuracy(p, y):
    return np.mean((p > 0.5) == (y == 1))


# %%
def draw_comparison(axes, titles):
    for axis, title, predict in zip(axes, titles, (predict_line, predict_network), strict=True):
        draw_boundary(axis, predict, x_test, y_test)
        axis.set(title=title, xlabel="$x_1$", ylabel="$x_2$")
    x = np.array([-4.0, 4.0])
    for unit in range(4):
        heights = line_height(x, parameters["w1"][:, unit], parameters["b1"][unit])
        axes[1].plot(x, heights, "--", color=plots.GREY)


# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 5.2))
draw_comparison(
    axes,
    [_("regresión logística", "logistic regression"), _("red con 4 neuronas ocultas", "network with 4 hidden neurons")],
)
ck.plots.show(
    figure,
    _(
        "Los puntos de prueba con las dos fronteras. La regresión logística corta el plano con una "
        "recta; la red encierra los puntos azules. Las rectas a trazos son sus neuronas ocultas.",
        "The test points with the two boundaries. Logistic regression cuts the plane with a straight "
        "line; the network encloses the blue points. The dashed lines are its hidden neurons.",
    ),
)
gain = accuracy(predict_network(x_test), y_test) - accuracy(predict_line(x_test), y_test)
ck.claim(_("exactitud que gana la red", "accuracy that the network gains"), gain, at_least=0.25)
ck.claim(_("exactitud de la red", "accuracy of the network"), accuracy(predict_network(x_test), y_test), at_least=0.85)

# %% [markdown] lang="es"
# La red gana más de [[bound: accuracy that the network gains]] de exactitud. Cada recta a trazos es donde una neurona oculta cambia de
# signo: como OR y NAND en XOR, cada una traza una recta, y la salida las une en una cerca. Esta vez
# la red **encontró sola** sus tareas ocultas.

# %% [markdown] lang="en"
# The network gains more than [[bound: accuracy that the network gains]] of accuracy. Each dashed line is where a hidden neuron changes
# sign: like OR and NAND in XOR, each one draws a line, and the output joins them into a fence. This
# time the network **found its hidden tasks on its own**.

# %% [markdown] lang="es"
# ## Keras, de tres maneras
#
# Keras escribe la misma red en pocas líneas. `Dense(4)` es una capa de 4 neuronas, cada una unida a
# todas las entradas. La primera manera, **Sequential**, es una lista de capas: la salida de cada
# una entra en la siguiente. Si le damos los pesos que entrenamos a mano, debe responder lo mismo.

# %% [markdown] lang="en"
# ## Keras, in three styles
#
# Keras writes the same network in a few lines. `Dense(4)` is a layer of 4 neurons, each joined to
# all the inputs. The first style, **Sequential**, is a list of layers: the output of each one
# enters the next. If we give it the weights that we trained by hand, it must answer the same.

# %%
sequential = keras.Sequential(
    [keras.Input((2,)), layers.Dense(4, activation="tanh"), layers.Dense(1, activation="sigmoid")]
)
trained_weights = [parameters[name] for name in ("w1", "b1", "w2", "b2")]
sequential.set_weights(trained_weights)


# %%
def outputs_of(model, x):
    return keras.ops.convert_to_numpy(model(x))


difference = np.abs(outputs_of(sequential, x_test) - predict_network(x_test)).max()
assert difference < 1e-5

# %%
ck.claim(
    _("mayor diferencia entre Keras y NumPy", "largest difference between Keras and NumPy"), difference, at_most=1e-5
)

# %% [markdown] lang="es"
# Nuestra red y la de Keras son la misma.

# %% [markdown] lang="en"
# Our network and the one in Keras are the same.

# %% [markdown] lang="es"
# ### Functional y Subclassing
#
# La segunda manera, **Functional**, aplica cada capa como una función: sirve cuando hay varias
# entradas, salidas o ramas. La tercera, **Subclassing**, es una clase con sus capas y un método
# `call` que dice cómo se usan: da libertad total, a cambio de que Keras sepa menos de la red antes
# de ejecutarla.

# %% [markdown] lang="en"
# ### Functional and Subclassing
#
# The second style, **Functional**, applies each layer as a function: it serves when there are
# several inputs, outputs or branches. The third, **Subclassing**, is a class with its layers and a
# method `call` that says how they are used: it gives full freedom, and in exchange Keras knows less
# about the network before running it.

# %%
entry = keras.Input((2,))
hidden_layer = layers.Dense(4, activation="tanh")(entry)
exit_layer = layers.Dense(1, activation="sigmoid")(hidden_layer)
functional = keras.Model(entry, exit_layer)


# %%
class ShallowNetwork(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden_layer = layers.Dense(4, activation="tanh")
        self.exit_layer = layers.Dense(1, activation="sigmoid")

    def call(self, x):
        return self.exit_layer(self.hidden_layer(x))


# %% [markdown] lang="es"
# Una subclase no conoce el tamaño de su entrada hasta que recibe datos: por eso la llamamos una vez
# antes de darle los pesos. Con los mismos pesos, las tres responden lo mismo.

# %% [markdown] lang="en"
# A subclass does not know the size of its input until it receives data: that is why we call it once
# before giving it the weights. With the same weights, all three answer the same.

# %%
subclass = ShallowNetwork()
_ = subclass(x_test[:1])
for model in (functional, subclass):
    model.set_weights(trained_weights)
    assert np.allclose(outputs_of(model, x_test), outputs_of(sequential, x_test), atol=1e-6)
print([model.count_params() for model in (sequential, functional, subclass)])

# %% [markdown] lang="es"
# ### Contar parámetros a mano
#
# Los tres tienen 17 **parámetros**. Cuéntalos: cada neurona tiene un peso por entrada y un sesgo.
# La capa oculta, $(2 + 1) \cdot 4 = 12$; la de salida, $(4 + 1) \cdot 1 = 5$. En general,
# $(\text{entradas} + 1) \cdot \text{neuronas}$.

# %% [markdown] lang="en"
# ### Counting parameters by hand
#
# All three have 17 **parameters**. Count them: each neuron has one weight for each input and a
# bias. The hidden layer, $(2 + 1) \cdot 4 = 12$; the output layer, $(4 + 1) \cdot 1 = 5$. In
# general, $(\text{inputs} + 1) \cdot \text{neurons}$.


# %%
from itertools import pairwise


def count_by_hand(sizes):
    return sum((size + 1) * units for size, units in pairwise(sizes))


print(count_by_hand([2, 4, 1]))
assert count_by_hand([2, 4, 1]) == sequential.count_params()

# %% [markdown] lang="es"
# ### Compilar y entrenar
#
# `compile` elige el optimizador, la pérdida y lo que se mide; `fit` entrena. No usa los 280
# ejemplos en cada paso, sino un **lote** (*batch*) de 32. Una **época** (*epoch*) es una vuelta
# completa a los datos. Primero, la prueba de que Keras hace lo mismo que nosotros: un paso con
# todos los ejemplos, desde los mismos pesos.

# %% [markdown] lang="en"
# ### Compiling and training
#
# `compile` chooses the optimizer, the loss and what is measured; `fit` trains. It does not use the
# 280 examples at each step, but a **batch** of 32. An **epoch** is one full turn through the data.
# First, the proof that Keras does the same as we do: one step with all the examples, from the same
# weights.

# %%
start = initial_parameters()
sequential.set_weights(list(start.values()))
sequential.compile(keras.optimizers.SGD(1.0), loss="binary_crossentropy", metrics=["accuracy"])
_ = sequential.train_on_batch(x_train, y_train)
gradients = backward_pass(forward_pass(x_train, start)[1], y_train, start)
expected = update(start, gradients, learning_rate=1.0)
for ours, theirs in zip(expected.values(), sequential.get_weights(), strict=True):
    assert np.allclose(ours, theirs, atol=1e-5)

# %% [markdown] lang="es"
# El mismo paso. Ahora el entrenamiento completo, con Adam: un descenso de gradiente que adapta el
# tamaño del paso de cada peso (Kingma y Ba, 2015).

# %% [markdown] lang="en"
# The same step. Now the whole training, with Adam: a gradient descent that adapts the size of the
# step of each weight (Kingma and Ba, 2015).

# %%
adam = keras.optimizers.Adam(learning_rate=0.05)
sequential.compile(adam, loss="binary_crossentropy", metrics=["accuracy"])
_ = sequential.fit(x_train, y_train, batch_size=32, epochs=60, verbose=0)
batches = -(-len(x_train) // 32)
print(batches, 60 * batches, int(keras.ops.convert_to_numpy(adam.iterations)))

# %% [markdown] lang="es"
# Son 9 lotes por época (el último, de 24 ejemplos) y 540 pasos en 60 épocas: los mismos que contó
# el optimizador.

# %% [markdown] lang="en"
# There are 9 batches in an epoch (the last one, of 24 examples) and 540 steps in 60 epochs: as many
# as the optimizer counted.

# %% [markdown] lang="es"
# ### Evaluar y predecir
#
# `evaluate` mide con ejemplos apartados; `predict` da la respuesta para entradas nuevas. Probamos
# con el centro del plano y con un punto lejano.

# %% [markdown] lang="en"
# ### Evaluating and predicting
#
# `evaluate` measures on examples set aside; `predict` gives the answer for new inputs. We try the
# centre of the plane and a point far away.

# %%
test_loss, test_accuracy = sequential.evaluate(x_test, y_test, verbose=0)
p = sequential.predict(np.array([[0.0, 0.0], [2.5, 0.0]]), verbose=0)
print((p > 0.5).astype(int).ravel())

# %%
ck.claim(_("exactitud de la red de Keras", "accuracy of the Keras network"), test_accuracy, at_least=0.85)

# %% [markdown] lang="es"
# El centro es azul (0) y el punto lejano, rojizo (1), como en la figura.

# %% [markdown] lang="en"
# The centre is blue (0) and the point far away is reddish (1), as in the figure.

# %% [markdown] lang="es"
# ## ¿Qué puede una capa oculta?
#
# Con cuatro neuronas salió una cerca. ¿Y con más? El **teorema de aproximación universal**
# (*universal approximation*; Cybenko, 1989; Hornik, 1991) dice que una capa oculta, con neuronas
# suficientes, se acerca tanto como quieras a cualquier función continua en un intervalo. Probémoslo
# con una curva ondulada y 1, 3, 10 y 50 neuronas.

# %% [markdown] lang="en"
# ## What can a hidden layer do?
#
# Four neurons made a fence. And more of them? The **universal approximation** theorem (Cybenko,
# 1989; Hornik, 1991) says that one hidden layer, with enough neurons, comes as close as you like to
# any continuous function on an interval. Let us try it with a wavy curve and 1, 3, 10 and 50
# neurons.


# %%
def curve(x):
    return np.sin(2 * x) + 0.5 * np.cos(5 * x)


rng = np.random.default_rng(0)
x_curve = rng.uniform(-3, 3, (8192, 1)).astype("float32")
y_curve = curve(x_curve)
x_plot = np.linspace(-3, 3, 301)[:, None]

# %% [markdown] lang="es"
# Cada neurona tanh es un escalón suave. Al empezar, repartimos los escalones por todo el intervalo,
# con pesos y sesgos grandes al azar. La salida es lineal, porque la respuesta es un número
# cualquiera, y la pérdida es el error cuadrático medio.

# %% [markdown] lang="en"
# Each tanh neuron is a soft step. At the start, we spread the steps over the whole interval, with
# large random weights and biases. The output is linear, because the answer may be any number, and
# the loss is the mean squared error.


# %%
def fit_curve(hidden_units):
    keras.utils.set_random_seed(0)
    kernel = keras.initializers.RandomNormal(stddev=2.0)
    bias = keras.initializers.RandomUniform(-4, 4)
    steps = layers.Dense(hidden_units, "tanh", kernel_initializer=kernel, bias_initializer=bias)
    model = keras.Sequential([keras.Input((1,)), steps, layers.Dense(1)])
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 15 * 128)
    model.compile(keras.optimizers.Adam(schedule), loss="mean_squared_error")
    live = [ck.live.Progress()]
    model.fit(x_curve, y_curve, batch_size=64, epochs=15, verbose=0, callbacks=live)
    return outputs_of(model, x_plot)


# %%
fits = {hidden_units: fit_curve(hidden_units) for hidden_units in (1, 3, 10, 50)}
errors = {units: np.sqrt(np.mean((fit - curve(x_plot)) ** 2)) for units, fit in fits.items()}


# %%
def draw_fits(axes, words):
    for axis, (units, fit) in zip(np.ravel(axes), fits.items(), strict=True):
        axis.plot(x_plot, curve(x_plot), color=plots.GREY, lw=7, alpha=0.4, label=words[0])
        axis.plot(x_plot, fit, color=plots.ORANGE, label=words[1])
        axis.set(title=units, ylim=(-1.9, 1.9))
    for axis in axes[1]:
        axis.set_xlabel("$x$")
    for axis in axes[:, 0]:
        axis.set_ylabel("$y$")
    axes[0, 0].legend(loc=3, fontsize=13)


# %%
figure, axes = plt.subplots(2, 2, figsize=(10, 6.4), sharex=True, sharey=True)
draw_fits(axes, [_("curva", "curve"), _("red", "network")])
for axis in np.ravel(axes):
    axis.set_title(_(f"neuronas ocultas: {axis.get_title()}", f"hidden neurons: {axis.get_title()}"))
ck.plots.show(
    figure,
    _(
        "Una curva ondulada y su ajuste con 1, 3, 10 y 50 neuronas ocultas: con 1 sale un escalón; "
        "con 3, una forma tosca; con 50, la curva entera.",
        "A wavy curve and its fit with 1, 3, 10 and 50 hidden neurons: with 1 it is a step; with 3, "
        "a rough shape; with 50, the whole curve.",
    ),
)
ck.claim(_("error con 1 neurona", "error with 1 neuron"), errors[1], at_least=0.6)
ck.claim(_("error con 50 neuronas", "error with 50 neurons"), errors[50], at_most=0.1)

# %% [markdown] lang="es"
# El error (raíz del error cuadrático medio) pasa de más de [[bound: error with 1 neuron]] con 1 neurona a menos de [[bound: error with 50 neurons]] con 50.
# El teorema promete que esos pesos existen, no que el entrenamiento los encuentre, ni que la red
# acierte donde no había datos.

# %% [markdown] lang="en"
# The error (root mean squared error) goes from more than [[bound: error with 1 neuron]] with 1 neuron to less than [[bound: error with 50 neurons]]
# with 50. The theorem promises that those weights exist, not that training will find them, nor that
# the network will be right where there were no data.

# %% [markdown] lang="es"
# ## MNIST: dígitos escritos a mano
#
# Ahora un problema real: 70 000 dígitos escritos a mano (LeCun, Cortes y Burges, 1998). Cada imagen
# es una tabla de 28 × 28 píxeles, de 0 (papel) a 255 (tinta). La red tiene que decir qué dígito es.
# Estos son los 10 primeros.

# %% [markdown] lang="en"
# ## MNIST: handwritten digits
#
# Now a real problem: 70,000 handwritten digits (LeCun, Cortes and Burges, 1998). Each picture is a
# table of 28 × 28 pixels, from 0 (paper) to 255 (ink). The network has to say which digit it is.
# Here are the first 10.

# %%
x_all, y_all, x_test, y_test = ck.data.mnist()
print(x_all.shape, x_test.shape)
ck.plots.images(x_all[:10], y_all[:10])

# %% [markdown] lang="es"
# ### Entrenamiento, validación y prueba
#
# Elegiremos cosas (épocas, neuronas, remedios) mirando unos ejemplos apartados: la **validación**.
# Lo elegido así se ajusta un poco a ella, de modo que el examen final necesita otros ejemplos, la
# **prueba**, que se miran una sola vez. ¿Cuántos apartar? Importa el número, no el porcentaje: si
# la exactitud es $0.98$, su error estándar es $\sqrt{0.98 \cdot 0.02 / n}$ con $n$ ejemplos.

# %% [markdown] lang="en"
# ### Training, validation and test
#
# We will choose things (epochs, neurons, remedies) by looking at some examples set aside: the
# **validation** set. What is chosen that way fits it a little, so the final exam needs other
# examples, the **test** set, which is looked at only once. How many to set aside? The number
# matters, not the percentage: if the accuracy is $0.98$, its standard error is
# $\sqrt{0.98 \cdot 0.02 / n}$ with $n$ examples.

# %%
for n in (120, 1200, 5000, 20000):
    print(f"{n:6} {np.sqrt(0.98 * 0.02 / n):.3f}")

# %% [markdown] lang="es"
# Con 400 puntos, apartar el 30 % (120) deja una medida tosca, y apartar menos sería peor: por eso
# con pocos datos se usa 70/30. Con 1 000 000 de ejemplos basta el 2 % (20 000), y se usa 98/2. De
# los 60 000 de MNIST apartamos 5000, con un error estándar de 0.002.

# %% [markdown] lang="en"
# With 400 points, setting aside 30 % (120) leaves a rough measure, and setting aside fewer would be
# worse: that is why 70/30 is used with little data. With 1,000,000 examples 2 % (20,000) is enough,
# and 98/2 is used. Of the 60,000 of MNIST we set aside 5000, with a standard error of 0.002.

# %%
order = np.random.default_rng(0).permutation(60000)
rows = x_all.reshape(60000, 784)[order]
x_valid, y_valid = rows[:5000], y_all[order[:5000]]
x_train, y_train = rows[5000:], y_all[order[5000:]]
x_test = x_test.reshape(10000, 784)
print(x_train.shape, x_valid.shape)

# %% [markdown] lang="es"
# Cada imagen se ha convertido en una fila de 784 números. `Rescaling(1 / 255)`, la primera capa de
# nuestros modelos, los llevará de 0–255 a 0–1: con entradas de tamaño parecido, el descenso avanza
# mejor.

# %% [markdown] lang="en"
# Each picture has become a row of 784 numbers. `Rescaling(1 / 255)`, the first layer of our models,
# will take them from 0–255 to 0–1: with inputs of similar size, descent makes better progress.

# %% [markdown] lang="es"
# ### Sin capa oculta: regresión softmax
#
# Empezamos por lo más simple, una sola capa: 10 neuronas, una por dígito, con softmax. La pérdida
# es la entropía cruzada; la palabra `sparse` dice que la respuesta es un número de clase. La tasa
# de aprendizaje baja poco a poco hasta 0, con forma de coseno: pasos largos al principio y finos al
# final.

# %% [markdown] lang="en"
# ### Without a hidden layer: softmax regression
#
# We start with the simplest thing, a single layer: 10 neurons, one for each digit, with softmax.
# The loss is the cross-entropy; the word `sparse` says that the answer is the number of a class.
# The learning rate falls little by little to 0, in the shape of a cosine: long steps at first and
# fine ones at the end.


# %%
def train(model, learning_rate, batch_size, epochs=8):
    steps = epochs * -(-len(x_train) // batch_size)
    adam = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(learning_rate, steps))
    model.compile(adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    live = [ck.live.Progress()]
    settings = {"batch_size": batch_size, "epochs": epochs, "verbose": 0, "callbacks": live}
    return model.fit(x_train, y_train, validation_data=(x_valid, y_valid), **settings)


# %%
def pixels_in():
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((784,), dtype="uint8"), layers.Rescaling(1 / 255)])


softmax_regression = pixels_in()
softmax_regression.add(layers.Dense(10, activation="softmax"))
softmax_history = train(softmax_regression, learning_rate=0.005, batch_size=128)
print(softmax_regression.count_params(), count_by_hand([784, 10]))

# %% [markdown] lang="es"
# Son 7850 parámetros, contados de las dos maneras. Los 784 pesos de cada neurona se pueden ver como
# una imagen, de la que mostramos el centro, 20 × 20 píxeles: azul donde la tinta cuenta a favor del
# dígito y naranja donde cuenta en contra.

# %% [markdown] lang="en"
# There are 7850 parameters, counted both ways. The 784 weights of each neuron can be seen as a
# picture, of which we show the centre, 20 × 20 pixels: blue where ink counts in favour of the digit
# and orange where it counts against.

# %%
templates = softmax_regression.get_weights()[0].T.reshape(10, 28, 28)
middle = templates[:, 4:24, 4:24]

# %%
alt = _(
    "Los pesos de la regresión softmax como diez imágenes, una plantilla por dígito.",
    "The weights of the softmax regression as ten pictures, one template for each digit.",
)
ck.plots.images(middle, range(10), signed=True, alt=alt)

# %% [markdown] lang="es"
# Son plantillas: el 0, por ejemplo, tiene tinta en contra justo en su centro. Pero hay una sola
# plantilla por dígito, y un 7 con raya y un 7 sin raya deben compartirla. Para combinar trazos hace
# falta una capa oculta.

# %% [markdown] lang="en"
# They are templates: the 0, for instance, has ink counting against it right at its centre. But
# there is a single template for each digit, and a 7 with a bar and a 7 without one must share it.
# To combine strokes, a hidden layer is needed.

# %% [markdown] lang="es"
# ### Un perceptrón multicapa
#
# Ponemos dos capas ocultas con ReLU, de 512 y 256 neuronas. Entre capas va `Dropout(0.3)`, que
# durante el entrenamiento apaga al azar 3 de cada 10 neuronas; enseguida verás para qué. ¿Cuántos
# parámetros tiene? Calcúlalo antes de ejecutar.

# %% [markdown] lang="en"
# ### A multilayer perceptron
#
# We put in two hidden layers with ReLU, of 512 and 256 neurons. Between layers comes
# `Dropout(0.3)`, which during training switches off 3 of every 10 neurons at random; you will soon
# see what for. How many parameters does it have? Work it out before you run it.

# %%
mlp = pixels_in()
for hidden_units in (512, 256):
    mlp.add(layers.Dense(hidden_units, activation="relu"))
    mlp.add(layers.Dropout(0.3))
mlp.add(layers.Dense(10, activation="softmax"))
print(f"{mlp.count_params():,} {count_by_hand([784, 512, 256, 10]):,}")

# %%
mlp_history = train(mlp, learning_rate=0.003, batch_size=256)
ck.plots.history(mlp_history)

# %%
softmax_valid = softmax_history.history["val_accuracy"][-1]
mlp_valid = mlp_history.history["val_accuracy"][-1]
ck.claim(
    _("exactitud de validación, regresión softmax", "validation accuracy, softmax regression"),
    softmax_valid,
    at_least=0.91,
    at_most=0.94,
)
ck.claim(_("exactitud de validación, MLP", "validation accuracy, MLP"), mlp_valid, at_least=0.975)

# %% [markdown] lang="es"
# Las curvas muestran las 8 épocas. Las dos promesas dicen lo que ganan las capas ocultas: de cada
# 100 dígitos de validación, la regresión softmax falla como mucho 9; el MLP, como mucho 2.5. La
# validación puede ir mejor que el entrenamiento al principio: `Dropout` solo actúa al entrenar. La
# prueba sigue guardada.

# %% [markdown] lang="en"
# The curves show the 8 epochs. The two claims say what the hidden layers gain: of every 100
# validation digits, softmax regression misses at most 9; the MLP, at most 2.5. Validation may do
# better than training at first: `Dropout` only acts while training. The test set is still put away.

# %% [markdown] lang="es"
# ## Sobreajuste a propósito
#
# Una red grande puede aprenderse los ejemplos de memoria en vez de aprender de ellos: es el
# **sobreajuste** (*overfitting*). Provoquémoslo: los mismos dígitos, pero solo 500 ejemplos, y una
# red con más de 250 000 parámetros. Medimos la entropía cruzada aparte de la pérdida, porque más
# tarde la pérdida llevará una penalización.

# %% [markdown] lang="en"
# ## Overfitting on purpose
#
# A large network can learn the examples by heart instead of learning from them: that is
# **overfitting**. Let us provoke it: the same digits, but only 500 examples, and a network with
# more than 250,000 parameters. We measure the cross-entropy apart from the loss, because later on
# the loss will carry a penalty.


# %%
def large_network(dropout=0.0, l2=0.0):
    model = pixels_in()
    penalty = keras.regularizers.L2(l2)
    for _ in range(2):
        model.add(layers.Dense(256, activation="relu", kernel_regularizer=penalty))
        model.add(layers.Dropout(dropout))
    model.add(layers.Dense(10, activation="softmax"))
    measured = keras.metrics.SparseCategoricalCrossentropy(name="cross_entropy")
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(5e-4), loss=loss, metrics=[measured, "accuracy"])
    return model


# %%
def train_on_few(model, remedies=()):
    return model.fit(
        x_train[:500],
        y_train[:500],
        batch_size=50,
        epochs=60,
        verbose=0,
        validation_data=(x_valid, y_valid),
        validation_batch_size=1000,
        callbacks=[ck.live.Progress(), *remedies],
    ).history


# %%
plain = large_network()
print(plain.count_params() > 250_000)
histories = {"plain": train_on_few(plain)}
curves = histories["plain"]
rise = curves["val_cross_entropy"][-1] - min(curves["val_cross_entropy"])

# %%
ck.claim(_("exactitud en los 500 ejemplos", "accuracy on the 500 examples"), curves["accuracy"][-1], at_least=0.99)
ck.claim(_("exactitud de validación", "validation accuracy"), curves["val_accuracy"][-1], at_most=0.9)
ck.claim(
    _("subida de la pérdida de validación desde su mínimo", "rise of the validation loss from its minimum"),
    rise,
    at_least=0.04,
)

# %% [markdown] lang="es"
# Ahí está: acierta más de [[bound: accuracy on the 500 examples]] de lo que ha visto y menos de [[bound: validation accuracy]] de lo que no. Además, la pérdida
# de validación baja, toca fondo y vuelve a **subir**: la red se equivoca cada vez con más
# seguridad.

# %% [markdown] lang="en"
# There it is: it gets right more than [[bound: accuracy on the 500 examples]] of what it has seen and less than [[bound: validation accuracy]] of what it has
# not. Besides, the validation loss falls, touches bottom and **rises** again: the network makes its
# mistakes with more and more confidence.

# %% [markdown] lang="es"
# ### Tres remedios
#
# **Dropout** apaga neuronas al azar en cada paso: ninguna puede depender demasiado de otra
# (Srivastava y otros, 2014). **L2** suma a la pérdida $\lambda \sum w^2$, así que los pesos grandes
# cuestan; aquí $\lambda = 0.003$. La **parada temprana** (*early stopping*) vigila la validación:
# si en 5 épocas no mejora, se detiene y recupera los mejores pesos.

# %% [markdown] lang="en"
# ### Three remedies
#
# **Dropout** switches off random neurons at each step: none can depend too much on another
# (Srivastava and others, 2014). **L2** adds $\lambda \sum w^2$ to the loss, so large weights cost;
# here $\lambda = 0.003$. **Early stopping** watches the validation: if it does not improve in 5
# epochs, it stops and recovers the best weights.

# %%
with_dropout = large_network(dropout=0.5)
histories["dropout"] = train_on_few(with_dropout)

# %%
with_l2 = large_network(l2=0.003)
histories["l2"] = train_on_few(with_l2)

# %%
with_early = large_network()
early = keras.callbacks.EarlyStopping(monitor="val_cross_entropy", mode="min", patience=5, restore_best_weights=True)
histories["early"] = train_on_few(with_early, [early])


# %%
def draw_remedies(axes, titles, labels):
    for axis, title, curves in zip(np.ravel(axes), titles, histories.values(), strict=True):
        epochs = np.arange(1, len(curves["loss"]) + 1)
        axis.plot(epochs, curves["cross_entropy"], label=labels[0])
        axis.plot(epochs, curves["val_cross_entropy"], "--", label=labels[1])
        axis.axhline(histories["plain"]["val_cross_entropy"][-1], color=plots.GREY, lw=1.5, ls=":")
        axis.set(title=title, xlim=(0, 61), ylim=(0, 1))
    best = 1 + np.argmin(histories["early"]["val_cross_entropy"])
    axes[1, 1].axvline(best, color=plots.GREEN)
    axes[1, 1].text(best + 1.5, 0.8, labels[2], color=plots.GREEN)
    axes[0, 0].legend(loc=1)


# %%
figure, axes = plt.subplots(2, 2, figsize=(10, 6.8), sharex=True, sharey=True)
titles = [_("sin remedio", "no remedy"), "dropout", "L2", _("parada temprana", "early stopping")]
draw_remedies(
    axes, titles, [_("entrenamiento", "training"), _("validación", "validation"), _("mejores pesos", "best weights")]
)
figure.supxlabel(_("época", "epoch"))
figure.supylabel(_("entropía cruzada", "cross-entropy"))
ck.plots.show(
    figure,
    _(
        "Entropía cruzada de entrenamiento y validación por época, sin remedio y con dropout, L2 y "
        "parada temprana. Una línea de puntos marca dónde acaba la validación sin remedio.",
        "Training and validation cross-entropy by epoch, with no remedy and with dropout, L2 and "
        "early stopping. A dotted line marks where validation ends with no remedy.",
    ),
)

# %% [markdown] lang="es"
# Compara en cada panel la línea a trazos con la de puntos, que es donde acaba la validación sin
# remedio: las tres acaban por debajo. Con dropout, la curva de entrenamiento se mide con neuronas
# apagadas, y por eso baja más despacio. En la parada temprana, las curvas se cortan poco después de
# la línea verde.

# %% [markdown] lang="en"
# In each panel compare the dashed line with the dotted one, which is where validation ends with no
# remedy: all three end below it. With dropout, the training curve is measured with neurons switched
# off, and that is why it falls more slowly. With early stopping, the curves break off shortly after
# the green line.

# %% [markdown] lang="es"
# ### ¿Cuánto cambia cada uno?
#
# La distancia entre las dos curvas es lo que la red memoriza. Medimos cuánto baja cada remedio la
# entropía cruzada final de validación respecto a no hacer nada.

# %% [markdown] lang="en"
# ### How much does each one change?
#
# The distance between the two curves is what the network memorises. We measure by how much each
# remedy lowers the final cross-entropy on the validation set, compared with doing nothing.

# %%
final = {}
for name, model in zip(histories, (plain, with_dropout, with_l2, with_early), strict=True):
    measures = model.evaluate(x_valid, y_valid, batch_size=1000, verbose=0, return_dict=True)
    final[name] = measures["cross_entropy"]

# %%
ck.claim(_("mejora con dropout", "gain with dropout"), final["plain"] - final["dropout"], at_least=0.02)
ck.claim(_("mejora con L2", "gain with L2"), final["plain"] - final["l2"], at_least=0.025)
ck.claim(_("mejora con parada temprana", "gain with early stopping"), final["plain"] - final["early"], at_least=0.05)
ck.claim(_("épocas hasta la parada", "epochs until the stop"), len(histories["early"]["loss"]), at_most=30)

# %% [markdown] lang="es"
# Los tres ayudan, cada uno a su manera. Dropout entrena más despacio y retrasa la subida. L2 la
# frena: los pesos ya no pueden crecer sin límite. La parada temprana no cambia la red, solo evita
# el tramo malo y ahorra tiempo. Ninguno hace milagros con 500 ejemplos: el mejor remedio son **más
# datos**, y ese es el MLP que entrenamos con 55 000.

# %% [markdown] lang="en"
# All three help, each in its own way. Dropout trains more slowly and delays the rise. L2 holds it
# back: the weights can no longer grow without limit. Early stopping does not change the network, it
# only avoids the bad stretch and saves time. None works miracles with 500 examples: the best remedy
# is **more data**, and that is the MLP that we trained on 55,000.

# %% [markdown] lang="es"
# ## El examen final
#
# Ya no vamos a elegir nada más. Ahora, y solo ahora, abrimos los 10 000 dígitos de prueba y
# examinamos los dos modelos, una vez cada uno.

# %% [markdown] lang="en"
# ## The final exam
#
# We are not going to choose anything else. Now, and only now, we open the 10,000 test digits and
# examine the two models, once each.

# %%
softmax_accuracy = softmax_regression.evaluate(x_test, y_test, verbose=0)[1]
mlp_accuracy = mlp.evaluate(x_test, y_test, verbose=0)[1]

# %%
ck.claim(
    _("exactitud de prueba, regresión softmax", "test accuracy, softmax regression"), softmax_accuracy, at_least=0.92
)
ck.claim(_("exactitud de prueba, MLP", "test accuracy, MLP"), mlp_accuracy, at_least=0.98)

# %% [markdown] lang="es"
# De cada 100 dígitos nuevos, la regresión softmax acierta al menos 92 y el MLP, al menos 98. La
# capa oculta que resolvió XOR también lee dígitos.

# %% [markdown] lang="en"
# Out of every 100 new digits, softmax regression gets at least 92 right and the MLP at least 98.
# The hidden layer that solved XOR reads digits too.

# %% [markdown] lang="es"
# ## Tu turno
#
# Cambia los puntos (`...`) por tu respuesta y ejecuta la celda y la siguiente. La solución está
# plegada debajo.

# %% [markdown] lang="en"
# ## Your turn
#
# Replace the dots (`...`) with your answer and run the cell and the next one. The solution is
# folded below.

# %% [markdown] lang="es"
# ### Ejercicio 1: XOR con dos neuronas
#
# NAND sobra: XOR también sale con solo dos neuronas ocultas y otra de salida, con la activación de
# Heaviside. Elige los pesos y sesgos a mano. Cada columna de `hidden_w` es una neurona oculta;
# piensa en OR y AND.

# %% [markdown] lang="en"
# ### Exercise 1: XOR with two neurons
#
# NAND is not needed: XOR also works with just two hidden neurons and one more at the output, with
# the Heaviside activation. Choose the weights and biases by hand. Each column of `hidden_w` is a
# hidden neuron; think of OR and AND.

# %%
hidden_w = [[..., ...], [..., ...]]
hidden_b = [..., ...]
output_w = [..., ...]
output_b = ...


# %%
def gives_xor(answer):
    w1, b1, w2, b2 = map(np.array, answer)
    cases = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    return np.array_equal((((cases @ w1 + b1 > 0) @ w2) + b2 > 0), [False, True, True, False])


# %%
ck.check(
    [hidden_w, hidden_b, output_w, output_b],
    gives_xor,
    _(
        "OR suma las entradas y pide más de 0.5; AND, más de 1.5. XOR es «OR y no AND».",
        "OR adds the inputs and asks for more than 0.5; AND, more than 1.5. XOR is 'OR and not AND'.",
    ),
)

# %% tags=["solution"]
hidden_w = [[1, 1], [1, 1]]
hidden_b = [-0.5, -1.5]
output_w = [1, -1]
output_b = -0.5
ck.check(
    [hidden_w, hidden_b, output_w, output_b],
    gives_xor,
    _(
        "OR suma las entradas y pide más de 0.5; AND, más de 1.5. XOR es «OR y no AND».",
        "OR adds the inputs and asks for more than 0.5; AND, more than 1.5. XOR is 'OR and not AND'.",
    ),
)

# %% [markdown] lang="es"
# ### Ejercicio 2: retropropagación a mano
#
# Sea $u = a \cdot b$, $v = a + b$ y $f = u \cdot v$, con $a = 2$ y $b = 3$. Dibuja el grafo, con
# sus cinco nodos, escribe la derivada de cada flecha y ve hacia atrás. ¿Cuánto valen
# $\partial f / \partial a$ y $\partial f / \partial b$?

# %% [markdown] lang="en"
# ### Exercise 2: backpropagation by hand
#
# Let $u = a \cdot b$, $v = a + b$ and $f = u \cdot v$, with $a = 2$ and $b = 3$. Draw the graph,
# with its five nodes, write the derivative of each arrow and go backwards. What are
# $\partial f / \partial a$ and $\partial f / \partial b$?

# %%
slope_a = ...
slope_b = ...


# %%
def product(a, b):
    return (a * b) * (a + b)


right_slopes = [slope(lambda a: product(a, 3.0), 2.0), slope(lambda b: product(2.0, b), 3.0)]

# %%
hint = _(
    "a cada variable llegan dos caminos, por u y por v: multiplica en cada uno y suma los dos.",
    "two paths reach each variable, through u and through v: multiply along each, add the two.",
)
ck.check([slope_a, slope_b], right_slopes, hint, tolerance=1e-4)

# %% tags=["solution"]
a, b = 2, 3
u, v = a * b, a + b
slope_a = v * b + u * 1
slope_b = v * a + u * 1
ck.check([slope_a, slope_b], right_slopes, hint, tolerance=1e-4)

# %% [markdown] lang="es"
# ### Ejercicio 3: un presupuesto de parámetros
#
# Un reloj solo tiene sitio para 100 000 parámetros. ¿Cuántas neuronas puede tener, como máximo, la
# única capa oculta de una red de 784 entradas y 10 salidas?

# %% [markdown] lang="en"
# ### Exercise 3: a budget of parameters
#
# A watch only has room for 100,000 parameters. How many neurons, at most, can the only hidden layer
# of a network with 784 inputs and 10 outputs have?

# %%
most_hidden_units = ...


# %%
def is_the_most(units):
    return count_by_hand([784, units, 10]) <= 100_000 < count_by_hand([784, units + 1, 10])


# %%
ck.check(
    most_hidden_units,
    is_the_most,
    _(
        "cada neurona oculta trae 785 parámetros y 10 pesos de salida.",
        "each hidden neuron brings 785 parameters and 10 output weights.",
    ),
)

# %% tags=["solution"]
# es: 785 n + 10 n + 10 ≤ 100000, donde n es el número de neuronas ocultas
# en: 785 n + 10 n + 10 ≤ 100000, where n is the number of hidden neurons
most_hidden_units = (100_000 - 10) // (785 + 10)
ck.check(
    most_hidden_units,
    is_the_most,
    _(
        "cada neurona oculta trae 785 parámetros y 10 pesos de salida.",
        "each hidden neuron brings 785 parameters and 10 output weights.",
    ),
)

# %% [markdown] lang="es"
# ### Ejercicio 4: todas empiezan iguales
#
# Si los pesos de las 4 neuronas ocultas empiezan todos en 0.5 y entrenas la red desde cero,
# ¿cuántas columnas **distintas** tendrá `w1` al final? Predícelo antes de probar. ¿Equivale esa red
# a una con menos neuronas?

# %% [markdown] lang="en"
# ### Exercise 4: all start equal
#
# If the weights of the 4 hidden neurons all start at 0.5 and you train the network from scratch,
# how many **different** columns will `w1` have at the end? Predict it before you try. Is that
# network equivalent to one with fewer neurons?

# %%
different_columns = ...

# %%
x_points, y_points = points[:280], labels[:280, None]
equal = {"w1": np.full((2, 4), 0.5), "b1": np.zeros(4), "w2": np.full((4, 1), 0.5), "b2": 0.0}
for _ in range(100):
    _, cache = forward_pass(x_points, equal)
    equal = update(equal, backward_pass(cache, y_points, equal), learning_rate=1.0)
found = np.unique(equal["w1"].round(6), axis=1).shape[1]

# %%
hint = _(
    "neuronas con los mismos pesos calculan lo mismo y reciben el mismo gradiente.",
    "neurons with the same weights compute the same and receive the same gradient.",
)
ck.check(different_columns, found, hint)

# %% tags=["solution"]
different_columns = 1
ck.check(different_columns, found, hint)

# %% [markdown] lang="es"
# ### Ejercicio 5: tu propio dropout
#
# Escribe dropout con NumPy. Cada valor de `h` se apaga con probabilidad `rate`. Los que quedan se
# agrandan para que la **media** siga igual: así no hay que cambiar nada al predecir. Usa
# `rng.random(h.shape)`.

# %% [markdown] lang="en"
# ### Exercise 5: your own dropout
#
# Write dropout with NumPy. Each value of `h` is switched off with probability `rate`. Those that
# remain are enlarged so that the **mean** stays the same: that way nothing has to change when
# predicting. Use `rng.random(h.shape)`.


# %%
def dropout(h, rate, rng):
    return ...


# %%
def is_dropout(dropped):
    kept = dropped[dropped != 0]
    return abs(kept.size / dropped.size - 0.75) < 0.02 and np.allclose(kept, 2 / 0.75)


def try_dropout():
    return dropout(np.full((100, 100), 2.0), 0.25, np.random.default_rng(0))


# %%
ck.check(
    try_dropout,
    is_dropout,
    _(
        "si queda una parte 1 - rate, ¿por cuánto hay que dividir?",
        "if a share 1 - rate remains, what must you divide by?",
    ),
)


# %% tags=["solution"]
def dropout(h, rate, rng):
    return h * (rng.random(h.shape) >= rate) / (1 - rate)


ck.check(
    try_dropout,
    is_dropout,
    _(
        "si queda una parte 1 - rate, ¿por cuánto hay que dividir?",
        "if a share 1 - rate remains, what must you divide by?",
    ),
)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una **capa oculta** cambia de lugar los puntos hasta que una recta los separa: así se resuelve
#   XOR.
# - Una capa es un producto de matrices, una suma y una **activación**; sin activación, muchas capas
#   son una.
# - La **retropropagación** es la regla de la cadena de derecha a izquierda, sin repetir cálculos.
#   Siempre se puede comprobar con diferencias finitas.
# - Las activaciones que se saturan desvanecen el gradiente.
# - Sequential, Functional y Subclassing son tres maneras de escribir la misma red.
# - Una red grande memoriza: mira la validación, usa dropout, L2, parada temprana o más datos, y
#   deja la prueba para el final.

# %% [markdown] lang="en"
# ## What we learned
#
# - A **hidden layer** moves the points until a line separates them: that is how XOR is solved.
# - A layer is a matrix product, a sum and an **activation**; without an activation, many layers are
#   one.
# - **Backpropagation** is the chain rule from right to left, without repeating computations. It can
#   always be checked with finite differences.
# - Activations that saturate make the gradient vanish.
# - Sequential, Functional and Subclassing are three styles of writing the same network.
# - A large network memorises: watch the validation, use dropout, L2, early stopping or more data,
#   and leave the test for the end.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - Rumelhart, Hinton y Williams, *Learning representations by back-propagating errors*, 1986.
# - Cybenko, *Approximation by superpositions of a sigmoidal function*, 1989.
# - Hornik, *Approximation capabilities of multilayer feedforward networks*, 1991.
# - Glorot y Bengio, *Understanding the difficulty of training deep feedforward neural networks*,
#   2010.
# - Goodfellow y otros, *Maxout networks*, 2013.
# - Srivastava y otros, *Dropout: a simple way to prevent neural networks from overfitting*, 2014.
# - He y otros, *Delving deep into rectifiers*, 2015.
# - Kingma y Ba, *Adam: a method for stochastic optimization*, 2015.
# - Clevert, Unterthiner y Hochreiter, *Fast and accurate deep network learning by exponential
#   linear units (ELUs)*, 2016.

# %% [markdown] lang="en"
# ## Further reading
#
# - Rumelhart, Hinton and Williams, *Learning representations by back-propagating errors*, 1986.
# - Cybenko, *Approximation by superpositions of a sigmoidal function*, 1989.
# - Hornik, *Approximation capabilities of multilayer feedforward networks*, 1991.
# - Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks*,
#   2010.
# - Goodfellow and others, *Maxout networks*, 2013.
# - Srivastava and others, *Dropout: a simple way to prevent neural networks from overfitting*,
#   2014.
# - He and others, *Delving deep into rectifiers*, 2015.
# - Kingma and Ba, *Adam: a method for stochastic optimization*, 2015.
# - Clevert, Unterthiner and Hochreiter, *Fast and accurate deep network learning by exponential
#   linear units (ELUs)*, 2016.
