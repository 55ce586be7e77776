# ---
# jupyter:
#   coursekit:
#     seconds: 120
#     cell_seconds: 60
#     memory_mb: 1500
# ---

# %% [markdown] lang="es"
# # 3 · Redes convolucionales: mirar con filtros
#
# Al terminar esta lección podrás:
#
# - calcular una convolución a mano, y comprobar que Keras hace la misma cuenta;
# - decir qué tamaño y cuántos parámetros tiene cada capa antes de crearla;
# - entrenar una red que lee dígitos escritos a mano con una exactitud de 0.992 o más;
# - mirar dentro de la red, encontrar sus errores y darle un dígito tuyo.
#
# **Tiempo**: ejecutarla entera tarda menos de 2 minutos en un portátil de 2 núcleos; leerla y
# resolverla, unas 2 horas. **Necesitas**: Python, y saber qué son una capa densa y un
# entrenamiento (lección 2).

# %% [markdown] lang="en"
# # 3 · Convolutional networks: looking through filters
#
# At the end of this lesson you will be able to:
#
# - compute a convolution by hand, and check that Keras does the same sum;
# - say the size and the number of parameters of each layer before you create it;
# - train a network that reads handwritten digits with an accuracy of 0.992 or more;
# - look inside the network, find its mistakes and give it a digit of your own.
#
# **Time**: running all of it takes less than 2 minutes on a laptop with 2 cores; reading and
# solving it, about 2 hours. **You need**: Python, and to know what a dense layer and training
# are (lesson 2).

# %% lang="es"
import coursekit as ck

ck.setup("es")

# %% lang="en"
import coursekit as ck

ck.setup("en")

# %% [markdown] lang="es"
# ## Una imagen es una tabla de números
#
# MNIST reúne 70 000 dígitos escritos a mano (LeCun, Cortes y Burges, 1998). Sirven 60 000 para
# entrenar y 10 000 para el examen final. Cada imagen mide 28 × 28 píxeles, y cada píxel es un
# entero: 0 es papel, 255 es tinta. Junto a cada imagen hay una etiqueta, el dígito que alguien
# quiso escribir.

# %% [markdown] lang="en"
# ## A picture is a table of numbers
#
# MNIST holds 70,000 handwritten digits (LeCun, Cortes and Burges, 1998). There are 60,000 to
# train with and 10,000 for the final exam. Each picture measures 28 × 28 pixels, and each pixel
# is an integer: 0 is paper, 255 is ink. With each picture comes a label, the digit that somebody
# meant to write.

# %%
x_train, y_train, x_test, y_test = ck.data.mnist()
print(x_train.shape, x_train.dtype, x_test.shape)
ck.plots.images(x_train[:10], titles=y_train[:10])

# %% [markdown] lang="es"
# Arriba de cada imagen está su etiqueta. Fíjate en el primero: el 5 podría pasar por un 3. Nadie
# podría escribir a mano las reglas que distinguen todos los dígitos; por eso las aprenderemos.

# %% [markdown] lang="en"
# Above each picture stands its label. Look at the first one: the 5 could pass for a 3. Nobody
# could write down the rules that tell all digits apart; that is why we will learn them.

# %% [markdown] lang="es"
# ### Los números detrás de la tinta
#
# Recortamos una ventana de 14 × 14 píxeles del primer dígito y escribimos cada número sobre su
# píxel. Eso es todo lo que la red va a recibir: no ve trazos, ve una tabla. Lo que nosotros
# llamamos *borde* es, en la tabla, un lugar donde números pequeños están al lado de números
# grandes.

# %% [markdown] lang="en"
# ### The numbers behind the ink
#
# We cut a window of 14 × 14 pixels out of the first digit and write each number on its pixel.
# This is all that the network will receive: it sees no strokes, it sees a table. What we call an
# *edge* is, in the table, a place where small numbers stand beside large ones.

# %% lang="es"
ck.plots.images(
    x_train[:1, 4:18, 10:24],
    values=True,
    size=8,
    alt="La parte superior del primer dígito, un 5, con el valor de cada píxel, de 0 a 255.",
)

# %% lang="en"
ck.plots.images(
    x_train[:1, 4:18, 10:24],
    values=True,
    size=8,
    alt="The upper part of the first digit, a 5, with the value of each pixel, from 0 to 255.",
)

# %% [markdown] lang="es"
# En el interior del trazo hay valores de más de 250, y fuera hay ceros. En el borde, en uno o
# dos píxeles, los números saltan de unos a otros.

# %% [markdown] lang="en"
# Inside the stroke there are values of more than 250, and outside there are zeros. At the edge,
# within one or two pixels, the numbers jump from one to the other.

# %% [markdown] lang="es"
# ## Por qué no basta una capa densa
#
# En una capa densa, cada neurona tiene un peso para cada píxel, más un sesgo. Con $n$ entradas y
# $m$ neuronas hay $n \cdot m + m$ parámetros. Contemos los de una sola capa de 1000 neuronas: para
# MNIST, y para la foto en color de un teléfono, con 3000 × 4000 píxeles y tres canales.

# %% [markdown] lang="en"
# ## Why a dense layer is not enough
#
# In a dense layer, each neuron has a weight for each pixel, plus a bias. With $n$ inputs and $m$
# neurons there are $n \cdot m + m$ parameters. Let us count those of a single layer of 1000
# neurons: for MNIST, and for the colour photo of a phone, with 3000 × 4000 pixels and three
# channels.

# %%
for n in (28 * 28, 3000 * 4000 * 3):
    print(f"{n:>10,} -> {n * 1000 + 1000:>14,}")

# %% [markdown] lang="es"
# La capa para la foto necesitaría 36 000 001 000 pesos y sesgos: 144 gigabytes en números de 32
# bits. No cabe, y ningún conjunto de datos alcanzaría para aprenderlos.

# %% [markdown] lang="en"
# The layer for the photo would need 36,000,001,000 weights and biases: 144 gigabytes in numbers
# of 32 bits. It does not fit, and no data set would be enough to learn them.

# %% [markdown] lang="es"
# ### El mismo dibujo, dos píxeles más allá
#
# Hay un problema peor que el tamaño. Una capa densa compara píxel por píxel: lo que aprende en un
# lugar no le sirve en el de al lado. Dibujemos una X, la misma X desplazada dos columnas y la
# misma X girada 20 grados. La función gira las coordenadas de cada píxel y pinta los que quedan
# cerca de una diagonal.

# %% [markdown] lang="en"
# ### The same drawing, two pixels further
#
# There is a problem worse than size. A dense layer compares pixel by pixel: what it learns in one
# place is of no use in the next. Let us draw an X, the same X shifted by two columns and the same
# X turned by 20 degrees. The function turns the coordinates of each pixel and paints those that
# come to lie near a diagonal.

# %%
import numpy as np


def draw_x(shift=0, degrees=0):
    rows, columns = np.indices((17, 17)) - 8
    turn = np.exp(1j * np.radians(degrees))
    place = (columns - shift + 1j * rows) * turn
    near_diagonal = np.abs(np.abs(place.real) - np.abs(place.imag)) < 1.2
    return (near_diagonal & (np.abs(place) < 7)).astype(int)


# %% lang="es"
drawings = np.stack([draw_x(), draw_x(shift=2), draw_x(degrees=20)])
ck.plots.images(drawings, ["la X", "desplazada", "girada"], columns=3)

# %% lang="en"
drawings = np.stack([draw_x(), draw_x(shift=2), draw_x(degrees=20)])
ck.plots.images(drawings, ["the X", "shifted", "turned"], columns=3)

# %% [markdown] lang="es"
# Tú ves tres veces la misma letra. Ahora contemos, píxel por píxel, en cuántos se diferencia la
# primera X de las otras dos, y también de una hoja en blanco.

