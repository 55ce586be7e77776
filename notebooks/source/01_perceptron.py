# ---
# jupyter:
#   coursekit:
#     title:
#       es: "El perceptrón: una neurona que decide y aprende"
#       en: "The perceptron: a neuron that decides and learns"
#     limits: {seconds: 15, cell_seconds: 5, memory_mb: 1000}
#     data: [mnist.npz]
#     needs: []
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Una sola neurona artificial ya puede decidir y corregirse. Al terminar podrás:
#
# - **decidir** con pesos, un umbral y un sesgo;
# - **programar** la regla que aprende AND y OR, y demostrar que una sola neurona no resuelve XOR;
# - **bajar** por la curva de una pérdida con descenso de gradiente, y elegir el tamaño del paso;
# - **deducir** la entropía cruzada y, en cuatro renglones, su gradiente;
# - **entrenar** desde cero una neurona que distingue dos dígitos, y medir qué aportan L1 y L2;
# - **escribir** la misma neurona en Keras y comprobar que calcula lo mismo.
#
# **Tiempo:** la lección se ejecuta en [[run time]]; leerla y resolver los ejercicios lleva unas
# tres horas, y hay un descanso marcado a la mitad. En una clase de una hora: hasta «La pérdida y su
# pendiente», y los ejercicios, en casa. **Necesitas:** Python básico, arreglos de NumPy y
# matemáticas de bachillerato, hasta la derivada y la regla de la cadena.

# %% [markdown] lang="en"
# # [[title]]
#
# A single artificial neuron can already decide and correct itself. By the end you will be able to:
#
# - **decide** with weights, a threshold and a bias;
# - **program** the rule that learns AND and OR, and prove that a single neuron cannot solve XOR;
# - **walk down** the curve of a loss with gradient descent, and choose the size of the step;
# - **derive** cross-entropy and, in four lines, its gradient;
# - **train** from scratch a neuron that tells two digits apart, and measure what L1 and L2
#   contribute;
# - **write** the same neuron in Keras and check that it computes the same thing.
#
# **Time:** the lesson runs in [[run time]]; reading it and solving the exercises takes about three
# hours, and a break is marked half-way. In a class of one hour: up to "The loss and its slope", and
# the exercises at home. **You need:** basic Python, NumPy arrays and secondary-school mathematics,
# up to derivatives and the chain rule.

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %%
import itertools

import matplotlib.pyplot as plt
import numpy as np
from coursekit import diagrams, planes, plots, style
from sklearn.datasets import load_breast_cancer

# %%
diagrams.neuron(["$w_1$", "$w_2$", "$w_3$"], "$w·x + b$", _("$y$: sí o no", "$y$: yes or no"))

# %% [markdown] lang="es"
# Cada **entrada** $x$ se multiplica por su **peso** $w$; la **neurona** suma todos los productos y
# un número propio, $b$; de la suma sale la respuesta $y$. La lección construye cada pieza y después
# deja que la neurona encuentre sola sus números. En este curso, como en Python, el signo decimal es
# el punto: $0.5$ es un medio.

# %% [markdown] lang="en"
# Each **input** $x$ is multiplied by its **weight** $w$; the **neuron** adds up all the products
# and a number of its own, $b$; the sum gives the answer $y$. The lesson builds each piece and then
# lets the neuron find its numbers by itself. In this course, as in Python, decimals are written
# with a point: $0.5$ is one half.

# %% [markdown] lang="es"
# ## Decidir con números
#
# ### ¿Salgo en bici este fin de semana?
#
# Tres preguntas, cada una con respuesta sí (1) o no (0): $x_1$, ¿hace buen tiempo?; $x_2$, ¿hay
# polvo, es decir, está seco el sendero?; $x_3$, ¿tengo ganas de hacer el viaje? Hoy
# $x = (1, 1, 0)$. A cada persona le importan cosas distintas, y sus **pesos** (*weights*) $w$ dicen
# cuánto. La neurona multiplica y suma: $w \cdot x = w_1 x_1 + w_2 x_2 + w_3 x_3$.

# %% [markdown] lang="en"
# ## Deciding with numbers
#
# ### Shall I ride my bike this weekend?
#
# Three questions, each answered yes (1) or no (0): $x_1$, is the weather good?; $x_2$, is there
# dust, that is, is the trail dry?; $x_3$, am I in the mood for the trip? Today $x = (1, 1, 0)$.
# Different people care about different things, and their **weights** $w$ say how much. The neuron
# multiplies and adds: $w \cdot x = w_1 x_1 + w_2 x_2 + w_3 x_3$.

# %%
today = np.array([1, 1, 0])
riders = {"Ana": np.array([3, 1, 5]), "Luis": np.array([2, 6, 1])}
for name, weights in riders.items():
    print(f"{name}: w = {weights}, w·x = {weights @ today}")

# %% [markdown] lang="es"
# En Python, `weights @ today` es la suma ponderada: el producto escalar (o producto punto). La suma
# de Ana es 4; la de Luis, a quien el polvo le importa mucho, es 8. El mismo día, dos opiniones.

# %% [markdown] lang="en"
# In Python, `weights @ today` is the weighted sum: the dot product. Ana's sum is 4; the sum of
# Luis, who cares a lot about the dust, is 8. Same day, two opinions.

# %% [markdown] lang="es"
# ### El umbral
#
# Una suma todavía no es una decisión. Falta un **umbral** (*threshold*): la neurona dice sí, o *se
# activa*, cuando la suma supera ese umbral. Pongamos el umbral en 5. Esta es la neurona de Luis,
# con líneas más gruesas donde el peso es mayor.

# %% [markdown] lang="en"
# ### The threshold
#
# A sum is not a decision yet. It still needs a **threshold**: the neuron says yes, or *fires*, when
# the sum goes over that threshold. Let us set the threshold at 5. This is Luis's neuron, with
# thicker lines where the weight is larger.

# %%
diagrams.neuron(
    riders["Luis"],
    "$w·x > 5$",
    _("1: sale\n0: se queda", "1: rides\n0: stays"),
    inputs=[_("¿buen tiempo?", "good weather?"), _("¿polvo?", "dust?"), _("¿ganas?", "in the mood?")],
)

# %% [markdown] lang="es"
# ### Los ocho días posibles
#
# Tres preguntas de sí o no dan $2^3 = 8$ días distintos. La tabla `days` tiene un día por fila, de
# $(0, 0, 0)$ a $(1, 1, 1)$, y una multiplicación, `days @ weights`, calcula las ocho sumas.

# %% [markdown] lang="en"
# ### The eight possible days
#
# Three yes-or-no questions give $2^3 = 8$ different days. The table `days` has one day in each row,
# from $(0, 0, 0)$ to $(1, 1, 1)$, and one multiplication, `days @ weights`, computes all eight
# sums.

# %%
threshold = 5
days = np.array(list(itertools.product([0, 1], repeat=3)))
print(_("      sumas              ¿sale?", "      sums               rides?"))
for name, weights in riders.items():
    print(f"{name:5} {days @ weights}  {(days @ weights > threshold).astype(int)}")

# %% [markdown] lang="es"
# A la derecha, un 1 dice que la suma pasa de 5; llegar justo a 5 no basta. Ana sale solo si tiene
# ganas ($x_3 = 1$) y se cumple alguna otra condición; Luis sale exactamente los días con polvo. Los
# pesos *son* su carácter.

# %% [markdown] lang="en"
# On the right, a 1 says that the sum goes over 5; reaching exactly 5 is not enough. Ana rides only
# if she is in the mood ($x_3 = 1$) and some other condition holds; Luis rides exactly on the dusty
# days. The weights *are* their character.

# %% [markdown] lang="es"
# ### Mover el umbral
#
# ¿Y si Luis se vuelve más perezoso, o más animado, sin cambiar de gustos? Los mismos pesos, otro
# umbral. Contamos los días en que sale con cada umbral de 0 a 9.

# %% [markdown] lang="en"
# ### Moving the threshold
#
# What if Luis gets lazier, or keener, without any change in his tastes? Same weights, different
# threshold. We count the days on which he rides for each threshold from 0 to 9.

# %%
thresholds = np.arange(10)
counts = np.array([np.sum(days @ riders["Luis"] > other) for other in thresholds])
print(_("umbral:", "threshold:   "), thresholds)
print(_("días:  ", "days he rides:"), counts)

# %% [markdown] lang="es"
# Al subir el umbral, Luis pierde días y no gana ninguno. Con umbral 0 sale por cualquier razón,
# siete de los ocho días; con umbral 9, que es la suma de todos los pesos, no sale nunca.

# %% [markdown] lang="en"
# As the threshold rises, Luis loses days and gains none. With threshold 0 any reason makes him
# ride, seven days out of eight; with threshold 9, the sum of all the weights, he never rides.

# %% [markdown] lang="es"
# ### El sesgo en lugar del umbral
#
# Comparar una suma con 5 equivale a restarle 5 y compararla con 0. El número que se suma siempre,
# sea cual sea el día, se llama **sesgo** (*bias*): $b = -\text{umbral}$. La decisión queda
# $w \cdot x + b > 0$. La ventaja: el sesgo se aprende igual que un peso más.

# %% [markdown] lang="en"
# ### The bias in place of the threshold
#
# Comparing a sum with 5 is the same as subtracting 5 and comparing with 0. The number that is
# always added, whatever the day, is called the **bias**: $b = -\text{threshold}$. The decision
# becomes $w \cdot x + b > 0$. The advantage: the bias is learnt just like any other weight.

# %%
for name, weights in riders.items():
    assert np.array_equal(days @ weights - 5 > 0, days @ weights > 5)
    print(name, int(weights @ today - 5 > 0))

# %% [markdown] lang="es"
# Las dos formas coinciden los ocho días (`assert` detendría la celda si no fuera así). Hoy, Ana se
# queda (0) y Luis sale (1).

# %% [markdown] lang="en"
# The two forms agree on all eight days (`assert` would stop the cell otherwise). Today Ana stays
# (0) and Luis rides (1).

# %% [markdown] lang="es"
# ### Ejercicio 1: tu decisión
#
# Sin buen tiempo no sales nunca. Con buen tiempo, basta *una* de las otras dos condiciones: polvo o
# ganas. Elige tres pesos y un sesgo que decidan así los ocho días.
#
# En cada ejercicio, cambia los puntos (`...`) por tu respuesta, ejecuta la celda y después la celda
# plegada de comprobación, que da una pista si hace falta. La solución va plegada debajo; el
# «correcto» que imprime se refiere a la solución, no a tu respuesta.

# %% [markdown] lang="en"
# ### Exercise 1: your own decision
#
# Without good weather you never ride. With good weather, *one* of the other two conditions is
# enough: dust or being in the mood. Choose three weights and a bias that decide this way on all
# eight days.
#
# In each exercise, replace the dots (`...`) with your answer, run the cell and then the folded
# check, which gives a hint if you need one. The solution is folded below; the "correct" that it
# prints refers to the solution, not to your answer.

# %%
my_weights = ...
my_bias = ...


# %% tags=["check"]
def decides_well(answer):
    wanted = days[:, 0] * (days[:, 1] | days[:, 2])
    return np.array_equal(days @ np.array(answer[0]) + answer[1] > 0, wanted)


my_hint = _(
    "escribe las sumas que no deben pasar de 0: la del buen tiempo solo y la de las otras dos condiciones juntas.",
    "write the sums that must not go over 0: good weather alone, and the other two conditions together.",
)
ck.check([my_weights, my_bias], decides_well, my_hint)

# %% tags=["solution"]
# es: El tiempo pesa tanto como las otras dos condiciones juntas; el sesgo exige una suma mayor que 2.
# en: The weather weighs as much as the other two conditions together; the bias demands a sum above 2.
my_weights, my_bias = [2, 1, 1], -2
ck.check([my_weights, my_bias], decides_well, my_hint)

# %% [markdown] lang="es"
# ## Aprender los pesos
#
# ### La regla del perceptrón
#
# Hasta aquí, los pesos los elegimos nosotros. Hacia 1960, Frank Rosenblatt propuso que la máquina los
# encontrase sola, con ejemplos. De cada entrada $x$ se conoce la respuesta correcta, el objetivo
# $t$ (*target*), y la neurona responde $y$. Si acierta, nada cambia. Si falla, se corrige hacia
# donde convenía:
#
# $$w \leftarrow w + (t - y)\,x, \qquad b \leftarrow b + (t - y)$$

# %% [markdown] lang="en"
# ## Learning the weights
#
# ### The perceptron rule
#
# So far we have chosen the weights ourselves. Around 1960, Frank Rosenblatt proposed that the
# machine should find them by itself, from examples. For each input $x$ the right answer, the
# *target* $t$, is known, and the neuron answers $y$. If it is right, nothing changes. If it is
# wrong, it corrects itself in the direction that would have helped:
#
# $$w \leftarrow w + (t - y)\,x, \qquad b \leftarrow b + (t - y)$$


# %%
def answer(x, weights, bias):
    return int(weights @ x + bias > 0)


def correct(x, target, weights, bias):
    error = target - answer(x, weights, bias)
    return weights + error * x, bias + error


# %% [markdown] lang="es"
# ### Una corrección a mano
#
# La neurona empieza con $w = (0, 0)$ y $b = 0$. Ve $x = (1, 1)$, con objetivo $t = 1$. La suma
# es 0, que no supera 0: la neurona responde $y = 0$ y falla, con $t - y = 1$. La regla da
# $w = (0, 0) + 1 \cdot (1, 1) = (1, 1)$ y $b = 0 + 1 = 1$. La suma nueva es $1 + 1 + 1 = 3$: ahora
# acierta. ¿Hace lo mismo el programa?

# %% [markdown] lang="en"
# ### One correction by hand
#
# The neuron starts with $w = (0, 0)$ and $b = 0$. It sees $x = (1, 1)$, with target $t = 1$. The
# sum is 0, which is not over 0: it answers $y = 0$ and is wrong, with $t - y = 1$. The rule gives
# $w = (0, 0) + 1 \cdot (1, 1) = (1, 1)$ and $b = 0 + 1 = 1$. The new sum is $1 + 1 + 1 = 3$: now it
# is right. Does the program do the same?

# %%
x = np.array([1, 1])
weights, bias = correct(x, 1, np.array([0, 0]), 0)
print(weights, bias, weights @ x + bias)

# %% [markdown] lang="es"
# Sí. Una corrección siempre empuja en el buen sentido: la suma de ese ejemplo cambia en
# $(t - y)(x \cdot x + 1)$, así que sube si faltaba un sí y baja si sobraba. Lo que la regla no mira
# es qué les pasa mientras tanto a los *otros* ejemplos.

# %% [markdown] lang="en"
# Yes. A correction always pushes the right way: the sum of that example changes by
# $(t - y)(x \cdot x + 1)$, so it goes up if a yes was missed and down if a yes was wrong. What the
# rule does not look at is what happens meanwhile to the *other* examples.

# %% [markdown] lang="es"
# ### Muchas épocas
#
# Una **época** (*epoch*) muestra todos los ejemplos una vez. `learn` empieza con todo en cero,
# repite épocas y guarda la neurona que queda tras cada una. Se detiene cuando una época entera no
# necesita ninguna corrección.

# %% [markdown] lang="en"
# ### Many epochs
#
# One **epoch** shows every example once. `learn` starts with everything at zero, repeats epochs and
# keeps the neuron that is left after each one. It stops when a whole epoch needs no correction at
# all.


