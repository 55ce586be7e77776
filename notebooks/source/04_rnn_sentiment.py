# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Redes recurrentes: leer reseñas"
#       en: "Recurrent networks: reading reviews"
#     limits: {seconds: 240, cell_seconds: 90, memory_mb: 1900}
#     data: [reviews.txt.xz]
#     needs: [mlp]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - convertir un texto en números, y clasificarlo con una **bolsa de palabras**;
# - representar cada palabra con un vector que se parece al de sus sinónimos;
# - calcular a mano una capa recurrente y una LSTM, igual que Keras;
# - medir cómo se desvanece un gradiente al volver atrás en el tiempo;
# - entrenar una red que lee opiniones de cine, y darle tus frases.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos, sin conexión;
# leerla, unas 3 horas. **Necesitas**: Python, y saber qué son una capa densa y la retropropagación
# ([[mlp]]). Las opiniones están en inglés; no hace falta dominarlo.

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - turn a text into numbers, and classify it with a **bag of words**;
# - represent each word by a vector that is like those of its synonyms;
# - compute a recurrent layer and an LSTM by hand, just as Keras does;
# - measure how a gradient vanishes on its way back in time;
# - train a network that reads film reviews, and give it your sentences.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores, offline; reading
# it, about 3 hours. **You need**: Python, and to know what a dense layer and backpropagation are
# ([[mlp]]).

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %% tags=["english"]
text = ["not", "bad", "at all"]
ck.diagrams.unrolled(text, ["", "", _("reseña positiva", "positive review")])

# %% [markdown] lang="es"
# A la izquierda, la idea de la lección: una red que lee una palabra, $x_t$, y guarda lo leído en un
# estado, $h_t$, que vuelve a entrar en ella. A la derecha, la misma red desplegada: una copia por
# palabra, todas con los mismos pesos. La última copia da la respuesta.

# %% [markdown] lang="en"
# On the left, the idea of the lesson: a network that reads a word, $x_t$, and keeps what it has read
# in a state, $h_t$, which goes back into it. On the right, the same network unrolled: one copy for
# each word, all with the same weights. The last copy gives the answer.

# %% [markdown] lang="es"
# ## Del texto a los números
#
# Trabajaremos con 25 000 opiniones de cine de IMDB (Maas y otros, 2011). Cada una lleva una
# etiqueta: 1 si elogia la película, 0 si la critica. Con 20 000 entrenamos y decidimos; las otras
# 5000 esperan cerradas hasta el examen. Ninguna opinión está en los dos lados.

# %% [markdown] lang="en"
# ## From text to numbers
#
# We will work with 25,000 film reviews from IMDB (Maas and others, 2011). Each one has a label: 1
# if it praises the film, 0 if it pans it. With 20,000 we train and take decisions; the other 5000
# wait, closed, until the exam. No review is on both sides.

# %%
x_train, y_train, x_test, y_test = ck.data.reviews()
print(len(x_train), len(x_test))
for review in sorted(x_train, key=len)[3:6]:
    print(y_train[x_train.index(review)], review)

# %% [markdown] lang="es"
# Son tres de las más cortas: un 1 delante de un elogio y un 0 delante de cada crítica. Hay
# mayúsculas, signos y puntos suspensivos; en otras hay también etiquetas de HTML como `<br />`.

# %% [markdown] lang="en"
# These are three of the shortest ones: a 1 stands before praise and a 0 before each pan. There are
# capitals, signs and dots; in others there are HTML tags too, such as `<br />`.

# %% [markdown] lang="es"
# ### Limpiar y cortar en palabras
#
# Una red no lee letras. Primero limpiamos: todo en minúsculas, fuera las etiquetas de HTML. Después
# cortamos el texto en unidades (*tokens*); aquí, palabras. Una expresión regular busca grupos de
# letras, con un apóstrofo en medio si lo hay, para que *isn't* siga siendo una sola palabra.

# %% [markdown] lang="en"
# ### Cleaning and cutting into words
#
# A network does not read letters. First we clean: everything in lower case, HTML tags removed. Then
# we cut the text into units (*tokens*); here, words. A regular expression looks for groups of
# letters, with an apostrophe between them if there is one, so that *isn't* remains a single word.

# %% tags=["english"]
import re


def tokenize(text):
    text = text.lower().replace("’", "'")
    text = re.sub(r"</?[a-z][^<>]*>", " ", text)
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)


print(tokenize("It ISN'T bad...<br /><br />Café, 10/10!"))

# %% [markdown] lang="es"
# Quedan cuatro palabras. Perdimos el 10/10, que era una pista: limpiar siempre es decidir.

# %% [markdown] lang="en"
# Four words remain. We lost the 10/10, which was a clue: cleaning is always deciding.

# %% [markdown] lang="es"
# ### Un vocabulario
#
# Apartamos 4000 opiniones para la **validación**: con ellas tomaremos todas las decisiones. De las
# otras 16 000 sale el **vocabulario**, la lista de palabras distintas. `Counter` dice cuántas veces
# aparece cada una.

# %% [markdown] lang="en"
# ### A vocabulary
#
# We set 4000 reviews aside for **validation**: with them we will take all decisions. From the other
# 16,000 comes the **vocabulary**, the list of distinct words. `Counter` says how often each one
# occurs.

# %%
from collections import Counter

import numpy as np

order = np.random.default_rng(0).permutation(len(x_train))
x_val, y_val = [x_train[i] for i in order[:4000]], y_train[order[:4000]]
x_fit, y_fit = [x_train[i] for i in order[4000:]], y_train[order[4000:]]
counts = Counter(word for review in x_fit for word in tokenize(review))
common = [word for word, count in counts.items() if count >= 5]

# %%
total = sum(counts.values())
top = sum(count for _, count in counts.most_common(10_000))
print(f"{total:,} -> {len(counts):,} -> {len(common):,}")
print(f"{top / total:.0%}")

# %% [markdown] lang="es"
# De izquierda a derecha: palabras escritas, palabras distintas y palabras que aparecen 5 veces o
# más. La mayoría de las distintas son rarezas: nombres y erratas. En la segunda línea está la parte
# del texto que cubren las 10 000 más frecuentes: casi todo.

# %% [markdown] lang="en"
# From left to right: words written, distinct words, and words that occur 5 times or more. Most of
# the distinct ones are oddities: names and typing errors. The second line holds the share of the
# text that the 10,000 most frequent words cover: nearly all.

# %% [markdown] lang="es"
# ### Palabras vacías
#
# Las palabras más frecuentes, como *the* o *and*, dicen poco. Se llaman **palabras vacías** (*stop
# words*), y muchas recetas las quitan. Miremos cuántas hay en la lista de scikit-learn y busquemos
# en ella algunas palabras.

# %% [markdown] lang="en"
# ### Stop words
#
# The most frequent words, such as *the* or *and*, say little. They are called **stop words**, and
# many recipes remove them. Let us see how many there are in the list of scikit-learn and look for a
# few words in it.

# %%
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

print([word for word, _ in counts.most_common(8)])
print(len(ENGLISH_STOP_WORDS))
print([word for word in ("the", "not", "never", "good") if word in ENGLISH_STOP_WORDS])

# %% [markdown] lang="es"
# ¡Cuidado! La lista incluye *not* y *never*. Para buscar temas dan igual; para una opinión pueden
# cambiarlo todo. Mediremos qué pasa si las quitamos.

# %% [markdown] lang="en"
# Careful! The list includes *not* and *never*. To find topics they make no difference; for an
# opinion they may change everything. We will measure what happens if we remove them.

# %% [markdown] lang="es"
# ### Raíces
#
# *Connect*, *connected* y *connection* son para la bolsa tres palabras sin relación. La **reducción
# a la raíz** (*stemming*) corta los finales con reglas; usamos las de Porter, en la versión de
# Snowball. La raíz no tiene que ser una palabra de verdad.

# %% [markdown] lang="en"
# ### Stems
#
# *Connect*, *connected* and *connection* are for the bag three unrelated words. **Stemming** cuts
# off endings by rules; we use those of Porter, in the Snowball version. The stem need not be a real
# word.

# %%
import snowballstemmer

stemmer = snowballstemmer.stemmer("english")
stems = dict(zip(common, stemmer.stemWords(common), strict=True))
words = ["connect", "connected", "connection", "connections", "connects"]
print(stemmer.stemWords(words))
print(stemmer.stemWords(["movies", "boring", "execute", "executive"]))
print(f"{len(common):,} -> {len(set(stems.values())):,}")

# %% [markdown] lang="es"
# Las cinco formas de la primera línea se juntan en *connect*. En la segunda, las raíces *movi* y
# *bore* bastan, pero *execute* (ejecutar) y *executive* (directivo) acaban siendo lo mismo: las
# reglas no entienden. La última línea cuenta variables antes y después.

# %% [markdown] lang="en"
# The five forms of the first line come together in *connect*. In the second, the stems *movi* and
# *bore* will do, but *execute* and *executive* end up the same: rules do not understand. The last
# line counts variables before and after.

# %% [markdown] lang="es"
# ### La bolsa de palabras
#
# Una **bolsa de palabras** (*bag of words*) es una fila con una casilla por palabra del
# vocabulario: cuántas veces aparece. El orden se pierde, como si agitáramos las palabras en una
# bolsa. Veámoslo primero con dos frases de juguete.

# %% [markdown] lang="en"
# ### The bag of words
#
# A **bag of words** is a row with a cell for each word of the vocabulary: how often it occurs. The
# order is lost, as if we shook the words in a bag. Let us see it first with two toy sentences.

# %% tags=["english"]
from sklearn.feature_extraction.text import CountVectorizer

toy = CountVectorizer(analyzer=tokenize)
toy_bag = toy.fit_transform(["the plot is good, not bad", "the plot is bad, not good"])
print(toy.get_feature_names_out())
print(toy_bag.toarray())

# %% [markdown] lang="es"
# Dos frases que dicen lo contrario, y dos filas iguales. Guarda este ejemplo: volverá.

# %% [markdown] lang="en"
# Two sentences that say the opposite, and two equal rows. Keep this example: it will come back.

# %%
vectorizer = CountVectorizer(analyzer=tokenize, min_df=5)
bag_fit = vectorizer.fit_transform(x_fit)
bag_val = vectorizer.transform(x_val)
words = vectorizer.get_feature_names_out()
print(bag_fit.shape, f"{bag_fit.nnz / np.prod(bag_fit.shape):.1%}")

# %% [markdown] lang="es"
# Cada opinión es ahora una fila con más de 20 000 variables: las palabras que están en 5 opiniones
# o más. Menos del 1 % de las casillas no es cero. Por eso la tabla es **dispersa** (*sparse*): solo
# guarda lo que no es cero.

# %% [markdown] lang="en"
# Each review is now a row with more than 20,000 variables: the words that stand in 5 reviews or
# more. Less than 1 % of the cells is not zero. That is why the table is **sparse**: it only keeps
# what is not zero.

# %% [markdown] lang="es"
# ## La bolsa, un rival serio
#
# La regresión logística de la [[perceptron]] tiene aquí un peso por palabra: la puntuación es la suma de
# los pesos de las palabras presentes. Con más variables que opiniones hay que frenarla. El número
# `C` de scikit-learn es el inverso de la fuerza de la penalización L2: cuanto más pequeño, más
# pequeños los pesos. Lo elegimos en la validación.

