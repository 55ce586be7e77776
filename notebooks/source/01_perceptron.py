# ---
# jupyter:
#   coursekit:
#     seconds: 60
#     cell_seconds: 20
#     memory_mb: 1500
# ---

# %% [markdown] lang="es"
# # 1 · El perceptrón: una neurona que decide y aprende
#
# Una sola neurona artificial ya sabe decidir y corregirse. Al terminar podrás:
#
# - **decidir** con pesos, umbral y sesgo;
# - **programar** la regla que aprende AND y OR, y explicar por qué nunca aprende XOR;
# - **bajar** por la curva de un coste con descenso de gradiente, y elegir el paso;
# - **entrenar** desde cero una neurona sigmoide que distingue dos dígitos;
# - **escribir** la misma neurona en Keras y comprobar que es la misma.
#
# **Tiempo:** se ejecuta en menos de 1 minuto; leerlo y resolverlo pide una hora. **Necesitas:**
# Python básico y matemáticas de la escuela.

# %% [markdown] lang="en"
# # 1 · The perceptron: a neuron that decides and learns
#
# A single artificial neuron can already decide and correct itself. By the end you will be able to:
#
# - **decide** with weights, a threshold and a bias;
# - **program** the rule that learns AND and OR, and explain why it never learns XOR;
# - **walk down** a cost curve with gradient descent, and choose the size of the step;
# - **train** from scratch a sigmoid neuron that tells two digits apart;
# - **write** the same neuron in Keras and check that it is the same.
#
# **Time:** it runs in less than 1 minute; reading and solving it takes an hour. **You need:**
# basic Python and school mathematics.

# %% lang="es"
import coursekit as ck

ck.setup("es")

# %% lang="en"
import coursekit as ck

ck.setup("en")

# %%
import itertools

import matplotlib.pyplot as plt
import numpy as np
from coursekit import plots

# %% [markdown] lang="es"
# ## Decidir con números
#
# ### ¿Salgo en bici este fin de semana?
#
# Tres preguntas, cada una con respuesta sí (1) o no (0): $x_1$, ¿hace buen tiempo?; $x_2$, ¿hay
# polvo, es decir, está seco el sendero?; $x_3$, ¿tengo ganas de conducir hasta allí? Hoy
# $x = (1, 1, 0)$. A cada persona le importan cosas distintas: sus **pesos** (*weights*) $w$ dicen
# cuánto. La neurona multiplica, y suma: $w \cdot x = w_1 x_1 + w_2 x_2 + w_3 x_3$.

# %% [markdown] lang="en"
# ## Deciding with numbers
#
# ### Shall I ride my bike this weekend?
#
# Three questions, each answered yes (1) or no (0): $x_1$, is the weather good?; $x_2$, is there
# dust, that is, is the trail dry?; $x_3$, am I in the mood to drive there? Today $x = (1, 1, 0)$.
# Different people care about different things: their **weights** $w$ say how much. The neuron
# multiplies, and adds: $w \cdot x = w_1 x_1 + w_2 x_2 + w_3 x_3$.

# %%
x = np.array([1, 1, 0])
riders = {"Ana": np.array([3, 1, 5]), "Luis": np.array([2, 6, 1])}
for name, weights in riders.items():
    print(f"{name}: w = {weights}, w·x = {weights @ x}")

# %% [markdown] lang="es"
# En Python, `weights @ x` es la suma ponderada. Ana llega a 4; Luis, a quien el polvo le importa
# mucho, llega a 8. El mismo día, dos opiniones.

# %% [markdown] lang="en"
# In Python, `weights @ x` is the weighted sum. Ana gets 4; Luis, who cares a lot about the dust,
# gets 8. The same day, two opinions.

# %% [markdown] lang="es"
# ### El umbral
#
# Una suma todavía no es una decisión. Falta un **umbral** (*threshold*): la neurona dice sí, y se
# *activa*, cuando la suma lo supera. Pongamos el umbral en 5. Esta es la neurona de Luis: las
# entradas a la izquierda, y una línea más gruesa donde el peso es mayor.

# %% [markdown] lang="en"
# ### The threshold
#
# A sum is not a decision yet. It takes a **threshold**: the neuron says yes, and *fires*, when the
# sum goes over it. Let us set the threshold at 5. This is Luis's neuron: the inputs on the left,
# and a thicker line where the weight is larger.


# %%
def draw_neuron(weights, names, answer):
    figure, axis = plt.subplots(figsize=(10, 3.6))
    circle = {"ha": "center", "va": "center", "bbox": {"boxstyle": "circle", "fc": "white"}}
    axis.text(2, -1, f"$w·x > 5$\n{answer}", **circle)
    for row, (weight, name) in enumerate(zip(weights, names, strict=True)):
        axis.plot([0, 2], [-row, -1], color=plots.BLUE, lw=2 * weight, zorder=0)
        axis.text(0, -row, f"$x_{row + 1}$", **circle)
        axis.text(-0.2, -row, name, ha="right", va="center")
        axis.text(0.8, -0.6 * row - 0.4, f"{weight}", bbox={"fc": "white", "ec": "white"})
    axis.set(xlim=(-1.2, 2.6), ylim=(-2.4, 0.4))
    axis.axis("off")
    return figure


# %% lang="es"
figure = draw_neuron(riders["Luis"], ["¿buen tiempo?", "¿polvo?", "¿ganas?"], "¿sí o no?")
plots.show(
    figure,
    "Una neurona: tres entradas unidas por líneas de grosor 2, 6 y 1 con un círculo que compara "
    "la suma con el umbral 5 y responde sí o no.",
)

# %% lang="en"
figure = draw_neuron(riders["Luis"], ["good weather?", "dust?", "in the mood?"], "yes or no?")
plots.show(
    figure,
    "A neuron: three inputs joined by lines of thickness 2, 6 and 1 to a circle that compares the "
    "sum with the threshold 5 and answers yes or no.",
)

# %% [markdown] lang="es"
# ### Los ocho días posibles
#
# Tres preguntas de sí o no dan $2^3 = 8$ días distintos. Calculemos la decisión de cada persona en
# todos. Una sola multiplicación basta: la tabla `days` tiene un día por fila.

# %% [markdown] lang="en"
# ### The eight possible days
#
# Three yes-or-no questions give $2^3 = 8$ different days. Let us work out each person's decision
# on all of them. One multiplication is enough: the table `days` has one day in each row.

# %%
threshold = 5
days = np.array(list(itertools.product([0, 1], repeat=3)))
for name, weights in riders.items():
    print(f"{name}: {days @ weights} {(days @ weights > threshold).astype(int)}")


# %%
def draw_days(riders):
    figure, axes = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True)
    labels = ["".join(map(str, day)) for day in days]
    for axis, (name, weights) in zip(axes, riders.items(), strict=True):
        sums = days @ weights
        axis.bar(labels, sums, color=np.where(sums > threshold, plots.BLUE, "#BBBBBB"))
        axis.axhline(threshold, color=plots.ORANGE)
        axis.set(title=name, xlabel="$x_1 x_2 x_3$")
        axis.tick_params("x", labelsize=13)
    axes[0].set_ylabel("$w·x$")
    return figure


# %% lang="es"
plots.show(
    draw_days(riders),
    "Barras con la suma ponderada de los ocho días, para Ana y para Luis; son azules los días "
    "que pasan del umbral 5: tres días de Ana y cuatro de Luis.",
)

# %% lang="en"
plots.show(
    draw_days(riders),
    "Bars with the weighted sum of the eight days, for Ana and for Luis; the days above the "
    "threshold 5 are blue: three days for Ana and four for Luis.",
)

# %% [markdown] lang="es"
# Azul es sí: la barra pasa de la línea naranja, el umbral; llegar justo a 5 no basta. Ana sale
# solo si tiene ganas ($x_3 = 1$) y algo más acompaña; Luis sale exactamente los días con polvo.
# Los pesos *son* su carácter.

# %% [markdown] lang="en"
# Blue is yes: the bar goes over the orange line, the threshold; reaching exactly 5 is not enough.
# Ana rides only if she is in the mood ($x_3 = 1$) and something else helps; Luis rides exactly on
# the dusty days. The weights *are* their character.

# %% [markdown] lang="es"
# ### Mover el umbral
#
# ¿Y si Luis se vuelve más perezoso, o más animado, sin cambiar de gustos? Mismos pesos, otro
# umbral. Cada fila de la figura es un umbral; cada columna, un día.

# %% [markdown] lang="en"
# ### Moving the threshold
#
# What if Luis gets lazier, or keener, without changing his tastes? Same weights, another
# threshold. Each row of the figure is a threshold; each column, a day.

# %%
thresholds = np.arange(10)
decisions = days @ riders["Luis"] > thresholds[:, np.newaxis]
print(decisions.sum(axis=1))

# %% lang="es"
figure, axis = plt.subplots(figsize=(8, 4.4))
axis.pcolormesh(decisions, cmap="Blues", vmax=1.5, edgecolors="white", lw=2)
axis.set_xticks(np.arange(8) + 0.5, ["".join(map(str, day)) for day in days])
axis.set_yticks(thresholds + 0.5, thresholds)
axis.set(xlabel="día $x_1 x_2 x_3$", ylabel="umbral", title="Luis sale (azul) o se queda (blanco)")
axis.grid(False)
plots.show(figure, "Tabla de umbrales y días: con umbral 0 sale siete días, con 9 ninguno.")

# %% lang="en"
figure, axis = plt.subplots(figsize=(8, 4.4))
axis.pcolormesh(decisions, cmap="Blues", vmax=1.5, edgecolors="white", lw=2)
axis.set_xticks(np.arange(8) + 0.5, ["".join(map(str, day)) for day in days])
axis.set_yticks(thresholds + 0.5, thresholds)
axis.set(xlabel="day $x_1 x_2 x_3$", ylabel="threshold", title="Luis rides (blue) or stays (white)")
axis.grid(False)
plots.show(
    figure, "Table of thresholds and days: with threshold 0 he rides on seven days, with 9 on none."
)

# %% [markdown] lang="es"
# Al subir el umbral se pierden días y nunca se gana ninguno. Con 0 basta la menor razón; con 9,
# que es la suma de todos los pesos, ningún día lo supera.

# %% [markdown] lang="en"
# As the threshold rises, days are lost and none is ever gained. At 0 the smallest reason is
# enough; at 9, the sum of all the weights, no day goes over it.

# %% [markdown] lang="es"
# ### El sesgo en lugar del umbral
#
# Comparar con 5 es lo mismo que restar 5 y comparar con 0. A ese número que se suma siempre, sea
# cual sea el día, se le llama **sesgo** (*bias*): $b = -\text{umbral}$. La decisión queda
# $w \cdot x + b > 0$. La ventaja: el sesgo se aprende igual que un peso más.