# %%
def learn(inputs, targets, epochs):
    weights, bias, history = np.zeros(inputs.shape[1], dtype=int), 0, []
    for _ in range(epochs):
        corrections = 0
        for x, target in zip(inputs, targets, strict=True):
            corrections += answer(x, weights, bias) != target
            weights, bias = correct(x, target, weights, bias)
        history.append((weights, bias, corrections))
        if corrections == 0:
            break
    return history


# %% [markdown] lang="es"
# ### AND: sí cuando las dos entradas son sí
#
# Hay dos entradas, cuatro combinaciones (`pairs`), y la respuesta es 1 solo para $(1, 1)$. La
# neurona no conoce la palabra «y»: ve únicamente los cuatro ejemplos. Contamos las correcciones
# *durante* cada época y los fallos que quedan *después*.

# %% [markdown] lang="en"
# ### AND: yes when both inputs are yes
#
# There are two inputs, four combinations (`pairs`), and the answer is 1 only for $(1, 1)$. The
# neuron does not know the word "and": all it sees are the four examples. We count the corrections
# *during* each epoch and the mistakes that are left *after* it.

# %%
pairs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
and_targets = [0, 0, 0, 1]
and_history = learn(pairs, and_targets, epochs=20)


def report(history, targets, epochs):
    print(_("época  durante  después  w y b", "epoch  during   after    w and b"))
    for epoch in epochs:
        weights, bias, corrections = history[epoch - 1]
        mistakes = np.sum((pairs @ weights + bias > 0) != targets)
        print(f"{epoch:5}  {corrections:7}  {mistakes:7}  {weights} {bias}")


report(and_history, and_targets, range(1, len(and_history) + 1))

# %% [markdown] lang="es"
# En la época 1, la neurona, con los pesos y el sesgo en cero, responde 0 a todo, acierta los tres
# primeros ejemplos y corrige solo el cuarto. Pero esa corrección, la que hiciste a mano, estropea
# los otros tres, que la época ya dejó atrás: una corrección *durante*, tres fallos *después*. La
# época 6 no corrige nada: la neurona ha aprendido AND con $w = (2, 1)$ y $b = -2$, números que
# nadie le dio.

# %% [markdown] lang="en"
# In epoch 1, the neuron, with its weights and bias at zero, answers 0 to everything, gets the first
# three examples right and corrects only the fourth. But that correction, the one you did by hand,
# spoils the other three, which the epoch has already left behind: one correction *during*, three
# mistakes *after*. Epoch 6 corrects nothing: the neuron has learnt AND with $w = (2, 1)$ and
# $b = -2$, numbers that nobody gave it.

# %% [markdown] lang="es"
# ### La frontera, época a época
#
# Con dos entradas, la neurona se puede dibujar. Los puntos donde $w_1 x_1 + w_2 x_2 + b = 0$ forman
# una recta, la **frontera**: a un lado la neurona responde 1 (azul) y al otro 0 (naranja). Los
# cuadrados ($t = 1$) deben quedar en la parte azul y los círculos ($t = 0$) en la naranja; una cruz
# marca cada fallo.

# %% [markdown] lang="en"
# ### The boundary, epoch by epoch
#
# With two inputs, the neuron can be drawn. The points where $w_1 x_1 + w_2 x_2 + b = 0$ form a
# straight line, the **boundary**: on one side the neuron answers 1 (blue) and on the other 0
# (orange). Squares ($t = 1$) should end up in the blue region and circles ($t = 0$) in the orange
# one; a cross marks each mistake.

# %%
planes.boundaries(
    [state[:2] for state in and_history],
    pairs,
    and_targets,
    [_(f"tras la época {number}", f"after epoch {number}") for number in range(1, 7)],
    alt=_(
        "La frontera de AND tras seis épocas: desde la quinta solo (1, 1) está en el lado azul.",
        "The boundary of AND after six epochs: from the fifth on, only (1, 1) is on the blue side.",
    ),
)

# %% [markdown] lang="es"
# En el panel 1 la recta solo toca la esquina inferior izquierda, y por eso no se ve; después se
# mueve hasta separar el cuadrado de los tres círculos. Una corrección con $(0, 0)$ solo cambia $b$,
# y desplaza la recta sin girarla; las demás cambian también los pesos. El panel 6 repite el 5: sin
# fallos no hay cambios. Un punto justo sobre la recta cuenta como 0.

# %% [markdown] lang="en"
# In panel 1 the line only touches the lower left corner, so it is not seen; then it moves until it
# separates the square from the three circles. A correction with $(0, 0)$ changes only $b$, and
# shifts the line without turning it; the others change the weights too. Panel 6 repeats panel 5:
# without mistakes nothing changes. A point exactly on the line counts as 0.

# %% [markdown] lang="es"
# ### OR: sí cuando alguna entrada es sí
#
# El mismo programa, sin tocar una línea, con otras cuatro respuestas. Eso es aprender: cambian los
# datos, no el programa.

# %% [markdown] lang="en"
# ### OR: yes when any input is yes
#
# The same program, without changing a line, with four different answers. That is what learning
# means: the data change, the program does not.

# %%
or_targets = [0, 1, 1, 1]
or_history = learn(pairs, or_targets, epochs=20)
report(or_history, or_targets, range(1, len(or_history) + 1))

# %% [markdown] lang="es"
# Bastan tres épocas, y la cuarta lo confirma. Si existe alguna recta que separe los ejemplos, la
# regla encuentra una en un número finito de correcciones: es el teorema de Novikoff (1962).

# %% [markdown] lang="en"
# Three epochs are enough, and the fourth confirms it. If some line separates the examples, the rule
# finds one in a finite number of corrections: that is Novikoff's theorem (1962).

# %% [markdown] lang="es"
# ### Ejercicio 2: NAND
#
# NAND es «no las dos»: responde 0 solo para $(1, 1)$. Encuentra los pesos y el sesgo sin entrenar.
# Con muchas NAND conectadas se construye cualquier circuito digital.

# %% [markdown] lang="en"
# ### Exercise 2: NAND
#
# NAND is "not both": it answers 0 only for $(1, 1)$. Find the weights and the bias without
# training. With many NANDs connected you can build any digital circuit.

# %%
nand_weights = ...
nand_bias = ...


# %% tags=["check"]
def is_nand(reply):
    return [answer(x, np.array(reply[0]), reply[1]) for x in pairs] == [1, 1, 1, 0]


nand_hint = _(
    "empieza por los pesos y el sesgo de AND con los signos contrarios y calcula las cuatro sumas: "
    "una suma de 0 cuenta como no, así que ajusta el sesgo.",
    "start from the weights and the bias of AND with opposite signs and compute the four sums: "
    "a sum of 0 counts as no, so adjust the bias.",
)
ck.check([nand_weights, nand_bias], is_nand, nand_hint)

# %% tags=["solution"]
# es: Con w = (-2, -1) y b = 2, la suma de (1, 0) da justo 0. Con un sesgo de 2.5, las sumas son
# en: With w = (-2, -1) and b = 2, the point (1, 0) sums to exactly 0. A bias of 2.5 gives the sums
# es: 2.5, 1.5, 0.5 y -0.5: solo la última no supera 0.
# en: 2.5, 1.5, 0.5 and -0.5: only the last one is not over 0.
nand_weights, nand_bias = [-2, -1], 2.5
ck.check([nand_weights, nand_bias], is_nand, nand_hint)

# %% [markdown] lang="es"
# ## XOR: lo que una neurona no puede hacer
#
# ### Mil épocas
#
# XOR es «una o la otra, pero no las dos». Parece tan fácil como OR: solo cambia la última
# respuesta. Damos mil épocas a la neurona.

# %% [markdown] lang="en"
# ## XOR: what one neuron cannot do
#
# ### A thousand epochs
#
# XOR is "one or the other, but not both". It looks as easy as OR: only the last answer changes. We
# give the neuron a thousand epochs.

# %%
xor_targets = [0, 1, 1, 0]
xor_history = learn(pairs, xor_targets, epochs=1000)
report(xor_history, xor_targets, [1, 2, 3, 4, 5, 1000])

# %% [markdown] lang="es"
# Tras la época 3 la neurona está *exactamente* como tras la 2. Nada en la regla es aleatorio, así
# que a partir de ahí repite el mismo ciclo: cuatro correcciones en cada época, que juntas se
# anulan, y los mismos dos fallos al final. Mil épocas o un millón dan lo mismo.

# %% [markdown] lang="en"
# After epoch 3 the neuron is *exactly* as it was after epoch 2. Nothing in the rule is random, so
# from there on it repeats the same cycle: four corrections in each epoch, which together cancel
# out, and the same two mistakes at the end. A thousand epochs or a million make no difference.

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
# Suma la segunda desigualdad y la tercera: $w_1 + w_2 + 2b > 0$. Entonces
# $w_1 + w_2 + b > -b \ge 0$, y eso contradice la cuarta. No es que falten épocas: **esos pesos no
# existen**.

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
# Add the second inequality and the third: $w_1 + w_2 + 2b > 0$. Then $w_1 + w_2 + b > -b \ge 0$,
# which contradicts the fourth. The trouble is not a lack of epochs: **those weights do not exist**.

# %%
planes.boundaries(
    [and_history[-1][:2], or_history[-1][:2], or_history[-1][:2]],
    pairs,
    [and_targets, or_targets, xor_targets],
    [_("AND: 4 de 4", "AND: 4 of 4"), _("OR: 4 de 4", "OR: 4 of 4"), _("XOR: 3 de 4", "XOR: 3 of 4")],
    alt=_(
        "Una recta separa AND y otra separa OR; en XOR, la recta de OR falla en el punto (1, 1).",
        "One line separates AND and another separates OR; in XOR, the line of OR gets the point (1, 1) wrong.",
    ),
)

# %% [markdown] lang="es"
# En XOR, los cuadrados están en una diagonal y los círculos en la otra, y ninguna recta los separa;
# la recta de OR acierta 3 de 4, y la demostración dice que acertar los 4 es imposible. La regla ni
# siquiera llega a 3: cuando ninguna recta separa los ejemplos, no busca la menos mala. En la
# [[mlp]], más neuronas resuelven XOR; en el ejercicio siguiente, una entrada más.

# %% [markdown] lang="en"
# In XOR, the squares lie on one diagonal and the circles on the other, and no line separates them;
# OR's line gets 3 of 4 right, and the proof says that getting all 4 right is impossible. The rule
# does not even reach 3: when no line separates the examples, it does not look for the least bad
# one. In [[mlp]], more neurons solve XOR; in the next exercise, one more input does.

# %% [markdown] lang="es"
# Con el cuaderno en marcha puedes mover tú los pesos y el sesgo de una neurona, con el ratón o con
# las flechas del teclado. Los tres paneles muestran la misma neurona ante tres problemas. Al mover
# $b$, la recta se desplaza sin girar; al mover un solo peso, gira (si el otro no es 0). Empieza en
# $w = (1, 1)$ y $b = -0.5$, que resuelve OR. ¿Con qué valores de $b$ resuelve AND? (Sobre la recta, la respuesta es no.) Busca después los
# 4 aciertos de XOR: si los encuentras, la demostración de arriba está mal.

# %% [markdown] lang="en"
# While the notebook is running, you can move the weights and the bias of a neuron yourself, with
# the mouse or with the arrow keys. The three panels show the same neuron facing three problems.
# When you move $b$, the line shifts without turning; when you move a single weight, it turns (if
# the other one is not 0). It starts at $w = (1, 1)$ and $b = -0.5$, which solves OR. With which
# values of $b$ does it solve AND? (On the line, the answer is no.) Then look for 4 right answers in
# XOR: if you find them, the proof above is wrong.


# %%
def three_tasks(w_1, w_2, b):
    tasks = {"AND": and_targets, "OR": or_targets, "XOR": xor_targets}
    yes = pairs @ [w_1, w_2] + b > 0
    right = {name: np.sum(yes == targets) for name, targets in tasks.items()}
    titles = [_(f"{name}: {count} de 4", f"{name}: {count} of 4") for name, count in right.items()]
    alt = _("La misma neurona en tres problemas. ", "The same neuron in three problems. ")
    neurons = [([w_1, w_2], b)] * 3
    planes.boundaries(neurons, pairs, list(tasks.values()), titles, alt=alt + ", ".join(titles))


turns = np.arange(-6, 7) / 2
ck.widgets.knobs(three_tasks, w_1=("w₁", turns, 1), w_2=("w₂", turns, 1), b=("b", turns, -0.5))

# %% [markdown] lang="es"
# ### Ejercicio 3: XOR con una entrada más
#
# Inventa una tercera entrada, calculada a partir de $x_1$ y $x_2$, con la que una neurona pueda
# resolver XOR. Una condición: esa entrada sola no debe bastar, así que no puede ser la respuesta
# (ni la respuesta disfrazada, como su doble o su contraria).

# %% [markdown] lang="en"
# ### Exercise 3: XOR with one more input
#
# Invent a third input, computed from $x_1$ and $x_2$, with which one neuron can solve XOR. One
# condition: that input alone must not be enough, so it cannot be the answer (nor the answer in
# disguise, such as its double or its opposite).


# %%
def third_input(x_1, x_2):
    return ...


# %% tags=["check"]
def column():
    return [third_input(int(x_1), int(x_2)) for x_1, x_2 in pairs]


def helps_xor(values):
    none, second, first, both = np.array(values, dtype=float)
    alone = max(none, both) < min(first, second) or min(none, both) > max(first, second)
    return not np.isclose(none + both, first + second) and not alone


xor_hint = _(
    "una suma de x1 y x2 no añade nada, porque la neurona ya puede hacerla; y la entrada nueva no "
    "debe resolver XOR sola. ¿Qué operación distingue el caso (1, 1) de los otros tres?",
    "a sum of x1 and x2 adds nothing, because the neuron can already compute it; and the new input must "
    "not solve XOR alone. Which operation sets the case (1, 1) apart from the other three?",
)
ck.check(column, helps_xor, xor_hint)


# %% tags=["solution"]
# es: El producto es AND, y x1 + x2 - 2 x1 x2 vale 0, 1, 1, 0. Cualquier entrada c que no sea de la
# en: The product is AND, and x1 + x2 - 2 x1 x2 gives 0, 1, 1, 0. Any input c that is not of the
# es: forma p x1 + q x2 + r saca los cuatro puntos de un plano, y ya se pueden separar.
# en: form p x1 + q x2 + r lifts the four points out of one plane, and they can be separated.
def third_input(x_1, x_2):
    return x_1 * x_2


ck.check(column, helps_xor, xor_hint)
print(learn(np.column_stack([pairs, column()]), xor_targets, epochs=200)[-1])

# %% [markdown] lang="es"
# ## La pérdida y su pendiente
#
# ### ¿Cuánto cuesta un kilo?
#
# El perceptrón solo sabe «bien» o «mal». Para medir *cuánto* se equivoca, cambiemos de problema. En
# el mercado compras $x$ kilos y pagas $t$; el vendedor, que calcula a ojo, se equivoca un poco cada
# vez. Si el precio del kilo es $p$, deberías pagar $y = x\,p$. La **pérdida** (*loss*; también
# coste o costo) suma los errores al cuadrado de todas las compras, numeradas con $i$:
# $L(p) = \sum_i |t_i - y_i|^2$.

