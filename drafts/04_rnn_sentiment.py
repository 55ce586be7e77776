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
# - comparar, con las mismas reglas para todas, tres redes con memoria;
# - entrenar una red que lee reseñas de cine y darle tus propias frases.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos, sin conexión; leerla
# y resolverla, unas 4 horas, con un descanso marcado a la mitad. **Necesitas**: Python, la
# regresión logística de la [[perceptron]], y saber qué son una capa densa y la retropropagación
# ([[mlp]]). Las reseñas están en inglés; no hace falta dominarlo.

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - turn a text into numbers and classify it with a **bag of words**;
# - compute a recurrent layer and an LSTM by hand, with the same result as Keras;
# - measure how a gradient vanishes or explodes on its way back in time;
# - compare three networks with a memory, under the same rules for all of them;
# - train a network that reads film reviews and give it your own sentences.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores, offline; reading and
# solving it, about 4 hours, with a resting place marked halfway. **You need**: Python, the logistic
# regression of [[perceptron]], and an idea of what a dense layer and backpropagation are ([[mlp]]).
# The reviews are in English.

# %%
import coursekit as ck

ck.setup(_("es", "en"))
ck.diagrams.unrolled(["not", "bad", "it", "was", "great"], [""] * 4 + [_("positiva", "positive")])

# %% [markdown] lang="es"
# Esta es la idea de toda la lección. Una **red recurrente** lee un texto palabra por palabra y
# guarda lo leído en un **estado** $h$. A la izquierda, la red con su bucle; a la derecha, la misma
# red **desplegada**: un estado por cada paso de tiempo. Las flechas llevan siempre los mismos
# pesos, $W_{xh}$ y $W_{hh}$. Antes de construirla hacen falta números, y un rival que la obligue a
# esforzarse.

# %% [markdown] lang="en"
# This is the idea of the whole lesson. A **recurrent network** reads a text word by word and keeps
# what it has read in a **state** $h$. On the left, the network with its loop; on the right, the
# same network **unrolled**: one state for each time step. The arrows always carry the same weights,
# $W_{xh}$ and $W_{hh}$. Before we build it we need numbers, and a rival that makes it work hard.

# %% [markdown] lang="es"
# ## Del texto a los números
#
# Trabajaremos con 25 000 reseñas de cine de IMDB (Maas et al., 2011). Cada reseña lleva una
# etiqueta: 1 si es positiva, 0 si es negativa. Con 20 000 entrenamos y tomamos decisiones; las
# otras 5000, el **conjunto de prueba**, esperan cerradas hasta el final. Ninguna reseña está en los
# dos conjuntos.

# %% [markdown] lang="en"
# ## From text to numbers
#
# We will work with 25 000 film reviews from IMDB (Maas et al., 2011). Each review has a label: 1 if
# it is positive, 0 if it is negative. We train and make decisions with 20 000 of them; the other
# 5000, the **test set**, stay closed until the end. No review is in both sets.

# %%
x_train, y_train, x_test, y_test = ck.data.reviews()
print(ck.number(len(x_train)), len(x_test))
for review in sorted(x_train, key=len)[3:6]:
    print(y_train[x_train.index(review)], review)

# %% [markdown] lang="es"
# Son tres de las más cortas, cada una detrás de su etiqueta. Hay mayúsculas, signos de puntuación y
# puntos suspensivos; en otras reseñas hay también etiquetas de HTML como `<br />`.
#
# ### Limpiar y cortar en palabras
#
# Primero limpiamos: todo en minúsculas y sin etiquetas de HTML. Después cortamos el texto en
# unidades (*tokens*), que aquí son palabras. La expresión regular busca grupos de letras
# (`[^\W\d_]` es una letra, con tilde o sin ella), con un apóstrofo en medio si lo hay, para que
# *isn't* siga siendo una sola palabra. `sys.intern` guarda una sola copia de cada palabra, y así
# los millones de palabras caben en la memoria.

# %% [markdown] lang="en"
# These are three of the shortest ones, each after its label. There are capitals, punctuation marks
# and ellipses; in other reviews there are HTML tags too, such as `<br />`.
#
# ### Cleaning and cutting into words
#
# First we clean: everything in lower case and without HTML tags. Then we cut the text into units
# (*tokens*), which are words here. The regular expression looks for groups of letters (`[^\W\d_]`
# is one letter, with or without an accent), with an apostrophe between them if there is one, so
# that *isn't* remains a single word. `sys.intern` keeps a single copy of each word, so that
# millions of words fit into memory.

# %% tags=["english"]
import re
import sys


def tokenize(text):
    text = re.sub(r"</?[a-z][^<>]*>", " ", text.lower().replace("’", "'"))
    return [sys.intern(word) for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)]


print(tokenize("It ISN'T bad...<br /><br />Café, 10/10!"))

# %% [markdown] lang="es"
# Quedan cuatro palabras. Perdimos el 10/10, que era una pista: quien limpia decide qué se pierde.
#
# ### Un vocabulario
#
# Apartamos 4000 reseñas: son el **conjunto de validación**, y con ellas tomaremos las decisiones.
# De las otras 16 000, el **conjunto de entrenamiento**, sale el **vocabulario**, la lista de
# palabras distintas, de la más frecuente a la menos. `Counter` las cuenta.

# %% [markdown] lang="en"
# Four words remain. We lost the 10/10, which was a clue: whoever cleans decides what is lost.
#
# ### A vocabulary
#
# We set 4000 reviews aside: they are the **validation set**, and we will make our decisions with
# them. From the other 16 000, the **training set**, comes the **vocabulary**, the list of distinct
# words, from the most frequent to the least. `Counter` counts them.

# %%
from collections import Counter

import numpy as np

tokens = [tokenize(review) for review in x_train]
order = np.random.default_rng(0).permutation(len(tokens))
tokens_val, y_val = [tokens[i] for i in order[:4000]], y_train[order[:4000]]
tokens_fit, y_fit = [tokens[i] for i in order[4000:]], y_train[order[4000:]]
counts = Counter(word for review in tokens_fit for word in review)
vocabulary = ["", "?"] + [word for word, count in counts.most_common(9998)]

# %%
total = sum(counts.values())
covered = sum(counts[word] for word in vocabulary)
print(ck.number(total), ck.number(len(counts)), round(covered / total, 2))
print(*vocabulary[2:12], *vocabulary[-5:])

# %% [markdown] lang="es"
# La primera línea cuenta palabras escritas y palabras distintas, y dice qué proporción del texto
# cubren las 9998 más frecuentes, las únicas que guardamos: casi todo. La segunda muestra el
# comienzo y el final de esa lista.
#
# Ahora cada palabra se vuelve un número, su puesto en el vocabulario. El 0 queda para el relleno,
# que aparecerá más adelante, y el 1 (`"?"`) para las palabras desconocidas.

# %% [markdown] lang="en"
# The first line counts words written and distinct words, and says what share of the text the 9998
# most frequent words cover, the only ones that we keep: nearly all of it. The second line shows the
# start and the end of that list.
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
    parts = (np.ones(ends[-1]), np.concatenate(sequences), ends)
    bag = sparse.csr_matrix(parts, (len(sequences), columns))
    bag.sum_duplicates()
    return bag


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
# En cada ejercicio, cambia los puntos (`...`) por tu respuesta y ejecuta la celda y la que le
# sigue, que está plegada y la revisa. La solución está plegada debajo: ábrela después de
# intentarlo.
#
# **Ejercicio 1.** Escribe en inglés dos frases distintas, de 4 palabras o más, que para la bolsa
# sean la misma fila.

# %% [markdown] lang="en"
# ### Your turn: fool the bag
#
# In each exercise, replace the dots (`...`) with your answer and run the cell and the one after it,
# which is folded and checks it. The solution is folded below: open it after you have tried.
#
# **Exercise 1.** Write two different sentences in English, of 4 words or more, that are the same
# row for the bag.

# %%
two_sentences = [..., ...]


# %% tags=["check"]
def same_bag(answer):
    first, second = map(tokenize, answer)
    return len(first) >= 4 and first != second and Counter(first) == Counter(second)


hint = _(
    "¿qué es lo único que la bolsa no guarda de una frase?",
    "what is the only thing about a sentence that the bag does not keep?",
)
ck.check(two_sentences, same_bag, hint)

# %% tags=["solution", "english"]
ck.check(["the dog bites the man", "the man bites the dog"], same_bag, hint)

# %% [markdown] lang="es"
# ## La bolsa, un rival serio
#
# Antes de entrenar pesamos la bolsa con **tf-idf**: una palabra cuenta menos si está en muchas
# reseñas, como *the*, y cada fila se lleva a longitud 1. La regresión logística de la
# [[perceptron]] tiene entonces un peso por palabra. Con tantas variables hay que **regularizarla**:
# el número `C` de scikit-learn es el inverso de la fuerza de la penalización L2, y cuanto menor es
# `C`, más pequeños son los pesos. Elegimos `C` con el conjunto de validación.

# %% [markdown] lang="en"
# ## The bag, a serious rival
#
# Before training we weigh the bag by **tf-idf**: a word counts less if it is in many reviews, as
# *the* is, and each row is scaled to length 1. The logistic regression of [[perceptron]] then has
# one weight for each word. With so many features it must be **regularised**: the number `C` of
# scikit-learn is the inverse of the strength of the L2 penalty, and the smaller `C`, the smaller
# the weights. We choose `C` on the validation set.

# %%
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


def train_bag(bag, labels, C=3):
    logistic = LogisticRegression(C=C, solver="liblinear", tol=0.01)
    return make_pipeline(TfidfTransformer(sublinear_tf=True), logistic).fit(bag, labels)


candidates = [train_bag(bag_fit, y_fit, C) for C in (1, 3, 10)]
scores = [model.score(bag_val, y_val) for model in candidates]
bag_model, bag_accuracy = candidates[np.argmax(scores)], max(scores)
print(round(max(y_val.mean(), 1 - y_val.mean()), 2), bag_model[-1].C)
ck.claim(_("bolsa, exactitud en validación", "bag, validation accuracy"), bag_accuracy, at_least=0.88)

