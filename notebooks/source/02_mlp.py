# ---
# jupyter:
#   coursekit:
#     title:
#       es: "El perceptrón multicapa: de XOR a los dígitos"
#       en: "The multilayer perceptron: from XOR to digits"
#     limits: {seconds: 55, cell_seconds: 20, memory_mb: 1400}
#     data: [mnist.npz]
#     needs: [perceptron]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - resolver XOR con una **capa oculta** y explicar por qué hace falta;
# - calcular una capa como un producto de matrices y decir para qué sirve su activación;
# - hacer la **retropropagación** a mano, seguir su programa línea por línea y comprobarlo;
# - elegir los pesos iniciales de una red profunda;
# - entrenar la misma red con NumPy y con Keras;
# - clasificar dígitos y reducir el **sobreajuste**.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos, sin conexión;
# leerla, dos o tres horas, con dos descansos señalados (la segunda parte es la más larga); los
# ejercicios piden una hora más. **Necesitas**: Python, haber leído la [[perceptron]] y saber qué es
# una derivada.

# %% [markdown] lang="en"
# # [[title]]
#
# By the end of this lesson you will be able to:
#
# - solve XOR with a **hidden layer** and explain why it is needed;
# - compute a layer as a matrix product and say what its activation is for;
# - do **backpropagation** by hand, follow its program line by line and check it;
# - choose the initial weights of a deep network;
# - train the same network with NumPy and with Keras;
# - classify digits and reduce **overfitting**.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores, offline; reading it takes
# two or three hours, with two marked breaks (part two is the longest); the exercises take one more
# hour. **You need**: Python, [[perceptron]] and a notion of what a derivative is.

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %%
ck.diagrams.network([["$x_1$", "$x_2$"], ["$h_1$", "$h_2$", "$h_3$"], ["$p$"]], passes=True)

# %% [markdown] lang="es"
# Este dibujo resume la lección. En la primera parte, los valores van **hacia delante**: una entrada
# $x$ pasa por una capa oculta $h$ y se convierte en una probabilidad $p$. En la segunda, las
# derivadas de la pérdida van **hacia atrás** por las mismas flechas y dicen cómo cambiar cada peso.
# En la tercera, Keras hace las dos cosas, con dígitos escritos a mano.

# %% [markdown] lang="en"
# This drawing sums up the lesson. In the first part, values go **forward**: an input $x$ passes
# through a hidden layer $h$ and becomes a probability $p$. In the second part, the derivatives of
# the loss go **backward** along the same arrows and say how to change each weight. In the third
# part, Keras does both, with handwritten digits.

# %% [markdown] lang="es"
# ## Primera parte: la red
#
# En la [[perceptron]], una neurona sigmoide, es decir, una regresión logística, aprendió a separar
# puntos con una recta: con pesos $w$ y sesgo $b$ calcula la probabilidad $p = \sigma(w \cdot x +
# b)$, donde $\sigma(z) = 1 / (1 + e^{-z})$. La función de abajo entrena varias neuronas a la vez:
# cada columna de `targets` es una tarea. El gradiente de cada peso es el de aquella lección, la
# media de *entrada × error* sobre los ejemplos; `inputs.T @ error` hace esas sumas para todos los
# pesos.

# %% [markdown] lang="en"
# ## Part one: the network
#
# In [[perceptron]], a sigmoid neuron, that is, a logistic regression, learnt to separate points
# with a straight line: with weights $w$ and bias $b$ it computes the probability
# $p = \sigma(w \cdot x + b)$, where $\sigma(z) = 1 / (1 + e^{-z})$. The function below trains
# several neurons at once: each column of `targets` is a task. The gradient of each weight is the
# one from that lesson, the mean of *input × error* over the examples; `inputs.T @ error` computes
# those sums for all the weights.

# %%
import matplotlib.pyplot as plt
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %%
def train_regressions(inputs, targets, learning_rate=1.0, updates=5000):
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(inputs.shape[1], targets.shape[1]))
    bias = np.zeros(targets.shape[1])
    for _ in range(updates):
        error = sigmoid(inputs @ weights + bias) - targets
        weights = weights - learning_rate * inputs.T @ error / len(inputs)
        bias = bias - learning_rate * error.mean(axis=0)
    return weights, bias


# %% [markdown] lang="es"
# ### Una sola neurona fracasa con XOR
#
# XOR, la «o» exclusiva, vale 1 cuando las dos entradas son distintas. Entrenamos una neurona con
# sus 4 casos.

# %% [markdown] lang="en"
# ### A single neuron fails at XOR
#
# XOR, the exclusive "or", is 1 when the two inputs differ. We train one neuron on its 4 cases.

# %%
inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
xor = np.array([[0], [1], [1], [0]])
xor_weights, xor_bias = train_regressions(inputs, xor)
print(sigmoid(inputs @ xor_weights + xor_bias).round(2).ravel())

# %% [markdown] lang="es"
# La neurona responde 0.5 a todo: «no sé». Una recta puede acertar 3 de los 4 casos (la recta de OR
# lo hace), pero el entrenamiento no busca aciertos, sino una entropía cruzada pequeña, y la menor
# posible se obtiene al responder 0.5 a todo. Ninguna recta acierta los 4 casos: los valores de $z$
# en $(0, 0)$ y $(1, 1)$ suman $2 b + w_1 + w_2$, y en $(0, 1)$ y $(1, 0)$ suman lo mismo. XOR
# necesita que la primera suma sea negativa y la segunda, positiva.

# %% [markdown] lang="en"
# The neuron answers 0.5 to everything: "I don't know". A straight line can get 3 of the 4 cases
# right (the line for OR does), but training does not look for right answers; it looks for a small
# cross-entropy, and answering 0.5 to everything gives the smallest. No line gets all 4 right: the
# values of $z$ at $(0, 0)$ and $(1, 1)$ add up to $2 b + w_1 + w_2$, and those at $(0, 1)$ and
# $(1, 0)$ add up to the same. XOR needs the first sum to be negative and the second to be positive.

# %% [markdown] lang="es"
# ### Tres neuronas y una cuarta
#
# Tres tareas parecidas sí se resuelven con una recta: OR (al menos una entrada vale 1), AND (las
# dos valen 1) y NAND (no las dos). Entrenamos una neurona para cada tarea. Después, una cuarta
# neurona recibe las tres respuestas en lugar de las entradas, y aprende XOR.

# %% [markdown] lang="en"
# ### Three neurons and a fourth
#
# Three related tasks can be solved with a line: OR (at least one input is 1), AND (both are 1) and
# NAND (not both). We train one neuron for each task. Then a fourth neuron receives the three
# answers in place of the inputs, and learns XOR.

# %%
gates = np.array([[0, 0, 1], [1, 0, 1], [1, 0, 1], [1, 1, 0]])
hidden_weights, hidden_bias = train_regressions(inputs, gates)
hidden = sigmoid(inputs @ hidden_weights + hidden_bias)
print((hidden > 0.5).astype(int))

# %%
output_weights, output_bias = train_regressions(hidden, xor)
xor_p = sigmoid(hidden @ output_weights + output_bias)
print((xor_p > 0.5).astype(int).ravel())
assert np.array_equal(xor_p > 0.5, xor == 1)

# %% [markdown] lang="es"
# La tabla tiene una fila por caso y una columna por neurona: OR, AND, NAND. La última salida es la
# respuesta de la cuarta neurona, `[0 1 1 0]`: ¡XOR resuelto!
#
# Las tres primeras neuronas forman una **capa oculta** (*hidden layer*); las cuatro juntas, un
# **perceptrón multicapa** (*multilayer perceptron*, MLP).

# %% [markdown] lang="en"
# The table has a row for each case and a column for each neuron: OR, AND, NAND. The last output is
# the answer of the fourth neuron, `[0 1 1 0]`: XOR is solved!
#
# The first three neurons form a **hidden layer**; the four together, a **multilayer perceptron**
# (MLP).

# %% [markdown] lang="es"
# ### Por qué funciona
#
# Cada neurona oculta traza su recta. Pero lo importante es lo que ve la cuarta: los mismos 4 casos
# en otro plano, con la respuesta de OR en un eje y la de NAND en el otro. AND no necesita un tercer
# eje, porque es 1 menos NAND.

# %% [markdown] lang="en"
# ### Why it works
#
# Each hidden neuron draws its line. But what matters is what the fourth neuron sees: the same 4
# cases on another plane, with the answer of OR on one axis and the answer of NAND on the other. AND
# needs no third axis, because it is 1 minus NAND.

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 4.6))
for axis, positions in zip(axes, (inputs, hidden[:, [0, 2]]), strict=True):
    ck.planes.points(axis, positions, xor, size=260)
    axis.set(xlim=(-0.4, 1.4), ylim=(-0.4, 1.4), xticks=[0, 1], yticks=[0, 1], aspect="equal")
for unit, (gate, style) in enumerate({"OR": "C2-", "AND": "C3-", "NAND": "C4--"}.items()):
    ck.planes.line(axes[0], hidden_weights[:, unit], hidden_bias[unit], style, label=gate)
w_or, w_and, w_nand = output_weights[:, 0]
ck.planes.line(axes[1], [w_or, w_nand - w_and], output_bias[0] + w_and, color="black")
axes[0].legend(loc=6, bbox_to_anchor=(1, 0.5))
axes[0].set(title=_("entradas", "inputs"), xlabel="$x_1$", ylabel="$x_2$")
axes[1].set(title=_("capa oculta", "hidden layer"), xlabel="OR", ylabel="NAND")
ck.plots.show(
    figure,
    _(
        "Los 4 casos de XOR con tres rectas y, vistos por la capa oculta, con una sola.",
        "The 4 cases of XOR with three lines and, as the hidden layer sees them, with one.",
    ),
)

# %% [markdown] lang="es"
# Los cuadrados son los casos con XOR = 1. A la izquierda, las rectas de AND y NAND coinciden: son
# la misma pregunta con el signo cambiado. A la derecha, la capa oculta ha llevado los dos cuadrados
# a la misma esquina, y una recta basta. Esa es la idea de toda la lección: **una capa oculta cambia
# de lugar los puntos hasta que una recta los separa** (con tres neuronas ocultas, un plano; con
# más, su equivalente en más dimensiones).

# %% [markdown] lang="en"
# The squares are the cases with XOR = 1. On the left, the lines of AND and NAND coincide: they are
# the same question with the sign changed. On the right, the hidden layer has moved the two squares
# to the same corner, and one line is enough. That is the idea of the whole lesson: **a hidden layer
# moves the points until a line separates them** (with three hidden neurons, a plane; with more, its
# equivalent in more dimensions).

# %% [markdown] lang="es"
# ### La red como grafo
#
# Una red se dibuja como un **grafo computacional** (*computational graph*): cada nodo calcula un
# número y cada flecha lo lleva al nodo siguiente. Este es el grafo de XOR en el caso `(0, 1)`.

# %% [markdown] lang="en"
# ### The network as a graph
#
# A network is drawn as a **computational graph**: each node computes a number and each arrow takes
# it to the next node. This is the graph of XOR in the case `(0, 1)`.

# %%
case = 1
# es: para los dibujos: el signo menos en lugar del guion
# en: for the drawings: the minus sign in place of the hyphen
minus = str.maketrans("-", "−")
hidden_nodes = [f"{gate}\n{h:.1f}" for gate, h in zip(["OR", "AND", "NAND"], hidden[case], strict=True)]
nodes = [[f"$x_1$\n{inputs[case, 0]}", f"$x_2$\n{inputs[case, 1]}"], hidden_nodes, [f"XOR\n{xor_p[case, 0]:.1f}"]]
biases = [[f"b = {b:.1f}".translate(minus) for b in bias] for bias in ([], hidden_bias, output_bias)]

# %%
ck.diagrams.network(
    nodes,
    [hidden_weights, output_weights],
    biases,
    at=0.24,
    alt=_(
        "Grafo de la red de XOR en el caso (0, 1), con sus valores, pesos y sesgos.",
        "Graph of the XOR network in the case (0, 1), with its values, weights and biases.",
    ),
)

# %% [markdown] lang="es"
# Dentro de cada nodo está su valor; en las flechas, los pesos aprendidos; debajo, los sesgos. Hasta
# aquí hemos elegido nosotros cada tarea oculta. Más adelante veremos si la red puede encontrar sola
# sus tareas ocultas.

# %% [markdown] lang="en"
# Inside each node is its value; on the arrows, the learnt weights; below, the biases. So far we
# have chosen each hidden task ourselves. Later on we will see whether the network can find its
# hidden tasks on its own.

# %% [markdown] lang="es"
# ### Tu turno: XOR con dos neuronas ocultas
#
# NAND sobra. Elige a mano los pesos y sesgos de dos neuronas ocultas y una de salida. Cada neurona
# responde 1 si su suma es mayor que 0, y 0 si no. Cada columna de `hidden_w` es una neurona oculta.
#
# Así funcionan los ejercicios: cambia los puntos (`...`) por tu respuesta, ejecuta la celda y luego
# la siguiente, plegada, que comprueba tu respuesta. La otra celda plegada es nuestra solución; si
# la ejecutas, su «correcto» se refiere a ella y no a tu respuesta.

# %% [markdown] lang="en"
# ### Your turn: XOR with two hidden neurons
#
# NAND is not needed. Choose by hand the weights and biases of two hidden neurons and one output
# neuron. Each neuron answers 1 if its sum is greater than 0, and 0 otherwise. Each column of
# `hidden_w` is a hidden neuron.
#
# This is how the exercises work: replace the dots (`...`) with your answer, run the cell and then
# the folded cell after it, which checks your answer. The other folded cell is our solution; if you
# run it, its "correct" is about the solution and not about your answer.

# %%
hidden_w = [[..., ...], [..., ...]]
hidden_b = [..., ...]
output_w = [..., ...]
output_b = ...


# %% tags=["check"]
def gives_xor(answer):
    w1, b1, w2, b2 = map(np.array, answer)
    return np.array_equal(((inputs @ w1 + b1 > 0) @ w2 + b2 > 0), xor[:, 0] == 1)


hint = _(
    "OR suma las entradas y pide más de 0.5; AND, más de 1.5. XOR es «OR y no AND».",
    "OR adds the inputs and asks for more than 0.5; AND, more than 1.5. XOR is 'OR and not AND'.",
)
ck.check([hidden_w, hidden_b, output_w, output_b], gives_xor, hint)

# %% tags=["solution"]
hidden_w = [[1, 1], [1, 1]]
hidden_b = [-0.5, -1.5]
output_w = [1, -1]
output_b = -0.5
ck.check([hidden_w, hidden_b, output_w, output_b], gives_xor, hint)

# %% [markdown] lang="es"
# ## Una capa es un producto de matrices
#
# Cada neurona de una capa calcula una suma ponderada de las mismas entradas. Con los pesos de cada
# neurona en una columna, todas las sumas salen de un solo producto. Numeramos los nodos de
# izquierda a derecha: el nodo 0 es la constante 1, los nodos 1, 2 y 3 son las entradas y las
# neuronas son los nodos 4 y 5. El primer peso de cada neurona, el de la constante, es su sesgo. La
# neurona 4 tiene sesgo −2 y pesos 1, −2, 0; la neurona 5, sesgo 3 y pesos 0, −1, 3. Las entradas
# valen 5, 3 y 2.

# %% [markdown] lang="en"
# ## A layer is a matrix product
#
# Each neuron of a layer computes a weighted sum of the same inputs. With the weights of each neuron
# in a column, all the sums come from a single product. We number the nodes from left to right: node
# 0 is the constant 1, nodes 1, 2 and 3 are the inputs, and the neurons are nodes 4 and 5. The first
# weight of each neuron, the one for the constant, is its bias. Neuron 4 has bias −2 and weights 1,
# −2, 0; neuron 5, bias 3 and weights 0, −1, 3. The inputs are 5, 3 and 2.

# %%
nodes_0_to_3 = np.array([1, 5, 3, 2])
neuron_4 = np.array([-2, 1, -2, 0])
neuron_5 = np.array([3, 0, -1, 3])
layer_weights = np.stack([neuron_4, neuron_5], axis=1)

# %%
z = nodes_0_to_3 @ layer_weights
print(z, np.maximum(0, z))
assert z.tolist() == [-3, 6]

# %% [markdown] lang="es"
# Las sumas son −3 y 6. La activación ReLU, $\max(0, z)$, cambia el número negativo por 0 y deja
# el 6 como está.

# %% [markdown] lang="en"
# The sums are −3 and 6. The ReLU activation, $\max(0, z)$, replaces the negative number with 0 and
# leaves the 6 as it is.

# %% [markdown] lang="es"
# ### Muchos ejemplos a la vez
#
# En la práctica el sesgo $b$ va aparte y cada fila de la matriz de entradas $x$ es un ejemplo.
# Entonces $z = x W + b$ calcula la capa entera para todos los ejemplos: (ejemplos × entradas) por
# (entradas × neuronas) da (ejemplos × neuronas). NumPy suma $b$ a cada fila. La primera fila es el
# ejemplo de antes: debe dar (−3, 6).

# %% [markdown] lang="en"
# ### Many examples at once
#
# In practice the bias $b$ is kept separate and each row of the input matrix $x$ is one example.
# Then $z = x W + b$ computes the whole layer for all examples: (examples × inputs) times (inputs ×
# neurons) gives (examples × neurons). NumPy adds $b$ to each row. The first row is the example from
# before: it must give (−3, 6).