# %% [markdown] lang="en"
# ## The loss and its slope
#
# ### How much is a kilo?
#
# The perceptron only knows "right" or "wrong". To measure *how* wrong it is, let us change the
# problem. At the market you buy $x$ kilos and pay $t$; the seller, who reckons by eye, is a little
# off each time. If the price of a kilo is $p$, you should pay $y = x\,p$. The **loss** (also called
# cost) adds up the squared errors of all the purchases, numbered by $i$:
# $L(p) = \sum_i |t_i - y_i|^2$.

# %%
kilos = np.array([1.0, 2.0, 3.0])
paid = np.array([2.5, 4.5, 5.5])


def market_loss(p):
    return np.sum((paid - kilos * p) ** 2)


for p in (0, 1, 2, 3):
    print(f"p = {p}  L(p) = {market_loss(p)}")

# %% [markdown] lang="es"
# De los cuatro precios, el de menor pérdida es 2. La pérdida no llega a cero: con esos errores,
# ningún precio acierta en todas las compras.

# %% [markdown] lang="en"
# Of the four prices, 2 has the smallest loss. The loss does not reach zero: with those mistakes, no
# price gets every purchase right.

# %% [markdown] lang="es"
# ### La pendiente dice hacia dónde
#
# ¿Y si no pudieras probar todos los precios? Empuja $p$ un poquito, $h$, a cada lado: la
# **pendiente** es lo que cambia la pérdida, dividido entre lo que cambia el precio. La derivada da
# el mismo resultado sin empujar. Por la regla de la cadena, cada compra aporta
# $2\,(x_i\,p - t_i) \cdot x_i$:
#
# $$L'(p) = 2 \sum_i x_i\,(x_i\,p - t_i) \approx \frac{L(p + h) - L(p - h)}{2h}$$
#
# Python escribe $h = 10^{-4}$ así: `1e-4`. Del mismo modo, `1e-06` es $10^{-6}$, una millonésima.

# %% [markdown] lang="en"
# ### The slope says which way
#
# What if you could not try every price? Nudge $p$ a little, by $h$, to each side: the **slope** is
# the change of the loss, divided by the change of the price. The derivative gives the same result
# without nudging. By the chain rule, each purchase contributes $2\,(x_i\,p - t_i) \cdot x_i$:
#
# $$L'(p) = 2 \sum_i x_i\,(x_i\,p - t_i) \approx \frac{L(p + h) - L(p - h)}{2h}$$
#
# Python writes $h = 10^{-4}$ as `1e-4`. In the same way, `1e-06` is $10^{-6}$, one millionth.


# %%
def market_slope(p):
    return 2 * np.sum(kilos * (kilos * p - paid))


h = 1e-4
for p in (0, 1, 2, 3):
    nudged = (market_loss(p + h) - market_loss(p - h)) / (2 * h)
    assert abs(nudged - market_slope(p)) < 1e-6
    print(f"p = {p}  L'(p) = {market_slope(p):g}")

# %%
figure, axis = plt.subplots(figsize=(10, 4))
prices_tried = np.linspace(-0.5, 4.5, 101)
axis.plot(prices_tried, [market_loss(p) for p in prices_tried], color=style.GREY)
for p, colour in ((0.5, style.BLUE), (2, style.GREEN), (3.5, style.ORANGE)):
    near = np.array([p - 0.6, p + 0.6])
    axis.plot(near, market_loss(p) + market_slope(p) * (near - p), color=colour, lw=4)
    axis.plot(p, market_loss(p), "o", color=colour, markersize=12)
axis.set(xlabel=_("precio $p$", "price $p$"), ylabel=_("pérdida", "loss"))
plots.show(
    figure,
    _(
        "Una parábola con tres tangentes: baja en 0.5, es plana en 2 y sube en 3.5.",
        "A parabola with three tangents: it falls at 0.5, is flat at 2 and rises at 3.5.",
    ),
)

# %% [markdown] lang="es"
# Cada segmento toca la curva en un punto y tiene la pendiente de la curva ahí. A la izquierda
# (azul) la pendiente es negativa: la pérdida baja hacia la derecha, y hay que aumentar $p$. A la
# derecha (naranja) es positiva: hay que disminuir $p$. En el fondo (verde) es 0, y como la curva
# tiene un solo fondo, $p = 2$ es el mejor precio.

# %% [markdown] lang="en"
# Each segment touches the curve at one point and has the slope of the curve there. On the left
# (blue) the slope is negative: the loss goes down to the right, and $p$ must increase. On the right
# (orange) it is positive: $p$ must decrease. At the bottom (green) it is 0, and since the curve has
# only one bottom, $p = 2$ is the best price.

# %% [markdown] lang="es"
# ### Descenso de gradiente, paso a paso
#
# Imagina que bajas de una montaña entre la niebla: solo notas la pendiente bajo tus pies. Das un
# paso cuesta abajo y repites. Eso es el **descenso de gradiente** (*gradient descent*):
# $p \leftarrow p - \eta\,L'(p)$. La **tasa de aprendizaje** (*learning rate*) $\eta$ regula el
# tamaño del paso.

# %% [markdown] lang="en"
# ### Gradient descent, step by step
#
# Imagine walking down a mountain in the fog: all you feel is the slope under your feet. You take a
# step downhill, and repeat. That is **gradient descent**: $p \leftarrow p - \eta\,L'(p)$. The
# **learning rate** $\eta$ sets the size of the step.


# %%
def descend(p, learning_rate, steps):
    path = [p]
    for _ in range(steps):
        p = p - learning_rate * market_slope(p)
        path.append(p)
    return np.array(path)


for p in descend(0, learning_rate=0.02, steps=5):
    print(f"p = {p:.3f}  L(p) = {market_loss(p):6.3f}  L'(p) = {market_slope(p):7.3f}")

# %% [markdown] lang="es"
# Al principio la pendiente es grande, y los pasos también; cerca del fondo los pasos se acortan
# solos. El precio se acerca a 2, el mismo que vimos en la curva.

# %% [markdown] lang="en"
# At first the slope is large, and so are the steps; near the bottom the steps shrink by themselves.
# The price approaches 2, the same price that we saw on the curve.

# %% [markdown] lang="es"
# ### Tres tasas de aprendizaje
#
# Aquí se puede calcular cuánto es demasiado. Con nuestros datos,
# $L'(p) = 2\,(\sum_i x_i^2\,p - \sum_i x_i t_i) = 2\,(14\,p - 28) = 28\,(p - 2)$. Cada paso
# multiplica entonces la distancia al fondo, $p - 2$, por $1 - 28\,\eta$. Si ese factor está entre
# $-1$ y $1$, la distancia se encoge; más allá, crece.

# %% [markdown] lang="en"
# ### Three learning rates
#
# Here we can compute how much is too much. With our data,
# $L'(p) = 2\,(\sum_i x_i^2\,p - \sum_i x_i t_i) = 2\,(14\,p - 28) = 28\,(p - 2)$. So each step
# multiplies the distance to the bottom, $p - 2$, by $1 - 28\,\eta$. If that factor lies between
# $-1$ and $1$, the distance shrinks; beyond that, it grows.

# %%
rates = [0.002, 0.02, 0.075]
paths = [descend(0, learning_rate, steps=6) for learning_rate in rates]
print(_("tasa      factor  precio en cada paso", "rate      factor  price at each step"))
for learning_rate, path in zip(rates, paths, strict=True):
    print(f"η = {learning_rate}: {1 - 28 * learning_rate:6.3f}  {np.round(path, 2)}")

# %%
names = [_("demasiado pequeña", "too small"), _("adecuada", "right"), _("demasiado grande", "too large")]
diagrams.descents(
    market_loss,
    paths,
    [f"{name}\n$η = {rate}$" for name, rate in zip(names, rates, strict=True)],
    _("precio $p$", "price $p$"),
    alt=_(
        "Seis pasos y su pérdida: con la tasa pequeña baja poco, con la adecuada llega al fondo y con la grande sube.",
        "Six steps and their loss: with the small rate it falls a little, with the right one it "
        "reaches the bottom and with the large one it rises.",
    ),
)

# %% [markdown] lang="es"
# Arriba, el camino sobre la curva; abajo, la pérdida tras cada paso, que es lo único que se ve
# cuando hay mil pesos. El punto naranja es el final. A la izquierda, el precio ha recorrido menos
# de un tercio del camino; en el centro, está casi en el fondo; a la derecha, el factor es $-1.1$, y
# cada salto acaba más arriba que el anterior. Una pérdida que *sube* así delata una tasa demasiado
# grande.

# %% [markdown] lang="en"
# Above, the path on the curve; below, the loss after each step, which is all that can be seen when
# there are a thousand weights. The orange dot is the end. On the left, the price has covered less
# than a third of the way; in the middle, it is almost at the bottom; on the right, the factor is
# $-1.1$, and each jump ends higher than the last. A loss that *rises* like that gives away a rate
# that is too large.

# %% [markdown] lang="es"
# Con el cuaderno en marcha, mueve tú la tasa. Empieza en $0.06$: el precio salta de un lado del
# fondo al otro, y aun así se acerca. Busca la tasa que casi llega al fondo en un solo paso, y la primera
# con la que la pérdida sube. ¿Qué factor tiene cada una?

# %% [markdown] lang="en"
# While the notebook is running, move the rate yourself. It starts at $0.06$: the price jumps from
# one side of the bottom to the other, and still gets closer. Look for the rate that almost reaches
# the bottom in a single step, and for the first one with which the loss rises. What factor does
# each have?


# %%
def try_rate(rate):
    path = descend(0, rate, steps=6)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), width_ratios=[3, 2])
    line = np.linspace(-1.6, 5.6, 101)
    left.plot(line, [market_loss(p) for p in line], color=style.GREY, alpha=0.5)
    left.plot(path, [market_loss(p) for p in path], "o-")
    left.set(xlabel=_("precio $p$", "price $p$"), ylabel=_("pérdida", "loss"), ylim=(-5, 150))
    right.plot([market_loss(p) for p in path], "o-", color=style.ORANGE)
    right.set(xlabel=_("paso", "step"), ylim=(-5, 150))
    left.set_title(f"$\\eta$ = {rate:g}, factor = {1 - 28 * rate:.3f}")
    alt = _(f"Seis pasos sobre la curva, con tasa {rate:g}.", f"Six steps on the curve, rate {rate:g}.")
    plots.show(figure, alt)


ck.widgets.knobs(try_rate, rate=(_("tasa", "rate"), np.arange(1, 38) / 500, 0.06))

# %% [markdown] lang="es"
# ### Ejercicio 4: el límite de la tasa de aprendizaje
#
# Otro día compras $x = (1, 2, 2)$ kilos. El descenso se acerca al fondo de $L(p)$ con cualquier
# tasa positiva por debajo de un límite: da ese límite con tres cifras decimales. ¿Importa cuánto
# pagaste?

# %% [markdown] lang="en"
# ### Exercise 4: the limit of the learning rate
#
# Another day you buy $x = (1, 2, 2)$ kilos. The descent approaches the bottom of $L(p)$ with any
# positive rate below a limit: give that limit to three decimal places. Does it matter how much you
# paid?

# %%
largest_rate = ...

# %% tags=["check"]
rate_hint = _(
    "la distancia al fondo se multiplica por 1 - 2 η Σ x²; ¿cuándo llega ese factor a -1?",
    "the distance to the bottom is multiplied by 1 - 2 η Σ x²; when does that factor reach -1?",
)
ck.check(largest_rate, 1 / 9, rate_hint, tolerance=0.0006)

# %% tags=["solution"]
# es: 1 - 2 η Σx² > -1 exige η < 1 / Σx² = 1 / 9. Lo pagado mueve el fondo sin cambiar la curvatura.
# en: 1 - 2 η Σx² > -1 demands η < 1 / Σx² = 1 / 9. What was paid moves the bottom, not the curvature.
largest_rate = 0.111
ck.check(largest_rate, 1 / 9, rate_hint, tolerance=0.0006)

# %% [markdown] lang="es"
# ## Regresión lineal: el precio de una casa
#
# ### Una tabla inventada
#
# ¿Y con varias entradas? Fabricamos 200 casas: superficie (de 40 a 160 m²), antigüedad (de 0 a 50
# años) y precio, en miles de dólares. El precio sigue una receta que la neurona no verá, más un ruido
# aleatorio de desviación estándar 20. Entrenamos con 150 casas, el **conjunto de entrenamiento**, y
# guardamos 50, el **conjunto de prueba**, para evaluar la neurona.

# %% [markdown] lang="en"
# ## Linear regression: the price of a house
#
# ### An invented table
#
# What about several inputs? We make up 200 houses: area (from 40 to 160 m²), age (from 0 to 50
# years) and price, in thousands of dollars. The price follows a recipe that the neuron will not see, plus
# random noise with standard deviation 20. We train on 150 houses, the **training set**, and
# keep 50, the **test set**, to evaluate the neuron.

# %%
rng = np.random.default_rng(0)
area, age = rng.uniform(40, 160, 200), rng.uniform(0, 50, 200)
recipe = 40 + 2.5 * area - 1.5 * age
prices = recipe + rng.normal(0, 20, 200)
print(_("superficie, antigüedad, precio", "area, age, price"))
print(np.column_stack([area, age, prices])[:4].round().astype(int))

# %% [markdown] lang="es"
# Cada fila es una casa. Antes de entrenar **estandarizamos** cada entrada: restamos su media y
# dividimos entre su desviación estándar, medidas en las casas de entrenamiento. El límite de la
# tasa depende del tamaño de las entradas (ejercicio 4); ahora las dos tienen un tamaño parecido, y
# una misma tasa sirve para ambas.

# %% [markdown] lang="en"
# Each row is a house. Before training we **standardise** each input: we subtract its mean and
# divide by its standard deviation, measured on the training houses. The limit of the rate depends
# on the size of the inputs (exercise 4); now both have a similar size, and one rate suits both.

# %%
table = np.column_stack([area, age])
mean, std = table[:150].mean(axis=0), table[:150].std(axis=0)
houses = (table - mean) / std
houses_train, houses_test = houses[:150], houses[150:]
prices_train, prices_test = prices[:150], prices[150:]

# %% [markdown] lang="es"
# ### Primero, las sumas
#
# Ahora $y = w_1 x_1 + w_2 x_2 + b$, sin umbral: la neurona da un número. Ajustarla con el error
# cuadrático se llama **regresión lineal**. La pérdida es la *media* de $(y - t)^2$ sobre las $n$
# casas, para que la tasa no dependa de cuántas haya. Cada número de la neurona tiene su pendiente,
# con los demás fijos ($\partial$ se lee «derivada parcial»):
#
# $$\frac{\partial L}{\partial w_1} = \frac{2}{n} \sum_i (y_i - t_i)\,x_{i1}, \quad
# \frac{\partial L}{\partial w_2} = \frac{2}{n} \sum_i (y_i - t_i)\,x_{i2}, \quad
# \frac{\partial L}{\partial b} = \frac{2}{n} \sum_i (y_i - t_i)$$
#
# Las tres pendientes juntas forman el **gradiente**.

# %% [markdown] lang="en"
# ### First, the sums
#
# Now $y = w_1 x_1 + w_2 x_2 + b$, without a threshold: the neuron outputs a number. Fitting it with
# the squared error is called **linear regression**. The loss is the *mean* of $(y - t)^2$ over the
# $n$ houses, so that the rate does not depend on how many there are. Each number of the neuron has
# its slope, with the others held fixed ($\partial$ is read "partial derivative"):
#
# $$\frac{\partial L}{\partial w_1} = \frac{2}{n} \sum_i (y_i - t_i)\,x_{i1}, \quad
# \frac{\partial L}{\partial w_2} = \frac{2}{n} \sum_i (y_i - t_i)\,x_{i2}, \quad
# \frac{\partial L}{\partial b} = \frac{2}{n} \sum_i (y_i - t_i)$$
#
# The three slopes together are the **gradient**.

