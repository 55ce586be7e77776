"""The words on figures and in messages, in Spanish and in English."""

import sys

LANGUAGES = ("es", "en")

# key: (Spanish, English); what stands in braces is filled in by `say`.
WORDS = {
    # figures
    "accuracy": ("exactitud", "accuracy"),
    "epoch": ("época", "epoch"),
    "input": ("entrada", "input"),
    "kernel": ("filtro", "kernel"),
    "layer": ("capa {number}", "layer {number}"),
    "loss": ("pérdida", "loss"),
    "output": ("salida", "output"),
    "predicted": ("clase predicha", "predicted class"),
    "true": ("clase verdadera", "true class"),
    "training": ("entrenamiento", "training"),
    "validation": ("validación", "validation"),
    "answer": ("respuesta", "answer"),
    "inputs": ("entradas", "inputs"),
    "neuron": ("neurona", "neuron"),
    "step": ("paso", "step"),
    "weights": ("pesos", "weights"),
    "backward_pass": ("hacia atrás: derivadas", "backward: derivatives"),
    "forward_pass": ("hacia delante: valores", "forward: values"),
    "sum": ("suma", "sum"),
    "forget": ("olvido", "forget"),
    "input_gate": ("entrada", "input"),
    "candidate": ("candidata", "candidate"),
    "output_gate": ("salida", "output"),
    "code": ("código", "code"),
    "decoder": ("decodificador", "decoder"),
    "encoder": ("codificador", "encoder"),
    "first_code": ("primer número del código", "first number of the code"),
    "second_code": ("segundo número del código", "second number of the code"),
    "paths_C": ("foto $C$", "photo $C$"),
    "paths_G": ("imagen $G$", "picture $G$"),
    "paths_S": ("cuadro $S$", "painting $S$"),
    "paths_network": ("red, con\npesos fijos", "network,\nfixed weights"),
    "paths_same": ("la misma\nred", "the same\nnetwork"),
    "paths_J_C": ("contenido", "content"),
    "paths_J_S": ("estilo", "style"),
    "paths_V": ("variación total", "total variation"),
    "paths_back": (
        "el gradiente de $J$ vuelve a la imagen: cambian los píxeles, no la red",
        "the gradient of $J$ returns to the picture: the pixels change, not the network",
    ),
    # what a figure shows, for those who can't see it
    "alt_images": (
        "Cuadrícula de imágenes, {rows} × {columns}{titles}.",
        "Grid of pictures, {rows} × {columns}{titles}.",
    ),
    "alt_history": (
        "Curvas de {curves} en entrenamiento y validación durante {epochs} épocas.",
        "Curves of {curves} in training and validation over {epochs} epochs.",
    ),
    "alt_confusion": (
        "Matriz de confusión de {classes} clases: filas, clase verdadera; columnas, predicha.",
        "Confusion matrix of {classes} classes: rows, true class; columns, predicted class.",
    ),
    "alt_convolution": (
        "Un paso de la convolución: la ventana en la fila {row} y la columna {column} de la "
        "entrada, el filtro y la salida hasta ahora; este paso da {value}.",
        "One step of the convolution: the window at row {row} and column {column} of the "
        "input, the kernel and the output so far; this step gives {value}.",
    ),
    "alt_receptive_field": (
        "Vista de lado de {layers} capas: un número de la última depende de {field} entradas.",
        "Side view of {layers} layers: one number of the last depends on {field} inputs.",
    ),
    "alt_conv_network": (
        "Una red convolucional como una fila de pilas de mapas: {names}.",
        "A convolutional network as a row of stacks of maps: {names}.",
    ),
    "alt_neuron": (
        "Una neurona: {count} entradas, unidas por líneas con los pesos {weights} a un círculo "
        "del que sale la respuesta.",
        "A neuron: {count} inputs, joined by lines with the weights {weights} to a circle from "
        "which the answer comes out.",
    ),
    "alt_network": (
        "Red dibujada como grafo, con {sizes} neuronas por capa.",
        "Network drawn as a graph, with {sizes} neurons in its layers.",
    ),
    "alt_joints": (
        "Una fila por cada una de {neurons} neuronas ReLU: su recta, la recta con la parte "
        "negativa en 0 y esa línea quebrada por su peso de salida. A la derecha, la suma.",
        "One row for each of {neurons} ReLU neurons: its line, the line with its negative part "
        "set to 0, and that broken line times its output weight. On the right, the sum.",
    ),
    "alt_unrolled": (
        "Una red recurrente, primero como un bucle y después desplegada en {steps} pasos de "
        "tiempo que leen: {inputs}. Cada estado recibe una entrada y el estado anterior, siempre "
        "con los mismos pesos.",
        "A recurrent network, first as a loop, then unrolled over {steps} time steps that "
        "read: {inputs}. Each state gets an input and the previous state, with the same weights "
        "at every step.",
    ),
    "alt_lstm": (
        "Un paso de tiempo de una LSTM. Arriba, la celda va de izquierda a derecha: se multiplica "
        "por la compuerta de olvido y se le suma la candidata multiplicada por la compuerta de "
        "entrada. El estado nuevo es la tanh de la celda por la compuerta de salida.",
        "One time step of an LSTM. On top, the cell runs from left to right: it is multiplied by "
        "the forget gate, and the candidate times the input gate is added to it. The new state is "
        "the tanh of the cell times the output gate.",
    ),
    "alt_hourglass": (
        "Un reloj de arena: columnas de {sizes} neuronas. La entrada, a la izquierda, se estrecha "
        "en el codificador hasta el código, y el decodificador la ensancha hasta la salida.",
        "An hourglass: columns of {sizes} neurons. The input, on the left, narrows in the encoder "
        "down to the code, and the decoder widens it again to the output.",
    ),
    "alt_two_paths": (
        "La foto C, la imagen G y el cuadro S pasan por la misma red. Las activaciones de C y de "
        "G dan la pérdida del contenido; las matrices de Gram de G y de S, la del estilo; los "
        "píxeles de G, la variación total. Las tres suman J(G), y su gradiente vuelve a G.",
        "The photo C, the picture G and the painting S pass through the same network. The "
        "activations of C and G give the content loss; the Gram matrices of G and S, the style "
        "loss; the pixels of G, the total variation. The three add up to J(G), and its gradient "
        "returns to G.",
    ),
    # live progress
    "live_epoch": ("Época {epoch} de {epochs}", "Epoch {epoch} of {epochs}"),
    "live_done": ("Entrenamiento terminado", "Training finished"),
    # claims
    "bound": ("límite", "bound"),
    "claim_without_bound": (
        "La comprobación «{name}» no tiene límite: indica at_least, at_most o ambos.",
        "The claim '{name}' has no bound: give at_least, at_most or both.",
    ),
    "claim_of_many": (
        "La comprobación «{name}» necesita un solo número y recibió la forma {found}.",
        "The claim '{name}' needs a single number and got the shape {found}.",
    ),
    "claim_broken": (
        "{name}: se midió {value}, pero el límite es {bound}.",
        "{name}: measured {value}, but the bound is {bound}.",
    ),
    # exercises
    "not_yet": (
        "☐ Aún no: cambia los puntos (...) por tu respuesta y ejecuta de nuevo.",
        "☐ Not yet: replace the dots (...) with your answer and run again.",
    ),
    "correct": ("☑ ¡Correcto!", "☑ Correct!"),
    "hint": ("✎ Todavía no es correcto. Pista: {hint}", "✎ Not right yet. Hint: {hint}"),
    "answer_raises": (
        "✎ Tu código se detuvo con {error}. Pista: {hint}",
        "✎ Your code stopped with {error}. Hint: {hint}",
    ),
    "wrong_shape": (
        "la forma es {found} y se esperaba {wanted}",
        "the shape is {found} and {wanted} was expected",
    ),
    # bad input
    "bad_language": (
        "El curso no existe en el idioma {language}: usa 'es' o 'en'.",
        "The course does not exist in the language {language}: use 'es' or 'en'.",
    ),
    "bad_seed": (
        "La semilla {seed} no sirve: usa un entero entre 0 y 2**32 - 1.",
        "The seed {seed} does not work: use an integer from 0 to 2**32 - 1.",
    ),
    "bad_shape": (
        "{name} tiene la forma {found}, pero se esperaba {wanted}.",
        "{name} has shape {found}, but {wanted} was expected.",
    ),
    "bad_factors": (
        "factors solo admite enteros desde 0; cada columna distingue {wanted} casos.",
        "factors takes only ints from 0; its columns tell {wanted} cases apart.",
    ),
    "bad_suffix": (
        "No se sabe qué formato debe tener {path}: termina el nombre en .png o .jpg.",
        "Cannot tell which format {path} should have: end the name in .png or .jpg.",
    ),
    "picture_exists": (
        "Ya hay un archivo {path}: elige otro nombre o pide overwrite=True.",
        "The file {path} already exists: choose another name or ask for overwrite=True.",
    ),
    "no_folder": (
        "No existe la carpeta de {path}: créala o elige otra.",
        "The folder of {path} does not exist: create it or choose another.",
    ),
    "bad_count": (
        "Hay {found} títulos para {wanted} imágenes: escribe uno por imagen.",
        "There are {found} titles for {wanted} pictures: give one for each.",
    ),
    "bad_position": (
        "La fila {row} y la columna {column} no están en la salida, que mide {rows} × {columns}.",
        "Row {row} and column {column} are not in the output, which is {rows} × {columns}.",
    ),
    "bad_history": (
        "Se esperaba lo que devuelve fit(): un History o su diccionario con 'loss'.",
        "Expected what fit() returns: a History or its dictionary with 'loss'.",
    ),
    "no_alt": (
        "Esta figura no tiene texto alternativo: escribe alt= con una frase que la describa.",
        "This figure has no alternative text: give alt= with a sentence that describes it.",
    ),
    "unknown_picture": (
        "El curso no tiene ninguna imagen {name}: las que hay son {names}.",
        "The course has no picture {name}: it has {names}.",
    ),
    "missing_file": (
        "Falta el archivo de datos {path}: instala de nuevo el curso o recupera la carpeta data/.",
        "The data file {path} is missing: install the course again or restore the data/ folder.",
    ),
    "altered_file": (
        "El archivo de datos {path} no es el original (su SHA-256 es otro): instala de nuevo el "
        "curso o recupera la carpeta data/.",
        "The data file {path} is not the original (its SHA-256 differs): install the course "
        "again or restore the data/ folder.",
    ),
    "no_picture": (
        "No existe la imagen {path}: revisa el nombre y la carpeta.",
        "There is no picture {path}: check the name and the folder.",
    ),
    "folder_picture": (
        "{path} es una carpeta: indica la ruta de una imagen.",
        "{path} is a folder: give the path of a picture.",
    ),
    "bad_picture": (
        "No se pudo leer {path} como imagen: usa un archivo JPEG, PNG, WebP o GIF completo.",
        "Could not read {path} as a picture: use a complete JPEG, PNG, WebP or GIF file.",
    ),
    "huge_picture": (
        "La imagen {path} es demasiado grande: redúcela a menos de {limit} millones de píxeles.",
        "The picture {path} is too large: reduce it to less than {limit} million pixels.",
    ),
    "tiny_picture": (
        "La imagen {path} mide {rows} × {columns} píxeles: usa una de al menos {least} × {least}.",
        "The picture {path} is {rows} × {columns} pixels: use one of at least {least} × {least}.",
    ),
    "bad_answers": (
        "Hay {found} respuestas para {wanted} entradas: escribe una por entrada (puede ser '').",
        "There are {found} answers for {wanted} inputs: give one for each (it may be '').",
    ),
    # folders of pictures
    "no_class_folder": (
        "{path} no es una carpeta: indica una que tenga dentro una carpeta por clase.",
        "{path} is not a folder: give one that holds a folder for each class.",
    ),
    "few_classes": (
        "En {path} hay {found} carpetas: hacen falta al menos 2, una por clase.",
        "{path} holds {found} folders: at least 2 are needed, one for each class.",
    ),
    "few_pictures": (
        "La clase {name} tiene {found} imágenes: hacen falta al menos {least}.",
        "The class {name} has {found} pictures: at least {least} are needed.",
    ),
    "left_out": ("No se usa. {error}", "Left out. {error}"),
    "same_picture": (
        "No se usa. {path} es la misma imagen que {first}.",
        "Left out. {path} is the same picture as {first}.",
    ),
    "alt_sheet": (
        "Hoja de contactos: {each} imágenes de cada clase, una fila por clase ({classes}).",
        "Contact sheet: {each} pictures of each class, a row for each class ({classes}).",
    ),
    # files of ratings
    "no_ratings_file": (
        "No existe el archivo de valoraciones {path}: revisa el nombre y la carpeta.",
        "There is no file of ratings {path}: check the name and the folder.",
    ),
    "ratings_spreadsheet": (
        "{path} es una hoja de cálculo, no un texto: guárdala como CSV.",
        "{path} is a spreadsheet, not a text: save it as CSV.",
    ),
    "no_ratings": (
        "{path} no contiene ninguna valoración.",
        "{path} holds no rating.",
    ),
    "unknown_encoding": (
        "Python no conoce la codificación {encoding}: usa utf-8, cp1252 o mac_roman, por ejemplo.",
        "Python does not know the encoding {encoding}: use utf-8, cp1252 or mac_roman, for "
        "instance.",
    ),
    "ratings_line": ("Línea {line}: {what}", "Line {line}: {what}"),
    "ratings_encoding": (
        "contiene un byte que no es texto en {encoding}; indica otra codificación en encoding=.",
        "it holds a byte that is no text in {encoding}; give another one as encoding=.",
    ),
    "ratings_quotes": (
        'las comillas no se cierran bien ({error}); se esperaba "texto" entre separadores.',
        'its quotes do not close ({error}); expected "text" between separators.',
    ),
    "ratings_cells": (
        "tiene {found} casillas y se esperaban {wanted}.",
        "it has {found} cells, expected {wanted}.",
    ),
    "ratings_nameless": (
        "falta el nombre de la persona o del producto.",
        "the name of the person or of the product is missing.",
    ),
    "ratings_time": (
        "el tiempo es '{found}'; se esperaba un número entero, como 881250949.",
        "the time is '{found}'; expected a whole number, such as 881250949.",
    ),
    "ratings_no_product": (
        "la columna {column} no tiene nombre de producto.",
        "column {column} has no name of a product.",
    ),
    "ratings_same_product": (
        "el producto {name} está dos veces; se esperaba una columna por producto.",
        "the product {name} stands twice; expected one column for each product.",
    ),
    "ratings_same_person": (
        "{name} ya está en la línea {first}; se esperaba una línea por persona.",
        "{name} is on line {first} already; expected one line for each person.",
    ),
    "ratings_number": (
        "'{found}' no vale como valoración de {name}; se esperaba un número entre {low} y {high}, "
        "o la casilla vacía en una tabla de personas × productos.",
        "'{found}' is no rating of {name}; expected a number from {low} to {high}, or an empty "
        "cell in a table of people × products.",
    ),
    "ratings_twice": (
        "{person} ya valoró {product} en la línea {first}; se esperaba una sola valoración.",
        "{person} rated {product} on line {first} already; expected a single rating.",
    ),
}

# What stands for the signs of the course in a terminal that has no Unicode.
PLAIN = {"✔": "+", "≥": ">=", "≤": "<=", "☐": "[ ]", "☑": "[x]", "✎": "[!]", "\u202f": " "}

_language = "es"
said = set()  # keys of the words that this process used: a notebook depends on these alone


def use(language):
    """Choose the language of figures and messages, `"es"` or `"en"`."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(say("bad_language", language=repr(language)))
    _language = language


def number(value):
    """Return a whole number as text, in groups of three digits from 10 000 on.

    The space between groups is narrow and does not break (U+202F): neither language reads it
    as a decimal sign.
    """
    return f"{value:_}".replace("_", "\u202f") if abs(value) >= 10_000 else f"{value}"


def say(key, **values):
    """Return the words for `key` in the chosen language, with `values` filled in."""
    said.add(key)
    return WORDS[key][LANGUAGES.index(_language)].format(**values)


def tell(text):
    """Print a line, in plainer signs where the terminal can't show it."""
    try:
        print(text)
    except UnicodeEncodeError:
        text = text.translate(str.maketrans(PLAIN))
        print(text.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))
