# ---
# jupyter:
#   coursekit:
#     title:
#       es: "Redes convolucionales: mirar con filtros"
#       en: "Convolutional networks: looking through kernels"
#     limits: {seconds: 60, cell_seconds: 20, memory_mb: 1400}
#     data: [chelsea.jpg, mnist.npz]
#     needs: [mlp]
# ---

# %% [markdown] lang="es"
# # [[title]]
#
# Al terminar esta lección podrás:
#
# - calcular una convolución a mano y comprobar que Keras hace el mismo cálculo;
# - aprender un filtro a partir de ejemplos y calcular a mano su gradiente;
# - decir el tamaño, los parámetros y las multiplicaciones de cada capa antes de crearla;
# - entrenar una red que lee dígitos con una exactitud de [[bound: test accuracy]] o más, mirar
#   dentro de ella, encontrar sus errores y darle un dígito tuyo.
#
# **Tiempo**: ejecutarla entera tarda [[run time]] en un portátil de 2 núcleos; leerla y hacer los
# ejercicios, unas 3 horas, con un descanso antes de «Los datos, y primero una red densa». En una
# clase de una hora: «La convolución a mano», «Muchos canales», «Zancada, relleno y agrupación», «La
# red convolucional» y «Dónde se equivoca»; las demás celdas se ejecutan sin detenerse.
# **Necesitas**: Python, y saber qué es una capa densa y cómo se entrena ([[mlp]]).

# %% [markdown] lang="en"
# # [[title]]
#
# At the end of this lesson you will be able to:
#
# - compute a convolution by hand and check that Keras does the same calculation;
# - learn a kernel from examples and work out its gradient by hand;
# - state the size, the parameters and the multiplications of each layer before you create it;
# - train a network that reads digits with an accuracy of [[bound: test accuracy]] or more, look
#   inside it, find its mistakes and give it a digit of your own.
#
# **Time**: running all of it takes [[run time]] on a laptop with 2 cores; reading it and doing the
# exercises, about 3 hours, with a break before "The data, and first a dense network". In a class of
# one hour: "Convolution by hand", "Many channels", "Stride, padding and pooling", "The
# convolutional network" and "Where it goes wrong"; the other cells are run without stopping. **You
# need**: Python, and an understanding of what a dense layer is and how it is trained ([[mlp]]).

# %%
import coursekit as ck

ck.setup(_("es", "en"))
tables = [_(f"{count} tablas", f"{count} tables") for count in (24, 48, 64)]
names = [_("imagen", "picture"), *tables, _("lista", "list"), _("dígito", "digit")]
shapes = [(28, 28, 1), (12, 12, 24), (5, 5, 48), (3, 3, 64), (576,), (10,)]
ck.diagrams.conv_network(names, shapes)

# %% [markdown] lang="es"
# Esta es la red que construirás. Las tres primeras flechas son convoluciones: una imagen se
# convierte en tablas cada vez más pequeñas y más numerosas, después en una lista y al final en diez
# probabilidades, una por dígito.

# %% [markdown] lang="en"
# This is the network that you will build. The first three arrows are convolutions: a picture turns
# into tables that get smaller and more numerous, then into a list and finally into ten
# probabilities, one for each digit.

# %% [markdown] lang="es"
# ## Una imagen es una tabla de números
#
# MNIST reúne 70 000 dígitos escritos a mano (LeCun, Cortes y Burges, 1998): 60 000 para entrenar
# y 10 000 para la prueba final. Cada imagen mide 28 × 28 píxeles, y cada píxel es un entero: 0 es
# papel, 255 es tinta. Con cada imagen viene su etiqueta, el dígito que alguien quiso escribir.

# %% [markdown] lang="en"
# ## A picture is a table of numbers
#
# MNIST holds 70 000 handwritten digits (LeCun, Cortes and Burges, 1998): 60 000 for training and
# 10 000 for the final test. Each picture is 28 × 28 pixels, and each pixel is an integer: 0 is
# paper, 255 is ink. With each picture comes its label, the digit that somebody meant to write.

# %%
x_train, y_train, x_test, y_test = ck.data.mnist()
print(x_train.shape, x_train.dtype, x_test.shape)
ck.plots.images(x_train[:10], titles=y_train[:10])

# %% [markdown] lang="es"
# La etiqueta está encima de cada imagen. Fíjate en el primer dígito: ese 5 podría pasar por un 3.
# Intenta escribir una regla que distinga siempre un 5 de un 3 y verás por qué dejaremos que la red
# aprenda las reglas. Ampliemos ese dígito, con sus números.

# %% [markdown] lang="en"
# The label is above each picture. Look at the first digit: that 5 could pass for a 3. Try to write
# down a rule that tells every 5 from every 3, and you will see why we will let the network learn
# the rules. Let us enlarge that digit, with its numbers.

# %%
alt = _("El primer dígito, con el valor de cada píxel.", "The first digit, with its pixel values.")
ck.plots.images(x_train[:1, 4:26, 3:25], values=True, size=9, alt=alt)

# %% [markdown] lang="es"
# La figura recorta el margen, donde todo es 0. La red no ve trazos: recibe esta tabla y nada más.
# Lo que llamamos *borde* es un lugar donde números pequeños están al lado de números grandes.

# %% [markdown] lang="en"
# The figure leaves out the margin, where all is 0. The network sees no strokes: it receives this
# table and nothing else. What we call an *edge* is a place where small numbers stand beside large
# ones.

# %% [markdown] lang="es"
# ## Por qué no basta una capa densa
#
# En una capa densa, cada neurona tiene un peso para cada píxel, más un sesgo: con $n$ entradas y
# $m$ neuronas hay $n \cdot m + m$ parámetros. Contemos los de una capa de 1000 neuronas: para
# MNIST, y para una foto en color tomada con un teléfono, de 3000 × 4000 píxeles y 3 canales.

# %% [markdown] lang="en"
# ## Why a dense layer is not enough
#
# In a dense layer, each neuron has a weight for each pixel, plus a bias: with $n$ inputs and $m$
# neurons there are $n \cdot m + m$ parameters. Let us count those of a layer of 1000 neurons: for
# MNIST, and for a colour photo taken with a phone, of 3000 × 4000 pixels and 3 channels.

# %%
for n in (28 * 28, 3000 * 4000 * 3):
    print(ck.number(n), "->", ck.number(n * 1000 + 1000))

# %% [markdown] lang="es"
# La capa para la foto tendría 36 000 001 000 parámetros: 144 gigabytes en números de 32 bits.
#
# Hay otro problema. Una neurona densa multiplica cada píxel por *su* peso y suma los productos.
# Hagamos una neurona cuyos pesos dibujan una X, y démosle la X, la misma X desplazada dos columnas
# y una hoja vacía. `np.roll` desplaza las columnas; las que salen por un lado vuelven por el
# otro.

# %% [markdown] lang="en"
# The layer for the photo would have 36 000 001 000 parameters: 144 gigabytes in 32-bit numbers.
#
# There is another problem. A dense neuron multiplies each pixel by *its* weight and adds up the
# products. Let us make a neuron whose weights draw an X, and give it the X, the same X shifted by
# two columns and an empty page. `np.roll` shifts the columns; those that leave on one side come
# back on the other.

# %%
import numpy as np

diagonal = np.eye(9, dtype=int)
letter = np.pad(np.maximum(diagonal, diagonal[::-1]), 4)
drawings = np.stack([letter, np.roll(letter, 2, axis=1), np.zeros_like(letter)])
titles = [_("la X", "the X"), _("desplazada", "shifted"), _("vacía", "empty")]
ck.plots.images(drawings, titles, columns=3, size=2.2)
print([int(np.sum(letter * drawing)) for drawing in drawings])

# %% [markdown] lang="es"
# La neurona responde 17 a su X, pero solo 2 a la X desplazada, casi el 0 de la hoja vacía: sus
# pesos conocen la X en un solo lugar. La solución está en mirar **trozos pequeños**, con los mismos
# pesos en todos los lugares: un trozo de diagonal es igual en cualquier lugar de la imagen.

# %% [markdown] lang="en"
# The neuron answers 17 to its X, but only 2 to the shifted X, nearly the 0 of the empty page: its
# weights know the X in one place only. The way out is to look at **small pieces**, with the same
# weights in every place: a piece of diagonal is the same anywhere in the picture.

# %% [markdown] lang="es"
# ## Primero, una señal
#
# Empecemos con una sola fila de números: una señal, por ejemplo la luz a lo largo de una línea. Un
# **filtro** (*kernel*) es una lista corta de pesos. Lo ponemos al comienzo de la señal,
# multiplicamos cada peso por el número que queda debajo y sumamos los productos. Después lo
# deslizamos una posición y repetimos. Eso es una **convolución**.

# %% [markdown] lang="en"
# ## First, a signal
#
# Let us begin with a single row of numbers: a signal, say the light along a line. A **kernel**
# (also *filter*) is a short list of weights. We lay it on the beginning of the signal, multiply
# each weight by the number under it and add up the products. Then we slide it by one position and
# repeat. That is a **convolution**.

# %%
signal = np.array([2, 2, 2, 5, 5, 5, 2, 2])
difference = np.array([-1, 1])
slid = np.array([np.sum(signal[p : p + 2] * difference) for p in range(7)])
print(slid)

# %% [markdown] lang="es"
# Donde la señal es constante, la salida es 0; donde sube de 2 a 5 hay un pico, 3, y donde baja hay
# un valle, −3. El filtro calcula el cambio de una posición a la siguiente: es la **derivada** de la
# señal, medida con pasos de una posición. Un filtro de bordes es eso: una derivada, con signo.
#
# La misma convolución se puede escribir como una matriz. Cada fila es una neurona con 8 entradas:
# en la fila $p$, los pesos del filtro ocupan las columnas $p$ y $p + 1$, y los demás números son
# ceros. El operador `@` multiplica la matriz por la señal.

# %% [markdown] lang="en"
# Where the signal is constant, the output is 0; where it rises from 2 to 5 there is a peak, 3, and
# where it falls there is a trough, −3. The kernel computes the change from one position to the
# next: it is the **derivative** of the signal, measured in steps of one position. That is what an
# edge kernel is: a derivative, with a sign.
#
# The same convolution can be written as a matrix. Each row is a neuron with 8 inputs: in row $p$,
# the weights of the kernel fill columns $p$ and $p + 1$, and all the other numbers are zeros. The
# operator `@` multiplies the matrix by the signal.

# %%
matrix = np.zeros((7, 8), int)
for p in range(7):
    matrix[p, p : p + 2] = difference
assert np.array_equal(matrix @ signal, slid)
alt = _("Matriz de 7 × 8 con −1 y 1 en diagonal.", "A 7 × 8 matrix, −1 and 1 on a diagonal.")
ck.plots.images([matrix], signed=True, values=True, size=4, alt=alt)

# %% [markdown] lang="es"
# `assert` detiene el cuaderno si los dos resultados no son iguales. Una capa densa de 8 entradas
# y 7 neuronas tiene $8 \cdot 7 = 56$ pesos. La convolución es esa capa con dos condiciones: 42
# pesos son 0, porque cada neurona mira solo dos números vecinos, y los otros 14 están **atados**:
# son los mismos dos pesos en todas las filas. Solo hay que aprender 2 números.

# %% [markdown] lang="en"
# `assert` stops the notebook if the two results are not equal. A dense layer with 8 inputs and 7
# neurons has $8 \cdot 7 = 56$ weights. The convolution is that layer under two conditions: 42
# weights are 0, since each neuron looks at two neighbouring numbers only, and the other 14 are
# **tied**: they are the same two weights in every row. Only 2 numbers are left to learn.

# %% [markdown] lang="es"
# ## La convolución a mano
#
# En una imagen, el filtro es una tabla pequeña, que se desliza por las columnas y por las filas. Si
# llamamos $x$ a la entrada, $k$ al filtro e $y$ a la salida,
#
# $$y_{r,c} = \sum_{i,j} x_{r+i,\,c+j} \cdot k_{i,j}$$
#
# donde $r$ y $c$ son la fila y la columna de la salida; $i$ y $j$, las del filtro.

