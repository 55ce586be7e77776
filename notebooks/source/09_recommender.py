# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Recomendar: adivinar los huecos de una tabla"
#       en: "Recommending: guessing the gaps of a table"
#     limits: {seconds: 60, cell_seconds: 20, memory_mb: 1400}
#     data: [clothes.npz]
#     needs: [mlp, autoencoder]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - calcular a mano qué nota pondría una persona a un producto que no conoce, a partir de personas o de productos
#   parecidos;
# - factorizar una tabla con huecos, con el gradiente escrito a mano y comprobado con Keras;
# - evaluar un recomendador sin hacerte trampas: por fechas, con referencias al lado y con medidas que no dicen lo mismo;
# - recomendar a quien acaba de llegar, y reconocer cuándo un recomendador se alimenta de sí mismo;
# - recomendar con las notas de tu propia clase.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos; leerla y resolverla, unas 2 horas y
# media. **Necesitas**: Python y la [[mlp]]; de la [[autoencoder]], solo las componentes principales.

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - compute by hand how many stars a person would give to a product that they do not know, from similar people or from
#   similar products;
# - factorise a table with gaps, with a gradient written by hand and checked against Keras;
# - evaluate a recommender without fooling yourself: split by date, beside baselines, with measures that disagree;
# - recommend to somebody who has just arrived, and recognise when a recommender feeds on itself;
# - recommend with the ratings of your own class.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores; reading and solving it, about 2 and a half
# hours. **You need**: Python and [[mlp]]; from [[autoencoder]], only the principal components.

# %%
import coursekit as ck

ck.setup(_("es", "en"))

# %%
figure, axis = ck.diagrams.canvas(16, 5)
steps = _(
    "tabla con huecos|el método predice|una lista de 10|las personas puntúan",
    "table with gaps|the method predicts|a list of 10|people rate",
).split("|")
for (x, y), step in zip([(2.6, 4), (8, 4), (13.4, 4), (8, 1)], steps, strict=True):
    ck.diagrams.box(axis, x, y, step, width=4.4, height=1.4)
arrows = [(4.8, 4, 5.8, 4), (10.2, 4, 11.2, 4), (13.4, 3.2, 10.3, 1), (5.7, 1, 2.6, 3.2)]
for left, low, right, high in arrows:
    ck.diagrams.arrow(axis, (left, low), (right, high))
axis.text(13.4, 1.3, _("lo que se muestra …", "what is shown …"), ha="center")
axis.text(2.7, 1.3, _("… es lo que se puntúa", "… is what gets rated"), ha="center")
alt = _(
    "Un círculo: tabla con huecos, predicción, lista de 10, personas que puntúan, y otra vez.",
    "A circle: table with gaps, prediction, list of 10, people who rate, and round again.",
)
ck.plots.show(figure, alt)

# %% [markdown] lang="es"
# Un **sistema de recomendación** adivina cuánto le gustaría a cada persona lo que todavía no conoce, y le muestra lo
# mejor. Sus datos son una tabla de personas y productos casi vacía. El círculo del dibujo es su poder y su riesgo: lo
# que muestra hoy decide de qué aprende mañana.
#
# ## Una tabla con huecos, a mano
#
# Cuatro personas han puntuado cinco productos, de 1 a 5. Un hueco no es un 0: es algo que no sabemos. (Muchas tiendas
# no tienen notas, sino clics o compras, opinión **implícita**: no haber hecho clic tampoco es un 0.) En NumPy lo
# escribimos `nan` (*not a number*).

# %% [markdown] lang="en"
# A **recommender system** guesses how much each person would like what they do not know yet, and shows them the best.
# Its data are a table of people and products that is almost empty. The circle in the drawing is its power and its
# risk: what it shows today decides what it learns from tomorrow.
#
# ## A table with gaps, by hand
#
# Four people have rated five products, from 1 to 5. A gap is not a 0: it is something that we do not know. (Many shops
# have no ratings but clicks or purchases, **implicit** feedback: not having clicked is not a 0 either.) In NumPy we
# write it as `nan` (not a number).

# %%
import numpy as np

gap = np.nan
people = ["Ana", "Bruno", "Carla", "David"]
table = np.array([[2, 5, gap, 4, gap], [gap, 1, 5, gap, 3], [5, 3, 4, 3, gap], [gap, 3, 5, 1, 1]])
print(table)

# %% [markdown] lang="es"
# ### ¿Quién se parece a quién?
#
# Tomemos los productos que han puntuado las dos personas, y midamos el **coseno** entre sus dos listas de notas: el
# producto escalar, dividido entre las dos longitudes. Vale 1 si las listas son proporcionales y −1 si son opuestas.

# %% [markdown] lang="en"
# ### Who is like whom?
#
# Let us take the products that two people have both rated, and measure the **cosine** between their two lists of
# ratings: the dot product, divided by the two lengths. It is 1 if the lists are proportional and −1 if they are
# opposite.


# %%
def cosine(a, b):
    both = ~np.isnan(a) & ~np.isnan(b)
    a, b = a[both], b[both]
    lengths = np.sqrt((a @ a) * (b @ b))
    return a @ b / lengths if lengths else 0.0


for name, row in zip(people[1:], table[1:], strict=True):
    print("Ana,", name, f"{cosine(table[0], row):.3f}")

# %% [markdown] lang="es"
# (`~` es «no» y `&` es «y», elemento a elemento.) ¿Ana y Bruno, iguales? Solo comparten el producto 2: ella le puso un
# 5 y él, un 1. Dos listas de un número positivo siempre tienen coseno 1, y como todas las notas son positivas, con este
# coseno todo el mundo se parece.
#
# ### Quitar la media
#
# Un 3 es una mala nota si viene de quien suele poner 5. A cada persona le restamos su media: queda cuánto *más* o cuánto
# *menos* de lo habitual le gustó cada cosa. El coseno de esas desviaciones es la **correlación de Pearson** (en su forma
# de libro, con la media de los productos comunes; aquí, con la de todas las notas de la persona).

# %% [markdown] lang="en"
# (`~` is "not" and `&` is "and", element by element.) Ana and Bruno the same? They only share product 2: she gave it a 5
# and he a 1. Two lists of one positive number always have cosine 1, and since all ratings are positive, by this cosine
# everybody is alike.
#
# ### Taking the mean off
#
# A 3 is a bad rating if it comes from somebody who usually gives 5. From each person we subtract their mean: what is
# left is how much *more* or *less* than usual they liked each thing. The cosine of those deviations is **Pearson's
# correlation** (in its textbook form, with the mean over the common products; here, over all of the person's ratings).

# %%
means = np.nanmean(table, axis=1)
deviations = table - means[:, None]
print("Ana:", deviations[0].round(2), " David:", deviations[3].round(2))
for name, row in zip(people[1:], deviations[1:], strict=True):
    print("Ana,", name, f"{cosine(deviations[0], row):.3f}")

# %% [markdown] lang="es"
# Ana y David comparten los productos 2 y 4: $1.33 \cdot 0.5 + 0.33 \cdot (-1.5) = 0.17$, dividido entre las longitudes
# $1.37 \cdot 1.58$, da 0.077 (con todos los decimales; con estos redondeos, 0.079). Ahora se ve que Ana y Carla tienen
# gustos contrarios. Y cuidado con Bruno: con un solo producto en común, la respuesta solo puede ser 1, −1 o 0. En la
# tabla grande lo corregiremos.

# %% [markdown] lang="en"
# Ana and David share products 2 and 4: $1.33 \cdot 0.5 + 0.33 \cdot (-1.5) = 0.17$, divided by the lengths
# $1.37 \cdot 1.58$, gives 0.077 (with all decimals; with these roundings, 0.079). Now it shows that Ana and Carla have
# opposite tastes. And beware of Bruno: with a single product in common, the answer can only be 1, −1 or 0. In the large
# table we will correct that.

# %% [markdown] lang="es"
# ### Predecir con personas: vecinos por usuario
#
# Para el hueco de la persona $u$ y el producto $i$, preguntamos a quienes sí lo puntuaron, los **vecinos** $v$. Cada
# desviación cuenta según la similitud $s_{uv}$; una similitud negativa da la vuelta a la opinión:
#
# $$\hat{r}_{ui} = \bar{r}_u + \frac{\sum_v s_{uv} (r_{vi} - \bar{r}_v)}{\sum_v |s_{uv}|}$$

# %% [markdown] lang="en"
# ### Predicting from people: user-based neighbours
#
# For the gap of person $u$ and product $i$, we ask those who did rate it, the **neighbours** $v$. Each deviation counts
# according to the similarity $s_{uv}$; a negative similarity turns the opinion round:
#
# $$\hat{r}_{ui} = \bar{r}_u + \frac{\sum_v s_{uv} (r_{vi} - \bar{r}_v)}{\sum_v |s_{uv}|}$$


# %%
def predict(table, u, i):
    means = np.nanmean(table, axis=1)
    deviations = table - means[:, None]
    raters = [v for v in range(len(table)) if v != u and not np.isnan(table[v, i])]
    s = np.array([cosine(deviations[u], deviations[v]) for v in raters])
    d = deviations[raters, i]
    terms = " + ".join(f"{a:.2f}·{b:.2f}" for a, b in zip(s, d, strict=True))
    value = means[u] + s @ d / np.abs(s).sum()
    return value, f"{means[u]:.2f} + ({terms}) / {np.abs(s).sum():.2f} = {value:.2f}"


# %%
gaps = np.argwhere(np.isnan(table))
for u, i in gaps:
    print(f"{people[u]}, {i + 1}:", predict(table, u, i)[1])

# %% [markdown] lang="es"
# Lee el último renglón: David no ha puntuado el producto 1. A Ana le gustó menos de lo habitual, pero se parece poco a
# él ($0.08$); a Carla le gustó más, y se parece bastante (0.43). Resultado: 3.31, por encima de la media de David, 2.50.
#
# ### Predecir con productos: vecinos por producto
#
# También podemos preguntar qué productos gustan a las mismas personas. Es la misma cuenta, con la tabla girada:
# `table.T` cambia filas por columnas.

# %% [markdown] lang="en"
# Read the last line: David has not rated product 1. Ana liked it less than usual, but she is little like him ($0.08$);
# Carla liked it more, and is quite like him (0.43). Result: 3.31, above David's mean of 2.50.
#
# ### Predicting from products: item-based neighbours
#
# We can also ask which products are liked by the same people. It is the same calculation, with the table turned:
# `table.T` swaps rows and columns.