# %% [markdown] lang="es"
# La línea con ✔ es una **comprobación**: el número medido y el límite que debe cumplir. La
# exactitud pasa de [[bound: bag, validation accuracy]] sin saber nada del orden; responder siempre
# la clase más frecuente acierta lo que dice el primer número. La bolsa será difícil de superar. En
# adelante usamos $C = 3$ en todas las bolsas.
#
# ### Las palabras que más pesan
#
# Un modelo lineal se deja leer. Ordenamos los pesos y dibujamos los diez menores y los diez
# mayores.

# %% [markdown] lang="en"
# The line with ✔ is a **claim**: the measured number and the bound that it must keep. The accuracy
# is above [[bound: bag, validation accuracy]] without any knowledge of order; always answering the
# more frequent class gets right what the first number says. The bag will be hard to beat. From now
# on we use $C = 3$ for all bags.
#
# ### The heaviest words
#
# A linear model can be read. We sort the weights and draw the ten smallest and the ten largest.

# %%
weights = bag_model[-1].coef_[0]
heavy = np.argsort(weights)[[*range(10), *range(-10, 0)]]
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
# *Worst* y *excellent* están entre las que más pesan, como cabe esperar. Cada palabra pesa siempre
# lo mismo, diga lo que diga la palabra de al lado.
#
# ### Una red densa sobre la bolsa
#
# ¿Y si añadimos una capa oculta? La red recibe las 4000 primeras columnas, las de las palabras más
# frecuentes, con un 1 si la palabra aparece. Para saber qué aporta la capa, la regresión logística
# recibe las mismas columnas.

# %% [markdown] lang="en"
# *Worst* and *excellent* are among the heaviest, as you would expect. Each word always weighs the
# same, whatever the word beside it says.
#
# ### A dense network on the bag
#
# What if we add a hidden layer? The network gets the first 4000 columns, those of the most frequent
# words, with a 1 if the word occurs. To know what the layer contributes, the logistic regression
# gets the same columns.

# %%
import keras
from keras import layers, ops


def columns_of(bag):
    return (bag[:, :4000] > 0).astype("float32")


logistic = LogisticRegression(C=0.1, solver="liblinear", tol=0.01)
logistic.fit(columns_of(bag_fit), y_fit)
keras.utils.set_random_seed(0)
dense = keras.Sequential(
    [layers.Input((4000,)), layers.Dropout(0.5), layers.Dense(32, activation="relu")]
    + [layers.Dropout(0.5), layers.Dense(1, activation="sigmoid")]
)
dense.compile("adam", "binary_crossentropy", metrics=["accuracy"])
dense.fit(columns_of(bag_fit).toarray(), y_fit, 128, 3, 0, callbacks=[ck.live.Progress()])

# %%
dense_accuracy = dense.evaluate(columns_of(bag_val).toarray(), y_val, 500, verbose=0)[1]
print(ck.number(dense.count_params()))
ck.claim(_("red densa, exactitud en validación", "dense network, validation accuracy"), dense_accuracy, at_least=0.86)
ck.claim(
    _("exactitud que gana la capa oculta", "accuracy that the hidden layer gains"),
    dense_accuracy - logistic.score(columns_of(bag_val), y_val),
    at_most=0.015,
)

# %% [markdown] lang="es"
# Más de 128 000 parámetros, y la capa oculta gana [[bound: accuracy that the hidden layer gains]]
# como mucho con las mismas columnas. No es un clasificador más complejo lo que hace falta. Veamos
# qué le falta a la bolsa.
#
# ### Dónde falla la bolsa
#
# Probemos con dos frases que tienen las mismas palabras y dicen lo contrario, y con *not good* y
# *not bad*. ¿Qué probabilidad de reseña positiva da la bolsa a cada frase?

# %% [markdown] lang="en"
# More than 128 000 parameters, and the hidden layer gains
# [[bound: accuracy that the hidden layer gains]] at most on the same columns. It is not a more
# complex classifier that is needed. Let us see what the bag lacks.
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
# *not* aporta lo mismo a las dos. Para leer hace falta el orden.

# %% [markdown] lang="en"
# The two long sentences get exactly the same probability (`True`). And, contrary to what they say,
# the bag rates *not good* above *not bad*: it adds the weight of *good* or the weight of *bad*, and
# *not* contributes the same to both. Reading needs order.

# %% [markdown] lang="es"
# ### Otras bolsas
#
# ¿Se puede mejorar la bolsa? Dos recetas clásicas reducen columnas. Una quita las **palabras
# vacías** (*stop words*), como *the*, que aparecen en casi todos los textos. La otra es la
# **reducción a la raíz** (*stemming*), que corta los finales con reglas; usamos las de Porter, en
# la versión de Snowball.

# %% [markdown] lang="en"
# ### Other bags
#
# Can the bag be improved? Two classic recipes reduce the columns. One removes the **stop words**,
# such as *the*, which occur in nearly every text. The other is **stemming**, which cuts off endings
# by rules; we use Porter's rules, in the Snowball version.

# %%
import snowballstemmer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

stemmer = snowballstemmer.stemmer("english")
print(*stemmer.stemWords(["connect", "connected", "connection", "connections", "connects"]))
print(*stemmer.stemWords(["movies", "boring", "execute", "executive"]))
print(*[word for word in ("the", "not", "never", "good") if word in ENGLISH_STOP_WORDS])
stems, stem_of = np.unique(stemmer.stemWords(vocabulary), return_inverse=True)
kept = [number for number, word in enumerate(vocabulary) if word not in ENGLISH_STOP_WORDS]
print(ck.number(len(vocabulary)), len(stems), len(kept))

# %% [markdown] lang="es"
# Las cinco formas de la primera línea se juntan en *connect*. La raíz no tiene por qué ser una
# palabra de verdad (*movi*), y *execute* (ejecutar) y *executive* (directivo) acaban siendo lo
# mismo: las reglas no entienden. La lista de palabras vacías incluye *not* y *never*, y eso puede
# costar caro. La última línea cuenta las columnas de las tres bolsas.
#
# La tercera receta va en sentido contrario: contar también cada par de palabras seguidas, o
# **bigrama**. Entonces *not good* tiene su propia columna. Habría $10\,000^2$ columnas más;
# repartimos los pares entre $2^{20}$ según el resto de dividir su número entre $2^{20}$.

# %% [markdown] lang="en"
# The five forms of the first line come together in *connect*. A stem need not be a real word
# (*movi*), and *execute* and *executive* end up the same: rules do not understand. The list of stop
# words includes *not* and *never*, and that may be expensive. The last line counts the columns of
# the three bags.
#
# The third recipe goes the opposite way: counting each pair of neighbouring words too, a
# **bigram**. Then *not good* has a column of its own. There would be $10\,000^2$ more columns; we
# spread the pairs over $2^{20}$ by the remainder of dividing their number by $2^{20}$.


# %%
def bigram_bag(sequences):
    pairs = [(s[:-1] * np.int64(10_000) + s[1:]) % 2**20 for s in sequences]
    both = [np.concatenate([s, 10_000 + pair]) for s, pair in zip(sequences, pairs, strict=True)]
    return bag_of(both, 10_000 + 2**20)


stem_bags = [bag_of([stem_of[s] for s in part]) for part in (sequences_fit, sequences_val)]
bags = {
    _("sin palabras vacías", "without stop words"): (bag_fit[:, kept], bag_val[:, kept]),
    _("raíces", "stems"): stem_bags,
    _("palabras y bigramas", "words and bigrams"): map(bigram_bag, (sequences_fit, sequences_val)),
}
accuracies = {_("todas las palabras", "all words"): bag_accuracy}
for name, (fit, val) in bags.items():
    accuracies[name] = train_bag(fit, y_fit).score(val, y_val)

# %%
ck.plots.bars(
    list(accuracies),
    {"": list(accuracies.values())},
    xlabel=_("exactitud en validación", "validation accuracy"),
    xlim=(0.8, 0.92),
    alt=_("Exactitud de cuatro bolsas.", "Accuracy of four bags."),
)
no_stop_words, stemmed, with_bigrams = [score - bag_accuracy for score in accuracies.values()][1:]
ck.claim(
    _("mayor ganancia de quitar palabras o usar raíces", "larger gain of removing words or using stems"),
    max(no_stop_words, stemmed),
    at_most=0.005,
)
ck.claim(_("ganancia de contar bigramas", "gain from counting bigrams"), with_bigrams, at_least=0.003)

# %% [markdown] lang="es"
# Ni quitar palabras ni usar raíces da una mejora clara. Contar bigramas sí, y es lo único que
# cambia de una bolsa a la otra: vuelve un poco del orden.
#
# ### La explosión de los *n*-gramas
#
# ¿Por qué no contar también grupos de 3, 4 o 5 palabras (***n*-gramas**)? Contemos cuántos
# distintos hay en 4000 reseñas, y qué proporción de los que escriben otras 1000 no está entre
# ellos.

# %% [markdown] lang="en"
# Neither removing words nor using stems gives a clear gain. Counting bigrams does, and it is all
# that changes from one bag to the other: a little of the order comes back.
#
# ### The explosion of *n*-grams
#
# Why not count groups of 3, 4 or 5 words too (***n*-grams**)? Let us count how many distinct ones
# there are in 4000 reviews, and what share of those in another 1000 reviews is not among them.


# %%
def ngrams(tokens, n):
    return zip(*(tokens[start:] for start in range(n)), strict=False)


for n in range(1, 6):
    seen = {group for tokens in tokens_fit[:4000] for group in ngrams(tokens, n)}
    new = [group not in seen for tokens in tokens_val[:1000] for group in ngrams(tokens, n)]
    print(n, ck.number(len(seen)), f"{np.mean(new):.2f}")

