# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Redes recurrentes: leer reseñas"
#       en: "Recurrent networks: reading reviews"
#     limits: {seconds: 60, cell_seconds: 20, memory_mb: 1400}
#     data: [reviews.txt.xz]
#     needs: [perceptron, mlp]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - convertir un texto en números y clasificarlo con una **bolsa de palabras**;
# - calcular a mano una capa recurrente y una LSTM, con el mismo resultado que Keras;
# - medir cómo se desvanece o explota un gradiente al volver atrás en el tiempo;
# - comparar, con las mismas reglas, una red recurrente simple y una LSTM;
# - entrenar una red que lee reseñas de cine y darle tus propias frases.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos, sin conexión; leerla
# y resolverla, unas 4 horas, con un descanso marcado a la mitad. En una clase de una hora: «Del
# texto a los números», «Una capa recurrente, a mano», «Leer reseñas con una red recurrente» y «Tus
# propias frases»; el resto se ejecuta sin detenerse. **Necesitas**: Python, la regresión logística
# de la [[perceptron]], y saber qué son una capa densa y la retropropagación ([[mlp]]). Las reseñas
# están en inglés; no hace falta dominarlo.

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - turn a text into numbers and classify it with a **bag of words**;
# - compute a recurrent layer and an LSTM by hand, with the same result as Keras;
# - measure how a gradient vanishes or explodes on its way back in time;
# - compare a simple recurrent network and an LSTM under the same rules;
# - train a network that reads film reviews and give it your own sentences.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores, offline; reading and
# solving it, about 4 hours, with a break marked halfway. In a class of one hour: "From text to
# numbers", "A recurrent layer, by hand", "Reading reviews with a recurrent network" and "Your own
# sentences"; the rest is run without stopping. **You need**: Python, the logistic regression of
# [[perceptron]], and an idea of what a dense layer and backpropagation are ([[mlp]]). The reviews
# are in English.

# %%
import coursekit as ck

ck.setup(_("es", "en"))
ck.diagrams.unrolled(["not", "bad", "it", "was", "great"], [""] * 4 + [_("positiva", "positive")])

# %% [markdown] lang="es"
# Esta es la idea de toda la lección. Una **red recurrente** lee un texto palabra por palabra y
# guarda lo leído en un **estado** $h$. A la izquierda, la red con su bucle; a la derecha, la misma
# red **desplegada**: un estado por cada paso de tiempo. Las flechas que entran en un estado llevan
# siempre los mismos pesos, $W_{xh}$ y $W_{hh}$. Antes de construirla hacen falta números, y un
# rival que la obligue a esforzarse.

# %% [markdown] lang="en"
# This is the idea of the whole lesson. A **recurrent network** reads a text word by word and keeps
# what it has read in a **state** $h$. On the left, the network with its loop; on the right, the
# same network **unrolled**: one state for each time step. The arrows that enter a state always
# carry the same weights, $W_{xh}$ and $W_{hh}$. Before we build it we need numbers, and a rival
# that makes it work hard.

# %% [markdown] lang="es"
# ## Del texto a los números
#
# Trabajaremos con 25 000 reseñas de cine de IMDB (Maas et al., 2011). Cada reseña lleva una
# etiqueta: 1 si es positiva, 0 si es negativa. Con 20 000 entrenamos y tomamos decisiones; las
# otras 5000, el **conjunto de prueba**, esperan cerradas hasta el final.

# %% [markdown] lang="en"
# ## From text to numbers
#
# We will work with 25 000 film reviews from IMDB (Maas et al., 2011). Each review has a label: 1 if
# it is positive, 0 if it is negative. We train and make decisions with 20 000 of them; the
# other 5000, the **test set**, stay closed until the end.

# %%
x_train, y_train, x_test, y_test = ck.data.reviews()
print(ck.number(len(x_train)), len(x_test), len(set(x_train) & set(x_test)))
for review in sorted(x_train, key=len)[3:6]:
    print(y_train[x_train.index(review)], review)

# %% [markdown] lang="es"
# La primera línea cuenta las reseñas de los dos conjuntos y las que están en ambos: 0. Debajo, tres
# de las más cortas, cada una detrás de su etiqueta. Hay mayúsculas, signos de puntuación y
# puntos suspensivos; en otras reseñas hay también etiquetas de HTML como `<br />`.
#
# ### Limpiar y cortar en palabras
#
# Primero limpiamos: todo en minúsculas y sin etiquetas de HTML. Después cortamos el texto en
# unidades (*tokens*), que aquí son palabras. La expresión regular busca grupos de letras
# (`[a-zà-ÿ]` es una letra, con tilde o sin ella), con un apóstrofo en medio si lo hay, para que
# *isn't* siga siendo una sola palabra. `sys.intern` guarda una sola copia de cada palabra, y así
# los millones de palabras caben en la memoria.

# %% [markdown] lang="en"
# The first line counts the reviews of the two sets and those in both: 0. Below, three of the
# shortest ones, each after its label. There are capitals, punctuation marks
# and ellipses; in other reviews there are HTML tags too, such as `<br />`.
#
# ### Cleaning and cutting into words
#
# First we clean: everything in lower case and without HTML tags. Then we cut the text into units
# (*tokens*), which are words here. The regular expression looks for groups of letters (`[a-zà-ÿ]`
# is one letter, with or without an accent), with an apostrophe between them if there is one, so
# that *isn't* remains a single word. `sys.intern` keeps a single copy of each word, so that
# millions of words fit into memory.

# %% tags=["english"]
import re
import sys


def tokenize(text):
    text = re.sub(r"</?[a-z][^<>]*>", " ", text.lower().replace("’", "'"))
    return [sys.intern(word) for word in re.findall(r"[a-zà-ÿ]+(?:'[a-zà-ÿ]+)?", text)]


print(tokenize("It ISN'T bad...<br /><br />Café, 10/10!"))

# %% [markdown] lang="es"
# Quedan cuatro palabras. Perdimos el 10/10, que era una pista: quien limpia decide qué se pierde.
#
# ### Un vocabulario
#
# Apartamos 4000 reseñas: son el **conjunto de validación**, y con ellas tomaremos las decisiones.
# De las otras 16 000, el **conjunto de entrenamiento**, sale el **vocabulario**, la lista de
# palabras distintas, de la más frecuente a la menos. `Counter` las cuenta; `chain` recorre todas las
# reseñas como si fueran una sola.

# %% [markdown] lang="en"
# Four words remain. We lost the 10/10, which was a clue: whoever cleans decides what is lost.
#
# ### A vocabulary
#
# We set 4000 reviews aside: they are the **validation set**, and we will make our decisions with
# them. From the other 16 000, the **training set**, comes the **vocabulary**, the list of distinct
# words, from the most frequent to the least. `Counter` counts them; `chain` goes through all reviews
# as if they were one.

# %%
import numpy as np

tokens = [tokenize(review) for review in x_train]
order = np.random.default_rng(0).permutation(len(tokens))
tokens_val, y_val = [tokens[i] for i in order[:4000]], y_train[order[:4000]]
tokens_fit, y_fit = [tokens[i] for i in order[4000:]], y_train[order[4000:]]

# %%
from collections import Counter
from itertools import chain

counts = Counter(chain.from_iterable(tokens_fit))
vocabulary = ["", "?"] + [word for word, count in counts.most_common(9998)]

# %%
total = sum(counts.values())
covered = sum(counts[word] for word in vocabulary)
print(_("palabras escritas:", "words written:"), ck.number(total))
print(_("palabras distintas:", "distinct words:"), ck.number(len(counts)))
print(_("proporción cubierta:", "share covered:"), round(covered / total, 2))
print(*vocabulary[2:12], *vocabulary[-5:])

# %% [markdown] lang="es"
# Guardamos solo las 9998 palabras más frecuentes, que cubren casi todo el texto. La última línea
# muestra el comienzo y el final de esa lista.
#
# Ahora cada palabra se vuelve un número, su puesto en el vocabulario. El 0 queda para el relleno,
# que aparecerá más adelante, y el 1 (`"?"`) para las palabras desconocidas.

# %% [markdown] lang="en"
# We keep only the 9998 most frequent words, which cover nearly all of the text. The last line shows
# the start and the end of that list.
#
# Now each word becomes a number, its place in the vocabulary. The 0 is kept for padding, which will
# come later, and the 1 (`"?"`) for unknown words.

# %% tags=["english"]
number_of = {word: number for number, word in enumerate(vocabulary)}


def encode(tokens):
    return np.array([number_of.get(word, 1) for word in tokens], "int32")


sequences_fit, sequences_val = [[encode(t) for t in part] for part in (tokens_fit, tokens_val)]
print(encode(tokenize("This is a zxcvb!")))

# %% [markdown] lang="es"
# Solo la última palabra, inventada, es desconocida.
#
# ### La bolsa de palabras
#
# Una **bolsa de palabras** (*bag of words*) es una fila con una casilla por palabra del
# vocabulario, que dice cuántas veces aparece esa palabra. El orden se pierde, como si agitáramos
# las palabras en una bolsa. Veámoslo con dos frases y un vocabulario de seis palabras.

# %% [markdown] lang="en"
# Only the last word, an invented one, is unknown.
#
# ### The bag of words
#
# A **bag of words** is a row with one entry for each word of the vocabulary, which says how often
# that word occurs. The order is lost, as if we shook the words in a bag. Let us see it with two
# sentences and a vocabulary of six words.

# %% tags=["english"]
six_words = ["bad", "good", "is", "not", "plot", "the"]
for text in ("the plot is good, not bad", "the plot is bad, not good"):
    numbers = [six_words.index(word) for word in tokenize(text)]
    print(numbers, np.bincount(numbers))

# %% [markdown] lang="es"
# A la izquierda, las palabras como números; a la derecha, la bolsa. Dos frases que dicen lo
# contrario y dos bolsas iguales. Recuerda este ejemplo: lo volveremos a ver.
#
# Con las reseñas, casi todas las casillas son 0, así que guardamos una matriz **dispersa**
# (*sparse*): solo las casillas distintas de 0. Le damos un 1 por palabra, las columnas (los números
# de las palabras) y el lugar donde termina cada fila; `sum_duplicates` suma las palabras repetidas.

# %% [markdown] lang="en"
# On the left, the words as numbers; on the right, the bag. Two sentences that say the opposite, and
# two identical bags. Remember this example: it will come back.
#
# For the reviews, nearly all entries are 0, so we keep a **sparse** matrix: only the entries that
# are not 0. We give it a 1 for each word, the columns (the numbers of the words) and the place
# where each row ends; `sum_duplicates` adds up repeated words.

# %%
from scipy import sparse


def bag_of(sequences, columns=10_000):
    ends = np.cumsum([0] + [len(sequence) for sequence in sequences])
    parts = (np.ones(ends[-1], "float32"), np.concatenate(sequences), ends)
    bag = sparse.csr_matrix(parts, (len(sequences), columns))
    bag.sum_duplicates()
    return bag


# %%
bag_fit, bag_val = bag_of(sequences_fit), bag_of(sequences_val)
print(ck.number(bag_fit.shape[0]), ck.number(bag_fit.shape[1]), f"{bag_fit.nnz / 16000 / 10000:.3f}")

# %% [markdown] lang="es"
# Cada reseña es ahora una fila con 10 000 **variables** (*features*), una por palabra. El último
# número dice qué proporción de las casillas es distinta de cero: poco más de un 1 %.

# %% [markdown] lang="en"
# Each review is now a row with 10 000 variables (**features**), one for each word. The last number
# says what share of the entries is nonzero: little more than 1%.

# %% [markdown] lang="es"
# ### Tu turno: engaña a la bolsa
#
# En cada ejercicio, cambia los puntos (`...`) por tu respuesta y ejecuta la celda y la siguiente,
# que está plegada y revisa tu respuesta. La solución está plegada debajo: ábrela después de
# intentarlo.
#
# **Ejercicio 1.** Escribe en inglés dos frases distintas, con las mismas palabras (4 o más), que la
# bolsa convierta en la misma fila.

# %% [markdown] lang="en"
# ### Your turn: fool the bag
#
# In each exercise, replace the dots (`...`) with your answer and run the cell and the one after it,
# which is folded and checks your answer. The solution is folded below: open it after you have
# tried.
#
# **Exercise 1.** Write two different sentences in English, with the same words (4 or more), that
# the bag turns into the same row.

# %%
two_sentences = [..., ...]


# %% tags=["check"]
def same_bag(answer):
    first, second = map(tokenize, answer)
    return len(first) >= 4 and first != second and Counter(first) == Counter(second)


hint = _(
    "si las palabras son las mismas, ¿qué puede cambiar que la bolsa no guarde?",
    "if the words are the same, what can change that the bag does not keep?",
)
ck.check(two_sentences, same_bag, hint)

# %% tags=["solution", "english"]
ck.check(["the dog bites the man", "the man bites the dog"], same_bag, hint)

# %% [markdown] lang="es"
# ## La bolsa, un rival serio
#
# Antes de entrenar, ponderamos la bolsa con **tf-idf**. Una palabra que aparece $k$ veces en la
# reseña, y que está en $m$ de las $n$ reseñas, recibe el número
#
# $$(1 + \log k) \left(1 + \log \frac{1 + n}{1 + m}\right)$$
#
# Así pesa menos una palabra que está en casi todas, como *the*. Después, cada fila se lleva a
# longitud 1. La regresión logística de la [[perceptron]] tiene entonces un peso por palabra. Con
# tantas variables hay que **regularizarla**: el número `C` de scikit-learn es el inverso de la
# fuerza de la penalización L2, y cuanto menor es `C`, más pequeños son los pesos. Elegimos `C` con
# el conjunto de validación. (En el código, `solver` y `dual` eligen el método que busca los pesos.
# Recorre las reseñas en un orden al azar (`random_state`) y se detiene con la precisión `tol`.)

# %% [markdown] lang="en"
# ## The bag, a serious rival
#
# Before training we weight the bag by **tf-idf**. A word that occurs $k$ times in the review, and
# that is in $m$ of the $n$ reviews, gets the number
#
# $$(1 + \log k) \left(1 + \log \frac{1 + n}{1 + m}\right)$$
#
# So a word that is in nearly all of them, such as *the*, weighs less. Then each row is scaled to
# length 1. The logistic regression of [[perceptron]] now has one weight for each word. With so many
# features it must be **regularised**: the number `C` of scikit-learn is the inverse of the strength
# of the L2 penalty, and the smaller `C`, the smaller the weights. We choose `C` on the validation
# set. (In the code, `solver` and `dual` choose the method that searches for the weights. It goes
# through the reviews in a random order (`random_state`) and stops at the precision `tol`.)

# %%
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


def logistic_regression(C):
    return LogisticRegression(C=C, solver="liblinear", dual=True, tol=0.01, random_state=0)


def train_bag(bag, labels, C=3):
    weighted = TfidfTransformer(sublinear_tf=True)
    return make_pipeline(weighted, logistic_regression(C)).fit(bag, labels)


# %%
C_values = (3, 10)
candidates = [train_bag(bag_fit, y_fit, C) for C in C_values]
scores = [model.score(bag_val, y_val) for model in candidates]
bag_model, bag_accuracy = candidates[np.argmax(scores)], max(scores)
print(_("clase más frecuente:", "most frequent class:"), round(max(y_val.mean(), 1 - y_val.mean()), 2))
ck.claim(_("bolsa, exactitud en validación", "bag, validation accuracy"), bag_accuracy, at_least=0.88)

# %% [markdown] lang="es"
# La línea con ✔ es una **comprobación**: el número medido y el límite que debe cumplir. La
# exactitud pasa de [[bound: bag, validation accuracy]] sin saber nada del orden; responder siempre
# la clase más frecuente daría la exactitud de la primera línea. La bolsa será difícil de superar.
# Qué `C` ganó lo veremos en una figura, junto con otras bolsas.

# %% [markdown] lang="en"
# The line with ✔ is a **claim**: the measured number and the bound that it must meet. The accuracy
# is above [[bound: bag, validation accuracy]] without any knowledge of order; always answering the
# more frequent class would give the accuracy in the first line. The bag will be hard to beat. Which
# `C` won we will see in a figure, together with other bags.

# %% [markdown] lang="es"
# ### Una regla para el ruido
#
# Con otras 4000 reseñas, la exactitud sería otra. ¿Cuándo es una diferencia más que ruido? Restamos
# los aciertos de dos modelos (1 o 0) reseña por reseña. La media de las restas es la ganancia, y su
# desviación estándar dividida entre $\sqrt{n}$, con $n$ reseñas, es el **error estándar** de la
# ganancia. (Se divide entre $\sqrt{n}$ porque la media de muchas restas varía menos que una sola.)
# Nuestra regla: una ganancia cuenta si pasa de 2 errores estándar; entre dos modelos igual de
# buenos, eso ocurre por azar pocas veces. (La regla no ve otra fuente de ruido: los pesos iniciales
# de una red.)

# %% [markdown] lang="en"
# ### One rule for noise
#
# On another 4000 reviews, the accuracy would be different. When is a difference more than noise? We
# subtract what two models get right (1 or 0) review by review. The mean of the differences is the
# gain, and their standard deviation divided by $\sqrt{n}$, with $n$ reviews, is the **standard
# error** of the gain. (One divides by $\sqrt{n}$ because the mean of many differences varies less
# than a single one.) Our rule: a gain counts if it exceeds 2 standard errors; between two equally
# good models, that seldom happens by chance. (The rule does not see another source of noise: the
# initial weights of a network.)


# %%
def gain_in_errors(right, rival_right):
    differences = right.astype(float) - rival_right
    return differences.mean() / (differences.std() / np.sqrt(len(differences)))


# %% [markdown] lang="es"
# ### Las palabras que más pesan
#
# Un modelo lineal se deja leer. Ordenamos los pesos y dibujamos los diez menores y los diez
# mayores.

# %% [markdown] lang="en"
# ### The heaviest words
#
# A linear model can be read. We sort the weights and draw the ten smallest and the ten largest.

# %%
weights = bag_model[-1].coef_[0]
heavy = np.argsort(weights)[[*range(10), *range(-10, 0)]]

# %%
ck.plots.bars(
    [vocabulary[number] for number in heavy],
    {"": weights[heavy]},
    xlabel=_("peso en la regresión logística", "weight in the logistic regression"),
    alt=_(
        "Las diez palabras de peso más negativo y las diez de peso más positivo.",
        "The ten words with the most negative weights and the ten with the most positive.",
    ),
)