# %%
for u, i in gaps:
    print(f"{people[u]}, {i + 1}:", predict(table.T, i, u)[1])

# %% [markdown] lang="es"
# Ahora la media es la del producto. Los dos métodos no están de acuerdo, y con seis huecos y tan pocos datos no hay
# manera de saber cuál acierta. Para eso necesitaremos personas cuyo gusto conozcamos de verdad.
#
# ### Ejercicio 1: solo los que se parecen
#
# Muchos programas usan solo vecinos de similitud positiva. ¿Qué nota predice así la fórmula para Ana y el producto 3?
# Calcúlalo a mano con los números de arriba. (Cambia los puntos, `...`, por tu respuesta y ejecuta la celda y la
# comprobación plegada que le sigue. Debajo está plegada la solución.)

# %% [markdown] lang="en"
# Now the mean is the product's. The two methods do not agree, and with six gaps and so little data there is no way to
# know which one is right. For that we will need people whose taste we really know.
#
# ### Exercise 1: only those who are alike
#
# Many programs only use neighbours of positive similarity. Which rating does the formula then predict for Ana and
# product 3? Compute it by hand from the numbers above. (Replace the dots, `...`, with your answer and run the cell and
# the folded check that follows. Below it the solution is folded.)

# %%
ana_3 = ...

# %% tags=["check"]
hint = _(
    "solo David se parece a Ana; si hay un solo vecino, su similitud se simplifica, y queda su desviación",
    "only David is like Ana; with a single neighbour its similarity cancels out, and its deviation remains",
)
ck.check(ana_3, means[0] + deviations[3, 2], hint, tolerance=0.011)

# %% tags=["solution"]
ana_3 = 3.67 + 0.08 * 2.5 / 0.08
ck.check(ana_3, means[0] + deviations[3, 2], hint, tolerance=0.011)

# %% [markdown] lang="es"
# ¡Un 6.17, en una escala hasta 5! David apenas se parece a Ana, pero, como es el único, cuenta del todo. Y a veces no
# queda nadie: ningún producto tiene similitud positiva con el 3, y entonces la fórmula divide 0 entre 0. Los remedios de
# siempre: recortar a la escala, confiar menos cuando hay pocos datos y, si no hay vecinos, responder la media.

# %% [markdown] lang="en"
# A 6.17, on a scale up to 5! David is hardly like Ana, but being the only one he counts in full. And sometimes nobody is
# left: no product has positive similarity with number 3, and then the formula divides 0 by 0. The usual remedies: clip
# to the scale, trust less where there is little data and, where there are no neighbours, answer the mean.

# %% [markdown] lang="es"
# ### Lo mismo, con una biblioteca y con matrices
#
# SciPy mide la *distancia* coseno, $1 - s$. Y con matrices rellenamos todos los huecos a la vez: `known` es la tabla de
# lo que se conoce (1) y lo que no (0), y un hueco, al pasar a 0, no suma. La función tiene ya dos de esos remedios:
# `shrink` encoge una similitud basada en pocos productos comunes, y `damp` acerca a la media, que es también la
# respuesta si no hay vecinos. Recortaremos a la escala al medir.

# %% [markdown] lang="en"
# ### The same, with a library and with matrices
#
# SciPy measures the cosine *distance*, $1 - s$. And with matrices we fill in all the gaps at once: `known` is the table
# of what is known (1) and what is not (0), and a gap, turned into 0, adds nothing. The function already holds two of
# these remedies: `shrink` shrinks a similarity based on few common products, and `damp` pulls towards the mean, which
# is also the answer if there are no neighbours. We will clip to the scale when we measure.


# %%
def neighbours(deviations, shrink=0.0, damp=0.0):
    known = (~np.isnan(deviations)).astype(float)
    z = np.nan_to_num(deviations)
    squares, common = z**2 @ known.T, known @ known.T
    s = z @ z.T / np.sqrt(np.maximum(squares * squares.T, 1e-12))
    s *= common / np.maximum(common + shrink, 1)
    np.fill_diagonal(s, 0)
    return s @ z / np.maximum(np.abs(s) @ known + damp, 1e-12)


# %%
from scipy.spatial.distance import cosine as cosine_distance

both = ~np.isnan(table[0] + table[3])
similarity = 1 - cosine_distance(deviations[0, both], deviations[3, both])
assert np.isclose(similarity, cosine(deviations[0], deviations[3]))
filled = means[:, None] + neighbours(deviations)
assert np.allclose(filled[gaps[:, 0], gaps[:, 1]], [predict(table, u, i)[0] for u, i in gaps])

# %% [markdown] lang="es"
# Los `assert` no protestan: la biblioteca, la cuenta a mano y las matrices coinciden.
#
# ## Mil personas inventadas
#
# El curso inventa 1000 personas que puntúan 400 prendas, durante un año. Cada prenda es una imagen de
# **Fashion-MNIST** (Xiao, Rasul y Vollgraf, 2017), de 28 × 28 píxeles y diez tipos. Como las inventamos nosotros,
# sabemos la verdad: cuánto le gustaría cada prenda a cada persona. En la vida real nadie la conoce.

# %% [markdown] lang="en"
# The `assert`s do not complain: the library, the calculation by hand and the matrices agree.
#
# ## A thousand invented people
#
# The course invents 1000 people who rate 400 pieces of clothing, over a year. Each piece is a picture of
# **Fashion-MNIST** (Xiao, Rasul and Vollgraf, 2017), of 28 × 28 pixels and ten kinds. Since we invented them, we know
# the truth: how much each person would like each piece. In real life nobody knows it.

# %%
from coursekit import ratings

world = ratings.invent(seed=0)
one_of_each = [np.flatnonzero(world.kinds == kind)[0] for kind in range(10)]
names = [
    *_("camiseta pantalón jersey vestido abrigo", "T-shirt trousers pullover dress coat").split(),
    *_("sandalia camisa zapatilla bolso botín", "sandal shirt sneaker bag boot").split(),
]
ck.plots.images(world.pictures[one_of_each], names)

# %% [markdown] lang="es"
# ¿Cómo puntúan? A cada persona la describen 6 números (sus gustos), y a cada prenda otros 6 (sus cualidades): dos
# tercios de la varianza de esas cualidades se ven en la imagen (tipo, tono, tamaño), y un tercio no. El agrado es
#
# $$3.2 + \text{generosidad de la persona} + \text{calidad de la prenda} + \text{gustos} \cdot \text{cualidades}$$
#
# y las estrellas son el agrado más el humor del día, un ruido, redondeado entre 1 y 5. Pero nadie puntúa lo que no se
# ha encontrado, y encontrarse con algo no es casual: la tienda enseña mucho unas pocas prendas, y cada cual busca
# lo que cree que le gustará. Hay prendas y personas que llegan a mitad de año. `world.log` guarda quién puntuó qué,
# cuánto y qué día.

# %% [markdown] lang="en"
# How do they rate? Each person is described by 6 numbers (their tastes), and each piece by another 6 (its qualities):
# two thirds of the variance of those qualities show in the picture (kind, shade, size), and a third does not. The
# liking is
#
# $$3.2 + \text{generosity of the person} + \text{quality of the piece} + \text{tastes} \cdot \text{qualities}$$
#
# and the stars are the liking plus the mood of the day, a noise, rounded between 1 and 5. But nobody rates what they
# have not met, and meeting something is no accident: the shop shows a few pieces a great deal, and everybody looks for
# what they expect to like. Some pieces and some people arrive halfway through the year. `world.log` holds who rated
# what, how highly and on which day.

# %%
counts = np.sort(np.bincount(world.log.product, minlength=400))[::-1]
labels = {
    "xlabel": _("prenda, de la más a la menos puntuada", "piece, from most to least rated"),
    "ylabel": _("número de notas", "number of ratings"),
}
alt = _(
    "Notas por prenda: unas pocas tienen cientos y una larga cola, muy pocas.",
    "Ratings per piece: a few have hundreds, and a long tail very few.",
)
ck.plots.curves(None, {"": counts}, alt=alt, height=3, **labels)
ck.claim(
    _("notas de la décima parte más vista", "ratings of the most seen tenth"),
    counts[:40].sum() / counts.sum(),
    at_least=0.33,
)
ck.claim(_("proporción de huecos", "share of gaps"), 1 - counts.sum() / 400_000, at_least=0.85)

# %% [markdown] lang="es"
# Es una **cola larga** (*long tail*), como la de los catálogos reales: la décima parte de las prendas reúne más del
# [[bound: ratings of the most seen tenth, %]] de las notas. Y al menos el [[bound: share of gaps, %]] de la tabla está
# vacío.
#
# ### Se divide por fechas
#
# Un recomendador predice el futuro, así que lo evaluamos con el futuro. Aprendemos con los 240 primeros días y
# elegimos con los 60 siguientes, la validación. Los 60 últimos los guardamos para el final. Si repartiéramos las notas
# al azar, el método podría aprender de opiniones posteriores a las que predice. Nos quedamos con las prendas que ya
# estaban en la tienda el día de la predicción.

# %% [markdown] lang="en"
# It is a **long tail**, as in real catalogues: a tenth of the pieces gathers more than
# [[bound: ratings of the most seen tenth, %]] of the ratings. And at least [[bound: share of gaps, %]] of the table are
# gaps.
#
# ### The split is by date
#
# A recommender predicts the future, so we evaluate it on the future. We learn from the first 240 days and choose on the
# next 60, the validation. The last 60 we keep for the end. If we split the ratings at random, the method could learn
# from opinions later than those that it predicts. We keep the pieces that were already in the shop on the day of the
# prediction.


# %%
def split(world, day):
    stars = world.log.table()
    when = np.full(stars.shape, np.inf)
    when[world.log.person, world.log.product] = world.log.time
    soon = (when >= day) & (when < day + 60) & (world.first_day < day)
    return np.where(when < day, stars, np.nan), np.where(soon, stars, np.nan)


past, later = split(world, 240)
print(past.shape)


# %% [markdown] lang="es"
# ### Sin referencias, un número no dice nada
#
# Medimos el error con la raíz del error cuadrático medio (**RMSE**), en estrellas. Y empezamos por lo más simple: la
# media de todo, y después la media más dos **sesgos**, cuánto se aparta cada prenda y cuánto cada persona. Al dividir
# entre el número de notas *más 5*, quien tiene pocas se queda cerca de 0.

# %% [markdown] lang="en"
# ### Without a baseline, a number says nothing
#
# We measure the error by the root of the mean squared error (**RMSE**), in stars. And we begin with the simplest: the
# mean of everything, and then the mean plus two **biases**, by how much each piece departs from it, and each person.
# Dividing by the number of ratings *plus 5* keeps those that have few close to 0.