# %% [markdown] lang="en"
# ### The bias in place of the threshold
#
# Comparing with 5 is the same as subtracting 5 and comparing with 0. That number, which is always
# added whatever the day, is called the **bias**: $b = -\text{threshold}$. The decision becomes
# $w \cdot x + b > 0$. The gain: the bias is learnt just like one more weight.

# %%
bias = -threshold
for weights in riders.values():
    assert np.array_equal(days @ weights + bias > 0, days @ weights > threshold)
print([int(weights @ x + bias > 0) for weights in riders.values()])

# %% [markdown] lang="es"
# Los ocho días coinciden, para las dos personas. Hoy Ana se queda (0) y Luis sale (1).

# %% [markdown] lang="en"
# All eight days agree, for both people. Today Ana stays (0) and Luis rides (1).

# %% [markdown] lang="es"
# ## Aprender los pesos
#
# ### La regla del perceptrón
#
# Hasta aquí, los pesos los elegimos nosotros. En 1958, Frank Rosenblatt propuso que la máquina los
# encontrase sola, con ejemplos. Para cada entrada $x$ se conoce la respuesta correcta $t$
# (*target*) y la neurona responde $y$. Si acierta, no cambia nada. Si falla, se corrige hacia
# donde convenía: $w \leftarrow w + (t - y)\,x$ y $b \leftarrow b + (t - y)$.

# %% [markdown] lang="en"
# ## Learning the weights
#
# ### The perceptron rule
#
# So far we have chosen the weights ourselves. In 1958, Frank Rosenblatt proposed that the machine
# should find them alone, from examples. For each input $x$ the right answer $t$ (the *target*) is
# known, and the neuron answers $y$. If it is right, nothing changes. If it is wrong, it corrects
# itself in the direction that would have helped: $w \leftarrow w + (t - y)\,x$ and
# $b \leftarrow b + (t - y)$.


# %%
def predict(x, weights, bias):
    return int(weights @ x + bias > 0)


def one_pass(inputs, targets, weights, bias):
    corrections = 0
    for x, target in zip(inputs, targets, strict=True):
        error = target - predict(x, weights, bias)
        weights, bias = weights + error * x, bias + error
        corrections += abs(error)
    return weights, bias, corrections


# %% [markdown] lang="es"
# ### Muchas pasadas
#
# Una **pasada** (o *época*, en inglés *epoch*) muestra todos los ejemplos una vez. `learn` empieza
# con todo en cero, repite pasadas y guarda cómo queda la neurona tras cada una. Se detiene cuando
# una pasada entera no necesita ninguna corrección.

# %% [markdown] lang="en"
# ### Many passes
#
# One **pass** (or *epoch*) shows every example once. `learn` starts with everything at zero,
# repeats passes and keeps what the neuron looks like after each. It stops when a whole pass needs
# no correction at all.


# %%
def learn(inputs, targets, passes):
    weights, bias = np.zeros(inputs.shape[1], dtype=int), 0
    history = []
    for _ in range(passes):
        weights, bias, corrections = one_pass(inputs, targets, weights, bias)
        history.append((weights, bias, corrections))
        if corrections == 0:
            break
    return history


# %% [markdown] lang="es"
# ### AND: sí, cuando las dos entradas son sí
#
# Un primer examen fácil. Hay dos entradas, cuatro combinaciones (`pairs`), y la respuesta es 1
# solo para $(1, 1)$. La neurona no conoce la palabra «y»: ve únicamente los cuatro ejemplos.

# %% [markdown] lang="en"
# ### AND: yes, when both inputs are yes
#
# An easy first exam. There are two inputs, four combinations (`pairs`), and the answer is 1 only
# for $(1, 1)$. The neuron does not know the word "and": all it sees are the four examples.

# %%
pairs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
and_targets = [0, 0, 0, 1]
and_history = learn(pairs, and_targets, passes=20)
for weights, bias, corrections in and_history:
    print(f"w = {weights}, b = {bias:2}, Δ = {corrections}")

# %% [markdown] lang="es"
# Cada línea es una pasada, y $\Delta$ cuenta sus correcciones. La última pasada no corrige nada:
# la neurona ha aprendido AND con $w = (2, 1)$ y $b = -2$. Nadie le dio esos números.

# %% [markdown] lang="en"
# Each line is a pass, and $\Delta$ counts its corrections. The last pass corrects nothing: the
# neuron has learnt AND with $w = (2, 1)$ and $b = -2$. Nobody gave it those numbers.

# %% [markdown] lang="es"
# ### La frontera, pasada a pasada
#
# Con dos entradas, la neurona se puede dibujar. Los puntos donde $w_1 x_1 + w_2 x_2 + b = 0$
# forman una recta, la **frontera**: a un lado responde 1 (azul), al otro 0 (naranja). Los
# cuadrados deben quedar en azul y los círculos en naranja; una cruz marca cada fallo.

# %% [markdown] lang="en"
# ### The boundary, pass by pass
#
# With two inputs, the neuron can be drawn. The points where $w_1 x_1 + w_2 x_2 + b = 0$ form a
# straight line, the **boundary**: on one side it answers 1 (blue), on the other 0 (orange).
# Squares should end up on blue and circles on orange; a cross marks each mistake.


# %%
def draw_boundary(axis, weights, bias, targets):
    side = np.linspace(-0.5, 1.5, 401)
    grid = np.stack(np.meshgrid(side, side), axis=-1)
    colours = [plots.ORANGE, plots.BLUE]
    axis.contourf(side, side, grid @ weights + bias > 0, [-1, 0.5, 2], colors=colours, alpha=0.35)
    for x, target in zip(pairs, targets, strict=True):
        axis.plot(*x, "os"[target], color=colours[target], markersize=17, markeredgecolor="white")
        if predict(x, weights, bias) != target:
            axis.plot(*x, "x", color="black", markersize=22, markeredgewidth=4)
    axis.set(xticks=[0, 1], yticks=[0, 1], aspect="equal", xlabel="$x_1$", ylabel="$x_2$")


# %%
def draw_history(history, targets, word, columns):
    rows = -(-len(history) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(10, (10.4 / columns + 0.5) * rows))
    for number, (axis, state) in enumerate(zip(axes.flat, history, strict=True), start=1):
        draw_boundary(axis, state[0], state[1], targets)
        axis.set_title(f"{word} {number}")
    return figure


# %% lang="es"
plots.show(
    draw_history(and_history, and_targets, "pasada", columns=3),
    "La frontera de AND tras cada una de seis pasadas: al principio quedan puntos con cruz; en la "
    "última, la recta deja solo el punto (1, 1) en el lado azul.",
)

# %% lang="en"
plots.show(
    draw_history(and_history, and_targets, "pass", columns=3),
    "The boundary of AND after each of six passes: at first some points carry a cross; in the "
    "last one, the line leaves only the point (1, 1) on the blue side.",
)

# %% [markdown] lang="es"
# La recta gira y se desplaza con cada corrección hasta separar el cuadrado de los tres círculos.
# La pasada 6 repite la 5: ya no hay fallos, y sin fallos no hay cambios. Un punto justo sobre la
# recta cuenta como 0.

# %% [markdown] lang="en"
# The line turns and shifts with each correction, until it separates the square from the three
# circles. Pass 6 repeats pass 5: there are no mistakes left, and without mistakes nothing changes.
# A point exactly on the line counts as 0.

# %% [markdown] lang="es"
# ### OR: sí, cuando alguna es sí
#
# El mismo programa, sin tocar una línea, con otras cuatro respuestas. Eso es aprender: cambian los
# datos, no el código.

# %% [markdown] lang="en"
# ### OR: yes, when any of them is yes
#
# The same program, without touching a line, with four other answers. That is what learning means:
# the data change, the code does not.

# %%
or_targets = [0, 1, 1, 1]
or_history = learn(pairs, or_targets, passes=20)
for weights, bias, corrections in or_history:
    print(f"w = {weights}, b = {bias:2}, Δ = {corrections}")

# %% lang="es"
plots.show(
    draw_history(or_history, or_targets, "pasada", columns=4),
    "La frontera de OR tras cada una de cuatro pasadas: en la última, solo el punto (0, 0) queda "
    "en el lado naranja.",
)

# %% lang="en"
plots.show(
    draw_history(or_history, or_targets, "pass", columns=4),
    "The boundary of OR after each of four passes: in the last one, only the point (0, 0) is on "
    "the orange side.",
)

# %% [markdown] lang="es"
# Cuatro pasadas bastan. Si existe una recta que separa los ejemplos, la regla la encuentra
# siempre, en un número finito de correcciones (Novikoff, 1962).

# %% [markdown] lang="en"
# Four passes are enough. If there is a line that separates the examples, the rule always finds
# one, in a finite number of corrections (Novikoff, 1962).

# %% [markdown] lang="es"
# ## XOR: lo que una neurona no puede
#
# ### Mil pasadas
#
# XOR es «una o la otra, pero no las dos». Parece tan fácil como OR: solo cambia la última
# respuesta. Le damos mil pasadas.

# %% [markdown] lang="en"
# ## XOR: what one neuron cannot do
#
# ### A thousand passes
#
# XOR is "one or the other, but not both". It looks as easy as OR: only the last answer changes. We
# give it a thousand passes.

# %%
xor_targets = [0, 1, 1, 0]
xor_history = learn(pairs, xor_targets, passes=1000)
for number in (1, 2, 3, 4, 1000):
    weights, bias, corrections = xor_history[number - 1]
    print(f"{number:4}: w = {weights}, b = {bias}, Δ = {corrections}")

# %%
assert all(corrections > 0 for _, _, corrections in xor_history)
(w_2, b_2, _), (w_3, b_3, _) = xor_history[1:3]
assert np.array_equal(w_2, w_3) and b_2 == b_3

# %% [markdown] lang="es"
# Ninguna pasada acaba sin correcciones. Y hay algo peor: tras la pasada 3, la neurona está
# *exactamente* como tras la 2. La regla no usa el azar, así que desde ahí dará la misma vuelta
# para siempre. Mil pasadas o un millón, da igual.

# %% [markdown] lang="en"
# No pass ends without corrections. And it gets worse: after pass 3 the neuron is *exactly* as it
# was after pass 2. The rule uses no chance, so from there it goes round the same loop for ever. A
# thousand passes or a million, it makes no difference.

# %% lang="es"
figure, axis = plt.subplots(figsize=(10, 3.8))
for name, history in {"AND": and_history, "OR": or_history, "XOR": xor_history[:12]}.items():
    corrections = [state[2] for state in history]
    axis.plot(range(1, len(history) + 1), corrections, "o-", lw=3, markersize=9, label=name)
