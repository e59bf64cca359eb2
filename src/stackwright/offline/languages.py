# ruff: noqa: RUF001 (other languages have other letters)
"""Which language a message is in, by its commonest words or its script, and what to answer in it."""

import re
from typing import Final

from stackwright.offline.words import word_set

_COMMON: Final = {
    "en": "the a an with and of for to that which where i we my our each every has have is are in on track manage keep app need want build",
    "de": "ich und eine einen ein der die das den dem mit für fuer möchte moechte wir bitte brauche brauchen nicht ist sind von zu auf meine meinen unsere unserer soll jede jeder app sowie welche",
    "fr": "je nous une un des les le la avec pour et de du mon mes notre nos voudrais veux avons besoin application qui est sont chaque dans gérer suivre d'un l'application au aux",
    "es": "yo una un los las el la con para y de del mi mis nuestra nuestros quiero necesito necesitamos aplicación que es son cada en gestionar llevar por",
    "it": "io una un il lo la gli le con per e di del della mio mia miei nostra vorrei voglio ho bisogno applicazione che è sono ogni gestire un'app",
    "pt": "eu uma um os as o a com para e de do da dos meu minha meus quero preciso precisamos aplicativo que é são cada gerenciar controlar em um sistema",
    "nl": "ik wij een het de met voor en van mijn onze wil graag nodig hebben heb die dat is zijn elke bij te houden programma om",
    "pl": "ja chcę chcemy potrzebuję potrzebujemy z do i w na dla mój moje moimi nasza naszej jest są każdy aplikację aplikacji program który która mieć się",
    "tr": "ben biz bir ve ile için bu istiyorum istiyoruz lazım olan her gibi uygulama yönetmek takip eden müşterilerimin kitapları",
}
_WORDS: Final = {code: word_set(text) for code, text in _COMMON.items()}
_SCRIPTS: Final = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)

ANSWERS: Final = {
    "de": "Ohne Modellschlüssel lese ich Sätze nur auf Englisch. Eine Liste verstehe ich auch so: „Bücher: Titel, Autor, Jahr“.",
    "fr": "Sans clé de modèle, je ne lis des phrases qu'en anglais. Je comprends aussi une liste comme « Livres : titre, auteur, année ».",
    "es": "Sin clave de modelo solo leo frases en inglés. También entiendo una lista como «Libros: título, autor, año».",
    "it": "Senza una chiave per un modello leggo frasi solo in inglese. Capisco anche un elenco come «Libri: titolo, autore, anno».",
    "pt": "Sem uma chave de modelo, só leio frases em inglês. Também entendo uma lista como «Livros: título, autor, ano».",
    "nl": "Zonder modelsleutel lees ik alleen zinnen in het Engels. Een lijst begrijp ik ook: ‘Boeken: titel, auteur, jaar’.",
    "pl": "Bez klucza do modelu czytam zdania tylko po angielsku. Rozumiem też listę, na przykład „Książki: tytuł, autor, rok”.",
    "tr": "Model anahtarı olmadan cümleleri yalnızca İngilizce okuyorum. “Kitaplar: başlık, yazar, yıl” gibi bir listeyi de anlarım.",
    "ru": "Без ключа модели я читаю предложения только на английском. Напишите, например: “books: title, author, year”.",
    "zh": "没有模型密钥时，我只能读懂英文。请用英文描述，例如：“books: title, author, year”。",
    "ja": "モデルのキーがない場合、英語の文だけを読めます。例：「books: title, author, year」。",
    "ko": "모델 키가 없으면 영어 문장만 읽을 수 있습니다. 예: “books: title, author, year”.",
    "ar": "من دون مفتاح نموذج أقرأ الجمل بالإنجليزية فقط. مثال: “books: title, author, year”.",
    "hi": "मॉडल कुंजी के बिना मैं केवल अंग्रेज़ी के वाक्य पढ़ता हूँ। उदाहरण: “books: title, author, year”।",
}  # fmt: skip
"""Said to a person who wrote in another language than English."""

_LIST = re.compile(r"^\s*(?:[^\W\d_][\w'-]*\s+){0,2}[^\W\d_][\w'-]*\s*(?::|\()[^:()]{3,300}\)?\s*$")


_LIST_INSIDE = re.compile(
    r"(?P<kind>[^\W\d_][\w'-]+)\s*(?::|\(|\b(?:mit|avec|con|com|met|z|ile)\b)\s*(?P<list>[^:()\n]{3,300}?)\)?[\s.!]*$",
    re.IGNORECASE,
)
_AND = re.compile(r",?\s+(?:und|et|y|e|en|i|oraz|ve)\s+(?=[^\s,]+(?:\s[^\s,]+)?\s*$)")


def list_inside(text: str) -> str:
    """The list of fields that a sentence in another language ends in, as a plain one; else the text.

    'Ich möchte eine App für meine Bücher: Titel und Autor' -> 'Bücher: Titel, Autor'."""
    found = _LIST_INSIDE.search(text)
    if found is None or foreign_language(text) not in _WORDS:
        return text
    listed = _AND.sub(", ", found["list"])
    return f"{found['kind'].capitalize()}: {listed}" if "," in listed else text


def foreign_language(text: str) -> str:
    """The language of a message, or "" when it is English or none that is known."""
    letters = [c for c in text if c.isalpha()]
    for code, script in _SCRIPTS:
        if len(script.findall(text)) * 3 > len(letters) > 0:
            return code
    words = re.findall(r"[^\W\d_]{2,}(?:'[^\W\d_]+)?", text.lower())
    known = {code: common & {*words} for code, common in _WORDS.items()}
    best = max(known, key=lambda code: len(known[code]))
    enough = len(known[best]) >= 2 and len(known[best]) * 8 >= len(words)
    return best if enough and len(known[best]) > len(known["en"]) else ""


def is_plain_list(text: str) -> bool:
    """Whether every line is a name and a list, which is read in any Latin script: 'Bücher: Titel, Autor'."""
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and all(_LIST.match(line) and "," in line for line in lines)
