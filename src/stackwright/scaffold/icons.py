"""A fitting icon (of lucide) for a kind of record, found by the words of its name."""

ICONS: dict[str, str] = {
    "Banknote": "payment expense income budget cost price salary transaction money donation fee",
    "BookOpen": "book chapter story novel reading page magazine",
    "Briefcase": "job project client portfolio contract application deal",
    "Building2": "company office organization building branch department supplier vendor property",
    "CalendarDays": "event appointment booking reservation meeting schedule visit session shift day",
    "Car": "car vehicle truck ride trip",
    "ChefHat": "recipe meal dish menu",
    "CheckCircle2": "task todo habit goal step checklist chore",
    "Dumbbell": "workout exercise training gym",
    "FileText": "document note invoice report article post file quote form entry",
    "Film": "movie film show video series episode",
    "GraduationCap": "student course class lesson teacher grade subject exam school",
    "HandCoins": "loan lending rental borrowing",
    "Heart": "patient pet animal health medication",
    "Leaf": "plant garden crop seed",
    "ListTree": "ingredient line item part component detail category",
    "MapPin": "place location city country address room venue route stop",
    "MessageSquare": "comment message review feedback question answer",
    "Music": "song album playlist track artist band concert",
    "Package": "product inventory stock asset equipment tool order shipment parcel goods",
    "Tag": "tag label type genre brand",
    "Ticket": "ticket issue bug incident request",
    "Users": "user person member author employee customer contact team guest owner player people staff",
    "Utensils": "restaurant food table drink",
}
BY_WORD = {word: icon for icon, words in ICONS.items() for word in words.split()}


def icon_for(name: str) -> str:
    """The icon for an entity's name; the last words of a name say most."""
    for word in reversed(name.split("_")):
        if word in BY_WORD:
            return BY_WORD[word]
    return "Folder"