axis.set(xlabel="pasada", ylabel="correcciones", xticks=range(1, 13), yticks=range(5))
axis.legend()
plots.show(figure, "Correcciones por pasada: AND y OR bajan a cero; XOR sube a 4 y ahí se queda.")

# %% lang="en"
figure, axis = plt.subplots(figsize=(10, 3.8))
for name, history in {"AND": and_history, "OR": or_history, "XOR": xor_history[:12]}.items():
    corrections = [state[2] for state in history]
    axis.plot(range(1, len(history) + 1), corrections, "o-", lw=3, markersize=9, label=name)
axis.set(xlabel="pass", ylabel="corrections", xticks=range(1, 13), yticks=range(5))
axis.legend()
plots.show(
    figure, "Corrections per pass: AND and OR go down to zero; XOR goes up to 4 and stays there."
)

# %% [markdown] lang="es"
# AND y OR tocan el cero y terminan. XOR corrige los 4 ejemplos en cada pasada: cada corrección
# estropea lo que arregló otra.

# %% [markdown] lang="en"
# AND and OR touch zero and finish. XOR corrects all 4 examples in each pass: each correction
# spoils what another one mended.

# %% [markdown] lang="es"
# ### La razón, en cuatro renglones
#
# Supón que existen $w_1$, $w_2$ y $b$ que resuelven XOR. Los cuatro ejemplos exigen:
#
# 1. $b \le 0$, por $(0, 0)$;
# 2. $w_2 + b > 0$, por $(0, 1)$;
# 3. $w_1 + b > 0$, por $(1, 0)$;
# 4. $w_1 + w_2 + b \le 0$, por $(1, 1)$.
#
# Suma la segunda y la tercera: $w_1 + w_2 + 2b > 0$. Entonces $w_1 + w_2 + b > -b \ge 0$, y eso
# contradice la cuarta. No es que falten pasadas: **esos pesos no existen**.

# %% [markdown] lang="en"
# ### The reason, in four lines
#
# Suppose there are $w_1$, $w_2$ and $b$ that solve XOR. The four examples demand:
#
# 1. $b \le 0$, because of $(0, 0)$;
# 2. $w_2 + b > 0$, because of $(0, 1)$;
# 3. $w_1 + b > 0$, because of $(1, 0)$;
# 4. $w_1 + w_2 + b \le 0$, because of $(1, 1)$.
#
# Add the second and the third: $w_1 + w_2 + 2b > 0$. Then $w_1 + w_2 + b > -b \ge 0$, which
# contradicts the fourth. It is not for lack of passes: **those weights do not exist**.

# %%
values = np.arange(-5, 5.5, 0.5)
w_1, w_2, b = np.meshgrid(values, values, values)
print(w_1.size)
answers = [w_1 * x_1 + w_2 * x_2 + b > 0 for x_1, x_2 in pairs]
for name, targets in {"AND": and_targets, "OR": or_targets, "XOR": xor_targets}.items():
    right = sum(answer == target for answer, target in zip(answers, targets, strict=True))
    print(f"{name}: {right.max()}")

# %% lang="es"
figure, axes = plt.subplots(1, 3, figsize=(10, 3.9))
best = {"AND: 4 de 4": (and_history, and_targets), "OR: 4 de 4": (or_history, or_targets)}
best["XOR: solo 3 de 4"] = (or_history, xor_targets)
for axis, (title, (history, targets)) in zip(axes, best.items(), strict=True):
    draw_boundary(axis, *history[-1][:2], targets)
    axis.set_title(title)
plots.show(
    figure, "AND y OR quedan separados por una recta; en XOR, un punto lleva siempre una cruz."
)

# %% lang="en"
figure, axes = plt.subplots(1, 3, figsize=(10, 3.9))
best = {"AND: 4 of 4": (and_history, and_targets), "OR: 4 of 4": (or_history, or_targets)}
best["XOR: only 3 of 4"] = (or_history, xor_targets)
for axis, (title, (history, targets)) in zip(axes, best.items(), strict=True):
    draw_boundary(axis, *history[-1][:2], targets)
    axis.set_title(title)
plots.show(figure, "AND and OR are separated by a line; in XOR, one point always carries a cross.")

# %% [markdown] lang="es"
# Tras probar 9261 neuronas, la mejor acierta 4 de 4 en AND y en OR, pero solo 3 de 4 en XOR. En la
# figura se ve: los cuadrados están en una diagonal y los círculos en la otra, y ninguna recta los
# separa. La lección 2 lo arregla con más neuronas; el último ejercicio, con una entrada más.

# %% [markdown] lang="en"
# Out of 9261 neurons tried, the best gets 4 of 4 right in AND and in OR, but only 3 of 4 in XOR.
# The figure shows it: the squares lie on one diagonal and the circles on the other, and no line
# separates them. Lesson 2 mends it with more neurons; the last exercise, with one more input.

# %% [markdown] lang="es"
# ## El coste y su pendiente
#
# ### ¿Cuánto cuesta un kilo?
#
# El perceptrón solo sabe «bien» o «mal». Para medir *cuánto* de mal, cambiemos de problema. En el
# mercado compras $x$ kilos y pagas $t$; el vendedor redondea. Si el kilo cuesta $p$, deberías
# pagar $y = x \cdot p$. El **coste** (*cost*) suma los errores al cuadrado de todas las compras
# (cada una, una $i$): $C(p) = \sum_i |t_i - y_i|^2$.

# %% [markdown] lang="en"
# ## Cost and its slope
#
# ### How much is a kilo?
#
# The perceptron only knows "right" or "wrong". To measure *how* wrong, let us change the problem.
# At the market you buy $x$ kilos and pay $t$; the seller rounds. If a kilo costs $p$, you should
# pay $y = x \cdot p$. The **cost** adds up the squared errors of all the purchases (each of them
# an $i$): $C(p) = \sum_i |t_i - y_i|^2$.

# %%
kilos = np.array([1.0, 2.0, 3.0])
paid = np.array([2.5, 4.5, 5.5])


def cost(p):
    return np.sum((paid - kilos * p) ** 2)


print([float(cost(p)) for p in (0, 1, 2, 3)])

# %% [markdown] lang="es"
# De los cuatro precios, el que menos cuesta es 2. No llega a cero: con redondeos, ningún precio
# acierta todas las compras.

# %% [markdown] lang="en"
# Of the four prices, 2 has the least cost. It does not reach zero: with rounding, no price gets
# every purchase right.

# %% [markdown] lang="es"
# ### La pendiente dice hacia dónde
#
# ¿Y si no pudieras probar todos los precios? La **derivada** te da la pendiente del coste donde
# estás. Por la regla de la cadena: $C'(p) = 2 \sum_i x_i\,(x_i\,p - t_i)$. Si es negativa, el
# coste baja hacia la derecha: sube $p$. Si es positiva, baja $p$. Comprobémosla con un paso $h$
# muy pequeño: $\frac{C(p + h) - C(p - h)}{2h}$.

# %% [markdown] lang="en"
# ### The slope says which way
#
# What if you could not try every price? The **derivative** gives you the slope of the cost where
# you stand. By the chain rule: $C'(p) = 2 \sum_i x_i\,(x_i\,p - t_i)$. If it is negative, the cost
# goes down to the right: raise $p$. If it is positive, lower $p$. Let us check it with a tiny step
# $h$: $\frac{C(p + h) - C(p - h)}{2h}$.


# %%
def slope(p):
    return 2 * np.sum(kilos * (kilos * p - paid))


h = 1e-4
for p in (0, 1, 2, 3):
    measured = (cost(p + h) - cost(p - h)) / (2 * h)
    assert abs(measured - slope(p)) < 1e-6
    print(f"p = {p}, C'(p) = {slope(p):g}")

# %% lang="es"
figure, axis = plt.subplots(figsize=(10, 4))
candidates = np.linspace(-0.5, 4.5, 101)
axis.plot(candidates, [cost(p) for p in candidates], color=plots.GREY)
for p, colour in ((0.5, plots.BLUE), (2, plots.GREEN), (3.5, plots.ORANGE)):
    near = np.array([p - 0.6, p + 0.6])
    axis.plot(near, cost(p) + slope(p) * (near - p), color=colour, lw=4)
    axis.plot(p, cost(p), "o", color=colour, markersize=12)
axis.set(xlabel="precio $p$", ylabel="coste", title="Pendiente negativa, nula y positiva")
plots.show(
    figure, "La curva del coste es una parábola; a la izquierda baja, en 2 es plana, luego sube."
)

# %% lang="en"
figure, axis = plt.subplots(figsize=(10, 4))
candidates = np.linspace(-0.5, 4.5, 101)
axis.plot(candidates, [cost(p) for p in candidates], color=plots.GREY)
for p, colour in ((0.5, plots.BLUE), (2, plots.GREEN), (3.5, plots.ORANGE)):
    near = np.array([p - 0.6, p + 0.6])
    axis.plot(near, cost(p) + slope(p) * (near - p), color=colour, lw=4)
    axis.plot(p, cost(p), "o", color=colour, markersize=12)
axis.set(xlabel="price $p$", ylabel="cost", title="Negative, zero and positive slope")
plots.show(figure, "The cost curve is a parabola; it falls on the left, is flat at 2, then rises.")

# %% [markdown] lang="es"
# Los tres segmentos son las pendientes: azul, hacia abajo; verde, plana, en el fondo; naranja,
# hacia arriba. En el fondo la pendiente es 0, y por eso $p = 2$ es el mejor precio.

# %% [markdown] lang="en"
# The three segments are the slopes: blue, going down; green, flat, at the bottom; orange, going
# up. At the bottom the slope is 0, and that is why $p = 2$ is the best price.

# %% [markdown] lang="es"
# ### Descenso de gradiente, paso a paso
#
# Imagina que bajas un monte con niebla: solo notas la pendiente bajo tus pies. Das un paso cuesta
# abajo y repites. Eso es el **descenso de gradiente** (*gradient descent*):
# $p \leftarrow p - \eta\,C'(p)$, donde $\eta$ es la **tasa de aprendizaje** (*learning rate*,
# `learning_rate`).

# %% [markdown] lang="en"
# ### Gradient descent, step by step
#
# Imagine walking down a hill in the fog: all you feel is the slope under your feet. You take a
# step downhill, and repeat. That is **gradient descent**: $p \leftarrow p - \eta\,C'(p)$, where
# $\eta$ is the **learning rate** (`learning_rate`).