# %% [markdown] lang="es"
# *Worst* y *excellent* están entre las que más pesan, como cabe esperar; otras, como *today* y
# *nothing*, sorprenden más. Cada palabra pesa siempre lo mismo, diga lo que diga la palabra de al
# lado.
#
# ### Una red densa sobre la bolsa
#
# ¿Y si añadimos una capa oculta? La red recibe las 2000 primeras columnas, las de las palabras más
# frecuentes, con un 1 si la palabra aparece. Para comparar con justicia, la regresión logística
# recibe las mismas columnas, con el mejor de tres valores de `C`.

# %% [markdown] lang="en"
# *Worst* and *excellent* are among the heaviest, as you would expect; others, such as *today* and
# *nothing*, are more of a surprise. Each word always weighs the same, whatever the word beside it
# says.
#
# ### A dense network on the bag
#
# What if we add a hidden layer? The network gets the first 2000 columns, those of the most frequent
# words, with a 1 if the word occurs. To compare fairly, the logistic regression gets the same
# columns, with the best of three values of `C`.


# %%
def columns_of(bag):
    return (bag[:, :2000] > 0).astype("float32")


logistic_scores = []
for C in (0.01, 0.03, 0.1):
    logistic = logistic_regression(C).fit(columns_of(bag_fit), y_fit)
    logistic_scores.append(logistic.score(columns_of(bag_val), y_val))

# %%
import keras
from keras import layers, ops

keras.utils.set_random_seed(0)
dense = keras.Sequential(
    [layers.Input((2000,)), layers.Dense(32, activation="relu"), layers.Dropout(0.5)]
    + [layers.Dense(1, activation="sigmoid")]
)
dense.compile(keras.optimizers.Adam(0.002), "binary_crossentropy")
columns = columns_of(bag_fit).astype("uint8").toarray()
dense.fit(columns, y_fit, batch_size=256, epochs=2, verbose=0, callbacks=[ck.live.Progress()])
del columns


# %%
def dense_score(bag, labels):
    answers = dense.predict(columns_of(bag).toarray(), batch_size=500, verbose=0)[:, 0] > 0.5
    return np.mean(answers == labels)


dense_accuracy = dense_score(bag_val, y_val)

# %%
print(ck.number(dense.count_params()))
ck.claim(_("red densa, exactitud en validación", "dense network, validation accuracy"), dense_accuracy, at_least=0.86)
ck.claim(
    _("exactitud que gana la red densa", "accuracy that the dense network gains"),
    dense_accuracy - max(logistic_scores),
    at_most=0.015,
)

# %% [markdown] lang="es"
# Más de 64 000 parámetros, y esta red, de la que probamos una sola configuración y una sola
# semilla, gana como mucho [[bound: accuracy that the dense network gains]] de exactitud con las
# mismas columnas (no hemos comparado esta ganancia con el ruido, y con la capa cambian también el
# dropout y la forma de entrenar). Veamos qué le falta a la bolsa.
#
# ### Dónde falla la bolsa
#
# Probemos con dos frases que tienen las mismas palabras y dicen lo contrario, y con *not good* y
# *not bad*. ¿Qué probabilidad de reseña positiva da la bolsa a cada frase?

# %% [markdown] lang="en"
# More than 64 000 parameters, and this network, of which we tried one configuration and one seed,
# gains at most [[bound: accuracy that the dense network gains]] in accuracy on the same columns (we
# have not compared this gain with noise, and along with the layer the dropout and the way of
# training change). Let us see what the bag lacks.
#
# ### Where the bag fails
#
# Let us try two sentences that have the same words and say the opposite, and also *not good* and
# *not bad*. What probability of a positive review does the bag give to each sentence?

# %% tags=["english"]
texts = ["not bad at all, it was great", "not great at all, it was bad", "not good", "not bad"]
text_bags = bag_of([encode(tokenize(text)) for text in texts])
great, bad, not_good, not_bad = bag_model.predict_proba(text_bags)[:, 1]
print(great == bad)
ck.claim(
    _("probabilidad de «not good» menos la de «not bad»", "probability of 'not good' minus that of 'not bad'"),
    not_good - not_bad,
    at_least=0.05,
)

# %% [markdown] lang="es"
# Las dos frases largas reciben exactamente la misma probabilidad (`True`). Y, al revés de lo que
# dicen, *not good* queda por encima de *not bad*: la bolsa suma el peso de *good* o el de *bad*, y
# *not* empuja a las dos frases hacia el mismo lado. Para leer hace falta el orden.

# %% [markdown] lang="en"
# The two long sentences get exactly the same probability (`True`). And, contrary to what they say,
# the bag rates *not good* above *not bad*: it adds the weight of *good* or the weight of *bad*, and
# *not* pushes both sentences the same way. Reading needs order.

# %% [markdown] lang="es"
# ### Otras bolsas
#
# ¿Se puede mejorar la bolsa? Dos recetas clásicas reducen el número de columnas. Una quita las
# **palabras vacías** (*stop words*), como *the*; algunas aparecen en casi todos los textos. La otra
# es la **reducción a la raíz** (*stemming*), que corta los finales con reglas; usamos las de
# Porter, en la versión de Snowball.

# %% [markdown] lang="en"
# ### Other bags
#
# Can the bag be improved? Two classic recipes reduce the number of columns. One removes the **stop
# words**, such as *the*; some occur in nearly every text. The other is **stemming**, which cuts off
# endings by rules; we use Porter's rules, in the Snowball version.

# %%
import snowballstemmer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

stemmer = snowballstemmer.stemmer("english")
print(*stemmer.stemWords(["connect", "connected", "connection", "connections", "connects"]))
print(*stemmer.stemWords(["movies", "boring", "execute", "executive"]))
print(*[word for word in ("the", "not", "never", "good") if word in ENGLISH_STOP_WORDS])

# %%
stems, stem_of = np.unique(stemmer.stemWords(vocabulary), return_inverse=True)
kept = [number for number, word in enumerate(vocabulary) if word not in ENGLISH_STOP_WORDS]
print(ck.number(len(vocabulary)), len(stems), len(kept))

# %% [markdown] lang="es"
# Las cinco formas de la primera línea se juntan en *connect*. La raíz no tiene por qué ser una
# palabra de verdad (*movi*), y *execute* (ejecutar) y *executive* (directivo) acaban siendo lo
# mismo: las reglas no entienden. La lista de palabras vacías incluye *not* y *never*. La última
# línea dice cuántas columnas distintas quedan: con todas las palabras, con raíces y sin palabras
# vacías, en ese orden.
#
# La tercera receta va en sentido contrario: contar también cada par de palabras seguidas, o
# **bigrama**. Entonces *not good* tiene su propia columna. Habría $10\,000^2$ columnas más;
# numeramos los pares y los repartimos entre solo $2^{19}$, según el resto de dividir el número del
# par entre $2^{19}$. Algunos pares comparten columna; lo aceptamos.

# %% [markdown] lang="en"
# The five forms of the first line come together in *connect*. A stem need not be a real word
# (*movi*), and *execute* and *executive* end up the same: rules do not understand. The list of stop
# words includes *not* and *never*. The last line says how many distinct columns remain: with all
# the words, with stems and without stop words, in that order.
#
# The third recipe goes the opposite way: counting each pair of neighbouring words too, a
# **bigram**. Then *not good* has a column of its own. There would be $10\,000^2$ more columns; we
# number the pairs and spread them over only $2^{19}$, by the remainder of dividing the number of
# the pair by $2^{19}$. Some pairs share a column; we accept it.


# %%
def bigram_bag(sequences, ordered=True):
    def with_pairs(s):
        first, second = s[:-1].astype("int64"), s[1:]
        if not ordered:
            first, second = np.minimum(first, second), np.maximum(first, second)
        return np.append(s, (first * 10_000 + second) % 2**19 + 10_000).astype("int32")

    return bag_of([with_pairs(sequence) for sequence in sequences], 10_000 + 2**19)


# %%
def right_with(change):
    fit, val = change(sequences_fit), change(sequences_val)
    return [train_bag(fit, y_fit, C).predict(val) == y_val for C in C_values]


bag_answers = {
    _("todas las palabras", "all words"): [model.predict(bag_val) == y_val for model in candidates],
    _("sin palabras vacías", "without stop words"): right_with(lambda part: bag_of(part)[:, kept]),
    _("raíces", "stems"): right_with(lambda part: bag_of([stem_of[sequence] for sequence in part])),
    _("palabras y bigramas", "words and bigrams"): right_with(bigram_bag),
}


# %%
# es: el control: los mismos pares de palabras, sin mirar cuál va antes, con la misma C = 10
# en: the control: the same pairs of words, whichever comes first, with the same C = 10
def pair_bag(sequences):
    return bigram_bag(sequences, ordered=False)


without_order = train_bag(pair_bag(sequences_fit), y_fit, C=10).predict(pair_bag(sequences_val)) == y_val

# %%
ck.plots.bars(
    list(bag_answers),
    {f"C = {C}": [answers[k].mean() for answers in bag_answers.values()] for k, C in enumerate(C_values)},
    xlabel=_("exactitud en validación", "validation accuracy"),
    xlim=(0.8, 0.92),
    alt=_(
        "Exactitud de cuatro bolsas, cada una con dos valores de C.",
        "Accuracy of four bags, each with two values of C.",
    ),
)

# %%
all_words, *changed = [max(answers, key=np.mean) for answers in bag_answers.values()]
gains = [gain_in_errors(answers, all_words) for answers in changed]
ck.claim(
    _(
        "mayor ganancia de quitar palabras o usar raíces, en errores estándar",
        "larger gain of removing words or using stems, in standard errors",
    ),
    max(gains[:2]),
    at_most=2,
)
ck.claim(
    _("ganancia de contar bigramas, en errores estándar", "gain from counting bigrams, in standard errors"),
    gains[2],
    at_least=1.5,
)

# %%
*_, ordered = bag_answers[_("palabras y bigramas", "words and bigrams")]
ck.claim(
    _(
        "los bigramas frente a los pares sin orden, en errores estándar",
        "bigrams against pairs without order, in standard errors",
    ),
    gain_in_errors(ordered, without_order),
    at_most=2,
)
ck.claim(
    _(
        "los pares sin orden frente a las palabras, en errores estándar",
        "pairs without order against words, in standard errors",
    ),
    gain_in_errors(without_order, all_words),
    at_least=1.5,
)

# %% [markdown] lang="es"
# Las comprobaciones comparan cada bolsa con su mejor `C` (en la figura, el eje empieza en 0.8: mira
# dónde acaban las barras, no cuánto miden). Según nuestra regla, ni quitar palabras ni usar raíces
# mejora la bolsa. Contar bigramas gana más de
# [[bound: gain from counting bigrams, in standard errors]] errores estándar; con otro reparto de
# las reseñas puede quedarse algo por debajo de 2. ¿Gracias al orden? El control cuenta los mismos
# pares de palabras sin mirar cuál de las dos va antes: los bigramas no le sacan una ventaja que
# cuente, y el control también parece superar a las palabras sueltas (las dos últimas líneas).
# Parece ayudar saber qué palabras van **juntas**; que además ayude el orden, aquí no se ve. (Las
# bolsas que vienen usan $C = 3$, y las que llevan bigramas, $C = 10$.)

# %% [markdown] lang="en"
# The claims compare each bag at its best `C` (in the figure, the axis begins at 0.8: look at where
# the bars end, not at how long they are). By our rule, neither removing words nor using stems
# improves the bag. Counting bigrams gains more than
# [[bound: gain from counting bigrams, in standard errors]] standard errors; with another split of
# the reviews it may stay somewhat below 2. Thanks to the order? The control counts the same pairs
# of words, whichever word comes first: the bigrams have no lead over it that counts, and it, too,
# seems to beat single words (the last two lines). It seems to help to know which words stand
# **together**; that order helps as well cannot be seen here. (The bags to come use $C = 3$, and
# those with bigrams $C = 10$.)

# %% [markdown] lang="es"
# ### La explosión de los *n*-gramas
#
# ¿Por qué no contar también grupos de 3, 4 o 5 palabras (***n*-gramas**)? Contemos cuántos grupos
# distintos hay en 1000 reseñas, y qué proporción de los grupos de otras 500 reseñas no está entre
# ellos.

# %% [markdown] lang="en"
# ### The explosion of *n*-grams
#
# Why not count groups of 3, 4 or 5 words too (***n*-grams**)? Let us count how many distinct groups
# there are in 1000 reviews, and what share of the groups in another 500 reviews is not among them.


# %%
def ngrams(tokens, n):
    return zip(*(tokens[start:] for start in range(n)), strict=False)


for n in range(1, 6):
    seen = {group for tokens in tokens_fit[:1000] for group in ngrams(tokens, n)}
    new = [group not in seen for tokens in tokens_val[:500] for group in ngrams(tokens, n)]
    print(n, ck.number(len(seen)), f"{np.mean(new):.2f}")

# %% [markdown] lang="es"
# La segunda columna cuenta los grupos de palabras tal como se escriben, también las que no están
# entre nuestras 10 000. Al final apenas crece, porque en 1000 reseñas no caben más; lo que explota
# es el número de grupos posibles. Aun con solo 10 000 palabras habría $10\,000^n$ grupos posibles,
# y la última columna dice lo que importa: tras 1000 reseñas, casi todos los grupos de 4 o 5
# palabras de una reseña nueva siguen siendo desconocidos (con más reseñas, algunos menos), y para
# un grupo que nunca apareció no se puede aprender un peso. Una tabla de grupos no escala. La
# alternativa: resumir todo lo leído en un vector de tamaño fijo, un **estado**, y aprender a
# actualizarlo palabra a palabra.

# %% [markdown] lang="en"
# The second column counts groups of words as they are written, including those that are not among
# our 10 000. In the end it hardly grows, because 1000 reviews hold no more; what explodes is the
# number of possible groups. Even with only 10 000 words there would be $10\,000^n$ possible groups,
# and the last column tells what matters: after 1000 reviews, nearly all groups of 4 or 5 words in a
# new review are still unknown (with more reviews, somewhat fewer), and for a group that never
# occurred no weight can be learnt. A table of groups does not scale. The alternative: sum up all
# that has been read in a vector of fixed size, a **state**, and learn to update it word by word.

# %% [markdown] lang="es"
# ## Una capa recurrente, a mano
#
# ### Cada palabra, un vector
#
# Las palabras 17 y 18 no tienen por qué parecerse más que la 17 y la 9000, pero, como números, a
# una red le parecerían casi iguales: el número de una palabra dice lo frecuente que es, no lo que
# significa. Por eso una **capa de *embedding*** (incrustación) guarda una matriz $E$ con una fila
# para cada palabra, su **vector de palabra**, y devuelve esa fila. Escribir la palabra como una
# fila de ceros con un 1 (*one-hot*) y multiplicarla por $E$ equivale a tomar esa fila:

# %% [markdown] lang="en"
# ## A recurrent layer, by hand
#
# ### A vector for each word
#
# Words 17 and 18 need not be more alike than words 17 and 9000, but as numbers they would look
# nearly equal to a network: the number of a word says how frequent it is, not what it means. That
# is why an ***embedding* layer** keeps a matrix $E$ with one row for each word, its **word
# vector**, and returns that row. Writing the word as a row of zeros with one 1 (*one-hot*) and
# multiplying it by $E$ gives the same as taking the row:

# %%
embedding = layers.Embedding(5, 3)
rows = ops.convert_to_numpy(embedding(np.array([4, 0, 4])))
E = embedding.get_weights()[0]
one_hot = np.eye(5, dtype=int)[[4, 0, 4]]
assert np.allclose(one_hot @ E, rows, atol=1e-6) and np.allclose(E[[4, 0, 4]], rows)
print(one_hot)

# %% [markdown] lang="es"
# ### El estado
#
# En el paso de tiempo $t$, la red recibe el vector de la palabra, $x_t$, y su propio estado
# anterior, $h_{t-1}$:
#
# $$h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t + b)$$
#
# Los pesos $W_{hh}$ y $W_{xh}$ y el sesgo $b$ son los mismos en todos los pasos de tiempo. El
# primer estado, $h_0$, es 0.

# %% [markdown] lang="en"
# ### The state
#
# At time step $t$, the network gets the vector of the word, $x_t$, and its own previous state,
# $h_{t-1}$:
#
# $$h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t + b)$$
#
# The weights $W_{hh}$ and $W_{xh}$ and the bias $b$ are the same at every time step. The first state, $h_0$, is 0.


# %%
def simple_rnn(x, w_xh, w_hh, b):
    h = np.zeros(len(b))
    states = []
    for x_t in x:
        h = np.tanh(w_hh @ h + w_xh @ x_t + b)
        states.append(h)
    return np.array(states)


# %% [markdown] lang="es"
# Probemos con cinco palabras, cada una con un vector de 3 números, y con 4 unidades (así llama
# Keras a las neuronas de una capa), todo al azar. Leemos las mismas palabras en dos órdenes.

# %% [markdown] lang="en"
# Let us try five words, each with a vector of 3 numbers, and 4 units (Keras's name for the neurons
# of a layer), all of it random. We read the same words in two orders.

# %% tags=["english"]
rng = np.random.default_rng(0)
vector_of = dict(zip(["bad", "great", "it", "not", "was"], rng.normal(size=(5, 3)), strict=True))
w_xh, w_hh = rng.normal(0, 0.5, (4, 3)), rng.normal(0, 0.5, (4, 4))
b = rng.normal(0, 0.1, 4)
orders = ["not bad it was great", "not great it was bad"]
x_orders = np.array([[vector_of[word] for word in text.split()] for text in orders])
states = np.array([simple_rnn(x, w_xh, w_hh, b) for x in x_orders])

# %%
ck.plots.images(
    states.transpose(0, 2, 1),
    orders,
    columns=2,
    values=True,
    signed=True,
    alt=_(
        "Estados de 4 unidades al leer dos frases de cinco palabras: una columna por palabra.",
        "States of 4 units while they read two sentences of five words: one column for each word.",
    ),
)

# %%
assert np.allclose(x_orders[0].sum(axis=0), x_orders[1].sum(axis=0))
ck.claim(
    _("distancia entre los dos últimos estados", "distance between the two last states"),
    np.linalg.norm(states[0, -1] - states[1, -1]),
    at_least=0.05,
)

# %% [markdown] lang="es"
# Una columna por palabra y una fila por unidad; azul es positivo y naranja, negativo. Las primeras
# columnas son iguales, porque las dos frases empiezan por *not*; después difieren, y los últimos
# estados son distintos. La suma de los vectores, en cambio, es la misma (`assert`): una bolsa no
# distingue las dos frases y el estado sí.
#
# ### Un solo producto
#
# Keras lee muchas frases a la vez. Las filas de $X$ son los vectores de una palabra de cada frase,
# y las de $H$, sus estados; por eso guarda los pesos transpuestos. Y los dos productos son uno
# solo, si ponemos las matrices una al lado de otra o una encima de otra:
#
# $$X W_{xh}^\top + H W_{hh}^\top = [X, H] \begin{bmatrix} W_{xh}^\top \\ W_{hh}^\top \end{bmatrix}$$