# %%
w_1, w_2, b_0 = 1.0, -1.0, 0.0
x_1, x_2 = houses_train[:, 0], houses_train[:, 1]
errors = w_1 * x_1 + w_2 * x_2 + b_0 - prices_train
sums = [2 * np.mean(errors * x_1), 2 * np.mean(errors * x_2)]

# %% [markdown] lang="es"
# ### Después, la matriz
#
# La misma cuenta, más corta. La matriz $X$ tiene una casa por fila; en su transpuesta $X^\top$
# (`X.T`), la fila $j$ reúne la entrada $j$ de todas las casas. Multiplicarla por los errores da
# justo las sumas de arriba: $\frac{2}{n} X^\top (y - t)$ contiene las pendientes de todos los
# pesos, sean dos o mil. Después damos 200 pasos con tasa $0.1$.

# %% [markdown] lang="en"
# ### Then, the matrix
#
# The same calculation, shorter. The matrix $X$ has one house in each row; in its transpose $X^\top$
# (`X.T`), row $j$ gathers input $j$ of all the houses. Multiplying it by the errors gives exactly
# the sums above: $\frac{2}{n} X^\top (y - t)$ holds the slopes of all the weights, be they two or a
# thousand. Then we take 200 steps with rate $0.1$.


# %%
def price_gradient(weights, bias, x, targets):
    errors = x @ weights + bias - targets
    return 2 * x.T @ errors / len(x), 2 * errors.mean()


matrix = price_gradient(np.array([w_1, w_2]), b_0, houses_train, prices_train)[0]
assert np.allclose(matrix, sums)

# %%
house_weights, house_bias = np.zeros(2), 0.0
for _ in range(200):
    gradient, slope = price_gradient(house_weights, house_bias, houses_train, prices_train)
    house_weights, house_bias = house_weights - 0.1 * gradient, house_bias - 0.1 * slope

# %% [markdown] lang="es"
# ### ¿Se equivoca mucho? El RMSE
#
# La media de los errores al cuadrado se mide en miles al cuadrado, una unidad que nadie se imagina.
# Su raíz, el **RMSE** (*root mean squared error*), vuelve a estar en miles. Comparamos el RMSE de
# la neurona con el de predecir siempre la media y con el de alguien que conoce la receta.
#
# Cada renglón con ✔ es una **comprobación** (`ck.claim`): un número medido y el límite que debe
# cumplir. Tus últimas cifras pueden variar; si el límite no se cumple, la celda se detiene.

# %% [markdown] lang="en"
# ### Is it far off? The RMSE
#
# The mean squared error comes in squared thousands, a unit that nobody can picture. Its root, the
# **RMSE** (*root mean squared error*), is in thousands again. We compare the neuron's RMSE with
# that of always predicting the mean, and with that of somebody who knows the recipe.
#
# Each line with ✔ is a **claim** (`ck.claim`): a measured number and the bound that it must meet.
# Your last digits may differ; if the bound does not hold, the cell stops.


# %%
def rmse(outputs):
    return np.sqrt(np.mean((outputs - prices_test) ** 2))


neuron_rmse = rmse(houses_test @ house_weights + house_bias)
ck.claim(_("RMSE de la neurona (miles)", "RMSE of the neuron (thousands)"), neuron_rmse, at_most=28)
ck.claim(_("RMSE de la media", "RMSE of the mean"), rmse(prices_train.mean()), at_least=60)
ck.claim(_("RMSE de la receta", "RMSE of the recipe"), rmse(recipe[150:]), at_most=28)
ratio = neuron_rmse / rmse(recipe[150:])
ck.claim(_("RMSE respecto a la receta", "RMSE relative to the recipe"), ratio, at_most=1.1)

# %% [markdown] lang="es"
# La neurona se equivoca mucho menos que la media, y casi igual que la receta: el error que queda
# es, sobre todo, el ruido que añadimos, que nadie puede adivinar. El RMSE de la receta no es 20
# exacto porque 50 casas son pocas: con otros números aleatorios sale algo mayor o algo menor.

# %% [markdown] lang="en"
# The neuron is much less wrong than the mean, and about as wrong as the recipe: the error that
# remains is mostly the noise that we added, which nobody can guess. The RMSE of the recipe is not
# exactly 20 because 50 houses are few: with other random numbers it comes out somewhat larger or smaller.

# %% [markdown] lang="es"
# ¿Encontró los números de la receta? Sus pesos valen para entradas estandarizadas: si dividimos
# cada peso entre la desviación estándar de su entrada, queda en miles por metro cuadrado o por año.
# El sesgo también se convierte.

# %% [markdown] lang="en"
# Did it find the numbers of the recipe? Its weights are for standardised inputs: if we divide each
# weight by the standard deviation of its input, it comes out in thousands per square metre or per
# year. The bias is converted too.

# %%
per_unit = house_weights / std
ck.claim(_("precio de un m² (receta: 2.5)", "price of a m² (recipe: 2.5)"), per_unit[0], at_least=2.3, at_most=2.7)
ck.claim(
    _("precio de un año (receta: -1.5)", "price of a year (recipe: -1.5)"), per_unit[1], at_least=-1.95, at_most=-1.05
)
start = house_bias - per_unit @ mean
ck.claim(_("precio de partida (receta: 40)", "starting price (recipe: 40)"), start, at_least=20, at_most=60)

# %% [markdown] lang="es"
# Los tres números se acercan a los de la receta. Que el precio de partida se acerque tanto es en
# parte suerte: es el precio de una casa nueva de 0 m², muy lejos de todas las que vio la neurona, y
# con otro ruido puede moverse varios miles de dólares.

# %% [markdown] lang="en"
# All three numbers are close to those of the recipe. That the starting price came so close is
# partly luck: it is the price of a new house of 0 m², far from any that the neuron saw, and with
# other noise it can move by several thousand dollars.

# %% [markdown] lang="es"
# ### La solución exacta
#
# Este problema tiene también una fórmula cerrada: se iguala el gradiente a cero y se despeja. Con
# una columna de unos en $X$ para el sesgo, queda el sistema $X^\top X\,w = X^\top t$. ¿Llega el
# descenso al mismo punto?

# %% [markdown] lang="en"
# ### The exact solution
#
# This problem also has a closed form: set the gradient to zero and solve. With a column of ones in
# $X$ for the bias, this becomes the system $X^\top X\,w = X^\top t$. Does the descent reach the
# same point?

# %%
X = np.column_stack([houses_train, np.ones(150)])
exact = np.linalg.solve(X.T @ X, X.T @ prices_train)
difference = np.abs(exact - [*house_weights, house_bias]).max()
ck.claim(_("mayor diferencia entre los pesos", "largest difference between weights"), difference, at_most=1e-6)

# %% [markdown] lang="es"
# Son los mismos pesos, hasta la millonésima. ¿Para qué descender, entonces? Porque la mayoría de
# las redes no tiene una solución que se pueda despejar, y el descenso sigue funcionando.

# %% [markdown] lang="en"
# They are the same weights, to within a millionth. Why descend, then? Because most networks have no
# solution that can be written down, and the descent still works.

# %% [markdown] lang="es"
# ### Descenso estocástico: casa por casa
#
# Con millones de ejemplos, mirarlos todos para dar un solo paso sale caro. El **descenso de
# gradiente estocástico** (*stochastic gradient descent*, SGD) da un paso con cada ejemplo, en orden
# aleatorio. Un paso suelto puede apuntar mal; en promedio, los pasos apuntan bien. ¿Cuándo parar?
# Por ejemplo, cuando una época ya casi no mueve los pesos: $\|w_k - w_{k-1}\| < \varepsilon$, donde
# $w_k$ son los pesos tras la época $k$ y $\varepsilon$ es nuestra tolerancia.

# %% [markdown] lang="en"
# ### Stochastic descent: house by house
#
# With millions of examples, looking at all of them to take a single step is expensive. **Stochastic
# gradient descent** (SGD) takes a step with each example, in random order. A single step may point
# the wrong way; on average, the steps point the right way. When to stop? For example, when an epoch
# hardly moves the weights any more: $\|w_k - w_{k-1}\| < \varepsilon$, where $w_k$ are the weights
# after epoch $k$ and $\varepsilon$ is our tolerance.


# %%
def sgd(rate, prices, epochs=40):
    rng, weights, bias, moves = np.random.default_rng(0), np.zeros(2), 0.0, []
    for k in range(1, epochs + 1):
        before = weights
        for i in rng.permutation(150):
            gradient, slope = price_gradient(weights, bias, houses_train[[i]], prices[[i]])
            weights, bias = weights - rate(k) * gradient, bias - rate(k) * slope
        moves.append(np.linalg.norm(weights - before))
    return np.abs(exact - [*weights, bias]).max(), np.array(moves)


# %% [markdown] lang="es"
# La barra doble, $\|v\|$, indica la longitud de $v$: la raíz de la suma de los cuadrados de sus
# componentes. En el programa, `[*weights, bias]` es la lista de los elementos de `weights` seguidos
# de `bias`. Probamos cuatro tasas: dos fijas, una que se divide entre el número de la época, $k$, y
# una que baja muy rápido. En Python, `lambda k: 0.02 / k` es una función de $k$ escrita en una
# línea. Dejamos correr las 40 épocas, aunque la regla de parada se cumpla antes, para ver si la
# calma dura. La quinta prueba es un control: la tasa $0.02$ con los precios de la receta, sin
# ruido.

# %% [markdown] lang="en"
# The double bar, $\|v\|$, denotes the length of $v$: the root of the sum of the squares of its
# components. In the program, `[*weights, bias]` is the list of the elements of `weights` followed
# by `bias`. We try four rates: two fixed ones, one divided by the epoch number, $k$, and one that
# falls very fast. In Python, `lambda k: 0.02 / k` is a function of $k$ written in one line. We let
# all 40 epochs run, even if the stopping rule is met earlier, to see whether the calm lasts. The
# fifth trial is a control: the rate $0.02$ with the prices of the recipe, without noise.

# %%
epsilon = 0.1
far_large, large = sgd(lambda k: 0.02, prices_train)
far_small, small = sgd(lambda k: 0.002, prices_train)
far_falling, falling = sgd(lambda k: 0.02 / k, prices_train)
far_hasty, hasty = sgd(lambda k: 0.02 * 0.3**k, prices_train)
quiet = sgd(lambda k: 0.02, recipe[:150])[1]

# %%
without_noise = _("0.02, sin ruido", "0.02, no noise")
runs = {"0.02": large, "0.002": small, "0.02 / k": falling}
runs |= {"0.02 · 0.3^k": hasty, without_noise: quiet}
alt = _(
    "Con 0.02 el movimiento nunca llega a la línea; con 0.002 la cruza y vuelve; con 0.02 / k acaba debajo.",
    "With 0.02 the movement never gets to the line; with 0.002 it crosses and returns; with 0.02 / k it ends below.",
)
names = {"xlabel": _("época $k$", "epoch $k$"), "ylabel": r"$\|w_k - w_{k-1}\|$", "alt": alt}
line = ("$\\varepsilon$", epsilon)
plots.curves(None, runs, **names, yscale="log", ylim=(1e-3, 200), level=line, height=4.6)

# %%
move = _("mayor movimiento al final, tasa", "largest move at the end, rate")
ck.claim(f"{move} 0.02", large[-10:].max(), at_least=3)
ck.claim(f"{move} 0.002", small[-10:].max(), at_least=0.2)
ck.claim(f"{move} 0.02 / k", falling[-10:].max(), at_most=0.08)
ck.claim(f"{move} {without_noise}", quiet[-10:].max(), at_most=1e-6)
far = _("distancia a la solución, tasa", "distance to the solution, rate")
ck.claim(f"{far} 0.02", far_large, at_least=1)
ck.claim(f"{far} 0.002", far_small, at_most=0.5)
ck.claim(f"{far} 0.02 / k", far_falling, at_most=0.08)
ck.claim(f"{far} 0.02 · 0.3^k", far_hasty, at_least=10)

# %% [markdown] lang="es"
# La línea discontinua es $\varepsilon = 0.1$, y *al final* significa en las últimas 10 épocas. Con
# ruido, los pesos no se calman con ninguna de las dos tasas fijas: con 0.02 el movimiento nunca
# llega a la línea; con 0.002 rondan la solución más de cerca, y el movimiento cruza la línea alguna
# vez, pero vuelve a subir. El control dice por qué: sin ruido, con la misma tasa 0.02 se quedan
# quietos, porque ya ninguna casa tira de ellos. Con $0.02 / k$ el movimiento también sube después
# del primer cruce; pero en conjunto baja y, tras 40 épocas, los pesos han llegado. Con la cuarta se
# quedan quietos lejos de la solución: sus tasas suman menos de $0.01$, por muchas épocas que sigan;
# las de $0.02 / k$ superan cualquier límite. La regla mide si los pesos *se mueven*, no si han
# *llegado*.

# %% [markdown] lang="en"
# The dashed line is $\varepsilon = 0.1$, and *at the end* means in the last 10 epochs. With noise,
# the weights do not settle with either fixed rate: with 0.02 the movement never gets down to the
# line; with 0.002 they hover closer to the solution, and the movement crosses the line now and
# then, but rises again. The control says why: without noise, with the same rate 0.02 they come to
# rest, since no house pulls on them any more. With $0.02 / k$ the movement also rises after its
# first crossing; but on the whole it falls, and after 40 epochs the weights have arrived. With the
# fourth they come to rest far from the solution: its rates add up to less than $0.01$, however many
# epochs follow; those of $0.02 / k$ grow beyond any limit. The rule measures whether the weights
# *move*, not whether they have *arrived*.

# %% [markdown] lang="es"
# ## Un descanso en la mitad
#
# Es un buen lugar para parar hasta mañana; al volver, ejecuta primero otra vez todas las celdas de
# arriba, porque Python habrá olvidado sus variables. Ya sabes: una neurona es una suma ponderada,
# un sesgo y una respuesta; la regla del perceptrón aprende lo que una recta puede separar; una
# pérdida con pendiente permite bajar hasta su fondo. La segunda mitad une las dos ideas: una
# neurona que decide y que *también* tiene pendiente.

# %% [markdown] lang="en"
# ## A break half-way
#
# This is a good place to stop until tomorrow; when you come back, first run all the cells above
# again, because Python will have forgotten its variables. By now you know: a neuron is a weighted
# sum, a bias and an answer; the perceptron rule learns what a line can separate; and a loss with a
# slope can be followed down to its bottom. The second half joins both ideas: a neuron that decides
# and *also* has a slope.

# %% [markdown] lang="es"
# ## La neurona sigmoide
#
# ### Un escalón no tiene pendiente
#
# El perceptrón responde con un escalón: 0 o 1. Su pendiente es 0 en casi todas partes, así que el
# descenso de gradiente no sabe hacia dónde ir. La **sigmoide** es un escalón suave:
# $\sigma(z) = \frac{1}{1 + e^{-z}}$, con $z = w \cdot x + b$. Da un número entre 0 y 1 y sube sin
# saltos. La función que convierte $z$ en la respuesta, sea un escalón o una sigmoide, se llama
# **activación**.