# %%
def descend(p, learning_rate, steps):
    path = [p]
    for _ in range(steps):
        p = p - learning_rate * slope(p)
        path.append(p)
    return np.array(path)


for p in descend(0, learning_rate=0.02, steps=5):
    print(f"p = {p:.3f}  C(p) = {cost(p):6.3f}  C'(p) = {slope(p):7.3f}")

# %% [markdown] lang="es"
# Al principio la pendiente es grande y los pasos también. Cerca del fondo los pasos se acortan
# solos. El precio se acerca a 2, el mismo que vimos en la curva.

# %% [markdown] lang="en"
# At first the slope is large and so are the steps. Near the bottom the steps shrink by themselves.
# The price approaches 2, the same that we saw on the curve.

# %% [markdown] lang="es"
# ### Tres tasas de aprendizaje
#
# Aquí se puede saber cuánto es demasiado. Como $\sum_i x_i t_i = 2 \sum_i x_i^2$, la pendiente
# vale $C'(p) = 2 \sum_i x_i^2\,(p - 2) = 28\,(p - 2)$. Cada paso multiplica la distancia al fondo
# por $1 - 28\,\eta$. Si ese número está entre $-1$ y $1$, la distancia se encoge; más allá, crece.

# %% [markdown] lang="en"
# ### Three learning rates
#
# Here we can know how much is too much. Since $\sum_i x_i t_i = 2 \sum_i x_i^2$, the slope is
# $C'(p) = 2 \sum_i x_i^2\,(p - 2) = 28\,(p - 2)$. Each step multiplies the distance to the bottom
# by $1 - 28\,\eta$. If that number lies between $-1$ and $1$, the distance shrinks; beyond, it
# grows.

# %%
assert 2 * np.sum(kilos**2) == 28 and np.sum(kilos * paid) == 2 * np.sum(kilos**2)
rates = [0.002, 0.02, 0.075]
for learning_rate in rates:
    path = descend(0, learning_rate, steps=6)
    print(f"η = {learning_rate}: {1 - 28 * learning_rate:6.3f}  {np.round(path, 2)}")


# %%
def draw_descents(titles, labels):
    figure, axes = plt.subplots(1, 3, figsize=(10, 4.2), sharey=True)
    candidates = np.linspace(-2, 6, 101)
    for axis, learning_rate, title in zip(axes, rates, titles, strict=True):
        path = descend(0, learning_rate, steps=6)
        axis.plot(candidates, [cost(p) for p in candidates], color=plots.GREY, alpha=0.5)
        axis.plot(path, [cost(p) for p in path], "o-", color=plots.BLUE, markersize=9)
        axis.plot(path[-1], cost(path[-1]), "o", color=plots.ORANGE, markersize=15)
        axis.set(title=f"{title}\n$η = {learning_rate}$", xlabel=labels[0])
        axis.set_xticks([0, 2, 4])
    axes[0].set_ylabel(labels[1])
    return figure


# %% lang="es"
plots.show(
    draw_descents(["demasiado pequeña", "adecuada", "demasiado grande"], ["precio $p$", "coste"]),
    "Seis pasos sobre la curva del coste: con la tasa pequeña apenas baja, con la adecuada llega "
    "al fondo y con la grande salta de lado a lado, cada vez más arriba.",
)

# %% lang="en"
plots.show(
    draw_descents(["too small", "right", "too large"], ["price $p$", "cost"]),
    "Six steps on the cost curve: with the small rate it hardly goes down, with the right one it "
    "gets to the bottom and with the large one it jumps from side to side, higher each time.",
)

# %% [markdown] lang="es"
# El punto naranja es el final, tras seis pasos. A la izquierda, casi no se ha movido. En el
# centro, ha llegado. A la derecha, el factor es $-1.1$: cada salto pasa de largo y acaba más
# arriba que antes.

# %% [markdown] lang="en"
# The orange dot is the end, after six steps. On the left, it has hardly moved. In the middle, it
# has arrived. On the right, the factor is $-1.1$: each jump overshoots and ends higher than
# before.

# %% [markdown] lang="es"
# ## Regresión lineal: el precio de una casa
#
# ### Una tabla inventada
#
# Con varias entradas no cambia casi nada. Fabricamos 200 casas: superficie (de 40 a 160 m²),
# antigüedad (de 0 a 50 años) y precio, en miles. El precio sigue una receta que la neurona no
# verá, más un azar de desviación estándar 20. Entrenamos con 150 casas y guardamos 50 para
# examinarla.

# %% [markdown] lang="en"
# ## Linear regression: the price of a house
#
# ### An invented table
#
# With several inputs hardly anything changes. We make up 200 houses: area (from 40 to 160 m²), age
# (from 0 to 50 years) and price, in thousands. The price follows a recipe that the neuron will not
# see, plus chance with standard deviation 20. We train on 150 houses and keep 50 to examine it.

# %%
rng = np.random.default_rng(0)
area, age = rng.uniform(40, 160, 200), rng.uniform(0, 50, 200)
prices = 40 + 2.5 * area - 1.5 * age + rng.normal(0, 20, 200)
print(np.column_stack([area, age, prices])[:4].round().astype(int))

# %% [markdown] lang="es"
# Cada fila es una casa: superficie, antigüedad, precio. Antes de entrenar, **estandarizamos** las
# entradas: restamos la media y dividimos entre la desviación estándar de las casas de
# entrenamiento. Así las dos pesan parecido, y una misma tasa sirve para ambas.

# %% [markdown] lang="en"
# Each row is a house: area, age, price. Before training we **standardise** the inputs: we subtract
# the mean and divide by the standard deviation of the training houses. The two then have a similar
# size, and one learning rate suits both.

# %%
houses = np.column_stack([area, age])
houses = (houses - houses[:150].mean(axis=0)) / houses[:150].std(axis=0)
houses_train, houses_test = houses[:150], houses[150:]
prices_train, prices_test = prices[:150], prices[150:]

# %% [markdown] lang="es"
# ### El mismo descenso, con vectores
#
# Ahora $y = w \cdot x + b$, sin umbral: la neurona responde un número. El coste es la *media* de
# $(y - t)^2$ sobre las $n$ casas, para que la tasa no dependa de cuántas sean. Su pendiente
# respecto a $w$ es $\frac{2}{n} X^\top (y - t)$, con una casa por fila en la matriz $X$; respecto
# a $b$, el doble del error medio.

# %% [markdown] lang="en"
# ### The same descent, with vectors
#
# Now $y = w \cdot x + b$, without a threshold: the neuron answers a number. The cost is the *mean*
# of $(y - t)^2$ over the $n$ houses, so that the rate does not depend on how many there are. Its
# slope with respect to $w$ is $\frac{2}{n} X^\top (y - t)$, with one house in each row of the
# matrix $X$; with respect to $b$, twice the mean error.


# %%
def gradient_step(weights, bias, x, targets, learning_rate):
    errors = x @ weights + bias - targets
    weights = weights - learning_rate * 2 * x.T @ errors / len(x)
    bias = bias - learning_rate * 2 * errors.mean()
    return weights, bias


weights, bias = np.zeros(2), 0.0
for _ in range(200):
    weights, bias = gradient_step(weights, bias, houses_train, prices_train, learning_rate=0.1)

# %% [markdown] lang="es"
# ### ¿Se equivoca mucho? El RMSE
#
# El error cuadrático medio se mide en miles al cuadrado, que nadie entiende. Su raíz, el **RMSE**
# (*root mean squared error*), vuelve a estar en miles. Lo medimos con las casas que la neurona no
# ha visto.

# %% [markdown] lang="en"
# ### Is it far off? The RMSE
#
# The mean squared error comes in squared thousands, which nobody can picture. Its root, the
# **RMSE** (*root mean squared error*), is in thousands again. We measure it on the houses that the
# neuron has not seen.


# %%
def rmse(outputs, targets):
    return np.sqrt(np.mean((outputs - targets) ** 2))


predicted = houses_test @ weights + bias

# %% lang="es"
ck.claim("RMSE en casas nuevas, en miles", rmse(predicted, prices_test), at_most=28)
guess = rmse(prices_train.mean(), prices_test)
ck.claim("RMSE de decir siempre la media", guess, at_least=60)

# %% lang="en"
ck.claim("RMSE on new houses, in thousands", rmse(predicted, prices_test), at_most=28)
guess = rmse(prices_train.mean(), prices_test)
ck.claim("RMSE of always saying the mean", guess, at_least=60)

# %% lang="es"
figure, axis = plt.subplots(figsize=(7, 5))
axis.axline((250, 250), slope=1, color=plots.GREY, lw=2)
axis.plot(prices_test, predicted, "o", markersize=10, alpha=0.8)
axis.set(xlabel="precio verdadero (miles)", ylabel="precio predicho (miles)")
plots.show(
    figure, "Precio predicho contra precio verdadero de 50 casas: puntos junto a la diagonal."
)

# %% lang="en"
figure, axis = plt.subplots(figsize=(7, 5))
axis.axline((250, 250), slope=1, color=plots.GREY, lw=2)
axis.plot(prices_test, predicted, "o", markersize=10, alpha=0.8)
axis.set(xlabel="true price (thousands)", ylabel="predicted price (thousands)")
plots.show(figure, "Predicted against true price of 50 houses: dots close to the diagonal.")

# %% [markdown] lang="es"
# Los puntos siguen la diagonal, donde predicción y verdad coinciden. Lo que falta es, sobre todo,
# el azar de desviación estándar 20 que pusimos nosotros: ninguna neurona puede adivinarlo.

# %% [markdown] lang="en"
# The dots follow the diagonal, where prediction and truth agree. What is missing is mostly the
# chance with standard deviation 20 that we put in ourselves: no neuron can guess it.

# %% [markdown] lang="es"
# ### La fórmula cerrada
#
# Este problema también tiene solución exacta: se iguala la pendiente a cero y se despeja. Con una
# columna de unos en $X$ para el sesgo, queda el sistema $X^\top X\,w = X^\top t$. ¿Llega el
# descenso al mismo sitio?

# %% [markdown] lang="en"
# ### The closed form
#
# This problem also has an exact solution: set the slope to zero and solve. With a column of ones
# in $X$ for the bias, what is left is the system $X^\top X\,w = X^\top t$. Does the descent get to
# the same place?

# %%
X = np.column_stack([houses_train, np.ones(len(houses_train))])
closed = np.linalg.solve(X.T @ X, X.T @ prices_train)
difference = np.abs(closed - [*weights, bias]).max()

# %% lang="es"
ck.claim("mayor diferencia entre descenso y fórmula", difference, at_most=1e-6)

# %% lang="en"
ck.claim("largest difference between descent and formula", difference, at_most=1e-6)