# %%
examples = np.array([[5, 3, 2], [0, 1, 0], [4, 0, 1]])
z = examples @ layer_weights[1:] + layer_weights[0]
print(examples.shape, layer_weights[1:].shape, z.shape)
print(z)

# %% [markdown] lang="es"
# ### Dos capas a mano
#
# Dos capas son dos productos, con una activación entre ellos. Sigue este cálculo con una
# calculadora: entradas (1, 1), tres neuronas ocultas sigmoides sin sesgo y una de salida. Por
# ejemplo, la primera neurona oculta da $\sigma(1 \cdot 0.8 + 1 \cdot 0.6)$.

# %% [markdown] lang="en"
# ### Two layers by hand
#
# Two layers are two products, with an activation between them. Follow this calculation with a
# calculator: inputs (1, 1), three hidden sigmoid neurons without bias and one output neuron. For
# instance, the first hidden neuron gives $\sigma(1 \cdot 0.8 + 1 \cdot 0.6)$.

# %%
x = np.array([1, 1])
weights_1 = np.array([[0.8, 0.2, 0.7], [0.6, 0.9, 0.1]])
weights_2 = np.array([0.2, 0.8, 0.5])

# %%
h = sigmoid(x @ weights_1).round(2)
z = h @ weights_2
print(h, z.round(3), sigmoid(z).round(2))
assert np.allclose(sigmoid(sigmoid(x @ weights_1) @ weights_2), sigmoid(z), atol=0.001)

# %% [markdown] lang="es"
# Las neuronas ocultas valen 0.80, 0.75 y 0.69; la última suma es 1.105 y la salida, 0.75.
# Redondeamos los valores ocultos a 2 decimales, como en papel; la última línea del programa
# comprueba que sin redondear sale casi lo mismo.

# %% [markdown] lang="en"
# The hidden neurons are 0.80, 0.75 and 0.69; the last sum is 1.105 and the output is 0.75. We
# rounded the hidden values to 2 decimals, as on paper; the last line of the program checks that we
# get almost the same without rounding.

# %% [markdown] lang="es"
# ### Sin activación, dos capas son una
#
# ¿Y si quitamos la sigmoide de en medio? El producto de matrices es asociativo,
# $(x W_1) W_2 = x (W_1 W_2)$, y la matriz $W_1 W_2$ es una sola capa. (Con sesgos pasa lo mismo:
# $(x W_1 + b_1) W_2 + b_2$ tiene el sesgo $b_1 W_2 + b_2$.)

# %% [markdown] lang="en"
# ### Without an activation, two layers are one
#
# What if we remove the sigmoid in the middle? The matrix product is associative,
# $(x W_1) W_2 = x (W_1 W_2)$, and the matrix $W_1 W_2$ is a single layer. (The same happens with
# biases: $(x W_1 + b_1) W_2 + b_2$ has the bias $b_1 W_2 + b_2$.)

# %%
two_layers = (x @ weights_1) @ weights_2
one_layer = x @ (weights_1 @ weights_2)
print(two_layers.round(2), one_layer.round(2))
assert np.isclose(two_layers, one_layer)

# %% [markdown] lang="es"
# El mismo número: 100 capas lineales tampoco resolverían XOR. El poder viene de la activación.

# %% [markdown] lang="en"
# The same number: 100 linear layers would not solve XOR either. The power is in the activation.

# %% [markdown] lang="es"
# ## Las activaciones curvan la recta
#
# Una activación se aplica a la suma de cada neurona. Estas son las clásicas. Siete son funciones de
# una variable; Maxout se queda con la mayor de varias sumas ponderadas, cada una con sus propios
# pesos; aquí dibujamos un ejemplo con dos. Las redes grandes de hoy usan mucho dos versiones suaves
# de ReLU: SiLU, $z \, \sigma(z)$, y GELU, $z \, \Phi(z)$, donde $\Phi$ es otra curva en forma de S
# (la probabilidad de que una variable normal estándar quede por debajo de $z$).

# %% [markdown] lang="en"
# ## Activations bend the line
#
# An activation is applied to the sum of each neuron. These are the classics. Seven are functions of
# one variable; Maxout keeps the largest of several weighted sums, each with weights of its own;
# here we draw an example with two. Today's large networks often use two smooth versions of ReLU:
# SiLU, $z \, \sigma(z)$, and GELU, $z \, \Phi(z)$, where $\Phi$ is another S-shaped curve (the
# probability that a standard normal variable falls below $z$).

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

# %% [markdown] lang="es"
# ### Una pendiente sin fórmula
#
# ¿Cuánto cambia la salida si la entrada cambia un poco? No hace falta ninguna fórmula: empuja $z$
# un poquito a cada lado y divide lo que cambió la función entre lo que cambió $z$. Eso es una
# **diferencia finita** (*finite difference*), y con un empujón pequeño se acerca mucho a la
# derivada.

# %% [markdown] lang="en"
# ### A slope without a formula
#
# How much does the output change if the input changes a little? No formula is needed: nudge $z$ a
# tiny bit to each side and divide the change of the function by the change of $z$. That is a
# **finite difference**, and with a small nudge it comes very close to the derivative.


# %%
def slope(function, z, nudge=1e-5):
    return (function(z + nudge) - function(z - nudge)) / (2 * nudge)


# %%
figure, axes = plt.subplots(2, 4, figsize=(10, 6), sharey=True)
z = np.linspace(-4, 4, 400)
for axis, (name, function) in zip(np.ravel(axes), activations.items(), strict=True):
    axis.plot(z, function(z), label=_("función", "function"))
    axis.plot(z, slope(function, z), "--", label=_("pendiente", "slope"))
    axis.set(title=name, xlabel="$z$", ylim=(-1.5, 3), xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2])
axes[0, 0].legend(loc=2)
ck.plots.show(
    figure,
    _(
        "Ocho activaciones y sus pendientes: unas se aplanan en los extremos y otras no.",
        "Eight activations and their slopes: some of them flatten at the ends and others do not.",
    ),
)

# %% [markdown] lang="es"
# Compara las dos líneas de cada panel: donde la función se aplana, la pendiente cae a 0. Una
# activación se **satura** (*saturates*) donde su pendiente se acerca a 0: la entrada cambia y la
# salida ya casi no. Midamos la pendiente lejos del centro, en $z = -6$ y en $z = 6$.

# %% [markdown] lang="en"
# Compare the two lines of each panel: where the function flattens, the slope falls to 0. An
# activation **saturates** where its slope approaches 0: the input changes and the output hardly
# does any more. Let us measure the slope far from the centre, at $z = -6$ and at $z = 6$.

# %%
for name, function in activations.items():
    print(f"{name:10} {slope(function, -6.0):6.3f} {slope(function, 6.0):6.3f}")
print(f"{slope(sigmoid, 0.0):.2f} {slope(np.tanh, 0.0):.2f}")

# %% [markdown] lang="es"
# La sigmoide y la tanh se saturan por los dos lados; ReLU y ELU, por la izquierda. La función
# lineal, Leaky ReLU y este Maxout no se saturan. Heaviside es el peor caso: su pendiente es 0 en
# todas partes salvo en el salto, así que el descenso de gradiente no puede cambiar sus pesos. Lo
# mismo le pasa a una neurona ReLU con $z < 0$ en todos los ejemplos: se dice que está **muerta**. La
# última línea impresa será importante más adelante: la mayor pendiente de la sigmoide es $0.25$; la
# de la tanh, 1.

# %% [markdown] lang="en"
# The sigmoid and tanh saturate on both sides; ReLU and ELU on the left. The linear function, Leaky
# ReLU and this Maxout do not saturate. Heaviside is the worst case: its slope is 0 everywhere
# except at the jump, so gradient descent cannot change its weights. The same happens to a ReLU neuron
# with $z < 0$ on all the examples: it is said to be **dead**. The last printed line will matter
# later on: the largest slope of the sigmoid is $0.25$, and the largest slope of tanh is 1.

# %% [markdown] lang="es"
# ## ¿Qué puede dibujar una capa oculta?
#
# Con una sola entrada se ve bien. Cada neurona ReLU es una recta cortada en 0, y el corte, donde
# $w x + b = 0$, es una **articulación** (*joint*). La salida multiplica cada línea por su peso $v$
# y las suma. Antes de ejecutar: ¿dónde estará la articulación de cada fila, y hacia qué lado subirá
# la línea?

# %% [markdown] lang="en"
# ## What can a hidden layer draw?
#
# With a single input it is easy to see. Each ReLU neuron is a line cut off at 0, and the cut, where
# $w x + b = 0$, is a **joint**. The output multiplies each line by its weight $v$ and adds them.
# Before you run it: where will the joint of each row be, and to which side will the line rise?

# %%
ck.diagrams.joints(w=[1, -1, 1], b=[0.5, 1, -1.5], v=[1, -0.5, -2])

# %% [markdown] lang="es"
# Las articulaciones están en $x = -b / w$: −0.5, 1 y 1.5. Un $w$ negativo hace subir la línea hacia
# la izquierda. La suma tiene las mismas tres articulaciones: entre ellas es recta. ¿Y si
# multiplicas $w$ y $b$ por 0.5 y $v$ por 2? La articulación no se mueve y la suma es la misma,
# porque $\max(0, 0.5 z) = 0.5 \max(0, z)$.

# %% [markdown] lang="en"
# The joints are at $x = -b / w$: −0.5, 1 and 1.5. A negative $w$ makes the line rise to the left.
# The sum has the same three joints: between them it is straight. What if you multiply $w$ and $b$
# by 0.5 and $v$ by 2? The joint does not move and the sum is the same, because
# $\max(0, 0.5 z) = 0.5 \max(0, z)$.

# %% [markdown] lang="es"
# ### Tu turno: una tienda de campaña
#
# Elige a mano tres neuronas ReLU cuya suma ponderada sea una tienda: vale 0 hasta $x = 0$, sube en
# línea recta hasta 1 en $x = 1$, baja hasta 0 en $x = 2$ y se queda en 0. Para verla, da tus listas
# a `ck.diagrams.joints`.

# %% [markdown] lang="en"
# ### Your turn: a tent
#
# Choose by hand three ReLU neurons whose weighted sum is a tent: 0 up to $x = 0$, rising in a
# straight line to 1 at $x = 1$, falling to 0 at $x = 2$ and staying at 0. To see it, give your
# lists to `ck.diagrams.joints`.

# %%
tent_w = [..., ..., ...]
tent_b = [..., ..., ...]
tent_v = [..., ..., ...]


# %% tags=["check"]
def is_tent(answer):
    w, b, v = np.array(answer, dtype=float)
    x = np.linspace(-2, 4, 61)
    wanted = np.maximum(0, 1 - abs(x - 1))
    return np.allclose(np.maximum(0, np.outer(x, w) + b) @ v, wanted, atol=1e-6)


hint = _(
    "pon una articulación en 0, en 1 y en 2. En la segunda, la pendiente pasa de 1 a −1.",
    "put a joint at 0, at 1 and at 2. At the second one the slope goes from 1 to −1.",
)
ck.check([tent_w, tent_b, tent_v], is_tent, hint)

# %% tags=["solution"]
tent_w = [1, 1, 1]
tent_b = [0, -1, -2]
tent_v = [1, -2, 1]
ck.check([tent_w, tent_b, tent_v], is_tent, hint)

# %% [markdown] lang="es"
# ### Más capas o más neuronas
#
# Con $n$ neuronas ReLU, una capa oculta tiene a lo sumo $n$ articulaciones: $n + 1$ trozos rectos.
# Poner una tienda **después de otra** rinde más. La tienda de abajo, de 2 neuronas, pliega por la
# mitad el intervalo de 0 a 1, y cada capa pliega lo que la anterior ya plegó. Contamos los trozos
# por los cambios de pendiente.

# %% [markdown] lang="en"
# ### More layers or more neurons
#
# With $n$ ReLU neurons, one hidden layer has at most $n$ joints: $n + 1$ straight pieces. Putting
# one tent **after another** goes further. The tent below, of 2 neurons, folds the interval from 0
# to 1 in half, and each layer folds what the previous one has folded already. We count the pieces
# by the changes of slope.


# %%
def fold(x):
    return 2 * np.maximum(0, x) - 4 * np.maximum(0, x - 0.5)


# %%
y = np.arange(1025) / 1024
for depth in range(1, 6):
    y = fold(y)
    changes = np.count_nonzero(np.diff(np.diff(y)))
    print(depth, 2 * depth, changes + 1, 2 * depth + 1)

# %% [markdown] lang="es"
# Cada fila dice: capas, neuronas, trozos que salieron entre 0 y 1 y trozos que permite una sola
# capa con esas neuronas. Con 5 capas de 2 neuronas hay 32 trozos solo entre 0 y 1; con una capa de
# 10, a lo sumo 11. La **profundidad** (*depth*) multiplica y la anchura (*width*) suma: para las
# funciones que se construyen plegando, la red profunda necesita muchas menos neuronas (Telgarsky,
# 2016).

# %% [markdown] lang="en"
# Each row says: layers, neurons, pieces that came out between 0 and 1, and pieces that one layer
# with those neurons allows. With 5 layers of 2 neurons there are 32 pieces between 0 and 1 alone;
# with one layer of 10, at most 11. **Depth** multiplies and width adds: for functions that are
# built by folding, the deep network needs far fewer neurons (Telgarsky, 2016).

# %% [markdown] lang="es"
# ## Descanso
#
# Aquí se puede parar. Ya sabes qué calcula una red: productos de matrices con activaciones entre
# ellos, que cambian de lugar los puntos. Para la tienda bastó pensar nueve números; la red de
# dígitos del final tiene cientos de miles. La segunda parte explica cómo se encuentran esos
# números. Al volver, ejecuta las celdas de arriba: tardan unos segundos.

# %% [markdown] lang="en"
# ## Break
#
# This is a good place to stop. You now know what a network computes: matrix products with
# activations between them, which move the points. For the tent it was enough to think up nine
# numbers; the digit network at the end has hundreds of thousands. The second part explains how such
# numbers are found. When you come back, run the cells above: they take a few seconds.

# %% [markdown] lang="es"
# ## Segunda parte: retropropagación
#
# Para aprender, la red necesita saber cuánto cambia la pérdida $L$ cuando cambia cada peso: el
# **gradiente**. Lo buscamos en la red más pequeña que tiene un poco de todo: una entrada $x$, dos
# neuronas ocultas tanh, $h_i = \tanh(w_i x)$, una salida sigmoide, $p = \sigma(z)$ con
# $z = v_1 h_1 + v_2 h_2$, y, como la respuesta correcta es 1, la pérdida $L = -\log p$. Para que las
# fórmulas sean cortas, no lleva sesgos.

# %% [markdown] lang="en"
# ## Part two: backpropagation
#
# To learn, the network needs to know how much the loss $L$ changes when each weight changes: the
# **gradient**. We look for it in the smallest network that has a little of everything: an input
# $x$, two hidden tanh neurons, $h_i = \tanh(w_i x)$, a sigmoid output, $p = \sigma(z)$ with
# $z = v_1 h_1 + v_2 h_2$, and, as the right answer is 1, the loss $L = -\log p$. To keep the
# formulas short, it has no biases.


# %%
def loss_of(x, w1, w2, v1, v2):
    h1, h2 = np.tanh(w1 * x), np.tanh(w2 * x)
    return -np.log(sigmoid(v1 * h1 + v2 * h2))


place = {"x": 2.0, "w1": 0.5, "w2": -0.25, "v1": 0.5, "v2": 1.5}
print(f"{loss_of(**place):.4f} {loss_of(**place | {'w2': -0.24}):.4f}")

# %% [markdown] lang="es"
# ### Empujar cada peso
#
# `place | {'w2': -0.24}` es el mismo diccionario con otro valor de `w2`. Al subir `w2` en 0.01, la
# pérdida bajó de 0.8615 a 0.8478, es decir, 1.37 veces lo que subió `w2`. Hacemos lo mismo con las
# cinco variables, una por una, con `slope` y su empujón mucho más pequeño.

# %% [markdown] lang="en"
# ### Nudging each weight
#
# `place | {'w2': -0.24}` is the same dictionary with another value of `w2`. When `w2` rose by 0.01,
# the loss fell from 0.8615 to 0.8478, a fall 1.37 times as large as the rise in `w2`. We do the
# same with the five variables, one by one, with `slope` and its much smaller nudge.

# %%
# es: name=name guarda en la función el nombre de esta variable, no el de la última del bucle
# en: name=name keeps in the function the name of this variable, not that of the last one in the loop
nudged = {}
for name, value in place.items():
    nudged[name] = slope(lambda v, name=name: loss_of(**place | {name: v}), value)
print({name: round(float(value), 3) for name, value in nudged.items()})

# %% [markdown] lang="es"
# Con esto ya se podría entrenar. Pero cada derivada exigió dos cálculos de la pérdida: una red de
# medio millón de pesos necesitaría un millón de cálculos **para una sola actualización**. La
# retropropagación encuentra todas las derivadas con una pasada hacia delante y una hacia atrás.

# %% [markdown] lang="en"
# This would be enough to train. But each derivative took two calculations of the loss: a network of
# half a million weights would need a million calculations **for a single update**. Backpropagation
# finds all the derivatives with one forward pass and one backward pass.