# %% [markdown] lang="en"
# One column for each word and one row for each unit; blue is positive and orange negative. The
# first columns are equal, since both sentences begin with *not*; after that they differ, and the
# last states are not the same. The sum of the vectors, however, is the same (`assert`): a bag
# cannot tell the two sentences apart and the state can.
#
# ### A single product
#
# Keras reads many sentences at once. The rows of $X$ are the vectors of one word from each
# sentence, and the rows of $H$ their states; that is why it keeps the weights transposed. And the
# two products are a single one, if we put the matrices side by side or on top of each other:
#
# $$X W_{xh}^\top + H W_{hh}^\top = [X, H] \begin{bmatrix} W_{xh}^\top \\ W_{hh}^\top \end{bmatrix}$$

# %%
X, H = x_orders[:, 1], states[:, 0]
two_products = X @ w_xh.T + H @ w_hh.T
one_product = np.hstack([X, H]) @ np.vstack([w_xh.T, w_hh.T])
assert np.allclose(two_products, one_product)
assert np.allclose(np.tanh(one_product + b), states[:, 1])
print(np.hstack([X, H]).shape, np.vstack([w_xh.T, w_hh.T]).shape)

# %% [markdown] lang="es"
# Es decir: una capa recurrente es una capa densa que recibe la palabra y el estado juntos, y cuya
# salida vuelve a entrar. Ahora comparemos con la capa de Keras, que se llama `SimpleRNN`.

# %% [markdown] lang="en"
# In other words: a recurrent layer is a dense layer that gets word and state together, and whose
# output goes back in. Now let us compare with Keras's layer, which is called `SimpleRNN`.

# %%
layer = layers.SimpleRNN(4, return_sequences=True)
layer.build((2, 5, 3))
layer.set_weights([w_xh.T, w_hh.T, b])
difference = np.abs(ops.convert_to_numpy(layer(x_orders)) - states).max()
ck.claim(_("mayor diferencia con SimpleRNN", "largest difference from SimpleRNN"), difference, at_most=1e-5)
print(layer.count_params())

# %% [markdown] lang="es"
# Los mismos estados. Son $4 \cdot (3 + 4 + 1) = 32$ parámetros, lea 5 palabras o 5000.
#
# ### Tu turno: una memoria de un solo número
#
# **Ejercicio 2.** Elige los pesos de `simple_rnn` con 1 unidad y 1 entrada para que **recuerde**:
# si en la secuencia hay algún 1, el último estado debe pasar de $0.9$, aunque después vengan 39
# ceros; si solo hay ceros, debe quedar por debajo de $0.1$. Responde con tres números: $W_{xh}$,
# $W_{hh}$ y $b$.

# %% [markdown] lang="en"
# The same states. There are $4 \cdot (3 + 4 + 1) = 32$ parameters, whether it reads 5 words
# or 5000.
#
# ### Your turn: a memory of a single number
#
# **Exercise 2.** Choose the weights of `simple_rnn` with 1 unit and 1 input so that it
# **remembers**: if there is any 1 in the sequence, the last state must be above $0.9$, even if 39
# zeros follow; if there are only zeros, it must stay below $0.1$. Answer with three numbers:
# $W_{xh}$, $W_{hh}$ and $b$.

# %%
memory = [..., ..., ...]


# %% tags=["check"]
def remembers(answer):
    w_x, w_h, bias = (np.full((1, 1), float(number)) for number in answer)
    for ones in ([], [0], [9], [39], [3, 4], [5, 20, 39]):
        x = np.zeros((40, 1))
        x[ones] = 1
        last = simple_rnn(x, w_x, w_h, bias[0])[-1, 0]
        if not (last > 0.9 if ones else last < 0.1):
            return False
    return True


hint = _(
    "sin entrada, el estado debe alimentarse a sí mismo: ¿qué hace tanh con un estado amplificado?",
    "without input, the state must feed itself: what does tanh do with an amplified state?",
)
ck.check(memory, remembers, hint)

# %% tags=["solution"]
# es: con w = 3, tanh lleva el estado cerca de 1 y ahí se queda; sin ningún 1, se queda en 0
# en: with w = 3, tanh takes the state close to 1, and there it stays; without any 1, it stays at 0
ck.check([4, 3, 0], remembers, hint)

# %% [markdown] lang="es"
# ## El gradiente vuelve atrás en el tiempo
#
# ### Primero, una sola unidad
#
# ¿Cuánto cambia el último estado si cambiamos un poco el primero? Con una unidad sin tanh,
# $h_t = w \, h_{t-1}$, la respuesta se ve a simple vista: cada paso de tiempo multiplica por $w$, y
# cincuenta pasos, por $w^{50}$.

# %% [markdown] lang="en"
# ## The gradient goes back in time
#
# ### A single unit first
#
# How much does the last state change if we change the first one a little? With one unit and no
# tanh, $h_t = w \, h_{t-1}$, the answer can be seen at once: each time step multiplies by $w$, and
# fifty steps by $w^{50}$.

# %%
for w in (0.5, 0.9, 1, 1.1, 1.5):
    print(w, f"{w**50:.1g}")

# %% [markdown] lang="es"
# La notación `9e-16` significa $9 \cdot 10^{-16}$. Si $|w|$ es menor que 1, la señal **se
# desvanece**; si es mayor, **explota**. Solo $|w| = 1$ conserva su tamaño.
#
# Con tanh hay un factor más. Leamos tres números con una unidad, $h_t = \tanh(w h_{t-1} + x_t)$, y
# tomemos como pérdida $L = h_3$. La pendiente de tanh es $1 - h_t^2$, así que la regla de la cadena
# da, del último estado al primero:
#
# $$g_3 = \frac{dL}{dh_3} = 1, \qquad g_2 = g_3 (1 - h_3^2) \, w, \qquad g_1 = g_2 (1 - h_2^2) \, w$$
#
# El peso $w$ actúa en los tres pasos, y su gradiente suma las tres influencias:
#
# $$\frac{dL}{dw} = g_3 (1 - h_3^2) \, h_2 + g_2 (1 - h_2^2) \, h_1 + g_1 (1 - h_1^2) \, h_0$$

# %% [markdown] lang="en"
# The notation `9e-16` means $9 \cdot 10^{-16}$. If $|w|$ is less than 1, the signal
# **vanishes**; if it is more, it **explodes**. Only $|w| = 1$ preserves its size.
#
# With tanh there is one more factor. Let us read three numbers with one unit,
# $h_t = \tanh(w h_{t-1} + x_t)$, and take $L = h_3$ as the loss. The slope of tanh is $1 - h_t^2$,
# so the chain rule gives, from the last state to the first:
#
# $$g_3 = \frac{dL}{dh_3} = 1, \qquad g_2 = g_3 (1 - h_3^2) \, w, \qquad g_1 = g_2 (1 - h_2^2) \, w$$
#
# The weight $w$ acts at all three steps, and its gradient adds up the three influences:
#
# $$\frac{dL}{dw} = g_3 (1 - h_3^2) \, h_2 + g_2 (1 - h_2^2) \, h_1 + g_1 (1 - h_1^2) \, h_0$$


# %%
def three_steps(w, x=(1, 0.5, -1)):
    h = [0]
    for x_t in x:
        h.append(np.tanh(w * h[-1] + x_t))
    return h


# %%
h = three_steps(0.7)
g3 = 1
g2 = g3 * (1 - h[3] ** 2) * 0.7
g1 = g2 * (1 - h[2] ** 2) * 0.7
slope = g3 * (1 - h[3] ** 2) * h[2] + g2 * (1 - h[2] ** 2) * h[1] + g1 * (1 - h[1] ** 2) * h[0]
nudged = (three_steps(0.7 + 1e-6)[3] - h[3]) / 1e-6
print(round(slope, 4), round(nudged, 4))

# %% [markdown] lang="es"
# A la izquierda, la fórmula; a la derecha, lo que cambia la pérdida al mover $w$ un poco.
# Coinciden. Esto es la **retropropagación a través del tiempo** (*backpropagation through time*):
# la retropropagación de siempre en la red desplegada, donde un mismo peso aparece muchas veces.
#
# ### Con muchas unidades
#
# Si el estado es un vector, $w$ pasa a ser la matriz $W_{hh}^\top$ y los productos con la pendiente
# se hacen componente a componente (el signo $\odot$). La matriz aparece traspuesta porque cada
# número del estado entra en todas las sumas del paso siguiente, una por fila, y hacia atrás se suma
# lo que vuelve de cada una:
#
# $$g_{t-1} = W_{hh}^\top \left( (1 - h_t^2) \odot g_t \right)$$

# %% [markdown] lang="en"
# On the left, the formula; on the right, how the loss changes when $w$ moves a little. They agree.
# This is **backpropagation through time**: the usual backpropagation in the unrolled network, where
# one and the same weight appears many times.
#
# ### With many units
#
# If the state is a vector, $w$ becomes the matrix $W_{hh}^\top$ and the products with the slope are
# taken component by component (the sign $\odot$). The matrix is transposed because each number of
# the state enters all the sums of the next step, one for each row, and going back one adds what
# returns from each:
#
# $$g_{t-1} = W_{hh}^\top \left( (1 - h_t^2) \odot g_t \right)$$


# %%
def back_in_time(states, w_hh, gradient):
    gradients = [gradient]
    for h in states[:0:-1]:
        gradients.append(w_hh.T @ ((1 - h**2) * gradients[-1]))
    return np.array(gradients[::-1])


# %% [markdown] lang="es"
# `states[:0:-1]` recorre los estados desde el último hasta el segundo. ¿Está bien la función? El
# gradiente de $W_{hh}$ vuelve a ser una suma sobre el tiempo,
# $\sum_t ((1 - h_t^2) \odot g_t) h_{t-1}^\top$. Tomemos como pérdida la suma del último estado y
# comparemos con lo que cambian los pesos de Keras en una actualización con tasa de aprendizaje 1.

# %% [markdown] lang="en"
# `states[:0:-1]` goes through the states from the last to the second. Is the function right? The
# gradient of $W_{hh}$ is a sum over time again, $\sum_t ((1 - h_t^2) \odot g_t) h_{t-1}^\top$. Let
# us take the sum of the last state as the loss, and compare with how much Keras's weights change in
# one update with learning rate 1.

# %%
g = back_in_time(states[0], w_hh, np.ones(4))
previous = np.vstack([np.zeros(4), states[0, :-1]])
w_hh_gradient = ((1 - states[0] ** 2) * g).T @ previous

# %%
model = keras.Sequential([layers.Input((5, 3)), layers.SimpleRNN(4)])
model.layers[0].set_weights([w_xh.T, w_hh.T, b])
model.compile(keras.optimizers.SGD(1.0), loss=lambda y_true, y_pred: ops.sum(y_pred, axis=-1))
model.train_on_batch(x_orders[:1], np.zeros((1, 4)))
keras_gradient = w_hh.T - model.layers[0].get_weights()[1]
assert np.allclose(keras_gradient, w_hh_gradient.T, atol=1e-5)

# %% [markdown] lang="es"
# Coinciden (`assert`).
#
# ### Se desvanece o explota
#
# Cada paso hacia atrás multiplica por $W_{hh}^\top$ y por una pendiente que no pasa de 1. Si la
# matriz encoge los vectores, el gradiente se desvanece; si los estira más de lo que la pendiente
# los reduce, explota. Probemos tres tamaños de los pesos, con 64 unidades y desviación estándar
# $s / \sqrt{64}$: así, la matriz multiplica la longitud de un vector al azar por $s$, más o menos.

# %% [markdown] lang="en"
# They agree (`assert`).
#
# ### It vanishes or explodes
#
# Each step back multiplies by $W_{hh}^\top$ and by a slope that is never above 1. If the matrix
# shrinks vectors, the gradient vanishes; if it stretches them more than the slope reduces them, it
# explodes. Let us try three sizes of the weights, with 64 units and standard deviation
# $s / \sqrt{64}$: this way the matrix multiplies the length of a random vector by roughly $s$.


# %%
def gradients_back(s, steps=50, units=64):
    rng = np.random.default_rng(0)
    w_hh = rng.normal(0, s / np.sqrt(units), (units, units))
    w_xh = rng.normal(0, 0.1, (units, 8))
    states = simple_rnn(rng.normal(size=(steps, 8)), w_xh, w_hh, np.zeros(units))
    return back_in_time(states, w_hh, np.full(units, 1 / np.sqrt(units)))[::-1]


norms = {f"s = {s}": np.linalg.norm(gradients_back(s), axis=1) for s in (4, 1.3, 0.5)}

# %%
ck.plots.curves(
    range(50),
    norms,
    xlabel=_("pasos de tiempo hacia atrás", "time steps back"),
    ylabel=_("norma del gradiente", "norm of the gradient"),
    yscale="log",
    alt=_(
        "Norma del gradiente paso a paso hacia atrás, en escala logarítmica, para tres tamaños de los "
        "pesos: con el menor cae en línea recta y con el mayor sube.",
        "Norm of the gradient step by step back, on a logarithmic scale, for three sizes of the "
        "weights: with the smallest it falls in a straight line, with the largest it rises.",
    ),
)

# %%
ck.claim(_("norma tras 49 pasos con s = 0.5", "norm after 49 steps with s = 0.5"), norms["s = 0.5"][-1], at_most=1e-12)
ck.claim(_("norma tras 49 pasos con s = 4", "norm after 49 steps with s = 4"), norms["s = 4"][-1], at_least=1e5)

# %% [markdown] lang="es"
# En escala logarítmica, una línea recta es un cambio exponencial. Con pesos pequeños, a la primera
# palabra no le llega ninguna señal útil; con pesos grandes, una sola actualización puede estropear
# toda la red. Entre los dos extremos, con $s = 1.3$, la norma cambia mucho menos: la matriz estira
# los vectores y la pendiente de tanh los encoge. Recordar no basta: en la solución del ejercicio 2,
# $w = 3$ conserva el estado cerca de $h = 0.995$, pero tanh es allí casi plana. Cada paso hacia
# atrás multiplica por $w (1 - h^2) \approx 0.03$, y no vuelve un gradiente que enseñe a recordar.
#
# ### Recortar el gradiente
#
# Contra la explosión hay un truco (Pascanu, Mikolov y Bengio, 2013): si la norma del gradiente pasa
# de un límite $\theta$, se acorta hasta medir $\theta$ y conserva su dirección.
#
# $$g \leftarrow g \cdot \min\left(1, \frac{\theta}{\lVert g \rVert}\right)$$

# %% [markdown] lang="en"
# On a logarithmic scale, a straight line is an exponential change. With small weights, no useful
# signal reaches the first word; with large ones, a single update may spoil the whole network.
# Between the two extremes, with $s = 1.3$, the norm changes far less: the matrix stretches vectors
# and the slope of tanh shrinks them. Remembering is not enough: in the solution of exercise 2,
# $w = 3$ keeps the state close to $h = 0.995$, but tanh is nearly flat there. Each step back
# multiplies by $w (1 - h^2) \approx 0.03$, and no gradient comes back that could teach the network
# to remember.
#
# ### Clipping the gradient
#
# Against the explosion there is a trick (Pascanu, Mikolov and Bengio, 2013): if the norm of the
# gradient exceeds a limit $\theta$, it is shortened to length $\theta$ and keeps its direction.
#
# $$g \leftarrow g \cdot \min\left(1, \frac{\theta}{\lVert g \rVert}\right)$$

# %% [markdown] lang="es"
# **Ejercicio 3.** Completa `clip`. La comprobamos con un gradiente largo, con uno corto y con uno
# nulo.

# %% [markdown] lang="en"
# **Exercise 3.** Complete `clip`. We check it with a long gradient, a short one and a zero one.


# %%
def clip(gradient, limit):
    return ...


# %% tags=["check"]
long, short = gradients_back(4)[-1], np.array([0.3, -0.4])
wanted = [long / np.linalg.norm(long), short, short * 0.2, np.zeros(2)]
cases = [(long, 1), (short, 1), (short, 0.1), (np.zeros(2), 1)]
hint = _(
    "cuando la norma pasa del límite, multiplica el gradiente por límite / norma; si no, déjalo como está",
    "when the norm exceeds the limit, multiply the gradient by limit / norm; otherwise leave it as it is",
)
ck.check(
    lambda: None if clip(short, 1) is ... else np.concatenate([clip(g.copy(), t) for g, t in cases]),
    np.concatenate(wanted),
    hint,
)


# %% tags=["solution"]
def clip_solution(gradient, limit):
    norm = np.linalg.norm(gradient)
    return gradient * limit / norm if norm > limit else gradient


ck.check(lambda: np.concatenate([clip_solution(g, t) for g, t in cases]), np.concatenate(wanted), hint)

# %% [markdown] lang="es"
# En Keras, `keras.optimizers.Adam(clipnorm=1.0)` recorta así el gradiente de cada matriz de pesos.
# (Adam ya divide cada gradiente entre su tamaño habitual; recortar evita que uno solo, enorme,
# deforme esa medida.) Contra el desvanecimiento no basta con alargar el gradiente: junto a las
# señales de los últimos pasos, una de $10^{-16}$ es menor que el error de redondeo. Un remedio es
# otro tipo de celda.

# %% [markdown] lang="en"
# In Keras, `keras.optimizers.Adam(clipnorm=1.0)` clips the gradient of each weight matrix in this
# way. (Adam already divides each gradient by its usual size; clipping keeps a single huge one from
# distorting that measure.) Against vanishing, stretching the gradient is not enough: beside the
# signals of the last steps, one of $10^{-16}$ is smaller than the rounding error. One remedy is
# another kind of cell.

# %% [markdown] lang="es"
# ## LSTM: una celda con compuertas
#
# La **LSTM** (Hochreiter y Schmidhuber, 1997) añade una segunda memoria, la **celda** $c$, por la
# que la información pasa de un paso de tiempo al siguiente sin matriz ni tanh en el camino.

# %% [markdown] lang="en"
# ## LSTM: a cell with gates
#
# The **LSTM** (Hochreiter and Schmidhuber, 1997) adds a second memory, the **cell** $c$, along
# which information passes from one time step to the next without a matrix or a tanh on its way.

# %%
ck.diagrams.lstm_cell()