# %% [markdown] lang="es"
# Con 10 000 palabras hay $10\,000^n$ grupos posibles, y la última columna dice lo que importa: casi
# todos los grupos de 4 o 5 palabras de una reseña nueva son desconocidos, y para un grupo que nunca
# apareció no se puede aprender un peso. Una tabla de grupos no escala. La alternativa: resumir todo
# lo leído en un vector de tamaño fijo, un **estado**, y aprender a actualizarlo palabra a palabra.

# %% [markdown] lang="en"
# With 10 000 words there are $10\,000^n$ possible groups, and the last column tells what matters:
# nearly all groups of 4 or 5 words in a new review are unknown, and for a group that never occurred
# no weight can be learnt. A table of groups does not scale. The alternative: sum up all that has
# been read in a vector of fixed size, a **state**, and learn to update it word by word.

# %% [markdown] lang="es"
# ## Una capa recurrente, a mano
#
# ### Cada palabra, un vector
#
# Para una red, 17 y 18 no se parecen más que 17 y 9000: el número de una palabra no dice nada de
# ella. Por eso una **capa de *embedding*** (incrustación) guarda una matriz $E$ con una fila para
# cada palabra, su **vector de palabra**, y devuelve esa fila. Escribir la palabra como una fila de
# ceros con un 1 (*one-hot*) y multiplicarla por $E$ equivale a tomar la fila:

# %% [markdown] lang="en"
# ## A recurrent layer, by hand
#
# ### A vector for each word
#
# For a network, 17 and 18 are no more alike than 17 and 9000: the number of a word says nothing
# about it. That is why an ***embedding* layer** keeps a matrix $E$ with one row for each word, its
# **word vector**, and returns that row. Writing the word as a row of zeros with one 1 (*one-hot*)
# and multiplying it by $E$ gives the same as taking the row:

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
# Los pesos $W_{hh}$ y $W_{xh}$ y el sesgo $b$ son los mismos en todos los pasos de tiempo, igual
# que un filtro usa los suyos en toda la imagen. El primer estado, $h_0$, es 0.

# %% [markdown] lang="en"
# ### The state
#
# At time step $t$, the network gets the vector of the word, $x_t$, and its own previous state,
# $h_{t-1}$:
#
# $$h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t + b)$$
#
# The weights $W_{hh}$ and $W_{xh}$ and the bias $b$ are the same at every time step, just as a
# kernel uses its own weights all over the picture. The first state, $h_0$, is 0.


# %%
def simple_rnn(x, w_xh, w_hh, b):
    h = np.zeros(len(b))
    states = []
    for x_t in x:
        h = np.tanh(w_hh @ h + w_xh @ x_t + b)
        states.append(h)
    return np.array(states)


# %% [markdown] lang="es"
# Probemos con cinco palabras de 3 números y 4 unidades (así llama Keras a las neuronas de una
# capa), todo al azar. Leemos las mismas palabras en dos órdenes.

# %% [markdown] lang="en"
# Let us try five words of 3 numbers and 4 units (Keras's name for the neurons of a layer), all of
# them random. We read the same words in two orders.

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
# output goes back in. Now let us compare with the layer of Keras, which is called `SimpleRNN`.

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
# si en la secuencia hay algún 1, el último estado debe pasar de $0.9$, aunque después vengan 30
# ceros; si solo hay ceros, debe quedar por debajo de $0.1$. Responde con tres números: $W_{xh}$,
# $W_{hh}$ y $b$.

# %% [markdown] lang="en"
# The same states. There are $4 \cdot (3 + 4 + 1) = 32$ parameters, whether it reads 5 words or
# 5000.
#
# ### Your turn: a memory of a single number
#
# **Exercise 2.** Choose the weights of `simple_rnn` with 1 unit and 1 input so that it
# **remembers**: if there is any 1 in the sequence, the last state must be above $0.9$, even if 30
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
# La notación `9e-16` significa $9 \cdot 10^{-16}$. Si $w$ es menor que 1, la señal **se
# desvanece**; si es mayor, **explota**. Solo $w = 1$ la conserva.
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
# The notation `9e-16` means $9 \cdot 10^{-16}$. If $w$ is less than 1, the signal **vanishes**; if
# it is more, it **explodes**. Only $w = 1$ preserves it.
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
# Si el estado es un vector, $w$ se vuelve la matriz $W_{hh}^\top$ y los productos con la pendiente
# se hacen componente a componente (el signo $\odot$):
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
# taken component by component (the sign $\odot$):
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
# matriz encoge los vectores, el gradiente se desvanece; si los estira mucho más de lo que la
# pendiente los reduce, explota. Probemos tres tamaños de los pesos, con 64 unidades y desviación
# estándar $s / \sqrt{64}$.

# %% [markdown] lang="en"
# They agree (`assert`).
#
# ### It vanishes or explodes
#
# Each step back multiplies by $W_{hh}^\top$ and by a slope that is never above 1. If the matrix
# shrinks vectors, the gradient vanishes; if it stretches them far more than the slope reduces them,
# it explodes. Let us try three sizes of the weights, with 64 units and standard deviation
# $s / \sqrt{64}$.


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
ck.claim(_("norma tras 49 pasos con s = 0.5", "norm after 49 steps with s = 0.5"), norms["s = 0.5"][-1], at_most=1e-12)
ck.claim(_("norma tras 49 pasos con s = 4", "norm after 49 steps with s = 4"), norms["s = 4"][-1], at_least=1e5)

# %% [markdown] lang="es"
# En escala logarítmica, una línea recta es un cambio exponencial. Con pesos pequeños, a la primera
# palabra no le llega ninguna señal útil; con pesos grandes, una sola actualización puede estropear
# toda la red. Entre los dos extremos, $s = 1.3$ cambia mucho menos.
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
# Between the two extremes, $s = 1.3$ changes far less.
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
    "divide el gradiente entre su norma solo cuando la norma pasa del límite",
    "divide the gradient by its norm only when the norm exceeds the limit",
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
# Contra el desvanecimiento no basta con alargar: junto a las señales de los últimos pasos, una de
# $10^{-16}$ es menor que el error de redondeo. Hace falta otra celda.

# %% [markdown] lang="en"
# In Keras, `keras.optimizers.Adam(clipnorm=1.0)` clips the gradient of each weight matrix in this
# way. Against vanishing, stretching is not enough: beside the signals of the last steps, one of
# $10^{-16}$ is smaller than the rounding error. Another cell is needed.

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
# sigmoide. El producto $z = W_x x_t + W_h h_{t-1} + b$ se corta en cuatro trozos:
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
# sigmoid. The product $z = W_x x_t + W_h h_{t-1} + b$ is cut into four pieces:
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
# The order of the four pieces is Keras's. Let us compare with its layer `LSTM`, with random
# weights.

# %%
rng = np.random.default_rng(0)
lstm_weights = [rng.normal(0, 0.5, shape) for shape in ((16, 3), (16, 4), 16)]
layer = layers.LSTM(4, return_sequences=True)
layer.build((2, 5, 3))
layer.set_weights([array.T for array in lstm_weights])
ours = np.array([lstm(x, *lstm_weights) for x in x_orders])
difference = np.abs(ops.convert_to_numpy(layer(x_orders)) - ours).max()
ck.claim(_("mayor diferencia con LSTM", "largest difference from LSTM"), difference, at_most=1e-5)
print(layer.count_params())

# %% [markdown] lang="es"
# El mismo resultado, con el cuádruple de parámetros que la recurrente simple: $4 \cdot 32 = 128$.
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
ck.check([4 * 50 * (20 + 50 + 1)] * 2, [fifty_units.count_params()] * 2, hint)

# %% [markdown] lang="es"
# ### Por qué puede recordar
#
# De $c_t$ a $c_{t-1}$, por el camino directo de la celda, el gradiente solo se multiplica por $f$.
# ¿Cuánto queda tras 50 pasos de tiempo? El segundo valor es $\sigma(1)$: Keras empieza con un sesgo
# de 1 en esta compuerta.

# %% [markdown] lang="en"
# ### Why it can remember
#
# From $c_t$ to $c_{t-1}$, along the direct path of the cell, the gradient is only multiplied by
# $f$. How much is left after 50 time steps? The second value is $\sigma(1)$: Keras starts with a
# bias of 1 in this gate.

# %%
for f in (0.5, sigmoid(1), 0.99, 0.999):
    print(f"{f:.3f} {f**50:.1g}")

# %% [markdown] lang="es"
# Con la compuerta a medio abrir el gradiente también se desvanece, y con la del comienzo queda muy
# poco: $2 \cdot 10^{-7}$. Pero $f$ no es fija, como $W_{hh}$: la red puede **aprender** a tenerla
# cerca de 1 mientras hay algo que recordar, y con $f = 0.99$ queda más de la mitad.
#
# Una celda más corta es la **GRU** (Cho et al., 2014). No tiene $c$, y una sola compuerta $u$, la
# de actualización, reparte entre conservar y escribir:
# $h_t = u \odot h_{t-1} + (1 - u) \odot \tilde{h}$. Con otra compuerta para calcular $\tilde{h}$
# son tres trozos en vez de cuatro.

# %% [markdown] lang="en"
# With the gate half open the gradient vanishes too, and with the gate as it starts very little is
# left: $2 \cdot 10^{-7}$. But $f$ is not fixed, as $W_{hh}$ is: the network can **learn** to hold
# it close to 1 while there is something to remember, and with $f = 0.99$ more than half is left.
#
# A shorter cell is the **GRU** (Cho et al., 2014). It has no $c$, and a single gate $u$, the update
# gate, divides between keeping and writing: $h_t = u \odot h_{t-1} + (1 - u) \odot \tilde{h}$. With
# another gate to compute $\tilde{h}$, there are three pieces instead of four.

# %% [markdown] lang="es"
# ## ¿Quién recuerda la letra marcada?
#
# ¿Sirven de algo las compuertas? Lo decide un experimento. Cada secuencia tiene 20 letras al azar
# entre A, B, C y D. Una de las 10 primeras lleva una **marca**, y al final hay que decir cuál era:
# la red debe guardar una letra y no dejar que las siguientes la borren. Quien responde al azar
# acierta $0.25$.

