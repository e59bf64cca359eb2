"""Schools, libraries and reading."""

from evaluation.checks import adds_up, changes, enters, keeps, lacks, refers, refuses, says, shows
from evaluation.task import Task, task, then

TASKS: tuple[Task, ...] = (
    task(
        "library",
        "A library with books (title, author, pages, rating from 1 to 5) and members (name, email).",
        keeps("book", title="Dune", author="Frank Herbert", pages=612, rating=5),
        keeps("member", name="Jo", email="jo@example.org"),
        refuses("book", {"title": "Emma", "rating": 3}, {"rating": 9}),
        enters("book", title="Middlemarch", author="George Eliot"),
        then=(
            then(
                "Add loans of a book to a member with due date and returned.",
                refers("loan", "book", due_date="2031-01-15", returned=False),
            ),
            then(
                "Rating should go from 1 to 10.",
                keeps("book", title="Ulysses", rating=10),
                ends=("refuses book: rating 9",),
            ),
        ),
    ),
    task(
        "quiz",
        "Flash cards: decks with a name and cards of a deck with question, answer and level.",
        keeps("deck", name="Bones"),
        refers("card", "deck", question="Longest one?", answer="Femur"),
        then=(
            then(
                "Level goes from 1 to 5.",
                refuses("card", {"question": "q", "answer": "a", "level": 1}, {"level": 0}),
            ),
            then(
                "Show the number of cards per deck.",
                adds_up(
                    "deck",
                    "card",
                    2,
                    "card",
                    [{"question": "a", "answer": "b"}, {"question": "c", "answer": "d"}],
                ),
            ),
        ),
    ),
    task(
        "grades",
        "Students with name and class, and grades of a student with subject (maths, history, art) and points.",
        keeps("student", name="Elif", **{"class": "9b"}),
        refers("grade", "student", subject="art", points=12),
        then=(
            then(
                "Points go from 0 to 15.",
                refuses("grade", {"subject": "maths", "points": 3}, {"points": 16}),
            ),
            then(
                "Show the average points per student.",
                adds_up(
                    "student",
                    "average",
                    10,
                    "grade",
                    [{"subject": "maths", "points": 8}, {"subject": "art", "points": 12}],
                ),
            ),
        ),
    ),
    task(
        "blog",
        "A blog with posts (title, body, published) and comments with author and text.",
        keeps("post", title="Hello", body="A first one.", published=True),
        refers("comment", "post", author="Ria", text="Nice"),
        shows("post", title="What a page shows"),
        then=(
            then("Add tags to posts.", keeps("post", title="Tagged", body="x", tags="shed")),
            then(
                "Change the title of the app to Notes from the shed.", says("Notes from the shed")
            ),
        ),
    ),
    task(
        "papers",
        "Keep the papers that I read: title, authors, year, link and notes.",
        keeps(
            "paper",
            title="On clocks",
            authors="Lamport",
            year=1978,
            link="https://example.org/clocks",
            notes="Short.",
        ),
        changes("paper", {"title": "Unread"}, {"notes": "Read twice"}),
        then=(
            then(
                "Add a status to papers: to read, reading, read.",
                keeps("paper", title="On time", status="reading"),
            ),
            then(
                "Remove the link of papers.",
                lacks("paper", "link"),
                ends=("keeps paper: title, authors, year, link, notes",),
            ),
        ),
    ),
    task(
        "vocabulary",
        "My vocabulary: words with term, translation, language (Spanish, Japanese, Welsh) and known yes/no.",
        keeps("word", term="gato", translation="cat", language="Spanish", known=True),
        refuses("word", {"term": "neko", "language": "Japanese"}, {"language": "Klingon"}),
        then=(
            then(
                "Add an example sentence to words.",
                keeps("word", term="perro", example_sentence="El perro duerme."),
            ),
            then(
                "Term and translation are mandatory.",
                refuses("word", {"term": "x", "translation": "y"}, {"translation": ""}),
            ),
        ),
    ),
)