# %% [markdown] lang="es"
# Cada **compuerta** da un número entre 0 (cerrada) y 1 (abierta) por unidad; $\sigma$ es la
# sigmoide. El vector $z = W_x x_t + W_h h_{t-1} + b$ (dos matrices como las de antes, con el
# cuádruple de filas) se corta en cuatro trozos, tres compuertas y una candidata:
#
# | trozo | pregunta | fórmula |
# |---|---|---|
# | compuerta de entrada (*input*) | ¿cuánto dejo entrar? | $i = \sigma(z_i)$ |
# | compuerta de olvido (*forget*) | ¿cuánto conservo? | $f = \sigma(z_f)$ |
# | candidata (*candidate*) | ¿qué entra? | $\tilde{c} = \tanh(z_c)$ |
# | compuerta de salida (*output*) | ¿cuánto muestro? | $o = \sigma(z_o)$ |
#
# $$c_t = f \odot c_{t-1} + i \odot \tilde{c} \qquad h_t = o \odot \tanh(c_t)$$
#
# La compuerta de olvido llegó algo después que la celda (Gers, Schmidhuber y Cummins, 2000).

# %% [markdown] lang="en"
# Each **gate** gives a number between 0 (closed) and 1 (open) for each unit; $\sigma$ is the
# sigmoid. The vector $z = W_x x_t + W_h h_{t-1} + b$ (two matrices like those before, with four
# times as many rows) is cut into four pieces, three gates and a candidate:
#
# | piece | question | formula |
# |---|---|---|
# | *input* gate | how much do I let in? | $i = \sigma(z_i)$ |
# | *forget* gate | how much do I keep? | $f = \sigma(z_f)$ |
# | *candidate* | what comes in? | $\tilde{c} = \tanh(z_c)$ |
# | *output* gate | how much do I show? | $o = \sigma(z_o)$ |
#
# $$c_t = f \odot c_{t-1} + i \odot \tilde{c} \qquad h_t = o \odot \tanh(c_t)$$
#
# The forget gate came a little later than the cell (Gers, Schmidhuber and Cummins, 2000).


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %%
def lstm(x, w_x, w_h, b):
    h = c = np.zeros(w_h.shape[1])
    states = []
    for x_t in x:
        z_i, z_f, z_c, z_o = np.split(w_x @ x_t + w_h @ h + b, 4)
        c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
        h = sigmoid(z_o) * np.tanh(c)
        states.append(h)
    return np.array(states)


# %% [markdown] lang="es"
# El orden de los cuatro trozos es el de Keras. Comparemos con su capa `LSTM`, con pesos al azar.

# %% [markdown] lang="en"
# The order of the four pieces is Keras's. Let us compare with its `LSTM` layer, with random
# weights.

# %%
rng = np.random.default_rng(0)
lstm_weights = [rng.normal(0, 0.5, shape) for shape in ((16, 3), (16, 4), 16)]
lstm_layer = layers.LSTM(4, return_sequences=True)
lstm_layer.build((2, 5, 3))
lstm_layer.set_weights([array.T for array in lstm_weights])

# %%
ours = np.array([lstm(x, *lstm_weights) for x in x_orders])
difference = np.abs(ops.convert_to_numpy(lstm_layer(x_orders)) - ours).max()
ck.claim(_("mayor diferencia con LSTM", "largest difference from LSTM"), difference, at_most=1e-5)
print(lstm_layer.count_params())

# %% [markdown] lang="es"
# El mismo resultado, con el cuádruple de parámetros que la capa recurrente simple:
# $4 \cdot 32 = 128$.
#
# **Ejercicio 4.** Una LSTM con 50 unidades lee vectores de 20 números. ¿Cuántos parámetros tiene?
# ¿Y si cada frase fuera el doble de larga? Responde con los dos números.

# %% [markdown] lang="en"
# The same result, with four times the parameters of the simple recurrent layer: $4 \cdot 32 = 128$.
#
# **Exercise 4.** An LSTM with 50 units reads vectors of 20 numbers. How many parameters does it
# have? What if each sentence were twice as long? Answer with the two numbers.

# %%
parameters = [..., ...]

# %% tags=["check"]
fifty_units = layers.LSTM(50)
fifty_units.build((None, 30, 20))
hint = _(
    "hay cuatro trozos, y cada unidad de un trozo mira el vector, el estado y un sesgo",
    "there are four pieces, and each unit of a piece looks at the vector, the state and a bias",
)
ck.check(parameters, [fifty_units.count_params()] * 2, hint)

# %% tags=["solution"]
# es: los pesos son los mismos en cada paso de tiempo: la longitud no cuenta
# en: the weights are the same at each time step: the length does not count
ck.check([4 * 50 * (20 + 50 + 1)] * 2, [fifty_units.count_params()] * 2, hint)

# %% [markdown] lang="es"
# ### Por qué puede recordar
#
# De $c_t$ a $c_{t-1}$, por el camino directo de la celda, el gradiente solo se multiplica por $f$.
# ¿Y por todos los caminos juntos? Midámoslo: movemos muy poco un número del vector de la palabra
# que está $k$ pasos atrás y vemos cuánto cambia el último estado. (El cociente de los dos cambios
# es casi una derivada, como las que calcula la retropropagación.) Las dos celdas tienen pesos al
# azar pequeños, los de $s = 0.5$; en la LSTM probamos dos sesgos de la compuerta de olvido: 1, con
# el que empieza Keras, y 5, que la deja casi abierta, $\sigma(5) \approx 0.993$. Hay dos controles:
# una SimpleRNN con los pesos de $s = 1.3$, y una LSTM con $W_h = 0$, a la que solo le queda el
# camino directo.

# %% [markdown] lang="en"
# ### Why it can remember
#
# From $c_t$ to $c_{t-1}$, along the direct path of the cell, the gradient is only multiplied by
# $f$. And along all paths together? Let us measure it: we move one number in the vector of the word
# that stands $k$ steps back a tiny bit, and see how much the last state changes. (The ratio of the
# two changes is nearly a derivative, like those that backpropagation computes.) The two cells have
# small random weights, those of $s = 0.5$; in the LSTM we try two biases of the forget gate: 1,
# with which Keras starts, and 5, which leaves it nearly open, $\sigma(5) \approx 0.993$. There are
# two controls: a SimpleRNN with the weights of $s = 1.3$, and an LSTM with $W_h = 0$, to which only
# the direct path is left.


# %%
def influence(read, x):
    last, changes = read(x)[-1], []
    for t in range(len(x)):
        moved = x.copy()
        moved[t, 0] += 1e-4
        changes.append(np.linalg.norm(read(moved)[-1] - last) / 1e-4)
    return changes[::-1]


# %%
rng = np.random.default_rng(0)
# es: las SimpleRNN toman la primera cuarta parte de las matrices de la LSTM; 2.6 veces 0.5 es 1.3
# en: the SimpleRNNs take the first quarter of the LSTM's matrices; 2.6 times 0.5 is 1.3
x_long = rng.normal(size=(31, 8))
w_x, w_h = rng.normal(0, 0.1, (256, 8)), rng.normal(0, 0.5 / 8, (256, 64))
b_1, b_5 = [np.repeat([0, bias, 0, 0], 64) for bias in (1, 5)]
influences = {
    "RNN": influence(lambda x: simple_rnn(x, w_x[:64], w_h[:64], np.zeros(64)), x_long),
    "RNN, $s = 1.3$": influence(lambda x: simple_rnn(x, w_x[:64], 2.6 * w_h[:64], np.zeros(64)), x_long),
    _("LSTM, sesgo 1", "LSTM, bias 1"): influence(lambda x: lstm(x, w_x, w_h, b_1), x_long),
    _("LSTM, sesgo 5", "LSTM, bias 5"): influence(lambda x: lstm(x, w_x, w_h, b_5), x_long),
    "$W_h = 0$": influence(lambda x: lstm(x, w_x, 0 * w_h, b_5), x_long),
}

# %%
ck.plots.curves(
    range(31),
    influences,
    xlabel=_("pasos de tiempo hacia atrás", "time steps back"),
    ylabel=_("cambio del último estado", "change of the last state"),
    yscale="log",
    alt=_(
        "Cuánto cambia el último estado al mover una palabra, según cuántos pasos atrás está: en la celda simple y en la "
        "LSTM con sesgo 1 cae en línea recta; en la LSTM con sesgo 5 sube; sin W_h, y en la celda simple con s = 1.3, apenas baja.",
        "How much the last state changes when a word moves, by how many steps back it stands: in the simple cell and the "
        "LSTM with bias 1 it falls in a straight line; in the LSTM with bias 5 it rises; without W_h, and in the simple cell with s = 1.3, it hardly falls.",
    ),
)

# %%
simple_share, _larger, _bias_1, bias_5_share, direct_share = [
    changes[-1] / changes[0] for changes in influences.values()
]
ck.claim(
    _("SimpleRNN, cambio a 30 pasos entre el de 0", "SimpleRNN, change at 30 steps over that at 0"),
    simple_share,
    at_most=1e-8,
)
ck.claim(
    _("LSTM con sesgo 5, cambio a 30 pasos entre el de 0", "LSTM with bias 5, change at 30 steps over that at 0"),
    bias_5_share,
    at_least=1,
)
ck.claim(
    _("sesgo 5 y sin W_h, cambio a 30 pasos entre el de 0", "bias 5 and no W_h, change at 30 steps over that at 0"),
    direct_share,
    at_least=0.4,
    at_most=1,
)

# %% [markdown] lang="es"
# Con estos pesos pequeños, la LSTM con sesgo 1 también olvida, aunque más despacio que la celda
# simple; con pesos de otro tamaño, las curvas son otras: mira la SimpleRNN con $s = 1.3$. (Keras
# empieza con matrices recurrentes ortogonales: en la SimpleRNN, $W_{hh}$ no encoge ni estira los
# vectores.) Con la compuerta de olvido casi abierta, la palabra de hace 30 pasos influye, en este
# sorteo, por lo menos tanto como la última. El control con $W_h = 0$ separa los dos caminos: solo
# por el directo, la señal apenas baja; lo que la hace subir pasa por $W_h$. Así que en una LSTM la
# señal también puede crecer. La ventaja es otra: $f$ se calcula en cada paso de tiempo a partir de
# la palabra y del estado, y la red puede **aprender** a tenerla cerca de 1 mientras hay algo que
# recordar.

# %% [markdown] lang="en"
# With these small weights, the LSTM with bias 1 forgets too, although more slowly than the simple
# cell; with weights of another size, the curves are different: see the SimpleRNN with $s = 1.3$.
# (Keras starts with orthogonal recurrent matrices: in SimpleRNN, $W_{hh}$ neither shrinks nor
# stretches vectors.) With the forget gate nearly open, the word of 30 steps ago matters, in this
# draw, at least as much as the last one. The control with $W_h = 0$ separates the two paths: along
# the direct one alone, the signal hardly falls; what makes it rise goes through $W_h$. So in an
# LSTM the signal can grow, too. The advantage lies elsewhere: $f$ is computed at each time step
# from the word and the state, and the network can **learn** to keep it close to 1 while there is
# something to remember.

# %% [markdown] lang="es"
# ### Una celda más corta: la GRU
#
# La **GRU** (Cho et al., 2014) no tiene $c$. Una sola compuerta $u$, la de actualización, reparte
# entre conservar el estado y escribir la candidata; otra, $r$, la de reinicio, decide cuánto del
# estado entra en la candidata. Son tres trozos en vez de cuatro: $x_u, x_r, x_c$ son los de
# $W_x x_t + b_x$, y $h_u, h_r, h_c$, los de $W_h h_{t-1} + b_h$.
#
# $$u = \sigma(x_u + h_u) \qquad r = \sigma(x_r + h_r)$$
# $$h_t = u \odot h_{t-1} + (1 - u) \odot \tanh(x_c + r \odot h_c)$$

# %% [markdown] lang="en"
# ### A shorter cell: the GRU
#
# The **GRU** (Cho et al., 2014) has no $c$. A single gate $u$, the update gate, decides how much to
# keep of the state and how much to write of the candidate; another one, $r$, the reset gate,
# decides how much of the state enters the candidate. There are three pieces instead of four:
# $x_u, x_r, x_c$ are those of $W_x x_t + b_x$, and $h_u, h_r, h_c$ those of $W_h h_{t-1} + b_h$.
#
# $$u = \sigma(x_u + h_u) \qquad r = \sigma(x_r + h_r)$$
# $$h_t = u \odot h_{t-1} + (1 - u) \odot \tanh(x_c + r \odot h_c)$$


# %%
def gru(x, w_x, w_h, b_x, b_h):
    h = np.zeros(w_h.shape[1])
    for x_t in x:
        x_u, x_r, x_c = np.split(w_x @ x_t + b_x, 3)
        h_u, h_r, h_c = np.split(w_h @ h + b_h, 3)
        u, r = sigmoid(x_u + h_u), sigmoid(x_r + h_r)
        h = u * h + (1 - u) * np.tanh(x_c + r * h_c)
    return h


# %%
rng = np.random.default_rng(0)
gru_layer = layers.GRU(4)
gru_layer.build((2, 5, 3))
w_x, w_h, biases = [rng.normal(0, 0.5, array.shape) for array in gru_layer.get_weights()]
gru_layer.set_weights([w_x, w_h, biases])
ours = np.array([gru(x, w_x.T, w_h.T, *biases) for x in x_orders])
assert np.allclose(ops.convert_to_numpy(gru_layer(x_orders)), ours, atol=1e-5)

# %% [markdown] lang="es"
# El mismo resultado que la `GRU` de Keras, que usa dos sesgos por unidad y trozo, $b_x$ y $b_h$. En
# el artículo de Cho, $r$ multiplica al estado antes de la matriz; aquí, al producto.

# %% [markdown] lang="en"
# The same result as Keras's `GRU`, which uses two biases for each unit and piece, $b_x$ and $b_h$.
# In Cho's paper, $r$ multiplies the state before the matrix; here, the product.

# %% [markdown] lang="es"
# ## ¿Quién recuerda la letra marcada?
#
# ¿Recuerda mejor una LSTM que una SimpleRNN? Lo mide un experimento. Las dos redes difieren en más
# que las compuertas: también en la celda y en el número de unidades. Cada secuencia tiene 12 letras
# al azar entre A, B, C y D. Una de las 6 primeras lleva una **marca**, y al final hay que decir qué
# letra era: la red debe guardar una letra y no dejar que las siguientes la borren. Quien responde
# al azar acierta una proporción de $0.25$; quien no mira la marca y responde la letra más frecuente
# entre las seis primeras, cerca de $0.47$.

# %% [markdown] lang="en"
# ## Who remembers the marked letter?
#
# Does an LSTM remember better than a SimpleRNN? An experiment measures it. The two networks differ
# in more than the gates: also in the cell and in the number of units. Each sequence has 12 random
# letters among A, B, C and D. One of the first 6 carries a **mark**, and at the end the network
# must say which letter it was: it has to keep one letter and not let those that follow erase it.
# Guessing at random is right $0.25$ of the time; ignoring the mark and answering the most frequent
# of the first six letters, about $0.47$.


# %%
def marked_letters(rng, count, places=6, length=12):
    letters = rng.integers(0, 4, (count, length))
    marked = rng.integers(0, places, count)
    x = np.zeros((count, length, 5), "float32")
    x[..., :4] = np.eye(4)[letters]
    x[np.arange(count), marked, 4] = 1
    return x, letters[np.arange(count), marked]


# %%
rng = np.random.default_rng(0)
sequences = [marked_letters(rng, count) for count in (4000, 1000, 1000)]
print(sequences[0][0][0, :5].astype(int), sequences[0][1][0], sep="\n")

# %% [markdown] lang="es"
# Cada fila es una letra (*one-hot*), con la marca en la última columna; debajo, la respuesta: el
# número de la letra, contado desde 0.
#
# Las reglas son las mismas para la SimpleRNN y la LSTM: casi el mismo número de parámetros, las
# mismas 4000 secuencias leídas una vez, el gradiente recortado, dos tasas de aprendizaje para
# elegir con el conjunto de validación, y dos redes con distintos pesos iniciales. Las dos redes van
# dentro de un solo modelo, sin compartir ningún peso, y así se entrenan a la vez.

# %% [markdown] lang="en"
# Each row is a letter (*one-hot*), with the mark in the last column; below, the answer: the number
# of the letter, counted from 0.
#
# The rules are the same for the SimpleRNN and the LSTM: nearly the same number of parameters, the
# same 4000 sequences read once, a clipped gradient, two learning rates to choose from on the
# validation set, and two networks with different initial weights. The two networks sit inside one
# model without sharing any weights, and so they train at the same time.


# %%
def two_networks(cell):
    x = layers.Input((None, 5))
    answers = [layers.Dense(4, activation="softmax")(cell()(x)) for network in range(2)]
    model = keras.Model(x, ops.stack(answers, axis=1))
    model.compile(keras.optimizers.Adam(clipnorm=1.0), "sparse_categorical_crossentropy")
    return model


# %%
def start_again(model, rate, seed=0):
    keras.utils.set_random_seed(seed)
    model.set_weights(keras.models.clone_model(model).get_weights())
    for variable in model.optimizer.variables:
        variable.assign(ops.zeros_like(variable))
    model.optimizer.learning_rate = rate


# %% [markdown] lang="es"
# `start_again` vuelve al comienzo: para cada `seed`, los mismos pesos aleatorios, y las memorias de
# Adam a cero. Cuesta menos que construir otro modelo.

# %% [markdown] lang="en"
# `start_again` goes back to the start: for each `seed` the same random weights, and Adam's memories
# at zero. That costs less than building another model.


# %%
def share_right(model, x, y):
    return np.mean(ops.convert_to_numpy(model(x)).argmax(axis=-1) == y[:, None], axis=0)


# %%
def try_rates(model, sequences, rates=(0.005, 0.02), seed=0, epochs=1):
    (x, y), validation, test = sequences
    trials = {}
    for rate in rates:
        start_again(model, rate, seed)
        answers = np.stack([y, y], axis=1)
        model.fit(x, answers, batch_size=40, epochs=epochs, verbose=0, callbacks=[ck.live.Progress()])
        trials[rate] = share_right(model, *validation).mean(), share_right(model, *test)
    return trials