# %% [markdown] lang="es"
# Son los mismos pesos. ¿Para qué descender, entonces? Porque con casi cualquier otra neurona no
# hay fórmula, y el descenso sigue funcionando.

# %% [markdown] lang="en"
# They are the same weights. Why descend, then? Because for almost any other neuron there is no
# formula, and the descent still works.

# %% [markdown] lang="es"
# ### Descenso estocástico: casa por casa
#
# Con millones de ejemplos, mirar todos para dar un paso sale caro. El **descenso de gradiente
# estocástico** (*stochastic gradient descent*, SGD) da un paso con cada ejemplo, en orden
# aleatorio. Es la misma función, con una sola casa. Un paso suelto puede apuntar mal; en promedio,
# apuntan bien.

# %% [markdown] lang="en"
# ### Stochastic descent: house by house
#
# With millions of examples, looking at all of them to take one step is expensive. **Stochastic
# gradient descent** (SGD) takes a step with each example, in random order. It is the same
# function, with a single house. A single step may point the wrong way; on average, they point the
# right way.


# %%
def sgd_pass(weights, bias, learning_rate, rng):
    for i in rng.permutation(len(houses_train)):
        x, targets = houses_train[[i]], prices_train[[i]]
        weights, bias = gradient_step(weights, bias, x, targets, learning_rate)
    return weights, bias


# %% [markdown] lang="es"
# ### ¿Cuándo parar?
#
# Una regla sencilla: parar cuando una pasada ya casi no mueve los pesos,
# $\|w_k - w_{k-1}\| < \varepsilon$, donde $w_k$ son los pesos tras la pasada $k$ y $\varepsilon$
# es nuestra paciencia. Probamos dos tasas: una fija, y otra que se divide entre $k$.

# %% [markdown] lang="en"
# ### When to stop?
#
# A simple rule: stop when a pass hardly moves the weights any more,
# $\|w_k - w_{k-1}\| < \varepsilon$, where $w_k$ are the weights after pass $k$ and $\varepsilon$
# is our patience. We try two rates: a fixed one, and one that is divided by $k$.


# %%
def sgd(rate, epsilon, passes=40):
    rng = np.random.default_rng(0)
    weights, bias, moves = np.zeros(2), 0.0, []
    for k in range(1, passes + 1):
        previous = weights
        weights, bias = sgd_pass(weights, bias, rate(k), rng)
        moves.append(np.linalg.norm(weights - previous))
        if moves[-1] < epsilon:
            break
    return weights, bias, moves


# %%
epsilon = 0.1
_, _, fixed_moves = sgd(lambda k: 0.02, epsilon)
weights, bias, moves = sgd(lambda k: 0.02 / k, epsilon)
distance = np.abs(closed - [*weights, bias]).max()

# %% lang="es"
ck.claim("pasadas hasta parar, tasa decreciente", len(moves), at_most=25)
ck.claim("pasadas con tasa fija (límite: 40)", len(fixed_moves), at_least=30)
ck.claim("distancia a la fórmula cerrada, en miles", distance, at_most=2)

# %% lang="en"
ck.claim("passes until the stop, decreasing rate", len(moves), at_most=25)
ck.claim("passes with a fixed rate (limit: 40)", len(fixed_moves), at_least=30)
ck.claim("distance to the closed form, in thousands", distance, at_most=2)

# %% lang="es"
figure, axis = plt.subplots(figsize=(10, 4))
axis.semilogy(range(1, len(fixed_moves) + 1), fixed_moves, "o-", label="tasa fija")
axis.semilogy(range(1, len(moves) + 1), moves, "s-", lw=4, label="tasa decreciente")
axis.axhline(epsilon, color="black", ls="--", label="parar: $ε$")
axis.set(xlabel="pasada $k$", ylabel=r"$\|w_k - w_{k-1}\|$", ylim=(0.03, 900))
axis.legend(loc="upper right", ncols=3)
plots.show(
    figure, "Lo que se mueven los pesos: con tasa decreciente baja de ε; con tasa fija oscila."
)

# %% lang="en"
figure, axis = plt.subplots(figsize=(10, 4))
axis.semilogy(range(1, len(fixed_moves) + 1), fixed_moves, "o-", label="fixed rate")
axis.semilogy(range(1, len(moves) + 1), moves, "s-", lw=4, label="decreasing rate")
axis.axhline(epsilon, color="black", ls="--", label="stop: $ε$")
axis.set(xlabel="pass $k$", ylabel=r"$\|w_k - w_{k-1}\|$", ylim=(0.03, 900))
axis.legend(loc="upper right", ncols=3)
plots.show(
    figure,
    "How much the weights move: with a decreasing rate, below ε; with a fixed one, it wobbles.",
)

# %% [markdown] lang="es"
# Con tasa fija, cada casa sigue tirando de los pesos y nunca se están quietos. Con tasa
# decreciente se calman y la regla para, muy cerca de la fórmula. Cuidado: una tasa que baja
# demasiado deprisa también se para, y lejos del fondo.

# %% [markdown] lang="en"
# With a fixed rate, each house keeps pulling at the weights and they never rest. With a decreasing
# rate they settle and the rule stops, very close to the formula. Beware: a rate that falls too
# fast stops as well, and far from the bottom.

# %% [markdown] lang="es"
# ## La neurona sigmoide
#
# ### Un escalón no tiene pendiente
#
# El perceptrón responde con un escalón: 0 o 1. Su pendiente es 0 en casi todas partes, así que el
# descenso de gradiente no sabe hacia dónde ir. La **sigmoide** es un escalón suave:
# $\sigma(z) = \frac{1}{1 + e^{-z}}$, con $z = w \cdot x + b$. Responde cualquier número entre 0 y
# 1, que leemos como probabilidad de «sí».

# %% [markdown] lang="en"
# ## The sigmoid neuron
#
# ### A step has no slope
#
# The perceptron answers with a step: 0 or 1. Its slope is 0 almost everywhere, so gradient descent
# cannot know which way to go. The **sigmoid** is a soft step: $\sigma(z) = \frac{1}{1 + e^{-z}}$,
# with $z = w \cdot x + b$. It answers any number between 0 and 1, which we read as the probability
# of "yes".


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


x, weights = np.array([1, 1, 0]), np.array([0.3, 0.6, 0.1])
z = weights @ x
assert np.isclose(z, 0.9)
print(f"σ({z:.1f}) = {sigmoid(z):.3f}")

# %% lang="es"
figure, axis = plt.subplots(figsize=(10, 3.8))
z_values = np.linspace(-6, 6, 241)
axis.step(z_values, z_values > 0, color=plots.GREY, label="escalón")
axis.plot(z_values, sigmoid(z_values), color=plots.BLUE, lw=4, label="sigmoide")
axis.plot(z, sigmoid(z), "o", color=plots.ORANGE, markersize=14, label="hoy")
axis.set(xlabel="$z = w·x + b$", ylabel="respuesta")
axis.legend()
plots.show(
    figure, "El escalón salta de 0 a 1; la sigmoide sube poco a poco y pasa por el punto de hoy."
)

# %% lang="en"
figure, axis = plt.subplots(figsize=(10, 3.8))
z_values = np.linspace(-6, 6, 241)
axis.step(z_values, z_values > 0, color=plots.GREY, label="step")
axis.plot(z_values, sigmoid(z_values), color=plots.BLUE, lw=4, label="sigmoid")
axis.plot(z, sigmoid(z), "o", color=plots.ORANGE, markersize=14, label="today")
axis.set(xlabel="$z = w·x + b$", ylabel="answer")
axis.legend()
plots.show(
    figure,
    "The step jumps from 0 to 1; the sigmoid climbs little by little, through today's point.",
)

# %% [markdown] lang="es"
# Con pesos $w = (0.3, 0.6, 0.1)$ y sin sesgo, el día $x = (1, 1, 0)$ da $\sigma(0.9) = 0.711$, el
# punto naranja: «probablemente sí». Un peso que cambia un poco cambia un poco la respuesta, y eso
# es lo que el descenso necesita.

# %% [markdown] lang="en"
# With weights $w = (0.3, 0.6, 0.1)$ and no bias, the day $x = (1, 1, 0)$ gives
# $\sigma(0.9) = 0.711$, the orange dot: "probably yes". A weight that changes a little changes the
# answer a little, and that is what the descent needs.

# %% [markdown] lang="es"
# ## Regresión logística: ¿un 4 o un 9?
#
# ### Dos dígitos que se confunden
#
# Una neurona sigmoide que se entrena para clasificar se llama **regresión logística**. Le pedimos
# algo difícil: separar los 4 de los 9 de MNIST, dígitos escritos a mano por cientos de personas.
# Cada imagen tiene $28 \times 28$ píxeles: 784 entradas, 784 pesos.

# %% [markdown] lang="en"
# ## Logistic regression: a 4 or a 9?
#
# ### Two digits easily mistaken
#
# A sigmoid neuron that is trained to classify is called **logistic regression**. We ask for
# something hard: to tell the 4s from the 9s of MNIST, digits written by hand by hundreds of
# people. Each picture has $28 \times 28$ pixels: 784 inputs, 784 weights.


# %%
def four_or_nine(images, labels, count):
    chosen = np.flatnonzero((labels == 4) | (labels == 9))[:count]
    return images[chosen].reshape(-1, 784) / 255, (labels[chosen] == 9).astype(float)


images_train, labels_train, images_test, labels_test = ck.data.mnist()
x_train, targets_train = four_or_nine(images_train, labels_train, 4000)
x_test, targets_test = four_or_nine(images_test, labels_test, None)
print(x_train.shape, x_test.shape)

# %% lang="es"
examples = [*np.flatnonzero(targets_train == 0)[:6], *np.flatnonzero(targets_train == 1)[:6]]
pictures = x_train[examples].reshape(-1, 28, 28)
plots.images(pictures, columns=6, alt="Seis 4 en la fila de arriba y seis 9 en la de abajo.")

# %% lang="en"
examples = [*np.flatnonzero(targets_train == 0)[:6], *np.flatnonzero(targets_train == 1)[:6]]
pictures = x_train[examples].reshape(-1, 28, 28)
plots.images(pictures, columns=6, alt="Six 4s in the upper row and six 9s in the lower one.")

# %% [markdown] lang="es"
# Arriba, seis 4; abajo, seis 9. Casi todo coincide: el palo, la curva. La diferencia suele estar
# en si el trazo se cierra por arriba. Usamos 4000 imágenes para entrenar y 1991 de prueba, de
# otras personas. La respuesta correcta es $t = 0$ para un 4 y $t = 1$ para un 9.