# %% [markdown] lang="en"
# ## The bag, a serious rival
#
# The logistic regression of [[perceptron]] has one weight for each word here: the score is the sum of the
# weights of the words present. With more variables than reviews it must be held back. The number
# `C` of scikit-learn is the inverse of the strength of the L2 penalty: the smaller, the smaller the
# weights. We choose it on validation.

# %%
from sklearn.linear_model import LogisticRegression


def logistic(features, C, targets=y_fit):
    return LogisticRegression(C=C, solver="liblinear", tol=0.01).fit(features, targets)


candidates = {C: logistic(bag_fit, C) for C in (0.01, 0.03, 0.1)}
scores = {C: model.score(bag_val, y_val) for C, model in candidates.items()}
bag_model = candidates[max(scores, key=scores.get)]

# %%
ck.claim(
    _("bolsa y regresión logística, en validación", "bag and logistic regression, in validation"),
    max(scores.values()),
    at_least=0.87,
)

# %% [markdown] lang="es"
# Sin saber nada del orden, acierta al menos 87 de cada 100. Es una línea base difícil de batir:
# tenla presente cuando la red tarde muchas veces más.

# %% [markdown] lang="en"
# Knowing nothing about order, it gets at least 87 out of 100 right. It is a baseline that is hard
# to beat: keep it in mind when the network takes many times longer.

# %% [markdown] lang="es"
# ### Las palabras que más pesan
#
# La ventaja de un modelo lineal es que se deja leer. Ordenamos los pesos y dibujamos los doce
# mayores de cada lado.

# %% [markdown] lang="en"
# ### The heaviest words
#
# The advantage of a linear model is that it can be read. We sort the weights and draw the twelve
# largest on each side.

# %%
weights = bag_model.coef_[0]
ranked = np.argsort(weights)

# %%
import matplotlib.pyplot as plt
from coursekit import plots


def bars(axis, values, names, title):
    colours = [plots.BLUE if value > 0 else plots.ORANGE for value in values]
    axis.barh(names, values, color=colours)
    axis.set(title=title, xlabel=_("peso", "weight"))
    axis.grid(axis="y", visible=False)


# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 5))
bars(axes[0], weights[ranked[11::-1]], words[ranked[11::-1]], _("Empujan hacia la crítica", "They push towards a pan"))
bars(axes[1], weights[ranked[-12:]], words[ranked[-12:]], _("Empujan hacia el elogio", "They push towards praise"))
axes[0].invert_xaxis()
plots.show(
    figure,
    _(
        "Barras con los doce pesos más negativos y los doce más positivos de la bolsa de palabras.",
        "Bars with the twelve most negative and the twelve most positive weights of the bag of words.",
    ),
)

# %% [markdown] lang="es"
# *Worst* y *excellent* están entre las que más pesan, como esperarías. Cada palabra pesa siempre lo
# mismo, diga lo que diga su vecina.

# %% [markdown] lang="en"
# *Worst* and *excellent* are among the heaviest, as you would expect. Each word always weighs the
# same, whatever its neighbour says.

# %% [markdown] lang="es"
# ### ¿Ayuda limpiar más?
#
# Comparemos cuatro versiones en la validación: todas las palabras, sin palabras vacías, solo
# raíces, y una cuarta con dos cambios. En ella contamos también bigramas seguidas
# (*bigramas*), y lo que está en muchas opiniones cuenta menos (**tf-idf**). Parejas distintas hay
# demasiadas: una función *hash* reparte palabras y parejas entre 1 048 576 casillas, sin guardar
# ningún vocabulario.

# %% [markdown] lang="en"
# ### Does more cleaning help?
#
# Let us compare four versions in validation: all words, without stop words, stems only, and a
# fourth one with two changes. In it we also count pairs of neighbouring words (*bigrams*), and what
# stands in many reviews counts less (**tf-idf**). There are too many distinct pairs: a *hash*
# function spreads words and pairs over 1,048,576 cells, without keeping a vocabulary.

# %%
from scipy import sparse

kept = [i for i, word in enumerate(words) if word not in ENGLISH_STOP_WORDS]
stem_names, stem_of = np.unique(stemmer.stemWords(list(words)), return_inverse=True)
ones = np.ones(len(words), int)
join = sparse.csr_matrix((ones, (np.arange(len(words)), stem_of)))
versions = {"stop": (bag_fit[:, kept], bag_val[:, kept]), "stem": (bag_fit @ join, bag_val @ join)}

# %%
from itertools import pairwise

from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.pipeline import make_pipeline


def with_pairs(text):
    words = tokenize(text)
    return words + [f"{a} {b}" for a, b in pairwise(words)]


hashing = HashingVectorizer(analyzer=with_pairs, n_features=2**20, alternate_sign=False, norm=None)
pairs = make_pipeline(hashing, TfidfTransformer(sublinear_tf=True))
pairs_fit, pairs_val = pairs.fit_transform(x_fit), pairs.transform(x_val)
pairs_model = logistic(pairs_fit, C=10)

# %%
accuracies = [max(scores.values())]
accuracies += [logistic(a, C=0.03).score(b, y_val) for a, b in versions.values()]
accuracies.append(pairs_model.score(pairs_val, y_val))
sizes = [len(words), len(kept), len(stem_names), pairs_fit.shape[1]]
del pairs_fit, pairs_val, versions

# %%
names = [
    _("todas las palabras", "all words"),
    _("sin palabras vacías", "without stop words"),
    _("solo raíces", "stems only"),
    _("tf-idf con parejas", "tf-idf with pairs"),
]
figure, axis = plt.subplots(figsize=(10, 3.4))
axis.barh(names, accuracies, color=[plots.GREY] * 3 + [plots.BLUE])
for row, size in enumerate(sizes):
    axis.text(0.802, row, f"{size:,} variables", color="white", va="center")
axis.set(xlim=(0.8, 0.92), xlabel=_("exactitud en validación", "accuracy in validation"))
axis.invert_yaxis()
plots.show(
    figure,
    _(
        "Exactitud de cuatro bolsas: la de tf-idf con parejas llega más lejos.",
        "Accuracy of four bags: that of tf-idf with pairs reaches furthest.",
    ),
)
ck.claim(
    _("lo más que ganan los otros cambios", "the most that the other changes gain"),
    max(accuracies[1:3]) - accuracies[0],
    at_most=0.005,
)
ck.claim(
    _("ganancia de tf-idf con parejas", "gain of tf-idf with pairs"), accuracies[3] - accuracies[0], at_least=0.005
)

# %% [markdown] lang="es"
# Quitar palabras y juntar raíces reduce las variables, pero no da una mejora clara: con 16 000
# opiniones, el modelo ya sabe qué ignorar. Lo que sí ayuda es contar parejas, a cambio de muchas
# más variables. Con *not good* en una sola casilla, vuelve un poco del orden.

# %% [markdown] lang="en"
# Removing words and joining stems reduces the variables, but gives no clear gain: with 16,000
# reviews, the model already knows what to ignore. What does help is counting pairs, at the price of
# many more variables. With *not good* in a cell of its own, a little of the order comes back.

# %% [markdown] lang="es"
# ### Una red densa sobre la bolsa
#
# ¿Y si ponemos una capa oculta? Le damos las 4000 palabras más frecuentes, con un 1 si la palabra
# está. Tiene 32 neuronas ocultas y un *dropout* fuerte, porque memorizaría las opiniones enseguida.

# %% [markdown] lang="en"
# ### A dense network on the bag
#
# And if we put in a hidden layer? We give it the 4000 most frequent words, with a 1 if the word is
# there. It has 32 hidden neurons and a strong dropout, since it would soon memorise the reviews.

# %%
import keras
from keras import layers, ops

keras.utils.set_random_seed(0)
frequent = np.argsort(-np.asarray(bag_fit.sum(axis=0))[0], kind="stable")[:4000]


def presence(bag):
    return (bag[:, frequent] > 0).astype("uint8").toarray()


# %%
dense = keras.Sequential(
    [layers.Input((4000,)), layers.Dropout(0.5), layers.Dense(32, activation="relu")]
    + [layers.Dropout(0.5), layers.Dense(1, activation="sigmoid")]
)
dense.compile("adam", "binary_crossentropy", metrics=["accuracy"])
_ = dense.fit(presence(bag_fit), y_fit, 128, 3, verbose=0, callbacks=[ck.live.Progress()])
dense_accuracy = dense.evaluate(presence(bag_val), y_val, 500, verbose=0)[1]
print(f"{dense.count_params():,}")
del bag_fit, bag_val

# %%
ck.claim(
    _("red densa sobre la bolsa, en validación", "dense network on the bag, in validation"),
    dense_accuracy,
    at_least=0.86,
)

# %% [markdown] lang="es"
# Más de 128 000 parámetros para quedar cerca de la regresión logística. El límite no está en el
# clasificador, sino en la bolsa: lo que ella tira, nadie lo recupera después.

# %% [markdown] lang="en"
# More than 128,000 parameters to end near the logistic regression. The limit is not in the
# classifier, but in the bag: what it throws away, nobody recovers later.

# %% [markdown] lang="es"
# ### Donde la bolsa falla
#
# Dos frases con las mismas palabras, que dicen lo contrario. También probamos *not good* y *not
# bad*. ¿Qué probabilidad de elogio da la bolsa?

# %% [markdown] lang="en"
# ### Where the bag fails
#
# Two sentences with the same words that say the opposite. We also try *not good* and *not bad*.
# Which probability of praise does the bag give?


# %% tags=["english"]
def bag_opinion(texts):
    return bag_model.predict_proba(vectorizer.transform(texts))[:, 1]


praise, pan = bag_opinion(["not bad at all, it was great", "not great at all, it was bad"])
not_good, not_bad = bag_opinion(["not good", "not bad"])
assert praise == pan
ck.claim(_("diferencia entre las dos frases", "difference between the two sentences"), abs(praise - pan), at_most=0)
ck.claim(_("«not good» menos «not bad»", "'not good' minus 'not bad'"), not_good - not_bad, at_least=0.05)

# %% [markdown] lang="es"
# Las dos frases reciben exactamente la misma probabilidad. Y, al revés de lo que dicen, *not good*
# le parece mejor que *not bad*: suma el peso de *good* o el de *bad*, y *not* aporta lo mismo. Para
# leer hace falta el orden.

# %% [markdown] lang="en"
# Both sentences get exactly the same probability. And, contrary to what they say, it likes *not
# good* more than *not bad*: it adds the weight of *good* or that of *bad*, and *not* contributes
# the same. To read, order is needed.

# %% [markdown] lang="es"
# ## Vectores de palabras
#
# Para una red, cada palabra será un número entero: su puesto en el vocabulario. El 0 queda para el
# relleno y el 1 para las palabras desconocidas. Pero 17 y 18 no se parecen más que 17 y 9000. Por
# eso una capa de **vectores de palabras** (*embedding*) guarda una tabla $E$, con una fila para
# cada palabra, y devuelve la fila.

# %% [markdown] lang="en"
# ## Word vectors
#
# For a network, each word will be an integer: its place in the vocabulary. The 0 is kept for
# padding and the 1 for unknown words. But 17 and 18 are no more alike than 17 and 9000. That is why
# an **embedding** layer keeps a table $E$, with a row for each word, and returns that row.

# %% tags=["english"]
vocabulary = [word for word, _ in counts.most_common(9998)]
index_of = {word: index for index, word in enumerate(vocabulary, 2)}


def encode(text):
    return np.array([index_of.get(word, 1) for word in tokenize(text)], "int32")


sequences_fit, sequences_val = [[encode(text) for text in part] for part in (x_fit, x_val)]
print(encode("This is a zxcvb!") == 1)