# %% tags=["slow"]
models = {"SimpleRNN": two_networks(lambda: layers.SimpleRNN(50)), "LSTM": two_networks(lambda: layers.LSTM(24))}
trials = {name: try_rates(model, sequences) for name, model in models.items()}
print({name: model.count_params() // 2 for name, model in models.items()})

# %% tags=["varies"]
shares = [share for by_rate in trials.values() for validation, share in by_rate.values()]
ck.plots.bars(
    [_(f"{name}, tasa {rate}", f"{name}, rate {rate}") for name in trials for rate in trials[name]],
    dict(zip([_("red 1", "network 1"), _("red 2", "network 2")], np.transpose(shares), strict=True)),
    xlabel=_(
        "proporción de respuestas correctas (al azar: 0.25; letra más frecuente: 0.47)",
        "share of right answers (at random: 0.25; most frequent letter: 0.47)",
    ),
    xlim=(0, 1),
    alt=_(
        "Proporción de respuestas correctas de dos redes simples y de dos LSTM, con dos tasas de aprendizaje.",
        "Share of right answers of two simple networks and of two LSTMs, at two learning rates.",
    ),
)

# %%
right = {name: max(by_rate.values(), key=lambda trial: trial[0])[1] for name, by_rate in trials.items()}
ck.claim(_("peor de las dos LSTM", "worse of the two LSTMs"), min(right["LSTM"]), at_least=0.9)
ck.claim(_("mejor de las dos SimpleRNN", "better of the two SimpleRNNs"), max(right["SimpleRNN"]), at_most=0.75)

# %% [markdown] lang="es"
# Cada barra es una red, medida con el conjunto de prueba. En las comprobaciones, cada tipo de red usa
# la tasa que mejor le va en validación: las LSTM pasan de [[bound: worse of the two LSTMs]] y
# ninguna de las dos SimpleRNN llega a [[bound: better of the two SimpleRNNs]]. Con la tasa menor, las
# LSTM también se quedan lejos de 1: comparar con esa sola tasa habría sido injusto. ¿Es que la SimpleRNN
# no puede recordar tanto tiempo? Hagamos el control: el mismo tipo de secuencias, pero con la marca
# siempre en la **primera** letra, que es la más lejana.

# %% [markdown] lang="en"
# Each bar is one network, measured on the test part. In the claims, each kind of network uses the
# rate that does best for it on validation: the LSTMs are above [[bound: worse of the two LSTMs]] and
# neither of the two SimpleRNNs reaches [[bound: better of the two SimpleRNNs]]. At the smaller rate the
# LSTMs stay far from 1 too: comparing at that rate alone would have been unfair. Can the SimpleRNN
# not remember for so long? Let us run the control: the same kind of sequences, but with the mark
# always on the **first** letter, which is the farthest one.

# %% tags=["slow"]
rng = np.random.default_rng(0)
first_letter = [marked_letters(rng, count, places=1) for count in (4000, 1000, 1000)]
[[validation, share]] = try_rates(models["SimpleRNN"], first_letter, rates=(0.005,)).values()
ck.claim(
    _("SimpleRNN con la marca en la primera letra", "SimpleRNN with the mark on the first letter"),
    min(share),
    at_least=0.9,
)

# %% [markdown] lang="es"
# Sí puede: la distancia por sí sola no es la razón. Lo que no aprende bien con estas 4000
# secuencias, leídas una vez y con estas dos tasas, es a **elegir** qué letra guarda; la LSTM, sí.
# Dos reservas: a la SimpleRNN le va mejor la tasa menor, y no hemos probado otra más pequeña aún; y
# en el control la marca está 4000 veces en un único lugar, en vez de unas 670 veces en cada uno de
# los seis. ¿Cómo elige la LSTM? Leamos las compuertas de entrada y de olvido de la primera de las
# dos LSTM, tal como la dejó la última tasa, en las secuencias de prueba. El código es el de `lstm`
# para muchas secuencias a la vez; la media de cada compuerta se toma sobre todas las unidades.

# %% [markdown] lang="en"
# It can: the distance alone is not the reason. What it does not learn well from these 4000
# sequences, read once and at these two rates, is to **choose** which letter it keeps; the LSTM
# does. Two reservations: the SimpleRNN does better at the smaller rate, and we have not tried one
# that is smaller still; and in the control the mark is 4000 times in one single place, instead of
# some 670 times in each of the six. How does the LSTM choose? Let us read the input and forget
# gates of the first of the two LSTMs, as the last rate left it, on the test sequences. The code is
# that of `lstm` for many sequences at once; the mean of each gate is taken over all units.


# %%
def gates(x, w_x, w_h, b):
    h = c = np.zeros((len(x), len(w_h)))
    means = []
    for x_t in np.moveaxis(x, 1, 0):
        z_i, z_f, z_c, z_o = np.split(x_t @ w_x + h @ w_h + b, 4, axis=1)
        c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
        h = sigmoid(z_o) * np.tanh(c)
        means.append([sigmoid(z_i).mean(axis=1), sigmoid(z_f).mean(axis=1)])
    return np.transpose(means, (1, 2, 0))


# %%
x_marks = sequences[2][0]
[first_lstm, _second] = [layer for layer in models["LSTM"].layers if isinstance(layer, layers.LSTM)]
input_gate, forget_gate = gates(x_marks, *first_lstm.get_weights())
marks = x_marks[..., 4].astype(bool)
seen = np.cumsum(marks, axis=1) - marks > 0
moments = {
    _("antes de la marca", "before the mark"): ~seen & ~marks,
    _("en la letra marcada", "at the marked letter"): marks,
    _("después", "after it"): seen,
}

# %% tags=["varies"]
ck.plots.bars(
    list(moments),
    {
        _("compuerta de entrada", "input gate"): [input_gate[when].mean() for when in moments.values()],
        _("compuerta de olvido", "forget gate"): [forget_gate[when].mean() for when in moments.values()],
    },
    xlabel=_("media (0: cerrada, 1: abierta)", "mean (0: closed, 1: open)"),
    xlim=(0, 1),
    alt=_(
        "Media de las compuertas de entrada y de olvido antes de la marca, en la letra marcada y después.",
        "Mean of the input and forget gates before the mark, at the marked letter and after it.",
    ),
)

# %%
ck.claim(
    _("compuerta de entrada, letra marcada menos las otras", "input gate, marked letter minus the others"),
    input_gate[marks].mean() - input_gate[~marks].mean(),
    at_least=0.05,
)
ck.claim(
    _("compuerta de olvido, otras letras menos la marcada", "forget gate, other letters minus the marked one"),
    forget_gate[~marks].mean() - forget_gate[marks].mean(),
    at_least=0.1,
)
ck.claim(
    _("compuerta de olvido después de la marca", "forget gate after the mark"), forget_gate[seen].mean(), at_most=0.92
)

# %% [markdown] lang="es"
# En la letra marcada, la compuerta de entrada está más abierta que en las otras, y la de olvido,
# más cerrada: la LSTM borra más de lo que tenía y deja entrar la letra. En las demás letras
# conserva más. Nadie le dijo qué significa la marca: su única guía fueron las respuestas. Pero esto
# no lo explica todo. Después de la marca, la compuerta de olvido tampoco está abierta del todo: con
# cada letra se borra una parte, y aun así la red acierta. Cómo guarda la letra entre sus 24
# unidades, y si la repone por $W_h$, no se ve en estas medias. Y es una sola red.

# %% [markdown] lang="en"
# At the marked letter, the input gate is more open than at the others, and the forget gate more
# closed: the LSTM erases more of what it had and lets the letter in. At the other letters it keeps
# more. Nobody told it what the mark means: its only guide was the answers. But this does not
# explain everything. After the mark, the forget gate is not fully open either: a part is erased at
# each letter, and the network is right even so. How it holds the letter among its 24 units, and
# whether it restores it through $W_h$, cannot be seen in these means. And this is a single network.

# %% [markdown] lang="es"
# **Descanso.** Aquí termina la primera mitad: cómo funciona una red recurrente. En la segunda
# mitad, una GRU lee reseñas.

# %% [markdown] lang="en"
# **Break.** This is the end of the first half: how a recurrent network works. In the second half, a
# GRU reads reviews.

# %% [markdown] lang="es"
# ## Vectores de palabras
#
# ### Dime con quién andas
#
# ¿Con qué números llenamos la matriz $E$? Las palabras que se usan en los mismos lugares suelen
# significar cosas parecidas. Contemos qué palabras van juntas en seis frases y descompongamos esa
# tabla con la **descomposición en valores singulares** (SVD): $A = U S V^\top$. Las columnas de $U$
# y de $V$ miden 1 y son perpendiculares entre sí; $S$ lleva en su diagonal los valores singulares,
# de mayor a menor: por eso las primeras columnas de $U S$ son las que más cuentan al reconstruir
# $A$. El **coseno** del ángulo entre dos vectores dice cuánto se parecen: 1 si apuntan en la misma
# dirección y 0 si son perpendiculares.

# %% [markdown] lang="en"
# ## Word vectors
#
# ### The company it keeps
#
# Which numbers go into the matrix $E$? Words that are used in the same places tend to mean similar
# things. Let us count which words go together in six sentences, and decompose that table with the
# **singular value decomposition** (SVD): $A = U S V^\top$. The columns of $U$ and of $V$ have
# length 1 and are perpendicular to each other; $S$ holds the singular values on its diagonal, from
# largest to smallest: that is why the first columns of $U S$ count most when rebuilding $A$. The
# **cosine** of the angle between two vectors says how alike they are: 1 if they point in the same
# direction and 0 if they are perpendicular.

# %% tags=["english"]
small_texts = ["drink coffee", "drink tea", "sip tea", "dog barks", "puppy barks", "puppy runs"]
small_words = sorted({word for text in small_texts for word in text.split()})
A = np.zeros((8, 8), int)
for first, second in [map(small_words.index, text.split()) for text in small_texts]:
    A[first, second] += 1
    A[second, first] += 1
U, S, Vt = np.linalg.svd(A)
assert np.allclose(U * S @ Vt, A)


# %%
def cosine(a, b):
    return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))


for one, other in (("coffee", "tea"), ("dog", "puppy"), ("coffee", "dog")):
    i, j = small_words.index(one), small_words.index(other)
    short = (U * S)[:, :4]
    # es: abs, para que un 0 redondeado no se escriba -0.00
    # en: abs, so that a rounded 0 is not written as -0.00
    print(one, other, f"{cosine(A[i], A[j]):.2f} -> {abs(cosine(short[i], short[j])):.2f}")

# %% [markdown] lang="es"
# A la izquierda de la flecha, el coseno entre las filas de las dos palabras en la tabla, de 8
# números; a la derecha, entre sus filas en las primeras 4 columnas de $U S$. *Coffee* y *tea*
# comparten una de sus vecinas, y al resumir en menos números quedan en la misma dirección: la SVD
# guarda lo que se repite y pierde el detalle.
#
# ### Lo mismo, con las reseñas
#
# Contamos los pares de palabras que están a 5 palabras o menos una de otra. Pero *the* aparece
# junto a casi todas: lo que interesa es si dos palabras $a$ y $b$ van juntas **más de lo
# esperado**. Lo mide la información mutua puntual (*pointwise mutual information*, PMI):
#
# $$\text{PMI}(a, b) = \log \frac{n_{ab} \, n}{n_a \, n_b}$$
#
# Aquí $n_{ab}$ cuenta los pares de $a$ con $b$; $n_a$ y $n_b$, los pares de cada palabra; y $n$,
# todos los pares. Guardamos solo los valores positivos.

# %% [markdown] lang="en"
# On the left of the arrow, the cosine between the rows of the two words in the table, of 8 numbers;
# on the right, between their rows in the first 4 columns of $U S$. *Coffee* and *tea* share one of
# their neighbours, and summed up in fewer numbers they end up in the same direction: the SVD keeps
# what repeats and loses the detail.
#
# ### The same, with the reviews
#
# We count the pairs of words that stand within 5 words of each other. But *the* goes with nearly
# all of them: what matters is whether two words $a$ and $b$ go together **more than expected**. The
# pointwise mutual information (PMI) measures it:
#
# $$\text{PMI}(a, b) = \log \frac{n_{ab} \, n}{n_a \, n_b}$$
#
# Here $n_{ab}$ counts the pairs of $a$ with $b$; $n_a$ and $n_b$ the pairs of each word; and $n$
# all pairs. We only keep the positive values.

# %% [markdown] lang="es"
# El código une las reseñas en una sola fila de números, con cinco ceros entre una y otra. Si la
# desplazamos `distance` puestos y la ponemos al lado de la original, quedan juntas las palabras que
# están a esa distancia. `csr_matrix` suma los pares repetidos.

# %% [markdown] lang="en"
# The code joins the reviews into a single row of numbers, with five zeros between one and the next.
# If we shift it by `distance` places and put it beside the original, the words at that distance
# stand together. `csr_matrix` adds up repeated pairs.


# %%
def count_pairs(sequences):
    gap = np.zeros(5, "int32")
    flat = np.concatenate([np.append(sequence, gap) for sequence in sequences])
    together = sparse.csr_matrix((10_000, 10_000), dtype="float32")
    for distance in range(1, 6):
        left, right = flat[:-distance], flat[distance:]
        known = (left > 1) & (right > 1)
        ones = np.ones(known.sum(), "float32")
        together += sparse.csr_matrix((ones, (left[known], right[known])), together.shape)
    return together


# %%
def positive_pmi(counts):
    pairs = (counts + counts.T).tocoo()
    n_word = np.asarray(pairs.sum(axis=1)).ravel()
    expected = n_word[pairs.row] * (n_word[pairs.col] / n_word.sum())
    pmi = np.log(pairs.data / expected)
    positive = pmi > 0
    places = (pairs.row[positive], pairs.col[positive])
    return sparse.csr_matrix((pmi[positive], places), counts.shape)


# %%
from sklearn.decomposition import TruncatedSVD

svd = TruncatedSVD(64, random_state=0)
vectors = svd.fit_transform(positive_pmi(count_pairs(sequences_fit))) / np.sqrt(svd.singular_values_)
vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
vectors = vectors.astype("float32")

# %% [markdown] lang="es"
# La tabla de 10 000 × 10 000 queda resumida en 64 números por palabra, $U \sqrt{S}$, y todos los
# vectores se llevan a longitud 1. Levy y Goldberg (2014) mostraron que una red muy usada para
# aprender vectores, word2vec, en su variante *skip-gram* con muestreo negativo, factoriza
# implícitamente una tabla parecida: la PMI menos una constante.
#
# ### Las vecinas de una palabra
#
# Entre vectores de longitud 1, el coseno es el producto escalar (producto punto). Debajo de cada
# palabra de la primera fila, las cinco palabras con mayor coseno. (La primera de la lista ordenada es
# la propia palabra: `[1 : count + 1]` la salta.)

# %% [markdown] lang="en"
# The table of 10 000 × 10 000 is summed up in 64 numbers for each word, $U \sqrt{S}$, and all
# vectors are scaled to length 1. Levy and Goldberg (2014) showed that a network often used to learn
# vectors, word2vec, in its skip-gram variant with negative sampling, implicitly factorises a
# similar table: the PMI minus a constant.
#
# ### The neighbours of a word
#
# Between vectors of length 1, the cosine is the dot product. Below each word of the first row, the
# five words with the largest cosine. (The first of the sorted list is the word itself:
# `[1 : count + 1]` skips it.)


# %%
def neighbours(word, count=5):
    closeness = vectors @ vectors[number_of[word]]
    nearest = np.argsort(-closeness)[1 : count + 1]
    return [vocabulary[number] for number in nearest]


# %%
searched = ["actor", "horror", "mother", "funny", "great"]

# %% tags=["varies"]
ck.plots.table(
    [searched, *zip(*map(neighbours, searched), strict=True)],
    alt=_(
        "Cinco palabras y, debajo de cada una, las cinco palabras con el coseno mayor.",
        "Five words and, below each one, the five words with the largest cosine.",
    ),
)

# %%
closeness = vectors @ vectors[number_of["good"]]
ck.claim(
    _("puesto de «bad» entre las vecinas de «good»", "place of 'bad' among the neighbours of 'good'"),
    np.sum(closeness > closeness[number_of["bad"]]),
    at_most=100,
)

# %% [markdown] lang="es"
# No hizo falta ningún diccionario: todo sale de contar vecinas. Pero hay un peligro: de casi 10 000
# palabras, *bad* está entre las [[bound: place of 'bad' among the neighbours of 'good']] más
# parecidas a *good*, aunque diga lo contrario. Por eso la red
# que juzga reseñas seguirá entrenando los vectores. (Una palabra que no está en el vocabulario da
# aquí un `KeyError`.)
#
# ### Un mapa de palabras
#
# Reducimos las 64 dimensiones a 2 con t-SNE (van der Maaten y Hinton, 2008), que procura que las
# vecinas sigan siéndolo (su `perplexity` dice a cuántas vecinas atiende). Nosotros elegimos las
# siete familias, sus colores y sus marcas; los puntos los colocan los vectores. En el mapa, no te
# fíes de las distancias grandes.

# %% [markdown] lang="en"
# No dictionary was needed: everything comes from counting neighbours. But there is a danger: of
# nearly 10 000 words, *bad* is among the [[bound: place of 'bad' among the neighbours of 'good']]
# most like *good*, although it says the opposite. That is why the network that judges reviews will
# train the vectors further. (A word that is not in the vocabulary gives a `KeyError` here.)
#
# ### A map of words
#
# We reduce the 64 dimensions to 2 with t-SNE (van der Maaten and Hinton, 2008), which tries to keep
# neighbours neighbours (its `perplexity` says how many of them it takes into account). We chose the
# seven families, their colours and their markers; the vectors place the points. On the map, do not
# trust large distances.

# %% tags=["english"]
families = [
    "mother father son daughter brother sister wife husband",
    "great excellent wonderful brilliant superb fantastic",
    "awful terrible horrible dreadful stupid boring",
    "comedy horror drama thriller western musical",
    "two three four five six ten",
    "song songs music dance singing lyrics",
    "france germany england japan italy russia",
]
shown = " ".join(families).split()
family_of = np.repeat(np.arange(7), [len(family.split()) for family in families])
shown_vectors = vectors[[number_of[word] for word in shown]]

# %%
from sklearn.manifold import TSNE

places = TSNE(2, perplexity=6, init="pca", random_state=0).fit_transform(shown_vectors)

# %% tags=["varies"]
ck.planes.word_map(
    shown,
    places,
    family_of,
    alt=_(
        "Mapa de 44 palabras de siete familias: parientes, elogios, críticas, géneros de cine, "
        "números, música y países.",
        "Map of 44 words of seven families: relatives, praise, blame, film genres, numbers, music and countries.",
    ),
)

# %%
closeness = shown_vectors @ shown_vectors.T - 2 * np.eye(len(shown))
ck.claim(
    _(
        "proporción de palabras cuya vecina más parecida es de su familia",
        "share of words whose nearest neighbour is in their family",
    ),
    np.mean(family_of[closeness.argmax(axis=1)] == family_of),
    at_least=0.8,
)