# %% [markdown] lang="en"
# Above, six 4s; below, six 9s. Almost everything is alike: the stem, the curve. The difference is
# usually whether the stroke closes at the top. We use 4000 pictures to train and 1991 to test,
# from other people. The right answer is $t = 0$ for a 4 and $t = 1$ for a 9.

# %% [markdown] lang="es"
# ### Restar la imagen media
#
# Como con las casas, preparamos las entradas: los píxeles ya van de 0 a 1, y les restamos la
# imagen media de entrenamiento. El descenso puede dar así pasos más largos. Anotamos además qué
# píxeles tienen tinta alguna vez (`inked`): los demás, en los bordes, valen siempre 0.

# %% [markdown] lang="en"
# ### Subtracting the mean picture
#
# As with the houses, we prepare the inputs: the pixels already go from 0 to 1, and we subtract the
# mean training picture. The descent can then take longer steps. We also note which pixels ever
# have ink (`inked`): the others, at the edges, are always 0.

# %%
inked = x_train.any(axis=0)
mean_picture = x_train.mean(axis=0)
x_train, x_test = x_train - mean_picture, x_test - mean_picture
print(inked.sum(), (~inked).sum())

# %% [markdown] lang="es"
# En 597 píxeles hay tinta en alguna imagen; en los otros 187, nunca. Recuérdalos: volverán.

# %% [markdown] lang="en"
# In 597 pixels there is ink in some picture; in the other 187, never. Remember them: they will be
# back.

# %% [markdown] lang="es"
# ### Hacia delante, y la pérdida
#
# *Hacia delante* (*forward*): $y = \sigma(Xw + b)$, las $n$ imágenes a la vez, una por fila de $X$
# (`outputs`). Para medir el fallo, la **entropía cruzada** (*cross-entropy*) es la pérdida natural
# de una probabilidad:
# $L = -\frac{1}{n} \sum_i \left[ t_i \log y_i + (1 - t_i) \log (1 - y_i) \right]$. Castiga sin
# límite al que se equivoca muy seguro.

# %% [markdown] lang="en"
# ### Forward, and the loss
#
# *Forward*: $y = \sigma(Xw + b)$, all $n$ pictures at once, one in each row of $X$ (`outputs`). To
# measure the mistakes, **cross-entropy** is the natural loss for a probability:
# $L = -\frac{1}{n} \sum_i \left[ t_i \log y_i + (1 - t_i) \log (1 - y_i) \right]$. It punishes
# without limit whoever is wrong and very sure.


# %%
def forward(x, weights, bias):
    return sigmoid(x @ weights + bias)


def cross_entropy(outputs, targets):
    return -np.mean(targets * np.log(outputs) + (1 - targets) * np.log(1 - outputs))


print(f"{cross_entropy(forward(x_train, np.zeros(784), 0), targets_train):.4f}", f"{np.log(2):.4f}")

# %% [markdown] lang="es"
# Con todo en cero, la neurona responde 0.5 a cada imagen y la pérdida es $\log 2$: la de quien
# tira una moneda.

# %% [markdown] lang="en"
# With everything at zero, the neuron answers 0.5 to each picture and the loss is $\log 2$: that of
# someone who tosses a coin.

# %% [markdown] lang="es"
# ### Hacia atrás, y el paso
#
# *Hacia atrás* (*backward*): la regla de la cadena. Como $\sigma'(z) = y\,(1 - y)$, casi todo se
# cancela y queda $\frac{\partial L}{\partial w} = \frac{1}{n} X^\top (y - t)$ y
# $\frac{\partial L}{\partial b} = \frac{1}{n} \sum_i (y_i - t_i)$. Es la misma forma que en las
# casas. El paso (*update*) ya lo conoces.

# %% [markdown] lang="en"
# ### Backward, and the step
#
# *Backward*: the chain rule. Since $\sigma'(z) = y\,(1 - y)$, almost everything cancels and what
# is left is $\frac{\partial L}{\partial w} = \frac{1}{n} X^\top (y - t)$ and
# $\frac{\partial L}{\partial b} = \frac{1}{n} \sum_i (y_i - t_i)$. It has the same form as with
# the houses. The step (*update*) you know already.


# %%
def backward(x, outputs, targets):
    errors = (outputs - targets) / len(x)
    return x.T @ errors, errors.sum()


def update(weights, bias, weights_gradient, bias_gradient, learning_rate):
    return weights - learning_rate * weights_gradient, bias - learning_rate * bias_gradient


# %% [markdown] lang="es"
# ¿Está bien la derivada? La comparamos con la pendiente medida, como hicimos con los kilos, en el
# píxel más usado.

# %% [markdown] lang="en"
# Is the derivative right? We compare it with the measured slope, as we did with the kilos, at the
# pixel used most.

# %%
weights, nudge = np.zeros(784), np.zeros(784)
pixel = mean_picture.argmax()
nudge[pixel] = h
up, down = forward(x_train, weights + nudge, 0), forward(x_train, weights - nudge, 0)
measured = (cross_entropy(up, targets_train) - cross_entropy(down, targets_train)) / (2 * h)
gradient, _ = backward(x_train, forward(x_train, weights, 0), targets_train)
difference = abs(measured - gradient[pixel])

# %% lang="es"
ck.claim("diferencia entre derivada y pendiente medida", difference, at_most=1e-6)

# %% lang="en"
ck.claim("difference between derivative and measured slope", difference, at_most=1e-6)

# %% [markdown] lang="es"
# ### Entrenar
#
# Los pesos empiezan al azar y pequeños. Después, 200 veces: hacia delante, pérdida, hacia atrás,
# paso. Dejamos un hueco, `shrink`, para algo que haremos enseguida con los pesos después de cada
# paso; por ahora no los toca.

# %% [markdown] lang="en"
# ### Training
#
# The weights start random and small. Then, 200 times: forward, loss, backward, step. We leave a
# place, `shrink`, for something that we shall soon do to the weights after each step; for now it
# does not touch them.


# %%
def train(shrink=lambda weights: weights, steps=200, learning_rate=1.0, seed=0):
    weights, bias = np.random.default_rng(seed).normal(0, 0.05, 784), 0.0
    losses = []
    for _ in range(steps):
        outputs = forward(x_train, weights, bias)
        losses.append(cross_entropy(outputs, targets_train))
        gradients = backward(x_train, outputs, targets_train)
        weights, bias = update(weights, bias, *gradients, learning_rate)
        weights = shrink(weights)
    return weights, bias, losses


# %%
def accuracy(weights, bias):
    return np.mean((forward(x_test, weights, bias) > 0.5) == targets_test)


plain_weights, plain_bias, losses = train()
assert np.all(np.diff(losses) < 0)

# %% lang="es"
ck.claim("exactitud de prueba", accuracy(plain_weights, plain_bias), at_least=0.95)
figure, axis = plt.subplots(figsize=(10, 3.6))
axis.plot(losses, lw=4)
axis.axhline(np.log(2), color=plots.GREY, ls="--", label=r"moneda: $\log 2$")
axis.set(xlabel="paso", ylabel="pérdida", ylim=(0, 0.85))
axis.legend()
plots.show(figure, "La pérdida de entrenamiento cae deprisa al principio y despacio después.")

# %% lang="en"
ck.claim("test accuracy", accuracy(plain_weights, plain_bias), at_least=0.95)
figure, axis = plt.subplots(figsize=(10, 3.6))
axis.plot(losses, lw=4)
axis.axhline(np.log(2), color=plots.GREY, ls="--", label=r"coin: $\log 2$")
axis.set(xlabel="step", ylabel="loss", ylim=(0, 0.85))
axis.legend()
plots.show(figure, "The training loss falls fast at first and slowly afterwards.")

# %% [markdown] lang="es"
# La pérdida baja sin parar y la **exactitud** (*accuracy*) supera 0.95 en imágenes que la neurona
# nunca vio. Una sola neurona, escrita en NumPy.

# %% [markdown] lang="en"
# The loss goes down all the way and the **accuracy** is above 0.95 on pictures that the neuron has
# never seen. A single neuron, written in NumPy.

# %% [markdown] lang="es"
# ### ¿En qué se equivoca?
#
# Mira siempre los fallos. Estos son los cinco en los que la neurona estaba más segura de la
# respuesta equivocada.

# %% [markdown] lang="en"
# ### What does it get wrong?
#
# Always look at the mistakes. These are the five where the neuron was surest of the wrong answer.

# %%
surprise = np.abs(forward(x_test, plain_weights, plain_bias) - targets_test)
worst = np.argsort(-surprise)[:5]
pictures = (x_test[worst] + mean_picture).reshape(-1, 28, 28)

# %% lang="es"
titles = [f"es un {9 if target else 4}" for target in targets_test[worst]]
plots.images(
    pictures, titles, alt="Cinco dígitos de prueba mal clasificados, con su clase verdadera."
)

# %% lang="en"
titles = [f"it is a {9 if target else 4}" for target in targets_test[worst]]
plots.images(pictures, titles, alt="Five misclassified test digits, with their true class.")

# %% [markdown] lang="es"
# Algunos nos harían dudar también a nosotros. Otros no: una neurona que solo suma píxeles no sabe
# qué es un trazo.

# %% [markdown] lang="en"
# Some would make us hesitate too. Others would not: a neuron that only adds up pixels does not
# know what a stroke is.

# %% [markdown] lang="es"
# ### Domar los pesos: L2 y L1
#
# Con tantos pesos, conviene que solo crezcan los que de verdad ayudan. La **regularización** añade
# a la pérdida el tamaño de los pesos: $\frac{\lambda}{2} \sum_j w_j^2$ (**L2**) o
# $\lambda \sum_j |w_j|$ (**L1**). Tras cada paso, L2 divide cada peso entre $1 + \eta \lambda$:
# los encoge en proporción. L1 les resta $\eta \lambda$, y al que cruzaría el cero lo deja en 0
# *exacto* (umbral suave, *soft threshold*). El sesgo no se toca.

# %% [markdown] lang="en"
# ### Taming the weights: L2 and L1
#
# With so many weights, only those that really help should grow. **Regularisation** adds the size
# of the weights to the loss: $\frac{\lambda}{2} \sum_j w_j^2$ (**L2**) or $\lambda \sum_j |w_j|$
# (**L1**). After each step, L2 divides each weight by $1 + \eta \lambda$: it shrinks them in
# proportion. L1 subtracts $\eta \lambda$ from their size, and one that would cross zero is left at
# *exactly* 0 (a *soft threshold*). The bias is left alone.


# %%
def shrink_l2(weights, amount=0.01):
    return weights / (1 + amount)


def shrink_l1(weights, amount=0.001):
    return weights - np.clip(weights, -amount, amount)


