"""What controls are called that change or delete a record, in the languages that apps are made in."""

import re

EDIT = re.compile(
    r"\b(edit|change|modify|update|rename|bearbeiten|ändern|modifier|éditer|editar)|[✏✎🖉📝]",
    re.IGNORECASE,
)
DELETE = re.compile(
    r"\b(delete|remove|trash|discard|erase|löschen|entfernen|supprimer|eliminar|borrar)|^\s*[\u00d7✕✖xX]\s*$|🗑",
    re.IGNORECASE,
)