# %% [markdown] lang="es"
# La comprobación cuenta en las 64 dimensiones, sin el mapa: para una proporción de al menos
# [[bound: share of words whose nearest neighbour is in their family]], la vecina más parecida entre
# las que mostramos es de su familia. Busca en el mapa alguna excepción: ¿qué palabra está entre los
# puntos de otra familia?
#
# ## Relleno y máscara
#
# Para entrenar por lotes, todas las secuencias de un lote deben tener la misma longitud: rellenamos
# las cortas con ceros (*padding*) y de las largas guardamos solo el final. Nuestra función pone los
# ceros delante; con `after=True`, detrás.

# %% [markdown] lang="en"
# The claim counts in the 64 dimensions, without the map: for a share of at least
# [[bound: share of words whose nearest neighbour is in their family]], the nearest neighbour among
# the words shown is in their family. Look for an exception on the map: which word stands among the
# points of another family?
#
# ## Padding and masking
#
# To train in batches, all sequences of a batch must have the same length: we fill up the short ones
# with zeros (*padding*) and keep only the end of the long ones. Our function puts the zeros in
# front; with `after=True`, behind.


# %%
def pad(sequences, length, after=False):
    padded = np.zeros((len(sequences), length), "int32")
    for row, sequence in zip(padded, sequences, strict=True):
        sequence = sequence[-length:]
        start = 0 if after else length - len(sequence)
        row[start : start + len(sequence)] = sequence
    return padded


# %%
print(pad([[7, 8], [3, 4, 5, 6]], length=3))
print(pad([[7, 8], [3, 4, 5, 6]], length=3, after=True))

# %% [markdown] lang="es"
# De la segunda secuencia se perdió el principio. ¿Qué hace una red con los ceros? Una LSTM, aún con
# pesos al azar, lee una frase corta; después, la misma frase seguida de 25 ceros, con **máscara** y
# sin ella. La máscara dice qué puestos tienen palabra: en los demás, la capa conserva su estado.

# %% [markdown] lang="en"
# The second sequence lost its beginning. What does a network do with the zeros? An LSTM, its
# weights still random, reads a short sentence; then the same sentence followed by 25 zeros, with a
# **mask** and without it. The mask says which places hold a word: at the others the layer keeps its
# state.

# %% tags=["english"]
keras.utils.set_random_seed(0)
small_lstm = layers.LSTM(8)
text = encode(tokenize("not bad it was great"))
padded = pad([text], 30, after=True)
state = ops.convert_to_numpy(small_lstm(vectors[text][None]))
with_mask = ops.convert_to_numpy(small_lstm(vectors[padded], mask=padded > 0))
without_mask = ops.convert_to_numpy(small_lstm(vectors[padded]))

# %%
assert np.allclose(with_mask, state, atol=1e-6)
change = np.linalg.norm(without_mask - state) / np.linalg.norm(state)
ck.claim(
    _("cambio relativo del estado, sin máscara", "relative change of the state, without a mask"), change, at_least=0.5
)

# %% [markdown] lang="es"
# Con máscara, los ceros no cambian el estado (`assert`). Sin ella, la LSTM sigue dando pasos de
# tiempo, y el estado final es otro. En Keras basta con `mask_zero=True` en la capa de *embedding*,
# que entrega la máscara a las capas siguientes. (Con los ceros delante pasa lo mismo: sin máscara,
# moverían el estado antes de la primera palabra.)
#
# **Ejercicio 5.** Completa `masked_mean`: la media de los vectores de una frase sin contar el
# relleno. `embedded` tiene una fila por palabra, y `sequence`, los números de las palabras.

# %% [markdown] lang="en"
# With the mask, the zeros do not change the state (`assert`). Without it, the LSTM goes on taking
# time steps, and the last state is another one. In Keras it is enough to write `mask_zero=True` in
# the embedding layer, which hands the mask to the layers that follow. (With the zeros in front it
# is the same: without a mask, they would move the state before the first word.)
#
# **Exercise 5.** Complete `masked_mean`: the mean of the vectors of a sentence without counting the
# padding. `embedded` has one row for each word, and `sequence` holds the numbers of the words.


# %%
def masked_mean(embedded, sequence):
    return ...


# %% tags=["check"]
examples = pad([[5, 9, 7], [3] * 8, [4, 4, 8, 2]], 8)
examples[2] = [4, 4, 8, 2, 0, 0, 0, 0]
hint = _(
    "una comparación con 0 da la máscara; con la máscara eliges filas",
    "a comparison with 0 gives the mask; with the mask you choose rows",
)


def mean_answers(function):
    means = [function(vectors[row], row) for row in examples]
    return None if means[0] is ... else np.array(means)


pooled = layers.GlobalAveragePooling1D()(vectors[examples], mask=examples > 0)
expected_means = ops.convert_to_numpy(pooled)
ck.check(lambda: mean_answers(masked_mean), expected_means, hint, tolerance=1e-5)

# %% tags=["solution"]
# es: `s > 0` elige las filas que son palabras; la media las divide entre cuántas son
# en: `s > 0` chooses the rows that are words; the mean divides by how many they are
ck.check(lambda: mean_answers(lambda embedded, s: embedded[s > 0].mean(axis=0)), expected_means, hint)

# %% [markdown] lang="es"
# ## Leer reseñas con una red recurrente
#
# (Si vienes directamente: una **GRU** es una celda recurrente con compuertas, que aprenden qué
# guardar y qué borrar; la **máscara** hace que la red salte el relleno; y la **bolsa con bigramas**
# cuenta también cada palabra junto a la que la sigue, y una regresión logística decide. Los
# **vectores** de la SVD, uno por palabra, salen de con qué otras aparece.)
#
# ### ¿Qué trozo leer?
#
# La red tarda lo mismo con cada palabra, así que de una reseña larga leerá solo 200. ¿Las primeras
# o las últimas? Preguntémosle a lo más rápido que tenemos: la bolsa. De paso sabremos cuánto pierde
# al leer menos.

# %% [markdown] lang="en"
# ## Reading reviews with a recurrent network
#
# (If you come here directly: a **GRU** is a recurrent cell with gates, which learn what to keep and
# what to erase; the **mask** makes the network skip the padding; and the **bag with bigrams** also
# counts each word together with the one that follows, and a logistic regression decides. The
# **vectors** of the SVD, one for each word, come from the company it keeps.)
#
# ### Which part to read?
#
# The network takes the same time for each word, so of a long review it will read only 200. The
# first or the last ones? Let us ask the fastest thing that we have: the bag. At the same time we
# learn how much it loses by reading less.


# %%
def train_part(part):
    fit, val = [bag_of([s[part] for s in group]) for group in (sequences_fit, sequences_val)]
    model = train_bag(fit, y_fit)
    return model, model.score(val, y_val)


lengths = [50, 100, 200]
last_parts = [train_part(slice(-length, None)) for length in lengths]
part_model = last_parts[-1][0]
last_words = [accuracy for model, accuracy in last_parts]
first_words = [train_part(slice(length))[1] for length in lengths]

# %%
ck.plots.curves(
    lengths,
    {_("las últimas", "the last ones"): last_words, _("las primeras", "the first ones"): first_words},
    xlabel=_("palabras leídas", "words read"),
    ylabel=_("exactitud en validación", "validation accuracy"),
    alt=_(
        "Exactitud de la bolsa según cuántas palabras lee, las últimas o las primeras.",
        "Accuracy of the bag by how many words it reads, the last or the first ones.",
    ),
)

# %%
ck.claim(
    _("bolsa con las 200 últimas palabras, en validación", "bag of the last 200 words, validation"),
    last_words[-1],
    at_least=0.86,
)
ck.claim(
    _("exactitud que gana leer 200 palabras en vez de 50", "accuracy gained by reading 200 words instead of 50"),
    last_words[-1] - last_words[0],
    at_least=0.05,
)
ck.claim(
    _("exactitud que gana leer el final, media", "accuracy gained by reading the end, mean"),
    np.mean(last_words) - np.mean(first_words),
    at_most=0.03,
)

# %% [markdown] lang="es"
# Aquí importa más cuántas palabras leer que cuáles: las últimas ganan como mucho
# [[bound: accuracy gained by reading the end, mean]] de exactitud, de media. No hemos comparado esa
# pequeña ventaja con el ruido; había que elegir una parte, y `pad` conserva el final. Y la bolsa de
# las 200 últimas palabras, que lee lo mismo que leerá la red, es una rival más justa que la que lee
# la reseña entera.
#
# ### Frases cortas para aprender
#
# Las reseñas son largas y tus frases serán cortas. Añadimos 3200 frases hechas con plantillas, como
# *not boring but great*. En cada plantilla, `{u}` lleva el juicio verdadero y `{v}`, el que se
# descarta. En la mitad de las plantillas con dos juicios, el verdadero va primero, y en la otra
# mitad, al final.

# %% [markdown] lang="en"
# Here, how many words to read matters more than which ones: the last words gain at most
# [[bound: accuracy gained by reading the end, mean]] in accuracy, on average. We have not compared
# that small advantage with noise; one part had to be chosen, and `pad` keeps the end. And the bag
# of the last 200 words, which reads what the network will read, is a fairer rival than the one that
# reads the whole review.
#
# ### Short sentences to learn from
#
# Reviews are long and your sentences will be short. We add 3200 sentences made from templates, such
# as *not boring but great*. In each template, `{u}` carries the true judgement and `{v}` the
# rejected one. In half of the templates with two judgements, the true one comes first, and in the
# other half last.

# %% tags=["english"]
single = ["{u}", "not {v}", "a {u} film", "the plot is {u}", "the acting isn't {v}"]
true_last = ["not {v} but {u}", "the film is not {v}, it is {u}", "it was not {v} at all, it was {u}"]
true_last += ["I thought it would be {v}, but it was {u}"]
true_first = ["{u}, not {v}", "the film is {u}, it is not {v}", "it was {u}, not {v} at all"]
true_first += ["it was {u}, but I thought it would be {v}"]
praise = "good great funny wonderful beautiful excellent perfect clever moving amazing lovely fresh"
blame = "bad boring awful terrible stupid horrible poor weak dull ridiculous pointless ugly"

# %%
rng = np.random.default_rng(0)
phrases, y_phrases = [], rng.integers(0, 2, 3200)
for label in y_phrases:
    template = rng.choice(single + true_last + true_first)
    u, v = rng.choice(praise.split()), rng.choice(blame.split())
    phrases.append(template.format(u=u, v=v) if label else template.format(u=v, v=u))
for label, phrase in zip(y_phrases[:4], phrases[:4], strict=True):
    print(label, phrase)

# %% [markdown] lang="es"
# ### La red
#
# Los vectores parten de los de la SVD y se siguen entrenando. Durante el entrenamiento,
# `SpatialDropout1D` apaga componentes enteras de los vectores; al responder no apaga nada. Los
# vectores de la SVD miden 1; los multiplicamos por 2.5 para que sus números no sean tan pequeños.
# Una GRU, que calcula menos que una LSTM, lee de la primera palabra a la última, con máscara, y una
# neurona sigmoide convierte su último estado en la probabilidad de que la reseña sea positiva.

# %% [markdown] lang="en"
# ### The network
#
# The vectors start from those of the SVD and are trained further. During training,
# `SpatialDropout1D` switches off whole components of the vectors; when the network answers, nothing
# is switched off. The vectors of the SVD have length 1; we multiply them by 2.5, so that their
# numbers are not so small. A GRU, which computes less than an LSTM, reads from the first word to
# the last, with a mask, and one sigmoid neuron turns its last state into the probability that the
# review is positive.


# %%
def new_reader(seed=0):
    keras.utils.set_random_seed(seed)
    network = keras.Sequential(
        [layers.Input((None,)), layers.Embedding(10_000, 64, mask_zero=True)]
        + [layers.SpatialDropout1D(0.2), layers.GRU(16), layers.Dense(1, activation="sigmoid")]
    )
    network.layers[0].set_weights([2.5 * vectors])
    return network


# %%
print(*[ck.number(layer.count_params()) for layer in new_reader().layers])

# %% [markdown] lang="es"
# Casi todos los parámetros están en los vectores, $10\,000 \cdot 64$; la GRU tiene
# $3 \cdot 16 \cdot (64 + 16 + 2)$.
#
# Para ahorrar tiempo entrenamos con las **100** últimas palabras, aunque después la red leerá 200:
# los pesos son los mismos en cada paso de tiempo, así que se pueden usar con cualquier longitud. La
# tasa de aprendizaje sube al comienzo, cuando los pesos aún son malos, y después baja poco a poco
# hasta 0: es una receta corriente, que aquí no comparamos con otras. Leemos los textos dos veces,
# pero a `fit` le pedimos 6 épocas cortas, cada una un tercio de una época de verdad, para que la
# figura tenga 6 puntos.

# %% [markdown] lang="en"
# Nearly all parameters are in the vectors, $10\,000 \cdot 64$; the GRU has
# $3 \cdot 16 \cdot (64 + 16 + 2)$.
#
# To save time we train on the last **100** words, although the network will read 200 later: the
# weights are the same at each time step, so they can be used with any length. The learning rate
# rises at the start, while the weights are still bad, and then falls little by little to 0: a
# common recipe, which we do not compare with others here. We read the texts twice, but we ask `fit`
# for 6 short epochs, each a third of a real one, so that the figure has 6 points.

# %%
studied = sequences_fit + [encode(tokenize(phrase)) for phrase in phrases]
y_studied = np.concatenate([y_fit, y_phrases])
x_reader_val = pad(sequences_val, 200)
watched = (x_reader_val[:1000, -100:], y_val[:1000])


# %%
def train_reader(sequences, labels, seed=0, readings=2, **settings):
    steps = readings * len(sequences) // 256
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0005, steps - steps // 4, warmup_target=0.01, warmup_steps=steps // 4
    )
    network = new_reader(seed)
    network.compile(keras.optimizers.Adam(schedule), "binary_crossentropy", metrics=["accuracy"])
    settings = {"epochs": readings, "verbose": 0, "callbacks": [ck.live.Progress()]} | settings
    return network, network.fit(pad(sequences, 100), labels, batch_size=256, **settings).history


# %%
# es: dos rivales para después: la bolsa con bigramas, con los mismos textos, enteros o sus 200 últimas palabras
# en: two rivals for later: the bag with bigrams, on the same texts, whole or their last 200 words
def last_200(sequences):
    return [sequence[-200:] for sequence in sequences]


bigram_model = train_bag(bigram_bag(studied), y_studied, C=10)
bigram_part = train_bag(bigram_bag(last_200(studied)), y_studied, C=10)

# %% tags=["slow", "timed"]
reader, history = train_reader(studied, y_studied, epochs=6, steps_per_epoch=25, validation_data=watched)

# %% tags=["varies"]
ck.plots.curves(
    np.arange(1, 7) / 3,
    {_("entrenamiento", "training"): history["accuracy"], _("validación", "validation"): history["val_accuracy"]},
    xlabel=_("épocas", "epochs"),
    ylabel=_("exactitud", "accuracy"),
    alt=_(
        "Curvas de aprendizaje de la GRU durante dos épocas, en tercios de época.",
        "Learning curves of the GRU over two epochs, in thirds of an epoch.",
    ),
)


# %%
def accuracy_of(network, x, labels):
    return network.evaluate(x, labels, 500, verbose=0)[1]


ck.claim(
    _("GRU, exactitud en validación", "GRU, validation accuracy"),
    accuracy_of(reader, x_reader_val, y_val),
    at_least=0.865,
)
ck.claim(
    _("GRU, exactitud en reseñas estudiadas menos validación", "GRU, accuracy on studied reviews minus validation"),
    accuracy_of(reader, pad(sequences_fit[:1000], 100), y_fit[:1000]) - accuracy_of(reader, *watched),
    at_least=0.015,
)

# %% [markdown] lang="es"
# En la figura, las dos curvas se miden con 100 palabras, y la de validación, con 1000 reseñas; la
# primera comprobación, con 200 palabras y todas las reseñas de validación. La curva de
# entrenamiento incluye las frases fabricadas, se mide con componentes apagadas y es la media de lo
# que la red acierta mientras aprende: no compares las alturas. La segunda comprobación sí compara
# lo mismo: 1000 reseñas estudiadas y 1000 de validación, con 100 palabras y sin apagar nada. En las
# estudiadas, la GRU acierta más: una parte de lo que aprendió solo vale para ellas
# (**sobreajuste**). Paramos tras dos épocas para ahorrar tiempo; aquí no medimos qué pasa con más.

# %% [markdown] lang="en"
# In the figure, both curves are measured on 100 words, and the validation curve on 1000 reviews;
# the first claim, on 200 words and all validation reviews. The training curve includes the
# sentences that we made, is measured with components switched off and is the mean of what the
# network gets right while it learns: do not compare the heights. The second claim does compare like
# with like: 1000 studied reviews and 1000 of validation, with 100 words and nothing switched off.
# On the studied ones the GRU is right more often: a part of what it learnt holds for them alone
# (**overfitting**). We stop after two epochs to save time; here we do not measure what happens with
# more.

# %% [markdown] lang="es"
# ### Dónde decide el orden
#
# Ahora la prueba del orden. Formamos parejas de frases con **las mismas palabras** en otro orden,
# una positiva y otra negativa, con adjetivos que no están en las frases fabricadas. Unas plantillas
# son las estudiadas; otras son nuevas, aunque alguna termine como una estudiada (*a {u} film*), y
# cada idea aparece en dos versiones, con el juicio verdadero al final y al principio.

# %% [markdown] lang="en"
# ### Where order decides
#
# Now the test of order. We form pairs of sentences with **the same words** in another order, one
# positive and one negative, with adjectives that are not in the sentences that we made. Some
# templates are those studied; others are new, although the odd one ends like a studied one (*a {u}
# film*), and each idea comes in two versions, with the true judgement last and first.

# %% tags=["english"]
new_last = ["nothing {v} here, everything is {u}", "instead of {v} it turned out {u}"]
new_last += ["I expected something {v} and found something {u}", "once {v}, now {u}"]
new_last += ["anything but {v}: a {u} film", "less {v} than {u}", "never {v}, always {u}"]
new_last += ["people say it is {v}; they are wrong, it is {u}"]
new_first = ["everything is {u} here, nothing {v}", "it turned out {u} instead of {v}"]
new_first += ["I found something {u} where I expected something {v}", "now {u}, once {v}"]
new_first += ["a {u} film, anything but {v}", "more {u} than {v}", "always {u}, never {v}"]
new_first += ["it is {u}; people say it is {v}, they are wrong"]
new_praise = ["brilliant", "superb", "fantastic", "charming", "enjoyable", "touching"]
new_blame = ["dreadful", "pathetic", "disappointing", "lame", "tedious", "laughable"]


