"""Around the house."""

from evaluation.checks import adds_up, changes, enters, keeps, lacks, refers, refuses, says, shows
from evaluation.task import Task, task, then

TASKS: tuple[Task, ...] = (
    task(
        "chores",
        "A list of chores for our flat: each chore has a title, a due date and whether it is done.",
        keeps("chore", title="Wash up", due_date="2031-04-02", done=False),
        changes("chore", {"title": "Sweep"}, {"done": True}),
        enters("chore", title="Water the plants"),
        refuses("chore", {"title": "Dust"}, {"title": ""}),
        then=(
            then(
                "Add an effort from 1 to 5 to chores.",
                keeps("chore", title="Hoover", effort=5),
                refuses("chore", {"title": "Iron", "effort": 2}, {"effort": 6}),
            ),
            then(
                "Remove the due date from chores.",
                lacks("chore", "due date"),
                ends=("keeps chore: title, due date, done",),
            ),
        ),
    ),
    task(
        "pantry",
        "Track what is in our pantry. Products have a name, a quantity, a unit (kg, litre, piece) and an expiry date.",
        keeps("product", name="Rice", quantity=3, unit="kg", expiry_date="2031-09-30"),
        refuses("product", {"name": "Milk", "unit": "litre"}, {"unit": "barrel"}),
        shows("product", name="Lentils"),
        then=(
            then(
                "Quantity must be at least 0.",
                refuses("product", {"name": "Salt", "quantity": 1}, {"quantity": -1}),
            ),
            then(
                "Also keep shops with name and address. Each product belongs to a shop.",
                keeps("shop", name="Corner", address="Mill Lane 2"),
                refers("product", "shop", name="Oats"),
            ),
        ),
    ),
    task(
        "recipes",
        "A recipe collection. Recipes have a title, instructions and minutes. Ingredients belong to a recipe and have a name and an amount.",
        keeps("recipe", title="Dal", instructions="Cook it slowly.", minutes=40),
        refers("ingredient", "recipe", name="Turmeric"),
        enters("recipe", title="Flat bread", minutes="25"),
        then=(
            then(
                "Add a difficulty to recipes: easy, medium, hard.",
                keeps("recipe", title="Soufflé", difficulty="hard"),
                refuses(
                    "recipe", {"title": "Toast", "difficulty": "easy"}, {"difficulty": "absurd"}
                ),
            ),
            then(
                "Show the number of ingredients per recipe.",
                adds_up(
                    "recipe", "ingredient", 2, "ingredient", [{"name": "Flour"}, {"name": "Water"}]
                ),
            ),
        ),
    ),
    task(
        "plants",
        "An app for my house plants with name, species, place and the day they were last watered.",
        keeps("plant", name="Fern", species="Nephrolepis", place="Bath", last_watered="2031-01-05"),
        shows("plant", name="Monstera"),
        then=(
            then(
                "Rename plants to flowers.",
                keeps("flower", name="Rose", species="Rosa"),
                ends=("keeps plant: name, species, place, last watered", "shows plant: name"),
            ),
            then("The app should be called Greenhouse.", says("Greenhouse")),
        ),
    ),
    task(
        "lendings",
        "What I lent to whom: things with a name and a value in euros, and loans of a thing with borrower, lent date, due date and returned.",
        keeps("thing", name="Drill", value=89.5),
        refers("loan", "thing", borrower="Tom"),
        then=(
            then(
                "The due date must be after the lent date.",
                refuses(
                    "loan",
                    {"borrower": "Eve", "lent_date": "2031-02-01", "due_date": "2031-02-08"},
                    {"due_date": "2031-01-20"},
                ),
            ),
            then("Add a note to loans.", keeps("loan", borrower="Ida", note="With the charger")),
        ),
    ),
    task(
        "moving",
        "Help me move house. Boxes have a number, a room (kitchen, bedroom, cellar) and whether they are packed. Items belong to a box and have a name.",
        keeps("box", number=7, room="cellar", packed=True),
        refers("item", "box", name="Lamp"),
        then=(
            then("Box numbers must be unique.", refuses("box", {"number": 31}, {"number": -5})),
            then(
                "Show the number of items per box.",
                adds_up("box", "item", 3, "item", [{"name": "a"}, {"name": "b"}, {"name": "c"}]),
            ),
        ),
    ),
)