# %% [markdown] lang="es"
# ### Las derivadas, escritas enteras
#
# Si $h$ cambia el doble que $w$, y $L$ el triple que $h$, $L$ cambia 6 veces lo que $w$: la regla
# de la cadena multiplica las derivadas del camino. ($\partial L / \partial w$ es la derivada de $L$
# cuando solo cambia $w$.) La derivada de $-\log p$ es $-1 / p$; la de la sigmoide, $p (1 - p)$; la
# de tanh, $1 - h^2$ (pruébalas con `slope`); y la de un producto respecto a un factor es el otro
# factor:
#
# $$\begin{aligned}
# \frac{\partial L}{\partial v_1} &= -\frac{1}{p} \cdot p (1 - p) \cdot h_1 \\
# \frac{\partial L}{\partial v_2} &= -\frac{1}{p} \cdot p (1 - p) \cdot h_2 \\
# \frac{\partial L}{\partial w_1}
# &= -\frac{1}{p} \cdot p (1 - p) \cdot v_1 \cdot (1 - h_1^2) \cdot x \\
# \frac{\partial L}{\partial w_2}
# &= -\frac{1}{p} \cdot p (1 - p) \cdot v_2 \cdot (1 - h_2^2) \cdot x \\
# \frac{\partial L}{\partial x}
# &= -\frac{1}{p} \cdot p (1 - p) \cdot v_1 \cdot (1 - h_1^2) \cdot w_1
# -\frac{1}{p} \cdot p (1 - p) \cdot v_2 \cdot (1 - h_2^2) \cdot w_2
# \end{aligned}$$
#
# De $x$ a la pérdida van dos caminos, uno por cada neurona oculta, y sus productos se suman.

# %% [markdown] lang="en"
# ### The derivatives, written in full
#
# If $h$ changes twice as much as $w$, and $L$ three times as much as $h$, $L$ changes 6 times as
# much as $w$: the chain rule multiplies the derivatives along the path. ($\partial L / \partial w$
# is the derivative of $L$ when only $w$ changes.) The derivative of $-\log p$ is $-1 / p$; of the
# sigmoid, $p (1 - p)$; of tanh, $1 - h^2$ (try them with `slope`); and of a product with respect to
# one factor, the other factor:
#
# $$\begin{aligned}
# \frac{\partial L}{\partial v_1} &= -\frac{1}{p} \cdot p (1 - p) \cdot h_1 \\
# \frac{\partial L}{\partial v_2} &= -\frac{1}{p} \cdot p (1 - p) \cdot h_2 \\
# \frac{\partial L}{\partial w_1}
# &= -\frac{1}{p} \cdot p (1 - p) \cdot v_1 \cdot (1 - h_1^2) \cdot x \\
# \frac{\partial L}{\partial w_2}
# &= -\frac{1}{p} \cdot p (1 - p) \cdot v_2 \cdot (1 - h_2^2) \cdot x \\
# \frac{\partial L}{\partial x}
# &= -\frac{1}{p} \cdot p (1 - p) \cdot v_1 \cdot (1 - h_1^2) \cdot w_1
# -\frac{1}{p} \cdot p (1 - p) \cdot v_2 \cdot (1 - h_2^2) \cdot w_2
# \end{aligned}$$
#
# Two paths lead from $x$ to the loss, one through each hidden neuron, and their products are added.

# %% [markdown] lang="es"
# ### Lo que se repite se calcula una vez
#
# $-\frac{1}{p} \cdot p (1 - p)$ aparece en todas las líneas, y $v_1 \cdot (1 - h_1^2)$, en dos. Si
# vamos **de la pérdida hacia atrás**, cada trozo repetido se calcula una sola vez y se reutiliza.
# Escribimos $dz$ para $\partial L / \partial z$, y lo mismo con los demás nombres; $z_1$ y $z_2$ son
# las sumas $w_1 x$ y $w_2 x$.

# %% [markdown] lang="en"
# ### What is repeated is computed once
#
# $-\frac{1}{p} \cdot p (1 - p)$ appears in every line, and $v_1 \cdot (1 - h_1^2)$ in two. If we go
# **backward from the loss**, each repeated piece is computed only once and then reused. We write
# $dz$ for $\partial L / \partial z$, and likewise for the other names; $z_1$ and $z_2$ are the sums
# $w_1 x$ and $w_2 x$.

# %%
x_0, w1, w2, v1, v2 = place.values()
h1, h2 = np.tanh(w1 * x_0), np.tanh(w2 * x_0)
p_0 = sigmoid(v1 * h1 + v2 * h2)
dp = -1 / p_0
dz = dp * p_0 * (1 - p_0)
dh1, dh2 = dz * v1, dz * v2
dz1, dz2 = dh1 * (1 - h1**2), dh2 * (1 - h2**2)
by_hand = {"x": dz1 * w1 + dz2 * w2, "w1": dz1 * x_0, "w2": dz2 * x_0}
by_hand |= {"v1": dz * h1, "v2": dz * h2}
print({name: round(float(value), 3) for name, value in by_hand.items()})

# %% [markdown] lang="es"
# Eso es la **retropropagación** (*backpropagation*): la regla de la cadena desde la pérdida hacia
# atrás, sin calcular nada dos veces. Los cinco números coinciden con los que dieron los empujones.
# Medimos la mayor diferencia relativa, es decir, la diferencia dividida entre el tamaño de la
# derivada. Y fíjate en que $dz = -\frac{1}{p} \cdot p (1 - p) = p - 1$: la probabilidad menos la
# respuesta.

# %% [markdown] lang="en"
# That is **backpropagation**: the chain rule from the loss backward, without computing anything
# twice. The five numbers agree with those that the nudges gave. We measure the largest relative
# difference, that is, the difference divided by the size of the derivative. And notice that
# $dz = -\frac{1}{p} \cdot p (1 - p) = p - 1$: the probability minus the answer.

# %%
errors = [abs(by_hand[name] - nudged[name]) / abs(by_hand[name]) for name in place]
ck.claim(_("mayor diferencia relativa", "largest relative difference"), max(errors), at_most=1e-6)
assert np.isclose(dz, p_0 - 1)

# %% [markdown] lang="es"
# ## Un motor pequeño
#
# Escribir esas líneas para cada red sería agotador. Mejor: que cada **operación** conozca su propia
# derivada. Un `Node` guarda su valor, los nodos de los que sale (`parents`) y la derivada respecto
# a cada uno (`slopes`). Python llama a `__add__` cuando encuentra `+` entre dos nodos, y a
# `__mul__` cuando encuentra `*`.

# %% [markdown] lang="en"
# ## A tiny engine
#
# Writing those lines for each network would be exhausting. Better: let each **operation** know its
# own derivative. A `Node` keeps its value, the nodes that it comes from (`parents`) and the
# derivative with respect to each of them (`slopes`). Python calls `__add__` when it finds `+`
# between two nodes, and `__mul__` when it finds `*`.