# %% [markdown] lang="en"
# ## The sigmoid neuron
#
# ### A step has no slope
#
# The perceptron answers with a step: 0 or 1. Its slope is 0 almost everywhere, so gradient descent
# cannot know which way to go. The **sigmoid** is a soft step: $\sigma(z) = \frac{1}{1 + e^{-z}}$,
# with $z = w \cdot x + b$. It gives a number between 0 and 1 and climbs without jumps. The function
# that turns $z$ into the answer, a step or a sigmoid, is called the **activation**.


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


z_today = np.array([0.3, 0.6, 0.1]) @ today
print(f"σ({z_today:.1f}) = {sigmoid(z_today):.3f}")

# %%
z_values = np.linspace(-6, 6, 241)
figure, axis = plt.subplots(figsize=(10, 3.6))
axis.step(z_values, z_values > 0, color=style.GREY, label=_("escalón", "step"))
axis.plot(z_values, sigmoid(z_values), color=style.BLUE, label=_("sigmoide", "sigmoid"))
axis.plot(z_today, sigmoid(z_today), "o", color=style.ORANGE, markersize=14, label=_("hoy", "today"))
axis.set(xlabel="$z = w·x + b$", ylabel=_("respuesta $y$", "answer $y$"))
axis.legend()
plots.show(
    figure,
    _(
        "El escalón salta de 0 a 1; la sigmoide sube poco a poco y pasa por el punto de hoy.",
        "The step jumps from 0 to 1; the sigmoid climbs little by little, through today's point.",
    ),
)

# %% [markdown] lang="es"
# Con pesos $w = (0.3, 0.6, 0.1)$ y sin sesgo, el día $x = (1, 1, 0)$ da $\sigma(0.9) = 0.711$, el
# punto naranja: «probablemente sí». Si un peso cambia un poco, la respuesta también cambia un poco,
# y eso es lo que el descenso necesita.

# %% [markdown] lang="en"
# With weights $w = (0.3, 0.6, 0.1)$ and no bias, the day $x = (1, 1, 0)$ gives
# $\sigma(0.9) = 0.711$, the orange dot: "probably yes". If a weight changes a little, the answer
# changes a little too, and that is what the descent needs.

# %% [markdown] lang="es"
# ### ¿Por qué una probabilidad?
#
# Si $y$ es la probabilidad de «sí», $\frac{y}{1 - y}$ dice cuántas veces más probable es el sí que
# el no. Despeja $z$ en la sigmoide y sale $\frac{y}{1 - y} = e^z$: sumar 1 a $z$ multiplica esa
# razón (*odds*) por $e \approx 2.718$. Cada entrada, con su peso, es un argumento que *suma* a
# favor o en contra; la sigmoide convierte el total en una probabilidad. Si los datos lo confirman
# es otra cuestión: lo comprobaremos.

# %% [markdown] lang="en"
# ### Why a probability?
#
# If $y$ is the probability of "yes", $\frac{y}{1 - y}$ says how many times likelier yes is than no.
# Solve the sigmoid for $z$ and out comes $\frac{y}{1 - y} = e^z$: adding 1 to $z$ multiplies these
# *odds* by $e \approx 2.718$. Each input, with its weight, is an argument that *adds*, for or
# against; the sigmoid turns the total into a probability. Whether the data agree is another matter:
# we shall check.

# %% [markdown] lang="es"
# ### Datos reales: ¿es maligno el tumor?
#
# scikit-learn trae los datos de 569 tumores de mama, medidos al microscopio (Street, Wolberg y
# Mangasarian, 1993). Usamos una sola medida, el radio medio de los núcleos de las células; el
# objetivo es $t = 1$ si el tumor es maligno. Entrenamos con 400 tumores y evaluamos con 169. Es un
# ejercicio, no un diagnóstico.

# %% [markdown] lang="en"
# ### Real data: is the tumour malignant?
#
# scikit-learn includes the data of 569 breast tumours, measured under the microscope (Street,
# Wolberg and Mangasarian, 1993). We use a single measurement, the mean radius of the cell nuclei;
# the target is $t = 1$ if the tumour is malignant. We train on 400 tumours and test on 169. It is
# an exercise, not a diagnosis.

# %%
tumours = load_breast_cancer()
radius, malignant = tumours.data[:, 0], 1 - tumours.target
order = np.random.default_rng(0).permutation(569)
train, test = order[:400], order[400:]
r = (radius - radius[train].mean()) / radius[train].std()
print(_("malignos:", "malignant:"), malignant.sum(), _("· radio:", "· radius:"), radius.min(), radius.max())

# %% [markdown] lang="es"
# Hay 212 tumores malignos, y el radio va de 6.981 a 28.11. La neurona tiene dos números,
# $z = w\,r + b$, con el radio estandarizado $r$; `train` y `test` dicen qué tumores hay en cada
# conjunto. ¿Qué pérdida usamos?

# %% [markdown] lang="en"
# There are 212 malignant tumours, and the radius ranges from 6.981 to 28.11. The neuron has two
# numbers, $z = w\,r + b$, with the standardised radius $r$; `train` and `test` say which tumours
# are in each set. Which loss shall we use?

# %% [markdown] lang="es"
# ### La verosimilitud
#
# Una buena neurona hace *verosímil* lo que pasó. Con su respuesta $y$, lo que pasó tiene
# probabilidad $y$ si $t = 1$, y $1 - y$ si $t = 0$. Con ejemplos independientes, las probabilidades
# se multiplican: el producto es la **verosimilitud** (*likelihood*). Un ejemplo: las respuestas
# $0.9$, $0.8$ y $0.3$ para un sí, un sí y un no.

# %% [markdown] lang="en"
# ### The likelihood
#
# A good neuron makes what happened *likely*. With its answer $y$, what happened has probability $y$
# if $t = 1$, and $1 - y$ if $t = 0$. With independent examples, probabilities are multiplied: the
# product is the **likelihood**. An example: the answers $0.9$, $0.8$ and $0.3$ for a yes, a yes and
# a no.

# %%
given = np.array([0.9, 0.8, 1 - 0.3])
print(_("productos:", "products:"), f"{given.prod():.3f}", 0.5**400, 0.5**2000)
log_of_product, sum_of_logs = np.log(given.prod()), np.log(given).sum()
print(_("logaritmos:", "logarithms:"), f"{-log_of_product:.4f} {-sum_of_logs:.4f}")

# %% [markdown] lang="es"
# Con muchos ejemplos el producto se vuelve minúsculo: 400 tumores con probabilidad $0.5$ dan
# $4 \cdot 10^{-121}$, y 2000 dan 0, porque el número es demasiado pequeño para la máquina. El
# logaritmo (aquí siempre natural) convierte el producto en suma, y crece cuando el producto crece.
# Por eso, maximizar la verosimilitud equivale a minimizar la suma de $-\log$: los dos números del
# segundo renglón son el mismo. A $-\log y$ se le llama **sorpresa** (*surprisal*) de ver algo a lo
# que se daba probabilidad $y$.

# %% [markdown] lang="en"
# With many examples the product becomes tiny: 400 tumours with probability $0.5$ give
# $4 \cdot 10^{-121}$, and 2000 give 0, because the number is too small for the machine. The
# logarithm (here always the natural one) turns the product into a sum, and grows when the product
# grows. So maximising the likelihood is the same as minimising the sum of $-\log$: the two numbers
# on the second line are the same. $-\log y$ is called the **surprisal** of seeing something that
# had been given probability $y$.

# %%
y_values = np.linspace(0.005, 1, 200)
figure, axis = plt.subplots(figsize=(10, 3.6))
axis.plot(y_values, -np.log(y_values))
for y in (1, 0.5, 0.1, 0.01):
    axis.plot(y, -np.log(y), "o", color=style.ORANGE, markersize=11)
    axis.annotate(f"{abs(np.log(y)):.2f}", (y + 0.015, 0.15 - np.log(y)))
axis.set_xlabel(_("probabilidad $y$ de lo que pasó", "probability $y$ of what happened"))
axis.set_ylabel(_(r"sorpresa $-\log y$", r"surprisal $-\log y$"))
alt = _("La sorpresa: 0 para 1, 0.69 para 0.5, 2.30 para 0.1.", "Surprisal: 0 for 1, 0.69 for 0.5, 2.30 for 0.1.")
plots.show(figure, alt)

# %% [markdown] lang="es"
# Lo seguro no sorprende; una moneda al aire sorprende $\log 2 = 0.69$; lo que creías casi imposible
# sorprende sin límite. La **entropía cruzada** (*cross-entropy*) es la sorpresa media. En una sola
# fórmula, para un ejemplo (con $t = 0$ o $t = 1$, uno de los dos términos desaparece):
#
# $$L = -t \log y - (1 - t) \log (1 - y)$$

# %% [markdown] lang="en"
# What is certain does not surprise; a coin toss surprises by $\log 2 = 0.69$; what you thought
# almost impossible surprises without limit. **Cross-entropy** is the mean surprisal. In a single
# formula, for one example (with $t = 0$ or $t = 1$, one of the two terms vanishes):
#
# $$L = -t \log y - (1 - t) \log (1 - y)$$

# %% [markdown] lang="es"
# ### El gradiente, en cuatro renglones
#
# Un ejemplo, una entrada $x$. Cada renglón es una derivada; el último es la regla de la cadena:
#
# 1. $z = w\,x + b$, luego $\frac{\partial z}{\partial w} = x$ y $\frac{\partial z}{\partial b} = 1$;
# 2. $y = \frac{1}{1 + e^{-z}}$, luego
#    $\frac{dy}{dz} = \frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = y\,(1 - y)$;
# 3. $\frac{dL}{dy} = -\frac{t}{y} + \frac{1 - t}{1 - y} = \frac{-t\,(1 - y) + (1 - t)\,y}{y\,(1 - y)} = \frac{y - t}{y\,(1 - y)}$;
# 4. $\frac{\partial L}{\partial w} = \frac{y - t}{y\,(1 - y)} \cdot y\,(1 - y) \cdot x = (y - t)\,x$ y $\frac{\partial L}{\partial b} = y - t$.
#
# El $y\,(1 - y)$ de la sigmoide se cancela con el del logaritmo. Queda *error por entrada*, como en
# las casas (allí con un factor 2). Un paso con un ejemplo, $w \leftarrow w + \eta\,(t - y)\,x$, es
# la regla del perceptrón con una $y$ suave: en vez de corregir solo con los fallos, corrige con
# todos los ejemplos, en proporción al error de cada uno.

# %% [markdown] lang="en"
# ### The gradient, in four lines
#
# One example, one input $x$. Each line is a derivative; the last one is the chain rule:
#
# 1. $z = w\,x + b$, so $\frac{\partial z}{\partial w} = x$ and $\frac{\partial z}{\partial b} = 1$;
# 2. $y = \frac{1}{1 + e^{-z}}$, so
#    $\frac{dy}{dz} = \frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = y\,(1 - y)$;
# 3. $\frac{dL}{dy} = -\frac{t}{y} + \frac{1 - t}{1 - y} = \frac{-t\,(1 - y) + (1 - t)\,y}{y\,(1 - y)} = \frac{y - t}{y\,(1 - y)}$;
# 4. $\frac{\partial L}{\partial w} = \frac{y - t}{y\,(1 - y)} \cdot y\,(1 - y) \cdot x = (y - t)\,x$ and $\frac{\partial L}{\partial b} = y - t$.
#
# The sigmoid's $y\,(1 - y)$ cancels the logarithm's. What is left is *error times input*, as with
# the houses (there with a factor 2). A step with one example, $w \leftarrow w + \eta\,(t - y)\,x$,
# is the perceptron rule with a soft $y$: instead of correcting only on mistakes, it corrects on
# every example, in proportion to its error.


# %%
def surprisal(w, b, x, t):
    y = sigmoid(w * x + b)
    return -t * np.log(y) - (1 - t) * np.log(1 - y)


for x, t in ((2.0, 1), (-1.5, 0)):
    nudged = (surprisal(0.5 + h, 0.1, x, t) - surprisal(0.5 - h, 0.1, x, t)) / (2 * h)
    assert abs(nudged - (sigmoid(0.5 * x + 0.1) - t) * x) < 1e-6

# %% [markdown] lang="es"
# La celda no imprime nada: la pendiente de $w$ medida con un empujón coincide con la fórmula. Con
# muchos ejemplos, el gradiente es la media de $(y_i - t_i)\,x_i$. Entrenamos con tasa de
# aprendizaje 1.

# %% [markdown] lang="en"
# The cell prints nothing: the slope of $w$ measured with a nudge agrees with the formula. With many
# examples, the gradient is the mean of $(y_i - t_i)\,x_i$. We train with learning rate 1.

# %%
w = b = 0.0
for _ in range(200):
    errors = sigmoid(w * r[train] + b) - malignant[train]
    w, b = w - np.mean(errors * r[train]), b - np.mean(errors)

y_test, t_tumour = sigmoid(w * r[test] + b), malignant[test]
hits = np.mean((y_test > 0.5) == t_tumour)
ck.claim(_("exactitud, tumores de prueba", "accuracy, test tumours"), hits, at_least=0.8)
benign = np.mean(t_tumour == 0)
ck.claim(_("exactitud de decir «benigno»", "accuracy of saying 'benign'"), benign, at_most=0.7)

# %% [markdown] lang="es"
# La **exactitud** (*accuracy*), la proporción de aciertos, supera con holgura la de decir siempre
# «benigno». Pero hay dos clases de error, y no cuestan lo mismo: un **falso negativo** es un tumor
# maligno que se escapa; un **falso positivo**, una falsa alarma. Contémoslos con el umbral $0.5$ y
# con $0.2$, un valor que fijamos antes de mirar los resultados.

# %% [markdown] lang="en"
# The **accuracy**, the share of right answers, is well above that of always saying "benign". But
# there are two kinds of error, and they do not cost the same: a **false negative** is a malignant
# tumour that is missed; a **false positive**, a false alarm. Let us count them with the threshold
# $0.5$ and with $0.2$, a value that we fixed before looking at the results.

# %%
missed = [np.mean(y_test[t_tumour == 1] <= limit) for limit in (0.5, 0.2)]
alarms = [np.mean(y_test[t_tumour == 0] > limit) for limit in (0.5, 0.2)]
ck.claim(
    _("proporción de malignos que se escapan, umbral 0.5", "share of malignant tumours missed, threshold 0.5"),
    missed[0],
    at_least=0.2,
)
ck.claim(
    _("proporción de malignos que se escapan, umbral 0.2", "share of malignant tumours missed, threshold 0.2"),
    missed[1],
    at_most=0.15,
)
ck.claim(
    _(
        "proporción de benignos con falsa alarma, umbral 0.5",
        "share of benign tumours with a false alarm, threshold 0.5",
    ),
    alarms[0],
    at_most=0.12,
)
ck.claim(
    _(
        "proporción de benignos con falsa alarma, umbral 0.2",
        "share of benign tumours with a false alarm, threshold 0.2",
    ),
    alarms[1],
    at_least=0.15,
)

# %% [markdown] lang="es"
# Con $0.5$ se escapa más de un quinto de los tumores malignos, algo que la exactitud no dejaba ver.
# Con $0.2$ se escapan menos, a cambio de más falsas alarmas. Dónde poner el umbral no lo dice la
# pérdida: depende de lo que cueste cada error.
#
# ¿Y son *probabilidades* las respuestas? Ordenamos por radio los 169 tumores de prueba, los
# repartimos en cinco grupos y comparamos, en cada uno, la respuesta media con la proporción de
# malignos. En la figura, cada raya es un tumor de prueba, maligno arriba y benigno abajo; cada
# punto es un grupo.