# %%
def rmse(predicted, stars):
    return np.sqrt(np.nanmean((np.clip(predicted, 1, 5) - stars) ** 2))


def biases(table):
    mean = np.nanmean(table)
    known = ~np.isnan(table)
    piece = np.nansum(table - mean, axis=0) / (known.sum(axis=0) + 5)
    person = np.nansum(table - mean - piece, axis=1) / (known.sum(axis=1) + 5)
    return mean + piece + person[:, None]


# %%
base = biases(past)
ck.claim(_("RMSE de la media", "RMSE of the mean"), rmse(np.full(past.shape, np.nanmean(past)), later), at_least=0.95)
ck.claim(_("RMSE de los sesgos", "RMSE of the biases"), rmse(base, later), at_least=0.75, at_most=0.95)
ck.claim(_("RMSE de la verdad", "RMSE of the truth"), rmse(world.expected, later), at_least=0.5, at_most=0.65)

# %% [markdown] lang="es"
# La última línea solo la tiene quien inventó a las personas: `world.expected` es la nota que cada una pondría en
# promedio. Ni siquiera así el error es 0, por el humor y el redondeo. En promedio, nadie puede bajar de ahí; el juego
# está entre las dos últimas líneas.
#
# ## Vecinos, en la tabla grande
#
# Usamos `neighbours` con lo que los sesgos no explican. ¿Cuánto hay que encoger una similitud con pocos productos en
# común? Lo decide la validación.

# %% [markdown] lang="en"
# Only those who invented the people have the last line: `world.expected` is the rating that each one would give on
# average. Even so the error is not 0, because of mood and rounding. On average, nobody can get below it; the game is
# played between the last two lines.
#
# ## Neighbours, in the large table
#
# We use `neighbours` on what the biases do not explain. By how much must a similarity with few products in common be
# shrunk? The validation decides.


# %%
def user_based(table, shrink=10):
    return biases(table) + neighbours(table - biases(table), shrink, 0.5)


def item_based(table, shrink=10):
    return biases(table) + neighbours((table - biases(table)).T, shrink, 0.5).T


# %%
tried = [0, 3, 10, 30]
user_errors = [rmse(user_based(past, shrink), later) for shrink in tried]
item_errors = [rmse(item_based(past, shrink), later) for shrink in tried]

# %%
series = {_("por usuario", "user-based"): user_errors, _("por producto", "item-based"): item_errors}
labels = {
    "xlabel": _("shrink: cuánto se encoge la similitud", "shrink: by how much similarity shrinks"),
    "ylabel": _("RMSE en validación", "validation RMSE"),
}
alt = _(
    "RMSE según shrink: por usuario y por producto, el peor valor es 0; los dos quedan por debajo de los sesgos.",
    "RMSE by shrink: user-based and item-based, 0 is the worst; both stay below the biases.",
)
ck.plots.curves(tried, series, alt=alt, level=(_("sesgos", "biases"), rmse(base, later)), **labels)

# %% [markdown] lang="es"
# Encoger ayuda, aunque poco: el mayor error está en 0 y el menor, en 30, pero de 10 a 30 apenas cambia, y nos quedamos
# con 10. Los vecinos mejoran los sesgos. Muchos programas usan solo los $k$ más parecidos, otro número que elegir. Y
# tienen un límite: dos personas sin prendas en común no se pueden ayudar.
#
# ## Factorizar: gustos y cualidades
#
# ¿Y si aprendemos para cada persona $u$ unos números $p_u$, sus gustos, y para cada prenda $i$ otros tantos $q_i$, sus
# cualidades, de modo que el producto escalar prediga lo que los sesgos $b_u$ y $c_i$ no explican?
#
# $$\hat{r}_{ui} = m + b_u + c_i + p_{u1} q_{i1} + p_{u2} q_{i2} + \dots$$
#
# Escrito para toda la tabla, es el producto de una matriz alta por una ancha: **factorización de matrices** (Koren,
# Bell y Volinsky, 2009). Nadie nos da los gustos ni las cualidades: se aprenden todos a la vez, por descenso de
# gradiente.

# %% [markdown] lang="en"
# Shrinking helps, though only a little: the largest error is at 0 and the smallest at 30, but from 10 to 30 hardly
# anything changes; our choice is 10, and the neighbours improve on the biases. Many programs use only the $k$ most
# similar ones, another number to choose. And they have a limit: two people without pieces in common cannot help each
# other.
#
# ## Factorising: tastes and qualities
#
# What if we learn for each person $u$ a few numbers $p_u$, their tastes, and for each piece $i$ as many $q_i$, its
# qualities, so that the dot product predicts what the biases $b_u$ and $c_i$ do not explain?
#
# $$\hat{r}_{ui} = m + b_u + c_i + p_{u1} q_{i1} + p_{u2} q_{i2} + \dots$$
#
# Written for the whole table, it is the product of a tall matrix and a wide one: **matrix factorisation** (Koren, Bell
# and Volinsky, 2009). Nobody gives us the tastes or the qualities: they are all learnt at once, by gradient descent.

# %% [markdown] lang="es"
# ### El gradiente de una sola nota
#
# Con un solo gusto y una sola cualidad, $\hat{r} = m + b + c + p\,q$. La pérdida de una nota $r$ es el error
# $e = \hat{r} - r$ al cuadrado, más un precio $\lambda$ por los números grandes (L2):
#
# $$L = \tfrac{1}{2} e^2 + \tfrac{\lambda}{2} (b^2 + c^2 + p^2 + q^2)$$
#
# $$\frac{\partial L}{\partial b} = e + \lambda b \qquad \frac{\partial L}{\partial c} = e + \lambda c$$
#
# $$\frac{\partial L}{\partial p} = e\,q + \lambda p \qquad \frac{\partial L}{\partial q} = e\,p + \lambda q$$
#
# A la persona la mueve la cualidad de la prenda, y a la prenda, el gusto de la persona. Un ejemplo: $m = 3.5$,
# $b = 0.2$, $c = -0.1$, $p = 0.5$, $q = 0.4$, $\lambda = 0.1$ y una nota de 5. Entonces $\hat{r} = 3.8$, $e = -1.2$ y
# $\frac{\partial L}{\partial p} = -1.2 \cdot 0.4 + 0.1 \cdot 0.5 = -0.43$. Comprobémoslo moviendo $p$ una milésima.

# %% [markdown] lang="en"
# ### The gradient for a single rating
#
# With one taste and one quality, $\hat{r} = m + b + c + p\,q$. The loss of a rating $r$ is the error $e = \hat{r} - r$
# squared, plus a price $\lambda$ for large numbers (L2):
#
# $$L = \tfrac{1}{2} e^2 + \tfrac{\lambda}{2} (b^2 + c^2 + p^2 + q^2)$$
#
# $$\frac{\partial L}{\partial b} = e + \lambda b \qquad \frac{\partial L}{\partial c} = e + \lambda c$$
#
# $$\frac{\partial L}{\partial p} = e\,q + \lambda p \qquad \frac{\partial L}{\partial q} = e\,p + \lambda q$$
#
# The person is moved by the quality of the piece, and the piece by the taste of the person. An example: $m = 3.5$,
# $b = 0.2$, $c = -0.1$, $p = 0.5$, $q = 0.4$, $\lambda = 0.1$ and a rating of 5. Then $\hat{r} = 3.8$, $e = -1.2$ and
# $\frac{\partial L}{\partial p} = -1.2 \cdot 0.4 + 0.1 \cdot 0.5 = -0.43$. Let us check it by moving $p$ by a
# thousandth.


# %%
def loss(b=0.2, c=-0.1, p=0.5, q=0.4):
    error = 3.5 + b + c + p * q - 5
    return error**2 / 2 + 0.1 / 2 * (b**2 + c**2 + p**2 + q**2)


print(f"{(loss(p=0.501) - loss(p=0.499)) / 0.002:.2f}")

# %% [markdown] lang="es"
# ### Ejercicio 2: la otra mitad
#
# Calcula con las fórmulas, para el mismo ejemplo, la derivada respecto a $q$ y la derivada respecto a $c$. ¿En qué
# sentido se moverá cada número, si el descenso va contra el gradiente?

# %% [markdown] lang="en"
# ### Exercise 2: the other half
#
# Compute by the formulas, for the same example, the derivative with respect to $q$ and the derivative with respect to
# $c$. In which direction will each number move, if the descent goes against the gradient?

# %%
slope_q, slope_c = ..., ...

# %% tags=["check"]
hint = _(
    "el error es −1.2; multiplícalo por el otro factor y suma el precio por el propio número",
    "the error is −1.2; multiply it by the other factor and add the price times the number itself",
)
ck.check([slope_q, slope_c], [-0.56, -1.21], hint, tolerance=0.005)

# %% tags=["solution"]
slope_q, slope_c = -1.2 * 0.5 + 0.1 * 0.4, -1.2 + 0.1 * -0.1
ck.check([slope_q, slope_c], [-0.56, -1.21], hint, tolerance=0.005)

# %% [markdown] lang="es"
# Las dos son negativas: los dos números subirán, y con ellos la predicción, que se quedaba corta.
#
# ### Un lote de notas
#
# Con $K$ gustos no cambia nada: cada uno tiene su línea. Guardamos el sesgo en la columna 0 de `p` y de `q`, y los
# gustos y cualidades en las demás. `slopes` hace la cuenta para un lote de notas, una por fila.

# %% [markdown] lang="en"
# Both are negative: both numbers will go up, and with them the prediction, which fell short.
#
# ### A batch of ratings
#
# With $K$ tastes nothing changes: each has its own line. We keep the bias in column 0 of `p` and of `q`, and tastes and
# qualities in the others. `slopes` does the calculation for a batch of ratings, one in each row.


# %%
import math


def slopes(p, q, stars, mean, price):
    error = mean + p[:, 0] + q[:, 0] + np.sum(p[:, 1:] * q[:, 1:], axis=1) - stars
    one = np.ones((len(stars), 1))
    for_p = error[:, None] * np.hstack([one, q[:, 1:]]) + price * p
    for_q = error[:, None] * np.hstack([one, p[:, 1:]]) + price * q
    return for_p, for_q


# %% [markdown] lang="es"
# Una época recorre todas las notas en lotes de unas 200. Una misma persona puede salir varias veces en un lote:
# `np.add.at` suma todas sus pendientes, mientras que `p[u] -= ...` se quedaría solo con la última.