# %%
class Node:
    def __init__(self, value, parents=(), slopes=()):
        self.value, self.parents, self.slopes = value, parents, slopes
        self.gradient = 0.0

    def __add__(self, other):
        return Node(self.value + other.value, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Node(self.value * other.value, (self, other), (other.value, self.value))


# %%
def tanh_of(node):
    h = np.tanh(node.value)
    return Node(h, (node,), (1 - h**2,))


def sigmoid_of(node):
    p = sigmoid(node.value)
    return Node(p, (node,), (p * (1 - p),))


# %%
def minus_log(node):
    return Node(-np.log(node.value), (node,), (-1 / node.value,))


# %% [markdown] lang="es"
# ### El orden: primero los padres
#
# Hacia atrás, un nodo puede repartir su derivada solo cuando está **completa**: cuando ya han
# repartido la suya todos los nodos que lo usan. Basta con un orden en que cada nodo vaya después de
# sus padres, un **orden topológico** (*topological order*), recorrido al revés. `visit` lo
# consigue: antes de anotar un nodo, visita a sus padres.

# %% [markdown] lang="en"
# ### The order: parents first
#
# Going backward, a node may hand out its derivative only when that derivative is **complete**: when
# all the nodes that use it have handed out theirs. It is enough to have an order in which each node
# comes after its parents, a **topological order**, and to follow it in reverse. `visit` achieves
# this: before it notes down a node, it visits its parents.


# %%
def parents_first(last):
    order = []

    def visit(node):
        if node not in order:
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(last)
    return order


# %% [markdown] lang="es"
# La derivada de la pérdida respecto a sí misma es 1. Después, cada nodo suma a la derivada de cada
# padre la suya propia multiplicada por la de la operación. `zip` empareja padres y derivadas.

# %% [markdown] lang="en"
# The derivative of the loss with respect to itself is 1. Then each node adds to the derivative of
# each parent its own derivative times that of the operation. `zip` pairs parents with derivatives.


# %%
def backpropagate(last, order=parents_first):
    nodes = order(last)
    for node in nodes:
        node.gradient = 0.0
    last.gradient = 1.0
    for node in reversed(nodes):
        for parent, local in zip(node.parents, node.slopes, strict=True):
            parent.gradient += local * node.gradient


# %% [markdown] lang="es"
# ### Roto a propósito: `=` en lugar de `+=`
#
# ¿Por qué `+=`? Porque una variable puede usarse dos veces. Con $f = a \cdot a$ y $a = 3$, la
# derivada es $2 a = 6$. Predice qué dará el motor si `+=` se cambia por `=`.

# %% [markdown] lang="en"
# ### Broken on purpose: `=` in place of `+=`
#
# Why `+=`? Because a variable may be used twice. With $f = a \cdot a$ and $a = 3$, the derivative
# is $2 a = 6$. Predict what the engine gives if `+=` is replaced by `=`.


# %%
def backpropagate_broken(last):
    last.gradient = 1.0
    for node in reversed(parents_first(last)):
        for parent, local in zip(node.parents, node.slopes, strict=True):
            parent.gradient = local * node.gradient


a = Node(3.0)
backpropagate(a * a)
right = a.gradient
backpropagate_broken(a * a)
print(right, a.gradient)

# %% [markdown] lang="es"
# Con `=`, la segunda flecha borra lo que trajo la primera, y queda 3 en lugar de 6. La regla de la
# cadena **suma** los caminos.

# %% [markdown] lang="en"
# With `=`, the second arrow erases what the first one brought, and 3 is left in place of 6. The
# chain rule **adds** the paths.

# %% [markdown] lang="es"
# ### Roto a propósito: otro orden
#
# Sean $y = a \cdot b$ y $f = y \cdot (y + a)$, con $a = 2$ y $b = 3$. Al desarrollar,
# $f = a^2 b^2 + a^2 b$, así que $\partial f / \partial a = 2 a b^2 + 2 a b = 48$ y
# $\partial f / \partial b = 2 a^2 b + a^2 = 28$. `nearest_first` atiende primero a los nodos que
# están a menos flechas de $f$; la lista crece mientras el bucle la recorre.

# %% [markdown] lang="en"
# ### Broken on purpose: another order
#
# Let $y = a \cdot b$ and $f = y \cdot (y + a)$, with $a = 2$ and $b = 3$. Expanding,
# $f = a^2 b^2 + a^2 b$, so $\partial f / \partial a = 2 a b^2 + 2 a b = 48$ and
# $\partial f / \partial b = 2 a^2 b + a^2 = 28$. `nearest_first` deals first with the nodes that
# are fewer arrows away from $f$; the list grows while the loop goes through it.


# %%
def nearest_first(last):
    order = [last]
    for node in order:
        order += [parent for parent in node.parents if parent not in order]
    return order[::-1]


a, b = Node(2.0), Node(3.0)
y = a * b
f = y * (y + a)
for order in (parents_first, nearest_first):
    backpropagate(f, order)
    print(a.gradient, b.gradient)

# %% [markdown] lang="es"
# El orden equivocado da 30 y 16. El nodo $y$ está a una flecha de $f$ y reparte su derivada
# enseguida; después le llega más, por $y + a$, y esa parte ya no llega a $a$ ni a $b$.

# %% [markdown] lang="en"
# The wrong order gives 30 and 16. Node $y$ is one arrow away from $f$ and hands out its derivative
# at once; later it receives more, through $y + a$, and that part no longer reaches $a$ or $b$.

# %% [markdown] lang="es"
# ### El motor en la red pequeña
#
# Escribimos la red con nodos, como si fueran números. El motor encuentra las cinco derivadas que
# antes escribimos a mano, y el dibujo se hace con lo que guardan los nodos.

# %% [markdown] lang="en"
# ### The engine on the small network
#
# We write the network with nodes, as if they were numbers. The engine finds the five derivatives
# that we wrote by hand before, and the drawing is made from what the nodes keep.

# %%
graph = {name: Node(value) for name, value in place.items()}
for i in "12":
    graph[f"z{i}"] = graph[f"w{i}"] * graph["x"]
    graph[f"h{i}"] = tanh_of(graph[f"z{i}"])
    graph[f"u{i}"] = graph[f"v{i}"] * graph[f"h{i}"]
graph["z"] = graph["u1"] + graph["u2"]
graph["p"] = sigmoid_of(graph["z"])
graph["L"] = minus_log(graph["p"])
backpropagate(graph["L"])
assert all(np.isclose(graph[name].gradient, by_hand[name]) for name in by_hand)

# %%
keys = ["w1", "x", "w2", "z1", "z2", "h1", "h2", "v1", "v2", "u1", "u2", "z", "p", "L"]
across = [0, 0, 0, 2, 2, 4, 4, 4, 4, 6, 6, 7.6, 9.6, 12]
up = [3.4, 0, -3.4, 1.7, -1.7, 1.7, -1.7, 3.7, -3.7, 1.7, -1.7, 0, 0, 0]
positions = dict(zip(keys, zip(across, up, strict=True), strict=True))
names = {node: name for name, node in graph.items()}
inside, on_arrows = {}, {}
for name, node in graph.items():
    inside[name] = f"${name[0]}_{name[1:]}$\n{node.value:.2f}".replace("_$", "$").translate(minus)
    for parent, local in zip(node.parents, node.slopes, strict=True):
        on_arrows[names[parent], name] = f"{local:.2f}".translate(minus)
below = {name: f"{node.gradient:.2f}".translate(minus) for name, node in graph.items()}
alt = _("Grafo de la red con sus valores y derivadas.", "Graph of the network with its values and derivatives.")
ck.diagrams.graph(positions, inside, on_arrows, below, alt=alt)

# %% [markdown] lang="es"
# Lee el grafo de derecha a izquierda: dentro de cada nodo, su valor; en verde, la derivada de cada
# flecha; en naranja, la derivada de $L$ respecto al nodo. El −0.58 de $z$ se calcula una vez y
# sirve para las dos ramas. A $x$ llegan dos caminos: $-0.12 \cdot 0.50 = -0.06$ y
# $-0.68 \cdot (-0.25) = 0.17$. Su suma es 0.11.

# %% [markdown] lang="en"
# Read the graph from right to left: inside each node, its value; in green, the derivative of each
# arrow; in orange, the derivative of $L$ with respect to the node. The −0.58 of $z$ is computed
# once and serves both branches. Two paths reach $x$: $-0.12 \cdot 0.50 = -0.06$ and
# $-0.68 \cdot (-0.25) = 0.17$. Their sum is 0.11.

# %% [markdown] lang="es"
# ### Tu turno: hacia delante y hacia atrás
#
# Sean $u = a \cdot b$, $v = a + b$ y $f = u \cdot v$, con $a = 2$ y $b = 3$. Dibuja el grafo, con
# sus cinco nodos, y calcula en papel, sin el motor, primero los valores, después las derivadas de
# $f$ respecto a $u$ y $v$, y al final respecto a $a$ y $b$. Se comprueba cada línea.

# %% [markdown] lang="en"
# ### Your turn: forward and backward
#
# Let $u = a \cdot b$, $v = a + b$ and $f = u \cdot v$, with $a = 2$ and $b = 3$. Draw the graph,
# with its five nodes, and do the calculation on paper, without the engine: first the values, then
# the derivatives of $f$ with respect to $u$ and $v$, and finally with respect to $a$ and $b$. Each
# line is checked.

# %%
values_u_v_f = [..., ..., ...]
slopes_u_v = [..., ...]
slopes_a_b = [..., ...]

# %% tags=["check"]
expected = [6, 5, 30], [5, 6], [21, 16]
hint = _(
    "f = u · v: la derivada respecto a un factor es el otro. A cada variable llegan dos caminos, "
    "por u y por v: multiplica en cada uno y suma los dos productos.",
    "f = u · v: the derivative with respect to one factor is the other. Two paths reach each "
    "variable, through u and through v: multiply along each and add the two products.",
)
for answer, right in zip((values_u_v_f, slopes_u_v, slopes_a_b), expected, strict=True):
    ck.check(answer, right, hint)

# %% tags=["solution"]
u, v = 2 * 3, 2 + 3
values_u_v_f = [u, v, u * v]
slopes_u_v = [v, u]
slopes_a_b = [v * 3 + u * 1, v * 2 + u * 1]
for answer, right in zip((values_u_v_f, slopes_u_v, slopes_a_b), expected, strict=True):
    ck.check(answer, right, hint)

# %% [markdown] lang="es"
# ### Keras da el mismo gradiente
#
# Por dentro, Keras también hace retropropagación. Para ver su gradiente sin depender de TensorFlow,
# JAX ni PyTorch, hacemos una sola actualización con tasa de aprendizaje 1: a cada peso se le resta
# exactamente su gradiente, así que el gradiente es «antes menos después». Construimos la misma red,
# sin sesgos, con los mismos pesos.

# %% [markdown] lang="en"
# ### Keras gives the same gradient
#
# Under the hood, Keras backpropagates too. To see its gradient without depending on TensorFlow, JAX
# or PyTorch, we make a single update with learning rate 1: each weight changes by exactly minus its
# gradient, so the gradient is "before minus after". We build the same network, without biases, with
# the same weights.

# %%
import keras
from keras import layers

# es: traducir a código máquina redes tan pequeñas tarda más que entrenarlas; solo JAX lo necesita
# en: translating such small networks into machine code takes longer than training; only JAX needs it
machine_code = keras.backend.backend() == "jax"

# %%
keras.utils.set_random_seed(0)
tiny = keras.Sequential(
    [
        keras.Input((1,)),
        layers.Dense(2, activation="tanh", use_bias=False),
        layers.Dense(1, activation="sigmoid", use_bias=False),
    ]
)
tiny.compile(keras.optimizers.SGD(learning_rate=1.0), loss="binary_crossentropy", jit_compile=machine_code)

# %%
before = [np.array([[0.5, -0.25]]), np.array([[0.5], [1.5]])]
tiny.set_weights(before)
tiny.train_on_batch(np.array([[2.0]]), np.array([[1.0]]))
after = tiny.get_weights()
keras_gradient = np.concatenate([np.ravel(b - a) for b, a in zip(before, after, strict=True)])
our_gradient = np.array([by_hand[name] for name in ("w1", "w2", "v1", "v2")])
print(our_gradient.round(3), keras_gradient.round(3))
ck.claim(
    _("mayor diferencia con el gradiente de Keras", "largest difference from the gradient of Keras"),
    np.abs(our_gradient - keras_gradient).max(),
    at_most=1e-6,
)

# %% [markdown] lang="es"
# Los mismos cuatro números. Keras calcula con 32 bits, unas 7 cifras, y de ahí viene la pequeña
# diferencia.

# %% [markdown] lang="en"
# The same four numbers. Keras computes with 32 bits, about 7 digits, and that is where the small
# difference comes from.

# %% [markdown] lang="es"
# ## De los números a las matrices
#
# Ahora, una red completa: 2 entradas, 4 neuronas ocultas tanh y 1 salida sigmoide, con sesgos. El
# problema: puntos de la clase 1 que rodean a los de la clase 0. Ninguna recta los separa, y nadie
# le dirá a la red qué tareas ocultas debe resolver. Una red se juzga con ejemplos que no ha visto:
# con pocos datos se suele apartar el 30 % para la prueba y entrenar con el 70 %, después de
# barajarlos. De 400 puntos quedan 280 para entrenar y 120 para la prueba. El `None` convierte las
# respuestas en una columna.

# %% [markdown] lang="en"
# ## From numbers to matrices
#
# Now, a complete network: 2 inputs, 4 hidden tanh neurons and 1 sigmoid output, with biases. The
# problem: points of class 1 that surround those of class 0. No straight line separates them, and
# nobody will tell the network which hidden tasks it has to solve. A network is judged on examples
# that it has not seen: with little data it is usual to set 30% aside for the test and to train on
# the other 70%, after shuffling them. Of 400 points, 280 are left to train and 120 for the test.
# The `None` turns the answers into a column.

# %%
rng = np.random.default_rng(0)
labels = np.arange(400) % 2
radius = np.where(labels == 1, rng.normal(2, 0.25, 400), 0)
angle = rng.uniform(0, 2 * np.pi, 400)
points = (radius * [np.cos(angle), np.sin(angle)]).T + rng.normal(0, 0.45, (400, 2))
order = rng.permutation(400)

# %%
x_ring, y_ring = points[order[:280]], labels[order[:280], None]
x_ring_test, y_ring_test = points[order[280:]], labels[order[280:], None]
print(x_ring.shape, y_ring.shape, x_ring_test.shape, y_ring_test.shape)

# %% [markdown] lang="es"
# ### La pasada hacia delante
#
# `forward_pass` guarda en `cache` los valores que la pasada hacia atrás va a necesitar. La pérdida
# es la entropía cruzada: la media de $-\log$ de la probabilidad que la red dio a la respuesta
# correcta.

# %% [markdown] lang="en"
# ### The forward pass
#
# `forward_pass` keeps in `cache` the values that the backward pass is going to need. The loss is
# the cross-entropy: the mean of $-\log$ of the probability that the network gave to the right
# answer.


# %%
def forward_pass(x, parameters):
    hidden = np.tanh(x @ parameters["w1"] + parameters["b1"])
    p = sigmoid(hidden @ parameters["w2"] + parameters["b2"])
    return p, {"x": x, "hidden": hidden, "p": p}


def cross_entropy(p, y):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


# %% [markdown] lang="es"
# ### La pasada hacia atrás, capa por capa
#
# Las derivadas son las de la red pequeña, para $n$ ejemplos a la vez. $\odot$ multiplica casilla
# por casilla y $^\top$ transpone. Si la respuesta es 0, la pérdida es $-\log(1 - p)$ y su derivada
# respecto a la suma de salida, $\frac{1}{1 - p} \cdot p (1 - p) = p$: otra vez $p - y$. La media
# divide entre $n$. Aquí el subíndice numera capas, no neuronas. Lee la tabla de arriba abajo:
#
# | Valor | forma | su derivada |
# | --- | --- | --- |
# | $z_2 = h W_2 + b_2$ | $(n, 1)$ | $dz_2 = (p - y) / n$ |
# | $W_2$ | $(4, 1)$ | $dW_2 = h^\top dz_2$ |
# | $b_2$ | $(1,)$ | $db_2$ = la suma de las filas de $dz_2$ |
# | $h = \tanh(z_1)$ | $(n, 4)$ | $dh = dz_2 W_2^\top$ |
# | $z_1 = x W_1 + b_1$ | $(n, 4)$ | $dz_1 = dh \odot (1 - h^2)$ |
# | $W_1$ | $(2, 4)$ | $dW_1 = x^\top dz_1$ |
# | $b_1$ | $(4,)$ | $db_1$ = la suma de las filas de $dz_1$ |

# %% [markdown] lang="en"
# ### The backward pass, layer by layer
#
# The derivatives are those of the small network, for $n$ examples at once. $\odot$ multiplies entry
# by entry and $^\top$ transposes. If the answer is 0, the loss is $-\log(1 - p)$ and its derivative
# with respect to the output sum is $\frac{1}{1 - p} \cdot p (1 - p) = p$: $p - y$ again. The mean
# divides by $n$. Here the subscript numbers layers, not neurons. Read the table from top to bottom:
#
# | Value | shape | its derivative |
# | --- | --- | --- |
# | $z_2 = h W_2 + b_2$ | $(n, 1)$ | $dz_2 = (p - y) / n$ |
# | $W_2$ | $(4, 1)$ | $dW_2 = h^\top dz_2$ |
# | $b_2$ | $(1,)$ | $db_2$ = the sum of the rows of $dz_2$ |
# | $h = \tanh(z_1)$ | $(n, 4)$ | $dh = dz_2 W_2^\top$ |
# | $z_1 = x W_1 + b_1$ | $(n, 4)$ | $dz_1 = dh \odot (1 - h^2)$ |
# | $W_1$ | $(2, 4)$ | $dW_1 = x^\top dz_1$ |
# | $b_1$ | $(4,)$ | $db_1$ = the sum of the rows of $dz_1$ |


# %%
def backward_pass(cache, y, parameters):
    dz2 = (cache["p"] - y) / len(y)
    dh = dz2 @ parameters["w2"].T
    dz1 = dh * (1 - cache["hidden"] ** 2)
    gradients = {"w2": cache["hidden"].T @ dz2, "b2": dz2.sum(axis=0)}
    return gradients | {"w1": cache["x"].T @ dz1, "b1": dz1.sum(axis=0)}


# %% [markdown] lang="es"
# Cada derivada de la pérdida tiene **la forma del valor respecto al que se deriva**, y eso dice qué
# factor se transpone: para $dW_2$, de forma $(4, 1)$, solo encajan $(4, n)$ por $(n, 1)$.
#
# ¿Dónde está la suma sobre los ejemplos? Cada peso se usa $n$ veces, una por ejemplo, y los caminos
# se suman: la suma está dentro de los productos $h^\top dz_2$ y $x^\top dz_1$. Un sesgo vale para
# todos los ejemplos y lo multiplica un 1: queda solo la suma de $dz$.

# %% [markdown] lang="en"
# Each derivative of the loss has **the shape of the value with respect to which it is taken**, and
# that says which factor is transposed: for $dW_2$, of shape $(4, 1)$, only $(4, n)$ times $(n, 1)$
# fits.
#
# Where is the sum over the examples? Each weight is used $n$ times, once for each example, and the
# paths are added: the sum is inside the products $h^\top dz_2$ and $x^\top dz_1$. A bias serves all
# the examples and is multiplied by a 1: only the sum of $dz$ is left.


# %%
def update(parameters, gradients, learning_rate):
    return {name: parameters[name] - learning_rate * gradients[name] for name in parameters}


# %% [markdown] lang="es"
# ### Entrenar
#
# Los pesos empiezan al azar, con desviación estándar $1 / \sqrt{\text{entradas}}$; pronto veremos
# por qué. `pairwise` recorre los tamaños por pares consecutivos: $(2, 4)$ y $(4, 1)$. El único
# bucle del entrenamiento cuenta las actualizaciones; ninguno recorre los ejemplos.

# %% [markdown] lang="en"
# ### Training
#
# The weights start at random, with standard deviation $1 / \sqrt{\text{inputs}}$; we will soon see
# why. `pairwise` goes through the sizes in consecutive pairs: $(2, 4)$ and $(4, 1)$. The only loop
# of the training counts the updates; none loops over the examples.

# %%
from itertools import pairwise


def initial_parameters(sizes, spread=1.0, seed=0):
    rng = np.random.default_rng(seed)
    parameters = {}
    for k, (before, after) in enumerate(pairwise(sizes), start=1):
        parameters[f"w{k}"] = rng.normal(0, spread / np.sqrt(before), (before, after))
        parameters[f"b{k}"] = np.zeros(after)
    return parameters


# %%
parameters = initial_parameters([2, 4, 1], seed=1)
losses, snapshots = [], {}
for step in range(2001):
    p, cache = forward_pass(x_ring, parameters)
    losses.append(cross_entropy(p, y_ring))
    if step in (0, 50, 200, 2000):
        snapshots[step] = parameters
    parameters = update(parameters, backward_pass(cache, y_ring, parameters), learning_rate=1.0)
trained = snapshots[2000]
ck.claim(_("pérdida al empezar", "loss at the start"), losses[0], at_least=0.6, at_most=0.8)
ck.claim(_("pérdida al acabar", "loss at the end"), losses[-1], at_most=0.15)

# %% [markdown] lang="es"
# Responder 0.5 a todo da una pérdida de $-\log 0.5 \approx 0.69$. La red empezó cerca de ahí y
# acabó por debajo de [[bound: loss at the end]]. La **frontera de decisión** (*decision boundary*)
# es el borde donde la red duda, $p = 0.5$. Pintemos cada lugar del plano con el color de la clase
# que le da la red, en cuatro momentos del entrenamiento.

# %% [markdown] lang="en"
# Answering 0.5 to everything gives a loss of $-\log 0.5 \approx 0.69$. The network started near
# there and ended below [[bound: loss at the end]]. The **decision boundary** is the edge where the
# network hesitates, $p = 0.5$. Let us paint each place of the plane in the colour of the class that
# the network gives it, at four moments of the training.

# %%
figure, axes = plt.subplots(1, 4, figsize=(10, 3.3), sharey=True)
for axis, (step, saved) in zip(axes, snapshots.items(), strict=True):
    ck.planes.boundary(axis, lambda x, saved=saved: forward_pass(x, saved)[0], reach=3.6)
    ck.planes.points(axis, x_ring, y_ring, size=3)
    axis.set_title(_(f"actualización {step}", f"update {step}"), fontsize=13)
    axis.set_xlabel("$x_1$")
axes[0].set_ylabel("$x_2$")
ck.plots.show(
    figure,
    _(
        "La frontera en cuatro momentos: al final encierra una clase.",
        "The boundary at four moments: in the end it encloses one class.",
    ),
)

# %% [markdown] lang="es"
# La frontera empieza partiendo el plano en dos, se dobla y acaba por cerrarse.

# %% [markdown] lang="en"
# The boundary starts by cutting the plane in two, bends and ends up closing.

# %% [markdown] lang="es"
# ### Frente a la regresión logística
#
# Una sola neurona sigmoide, entrenada con los mismos puntos, es la referencia. Comparamos la
# **exactitud** (*accuracy*), la proporción de aciertos, en los 120 puntos de prueba. Dar siempre la
# misma respuesta acierta más o menos la mitad de las veces. Ninguna recta separa los dos grupos.
# Alguna puede acertar más, la que deja a un lado una parte del anillo; pero la regresión logística,
# como en XOR, no busca aciertos. Como un grupo rodea al otro, su recta apenas baja la entropía
# cruzada de 0.69, la de responder 0.5 a todo: míralo en la primera línea. El lugar de esa recta
# depende de los puntos que tocaron, y su exactitud puede incluso quedar por debajo de la mitad.

# %% [markdown] lang="en"
# ### Against logistic regression
#
# A single sigmoid neuron, trained on the same points, is the baseline. We compare the **accuracy**,
# the share of right answers, on the 120 test points. Giving the same answer every time is right
# about half of the time. No line separates the two groups. Some line may be right more often, one
# that leaves a part of the ring on one side; but logistic regression, as with XOR, does not look
# for right answers. As one group surrounds the other, its line hardly brings the cross-entropy
# below 0.69, the one of answering 0.5 everywhere: see the first line. Where this line falls depends
# on the points that were drawn, and its accuracy may even come out below half.

# %%
line_weights, line_bias = train_regressions(x_ring, y_ring)
models = [lambda x: sigmoid(x @ line_weights + line_bias), lambda x: forward_pass(x, trained)[0]]
hits = [(predict(x_ring_test) > 0.5) == (y_ring_test == 1) for predict in models]
of_line, of_network = np.mean(hits, axis=(1, 2))
of_training = cross_entropy(models[0](x_ring), y_ring)
ck.claim(_("pérdida de la regresión logística", "loss of logistic regression"), of_training, at_least=0.6, at_most=0.7)
ck.claim(_("exactitud de la regresión logística", "accuracy of logistic regression"), of_line, at_most=0.65)
ck.claim(_("exactitud de la red", "accuracy of the network"), of_network, at_least=0.88)

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 5.2))
for axis, predict in zip(axes, models, strict=True):
    ck.planes.boundary(axis, predict, reach=3.6)
    ck.planes.points(axis, x_ring_test, y_ring_test)
    axis.set(xlabel="$x_1$", ylabel="$x_2$")
axes[0].set_title(_("regresión logística", "logistic regression"))
axes[1].set_title(_("red con 4 neuronas ocultas", "network with 4 hidden neurons"))
for weights, bias in zip(trained["w1"].T, trained["b1"], strict=True):
    ck.planes.line(axes[1], weights, bias, "--", color=ck.style.GREY)
ck.plots.show(
    figure,
    _("Una recta corta el plano; la red encierra la clase 0.", "A line cuts the plane; the network encloses class 0."),
)

# %%
distances = np.abs(trained["b1"]) / np.linalg.norm(trained["w1"], axis=0)
ck.claim(
    _("distancia de la recta más lejana al centro", "distance of the farthest line to the centre"),
    max(distances),
    at_most=2,
)


# %%
def test_accuracy(seed):
    parameters = initial_parameters([2, 4, 1], seed=seed)
    for _ in range(2000):
        _p, cache = forward_pass(x_ring, parameters)
        parameters = update(parameters, backward_pass(cache, y_ring, parameters), learning_rate=1.0)
    return np.mean((forward_pass(x_ring_test, parameters)[0] > 0.5) == (y_ring_test == 1))


worst_start = min(test_accuracy(seed) for seed in range(6))
ck.claim(_("exactitud del peor de seis inicios", "accuracy of the worst of six starts"), worst_start, at_least=0.88)

# %% [markdown] lang="es"
# Cada línea discontinua es donde una neurona oculta cambia de signo. Como OR y NAND en XOR, cada
# una traza una recta, y la salida las une en una valla: hasta la más lejana pasa a menos de
# [[bound: distance of the farthest line to the centre]] del centro, y ese es el radio medio del
# anillo. Esta vez la red **encontró sola** sus tareas ocultas. (Elegimos `seed=1` porque sus cuatro
# rectas se ven bien en el dibujo. Con los otros inicios la red acierta más o menos lo mismo, como
# dice la última línea.)

# %% [markdown] lang="en"
# Each dashed line is where a hidden neuron changes sign. Like OR and NAND in XOR, each one draws a
# line, and the output joins them into a fence: even the farthest one passes within
# [[bound: distance of the farthest line to the centre]] of the centre, and that is the mean radius
# of the ring. This time the network **found its hidden tasks on its own**. (We chose `seed=1`
# because its four lines look good in the drawing. From the other starts the network is right about
# as often, as the last line says.)

# %% [markdown] lang="es"
# ## Retropropagación para cualquier profundidad
#
# La tabla de formas se repite en cada capa: un producto hacia delante y dos hacia atrás (en la
# primera, uno: antes no hay nada que corregir), con la pendiente entre ellos. Así que basta un
# bucle. Las pendientes se calculan con $h$, el valor que ya guardamos: para tanh, $1 - h^2$; para
# la sigmoide, $h (1 - h)$; para ReLU, 1 si $h > 0$ y 0 si no.