# %% [markdown] lang="en"
# ## Who remembers the marked letter?
#
# Are the gates of any use? An experiment decides. Each sequence has 20 random letters among A, B, C
# and D. One of the first 10 carries a **mark**, and at the end the network must say which letter it
# was: it has to keep one letter and not let those that follow erase it. Guessing at random is right
# $0.25$ of the time.


# %%
def marked_letters(rng, count, places=10, length=20):
    letters = rng.integers(0, 4, (count, length))
    marked = rng.integers(0, places, count)
    x = np.zeros((count, length, 5), "float32")
    x[..., :4] = np.eye(4)[letters]
    x[np.arange(count), marked, 4] = 1
    return x, letters[np.arange(count), marked]


rng = np.random.default_rng(0)
sequences = [marked_letters(rng, count) for count in (8000, 1000, 1000)]
print(sequences[0][0][0, :5].astype(int), sequences[0][1][0], sep="\n")

# %% [markdown] lang="es"
# Cada fila es una letra (*one-hot*) con su marca en la última columna; debajo, la respuesta,
# contada desde 0.
#
# Las reglas son las mismas para las tres celdas: casi el mismo número de parámetros, las mismas
# 8000 secuencias leídas una vez, el gradiente recortado, dos tasas de aprendizaje para elegir con
# el conjunto de validación, y tres redes con distintos pesos iniciales. Las tres van dentro de un
# solo modelo sin compartir ningún peso, y así se entrenan a la vez.

# %% [markdown] lang="en"
# Each row is a letter (*one-hot*) with its mark in the last column; below, the answer, counted from
# 0.
#
# The rules are the same for the three cells: nearly the same number of parameters, the same 8000
# sequences read once, a clipped gradient, two learning rates to choose from on the validation set,
# and three networks with different initial weights. The three stand inside one model without
# sharing any weight, and so they train at the same time.


# %%
def three_networks(cell):
    x = layers.Input((None, 5))
    answers = [layers.Dense(4, activation="softmax")(cell()(x)) for network in range(3)]
    model = keras.Model(x, ops.stack(answers, axis=1))
    model.compile(keras.optimizers.Adam(clipnorm=1.0), "sparse_categorical_crossentropy")
    return model


def start_again(model, rate):
    keras.utils.set_random_seed(0)
    model.set_weights(keras.models.clone_model(model).get_weights())
    for variable in model.optimizer.variables:
        variable.assign(ops.zeros_like(variable))
    model.optimizer.learning_rate = rate


# %% [markdown] lang="es"
# `start_again` toma pesos iniciales nuevos y pone a cero las memorias de Adam: cuesta menos que
# construir otro modelo.

# %% [markdown] lang="en"
# `start_again` takes new initial weights and sets Adam's memories to zero: that costs less than
# building another model.


# %%
def share_right(model, x, y):
    return np.mean(model.predict(x, 1000, verbose=0).argmax(axis=-1) == y[:, None], axis=0)


def tuned(model, sequences, rates=(0.003, 0.02)):
    (x, y), validation, test = sequences
    trials = []
    for rate in rates:
        start_again(model, rate)
        model.fit(x, np.repeat(y[:, None], 3, axis=1), 50, 1, verbose=0)
        trials.append((share_right(model, *validation).mean(), *share_right(model, *test)))
    return max(trials)[1:]