# %% [markdown] lang="en"
# With $0.5$, more than a fifth of the malignant tumours are missed, which the accuracy did not show.
# With $0.2$ fewer are missed, at the price of more false alarms. The loss does not say where to put
# the threshold: that depends on what each error costs.
#
# And are the answers *probabilities*? We sort the 169 test tumours by radius, split them into five
# groups and compare, in each of them, the mean answer with the share of malignant tumours. In the
# figure, each tick is a test tumour, malignant above and benign below; each dot is a group.

# %%
groups = np.array_split(test[np.argsort(radius[test])], 5)
observed = np.array([malignant[group].mean() for group in groups])
answered = np.array([sigmoid(w * r[group] + b).mean() for group in groups])
distance = np.abs(observed - answered).max()
ck.claim(_("mayor distancia en un grupo", "largest distance in a group"), distance, at_most=0.16)
left = abs(np.mean(sigmoid(w * r[train] + b) - malignant[train]))
ck.claim(_("pendiente de b al final, sin signo", "slope of b at the end, without sign"), left, at_most=1e-4)

# %%
figure, axis = plt.subplots(figsize=(10, 4))
axis.plot(np.sort(radius), np.sort(sigmoid(w * r + b)), label=_("respuesta $y$", "answer $y$"))
axis.plot(radius[test], t_tumour, "|", color=style.GREY, markersize=14, label=_("un tumor", "a tumour"))
means = [radius[group].mean() for group in groups]
axis.plot(means, observed, "o", markersize=13, label=_("un grupo", "a group"))
axis.set_xlabel(_("radio medio de los núcleos", "mean radius of the nuclei"))
axis.set_ylabel(_("proporción de tumores malignos", "share of malignant tumours"))
axis.legend()
alt = _(
    "Rayas: los tumores. Cinco puntos, cerca de la sigmoide.", "Ticks: the tumours. Five dots, close to the sigmoid."
)
plots.show(figure, alt)

# %% [markdown] lang="es"
# Cada grupo tiene unos 34 tumores, y con tan pocos el azar por sí solo mueve un punto cerca de
# $\sqrt{p\,(1 - p) / 34}$, donde $p$ es la probabilidad de que un tumor del grupo sea maligno: unos
# $0.09$ donde $p$ está cerca de $0.5$, y $0.04$ donde está cerca de $0.06$. Los puntos quedan cerca
# de la curva: esta prueba, pequeña, no contradice que las respuestas sean probabilidades. En la
# media de los tumores de *entrenamiento*, la coincidencia es obligada: en el fondo de la pérdida la
# pendiente de $b$, que es la media de $y_i - t_i$, es 0, y hasta ahí llegó el descenso. Grupo a
# grupo, y con tumores nuevos, nada la garantiza: hay que comprobarla.

# %% [markdown] lang="en"
# Each group holds about 34 tumours, and with so few, chance alone moves a dot by about
# $\sqrt{p\,(1 - p) / 34}$, where $p$ is the probability that a tumour of the group is malignant:
# some $0.09$ where $p$ is near $0.5$, and $0.04$ where it is near $0.06$. The dots lie close to the
# curve: this small test does not contradict the idea that the answers are probabilities. On average
# over the *training* tumours, the agreement is bound to hold: at the bottom of the loss the slope
# of $b$, which is the mean of $y_i - t_i$, is 0, and that is where the descent has arrived. Group
# by group, and with new tumours, nothing guarantees it: it has to be checked.

# %% [markdown] lang="es"
# ### Ejercicio 5: ¿y con el error al cuadrado?
#
# Con la misma sigmoide $y = \sigma(z)$, cambia la pérdida por $(y - t)^2$. Escribe su derivada
# respecto a $z$, con `y` y `t`. ¿Qué factor deja de cancelarse?

# %% [markdown] lang="en"
# ### Exercise 5: what about the squared error?
#
# With the same sigmoid $y = \sigma(z)$, change the loss to $(y - t)^2$. Write its derivative with
# respect to $z$, with `y` and `t`. Which factor no longer cancels?


# %%
def squared_slope(y, t):
    return ...


# %% tags=["check"]
z_tried, t_tried = np.array([-2.0, -0.5, 1.0, 3.0]), np.array([0, 1, 1, 0])
nudged = (sigmoid(z_tried + h) - t_tried) ** 2 - (sigmoid(z_tried - h) - t_tried) ** 2
slope_hint = _(
    "multiplica la derivada de (y - t)² respecto a y por la de y respecto a z, el renglón 2.",
    "multiply the derivative of (y - t)² with respect to y by that of y with respect to z, line 2.",
)
ck.check(lambda: squared_slope(sigmoid(z_tried), t_tried), nudged / (2 * h), slope_hint)


# %% tags=["solution"]
# es: Nada cancela y (1 - y), que es casi 0 cuando la neurona está muy segura, acierte o no.
# en: Nothing cancels y (1 - y), which is almost 0 when the neuron is very sure, right or wrong.
def squared_slope(y, t):
    return 2 * (y - t) * y * (1 - y)


ck.check(lambda: squared_slope(sigmoid(z_tried), t_tried), nudged / (2 * h), slope_hint)

# %% [markdown] lang="es"
# ### ¿Por qué no usar el error al cuadrado?
#
# Primero, con sigmoide. Estas son las pendientes respecto a $z$ de las dos pérdidas cuando $t = 1$:
# entropía cruzada, $y - t$, y error al cuadrado, $2\,(y - t)\,y\,(1 - y)$.

# %% [markdown] lang="en"
# ### Why not use the squared error?
#
# First, with a sigmoid. These are the slopes with respect to $z$ of the two losses when $t = 1$:
# cross-entropy, $y - t$, and squared error, $2\,(y - t)\,y\,(1 - y)$.

# %%
print(_("                 entropía cruzada error al cuadrado", "                    cross-entropy     squared error"))
for z in (-8, -4, 0, 4):
    y = sigmoid(z)
    print(f"z = {z:2}  y = {y:.4f}  {y - 1:13.4f}  {2 * (y - 1) * y * (1 - y):16.4f}")

# %% [markdown] lang="es"
# En $z = -8$ la neurona está muy segura y se equivoca. La entropía cruzada tira con toda su fuerza;
# el error al cuadrado apenas tira: su pendiente se apaga donde más falta hace.
#
# Segundo, sin sigmoide: una recta que predice la etiqueta 0 o 1 como si fuera un precio
# (`np.polyfit` la ajusta con la pérdida de las casas).

# %% [markdown] lang="en"
# At $z = -8$ the neuron is very sure and wrong. Cross-entropy pulls with all its force; the squared
# error hardly pulls: its slope dies out where it is needed most.
#
# Second, without a sigmoid: a straight line that predicts the label 0 or 1 as if it were a price
# (`np.polyfit` fits it with the loss of the houses).

# %%
slope, start = np.polyfit(r[train], malignant[train], 1)
straight = slope * r + start
hits, outside = np.mean((straight[test] > 0.5) == t_tumour), (straight < 0) | (straight > 1)
lost = np.mean((y_test > 0.5) == t_tumour) - hits
ck.claim(_("exactitud que pierde la recta", "accuracy that the line loses"), lost, at_most=0.06)
ck.claim(_("respuestas fuera del intervalo de 0 a 1", "answers outside 0 to 1"), outside.sum(), at_least=70)
ck.claim(_("mayor respuesta", "largest answer"), straight.max(), at_least=1.6)

# %% [markdown] lang="es"
# La recta pierde poca exactitud, pero sus respuestas no son probabilidades: más de
# [[bound: answers outside 0 to 1]] de los 569 tumores reciben una menor que 0 o mayor que 1.
# Además, su pérdida castiga el exceso de razón: un tumor maligno con respuesta $1.7$ paga
# $(1.7 - 1)^2 = 0.49$, más que los $0.25$ de una respuesta indecisa, $0.5$.

# %% [markdown] lang="en"
# The line loses little accuracy, but its answers are not probabilities: more than
# [[bound: answers outside 0 to 1]] of the 569 tumours get one below 0 or above 1. Its loss also
# punishes being too right: a malignant tumour with answer $1.7$ pays $(1.7 - 1)^2 = 0.49$, more than
# the $0.25$ of an undecided answer, $0.5$.

# %% [markdown] lang="es"
# ### Cuando a la máquina se le acaban las cifras
#
# La fórmula tiene una trampa. En $z = 40$, $y$ se redondea a 1, y $\log (1 - y)$ es $\log 0$, menos
# infinito. En $z = -800$, $e^{800}$ desborda. El remedio es evitar $y$: al sustituir
# $y = \sigma(z)$, la pérdida queda $L = \log (1 + e^z) - t\,z$ (porque
# $\log y = z - \log (1 + e^z)$ y $\log (1 - y) = -\log (1 + e^z)$), y `np.logaddexp(0, z)` calcula
# $\log (1 + e^z)$ sin desbordar. (`np.errstate` silencia los avisos.)

# %% [markdown] lang="en"
# ### When the machine runs out of digits
#
# The formula has a catch. At $z = 40$, $y$ is rounded to 1, and $\log (1 - y)$ is $\log 0$, minus
# infinity. At $z = -800$, $e^{800}$ overflows. The remedy is to avoid $y$: with $y = \sigma(z)$
# substituted, the loss becomes $L = \log (1 + e^z) - t\,z$ (because $\log y = z - \log (1 + e^z)$
# and $\log (1 - y) = -\log (1 + e^z)$), and `np.logaddexp(0, z)` computes $\log (1 + e^z)$ without
# overflow. (`np.errstate` silences the warnings.)

# %%
print(_("                  con y     con z", "                  from y    from z"))
for z, t in ((40.0, 0), (-800.0, 1), (2.0, 1)):
    with np.errstate(all="ignore"):
        naive = surprisal(1.0, 0.0, z, t)
    print(f"z = {z:5.0f}  t = {t}  {naive:7.4f}  {np.logaddexp(0, z) - t * z:8.4f}")

# %% [markdown] lang="es"
# Con $z = 2$ las dos columnas coinciden; en los otros renglones solo sirve la segunda.

# %% [markdown] lang="en"
# With $z = 2$ the two columns agree; on the other lines only the second is any use.

# %% [markdown] lang="es"
# ## Regresión logística: ¿un 4 o un 9?
#
# ### Dos dígitos que se confunden
#
# Una neurona sigmoide entrenada con entropía cruzada se llama **regresión logística**. Le pedimos
# algo más difícil: separar los 4 de los 9 de MNIST, dígitos escritos a mano por cientos de
# personas. Cada imagen tiene $28 \times 28$ píxeles: 784 entradas, 784 pesos. (En el programa, `*`
# reparte los elementos de una tupla entre los argumentos de una función.)

# %% [markdown] lang="en"
# ## Logistic regression: a 4 or a 9?
#
# ### Two digits that are easily confused
#
# A sigmoid neuron trained with cross-entropy is called **logistic regression**. We ask it for
# something harder: to tell the 4s from the 9s of MNIST, digits written by hand by hundreds of
# people. Each picture has $28 \times 28$ pixels: 784 inputs, 784 weights. (In the program, `*`
# spreads the elements of a tuple over the arguments of a function.)


# %%
def four_or_nine(images, labels, count):
    chosen = np.flatnonzero((labels == 4) | (labels == 9))[:count]
    return images[chosen].reshape(-1, 784), (labels[chosen] == 9).astype(float)


digits, nines = four_or_nine(*ck.data.mnist()[:2], 6000)
digits_test, t_test = four_or_nine(*ck.data.mnist()[2:], None)
examples = [*np.flatnonzero(nines == 0)[:6], *np.flatnonzero(nines == 1)[:6]]
alt = _("Seis 4 arriba y seis 9 abajo.", "Six 4s above and six 9s below.")
plots.images(digits[examples].reshape(-1, 28, 28), columns=6, alt=alt)

# %% [markdown] lang="es"
# Comparten casi todo: el palo, la curva. La diferencia suele estar en si el trazo se cierra por
# arriba. El objetivo es $t = 0$ para un 4 y $t = 1$ para un 9. Usamos 4000 imágenes para
# entrenar, 2000 de **validación**, para consultarlas mientras se toman decisiones, y 1991 de
# prueba, escritas por otras personas, para el final.

# %% [markdown] lang="en"
# They share almost everything: the stem, the curve. The difference is usually whether the stroke
# closes at the top. The target is $t = 0$ for a 4 and $t = 1$ for a 9. We use 4000 pictures to
# train, 2000 for **validation**, to look at while decisions are being made, and 1991 for testing,
# written by other people, for the end.

# %%
mean_picture = digits[:4000].mean(axis=0) / 255
inked = digits[:4000].any(axis=0)
x_train, t_train = digits[:4000] / 255 - mean_picture, nines[:4000]
x_validation, t_validation = digits[4000:] / 255 - mean_picture, nines[4000:]
x_test = digits_test / 255 - mean_picture
print(x_train.shape, x_validation.shape, x_test.shape, inked.sum())

# %% [markdown] lang="es"
# Los píxeles iban de 0 (papel, negro aquí) a 255 (tinta, blanca). Los dividimos entre 255 y les
# restamos la imagen media de entrenamiento, para que cada píxel varíe alrededor de 0. En 597
# píxeles hay tinta en alguna imagen de entrenamiento (`inked`); en los otros 187, en ninguna.

# %% [markdown] lang="en"
# The pixels went from 0 (paper, black here) to 255 (ink, white). We divide them by 255 and subtract
# the mean training picture, so that each pixel varies around 0. In 597 pixels there is ink in
# some training picture (`inked`); in the other 187, in none.

# %% [markdown] lang="es"
# ### Cuatro funciones
#
# Lo mismo que con los tumores, pero con matrices, como con las casas. *Hacia delante* (*forward*):
# $z = Xw + b$, todas las imágenes a la vez. La pérdida, a partir de $z$. *Hacia atrás*
# (*backward*): el gradiente, $\frac{1}{n} X^\top (y - t)$. Y la **actualización** (*update*): un
# paso cuesta abajo.

# %% [markdown] lang="en"
# ### Four functions
#
# The same as with the tumours, but with matrices, as with the houses. *Forward*: $z = Xw + b$, all
# the pictures at once. The loss, from $z$. *Backward*: the gradient, $\frac{1}{n} X^\top (y - t)$.
# And the **update**: one step downhill.


# %%
def forward(x, weights, bias):
    return x @ weights + bias


def cross_entropy(z, targets):
    return np.mean(np.logaddexp(0, z) - targets * z)


def backward(x, z, targets):
    errors = (sigmoid(z) - targets) / len(x)
    return x.T @ errors, errors.sum()


def update(weights, bias, gradient, slope, learning_rate):
    return weights - learning_rate * gradient, bias - learning_rate * slope


# %% [markdown] lang="es"
# ### Entrenar
#
# Los pesos empiezan en cero. Una sola neurona lo permite: su pérdida no tiene valles falsos: toda
# bajada lleva hacia el mismo nivel más bajo. Después, 200 veces: hacia delante, pérdida, hacia
# atrás, actualización.