# %% [markdown] lang="en"
# ## Backpropagation for any depth
#
# The table of shapes repeats itself in each layer: one product forward and two products backward
# (in the first layer, one: there is nothing to correct before it), with the slope between them. So
# a loop is enough. The slopes are computed from $h$, the value that we have kept: for tanh,
# $1 - h^2$; for the sigmoid, $h (1 - h)$; for ReLU, 1 if $h > 0$ and 0 otherwise.

# %%
functions = {
    "tanh": (np.tanh, lambda h: 1 - h**2),
    "sigmoid": (sigmoid, lambda h: h * (1 - h)),
    "relu": (lambda z: np.maximum(0, z), lambda h: (h > 0) * 1.0),
}


def forward_deep(x, parameters, activation="tanh"):
    h, depth = [x], len(parameters) // 2
    for k in range(1, depth):
        h.append(functions[activation][0](h[-1] @ parameters[f"w{k}"] + parameters[f"b{k}"]))
    return h[-1] @ parameters[f"w{depth}"] + parameters[f"b{depth}"], h


# %%
def backward_deep(dz, h, parameters, activation="tanh"):
    gradients = {}
    for k in range(len(h), 0, -1):
        gradients |= {f"w{k}": h[k - 1].T @ dz, f"b{k}": dz.sum(axis=0)}
        if k > 1:
            dh = dz @ parameters[f"w{k}"].T
            dz = dh * functions[activation][1](h[k - 1])
    return gradients


# %% [markdown] lang="es"
# ### El juez: un empujón a cada casilla
#
# `forward_deep` devuelve la última suma, sin sigmoide, y la lista de valores guardados; esa lista
# es el precio de la retropropagación: **memoria** que crece con las capas y con los ejemplos.
# Comprobemos el bucle en una red de 4 capas: empujamos cada casilla de cada matriz y de cada sesgo
# (`np.ndindex` las recorre) y comparamos.

# %% [markdown] lang="en"
# ### The judge: a nudge for every entry
#
# `forward_deep` returns the last sum, without a sigmoid, and the list of values kept; that list is
# the price of backpropagation: **memory** that grows with the layers and with the examples. Let us
# check the loop on a network of 4 layers: we nudge every entry of every matrix and of every bias
# (`np.ndindex` goes through them) and compare.


# %%
def nudge_all(loss, parameters, nudge=1e-5):
    slopes = {name: np.zeros(values.shape) for name, values in parameters.items()}
    for name, values in parameters.items():
        for entry in np.ndindex(values.shape):
            for sign in (1, -1):
                moved = values.copy()
                moved[entry] += sign * nudge
                slopes[name][entry] += sign * loss(parameters | {name: moved}) / (2 * nudge)
    return slopes


# %%
deep = initial_parameters([2, 5, 4, 3, 1])
z, h = forward_deep(x_ring, deep)
gradients = backward_deep((sigmoid(z) - y_ring) / len(y_ring), h, deep)
slopes = nudge_all(lambda p: cross_entropy(sigmoid(forward_deep(x_ring, p)[0]), y_ring), deep)
print({name: values.shape for name, values in gradients.items()})
print(sum(values.size for values in gradients.values()))
ck.claim(
    _("mayor diferencia en todas las casillas", "largest difference over all entries"),
    max(np.abs(gradients[name] - slopes[name]).max() for name in deep),
    at_most=1e-8,
)

# %% [markdown] lang="es"
# Las 58 derivadas coinciden con las de los empujones, y cada gradiente tiene la forma de su matriz
# o de su sesgo.

# %% [markdown] lang="en"
# The 58 derivatives agree with those from the nudges, and each gradient has the shape of its matrix
# or of its bias.

# %% [markdown] lang="es"
# ### XOR, esta vez entrenado
#
# Al principio elegimos OR, AND y NAND. ¿Puede el descenso de gradiente encontrar solo unas tareas
# ocultas para XOR? `descend` repite los pasos de siempre: hacia delante, hacia atrás, actualizar.
# Probamos 20 inicios al azar con 2 neuronas ocultas y 20 con 4.

# %% [markdown] lang="en"
# ### XOR, trained this time
#
# At the beginning we chose OR, AND and NAND. Can gradient descent find hidden tasks for XOR on its
# own? `descend` repeats the usual steps: forward, backward, update. We try 20 random starts with 2
# hidden neurons and 20 with 4.


# %%
def descend(x, y, parameters, learning_rate, updates, activation="tanh"):
    losses = []
    for _ in range(updates):
        z, h = forward_deep(x, parameters, activation)
        losses.append(cross_entropy(sigmoid(z), y))
        gradients = backward_deep((sigmoid(z) - y) / len(y), h, parameters, activation)
        parameters = update(parameters, gradients, learning_rate)
    return parameters, losses


# %%
def solves_xor(hidden_units, seed):
    start = initial_parameters([2, hidden_units, 1], seed=seed)
    learnt, _losses = descend(inputs, xor, start, learning_rate=1.0, updates=500)
    return np.array_equal(forward_deep(inputs, learnt)[0] > 0, xor == 1)


# %%
solved = {units: sum(solves_xor(units, seed) for seed in range(20)) for units in (2, 4)}
ck.claim(_("inicios con éxito, 2 neuronas", "successful starts, 2 neurons"), solved[2], at_least=4, at_most=16)
ck.claim(_("inicios con éxito, 4 neuronas", "successful starts, 4 neurons"), solved[4], at_least=18)

# %% [markdown] lang="es"
# Dos neuronas bastan, como viste en tu primer ejercicio, pero en 500 actualizaciones el descenso
# solo encuentra XOR desde una parte de los 20 inicios. Con 4 neuronas lo encuentra desde todos o
# casi todos: las neuronas de más no hacen falta para representar XOR, pero aquí ayudan a
# encontrarlo. ¿Y si todos los pesos empiezan iguales? Predice cuántas columnas **distintas** tendrá
# `w1` después de entrenar.

# %% [markdown] lang="en"
# Two neurons are enough, as you saw in your first exercise, but in 500 updates descent finds XOR
# only from some of the 20 starts. With 4 neurons it finds XOR from all or almost all of them: the
# extra neurons are not needed to represent XOR, but here they help to find it. What if all the
# weights start equal? Predict how many **different** columns `w1` will have after training.

# %%
equal = {name: np.full(a.shape, 0.5) for name, a in initial_parameters([2, 4, 1]).items()}
learnt, _losses = descend(x_ring, y_ring, equal, learning_rate=1.0, updates=100)
print(np.unique(learnt["w1"].round(6), axis=1).shape[1])

# %% [markdown] lang="es"
# Una sola columna. Neuronas con los mismos pesos de entrada, el mismo sesgo y el mismo peso de
# salida calculan lo mismo, reciben el mismo gradiente y siguen iguales: la red equivale a otra con
# 1 neurona oculta. Por eso los pesos empiezan al azar.

# %% [markdown] lang="en"
# Just one column. Neurons with the same input weights, the same bias and the same output weight
# compute the same, receive the same gradient and stay equal: the network is equivalent to one with
# 1 hidden neuron. Hence the random start.

# %% [markdown] lang="es"
# ## Cómo empezar una red profunda
#
# ¿Qué tamaño deben tener los pesos iniciales? Sigamos una capa de $n$ entradas $h$ y pesos
# independientes, de distribución simétrica alrededor de 0 (como la normal) y varianza $s^2 / n$. En
# $z = \sum_i w_i h_i$ hay $n$ términos, y el cuadrado medio de cada uno es $\frac{s^2}{n}$ por el
# de $h$. Al elevar la suma al cuadrado salen también productos de dos términos, pero su media es 0,
# porque los pesos son independientes y de media 0. Así que el cuadrado medio de $z$ es $s^2$ por el
# de $h$.

# %% [markdown] lang="en"
# ## How to start a deep network
#
# How large should the initial weights be? Let us follow a layer of $n$ inputs $h$ with independent
# weights, from a distribution that is symmetric about 0 (such as the normal) and has variance
# $s^2 / n$. There are $n$ terms in $z = \sum_i w_i h_i$, and the mean square of each is
# $\frac{s^2}{n}$ times that of $h$. Squaring the sum also gives products of two terms, but their
# mean is 0, because the weights are independent and of mean 0. So the mean square of $z$ is $s^2$
# times that of $h$.

# %% [markdown] lang="es"
# $z$ es positivo tantas veces como negativo, y con los mismos tamaños, así que ReLU, que pone a 0
# los negativos, deja la mitad: $\frac{s^2}{2}$ por el de $h$. Hacia atrás hay un término por
# neurona de salida, y una pendiente que es 0 la mitad de las veces: si la capa tiene $n$ entradas y
# otras tantas salidas, pasa lo mismo.

# %% [markdown] lang="en"
# $z$ is as often positive as negative, and with the same sizes, so ReLU, which sets the negatives
# to 0, leaves half: $\frac{s^2}{2}$ times that of $h$. Going backward there is a term for each
# output neuron, and a slope that is 0 half of the time: if the layer has $n$ inputs and as many
# outputs, the same happens.


# %%
def size(values):
    return np.sqrt(np.mean(values**2))


# %%
def sizes_by_layer(activation, spread, depth=50, units=100):
    function, slope_from = functions[activation]
    rng = np.random.default_rng(0)
    h, kept, forward = rng.normal(size=(100, units)), [], []
    for _ in range(depth):
        w = rng.normal(0, spread / np.sqrt(units), (units, units))
        h = function(h @ w)
        kept.append((w, slope_from(h)))
        forward.append(size(h))
    dh, backward = rng.normal(size=h.shape), []
    for w, slopes in reversed(kept):
        dh = (dh * slopes) @ w.T
        backward.append(size(dh))
    return forward, backward[::-1]


# %% [markdown] lang="es"
# En 50 capas, el tamaño (la raíz del cuadrado medio) se multiplica 50 veces por $s / \sqrt 2$.
# Predice, para $s = 1$, $s = \sqrt 2$ y $s = 2$, qué valores llegarán a la capa 50 y qué derivadas
# llegarán a la capa 1.

# %% [markdown] lang="en"
# Over 50 layers, the size (the root of the mean square) is multiplied 50 times by $s / \sqrt 2$.
# Predict, for $s = 1$, $s = \sqrt 2$ and $s = 2$, what values will reach layer 50 and what
# derivatives will reach layer 1.

# %%
spreads = {"$s = 1$": 1, "$s = \\sqrt{2}$": np.sqrt(2), "$s = 2$": 2}
relu_sizes = {name: sizes_by_layer("relu", spread) for name, spread in spreads.items()}
small, right, large = [backward[0] for _forward, backward in relu_sizes.values()]
ck.claim(_("derivada con s = 1", "derivative with s = 1"), small, at_most=1e-5)
ck.claim(_("derivada con s = √2", "derivative with s = √2"), right, at_least=0.05, at_most=20)
ck.claim(_("derivada con s = 2", "derivative with s = 2"), large, at_least=100_000)

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 4.4), sharey=True)
for (name, both), style in zip(relu_sizes.items(), ["-", "--", "-."], strict=True):
    for axis, values in zip(axes, both, strict=True):
        axis.semilogy(range(1, 51), values, style, label=name)
axes[0].set(title=_("hacia delante: valores", "forward: values"), ylabel=_("tamaño", "size"))
axes[1].set(title=_("hacia atrás: derivadas", "backward: derivatives"))
axes[0].legend()
figure.supxlabel(_("capa", "layer"))
ck.plots.show(
    figure,
    _(
        "Valores y derivadas en 50 capas ReLU: con s = 1 se hunden y con s = 2 estallan.",
        "Values and derivatives over 50 ReLU layers: with s = 1 they sink, with s = 2 they explode.",
    ),
)

# %% [markdown] lang="es"
# Con $s = 1$ todo se hunde: es el **desvanecimiento del gradiente** (*vanishing gradient*). Con
# $s = 2$ todo estalla: es la **explosión del gradiente** (*exploding gradient*). Con $s = \sqrt 2$
# los tamaños se mantienen, más o menos: es el inicio de He et al. (2015), `he_normal` en Keras. Con
# la tanh, cuya pendiente en 0 es 1, se usa $s = 1$. Para ella, si entran $n_\text{entradas}$ y
# salen $n_\text{salidas}$, hacia delante convendría la varianza $1 / n_\text{entradas}$ y hacia
# atrás $1 / n_\text{salidas}$; Glorot y Bengio (2010) toman un término medio,
# $2 / (n_\text{entradas} + n_\text{salidas})$. Es la varianza que usa `Dense` si no pides otra
# cosa, también con ReLU.

# %% [markdown] lang="en"
# With $s = 1$ everything sinks: that is the **vanishing gradient**. With $s = 2$ everything blows
# up: that is the **exploding gradient**. With $s = \sqrt 2$ the sizes are kept, more or less: that
# is the start of He et al. (2015), `he_normal` in Keras. With tanh, whose slope at 0 is 1, $s = 1$
# is used. For it, if $n_\text{inputs}$ go in and $n_\text{outputs}$ come out, the variance that
# suits going forward is $1 / n_\text{inputs}$ and going backward $1 / n_\text{outputs}$; Glorot and
# Bengio (2010) strike a balance, $2 / (n_\text{inputs} + n_\text{outputs})$. That is the variance
# that `Dense` uses unless you ask for something else, with ReLU too.

# %% [markdown] lang="es"
# ### ¿Es culpa de la sigmoide?
#
# Su pendiente es a lo sumo $0.25$: con $s = 1$, cada capa deja, en promedio, como mucho un cuarto
# del tamaño de la derivada; $s = 4$ lo compensa. Pero además sus valores rondan 0.5 y no 0: con
# $s = 4$, ese 0.5 puede llevar las sumas de la capa siguiente lejos de 0, donde la sigmoide es casi
# plana. El remedio es otro **sesgo inicial**: menos la mitad de la suma de los pesos, que resta ese
# 0.5 a cada entrada. Probamos los cuatro inicios de la sigmoide y el de ReLU, con 10 capas ocultas,
# los mismos puntos de antes y tres semillas para cada inicio. ¿Cuáles aprenderán?

# %% [markdown] lang="en"
# ### Is the sigmoid to blame?
#
# Its slope is at most $0.25$: with $s = 1$, each layer leaves on average at most a quarter of the
# size of the derivative; $s = 4$ makes up for it. But its values also lie around 0.5 rather than 0:
# with $s = 4$, that 0.5 can take the sums of the next layer far from 0, where the sigmoid is almost
# flat. The remedy is another **initial bias**: minus half the sum of the weights, which subtracts
# that 0.5 from each input. We try the four starts of the sigmoid and the one for ReLU, with 10
# hidden layers, the same points as before and three seeds for each start. Which will learn?

# %%
starts = {
    "ReLU, $s = \\sqrt{2}$": ("relu", np.sqrt(2), 0),
    "$\\sigma$, $s = 1$": ("sigmoid", 1, 0),
    _("$\\sigma$, $s = 1$, sesgo", "$\\sigma$, $s = 1$, bias"): ("sigmoid", 1, 0.5),
    "$\\sigma$, $s = 4$": ("sigmoid", 4, 0),
    _("$\\sigma$, $s = 4$, sesgo", "$\\sigma$, $s = 4$, bias"): ("sigmoid", 4, 0.5),
}


# %%
def deep_start(spread, centre, seed):
    start = initial_parameters([2] + 10 * [20] + [1], spread, seed)
    for k in range(2, 12):
        start[f"b{k}"] = -centre * start[f"w{k}"].sum(axis=0)
    return start


# %%
def train_deep(activation, spread, centre, seed):
    start = deep_start(spread, centre, seed)
    learnt, losses = descend(x_ring, y_ring, start, 0.1, 300, activation)
    return losses, size(learnt["w1"] - start["w1"]) / size(start["w1"])


def steepness(activation, spread, centre, seed):
    start = deep_start(spread, centre, seed)
    values = forward_deep(x_ring, start, activation)[1][1:]
    return np.mean([functions[activation][1](h).mean() for h in values])


# %% tags=["slow"]
runs = {name: [train_deep(*start, seed) for seed in range(3)] for name, start in starts.items()}
ck.plots.curves(
    None,
    {name: [losses for losses, _w1 in of_start] for name, of_start in runs.items()},
    xlabel=_("actualización", "update"),
    ylabel=_("pérdida", "loss"),
    ylim=(0, 0.9),
    alt=_(
        "Pérdida de cinco inicios con 10 capas ocultas: tres se quedan en 0.69 y no bajan de ahí.",
        "Loss of five starts with 10 hidden layers: three settle at 0.69 and go no lower.",
    ),
)

# %%
of_relu, *stuck, rescued = runs.values()
stuck_loss = min(min(losses) for of_start in stuck for losses, _w1 in of_start)
rescued_loss = max(min(losses) for losses, _w1 in rescued)
ck.claim(_("tres inicios atascados: menor pérdida", "three stuck starts: lowest loss"), stuck_loss, at_least=0.65)
ck.claim(_("s = 4 y sesgo: menor pérdida", "s = 4 and bias: lowest loss"), rescued_loss, at_most=0.6)
flat, steep = (steepness(*starts[name], seed=0) for name in list(starts)[-2:])
ck.claim(_("pendiente media, s = 4", "mean slope, s = 4"), flat, at_most=0.18)
ck.claim(_("pendiente media, s = 4 y sesgo", "mean slope, s = 4 and bias"), steep, at_least=0.18)
moved = max(w1 for _losses, w1 in stuck[0])
ck.claim(_("s = 1: cambio de w1", "s = 1: change of w1"), moved, at_most=1e-4)
ck.claim(_("ReLU: cambio de w1", "ReLU: change of w1"), min(w1 for _losses, w1 in of_relu), at_least=0.005)