# %% [markdown] lang="en"
# You see the same letter three times. Now let us count, pixel by pixel, in how many the first X
# differs from the other two, and also from a blank page.

# %%
blank = np.zeros_like(drawings[0])
for other in (drawings[1], drawings[2], blank):
    print(np.sum(drawings[0] != other))

# %% [markdown] lang="es"
# Para quien compara píxel por píxel, una hoja en blanco se parece más a la X que la propia X
# desplazada. La salida está en mirar **pedazos pequeños**: un trocito de diagonal es igual en
# cualquier lugar de la imagen.

# %% [markdown] lang="en"
# To whoever compares pixel by pixel, a blank page is more like the X than the shifted X itself.
# The way out is to look at **small pieces**: a bit of diagonal is the same anywhere in the
# picture.

# %% [markdown] lang="es"
# ## La convolución a mano
#
# Un **filtro** (*kernel*) es una tabla pequeña de pesos. Lo ponemos sobre una esquina de la
# imagen, multiplicamos cada peso por el número que queda debajo y sumamos todo: ese es un número
# de la salida. Después lo deslizamos una columna, y así hasta recorrer la imagen. Los pesos son
# siempre los mismos: el filtro busca lo mismo en todas partes.
#
# $$\text{output}_{r,c} = \sum_{i,j} \text{inputs}_{r+i,\,c+j} \cdot \text{kernel}_{i,j}$$
#
# Aquí $r$ y $c$ son la fila y la columna de la salida; $i$ y $j$, las del filtro.

# %% [markdown] lang="en"
# ## Convolution by hand
#
# A **kernel** (or filter) is a small table of weights. We lay it on a corner of the picture,
# multiply each weight by the number under it and add everything up: that is one number of the
# output. Then we slide it by one column, and so on until the whole picture is covered. The
# weights are always the same: the kernel looks for the same thing everywhere.
#
# $$\text{output}_{r,c} = \sum_{i,j} \text{inputs}_{r+i,\,c+j} \cdot \text{kernel}_{i,j}$$
#
# Here $r$ and $c$ are the row and the column of the output; $i$ and $j$, those of the kernel.

# %%
inputs = np.array(
    [[1, 0, 1, 0, 2], [1, 1, 3, 2, 1], [1, 1, 0, 1, 1], [2, 3, 2, 1, 3], [0, 2, 0, 1, 0]]
)
kernel = np.array([[0, 1, 0], [0, 0, 2], [0, 1, 0]])
ck.plots.convolution_step(inputs, kernel, row=0, column=0)

# %% [markdown] lang="es"
# Haz la cuenta con la figura: bajo el 1 de arriba hay un 0, bajo el 2 hay un 3 y bajo el 1 de
# abajo hay un 1. La suma es 0 · 1 + 3 · 2 + 1 · 1 = 7, el primer número de la salida.

# %% [markdown] lang="en"
# Do the sum with the figure: under the upper 1 there is a 0, under the 2 there is a 3 and under
# the lower 1 there is a 1. The sum is 0 · 1 + 3 · 2 + 1 · 1 = 7, the first number of the output.

# %%
ck.plots.convolution_step(inputs, kernel, row=1, column=1)

# %% [markdown] lang="es"
# Cuatro pasos después, la ventana está en el centro. Busca en la figura los tres números que se
# suman para dar 7.

# %% [markdown] lang="en"
# Four steps later, the window is in the centre. Find in the figure the three numbers that add up
# to 7.

# %% [markdown] lang="es"
# ### La misma cuenta, en una función
#
# Escribimos los deslizamientos como dos recorridos, uno por filas y otro por columnas. `size` es
# el lado del filtro. La ventana no puede salirse de la imagen, así que la salida es más pequeña
# que la entrada: con 5 filas y un filtro de 3, quedan 3.

# %% [markdown] lang="en"
# ### The same sum, in a function
#
# We write the sliding as two walks, one along the rows and one along the columns. `size` is the
# side of the kernel. The window can't leave the picture, so the output is smaller than the input:
# with 5 rows and a kernel of 3, there remain 3.


# %%
def convolve(inputs, kernel, stride=1):
    size = len(kernel)
    rows = range(0, inputs.shape[0] - size + 1, stride)
    columns = range(0, inputs.shape[1] - size + 1, stride)
    return np.array(
        [[np.sum(inputs[r : r + size, c : c + size] * kernel) for c in columns] for r in rows]
    )


print(convolve(inputs, kernel))

# %% [markdown] lang="es"
# El primer número es el 7 que calculaste, y el del centro también es 7. Pronto usaremos el
# argumento `stride`.

# %% [markdown] lang="en"
# The first number is the 7 that you computed, and the one in the centre is 7 as well. We will use
# the argument `stride` soon.

# %% [markdown] lang="es"
# ### Tres canales
#
# Una foto en color son tres tablas: rojo, verde y azul. Entonces el filtro también tiene tres,
# una para cada **canal**. Se hace la cuenta en cada canal y se suman los tres resultados, posición
# por posición. Un filtro da siempre *una* salida, tenga la entrada los canales que tenga.

# %% [markdown] lang="en"
# ### Three channels
#
# A colour photo is three tables: red, green and blue. So the kernel has three as well, one for
# each **channel**. The sum is done in each channel and the three results are added up, place by
# place. A kernel always gives *one* output, however many channels the input has.

# %%
green = [[1, 0, 0, 1, 0], [2, 0, 1, 2, 0], [3, 1, 1, 3, 0], [0, 3, 0, 3, 2], [1, 0, 3, 2, 1]]
blue = [[2, 0, 1, 2, 1], [3, 3, 1, 3, 2], [2, 1, 1, 1, 0], [3, 1, 3, 2, 0], [1, 1, 2, 1, 1]]
channels = np.stack([inputs, green, blue])
kernels = np.stack([kernel, [[2, 1, 0], [0, 0, 0], [0, 3, 0]], [[1, 0, 0], [1, 0, 0], [0, 0, 2]]])

# %%
outputs = [convolve(channel, weights) for channel, weights in zip(channels, kernels, strict=True)]
print(outputs[0], outputs[1], outputs[2], sum(outputs), sep="\n\n")

# %% [markdown] lang="es"
# Las tres primeras tablas son los tres canales; la última es su suma, y es la salida del filtro.
# Comprueba la esquina: 7 + 5 + 7 = 19.

# %% [markdown] lang="en"
# The first three tables are the three channels; the last one is their sum, and it is the output
# of the kernel. Check the corner: 7 + 5 + 7 = 19.

# %% [markdown] lang="es"
# ### Keras hace la misma cuenta
#
# Keras ordena los ejes así: la entrada es (imágenes, filas, columnas, canales) y los filtros son
# (filas, columnas, canales, filtros). Aquí hay una imagen y un filtro. Un detalle para quien sepa
# matemáticas: la convolución de los libros da la vuelta al filtro antes de deslizarlo; las redes
# no lo hacen, porque el filtro se aprende y da igual en qué sentido se guarde.

# %% [markdown] lang="en"
# ### Keras does the same sum
#
# Keras orders the axes like this: the input is (pictures, rows, columns, channels) and the
# kernels are (rows, columns, channels, kernels). Here there is one picture and one kernel. A
# detail for those who know mathematics: the convolution of the books flips the kernel before
# sliding it; networks do not, since the kernel is learnt and it makes no difference which way
# round it is kept.

# %%
import keras
from keras import layers, ops

keras.utils.set_random_seed(0)
one_picture = np.moveaxis(channels, 0, -1)[None].astype("float32")
one_kernel = np.moveaxis(kernels, 0, -1)[..., None].astype("float32")
keras_output = ops.convert_to_numpy(ops.conv(one_picture, one_kernel))[0, :, :, 0]
assert np.array_equal(keras_output, sum(outputs))
print(keras_output)