print(shrink_l1(np.array([-0.5, -0.02, 0.03, 0.4]), amount=0.1))

# %% [markdown] lang="es"
# Los pesos grandes pierden 0.1; los pequeños desaparecen. Entrenamos dos neuronas más, con
# `amount` igual a $\eta \lambda$, y las comparamos.

# %% [markdown] lang="en"
# The large weights lose 0.1; the small ones vanish. We train two more neurons, with `amount` equal
# to $\eta \lambda$, and compare them.

# %%
l2_weights, l2_bias, _ = train(shrink_l2)
l1_weights, l1_bias, _ = train(shrink_l1)
zeros = [np.mean(weights[inked] == 0) for weights in (plain_weights, l2_weights, l1_weights)]
norms = [np.linalg.norm(weights) for weights in (plain_weights, l2_weights)]

# %% lang="es"
ck.claim("exactitud de prueba con L2", accuracy(l2_weights, l2_bias), at_least=0.95)
ck.claim("exactitud de prueba con L1", accuracy(l1_weights, l1_bias), at_least=0.95)
ck.claim("ceros exactos sin regularizar", zeros[0], at_most=0)
ck.claim("ceros exactos con L2", zeros[1], at_most=0)
ck.claim("ceros exactos con L1, en píxeles con tinta", zeros[2], at_least=0.5)
ck.claim("norma de los pesos: L2 frente a sin regularizar", norms[1] / norms[0], at_most=0.8)

# %% lang="en"
ck.claim("test accuracy with L2", accuracy(l2_weights, l2_bias), at_least=0.95)
ck.claim("test accuracy with L1", accuracy(l1_weights, l1_bias), at_least=0.95)
ck.claim("exact zeros without regularisation", zeros[0], at_most=0)
ck.claim("exact zeros with L2", zeros[1], at_most=0)
ck.claim("exact zeros with L1, in pixels with ink", zeros[2], at_least=0.5)
ck.claim("norm of the weights: L2 against no regularisation", norms[1] / norms[0], at_most=0.8)

# %% [markdown] lang="es"
# ### Los pesos, como imágenes
#
# Hay un peso por píxel, así que los pesos también son una imagen. El color dice hacia qué dígito
# empuja la tinta en ese píxel: azul, hacia el 9; naranja, hacia el 4. Blanco es cero: ese píxel no
# opina.

# %% [markdown] lang="en"
# ### The weights, as pictures
#
# There is one weight per pixel, so the weights are a picture too. The colour says towards which
# digit ink in that pixel pushes: blue, towards 9; orange, towards 4. White is zero: that pixel has
# no say.

# %% lang="es"
pictures = np.stack([plain_weights, l2_weights, l1_weights]).reshape(3, 28, 28)
titles = ["sin regularizar", "L2: pequeños", "L1: muchos ceros"]
alt = "Los pesos como imagen: con ruido sin regularizar, pálidos con L2 y casi blancos con L1."
plots.images(pictures, titles, columns=3, signed=True, alt=alt)

# %% lang="en"
pictures = np.stack([plain_weights, l2_weights, l1_weights]).reshape(3, 28, 28)
titles = ["no regularisation", "L2: small", "L1: many zeros"]
alt = "The weights as a picture: noisy without regularisation, pale with L2, mostly white with L1."
plots.images(pictures, titles, columns=3, signed=True, alt=alt)

# %% [markdown] lang="es"
# Sin regularizar, los bordes conservan el ruido del comienzo: ninguna imagen tiene tinta ahí y
# nada los corrige. L2 lo aclara todo. L1 borra más de la mitad de los píxeles con tinta, y deja
# ver lo esencial: la tinta arriba, donde el 9 se cierra, empuja hacia el 9.

# %% [markdown] lang="en"
# Without regularisation, the edges keep the noise of the beginning: no picture has ink there and
# nothing corrects them. L2 makes everything paler. L1 wipes out more than half of the pixels with
# ink, and shows what matters: ink at the top, where the 9 closes, pushes towards 9.

# %% [markdown] lang="es"
# ## La misma neurona en Keras
#
# ### Una capa de una sola unidad
#
# Hasta aquí, solo NumPy: ni Keras ni TensorFlow están en memoria, y lo comprobamos. En Keras, la
# neurona es una capa densa (`Dense`) de una unidad con activación sigmoide. Tiene 784 pesos y 1
# sesgo. La importación tarda unos segundos.

# %% [markdown] lang="en"
# ## The same neuron in Keras
#
# ### A layer of a single unit
#
# So far, only NumPy: neither Keras nor TensorFlow is in memory, and we check it. In Keras, the
# neuron is a dense layer (`Dense`) of one unit with a sigmoid activation. It has 784 weights and 1
# bias. The import takes a few seconds.

# %%
import sys

assert "keras" not in sys.modules and "tensorflow" not in sys.modules
import keras

keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(1, activation="sigmoid")])
assert model.count_params() == 784 + 1
print(model.count_params())

# %% [markdown] lang="es"
# ### Mismos pesos, mismas respuestas
#
# Copiamos en Keras los pesos que entrenamos con L1 y le damos las 1991 imágenes de prueba. Keras
# calcula con `float32`, de unas 7 cifras: aceptamos una diferencia de una millonésima.

# %% [markdown] lang="en"
# ### Same weights, same answers
#
# We copy into Keras the weights that we trained with L1 and give it the 1991 test pictures. Keras
# computes in `float32`, with some 7 digits: we accept a difference of one millionth.

# %%
model.set_weights([l1_weights[:, np.newaxis], np.array([l1_bias])])
keras_outputs = model.predict(x_test, verbose=0)[:, 0]
difference = np.abs(keras_outputs - forward(x_test, l1_weights, l1_bias)).max()
assert difference < 1e-6

# %% lang="es"
ck.claim("mayor diferencia entre las respuestas", difference, at_most=1e-6)

# %% lang="en"
ck.claim("largest difference between the answers", difference, at_most=1e-6)

# %% [markdown] lang="es"
# ### El mismo paso
#
# ¿Y aprende igual? `compile` elige el descenso y la pérdida; `train_on_batch` da un paso con todas
# las imágenes. Damos el mismo paso con nuestro código, desde los mismos pesos.

# %% [markdown] lang="en"
# ### The same step
#
# Does it learn alike? `compile` chooses the descent and the loss; `train_on_batch` takes one step
# with all the pictures. We take the same step with our code, from the same weights.

# %%
model.compile(optimizer=keras.optimizers.SGD(learning_rate=1.0), loss="binary_crossentropy")
_ = model.train_on_batch(x_train, targets_train[:, np.newaxis])
gradients = backward(x_train, forward(x_train, l1_weights, l1_bias), targets_train)
our_weights, our_bias = update(l1_weights, l1_bias, *gradients, learning_rate=1.0)
keras_weights, keras_bias = model.get_weights()
difference = np.abs(keras_weights[:, 0] - our_weights).max()
assert difference < 1e-6 and abs(keras_bias[0] - our_bias) < 1e-6

# %% lang="es"
ck.claim("mayor diferencia entre los pesos tras el paso", difference, at_most=1e-6)

# %% lang="en"
ck.claim("largest difference between the weights after the step", difference, at_most=1e-6)

# %% [markdown] lang="es"
# Misma neurona, misma derivada. Lo que Keras hace por ti, ya sabes hacerlo a mano.

# %% [markdown] lang="en"
# Same neuron, same derivative. What Keras does for you, you can already do by hand.

# %% [markdown] lang="es"
# ### Entrenar con `fit`, y una sorpresa
#
# Ahora Keras entrena desde el principio, en lotes (*batches*) de 32 imágenes y con L1. Una
# diferencia importante: Keras no usa el umbral suave; suma la penalización a la pérdida y baja por
# su pendiente. ¿Cuántos ceros exactos esperas?

# %% [markdown] lang="en"
# ### Training with `fit`, and a surprise
#
# Now Keras trains from the start, in batches of 32 pictures and with L1. One difference matters:
# Keras does not use the soft threshold; it adds the penalty to the loss and walks down its slope.
# How many exact zeros do you expect?

# %%
penalty = keras.regularizers.L1(0.001)
layer = keras.layers.Dense(1, activation="sigmoid", kernel_regularizer=penalty)
model = keras.Sequential([keras.Input((784,)), layer])
sgd_keras = keras.optimizers.SGD(learning_rate=0.1)
model.compile(optimizer=sgd_keras, loss="binary_crossentropy", metrics=["accuracy"])
_ = model.fit(x_train, targets_train, epochs=5, batch_size=32, verbose=0)
_, keras_accuracy = model.evaluate(x_test, targets_test, verbose=0)
keras_zeros = np.mean(model.get_weights()[0][inked] == 0)

# %% lang="es"
ck.claim("exactitud de prueba de Keras", keras_accuracy, at_least=0.94)
ck.claim("ceros exactos de Keras con L1", keras_zeros, at_most=0.05)

# %% lang="en"
ck.claim("test accuracy of Keras", keras_accuracy, at_least=0.94)
ck.claim("exact zeros of Keras with L1", keras_zeros, at_most=0.05)

# %% [markdown] lang="es"
# La exactitud supera 0.94, pero casi ningún peso es 0 exacto: cada paso salta el cero de un lado
# al otro sin posarse en él. El valor absoluto no tiene derivada en 0; por eso hacía falta el
# umbral suave.

# %% [markdown] lang="en"
# The accuracy is above 0.94, but hardly any weight is exactly 0: each step jumps over zero, from
# one side to the other, without landing on it. The absolute value has no derivative at 0; that is
# why the soft threshold was needed.

# %% [markdown] lang="es"
# ## Tu turno
#
# Cambia los puntos (`...`) por tu respuesta y ejecuta la celda de comprobación. Si fallas, te da
# una pista. La solución está plegada debajo: ábrela solo después de intentarlo.

# %% [markdown] lang="en"
# ## Your turn
#
# Replace the dots (`...`) with your answer and run the check. If you miss, it gives you a hint.
# The solution is folded below: open it only after trying.

# %% [markdown] lang="es"
# ### Ejercicio 1: tu decisión
#
# Sin buen tiempo no sales nunca. Con buen tiempo, basta *una* de las otras dos: polvo o ganas.
# Elige tres pesos y un sesgo que decidan así los ocho días. Después inventa tu propia decisión:
# ¿cuáles no se pueden escribir con una neurona?

# %% [markdown] lang="en"
# ### Exercise 1: your own decision
#
# Without good weather you never ride. With good weather, *one* of the other two is enough: dust or
# mood. Choose three weights and a bias that decide like that on all eight days. Then invent a
# decision of your own: which ones can't be written with one neuron?