# %% [markdown] lang="es"
# Cada línea es la media de las tres semillas, y su banda va de la menor pérdida a la mayor. Tres
# inicios de la sigmoide se solapan junto a 0.69, la pérdida de una red que no sabe nada: no
# aprenden en estas 300 actualizaciones. Con $s = 1$ y sin el sesgo inicial, la primera capa apenas
# se mueve. Con $s = 4$ **y** el sesgo, la misma sigmoide aprende: con esta tasa, lo que fallaba era
# el inicio. (Al empezar, la pendiente media es $0.22$ con ese sesgo y $0.15$ sin él, porque
# entonces las sumas caen más a menudo en las zonas planas. Tras 10 capas, la fracción de la
# derivada que llega es, a grandes rasgos, $(4 \cdot 0.22)^{10} \approx 0.3$ o
# $(4 \cdot 0.15)^{10} \approx 0.006$.) Aun así, con esta tasa ReLU aprende antes, y su inicio es
# más sencillo.

# %% [markdown] lang="en"
# Each line is the mean of the three seeds, and its band goes from the lowest loss to the highest.
# Three starts of the sigmoid overlap near 0.69, the loss of a network that knows nothing: they do
# not learn in these 300 updates. With $s = 1$ and without the initial bias, the first layer hardly
# moves. With $s = 4$ **and** the bias, the same sigmoid learns: at this rate, the fault lay in the
# start. (At the start, the mean slope is $0.22$ with that bias and $0.15$ without it, where the
# sums fall on the flat parts more often. After 10 layers, the fraction of the derivative that
# arrives is roughly $(4 \cdot 0.22)^{10} \approx 0.3$ or $(4 \cdot 0.15)^{10} \approx 0.006$.) Even
# so, ReLU learns sooner at this rate, and its start is simpler.

# %% [markdown] lang="es"
# Los saltos de la sigmoide hacen pensar en pasos demasiado largos. ¿Desaparecen con la mitad de la
# tasa y el doble de actualizaciones? Compruébalo: cambia `0.1, 300` por `0.05, 600` en `train_deep`
# y ejecuta otra vez esa celda y la de la figura.

# %% [markdown] lang="en"
# The jumps of the sigmoid suggest steps that are too long. Are they gone with half the rate and
# twice the updates? Find out: change `0.1, 300` into `0.05, 600` in `train_deep`, and run that cell
# and the one of the figure again.

# %% [markdown] lang="es"
# ### Tu turno: el inicio de otra activación
#
# La activación `leaky` deja pasar la mitad de cada valor negativo: $\max(0.5 z, z)$. ¿Qué $s$
# mantiene el tamaño de las derivadas a lo largo de 50 capas? Prueba con `sizes_by_layer`, o repite
# el cálculo que hicimos para ReLU.

# %% [markdown] lang="en"
# ### Your turn: the start of another activation
#
# The activation `leaky` lets half of each negative value through: $\max(0.5 z, z)$. Which $s$ keeps
# the size of the derivatives over 50 layers? Experiment with `sizes_by_layer`, or repeat the
# calculation that we did for ReLU.

# %%
functions["leaky"] = (lambda z: np.maximum(0.5 * z, z), lambda h: np.where(h > 0, 1, 0.5))
leaky_spread = ...


# %% tags=["check"]
def keeps_size(spread):
    forward, backward = sizes_by_layer("leaky", float(spread))
    return 0.2 < backward[0] < 5 and 0.2 < forward[-1] < 5


hint = _(
    "la mitad de los valores pasa entera y la otra, por 0.5: ¿qué queda del cuadrado medio?",
    "half of the values pass whole, the others times 0.5: what is left of the mean square?",
)
ck.check(leaky_spread, keeps_size, hint)

# %% tags=["solution"]
kept_share = (1 + 0.5**2) / 2
leaky_spread = np.sqrt(1 / kept_share)
ck.check(leaky_spread, keeps_size, hint)

# %% [markdown] lang="es"
# ## Segundo descanso
#
# Aquí se puede parar otra vez. Al volver, ejecuta las celdas de arriba: tardan de 8 a 25 segundos,
# según el portátil. La tercera parte entrena con Keras.

# %% [markdown] lang="en"
# ## Second break
#
# This is another good place to stop. When you come back, run the cells above: they take 8 to 25
# seconds, depending on the laptop. The third part trains with Keras.

# %% [markdown] lang="es"
# ## Tercera parte: la misma red en Keras
#
# Keras escribe la red de 4 neuronas en pocas líneas, de tres maneras. **Sequential** es una lista
# de capas. **Functional** aplica cada capa como una función: `entry` y `hidden_values` no son capas
# ni números, sino los huecos por los que pasarán los valores. **Subclassing** es una clase con sus
# capas y un método `call` que dice cómo se usan: da libertad total, pero Keras sabe menos de la red
# antes de ejecutarla.

# %% [markdown] lang="en"
# ## Part three: the same network in Keras
#
# Keras writes the network of 4 neurons in a few lines, in three styles. **Sequential** is a list of
# layers. **Functional** applies each layer as a function: `entry` and `hidden_values` are neither
# layers nor numbers, but the places through which values will pass. **Subclassing** is a class with
# its layers and a method `call` that says how they are used: it gives full freedom, but Keras knows
# less about the network before running it.

# %%
sequential = keras.Sequential(
    [keras.Input((2,)), layers.Dense(4, activation="tanh"), layers.Dense(1, activation="sigmoid")]
)

# %%
entry = keras.Input((2,))
hidden_values = layers.Dense(4, activation="tanh")(entry)
output_value = layers.Dense(1, activation="sigmoid")(hidden_values)
functional = keras.Model(entry, output_value)