# %% [markdown] lang="es"
# La tabla es la misma, y la línea con `assert` detendría el cuaderno si no lo fuera. Una capa
# `Conv2D` hace esto con muchos filtros a la vez, y a cada salida le suma un sesgo.

# %% [markdown] lang="en"
# The table is the same, and the line with `assert` would stop the notebook if it were not. A
# `Conv2D` layer does this with many kernels at once, and adds a bias to each output.

# %% [markdown] lang="es"
# ## Filtros sobre una foto
#
# ¿Qué puede ver un filtro de 3 × 3? Probemos siete conocidos con la foto de una gata, Chelsea.
# Primero la pasamos a gris, con el promedio de los tres canales. Los filtros que suman 0 dan cero
# donde la foto es lisa y se encienden en los bordes; los que suman 1 conservan el brillo.

# %% [markdown] lang="en"
# ## Kernels on a photo
#
# What can a kernel of 3 × 3 see? Let us try seven well-known ones on the photo of a cat, Chelsea.
# First we turn it grey, with the average of the three channels. Kernels that add up to 0 give
# zero where the photo is smooth and light up at edges; those that add up to 1 keep the
# brightness.

# %% lang="es"
photo = ck.data.photo("chelsea").mean(axis=-1)
photo_kernels = {
    "identidad": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "borde vertical": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "borde horizontal": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "todos los bordes": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "enfocar": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "promedio": np.full((3, 3), 1 / 9),
    "gaussiano": np.outer([1, 2, 1], [1, 2, 1]) / 16,
}

# %% lang="en"
photo = ck.data.photo("chelsea").mean(axis=-1)
photo_kernels = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "vertical edge": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "horizontal edge": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "all edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "box blur": np.full((3, 3), 1 / 9),
    "Gaussian": np.outer([1, 2, 1], [1, 2, 1]) / 16,
}

# %%
close_up = photo[38:192, 77:307]
results = {name: convolve(close_up, kernel) for name, kernel in photo_kernels.items()}
ck.plots.kernels_on_photo(close_up, results)

# %% [markdown] lang="es"
# La identidad deja la foto igual. *Borde vertical* enciende los lados de los ojos y de los
# bigotes donde el gris cambia de izquierda a derecha; *borde horizontal*, donde cambia de arriba
# abajo. *Enfocar* exagera los detalles; *promedio* y *gaussiano* los suavizan. Son solo nueve
# números cada uno. Una red convolucional no los recibe de nadie: **los aprende**.

# %% [markdown] lang="en"
# The identity leaves the photo as it is. *Vertical edge* lights up the sides of the eyes and
# whiskers where the grey changes from left to right; *horizontal edge*, where it changes from top
# to bottom. *Sharpen* exaggerates the details; *box blur* and *Gaussian* smooth them. Each is
# only nine numbers. A convolutional network is given them by nobody: it **learns them**.

# %% [markdown] lang="es"
# ## Zancada, relleno y agrupación
#
# Tres decisiones cambian el tamaño de la salida. La **zancada** (*stride*) $s$ dice cuántos
# píxeles avanza la ventana. El **relleno** (*padding*) $p$ añade ceros alrededor para que los
# bordes también cuenten. Con una entrada de lado $n$ y un filtro de lado $k$, la salida mide
#
# $$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# Los corchetes redondean hacia abajo: una ventana que no cabe entera no cuenta.

# %% [markdown] lang="en"
# ## Stride, padding and pooling
#
# Three decisions change the size of the output. The **stride** $s$ says by how many pixels the
# window moves on. The **padding** $p$ adds zeros around the picture so that its borders count
# too. With an input of side $n$ and a kernel of side $k$, the output measures
#
# $$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# The brackets round down: a window that does not fit whole does not count.


# %%
def output_size(n, k, s=1, p=0):
    return (n + 2 * p - k) // s + 1


for k, s, p in ((3, 1, 0), (3, 1, 1), (3, 2, 0), (5, 2, 2)):
    padded = np.pad(x_train[0], p)
    measured = convolve(padded, np.ones((k, k)), stride=s).shape[0]
    assert measured == output_size(28, k, s, p)
    print(f"k={k} s={s} p={p} -> {measured} × {measured}")

# %% [markdown] lang="es"
# En cada línea, la fórmula y nuestra función `convolve` coinciden para un dígito de 28 × 28. Con
# $k = 3$ y $p = 1$ el tamaño no cambia: en Keras se pide con `padding="same"`, y sin relleno, con
# `padding="valid"`. Una zancada de 2 reduce el lado a la mitad.

# %% [markdown] lang="en"
# In each line, the formula and our function `convolve` agree for a digit of 28 × 28. With $k = 3$
# and $p = 1$ the size does not change: in Keras you ask for it with `padding="same"`, and for no
# padding with `padding="valid"`. A stride of 2 halves the side.

# %% [markdown] lang="es"
# ### Agrupación máxima
#
# La **agrupación máxima** (*max pooling*) parte la imagen en cuadros de 2 × 2 y guarda solo el
# mayor de cada uno. Queda una cuarta parte de los números. Se conserva *si* algo apareció, y se
# olvida un poco *dónde*: por eso un desplazamiento pequeño cambia menos la salida. No tiene
# parámetros.

# %% [markdown] lang="en"
# ### Max pooling
#
# **Max pooling** cuts the picture into squares of 2 × 2 and keeps only the largest number of
# each. A quarter of the numbers remains. *Whether* something appeared is kept, *where* is
# forgotten a little: so a small shift changes the output less. It has no parameters.


# %%
def max_pool(inputs, size=2):
    rows, columns = inputs.shape[0] // size, inputs.shape[1] // size
    squares = inputs[: rows * size, : columns * size].reshape(rows, size, columns, size)
    return squares.max(axis=(1, 3))


table = np.array([[1, 3, 2, 0], [4, 2, 1, 1], [0, 1, 5, 6], [2, 0, 7, 1]], "float32")
keras_pool = ops.convert_to_numpy(ops.max_pool(table[None, :, :, None], 2))[0, :, :, 0]
assert np.array_equal(max_pool(table), keras_pool)
print(max_pool(table))

# %% [markdown] lang="es"
# En el cuadro de arriba a la izquierda están 1, 3, 4 y 2: gana el 4. `ops.max_pool`, de Keras, da
# lo mismo. Si el lado es impar, la última fila y la última columna se pierden.

# %% [markdown] lang="en"
# In the upper left square there are 1, 3, 4 and 2: the 4 wins. `ops.max_pool`, of Keras, gives
# the same. If the side is odd, the last row and the last column are lost.

# %% [markdown] lang="es"
# ### Aplanar
#
# Al final queremos diez números, uno por dígito, y eso lo hace una capa densa. Como una capa densa
# espera una lista, **aplanamos** (*flatten*): ponemos todas las tablas una detrás de otra. Si hay
# 96 tablas de 3 × 3, la lista tiene 864 números.

# %% [markdown] lang="en"
# ### Flatten
#
# At the end we want ten numbers, one for each digit, and a dense layer does that. As a dense
# layer expects a list, we **flatten**: we put all tables one after the other. If there are 96
# tables of 3 × 3, the list has 864 numbers.

# %%
tables = np.zeros((3, 3, 96))
print(tables.shape, "->", tables.reshape(-1).shape)

# %% [markdown] lang="es"
# ## La red
#
# Repetimos tres veces el mismo bloque: convolución, normalización y ReLU. Entre bloques, una
# agrupación reduce el lado. La **normalización por lotes** (*batch normalization*) lleva cada
# canal a media 0 y desviación 1 dentro del lote, y después aprende su propia escala $\gamma$ y su
# propio desplazamiento $\beta$: con ella se puede entrenar con pasos más grandes. Como $\beta$ ya
# desplaza, la convolución no necesita sesgo.