# %%
def sentence_pairs(templates, goods=new_praise, bads=new_blame):
    adjectives = [(good, bad) for good in goods for bad in bads]
    praising = [form.format(u=good, v=bad) for form in templates for good, bad in adjectives]
    blaming = [form.format(u=bad, v=good) for form in templates for good, bad in adjectives]
    return praising, blaming


# %%
def share_won(ask, templates, *adjectives):
    praising, blaming = map(ask, sentence_pairs(templates, *adjectives))
    return np.mean((praising > blaming) + 0.5 * (praising == blaming))


# %% [markdown] lang="es"
# Un modelo gana una pareja si pone la frase positiva por encima de la negativa; un empate cuenta
# medio punto. Al azar se gana una proporción de $0.5$, y la bolsa debería empatar siempre. La regla
# «manda el último de los dos adjetivos» gana todas las parejas con el juicio verdadero al final y
# ninguna de las otras: en total, $0.5$ otra vez. El rival es la bolsa con bigramas, que ha
# estudiado las mismas reseñas (enteras; la GRU, solo sus 100 últimas palabras, aunque sus vectores
# de partida salen de las reseñas enteras) y las mismas frases.

# %% [markdown] lang="en"
# A model wins a pair by ranking the positive sentence above the negative one; a tie counts half a
# point. Answering at random wins a share of $0.5$, and the bag should tie every time. The rule "the
# last of the two adjectives wins" takes all pairs with the true judgement last and none of the
# others: in total, $0.5$ again. The rival is the bag with bigrams, which has studied the same
# reviews (whole; the GRU, only their last 100 words, although the vectors it starts from come from
# the whole reviews) and the same sentences.

# %%
assert bigram_model.score(bigram_bag(studied[len(sequences_fit) :]), y_phrases) > 0.9


def ask_bigrams(texts):
    return bigram_model.predict_proba(bigram_bag([encode(tokenize(text)) for text in texts]))[:, 1]


def ask_bag(texts):
    return bag_model.predict_proba(bag_of([encode(tokenize(text)) for text in texts]))[:, 1]


# %%
def read(texts, network=None):
    padded = pad([encode(tokenize(text)) for text in texts], 200)
    return (network or reader).predict(padded, batch_size=500, verbose=0)[:, 0]


# %%
groups = {
    _("estudiada, juicio al final", "studied, judgement last"): true_last,
    _("estudiada, juicio al principio", "studied, judgement first"): true_first,
    _("nueva, juicio al final", "new, judgement last"): new_last,
    _("nueva, juicio al principio", "new, judgement first"): new_first,
}
gru_won, bigrams_won, bag_won = [
    [share_won(ask, group) for group in groups.values()] for ask in (read, ask_bigrams, ask_bag)
]

# %% tags=["varies"]
ck.plots.bars(
    list(groups),
    {"GRU": gru_won, _("bolsa con bigramas", "bag with bigrams"): bigrams_won, _("bolsa", "bag"): bag_won},
    xlabel=_("proporción de parejas ganadas (al azar: 0.5)", "share of pairs won (at random: 0.5)"),
    xlim=(0, 1),
    alt=_(
        "Proporción de parejas de frases que ganan tres lectores, según la plantilla.",
        "Share of sentence pairs won by three readers, by kind of template.",
    ),
)

# %%
assert bag_won == [0.5] * 4
ck.claim(_("GRU, plantillas estudiadas", "GRU, studied templates"), np.mean(gru_won[:2]), at_least=0.9)
ck.claim(
    _("ventaja sobre la bolsa con bigramas, estudiadas", "lead over the bag with bigrams, studied templates"),
    np.mean(gru_won[:2]) - np.mean(bigrams_won[:2]),
    at_least=0.08,
)
ck.claim(_("GRU, plantillas nuevas", "GRU, new templates"), np.mean(gru_won[2:]), at_least=0.6, at_most=0.95)
known_won = [share_won(ask_bigrams, templates, praise.split(), blame.split()) for templates in (true_last, true_first)]
ck.claim(
    _("bolsa con bigramas, todo estudiado", "bag with bigrams, all of it studied"), np.mean(known_won), at_least=0.95
)

# %% [markdown] lang="es"
# En las plantillas estudiadas, la GRU gana una proporción de al menos
# [[bound: GRU, studied templates]] de las parejas, con adjetivos que no estaban en las frases
# fabricadas, y más que la bolsa con bigramas, que estudió los mismos textos. No se limita a seguir
# el último adjetivo: las dos primeras barras azules son altas. Con las mismas plantillas y los
# adjetivos estudiados, la bolsa con bigramas también gana casi todas (la última línea): lo que le
# cuesta son los adjetivos nuevos. No sabe que se parecen a los estudiados; a la GRU quizá se lo
# dicen sus vectores.

# %% [markdown] lang="en"
# On the studied templates, the GRU wins a share of at least [[bound: GRU, studied templates]] of
# the pairs, with adjectives that were not in the sentences that we made, and more than the bag with
# bigrams, which studied the same texts. It does not just follow the last adjective: the first two
# blue bars are high. With the same templates and the studied adjectives, the bag with bigrams wins
# nearly all of them, too (the last line): what trips it up are the new adjectives. It does not know
# that they are like the studied ones; the GRU may be told so by its vectors.

# %% [markdown] lang="es"
# En las plantillas nuevas, la GRU gana menos, pero más que al azar. ¿Aprendió el orden de nuestras
# frases o de las reseñas? Falta el control, una GRU que no estudia ninguna frase: te espera en el
# ejercicio 7. (Cada barra resume 144 o 288 parejas, pero solo 4 u 8 plantillas; con otra semilla,
# las cifras de las nuevas cambian.)

# %% [markdown] lang="en"
# On new templates the GRU wins less, but more than guessing. Did it learn order from our sentences
# or from the reviews? The control is missing, a GRU that studies no sentence: it awaits you in
# exercise 7. (Each bar sums up 144 or 288 pairs, but only 4 or 8 templates; with another seed, the
# figures of the new ones change.)

# %% [markdown] lang="es"
# Cumplamos lo prometido: las parejas de frases con las que falló la bolsa, y la frase de la primera
# figura, con la probabilidad de ser positiva que les da cada modelo.

# %% [markdown] lang="en"
# Let us keep our promise: the pairs of sentences on which the bag failed, and the sentence of the
# first figure, with the probability of being positive that each model gives them.

# %% tags=["varies", "english"]
promised = ["the plot is good, not bad", "the plot is bad, not good", *texts, "not bad it was great"]
columns = [ask(promised) for ask in (ask_bag, ask_bigrams, read)]
ck.plots.table(
    [[_("frase", "sentence"), _("bolsa", "bag"), _("con bigramas", "with bigrams"), "GRU"]]
    + [[text, *[f"{p:.2f}" for p in row]] for text, *row in zip(promised, *columns, strict=True)],
    widths=[5, 1, 2, 1],
    alt=_(
        "Probabilidad de ser positivas que la bolsa, la bolsa con bigramas y la GRU dan a siete frases.",
        "Probability of being positive that the bag, the bag with bigrams and the GRU give to seven sentences.",
    ),
)

# %% [markdown] lang="es"
# La bolsa no distingue las frases de las dos primeras parejas, y pone *not good* por encima de *not
# bad*; la GRU y la bolsa con bigramas ordenan bien las tres parejas. Son frases como las que
# estudiaron (*not good* y *not bad* salen tal cual de una de sus plantillas): mira la figura anterior antes de fiarte de
# ellas con otras.

# %% [markdown] lang="en"
# The bag cannot tell the sentences of the first two pairs apart, and rates *not good* above *not
# bad*; the GRU and the bag with bigrams rank all three pairs correctly. They are sentences like those
# they have studied (*not good* and *not bad* come straight from one of the templates): look at the
# figure above before you trust them with others.

# %% [markdown] lang="es"
# ## El conjunto de prueba, una sola vez
#
# Todas las decisiones están tomadas. Abrimos las 5000 reseñas de prueba, una vez para cada modelo.

# %% [markdown] lang="en"
# ## The test set, only once
#
# All decisions are made. We open the 5000 test reviews, once for each model.

# %%
sequences_test = [encode(tokenize(review)) for review in x_test]
bag_test = bag_of(sequences_test)


# %%
gru_answers = reader.predict(pad(sequences_test, 200), batch_size=500, verbose=0)[:, 0] > 0.5
right_test = {
    _("bolsa", "bag"): bag_model.predict(bag_test) == y_test,
    _("bolsa con bigramas", "bag with bigrams"): bigram_model.predict(bigram_bag(sequences_test)) == y_test,
    _("200 palabras, bolsa", "200 words, bag"): part_model.predict(bag_of(last_200(sequences_test))) == y_test,
    _("200 palabras, con bigramas", "200 words, with bigrams"): (
        bigram_part.predict(bigram_bag(last_200(sequences_test))) == y_test
    ),
    _("200 palabras, GRU", "200 words, GRU"): gru_answers == y_test,
}

# %%
ck.plots.bars(
    [*right_test, _("red densa", "dense network")],
    {"": [*[right.mean() for right in right_test.values()], dense_score(bag_test, y_test)]},
    xlabel=_("exactitud en la prueba", "test accuracy"),
    xlim=(0.8, 0.92),
    alt=_("Exactitud de seis modelos en las reseñas de prueba.", "Accuracy of six models on the test reviews."),
)

# %%
bag_right, bigrams_right, part_right, bigram_part_right, gru_right = right_test.values()
ck.claim(_("GRU, prueba", "GRU, test"), gru_right.mean(), at_least=0.865)
ck.claim(_("bolsa, prueba", "bag, test"), bag_right.mean(), at_least=0.87)
ck.claim(_("bolsa con bigramas, prueba", "bag with bigrams, test"), bigrams_right.mean(), at_least=0.89)
ck.claim(
    _(
        "ventaja de la bolsa con bigramas sobre la GRU, en errores estándar",
        "lead of the bag with bigrams over the GRU, in standard errors",
    ),
    gain_in_errors(bigrams_right, gru_right),
    at_least=2,
)

# %%
ck.claim(
    _(
        "ventaja sobre la GRU de la bolsa con bigramas y 200 palabras, en errores estándar",
        "lead over the GRU of the bag with bigrams and 200 words, in standard errors",
    ),
    gain_in_errors(bigram_part_right, gru_right),
    at_least=-2,
    at_most=5,
)
ck.claim(
    _(
        "mayor diferencia entre la GRU y las bolsas con las mismas 200 palabras",
        "largest difference between the GRU and the bags of the same 200 words",
    ),
    max(abs(right.mean() - gru_right.mean()) for right in (part_right, bigram_part_right)),
    at_most=0.03,
)

# %% [markdown] lang="es"
# Seamos sinceros: la mayor exactitud es la de la bolsa con bigramas, que lee la reseña entera. Con
# las mismas 200 palabras, las exactitudes de la GRU y de las bolsas se diferencian como mucho en
# [[bound: largest difference between the GRU and the bags of the same 200 words]]; la penúltima
# comprobación mide, en errores estándar, cuánto gana a la GRU la bolsa con bigramas de esas 200
# palabras. ¿Cuenta esa ventaja según nuestra regla? Compárala con 2; y si está cerca, recuerda que
# es una sola GRU: otra semilla puede cambiar la respuesta.

# %% [markdown] lang="en"
# Let us be honest: the highest accuracy is that of the bag with bigrams, which reads the whole
# review. With the same 200 words, the accuracies of the GRU and of the bags differ by at most
# [[bound: largest difference between the GRU and the bags of the same 200 words]]; the claim before
# the last measures, in standard errors, by how much the bag with bigrams of those 200 words beats
# the GRU. Does that lead count by our rule? Compare it with 2; and if it is close, remember that
# this is a single GRU: another seed may change the answer.

# %% [markdown] lang="es"
# La comparación no es del todo pareja: las dos bolsas de 200 palabras se entrenaron con 200
# palabras y con la `C` elegida en validación para reseñas enteras; la GRU, con 100 (y con vectores
# sacados de las reseñas enteras), con una sola configuración, una semilla y dos épocas. La GRU y
# las bolsas con bigramas estudiaron también las frases fabricadas; las otras dos bolsas y la red
# densa, no. Con más trabajo, la GRU quizá mejoraría; no lo hemos probado. La bolsa merece probarse
# primero. La GRU gana en nuestras parejas de frases, donde decide el orden. (El eje empieza en 0.8:
# compara dónde acaban las barras, no cuánto miden.)

# %% [markdown] lang="en"
# The comparison is not quite even: the two bags of 200 words trained on 200 words, with the `C`
# chosen on validation for whole reviews; the GRU, on 100 (and with vectors taken from whole
# reviews), with one configuration, one seed and two epochs. The GRU and the bags with bigrams also
# studied the sentences that we made; the other two bags and the dense network did not. With more
# work the GRU might do better; we have not tried. The bag is worth trying first. The GRU wins in
# our pairs of sentences, where order decides. (The axis begins at 0.8: compare where the bars end,
# not how long they are.)

# %% [markdown] lang="es"
# ## Palabra por palabra
#
# La GRU tiene un estado después de cada palabra, no solo al final. Una segunda red con los mismos
# pesos y `return_sequences=True` entrega todos los estados, y la neurona de salida convierte cada
# uno en una probabilidad: el **veredicto** hasta esa palabra. Se lee todo en una sola pasada hacia
# delante.

# %% [markdown] lang="en"
# ## Word by word
#
# The GRU has a state after each word, not only at the end. A second network with the same weights
# and `return_sequences=True` hands over all the states, and the output neuron turns each one into a
# probability: the **verdict** up to that word. Everything is read in a single forward pass.

# %%
slow_reader = keras.Sequential(
    [layers.Input((None,)), layers.Embedding(10_000, 64)]
    + [layers.GRU(16, return_sequences=True), layers.Dense(1, activation="sigmoid")]
)
slow_reader.set_weights(reader.get_weights())


# %%
def read_slowly(text):
    return ops.convert_to_numpy(slow_reader(encode(tokenize(text))[None]))[0, :, 0]


# %%
def show_verdicts(text):
    words, probabilities = tokenize(text)[-25:], read_slowly(text)[-25:]
    ck.plots.verdicts(
        words,
        probabilities,
        low=_("negativa", "negative"),
        high=_("positiva", "positive"),
        alt=_("El veredicto después de cada palabra de una frase.", "The verdict after each word of a sentence."),
    )


# %% tags=["varies", "english"]
sentence = "The first half is a brilliant comedy, the second half a boring mess, and I fell asleep"
show_verdicts(sentence)

# %%
probabilities = read_slowly(sentence)
assert np.allclose(probabilities[-1], read([sentence]), atol=1e-4)
ck.claim(
    _("probabilidad después de «comedy» menos la final", "probability after 'comedy' minus the last one"),
    probabilities[6] - probabilities[-1],
    at_least=0.3,
)

# %% [markdown] lang="es"
# La figura muestra *cuándo* cambia el veredicto. Sube con *brilliant comedy* y al final, tras
# *boring mess*, es negativo. También se mueve con palabras que no juzgan nada, como *half*: es lo
# que la red aprendió de los textos que estudió, y la figura no dice por qué.
#
# ## Tus propias frases
#
# `read` ya recibe texto tal como se escribe: limpia, corta, numera y pregunta a la red. Como se
# puede escribir cualquier cosa, `verdict` revisa el texto antes y responde con una probabilidad o
# con una frase clara. La red solo sabe inglés.

# %% [markdown] lang="en"
# The figure shows *when* the verdict changes. It rises with *brilliant comedy*, and at the end,
# after *boring mess*, it is negative. It also moves with words that judge nothing, such as *half*:
# this is what the network learnt from the texts it studied, and the figure does not say why.
#
# ## Your own sentences
#
# `read` takes text just as it is written: it cleans, cuts, numbers and asks the network. Since
# people may type anything, `verdict` looks at the text first and answers with a probability or with
# one clear sentence. The network only knows English.


# %%
def verdict(text):
    if not isinstance(text, str):
        return _("Escribe un texto entre comillas.", "Write a text in quotes.")
    sequence = encode(tokenize(text))
    if len(sequence) == 0:
        return _("Aquí no hay ninguna palabra que leer.", "There is no word to read here.")
    if np.mean(sequence > 1) < 0.6:
        return _(
            "Conozco muy pocas de estas palabras: escribe en inglés.",
            "I know too few of these words: write in English.",
        )
    return float(read([text])[0])


# %% tags=["english"]
for text in ["", "😀👍", "Una película maravillosa", None]:
    print(repr(text), "->", verdict(text))
ck.claim(_("frase con HTML", "sentence with HTML"), verdict("<b>A wonderful</b> film.<br />"), at_least=0.5)

# %% [markdown] lang="es"
# Las etiquetas se limpian, los emojis no cuentan y, de un texto muy largo, `verdict` lee las 200
# últimas palabras (la figura lo lee entero y muestra las 25 últimas). Ahora te toca a ti: cambia la
# frase y ejecuta la celda.

# %% [markdown] lang="en"
# Tags are cleaned away, emojis do not count, and of a very long text `verdict` reads the last 200
# words (the figure reads all of it and shows the last 25). Your turn: change the sentence and run
# the cell.

# %% tags=["varies", "english"]
my_sentence = "The actors are charming, but the story is so boring that I fell asleep"
answer = verdict(my_sentence)
if isinstance(answer, str):
    print(answer)
else:
    show_verdicts(my_sentence)

# %% [markdown] lang="es"
# ¿Consigues engañar a la red? Prueba con ironía (*what a masterpiece, I want my money back*), con
# dobles negaciones o con algo que no trate de cine. Una red solo sabe de textos como los que leyó.
#
# ## La palabra siguiente
#
# Una red recurrente, aquí una LSTM, también sirve para otra tarea: leer unas palabras y adivinar la
# que sigue. Eso es un **modelo de lenguaje**. Desplegada, la red responde en cada paso de tiempo, y
# el propio texto da las respuestas correctas.

# %% [markdown] lang="en"
# Can you fool the network? Try irony (*what a masterpiece, I want my money back*), double negations
# or something that is not about films. A network only knows about texts like those that it has
# read.
#
# ## The next word
#
# A recurrent network, here an LSTM, can do another task too: read a few words and guess the next
# one. That is a **language model**. Unrolled, the network answers at each time step, and the text
# itself gives the right answers.