# %% [markdown] lang="es"
# Solo la última palabra, inventada, es desconocida. Comprobemos qué hace la capa: escribir la
# palabra como una fila de ceros con un 1 (*one-hot*) y multiplicar por $E$ es lo mismo que tomar la
# fila.

# %% [markdown] lang="en"
# Only the last word, an invented one, is unknown. Let us check what the layer does: writing the
# word as a row of zeros with one 1 (*one-hot*) and multiplying by $E$ is the same as taking the
# row.

# %%
embedding = layers.Embedding(5, 3)
rows = ops.convert_to_numpy(embedding(np.array([4, 0, 4])))
table = embedding.get_weights()[0]
one_hot = np.eye(5)[[4, 0, 4]]
assert np.allclose(one_hot @ table, rows) and np.allclose(table[[4, 0, 4]], rows)
print(one_hot.astype(int), table.shape)

# %% [markdown] lang="es"
# ### Dime con quién vas
#
# ¿Con qué números llenamos la tabla? Las palabras que se usan en los mismos lugares significan
# cosas parecidas. Contemos qué palabras van juntas en cuatro frases, y partamos esa tabla con la
# **descomposición en valores singulares** (SVD): $A = U S V^\top$. Con pocas columnas de $U$, cada
# palabra queda descrita por un vector corto.

# %% [markdown] lang="en"
# ### The company it keeps
#
# Which numbers go into the table? Words that are used in the same places mean similar things. Let
# us count which words go together in four sentences, and split that table with the **singular value
# decomposition** (SVD): $A = U S V^\top$. With few columns of $U$, each word is described by a
# short vector.

# %% tags=["english"]
toy_texts = ["drink coffee", "drink tea", "dog barks", "puppy barks"]
toy_words = sorted({word for text in toy_texts for word in text.split()})
A = np.zeros((6, 6), int)
for first, second in [map(toy_words.index, text.split()) for text in toy_texts]:
    A[first, second] += 1
    A[second, first] += 1
U, S, Vt = np.linalg.svd(A)
assert np.allclose(U * S @ Vt, A)
print(toy_words, A, S.round(2), sep="\n")


# %%
def cosine(a, b):
    return np.sum(a * b, axis=-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))


short = (U * S)[:, :4]
for a, b in (("coffee", "tea"), ("dog", "puppy"), ("coffee", "dog")):
    print(a, b, abs(round(cosine(*short[[toy_words.index(a), toy_words.index(b)]]), 2)))

# %% [markdown] lang="es"
# Solo hay cuatro valores singulares distintos de 0: bastan 4 números por palabra en vez de 6. El
# **coseno** del ángulo entre dos vectores dice cuánto se parecen: *coffee* y *tea* nunca van
# juntas, pero sí con las mismas vecinas, y su coseno es 1.

# %% [markdown] lang="en"
# Only four singular values differ from 0: 4 numbers for each word are enough instead of 6. The
# **cosine** of the angle between two vectors says how alike they are: *coffee* and *tea* never
# stand together, but they have the same neighbours, and their cosine is 1.

# %% [markdown] lang="es"
# ### Lo mismo, con las opiniones
#
# Contamos las parejas que están a 5 palabras o menos. Pero *the* va con todas: lo que interesa es
# si dos palabras $a$ y $b$ van juntas **más de lo esperado**. Lo mide la información mutua puntual:
#
# $$\text{PMI}(a, b) = \log \frac{n_{ab} \, n}{n_a \, n_b}$$
#
# Aquí $n_{ab}$ cuenta la pareja, $n_a$ y $n_b$ las parejas de cada palabra, y $n$ todas. Guardamos
# solo los valores positivos.

# %% [markdown] lang="en"
# ### The same, with the reviews
#
# We count the pairs that stand within 5 words. But *the* goes with all of them: what matters is
# whether two words $a$ and $b$ go together **more than expected**. The pointwise mutual information
# measures it:
#
# $$\text{PMI}(a, b) = \log \frac{n_{ab} \, n}{n_a \, n_b}$$
#
# Here $n_{ab}$ counts the pair, $n_a$ and $n_b$ the pairs of each word, and $n$ all of them. We
# only keep the positive values.


# %%
def cooccurrence(sequences, size=10_000, window=5):
    flat = np.concatenate([np.append(sequence, [0] * window) for sequence in sequences])
    table = sparse.csr_matrix((size, size), dtype="float32")
    for distance in range(1, window + 1):
        left, right = flat[:-distance], flat[distance:]
        known = (left > 1) & (right > 1)
        values = np.full(known.sum(), 1 / distance, "float32")
        table += sparse.csr_matrix((values, (left[known], right[known])), (size, size))
    return table + table.T


# %%
def positive_pmi(table):
    table = table.tocoo()
    a, b = table.coords
    totals = np.asarray(table.sum(axis=1)).ravel()
    expected = totals[a] * totals[b] / totals.sum()
    values = np.maximum(np.log(table.data / expected), 0)
    return sparse.csr_matrix((values, (a, b)), table.shape)


# %%
from sklearn.decomposition import TruncatedSVD

pmi = positive_pmi(cooccurrence(sequences_fit))
svd = TruncatedSVD(64, random_state=0)
vectors = svd.fit_transform(pmi) / np.sqrt(svd.singular_values_)
vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
vectors = vectors.astype("float32")
print(pmi.shape, "->", vectors.shape)

# %% [markdown] lang="es"
# Una tabla de 10 000 × 10 000 queda resumida en 64 números por palabra, $U \sqrt{S}$, todos los
# vectores con longitud 1. Levy y Goldberg (2014) mostraron que word2vec, una red que aprende a
# adivinar palabras vecinas, factoriza por dentro una tabla casi igual que esta.

# %% [markdown] lang="en"
# A table of 10,000 × 10,000 is summed up in 64 numbers for each word, $U \sqrt{S}$, all vectors
# with length 1. Levy and Goldberg (2014) showed that word2vec, a network that learns to guess
# neighbouring words, factorises inside a table very much like this one.

# %% [markdown] lang="es"
# ### Las vecinas de una palabra
#
# Si los vectores tienen longitud 1, el coseno es el producto punto. Buscamos las palabras con mayor
# coseno; cada columna de la figura es una búsqueda.

# %% [markdown] lang="en"
# ### The neighbours of a word
#
# If the vectors have length 1, the cosine is the dot product. We look for the words with the
# largest cosine; each column of the figure is one search.


# %%
def neighbours(word, count=6):
    closeness = vectors @ vectors[index_of[word]]
    nearest = np.argsort(-closeness)[1 : count + 1]
    return [vocabulary[i - 2] for i in nearest]


searched = ["actor", "horror", "mother", "funny", "great"]
found = {word: neighbours(word) for word in searched}

# %%
figure, axis = plt.subplots(figsize=(10, 3.6))
axis.axis("off")
for column, (word, nearest) in enumerate(found.items()):
    axis.text(column, 0, word, ha="center", weight="bold", color=plots.BLUE, fontsize=18)
    for row, neighbour in enumerate(nearest, 1):
        axis.text(column, -row, neighbour, ha="center", fontsize=16)
axis.set(xlim=(-0.5, 4.5), ylim=(-6.3, 0.6))
plots.show(
    figure,
    _(
        "Cinco palabras y, debajo de cada una, las seis que más se le parecen.",
        "Five words and, below each one, the six that are most like it.",
    ),
)

# %% [markdown] lang="es"
# Nadie le dio un diccionario: todo sale de contar vecinas. Fíjate en un peligro: *good* y *bad* se
# usan en los mismos lugares, así que sus vectores también se parecen. Para opinar hará falta algo
# más.

# %% [markdown] lang="en"
# Nobody gave it a dictionary: all comes from counting neighbours. Note a danger: *good* and *bad*
# are used in the same places, so their vectors are alike too. To give an opinion, something more is
# needed.

# %% [markdown] lang="es"
# ### Un mapa de palabras
#
# Aplastamos 64 dimensiones en 2 con t-SNE (van der Maaten y Hinton, 2008), que procura que las
# vecinas sigan siéndolo. Las siete familias y sus colores los elegimos nosotros; el lugar lo
# deciden los vectores. En el mapa, lo lejano no se puede medir: solo cuenta quién está cerca de
# quién.

# %% [markdown] lang="en"
# ### A map of words
#
# We flatten 64 dimensions into 2 with t-SNE (van der Maaten and Hinton, 2008), which tries to keep
# neighbours neighbours. The seven families and their colours we chose; the place is decided by the
# vectors. On the map, what is far can't be measured: only who is close to whom counts.

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
shown = [word for family in families for word in family.split()]
family_of = np.repeat(np.arange(7), [len(family.split()) for family in families])

# %%
from sklearn.manifold import TSNE

shown_vectors = vectors[[index_of[word] for word in shown]]
places = TSNE(2, perplexity=6, init="pca", random_state=0).fit_transform(shown_vectors)
places = (places - places.min(axis=0)) / np.ptp(places, axis=0)

closeness = shown_vectors @ shown_vectors.T - 2 * np.eye(len(shown))
same_family = np.mean(family_of[closeness.argmax(axis=1)] == family_of)


# %%
def spread(places, widths, height=0.06):
    places = places.copy()
    for _ in range(300):
        for i, j in np.argwhere(np.triu(np.ones((len(places),) * 2), 1)):
            gap = places[i] - places[j]
            overlap = np.array([(widths[i] + widths[j]) / 2, height]) - np.abs(gap)
            if (overlap > 0).all():
                move = overlap[1] / 2 * (1 if gap[1] > 0 else -1)
                places[[i, j], 1] += move, -move
    return places


places = spread(places, np.array([0.017 * len(word) + 0.01 for word in shown]))

# %%
figure, axis = plt.subplots(figsize=(10, 6.5))
axis.axis("off")
colours = [*plt.rcParams["axes.prop_cycle"].by_key()["color"], "#B07C00", "black"]
for word, place, family in zip(shown, places, family_of, strict=True):
    axis.text(*place, word, ha="center", va="center", color=colours[family], weight="bold")
axis.set(xlim=(-0.08, 1.08), ylim=(places[:, 1].min() - 0.05, places[:, 1].max() + 0.05))
plots.show(
    figure,
    _(
        "Mapa de palabras: parientes, elogios, críticas, géneros, números, música, países.",
        "Map of words: relatives, praise, pans, genres, numbers, music, countries.",
    ),
)
ck.claim(
    _("palabras con la más parecida en su familia", "words whose nearest one is of their family"),
    same_family,
    at_least=0.8,
)

# %% [markdown] lang="es"
# Cada color forma su propio barrio, con parejas como *mother* y *father* pegadas. La promesa lo
# mide en las 64 dimensiones: para al menos 8 de cada 10, la palabra más parecida de las que
# mostramos es de su familia.

# %% [markdown] lang="en"
# Each colour forms a quarter of its own, with pairs such as *mother* and *father* side by side. The
# claim measures it in the 64 dimensions: for at least 8 out of 10, the most similar of the words
# shown is of their own family.

# %% [markdown] lang="es"
# ## Una capa recurrente, a mano
#
# Una **red recurrente** lee palabra por palabra y lleva una memoria: el **estado** $h$. En el paso
# $t$ recibe el vector de la palabra, $x_t$, y su propio estado anterior, $h_{t-1}$:
#
# $$h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t + b)$$
#
# Los pesos $W_{hh}$ y $W_{xh}$ y el sesgo $b$ son los mismos en todos los pasos, igual que un
# filtro usa los suyos en toda la imagen. El primer estado es 0.