# %%
class ShallowNetwork(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden_layer = layers.Dense(4, activation="tanh")
        self.output_layer = layers.Dense(1, activation="sigmoid")

    def call(self, x):
        return self.output_layer(self.hidden_layer(x))


# %% [markdown] lang="es"
# La clase no conoce el tamaño de su entrada hasta que recibe datos: por eso la llamamos una vez
# antes de darle los pesos. Con los pesos que entrenamos a mano, las tres redes deben responder lo
# mismo que la nuestra. `convert_to_numpy` convierte en matriz de NumPy lo que devuelve Keras.

# %% [markdown] lang="en"
# The class does not know the size of its input until it receives data: that is why we call it once
# before giving it the weights. With the weights that we trained by hand, the three networks must
# give the same answers as ours. `convert_to_numpy` turns what Keras returns into a NumPy array.

# %%
subclass = ShallowNetwork()
subclass(x_ring_test[:1])
ours, differences = forward_pass(x_ring_test, trained)[0], []
for model in (sequential, functional, subclass):
    model.set_weights(list(trained.values()))
    theirs = keras.ops.convert_to_numpy(model(x_ring_test))
    differences.append(np.abs(theirs - ours).max())
print([model.count_params() for model in (sequential, functional, subclass)])
ck.claim(_("mayor diferencia con NumPy", "largest difference from NumPy"), max(differences), at_most=1e-5)

# %% [markdown] lang="es"
# Son la misma red. Los tres modelos tienen 17 **parámetros**. Cuéntalos: cada neurona tiene un peso
# por entrada y un sesgo. La capa oculta, $(2 + 1) \cdot 4 = 12$; la de salida,
# $(4 + 1) \cdot 1 = 5$. ¿Para qué sirve el estilo Functional? Para las redes que no son una simple
# fila de capas, como una red con **dos entradas**: un punto, que pasa por la capa oculta, y otro
# dato que se une después. ¿Cuántos parámetros tendrá?

# %% [markdown] lang="en"
# They are the same network. The three models have 17 **parameters**. Count them: each neuron has
# one weight for each input and a bias. The hidden layer, $(2 + 1) \cdot 4 = 12$; the output layer,
# $(4 + 1) \cdot 1 = 5$. What is the Functional style for? For networks that are not a simple row of
# layers, such as a network with **two inputs**: a point, which passes through the hidden layer, and
# another piece of data that joins later. How many parameters will it have?

# %%
point, extra = keras.Input((2,)), keras.Input((1,))
joined = layers.Concatenate()([layers.Dense(4, activation="tanh")(point), extra])
two_inputs = keras.Model([point, extra], layers.Dense(1, activation="sigmoid")(joined))
print(two_inputs.count_params(), two_inputs([x_ring_test, x_ring_test[:, :1]]).shape)

# %% [markdown] lang="es"
# Son $12 + (5 + 1) \cdot 1 = 18$ parámetros: la neurona de salida recibe ahora 5 valores.

# %% [markdown] lang="en"
# There are $12 + (5 + 1) \cdot 1 = 18$ parameters: the output neuron now receives 5 values.

# %% [markdown] lang="es"
# ### Adam: un paso a medida para cada peso
#
# El descenso usa la misma tasa para todos los pesos. **Adam** (Kingma y Ba, 2015) lleva, para cada
# peso, una media móvil del gradiente $g$ y otra de su cuadrado, y divide una entre la raíz de la
# otra:
# $$m \leftarrow 0.9 m + 0.1 g \qquad v \leftarrow 0.999 v + 0.001 g^2 \qquad
# w \leftarrow w - \eta \, \frac{\sqrt{1 - 0.999^t}}{1 - 0.9^t} \cdot \frac{m}{\sqrt{v} + 10^{-7}}$$
# $\eta$ es la tasa de aprendizaje y $t$ el número de la actualización; el factor que depende de $t$
# compensa que $m$ y $v$ empiecen en 0. Si los gradientes de un peso son pequeños, la división los
# agranda: mientras su signo y su tamaño apenas cambien, el peso da pasos de alrededor de $\eta$,
# sea cual sea ese tamaño (salvo que se acerque a $10^{-7}$).

# %% [markdown] lang="en"
# ### Adam: a step tailored to each weight
#
# Descent uses the same rate for all weights. **Adam** (Kingma and Ba, 2015) keeps, for each weight,
# a moving average of the gradient $g$ and another one of its square, and divides the one by the
# root of the other:
# $$m \leftarrow 0.9 m + 0.1 g \qquad v \leftarrow 0.999 v + 0.001 g^2 \qquad
# w \leftarrow w - \eta \, \frac{\sqrt{1 - 0.999^t}}{1 - 0.9^t} \cdot \frac{m}{\sqrt{v} + 10^{-7}}$$
# $\eta$ is the learning rate and $t$ the number of the update; the factor that depends on $t$
# corrects for $m$ and $v$ starting at 0. If the gradients of a weight are small, the division
# enlarges them: as long as their sign and size hardly change, the weight takes steps of about
# $\eta$, whatever that size is (unless it is close to $10^{-7}$).


# %%
def adam_update(parameters, gradients, m, v, t, learning_rate):
    m = {name: 0.9 * m.get(name, 0) + 0.1 * g for name, g in gradients.items()}
    v = {name: 0.999 * v.get(name, 0) + 0.001 * g**2 for name, g in gradients.items()}
    steps = {name: m[name] / (np.sqrt(v[name]) + 1e-7) for name in m}
    factor = np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return update(parameters, steps, learning_rate * factor), m, v


# %% [markdown] lang="es"
# ### Compilar y entrenar
#
# `compile` elige el optimizador, la pérdida y lo que se mide. Primero comprobamos que nuestro Adam
# es el mismo que el de Keras: 5 actualizaciones con todos los ejemplos, desde los mismos pesos.

# %% [markdown] lang="en"
# ### Compiling and training
#
# `compile` chooses the optimizer, the loss and what is measured. First we check that our Adam is
# the same as the one in Keras: 5 updates with all the examples, from the same weights.

# %%
parameters, m, v = initial_parameters([2, 4, 1]), {}, {}
sequential.set_weights(list(parameters.values()))
adam = keras.optimizers.Adam(learning_rate=0.05)
sequential.compile(adam, loss="binary_crossentropy", metrics=["accuracy"], jit_compile=machine_code)
for t in range(1, 6):
    sequential.train_on_batch(x_ring, y_ring)
    gradients = backward_pass(forward_pass(x_ring, parameters)[1], y_ring, parameters)
    parameters, m, v = adam_update(parameters, gradients, m, v, t, learning_rate=0.05)
for ours, theirs in zip(parameters.values(), sequential.get_weights(), strict=True):
    assert np.allclose(ours, theirs, atol=1e-4)

# %% [markdown] lang="es"
# Los mismos pesos. Ahora el entrenamiento completo, con `fit`. En cada actualización no se usan
# los 280 ejemplos, sino un **lote** (*batch*) de 32: su gradiente es menos exacto, pero cuesta más o
# menos la novena parte, y con el mismo cálculo se dan nueve pasos en vez de uno. Una **época**
# (*epoch*) es un recorrido completo por los datos.

# %% [markdown] lang="en"
# The same weights. Now the whole training, with `fit`. In each update it does not use the 280
# examples, but a **batch** of 32: its gradient is less exact but costs about one ninth, so the same
# work buys nine steps instead of one. An **epoch** is one full pass through the data.

# %% tags=["slow"]
keras.utils.set_random_seed(0)
sequential.set_weights(list(initial_parameters([2, 4, 1]).values()))
adam = keras.optimizers.Adam(learning_rate=0.05)
sequential.compile(adam, loss="binary_crossentropy", metrics=["accuracy"], jit_compile=machine_code)
_ = sequential.fit(x_ring, y_ring, batch_size=32, epochs=15, verbose=0)

# %%
import math

batches = math.ceil(len(x_ring) / 32)
print(batches, 15 * batches, int(keras.ops.convert_to_numpy(adam.iterations)))

# %% [markdown] lang="es"
# Son 9 lotes por época (el último, de 24 ejemplos) y 135 actualizaciones en 15 épocas: las mismas
# que contó el optimizador. `evaluate` mide con los ejemplos que le des; `predict` da la respuesta
# para entradas nuevas. Según la figura, el centro del plano debe dar 0 y un punto lejano, 1.

# %% [markdown] lang="en"
# There are 9 batches in an epoch (the last one, of 24 examples) and 135 updates in 15 epochs: as
# many as the optimizer counted. `evaluate` measures on the examples that you give it; `predict`
# gives the answer for new inputs. According to the figure, the centre of the plane must give 0 and
# a point far away, 1.

# %%
keras_loss, keras_accuracy = sequential.evaluate(x_ring_test, y_ring_test, verbose=0)
p = sequential.predict(np.array([[0.0, 0.0], [2.5, 0.0]]), verbose=0)
print((p > 0.5).astype(int).ravel())
ck.claim(_("exactitud con Keras", "accuracy with Keras"), keras_accuracy, at_least=0.88)

# %% [markdown] lang="es"
# ## Cuántas neuronas hacen falta
#
# El **teorema de aproximación universal** (*universal approximation*; Cybenko, 1989; Hornik, 1991)
# dice que una capa oculta (sigmoide o tanh, por ejemplo), con neuronas suficientes, se acerca tanto
# como quieras a cualquier función continua en un intervalo cerrado, como el que va de −3 a 3.
# Probémoslo con una curva ondulada y 1, 3, 10 y 50 neuronas tanh. La salida es lineal, porque la
# respuesta puede ser cualquier número, y la pérdida es el error cuadrático medio, de derivada
# $2 \cdot$ (salida − objetivo) $/ n$.

# %% [markdown] lang="en"
# ## How many neurons it takes
#
# The **universal approximation** theorem (Cybenko, 1989; Hornik, 1991) says that one hidden layer
# (of sigmoid or tanh, for example), with enough neurons, comes as close as you like to any
# continuous function on a closed interval, such as the one from −3 to 3. Let us try it with a wavy
# curve and 1, 3, 10 and 50 tanh neurons. The output is linear, because the answer may be any
# number, and the loss is the mean squared error, with derivative $2 \cdot$ (output − target) $/ n$.

# %%
x_curve = np.linspace(-3, 3, 121)[:, None]
target = np.sin(2 * x_curve) + 0.5 * np.cos(5 * x_curve)


def fit_curve(hidden_units, seed, updates=1000):
    rng = np.random.default_rng(seed)
    parameters, m, v = initial_parameters([1, hidden_units, 1], seed=seed), {}, {}
    parameters["w1"] = rng.normal(0, 2, (1, hidden_units))
    parameters["b1"] = rng.uniform(-4, 4, hidden_units)
    for t in range(1, updates + 1):
        y, h = forward_deep(x_curve, parameters)
        gradients = backward_deep(2 * (y - target) / len(y), h, parameters)
        rate = 0.1 * (1 - t / (updates + 1))
        parameters, m, v = adam_update(parameters, gradients, m, v, t, rate)
    return forward_deep(x_curve, parameters)[0]


# %% [markdown] lang="es"
# Los pesos y sesgos iniciales reparten los escalones suaves de tanh por todo el intervalo, y la
# tasa de aprendizaje baja hasta 0. Un mal inicio puede ocultar lo que una red podría hacer: cada
# anchura recibe 5 inicios, y mostramos el mejor. En gris, la curva; en naranja, la red.

# %% [markdown] lang="en"
# The initial weights and biases spread the soft steps of tanh over the whole interval, and the
# learning rate falls to 0. A bad start can hide what a network could do: each width gets 5 starts,
# and we show the best. In grey, the curve; in orange, the network.

# %% tags=["slow"]
fits, tries = {}, {}
for hidden_units in (1, 3, 10, 50):
    tries[hidden_units] = [fit_curve(hidden_units, seed) for seed in range(5)]
    fits[hidden_units] = min(tries[hidden_units], key=lambda curve: size(curve - target))
figure, axes = plt.subplots(1, 4, figsize=(10, 3.6), sharex=True, sharey=True)
for axis, (hidden_units, fit) in zip(axes, fits.items(), strict=True):
    axis.plot(x_curve, target, color=ck.style.GREY, lw=7, alpha=0.4)
    axis.plot(x_curve, fit, color=ck.style.ORANGE)
    axis.set(title=_(f"neuronas: {hidden_units}", f"neurons: {hidden_units}"), xlabel="$x$")
ck.plots.show(
    figure,
    _(
        "Una curva ondulada, en gris, y su mejor ajuste con 1, 3, 10 y 50 neuronas ocultas.",
        "A wavy curve, in grey, and its best fit with 1, 3, 10 and 50 hidden neurons.",
    ),
)

# %%
errors = {units: size(fit - target) for units, fit in fits.items()}
ck.claim(_("error con 1 neurona", "error with 1 neuron"), errors[1], at_least=0.6)
ck.claim(_("error con 3 neuronas", "error with 3 neurons"), errors[3], at_most=0.35)
ck.claim(_("error con 10 neuronas", "error with 10 neurons"), errors[10], at_most=0.15)
ck.claim(_("error con 50 neuronas", "error with 50 neurons"), errors[50], at_most=0.05)

# %% [markdown] lang="es"
# El error (raíz del error cuadrático medio) baja mucho al pasar de 1 a 10 neuronas. El teorema
# promete que esos pesos existen, no que el descenso los encuentre, ni que la red acierte donde no
# había datos.

# %% [markdown] lang="en"
# The error (root mean squared error) falls a lot from 1 to 10 neurons. The theorem promises that
# such weights exist, not that descent will find them, nor that the network will be right where
# there were no data.

# %% [markdown] lang="es"
# Con el cuaderno en marcha, los dos mandos muestran los 5 inicios de cada anchura, no solo el mejor
# (también con las flechas del teclado), sobre la curva buscada, en gris. ¿Qué inicio salió peor con 3
# neuronas? ¿Y en qué parte de la curva falla cada anchura?

# %% [markdown] lang="en"
# While the notebook is running, the two sliders show all 5 starts of each width, not only the best
# (the arrow keys do it too), over the wanted curve, in grey. Which start came out worst with 3 neurons?
# And in which part of the curve does each width fail?


# %% tags=["varies"]
def show_try(units, start):
    fit = tries[units][start - 1]
    figure, axis = plt.subplots(figsize=(7, 3.6))
    axis.plot(x_curve, target, color=ck.style.GREY, lw=7, alpha=0.4)
    axis.plot(x_curve, fit, color=ck.style.ORANGE)
    said = _(f"neuronas: {units}, inicio: {start}", f"neurons: {units}, start: {start}")
    title = f"{said}: error {size(fit - target):.2f}"
    axis.set(title=title, xlabel="$x$", ylabel="$y$", ylim=(-1.8, 1.8))
    alt = _(f"El ajuste; neuronas: {units}; inicio: {start}.", f"The fit; neurons: {units}; start: {start}.")
    ck.plots.show(figure, alt)


widths = _("neuronas", "neurons"), list(tries), 3
ck.widgets.knobs(show_try, units=widths, start=(_("inicio", "start"), range(1, 6), 1))

# %% [markdown] lang="es"
# ## MNIST: dígitos escritos a mano
#
# Ahora un problema real: 70 000 dígitos escritos a mano (LeCun, Cortes y Burges, 1998). Cada imagen
# es una tabla de 28 × 28 píxeles, de 0 (fondo) a 255 (trazo, que aquí se ve blanco). La red tiene
# que decir qué dígito es. Estos son los 10 primeros.

# %% [markdown] lang="en"
# ## MNIST: handwritten digits
#
# Now a real problem: 70 000 handwritten digits (LeCun, Cortes and Burges, 1998). Each picture is a
# table of 28 × 28 pixels, from 0 (background) to 255 (stroke, shown in white here). The network has
# to say which digit it is. Here are the first 10.

# %%
x_all, y_all, x_test, y_test = ck.data.mnist()
print(x_all.shape, x_test.shape)
ck.plots.images(x_all[:10], y_all[:10])

# %% [markdown] lang="es"
# ### Entrenamiento, validación y prueba
#
# Tomaremos las decisiones (qué red llevar a la prueba, cuándo parar) con unos ejemplos apartados:
# el **conjunto de validación**. Lo que se elige así queda un poco ajustado a esos ejemplos, de modo
# que la medida final necesita otros distintos, el **conjunto de prueba**, que se mira una sola vez.
# (Con el anillo elegimos un inicio mirando el dibujo de la prueba, y por eso medimos también los
# otros.) ¿Cuántos apartar? Si la exactitud es $a = 0.98$, su error estándar con $n$ ejemplos, lo
# que suele cambiar si se toman otros ejemplos, es $\sqrt{a (1 - a) / n}$.

# %% [markdown] lang="en"
# ### Training, validation and test
#
# We will make the decisions (which network to take to the test, when to stop) with some examples
# set aside: the **validation set**. Choices made that way end up slightly fitted to it, so the
# final measurement needs other examples, the **test set**, which is looked at only once. (With the
# ring we chose a start by looking at the drawing of the test, and so we measured the others as
# well.) How many should we set aside? If the accuracy is $a = 0.98$, its standard error with $n$
# examples, how much it usually changes if other examples are taken, is $\sqrt{a (1 - a) / n}$.

# %%
for n in (120, 1200, 5000, 20000):
    print(f"{ck.number(n):>6} {np.sqrt(0.98 * 0.02 / n):.3f}")

# %% [markdown] lang="es"
# Importa el número, no el porcentaje: con 120 ejemplos (el 30 % de 400) la medida es tosca, y
# apartar menos sería peor; con 1 000 000 basta el 2 % (20 000). De ahí los repartos usuales, 70/30
# con pocos datos y 98/2 con muchos. De los 60 000 ejemplos de MNIST apartamos 5000, con un error
# estándar de 0.002. Cada imagen se convierte en una fila de 784 números.

# %% [markdown] lang="en"
# The number matters, not the percentage: with 120 examples (30% of 400) the measurement is rough,
# and setting aside fewer would be worse; with 1 000 000, 2% (20 000) is enough. Hence the usual
# splits, 70/30 with little data and 98/2 with a lot. Of the 60 000 MNIST examples we set
# aside 5000, with a standard error of 0.002. Each picture becomes a row of 784 numbers.

# %%
shuffled = np.random.default_rng(0).permutation(60000)
rows = x_all.reshape(60000, 784)[shuffled]
x_valid, y_valid = rows[:5000], y_all[shuffled[:5000]]
x_train, y_train = rows[5000:], y_all[shuffled[5000:]]
test_rows = x_test.reshape(10000, 784)
print(x_train.shape, x_valid.shape)

# %% [markdown] lang="es"
# ### Softmax: una activación para toda la capa
#
# Diez neuronas de salida, una por dígito, deben dar probabilidades que sumen 1. Softmax toma todas
# las sumas: $p_i = e^{z_i} / \sum_j e^{z_j}$. Restar antes la mayor evita números enormes y no
# cambia nada, porque divide arriba y abajo entre el mismo número. Si la clase correcta es $c$, la
# pérdida es $-\log p_c = -z_c + \log \sum_j e^{z_j}$. Su derivada respecto a $z_i$ tiene dos
# términos: $-1$ si $i = c$ (0 si no) y $e^{z_i} / \sum_j e^{z_j} = p_i$. Comprobémoslo con
# empujones, con la segunda clase como correcta.

# %% [markdown] lang="en"
# ### Softmax: one activation for the whole layer
#
# Ten output neurons, one for each digit, must give probabilities that add up to 1. Softmax takes
# all the sums: $p_i = e^{z_i} / \sum_j e^{z_j}$. Subtracting the largest one first avoids huge
# numbers and changes nothing, because it divides top and bottom by the same number. If the right
# class is $c$, the loss is $-\log p_c = -z_c + \log \sum_j e^{z_j}$. Its derivative with respect to
# $z_i$ has two terms: $-1$ if $i = c$ (0 otherwise) and $e^{z_i} / \sum_j e^{z_j} = p_i$. Let us
# check this with nudges, with the second class as the right one.


# %%
def softmax(z):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# %%
scores, answer = np.array([2.0, 1.0, 0.0]), np.array([0, 1, 0])
p, one_hot = softmax(scores), np.eye(3)
by_nudge = [slope(lambda e, row=row: -np.log(softmax(scores + e * row)[1]), 0.0) for row in one_hot]
print(p.round(2), softmax(scores + 1000).round(2), np.round(by_nudge, 2))
assert np.allclose(by_nudge, p - answer)


# %% [markdown] lang="es"
# Sumar 1000 a todas las sumas no cambió nada. Otra vez la derivada es **probabilidad menos
# respuesta**, $p - y$, así que todo lo anterior sirve para diez clases. Softmax también se satura:
# cuando una suma supera con mucho a las demás, su probabilidad es casi 1 y apenas cambia. Pero la
# derivada de la pérdida no se pierde por eso: si la red está segura y se equivoca, $p_c$ es casi 0
# y $p_c - 1$, casi $-1$. Una regla para empezar: ReLU en las capas ocultas; en la salida, softmax
# para elegir una clase entre varias, sigmoide para sí o no, y ninguna activación si la respuesta
# puede ser cualquier número.

# %% [markdown] lang="en"
# Adding 1000 to all the sums changed nothing. Once more the derivative is **probability minus
# answer**, $p - y$, so everything above works for ten classes. Softmax saturates too: when one sum
# is far above the others, its probability is nearly 1 and hardly changes. But the derivative of the
# loss is not lost for that reason: if the network is confident and wrong, $p_c$ is nearly 0 and
# $p_c - 1$ is nearly $-1$. A rule to start with: ReLU in the hidden layers; at the output, softmax
# to choose one class among several, a sigmoid for yes or no, and none if the answer may be any
# number.

# %% [markdown] lang="es"
# ### ¿Qué se gana con las capas ocultas?
#
# Comparamos la **regresión softmax**, sin capa oculta, con un MLP de dos capas ReLU, de 400 y 200
# neuronas. Todo lo demás es igual: optimizador, tasa de aprendizaje, lotes y épocas. La tasa baja
# hasta 0 siguiendo la curva de un coseno: pasos largos al principio y cortos al final. `Rescaling`
# lleva los píxeles a valores de 0 a 1, y `sparse` dice que la respuesta es el número de una clase.
# Un *callback* es algo a lo que `fit` llama mientras entrena, por ejemplo después de cada época; el
# nuestro muestra el progreso.

# %% [markdown] lang="en"
# ### What do we gain from the hidden layers?
#
# We compare **softmax regression**, without a hidden layer, with an MLP of two ReLU layers, of 400
# and 200 neurons. Everything else is the same: optimizer, learning rate, batches and epochs. The
# rate falls to 0 along the curve of a cosine: long steps at first and short ones at the end.
# `Rescaling` scales the pixels to values from 0 to 1, and `sparse` says that the answer is the
# number of a class. A *callback* is something that `fit` calls while it trains, for instance after
# each epoch; ours shows the progress.


# %%
def classifier(hidden_sizes):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((784,), dtype="uint8"), layers.Rescaling(1 / 255)])
    for units in hidden_sizes:
        model.add(layers.Dense(units, activation="relu", kernel_initializer="he_normal"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %%
def train(model, epochs=6, batch_size=512):
    updates = epochs * math.ceil(len(x_train) / batch_size)
    adam = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.004, updates))
    model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=machine_code)
    settings = {"batch_size": batch_size, "epochs": epochs, "verbose": 0}
    settings |= {"validation_data": (x_valid, y_valid), "callbacks": [ck.live.Progress()]}
    return model.fit(x_train, y_train, **settings)


# %% tags=["slow"]
softmax_regression = classifier([])
softmax_history = train(softmax_regression)
print(ck.number(softmax_regression.count_params()))
of_softmax = softmax_history.history["val_accuracy"][-1]
ck.claim(
    _("exactitud de validación de softmax", "validation accuracy of softmax"), of_softmax, at_least=0.9, at_most=0.94
)
more_epochs = train(classifier([]), epochs=12).history["val_accuracy"][-1]
ck.claim(_("lo que gana con 12 épocas", "what it gains with 12 epochs"), more_epochs - of_softmax, at_most=0.012)

# %% tags=["slow"]
mlp = classifier([400, 200])
mlp_history = train(mlp)
print(ck.number(mlp.count_params()))
ck.plots.history(mlp_history)
of_mlp = mlp_history.history["val_accuracy"][-1]
ck.claim(_("exactitud de validación del MLP", "validation accuracy of the MLP"), of_mlp, at_least=0.975)

# %% [markdown] lang="es"
# Con este entrenamiento, la regresión softmax acierta como mucho el
# [[at_most: validation accuracy of softmax, %]] de los dígitos de validación; el MLP, al menos el
# [[bound: validation accuracy of the MLP, %]], y lo único que cambia son las capas ocultas. (A la
# regresión no le faltan épocas: con 12 gana poco o nada. No hemos probado otra tasa.) Al leer las
# curvas, ten en cuenta que las de entrenamiento son medias a lo largo de la época, mientras los
# pesos cambian, y las de validación se miden al final de cada época. El MLP acierta más en los
# dígitos que ha visto que en los demás; con tantos ejemplos, la diferencia es pequeña. Hagámosla
# crecer.

# %% [markdown] lang="en"
# With this training, softmax regression gets at most [[at_most: validation accuracy of softmax, %]]
# of the validation digits right; the MLP, at least [[bound: validation accuracy of the MLP, %]],
# and only the hidden layers differ. (Regression is not short of epochs: with 12 it gains little or
# nothing. We have not tried another rate.) When you read the curves, bear in mind that the training
# curves are means over the epoch, while the weights change, and the validation curves are measured
# at the end of each epoch. The MLP is right more often on the digits that it has seen than on the
# rest; with so many examples, the gap is small. Let us make it grow.

# %% [markdown] lang="es"
# ## Sobreajuste a propósito
#
# Una red grande para los datos que tiene puede aprenderse también los detalles casuales de cada
# ejemplo: es el **sobreajuste** (*overfitting*). Provoquémoslo: los mismos dígitos, pero solo 300
# ejemplos, y una red de 118 282 parámetros: menor que la anterior, pero con casi 400 por ejemplo.
# La entrenamos dos veces, cada vez con 300 ejemplos distintos. Medimos la entropía cruzada aparte
# de la pérdida, porque más tarde la pérdida llevará una penalización.

# %% [markdown] lang="en"
# ## Overfitting on purpose
#
# A network that is large for its data can also learn the chance details of each example by heart:
# that is **overfitting**. Let us provoke it: the same digits, but only 300 examples, and a network
# of 118 282 parameters: smaller than the previous one, but with almost 400 for each example. We
# train it twice, each time on 300 different examples. We measure the cross-entropy separately from
# the loss, because later on the loss will carry a penalty.


# %%
def large_network(dropout=0.0, l2=0.0):
    model = keras.Sequential([keras.Input((784,), dtype="uint8"), layers.Rescaling(1 / 255)])
    hidden = {"activation": "relu", "kernel_initializer": "he_normal"}
    for _ in range(2):
        model.add(layers.Dense(128, kernel_regularizer=keras.regularizers.L2(l2), **hidden))
        model.add(layers.Dropout(dropout))
    model.add(layers.Dense(10, activation="softmax"))
    measured = keras.metrics.SparseCategoricalCrossentropy(name="cross_entropy")
    settings = {"loss": "sparse_categorical_crossentropy", "metrics": [measured, "accuracy"]}
    model.compile(keras.optimizers.Adam(0.005), jit_compile=machine_code, **settings)
    return model


# %%
def train_on_few(model, sample=0, examples=300, callbacks=()):
    chosen = slice(sample * examples, (sample + 1) * examples)
    settings = {"batch_size": 50, "epochs": 20, "verbose": 0, "validation_batch_size": 1000}
    settings |= {"validation_data": (x_valid[:1000], y_valid[:1000])}
    settings |= {"callbacks": [ck.live.Progress(), *callbacks]}
    # es: si no se le dice cuántos pasos tiene una época, Keras prepara los datos dos veces
    # en: unless told how many steps an epoch has, Keras prepares the data twice
    settings |= {"steps_per_epoch": math.ceil(len(x_train[chosen]) / 50)}
    return model.fit(x_train[chosen], y_train[chosen], **settings).history


# %%
def train_two(callbacks=(), **remedy):
    models, curves = [], []
    for sample in range(2):
        keras.utils.set_random_seed(sample)
        models.append(large_network(**remedy))
        curves.append(train_on_few(models[-1], sample, callbacks=callbacks))
    return models, curves


# %% tags=["slow"]
plain, plain_curves = train_two()

# %%
names = {_("entrenamiento", "training"): "cross_entropy", _("validación", "validation"): "val_cross_entropy"}
ck.plots.curves(
    None,
    {name: [curves[key] for curves in plain_curves] for name, key in names.items()},
    xlabel=_("época", "epoch"),
    ylabel=_("entropía cruzada", "cross-entropy"),
    ylim=(0, 1),
    xticks=range(0, 21, 5),
    alt=_(
        "Entropía cruzada de dos redes: la de entrenamiento baja casi a 0; la de validación baja y luego sube.",
        "Cross-entropy of two networks: in training it falls nearly to 0; in validation it falls and then rises.",
    ),
)