# %%
my_weights = ...
my_bias = ...


# %%
def decides_well(answer):
    wanted = days[:, 0] * (days[:, 1] | days[:, 2])
    return np.array_equal(days @ np.array(answer[0]) + answer[1] > 0, wanted)


# %% lang="es"
my_hint = (
    "el buen tiempo debe ser imprescindible: las otras dos juntas, con el sesgo, no pasan de 0."
)
ck.check([my_weights, my_bias], decides_well, my_hint)

# %% lang="en"
my_hint = (
    "good weather must be indispensable: the other two together, with the bias, stay at most 0."
)
ck.check([my_weights, my_bias], decides_well, my_hint)

# %% lang="es" tags=["solution"]
# El tiempo pesa como las otras dos juntas; el sesgo exige más de 2.
my_weights, my_bias = [2, 1, 1], -2
ck.check([my_weights, my_bias], decides_well, my_hint)

# %% lang="en" tags=["solution"]
# The weather weighs as much as the other two together; the bias demands more than 2.
my_weights, my_bias = [2, 1, 1], -2
ck.check([my_weights, my_bias], decides_well, my_hint)

# %% [markdown] lang="es"
# ### Ejercicio 2: NAND
#
# NAND es «no las dos»: responde 0 solo para $(1, 1)$. Encuentra los pesos sin entrenar, pensando
# en la recta. Merece la pena: con muchas NAND conectadas se construye cualquier circuito digital.

# %% [markdown] lang="en"
# ### Exercise 2: NAND
#
# NAND is "not both": it answers 0 only for $(1, 1)$. Find the weights without training, by
# thinking of the line. It is worth it: with many NANDs connected you can build any digital
# circuit.

# %%
nand_weights = ...
nand_bias = ...


# %%
def is_nand(answer):
    return [predict(x, np.array(answer[0]), answer[1]) for x in pairs] == [1, 1, 1, 0]


# %% lang="es"
nand_hint = "parte de los pesos de AND: ¿qué pasa si cambias el signo de todo?"
ck.check([nand_weights, nand_bias], is_nand, nand_hint)

# %% lang="en"
nand_hint = "start from the weights of AND: what happens if you change every sign?"
ck.check([nand_weights, nand_bias], is_nand, nand_hint)

# %% lang="es" tags=["solution"]
# Los signos contrarios a los de AND, y un sesgo que no deje ninguna suma en 0.
nand_weights, nand_bias = [-1, -1], 1.5
ck.check([nand_weights, nand_bias], is_nand, nand_hint)

# %% lang="en" tags=["solution"]
# The opposite signs of AND, and a bias that leaves no sum at 0.
nand_weights, nand_bias = [-1, -1], 1.5
ck.check([nand_weights, nand_bias], is_nand, nand_hint)

# %% [markdown] lang="es"
# ### Ejercicio 3: la mayor tasa que aún converge
#
# Otro día compras $x = (1, 2, 2)$ kilos. ¿Por debajo de qué tasa de aprendizaje converge el
# descenso sobre $C(p)$? Da ese límite con tres cifras decimales. ¿Importa cuánto pagaste?

# %% [markdown] lang="en"
# ### Exercise 3: the largest rate that still converges
#
# Another day you buy $x = (1, 2, 2)$ kilos. Below which learning rate does the descent on $C(p)$
# converge? Give that limit to three decimal places. Does it matter how much you paid?

# %%
largest_rate = ...


# %%
def is_the_limit(rate):
    factors = 1 - 2 * np.array([0.99, 1.01]) * rate * np.sum(np.array([1, 2, 2]) ** 2)
    return abs(factors[0]) < 1 < abs(factors[1])


# %% lang="es"
rate_hint = "la distancia se multiplica por 1 - 2 η Σ x²; ¿cuándo llega a -1?"
ck.check(largest_rate, is_the_limit, rate_hint)

# %% lang="en"
rate_hint = "the distance is multiplied by 1 - 2 η Σ x²; when does it reach -1?"
ck.check(largest_rate, is_the_limit, rate_hint)

# %% lang="es" tags=["solution"]
# 1 - 2 η Σx² > -1 exige η < 1 / Σx². Lo pagado solo mueve el fondo, no cambia la curvatura.
largest_rate = 1 / np.sum(np.array([1, 2, 2]) ** 2)
ck.check(largest_rate, is_the_limit, rate_hint)

# %% lang="en" tags=["solution"]
# 1 - 2 η Σx² > -1 demands η < 1 / Σx². What was paid only moves the bottom, not the curvature.
largest_rate = 1 / np.sum(np.array([1, 2, 2]) ** 2)
ck.check(largest_rate, is_the_limit, rate_hint)

# %% [markdown] lang="es"
# ### Ejercicio 4: la derivada de otro coste
#
# Un dato disparatado, al cuadrado, lo arrastra todo. El coste $D(p) = \sum_i |t_i - x_i\,p|$ es
# más tranquilo. Escribe su derivada con `kilos`, `paid` y `np.sign`.

# %% [markdown] lang="en"
# ### Exercise 4: the derivative of another cost
#
# One wild number, squared, drags everything along. The cost $D(p) = \sum_i |t_i - x_i\,p|$ is
# calmer. Write its derivative with `kilos`, `paid` and `np.sign`.


# %%
def absolute_slope(p):
    return ...


# %%
def absolute_cost(p):
    return np.sum(np.abs(paid - kilos * p))


tried = (0, 1, 2, 3)
wanted = [(absolute_cost(p + h) - absolute_cost(p - h)) / (2 * h) for p in tried]

# %% lang="es"
slope_hint = "la derivada de |u| es el signo de u; después, regla de la cadena con u = t - x p."
ck.check(lambda: [absolute_slope(p) for p in tried], wanted, slope_hint)

# %% lang="en"
slope_hint = "the derivative of |u| is the sign of u; then the chain rule with u = t - x p."
ck.check(lambda: [absolute_slope(p) for p in tried], wanted, slope_hint)


# %% lang="es" tags=["solution"]
def absolute_slope(p):
    return -np.sum(kilos * np.sign(paid - kilos * p))


ck.check(lambda: [absolute_slope(p) for p in tried], wanted, slope_hint)


# %% lang="en" tags=["solution"]
def absolute_slope(p):
    return -np.sum(kilos * np.sign(paid - kilos * p))


ck.check(lambda: [absolute_slope(p) for p in tried], wanted, slope_hint)

# %% [markdown] lang="es"
# ### Ejercicio 5: XOR con una entrada más
#
# Una neurona no puede con XOR... con esas dos entradas. Inventa una tercera, calculada a partir de
# $x_1$ y $x_2$, con la que nuestra regla del perceptrón aprenda XOR. No vale devolver la
# respuesta: hay algo más sencillo.

# %% [markdown] lang="en"
# ### Exercise 5: XOR with one more input
#
# One neuron can't do XOR... with those two inputs. Invent a third one, computed from $x_1$ and
# $x_2$, with which our perceptron rule learns XOR. Returning the answer is cheating: there is
# something simpler.


# %%
def third_input(x_1, x_2):
    return ...


# %%
def learns_xor(column):
    history = learn(np.column_stack([pairs, column]), xor_targets, passes=200)
    return history[-1][2] == 0 and not np.array_equal(column, xor_targets)


# %% lang="es"
xor_hint = "busca un número que distinga (1, 1) de los otros tres días."
ck.check(lambda: third_input(pairs[:, 0], pairs[:, 1]), learns_xor, xor_hint)

# %% lang="en"
xor_hint = "look for a number that sets (1, 1) apart from the other three."
ck.check(lambda: third_input(pairs[:, 0], pairs[:, 1]), learns_xor, xor_hint)


# %% lang="es" tags=["solution"]
# El producto es un AND: la neurona puede sumar las dos entradas y restar mucho si ambas son 1.
def third_input(x_1, x_2):
    return x_1 * x_2


ck.check(lambda: third_input(pairs[:, 0], pairs[:, 1]), learns_xor, xor_hint)


# %% lang="en" tags=["solution"]
# The product is an AND: the neuron can add both inputs and subtract a lot if both are 1.
def third_input(x_1, x_2):
    return x_1 * x_2


ck.check(lambda: third_input(pairs[:, 0], pairs[:, 1]), learns_xor, xor_hint)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una neurona es una suma ponderada, un sesgo y una activación. Los pesos dicen qué importa; el
#   sesgo, cuánto cuesta decir sí.
# - La regla del perceptrón aprende de sus fallos y encuentra la recta, si existe. Para XOR no
#   existe.
# - Un coste con pendiente permite descender. La tasa de aprendizaje decide si llegas, si tardas o
#   si te alejas.
# - Regresión lineal y logística son la misma neurona con otra activación y otra pérdida.
# - L2 hace pequeños los pesos; L1, con el umbral suave, deja muchos en 0 exacto.
# - Keras calcula lo mismo que tú.

# %% [markdown] lang="en"
# ## What we learned
#
# - A neuron is a weighted sum, a bias and an activation. The weights say what matters; the bias,
#   how hard it is to say yes.
# - The perceptron rule learns from its mistakes and finds the line, if there is one. For XOR there
#   is none.
# - A cost with a slope lets you descend. The learning rate decides whether you arrive, take for
#   ever or move away.
# - Linear and logistic regression are the same neuron with another activation and another loss.
# - L2 makes the weights small; L1, with the soft threshold, leaves many at exactly 0.
# - Keras computes the same as you do.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - F. Rosenblatt, *The perceptron: a probabilistic model for information storage and organization
#   in the brain*, 1958.
# - A. B. J. Novikoff, *On convergence proofs on perceptrons*, 1962: por qué la regla termina.
# - M. Minsky y S. Papert, *Perceptrons*, 1969: lo que una neurona no puede.
# - H. Robbins y S. Monro, *A stochastic approximation method*, 1951: cómo debe bajar la tasa.
# - R. Tibshirani, *Regression shrinkage and selection via the lasso*, 1996: L1 y sus ceros.
#
# En la lección 2, varias neuronas juntas resuelven XOR.

# %% [markdown] lang="en"
# ## Further reading
#
# - F. Rosenblatt, *The perceptron: a probabilistic model for information storage and organization
#   in the brain*, 1958.
# - A. B. J. Novikoff, *On convergence proofs on perceptrons*, 1962: why the rule ends.
# - M. Minsky and S. Papert, *Perceptrons*, 1969: what one neuron cannot do.
# - H. Robbins and S. Monro, *A stochastic approximation method*, 1951: how the rate should fall.
# - R. Tibshirani, *Regression shrinkage and selection via the lasso*, 1996: L1 and its zeros.
#
# In lesson 2, several neurons together solve XOR.
