# ruff: noqa: RUF001 (other languages have other letters)
"""Which language a message is in, by its commonest words or its script, and what to answer in it."""

import re
from collections.abc import Iterable
from typing import Final

from stackwright.offline.field_types import infer
from stackwright.offline.words import snake, word_set

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
}
"""Said to a person who wrote in another language than English."""

_LIST = re.compile(r"^\s*(?:[^\W\d_][\w'-]*\s+){0,2}[^\W\d_][\w'-]*\s*(?::|\()[^:()]{3,300}\)?\s*$")


_WITH = r"(?::|\b(?:mit|avec|con|com|met|haben|hat|ont|tienen|tiene|hanno|têm|tem|hebben|heeft|z|ile)\b)"
_OF_KIND = re.compile(
    rf"(?P<kind>[^\W\d_][\w'-]{{1,40}})\s*(?:{_WITH}|(?=\())\s*(?P<list>[^:\n]{{3,300}})$",
    re.IGNORECASE,
)
_AND = r"(?:und|et|y|e|en|i|oraz|ve)"
_ARTICLE = r"(?:die|der|das|des|les|de|los|las|i|le|gli|os|as|het)"
_NEXT_KIND = re.compile(
    rf",?\s+(?:{_AND}\s+)?(?:{_ARTICLE}\s+)?(?=[^\W\d_][\w'-]+\s+{_WITH})", re.IGNORECASE
)
_ITEM = re.compile(r"(?:[^,()]|\([^()]*\))+")
_LAST = re.compile(rf",?\s+{_AND}\s+(?=[^\s,()]+(?:\s[^\s,()]+){{0,3}}\s*(?:\([^()]*\)\s*)?$)")
_A = re.compile(r"^(?:une?|ein|eine|einen|una|uno|uma|um|een|l['’])\s+", re.IGNORECASE)
_UNIT = re.compile(r" (?:en|em|in) (km|kg|cm|mm|m|g|l|ml|ha|€|euros?|minutes?)$", re.IGNORECASE)
_BELONGS = re.compile(
    r"\b(?:jede[rs]?|chaque|cada|ogni|elke?)\s+(?P<kind>[\w-]+)\s+(?:gehört zu|concerne|appartient à|porte sur|pertenece a|es de|appartiene a|pertence a|hoort bij)\s+(?:\w{2,5}\s+)?(?P<of>[\w-]+)",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"\(?\b(?:ja/nein|ja/nee|oui/non|s[íi]/no|s[ìi]/no|sim/não|tak/nie)\b\)?", re.IGNORECASE
)
_TYPES: Final = (
    ("date", re.compile(r"datum$|^(?:date|fecha|data)\b", re.IGNORECASE)),
    ("time", re.compile(r"^(?:uhrzeit|heure|hora|ora|tijd)\b|zeit$", re.IGNORECASE)),
    (
        "money",
        re.compile(
            r"preis$|^(?:prix|precio|prezzo|preço|prijs|montant|betrag|importe)\b", re.IGNORECASE
        ),
    ),
    (
        "integer",
        re.compile(
            r"^(?:menge|anzahl|quantité|cantidad|plazas|quantità|quantidade|aantal)\b",
            re.IGNORECASE,
        ),
    ),
    ("email", re.compile(r"^(?:correo|courriel)", re.IGNORECASE)),
    ("text", re.compile(r"^(?:notiz|bemerkung|remarques)", re.IGNORECASE)),
)
"""What a field holds that is called so in another language."""


def list_inside(text: str) -> str:
    """The lists of fields in a message in another language, a plain one per line; else the text.

    'Ich möchte eine App für meine Bücher: Titel und Autor. Kunden haben Name und Ort' ->
    'Bücher: Titel, Autor' and 'Kunden: Name, Ort'."""
    if foreign_language(text) not in _WORDS:
        return text
    kinds: dict[str, list[str]] = {}
    for sentence in re.split(r"[.;!?\n]+(?:\s|$)", text):
        for part in _NEXT_KIND.split(sentence):
            found = _OF_KIND.search(part.strip())
            items = _items(found["list"]) if found else []
            if found and len(items) > 1 and all(len(item.split()) < 8 for item in items):
                kinds.setdefault(found["kind"].capitalize(), []).extend(items)
    lines = [
        f"{kind}: {', '.join(_typed(i, kinds) for i in items)}" for kind, items in kinds.items()
    ]
    for link in _BELONGS.finditer(text):
        pair = [one for word in link.groups() for one in kinds if _is_one_of(word, one)]
        if len(pair) > 1:
            lines.append(f"Each {pair[0]} belongs to a {pair[1]}.")
    return "\n".join(lines) if kinds else text


def kinds_listed(text: str) -> list[str]:
    """The first words of the lines that `list_inside` made, as the person wrote them."""
    return [line.partition(":")[0] for line in text.splitlines() if ": " in line]


def _items(listed: str) -> list[str]:
    inside = re.fullmatch(r"\(([^()]*)\)\s*", listed)
    listed = _LAST.sub(", ", inside[1].strip() if inside else listed)
    items = [_A.sub("", item.strip()) for item in _ITEM.findall(listed)]
    return [_UNIT.sub(r" in \1", item) for item in items if item]


def _is_one_of(word: str, kind: str) -> bool:
    """Whether a kind is the plural of a word: Kunde and Kunden, livre and livres."""
    one, many = word.casefold(), kind.casefold()
    return one != many and many.removeprefix(one) in ("s", "n", "en", "e", "er", "es", "x")


def _typed(item: str, kinds: Iterable[str]) -> str:
    """A field with its type, or the kind of record that it names."""
    item = _YES_NO.sub("(yes/no)", item)
    kind = next((one for one in kinds if _is_one_of(item, one)), "")
    is_known = infer(snake(item) or "x").sure
    hint = "" if is_known else next((name for name, form in _TYPES if form.search(item)), "")
    return kind or (f"{item} ({hint})" if hint else item)


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