# %% [markdown] lang="en"
# An epoch goes through all the ratings in batches of about 200. The same person may come up several times in a batch:
# `np.add.at` adds up all their slopes, whereas `p[u] -= ...` would keep only the last one.


# %%
def factorise(table, size=8, price=0.05, epochs=20, rate=0.05):
    rng = np.random.default_rng(0)
    person, piece = np.nonzero(~np.isnan(table))
    stars, mean = table[person, piece], np.nanmean(table)
    p, q = (rng.normal(0, 0.1, (count, size + 1)) for count in table.shape)
    for _ in range(epochs):
        for part in np.array_split(rng.permutation(len(stars)), math.ceil(len(stars) / 200)):
            u, i = person[part], piece[part]
            for_p, for_q = slopes(p[u], q[i], stars[part], mean, price)
            np.add.at(p, u, -rate * for_p)
            np.add.at(q, i, -rate * for_q)
    return mean, p, q


# %%
def all_stars(mean, p, q):
    return mean + p[:, :1] + q[:, 0] + p[:, 1:] @ q[:, 1:].T


# %% [markdown] lang="es"
# ### ¿Cuántos gustos, y a qué precio?
#
# La validación decide. Probamos 2, 4, 8 y 16 gustos, sin precio ($\lambda = 0$) y con él.

# %% [markdown] lang="en"
# ### How many tastes, and at what price?
#
# The validation decides. We try 2, 4, 8 and 16 tastes, without a price ($\lambda = 0$) and with it.

# %% tags=["slow"]
sizes = [2, 4, 8, 16]
errors = {}
for price in (0, 0.05):
    errors[price] = [rmse(all_stars(*factorise(past, size, price)), later) for size in sizes]

# %%
series = {f"$\\lambda = {price}$": values for price, values in errors.items()}
labels = {"xlabel": _("número de gustos", "number of tastes"), "ylabel": _("RMSE en validación", "validation RMSE")}
alt = _(
    "Sin precio, el error crece a partir de 4 gustos; con precio es menor, y el mínimo está en 8.",
    "Without a price the error grows from 4 tastes on; with it, it is smaller, and the minimum is at 8.",
)
ck.plots.curves(sizes, series, alt=alt, **labels)

# %%
free, priced = errors[0][3], errors[0.05][2]
ck.claim(_("RMSE con 16 gustos, sin precio", "RMSE with 16 tastes, no price"), free, at_least=0.8)
ck.claim(_("RMSE con 8 gustos y precio", "RMSE with 8 tastes and a price"), priced, at_most=0.82)

# %% [markdown] lang="es"
# Sin precio, el error baja hasta 4 gustos y después crece: es lo que se espera del sobreajuste, cuando sobran números
# para aprender de memoria el humor de cada día. Con precio, el error es menor, y el mínimo está en 8 gustos. (Las
# personas se inventaron con 6; el método no lo sabía.)
#
# ### Lo mismo en Keras: dos embeddings y un producto
#
# Una capa de **embedding** es una tabla que da un vector por número, como en las palabras de otras lecciones: una para
# las personas y otra para las prendas. La capa `Price` suma a la pérdida, con `add_loss`, el precio de los vectores del
# lote. Con los mismos pesos y el mismo lote, un paso de SGD debe dar los mismos números que `slopes`.

# %% [markdown] lang="en"
# Without a price, the error falls up to 4 tastes and then grows: this is what we expect of overfitting, when there are
# numbers to spare for learning each day's mood by heart. With it, the error is smaller, and the minimum is at 8 tastes.
# (The people were invented with 6; the method did not know.)
#
# ### The same in Keras: two embeddings and a product
#
# An **embedding layer** is a table that gives a vector for each number, as for the words of other lessons: one for the
# people and one for the pieces. The layer `Price` adds to the loss, with `add_loss`, the price of the vectors in the
# batch. With the same weights and the same batch, a step of SGD must give the same numbers as `slopes`.

# %%
import keras
from keras import layers, ops


# %%
class Price(layers.Layer):
    def __init__(self, price):
        super().__init__()
        self.price = price

    def call(self, vectors):
        self.add_loss(self.price / 2 * ops.sum(vectors**2))
        return vectors


# %%
def embeddings(shape, size, price):
    ids = [layers.Input((), dtype="int32") for _ in shape]
    tables = [layers.Embedding(count, size + 1) for count in shape]
    return ids, [Price(price)(table(number)) for table, number in zip(tables, ids, strict=True)]


def half_squares(stars, predicted):
    return ops.sum((predicted - stars) ** 2) / 2


# %%
mean, p, q = factorise(past, epochs=1)
ids, (taste, quality) = embeddings(past.shape, 8, 0.05)
output = ops.sum(taste[:, 1:] * quality[:, 1:], axis=1) + taste[:, 0] + quality[:, 0] + mean
twin = keras.Model(ids, output)

# %%
twin.set_weights([p, q])
u, i = (column[:200] for column in np.nonzero(~np.isnan(past)))
assert np.allclose(twin([u, i]), all_stars(mean, p, q)[u, i], atol=1e-5)

# %%
twin.compile(keras.optimizers.SGD(0.05), half_squares)
twin.train_on_batch([u, i], past[u, i])
for_p, for_q = slopes(p[u], q[i], past[u, i], mean, 0.05)
np.add.at(p, u, -0.05 * for_p)
np.add.at(q, i, -0.05 * for_q)
for ours, theirs in zip((p, q), twin.get_weights(), strict=True):
    assert np.allclose(ours, theirs, atol=1e-5)

# %% [markdown] lang="es"
# Los `assert` no protestan: las predicciones coinciden y, después de un paso, los pesos también.
#
# ### ¿Y una red?
#
# El producto escalar es una sola manera de combinar los dos vectores. Demos los mismos $p$ y $q$ a una red pequeña, y
# que los combine como quiera: recibe los 9 números de cada uno y sus 9 productos. Los vectores quedan fijos, y se
# aprendieron para el producto escalar: esta prueba no dice qué haría una red con vectores propios.

# %% [markdown] lang="en"
# The `assert`s do not complain: the predictions agree and, after one step, so do the weights.
#
# ### And a network?
#
# The dot product is only one way of combining the two vectors. Let us give the same $p$ and $q$ to a small network, and
# let it combine them as it likes: it receives the 9 numbers of each and their 9 products. The vectors stay fixed, and
# they were learnt for the dot product: this trial does not say what a network with vectors of its own would do.

# %%
keras.utils.set_random_seed(0)
network = keras.Sequential([layers.Input((27,)), layers.Dense(32, "relu"), layers.Dense(1)])
network.compile(keras.optimizers.Adam(0.003), "mse", steps_per_execution=10)
network.optimizer.build(network.trainable_variables)
start = network.get_weights()
optimizer_start = [ops.convert_to_numpy(number) for number in network.optimizer.variables]


# %%
def pairs(p, q, u, i):
    return np.hstack([p[u], q[i], p[u] * q[i]]).astype("float32")


def network_stars(table, mean, p, q):
    keras.utils.set_random_seed(0)
    network.set_weights(start)
    for number, value in zip(network.optimizer.variables, optimizer_start, strict=True):
        number.assign(value)
    u, i = np.nonzero(~np.isnan(table))
    network.fit(pairs(p, q, u, i), table[u, i] - mean, batch_size=200, epochs=2, verbose=0)
    u, i = (column.ravel() for column in np.indices(table.shape))
    return mean + network.predict(pairs(p, q, u, i), batch_size=20_000, verbose=0).reshape(table.shape)


# %% [markdown] lang="es"
# (Antes de cada entrenamiento, la red y su optimizador vuelven al principio.) Ya están todos: comparémoslos en la
# validación.

# %% [markdown] lang="en"
# (Before each training, the network and its optimizer go back to the start.) Now we have them all: let us compare them
# on the validation.

# %%
method_names = [_("sesgos", "biases"), _("vecinos por usuario", "user-based"), _("vecinos por producto", "item-based")]
method_names += [_("factorización", "factorisation"), _("red", "network"), _("la verdad", "the truth")]


def all_predictions(world, past):
    factors = factorise(past)
    simple = [biases(past), user_based(past), item_based(past)]
    return [*simple, all_stars(*factors), network_stars(past, *factors), world.expected]


# %% tags=["slow"]
predicted = dict(zip(method_names, all_predictions(world, past), strict=True))
method_errors = [rmse(stars, later) for stars in predicted.values()]
alt = _("RMSE en validación de cada método, y el de la verdad.", "Validation RMSE of each method, and of the truth.")
labels = {"xlabel": _("RMSE en validación", "validation RMSE"), "xlim": (0, 0.9)}
ck.plots.bars(list(predicted), {"": method_errors}, alt=alt, **labels)

# %% [markdown] lang="es"
# Cada método mejora a los anteriores, salvo la red: con estos vectores no mejora la factorización. Esto no prueba que
# una red sea peor: aquí ni aprende sus propios vectores ni hemos ajustado su tamaño. Tampoco es del todo justo con los
# vecinos: de ellos solo ajustamos `shrink`, y entre cuatro valores. Pero Rendle y sus colegas (2020) mostraron que un
# producto escalar bien ajustado es difícil de superar.

# %% [markdown] lang="en"
# Each method improves on those before it, except the network: with these vectors it does not improve on the
# factorisation. This does not prove that a network is worse: here it neither learns its own vectors nor has had its
# size tuned. Nor is it quite fair to the neighbours: of theirs we tuned only `shrink`, among four values. But Rendle
# and his colleagues (2020) showed that a well-tuned dot product is hard to beat.

# %% [markdown] lang="es"
# ## De estrellas a listas
#
# Casi nadie usa un recomendador para leer predicciones: se mira una lista corta. La lista de una persona la forman las
# 10 prendas de mayor predicción entre las que no ha puntuado. La medimos con **recall@10**: de las prendas que la
# persona encontró después y puntuó con 4 o 5, ¿qué proporción estaba en su lista? (Si fueron más de 10, dividimos entre
# 10; promediamos entre las personas a las que después les gustó alguna. El orden dentro de la lista no cuenta; en otras
# medidas, como NDCG, sí.) La referencia es la **popularidad**: mostrar a todos lo más puntuado. (`take_along_axis` lee,
# en cada fila, las columnas que nombra su lista.)