# %% [markdown] lang="en"
# ### Training
#
# The weights start at zero. A single neuron allows this: its loss has no false valleys: every way
# down leads towards the same lowest level. Then, 200 times: forward, loss, backward, update.

# %%
weights_49, bias_49, losses, validation = np.zeros(784), 0.0, [], []
for _step in range(200):
    z = forward(x_train, weights_49, bias_49)
    losses.append(cross_entropy(z, t_train))
    validation.append(cross_entropy(forward(x_validation, weights_49, bias_49), t_validation))
    gradients = backward(x_train, z, t_train)
    weights_49, bias_49 = update(weights_49, bias_49, *gradients, learning_rate=1.0)

# %%
step, loss = _("actualización", "update"), _("pérdida", "loss")
both = {_("entrenamiento", "training"): losses, _("validación", "validation"): validation}
alt = _("Las dos pérdidas bajan juntas, deprisa y luego despacio.", "Both losses fall together, fast and then slowly.")
plots.curves(range(200), both, xlabel=step, ylabel=loss, alt=alt, height=3)


# %%
def accuracy(x, targets, weights, bias):
    return np.mean((forward(x, weights, bias) > 0) == targets)


digits_accuracy = accuracy(x_test, t_test, weights_49, bias_49)
ck.claim(_("pérdida al principio", "loss at the start"), losses[0], at_least=0.69)
ck.claim(_("pérdida al final", "loss at the end"), losses[-1], at_most=0.1)
ck.claim(_("exactitud de prueba", "test accuracy"), digits_accuracy, at_least=0.95)
ck.claim(_("exactitud de decir «9»", "accuracy of saying '9'"), t_test.mean(), at_most=0.52)

# %% [markdown] lang="es"
# Con los pesos en 0, la neurona responde $0.5$ a cada imagen y la pérdida es $\log 2 = 0.69$, la de
# una moneda. Después baja, también en validación, y la exactitud supera [[bound: test accuracy]] en
# imágenes que la neurona nunca vio. ¿En cuáles se equivoca? Estos son los diez errores en los que
# estaba más segura, es decir, con $z$ más lejos de 0.

# %% [markdown] lang="en"
# With the weights at 0, the neuron answers $0.5$ to each picture and the loss is $\log 2 = 0.69$,
# as for a coin. Then it goes down, on validation too, and the accuracy is above
# [[bound: test accuracy]] on pictures that the neuron has never seen. Where is it wrong? These are
# the ten mistakes about which it was most certain, that is, with $z$ farthest from 0.

# %% tags=["varies"]
z = forward(x_test, weights_49, bias_49)
wrong = np.flatnonzero((z > 0) != t_test)
worst = wrong[np.argsort(-np.abs(z[wrong]))][:10]
titles = ["9 → 4" if t_test[i] else "4 → 9" for i in worst]
alt = _("Los diez errores más seguros.", "The ten most confident mistakes.")
plots.images(x_test[worst].reshape(-1, 28, 28) + mean_picture.reshape(28, 28), titles, alt=alt)

# %% [markdown] lang="es"
# El título da el dígito verdadero y, tras la flecha, la respuesta. ¿Los lees tú? La neurona solo
# suma tinta, píxel a píxel; no sabe qué es un trazo cerrado.

# %% [markdown] lang="en"
# The title gives the true digit and, after the arrow, the answer. Can you read them? The neuron only
# adds up ink, pixel by pixel; it does not know what a closed stroke is.

# %% [markdown] lang="es"
# ## Pocas imágenes: L2 y L1
#
# ### El problema: 784 pesos y 100 imágenes
#
# ¿Y si solo hubiera 100 imágenes para entrenar? Hay más pesos que ejemplos, y la neurona puede
# aprenderse los ejemplos de memoria. Elegimos 100 imágenes al azar, cinco veces, entrenamos cinco
# neuronas y miramos la media de sus resultados (`summary`: exactitud, pérdida, longitud de los
# pesos y proporción de ceros). `train_few` acepta además dos números, `l2` y `l1`, que por ahora
# valen 0, y una función, `shrink`: los explicamos enseguida.

# %% [markdown] lang="en"
# ## Few pictures: L2 and L1
#
# ### The problem: 784 weights and 100 pictures
#
# What if there were only 100 pictures to train on? There are more weights than examples, and the
# neuron can learn the examples by heart. Five times we choose 100 pictures at random; we train five
# neurons and look at the mean of their results (`summary`: accuracy, loss, length of the weights
# and share of zeros). `train_few` also takes two numbers, `l2` and `l1`, which are 0 for now, and a
# function, `shrink`: we shall explain them shortly.


# %%
def soft_threshold(weights, amount):
    return np.sign(weights) * np.maximum(np.abs(weights) - amount, 0)


def train_few(chosen, l2=0.0, l1=0.0, shrink=soft_threshold, steps=500, rate=1.0):
    x, targets = x_train[chosen], t_train[chosen]
    weights, bias, curve = np.zeros(784), 0.0, []
    for step in range(steps):
        z = forward(x, weights, bias)
        if step % 25 == 0:
            z_validation = forward(x_validation, weights, bias)
            curve.append([cross_entropy(z, targets), cross_entropy(z_validation, t_validation)])
        gradient, slope = backward(x, z, targets)
        weights, bias = update(weights, bias, gradient + l2 * weights, slope, rate)
        weights = shrink(weights, rate * l1)
    return weights, bias, np.array(curve)


# %%
rng = np.random.default_rng(0)
hundreds = [rng.choice(4000, 100, replace=False) for _ in range(5)]
plain = [train_few(chosen) for chosen in hundreds]


def summary(neurons, x, targets):
    rows = []
    for (weights, bias, _), inputs, wanted in zip(neurons, x, targets, strict=True):
        z, zero = forward(inputs, weights, bias), weights[inked] == 0
        hits = np.mean((z > 0) == wanted)
        rows.append([hits, cross_entropy(z, wanted), np.linalg.norm(weights), zero.mean()])
    return np.mean(rows, axis=0)


own = summary(plain, x_train[hundreds], t_train[hundreds])
new = summary(plain, [x_test] * 5, [t_test] * 5)
ck.claim(_("exactitud, sus 100 imágenes", "accuracy, their 100 pictures"), own[0], at_least=1)
ck.claim(_("exactitud, prueba", "accuracy, test"), new[0], at_most=0.94)

# %% [markdown] lang="es"
# Con sus 100 imágenes, las neuronas aciertan todo; con las de prueba, su exactitud media no llega a
# [[bound: accuracy, test]]. Acertar mucho más con lo visto que con lo nuevo se llama
# **sobreajuste** (*overfitting*). Y como las 100 imágenes quedan separadas sin fallos, la pérdida
# de entrenamiento no tiene fondo: baja un poco más cada vez que todos los pesos crecen a la par, es
# decir, cada vez que la neurona está *más segura*.

# %% [markdown] lang="en"
# On their 100 pictures, the neurons get everything right; on the test pictures their mean accuracy
# stays below [[bound: accuracy, test]]. Being right far more often on what was seen than on what is
# new is called **overfitting**. And since the 100 pictures are separated without a mistake, the
# training loss has no bottom: it falls a little more each time all the weights grow together, that
# is, each time the neuron is *more certain*.

# %% [markdown] lang="es"
# ### Ponerle precio a los pesos
#
# **Regularizar** es frenar a la neurona para que no se aprenda los ejemplos de memoria. Una manera
# es sumar a la pérdida el tamaño de los pesos, con un factor $\lambda$; ese precio se llama
# **penalización**:
#
# $$\text{L2}: L + \frac{\lambda}{2} \sum_j w_j^2 \qquad \text{L1}: L + \lambda \sum_j |w_j|$$
#
# L2 suma $\lambda w$ al gradiente: cada paso encoge cada peso en proporción a su tamaño. L1 resta
# $\eta \lambda$ al valor absoluto de cada peso, sea grande o pequeño, y deja exactamente en 0 el
# peso que cruzaría el cero: es la **umbralización suave** (*soft threshold*). El sesgo no paga
# nada.

# %% [markdown] lang="en"
# ### A price on the weights
#
# To **regularise** is to hold the neuron back so that it does not learn the examples by heart. One
# way is to add the size of the weights to the loss, with a factor $\lambda$; this price is called
# the **penalty**:
#
# $$\text{L2}: L + \frac{\lambda}{2} \sum_j w_j^2 \qquad \text{L1}: L + \lambda \sum_j |w_j|$$
#
# L2 adds $\lambda w$ to the gradient: each step shrinks each weight in proportion to its size. L1
# subtracts $\eta \lambda$ from the absolute value of each weight, large or small, and leaves at
# exactly 0 a weight that would cross zero: the **soft threshold**. The bias pays nothing.


# %%
def follow_slope(weights, amount):
    return weights - amount * np.sign(weights)


names = [_("umbralización suave:", "soft threshold:"), _("pendiente:          ", "slope:         ")]
for name, shrink in zip(names, (soft_threshold, follow_slope), strict=True):
    path = [np.array([0.01])]
    for _step in range(5):
        path.append(shrink(path[-1], 0.004))
    print(name, np.round(np.ravel(path), 3))

# %% [markdown] lang="es"
# Un peso de $0.01$ que pierde $0.004$ en cada paso. Arriba, la umbralización suave: llega a 0 y ahí
# se queda. Abajo, seguir la pendiente de $|w|$, que es el signo de $w$: el peso salta de un lado a
# otro del cero.
#
# ¿Con qué $\lambda$? Es una decisión, y se toma con las imágenes de **validación**: las de prueba
# no pueden intervenir. Para L2 y para L1, entrenamos las cinco neuronas con cuatro valores, los
# mismos 500 pasos, y nos quedamos con el valor de menor pérdida media de validación. (Dos lujos
# que no tendría quien solo dispone de 100 imágenes: la imagen media sigue saliendo de las 4000, y
# elegimos con 2000 imágenes de validación.)

# %% [markdown] lang="en"
# A weight of $0.01$ that loses $0.004$ at each step. Above, the soft threshold: it gets to 0 and
# stays there. Below, following the slope of $|w|$, which is the sign of $w$: the weight jumps from
# one side of zero to the other.
#
# With which $\lambda$? That is a decision, and it is taken on the **validation** pictures: the test
# pictures must play no part in it. For L2 and for L1, we train the five neurons with four values,
# the same 500 steps, and keep the value with the smallest mean validation loss. (Two luxuries that
# somebody with only 100 pictures would not have: the mean picture still comes from the 4000, and we
# choose with 2000 validation pictures.)

# %%
strengths = (0.0003, 0.001, 0.003, 0.01)
tried_l2 = [[train_few(chosen, l2=strength) for chosen in hundreds] for strength in strengths]

# %%
tried_l1 = [[train_few(chosen, l1=strength) for chosen in hundreds] for strength in strengths]


def validation_losses(tried):
    return [summary(neurons, [x_validation] * 5, [t_validation] * 5)[1] for neurons in tried]


# %%
scores = {"L2": validation_losses(tried_l2), "L1": validation_losses(tried_l1)}
best_l2, best_l1 = np.argmin(scores["L2"]), np.argmin(scores["L1"])
with_l2, with_l1 = tried_l2[best_l2], tried_l1[best_l1]
unpriced = (_("sin regularizar", "plain"), validation_losses([plain])[0])
alt = _("Pérdida de validación según λ, para L2 y L1.", "Validation loss by λ, for L2 and L1.")
names = {"xlabel": "λ", "ylabel": _("pérdida de validación", "validation loss"), "alt": alt}
plots.curves(list(map(str, strengths)), scores, **names, level=unpriced, height=3.2)
ck.claim(_("λ elegido, L2", "λ chosen, L2"), strengths[best_l2], at_least=0.001, at_most=0.01)
ck.claim(_("λ elegido, L1", "λ chosen, L1"), strengths[best_l1], at_least=0.0003, at_most=0.003)
largest = scores["L1"][-1] - unpriced[1]
ck.claim(_("pérdida que añade L1 con λ = 0.01", "loss that L1 adds with λ = 0.01"), largest, at_least=0.01)

# %% [markdown] lang="es"
# Con un precio demasiado alto, L1 acaba peor que la neurona sin regularizar (línea discontinua
# gris). Seguimos con los dos mejores valores y añadimos un rival más sencillo: la misma neurona sin
# regularizar, **parada a tiempo** (*early stopping*), en el paso con la menor pérdida media de
# validación.

# %% [markdown] lang="en"
# With too high a price, L1 ends up worse than the plain neuron (dashed grey line). We go on with
# the two best values and add a simpler rival: the same plain neuron, **stopped in time** (*early
# stopping*), at the step with the smallest mean validation loss.

# %%
recipes = {_("sin regularizar", "plain"): plain, "L2": with_l2, "L1": with_l1}
curves = [np.mean([curve for _, _, curve in neurons], axis=0) for neurons in recipes.values()]
stop = 25 * np.argmin(curves[0][:, 1])
stopped = [train_few(chosen, steps=stop) for chosen in hundreds]

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 4.2))
for name, curve, dash in zip(recipes, curves, ("-", "--", ":"), strict=True):
    for place in (0, 1):
        axes[place].plot(range(0, 500, 25), curve[:, place], dash, label=name)
axes[1].axvline(stop, color=style.GREY, linewidth=1.5)
axes[0].set(title=_("entrenamiento", "training"), xlabel=_("paso", "step"), ylabel=_("pérdida", "loss"), yscale="log")
axes[1].set(title=_("validación (ampliada)", "validation (enlarged)"), xlabel=_("paso", "step"), ylim=(0.2, 0.3))
axes[0].legend()
alt = _(
    "Sin regularizar, la pérdida de entrenamiento baja sin parar y la de validación vuelve a subir.",
    "For the plain neuron, the training loss keeps falling and the validation loss rises again.",
)
plots.show(figure, alt)

# %% [markdown] lang="es"
# La figura muestra la pérdida sin el precio. Sin regularizar, la de entrenamiento (escala
# logarítmica) baja sin parar, mientras la de validación toca fondo en la raya gris y vuelve a subir:
# eso es el sobreajuste, visto paso a paso. Con L2 y L1 sube menos. ¿Qué gana cada remedio? Lo
# medimos en el conjunto de prueba, frente a la neurona sin regularizar tras los 500 pasos; los
# números son medias de las cinco neuronas.

# %% [markdown] lang="en"
# The figure shows the loss without the price. For the plain neuron, the training loss (logarithmic
# scale) keeps falling, while the validation loss reaches its bottom at the grey line and rises again:
# that is overfitting, seen step by step. With L2 and L1 it rises less. What does each remedy gain?
# We measure it on the test set, against the plain neuron after the 500 steps; the numbers are means
# over the five neurons.

# %%
remedies = (stopped, with_l2, with_l1)
early, l2, l1 = [summary(neurons, [x_test] * 5, [t_test] * 5) for neurons in remedies]
change = max(abs(row[0] - new[0]) for row in (early, l2, l1))
ck.claim(_("mayor cambio de exactitud", "largest change of accuracy"), change, at_most=0.01)
ck.claim(_("pérdida que quita parar", "loss that stopping takes away"), new[1] - early[1], at_least=0.01)
ck.claim(_("pérdida que quita L2", "loss that L2 takes away"), new[1] - l2[1], at_least=0.01)
ck.claim(_("pérdida de L2 menos la de parar", "loss of L2 minus that of stopping"), l2[1] - early[1], at_least=-0.005)
ck.claim(_("norma relativa al parar", "relative norm when stopped"), early[2] / new[2], at_most=0.8)
ck.claim(_("norma relativa con L2", "relative norm with L2"), l2[2] / new[2], at_most=0.8)
ck.claim(_("proporción de ceros al parar y con L2", "share of zeros, stopped and L2"), max(early[3], l2[3]), at_most=0)
ck.claim(_("proporción de ceros con L1", "share of zeros with L1"), l1[3], at_least=0.5)