# %%
ck.diagrams.unrolled(["this", "movie", "is", "one"], ["movie", "is", "one", "of"])

# %% [markdown] lang="es"
# Usamos las dos primeras frases de cada reseña (menos las que tienen menos de tres palabras), con
# las 498 palabras más frecuentes; el 0 hace de punto. La segunda fila que imprime la celda es la
# primera, desplazada una posición: las respuestas. Las filas tienen 20 palabras y la red empieza
# cada una con el estado a 0, aunque la fila empiece a mitad de una frase.

# %% [markdown] lang="en"
# We use the first two sentences of each review (except those with fewer than three words), with the
# 498 most frequent words; the 0 serves as a full stop. The second row that the cell prints is the
# first one, shifted by one place: the answers. The rows have 20 words and the network begins each
# with its state at 0, even if the row begins in the middle of a sentence.


# %%
def stream(texts, size=500, length=20):
    sentences = [sentence for text in texts for sentence in re.split(r"[.!?]+", text)[:2]]
    parts = [np.append(encode(tokenize(sentence)), 0) for sentence in sentences]
    flat = np.concatenate([part for part in parts if len(part) > 3])
    flat[flat >= size] = 1
    rows = (len(flat) - 1) // length
    return flat[: rows * length].reshape(rows, -1), flat[1 : rows * length + 1].reshape(rows, -1)


# %%
def spell(sequence):
    return " ".join(vocabulary[number] or "." for number in sequence)


words_in, words_next = stream([x_train[i] for i in order[4000:]])
print(spell(words_in[0]), spell(words_next[0]), sep="\n")

# %% [markdown] lang="es"
# El signo `?` marca una palabra que no está entre las frecuentes: como respuesta no cuenta
# (`ignore_class`), aunque la red la lee como entrada. La última capa da un número (*logit*) por
# palabra, y softmax convierte esos números en probabilidades.

# %% [markdown] lang="en"
# The sign `?` marks a word that is not among the frequent ones: as an answer it does not count
# (`ignore_class`), although the network reads it as an input. The last layer gives a number
# (*logit*) for each word, and softmax turns these numbers into probabilities.

# %% tags=["slow"]
keras.utils.set_random_seed(0)
writer = keras.Sequential(
    [layers.Input((None,)), layers.Embedding(500, 64)] + [layers.LSTM(64, return_sequences=True), layers.Dense(500)]
)
writer.layers[0].set_weights([2.5 * vectors[:500]])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=1)
writer.compile(keras.optimizers.Adam(0.02), loss)
_ = writer.fit(words_in, words_next, batch_size=128, verbose=0, callbacks=[ck.live.Progress()])

# %% [markdown] lang="es"
# La **perplejidad** es $e$ elevado a la pérdida: entre cuántas palabras duda el modelo, en
# promedio. La comparamos con dos modelos que solo cuentan: uno sabe lo frecuente que es cada
# palabra y el otro, lo frecuente que es cada palabra después de la anterior (los bigramas,
# mezclados con el primero para que un par nuevo no tenga probabilidad 0; de tres mezclas, la mejor
# en validación: se cuentan los pares vistos y se añaden 10, 50 o 200 imaginarios, repartidos según
# lo frecuente que es cada palabra). Una ventaja de la LSTM: sus vectores de partida salen de las
# reseñas enteras.

# %% [markdown] lang="en"
# **Perplexity** is $e$ to the power of the loss: how many words the model is hesitating between, on
# average. We compare it with two models that only count: one knows how frequent each word is, and
# the other how frequent each word is after the previous one (the bigrams, mixed with the first
# model so that a new pair does not get probability 0; of three mixtures, the best on validation:
# the pairs seen are counted, and 10, 50 or 200 imaginary ones are added, shared out by how frequent
# each word is). One advantage of the LSTM: the vectors it starts from come from the whole reviews.

# %%
val_in, val_next = stream([x_train[i] for i in order[:1000]])
known, known_val = words_next != 1, val_next != 1


# %%
def losses_of(rows, answers):
    log_p = ops.convert_to_numpy(ops.log_softmax(writer(rows)))
    return -np.take_along_axis(log_p, answers[..., None], axis=2)[..., 0]


pieces = zip(np.array_split(val_in, 10), np.array_split(val_next, 10), strict=True)
lstm_loss = np.concatenate([losses_of(rows, answers) for rows, answers in pieces])

# %%
frequency = np.bincount(words_next[known], minlength=500) + 1
one_word = frequency / frequency.sum()
table = np.zeros((500, 500))
np.add.at(table, (words_in[known], words_next[known]), 1)
followed = table.sum(axis=1, keepdims=True)
mixtures = [(table + share * one_word) / (followed + share) for share in (10, 50, 200)]


# %%
def perplexity(losses, places=slice(None)):
    return np.exp(losses[:, places][known_val[:, places]].mean())


bigram_loss = min([-np.log(two_words)[val_in, val_next] for two_words in mixtures], key=perplexity)
ratios = [perplexity(lstm_loss, [k]) / perplexity(bigram_loss, [k]) for k in range(20)]

# %% tags=["varies"]
ck.plots.curves(
    range(1, 21),
    {"": ratios},
    xlabel=_("palabras de la fila ya leídas", "words of the row read so far"),
    ylabel=_("cociente de perplejidades", "ratio of perplexities"),
    level=(_("contar bigramas", "counting bigrams"), 1),
    xticks=range(2, 21, 2),
    alt=_(
        "Perplejidad de la LSTM dividida entre la de contar bigramas, según cuántas palabras ha leído.",
        "Perplexity of the LSTM divided by that of counting bigrams, by how many words it has read.",
    ),
)

# %%
ck.claim(
    _("perplejidad de contar palabras", "perplexity of counting words"),
    perplexity(-np.log(one_word)[val_next]),
    at_least=100,
)
ck.claim(_("perplejidad de contar bigramas", "perplexity of counting bigrams"), perplexity(bigram_loss), at_least=40)
ck.claim(_("perplejidad de la LSTM", "perplexity of the LSTM"), perplexity(lstm_loss), at_most=60)
ck.claim(_("cociente con 1 palabra leída", "ratio with 1 word read"), ratios[0], at_least=1)
later = [perplexity(losses, slice(5, 20)) for losses in (lstm_loss, bigram_loss)]
ck.claim(
    _("cociente con más de 5 palabras leídas", "ratio with more than 5 words read"), later[0] / later[1], at_most=0.97
)

# %% [markdown] lang="es"
# Conocer la palabra anterior reduce mucho la duda, y la LSTM la reduce algo más. ¿Es gracias a la
# memoria? Al comienzo de cada fila, con una sola palabra leída, la LSTM no gana a los bigramas; su
# ventaja llega cuando ha leído más. Eso apunta al estado, aunque no lo demuestra: la red entrena
# ese comienzo en solo una de cada 20 posiciones, y hemos medido una sola semilla, sin compararla
# con el ruido. Estas cifras solo valen para estas 500 palabras: con otro vocabulario serían otras.
#
# ### La temperatura
#
# Para escribir, muestreamos la palabra siguiente según las probabilidades. Antes dividimos los
# *logits* $z$ entre una **temperatura** $T$:
#
# $$p_k = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}}$$
#
# Cuanto menor es $T$, más a menudo gana la palabra más probable; con $T$ grande, las probabilidades
# se igualan.

# %% [markdown] lang="en"
# Knowing the previous word reduces the doubt a lot, and the LSTM reduces it a little further. Is
# memory the reason? At the start of each row, with a single word read, the LSTM does not beat the
# bigrams; its advantage comes once it has read more. This points to the state, though it does not
# prove it: the network trains that beginning in only one of every 20 positions, and we have
# measured a single seed, without comparing it with the noise. These figures hold for these 500
# words only: with another vocabulary they would be different.
#
# ### The temperature
#
# To write, we sample the next word according to the probabilities. Before that we divide the
# *logits* $z$ by a **temperature** $T$:
#
# $$p_k = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}}$$
#
# The smaller $T$ is, the more often the most probable word wins; with a large $T$, the
# probabilities become alike.


# %%
def next_probabilities(sequence, temperature):
    known = np.where(np.less(sequence, 500), sequence, 1)
    logits = writer.predict_on_batch(pad([known], 20, after=True))[0, min(len(known), 20) - 1]
    logits = logits.astype(float) / temperature
    # es: la red no escribe «?»
    # en: the network does not write "?"
    logits[1] = -np.inf
    probabilities = np.exp(logits - logits.max())
    return probabilities / probabilities.sum()


# %%
start = encode(["this", "is", "one", "of", "the"])
likely = np.argsort(-next_probabilities(start, 1))[:8]
shares = {f"T = {T}": next_probabilities(start, T)[likely] for T in (0.4, 1, 2.5)}

# %% tags=["varies"]
ck.plots.bars(
    [spell([number]) for number in likely],
    shares,
    xlabel=_("probabilidad tras «this is one of the»", "probability after 'this is one of the'"),
    alt=_(
        "Las ocho palabras más probables tras «this is one of the», a tres temperaturas.",
        "The eight most probable words after 'this is one of the', at three temperatures.",
    ),
)

# %% [markdown] lang="es"
# Las ocho palabras son las mismas; solo cambia el reparto. (La *s* es lo que nuestra limpieza deja
# de palabras como *80s*.) Con el cuaderno en marcha, mueve la temperatura (también con las flechas
# del teclado): ¿cuánto de la probabilidad se llevan estas ocho palabras, y cuánto las otras 491
# opciones?

# %% [markdown] lang="en"
# The eight words are the same; only their shares change. (The *s* is what our cleaning leaves of
# words such as *80s*.) While the notebook is running, move the temperature (the arrow keys do it
# too): how much of the probability do these eight words take, and how much the other 491
# options?

# %% tags=["varies"]
rest = _("las otras 491", "the other 491")


def at_temperature(T):
    eight = next_probabilities(start, T)[likely]
    xlabel = _(f"probabilidad con T = {T:g}", f"probability with T = {T:g}")
    alt = _(f"Ocho palabras y las demás, con T = {T:g}.", f"Eight words and the rest, with T = {T:g}.")
    shares = {"": [*eight, 1 - eight.sum()]}
    ck.plots.bars([*map(spell, likely[:, None]), rest], shares, xlabel=xlabel, xlim=(0, 1), alt=alt)


temperatures = [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 2.5, 4]
ck.widgets.knobs(at_temperature, T=(_("temperatura T", "temperature T"), temperatures, 0.7))

# %% [markdown] lang="es"
# Ahora muestreamos palabra a palabra, y cada palabra vuelve a servir de entrada.

# %% [markdown] lang="en"
# Now we sample word after word, and each word goes back in as an input.


# %%
def write(start, temperature, seed, count=9):
    rng = np.random.default_rng(seed)
    sequence = list(encode(start.split()))
    for _ in range(count):
        sequence.append(rng.choice(500, p=next_probabilities(sequence, temperature)))
    return spell(sequence)


# %% tags=["varies", "english"]
ck.plots.table(
    [["T", _("texto", "text")]] + [[T, write("this movie", T, seed)] for T in (0.3, 0.7, 1, 2) for seed in (1, 2)],
    widths=[1, 12],
    alt=_(
        "Dos textos escritos por la red a cada una de cuatro temperaturas.",
        "Two texts written by the network at each of four temperatures.",
    ),
)

# %% [markdown] lang="es"
# Con $T$ pequeña, la red repite las frases más trilladas; con $T$ grande, lanza palabras sin orden.
# Entre las dos hay grupos de palabras que suenan a reseña, pero a los textos les falta un hilo. La
# red es pequeña y ha leído poco texto, una sola vez; no hemos comprobado qué importa más. Los
# grandes modelos de lenguaje escriben de forma parecida, un trozo de palabra tras otro y con una
# temperatura, pero con otra clase de red y muchísimo más texto.
#
# **Ejercicio 6.** Una red duda entre dos palabras con *logits* 2 y 0. ¿A qué temperatura recibe la
# primera una probabilidad de $0.75$? Calcúlala con lápiz: te hará falta un logaritmo.

# %% [markdown] lang="en"
# With a small $T$, the network repeats the most well-worn phrases; with a large $T$, it strings
# words together without order. In between there are groups of words that sound like a review, but
# the texts lack a thread. The network is small and has read little text, once; we have not checked
# which of these matters most. Large language models write in a similar way, one piece of a word
# after another and with a temperature, but with another kind of network and a great deal more text.
#
# **Exercise 6.** A network hesitates between two words with *logits* 2 and 0. At which temperature
# does the first one get a probability of $0.75$? Work it out with pencil and paper: you will need a
# logarithm.

# %%
my_temperature = ...

# %% tags=["check"]
hint = _(
    "la primera palabra debe ser tres veces más probable: escribe el cociente de las dos según T",
    "the first word must be three times as probable: write the ratio of the two in terms of T",
)
ck.check(my_temperature, 2 / np.log(3), hint, tolerance=0.01)

# %% tags=["solution"]
# es: el cociente es e^(2/T) = 0.75 / 0.25 = 3, así que 2/T = ln 3
# en: the ratio is e^(2/T) = 0.75 / 0.25 = 3, so 2/T = ln 3
ck.check(2 / np.log(3), 2 / np.log(3), hint, tolerance=0.01)

# %% [markdown] lang="es"
# ## Tu experimento
#
# **Ejercicio 7.** Aquí no hay una única respuesta correcta. Elige una pregunta, escribe primero qué
# esperas y después cambia el código y mide, con tres semillas por lo menos (el argumento `seed` de
# `try_rates` y de `train_reader`; para leer más veces, `epochs` en la primera y `readings` en la
# segunda):
#
# - ¿Cuántas épocas necesita la SimpleRNN para elegir la letra marcada? ¿Y cómo le va a la GRU?
# - ¿Y si el sesgo de la compuerta de olvido empieza en 0? Usa
#   `layers.LSTM(24, unit_forget_bias=False)`.
# - ¿Qué sabe del orden una GRU que no estudia ninguna plantilla? Entrénala con
#   `control, _ = train_reader(sequences_fit, y_fit, seed=0)`, la semilla de `reader`, y mídela con
#   `share_won(lambda texts: read(texts, control), true_first)` y los otros tres grupos.

# %% [markdown] lang="en"
# ## Your experiment
#
# **Exercise 7.** There is no single right answer here. Choose a question, first write down what you
# expect, and then change the code and measure, with three seeds at least (the argument `seed` of
# `try_rates` and `train_reader`; to read more often, `epochs` in the first and `readings` in the
# second):
#
# - How many epochs does the SimpleRNN need to choose the marked letter? And how does the GRU fare?
# - What if the bias of the forget gate starts at 0? Use `layers.LSTM(24, unit_forget_bias=False)`.
# - What does a GRU that studies no template know about order? Train it with
#   `control, _ = train_reader(sequences_fit, y_fit, seed=0)`, the seed of `reader`, and measure it
#   with `share_won(lambda texts: read(texts, control), true_first)` and the other three groups.

# %%
my_prediction = ...
my_measurement = ...

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Un texto se vuelve números: limpiar, cortar, numerar. En cada paso se pierde algo.
# - La bolsa de palabras es rápida y difícil de superar, pero no ve el orden; el número de grupos
#   posibles explota.
# - Una red recurrente resume lo leído en un estado, con los mismos pesos en cada paso de tiempo. Su
#   gradiente puede desvanecerse o explotar; recortarlo le pone un límite.
# - Con las compuertas de olvido casi abiertas, lo que llega de 30 pasos atrás al estado de la LSTM
#   no se desvanece; en otro experimento aprendió a elegir qué letra guardar.
# - Los vectores de palabras resumen con qué otras aparece cada palabra; la máscara evita leer el
#   relleno.
# - La GRU acertó con adjetivos nuevos en las plantillas estudiadas; en plantillas nuevas, menos.
# - Una diferencia se compara con su error estándar antes de creerla.

# %% [markdown] lang="en"
# ## What we learnt
#
# - A text becomes numbers: cleaning, cutting, numbering. Something is lost at each step.
# - The bag of words is fast and hard to beat, but does not see order; the number of possible groups
#   of words explodes.
# - A recurrent network sums up what it read in a state, with the same weights at each step. Its
#   gradient can vanish or explode; clipping puts a limit on it.
# - With nearly open forget gates, what reaches the state of the LSTM from 30 steps back does not
#   vanish; in another experiment it learnt to choose which letter to keep.
# - Word vectors sum up the company that each word keeps; the mask skips the padding.
# - The GRU was right about new adjectives in the studied templates; in new templates, less so.
# - A difference is compared with its standard error before it is believed.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - Maas et al. (2011), *Learning word vectors for sentiment analysis*.
# - Wang y Manning (2012), *Baselines and bigrams: simple, good sentiment and topic classification*.
# - Levy y Goldberg (2014), *Neural word embedding as implicit matrix factorization*: vectores y
#   SVD.
# - Pascanu, Mikolov y Bengio (2013), *On the difficulty of training recurrent neural networks*: el
#   desvanecimiento, la explosión y el recorte.
# - Hochreiter y Schmidhuber (1997), *Long short-term memory*; Gers, Schmidhuber y Cummins (2000),
#   *Learning to forget: continual prediction with LSTM*: la celda y su compuerta de olvido.
# - Cho et al. (2014), *Learning phrase representations using RNN encoder-decoder for statistical
#   machine translation*: la GRU.
# - Kaushik, Hovy y Lipton (2020), *Learning the difference that makes a difference with
#   counterfactually-augmented data*: parejas de reseñas que solo difieren en lo que decide.
# - Vaswani et al. (2017), *Attention is all you need*: lo que vino después.

# %% [markdown] lang="en"
# ## Further reading
#
# - Maas et al. (2011), *Learning word vectors for sentiment analysis*.
# - Wang and Manning (2012), *Baselines and bigrams: simple, good sentiment and topic
#   classification*.
# - Levy and Goldberg (2014), *Neural word embedding as implicit matrix factorization*: vectors and
#   SVD.
# - Pascanu, Mikolov and Bengio (2013), *On the difficulty of training recurrent neural networks*:
#   the gradient that vanishes or explodes, and clipping.
# - Hochreiter and Schmidhuber (1997), *Long short-term memory*; Gers, Schmidhuber and Cummins
#   (2000), *Learning to forget: continual prediction with LSTM*: the cell and its forget gate.
# - Cho et al. (2014), *Learning phrase representations using RNN encoder-decoder for statistical
#   machine translation*: the GRU.
# - Kaushik, Hovy and Lipton (2020), *Learning the difference that makes a difference with
#   counterfactually-augmented data*: pairs of reviews that differ
#   only in what decides.
# - Vaswani et al. (2017), *Attention is all you need*: what came next.