# %% [markdown] lang="en"
# ## A recurrent layer, by hand
#
# A **recurrent network** reads word by word and carries a memory: the **state** $h$. At step $t$ it
# gets the vector of the word, $x_t$, and its own previous state, $h_{t-1}$:
#
# $$h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t + b)$$
#
# The weights $W_{hh}$ and $W_{xh}$ and the bias $b$ are the same at all steps, just as a kernel
# uses its own all over the picture. The first state is 0.


# %%
def simple_rnn(x, w_xh, w_hh, b):
    h = np.zeros(len(b))
    states = []
    for x_t in x:
        h = np.tanh(w_hh @ h + w_xh @ x_t + b)
        states.append(h)
    return np.array(states)


# %% [markdown] lang="es"
# Le damos cinco palabras, *not bad it was great*, con sus vectores de 64 números, y 4 unidades con
# pesos al azar. Después leemos las mismas palabras en otro orden: *not great it was bad*.

# %% [markdown] lang="en"
# We give it five words, *not bad it was great*, with their vectors of 64 numbers, and 4 units with
# random weights. Then we read the same words in another order: *not great it was bad*.

# %% tags=["english"]
rng = np.random.default_rng(0)
units = 4
w_xh = rng.normal(0, 0.5, (units, 64))
w_hh = rng.normal(0, 0.5, (units, units))
b = rng.normal(0, 0.1, units)
orders = [text.split() for text in ("not bad it was great", "not great it was bad")]
x_orders = [vectors[[index_of[word] for word in words]] for words in orders]
states = [simple_rnn(x, w_xh, w_hh, b) for x in x_orders]

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True)
for axis, table, order_words in zip(axes, states, orders, strict=True):
    axis.imshow(table.T, cmap=plots.SIGNED, vmin=-1, vmax=1, aspect="auto")
    axis.set(xticks=range(5), yticks=range(4), xlabel=_("paso", "step"))
    axis.set_xticklabels(order_words)
    axis.grid(False)
axes[0].set_ylabel(_("unidad", "unit"))
plots.show(
    figure,
    _(
        "Estados de 4 unidades al leer dos frases: difieren desde la segunda palabra.",
        "States of 4 units reading two sentences: they differ from the second word on.",
    ),
)

# %%
assert np.allclose(x_orders[0].sum(axis=0), x_orders[1].sum(axis=0), atol=1e-5)
ck.claim(
    _("diferencia entre los últimos estados", "difference of the last states"),
    np.ptp(states[0][-1] - states[1][-1]),
    at_least=0.05,
)

# %% [markdown] lang="es"
# En la figura, azul es positivo y naranja negativo. Las dos columnas de la primera palabra son
# iguales; desde la segunda difieren, y siguen distintas al final. La suma de los vectores, en
# cambio, es la misma (`assert`): la bolsa no distingue, el estado sí.

# %% [markdown] lang="en"
# In the figure, blue is positive and orange negative. The two columns of the first word are equal;
# from the second on they differ, and remain different at the end. The sum of the vectors, however,
# is the same (`assert`): the bag can't tell them apart, the state can.

# %% [markdown] lang="es"
# ### Keras hace la misma cuenta
#
# La capa de Keras se llama `SimpleRNN`. Guarda los pesos traspuestos, porque multiplica filas por
# matrices. Le damos los nuestros y comparamos todos los estados.

# %% [markdown] lang="en"
# ### Keras does the same sum
#
# The layer of Keras is called `SimpleRNN`. It keeps the weights transposed, since it multiplies
# rows by matrices. We give it ours and compare all states.

# %%
layer = layers.SimpleRNN(units, return_sequences=True)
layer.build((1, 5, 64))
layer.set_weights([w_xh.T, w_hh.T, b])
keras_states = ops.convert_to_numpy(layer(x_orders[0][None]))[0]
difference = np.abs(keras_states - states[0]).max()
assert layer.count_params() == units * (units + 64 + 1)
print(layer.count_params())

# %%
ck.claim(_("mayor diferencia con SimpleRNN", "largest difference from SimpleRNN"), difference, at_most=1e-5)

# %% [markdown] lang="es"
# Los mismos estados. Son 276 parámetros: $4 \cdot (4 + 64 + 1)$, lea 5 palabras o 5000.

# %% [markdown] lang="en"
# The same states. There are 276 parameters: $4 \cdot (4 + 64 + 1)$, whether it reads 5 words or
# 5000.

# %% [markdown] lang="es"
# ## El gradiente vuelve atrás en el tiempo
#
# Si desplegamos el bucle, cada paso es una capa. La retropropagación de la [[mlp]] vuelve del
# último paso al primero (*backpropagation through time*). Si $g_t$ es el gradiente de la pérdida
# respecto a $h_t$, la regla de la cadena da
#
# $$g_{t-1} = W_{hh}^\top \left( (1 - h_t^2) \odot g_t \right)$$
#
# porque la pendiente de tanh es $1 - h_t^2$; el signo $\odot$ multiplica componente a componente.

# %% [markdown] lang="en"
# ## The gradient goes back in time
#
# If we unroll the loop, each step is a layer. The backpropagation of [[mlp]] goes back from the
# last step to the first (*backpropagation through time*). If $g_t$ is the gradient of the loss with
# respect to $h_t$, the chain rule gives
#
# $$g_{t-1} = W_{hh}^\top \left( (1 - h_t^2) \odot g_t \right)$$
#
# since the slope of tanh is $1 - h_t^2$; the sign $\odot$ multiplies component by component.


# %%
def back_in_time(states, w_hh, gradient):
    gradients = [gradient]
    for h in states[:0:-1]:
        gradients.append(w_hh.T @ ((1 - h**2) * gradients[-1]))
    return np.array(gradients[::-1])


# %% [markdown] lang="es"
# **¿Está bien?** Los pesos $W_{hh}$ actúan en todos los pasos, así que su gradiente es una suma
# sobre el tiempo: $\sum_t \left( (1 - h_t^2) \odot g_t \right) h_{t-1}^\top$. Tomemos como pérdida
# la suma del último estado, y comparemos con lo que se mueve Keras en un paso de descenso con tasa
# 1.

# %% [markdown] lang="en"
# **Is it right?** The weights $W_{hh}$ act at all steps, so their gradient is a sum over time:
# $\sum_t \left( (1 - h_t^2) \odot g_t \right) h_{t-1}^\top$. Let us take the sum of the last state
# as the loss, and compare with how far Keras moves in one step of descent with rate 1.

# %%
g = back_in_time(states[0], w_hh, np.ones(units))
previous = np.vstack([np.zeros(units), states[0][:-1]])
w_hh_gradient = ((1 - states[0] ** 2) * g).T @ previous

# %%
model = keras.Sequential([layers.Input((5, 64)), layers.SimpleRNN(units)])
model.layers[0].set_weights([w_xh.T, w_hh.T, b])
model.compile(keras.optimizers.SGD(1.0), loss=lambda y_true, y_pred: ops.sum(y_pred, axis=-1))
_ = model.train_on_batch(x_orders[0][None], np.zeros((1, units)))
keras_gradient = w_hh.T - model.layers[0].get_weights()[1]
assert np.allclose(keras_gradient, w_hh_gradient.T, atol=1e-5)

# %% [markdown] lang="es"
# Coinciden hasta 5 decimales (`assert`).
#
# ### Se desvanece o explota
#
# Cada paso atrás multiplica por $W_{hh}^\top$. Cincuenta pasos multiplican cincuenta veces: si la
# matriz encoge, el gradiente se desvanece; si agranda, explota. Probemos tres tamaños de los pesos,
# con 64 unidades y desviación $s / \sqrt{64}$.

# %% [markdown] lang="en"
# They agree to 5 decimals (`assert`).
#
# ### It vanishes or explodes
#
# Each step back multiplies by $W_{hh}^\top$. Fifty steps multiply fifty times: if the matrix
# shrinks, the gradient vanishes; if it enlarges, it explodes. Let us try three sizes of the
# weights, with 64 units and deviation $s / \sqrt{64}$.


# %%
def gradient_norms(s, steps=50, units=64):
    rng = np.random.default_rng(0)
    w_hh = rng.normal(0, s / np.sqrt(units), (units, units))
    w_xh = rng.normal(0, 0.1, (units, 8))
    states = simple_rnn(rng.normal(size=(steps, 8)), w_xh, w_hh, np.zeros(units))
    g = back_in_time(states, w_hh, np.full(units, 1 / np.sqrt(units)))
    return np.linalg.norm(g, axis=1)[::-1]


norms = {s: gradient_norms(s) for s in (0.5, 1.3, 4)}

# %%
figure, axis = plt.subplots(figsize=(10, 4.4))
ways = {0.5: _("se desvanece", "vanishes"), 1.3: _("aguanta", "holds"), 4: _("explota", "explodes")}
for colour, (s, way) in zip([plots.ORANGE, plots.GREEN, plots.BLUE], ways.items(), strict=True):
    axis.semilogy(norms[s], color=colour)
    axis.text(50, norms[s][-1], f"s = {s}: {way}", color=colour, va="center", weight="bold")
axis.set(
    xlabel=_("pasos hacia atrás", "steps back"), ylabel=_("norma del gradiente", "norm of the gradient"), xlim=(0, 66)
)
axis.set_xticks(range(0, 51, 10))
alt = _(
    "Norma del gradiente hacia atrás: con pesos pequeños se hunde, con medianos aguanta, con grandes explota.",
    "Norm of the gradient going back: with small weights it sinks, with medium ones it holds, with large ones it explodes.",
)
plots.show(figure, alt)

# %%
ck.claim(_("pesos pequeños: norma tras 49 pasos", "small weights: norm after 49 steps"), norms[0.5][-1], at_most=1e-12)
ck.claim(_("pesos grandes: norma tras 49 pasos", "large weights: norm after 49 steps"), norms[4][-1], at_least=1e5)

# %% [markdown] lang="es"
# En escala logarítmica, una caída en línea recta es exponencial. Con pesos pequeños, la primera
# palabra no recibe ninguna señal; con pesos grandes, un solo paso de entrenamiento lo rompe todo.
# La explosión se remedia recortando el gradiente (`clipnorm` en los optimizadores de Keras). Contra
# el desvanecimiento hace falta otra celda.

# %% [markdown] lang="en"
# On a logarithmic scale, a fall in a straight line is exponential. With small weights, the first
# word gets no signal at all; with large ones, a single training step breaks everything. The
# explosion is remedied by clipping the gradient (`clipnorm` in the optimizers of Keras). Against
# vanishing, another cell is needed.

# %% [markdown] lang="es"
# ## LSTM: una celda con compuertas
#
# La **LSTM** (Hochreiter y Schmidhuber, 1997) añade una segunda memoria, la **celda** $c$, y
# compuertas: números de 0 (cerrada) a 1 (abierta), una por unidad. Con
# $z = W_{x} x_t + W_{h} h_{t-1} + b$, partido en cuatro trozos, y $\sigma$ la sigmoide:
#
# | trozo | pregunta | cuenta |
# |---|---|---|
# | olvidar (*forget*) | ¿qué conservo? | $f = \sigma(z_f)$ |
# | guardar (*store*) | ¿dejo entrar? | $i = \sigma(z_i)$ |
# | actualizar (*update*) | ¿qué entra? | $u = \tanh(z_u)$ |
# | salida (*output*) | ¿qué muestro? | $o = \sigma(z_o)$ |
#
# $$c_t = f \odot c_{t-1} + i \odot u \qquad h_t = o \odot \tanh(c_t)$$