# %% [markdown] lang="es"
# **Exactitud:** ninguno de los tres remedios la cambia en más de
# [[bound: largest change of accuracy]]. **Pérdida:** L2 la baja, y parar a tiempo la baja tanto o
# casi: en este problema, quien mira la validación y para no necesita L2. (La de L1 la vimos en la
# validación: también baja, menos que con L2.) **Pesos:** los dos dejan su norma (su longitud) por
# debajo de [[bound: relative norm with L2]] veces la de la neurona sin regularizar, y ningún peso
# de un píxel con tinta es 0. Solo L1 hace algo distinto: pone a cero una proporción de más de
# [[bound: share of zeros with L1]] de esos pesos y acierta más o menos lo mismo. Es una neurona que
# mira pocos píxeles.

# %% [markdown] lang="en"
# **Accuracy:** none of the three remedies changes it by more than
# [[bound: largest change of accuracy]]. **Loss:** L2 lowers it, and stopping in time as much or
# nearly: in this problem, whoever watches the validation loss and stops does not need L2. (For L1
# we saw it on validation: it falls too, by less than with L2.) **Weights:** both bring their norm
# (their length) down to less than [[bound: relative norm with L2]] times that of the plain neuron,
# and no weight of a pixel with ink is 0. Only L1 does something else: it sets to zero a share of
# more than [[bound: share of zeros with L1]] of those weights and is right about as often. It is a
# neuron that looks at few pixels.

# %% [markdown] lang="es"
# ### Los pesos, como imágenes
#
# Hay un peso por píxel, así que los pesos también son una imagen: azul, la tinta de ese píxel
# empuja hacia el 9; naranja, hacia el 4; cuanto más pálido el color, menos empuja (las tres
# imágenes comparten la escala). Debajo, en negro, los pesos *exactamente* iguales a 0. Son las
# neuronas del primer grupo de 100 imágenes.

# %% [markdown] lang="en"
# ### The weights, as pictures
#
# There is one weight per pixel, so the weights are a picture too: blue, ink in that pixel pushes
# towards 9; orange, towards 4; the paler the colour, the weaker the push (the three pictures share
# one scale). Below, in black, the weights *exactly* equal to 0. These are the neurons of the first
# set of 100 pictures.

# %%
first = np.stack([neurons[0][0] for neurons in recipes.values()]).reshape(3, 28, 28)
alt = _(
    "Los pesos: intensos sin regularizar, más pálidos con L2, pocos y sueltos con L1.",
    "The weights: strong when plain, paler with L2, few and scattered with L1.",
)
plots.images(first, list(recipes), columns=3, signed=True, alt=alt)
alt = _(
    "Los ceros exactos: sin regularizar y con L2, solo los bordes; con L1, la mayor parte de la imagen.",
    "The exact zeros: plain and with L2, only the edges; with L1, most of the picture.",
)
plots.images((first != 0).astype(float), list(recipes), columns=3, alt=alt)

# %% [markdown] lang="es"
# En los bordes los pesos son 0 en las tres neuronas: ninguna imagen de entrenamiento tiene tinta
# ahí, el gradiente es 0 y los pesos no se mueven de donde empezaron. Con L2 la imagen queda más
# pálida. Con L1 quedan pocos píxeles, y la tinta de arriba, donde el 9 se cierra, sigue empujando
# hacia el 9.

# %% [markdown] lang="en"
# At the edges the weights are 0 in all three neurons: no training picture has ink there, the
# gradient is 0 and the weights do not move from where they started. With L2 the picture is paler.
# With L1 few pixels are left, and ink at the top, where the 9 closes, still pushes towards 9.

# %% [markdown] lang="es"
# ## La misma neurona en Keras
#
# ### Mismos pesos, mismas respuestas
#
# Hasta aquí, solo NumPy. En Keras, la neurona es una capa densa (`Dense`) de una unidad con
# activación sigmoide: 784 pesos y 1 sesgo. Copiamos los pesos entrenados con 4000 imágenes y damos
# a la capa las 1991 imágenes de prueba. Keras espera los pesos en columna (`np.newaxis`) y calcula
# con `float32`, de unas 7 cifras: aceptamos una diferencia de una millonésima. Importar Keras tarda
# unos segundos.

# %% [markdown] lang="en"
# ## The same neuron in Keras
#
# ### Same weights, same answers
#
# So far, only NumPy. In Keras, the neuron is a dense layer (`Dense`) of one unit with a sigmoid
# activation: 784 weights and 1 bias. We copy the weights trained on 4000 pictures and give the
# layer the 1991 test pictures. Keras expects the weights as a column (`np.newaxis`) and computes in
# `float32`, with about 7 digits: we accept a difference of one millionth. Importing Keras takes a
# few seconds.

# %%
import keras

keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(1, activation="sigmoid")])
model.set_weights([weights_49[:, np.newaxis], np.array([bias_49])])
print(model.count_params())

answers = model.predict(x_test, verbose=0)[:, 0]
far = np.abs(answers - sigmoid(forward(x_test, weights_49, bias_49))).max()
ck.claim(_("mayor diferencia entre las respuestas", "largest difference between answers"), far, at_most=1e-6)

# %% [markdown] lang="es"
# ### El mismo paso
#
# ¿Y aprende igual? `compile` fija el tipo de descenso y la pérdida; `train_on_batch` da un paso con
# todas las imágenes. Damos el mismo paso con nuestro programa, desde los mismos pesos: misma
# neurona, misma derivada.

# %% [markdown] lang="en"
# ### The same step
#
# Does it also learn in the same way? `compile` sets the kind of descent and the loss;
# `train_on_batch` takes one step with all the pictures. We take the same step with our program,
# from the same weights: same neuron, same derivative.

# %%
model.set_weights([weights_49[:, np.newaxis], np.array([bias_49])])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=1.0), loss="binary_crossentropy")
model.train_on_batch(x_train, t_train[:, np.newaxis])
gradients = backward(x_train, forward(x_train, weights_49, bias_49), t_train)
our_weights, our_bias = update(weights_49, bias_49, *gradients, learning_rate=1.0)
far = np.abs(model.get_weights()[0][:, 0] - our_weights).max()
ck.claim(_("mayor diferencia tras el paso", "largest difference after the step"), far, at_most=1e-6)

# %% [markdown] lang="es"
# ### Entrenar con `fit`, y una diferencia
#
# Ahora Keras entrena con L1 desde el principio, es decir, a partir de pesos pequeños y aleatorios,
# no de ceros, y en **lotes** (*batches*) de 32 imágenes: cada paso usa 32, ni una ni todas. Pero
# Keras no usa la umbralización suave: suma la penalización a la pérdida y sigue su pendiente.
# ¿Cuántos ceros exactos esperas? Para comparar, nuestra neurona con el primer grupo de 100
# imágenes, entrenada dos veces: una siguiendo la pendiente y otra con la umbralización suave.

# %% [markdown] lang="en"
# ### Training with `fit`, and a difference
#
# Now Keras trains with L1 from the start, that is, from small random weights and not from zeros,
# and in **batches** of 32 pictures: each step uses 32, not one and not all. But Keras does not use
# the soft threshold: it adds the penalty to the loss and follows its slope. How many exact zeros do
# you expect? For comparison, our neuron with the first set of 100 pictures, trained twice: once
# following the slope and once with the soft threshold.

# %%
keras.utils.set_random_seed(0)
layer = keras.layers.Dense(1, "sigmoid", kernel_regularizer=keras.regularizers.L1(0.001))
with_penalty = keras.Sequential([keras.Input((784,)), layer])
with_penalty.compile(keras.optimizers.SGD(0.1), loss="binary_crossentropy")
_ = with_penalty.fit(x_train, t_train, epochs=5, batch_size=32, verbose=0)
keras_weights, keras_bias = with_penalty.get_weights()
keras_accuracy = accuracy(x_test, t_test, keras_weights[:, 0], keras_bias[0])
keras_zeros = np.mean(keras_weights[inked] == 0)

# %%
follow = train_few(hundreds[0], l1=strengths[best_l1], shrink=follow_slope)[0]
shares = [np.mean(weights[inked] == 0) for weights in (follow, with_l1[0][0])]
ck.claim(_("exactitud de prueba, Keras", "test accuracy, Keras"), keras_accuracy, at_least=0.94)
ck.claim(_("proporción de ceros, Keras", "share of zeros, Keras"), keras_zeros, at_most=0.05)
ck.claim(_("proporción de ceros, pendiente", "share of zeros, slope"), shares[0], at_most=0.05)
ck.claim(_("proporción de ceros, umbralización suave", "share of zeros, threshold"), shares[1], at_least=0.4)

# %% [markdown] lang="es"
# Keras supera una exactitud de [[bound: test accuracy, Keras]], pero casi ningún peso es 0 exacto.
# La manera de aplicar L1 basta para explicarlo: nuestra neurona, con las mismas imágenes y los
# mismos pasos, tampoco tiene apenas ceros si sigue la pendiente, y los tiene con la umbralización
# suave. (Otra diferencia: el L2 de Keras es $\lambda \sum_j w_j^2$, sin el $\frac{1}{2}$: su
# $\lambda$ es la mitad del nuestro.)

# %% [markdown] lang="en"
# Keras gets above an accuracy of [[bound: test accuracy, Keras]], but hardly any weight is
# exactly 0. The way L1 is applied is enough to explain it: our neuron, with the same pictures and
# the same steps, has hardly any zeros either if it follows the slope, and has them with the soft
# threshold. (Another difference: Keras's L2 is $\lambda \sum_j w_j^2$, without the $\frac{1}{2}$: its
# $\lambda$ is half of ours.)

# %% [markdown] lang="es"
# ### Ejercicio 6: predice, y después mide
#
# Elige un número de imágenes, entre 20 y 4000, y *predice* la brecha: la exactitud con esas imágenes
# menos la exactitud de validación. La comprobación acepta una predicción a menos de una centésima y
# define `measure(my_count)`, que da las dos exactitudes tras 200 pasos. Ejecútala, mide y corrige tu
# predicción. Después predice: ¿cierra la brecha un precio alto, `measure(my_count, l2=0.1)`? ¿A
# costa de qué?

# %% [markdown] lang="en"
# ### Exercise 6: predict, and then measure
#
# Choose a number of pictures, from 20 to 4000, and *predict* the gap: the accuracy on those pictures
# minus the validation accuracy. The check accepts a prediction within one hundredth and defines
# `measure(my_count)`, which gives the two accuracies after 200 steps. Run it, measure and correct
# your prediction. Then predict: does a high price, `measure(my_count, l2=0.1)`, close the gap? What
# does it cost?

# %%
my_count = ...
my_gap = ...


# %% tags=["check"]
def measure(count, l2=0.0):
    chosen = np.random.default_rng(0).choice(4000, count, replace=False)
    weights, bias, _ = train_few(chosen, l2=l2, steps=200, rate=0.5)
    seen = accuracy(x_train[chosen], t_train[chosen], weights, bias)
    return seen, accuracy(x_validation, t_validation, weights, bias)


def close_enough(reply):
    seen, unseen = measure(reply[0])
    return abs(seen - unseen - reply[1]) < 0.01


gap_hint = _(
    "mide las dos con measure(my_count) y réstalas; cuantas más imágenes, menos se aprenden de memoria.",
    "measure both with measure(my_count) and subtract; the more pictures, the fewer are learnt by heart.",
)
ck.check([my_count, my_gap], close_enough, gap_hint)

# %% tags=["solution"]
# es: Con 1000 imágenes. El precio no cierra la brecha: bajan las dos exactitudes, también con lo nuevo.
# en: With 1000 pictures. The price does not close the gap: both accuracies fall, with new pictures too.
my_count = 1000
seen, unseen = measure(my_count)
my_gap = seen - unseen
ck.check([my_count, my_gap], close_enough, gap_hint)
seen_l2, unseen_l2 = measure(my_count, l2=0.1)
ck.claim(_("brecha sin precio", "gap without a price"), my_gap, at_least=0.015, at_most=0.04)
ck.claim(_("brecha con l2 = 0.1", "gap with l2 = 0.1"), seen_l2 - unseen_l2, at_least=0.005)
cost = unseen - unseen_l2
ck.claim(_("exactitud de validación que cuesta", "validation accuracy that it costs"), cost, at_least=0.005)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una neurona es una suma ponderada, un sesgo y una activación. Los pesos dicen qué importa; el
#   sesgo, cuánto cuesta decir sí.
# - La regla del perceptrón encuentra una recta que separe los ejemplos, si hay alguna. Para XOR no
#   hay ninguna.
# - Una pérdida con pendiente permite descender. La tasa de aprendizaje decide si llegas, si tardas
#   demasiado o si te alejas.
# - La regresión lineal y la logística son la misma neurona con otra activación y otra pérdida.
# - La entropía cruzada es la sorpresa media: minimizarla equivale a maximizar la verosimilitud. Con
#   la sigmoide, su gradiente es error por entrada.
# - L2 y parar a tiempo dejan pesos más pequeños; L1, con la umbralización suave, pone muchos a 0.
#   Aquí, la exactitud apenas cambió.

# %% [markdown] lang="en"
# ## What we learnt
#
# - A neuron is a weighted sum, a bias and an activation. The weights say what matters; the bias, how
#   hard it is to say yes.
# - The perceptron rule finds a line that separates the examples, if there is one. For XOR there is
#   none.
# - A loss with a slope lets you descend. The learning rate decides whether you arrive, take too long
#   or move away.
# - Linear and logistic regression are the same neuron with a different activation and a different
#   loss.
# - Cross-entropy is the mean surprisal: minimising it is the same as maximising the likelihood.
#   With the sigmoid, its gradient is error times input.
# - L2 and stopping in time leave smaller weights; L1, with the soft threshold, sets many to 0. Here,
#   the accuracy hardly changed.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - F. Rosenblatt, *The perceptron: a probabilistic model for information storage and organization in
#   the brain*, 1958.
# - A. B. J. Novikoff, *On convergence proofs on perceptrons*, 1962: por qué la regla termina.
# - M. Minsky y S. Papert, *Perceptrons*, 1969: lo que una neurona no puede hacer.
# - H. Robbins y S. Monro, *A stochastic approximation method*, 1951: cómo debe bajar la tasa.
# - R. Tibshirani, *Regression shrinkage and selection via the lasso*, 1996: L1 y sus ceros.
#
# En la [[mlp]], varias neuronas juntas resuelven XOR.

# %% [markdown] lang="en"
# ## Further reading
#
# - F. Rosenblatt, *The perceptron: a probabilistic model for information storage and organization in
#   the brain*, 1958.
# - A. B. J. Novikoff, *On convergence proofs on perceptrons*, 1962: why the rule stops.
# - M. Minsky and S. Papert, *Perceptrons*, 1969: what one neuron cannot do.
# - H. Robbins and S. Monro, *A stochastic approximation method*, 1951: how the rate should fall.
# - R. Tibshirani, *Regression shrinkage and selection via the lasso*, 1996: L1 and its zeros.
#
# In [[mlp]], several neurons together solve XOR.
