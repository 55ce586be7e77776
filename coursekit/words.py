"""The words on figures and in messages, in Spanish and in English."""

LANGUAGES = ("es", "en")

# key: (Spanish, English); what stands in braces is filled in by `say`.
WORDS = {
    # figures
    "accuracy": ("exactitud", "accuracy"),
    "epoch": ("época", "epoch"),
    "input": ("entrada", "input"),
    "kernel": ("filtro", "kernel"),
    "loss": ("pérdida", "loss"),
    "output": ("salida", "output"),
    "predicted": ("clase predicha", "predicted class"),
    "true": ("clase verdadera", "true class"),
    "training": ("entrenamiento", "training"),
    "validation": ("validación", "validation"),
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
    "alt_kernels": (
        "Una foto y, al lado, el resultado de cada filtro: {names}.",
        "A photo and, beside it, the result of each kernel: {names}.",
    ),
    "alt_convolution": (
        "Un paso de la convolución: la ventana en la fila {row} y la columna {column} de la "
        "entrada, el filtro y la salida hasta ahora; este paso da {value}.",
        "One step of the convolution: the window at row {row} and column {column} of the "
        "input, the kernel and the output so far; this step gives {value}.",
    ),
    # live progress
    "live_epoch": ("Época {epoch} de {epochs}", "Epoch {epoch} of {epochs}"),
    "live_done": ("Entrenamiento terminado", "Training finished"),
    # claims
    "promised": ("prometido", "promised"),
    "claim_without_bound": (
        "La promesa «{name}» no tiene límite: da at_least, at_most o ambos.",
        "The claim '{name}' has no bound: give at_least, at_most or both.",
    ),
    "claim_broken": (
        "{name}: se midió {value}, pero se prometió {bound}.",
        "{name}: measured {value}, but promised {bound}.",
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
        "El idioma {language} no existe en el curso: usa 'es' o 'en'.",
        "The course does not speak {language}: use 'es' or 'en'.",
    ),
    "bad_seed": (
        "La semilla {seed} no sirve: usa un entero entre 0 y 2**32 - 1.",
        "The seed {seed} does not work: use an integer from 0 to 2**32 - 1.",
    ),
    "bad_shape": (
        "{name} tiene la forma {found}, pero se esperaba {wanted}.",
        "{name} has shape {found}, but {wanted} was expected.",
    ),
    "bad_suffix": (
        "No se sabe qué formato quieres para {path}: termina el nombre en .png o .jpg.",
        "Which format {path} should have is unknown: end the name in .png or .jpg.",
    ),
    "picture_exists": (
        "Ya hay un archivo {path}: elige otro nombre o pide overwrite=True.",
        "There is a file {path} already: choose another name or ask for overwrite=True.",
    ),
    "no_folder": (
        "No existe la carpeta de {path}: créala o elige otra.",
        "The folder of {path} is not there: make it or choose another.",
    ),
    "bad_count": (
        "Hay {found} títulos para {wanted} imágenes: da uno por imagen.",
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
        "Esta figura no tiene texto alternativo: da alt= con una frase que la describa.",
        "This figure has no alternative text: give alt= with a sentence that describes it.",
    ),
    "unknown_file": (
        "El curso no tiene ningún archivo {name}: los que hay son {files}.",
        "The course has no file {name}: it has {files}.",
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
        "{path} es una carpeta: da la ruta de una imagen.",
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
}

_language = "es"


def use(language):
    """Choose the language of figures and messages, `"es"` or `"en"`. Used by `setup`."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(say("bad_language", language=repr(language)))
    _language = language


def say(key, **values):
    """Return the words for `key` in the chosen language, with `values` filled in."""
    return WORDS[key][LANGUAGES.index(_language)].format(**values)