# %% [markdown] lang="en"
# ## LSTM: a cell with gates
#
# The **LSTM** (Hochreiter and Schmidhuber, 1997) adds a second memory, the **cell** $c$, and gates:
# numbers from 0 (closed) to 1 (open), one for each unit. With $z = W_{x} x_t + W_{h} h_{t-1} + b$,
# cut into four pieces, and $\sigma$ the sigmoid:
#
# | piece | question | sum |
# |---|---|---|
# | *forget* | what do I keep? | $f = \sigma(z_f)$ |
# | *store* | do I let it in? | $i = \sigma(z_i)$ |
# | *update* | what comes in? | $u = \tanh(z_u)$ |
# | *output* | what do I show? | $o = \sigma(z_o)$ |
#
# $$c_t = f \odot c_{t-1} + i \odot u \qquad h_t = o \odot \tanh(c_t)$$


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm(x, w_x, w_h, b):
    h = c = np.zeros(w_h.shape[1])
    states = []
    for x_t in x:
        store, forget, update, output = np.split(w_x @ x_t + w_h @ h + b, 4)
        c = sigmoid(forget) * c + sigmoid(store) * np.tanh(update)
        h = sigmoid(output) * np.tanh(c)
        states.append(h)
    return np.array(states)


# %% [markdown] lang="es"
# El orden de los cuatro trozos es el de Keras. Comparemos con la capa `LSTM`, con pesos al azar.

# %% [markdown] lang="en"
# The order of the four pieces is that of Keras. Let us compare with the layer `LSTM`, with random
# weights.

# %%
rng = np.random.default_rng(0)
w_x, w_h = rng.normal(0, 0.5, (4 * units, 64)), rng.normal(0, 0.5, (4 * units, units))
b = rng.normal(0, 0.5, 4 * units)
layer = layers.LSTM(units, return_sequences=True)
layer.build((1, 5, 64))
layer.set_weights([w_x.T, w_h.T, b])
keras_states = ops.convert_to_numpy(layer(x_orders[0][None]))[0]
difference = np.abs(keras_states - lstm(x_orders[0], w_x, w_h, b)).max()
print(layer.count_params())

# %%
ck.claim(_("mayor diferencia con LSTM", "largest difference from LSTM"), difference, at_most=1e-5)

# %% [markdown] lang="es"
# La misma cuenta, con cuatro veces más parámetros que la recurrente simple: 1104.
#
# ### Por qué la celda recuerda
#
# De $c_t$ a $c_{t-1}$, el camino directo del gradiente solo se multiplica por $f$: no hay matriz ni
# tanh. Si la compuerta está abierta, el gradiente llega lejos. ¿Cuánto queda tras 50 pasos?

# %% [markdown] lang="en"
# The same sum, with four times the parameters of the simple recurrent layer: 1104.
#
# ### Why the cell remembers
#
# From $c_t$ to $c_{t-1}$, the direct way of the gradient is only multiplied by $f$: there is no
# matrix and no tanh. If the gate is open, the gradient reaches far. How much is left after 50
# steps?

# %%
for forget in (0.5, 0.9, 0.99, 0.999):
    print(f"f = {forget}: {forget**50:.1e}")

# %% [markdown] lang="es"
# Con la compuerta medio abierta también se desvanece; con $f = 0.99$ queda más de la mitad. La red
# **aprende** cuándo abrir y cuándo olvidar. Para ayudarla, Keras suma 1 al sesgo inicial de esta
# compuerta.

# %% [markdown] lang="en"
# With the gate half open it vanishes too; with $f = 0.99$ more than half is left. The network
# **learns** when to open and when to forget. To help it, Keras adds 1 to the initial bias of this
# gate.

# %% [markdown] lang="es"
# ## Relleno y máscara
#
# Para entrenar por lotes, todas las secuencias deben medir lo mismo: a las cortas las rellenamos
# con ceros (*padding*), y de las largas nos quedamos con una parte. Nuestra función pone los ceros
# delante; con `after=True`, detrás.

# %% [markdown] lang="en"
# ## Padding and masking
#
# To train in batches, all sequences must have the same length: we fill up the short ones with zeros
# (*padding*), and of the long ones we keep a part. Our function puts the zeros in front; with
# `after=True`, behind.


# %%
def pad(sequences, length=200, after=False):
    padded = np.zeros((len(sequences), length), "int32")
    for row, sequence in zip(padded, sequences, strict=True):
        sequence = sequence[-length:]
        start = 0 if after else length - len(sequence)
        row[start : start + len(sequence)] = sequence
    return padded


print(pad([[7, 8], [3, 4, 5, 6]], length=3))
print(pad([[7, 8], [3, 4, 5, 6]], length=3, after=True))

# %% [markdown] lang="es"
# La segunda secuencia perdió su principio: guardamos el final.
#
# ### La misma red, con máscara y sin ella
#
# Con `mask_zero=True`, la capa de vectores avisa de dónde hay relleno, y la LSTM se salta esos
# pasos: su estado no cambia. Hagamos un experimento pequeño: las 25 últimas palabras de 4000
# opiniones, con 75 ceros detrás. Las dos redes son iguales salvo en la máscara.

# %% [markdown] lang="en"
# The second sequence lost its beginning: we keep the end.
#
# ### The same network, with and without a mask
#
# With `mask_zero=True`, the embedding layer tells where there is padding, and the LSTM skips those
# steps: its state does not change. Let us do a small experiment: the last 25 words of 4000 reviews,
# with 75 zeros behind. The two networks are equal except for the mask.


# %%
def short_reader(mask):
    keras.utils.set_random_seed(0)
    embedding = layers.Embedding(10_000, 64, mask_zero=mask, trainable=False)
    network = keras.Sequential(
        [layers.Input((100,)), embedding, layers.LSTM(16), layers.Dense(1, activation="sigmoid")]
    )
    embedding.set_weights([2.5 * vectors])
    network.compile(keras.optimizers.Adam(0.005), "binary_crossentropy", metrics=["accuracy"])
    return network


# %%
x_short, x_short_val = [
    pad([sequence[-25:] for sequence in part[:4000]], 100, after=True) for part in (sequences_fit, sequences_val)
]
with_and_without = []
for mask in (True, False):
    network = short_reader(mask)
    _ = network.fit(x_short, y_fit[:4000], 64, 3, verbose=0, callbacks=[ck.live.Progress()])
    with_and_without.append(network.evaluate(x_short_val, y_val, 500, verbose=0)[1])

# %%
gain = with_and_without[0] - with_and_without[1]
ck.claim(_("con máscara, en validación", "with a mask, in validation"), with_and_without[0], at_least=0.7)
ck.claim(_("sin máscara, en validación", "without a mask, in validation"), with_and_without[1], at_most=0.6)
ck.claim(_("ganancia de la máscara", "gain from the mask"), gain, at_least=0.15)

# %% [markdown] lang="es"
# Sin máscara, la LSTM termina de leer y después pasa 75 pasos mirando ceros: lo leído se borra, y
# el gradiente tiene que cruzarlos todos. La máscara lo arregla. También ayuda poner los ceros
# **delante**, para que lo último que se lea sean palabras: es lo que haremos ahora.

# %% [markdown] lang="en"
# Without a mask, the LSTM finishes reading and then spends 75 steps looking at zeros: what it read
# is erased, and the gradient has to cross them all. The mask mends it. Putting the zeros **in
# front** helps too, so that the last things read are words: that is what we will do now.

# %% [markdown] lang="es"
# ## Leer opiniones con una LSTM
#
# ¿Qué parte de una opinión larga leemos? La red tarda lo mismo por cada palabra, y con 200 nos
# basta para más de la mitad de las opiniones: el primer número que sale abajo es la longitud
# mediana. Antes de elegir entre las 200 primeras y las 200 últimas, preguntemos a lo más rápido que
# tenemos, la bolsa.

# %% [markdown] lang="en"
# ## Reading reviews with an LSTM
#
# Which part of a long review do we read? The network takes the same time for each word, and 200 are
# enough for more than half of the reviews: the first number printed below is the median length.
# Before choosing between the first 200 and the last 200, let us ask the fastest thing that we have,
# the bag.


# %%
def bag_of(sequences):
    ends = np.cumsum([0] + [len(sequence) for sequence in sequences])
    table = (np.ones(ends[-1]), np.concatenate(sequences), ends)
    return sparse.csr_matrix(table, (len(sequences), 10_000))


print(np.median([len(sequence) for sequence in sequences_fit]))
lengths = (25, 50, 100, 200)
part_scores = {"first": [], "last": []}
for length in lengths:
    for name, part in (("first", slice(None, length)), ("last", slice(-length, None))):
        bags = [bag_of([s[part] for s in group]) for group in (sequences_fit, sequences_val)]
        part_scores[name].append(logistic(bags[0], C=0.03).score(bags[1], y_val))

# %%
figure, axis = plt.subplots(figsize=(10, 3.8))
labels = [_("las primeras", "the first"), _("las últimas", "the last")]
for line, label, y in zip(part_scores.values(), labels, (-0.02, 0.01), strict=True):
    axis.plot(lengths, line, "o-")
    style = {"ha": "left" if y < 0 else "right", "color": axis.lines[-1].get_color()}
    axis.text(100, line[2] + y, label, weight="bold", **style)
axis.set(xlabel=_("palabras que se leen", "words that are read"), ylabel=_("exactitud", "accuracy"), xticks=lengths)
plots.show(
    figure,
    _(
        "Exactitud de la bolsa con las primeras o las últimas palabras: ganan las últimas.",
        "Accuracy of the bag with the first or the last words: the last ones win.",
    ),
)
gains = np.subtract(part_scores["last"], part_scores["first"])
ck.claim(
    _("cuánto ganan las últimas, de media", "how much the last ones gain, on average"), gains.mean(), at_least=0.005
)

# %% [markdown] lang="es"
# Ganan las últimas: quien escribe suele dejar el veredicto para el final. Cuantas menos palabras
# leemos, más se nota. Por eso `pad` guarda el final.
#
# ### Frases cortas para aprender
#
# Las opiniones son largas, y tus frases serán cortas. Añadimos 3000 frases fabricadas con
# plantillas, como *not boring but great*. Son datos inventados, pero honestos: ni las plantillas ni
# los adjetivos con los que luego examinaremos el orden están en ellas.

# %% [markdown] lang="en"
# The last ones win: writers tend to leave the verdict for the end. The fewer words we read, the
# clearer it is. That is why `pad` keeps the end.
#
# ### Short sentences to learn from
#
# Reviews are long, and your sentences will be short. We add 3000 sentences made from templates,
# such as *not boring but great*. They are invented data, but honest ones: neither the templates nor
# the adjectives with which we will examine order later are in them.

# %% tags=["english"]
templates = ["{u}", "not {v}", "not {v} but {u}", "a {u} {n}"]
templates += ["the {n} is {u}", "the {n} isn't {v}"]
templates += ["the {n} is not {v}, it is {u}", "it was not {v} at all, it was {u}"]
templates += ["I thought it would be {v}, but it was {u}", "it was {u}, not {v}"]
lines = ["film movie story plot acting music ending script"]
lines += ["good great funny wonderful beautiful excellent perfect clever moving amazing"]
lines += ["bad boring awful terrible stupid horrible poor weak dull ridiculous"]
nouns, praising, panning = (line.split() for line in lines)