# %%
seen = min(curves["accuracy"][-1] for curves in plain_curves)
unseen = max(curves["val_accuracy"][-1] for curves in plain_curves)
ck.claim(_("exactitud en los 300 ejemplos", "accuracy on the 300 examples"), seen, at_least=0.99)
ck.claim(_("exactitud de validación", "validation accuracy"), unseen, at_most=0.9)
validation = [curves["val_cross_entropy"] for curves in plain_curves]
rise = min(values[-1] - min(values) for values in validation)
ck.claim(_("subida de la entropía cruzada", "rise of the cross-entropy"), rise, at_least=0.02)

# %% [markdown] lang="es"
# Ahí está (la línea es la media de las dos redes, y la banda va de una a otra). Cada red acierta al
# menos el [[bound: accuracy on the 300 examples, %]] de los ejemplos que ha visto y como mucho el
# [[bound: validation accuracy, %]] de los que no ha visto. Además, la entropía cruzada de
# validación baja, toca fondo y acaba más arriba (la última línea mide cuánto por encima de su
# mínimo), mientras que la de entrenamiento baja casi a 0.

# %% [markdown] lang="en"
# There it is (the line is the mean of the two networks, and the band goes from one to the other).
# Each network is right on at least [[bound: accuracy on the 300 examples, %]] of the examples that
# it has seen, and on at most [[bound: validation accuracy, %]] of those that it has not seen. What
# is more, the validation cross-entropy falls, bottoms out and ends higher (the last line measures
# how far above its minimum), while the training cross-entropy falls to nearly 0.

# %% [markdown] lang="es"
# ### Tres remedios
#
# La **parada temprana** (*early stopping*) vigila la entropía cruzada de validación: si en 3 épocas
# no mejora, detiene el entrenamiento y recupera los mejores pesos. **Dropout** apaga neuronas al
# azar, otras para cada ejemplo y en cada actualización: ninguna puede depender demasiado de otra
# (Srivastava et al., 2014). Si cada una se apaga con probabilidad $r$, los valores que quedan se
# dividen entre $1 - r$, así que el valor medio sigue igual y al predecir no hay que cambiar nada.
# **L2** suma a la pérdida $\lambda \sum w^2$, aquí con los pesos de las dos capas ocultas (en la
# [[perceptron]], con $\lambda / 2$; eso solo cambia la escala de $\lambda$): los pesos grandes
# salen caros, y con pesos pequeños un cambio pequeño de la entrada cambia poco la salida. Probamos
# cada remedio por separado, con los mismos ejemplos que antes. ¿Cuál ganará?

# %% [markdown] lang="en"
# ### Three remedies
#
# **Early stopping** watches the validation cross-entropy: if it does not improve in 3 epochs,
# training stops and it restores the best weights. **Dropout** switches off random neurons,
# different ones for each example and in each update: none can depend too much on another
# (Srivastava et al., 2014). If each is switched off with probability $r$, the values that remain
# are divided by $1 - r$, so the mean value stays the same and nothing has to change when
# predicting. **L2** adds $\lambda \sum w^2$ to the loss, here with the weights of the two hidden
# layers (in [[perceptron]], with $\lambda / 2$; that only changes the scale of $\lambda$): large
# weights are expensive, and with small weights a small change of the input changes the output
# little. We try each remedy on its own, with the same examples as before. Which one will win?

# %% tags=["slow"]
stop = keras.callbacks.EarlyStopping("val_cross_entropy", mode="min", patience=3, restore_best_weights=True)
remedied = {_("ninguno", "none"): (plain, plain_curves), _("parada", "stopping"): train_two([stop])}

# %% tags=["slow"]
remedied["dropout"] = train_two(dropout=0.5)
remedied["L2"] = train_two(l2=0.003)

# %% [markdown] lang="es"
# La parada temprana ya usó 1000 dígitos de validación. Comparamos los remedios con los otros 4000:
# la entropía cruzada y la **seguridad en los errores**, la probabilidad media que la red da a sus
# respuestas equivocadas.

# %% [markdown] lang="en"
# Early stopping has already used 1000 validation digits. We compare the remedies on the other 4000:
# the cross-entropy, and the **confidence in the mistakes**, the mean probability that the network
# gives to its wrong answers.


# %%
def judge(model):
    p = keras.ops.convert_to_numpy(model(x_valid[1000:]))
    wrong = p.argmax(axis=1) != y_valid[1000:]
    cross_entropy = -np.log(p[np.arange(4000), y_valid[1000:]] + 1e-9).mean()
    return cross_entropy, p.max(axis=1)[wrong].mean(), 1 - wrong.mean()


# %% tags=["varies"]
judged = {name: [judge(model) for model in models] for name, (models, _curves) in remedied.items()}
ck.plots.bars(
    list(judged),
    {
        _("primera red", "first network"): [of_runs[0][0] for of_runs in judged.values()],
        _("segunda red", "second network"): [of_runs[1][0] for of_runs in judged.values()],
    },
    xlabel=_("entropía cruzada", "cross-entropy"),
    alt=_(
        "Entropía cruzada de dos redes sin remedio y con cada uno de los tres remedios.",
        "Cross-entropy of two networks without a remedy and with each of the three remedies.",
    ),
)

# %%
none, early, with_dropout, with_l2 = [np.mean(values, axis=0) for values in judged.values()]
ck.claim(_("mejora al parar a tiempo", "gain of early stopping"), none[0] - early[0], at_least=0.03)
ck.claim(_("mejora con dropout", "gain of dropout"), none[0] - with_dropout[0], at_least=0.03)
ck.claim(_("mejora con L2", "gain of L2"), none[0] - with_l2[0], at_least=0.03)
drop = none[1] - max(early[1], with_dropout[1], with_l2[1])
ck.claim(_("menos seguridad, en los tres", "less confidence, in all three"), drop, at_least=0.03)
gain = max(early[2], with_dropout[2], with_l2[2]) - none[2]
ck.claim(_("mayor ganancia de exactitud", "largest gain in accuracy"), gain, at_most=0.02)
stopped = max(len(curves["loss"]) for curves in list(remedied.values())[1][1])
ck.claim(_("épocas hasta parar", "epochs until stopping"), stopped, at_most=15)

# %% [markdown] lang="es"
# Los tres remedios mejoran la entropía cruzada y hacen que la red se equivoque con menos seguridad.
# Parar a tiempo, además, ahorra épocas. ¿Cuál ganó? Las barras de un mismo color comparten sus 300
# ejemplos, así que compara los remedios dentro de cada color: ¿los ordenan igual los dos? Aunque
# sea así, dos redes son muy pocas: las diferencias pequeñas pueden ser suerte. Y menos entropía
# cruzada no significa más aciertos: mira en la penúltima línea la mayor ganancia de exactitud de
# los tres, en promedio de las dos redes; si es negativa, la red sin remedio acierta más.

# %% [markdown] lang="en"
# All three remedies improve the cross-entropy and make the network less confident in its mistakes.
# Stopping in time also saves epochs. Which one won? The bars of one colour share their 300
# examples, so compare the remedies within each colour: do both colours put them in the same order?
# Even if they do, two networks are too few: small differences may be luck. And lower cross-entropy
# does not mean more right answers: see in the last line but one the largest gain in accuracy of the
# three, the mean of both networks; if it is negative, the network without a remedy is right more
# often.

# %% [markdown] lang="es"
# ¿Para qué sirven entonces los remedios? Para que las probabilidades que da la red sean más
# fiables. Además, 0.5 y 0.003 son valores corrientes que no hemos ajustado; lo normal es elegirlos
# con el conjunto de validación. Con 300 ejemplos no hay milagros: el mejor remedio suele ser tener
# **más datos**, y eso es lo que tuvo el MLP, con 55 000 ejemplos. Mídelo en el último ejercicio.

# %% [markdown] lang="en"
# What are the remedies good for, then? For more trustworthy probabilities. Besides, 0.5 and 0.003
# are common values that we have not tuned; normally one chooses them on the validation set. Don't
# expect miracles from 300 examples: the best remedy is usually **more data**, which is what the MLP
# had, with 55 000 examples. Measure it in the last exercise.

# %% [markdown] lang="es"
# ### Tu turno: tu propio dropout
#
# Escribe dropout con NumPy. Cada valor de `h` se apaga con probabilidad `rate`, y los que quedan se
# agrandan para que la **media** siga igual. Usa `rng.random(h.shape)`.

# %% [markdown] lang="en"
# ### Your turn: your own dropout
#
# Write dropout with NumPy. Each value of `h` is switched off with probability `rate`, and those
# that remain are enlarged so that the **mean** stays the same. Use `rng.random(h.shape)`.


# %%
def dropout(h, rate, rng):
    return ...


# %% tags=["check"]
def is_dropout(dropped):
    h = np.arange(1.0, 10001.0).reshape(100, 100)
    kept = np.asarray(dropped) != 0
    scattered = kept.mean(axis=0).std() < 0.1 and kept.mean(axis=1).std() < 0.1
    return abs(kept.mean() - 0.75) < 0.02 and scattered and np.allclose(dropped, kept * h / 0.75)


def try_dropout():
    return dropout(np.arange(1.0, 10001.0).reshape(100, 100), 0.25, np.random.default_rng(0))


hint = _(
    "si queda una proporción 1 - rate, ¿entre cuánto hay que dividir?",
    "if a share 1 - rate remains, what must you divide by?",
)
ck.check(try_dropout, is_dropout, hint)


# %% tags=["solution"]
def dropout(h, rate, rng):
    return h * (rng.random(h.shape) >= rate) / (1 - rate)


ck.check(try_dropout, is_dropout, hint)

# %% [markdown] lang="es"
# ## La prueba
#
# La validación ya eligió: entre la regresión softmax y el MLP, el MLP. (Los remedios los probamos
# con otra red; al MLP no le pusimos ninguno.) No vamos a elegir nada más. Ahora, y solo ahora,
# abrimos los 10 000 dígitos de prueba.

# %% [markdown] lang="en"
# ## The test
#
# Validation has chosen: between softmax regression and the MLP, the MLP. (We tried the remedies on
# another network; the MLP got none.) We are not going to choose anything else. Now, and only now,
# we open the 10 000 test digits.

# %% tags=["varies"]
of_softmax = softmax_regression.evaluate(test_rows, y_test, batch_size=1000, verbose=0)[1]
test_p = mlp.predict(test_rows, batch_size=1000, verbose=0)
guesses = test_p.argmax(axis=1)
of_digit = [np.mean(guesses[y_test == digit] == digit) for digit in range(10)]
of_mlp = np.mean(guesses == y_test)
ck.plots.bars(
    [str(digit) for digit in range(10)],
    {_("exactitud", "accuracy"): of_digit},
    xlabel=_("exactitud", "accuracy"),
    xlim=(0.9, 1),
    alt=_("Exactitud del MLP en cada dígito, del 0 al 9.", "Accuracy of the MLP on each digit, from 0 to 9."),
)

# %%
ck.claim(_("prueba: exactitud de softmax", "test: accuracy of softmax"), of_softmax, at_least=0.915, at_most=0.94)
ck.claim(_("prueba: exactitud del MLP", "test: accuracy of the MLP"), of_mlp, at_least=0.98)
ck.claim(_("prueba: dígito más difícil", "test: hardest digit"), min(of_digit), at_least=0.94)

# %% [markdown] lang="es"
# De los dígitos nuevos, la regresión softmax acierta como mucho el
# [[at_most: test: accuracy of softmax, %]] y el MLP, al menos el
# [[bound: test: accuracy of the MLP, %]]. Las barras, que empiezan en 0.9, dan la exactitud del MLP en
# cada dígito: ni en el más difícil baja del [[bound: test: hardest digit, %]]. Estos son los cinco
# errores en los que estaba más seguro: dígito verdadero, respuesta de la red y probabilidad de esa
# respuesta.

# %% [markdown] lang="en"
# Of the new digits, softmax regression gets at most [[at_most: test: accuracy of softmax, %]] right
# and the MLP at least [[bound: test: accuracy of the MLP, %]]. The bars, which start at 0.9, give the
# accuracy of the MLP on each digit: not even on the hardest does it fall below
# [[bound: test: hardest digit, %]]. These are the five mistakes about which it was most confident:
# true digit, the network's answer and the probability of that answer.

# %% tags=["varies"]
confidence = np.where(guesses == y_test, 0, test_p.max(axis=1))
worst = np.argsort(confidence)[-5:]
titles = [f"{y_test[i]} → {guesses[i]} ({confidence[i]:.3f})" for i in worst]
ck.plots.images(
    x_test[worst], titles, alt=_("Cinco dígitos que el MLP no acierta.", "Five digits that the MLP gets wrong.")
)

# %% [markdown] lang="es"
# ### Guardar la red
#
# Un archivo `.keras` guarda la arquitectura y los pesos. Al abrirlo de nuevo, la red da las mismas
# respuestas.

# %% [markdown] lang="en"
# ### Saving the network
#
# A `.keras` file keeps the architecture and the weights. Once the file is opened again, the network
# gives the same answers.

# %%
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    mlp.save(Path(folder) / "mlp.keras")
    loaded = keras.models.load_model(Path(folder) / "mlp.keras")
assert np.allclose(keras.ops.convert_to_numpy(loaded(test_rows[:100])), test_p[:100], atol=1e-5)

# %% [markdown] lang="es"
# ### Tu turno, sin respuesta única: más datos
#
# ¿Cuánto ayudan los datos? Elige cuántos ejemplos tendrá la red grande (de 50 a 5000), escribe tu
# predicción de la exactitud de validación y mide (con más ejemplos, las mismas épocas tienen
# también más actualizaciones). Tu predicción vale si se aparta menos de $0.03$ de la exactitud
# medida. Después cambia otra cosa en `large_network`, una sola, y vuelve a predecir.

# %% [markdown] lang="en"
# ### Your turn, with no single answer: more data
#
# How much does data help? Choose how many examples the large network will have (from 50 to 5000),
# write down your prediction of the validation accuracy, and measure (with more examples, the same
# epochs also contain more updates). Your prediction counts as right if it is off by less than
# $0.03$. Then change one other thing in `large_network`, and predict again.

# %%
examples = ...
my_prediction = ...


# %% tags=["check", "slow"]
def comes_close(answer):
    keras.utils.set_random_seed(0)
    model = large_network()
    accuracy = train_on_few(model, examples=answer[0])["val_accuracy"][-1]
    ck.claim(_("exactitud medida", "measured accuracy"), accuracy, at_least=0.1)
    return abs(accuracy - answer[1]) < 0.03


hint = _(
    "mira la exactitud medida y piensa: ¿con cuántos ejemplos baja el error a la mitad?",
    "look at the measured accuracy and think: how many examples does it take to halve the error?",
)
ck.check([examples, my_prediction], comes_close, hint)

# %% tags=["solution", "slow"]
examples = 1000
my_prediction = 0.92
ck.check([examples, my_prediction], comes_close, hint)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una **capa oculta** cambia de lugar los puntos hasta que una recta los separa. Es un producto de
#   matrices, una suma y una **activación**; sin activación, muchas capas son una.
# - La **retropropagación** es la regla de la cadena desde la pérdida hacia atrás: cada operación
#   conoce su derivada, los caminos se suman y nada se calcula dos veces. Se comprueba con
#   diferencias finitas.
# - Los pesos iniciales y la activación deciden si las derivadas se desvanecen, estallan o llegan.
# - Una red grande para sus datos puede memorizar: vigila la validación, para a tiempo, prueba
#   dropout, L2 o más datos, y deja el conjunto de prueba para el final.

# %% [markdown] lang="en"
# ## What we learned
#
# - A **hidden layer** moves the points until a line separates them. It is a matrix product, a sum
#   and an **activation**; without an activation, many layers are one.
# - **Backpropagation** is the chain rule from the loss backward: each operation knows its
#   derivative, the paths are added and nothing is computed twice. It is checked with finite
#   differences.
# - The initial weights and the activation decide whether derivatives vanish, explode or arrive.
# - A network that is large for its data can memorise: watch the validation set, stop in time, try
#   dropout, L2 or more data, and leave the test set for the end.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - Rumelhart, Hinton y Williams, *Learning representations by back-propagating errors*, 1986.
# - Cybenko, *Approximation by superpositions of a sigmoidal function*, 1989.
# - Hornik, *Approximation capabilities of multilayer feedforward networks*, 1991.
# - Glorot y Bengio, *Understanding the difficulty of training deep feedforward neural networks*,
#   2010.
# - Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, 2014.
# - He et al., *Delving deep into rectifiers*, 2015.
# - Kingma y Ba, *Adam: a method for stochastic optimization*, 2015.
# - Hendrycks y Gimpel, *Gaussian error linear units (GELUs)*, 2016.
# - Telgarsky, *Benefits of depth in neural networks*, 2016.

# %% [markdown] lang="en"
# ## Further reading
#
# - Rumelhart, Hinton and Williams, *Learning representations by back-propagating errors*, 1986.
# - Cybenko, *Approximation by superpositions of a sigmoidal function*, 1989.
# - Hornik, *Approximation capabilities of multilayer feedforward networks*, 1991.
# - Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks*,
#   2010.
# - Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, 2014.
# - He et al., *Delving deep into rectifiers*, 2015.
# - Kingma and Ba, *Adam: a method for stochastic optimization*, 2015.
# - Hendrycks and Gimpel, *Gaussian error linear units (GELUs)*, 2016.
# - Telgarsky, *Benefits of depth in neural networks*, 2016.