# %% [markdown] lang="en"
# ## The network
#
# We repeat the same block three times: convolution, normalisation and ReLU. Between blocks, a
# pooling reduces the side. **Batch normalisation** brings each channel to mean 0 and deviation 1
# within the batch, and then learns its own scale $\gamma$ and its own shift $\beta$: with it, one
# can train with larger steps. As $\beta$ shifts already, the convolution needs no bias.


# %%
def block(filters):
    return [
        layers.Conv2D(filters, 3, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
    ]


# %%
model = keras.Sequential(
    [layers.Input((28, 28, 1)), layers.Rescaling(1 / 255)]
    + [*block(16), layers.MaxPooling2D()]
    + [*block(48), layers.MaxPooling2D()]
    + block(96)
    + [layers.Flatten(), layers.Dropout(0.4), layers.Dense(10, activation="softmax")]
)

# %% [markdown] lang="es"
# `Rescaling` divide entre 255, para que los píxeles vayan de 0 a 1. `Dropout(0.4)` apaga al azar 4
# de cada 10 números durante el entrenamiento, para que la red no dependa de unos pocos. `softmax`
# convierte las diez salidas en probabilidades que suman 1.

# %% [markdown] lang="en"
# `Rescaling` divides by 255, so that pixels go from 0 to 1. `Dropout(0.4)` switches off 4 of every
# 10 numbers at random during training, so that the network does not depend on a few. `softmax`
# turns the ten outputs into probabilities that add up to 1.

# %% [markdown] lang="es"
# ### Tamaños y parámetros, antes de mirar
#
# Sigamos el lado de la imagen con `output_size`: cada convolución quita 2, cada agrupación divide
# entre 2. Un bloque con $f$ filtros sobre $c$ canales tiene $3 \cdot 3 \cdot c \cdot f$ pesos. La
# normalización guarda cuatro números por canal: $\gamma$ y $\beta$, que se aprenden, y la media y
# la varianza, que se promedian durante el entrenamiento.

# %% [markdown] lang="en"
# ### Sizes and parameters, before looking
#
# Let us follow the side of the picture with `output_size`: each convolution takes away 2, each
# pooling divides by 2. A block with $f$ kernels on $c$ channels has $3 \cdot 3 \cdot c \cdot f$
# weights. The normalisation keeps four numbers for each channel: $\gamma$ and $\beta$, which are
# learnt, and the mean and the variance, which are averaged during training.

# %%
side, c, parameters = 28, 1, 0
for f, pooled in ((16, True), (48, True), (96, False)):
    side = output_size(side, 3)
    parameters += 3 * 3 * c * f + 4 * f
    print(f"Conv2D {side:2} × {side:2} × {f}: {3 * 3 * c * f:6,} + {4 * f}")
    side, c = side // 2 if pooled else side, f
parameters += side * side * c * 10 + 10
print(f"Dense  {side * side * c} -> 10:    {side * side * c * 10 + 10:6,}")

# %%
sizes = [layer.output.shape[1:] for layer in model.layers if layer.name.startswith("conv2d")]
print(sizes)
assert [size[0] for size in sizes] == [26, 11, 3] and side == 3
print(f"{parameters:,} = {model.count_params():,}")
assert parameters == model.count_params()

# %% [markdown] lang="es"
# Las dos cuentas coinciden: 57 818 parámetros. La capa densa de 1000 neuronas del principio, ella
# sola, tenía 785 000. La diferencia está en que un filtro usa los mismos nueve pesos en todos los
# lugares.

# %% [markdown] lang="en"
# The two counts agree: 57,818 parameters. The dense layer of 1000 neurons at the beginning had
# 785,000 on its own. The difference is that a kernel uses the same nine weights in all places.

# %% [markdown] lang="es"
# ## Un paso de entrenamiento, por dentro
#
# Entrenar es repetir cuatro cosas: **adelante** (calcular la respuesta), **pérdida** (medir el
# error), **atrás** (calcular el gradiente) y **actualizar** (mover los pesos un poco en contra).
# Hagámoslo una vez con una sola imagen y una red muy pequeña, y comparemos con Keras. Miramos la
# última capa, donde la cuenta cabe en una línea.

# %% [markdown] lang="en"
# ## One training step, from inside
#
# Training is repeating four things: **forward** (compute the answer), **loss** (measure the
# error), **backward** (compute the gradient) and **update** (move the weights a little against
# it). Let us do it once with a single picture and a very small network, and compare with Keras.
# We look at the last layer, where the sum fits in one line.

# %%
tiny = keras.Sequential(
    [layers.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Conv2D(4, 5, strides=2)]
    + [layers.ReLU(), layers.Flatten(), layers.Dense(10, activation="softmax")]
)
x, label = x_train[:1, :, :, None], y_train[0]
features = keras.Model(tiny.inputs, tiny.layers[-2].output).predict(x, verbose=0)[0]
weights, bias = tiny.layers[-1].get_weights()

# %% [markdown] lang="es"
# **Adelante y pérdida.** `features` son los números que llegan a la última capa. De ellos salen
# diez valores (*logits*), y softmax los convierte en probabilidades. La pérdida es la entropía
# cruzada: $-\log$ de la probabilidad que recibió el dígito verdadero. Si es 1, la pérdida es 0;
# cuanto más cerca de 0, más grande es la pérdida.

# %% [markdown] lang="en"
# **Forward and loss.** `features` are the numbers that reach the last layer. From them come ten
# values (*logits*), and softmax turns them into probabilities. The loss is the cross-entropy:
# $-\log$ of the probability that the true digit received. If it is 1, the loss is 0; the closer
# to 0, the larger the loss.

# %%
logits = features @ weights + bias
probabilities = np.exp(logits) / np.exp(logits).sum()
assert np.allclose(probabilities, tiny.predict(x, verbose=0)[0], atol=1e-5)
loss = -np.log(probabilities[label])

# %% [markdown] lang="es"
# **Atrás y actualizar.** Para softmax con entropía cruzada, el gradiente respecto a los *logits*
# es muy simple: probabilidades menos la respuesta correcta, escrita como un vector con un 1 en el
# dígito verdadero. Por la regla de la cadena, el gradiente de cada peso es ese número por la
# entrada que el peso multiplica. Después restamos el gradiente por la tasa de aprendizaje.

# %% [markdown] lang="en"
# **Backward and update.** For softmax with cross-entropy, the gradient with respect to the
# *logits* is very simple: probabilities minus the right answer, written as a vector with a 1 at
# the true digit. By the chain rule, the gradient of each weight is that number times the input
# that the weight multiplies. Then we subtract the gradient times the learning rate.

# %%
learning_rate = 0.01
logits_gradient = probabilities - np.eye(10)[label]
new_weights = weights - learning_rate * np.outer(features, logits_gradient)
new_bias = bias - learning_rate * logits_gradient

# %%
tiny.compile(keras.optimizers.SGD(learning_rate), "sparse_categorical_crossentropy")
keras_loss = tiny.train_on_batch(x, y_train[:1])
assert np.allclose(keras_loss, loss, atol=1e-4)
assert np.allclose(tiny.layers[-1].get_weights()[0], new_weights, atol=1e-5)
assert np.allclose(tiny.layers[-1].get_weights()[1], new_bias, atol=1e-5)

# %% lang="es"
probability_after = tiny.predict(x, verbose=0)[0, label]
ck.claim("probabilidad del 5, antes del paso", probabilities[label], at_most=0.5)
ck.claim("cuánto creció con el paso", probability_after - probabilities[label], at_least=0.001)

# %% lang="en"
probability_after = tiny.predict(x, verbose=0)[0, label]
ck.claim("probability of the 5, before the step", probabilities[label], at_most=0.5)
ck.claim("how much it grew with the step", probability_after - probabilities[label], at_least=0.001)

# %% [markdown] lang="es"
# Los pesos que calculamos a mano y los de Keras son los mismos, y tras un solo paso la red cree
# más en el 5. Keras sigue la regla de la cadena hacia atrás por todas las capas; eso es la
# **retropropagación** (*backpropagation*), que viste en la lección 2.
#
# Cada línea que empieza con ✔ es una **promesa** del curso: un número medido aquí y ahora, con su
# límite. Si no se cumple, la celda se detiene.

# %% [markdown] lang="en"
# The weights that we computed by hand and those of Keras are the same, and after a single step
# the network believes more in the 5. Keras follows the chain rule backwards through all layers;
# that is **backpropagation**, which you saw in lesson 2.
#
# Each line that begins with ✔ is a **claim** of the course: a number measured here and now, with
# its bound. If it does not hold, the cell stops.

# %% [markdown] lang="es"
# ## Entrenar la red
#
# Primero apartamos 5000 imágenes de entrenamiento para la **validación**: con ellas miramos cómo
# va todo y tomamos decisiones. Las 10 000 de prueba esperan cerradas hasta el final, y las
# usaremos una sola vez. Un examen que ya conoces no mide nada.

# %% [markdown] lang="en"
# ## Training the network
#
# First we set 5000 training pictures aside for **validation**: with them we watch how it goes and
# take decisions. The 10,000 test pictures wait, closed, until the end, and we will use them only
# once. An exam that you know already measures nothing.

# %%
order = np.random.default_rng(0).permutation(len(x_train))
x_val, y_val = x_train[order[:5000]], y_train[order[:5000]]
x_fit, y_fit = x_train[order[5000:]], y_train[order[5000:]]
print(len(x_fit), len(x_val), len(x_test))

# %% [markdown] lang="es"
# ### La receta
#
# Usamos lotes de 128 imágenes y el optimizador Adam (Kingma y Ba, 2015), que adapta el paso de cada
# peso. La tasa de aprendizaje sube durante el primer cuarto del entrenamiento y después baja como
# un coseno hasta 0: al principio los gradientes son poco fiables, y al final conviene afinar con
# pasos pequeños. Es la idea del «ciclo único» (Smith y Topin, 2019).

# %% [markdown] lang="en"
# ### The recipe
#
# We use batches of 128 pictures and the optimizer Adam (Kingma and Ba, 2015), which adapts the
# step of each weight. The learning rate rises during the first quarter of the training and then
# falls like a cosine to 0: at the beginning gradients can't be trusted much, and at the end it
# pays to fine-tune with small steps. It is the idea of "one cycle" (Smith and Topin, 2019).

# %%
batch_size, epochs = 128, 5
steps = epochs * -(-len(x_fit) // batch_size)
warmup_steps = steps // 4
schedule = keras.optimizers.schedules.CosineDecay(
    0.0005, steps - warmup_steps, warmup_target=0.01, warmup_steps=warmup_steps
)

# %% lang="es"
import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(10, 3))
axis.plot([float(schedule(step)) for step in range(steps)])
axis.set(xlabel="paso (un lote de 128 imágenes)", ylabel="tasa de aprendizaje")
ck.plots.show(figure, "La tasa de aprendizaje sube en línea recta hasta 0.01 y luego baja a 0.")

# %% lang="en"
import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(10, 3))
axis.plot([float(schedule(step)) for step in range(steps)])
axis.set(xlabel="step (a batch of 128 pictures)", ylabel="learning rate")
ck.plots.show(figure, "The learning rate rises in a straight line to 0.01 and then falls to 0.")