# %% [markdown] lang="en"
# ## Convolution by hand
#
# On a picture, the kernel is a small table, which slides along the columns and the rows. With $x$
# for the input, $k$ for the kernel and $y$ for the output,
#
# $$y_{r,c} = \sum_{i,j} x_{r+i,\,c+j} \cdot k_{i,j}$$
#
# where $r$ and $c$ are the row and the column of the output; $i$ and $j$, those of the kernel.

# %%
inputs = np.array([[1, 0, 1, 0, 2], [1, 1, 3, 2, 1], [1, 1, 0, 1, 1], [2, 3, 2, 1, 3], [0, 2, 0, 1, 0]])
kernel = np.array([[0, 1, 0], [0, 0, 2], [0, 1, 0]])
ck.diagrams.convolution_step(inputs, kernel, row=0, column=0)

# %% [markdown] lang="es"
# Haz el cálculo con ayuda de la figura. Bajo los pesos 1, 2 y 1 están los números 0, 3 y 1; los
# demás pesos son 0. El resultado, $1 \cdot 0 + 2 \cdot 3 + 1 \cdot 1 = 7$, es el primer número de
# la salida. Calcula tú el segundo antes de seguir.
#
# Escrito como función, el deslizamiento consiste en dos bucles: uno recorre las filas y otro, las
# columnas. La ventana no puede salirse de la imagen, así que la salida es más pequeña que la
# entrada: con 5 filas y un filtro de 3 filas, quedan 3 filas. El argumento `stride` lo usaremos más
# adelante.

# %% [markdown] lang="en"
# Do the calculation with the help of the figure. Under the weights 1, 2 and 1 are the numbers 0, 3
# and 1; the other weights are 0. The result, $1 \cdot 0 + 2 \cdot 3 + 1 \cdot 1 = 7$, is the first
# number of the output. Work out the second one before you read on.
#
# Written as a function, the sliding takes two loops: one over the rows and one over the columns.
# The window can't leave the picture, so the output is smaller than the input: with 5 rows and a
# kernel of 3 rows, 3 rows remain. We will use the argument `stride` later.


# %%
def convolve(inputs, kernel, stride=1):
    height, width = np.shape(kernel)
    rows = range(0, inputs.shape[0] - height + 1, stride)
    columns = range(0, inputs.shape[1] - width + 1, stride)
    return np.array([[np.sum(inputs[r : r + height, c : c + width] * kernel) for c in columns] for r in rows])


print(convolve(inputs, kernel))

# %% [markdown] lang="es"
# La primera fila empieza con tu 7 y tu 5. Volvamos a la X, con un filtro que es un trozo de
# diagonal. Si la X se desplaza dos columnas, ¿qué le pasa a la salida?

# %% [markdown] lang="en"
# The first row begins with your 7 and your 5. Let us come back to the X, with a kernel that is a
# piece of diagonal. If the X shifts by two columns, what happens to the output?

# %%
found, found_shifted = (convolve(drawing, np.eye(3, dtype=int)) for drawing in drawings[:2])
assert np.array_equal(np.roll(found, 2, axis=1), found_shifted)
print(np.sum(found == 3), np.sum(found_shifted == 3))

# %% [markdown] lang="es"
# La salida es la misma, desplazada dos columnas (`assert`), y el trozo aparece entero 7 veces en
# cada salida. Esta propiedad se llama **equivarianza**: si se desplaza la entrada, la salida se
# desplaza con ella (salvo en los bordes).
#
# ### Ejercicio 1: un filtro que desplaza la imagen
#
# En cada ejercicio, cambia los puntos (`...`) por tu respuesta y ejecuta esa celda y la siguiente.
# La solución está plegada debajo: ábrela después de intentarlo.
#
# Escribe un filtro de 3 × 3 que desplace la imagen un píxel **hacia la izquierda**: cada lugar de
# la salida debe recibir el número que, en la ventana, está justo a la derecha del centro.

# %% [markdown] lang="en"
# The output is the same, shifted by two columns (`assert`), and the whole piece is found 7 times in
# each output. This property is called **equivariance**: if the input shifts, the output shifts with
# it (except at the borders).
#
# ### Exercise 1: a kernel that shifts the picture
#
# In each exercise, replace the dots (`...`) with your answer and run that cell and the next one.
# The solution is folded below: open it after you have tried.
#
# Write a 3 × 3 kernel that shifts the picture by one pixel **to the left**: each place of the
# output must get the number that stands just to the right of the centre in the window.

# %%
shift_kernel = ...


# %% tags=["check"]
def shifts_left(answer):
    table = np.random.default_rng(3).integers(0, 9, (6, 8))
    return np.shape(answer) == (3, 3) and np.allclose(convolve(table, answer), table[1:-1, 2:])


hint = _(
    "el filtro es de 3 × 3 y tiene un solo 1: ¿sobre qué vecino del centro debe caer?",
    "the kernel is 3 × 3 and has a single 1: on which neighbour of the centre must it fall?",
)
ck.check(shift_kernel, shifts_left, hint)

# %% tags=["solution"]
shift_kernel = [[0, 0, 0], [0, 0, 1], [0, 0, 0]]
ck.check(shift_kernel, shifts_left, hint)

# %% [markdown] lang="es"
# ## Muchos canales
#
# Una foto en color son tres tablas: rojo, verde y azul. Por eso el filtro tiene también tres
# tablas, una para cada **canal**: hacemos la convolución en cada canal y sumamos los tres
# resultados, posición por posición. Keras guarda los canales en el último eje, y `np.stack` con
# `axis=-1` los pone ahí: `channels` mide 5 × 5 × 3.

# %% [markdown] lang="en"
# ## Many channels
#
# A colour photo is three tables: red, green and blue. So the kernel has three tables as well, one
# for each **channel**: we convolve each channel and add up the three results, place by place. Keras
# keeps the channels on the last axis, and `np.stack` with `axis=-1` puts them there: `channels`
# is 5 × 5 × 3.

# %%
green = [[1, 0, 0, 1, 0], [2, 0, 1, 2, 0], [3, 1, 1, 3, 0], [0, 3, 0, 3, 2], [1, 0, 3, 2, 1]]
blue = [[2, 0, 1, 2, 1], [3, 3, 1, 3, 2], [2, 1, 1, 1, 0], [3, 1, 3, 2, 0], [1, 1, 2, 1, 1]]
channels = np.stack([inputs, green, blue], axis=-1)
green_kernel, blue_kernel = [[2, 1, 0], [0, 0, 0], [0, 3, 0]], [[1, 0, 0], [1, 0, 0], [0, 0, 2]]
kernels = np.stack([kernel, green_kernel, blue_kernel], axis=-1)
outputs = [convolve(channels[:, :, c], kernels[:, :, c]) for c in range(3)]
print(*outputs, sum(outputs), sep="\n\n")

# %% [markdown] lang="es"
# La última tabla es la suma de las tres primeras, y es la salida del filtro: 7 + 5 + 7 = 19.
#
# Un filtro da *una* tabla, tenga la entrada los canales que tenga. Con varios filtros hay varias
# tablas, que serán los canales de la capa siguiente. El bloque de pesos tiene entonces cuatro ejes:
# filas, columnas, canales de entrada, canales de salida. (En Keras, `filters` es el número de
# canales de salida y `kernel` es el bloque entero.) Comparemos con Keras, con un segundo filtro: el
# primero, con las filas en orden inverso. `ops.conv` espera muchas imágenes a la vez:
# `channels[None]` añade delante un eje de longitud 1, y `[0]` toma la única imagen.

# %% [markdown] lang="en"
# The last table is the sum of the first three, and it is the output of the kernel: 7 + 5 + 7 = 19.
#
# A kernel gives *one* table, however many channels the input has. With several kernels there are
# several tables, which will be the channels of the next layer. The block of weights then has four
# axes: rows, columns, input channels, output channels. (In Keras, `filters` is the number of output
# channels and `kernel` is the whole block.) Let us compare with Keras, with a second kernel: the
# first one, with its rows in reverse order. `ops.conv` expects many pictures at once:
# `channels[None]` adds an axis of length 1 in front, and `[0]` takes the only picture.

# %%
import keras
from keras import layers, ops

two_kernels = np.stack([kernels, kernels[::-1]], axis=-1).astype("float32")
keras_output = ops.convert_to_numpy(ops.conv(channels[None].astype("float32"), two_kernels))[0]
assert np.array_equal(keras_output[:, :, 0], sum(outputs))
print(channels.shape, two_kernels.shape, "->", keras_output.shape)

# %% [markdown] lang="es"
# El primer canal de la salida es nuestra tabla. Una capa `Conv2D` hace esto y suma un sesgo a cada
# canal. Un detalle: en matemáticas, la convolución gira el filtro media vuelta antes de deslizarlo,
# y lo que hacen las redes se llama *correlación cruzada*; como el filtro se aprende, da lo mismo.
#
# Un filtro de **1 × 1** no mira a los vecinos, pero mezcla los canales de cada píxel. Con tres
# pesos de $1/3$ convierte a escala de grises una foto en color: la foto de una gata, Chelsea.

# %% [markdown] lang="en"
# The first channel of the output is our table. A `Conv2D` layer does this and adds a bias to each
# channel. A detail: in mathematics, a convolution turns the kernel by half a turn before sliding
# it, and what networks do is called *cross-correlation*; as the kernel is learnt, it makes no
# difference.
#
# A **1 × 1** kernel does not look at the neighbours, but it mixes the channels of each pixel. With
# three weights of $1/3$, it converts a colour photo to greyscale: the photo of a cat, Chelsea.

# %%
colour = ck.data.photo("chelsea")[38:190, 77:301]
to_grey = np.full((1, 1, 3, 1), 1 / 3, "float32")
photo = ops.convert_to_numpy(ops.conv(colour[None], to_grey))[0, :, :, 0]
assert np.allclose(photo, colour.mean(axis=-1), atol=1e-5)
ck.plots.images([colour], [_("Chelsea, en color", "Chelsea, in colour")], size=4, jpeg=True)

# %% [markdown] lang="es"
# ## Filtros sobre una foto
#
# ¿Qué puede ver un filtro de 3 × 3? Probemos siete filtros conocidos con la foto, ya en grises. Si
# los pesos de un filtro suman 1, conserva el brillo; si suman 0, da 0 donde la foto es uniforme.

# %% [markdown] lang="en"
# ## Kernels on a photo
#
# What can a 3 × 3 kernel see? Let us try seven well-known ones on the photo, now in greyscale. If
# the weights of a kernel add up to 1, it keeps the brightness; if they add up to 0, it gives 0
# where the photo is uniform.