# %% [markdown] lang="en"
# ## From stars to lists
#
# Hardly anybody reads predictions: one looks at a short list. A person's list is made of the 10 pieces with the highest
# prediction among those that they have not rated. We measure it by **recall@10**: of the pieces that the person met
# later and rated 4 or 5, which share was on their list? (If there were more than 10, we divide by 10; we average over
# the people who later liked at least one. The order within the list does not count; in other measures, such as NDCG, it
# does.) The baseline is **popularity**: showing everybody what is rated most. (`take_along_axis` reads, in each row,
# the columns that its list names.)


# %%
def top(score, allowed, length=10):
    return np.argsort(np.where(allowed, -score, np.inf), axis=1)[:, :length]


def recall(lists, wanted):
    some = wanted.any(axis=1)
    hits = np.take_along_axis(wanted, lists, axis=1).sum(axis=1)
    return np.mean(hits[some] / np.minimum(wanted[some].sum(axis=1), 10))


# %%
allowed = np.isnan(past) & (world.first_day < 240)
liked = later >= 4
popularity = np.log(1 + np.sum(~np.isnan(past), axis=0)) + np.zeros(past.shape)
orders = {_("popularidad", "popularity"): popularity, **predicted}
recalls = [recall(top(score, allowed), liked) for score in orders.values()]
alt = _(
    "Recall@10 en validación: la popularidad supera a todos los métodos, y también a la verdad.",
    "Validation recall@10: popularity is ahead of all methods, and of the truth, too.",
)
ck.plots.bars(list(orders), {"": recalls}, xlabel=_("recall@10 en validación", "validation recall@10"), alt=alt)

# %%
chance = np.random.default_rng(0).random(past.shape)
ck.claim(_("recall@10 al azar", "recall@10 by chance"), recall(top(chance, allowed), liked), at_most=0.045)
ck.claim(_("recall@10 de la popularidad", "recall@10 of popularity"), recalls[0], at_least=0.18)
ck.claim(_("recall@10 de la factorización", "recall@10 of the factorisation"), recalls[4], at_most=0.16)
ck.claim(_("recall@10 de la verdad", "recall@10 of the truth"), recalls[-1], at_most=0.22)

# %% [markdown] lang="es"
# ¡Gana la popularidad! (Una lista al azar no llega a [[bound: recall@10 by chance]].) Y gana incluso a **la verdad**, a
# quien sabe exactamente cuánto le gustaría cada prenda a cada cual. No es un error de programación. Solo podemos contar
# como acierto lo que la persona *encontró*, y lo que más se encuentra es lo popular. En este mundo, la medida premia
# más adivinar los encuentros que los gustos. (Cremonesi, Koren y Turrin mostraron en 2010 que un RMSE menor no da por
# fuerza listas mejores.)

# %% [markdown] lang="en"
# Popularity wins! (A random list stays below [[bound: recall@10 by chance]].) And it even beats **the truth**, which
# knows exactly how much each person would like each piece. It is not a bug. We can only count as a hit what the person
# *met*, and what is met most is what is popular. In this world, the measure rewards guessing the meetings more than
# guessing the tastes. (Cremonesi, Koren and Turrin showed in 2010 that a smaller RMSE does not have to give better
# lists.)

# %% [markdown] lang="es"
# ### Encontrarlo y que guste
#
# La probabilidad de encontrar algo y que guste es un producto:
# $P(\text{encontrarlo}) \cdot P(\text{que guste, si se encuentra})$. Lo primero lo sabe la popularidad; lo segundo, las
# estrellas. El logaritmo de un producto es una suma, así que ordenamos por
# $\log(1 + \text{número de notas}) + w \cdot \text{estrellas predichas}$, y el peso $w$ lo elige la validación. (El
# número de notas hace de probabilidad de encontrarla, y $w$ por las estrellas, de logaritmo de la de que guste: es una
# aproximación.)

# %% [markdown] lang="en"
# ### Meeting it and liking it
#
# The probability of meeting something and liking it is a product:
# $P(\text{meeting it}) \cdot P(\text{liking it, if met})$. Popularity knows about the first; the stars about the
# second. The logarithm of a product is a sum, so we order by
# $\log(1 + \text{number of ratings}) + w \cdot \text{predicted stars}$, and the weight $w$ is chosen by the validation.
# (The number of ratings stands in for the probability of meeting it, and $w$ times the stars for the logarithm of that
# of liking it: an approximation.)

# %%
weights = [0, 0.5, 1, 1.5, 2, 3]
series = {
    name: [recall(top(popularity + w * np.clip(stars, 1, 5), allowed), liked) for w in weights]
    for name, stars in list(predicted.items())[1:]
}
labels = {
    "xlabel": _("peso w de las estrellas", "weight w of the stars"),
    "ylabel": _("recall@10 en validación", "validation recall@10"),
}
alt = _(
    "Recall@10 según el peso de las estrellas: sube desde la popularidad, peso 0, hasta un peso cercano a 1 y baja después.",
    "Recall@10 by the weight of the stars: it rises from popularity, weight 0, to a weight near 1 and then falls.",
)
ck.plots.curves(weights, series, alt=alt, height=4.6, **labels)

# %% [markdown] lang="es"
# A la izquierda, $w = 0$, está la popularidad. Con $w = 1$ todos los métodos que aprenden gustos la superan; lo
# usaremos para todos, también para los sesgos, que no están en la figura.
#
# ### Ejercicio 3: cobertura
#
# Un acierto no lo es todo. La **cobertura** es la proporción de prendas que aparecen en la lista de *alguien*. Escribe
# `coverage`, a partir de las listas (una fila de 10 números por persona) y del número de prendas del catálogo.

# %% [markdown] lang="en"
# On the left, $w = 0$, stands popularity. With $w = 1$ all the methods that learn tastes are ahead of it; we will use
# it for all, the biases included, which are not in the figure.
#
# ### Exercise 3: coverage
#
# A hit is not everything. **Coverage** is the share of pieces that appear on *somebody's* list. Write `coverage`, from
# the lists (a row of 10 numbers for each person) and the number of pieces in the catalogue.


# %%
def coverage(lists, pieces):
    return ...


# %% tags=["check"]
def three_cases():
    repeated = np.array([[0, 1], [1, 2], [2, 0]])
    return [coverage(repeated, 4), coverage(repeated, 3), coverage(np.arange(6).reshape(3, 2), 12)]


hint = _(
    "una prenda que sale en muchas listas cuenta una vez: ¿cuántos números distintos hay?",
    "a piece that is on many lists counts once: how many different numbers are there?",
)
ck.check(three_cases, [0.75, 1, 0.5], hint)


# %% tags=["solution"]
def coverage(lists, pieces):
    return len(np.unique(lists)) / pieces


ck.check(three_cases, [0.75, 1, 0.5], hint)

# %% [markdown] lang="es"
# ## La prueba, una sola vez
#
# Ya está todo elegido. Ahora aprendemos con los 300 primeros días y predecimos los 60 últimos, en cinco mundos
# inventados con cinco semillas. Además de RMSE y recall@10, medimos la cobertura, la **novedad** (la media de $-\log_2$
# de la proporción de personas que ya habían puntuado cada prenda mostrada: 1 si la mitad, 2 si un cuarto) y lo que en
# la vida real no se puede medir: el **recall@10 verdadero**, con las 10 prendas que a cada persona le gustarían más
# entre las que no conoce. La popularidad no predice estrellas: en las figuras, sus dos barras son la misma.

# %% [markdown] lang="en"
# ## The test, only once
#
# All has been chosen. Now we learn from the first 300 days and predict the last 60, in five worlds invented with five
# seeds. Besides RMSE and recall@10, we measure coverage, **novelty** (the mean of $-\log_2$ of the share of people who
# had already rated each piece shown: 1 if half had, 2 if a quarter) and what cannot be measured in real life: the
# **true recall@10**, with the 10 pieces that each person would like most among those that they do not know. Popularity
# predicts no stars: in the figures, its two bars are the same.


# %%
def measures(score, world, past, later):
    allowed = np.isnan(past) & (world.first_day < 300)
    lists = top(score, allowed)
    best = np.zeros(past.shape, bool)
    np.put_along_axis(best, top(world.expected, allowed), True, axis=1)
    share = np.mean(~np.isnan(past), axis=0)
    novelty = -np.log2(np.maximum(share, 0.001))[lists].mean()
    return [recall(lists, later >= 4), recall(lists, best), len(np.unique(lists)) / past.shape[1], novelty]


# %%
def one_world(seed):
    world = ratings.invent(seed=seed)
    past, later = split(world, 300)
    popular = np.log(1 + np.sum(~np.isnan(past), axis=0)) + np.zeros(past.shape)
    rows = [[np.nan, *measures(popular, world, past, later) * 2]]
    for stars in all_predictions(world, past):
        by_stars = measures(stars, world, past, later)
        by_both = measures(popular + np.clip(stars, 1, 5), world, past, later)
        rows.append([rmse(stars, later), *by_stars, *by_both])
    chance = np.random.default_rng(seed).random(past.shape)
    return [*rows, [np.nan, *measures(chance, world, past, later) * 2]]


# %% tags=["slow"]
results = np.array([one_world(seed=0 + k) for k in range(5)])
print(results.shape)

# %%
mean_errors = results[:, 1:7, 0].mean(axis=0)
alt = _(
    "RMSE en la prueba, media de cinco mundos, de cada método y de la verdad.",
    "Test RMSE, mean of five worlds, of each method and of the truth.",
)
ck.plots.bars(method_names, {"": mean_errors}, xlabel=_("RMSE en la prueba", "test RMSE"), xlim=(0, 0.9), alt=alt)

# %%
distance = results[:, 4, 0] - results[:, 6, 0]
ck.claim(_("factorización, menos la verdad", "factorisation, minus the truth"), distance.max(), at_most=0.18)
gain = results[:, 1, 0] - results[:, 4, 0]
ck.claim(_("sesgos, menos factorización", "biases, minus factorisation"), gain.min(), at_least=0.05)
lost = results[:, 5, 0] - results[:, 4, 0]
ck.claim(_("red, menos factorización", "network, minus factorisation"), lost.min(), at_least=0)

# %% [markdown] lang="es"
# En el peor de los cinco mundos, el error de la factorización queda a menos de
# [[bound: factorisation, minus the truth]] estrellas del de la verdad.

# %% [markdown] lang="en"
# In the worst of the five worlds, the error of the factorisation stays within
# [[bound: factorisation, minus the truth]] stars of that of the truth.


# %%
def compare(by_stars, by_both, rows, xlabel, alt):
    series = {
        _("por estrellas", "by stars"): results[:, :rows, by_stars].mean(axis=0),
        _("por popularidad y estrellas", "by popularity and stars"): results[:, :rows, by_both].mean(axis=0),
    }
    ck.plots.bars(list(orders)[:rows], series, xlabel=xlabel, alt=alt)