# %% [markdown] lang="es"
# La curva tiene un punto por lote: 5 épocas de 430 pasos. Una **época** es una vuelta completa a
# los datos de entrenamiento. Ahora sí, a entrenar. Es la celda más larga de la lección: tarda
# menos de 60 segundos, y si la ejecutas tú, verás su avance.

# %% [markdown] lang="en"
# The curve has one point for each batch: 5 epochs of 430 steps. An **epoch** is one full pass
# over the training data. Now let us train. It is the longest cell of the lesson: it takes less
# than 60 seconds, and if you run it yourself, you will see its progress.

# %%
model.compile(
    keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy", metrics=["accuracy"]
)
history = model.fit(
    x_fit,
    y_fit,
    batch_size=batch_size,
    epochs=epochs,
    validation_data=(x_val, y_val),
    callbacks=[ck.live.Progress()],
    verbose=0,
)

# %% lang="es"
ck.plots.history(history)
ck.claim("exactitud en validación", history.history["val_accuracy"][-1], at_least=0.989)

# %% lang="en"
ck.plots.history(history)
ck.claim("validation accuracy", history.history["val_accuracy"][-1], at_least=0.989)

# %% [markdown] lang="es"
# La pérdida baja en las dos curvas, y terminan cerca: la red no se limita a memorizar. En la
# primera época, con pasos grandes, la validación puede dar saltos; al final, con pasos pequeños, se
# asienta. *Dropout* solo estorba durante el entrenamiento: en la validación, la red trabaja con
# todos sus números.

# %% [markdown] lang="en"
# The loss falls on both curves, and they end close together: the network does not just memorise. In
# the first epoch, with large steps, validation may jump; at the end, with small steps, it settles.
# Dropout is in the way only during training: in validation, the network works with all its
# numbers.

# %% [markdown] lang="es"
# ### El examen, una sola vez
#
# Todas las decisiones están tomadas. Ahora abrimos los datos de prueba y pedimos las diez
# probabilidades de cada imagen. La respuesta de la red es el dígito con la mayor, y la exactitud
# (*accuracy*) es la parte de las respuestas que son correctas.

# %% [markdown] lang="en"
# ### The exam, only once
#
# All decisions are taken. Now we open the test data and ask for the ten probabilities of each
# picture. The answer of the network is the digit with the largest one, and the accuracy is the
# share of answers that are right.

# %%
probabilities = model.predict(x_test, batch_size=500, verbose=0)
predicted = probabilities.argmax(axis=1)
accuracy = np.mean(predicted == y_test)

# %% lang="es"
ck.claim("exactitud en la prueba", accuracy, at_least=0.992)

# %% lang="en"
ck.claim("test accuracy", accuracy, at_least=0.992)

# %% [markdown] lang="es"
# De 10 000 dígitos que nunca vio, la red lee bien al menos 9920. Medimos la receta con varias
# semillas distintas, y el límite es uno que todas cumplen.

# %% [markdown] lang="en"
# Of 10,000 digits that it never saw, the network reads at least 9920 correctly. We measured the
# recipe with several different seeds, and the bound is one that all of them keep.

# %% [markdown] lang="es"
# ## Dónde se equivoca
#
# Un solo número esconde mucho. La **matriz de confusión** cuenta, para cada dígito verdadero
# (fila), qué respondió la red (columna). En la diagonal están los aciertos. El color marca solo los
# errores: cuanto más oscura la celda, más veces se confundió ese par.

# %% [markdown] lang="en"
# ## Where it goes wrong
#
# A single number hides a lot. The **confusion matrix** counts, for each true digit (row), what
# the network answered (column). Correct answers stand on the diagonal. The colour marks mistakes
# only: the darker the cell, the more often that pair was confused.

# %%
matrix = np.zeros((10, 10), int)
np.add.at(matrix, (y_test, predicted), 1)
ck.plots.confusion(matrix)

# %% [markdown] lang="es"
# Casi todo está en la diagonal. Busca la celda más oscura: suele ser un par que a ti también te
# costaría, como 4 y 9, 3 y 5 o 2 y 7.