# %%
rng = np.random.default_rng(0)
phrases, y_phrases = [], rng.integers(0, 2, 3000)
for label in y_phrases:
    sides = (praising, panning) if label else (panning, praising)
    u, v, n = (rng.choice(words) for words in (*sides, nouns))
    phrases.append(rng.choice(templates).format(u=u, v=v, n=n))
for label, phrase in zip(y_phrases[:4], phrases[:4], strict=True):
    print(label, phrase)

# %% [markdown] lang="es"
# En cada plantilla, `{u}` lleva la opinión verdadera, y `{v}`, la que se niega.
#
# ### La red
#
# Los vectores empiezan en los de la SVD, y se siguen entrenando. Dos LSTM leen la frase, una hacia
# adelante y otra hacia atrás (`Bidirectional`): cada palabra se entiende con lo de antes y lo de
# después. De cada número del estado guardamos el mayor a lo largo de la frase. `SpatialDropout1D`
# apaga columnas enteras de los vectores.

# %% [markdown] lang="en"
# In each template, `{u}` carries the true opinion, and `{v}` the one that is denied.
#
# ### The network
#
# The vectors begin at those of the SVD, and go on being trained. Two LSTMs read the sentence, one
# forwards and one backwards (`Bidirectional`): each word is understood with what comes before and
# after. Of each number of the state we keep the largest along the sentence. `SpatialDropout1D`
# switches off whole columns of the vectors.

# %%
keras.utils.set_random_seed(0)
embedding = layers.Embedding(10_000, 64)
reader = keras.Sequential(
    [layers.Input((200,)), embedding, layers.SpatialDropout1D(0.2)]
    + [layers.Bidirectional(layers.LSTM(32, return_sequences=True)), layers.GlobalMaxPooling1D()]
    + [layers.Dense(1, activation="sigmoid")]
)
embedding.set_weights([2.5 * vectors])
print(f"{reader.count_params():,}")

# %% [markdown] lang="es"
# Casi todos los parámetros están en la tabla de vectores: $10000 \cdot 64$. Las dos LSTM suman
# $2 \cdot 4 \cdot 32 \cdot (64 + 32 + 1)$. La tasa de aprendizaje sube y después baja, como en la
# [[cnn_mnist]]. Es la celda más larga de la lección: unos 30 segundos.

# %% [markdown] lang="en"
# Nearly all parameters are in the table of vectors: $10000 \cdot 64$. The two LSTMs add up to
# $2 \cdot 4 \cdot 32 \cdot (64 + 32 + 1)$. The learning rate rises and then falls, as in [[cnn_mnist]].
# It is the longest cell of the lesson: about 30 seconds.

