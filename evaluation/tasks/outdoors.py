"""Outside."""

from evaluation.checks import (
    adds_up,
    changes,
    enters,
    keeps,
    lacks,
    no_longer,
    refers,
    refuses,
    says,
    shows,
    works_out,
)
from evaluation.task import Task, task, then

DAY = "2031-08-09"
TASKS: tuple[Task, ...] = (
    task(
        "birds",
        "Log bird sightings: species, place, date, count and notes.",
        keeps(
            "sighting", species="Kingfisher", place="Weir", date=DAY, count=2, notes="Both diving"
        ),
        enters("sighting", species="Red kite", place="Ridge"),
        then=(
            then(
                "Count must be at least 1.",
                refuses("sighting", {"species": "Owl", "count": 1}, {"count": 0}),
            ),
            then(
                "Show a chart of sightings per month.",
                shows("sighting", after="Chart", species="Crane", date=DAY),
            ),
        ),
    ),
    task(
        "garden",
        "A garden planner with beds (name, length in metres, width in metres) and plantings of a bed with crop, sown date and harvested.",
        keeps("bed", name="South", length=4, width=1.2),
        refers("planting", "bed", crop="Leek", sown_date="2031-04-01"),
        then=(
            then(
                "Area is length times width.",
                works_out("bed", "area", 6, name="North", length=3, width=2),
            ),
            then(
                "Rename plantings to crops.",
                refers("crop", "bed"),
                ends=("planting belongs to bed",),
            ),
        ),
    ),
    task(
        "trips",
        "Plan trips with title, country, start and end, and stops of a trip with place and nights.",
        keeps("trip", title="Fjords", country="Norway"),
        refers("stop", "trip", place="Bergen", nights=2),
        then=(
            then(
                "The end must be after the start.",
                refuses(
                    "trip",
                    {"title": "Alps", "start": "2031-07-01", "end": "2031-07-09"},
                    {"end": "2031-06-01"},
                ),
            ),
            then(
                "Show the total nights per trip.",
                adds_up(
                    "trip",
                    "nights",
                    5,
                    "stop",
                    [{"place": "a", "nights": 2}, {"place": "b", "nights": 3}],
                ),
            ),
        ),
    ),
    task(
        "beehives",
        "Beehives with name, location and queen year, and inspections of a beehive with date, weight in kg and remarks.",
        keeps("beehive", name="Hive 3", location="Orchard", queen_year=2030),
        refers("inspection", "beehive", date=DAY, weight=31.5),
        then=(
            then(
                "Add a temperament to beehives: calm, nervous, fierce.",
                refuses("beehive", {"name": "H", "temperament": "calm"}, {"temperament": "polite"}),
            ),
            then(
                "Delete the location of beehives.",
                lacks("beehive", "location"),
                ends=("keeps beehive: name, location, queen year",),
            ),
        ),
    ),
    task(
        "runs",
        "My training runs with date, distance in km, minutes and weather.",
        keeps("run", date=DAY, distance=12.5, minutes=66, weather="Wind"),
        changes("run", {"date": DAY, "distance": 5}, {"distance": 6}),
        shows("run", weather="Drizzle"),
        then=(
            then(
                "Distance must be more than 0.",
                refuses("run", {"date": DAY, "distance": 3}, {"distance": -2}),
            ),
            then("Call the app Long way round.", says("Long way round")),
        ),
    ),
    task(
        "zoo",
        "A small zoo: animals with name, species and born, enclosures with name and size. Animals belong to an enclosure.",
        keeps("enclosure", name="Pond", size=400),
        refers("animal", "enclosure", name="Otto", species="Otter"),
        then=(
            then(
                "Also keep feedings of an animal with time and food.",
                refers("feeding", "animal", food="Fish"),
            ),
            then("Remove the feedings.", no_longer("feeding"), ends=("feeding belongs to animal",)),
        ),
    ),
)