# %% [markdown] lang="en"
# Nearly all is on the diagonal. Look for the darkest cell: it tends to be a pair that would be
# hard for you too, such as 4 and 9, 3 and 5 or 2 and 7.

# %% [markdown] lang="es"
# ### Los errores más seguros
#
# ¿Qué errores son los más graves? Aquellos en los que la red estaba muy segura. Ordenamos los
# errores por la probabilidad de la respuesta equivocada, y mostramos los diez primeros. El título
# dice el dígito verdadero y, tras la flecha, lo que la red leyó.

# %% [markdown] lang="en"
# ### The most confident mistakes
#
# Which mistakes are the worst? Those in which the network was very sure. We sort the mistakes by
# the probability of the wrong answer, and show the first ten. The title says the true digit and,
# after the arrow, what the network read.

# %%
mistakes = np.flatnonzero(predicted != y_test)
confidence = probabilities[mistakes].max(axis=1)
worst = mistakes[np.argsort(-confidence)][:10]
titles = [f"{y_test[i]} → {predicted[i]}" for i in worst]

# %% lang="es"
ck.plots.images(x_test[worst], titles, alt="Los diez errores más seguros de la red.")

# %% lang="en"
ck.plots.images(x_test[worst], titles, alt="The ten most confident mistakes of the network.")

# %% [markdown] lang="es"
# Cubre los títulos y lee los dígitos tú. En varios es probable que tampoco aciertes: hay etiquetas
# dudosas y trazos que podrían ser dos dígitos. Una exactitud de 1 sobre estos datos sería
# sospechosa.

# %% [markdown] lang="en"
# Cover the titles and read the digits yourself. You will probably miss several too: there are
# doubtful labels and strokes that could be two digits. An accuracy of 1 on these data would be
# suspicious.

# %% [markdown] lang="es"
# ## Qué ha aprendido
#
# Estos son los 16 filtros de la primera capa. Nadie los eligió: empezaron al azar y el
# entrenamiento los movió. Azul es un peso positivo, naranja uno negativo y blanco es cero. Un
# filtro que es azul en un lado y naranja en el otro responde a un borde, como los que probamos con
# la foto.

# %% [markdown] lang="en"
# ## What it has learnt
#
# These are the 16 kernels of the first layer. Nobody chose them: they began at random and the
# training moved them. Blue is a positive weight, orange a negative one and white is zero. A
# kernel that is blue on one side and orange on the other responds to an edge, like those that we
# tried on the photo.

# %%
convolutions = [layer for layer in model.layers if isinstance(layer, layers.Conv2D)]
ck.plots.filters(convolutions[0].get_weights()[0])

# %% [markdown] lang="es"
# Busca filtros con azul arriba y naranja abajo, y otros en diagonal: son detectores de bordes en
# distintas direcciones. No los pedimos, y sin embargo aparecieron.

# %% [markdown] lang="en"
# Look for kernels that are blue above and orange below, and for diagonal ones: they are edge
# detectors in different directions. We did not ask for them, and yet they appeared.

# %% [markdown] lang="es"
# ### Un dígito, capa por capa
#
# Ahora seguimos un dígito de validación por la red. Un **mapa de características** (*feature
# map*) es la salida de un filtro: blanco donde encontró lo que busca. Construimos un modelo con la
# misma entrada y los mismos pesos que termina antes, en las ReLU de los tres bloques.

# %% [markdown] lang="en"
# ### One digit, layer by layer
#
# Now we follow one validation digit through the network. A **feature map** is the output of one
# kernel: white where it found what it looks for. We build a model with the same input and the
# same weights that ends earlier, at the ReLU of the three blocks.

# %%
relus = [layer.output for layer in model.layers if isinstance(layer, layers.ReLU)]
inside = keras.Model(model.inputs, relus)
example = np.flatnonzero(y_val == 4)[0]
maps = inside.predict(x_val[example : example + 1], verbose=0)
print([block_maps.shape[1:] for block_maps in maps])

# %% lang="es"
ck.plots.images(x_val[example][None], ["la entrada"], size=2, alt="Un 4 escrito a mano.")
ck.plots.feature_maps(maps[0][0], alt="Bloque 1: 16 mapas en los que aún se lee el 4.")

# %% lang="en"
ck.plots.images(x_val[example][None], ["the input"], size=2, alt="A handwritten 4.")
ck.plots.feature_maps(maps[0][0], alt="Block 1: 16 maps in which the 4 can still be read.")

# %% [markdown] lang="es"
# Estos son los 16 mapas del primer bloque. Todavía lees el 4: unos mapas realzan sus trazos
# verticales, otros los horizontales, otros su contorno. Sigamos con 24 de los 48 mapas del segundo
# bloque, cada uno de 11 × 11.

# %% [markdown] lang="en"
# These are the 16 maps of the first block. You still read the 4: some maps bring out its vertical
# strokes, some the horizontal ones, some its outline. Let us go on with 24 of the 48 maps of the
# second block, each of 11 × 11.

# %% lang="es"
ck.plots.feature_maps(maps[1][0, :, :, :24], alt="Bloque 2: 24 mapas con trozos del 4.")

# %% lang="en"
ck.plots.feature_maps(maps[1][0, :, :, :24], alt="Block 2: 24 maps with pieces of the 4.")

# %% [markdown] lang="es"
# El dígito ya casi no se lee. Quedan trozos: un extremo, un cruce, una inclinación. Y en el tercer
# bloque, del que mostramos 24 de 96 mapas, cada uno tiene solo 3 × 3 lugares.

# %% [markdown] lang="en"
# The digit can hardly be read any more. Pieces remain: an end, a crossing, a slant. And in the
# third block, of which we show 24 of 96 maps, each one has only 3 × 3 places.

# %% lang="es"
ck.plots.feature_maps(maps[2][0, :, :, :24], alt="Bloque 3: 24 mapas de 3 × 3 píxeles.")

# %% lang="en"
ck.plots.feature_maps(maps[2][0, :, :, :24], alt="Block 3: 24 maps of 3 × 3 pixels.")

# %% [markdown] lang="es"
# Ya no es una imagen, sino una lista de «por aquí hay algo así». Con esa lista decide la capa
# densa.

# %% [markdown] lang="en"
# It is no picture any more, but a list of "around here there is something like this". With that
# list the dense layer decides.

# %% [markdown] lang="es"
# ## Dígitos desplazados: densa contra convolucional
#
# Volvamos a la X desplazada. Entrenamos una red densa con los mismos datos y después movemos los
# dígitos de validación hacia la derecha. Ninguna de las dos redes vio dígitos desplazados: MNIST
# los trae centrados. ¿Cuál aguanta más?

# %% [markdown] lang="en"
# ## Shifted digits: dense against convolutional
#
# Let us come back to the shifted X. We train a dense network on the same data and then move the
# validation digits to the right. Neither network has seen shifted digits: MNIST brings them
# centred. Which one holds out longer?