# %%
alt = _(
    "Recall@10 en la prueba. Por estrellas, todos quedan por debajo de la popularidad; con las dos cosas, por encima.",
    "Test recall@10. By stars, all are below popularity; by both, above it.",
)
compare(1, 5, 7, _("recall@10 en la prueba, media de cinco mundos", "test recall@10, mean of five worlds"), alt)

# %%
margin = (results[:, :, 5] - results[:, :1, 5]).min(axis=0)
ck.claim(_("ventaja de los vecinos por usuario", "margin of user-based neighbours"), margin[2], at_least=0.01)
ck.claim(_("ventaja de los vecinos por producto", "margin of item-based neighbours"), margin[3], at_least=0.015)
ck.claim(_("ventaja de la factorización", "margin of the factorisation"), margin[4], at_least=0.03)
ck.claim(_("ventaja de la red", "margin of the network"), margin[5], at_least=0.03)

# %% [markdown] lang="es"
# Son las ventajas sobre la popularidad en recall@10 de las listas por popularidad y estrellas (barras naranjas), en el
# peor de los cinco mundos: los cuatro métodos que aprenden gustos la superan en todos. Fíjate en la red: con peor RMSE
# que la factorización, aquí queda más o menos igual; un RMSE algo peor no da por fuerza una lista peor. ¿Y si medimos
# lo que de verdad les gustaría?

# %% [markdown] lang="en"
# These are the margins over popularity in recall@10 of the lists by popularity and stars (orange bars), in the worst of
# the five worlds: the four methods that learn tastes beat it in all of them. Look at the network: with a worse RMSE
# than the factorisation, here it comes out about the same; a slightly worse RMSE need not give a worse list. And if we
# measure what they would truly like?

# %%
alt = _(
    "Recall@10 verdadero: por estrellas, todos los métodos superan con mucho a la popularidad, que es la última.",
    "True recall@10: by stars, all methods are far ahead of popularity, which comes last.",
)
compare(2, 6, 6, _("recall@10 verdadero, media de cinco mundos", "true recall@10, mean of five worlds"), alt)

# %%
ck.claim(
    _("recall@10 verdadero de la popularidad", "true recall@10 of popularity"), results[:, 0, 2].max(), at_most=0.08
)
ck.claim(
    _("y de la factorización, por estrellas", "and of the factorisation, by stars"),
    results[:, 4, 2].min(),
    at_least=0.28,
)
ck.claim(_("y de listas al azar", "and of random lists"), results[:, 7, 2].max(), at_most=0.04)
apart = np.abs(results[:, 0, 2] - results[:, 7, 2]).max()
ck.claim(_("distancia entre popularidad y azar", "distance from popularity to chance"), apart, at_most=0.025)

# %% [markdown] lang="es"
# La popularidad, que por estrellas nadie superaba, es ahora la última, más o menos a la altura de una lista al azar; y
# las listas por estrellas, que perdían frente a las de popularidad y estrellas, ahora les ganan. (Falta la verdad, que
# por estrellas tendría un 1.) La lista que mejor adivina qué encontrará la gente no es la que más le gustaría (cuánto
# se separan depende de cómo hemos inventado los encuentros; en una tienda real nadie lo sabe). Con datos de una tienda
# solo se ve la primera medida: quien la toma por la segunda puede acabar recomendando lo que ya conoce todo el mundo.
# Dos remedios son mostrar algo al azar a unas pocas personas y preguntarles, o dar más peso a lo que se encuentra poco
# (Schnabel et al., 2016, con notas reales de abrigos).

# %% [markdown] lang="en"
# Popularity, which no list by stars could beat, now comes last, about level with a random list; and the lists by stars,
# which lost to those by popularity and stars, now beat them. (The truth is left out: by stars it would score 1.) The
# list that best guesses what people will meet is not the one that they would like most (how far apart the two lie
# depends on how we invented the meetings; in a real shop nobody knows). The data of a shop only show the first measure:
# whoever takes it for the second may end up recommending what everybody knows already. Two remedies are to show
# something at random to a few people and ask them, or to give more weight to what is seldom met (Schnabel et al., 2016,
# with real ratings of coats).

# %%
alt = _(
    "Cobertura: la menor es la de los sesgos, por estrellas; las mayores, también por estrellas, red, verdad y factorización.",
    "Coverage: the least is that of the biases, by stars; the greatest, also by stars, network, truth and factorisation.",
)
compare(3, 7, 7, _("cobertura", "coverage"), alt)
covered = results[:, :, 3]
ck.claim(_("cobertura de los sesgos", "coverage of the biases"), covered[:, 1].max(), at_most=0.2)
ck.claim(_("cobertura de la factorización", "coverage of the factorisation"), covered[:, 4].min(), at_least=0.35)

# %%
alt = _(
    "Novedad: menos de 2 bits en cuanto interviene la popularidad; por estrellas, alrededor de 4.",
    "Novelty: less than 2 bits wherever popularity takes part; by stars, around 4.",
)
compare(4, 8, 7, _("novedad, en bits", "novelty, in bits"), alt)
ck.claim(_("novedad de la popularidad", "novelty of popularity"), results[:, 0, 4].max(), at_most=1.8)
ck.claim(_("novedad de la factorización", "novelty of the factorisation"), results[:, 4, 4].min(), at_least=3.8)

# %% [markdown] lang="es"
# Los sesgos, por estrellas, muestran casi lo mismo a todo el mundo. (La popularidad cubre más de lo que cabría esperar
# porque mucha gente ya ha puntuado lo más popular, y su lista sigue más abajo.) Y en cuanto interviene la popularidad,
# hay pocas sorpresas. No hay un ganador único: hay que decidir qué se quiere.
#
# ## Las listas, en imágenes
#
# Cinco personas, una por fila. A la izquierda, 4 prendas que puntuaron con un 5; en medio, las 4 primeras de su lista
# por estrellas; a la derecha, las 4 que más les gustarían de verdad. A ojo cuesta juzgarlas, porque un tercio de la
# varianza de sus cualidades no se ve: por eso, debajo, contamos las estrellas que valen de verdad las listas de todo el
# mundo.

# %% [markdown] lang="en"
# The biases, by stars, show nearly the same to everybody. (Popularity covers more than one would expect because many
# people have already rated what is most popular, and their list goes on further down.) And wherever popularity takes
# part, there are few surprises. There is no single winner: one has to decide what is wanted.
#
# ## The lists, as pictures
#
# Five people, one in each row. On the left, 4 pieces that they rated 5; in the middle, the first 4 of their list by
# stars; on the right, the 4 that they would truly like most. They are hard to judge by eye, because a third of the
# variance of the qualities does not show: so, below, we count the stars that everybody's lists are truly worth.

# %%
known, _future = split(world, 300)
stars = all_stars(*factorise(known))
open_now = np.isnan(known) & (world.first_day < 300)
fans = np.flatnonzero(np.sum(known == 5, axis=1) >= 8)[:5]
rows = []
for u in fans:
    loved = np.flatnonzero(known[u] == 5)[:4]
    listed, best = (top(score[[u]], open_now[[u]], 4)[0] for score in (stars, world.expected))
    rows += [np.hstack(world.pictures[group]) for group in (loved, listed, best)]

# %% tags=["varies"]
heads = [_("puntuaron con un 5", "rated 5"), _("su lista", "their list"), _("la verdad", "the truth")]
alt = _(
    "Cinco filas de tres grupos de cuatro prendas: las que gustaron, las de la lista y las que más gustarían.",
    "Five rows of three groups of four pieces: those liked, those of the list and those that they would like most.",
)
ck.plots.images(rows, heads + [""] * 12, columns=3, alt=alt)

# %%
chosen = top(stars, open_now)
expected = np.take_along_axis(world.expected, chosen, axis=1).mean()
by_chance = world.expected[open_now].mean()
ideal = np.take_along_axis(world.expected, top(world.expected, open_now), axis=1).mean()
ck.claim(_("estrellas de verdad, al azar", "true stars, at random"), by_chance, at_most=3.4)
ck.claim(_("estrellas de verdad, en las listas", "true stars, on the lists"), expected, at_least=4)
ck.claim(_("estrellas de verdad, en las mejores", "true stars, of the best"), ideal, at_least=4.5)

# %% [markdown] lang="es"
# ## Quien acaba de llegar: el arranque en frío
#
# Hasta aquí hemos usado solo notas, las de cada cual y las de los demás: es el **filtrado colaborativo**
# (*collaborative filtering*), y en las figuras lo llamamos *compañía*. De una prenda nueva no hay notas, y la compañía
# no dice nada; pero tiene **contenido**, su imagen. Aprendamos a pasar de la imagen a las cualidades $q$: componentes
# principales (el código lineal de la [[autoencoder]]) y una regresión lineal con un precio para sus pesos (`Ridge`).
# Como prueba escondemos las notas de 80 prendas al azar.

# %% [markdown] lang="en"
# ## Whoever has just arrived: the cold start
#
# So far we have used only ratings, each person's own and everybody else's: this is **collaborative filtering**, and in
# the figures we call it *company*. A new piece has no ratings, and company says nothing; but it has **content**, its
# picture. Let us learn to go from the picture to the qualities $q$: principal components (the linear code of
# [[autoencoder]]) and a linear regression with a price on its weights (`Ridge`). As a test we hide the ratings of 80
# pieces drawn at random.

# %%
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge

new = np.random.default_rng(0).permutation(400)[:80]
hidden_table = world.log.table()
hidden_table[:, new] = np.nan
mean, p, q = factorise(hidden_table)

# %%
codes = PCA(10, whiten=True, random_state=0).fit_transform(world.pictures.reshape(400, -1))
old = np.setdiff1d(np.arange(400), new)
from_picture = Ridge(10).fit(codes[old], q[old]).predict(codes)

# %% [markdown] lang="es"
# Cuando llegan notas, con los gustos $p$ ya fijos, la pendiente respecto a $q$ es lineal: no lleva cuadrados ni
# productos de sus números, y podemos resolver dónde vale 0 en lugar de descender: un sistema de 9 ecuaciones. `start`
# es lo que creemos sin notas; el precio $\lambda = 1$ nos mantiene cerca mientras haya pocas.

# %% [markdown] lang="en"
# When ratings arrive, with the tastes $p$ already fixed, the slope with respect to $q$ is linear: it has no squares or
# products of its numbers, and we can solve for where it is 0 instead of descending: a system of 9 equations. `start` is
# what we believe without ratings; the price $\lambda = 1$ keeps us close to it while there are few.