# %% tags=["slow"]
models = {
    "SimpleRNN": three_networks(lambda: layers.SimpleRNN(64)),
    "GRU": three_networks(lambda: layers.GRU(36)),
    "LSTM": three_networks(lambda: layers.LSTM(32)),
}
right = {name: tuned(model, sequences) for name, model in models.items()}
print({name: model.count_params() // 3 for name, model in models.items()})

# %% tags=["varies"]
ck.plots.bars(
    [f"{name} ({run})" for name in right for run in (1, 2, 3)],
    {"": [share for shares in right.values() for share in shares]},
    xlabel=_("proporción de respuestas correctas (al azar: 0.25)", "share of right answers (at random: 0.25)"),
    xlim=(0, 1),
    alt=_(
        "Proporción de respuestas correctas de tres redes con cada celda.",
        "Share of right answers of three networks with each cell.",
    ),
)
ck.claim(_("peor de las tres LSTM", "worst of the three LSTMs"), min(right["LSTM"]), at_least=0.9)
ck.claim(_("mejor de las tres SimpleRNN", "best of the three SimpleRNNs"), max(right["SimpleRNN"]), at_most=0.7)

# %% [markdown] lang="es"
# Cada barra es una red. Con el mismo número de parámetros y el mismo entrenamiento, las LSTM pasan
# de [[bound: worst of the three LSTMs]] y ninguna SimpleRNN llega a
# [[bound: best of the three SimpleRNNs]]. ¿Es que la SimpleRNN no puede recordar tanto tiempo?
# Hagamos el control: las mismas secuencias, pero con la marca siempre en la **primera** letra, que
# es la más lejana.

# %% [markdown] lang="en"
# Each bar is one network. With the same number of parameters and the same training, the LSTMs are
# above [[bound: worst of the three LSTMs]] and no SimpleRNN reaches
# [[bound: best of the three SimpleRNNs]]. Can the SimpleRNN not remember for so long? Let us run
# the control: the same kind of sequences, but with the mark always on the **first** letter, which
# is the farthest one.

# %% tags=["slow"]
first_letter = [marked_letters(rng, count, places=1) for count in (8000, 1000, 1000)]
ck.claim(
    _("SimpleRNN con la marca en la primera letra", "SimpleRNN with the mark on the first letter"),
    min(tuned(models["SimpleRNN"], first_letter, rates=(0.003,))),
    at_least=0.9,
)

# %% [markdown] lang="es"
# Sí puede: Keras empieza con una $W_{hh}$ ortogonal, que no cambia la longitud de los vectores, y
# la señal llega lejos. Lo que con este entrenamiento no aprende es a **elegir** qué guarda, y para
# eso son las compuertas. ¿Y con más épocas? Es una de las preguntas del último ejercicio.

# %% [markdown] lang="en"
# It can: Keras starts with an orthogonal $W_{hh}$, which does not change the length of vectors, and
# the signal travels far. What it does not learn with this training is to **choose** what it keeps,
# and that is what gates are for. What about more epochs? That is one of the questions of the last
# exercise.

# %% [markdown] lang="es"
# **Descanso.** Aquí termina la primera mitad: cómo funciona una red recurrente. En la segunda
# mitad, una LSTM lee reseñas.

# %% [markdown] lang="en"
# **Resting place.** This is the end of the first half: how a recurrent network works. In the second
# half, an LSTM reads reviews.

# %% [markdown] lang="es"
# ## Vectores de palabras
#
# ### Dime con quién andas
#
# ¿Con qué números llenamos la matriz $E$? Las palabras que se usan en los mismos lugares significan
# cosas parecidas. Contemos qué palabras van juntas en seis frases y descompongamos esa tabla con la
# **descomposición en valores singulares** (SVD): $A = U S V^\top$. El **coseno** del ángulo entre
# dos vectores dice cuánto se parecen: 1 si apuntan en la misma dirección y 0 si son
# perpendiculares.

# %% [markdown] lang="en"
# ## Word vectors
#
# ### The company it keeps
#
# Which numbers go into the matrix $E$? Words that are used in the same places mean similar things.
# Let us count which words go together in six sentences, and decompose that table with the
# **singular value decomposition** (SVD): $A = U S V^\top$. The **cosine** of the angle between two
# vectors says how alike they are: 1 if they point in the same direction and 0 if they are
# perpendicular.

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


for a, b in (("coffee", "tea"), ("dog", "puppy"), ("coffee", "dog")):
    i, j = small_words.index(a), small_words.index(b)
    short = (U * S)[:, :4]
    print(a, b, f"{cosine(A[i], A[j]):.2f} -> {abs(cosine(short[i], short[j])):.2f}")

# %% [markdown] lang="es"
# A la izquierda de la flecha, el coseno entre las filas de la tabla, de 8 números; a la derecha,
# entre las primeras 4 columnas de $U S$. *Coffee* y *tea* comparten una de sus vecinas, y al
# resumir en menos números quedan en la misma dirección: la SVD guarda lo que se repite y pierde el
# detalle.
#
# ### Lo mismo, con las reseñas
#
# Contamos los pares de palabras que están a 5 palabras o menos. Pero *the* va con todas: lo que
# interesa es si dos palabras $a$ y $b$ van juntas **más de lo esperado**. Lo mide la información
# mutua puntual (*pointwise mutual information*, PMI):
#
# $$\text{PMI}(a, b) = \log \frac{n_{ab} \, n}{n_a \, n_b}$$
#
# Aquí $n_{ab}$ cuenta los pares de $a$ con $b$; $n_a$ y $n_b$, los pares de cada palabra; y $n$,
# todos. Guardamos solo los valores positivos.

# %% [markdown] lang="en"
# On the left of the arrow, the cosine between rows of the table, of 8 numbers; on the right,
# between the first 4 columns of $U S$. *Coffee* and *tea* share one of their neighbours, and summed
# up in fewer numbers they end up in the same direction: the SVD keeps what repeats and loses the
# detail.
#
# ### The same, with the reviews
#
# We count the pairs of words that stand within 5 words. But *the* goes with all of them: what
# matters is whether two words $a$ and $b$ go together **more than expected**. The pointwise mutual
# information (PMI) measures it:
#
# $$\text{PMI}(a, b) = \log \frac{n_{ab} \, n}{n_a \, n_b}$$
#
# Here $n_{ab}$ counts the pairs of $a$ with $b$; $n_a$ and $n_b$ the pairs of each word; and $n$
# all of them. We only keep the positive values.

# %% [markdown] lang="es"
# El código une las reseñas en una sola fila de números, con cinco ceros entre una y otra. Si la
# desplazamos `distance` puestos y la ponemos al lado de la original, quedan juntas las palabras que
# están a esa distancia. `csr_matrix` suma los pares repetidos.

# %% [markdown] lang="en"
# The code joins the reviews into a single row of numbers, with five zeros between one and the next.
# If we shift it by `distance` places and put it beside the original, the words at that distance
# stand together. `csr_matrix` adds up repeated pairs.

# %%
flat = np.concatenate([np.append(sequence, [0] * 5) for sequence in sequences_fit])
together = sparse.csr_matrix((10_000, 10_000), dtype="float32")
for distance in range(1, 6):
    left, right = flat[:-distance], flat[distance:]
    known = (left > 1) & (right > 1)
    ones = np.ones(known.sum(), "float32")
    together += sparse.csr_matrix((ones, (left[known], right[known])), together.shape)

# %%
from sklearn.decomposition import TruncatedSVD

pairs = (together + together.T).tocoo()
first, second = pairs.row, pairs.col
n_word = np.asarray(pairs.sum(axis=1)).ravel()
pmi = np.log(pairs.data * (n_word.sum() / n_word[first]) / n_word[second])
positive_pmi = sparse.csr_matrix((np.maximum(pmi, 0), (first, second)), pairs.shape)
svd = TruncatedSVD(64, random_state=0)
vectors = svd.fit_transform(positive_pmi) / np.sqrt(svd.singular_values_)
vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
vectors = vectors.astype("float32")

# %% [markdown] lang="es"
# La tabla de 10 000 × 10 000 queda resumida en 64 números por palabra, $U \sqrt{S}$, y todos los
# vectores se llevan a longitud 1. Levy y Goldberg (2014) mostraron que una red muy usada para
# aprender vectores, word2vec, factoriza implícitamente una tabla casi igual a esta.
#
# ### Las vecinas de una palabra
#
# Entre vectores de longitud 1, el coseno es el producto escalar (producto punto). Debajo de cada
# palabra de la primera fila, las cinco palabras con mayor coseno.

# %% [markdown] lang="en"
# The table of 10 000 × 10 000 is summed up in 64 numbers for each word, $U \sqrt{S}$, and all
# vectors are scaled to length 1. Levy and Goldberg (2014) showed that a network often used to learn
# vectors, word2vec, implicitly factorises a table very much like this one.
#
# ### The neighbours of a word
#
# Between vectors of length 1, the cosine is the dot product. Below each word of the first row, the
# five words with the largest cosine.


# %%
def neighbours(word, count=5):
    closeness = vectors @ vectors[number_of[word]]
    nearest = np.argsort(-closeness)[1 : count + 1]
    return [vocabulary[number] for number in nearest]


searched = ["actor", "horror", "mother", "funny", "great"]

# %% tags=["varies"]
ck.plots.table(
    [searched, *zip(*map(neighbours, searched), strict=True)],
    alt=_(
        "Cinco palabras y, debajo de cada una, las cinco palabras con el coseno mayor.",
        "Five words and, below each one, the five words with the largest cosine.",
    ),
)
good_bad = vectors[number_of["good"]] @ vectors[number_of["bad"]]
good_actor = vectors[number_of["good"]] @ vectors[number_of["actor"]]
ck.claim(_("coseno entre «good» y «bad»", "cosine between 'good' and 'bad'"), good_bad, at_least=0.5)
ck.claim(_("coseno entre «good» y «actor»", "cosine between 'good' and 'actor'"), good_actor, at_most=0.4)

# %% [markdown] lang="es"
# No hizo falta ningún diccionario: todo sale de contar vecinas. Pero hay un peligro: *good* y *bad*
# se usan en los mismos lugares, así que sus vectores se parecen mucho más que los de *good* y
# *actor*. Para decidir si una reseña es positiva, la red tendrá que seguir entrenando los vectores.
#
# ### Un mapa de palabras
#
# Reducimos las 64 dimensiones a 2 con t-SNE (van der Maaten y Hinton, 2008), que procura que las
# vecinas sigan siéndolo. Nosotros elegimos las siete familias, sus colores y sus marcas; los puntos
# los colocan los vectores. En el mapa, las distancias grandes no significan nada.

# %% [markdown] lang="en"
# No dictionary was needed: everything comes from counting neighbours. But there is a danger: *good*
# and *bad* are used in the same places, so their vectors are much more alike than those of *good*
# and *actor*. To decide whether a review is positive, the network will have to train the vectors
# further.
#
# ### A map of words
#
# We reduce the 64 dimensions to 2 with t-SNE (van der Maaten and Hinton, 2008), which tries to keep
# neighbours neighbours. We chose the seven families, their colours and their markers; the vectors
# place the points. On the map, large distances mean nothing.

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

# %% tags=["varies"]
from sklearn.manifold import TSNE

places = TSNE(2, perplexity=6, init="pca", random_state=0).fit_transform(shown_vectors)
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
# las que mostramos es de su familia. Busca en el mapa las excepciones: ¿qué palabras están lejos de
# los suyos?
#
# ## Relleno y máscara
#
# Para entrenar por lotes, todas las secuencias de un lote deben tener la misma longitud: rellenamos
# las cortas con ceros (*padding*) y de las largas guardamos solo el final. Nuestra función pone los
# ceros delante; con `after=True`, detrás.

# %% [markdown] lang="en"
# The claim counts in the 64 dimensions, without the map: for a share of at least
# [[bound: share of words whose nearest neighbour is in their family]], the nearest neighbour among
# the words shown is in their family. Look for the exceptions on the map: which words stand far from
# their own?
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


print(pad([[7, 8], [3, 4, 5, 6]], length=3))
print(pad([[7, 8], [3, 4, 5, 6]], length=3, after=True))

# %% [markdown] lang="es"
# De la segunda secuencia se perdió el principio. ¿Qué hace la red con los ceros? Entrenemos una
# LSTM pequeña con las 25 últimas palabras de 4000 reseñas, sin relleno casi nunca, y preguntémosle
# después por reseñas seguidas de 75 ceros.

# %% [markdown] lang="en"
# The second sequence lost its beginning. What does the network do with the zeros? Let us train a
# small LSTM on the last 25 words of 4000 reviews, where padding is hardly ever needed, and then ask
# it about reviews followed by 75 zeros.


# %%
def small_reader(mask):
    return keras.Sequential(
        [layers.Input((None,)), layers.Embedding(10_000, 64, mask_zero=mask, trainable=False)]
        + [layers.LSTM(16), layers.Dense(1, activation="sigmoid")]
    )


keras.utils.set_random_seed(0)
masked, unmasked = small_reader(mask=True), small_reader(mask=False)
masked.layers[0].set_weights([2.5 * vectors])
masked.compile(keras.optimizers.Adam(0.005), "binary_crossentropy", metrics=["accuracy"])
masked.fit(pad(sequences_fit[:4000], 25), y_fit[:4000], 64, 4, verbose=0)
unmasked.set_weights(masked.get_weights())

# %% [markdown] lang="es"
# `mask_zero=True` hace que la capa de *embedding* indique dónde hay relleno, y la LSTM se salta
# esos pasos de tiempo: su estado no cambia. La segunda red recibe los mismos pesos; solo le falta
# la máscara.

# %% [markdown] lang="en"
# `mask_zero=True` makes the embedding layer tell where there is padding, and the LSTM skips those
# time steps: its state does not change. The second network gets the same weights; only the mask is
# missing.

# %%
endings = pad([sequence[-25:] for sequence in sequences_val], 100, after=True)
answers = [network.predict(endings, 500, verbose=0)[:, 0] for network in (masked, unmasked)]
accuracies = [np.mean((answer > 0.5) == y_val) for answer in answers]
without_zeros = masked.predict(endings[:, :25], 500, verbose=0)[:, 0]
assert np.allclose(answers[0], without_zeros, atol=1e-4)
ck.claim(_("con máscara, exactitud en validación", "with a mask, validation accuracy"), accuracies[0], at_least=0.7)
ck.claim(
    _("exactitud que se pierde sin la máscara", "accuracy lost without the mask"),
    accuracies[0] - accuracies[1],
    at_least=0.1,
)
ck.claim(
    _("sin máscara, desviación estándar de las respuestas", "without a mask, standard deviation of the answers"),
    answers[1].std(),
    at_most=0.01,
)

# %% [markdown] lang="es"
# Con máscara, los 75 ceros no cambian ninguna respuesta (`assert`). Sin ella, los mismos pesos
# responden casi lo mismo a todas las reseñas: después de 75 pasos de tiempo leyendo ceros, el
# estado ha olvidado lo leído.
#
# **Ejercicio 5.** Completa `masked_mean`: la media de los vectores de una frase sin contar el
# relleno. `embedded` tiene una fila por palabra, y `sequence`, los números de las palabras.

# %% [markdown] lang="en"
# With the mask, the 75 zeros do not change a single answer (`assert`). Without it, the same weights
# give nearly the same answer to all reviews: after 75 time steps of reading zeros, the state has
# forgotten what it read.
#
# **Exercise 5.** Complete `masked_mean`: the mean of the vectors of a sentence without counting the
# padding. `embedded` has a row for each word, and `sequence` holds the numbers of the words.


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
ck.check(lambda: mean_answers(lambda embedded, s: embedded[s > 0].mean(axis=0)), expected_means, hint)

# %% [markdown] lang="es"
# ## Leer reseñas con una LSTM
#
# ### ¿Qué trozo leer?
#
# La red tarda lo mismo por cada palabra, así que de una reseña larga leerá solo 200. ¿Las primeras
# o las últimas? Preguntémosle a lo más rápido que tenemos: la bolsa. De paso sabremos cuánto pierde
# al leer menos.

# %% [markdown] lang="en"
# ## Reading reviews with an LSTM
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


part_model, last_words = train_part(slice(-200, None))
first_words = train_part(slice(200))[1]
ck.claim(
    _("bolsa con las 200 últimas palabras, en validación", "bag of the last 200 words, validation"),
    last_words,
    at_least=0.86,
)
ck.claim(
    _(
        "exactitud que ganan las 200 últimas sobre las 200 primeras",
        "accuracy gained by the last 200 words over the first 200",
    ),
    last_words - first_words,
    at_least=0.005,
)

# %% [markdown] lang="es"
# Ganan las últimas: quien escribe suele dejar el veredicto para el final. Por eso `pad` guarda el
# final. Y esta bolsa, que lee lo mismo que leerá la LSTM, es su rival justa.
#
# ### Frases cortas para aprender
#
# Las reseñas son largas y tus frases serán cortas. Añadimos 3200 frases hechas con plantillas, como
# *not boring but great*. En cada plantilla, `{u}` lleva el juicio verdadero y `{v}`, el que se
# niega. En la mitad de las plantillas con dos juicios, el verdadero va primero, y en la otra mitad,
# al final.

# %% [markdown] lang="en"
# The last words win: writers tend to leave the verdict for the end. That is why `pad` keeps the
# end. And this bag, which reads what the LSTM will read, is its fair rival.
#
# ### Short sentences to learn from
#
# Reviews are long and your sentences will be short. We add 3200 sentences made from templates, such
# as *not boring but great*. In each template, `{u}` carries the true judgement and `{v}` the denied
# one. In half of the templates with two judgements, the true one comes first, and in the other half
# last.

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
# Los vectores parten de los de la SVD y se siguen entrenando. `SpatialDropout1D` apaga componentes
# enteras de los vectores. La LSTM lee de la primera palabra a la última, con máscara, y una neurona
# sigmoide convierte su último estado en la probabilidad de que la reseña sea positiva.

# %% [markdown] lang="en"
# ### The network
#
# The vectors start from those of the SVD and are trained further. `SpatialDropout1D` switches off
# whole components of the vectors. The LSTM reads from the first word to the last, with a mask, and
# one sigmoid neuron turns its last state into the probability that the review is positive.


# %%
def new_reader():
    keras.utils.set_random_seed(0)
    network = keras.Sequential(
        [layers.Input((None,)), layers.Embedding(10_000, 64, mask_zero=True)]
        + [layers.SpatialDropout1D(0.2), layers.LSTM(32), layers.Dense(1, activation="sigmoid")]
    )
    network.layers[0].set_weights([2.5 * vectors])
    return network


print([ck.number(layer.count_params()) for layer in new_reader().layers])

# %% [markdown] lang="es"
# Casi todos los parámetros están en los vectores, $10\,000 \cdot 64$; la LSTM tiene
# $4 \cdot 32 \cdot (64 + 32 + 1)$.
#
# Dos decisiones ahorran tiempo. Entrenamos con las **100** últimas palabras, aunque después la red
# leerá 200: los pesos son los mismos en cada paso de tiempo, así que sirven para cualquier
# longitud. Y la tasa de aprendizaje sube al comienzo, cuando los pesos aún son malos, y después
# baja poco a poco hasta 0.

# %% [markdown] lang="en"
# Nearly all parameters are in the vectors, $10\,000 \cdot 64$; the LSTM has
# $4 \cdot 32 \cdot (64 + 32 + 1)$.
#
# Two decisions save time. We train on the last **100** words, although the network will read 200
# later: the weights are the same at each time step, so they serve for any length. And the learning
# rate rises at the start, while the weights are still bad, and then falls little by little to 0.

# %%
studied = sequences_fit + [encode(tokenize(phrase)) for phrase in phrases]
y_studied = np.concatenate([y_fit, y_phrases])
x_reader = pad(studied, 100)
x_reader_val = pad(sequences_val, 200)
steps = 2 * len(x_reader) // 128
schedule = keras.optimizers.schedules.CosineDecay(
    0.0003, steps - steps // 4, warmup_target=0.006, warmup_steps=steps // 4
)

# %% tags=["slow"]
reader = new_reader()
reader.compile(keras.optimizers.Adam(schedule), "binary_crossentropy", metrics=["accuracy"])
history = reader.fit(
    x_reader,
    y_studied,
    batch_size=128,
    epochs=6,
    steps_per_epoch=steps // 6,
    validation_data=(x_reader_val[:1000], y_val[:1000]),
    validation_batch_size=500,
    verbose=0,
    callbacks=[ck.live.Progress()],
)

# %% tags=["varies"]
ck.plots.curves(
    np.arange(1, 7) / 3,
    {
        _("entrenamiento", "training"): history.history["accuracy"],
        _("validación", "validation"): history.history["val_accuracy"],
    },
    xlabel=_("épocas", "epochs"),
    ylabel=_("exactitud", "accuracy"),
    alt=_(
        "Curvas de aprendizaje de la LSTM durante dos épocas, en tercios de época.",
        "Learning curves of the LSTM over two epochs, in thirds of an epoch.",
    ),
)
reader_accuracy = reader.evaluate(x_reader_val, y_val, 500, verbose=0)[1]
ck.claim(_("LSTM, exactitud en validación", "LSTM, validation accuracy"), reader_accuracy, at_least=0.86)

# %% [markdown] lang="es"
# Las dos curvas no se comparan en altura: la de entrenamiento incluye las frases fabricadas, que
# son fáciles, y se mide con componentes apagadas mientras los pesos cambian. Mira su forma: las dos
# suben rápido en la primera época y después casi se detienen. La exactitud queda cerca de la que
# logra la bolsa con las mismas 200 palabras. Para decidir si una reseña *larga* es positiva, contar
# casi basta.

# %% [markdown] lang="en"
# The two curves are not to be compared in height: the training curve includes the sentences that we
# made, which are easy, and is measured with components switched off while the weights change. Look
# at their shape: both rise fast in the first epoch and then nearly stop. The accuracy is close to
# what the bag of the same 200 words reaches. To decide whether a *long* review is positive,
# counting is nearly enough.

# %% [markdown] lang="es"
# ### Dónde decide el orden
#
# Ahora la prueba del orden. Formamos parejas de frases con **las mismas palabras** en otro orden,
# una positiva y otra negativa, con adjetivos que no están en las frases fabricadas. Unas plantillas
# son las estudiadas; otras son nuevas, cada idea con el juicio verdadero al final y al principio.

# %% [markdown] lang="en"
# ### Where order decides
#
# Now the test of order. We form pairs of sentences with **the same words** in another order, one
# positive and one negative, with adjectives that are not in the sentences that we made. Some
# templates are those studied; others are new, each idea with the true judgement last and first.

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
def sentence_pairs(templates):
    adjectives = [(good, bad) for good in new_praise for bad in new_blame]
    praising = [form.format(u=good, v=bad) for form in templates for good, bad in adjectives]
    blaming = [form.format(u=bad, v=good) for form in templates for good, bad in adjectives]
    return praising, blaming


def share_won(ask, templates):
    praising, blaming = map(ask, sentence_pairs(templates))
    return np.mean((praising > blaming) + 0.5 * (praising == blaming))


# %% [markdown] lang="es"
# Quien responde gana una pareja si pone la frase positiva por encima de la negativa; un empate
# cuenta medio punto. Responder al azar gana $0.5$. La bolsa empata siempre: también $0.5$. Y la
# regla «manda el último adjetivo» gana todas las parejas con el juicio verdadero al final y ninguna
# de las otras: en total, $0.5$ otra vez. Para que la comparación sea justa, la bolsa con bigramas
# estudia las mismas reseñas y las mismas frases que la LSTM.

# %% [markdown] lang="en"
# Whoever answers wins a pair by ranking the positive sentence above the negative one; a tie counts
# half a point. Answering at random wins $0.5$. The bag ties every time: $0.5$ too. And the rule
# "the last adjective wins" takes all pairs with the true judgement last and none of the others: in
# total, $0.5$ again. To make the comparison fair, the bag with bigrams studies the same reviews and
# the same sentences as the LSTM.

# %%
bigram_model = train_bag(bigram_bag(studied), y_studied)
assert bigram_model.score(bigram_bag(studied[len(sequences_fit) :]), y_phrases) > 0.9


def ask_bigrams(texts):
    return bigram_model.decision_function(bigram_bag([encode(tokenize(text)) for text in texts]))


def read(texts):
    padded = pad([encode(tokenize(text)) for text in texts], 200)
    return reader.predict(padded, 500, verbose=0)[:, 0]


# %%
groups = {
    _("estudiada, juicio al final", "studied, judgement last"): true_last,
    _("estudiada, juicio al principio", "studied, judgement first"): true_first,
    _("nueva, juicio al final", "new, judgement last"): new_last,
    _("nueva, juicio al principio", "new, judgement first"): new_first,
}
won = [[share_won(ask, group) for group in groups.values()] for ask in (read, ask_bigrams)]

# %% tags=["varies"]
ck.plots.bars(
    list(groups),
    {
        "LSTM": won[0],
        _("bolsa con bigramas", "bag with bigrams"): won[1],
        _("manda el último adjetivo", "the last adjective wins"): [1, 0, 1, 0],
    },
    xlabel=_("proporción de parejas ganadas (al azar: 0.5)", "share of pairs won (at random: 0.5)"),
    xlim=(0, 1),
    alt=_(
        "Proporción de parejas de frases que ganan tres lectores, según la plantilla.",
        "Share of sentence pairs won by three readers, by kind of template.",
    ),
)
ck.claim(_("LSTM, plantillas estudiadas", "LSTM, studied templates"), np.mean(won[0][:2]), at_least=0.9)
ck.claim(
    _("bolsa con bigramas, plantillas estudiadas", "bag with bigrams, studied templates"),
    np.mean(won[1][:2]),
    at_most=0.85,
)
ck.claim(_("LSTM, plantillas nuevas", "LSTM, new templates"), np.mean(won[0][2:]), at_most=0.85)

# %% [markdown] lang="es"
# En las plantillas estudiadas, la LSTM gana al menos [[bound: LSTM, studied templates]] de las
# parejas, con adjetivos que no estaban en las frases: aprendió el orden, no los pares de palabras.
# La bolsa con bigramas conoce pares concretos, y los pares de estas frases son nuevos. Pero con
# plantillas nuevas la LSTM no pasa de [[bound: LSTM, new templates]], y $0.5$ es adivinar: lo que
# no estudió, como *instead of*, lo entiende a medias o al revés.

# %% [markdown] lang="en"
# On the studied templates, the LSTM wins at least [[bound: LSTM, studied templates]] of the pairs,
# with adjectives that were not in the sentences: it learnt the order, not the pairs of words. The
# bag with bigrams knows particular pairs, and the pairs of these sentences are new. But on new
# templates the LSTM stays below [[bound: LSTM, new templates]], and $0.5$ is guessing: what it has
# not studied, such as *instead of*, it half understands or takes the wrong way round.

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
predicted = {
    "bag": bag_model.predict(bag_test),
    "part": part_model.predict(bag_of([sequence[-200:] for sequence in sequences_test])),
    "bigrams": bigram_model.predict(bigram_bag(sequences_test)),
    "dense": dense.predict(columns_of(bag_test).toarray(), 500, verbose=0)[:, 0] > 0.5,
    "lstm": reader.predict(pad(sequences_test, 200), 500, verbose=0)[:, 0] > 0.5,
}
test = {name: np.mean(answer == y_test) for name, answer in predicted.items()}

# %%
ck.claim(_("bolsa, prueba", "bag, test"), test["bag"], at_least=0.87)
ck.claim(_("red densa, prueba", "dense network, test"), test["dense"], at_least=0.86)
ck.claim(_("bolsa con bigramas, prueba", "bag with bigrams, test"), test["bigrams"], at_least=0.885)
ck.claim(
    _("bolsa con las 200 últimas palabras, prueba", "bag of the last 200 words, test"), test["part"], at_least=0.85
)
ck.claim(_("LSTM, prueba", "LSTM, test"), test["lstm"], at_least=0.86)
ck.claim(
    _(
        "diferencia entre la LSTM y la bolsa con las mismas 200 palabras",
        "difference between the LSTM and the bag of the same 200 words",
    ),
    abs(test["lstm"] - test["part"]),
    at_most=0.02,
)

# %% [markdown] lang="es"
# Seamos sinceros: la mejor es la bolsa con bigramas, que lee la reseña entera y se entrena en pocos
# segundos. Con las mismas 200 palabras, la LSTM y la bolsa se distinguen en
# [[bound: difference between the LSTM and the bag of the same 200 words]] como mucho. Con unos
# miles de textos largos, empieza por la bolsa. La red recurrente gana donde el orden decide, sobre
# todo en órdenes que estudió.

# %% [markdown] lang="en"
# Let us be honest: the best one is the bag with bigrams, which reads the whole review and trains in
# a few seconds. With the same 200 words, the LSTM and the bag differ by
# [[bound: difference between the LSTM and the bag of the same 200 words]] at most. With a few
# thousand long texts, begin with the bag. The recurrent network wins where order decides, above all
# in orders that it has studied.

# %% [markdown] lang="es"
# ## Palabra por palabra
#
# La LSTM tiene un estado después de cada palabra, no solo al final. Una segunda red con los mismos
# pesos y `return_sequences=True` entrega todos los estados, y la neurona de salida convierte cada
# uno en una probabilidad: el **veredicto** hasta esa palabra. Se lee todo en una sola pasada hacia
# delante.

# %% [markdown] lang="en"
# ## Word by word
#
# The LSTM has a state after each word, not only at the end. A second network with the same weights
# and `return_sequences=True` hands over all states, and the output neuron turns each one into a
# probability: the **verdict** up to that word. Everything is read in a single forward pass.

# %%
slow_reader = keras.Sequential(
    [layers.Input((None,)), layers.Embedding(10_000, 64), layers.LSTM(32, return_sequences=True)]
    + [layers.Dense(1, activation="sigmoid")]
)
slow_reader.set_weights(reader.get_weights())


def read_slowly(text):
    return slow_reader.predict(encode(tokenize(text))[None], verbose=0)[0, :, 0]


# %% tags=["varies", "english"]
sentence = "The first half is a brilliant comedy, the second half a boring mess, and I fell asleep"
probabilities = read_slowly(sentence)
assert np.allclose(probabilities[-1], read([sentence]), atol=1e-4)
ck.plots.verdicts(
    tokenize(sentence),
    probabilities,
    low=_("negativa", "negative"),
    high=_("positiva", "positive"),
    alt=_(
        "Probabilidad de reseña positiva después de cada palabra de una frase.",
        "Probability of a positive review after each word of a sentence.",
    ),
)
ck.claim(
    _("probabilidad después de «comedy» menos la final", "probability after 'comedy' minus the last one"),
    probabilities[6] - probabilities[-1],
    at_least=0.3,
)

# %% [markdown] lang="es"
# La figura muestra *cuándo* cambia el veredicto: sube con *brilliant* y baja con *boring*. No dice
# por qué, y es solo una frase.
#
# ## Tus propias frases
#
# `read` ya recibe texto tal como se escribe: limpia, corta, numera y pregunta a la red. Como se
# puede escribir cualquier cosa, `verdict` revisa el texto antes y responde con una probabilidad o
# con una frase clara. La red solo sabe inglés.

# %% [markdown] lang="en"
# The figure shows *when* the verdict changes: up at *brilliant* and down at *boring*. It does not
# say why, and it is only one sentence.
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
for text in ["", "¡¿...?!", "😀👍", "Una película maravillosa", None, 42]:
    print(repr(text), "->", verdict(text))
html = "<div class='x'>A <b>wonderful</b> film.<br /></div>"
ck.claim(_("frase con HTML", "sentence with HTML"), verdict(html), at_least=0.5)
ck.claim(
    _(f"frase de {ck.number(10_000)} palabras", f"sentence of {ck.number(10_000)} words"),
    verdict("wonderful film " * 5000),
    at_least=0.5,
)
ck.claim(_("frase con un emoji", "sentence with an emoji"), verdict("An awful, boring, stupid film 😡"), at_most=0.5)

# %% [markdown] lang="es"
# Las etiquetas se limpian, los emojis no cuentan y de un texto larguísimo la red lee las 200
# últimas palabras. Ahora te toca a ti: cambia la frase y ejecuta la celda.

# %% [markdown] lang="en"
# Tags are cleaned away, emojis do not count, and of a very long text the network reads the last 200
# words. Your turn: change the sentence and run the cell.

# %% tags=["varies", "english"]
my_sentence = "The actors are charming, but the story is so boring that I fell asleep"
answer = verdict(my_sentence)
if isinstance(answer, str):
    print(answer)
else:
    ck.plots.verdicts(
        tokenize(my_sentence)[-25:],
        read_slowly(my_sentence)[-25:],
        low=_("negativa", "negative"),
        high=_("positiva", "positive"),
        alt=_("El veredicto después de cada palabra.", "The verdict after each word."),
    )

# %% [markdown] lang="es"
# ¿Consigues engañarla? Prueba con ironía (*what a masterpiece, I want my money back*), con dobles
# negaciones o con algo que no sea cine. Una red solo sabe de textos como los que leyó.
#
# ## La palabra siguiente
#
# La misma celda sirve para otra tarea: leer unas palabras y adivinar la que sigue. Eso es un
# **modelo de lenguaje**. Desplegada, la red responde en cada paso de tiempo, y el texto trae las
# respuestas.

# %% [markdown] lang="en"
# Can you fool it? Try irony (*what a masterpiece, I want my money back*), double negations or
# something that is not about films. A network only knows about texts like those that it has read.
#
# ## The next word
#
# The same cell serves another task: reading a few words and guessing the next one. That is a
# **language model**. Unrolled, the network answers at each time step, and the text brings the
# answers.

# %%
ck.diagrams.unrolled(["this", "movie", "is", "one"], ["movie", "is", "one", "of"])

# %% [markdown] lang="es"
# Usamos las dos primeras frases de cada reseña con las 998 palabras más frecuentes; el 0 hace de
# punto. La segunda fila que imprime la celda es la primera, desplazada una posición.

# %% [markdown] lang="en"
# We use the first two sentences of each review with the 998 most frequent words; the 0 serves as a
# full stop. The second row that the cell prints is the first one, shifted by one place.


# %%
def stream(texts, size=1000, length=20):
    sentences = [sentence for text in texts for sentence in re.split(r"[.!?]+", text)[:2]]
    parts = [np.append(encode(tokenize(sentence)), 0) for sentence in sentences]
    flat = np.concatenate([part for part in parts if len(part) > 3])
    flat[flat >= size] = 1
    rows = (len(flat) - 1) // length
    return flat[: rows * length].reshape(rows, -1), flat[1 : rows * length + 1].reshape(rows, -1)


def spell(sequence):
    return " ".join(vocabulary[number] or "." for number in sequence)


words_in, words_next = stream([x_train[i] for i in order[4000:]])
print(spell(words_in[0]), spell(words_next[0]), sep="\n")

# %% [markdown] lang="es"
# El signo `?` marca una palabra que no está entre las frecuentes; de ella no se aprende
# (`ignore_class`). La última capa da un número (*logit*) por palabra, y softmax convierte esos
# números en probabilidades.

# %% [markdown] lang="en"
# The sign `?` marks a word that is not among the frequent ones; nothing is learnt from it
# (`ignore_class`). The last layer gives a number (*logit*) for each word, and softmax turns these
# numbers into probabilities.

# %% tags=["slow"]
keras.utils.set_random_seed(0)
writer = keras.Sequential(
    [layers.Input((None,)), layers.Embedding(1000, 64)] + [layers.LSTM(96, return_sequences=True), layers.Dense(1000)]
)
writer.layers[0].set_weights([2.5 * vectors[:1000]])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=1)
writer.compile(keras.optimizers.Adam(0.01), loss)
writer.fit(words_in, words_next, 64, 1, verbose=0, callbacks=[ck.live.Progress()])

# %% [markdown] lang="es"
# La **perplejidad** es $e$ elevado a la pérdida: entre cuántas palabras duda el modelo, en
# promedio. La comparamos con dos modelos que solo cuentan: uno sabe lo frecuente que es cada
# palabra y el otro, lo frecuente que es cada palabra después de la anterior (los bigramas,
# mezclados con el primero para que un par nuevo no tenga probabilidad 0).

# %% [markdown] lang="en"
# **Perplexity** is $e$ to the power of the loss: how many words the model is hesitating between, on
# average. We compare it with two models that only count: one knows how frequent each word is, and
# the other how frequent each word is after the previous one (the bigrams, mixed with the first
# model so that a new pair does not get probability 0).

# %%
val_in, val_next = stream([x_train[i] for i in order[:1000]])
lstm_perplexity = np.exp(writer.evaluate(val_in, val_next, 64, verbose=0))
known, known_val = words_next != 1, val_next != 1
frequency = np.bincount(words_next[known], minlength=1000) + 1
one_word = frequency / frequency.sum()
table = np.zeros((1000, 1000))
np.add.at(table, (words_in[known], words_next[known]), 1)
followed = table.sum(axis=1, keepdims=True)
two_words = (table + 50 * one_word) / (followed + 50)

# %%
before, after = val_in[known_val], val_next[known_val]
unigram_perplexity = np.exp(-np.log(one_word[after]).mean())
bigram_perplexity = np.exp(-np.log(two_words[before, after]).mean())
ck.claim(_("perplejidad de contar palabras", "perplexity of counting words"), unigram_perplexity, at_least=100)
ck.claim(_("perplejidad de contar bigramas", "perplexity of counting bigrams"), bigram_perplexity, at_least=50)
ck.claim(_("perplejidad de la LSTM", "perplexity of the LSTM"), lstm_perplexity, at_most=80)
ck.claim(
    _(
        "perplejidad de la LSTM, dividida entre la de contar bigramas",
        "perplexity of the LSTM, divided by that of counting bigrams",
    ),
    lstm_perplexity / bigram_perplexity,
    at_most=0.95,
)

# %% [markdown] lang="es"
# Una palabra anterior reduce mucho la duda; un estado que resume todas las anteriores la reduce
# más. Las líneas valen para estas 1000 palabras: con un vocabulario mayor, la duda también lo es.
#
# ### La temperatura
#
# Para escribir, muestreamos la palabra siguiente según sus probabilidades. Antes dividimos los
# *logits* $z$ entre una **temperatura** $T$:
#
# $$p_k = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}}$$
#
# Con $T$ pequeña casi siempre gana la palabra más probable; con $T$ grande, las probabilidades se
# igualan.

# %% [markdown] lang="en"
# One previous word reduces the doubt a lot; a state that sums up all previous words reduces it
# further. These lines hold for these 1000 words: with a larger vocabulary, the doubt is larger too.
#
# ### The temperature
#
# To write, we sample the next word by its probabilities. Before that we divide the *logits* $z$ by
# a **temperature** $T$:
#
# $$p_k = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}}$$
#
# With a small $T$ the most probable word wins nearly every time; with a large $T$, the
# probabilities become alike.


# %%
def next_probabilities(sequence, temperature):
    logits = writer.predict_on_batch(pad([sequence], 20, after=True))[0, min(len(sequence), 20) - 1]
    logits = logits.astype(float) / temperature
    # es: la red no escribe «?»
    # en: the network does not write "?"
    logits[1] = -np.inf
    probabilities = np.exp(logits - logits.max())
    return probabilities / probabilities.sum()


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
# Las ocho palabras son las mismas; solo cambia el reparto. Ahora muestreamos palabra a palabra, y
# cada palabra vuelve a servir de entrada.

# %% [markdown] lang="en"
# The eight words are the same; only their shares change. Now we sample word after word, and each
# word goes back in as an input.


# %%
def write(start, temperature, seed, count=14):
    rng = np.random.default_rng(seed)
    sequence = list(encode(start.split()))
    for _ in range(count):
        sequence.append(rng.choice(1000, p=next_probabilities(sequence, temperature)))
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
# Entre las dos hay grupos de palabras que suenan a reseña, pero a los textos les falta un hilo: la
# red es pequeña y ha leído unos segundos. Los grandes modelos de lenguaje también escriben palabra
# tras palabra y con temperatura, con otra red y muchísimo más texto.
#
# **Ejercicio 6.** Una red duda entre dos palabras con *logits* 2 y 0. ¿A qué temperatura recibe la
# primera una probabilidad de $0.75$? Calcúlala con lápiz: te hará falta un logaritmo.

# %% [markdown] lang="en"
# With a small $T$, the network repeats the most worn phrases; with a large $T$, it throws out words
# at random. In between there are groups of words that sound like a review, but the texts lack a
# thread: the network is small and has read for a few seconds. Large language models also write word
# after word and with a temperature, with another network and a great deal more text.
#
# **Exercise 6.** A network hesitates between two words with *logits* 2 and 0. At which temperature
# does the first one get a probability of $0.75$? Work it out with a pencil: you will need a
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
ck.check(2 / np.log(3), 2 / np.log(3), hint, tolerance=0.01)

# %% [markdown] lang="es"
# ## Tu experimento
#
# **Ejercicio 7.** Aquí no hay una única respuesta correcta. Elige una pregunta, escribe primero qué
# esperas y después cambia el código y mide, con tres semillas por lo menos:
#
# - ¿Cuántas épocas necesita la SimpleRNN para elegir la letra marcada? ¿Y las otras dos celdas
#   cuando la marca está siempre en la primera letra?
# - ¿Y si el sesgo de la compuerta de olvido empieza en 0? Usa
#   `layers.LSTM(32, unit_forget_bias=False)`.
# - ¿Cuántas plantillas hay que estudiar para acertar con las nuevas? Pasa algunas de `new_last` y
#   `new_first` a las estudiadas.
# - ¿Cuánto gana la LSTM de las reseñas si lee 400 palabras en vez de 200? No hace falta entrenarla
#   otra vez.

# %% [markdown] lang="en"
# ## Your experiment
#
# **Exercise 7.** There is no single right answer here. Choose a question, first write down what you
# expect, and then change the code and measure, with three seeds at least:
#
# - How many epochs does the SimpleRNN need to choose the marked letter? And how do the other two
#   cells fare when the mark is always on the first letter?
# - What if the bias of the forget gate starts at 0? Use `layers.LSTM(32, unit_forget_bias=False)`.
# - How many templates must be studied to get the new ones right? Move some of `new_last` and
#   `new_first` to those studied.
# - How much does the LSTM of the reviews gain by reading 400 words instead of 200? There is no need
#   to train it again.

# %%
my_prediction = ...
my_measurement = ...

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Un texto se vuelve números: limpiar, cortar, numerar. En cada paso se pierde algo.
# - La bolsa de palabras es rápida y difícil de superar, pero no ve el orden; contar grupos de
#   palabras seguidas explota.
# - Una red recurrente resume lo leído en un estado, con los mismos pesos en cada paso de tiempo. Su
#   gradiente se desvanece o explota; recortarlo remedia lo segundo.
# - Las compuertas de la LSTM y de la GRU aprenden a elegir qué se conserva.
# - Los vectores de palabras resumen con quién va cada palabra; la máscara evita leer el relleno.
# - Una red acierta con lo que se parece a lo que estudió: palabras nuevas en un orden conocido, sí;
#   un orden nuevo, mucho menos.

# %% [markdown] lang="en"
# ## What we learnt
#
# - A text becomes numbers: cleaning, cutting, numbering. Something is lost at each step.
# - The bag of words is fast and hard to beat, but does not see order; counting groups of
#   neighbouring words explodes.
# - A recurrent network sums up what it has read in a state, with the same weights at each time
#   step. Its gradient vanishes or explodes; clipping it is a remedy for the second.
# - The gates of the LSTM and the GRU learn to choose what is kept.
# - Word vectors sum up the company that each word keeps; the mask avoids reading the padding.
# - A network is right about what resembles what it has studied: new words in a known order, yes; a
#   new order, much less.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - Maas et al. (2011), *Learning word vectors for sentiment analysis*: las reseñas de IMDB.
# - Wang y Manning (2012), *Baselines and bigrams: simple, good sentiment and topic classification*:
#   por qué la bolsa con bigramas es tan buena.
# - Levy y Goldberg (2014), *Neural word embedding as implicit matrix factorization*: los vectores y
#   la SVD.
# - Pascanu, Mikolov y Bengio (2013), *On the difficulty of training recurrent neural networks*: el
#   gradiente que se desvanece o explota, y el recorte.
# - Hochreiter y Schmidhuber (1997), *Long short-term memory*; Gers, Schmidhuber y Cummins (2000),
#   *Learning to forget: continual prediction with LSTM*: la celda y su compuerta de olvido.
# - Cho et al. (2014), *Learning phrase representations using RNN encoder-decoder for statistical
#   machine translation*: la GRU.
# - Kaushik, Hovy y Lipton (2020), *Learning the difference that makes a difference with
#   counterfactually-augmented data*: frases contrarias para enseñar a leer.
# - Vaswani et al. (2017), *Attention is all you need*: lo que vino después.

# %% [markdown] lang="en"
# ## Further reading
#
# - Maas et al. (2011), *Learning word vectors for sentiment analysis*: the IMDB reviews.
# - Wang and Manning (2012), *Baselines and bigrams: simple, good sentiment and topic
#   classification*: why the bag with bigrams is so good.
# - Levy and Goldberg (2014), *Neural word embedding as implicit matrix factorization*: vectors and
#   the SVD.
# - Pascanu, Mikolov and Bengio (2013), *On the difficulty of training recurrent neural networks*:
#   the gradient that vanishes or explodes, and clipping.
# - Hochreiter and Schmidhuber (1997), *Long short-term memory*; Gers, Schmidhuber and Cummins
#   (2000), *Learning to forget: continual prediction with LSTM*: the cell and its forget gate.
# - Cho et al. (2014), *Learning phrase representations using RNN encoder-decoder for statistical
#   machine translation*: the GRU.
# - Kaushik, Hovy and Lipton (2020), *Learning the difference that makes a difference with
#   counterfactually-augmented data*: opposite sentences that teach reading.
# - Vaswani et al. (2017), *Attention is all you need*: what came next.