# %%
dense = keras.Sequential(
    [layers.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Flatten()]
    + [layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")]
)
dense.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
_ = dense.fit(x_fit, y_fit, batch_size=128, epochs=4, verbose=0, callbacks=[ck.live.Progress()])


# %%
def shifted(pictures, pixels):
    moved = np.zeros_like(pictures)
    moved[:, :, pixels:] = pictures[:, :, : 28 - pixels]
    return moved


shifts = range(9)
curves = {}
for name, network in (("MLP", dense), ("CNN", model)):
    curves[name] = [network.evaluate(shifted(x_val, s), y_val, 500, verbose=0)[1] for s in shifts]

# %% lang="es"
figure, axis = plt.subplots(figsize=(10, 4))
axis.plot(shifts, curves["CNN"], "o-", label="convolucional (CNN)")
axis.plot(shifts, curves["MLP"], "s--", label="densa (MLP)")
axis.set(xlabel="desplazamiento (píxeles)", ylabel="exactitud", ylim=(0, 1.03))
axis.legend()
ck.plots.show(figure, "Exactitud según el desplazamiento: la densa cae antes que la convolucional.")
ck.claim("ventaja de la CNN con 4 píxeles", curves["CNN"][4] - curves["MLP"][4], at_least=0.4)

# %% lang="en"
figure, axis = plt.subplots(figsize=(10, 4))
axis.plot(shifts, curves["CNN"], "o-", label="convolutional (CNN)")
axis.plot(shifts, curves["MLP"], "s--", label="dense (MLP)")
axis.set(xlabel="shift (pixels)", ylabel="accuracy", ylim=(0, 1.03))
axis.legend()
ck.plots.show(figure, "Accuracy by shift: the dense network falls before the convolutional one.")
ck.claim("lead of the CNN at 4 pixels", curves["CNN"][4] - curves["MLP"][4], at_least=0.4)

# %% [markdown] lang="es"
# Con pocos píxeles, la convolucional casi no lo nota y la densa ya falla. Pero mira el final: con
# desplazamientos grandes **también la convolucional se hunde**. Sus filtros encuentran los trazos
# en cualquier lugar; su última capa densa, en cambio, aprendió *dónde* suelen estar. La convolución
# ayuda, pero no hace magia. El remedio habitual es entrenar también con imágenes desplazadas
# (*data augmentation*).

# %% [markdown] lang="en"
# With few pixels, the convolutional one hardly notices and the dense one fails already. But look
# at the end: with large shifts **the convolutional one sinks too**. Its kernels find the strokes
# anywhere; its last dense layer, however, learnt *where* they usually are. Convolution helps, but
# it does no magic. The usual remedy is to train with shifted pictures as well (*data
# augmentation*).

# %% [markdown] lang="es"
# ## Tu propio dígito
#
# Dibuja un dígito con `#`, aquí mismo, tan grande como quieras. Cada carácter es un píxel. Cambia
# el dibujo y ejecuta de nuevo las celdas que siguen. La segunda celda convierte el texto en una
# imagen gris como la de una foto: papel claro (1), tinta oscura (0.2) y márgenes desiguales.

# %% [markdown] lang="en"
# ## Your own digit
#
# Draw a digit with `#`, right here, as large as you like. Each character is a pixel. Change the
# drawing and run the cells below again. The second cell turns the text into a grey picture like
# that of a photo: light paper (1), dark ink (0.2) and uneven margins.

# %%
drawing = """
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
lines = drawing.split()
ink = np.array([[character == "#" for character in line] for line in lines])
my_picture = 1 - 0.8 * np.pad(ink.repeat(4, axis=0).repeat(3, axis=1), ((10, 60), (10, 90)))

# %% [markdown] lang="es"
# ### Lo que sale mal
#
# Probemos lo más directo: encoger la imagen a 28 × 28 y dársela a la red. `resize` reduce la imagen
# promediando píxeles.

# %% [markdown] lang="en"
# ### What goes wrong
#
# Let us try the most direct way: shrink the picture to 28 × 28 and give it to the network.
# `resize` reduces the picture by averaging pixels.

# %%
from PIL import Image


def resize(picture, rows, columns):
    image = Image.fromarray(np.float32(picture))
    return np.asarray(image.resize((columns, rows), Image.Resampling.BOX))


naive = 255 * resize(my_picture, 28, 28)
naive_probability = model.predict(naive[None], verbose=0)[0, 3]

# %% lang="es"
ck.plots.images([naive], ["lo que recibe la red"], size=2.5)
ck.claim("probabilidad del 3, sin preparar", naive_probability, at_most=0.5)

# %% lang="en"
ck.plots.images([naive], ["what the network gets"], size=2.5)
ck.claim("probability of the 3, unprepared", naive_probability, at_most=0.5)

# %% [markdown] lang="es"
# La red no lo reconoce, y no tiene la culpa: en MNIST la tinta es *clara* y el fondo negro, y el
# dígito llena el centro. Aquí todo está al revés. **Un modelo solo sabe de datos como los que
# vio**: hay que preparar la imagen igual que prepararon las suyas.

# %% [markdown] lang="en"
# The network does not recognise it, and it is not to blame: in MNIST the ink is *light* and the
# background black, and the digit fills the centre. Here all is the other way round. **A model
# only knows about data like those it saw**: the picture must be prepared as its own were.

# %% [markdown] lang="es"
# ### Preparar como se preparó MNIST
#
# LeCun y sus colegas hicieron dos cosas: encoger el dígito para que cupiera en 20 × 20 píxeles sin
# deformarlo, y colocarlo en una imagen de 28 × 28 con su centro de masa en el centro. Nosotros
# hacemos antes una más: separar la tinta del papel. Lo que es más oscuro que la mitad entre el
# blanco y el negro de la foto cuenta como tinta.

# %% [markdown] lang="en"
# ### Prepare as MNIST was prepared
#
# LeCun and his colleagues did two things: shrink the digit to fit into 20 × 20 pixels without
# deforming it, and place it in a picture of 28 × 28 with its centre of mass in the centre. We do
# one more before: separate the ink from the paper. What is darker than halfway between the white
# and the black of the photo counts as ink.


# %%
def crop_ink(picture):
    ink = np.max(picture) - picture
    ink = np.where(ink > ink.max() / 2, ink / ink.max(), 0)
    rows, columns = np.nonzero(ink)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


# %%
def prepare(picture):
    ink = crop_ink(picture)
    scale = 20 / max(ink.shape)
    rows, columns = (max(1, round(scale * side)) for side in ink.shape)
    digit = resize(ink, rows, columns)
    places = np.indices(digit.shape).reshape(2, -1)
    centre = (places * digit.ravel()).sum(axis=1) / digit.sum()
    corner = np.clip(np.round(13.5 - centre), 0, 28 - np.array(digit.shape))
    top, left = corner.astype(int)
    canvas = np.zeros((28, 28), "float32")
    canvas[top : top + rows, left : left + columns] = 255 * digit / digit.max()
    return canvas


# %%
my_digit = prepare(my_picture)
my_probabilities = model.predict(my_digit[None], verbose=0)[0]
print(my_probabilities.argmax())

# %% lang="es"
ck.plots.images([my_digit], ["preparado"], size=2.5)
ck.claim("probabilidad del 3, preparado", my_probabilities[3], at_least=0.9)

# %% lang="en"
ck.plots.images([my_digit], ["prepared"], size=2.5)
ck.claim("probability of the 3, prepared", my_probabilities[3], at_least=0.9)

# %% [markdown] lang="es"
# La misma red, el mismo dibujo, y ahora lo lee con seguridad. **¿Y una foto?** Escribe un dígito
# con un rotulador grueso sobre papel blanco, fotografíalo de cerca y con luz pareja, copia la foto
# a la carpeta de este cuaderno y pon su nombre: `photo_path = "mi_foto.jpg"`.

# %% [markdown] lang="en"
# The same network, the same drawing, and now it reads it with confidence. **And a photo?** Write
# a digit with a thick marker on white paper, photograph it from close by and in even light, copy
# the photo to the folder of this notebook and give its name: `photo_path = "mi_foto.jpg"`.

# %%
photo_path = None
if photo_path:
    my_digit = prepare(ck.data.picture(photo_path).mean(axis=-1))
    ck.plots.images([my_digit], [model.predict(my_digit[None], verbose=0)[0].argmax()], size=2.5)

# %% [markdown] lang="es"
# ## Tu turno
#
# Cambia los puntos (`...`) por tu respuesta y ejecuta la celda y la que le sigue. La solución está
# plegada debajo: ábrela después de intentarlo.
#
# ### Ejercicio 1: el tamaño
#
# Una imagen de 28 × 28 pasa por una convolución con filtros de 5 × 5, zancada 2 y relleno 1, y
# después por una agrupación de 2 × 2. ¿Qué lado tiene el resultado? Calcúlalo con lápiz antes que
# con Python.

# %% [markdown] lang="en"
# ## Your turn
#
# Replace the dots (`...`) with your answer and run the cell and the one after it. The solution is
# folded below: open it after you have tried.
#
# ### Exercise 1: the size
#
# A picture of 28 × 28 goes through a convolution with kernels of 5 × 5, stride 2 and padding 1,
# and then through a pooling of 2 × 2. How long is the side of the result? Work it out with a
# pencil before you do so with Python.

# %%
side = ...

# %% lang="es"
hint = "primero (28 + 2 · 1 − 5) entre 2, redondeado hacia abajo, más 1; luego la mitad"
ck.check(side, output_size(28, 5, 2, 1) // 2, hint)

# %% lang="en"
hint = "first (28 + 2 · 1 − 5) over 2, rounded down, plus 1; then half of it"
ck.check(side, output_size(28, 5, 2, 1) // 2, hint)

# %% tags=["solution"]
side = ((28 + 2 * 1 - 5) // 2 + 1) // 2
ck.check(side, output_size(28, 5, 2, 1) // 2, hint)

# %% [markdown] lang="es"
# ### Ejercicio 2: los parámetros
#
# Una capa `Conv2D` tiene 64 filtros de 5 × 5, con sesgo, y recibe 32 canales. ¿Cuántos parámetros
# tiene? ¿Y cuántos tendría si la imagen fuera diez veces más ancha? Responde con los dos números,
# en ese orden.

# %% [markdown] lang="en"
# ### Exercise 2: the parameters
#
# A `Conv2D` layer has 64 kernels of 5 × 5, with bias, and receives 32 channels. How many
# parameters does it have? And how many would it have if the picture were ten times as wide? Answer
# with the two numbers, in that order.

# %%
parameters = [..., ...]

# %%
layer = layers.Conv2D(64, 5)
layer.build((None, 100, 100, 32))
right = [layer.count_params()] * 2

# %% lang="es"
hint = "cada filtro tiene 5 · 5 · 32 pesos y un sesgo, y los usa en todos los lugares"
ck.check(parameters, right, hint)

# %% lang="en"
hint = "each kernel has 5 · 5 · 32 weights and one bias, and uses them in all places"
ck.check(parameters, right, hint)

# %% tags=["solution"]
parameters = [64 * (5 * 5 * 32 + 1), 64 * (5 * 5 * 32 + 1)]
ck.check(parameters, right, hint)

# %% [markdown] lang="es"
# ### Ejercicio 3: un filtro que mueve
#
# Escribe un filtro de 3 × 3 que desplace la imagen un píxel **hacia la izquierda**: en cada lugar
# de la salida debe quedar el número que en la entrada estaba justo a la derecha.

# %% [markdown] lang="en"
# ### Exercise 3: a kernel that moves
#
# Write a kernel of 3 × 3 that shifts the picture by one pixel **to the left**: each place of the
# output must hold the number that stood just to its right in the input.

# %%
shift_kernel = ...


# %%
def shifts_left(kernel):
    result = convolve(inputs, np.asarray(kernel))
    return np.array_equal(result, inputs[1:-1, 2:])


# %% lang="es"
hint = "un solo 1; ¿sobre qué vecino del centro debe caer?"
ck.check(shift_kernel, shifts_left, hint)

# %% lang="en"
hint = "a single 1; on which neighbour of the centre must it fall?"
ck.check(shift_kernel, shifts_left, hint)

# %% tags=["solution"]
shift_kernel = [[0, 0, 0], [0, 0, 1], [0, 0, 0]]
ck.check(shift_kernel, shifts_left, hint)

# %% [markdown] lang="es"
# ### Ejercicio 4: agrupar con el promedio
#
# Completa `average_pool`: como `max_pool`, pero guarda el promedio de cada cuadro de 2 × 2. La
# comparamos con la de Keras sobre un dígito de verdad.

# %% [markdown] lang="en"
# ### Exercise 4: pooling with the average
#
# Complete `average_pool`: like `max_pool`, but it keeps the average of each square of 2 × 2. We
# compare it with that of Keras on a real digit.


# %%
def average_pool(inputs):
    return ...


# %% lang="es"
digit = x_train[0].astype("float32")
keras_pool = ops.convert_to_numpy(ops.average_pool(digit[None, :, :, None], 2))[0, :, :, 0]
hint = "parte la tabla en cuadros como max_pool y usa mean en lugar de max"
ck.check(lambda: average_pool(digit), keras_pool, hint, tolerance=1e-3)

# %% lang="en"
digit = x_train[0].astype("float32")
keras_pool = ops.convert_to_numpy(ops.average_pool(digit[None, :, :, None], 2))[0, :, :, 0]
hint = "cut the table into squares as max_pool does and use mean in place of max"
ck.check(lambda: average_pool(digit), keras_pool, hint, tolerance=1e-3)


# %% tags=["solution"]
def average_pool(inputs):
    rows, columns = inputs.shape[0] // 2, inputs.shape[1] // 2
    return inputs.reshape(rows, 2, columns, 2).mean(axis=(1, 3))


ck.check(lambda: average_pool(digit), keras_pool, hint, tolerance=1e-3)

# %% [markdown] lang="es"
# ## Lo que aprendimos
#
# - Una convolución multiplica y suma un filtro pequeño en cada lugar: pocos pesos, los mismos en
#   toda la imagen.
# - Zancada, relleno y agrupación deciden los tamaños, y se calculan antes de entrenar.
# - Entrenar es repetir cuatro pasos: adelante, pérdida, atrás, actualizar.
# - La validación sirve para decidir; la prueba, para medir una sola vez.
# - Una red sabe de datos como los suyos: lo que le damos hay que prepararlo igual.

# %% [markdown] lang="en"
# ## What we learned
#
# - A convolution multiplies and adds a small kernel in each place: few weights, the same over the
#   whole picture.
# - Stride, padding and pooling decide the sizes, and these are worked out before training.
# - Training is repeating four steps: forward, loss, backward, update.
# - Validation is for deciding; the test, for measuring once.
# - A network knows about data like its own: what we give it must be prepared in the same way.

# %% [markdown] lang="es"
# ## Para seguir leyendo
#
# - LeCun, Bottou, Bengio y Haffner (1998), *Gradient-based learning applied to document
#   recognition*: la red convolucional que leía cheques, y MNIST.
# - Krizhevsky, Sutskever y Hinton (2012), *ImageNet classification with deep convolutional neural
#   networks*: el mismo principio con fotos de mil clases.
# - Zeiler y Fergus (2014), *Visualizing and understanding convolutional networks*: más maneras de
#   mirar dentro.
# - Ioffe y Szegedy (2015), *Batch normalization*; Srivastava y otros (2014), *Dropout*; Kingma y Ba
#   (2015), *Adam*; Smith y Topin (2019), *Super-convergence*.

# %% [markdown] lang="en"
# ## Further reading
#
# - LeCun, Bottou, Bengio and Haffner (1998), *Gradient-based learning applied to document
#   recognition*: the convolutional network that read cheques, and MNIST.
# - Krizhevsky, Sutskever and Hinton (2012), *ImageNet classification with deep convolutional
#   neural networks*: the same principle with photos of a thousand classes.
# - Zeiler and Fergus (2014), *Visualizing and understanding convolutional networks*: more ways to
#   look inside.
# - Ioffe and Szegedy (2015), *Batch normalization*; Srivastava and others (2014), *Dropout*;
#   Kingma and Ba (2015), *Adam*; Smith and Topin (2019), *Super-convergence*.