# %%
def introduce(start, tastes, stars):
    x = np.hstack([np.ones((len(stars), 1)), tastes[:, 1:]])
    error = mean + tastes[:, 0] + x @ start - stars
    return start - np.linalg.solve(x.T @ x + np.eye(len(start)), x.T @ error)


def cold_error(starts, count):
    # es: las dos curvas, con las mismas personas y humores
    # en: both curves with the same people and moods
    rng, q_new = np.random.default_rng(count), q.copy()
    for piece in new:
        who = rng.permutation(1000)[:count]
        stars = world.rate(who, np.full(count, piece), rng)
        q_new[piece] = introduce(starts[piece], p[who], stars)
    return rmse(all_stars(mean, p, q_new)[:, new], world.expected[:, new])


# %%
asked = [0, 1, 2, 5, 10, 20, 50]
no_idea = np.tile(q[old].mean(axis=0), (400, 1))
by_company = [cold_error(no_idea, count) for count in asked]
by_both = [cold_error(from_picture, count) for count in asked]

# %%
series = {_("solo compañía", "company only"): by_company, _("contenido y compañía", "content and company"): by_both}
labels = {
    "xlabel": _("notas de la prenda nueva", "ratings of the new piece"),
    "ylabel": _("RMSE frente a la verdad", "RMSE from the truth"),
}
alt = _(
    "Error según el número de notas: las dos curvas bajan; con contenido empieza más abajo, y con 50 coincide.",
    "Error by the number of ratings: both curves fall; with content it starts lower, and with 50 they coincide.",
)
ck.plots.curves(asked, series, alt=alt, **labels)

# %%
ck.claim(
    _("ganancia del contenido con 1 nota", "gain of the content with 1 rating"),
    by_company[1] - by_both[1],
    at_least=0.01,
)
ck.claim(_("diferencia con 50 notas", "difference with 50 ratings"), abs(by_company[6] - by_both[6]), at_most=0.03)
ck.claim(
    _("ventaja de 5 notas sobre la imagen sola", "advantage of 5 ratings over the picture alone"),
    by_both[0] - by_company[3],
    at_least=0.02,
)

# %% [markdown] lang="es"
# La imagen ayuda mientras hay pocas notas. Pero la imagen no lo dice todo (un tercio no se ve, y diez componentes con
# una regresión lineal no tienen por qué captar todo lo que sí se ve): 5 notas sin imagen ya dan menos error que la
# imagen sin notas, y con 50 la imagen apenas importa. (Cada punto es un solo sorteo de personas: las diferencias
# pequeñas pueden ser ruido.) Para eso sirve enseñar un poco lo nuevo.
#
# ### Ejercicio 4: la persona nueva
#
# Alguien entra en la tienda por primera vez: no tiene notas, y sus sesgos y gustos son 0. ¿Qué 10 prendas tendrá su
# lista por estrellas, según `q`, si están permitidas todas? Escribe sus números, de la mejor a la décima.

# %% [markdown] lang="en"
# The picture helps while there are few ratings. But the picture does not tell everything (a third does not show, and
# ten components with a linear regression need not see all that does): 5 ratings without the picture already give a
# smaller error than the picture without ratings, and with 50 the picture hardly matters. (Each point is a single draw
# of people: small differences may be noise.) That is what showing new things a little is for.
#
# ### Exercise 4: the new person
#
# Somebody enters the shop for the first time: they have no ratings, and their biases and tastes are 0. Which 10 pieces
# will their list by stars hold, according to `q`, if all are allowed? Write their numbers, from the best to the tenth.

# %%
first_list = ...

# %% tags=["check"]
hint = _(
    "sin gustos, de la predicción solo queda la media más el sesgo de la prenda: la columna 0 de q",
    "without tastes, all that is left of the prediction is the mean plus the bias of the piece: column 0 of q",
)
right_list = top(all_stars(mean, np.zeros((1, 9)), q), np.ones((1, 400), bool))[0]
ck.check(first_list, right_list, hint)

# %% tags=["solution"]
first_list = np.argsort(-q[:, 0])[:10]
ck.check(first_list, right_list, hint)

# %% [markdown] lang="es"
# Quien llega recibe, como todos los que llegan, las prendas con el sesgo aprendido más alto. Por eso muchas
# aplicaciones empiezan preguntando qué te gusta.
#
# ## El círculo: un recomendador que se alimenta de sí mismo
#
# Volvamos al dibujo del principio. Simulemos diez rondas con 200 personas nuevas, en tres pueblos inventados con tres
# semillas. Cada una empieza con 10 prendas al azar; después, en cada ronda, le mostramos 5, las puntúa y el método
# aprende otra vez, solo de lo que se ha mostrado. `learn` aprende 4 gustos, con $\lambda = 0.1$ y solo 10 épocas,
# porque son muchas repeticiones; ninguna validación ha elegido esos números, pero son los mismos para todas las maneras
# que aprenden. Contamos qué parte del catálogo no sale en ninguna lista; las 10 prendas del principio no cuentan.

# %% [markdown] lang="en"
# Whoever arrives receives, like all newcomers, the pieces with the highest learnt bias. That is why many applications
# begin by asking what you like.
#
# ## The circle: a recommender that feeds on itself
#
# Back to the drawing at the beginning. Let us simulate ten rounds with 200 new people, in three towns invented with
# three seeds. Each begins with 10 pieces at random; then, in each round, we show them 5, they rate them and the method
# learns again, only from what was shown. `learn` learns 4 tastes, with $\lambda = 0.1$ and only 10 epochs, because
# there are many repetitions; no validation chose these numbers, but they are the same for every way that learns. We
# count what share of the catalogue appears on no list; the 10 pieces at the start do not count.


# %%
def show(town, table, lists, rng):
    person = np.repeat(np.arange(len(table)), lists.shape[1])
    table[person, lists.ravel()] = town.rate(person, lists.ravel(), rng)


def learn(table):
    return all_stars(*factorise(table, size=4, price=0.1, epochs=10))


# %%
def ten_rounds(town, choose, seed):
    rng, table = np.random.default_rng(seed), np.full(town.liking.shape, np.nan)
    show(town, table, rng.random(table.shape).argsort(axis=1)[:, :10], rng)
    began, never = ~np.isnan(table), []
    for _ in range(10):
        show(town, table, top(choose(town, table, rng), np.isnan(table), 5), rng)
        shown = ~np.isnan(table) & ~began
        never.append(1 - shown.any(axis=0).mean())
    return [*never, rmse(learn(table), town.expected), town.expected[shown].mean()]


# %% [markdown] lang="es"
# Cinco maneras de elegir, con todo lo demás igual. **Recomendar** lo de mayor predicción. **Explorar**: 4 de las 5
# prendas como antes y 1 al azar. **Encuesta**, el control: el mismo método, con el mismo número de notas, pero de una
# encuesta sobre prendas al azar; también recomienda lo de mayor predicción, y lo que muestra no decide de qué aprende.
# Todo al **azar**. Y **la verdad**, que muestra a cada cual lo que más le gustaría. En la figura, la línea es la media
# de los tres pueblos, y la banda va del menor al mayor.

# %% [markdown] lang="en"
# Five ways of choosing, with all the rest the same. **Recommend** what has the highest prediction. **Explore**: 4 of
# the 5 pieces as before and 1 at random. **Survey**, the control: the same method, with the same number of ratings, but
# from a survey about random pieces; it also recommends what has the highest prediction, and what it shows does not
# decide what it learns from. All at **random**. And **the truth**, which shows everybody what they would like most. In
# the figure, the line is the mean of the three towns, and the band goes from the lowest to the highest.


# %%
def recommend(town, table, rng, places=0):
    score, luck = learn(table), np.where(np.isnan(table), rng.random(table.shape), -1)
    lucky = np.argsort(-luck, axis=1)[:, :places]
    np.put_along_axis(score, lucky, np.inf, axis=1)
    return score


# %%
def survey(town, table, rng):
    asked, count = np.full(table.shape, np.nan), np.sum(~np.isnan(table[0]))
    # es: en cada ronda, las mismas respuestas que en la anterior y 5 más
    # en: in each round, the same answers as in the last one and 5 more
    order = np.random.default_rng(1).random(table.shape).argsort(axis=1)
    show(town, asked, order[:, :60], np.random.default_rng(2))
    np.put_along_axis(asked, order[:, count:], np.nan, axis=1)
    return learn(asked)


# %%
ways = {
    _("recomendar", "recommend"): recommend,
    _("explorar", "explore"): lambda town, table, rng: recommend(town, table, rng, 1),
    _("encuesta", "survey"): survey,
    _("la verdad", "the truth"): lambda town, table, rng: town.expected,
    _("azar", "random"): lambda town, table, rng: rng.random(table.shape),
}

# %% tags=["slow"]
towns = [ratings.invent(seed=0 + k, people=200) for k in range(3)]
runs = {name: np.array([ten_rounds(town, way, k) for k, town in enumerate(towns)]) for name, way in ways.items()}

# %%
labels = {"xlabel": _("ronda", "round"), "ylabel": _("proporción nunca mostrada", "share never shown")}
alt = _(
    "Proporción de prendas que no salen en ninguna lista: recomendar se queda muy por encima de la verdad; explorar baja casi a 0.",
    "Share of pieces that appear on no list: recommending stays far above the truth; exploring falls almost to 0.",
)
ck.plots.curves(None, {name: run[:, :10] for name, run in runs.items()}, alt=alt, ylim=(0, 1), **labels)

# %%
fed, explored, outside, ideal, random = runs.values()
ck.claim(_("nunca mostradas, recomendar", "never shown, recommending"), fed[:, 9].min(), at_least=0.5)
ck.claim(_("nunca mostradas, encuesta", "never shown, survey"), outside[:, 9].min(), at_least=0.45)
ck.claim(_("nunca mostradas, la verdad", "never shown, the truth"), ideal[:, 9].max(), at_most=0.4)
ck.claim(_("nunca mostradas, explorar", "never shown, exploring"), explored[:, 9].max(), at_most=0.05)