# %%
x_reader = pad(sequences_fit + [encode(phrase) for phrase in phrases])
y_reader = np.concatenate([y_fit, y_phrases])
x_reader_val = pad(sequences_val)
batch_size, epochs = 128, 2
steps = epochs * -(-len(x_reader) // batch_size)
schedule = keras.optimizers.schedules.CosineDecay(
    0.0002, steps - steps // 4, warmup_target=0.004, warmup_steps=steps // 4
)

# %%
reader.compile(keras.optimizers.Adam(schedule), "binary_crossentropy", metrics=["accuracy"])
_ = reader.fit(x_reader, y_reader, batch_size, epochs, verbose=0, callbacks=[ck.live.Progress()])
reader_accuracy = reader.evaluate(x_reader_val, y_val, 128, verbose=0)[1]

# %%
ck.claim(_("LSTM, en validación", "LSTM, in validation"), reader_accuracy, at_least=0.865)

# %% [markdown] lang="es"
# La red queda cerca de la bolsa, con mucho más trabajo. Para decidir si *una opinión larga* es
# buena, contar palabras casi basta. ¿Dónde está entonces la ventaja?

# %% [markdown] lang="en"
# The network ends near the bag, with much more work. To decide whether *a long review* is good,
# counting words is nearly enough. Where then is the advantage?

# %% [markdown] lang="es"
# ### Donde el orden decide
#
# Formamos parejas de frases con **las mismas palabras** en otro orden: una elogia y la otra
# critica. Son 16 plantillas nuevas y 36 parejas de adjetivos nuevos para cada una. Una pareja está
# ganada si las dos frases quedan en su lado de 0.5.

# %% [markdown] lang="en"
# ### Where order decides
#
# We form pairs of sentences with **the same words** in another order: one praises and the other
# pans. There are 16 new templates, and 36 pairs of new adjectives for each. A pair is won if both
# sentences end on their side of 0.5.

# %% tags=["english"]
exam = ["nothing {v} here, everything is {u}", "I expected something {v} and found something {u}"]
exam += ["instead of {v} it turned out {u}", "less {v} than {u}", "{u}, never {v}"]
exam += ["once {v}, now {u}", "it looks {v} at first, but in the end it is {u}"]
exam += ["neither {v} nor slow: simply {u}", "people say it is {v}; they are wrong, it is {u}"]
exam += ["not a {v} film but a {u} one", "the trailer was {v}, the film itself is {u}"]
exam += ["I was afraid it would be {v} and it is {u}", "anything but {v}: a {u} film"]
exam += ["there is nothing {v} about it, it is {u}", "it could have been {v}, yet it is {u}"]
exam += ["you would never call it {v}, you would call it {u}"]
good = ["brilliant", "superb", "fantastic", "charming", "enjoyable", "touching"]
bad = ["dreadful", "pathetic", "disappointing", "lame", "tedious", "laughable"]

# %%
praises = [form.format(u=u, v=v) for form in exam for u in good for v in bad]
pans = [form.format(u=v, v=u) for form in exam for u in good for v in bad]


def read(texts):
    return reader.predict(pad([encode(text) for text in texts]), 128, verbose=0)[:, 0]


# %% [markdown] lang="es"
# La LSTM leyó además las frases fabricadas. Para que la comparación sea justa, la bolsa con parejas
# también las estudia: sigue aprendiendo desde sus pesos, con esas frases y otras tantas opiniones.
# El `assert` dice que acierta casi todas las que estudió.

# %% [markdown] lang="en"
# The LSTM also read the sentences that we made. To make the comparison fair, the bag with pairs
# studies them too: it goes on learning from its weights, with those sentences and as many reviews.
# The `assert` says that it gets nearly all that it studied right.

# %%
from sklearn.linear_model import SGDClassifier

studied, y_studied = pairs.transform([*x_fit[:3000], *phrases]), np.r_[y_fit[:3000], y_phrases]
student = SGDClassifier(loss="log_loss", alpha=5e-6, random_state=0)
student.fit(studied, y_studied, pairs_model.coef_.copy(), pairs_model.intercept_.copy())
assert student.score(studied[3000:], y_phrases) > 0.98


# %%
def student_opinion(texts):
    return student.predict_proba(pairs.transform(texts))[:, 1]


asked = [(ask(praises), ask(pans)) for ask in (bag_opinion, student_opinion, read)]
won = [(praise > 0.5) & (pan < 0.5) for praise, pan in asked]
by_form = np.reshape(won, (3, len(exam), 36)).mean(axis=2)
assert np.array_equal(*asked[0]) and not won[0].any()

# %%
figure, axis = plt.subplots(figsize=(10, 6.4))
rows = np.arange(len(exam))
axis.barh(rows - 0.2, by_form[2], 0.4, color=plots.BLUE, label="LSTM")
axis.barh(rows + 0.2, by_form[1], 0.4, color=plots.ORANGE, label=_("bolsa con parejas", "bag with pairs"))
axis.set_yticks(rows, [form.format(u="▲", v="▼") for form in exam], fontsize=11)
axis.set(xlim=(0, 1), xlabel=_("parte de las 36 parejas ganadas", "share of the 36 pairs won"))
axis.invert_yaxis()
axis.legend(loc="lower center", bbox_to_anchor=(0.3, 1), ncols=2)
plots.show(
    figure,
    _(
        "Barras por plantilla: la LSTM gana muchas parejas; la bolsa, casi ninguna.",
        "Bars for each template: the LSTM wins many pairs; the bag, hardly any.",
    ),
)
ck.claim(_("parejas ganadas por la LSTM", "pairs won by the LSTM"), by_form[2].mean(), at_least=0.45)
ck.claim(
    _("ventaja sobre la bolsa con parejas", "lead over the bag with pairs"),
    by_form[2].mean() - by_form[1].mean(),
    at_least=0.3,
)
ck.claim(_("«neither … nor» ganadas por la LSTM", "“neither … nor” won by the LSTM"), by_form[2, 7], at_most=0.3)

# %% [markdown] lang="es"
# ▲ es el adjetivo que manda, y ▼, el que se niega. La bolsa no puede ganar ninguna: da a las dos
# frases el mismo número (`assert`). Con parejas tampoco basta: estudió esas frases, pero memorizó
# pares de palabras. La LSTM lleva lo aprendido a frases y adjetivos nuevos, aunque no siempre: un
# *neither … nor*, que nunca estudió, la confunde.

# %% [markdown] lang="en"
# ▲ is the adjective that rules, and ▼ the one that is denied. The bag can't win any: it gives both
# sentences the same number (`assert`). Pairs are not enough either: it studied those sentences, but
# memorised pairs of words. The LSTM carries what it learned over to new sentences and adjectives,
# though not always: a *neither … nor*, which it never studied, confuses it.

# %% [markdown] lang="es"
# ## El examen, una sola vez
#
# Todas las decisiones están tomadas. Ahora abrimos las 5000 opiniones de prueba, una vez para cada
# modelo.

# %% [markdown] lang="en"
# ## The exam, only once
#
# All decisions are taken. Now we open the 5000 test reviews, once for each model.

# %%
bag_test = vectorizer.transform(x_test)
guesses = {
    "bag": bag_model.predict(bag_test),
    "pairs": pairs_model.predict(pairs.transform(x_test)),
    "dense": dense.predict(presence(bag_test), 500, verbose=0)[:, 0] > 0.5,
    "lstm": read(x_test) > 0.5,
}
results = {name: np.mean(guess == y_test) for name, guess in guesses.items()}
best_other = max(results[name] for name in ("bag", "dense", "lstm"))

# %%
ck.claim(_("bolsa y regresión logística, prueba", "bag and logistic regression, test"), results["bag"], at_least=0.87)
ck.claim(_("tf-idf con parejas, prueba", "tf-idf with pairs, test"), results["pairs"], at_least=0.89)
ck.claim(_("red densa sobre la bolsa, prueba", "dense network on the bag, test"), results["dense"], at_least=0.86)
ck.claim(_("LSTM, prueba", "LSTM, test"), results["lstm"], at_least=0.865)
ck.claim(
    _("ventaja de las parejas sobre la mejor de las otras", "lead of the pairs over the best of the others"),
    results["pairs"] - best_other,
    at_least=0.005,
)

# %% [markdown] lang="es"
# Seamos sinceros: en las opiniones de IMDB, la bolsa con parejas es la mejor de las cuatro, y tarda
# segundos. Con pocos miles de textos y clases claras, **empieza siempre por la bolsa**. La red
# recurrente se gana su sitio cuando el orden decide.

# %% [markdown] lang="en"
# Let us be honest: on the IMDB reviews, the bag with pairs is the best of the four, and takes
# seconds. With a few thousand texts and clear classes, **always begin with the bag**. The recurrent
# network earns its place when order decides.

# %% [markdown] lang="es"
# ## Palabra por palabra
#
# Veamos cambiar de opinión a la red. Le damos la primera palabra, después las dos primeras, y así
# hasta el final. Cada barra es su opinión tras leer hasta esa palabra: azul hacia arriba si cree
# que es un elogio, naranja hacia abajo si cree que es una crítica.

# %% [markdown] lang="en"
# ## Word by word
#
# Let us watch the network change its mind. We give it the first word, then the first two, and so on
# to the end. Each bar is its opinion after reading up to that word: blue and upwards if it believes
# in praise, orange and downwards if it believes in a pan.


# %%
def read_slowly(text):
    words = tokenize(text)
    sequence = encode(text)
    prefixes = [sequence[: end + 1] for end in range(len(words))]
    return words, reader.predict(pad(prefixes), 128, verbose=0)[:, 0]


# %%
def show_reading(text, alt):
    words, opinions = read_slowly(text)
    figure, axis = plt.subplots(figsize=(10, 3.6))
    shades = plots.SIGNED(np.clip(0.5 + 1.3 * (opinions - 0.5), 0, 1))
    axis.bar(range(len(words)), opinions - 0.5, bottom=0.5, color=shades, edgecolor=plots.GREY)
    axis.axhline(0.5, color="black", linewidth=1)
    axis.set_xticks(range(len(words)), words, rotation=40, ha="right", rotation_mode="anchor")
    axis.set(
        ylim=(0, 1), yticks=[0, 0.5, 1], yticklabels=[_("crítica", "pan"), _("duda", "doubt"), _("elogio", "praise")]
    )
    axis.grid(axis="x", visible=False)
    plots.show(figure, alt)


# %% tags=["english"]
sentence = "I thought it would be a terrible film, but it was brilliant, and the music is superb"
show_reading(
    sentence,
    _(
        "La opinión de la red tras cada palabra: cae en terrible y sube en brilliant.",
        "The opinion of the network after each word: down at terrible, up at brilliant.",
    ),
)
opinions = read_slowly(sentence)[1]
ck.claim(_("caída al leer «terrible»", "fall on reading 'terrible'"), opinions[5] - opinions[6], at_least=0.1)
ck.claim(
    _("subida desde «terrible» hasta el final", "rise from 'terrible' to the end"),
    opinions[-1] - opinions[6],
    at_least=0.4,
)

# %% [markdown] lang="es"
# Mira dos lugares: *terrible* la empuja hacia abajo, y *brilliant* la hace cambiar de opinión. Con
# la frase contraria pasa lo contrario:

# %% [markdown] lang="en"
# Look at two places: *terrible* pushes it down, and *brilliant* makes it change its mind. With the
# opposite sentence the opposite happens:

# %% tags=["english"]
sentence = "I thought it would be a brilliant film, but it was terrible, and the music is dreadful"
show_reading(
    sentence,
    _(
        "La opinión de la red tras cada palabra: sube en brilliant y cae en terrible.",
        "The opinion of the network after each word: up at brilliant, down at terrible.",
    ),
)
opinions = read_slowly(sentence)[1]
ck.claim(
    _("bajada desde «brilliant» hasta el final", "fall from 'brilliant' to the end"),
    opinions[6] - opinions[-1],
    at_least=0.4,
)

# %% [markdown] lang="es"
# La red no dice por qué; solo vemos *cuándo* cambia. Prueba después con tus frases.

# %% [markdown] lang="en"
# The network does not say why; we only see *when* it changes. Try your own sentences next.

# %% [markdown] lang="es"
# ## Tus propias frases
#
# Escribe una opinión **en inglés**: la red no sabe español. Como te puede llegar cualquier cosa,
# `opinion` comprueba antes de preguntar, y responde con una probabilidad de elogio o con una frase
# clara.

# %% [markdown] lang="en"
# ## Your own sentences
#
# Write an opinion **in English**: the network knows no other language. As anything may arrive,
# `opinion` checks before it asks, and answers with a probability of praise or with one clear
# sentence.


# %%
def opinion(text):
    if not isinstance(text, str):
        return _("Dame un texto entre comillas.", "Give me a text in quotes.")
    sequence = encode(text)
    if len(sequence) == 0:
        return _("Aquí no hay ninguna palabra que leer.", "There is no word to read here.")
    if np.mean(sequence > 1) < 0.6:
        return _(
            "Conozco muy pocas de estas palabras: escribe en inglés.",
            "I know too few of these words: write in English.",
        )
    return float(read([text])[0])


# %% tags=["english"]
strange = ["", "¡¿...?!", "😀👍", "Una película maravillosa", "zxcvb qwrty", None, 42]
for text in strange:
    print(repr(text), "->", opinion(text))

# %% tags=["english"]
html = "<div class='x'>A <b>wonderful</b> film.<br /></div>"
texts = [html, "wonderful film " * 5000, "An awful, boring, stupid film 😡"]
answers = [opinion(text) for text in texts]
ck.claim(_("con HTML", "with HTML"), answers[0], at_least=0.5)
ck.claim(_("10 000 palabras", "10,000 words"), answers[1], at_least=0.5)
ck.claim(_("con emoji", "with an emoji"), answers[2], at_most=0.5)

# %% [markdown] lang="es"
# Nada de esto la rompe: las etiquetas se limpian, los emoji no cuentan, y de un texto larguísimo
# lee las 200 últimas palabras. Ahora tú: cambia la frase y ejecuta.

# %% [markdown] lang="en"
# None of this breaks it: tags are cleaned away, emoji don't count, and of a very long text it reads
# the last 200 words. Now you: change the sentence and run.

# %% tags=["english"]
my_sentence = "The actors are charming, but the story is so boring that I fell asleep"
answer = opinion(my_sentence)
if isinstance(answer, str):
    print(answer)
else:
    show_reading(
        " ".join(tokenize(my_sentence)[-25:]),
        _("La opinión de la red tras cada palabra.", "The opinion of the network after each word."),
    )

# %% [markdown] lang="es"
# ¿Consigues engañarla? Prueba con ironía (*what a masterpiece, I want my money back*), con dobles
# negaciones o con algo que no sea cine. Una red solo sabe de textos como los que leyó.

# %% [markdown] lang="en"
# Can you fool it? Try irony (*what a masterpiece, I want my money back*), double negations or
# something that is not about films. A network only knows about texts like those that it read.

# %% [markdown] lang="es"
# ## La palabra siguiente
#
# La misma celda sirve para otra tarea: leer unas palabras y adivinar la que sigue. Eso es un
# **modelo de lenguaje**. No hacen falta etiquetas: el texto trae sus propias respuestas. Usamos las
# dos primeras frases de cada opinión, con las 998 palabras más frecuentes; el 0 hace de punto.

# %% [markdown] lang="en"
# ## The next word
#
# The same cell serves another task: reading a few words and guessing the next one. That is a
# **language model**. No labels are needed: the text brings its own answers. We use the first two
# sentences of each review, with the 998 most frequent words; the 0 serves as a full stop.


# %%
def stream(texts, size=1000, length=20):
    sentences = [re.split(r"[.!?]+", text)[:2] for text in texts]
    parts = [np.append(encode(part), 0) for pair in sentences for part in pair]
    flat = np.concatenate([part for part in parts if len(part) > 3])
    flat[flat >= size] = 1
    rows = (len(flat) - 1) // length
    return flat[: rows * length].reshape(rows, -1), flat[1 : rows * length + 1].reshape(rows, -1)


def spell(sequence):
    return " ".join(vocabulary[i - 2] if i > 1 else ".?"[i] for i in sequence)


words_in, words_next = stream(x_fit)
print(spell(words_in[0]), spell(words_next[0]), sep="\n")

# %% [markdown] lang="es"
# La segunda fila es la primera, corrida un lugar: en cada paso, la respuesta es la palabra
# siguiente. El signo `?` marca una palabra que no está entre las frecuentes; de ella no se aprende
# (`ignore_class`). La última capa da un número (*logit*) por palabra, y softmax los vuelve
# probabilidades.

# %% [markdown] lang="en"
# The second row is the first one, shifted by one place: at each step, the answer is the next word.
# The sign `?` marks a word that is not among the frequent ones; nothing is learnt from it
# (`ignore_class`). The last layer gives a number (*logit*) for each word, and softmax turns them
# into probabilities.

# %%
keras.utils.set_random_seed(0)
embedding = layers.Embedding(1000, 64)
writer = keras.Sequential([layers.Input((20,)), embedding, layers.LSTM(96, return_sequences=True), layers.Dense(1000)])
embedding.set_weights([2.5 * vectors[:1000]])
batch_size, epochs = 64, 2

# %%
steps = epochs * -(-len(words_in) // batch_size)
schedule = keras.optimizers.schedules.CosineDecay(
    0.001, steps - steps // 4, warmup_target=0.015, warmup_steps=steps // 4
)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=1)
writer.compile(keras.optimizers.Adam(schedule), loss)
_ = writer.fit(words_in, words_next, batch_size, epochs, 0, callbacks=[ck.live.Progress()])

# %%
val_in, val_next = stream(x_val[:1000])
perplexity = np.exp(writer.evaluate(val_in, val_next, 64, verbose=0))
known = val_next[val_next != 1]
frequency = np.bincount(words_next[words_next != 1], minlength=1000) + 1
baseline = np.exp(-np.mean(np.log(frequency[known] / frequency.sum())))

# %%
ck.claim(
    _("perplejidad de la LSTM entre la de contar palabras", "perplexity of the LSTM over that of counting words"),
    perplexity / baseline,
    at_most=0.4,
)

# %% [markdown] lang="es"
# La **perplejidad** es $e$ elevado a la pérdida: entre cuántas palabras duda, de media. La promesa
# la divide por la de un modelo que solo sabe lo frecuente que es cada palabra: leer lo anterior
# reduce mucho la duda.
#
# ### La temperatura
#
# Para escribir, sorteamos la palabra siguiente según sus probabilidades. Antes dividimos los
# *logits* $z$ por una **temperatura** $T$:
#
# $$p_k = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}}$$
#
# Con $T$ pequeña gana casi siempre la más probable; con $T$ grande, todas se igualan.

# %% [markdown] lang="en"
# **Perplexity** is $e$ to the power of the loss: among how many words it hesitates, on average. The
# claim divides it by that of a model that only knows how frequent each word is: reading what came
# before reduces the doubt a lot.
#
# ### The temperature
#
# To write, we draw the next word by its probabilities. Before that we divide the *logits* $z$ by a
# **temperature** $T$:
#
# $$p_k = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}}$$
#
# With a small $T$ the most probable one wins nearly always; with a large $T$, all become alike.


# %%
def next_probabilities(sequence, temperature):
    sequence = sequence[-20:]
    logits = writer.predict_on_batch(pad([sequence], 20, after=True))[0, len(sequence) - 1]
    logits = logits.astype(float) / temperature
    logits[1] = -np.inf
    probabilities = np.exp(logits - logits.max())
    return probabilities / probabilities.sum()


# %% tags=["english"]
start = encode("this is one of the")
likely = np.argsort(-next_probabilities(start, 1))[:8]
likely_words = [spell([i]) for i in likely]
figure, axes = plt.subplots(1, 3, figsize=(10, 3.6), sharey=True)
for axis, T in zip(axes, (0.4, 1, 2.5), strict=True):
    axis.barh(likely_words, next_probabilities(start, T)[likely], color=plots.BLUE)
    axis.set(title=f"T = {T}", xlim=(0, 0.7), xlabel=_("probabilidad", "probability"))
axes[0].invert_yaxis()
plots.show(
    figure,
    _(
        "Las ocho palabras más probables tras «this is one of the», a tres temperaturas.",
        "The eight most probable words after 'this is one of the', at three temperatures.",
    ),
)

# %% [markdown] lang="es"
# Son las mismas ocho palabras: cambia el reparto. Ahora sorteamos palabra a palabra, y cada palabra
# sorteada vuelve a entrar como lectura.

# %% [markdown] lang="en"
# They are the same eight words: the shares change. Now we draw word after word, and each word drawn
# goes back in to be read.


# %% tags=["english"]
def write(start, temperature, count=14, seed=0):
    rng = np.random.default_rng(seed)
    sequence = list(encode(start))
    for _ in range(count):
        probabilities = next_probabilities(sequence, temperature)
        sequence.append(rng.choice(1000, p=probabilities))
    return spell(sequence)


temperatures = (0.3, 0.7, 1, 2)
written = [[write("this movie", T, seed=seed) for seed in (1, 2)] for T in temperatures]

# %%
figure, axis = plt.subplots(figsize=(10, 4))
axis.axis("off")
for row, (T, lines) in enumerate(zip(temperatures, written, strict=True)):
    axis.text(0, -row, f"T = {T}", weight="bold", color=plots.BLUE, va="center")
    axis.text(0.11, -row, "\n".join(lines), va="center", fontsize=14)
axis.set(xlim=(0, 1), ylim=(-3.5, 0.5))
plots.show(
    figure,
    _(
        "Dos textos escritos por la red a cada una de cuatro temperaturas.",
        "Two texts written by the network at each of four temperatures.",
    ),
)

# %% [markdown] lang="es"
# Fría, repite lo más trillado; caliente, dispara palabras sin orden. Entre las dos hay frases que
# casi suenan a opinión, escritas tras unos segundos de entrenamiento. Los grandes modelos de
# lenguaje hacen lo mismo, palabra tras palabra y con temperatura, con otra red y muchísimo más
# texto.

# %% [markdown] lang="en"
# Cold, it repeats what is most worn; hot, it fires words without order. In between there are
# sentences that almost sound like a review, written after a few seconds of training. Large language
# models do the same, word after word and with a temperature, with another network and a great deal
# more text.

# %% [markdown] lang="es"
# ## Tu turno
#
# Cambia los puntos (`...`) por tu respuesta y ejecuta la celda y la que le sigue. La solución está
# plegada debajo: ábrela después de intentarlo.
#
# ### Ejercicio 1: engaña a la bolsa
#
# Escribe en inglés dos frases distintas, de 4 palabras o más, que para la bolsa sean la misma fila.
# Que al menos una palabra cambie de lugar.

# %% [markdown] lang="en"
# ## Your turn
#
# Replace the dots (`...`) with your answer and run the cell and the one after it. The solution is
# folded below: open it after you have tried.
#
# ### Exercise 1: fool the bag
#
# Write two different sentences in English, of 4 words or more, that are the same row for the bag.
# At least one word must change its place.

# %%
two_sentences = [..., ...]


# %%
def same_bag(answer):
    first, second = map(tokenize, answer)
    return len(first) >= 4 and first != second and sorted(first) == sorted(second)


# %%
hint = _(
    "¿qué es lo único que la bolsa no guarda de una frase?",
    "what is the only thing about a sentence that the bag does not keep?",
)
ck.check(two_sentences, same_bag, hint)

# %% tags=["solution", "english"]
two_sentences = ["the dog bites the man", "the man bites the dog"]
ck.check(two_sentences, same_bag, hint)

# %% [markdown] lang="es"
# ### Ejercicio 2: cuenta los parámetros
#
# Dos LSTM, una hacia adelante y otra hacia atrás, con 50 unidades cada una, leen vectores de 20
# números. ¿Cuántos parámetros tienen entre las dos? ¿Y si las frases fueran el doble de largas?
# Responde con los dos números.

# %% [markdown] lang="en"
# ### Exercise 2: count the parameters
#
# Two LSTMs, one forwards and one backwards, with 50 units each, read vectors of 20 numbers. How
# many parameters do both have together? And if the sentences were twice as long? Answer with the
# two numbers.

# %%
parameters = [..., ...]

# %%
pair_of_lstms = layers.Bidirectional(layers.LSTM(50))
pair_of_lstms.build((None, 30, 20))
right = [pair_of_lstms.count_params()] * 2

# %%
hint = _(
    "cada LSTM tiene cuatro trozos, y cada unidad de un trozo mira el vector, el estado y un sesgo",
    "each LSTM has four pieces, and each unit of a piece looks at the vector, the state and a bias",
)
ck.check(parameters, right, hint)

# %% tags=["solution"]
parameters = [2 * 4 * 50 * (20 + 50 + 1)] * 2
ck.check(parameters, right, hint)

# %% [markdown] lang="es"
# ### Ejercicio 3: una memoria de un solo número
#
# Elige los pesos de `simple_rnn` con 1 unidad y 1 entrada para que **recuerde**: si en la secuencia
# hay un 1, el último estado debe pasar de 0.9, aunque después vengan 30 ceros; si solo hay ceros,
# debe quedar por debajo de 0.1. Responde con los tres números, en el orden $W_{xh}$, $W_{hh}$, $b$.

# %% [markdown] lang="en"
# ### Exercise 3: a memory of a single number
#
# Choose the weights of `simple_rnn` with 1 unit and 1 input so that it **remembers**: if there is a
# 1 in the sequence, the last state must be above 0.9, even if 30 zeros follow; if there are only
# zeros, it must stay below 0.1. Answer with the three numbers, in the order $W_{xh}$, $W_{hh}$,
# $b$.

# %%
memory = [..., ..., ...]


# %%
def remembers(answer):
    w_xh, w_hh, b = (np.full((1, 1), float(number)) for number in answer)
    seen, unseen = np.zeros((40, 1)), np.zeros((40, 1))
    seen[9] = 1
    last = [simple_rnn(x, w_xh, w_hh, b[0])[-1, 0] for x in (seen, unseen)]
    return last[0] > 0.9 and last[1] < 0.1


# %%
hint = _(
    "sin entrada, el estado debe alimentarse a sí mismo: ¿qué pasa con tanh si lo amplificas?",
    "without input, the state must feed itself: what happens to tanh if you amplify it?",
)
ck.check(memory, remembers, hint)

# %% tags=["solution"]
memory = [4, 3, 0]
ck.check(memory, remembers, hint)

# %% [markdown] lang="es"
# ### Ejercicio 4: una media con máscara
#
# Completa `masked_mean`: el promedio de los vectores de una frase **sin contar el relleno**.
# `embedded` tiene una fila por palabra, y `sequence`, los números de las palabras; el relleno es 0.
# La comparamos con una capa de Keras.

# %% [markdown] lang="en"
# ### Exercise 4: a mean with a mask
#
# Complete `masked_mean`: the average of the vectors of a sentence **without counting the padding**.
# `embedded` has a row for each word, and `sequence` the numbers of the words; padding is 0. We
# compare it with a layer of Keras.


# %%
def masked_mean(embedded, sequence):
    return ...


# %%
padded = pad([[5, 9, 7]], length=8)
pooling = layers.GlobalAveragePooling1D()
expected_mean = ops.convert_to_numpy(pooling(vectors[padded], mask=padded > 0))[0]

# %%
hint = _(
    "una comparación con 0 da la máscara; con ella eliges filas",
    "a comparison with 0 gives the mask; with it you choose rows",
)
ck.check(lambda: masked_mean(vectors[padded[0]], padded[0]), expected_mean, hint, tolerance=1e-5)


# %% tags=["solution"]
def masked_mean(embedded, sequence):
    return embedded[sequence > 0].mean(axis=0)


ck.check(lambda: masked_mean(vectors[padded[0]], padded[0]), expected_mean, hint, tolerance=1e-5)

# %% [markdown] lang="es"
# ### Ejercicio 5: ¿qué temperatura?
#
# Una red duda entre dos palabras con *logits* 2 y 0. ¿A qué temperatura recibe la primera una
# probabilidad de 0.75? Calcúlala con lápiz: te hará falta un logaritmo.

# %% [markdown] lang="en"
# ### Exercise 5: which temperature?
#
# A network hesitates between two words with *logits* 2 and 0. At which temperature does the first
# one get a probability of 0.75? Work it out with a pencil: you will need a logarithm.

# %%
my_temperature = ...

# %%
hint = _(
    "la primera debe ser tres veces más probable que la segunda: ¿cuánto vale su cociente según T?",
    "the first must be three times as probable as the second: what is their ratio in terms of T?",
)
ck.check(my_temperature, lambda T: abs(sigmoid(2 / T) - 0.75) < 0.005, hint)

# %% tags=["solution"]
my_temperature = 2 / np.log(3)
ck.check(my_temperature, lambda T: abs(sigmoid(2 / T) - 0.75) < 0.005, hint)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Un texto se vuelve números: limpiar, cortar, numerar. Cada paso pierde algo.
# - La bolsa de palabras es rápida y difícil de batir, pero ciega al orden.
# - Los vectores de palabras resumen con quién va cada palabra; salen de una SVD o de una red.
# - Una red recurrente usa los mismos pesos en cada paso; su gradiente se desvanece o explota.
# - La LSTM recuerda con una celda y compuertas, y la máscara le evita leer relleno.
# - La misma celda clasifica opiniones y escribe palabras.

# %% [markdown] lang="en"
# ## What we learned
#
# - A text becomes numbers: cleaning, cutting, numbering. Each step loses something.
# - The bag of words is fast and hard to beat, but blind to order.
# - Word vectors sum up the company that each word keeps; they come from an SVD or from a network.
# - A recurrent network uses the same weights at each step; its gradient vanishes or explodes.
# - The LSTM remembers with a cell and gates, and the mask spares it reading padding.
# - The same cell classifies reviews and writes words.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - Maas y otros (2011), *Learning word vectors for sentiment analysis*: las opiniones de IMDB.
# - Wang y Manning (2012), *Baselines and bigrams: simple, good sentiment and topic classification*:
#   por qué la bolsa con parejas es tan buena.
# - Levy y Goldberg (2014), *Neural word embedding as implicit matrix factorization*: los vectores y
#   la SVD.
# - Pascanu, Mikolov y Bengio (2013), *On the difficulty of training recurrent neural networks*;
#   Hochreiter y Schmidhuber (1997), *Long short-term memory*; Cho y otros (2014), *Learning phrase
#   representations using RNN encoder-decoder*: la GRU, una celda más corta.
# - Kaushik, Hovy y Lipton (2020), *Learning the difference that makes a difference with
#   counterfactually-augmented data*: frases contrarias para enseñar a leer.
# - Vaswani y otros (2017), *Attention is all you need*: lo que vino después.

# %% [markdown] lang="en"
# ## Further reading
#
# - Maas and others (2011), *Learning word vectors for sentiment analysis*: the IMDB reviews.
# - Wang and Manning (2012), *Baselines and bigrams: simple, good sentiment and topic
#   classification*: why the bag with pairs is so good.
# - Levy and Goldberg (2014), *Neural word embedding as implicit matrix factorization*: vectors and
#   the SVD.
# - Pascanu, Mikolov and Bengio (2013), *On the difficulty of training recurrent neural networks*;
#   Hochreiter and Schmidhuber (1997), *Long short-term memory*; Cho and others (2014), *Learning
#   phrase representations using RNN encoder-decoder*: the GRU, a shorter cell.
# - Kaushik, Hovy and Lipton (2020), *Learning the difference that makes a difference with
#   counterfactually-augmented data*: opposite sentences that teach reading.
# - Vaswani and others (2017), *Attention is all you need*: what came next.