# %%
keep_brightness = {
    _("identidad", "identity"): [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    _("enfoque", "sharpening"): [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    _("desenfoque uniforme", "box blur"): np.full((3, 3), 1 / 9),
    _("desenfoque gaussiano", "Gaussian blur"): np.outer([1, 2, 1], [1, 2, 1]) / 16,
}
filtered = [np.clip(convolve(photo, weights), 0, 1) for weights in keep_brightness.values()]
ck.plots.images(filtered, keep_brightness, columns=2, size=4, jpeg=True)

# %% [markdown] lang="es"
# La identidad deja la foto igual, el enfoque exagera los detalles y los dos desenfoques los
# suavizan (el gaussiano da más peso al centro). Los tres filtros de bordes dan números positivos y
# negativos, y los mostramos en colores: azul es positivo, naranja negativo y blanco 0 (`np.clip`
# corta en −1 y 1).

# %% [markdown] lang="en"
# The identity leaves the photo as it is, sharpening exaggerates the details and the two blurs
# smooth them (the Gaussian one gives more weight to the centre). The three edge kernels give
# positive and negative numbers, which we show in colours: blue is positive, orange negative and
# white 0 (`np.clip` cuts at −1 and 1).

# %%
vertical_edge = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
edges = {
    _("borde vertical", "vertical edge"): vertical_edge,
    _("borde horizontal", "horizontal edge"): vertical_edge.T,
    _("todos los bordes", "all edges"): [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
}
filtered = [np.clip(convolve(photo, weights), -1, 1) for weights in edges.values()]
ck.plots.images(filtered, edges, columns=3, size=3.3, signed=True, jpeg=True)

# %% [markdown] lang="es"
# El contorno oscuro del ojo tiene dos bordes: la luz baja y luego sube. Por eso da una línea
# naranja junto a una línea azul, un valle y un pico como en la señal del principio. *Borde
# vertical* deriva de izquierda a derecha; *borde horizontal*, de arriba abajo; *todos los bordes*,
# una derivada segunda, compara cada píxel con sus ocho vecinos (las zonas que parecen oscuras son
# pelo fino: líneas azules y naranjas tan juntas que la figura las mezcla).

# %% [markdown] lang="en"
# The dark rim of the eye has two edges: the light falls and then rises. So it gives an orange line
# beside a blue line, a trough and a peak as in the signal at the beginning. *Vertical edge* takes
# the derivative from left to right; *horizontal edge*, from top to bottom; *all edges*, a second
# derivative, compares each pixel with its eight neighbours (the parts that look dark are fine fur:
# blue and orange lines, so close together that the figure mixes them).

# %% [markdown] lang="es"
# ¿Y los bordes inclinados? La convolución es **lineal**: si sumamos dos filtros, se suman sus
# salidas (lo comprueba el `assert`), y si multiplicamos uno por un número, también su salida. Así,
# $\cos\theta$ veces el filtro de bordes verticales más $\sin\theta$ veces el de horizontales deriva
# en la dirección $\theta$: a 0°, hacia la derecha; a 90°, hacia abajo. Con el cuaderno en marcha,
# el mando cambia $\theta$, también con las flechas del teclado. ¿Qué pelos aparecen y cuáles se
# borran? ¿Y qué cambia entre 0° y 180°?

# %% [markdown] lang="en"
# What about slanted edges? Convolution is **linear**: if we add two kernels, their outputs add up
# (the `assert` checks it), and if we multiply one by a number, so is its output. So $\cos\theta$
# times the vertical-edge kernel plus $\sin\theta$ times the horizontal-edge one takes the
# derivative in direction $\theta$: at 0°, to the right; at 90°, downwards. While the notebook is
# running, the slider changes $\theta$, and so do the arrow keys. Which hairs appear, and which
# fade? And what changes between 0° and 180°?

# %%
across, down = (convolve(photo, weights) for weights in (vertical_edge, vertical_edge.T))
assert np.allclose(convolve(photo, vertical_edge + vertical_edge.T), across + down)


def turned(degrees):
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    edge = np.clip(cosine * across + sine * down, -1, 1)
    alt = _(f"Bordes de la foto a {degrees} grados.", f"Edges of the photo at {degrees} degrees.")
    ck.plots.images([edge], [f"$\\theta$ = {degrees}°"], size=5, signed=True, alt=alt, jpeg=True)


ck.widgets.knobs(turned, degrees=(_("ángulo (grados)", "angle (degrees)"), range(0, 181, 15), 45))

# %% [markdown] lang="es"
# Los nueve números de cada uno de estos filtros los eligió alguien. Una red convolucional no los
# recibe de nadie: **los aprende**.

# %% [markdown] lang="en"
# Somebody chose the nine numbers of each of these kernels. Nobody gives them to a convolutional
# network: it **learns them**.

# %% [markdown] lang="es"
# ## Un filtro que se aprende
#
# Alguien pasó un filtro secreto por una imagen $x$ y nos da la imagen y el resultado $t$, pero no
# el filtro. ¿Podemos encontrarlo? Empezamos con un filtro de ceros, medimos el error y damos pasos
# en contra del gradiente. Deduzcamos el gradiente para una sola fila y dos pesos. En la posición
# $p$, la salida y el error son
#
# $$y_p = k_0\,x_p + k_1\,x_{p+1}, \qquad e_p = y_p - t_p$$
#
# y la pérdida es la media de los $N$ errores al cuadrado, $L = \frac{1}{N} \sum_p e_p^2$. Si $k_0$
# crece un poco, $y_p$ crece $x_p$ veces eso: $\partial y_p / \partial k_0 = x_p$. Por la regla de
# la cadena,
#
# $$\frac{\partial L}{\partial k_0} = \frac{2}{N} \sum_p e_p\,x_p, \qquad
# \frac{\partial L}{\partial k_1} = \frac{2}{N} \sum_p e_p\,x_{p+1}$$
#
# Mira la forma de estas sumas: ponen los errores sobre la señal, multiplican, suman y se deslizan
# una posición. **El gradiente también es una convolución**: la de la entrada, con los errores como
# filtro. En dos dimensiones ocurre lo mismo, con dos índices.

# %% [markdown] lang="en"
# ## A kernel that is learnt
#
# Somebody ran a secret kernel over a picture $x$ and gives us the picture and the result $t$, but
# not the kernel. Can we find it? We start with a kernel of zeros, measure the error and take steps
# against the gradient. Let us derive the gradient for a single row and two weights. At position
# $p$, the output and the error are
#
# $$y_p = k_0\,x_p + k_1\,x_{p+1}, \qquad e_p = y_p - t_p$$
#
# and the loss is the mean of the $N$ squared errors, $L = \frac{1}{N} \sum_p e_p^2$. If $k_0$ grows
# a little, $y_p$ grows $x_p$ times as much: $\partial y_p / \partial k_0 = x_p$. By the chain rule,
#
# $$\frac{\partial L}{\partial k_0} = \frac{2}{N} \sum_p e_p\,x_p, \qquad
# \frac{\partial L}{\partial k_1} = \frac{2}{N} \sum_p e_p\,x_{p+1}$$
#
# Look at the form of these sums: they lay the errors on the signal, multiply, add up and slide by
# one position. **The gradient is a convolution too**: of the input, with the errors as the kernel.
# In two dimensions it is the same, with two indices.

# %% [markdown] lang="es"
# ### Ejercicio 2: el gradiente a mano
#
# Con $x = (1, 3, 2)$, el filtro $k = (0, 1)$ y el resultado $t = (2, -1)$, calcula con lápiz las
# dos derivadas, primero $\partial L / \partial k_0$ y después $\partial L / \partial k_1$.

# %% [markdown] lang="en"
# ### Exercise 2: the gradient by hand
#
# With $x = (1, 3, 2)$, the kernel $k = (0, 1)$ and the result $t = (2, -1)$, work out the two
# derivatives with a pencil, first $\partial L / \partial k_0$ and then $\partial L / \partial k_1$.

# %%
derivatives = [..., ...]


# %% tags=["check"]
def loss_of(k0, k1):
    return np.mean((convolve(np.array([[1, 3, 2]]), [[k0, k1]]) - [2, -1]) ** 2)


slopes = [(loss_of(1, 1) - loss_of(-1, 1)) / 2, (loss_of(0, 2) - loss_of(0, 0)) / 2]
hint = _(
    "primero las dos salidas y sus errores; después, en cada suma, cada error multiplica un número de x",
    "first the two outputs and their errors; then each sum takes the errors and two numbers of x",
)
ck.check(derivatives, slopes, hint)

# %% tags=["solution"]
derivatives = [2 / 2 * (1 * 1 + 3 * 3), 2 / 2 * (1 * 3 + 3 * 2)]
ck.check(derivatives, slopes, hint)

# %% [markdown] lang="es"
# ### El descenso
#
# Ahora en dos dimensiones. La imagen es una página de ruido: números que no se parecen a sus
# vecinos. El filtro secreto es el de borde vertical, y el descenso no lo ve: solo ve `page` y
# `target`. Cada vuelta del bucle tiene cuatro líneas: error, pérdida, gradiente y actualización.

# %% [markdown] lang="en"
# ### The descent
#
# Now in two dimensions. The picture is a page of noise: numbers that are unlike their neighbours.
# The secret kernel is the one for vertical edges, and the descent does not see it: it sees only
# `page` and `target`. Each turn of the loop has four lines: error, loss, gradient and update.

# %%
page = np.random.default_rng(0).normal(size=(20, 24))
target = convolve(page, vertical_edge)
learnt, losses = [np.zeros((3, 3))], []
for _step in range(40):
    error = convolve(page, learnt[-1]) - target
    losses.append(np.mean(error**2))
    gradient = 2 / error.size * convolve(page, error)
    learnt.append(learnt[-1] - 0.1 * gradient)

# %%
update, loss = _("actualización", "update"), _("pérdida", "loss")
alt = _("La pérdida baja en cada actualización.", "The loss falls with each update.")
ck.plots.curves(range(40), {"": losses}, xlabel=update, ylabel=loss, alt=alt, yscale="log", height=2.6)
shown = [0, 1, 3, 6, 12, 40]
titles = [_(f"tras {step}", f"after {step}") for step in shown]
ck.plots.images([learnt[s] for s in shown], titles, columns=6, signed=True, values=True)
ck.claim(
    _("mayor diferencia con el filtro secreto", "largest difference from the secret kernel"),
    np.abs(learnt[-1] - vertical_edge).max(),
    at_most=0.02,
)

# %% [markdown] lang="es"
# En el eje de la pérdida, cada número es cien veces menor que el de encima (escala logarítmica). El
# filtro empieza lleno de ceros y tras 40 actualizaciones es casi igual al secreto: −1, −2, −1 a la
# izquierda y 1, 2, 1 a la derecha.
#
# Cada línea con ✔ es una **comprobación** del curso: un número medido aquí y ahora, con su límite.
# Si el límite no se cumple, la celda se detiene.
#
# Keras hace la misma actualización. Damos a una capa `Conv2D` los mismos ceros, la misma pérdida y
# una sola actualización, y comparamos. `[None, :, :, None]` añade dos ejes.

# %% [markdown] lang="en"
# On the axis of the loss, each number is a hundred times smaller than the one above it (a
# logarithmic scale). The kernel starts full of zeros, and after 40 updates it is almost equal to
# the secret one: −1, −2, −1 on the left and 1, 2, 1 on the right.
#
# Each line with ✔ is a **claim** of the course: a number measured here and now, with its bound. If
# the bound does not hold, the cell stops.
#
# Keras makes the same update. We give a `Conv2D` layer the same zeros, the same loss and a single
# update, and compare. `[None, :, :, None]` adds two axes.

# %%
layer = layers.Conv2D(1, 3, use_bias=False, kernel_initializer="zeros")
one_layer = keras.Sequential([layers.Input((20, 24, 1)), layer])
one_layer.compile(keras.optimizers.SGD(0.1), "mse")
one_layer.train_on_batch(page[None, :, :, None], target[None, :, :, None])
assert np.allclose(layer.get_weights()[0][:, :, 0, 0], learnt[1], atol=1e-4)

# %% [markdown] lang="es"
# ## Dos convoluciones seguidas son una
#
# Si un filtro ve poco, ¿por qué no poner dos seguidos? Para ver qué hacen juntos, los pasamos por
# una imagen con un solo 1 en el centro: cada lugar de la salida muestra el peso con que su ventana
# alcanza el 1. Si la ventana está a la izquierda del 1, lo alcanza con un peso de su lado derecho;
# por eso los pesos salen girados media vuelta, y otra media vuelta da el filtro conjunto.

# %% [markdown] lang="en"
# ## Two convolutions in a row are one
#
# If one kernel sees little, why not put two in a row? To see what they do together, we run them
# over a picture with a single 1 in the centre: each place of the output shows the weight with which
# its window reaches that 1. If the window is to the left of the 1, it reaches it with a weight on
# its right-hand side; so the weights come out turned by half a turn, and another half turn gives
# the joint kernel.

# %%
point = np.zeros((9, 9), int)
point[4, 4] = 1
joint = convolve(convolve(point, kernel), vertical_edge)[::-1, ::-1]
assert np.allclose(convolve(convolve(page, kernel), vertical_edge), convolve(page, joint))
print(joint)

# %% [markdown] lang="es"
# En la página de ruido (`assert`), los dos filtros de 3 × 3 hacen juntos lo mismo que uno solo
# de 5 × 5. Entre los dos hace falta algo que no sea lineal. **ReLU** cambia los números negativos
# por 0 y deja igual los demás: míralo primero con cuatro números. Después, una prueba: en una
# convolución, las salidas de una tabla y de su opuesta suman el doble de la salida de una tabla de
# ceros (0, o el doble del sesgo). Pasamos las tres tablas por los dos filtros, sin ReLU en medio y
# con ella.

# %% [markdown] lang="en"
# On the page of noise (`assert`), the two 3 × 3 kernels together do the same as a single 5 × 5 one.
# Something that is not linear is needed between the two. **ReLU** replaces negative numbers with 0
# and leaves the others as they are: see it first on four numbers. After that, a test: in a
# convolution, the outputs of a table and of its opposite add up to twice the output of a table of
# zeros (0, or twice the bias). We run all three tables through both kernels, without a ReLU in
# between and with one.


# %%
def relu(z):
    return np.maximum(z, 0)


print(relu(np.array([-2, 0, 3, -1])))
for picture in (inputs, -inputs, 0 * inputs):
    maps = convolve(picture, vertical_edge)
    print(convolve(maps, kernel), convolve(relu(maps), kernel))

# %% [markdown] lang="es"
# Sin ReLU, −1 y 1 suman 0, el doble de 0. Con ReLU, 4 y 5 suman 9, y la tabla de ceros sigue
# dando 0: ninguna convolución sola, con sesgo o sin él, puede dar esos tres números. Con ReLU, dos
# capas hacen más que una.
#
# También ven más. El **campo receptivo** de un número es la parte de la entrada de la que depende.
# Mira de lado dos capas de 3 × 3 (cada par es el lado del filtro y el paso de su ventana, aquí 1):

# %% [markdown] lang="en"
# Without ReLU, −1 and 1 add up to 0, twice 0. With ReLU, 4 and 5 add up to 9, while the table of
# zeros still gives 0: no convolution alone, with a bias or without, can give these three numbers.
# With ReLU, two layers do more than one.
#
# They see more, too. The **receptive field** of a number is the part of the input that it depends
# on. Look at two 3 × 3 layers from the side (each pair is the side of the kernel and the step of
# its window, here 1):

# %%
ck.diagrams.receptive_field([(3, 1), (3, 1)])

# %% [markdown] lang="es"
# Un número de la capa 2 ve 3 números de la capa 1, y 5 de la entrada: en dos dimensiones, 5 × 5.
# Dos capas de 3 × 3 tienen 18 pesos y una ReLU en medio, en lugar de los 25 pesos de un filtro
# de 5 × 5. Es una razón para hacer redes **profundas**, de muchas capas pequeñas.

# %% [markdown] lang="en"
# A number of layer 2 sees 3 numbers of layer 1, and 5 of the input: in two dimensions, 5 × 5. Two
# 3 × 3 layers have 18 weights and a ReLU in between, in place of the 25 weights of a 5 × 5 kernel.
# That is one reason to make networks **deep**, of many small layers.

# %% [markdown] lang="es"
# ## Zancada, relleno y agrupación
#
# La **zancada** (*stride*) $s$ dice cuántos píxeles avanza la ventana en cada paso. El **relleno**
# (*padding*) $p$ añade $p$ filas y columnas de ceros en cada lado. Con una entrada de lado $n$ y un
# filtro de lado $k$, el lado de la salida es
#
# $$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# Los corchetes redondean hacia abajo, como `//`: una ventana que no cabe entera no cuenta.

# %% [markdown] lang="en"
# ## Stride, padding and pooling
#
# The **stride** $s$ says by how many pixels the window moves in each step. The **padding** $p$ adds
# $p$ rows and columns of zeros on each side. With an input of side $n$ and a kernel of side $k$,
# the output has side
#
# $$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# The brackets round down, as `//` does: a window that does not fit completely does not count.


# %%
def output_size(n, k, s=1, p=0):
    return (n + 2 * p - k) // s + 1


for k, s, p in ((3, 1, 0), (3, 1, 1), (3, 2, 0), (5, 2, 2)):
    measured = len(convolve(np.pad(x_train[0], p), np.ones((k, k)), stride=s))
    assert measured == output_size(28, k, s, p)
    print(f"k={k} s={s} p={p}: 28 -> {measured}")

# %% [markdown] lang="es"
# En cada línea, la fórmula y nuestra función `convolve` coinciden para un dígito. Con $k$ impar,
# $p = (k - 1) / 2$ y zancada 1, el tamaño no cambia; Keras lo llama `padding="same"`, y a no
# rellenar, `padding="valid"`. Una zancada de 2 deja el lado en más o menos la mitad, 13 o 14.
#
# Ahora, los bordes. Deslicemos un filtro de nueve unos sobre una hoja de unos, rellena con ceros.
# ¿Qué números esperas?

# %% [markdown] lang="en"
# In each line, the formula and our function `convolve` agree for a digit. With an odd $k$,
# $p = (k - 1) / 2$ and stride 1, the size does not change; Keras calls this `padding="same"`, and
# the lack of padding `padding="valid"`. A stride of 2 leaves about half of the side, 13 or 14.
#
# Now the borders. Let us slide a kernel of nine ones over a page of ones, padded with zeros. Which
# numbers do you expect?

# %%
print(convolve(np.pad(np.ones((4, 6), int), 1), np.ones((3, 3), int)))

# %% [markdown] lang="es"
# En el interior, 9; en los lados, 6, y en las esquinas, 4: allí la ventana cae en parte sobre
# ceros. En esta página de unos, el relleno dibuja un borde que no existía. Casi todos los dígitos
# de MNIST tienen ya un margen de ceros, así que a su alrededor la primera capa no vería ningún
# borde nuevo; aun así, nuestra red prescinde del relleno: con tablas más pequeñas hace menos
# productos.
#
# **Agrupar** (*pooling*) es partir la tabla en cuadros, aquí de 2 × 2, y dejar un número por
# cuadro: el máximo, la media o, sin más, el de arriba a la izquierda (submuestreo). No hay nada que
# aprender. `squares` corta los cuadros: en su resultado, los ejes 1 y 3 recorren las filas y las
# columnas de cada cuadro. Si un lado es impar, se pierde la última fila o columna.

# %% [markdown] lang="en"
# Inside, 9; along the sides, 6, and in the corners, 4: there the window lies partly on zeros. On
# this page of ones, the padding draws an edge that was not there. Nearly every MNIST digit already
# has a margin of zeros, so around it the first layer would see no new edge; our network does
# without padding all the same.
#
# **Pooling** cuts the table into squares, here 2 × 2, and leaves one number for each: the maximum,
# the mean or simply the upper left one (subsampling). There is nothing to learn. `squares` cuts out
# the squares: in its result, axes 1 and 3 run through the rows and the columns of each square. If a
# side is odd, the last row or column is lost.


# %%
def squares(inputs):
    rows, columns = inputs.shape[0] // 2, inputs.shape[1] // 2
    return inputs[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)


ways = {
    _("máximo", "maximum"): lambda inputs: squares(inputs).max(axis=(1, 3)),
    _("media", "mean"): lambda inputs: squares(inputs).mean(axis=(1, 3)),
    _("submuestreo", "subsampling"): lambda inputs: squares(inputs)[:, 0, :, 0],
}

# %%
table = np.array([[1, 3, 2, 0], [4, 2, 1, 1], [0, 1, 5, 6], [2, 0, 7, 1]], "float32")
print(*(pool(table) for pool in ways.values()), sep="\n\n")
keras_pool = ops.convert_to_numpy(ops.max_pool(table[None, :, :, None], 2))[0, :, :, 0]
assert np.array_equal(squares(table).max(axis=(1, 3)), keras_pool)

# %% [markdown] lang="es"
# En el cuadro de arriba a la izquierda están 1, 3, 4 y 2: el máximo es 4, la media 2.5, y el
# submuestreo deja el 1. La función `ops.max_pool` de Keras da el mismo resultado. Agrupemos la foto
# tres veces seguidas de cada manera: de cada 64 píxeles queda uno.

# %% [markdown] lang="en"
# In the upper left square there are 1, 3, 4 and 2: the maximum is 4, the mean 2.5, and subsampling
# leaves the 1. Keras's function `ops.max_pool` gives the same result. Let us pool the photo three
# times in a row in each way: of each 64 pixels, one remains.

# %%
ck.plots.images([pool(pool(pool(photo))) for pool in ways.values()], ways, columns=3, size=3.3)

# %% [markdown] lang="es"
# Con el máximo, el brillo del ojo crece y la pupila negra casi desaparece; la media conserva los
# tonos; con el submuestreo quedan píxeles sueltos. La **agrupación máxima** (*max pooling*)
# conserva *qué* apareció y olvida en parte *dónde*: si el máximo se mueve en su cuadro, la salida
# no cambia.

# %% [markdown] lang="en"
# With the maximum, the glint in the eye grows and the black pupil almost disappears; the mean keeps
# the shades; with subsampling, isolated pixels remain. **Max pooling** keeps *what* appeared and
# partly forgets *where*: if the maximum moves within its square, the output does not change.

# %% [markdown] lang="es"
# ## Los datos, y primero una red densa
#
# Apartamos 5000 imágenes de entrenamiento para la **validación**: con ellas comparamos redes. Las
# 10 000 imágenes de prueba quedan guardadas; las usaremos una vez, con una red que ya no cambiará.
# `permutation` da los números de las imágenes en un orden al azar.

# %% [markdown] lang="en"
# ## The data, and first a dense network
#
# We set 5000 training pictures aside for **validation**: with them we compare networks. The 10 000
# test pictures stay locked away; we will use them once, on a network that will not change any more.
# `permutation` gives the numbers of the pictures in random order.

# %%
order = np.random.default_rng(0).permutation(len(x_train))
x_val, y_val = x_train[order[:5000]], y_train[order[:5000]]
x_fit, y_fit = x_train[order[5000:]], y_train[order[5000:]]
print(x_fit.shape, x_val.shape)

# %% [markdown] lang="es"
# ### Normalizar por lotes, con cuatro números
#
# Las redes que vamos a comparar usan **normalización por lotes** (*batch normalization*), que trata
# cada canal por separado. Toma los números de ese canal en todo el lote (y, en una convolución, en
# todos los lugares), les resta su media y los divide entre su desviación estándar. Así, su tamaño
# no depende de si los pesos de la capa anterior son grandes o pequeños, y se puede aprender con
# pasos mayores (Ioffe y Szegedy, 2015). Después los multiplica por una escala $\gamma$ y les suma
# un desplazamiento $\beta$, que se aprenden. Veámoslo con cuatro números, $\gamma = 3$ y
# $\beta = 1$.

# %% [markdown] lang="en"
# ### Batch normalisation, on four numbers
#
# The networks that we will compare use **batch normalisation**, which treats each channel
# separately. It takes the numbers of that channel in the whole batch (and, in a convolution, in all
# places), subtracts their mean and divides them by their standard deviation. That way, their size
# does not depend on whether the weights of the layer before are large or small, and learning can
# take larger steps (Ioffe and Szegedy, 2015). Then it multiplies them by a scale $\gamma$ and adds
# a shift $\beta$, which are learnt. Let us see it on four numbers, with $\gamma = 3$ and
# $\beta = 1$.

# %%
numbers = np.array([2, 4, 4, 6], "float32")
normal = (numbers - numbers.mean()) / numbers.std()
print(normal.round(2), (3 * normal + 1).round(2))
from_keras = layers.BatchNormalization()(numbers[:, None], training=True)
assert np.allclose(ops.convert_to_numpy(from_keras)[:, 0], normal, atol=0.001)

# %% [markdown] lang="es"
# La media es 4, y el 4 pasa a 0; después, con la escala y el desplazamiento, a 1. Al evaluar, la
# respuesta a una imagen no debe depender de sus compañeras de lote: la capa usa una media y una
# varianza que fue promediando durante el entrenamiento; con `momentum=0.95`, cada lote nuevo aporta
# un 5 % de esos valores. Restar la media anula cualquier sesgo anterior, y $\beta$ hace su trabajo:
# la capa anterior no lo necesita. (`training=True` pide la media de este lote; Keras suma un número
# pequeño a la varianza, y por eso el `assert` deja un margen.)

# %% [markdown] lang="en"
# The mean is 4, and the 4 becomes 0; after that, with the scale and the shift, 1. In evaluation,
# the answer to a picture must not depend on the others in its batch: the layer uses a mean and a
# variance that it averaged during training; with `momentum=0.95`, each new batch gives 5% of these
# values. Subtracting the mean cancels any bias before it, and $\beta$ does its work: the layer
# before needs none. (`training=True` asks for the mean of this batch; Keras adds a small number to
# the variance, hence the margin in the `assert`.)

# %% [markdown] lang="es"
# ### La red densa
#
# Una red densa con los mismos datos será nuestra referencia; al azar se acierta 1 de cada 10.
# `train` usa el optimizador Adam (Kingma y Ba, 2015), que adapta el tamaño del paso de cada peso, y
# lotes de 128 imágenes. Una **época** recorre una vez todos los datos; entrenaremos durante 3.
# `Rescaling` divide entre 255, para que los píxeles vayan de 0 a 1. Con `steps_per_execution`,
# Keras da diez pasos de una vez: llega antes a lo mismo. Las redes esperan un eje de canales, 28 ×
# 28 × 1, y Keras se lo añade a nuestras imágenes. `answers` da las diez probabilidades de cada
# imagen: llama a la red con grupos de 500 imágenes como mucho, para no llenar la memoria. La
# respuesta de la red es el dígito de mayor probabilidad, y la **exactitud** (*accuracy*) es la
# proporción de respuestas correctas.

# %% [markdown] lang="en"
# ### The dense network
#
# A dense network on the same data will be our baseline; chance gets 1 in 10 right. `train` uses the
# optimizer Adam (Kingma and Ba, 2015), which adapts the step size of each weight, and batches of
# 128 pictures. An **epoch** goes through all the data once; we will train for 3. `Rescaling`
# divides by 255, so that pixels go from 0 to 1. With `steps_per_execution`, Keras takes ten steps
# at a time: the result is the same, sooner. The networks expect a channel axis, 28 × 28 × 1, and
# Keras adds it to our pictures. `answers` gives the ten probabilities of each picture: it calls the
# network on groups of at most 500 pictures, so as not to fill the memory. The network's answer is
# the digit with the highest probability, and the **accuracy** is the share of correct answers.


# %%
def dense_network(units=256, shape=(28, 28, 1), seed=0):
    keras.utils.set_random_seed(seed)
    start = [layers.Input(shape), layers.Rescaling(1 / 255), layers.Flatten()]
    hidden = [layers.Dense(units, use_bias=False), layers.BatchNormalization(momentum=0.95), layers.ReLU()]
    return keras.Sequential([*start, *hidden, layers.Dense(10, activation="softmax")])


def train(network, rate, x=x_fit, y=y_fit, epochs=3):
    optimizer, loss = keras.optimizers.Adam(rate), "sparse_categorical_crossentropy"
    network.compile(optimizer, loss, metrics=["accuracy"], steps_per_execution=10)
    bar = ck.live.Progress()
    network.fit(x, y, batch_size=128, epochs=epochs, verbose=0, callbacks=[bar])


# %%
import math


def answers(network, pictures):
    pieces = np.array_split(pictures, math.ceil(len(pictures) / 500))
    return np.concatenate([ops.convert_to_numpy(network(piece)) for piece in pieces])


def accuracy(network, pictures, labels):
    return np.mean(answers(network, pictures).argmax(axis=1) == labels)


# %% [markdown] lang="es"
# ### Una tasa que sube y baja
#
# Con pasos grandes se avanza rápido, y con pasos pequeños se afina. Una variante del **ciclo
# único** (Smith y Topin, 2019) hace las dos cosas: la tasa de aprendizaje sube durante el primer
# cuarto del entrenamiento y después baja hasta 0 como un coseno. En una época hay 430 lotes
# (`math.ceil` redondea hacia arriba, porque el último es más pequeño), y en 3 épocas, 1290
# actualizaciones. Las dos redes que comparamos usarán esta receta.

# %% [markdown] lang="en"
# ### A rate that rises and falls
#
# Large steps make fast progress, and small steps fine-tune. A variant of the **one-cycle** policy
# (Smith and Topin, 2019) does both: the learning rate rises during the first quarter of the
# training and then falls to 0 like a cosine. There are 430 batches in an epoch (`math.ceil` rounds
# up, since the last one is smaller), and 1290 updates in 3 epochs. Both networks that we compare
# will use this recipe.


# %%
def one_cycle(pictures=55_000, epochs=3, peak=0.01):
    steps = epochs * math.ceil(pictures / 128)
    rise = steps // 4
    return keras.optimizers.schedules.CosineDecay(peak / 20, steps - rise, warmup_target=peak, warmup_steps=rise)


update, rate = _("actualización", "update"), _("tasa de aprendizaje", "learning rate")
alt = _("La tasa sube hasta 0.01 y luego baja a 0.", "The rate rises to 0.01 and then falls to 0.")
rates = [float(one_cycle()(step)) for step in range(0, 1290, 10)]
ck.plots.curves(range(0, 1290, 10), {"": rates}, xlabel=update, ylabel=rate, alt=alt, height=3.1)

# %% tags=["slow"]
dense = dense_network()
train(dense, one_cycle())
dense_accuracy = accuracy(dense, x_val, y_val)
ck.claim(
    _("exactitud de la red densa en validación", "validation accuracy of the dense network"),
    dense_accuracy,
    at_least=0.97,
)

# %% [markdown] lang="es"
# ## La red convolucional
#
# Es la red del dibujo del principio. Repite tres veces un bloque: convolución, normalización por
# lotes y ReLU. Los dos primeros bloques avanzan con zancada 2 en lugar de agrupar: calcular todos
# los números de una capa y quedarse con uno de cada cuatro costaría más o menos el cuádruple. Donde
# las tablas son pequeñas caben más canales. Después, `head` convierte las tablas en una lista, y
# una capa densa con softmax da las diez probabilidades.

# %% [markdown] lang="en"
# ## The convolutional network
#
# This is the network in the drawing at the beginning. It repeats a block three times: convolution,
# batch normalisation and ReLU. The first two blocks move with stride 2 in place of pooling:
# computing all the numbers of a layer and keeping one in four would cost about four times as much.
# Where the tables are small, there is room for more channels. After that, `head` turns the tables
# into a list, and a dense layer with softmax gives the ten probabilities.


# %%
def block(filters, size, stride=1):
    convolution = layers.Conv2D(filters, size, strides=stride, use_bias=False)
    return [convolution, layers.BatchNormalization(momentum=0.95), layers.ReLU()]


def conv_network(head, filters=(24, 48, 64), shape=(28, 28, 1), seed=0):
    keras.utils.set_random_seed(seed)
    first, second, third = filters
    body = [*block(first, 5, 2), *block(second, 3, 2), *block(third, 3)]
    start, end = [layers.Input(shape), layers.Rescaling(1 / 255)], layers.Dense(10, "softmax")
    return keras.Sequential([*start, *body, head, end])


# %% [markdown] lang="es"
# Aquí `head` será **aplanar** (`Flatten`): la lista lleva primero los 64 canales del primer lugar,
# luego los 64 del segundo, y así $3 \cdot 3 \cdot 64 = 576$ números.
#
# Una capa con $f$ filtros de lado $k$ sobre $c$ canales tiene $k^2 \cdot c \cdot f$ pesos, y cada
# peso se multiplica una vez en cada lugar de la salida. La normalización guarda cuatro números por
# canal: $\gamma$, $\beta$, la media y la varianza. Hagamos la cuenta a mano.

# %% [markdown] lang="en"
# Here `head` will be **flattening** (`Flatten`): the list holds first the 64 channels of the first
# place, then the 64 of the second, and so on: $3 \cdot 3 \cdot 64 = 576$ numbers.
#
# A layer with $f$ kernels of side $k$ on $c$ channels has $k^2 \cdot c \cdot f$ weights, and each
# weight is multiplied once in each place of the output. The normalisation keeps four numbers for
# each channel: $\gamma$, $\beta$, the mean and the variance. Let us count by hand.

# %%
side, c = 28, 1
parameters, products = 576 * 10 + 10, 576 * 10
for f, k, s in ((24, 5, 2), (48, 3, 2), (64, 3, 1)):
    side, weights = output_size(side, k, s), k * k * c * f
    print(f"{side} × {side} × {f}", ck.number(weights), ck.number(side * side * weights), sep=" | ")
    parameters += weights + 4 * f
    products += side * side * weights
    c = f
assert parameters == conv_network(layers.Flatten()).count_params()
print(ck.number(parameters), ck.number(products), sep=" | ")
print(ck.number(dense.count_params()), ck.number(28 * 28 * 256 + 256 * 10), sep=" | ")

# %% [markdown] lang="es"
# Las tres primeras líneas dan el tamaño de la salida, los pesos y las multiplicaciones de cada
# capa. Las dos últimas dan los parámetros y las multiplicaciones de cada red: la convolucional
# tiene menos de un cuarto de los parámetros de la densa, 44 930 frente a 204 298, pero hace casi el
# triple de multiplicaciones por imagen. ¿Cuánto ve cada número de la última convolución?

# %% [markdown] lang="en"
# The first three lines give the size of the output, the weights and the multiplications of each
# layer. The last two give the parameters and the multiplications of each network: the convolutional
# one has less than a quarter of the parameters of the dense one, 44 930 against 204 298, but does
# almost three times as many multiplications for each picture. How much does each number of the last
# convolution see?

# %%
ck.diagrams.receptive_field([(5, 2), (3, 2), (3, 1)])

# %% [markdown] lang="es"
# La figura muestra, de abajo arriba, las tres convoluciones. Cada una añade al campo receptivo
# $k - 1$ veces el producto de las zancadas anteriores: $1 + 4 \cdot 1 + 2 \cdot 2 + 2 \cdot 4 = 17$
# píxeles de lado, casi un dígito. Las tres ventanas de cada fila empiezan en las columnas 0, 4 y 8:
# ninguna llega a las columnas 25, 26 y 27 (ni a las filas 25 a 27). ¿Cuánta tinta se pierde?

# %% [markdown] lang="en"
# The figure shows, from bottom to top, the three convolutions. Each adds to the receptive field
# $k - 1$ times the product of the strides before it: $1 + 4 \cdot 1 + 2 \cdot 2 + 2 \cdot 4 = 17$
# pixels on each side, almost a digit. The three windows of each row start at columns 0, 4 and 8:
# none reaches columns 25, 26 and 27 (nor rows 25 to 27). How much ink is lost?

# %%
print(round(1 - x_fit[:, :25, :25].sum() / x_fit.sum(), 3))

# %% [markdown] lang="es"
# Menos del 1 %.
#
# ### Ejercicio 3: una red a partir de su descripción
#
# LeNet-5 (LeCun et al., 1998) leía cheques. Construye esta versión: entrada de 28 × 28 × 1; 6
# filtros de 5 × 5 con relleno `"same"` y `"tanh"`; agrupación con la media (`AveragePooling2D(2)`);
# 16 filtros de 5 × 5 sin relleno y `"tanh"`; otra agrupación con la media; aplanar; capas densas
# de 120 y 84 neuronas con `"tanh"`, y otra de 10 con `"softmax"`. Escribe antes los tamaños y los
# parámetros de sus capas.

# %% [markdown] lang="en"
# Less than 1%.
#
# ### Exercise 3: a network from its description
#
# LeNet-5 (LeCun et al., 1998) read cheques. Build this version: an input of 28 × 28 × 1; 6 kernels,
# 5 × 5, with padding `"same"` and `"tanh"`; pooling with the mean (`AveragePooling2D(2)`);
# 16 kernels, 5 × 5, without padding, and `"tanh"`; another pooling with the mean; flattening; dense
# layers of 120 and 84 neurons with `"tanh"`, and another of 10 with `"softmax"`. First write down
# the sizes and the parameters of its layers.

# %%
lenet = ...


# %% tags=["check"]
def is_lenet(network):
    own = network.get_weights()
    network.set_weights([np.sin(np.arange(w.size)).reshape(w.shape) for w in own])
    found = answers(network, x_train[:1] / 255)[0, :5]
    network.set_weights(own)
    return np.allclose(found, [0.096, 0.189, 0.138, 0.050, 0.023], atol=0.002)


hint = _(
    "una lista de capas en keras.Sequential; los lados son 28, 14, 10 y 5",
    "a list of layers in keras.Sequential; the sides are 28, 14, 10 and 5",
)
ck.check(lambda: lenet, is_lenet, hint)

# %% tags=["solution"]
lenet = [layers.Input((28, 28, 1)), layers.Conv2D(6, 5, padding="same", activation="tanh")]
lenet += [layers.AveragePooling2D(2), layers.Conv2D(16, 5, activation="tanh")]
lenet += [layers.AveragePooling2D(2), layers.Flatten(), layers.Dense(120, "tanh")]
lenet = keras.Sequential([*lenet, layers.Dense(84, "tanh"), layers.Dense(10, "softmax")])
for layer in lenet.layers:
    print(type(layer).__name__, layer.output.shape[1:], layer.count_params())
ck.check(lambda: lenet, is_lenet, hint)

# %% [markdown] lang="es"
# ## Una actualización, por dentro
#
# Entrenar es repetir cuatro pasos: **hacia delante** (calcular la respuesta), **pérdida** (medir el
# error), **hacia atrás** (calcular el gradiente) y **actualización** (mover los pesos un poco en
# sentido contrario al gradiente). Hagámoslo una vez con una sola imagen, el 5 del principio, y una
# red muy pequeña. Miramos su última capa: `features` son los números que llegan a ella.

# %% [markdown] lang="en"
# ## One update, from the inside
#
# Training means repeating four steps: **forward** (compute the answer), **loss** (measure the
# error), **backward** (compute the gradient) and **update** (move the weights a little against the
# gradient). Let us do it once with a single picture, the 5 from the beginning, and a very small
# network. We look at its last layer: `features` are the numbers that reach it.

# %%
keras.utils.set_random_seed(0)
tiny = keras.Sequential(
    [layers.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Conv2D(4, 5, strides=2)]
    + [layers.ReLU(), layers.Flatten(), layers.Dense(10, activation="softmax")]
)
x, label = x_train[:1, :, :, None], y_train[0]
features = answers(keras.Sequential(tiny.layers[:-1]), x)[0]
weights, bias = tiny.layers[-1].get_weights()

# %% [markdown] lang="es"
# **Hacia delante y pérdida.** De `features` salen diez números (*logits*), y softmax los convierte
# en probabilidades. La pérdida (entropía cruzada) es $-\log$ de la probabilidad del dígito
# verdadero.
#
# **Hacia atrás y actualización.** La derivada de la pérdida respecto a cada *logit* es la
# probabilidad de ese dígito menos la respuesta correcta: 1 en el dígito verdadero y 0 en los demás
# (`np.eye(10)[label]`). En efecto, $L = -z_y + \log \sum_i e^{z_i}$ para los *logits* $z$ y el
# dígito verdadero $y$: la derivada del logaritmo es $e^{z_i} / \sum_j e^{z_j}$, la probabilidad, y
# el primer término resta 1 en $i = y$. El gradiente de cada peso es ese número por la entrada que
# el peso multiplica; `np.outer` hace todos esos productos. Después restamos el gradiente
# multiplicado por la tasa de aprendizaje. Keras hará lo mismo con una copia de la red
# (`clone_model`).

# %% [markdown] lang="en"
# **Forward and loss.** From `features` come ten numbers (*logits*), and softmax turns them into
# probabilities. The loss (cross-entropy) is $-\log$ of the probability of the true digit.
#
# **Backward and update.** The derivative of the loss with respect to each *logit* is the
# probability of that digit minus the right answer: 1 at the true digit and 0 at the others
# (`np.eye(10)[label]`). Indeed $L = -z_y + \log \sum_i e^{z_i}$ for the *logits* $z$ and the true
# digit $y$: the derivative of the logarithm is $e^{z_i} / \sum_j e^{z_j}$, the probability, and the
# first term takes 1 away at $i = y$. The gradient of each weight is that number times the input
# that the weight multiplies; `np.outer` does all these products. Then we subtract the gradient
# times the learning rate. Keras will do the same with a copy of the network (`clone_model`).

# %%
logits = features @ weights + bias
before = np.exp(logits) / np.exp(logits).sum()
loss = -np.log(before[label])
logits_gradient = before - np.eye(10)[label]
new_weights = weights - 0.01 * np.outer(features, logits_gradient)
new_bias = bias - 0.01 * logits_gradient

# %%
twin = keras.models.clone_model(tiny)
twin.set_weights(tiny.get_weights())
twin.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
keras_loss = twin.train_on_batch(x, y_train[:1])
keras_weights, keras_bias = twin.layers[-1].get_weights()
assert np.allclose(keras_loss, loss, atol=1e-4)
assert np.allclose(keras_weights, new_weights, atol=1e-5) and np.allclose(keras_bias, new_bias, atol=1e-5)
assert answers(twin, x)[0, label] > before[label]

# %% [markdown] lang="es"
# Nuestros pesos y los de Keras coinciden, y con una actualización la red está más segura del 5
# (último `assert`). Por las demás capas, Keras sigue la regla de la cadena hacia atrás: es la
# **retropropagación** de la [[mlp]]. En una convolución usa el gradiente que dedujimos para el
# filtro secreto y, si hay otra capa antes, también la derivada de la pérdida respecto a la entrada:
# con zancada 1 es otra convolución, la de los errores rodeados de ceros con el filtro girado media
# vuelta. Comprobémoslo con la página de ruido y uno de sus filtros a medio aprender: si sumamos 1 a
# un píxel y si le restamos 1, la mitad de la diferencia entre las pérdidas es la derivada (exacta,
# porque la pérdida es de segundo grado).

# %% [markdown] lang="en"
# Our weights and Keras's agree, and one update makes the network more certain of the 5 (last
# `assert`). Through the other layers, Keras follows the chain rule backwards: it is the
# **backpropagation** of [[mlp]]. In a convolution it uses the gradient that we derived for the
# secret kernel and, if there is a layer before, the derivative of the loss with respect to the
# input too: with stride 1 it is another convolution, of the errors surrounded by zeros with the
# kernel turned by half a turn. Let us check it on the page of noise, with one of its half-learnt
# kernels: if we add 1 to a pixel and if we subtract 1 from it, half of the difference between the
# losses is the derivative (exactly, since the loss is of second degree).


# %%
error = convolve(page, learnt[3]) - target
page_gradient = 2 / error.size * convolve(np.pad(error, 2), learnt[3][::-1, ::-1])
one = np.zeros_like(page)
one[5, 7] = 1
more, less = (np.mean((convolve(page + by * one, learnt[3]) - target) ** 2) for by in (1, -1))
assert np.isclose((more - less) / 2, page_gradient[5, 7])

# %% [markdown] lang="es"
# ## Entrenar la red
#
# La receta es la de la red densa, sin cambios. Guardamos los filtros de la primera capa como eran
# antes de entrenar (`start`). Es la celda que más tarda: de 15 segundos a un minuto, según el
# portátil; verás su avance.

# %% [markdown] lang="en"
# ## Training the network
#
# The recipe is the one for the dense network, unchanged. We keep the kernels of the first layer as
# they were before training (`start`). This is the slowest cell: 15 seconds to a minute, depending
# on the laptop; you will see its progress.

# %% tags=["slow", "timed"]
model = conv_network(layers.Flatten())
start = model.get_weights()[0]
train(model, one_cycle())

# %%
val_accuracy = accuracy(model, x_val, y_val)
ck.claim(_("exactitud en validación", "validation accuracy"), val_accuracy, at_least=0.988)
ck.claim(
    _("exactitud en validación menos la de la red densa", "validation accuracy minus that of the dense network"),
    val_accuracy - dense_accuracy,
    at_least=0.005,
)

# %% [markdown] lang="es"
# Con menos parámetros y la misma receta, la red convolucional lee mejor que la densa. Es una sola
# ejecución de cada una. Los pesos atados no tienen por qué ser la única razón: también tiene más
# capas y hace casi el triple de multiplicaciones. Otra receta podría dar otra diferencia. La red ya
# no cambiará, y en este cuaderno usamos el conjunto de prueba **una sola vez**. (Para fijar su
# límite la medimos antes con seis semillas, con la red ya elegida: la exactitud nunca bajó de
# [[bound: test accuracy]].)

# %% [markdown] lang="en"
# With fewer parameters and the same recipe, the convolutional network reads better than the dense
# one. This is a single run of each. Tied weights need not be the whole reason: it also has more
# layers and does almost three times as many multiplications. Another recipe could give another
# difference. The network will not change any more, and in this notebook we use the test set **once
# only**. (To set its bound we measured it before, with six seeds and the network already chosen:
# the accuracy was never below [[bound: test accuracy]].)

# %%
probabilities = answers(model, x_test)
predicted = probabilities.argmax(axis=1)
ck.claim(_("exactitud en la prueba", "test accuracy"), np.mean(predicted == y_test), at_least=0.992)

# %% [markdown] lang="es"
# ## Dónde se equivoca
#
# La exactitud puede salir algo por encima o por debajo de la de validación: con 5000 imágenes, el
# azar por sí solo suele mover la de validación en torno a
# $\sqrt{0.99 \cdot 0.01 / 5000} \approx 0.0014$ (la desviación estándar de una proporción), y de
# vez en cuando el doble. Ahora que todo está decidido podemos mirar los errores; quien mejore la
# red con lo que vea aquí necesita otro conjunto de prueba. La **matriz de confusión** cuenta, para
# cada dígito verdadero (fila), qué respondió la red (columna). En la diagonal están los aciertos;
# el color marca solo los errores: cuanto más oscura la casilla, más errores. `np.add.at` suma 1 por
# cada imagen.

# %% [markdown] lang="en"
# ## Where it goes wrong
#
# The accuracy may come out a little above or below that of validation: with 5000 pictures, chance
# alone typically moves that of validation by about $\sqrt{0.99 \cdot 0.01 / 5000} \approx 0.0014$
# (the standard deviation of a proportion), and now and then by twice that. Now that all is decided,
# we may look at the mistakes; whoever improves the network with what they see here needs a new test
# set. The **confusion matrix** counts, for each true digit (row), what the network answered
# (column). Correct answers stand on the diagonal; the colour marks mistakes only: the darker the
# square, the more mistakes. `np.add.at` adds 1 for each picture.

# %% tags=["varies"]
matrix = np.zeros((10, 10), int)
np.add.at(matrix, (y_test, predicted), 1)
ck.plots.confusion(matrix)

# %% [markdown] lang="es"
# Busca las casillas más oscuras: ¿confundirías tú también esos dígitos? Veamos los errores en los
# que la red estaba más segura; `argsort` los ordena por la probabilidad de la respuesta equivocada.
# El título da el dígito verdadero y, tras la flecha, el dígito que leyó la red.

# %% [markdown] lang="en"
# Look for the darkest squares: would you confuse those digits too? Let us see the mistakes in
# which the network was most certain; `argsort` sorts them by the probability of the wrong answer.
# The title gives the true digit and, after the arrow, the digit that the network read.

# %% tags=["varies"]
mistakes = np.flatnonzero(predicted != y_test)
worst = mistakes[np.argsort(-probabilities[mistakes].max(axis=1))][:10]
titles = [f"{y_test[i]} → {predicted[i]}" for i in worst]
alt = _("Los diez errores en los que la red estaba más segura.", "The network's ten most confident mistakes.")
ck.plots.images(x_test[worst], titles, alt=alt)

# %% [markdown] lang="es"
# Cubre los títulos y lee los dígitos tú: ¿en cuántos aciertas? Algunos dibujos podrían pasar por
# dos dígitos distintos, y hay etiquetas dudosas; por eso una exactitud de 1 con estos datos sería
# sospechosa.

# %% [markdown] lang="en"
# Cover the titles and read the digits yourself: how many do you get right? Some drawings could pass
# for two different digits, and there are doubtful labels; that is why an accuracy of 1 on these
# data would be suspicious.

# %% [markdown] lang="es"
# ## Qué ha aprendido
#
# Estos son ocho de los 24 filtros de la primera capa: arriba, antes de entrenar; abajo, después.
# Azul es un peso positivo, naranja uno negativo y blanco es cero. Las comprobaciones miden cuánto
# se parece cada peso al peso de su derecha, en los 24 filtros: la correlación va de −1 a 1, y está
# cerca de 0 si los pesos no guardan relación.

# %% [markdown] lang="en"
# ## What it has learnt
#
# These are eight of the 24 kernels of the first layer: above, before training; below, after it.
# Blue is a positive weight, orange a negative one and white is zero. The claims measure how alike
# each weight and the one on its right are, in all 24 kernels: the correlation goes from −1 to 1,
# and is close to 0 if the weights are unrelated.

# %% tags=["varies"]
end = model.get_weights()[0]
pairs = [weights[:, :, 0, f] for weights in (start, end) for f in range(8)]
alt = _("Ocho filtros, antes y después de entrenar.", "Eight kernels, before and after training.")
titles = [_("antes", "before")] * 8 + [_("después", "after")] * 8
ck.plots.images(pairs, titles, columns=8, signed=True, alt=alt)
likeness = [np.corrcoef(w[:, :-1].ravel(), w[:, 1:].ravel())[0, 1] for w in (start, end)]
ck.claim(
    _("correlación entre pesos vecinos, antes", "correlation of neighbouring weights, before"),
    likeness[0],
    at_most=0.15,
)
ck.claim(
    _("correlación entre pesos vecinos, después", "correlation of neighbouring weights, after"),
    likeness[1],
    at_least=0.2,
)

# %% [markdown] lang="es"
# Al empezar, cada peso es un número al azar. Después hay manchas: los pesos vecinos se parecen más.
# El gradiente da una razón: donde los píxeles vecinos se parecen, $x_p \approx x_{p+1}$, también se
# parecen $\sum_p e_p\,x_p$ y $\sum_p e_p\,x_{p+1}$, y los dos pesos cambian casi igual (la última
# solución muestra la otra cara: donde los píxeles vecinos se parecen, las *diferencias* entre pesos
# vecinos se aprenden despacio). Una mancha azul junto a una naranja calcula una especie de
# derivada, como un filtro de bordes; no todos los filtros son así.

# %% [markdown] lang="en"
# At the beginning, each weight is a random number. Afterwards there are patches: neighbouring
# weights are more alike. The gradient gives a reason: where neighbouring pixels are alike,
# $x_p \approx x_{p+1}$, so are $\sum_p e_p\,x_p$ and $\sum_p e_p\,x_{p+1}$, and the two weights
# change almost equally (the last solution shows the other side: where neighbouring pixels are
# alike, the *differences* between neighbouring weights are learnt slowly). A blue patch beside an
# orange one computes a kind of derivative, as an edge kernel does; not all kernels are like that.

# %% [markdown] lang="es"
# ### Un dígito, capa por capa
#
# Un **mapa de características** (*feature map*) es un canal de la salida de una capa. Para cada
# ReLU construimos un modelo con las capas hasta ella, y le mostramos un 4 de validación.
# `transpose(2, 0, 1)` pone los canales delante. Mostramos ocho mapas por bloque, cada uno con su
# propia escala: blanco es su mayor número, y un mapa de ceros, todos cortados por la ReLU, queda
# negro.

# %% [markdown] lang="en"
# ### One digit, layer by layer
#
# A **feature map** is one channel of the output of a layer. For each ReLU we build a model of the
# layers up to it, and show it a 4 from validation. `transpose(2, 0, 1)` puts the channels first. We
# show eight maps of each block, each on a scale of its own: white is its largest number, and a map
# of zeros, all cut off by the ReLU, stays black.

# %% tags=["varies"]
four = x_val[y_val == 4][:1, :, :, None]
ck.plots.images(four[..., 0], [_("entrada", "input")], size=1.3, alt=_("Un 4 de validación.", "A 4 from validation."))
relus = [place for place, layer in enumerate(model.layers) if isinstance(layer, layers.ReLU)]
for number, place in enumerate(relus, 1):
    maps = answers(keras.Sequential(model.layers[: place + 1]), four)[0].transpose(2, 0, 1)[:8]
    maps = maps / (maps.max(axis=(1, 2), keepdims=True) + 1e-9)
    alt = _(f"Ocho mapas del bloque {number}.", f"Eight maps of block {number}.")
    titles = [_(f"bloque {number}", f"block {number}"), *[""] * 7]
    ck.plots.images(maps, titles, columns=8, alt=alt)

# %% [markdown] lang="es"
# En varios mapas del primer bloque todavía se lee el 4; en algunos mapas el papel vacío no es
# negro, porque la normalización convierte allí el 0 en un número positivo. En el último bloque ya
# no hay una imagen, sino respuestas: un número por mapa en cada uno de los nueve lugares.

# %% [markdown] lang="en"
# In several maps of the first block the 4 can still be read; in some maps the empty paper is not
# black, since there the normalisation turns 0 into a positive number. In the last block there is no
# longer a picture but answers: one number for each map in each of the nine places.

# %% [markdown] lang="es"
# ## Dígitos desplazados
#
# Volvamos a la X desplazada. ¿Lee la red un dígito que no está donde los vio al entrenar?
# Comparamos tres redes pequeñas, entrenadas igual, con 6000 dígitos, todos en el mismo lugar: una
# densa, una convolucional que aplana y otra que, en lugar de aplanar, toma la media de cada mapa
# (`GlobalAveragePooling2D`). Las dos últimas solo se diferencian en eso y, por tanto, en los pesos
# de su última capa. Añadimos columnas vacías, 16 a la izquierda y 24 a la derecha: así, ninguna
# ventana que toque el dígito se sale de la imagen. ¿Qué esperas de cada red?

# %% [markdown] lang="en"
# ## Shifted digits
#
# Let us come back to the shifted X. Can the network read a digit that is not where it saw digits in
# training? We compare three small networks, trained in the same way on 6000 digits, all in the same
# place: a dense one, a convolutional one that flattens and another that takes the mean of each map
# in place of flattening (`GlobalAveragePooling2D`). The last two differ only in that, and so in the
# weights of their last layer. We add empty columns, 16 on the left and 24 on the right: that way,
# no window that touches the digit leaves the picture. What do you expect of each network?

# %%
margins = ((0, 0), (0, 0), (16, 24))
wide_fit, wide_val = np.pad(x_fit[:6000], margins), np.pad(x_val[:1000], margins)
moved = [np.roll(wide_val, shift, axis=2) for shift in (0, 2, 4, 6, 8)]
shape, filters = (28, 68, 1), (8, 16, 32)

# %% tags=["slow"]
networks = {
    _("densa", "dense"): dense_network(64, shape),
    _("aplanar", "flatten"): conv_network(layers.Flatten(), filters, shape),
    _("media", "mean"): conv_network(layers.GlobalAveragePooling2D(), filters, shape),
}
for network in networks.values():
    train(network, one_cycle(6000, 3), wide_fit, y_fit[:6000])

# %%
curves = {name: [accuracy(net, x, y_val[:1000]) for x in moved] for name, net in networks.items()}
shift, share = _("desplazamiento (píxeles)", "shift (pixels)"), _("exactitud", "accuracy")
alt = _(
    "Exactitud según el desplazamiento: cae primero la densa, después la que aplana; la red con la media apenas cae.",
    "Accuracy by shift: the dense one falls first, then the one that flattens; the one with the mean hardly falls.",
)
ck.plots.curves((0, 2, 4, 6, 8), curves, xlabel=shift, ylabel=share, alt=alt, ylim=(0, 1.03))

# %%
dense_curve, flat_curve, mean_curve = curves.values()
less = flat_curve[2] - dense_curve[2]
ck.claim(
    _(
        "exactitud de la red que aplana menos la de la densa, con 4 píxeles",
        "accuracy of the flattening minus the dense network, at 4 pixels",
    ),
    less,
    at_least=0.03,
)
ck.claim(
    _("exactitud de la red que aplana, con 8 píxeles", "accuracy of the flattening network, at 8 pixels"),
    flat_curve[4],
    at_most=0.4,
)
ck.claim(
    _("exactitud de la red con la media, con 8 píxeles", "accuracy of the averaging network, at 8 pixels"),
    mean_curve[4],
    at_least=0.8,
)

# %%
*_others, averaging = networks.values()
unshifted = answers(averaging, moved[0])
change = [np.abs(answers(averaging, x) - unshifted).max() for x in moved]
ck.claim(
    _("mayor cambio de una probabilidad, con 4 y 8 píxeles", "largest change of a probability, at 4 and 8 pixels"),
    max(change[2], change[4]),
    at_most=0.001,
)
ck.claim(
    _("mayor cambio de una probabilidad, con 2 y 6 píxeles", "largest change of a probability, at 2 and 6 pixels"),
    max(change[1], change[3]),
    at_least=0.1,
)

# %% [markdown] lang="es"
# La red densa cae primero: los pesos de una columna que siempre estuvo vacía no aprendieron nada,
# pues su gradiente es el error por 0. La red que aplana resiste más, quizá porque un lugar de sus
# últimos mapas abarca 4 píxeles, pero **también se hunde**: su última capa tiene pesos distintos
# para cada lugar.

# %% [markdown] lang="en"
# The dense network falls first: the weights of a column that was always empty learnt nothing, since
# their gradient is the error times 0. The network that flattens holds out longer, perhaps because
# one place of its last maps covers 4 pixels, but **it sinks too**: its last layer has different
# weights for each place.

# %% [markdown] lang="es"
# La red que toma la media da con 4 y 8 píxeles las mismas probabilidades que sin
# desplazar (la penúltima comprobación): sus mapas se desplazan, y la media de un mapa desplazado es
# la misma, pues solo sale y entra papel vacío. Eso es **invarianza**: si se desplaza la entrada, la
# salida no cambia. Es exacta para los múltiplos de 4, el producto de las zancadas; con 2 o 6
# píxeles, las ventanas toman otros píxeles y las probabilidades cambian (la última), aunque la
# exactitud cae poco. Estos resultados son de una sola ejecución de cada red.

# %% [markdown] lang="en"
# The network that takes the mean gives the same probabilities at 4 and at 8
# pixels as without a shift (the last claim but one): its maps shift, and the mean of a shifted map
# is the same, as only empty paper leaves it and comes in. That is **invariance**: if the input
# shifts, the output does not change. It is exact for multiples of 4, the product of the strides; at
# 2 or 6 pixels, the windows take other pixels and the probabilities change (the last claim),
# although the accuracy falls little. These results are from a single run of each network.

# %% [markdown] lang="es"
# ## Tu propio dígito
#
# Dibujemos un dígito: `.` es papel y `#` es tinta. `as_photo` convierte el dibujo en una imagen en
# grises como la que daría una foto: cada carácter ocupa 4 × 3 píxeles, con papel claro (1), tinta
# oscura (0.2) y márgenes desiguales. ¿Basta con encogerla a 28 × 28 píxeles? La tinta es oscura, y
# el dígito queda pequeño y lejos del centro. Midamos los dos efectos por separado, con 1000 dígitos
# de validación: primero con la luz invertida ($255 - x$), después en una esquina y a mitad de
# tamaño (`::2` deja una de cada dos filas y columnas).

# %% [markdown] lang="en"
# ## Your own digit
#
# Let us draw a digit: `.` is paper and `#` is ink. `as_photo` turns the drawing into a greyscale
# picture like the one that a photo would give: each character takes 4 × 3 pixels, with light paper
# (1), dark ink (0.2) and uneven margins. Is it enough to shrink it to 28 × 28 pixels? The ink is
# dark, and the digit comes out small and far from the centre. Let us measure the two effects
# separately, on 1000 validation digits: first with their light inverted ($255 - x$), then in a
# corner and at half their size (`::2` leaves every second row and column).

# %%
three = """
.....######.......
....##....##......
..........##......
.........##.......
......####........
.........##.......
..........##......
..........##......
....##....##......
.....######.......
"""


# %%
def as_photo(drawing):
    lines = drawing.strip("\n").split("\n")
    width = max(map(len, lines))
    ink = np.array([[character not in ". " for character in line.ljust(width)] for line in lines])
    return 1 - 0.8 * np.pad(ink.repeat(4, axis=0).repeat(3, axis=1), ((10, 60), (10, 90)))


inverted = accuracy(model, 255 - x_val[:1000], y_val[:1000])
ck.claim(_("exactitud con dígitos invertidos", "accuracy on inverted digits"), inverted, at_most=0.7)
corner = np.pad(x_val[:1000, ::2, ::2], ((0, 0), (2, 12), (2, 12)))
small = accuracy(model, corner, y_val[:1000])
ck.claim(
    _("exactitud con dígitos pequeños, en una esquina", "accuracy on small digits in a corner"), small, at_most=0.7
)

# %% [markdown] lang="es"
# Cada uno de los dos cambios estropea la lectura por sí solo (el segundo son tres a la vez: menor,
# en una esquina y con trazos más finos), y la red no tiene la culpa: en MNIST la tinta es *clara*,
# el fondo negro y el dígito llena el centro. **No cuentes con un modelo para datos distintos de los
# que vio**, salvo que esté construido para esa diferencia, como la media para los desplazamientos:
# hay que preparar la imagen igual que se prepararon las de su entrenamiento. LeCun y sus colegas
# encogieron cada dígito para que cupiera en 20 × 20 píxeles sin deformarlo, y lo colocaron en una
# imagen de 28 × 28 con su centro de masa en el centro. `like_mnist` hace lo mismo; antes separa la
# tinta del papel, en el punto medio entre el píxel más claro y el más oscuro.

# %% [markdown] lang="en"
# Each of the two changes spoils the reading on its own (the second is three at once: smaller, in a
# corner and with thinner strokes), and the network is not to blame: in MNIST the ink is *light*,
# the background is black, and the digit fills the centre. **Don't count on a model for data unlike
# those it saw**, unless it is built for that difference, as the mean was for shifts: the picture
# must be prepared as its training pictures were. LeCun and his colleagues shrank each digit to fit
# into 20 × 20 pixels without deforming it, and placed it in a 28 × 28 picture with its centre of
# mass in the centre. `like_mnist` does the same; before that, it separates the ink from the paper,
# at the midpoint between the lightest pixel and the darkest.


# %%
def read_digit(picture):
    return answers(model, picture[None])[0]


unprepared = 255 * ck.pictures.resize(as_photo(three), 28, 28)
prepared = ck.pictures.like_mnist(as_photo(three))
read = [read_digit(picture).argmax() for picture in (unprepared, prepared)]
titles = [_(f"sin preparar: {read[0]}", f"unprepared: {read[0]}"), _(f"preparado: {read[1]}", f"prepared: {read[1]}")]
ck.plots.images([unprepared, prepared], titles, columns=2, size=2.5)
ck.claim(
    _("probabilidad de un 3, con el dibujo preparado", "probability of a 3, for the prepared drawing"),
    read_digit(prepared)[3],
    at_least=0.9,
)

# %% [markdown] lang="es"
# Los títulos dicen qué lee la red en cada imagen. La celda siguiente es tuya: cambia el 7 por otro
# dígito, tan grande como quieras. **¿Y una foto?** Escribe un dígito con un marcador (rotulador)
# grueso sobre papel blanco, fotografíalo de cerca y con luz uniforme, copia la foto (en JPEG o PNG,
# con el dígito derecho; por cable, si no hay internet) a la carpeta de este cuaderno y pon su nombre en
# `photo_path`.

# %% [markdown] lang="en"
# The titles say what the network reads in each picture. The next cell is yours: replace the 7 with
# another digit, as large as you like. **And a photo?** Write a digit with a thick marker on white
# paper, photograph it from close up in even light, copy the photo (as JPEG or PNG, with the digit
# upright; by cable, if there is no internet) to the folder of this notebook and put its name into
# `photo_path`.

# %%
my_drawing = """
##########
.......##.
......##..
.....##...
....##....
...##.....
"""

# %% tags=["varies"]
# es: por ejemplo, photo_path = "mi_foto.jpg"
# en: for example, photo_path = "my_photo.jpg"
photo_path = None
mine = ck.pictures.read(photo_path).mean(axis=-1) if photo_path else as_photo(my_drawing)
mine = ck.pictures.like_mnist(mine)
answer = read_digit(mine).argmax()
titles = [_(f"la red lee: {answer}", f"the network reads: {answer}")]
alt = _("Tu dígito, preparado.", "Your digit, prepared.")
ck.plots.images([mine], titles, size=3, alt=alt)

# %% [markdown] lang="es"
# Con el cuaderno en marcha puedes también dibujar con el ratón, con un lápiz o con el dedo. La red
# lee tras cada trazo, y ves lo que recibe y sus diez probabilidades. Prueba con un dígito pequeño en
# una esquina; después dibuja un 4 y ciérralo poco a poco por arriba: ¿llega a leer un 9, y cuándo? (Si
# solo lees el cuaderno, una imagen ocupa el lugar de la hoja.)

# %% [markdown] lang="en"
# While the notebook is running, you can also draw with the mouse, a pen or a finger. The network
# reads after each stroke, and you see what it receives and its ten probabilities. Try a small digit
# in a corner; then draw a 4 and close its top little by little: does it come to read a 9, and when? (Where the
# notebook is only read, a picture takes the place of the sheet.)

# %% tags=["varies"]
ck.widgets.draw(read_digit, as_photo(three))

# %% [markdown] lang="es"
# ### Ejercicio 4: predecir, cambiar y medir
#
# Esta vez cambiamos los *datos* en lugar de la red: se llama **aumento de datos** (*data
# augmentation*). Entrena la red densa pequeña con los dígitos de `wide_fit`, cada uno desplazado al
# azar entre −8 y 8 píxeles. ¿Qué exactitud tendrá con 8 píxeles (`moved[4]`)? Escribe tu
# predicción; después entrena la red dos veces, con dos semillas, y pon la media en `measured`. Si
# no acertaste, deja tu predicción como está y busca la razón.
#
# Otros cambios para predecir y medir con validación: aprender el filtro secreto con un trozo de la
# foto en lugar de ruido (está en la solución), quitar las ReLU o cambiar el número o el tamaño de
# los filtros. Copia antes `block` y `conv_network` con otros nombres.

# %% [markdown] lang="en"
# ### Exercise 4: predict, change and measure
#
# This time we change the *data* instead of the network: this is called **data augmentation**. Train
# the small dense network on the digits of `wide_fit`, each shifted at random between −8 and
# 8 pixels. What accuracy will it have at 8 pixels (`moved[4]`)? Write down your prediction; then
# train the network twice, with two seeds, and put the mean into `measured`. If you were wrong,
# leave your prediction as it is and look for the reason.
#
# Other changes to predict and to measure on validation: learn the secret kernel with a piece of the
# photo in place of noise (it is in the solution), remove the ReLUs or change the number or the size
# of the kernels. First copy `block` and `conv_network` under other names.

# %%
prediction, measured = ..., ...


# %% tags=["check"]
def foreseen(pair):
    return 0 <= pair[0] <= 1 and 0.6 <= pair[1] <= 1


hint = _(
    "las exactitudes van de 0 a 1; cada imagen lleva su propio desplazamiento, con np.roll(x, step, axis=1)",
    "accuracies go from 0 to 1; each picture has a shift of its own, with np.roll(x, step, axis=1)",
)
ck.check([prediction, measured], foreseen, hint)

# %% tags=["solution"]
results, generator = [], np.random.default_rng(0)
for run in range(2):
    steps = generator.integers(-8, 9, len(wide_fit))
    augmented = np.stack([np.roll(x, s, axis=1) for x, s in zip(wide_fit, steps, strict=True)])
    network = dense_network(64, shape, seed=run)
    train(network, one_cycle(6000, 3), augmented, y_fit[:6000])
    results.append(accuracy(network, moved[4], y_val[:1000]))
measured = np.mean(results)
ck.claim(
    _(
        "exactitud de la red densa con aumento, con 8 píxeles",
        "accuracy of the dense network with augmentation, at 8 pixels",
    ),
    measured,
    at_least=0.7,
)
# es: una razón posible: ahora aprenden todas las columnas, pero 64 neuronas deben aprender 17 lugares
# en: a possible reason: now all columns learn, but 64 neurons must learn 17 places
ck.check([0.8, measured], foreseen, hint)

# %% tags=["solution"]
# es: En la foto, los píxeles vecinos se parecen, y las diferencias entre pesos vecinos, de las que está
# es: hecho este filtro, se aprenden despacio. Con los mismos píxeles en orden aleatorio, se aprende.
# en: In the photo, neighbouring pixels are alike, so the differences between neighbouring weights, of which
# en: this kernel is made, are learnt slowly. With the same pixels in random order, it is learnt.
piece = photo[60:80, 60:84]
piece = (piece - piece.mean()) / piece.std()
mixed = np.random.default_rng(0).permutation(piece.ravel()).reshape(piece.shape)
apart = []
for picture in (piece, mixed):
    guess = np.zeros((3, 3))
    for _step in range(40):
        error = convolve(picture, guess) - convolve(picture, vertical_edge)
        guess = guess - 0.1 * 2 / error.size * convolve(picture, error)
    apart.append(np.abs(guess - vertical_edge).max())
ck.claim(
    _("mayor diferencia con el filtro secreto, foto", "largest difference from the secret kernel, photo"),
    apart[0],
    at_least=0.5,
)
ck.claim(
    _(
        "mayor diferencia con el filtro secreto, píxeles mezclados",
        "largest difference from the secret kernel, mixed pixels",
    ),
    apart[1],
    at_most=0.02,
)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una convolución es una capa densa con ceros y pesos atados: pocos pesos, usados en toda la
#   imagen. Si la entrada se desplaza, la salida se desplaza con ella.
# - Un filtro de bordes es una derivada. La red aprende los suyos; el gradiente es otra convolución.
# - Dos convoluciones seguidas equivalen a una; con una ReLU en medio, no. Cada capa con filtros
#   mayores que 1 × 1 ve más que la anterior.
# - Con los mismos datos y la misma receta, la red convolucional leyó mejor que la densa. Cuánto
#   importa *dónde* está el dígito depende de la capa `head` y de los datos de entrenamiento.
# - La validación sirve para decidir; la prueba, para medir una sola vez.

# %% [markdown] lang="en"
# ## What we learned
#
# - A convolution is a dense layer with zeros and tied weights: few weights, used over the whole
#   picture. If the input shifts, the output shifts with it.
# - An edge kernel is a derivative. The network learns its own, and the gradient is another
#   convolution.
# - Two convolutions in a row amount to one; with a ReLU in between, they do not. Each layer with
#   kernels larger than 1 × 1 sees more than the one before.
# - On the same data and with the same recipe, the convolutional network read better than the dense
#   one. How much it matters *where* the digit is depends on the layer `head` and on the training
#   data.
# - Validation is for deciding; the test set is for measuring, only once.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - LeCun, Bottou, Bengio y Haffner (1998), *Gradient-based learning applied to document
#   recognition*: LeNet-5 y MNIST.
# - Lin, Chen y Yan (2014), *Network in network*: los filtros de 1 × 1 y la media de cada mapa.
# - Krizhevsky, Sutskever y Hinton (2012), AlexNet; Simonyan y Zisserman (2015), VGG; He et al.
#   (2016), ResNet: redes para fotos, con más capas; ResNet suma además la entrada de cada bloque a
#   su salida.
# - Ioffe y Szegedy (2015), *Batch normalization*; Kingma y Ba (2015), *Adam*; Smith y Topin (2019),
#   *Super-convergence*; Prince (2023), *Understanding Deep Learning*, capítulo 10.

# %% [markdown] lang="en"
# ## Further reading
#
# - LeCun, Bottou, Bengio and Haffner (1998), *Gradient-based learning applied to document
#   recognition*: LeNet-5 and MNIST.
# - Lin, Chen and Yan (2014), *Network in network*: 1 × 1 kernels and the mean of each map.
# - Krizhevsky, Sutskever and Hinton (2012), AlexNet; Simonyan and Zisserman (2015), VGG; He et al.
#   (2016), ResNet: networks for photos, with more layers; ResNet also adds the input of each block
#   to its output.
# - Ioffe and Szegedy (2015), *Batch normalization*; Kingma and Ba (2015), *Adam*; Smith and Topin
#   (2019), *Super-convergence*; Prince (2023), *Understanding Deep Learning*, chapter 10.