# %%
circle = (fed - outside)[:, 9].min()
ck.claim(
    _("nunca mostradas, recomendar menos encuesta", "never shown, recommending minus survey"), circle, at_least=0.03
)
worth = (outside - fed)[:, 11].min()
ck.claim(_("estrellas, encuesta menos recomendar", "stars, survey minus recommending"), worth, at_least=0.02)
ck.claim(_("estrellas que cuesta explorar", "stars that exploring costs"), (fed - explored)[:, 11].max(), at_most=0.2)
ck.claim(_("error que ahorra explorar", "error that exploring saves"), (fed - explored)[:, 10].min(), at_least=0.01)
ck.claim(_("error que ahorra el azar", "error that random saves"), (fed - random)[:, 10].min(), at_least=0.05)

# %% [markdown] lang="es"
# Tras diez rondas, más de la mitad del catálogo no ha salido en ninguna lista de recomendar; con la verdad queda fuera
# mucho menos: el gusto de la gente no lo explica. ¿Es culpa del círculo? Solo en parte. La encuesta, con el mismo
# método y fuera del círculo, también deja mucho sin mostrar: quizá, con pocas notas y un entrenamiento corto, apueste
# por lo que gusta a casi todos (no lo hemos probado). Sin ese control habríamos culpado de todo al círculo. La
# diferencia aparece hacia la ronda 5 y crece, y las listas de la encuesta valen algo más. Pero el control no es
# perfecto: la encuesta puede mostrar a alguien aquello por lo que ya le preguntó, y eso es una ventaja; el círculo
# quizá explique menos.

# %% [markdown] lang="en"
# After ten rounds, more than half of the catalogue has appeared on no list of the recommending method; with the truth
# far less is left out: people's taste does not explain it. Is the circle to blame? Only in part. The survey, with the
# same method and outside the circle, also leaves much unshown; perhaps, with few ratings and a short training, it bets
# on what almost everybody likes (we have not tested this). Without that control we would have blamed the circle for
# everything. The difference appears from about round 5 and grows, and the survey's lists are worth a little more. But
# the control is not perfect: the survey may show a person what it has already asked them about, which is an advantage;
# the circle may explain less.

# %% [markdown] lang="es"
# Las dos últimas líneas son cuánto menor es el error, frente a la verdad y en toda la tabla, al
# explorar y al mostrar al azar que al recomendar: el método que se alimenta de sí mismo aprende
# menos. Explorar con una prenda de cada cinco muestra casi todo el catálogo (para eso bastan los
# 2000 puestos al azar: las otras cuatro pueden ser tan poco variadas como antes), enseña más al
# método y cuesta menos de [[bound: stars that exploring costs]] estrellas. (Chaney, Stewart y
# Engelhardt estudiaron este círculo en 2018.)

# %% [markdown] lang="en"
# The last two lines are how much smaller the error against the truth is, over the whole table, when
# exploring and when showing at random than when recommending: the method that feeds on itself
# learns less. Exploring with one piece in five shows almost the whole catalogue (the 2000 random
# places are enough for that: the other four may be as little varied as before), teaches the method
# more and costs less than [[bound: stars that exploring costs]] stars. (Chaney, Stewart and
# Engelhardt studied this circle in 2018.)

# %% [markdown] lang="es"
# ### Ejercicio 5 (abierto): el precio de explorar
#
# Con 2 lugares al azar de cada 5, ¿qué estrellas de media tendrá lo mostrado? Escribe **primero** tu predicción (el 2 y
# las estrellas) y pasa la comprobación, que la admite con un margen de 0.15; después mide en una celda nueva con
# `ten_rounds(towns[0], lambda *given: recommend(*given, 2), 0)[-1]` y explica la diferencia.

# %% [markdown] lang="en"
# ### Exercise 5 (open): the price of exploring
#
# With 2 random places in every 5, how many stars will the pieces shown have on average? Write your prediction **first**
# (the 2 and the stars) and run the check, which allows a margin of 0.15; then measure in a new cell with
# `ten_rounds(towns[0], lambda *given: recommend(*given, 2), 0)[-1]` and explain the difference.

# %%
my_places, my_prediction = ..., ...


# %% tags=["check"]
def predicts_well(answer):
    places, guess = answer
    measured = ten_rounds(towns[0], lambda *given: recommend(*given, places), 0)[-1]
    return 1 <= places <= 5 and abs(guess - measured) < 0.15


hint = _(
    "con 0 al azar y con 5 al azar ya se ha medido: fed[0, 11] y random[0, 11]; busca en medio",
    "with 0 at random and with 5 at random it has been measured: fed[0, 11] and random[0, 11]; look in between",
)
ck.check([my_places, my_prediction], predicts_well, hint)

# %% tags=["solution"]
# es: si lo medido supera esta recta, quizá lo mostrado al azar enseña al método y los otros lugares aciertan más
# en: if the measured value lies above this line, perhaps what is shown at random teaches the method and helps the rest
my_places = 2
my_prediction = fed[0, 11] + 2 / 5 * (random[0, 11] - fed[0, 11])
ck.check([my_places, my_prediction], predicts_well, hint)

# %% [markdown] lang="es"
# ## Las notas de tu clase
#
# Prepara en una hoja de cálculo una tabla con una persona por fila y un libro, una serie o una canción por columna;
# deja vacío lo que no se conoce y guárdala como CSV en la carpeta de este cuaderno, con el nombre que está en la celda
# siguiente. `ratings.read` la lee con coma o punto decimal, separada por comas, puntos y coma o tabuladores, y en las
# codificaciones habituales (UTF-8 o la de Windows); también lee los archivos de MovieLens (`u.data`, `ratings.dat`,
# `ratings.csv`) y de MovieTweetings, que debes descargar tú (las licencias de MovieLens restringen compartir sus
# archivos, y las más antiguas lo prohíben sin permiso). Si no hay archivo, usamos una clase inventada.

# %% [markdown] lang="en"
# ## The ratings of your class
#
# In a spreadsheet, prepare a table with a person in each row and a book, a series or a song in each column; leave empty
# what is not known, and save it as CSV in the folder of this notebook, under the name in the next cell. `ratings.read`
# reads it with a decimal comma or point, separated by commas, semicolons or tabs, and in the usual encodings (UTF-8 or
# the Windows one); it also reads the files of MovieLens (`u.data`, `ratings.dat`, `ratings.csv`) and of MovieTweetings,
# which you must download yourself (the licences of MovieLens restrict the sharing of its files, and the older ones
# forbid it without permission). If there is no file, we use an invented class.

# %%
import tempfile
from pathlib import Path

my_file = Path(_("mi_clase.csv", "my_class.csv"))
invented = _(
    ";Ajedrez;Fútbol;Guitarra;Baile;Cocina\nInés;5;;4,5;;2\nTeo;4,5;1;;3;\nÍñigo;;5;1;4;\nLola;1;4,5;;;5\nMax;;;5;2;1\n",
    ";Chess;Football;Guitar;Dance;Cooking\nInés;5;;4.5;;2\nTeo;4.5;1;;3;\nÍñigo;;5;1;4;\nLola;1;4.5;;;5\nMax;;;5;2;1\n",
)

# %%
class_file = my_file
if not my_file.exists():
    class_file = Path(tempfile.mkdtemp()) / my_file
    class_file.write_text(invented, encoding="cp1252")
mine = ratings.read(class_file)

# %%
own = mine.table()
guess = biases(own) + neighbours(own - biases(own), 1, 0.5)
for name, row, stars in zip(mine.people, own, guess, strict=True):
    if np.isnan(row).any():
        best = np.where(np.isnan(row), stars, -np.inf).argmax()
        print(f"{name}: {mine.products[best]}")

# %% [markdown] lang="es"
# Con una clase pequeña bastan los vecinos: para aprender gustos harían falta más notas. ¿Y si el archivo está mal? No
# se salta la línea en silencio: el mensaje dice la línea y qué se esperaba.

# %% [markdown] lang="en"
# For a small class neighbours will do: learning tastes would take more ratings. And what if the file is wrong? The line
# is not skipped in silence: the message says which line, and what was expected.

# %%
broken = {
    "u.data": "196\t242\t3\t881250949\n186\t302\t3\n",
    "ratings.dat": "1::0114508::8::1381006850\n1::0208092::88::1381006860\n",
}
for name, text in broken.items():
    wrong_file = Path(tempfile.mkdtemp()) / name
    wrong_file.write_text(text)
    try:
        ratings.read(wrong_file)
    except ValueError as error:
        print(f"{name}: {error}")

# %% [markdown] lang="es"
# Las notas de tu clase son datos personales: de los gustos se deducen muchas cosas. Pide permiso, usa apodos y bórralas
# al acabar.

# %% [markdown] lang="en"
# The ratings of your class are personal data: a great deal can be inferred from tastes. Ask for permission, use
# nicknames and delete them when you have finished.

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Los vecinos, por usuario y por producto, son la misma cuenta sobre la tabla y la tabla girada; se quita la media y
#   se desconfía de pocos datos.
# - Factorizar es aprender a la vez gustos y cualidades; el gradiente de uno es el otro por el error.
# - Cada medida premia otra cosa: RMSE, recall@10, cobertura, novedad. En nuestros mundos, la popularidad gana en
#   recall@10 a la verdad por estrellas.
# - El contenido ayuda mientras hay pocas notas; la compañía toma el relevo.
# - Un recomendador decide de qué aprenderá: mide lo que no muestra y deja lugar al azar.

# %% [markdown] lang="en"
# ## What we learnt
#
# - Neighbours, user-based and item-based, are the same calculation on the table and the table turned; one takes the
#   mean off and distrusts what has little data.
# - To factorise is to learn tastes and qualities at once; the gradient of one is the other times the error, plus its
#   price.
# - Each measure rewards something else: RMSE, recall@10, coverage, novelty. In our worlds, popularity beats the truth
#   by stars in recall@10.
# - Content helps while there are few ratings; then company takes over.
# - A recommender decides what it will learn from tomorrow: measure what it does not show, and leave room for chance.

# %% [markdown] lang="es"
# **Para seguir leyendo**: Sarwar et al. (2001), vecinos por producto; Hu, Koren y Volinsky (2008),
# opinión implícita; Koren, Bell y Volinsky (2009), factorización; Cremonesi et al. (2010), listas;
# Schnabel et al. (2016), datos sesgados; Chaney et al. (2018), el círculo; Rendle et al. (2020),
# redes frente a productos escalares.

# %% [markdown] lang="en"
# **Where to read on**: Sarwar et al. (2001), item-based neighbours; Hu, Koren and Volinsky (2008),
# implicit feedback; Koren, Bell and Volinsky (2009), factorisation; Cremonesi et al. (2010), lists;
# Schnabel et al. (2016), biased data; Chaney et al. (2018), the circle; Rendle et al. (2020),
# networks against dot products.
