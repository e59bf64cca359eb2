"""Money and measurements."""

from evaluation.checks import adds_up, enters, keeps, refers, refuses, shows, works_out
from evaluation.task import Task, task, then

DAY = "2031-03-04"
TASKS: tuple[Task, ...] = (
    task(
        "expenses",
        "An expense tracker with expenses: description, amount in euros, date and category (food, travel, rent).",
        keeps("expense", description="Train", amount=39.9, date=DAY, category="travel"),
        refuses("expense", {"description": "Tea", "amount": 3}, {"category": "yachts"}),
        enters("expense", description="Bread", amount="4.20"),
        then=(
            then(
                "A chart of expenses per category.",
                shows("expense", after="Chart", description="Charted", amount=5, category="food"),
            ),
            then(
                "The amount must be at least 0.",
                refuses("expense", {"description": "Oat", "amount": 1}, {"amount": -1}),
            ),
        ),
    ),
    task(
        "savings",
        "Savings goals with name, target and deadline, and deposits of a goal with amount and date. Show the total of deposits per goal.",
        keeps("goal", name="Canoe", target=900, deadline="2032-01-01"),
        refers("deposit", "goal", amount=20, date=DAY),
        adds_up(
            "goal",
            "deposit",
            70,
            "deposit",
            [{"amount": 50, "date": DAY}, {"amount": 20, "date": DAY}],
        ),
        then=(
            then("Add a note to deposits.", keeps("deposit", amount=5, date=DAY, note="Found it")),
            then(
                "Add a colour to goals: red, green, blue.",
                refuses("goal", {"name": "Kite", "colour": "red"}, {"colour": "plaid"}),
            ),
        ),
    ),
    task(
        "blood-pressure",
        "A diary of my blood pressure with date, systolic, diastolic and pulse.",
        keeps("reading", date=DAY, systolic=121, diastolic=79, pulse=64),
        then=(
            then(
                "Systolic must be between 50 and 260.",
                refuses("reading", {"date": DAY, "systolic": 120}, {"systolic": 300}),
            ),
            then(
                "Difference is systolic minus diastolic.",
                works_out("reading", "difference", 45, date=DAY, systolic=125, diastolic=80),
            ),
        ),
    ),
    task(
        "energy",
        "Meter readings of our house: meters with name and kind (power, water, gas), and readings of a meter with date and value.",
        keeps("meter", name="Cellar", kind="gas"),
        refers("reading", "meter", date=DAY, value=10021),
        then=(
            then(
                "A reading can't be in the future.",
                refuses("reading", {"date": "2024-01-01", "value": 1}, {"date": "2090-01-01"}),
                ends=("reading belongs to meter",),
            ),
            then(
                "Add a tariff per unit to meters.",
                keeps("meter", name="Roof", tariff_per_unit=0.31),
            ),
        ),
    ),
    task(
        "orders",
        "A bakery takes orders: customers with name and phone, orders of a customer with pick-up day and paid, items of an order with product, quantity and price.",
        keeps("customer", name="Holm", phone="+45 1234 5678"),
        refers("order", "customer", paid=False),
        refers("item", "order", product="Rye", quantity=2),
        then=(
            then(
                "The total of an item is quantity times price.",
                works_out("item", "total", 12, product="Bun", quantity=4, price=3),
            ),
            then(
                "Quantity must be at least 1.",
                refuses("item", {"product": "Bun", "quantity": 1}, {"quantity": 0}),
            ),
        ),
    ),
)
