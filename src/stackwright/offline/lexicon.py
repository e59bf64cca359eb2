"""Common English nouns and what they usually carry. Enrichment only: structure comes from grammar.

A field list reads `name name:hint …`; `~name` is a reference made only if that entity exists.
"""

from typing import Final

from stackwright.offline.words import word_set

CONTAINERS: Final = word_set(
    "app application website site webapp tool system platform tracker manager management organizer"
    " organiser planner scheduler database db software program portal portfolio dashboard catalogue catalog"
    " collection directory register registry log logbook journal diary list inventory crm cms erp"
    " solution service admin backend frontend thing something spreadsheet archive tracking"
    " administration planning scheduling booking-system keeper page interface mvp prototype project-x"
    " checklist builder recorder library-app organization calendar backlog index roster wiki"
    " helpdesk stash notebook logsheet cookbook scrapbook assistant clone helper ledger board desk box"
)
"""Words for the application itself: 'an issue tracker', 'a plant database'."""

PLACES: Final = word_set(
    "library shop store bakery restaurant cafe clinic hospital school university college gym cellar"
    " club circle church churchyard cemetery museum gallery farm garage garden hotel hostel company business office agency"
    " studio salon practice workshop warehouse lab laboratory theatre theater cinema zoo shelter"
    " kindergarten nursery band choir orchestra association team family home house household kitchen"
    " fridge pantry freezer startup firm festival marketplace forum blog bar pub brewery winery"
    " vineyard dojo pharmacy dentist vet charity nonprofit ngo community neighbourhood neighborhood"
    " village town city campsite campground airport harbour harbor marina stable greenhouse apiary"
    " foodbank bank department district country center centre hall barn basement attic shed yard"
    " boatyard fleet bookshop bookstore webshop ecommerce e-commerce newsroom court lot depot"
    " newspaper league crew troop brigade practice parish hostel archive foundation institute society cooperative co-op"
)
"""Places and groups that an application is for; in the singular they are no entity."""

USERS: Final = word_set(
    "user i we you they he she it me us people everyone anyone anybody nobody someone everybody somebody staff admin"
    " administrator visitor one person who"
)
"""Whoever works with the application; never a kind of record by itself."""

TECHNOLOGY: Final = word_set(
    "fastapi next.js nextjs next react vue angular svelte mongodb mongo postgres postgresql mysql"
    " sqlite python typescript javascript node node.js tailwind tailwindcss docker express django"
    " flask rest api graphql full-stack fullstack full stack crud html css shadcn redis prisma"
    " frontend backend web responsive pydantic sqlalchemy kubernetes aws vercel supabase firebase"
    " motor ui ux spa mern"
)

ADJECTIVES: Final = word_set(
    "simple small basic nice modern beautiful clean little easy quick complete good great new own"
    " personal private internal lightweight minimal tiny online web web-based mobile self-hosted"
    " responsive fast friendly user-friendly proper real full full-stack fullstack crud different"
    " various several multiple many all any some every each our my your their its his her the a an"
    " this that these those following certain few other more most needed necessary relevant usual"
    " important whole entire daily weekly monthly yearly customizable custom digital handy straightforward"
    " one such individual respective existing current both specific additional extra just only also basic"
    " two three four five six seven eight nine ten eleven twelve dozen couple single upcoming available central shared local"
)

PARTIES: Final = word_set(
    "author artist director composer publisher owner member client customer patient student teacher"
    " trainer instructor coach employee supplier vendor manufacturer user person contact guest driver"
    " volunteer donor tenant landlord player agent doctor therapist technician mechanic reporter"
    " assignee organizer organiser sponsor borrower buyer seller friend parent child worker manager"
    " lead mentor speaker attendee participant visitor subscriber pupil musician singer photographer"
    " veterinarian vet nurse dentist lawyer candidate applicant interviewer recruiter contractor chef"
    " barber stylist host judge referee pilot captain skipper farmer grower beekeeper breeder collector"
    " curator librarian staff colleague resident neighbour neighbor family household team department"
    " company organization organisation school club household team_member staff_member crew_member"
    " editor writer poet translator illustrator brewer winemaker keeper handler walker sitter groomer"
    " tutor caretaker janitor inspector auditor guide ranger scout soldier officer clerk cashier"
    " shopper reader developer engineer designer tester analyst consultant freelancer partner investor"
)
"""People and groups, which other records point at."""

GROUPERS: Final = word_set(
    "category genre brand project album folder list board shelf location room building warehouse"
    " department team topic subject course playlist supplier collection region variety breed species"
    " field site store branch group account season league label"
)
"""Kinds that group others: the grouped record points at them."""

PARTS: Final = word_set(
    "comment reply review answer attachment step ingredient lesson chapter item line_item order_item"
    " task subtask milestone note_entry visit vaccination treatment reading measurement exercise set"
    " track stop episode scene question option choice message photo entry session inspection harvest"
    " repair maintenance payment attendee participant guest position phase section page verse stage"
)
"""Kinds that are lived inside another record's page."""

LINKS: Final = word_set(
    "loan booking reservation rental enrollment enrolment registration appointment order attendance"
    " membership purchase sale subscription assignment visit checkout lending ticket_sale shift signup"
    " rsvp stay bid adoption hire lease donation checkup consultation borrowing"
)
"""Events between a person and a thing: they point at both."""

# A list of fields is read in other languages too ("Bücher: Titel, Preis, Datum"): words that say the type
# and are no English ones stand with theirs, without accents.
DATE_HEADS: Final = word_set(
    "datum fecha geburtsdatum geburtstag naissance nacimiento nascita nascimento geboortedatum tarih frist echeance vencimiento scadenza "
    "date deadline birthday birthdate dob anniversary expiry expiration due since day_of bought_on"
    " check_in check_out checkin checkout holiday"
)
DATETIME_HEADS: Final = word_set("datetime timestamp departure arrival kickoff takeoff")
MONEY_HEADS: Final = word_set(
    "preis prix precio prezzo preco prijs cena fiyat kosten betrag montant importe importo bedrag kwota miete loyer gehalt salaire "
    "price cost amount fee salary budget total balance wage rent fare deposit revenue income payment"
    " tip value worth subtotal price_paid bid prize fine refund profit turnover spend expense premium"
    " allowance debt costs rrp earnings charge pay savings"
)
INTEGER_HEADS: Final = word_set(
    "systolic diastolic bpm kcal reps anzahl menge quantite cantidad quantita quantidade aantal ilosc adet jahr annee anno jaar rok yil alter edad eta idade leeftijd wiek seiten paginas pagine strony "
    "quantity qty count stock age year vintage page capacity seat serving portion duration"
    " level point score vote rating star bedroom bathroom floor mileage calorie rep set copy goal"
    " attendance attempt player_count units priority_order sequence interval headcount likes views population"
    " edition headcount grams kcal round lap turn wins losses draws season_number hour minute tonnage elo berth bunk pulse odometer"
)
NUMBER_HEADS: Final = word_set(
    "weight height length width depth distance temperature area volume percentage percent latitude"
    " longitude speed humidity altitude elevation diameter radius abv alcohol ph discount tax vat"
    " density circumference pressure thickness dose dosage rate gpa lat lng acidity gravity"
    " consumption yield gain loss temp co2 turbidity salinity voltage wattage"
)
COUNTED: Final = word_set(
    "berth bunk page seat serving point star bedroom bathroom rep set copy goal hour minute day week month like view round lap turn unit vote calorie win"
)
"""Counted things keep their plural as a field name: 'pages', 'seats'."""
NUMBER_UNITS: Final = {"hour": "h",
    "temperature": "°C", "percentage": "%", "percent": "%", "discount": "%", "tax": "%", "vat": "%",
    "humidity": "%", "abv": "%", "alcohol": "%", "calorie": "kcal", "duration": "min",
}  # fmt: skip
TEXT_HEADS: Final = word_set(
    "notizen notiz bemerkung bemerkungen beschreibung notas descripcion descrizione descricao beschrijving opis uwagi kommentar commentaire comentario commento "
    "description note body content detail instruction comment bio biography summary text message"
    " feedback remark observation lyrics abstract symptom notes details instructions remarks content"
    " contents story explanation minutes_text history experience background review_text preparation"
    " method procedure agenda transcript finding directions info information synopsis plot"
)
TAG_HEADS: Final = word_set(
    "tags labels keywords skills genres languages allergies hobbies interests topics features"
    " amenities allergens symptoms_list toppings colours colors flavours flavors aliases hashtags"
    " triggers certifications qualifications instruments diets specialties dietary_requirements equipment_list"
    " ingredients_list roles materials moods themes"
)
URL_HEADS: Final = word_set(
    "url link website homepage photo image picture cover logo avatar video thumbnail webpage"
    " screenshot portrait poster attachment_link repo repository linkedin"
)
PHONE_HEADS: Final = word_set(
    "telefon telefono telefoon handy movil cellulare telemovel phone mobile telephone fax whatsapp cellphone cell tel"
)
EMAIL_HEADS: Final = word_set("email e_mail mail emailaddress")
STRING_HEADS: Final = word_set(
    "name title subject address city country region species breed series isbn vin sku code colour color"
    " grape reason brand model make type kind category serial number reference location place surname"
    " street postcode zip variety material format currency role topic purpose surface occasion"
    " frequency size gender nationality language manufacturer publisher genre unit nickname username"
    " identifier id barcode plate registration_number diagnosis key origin source destination grade"
    " headline caption label slug method shelf row bin theme instrument voice part_name position_title"
    " job employer occupation profession iban vendor director producer composer weather position plate word mood_word"
    " dosage_form licence license passport state_name county district neighborhood neighbourhood"
    " slot coordinate venue platform_name result outcome winner opponent opening storage gate terminal aisle shade cultivar"
)
BOOLEANS: Final = word_set(
    "done paid active available completed complete finished published archived featured pinned enabled"
    " approved public private read verified checked confirmed cancelled canceled returned watched"
    " favourite favorite sold reserved vegetarian vegan organic urgent billable optional required open"
    " closed delivered shipped received signed vaccinated neutered sterilised sterilized fertilized"
    " resolved owned attended present absent overdue lost found broken fragile recurring taxable"
    " refundable visible hidden draft mandatory accepted rejected claimed collected picked_up member"
    " microchipped licensed insured rented occupied watered cleaned repaired inspected edible toxic"
    " waterproof bought sent given seen worn eaten built taken used in_stock in_season in_use sold_out gluten_free for_sale fully_paid up_to_date"
) - {"member", "open", "draft", "optional", "required"}

ENUMS: Final[dict[str, tuple[str, ...]]] = {
    "status": ("open", "in progress", "done"),
    "priority": ("low", "medium", "high"),
    "severity": ("low", "medium", "high"),
    "urgency": ("low", "medium", "high"),
    "difficulty": ("easy", "medium", "hard"),
    "stage": ("new", "in progress", "won", "lost"),
    "condition": ("new", "good", "fair", "poor"),
    "mood": ("great", "good", "okay", "bad"),
    "payment_status": ("unpaid", "paid"),
}
CHOICE_HEADS: Final = frozenset(ENUMS) | word_set(
    "type kind category state progress decision verdict level size gender frequency method role stage phase colour color mode"
    " rank class classification tier plan outcome result season sex format shape risk visibility"
    " language department section unit difficulty importance impact rarity style surface belt voice"
    " position rating grade channel source reason medium availability temperament diet shift series"
)
STATUS_OF: Final[dict[str, tuple[str, ...]]] = {
    "order": ("new", "in progress", "delivered", "cancelled"),
    "invoice": ("draft", "sent", "paid"),
    "lead": ("new", "contacted", "qualified", "won", "lost"),
    "loan": ("borrowed", "returned"),
    "booking": ("requested", "confirmed", "cancelled"),
    "appointment": ("scheduled", "completed", "cancelled"),
    "application": ("applied", "interview", "offer", "rejected"),
    "post": ("draft", "published"),
    "article": ("draft", "published"),
}  # fmt: skip

FIELDS_OF: Final[dict[str, str]] = {
    "todo": "title notes done due_date priority", "task": "title description status priority due_date",
    "issue": "title description status priority", "bug": "title description status severity",
    "ticket": "subject description status priority", "post": "title body published",
    "article": "title body published ~author", "comment": "author body", "reply": "author body",
    "review": "author rating body", "note": "title body", "author": "name bio",
    "book": "title author isbn published_year", "movie": "title director year rating",
    "film": "title director year rating", "song": "title artist duration", "album": "title artist year",
    "track": "title duration", "customer": "name email phone", "client": "name email phone",
    "contact": "name email phone notes", "company": "name website", "deal": "title amount stage",
    "lead": "name email phone status", "product": "name description price stock",
    "order": "order_number order_date status ~customer", "order_item": "description quantity price",
    "line_item": "description quantity unit_price", "invoice": "invoice_number issue_date due_date status ~client ~customer",
    "item": "name description quantity", "ingredient": "name quantity_number unit",
    "step": "instruction position", "recipe": "title description servings",
    "loan": "borrower due_date returned", "member": "name email phone", "employee": "name email role",
    "student": "name email", "teacher": "name email", "patient": "name birth_date phone",
    "doctor": "name specialty", "course": "title description", "lesson": "title date",
    "class": "name start_datetime", "trainer": "name specialty", "coach": "name email",
    "booking": "date notes", "reservation": "date notes", "appointment": "start_datetime notes",
    "event": "title date location description", "meeting": "title date notes", "expense": "description amount date category",
    "payment": "amount date", "category": "name", "genre": "name", "tag": "name", "habit": "name frequency active",
    "workout": "name date duration", "exercise": "name sets reps weight", "plant": "name species location",
    "pet": "name species birth_date", "animal": "name species", "visit": "date reason notes",
    "project": "name description status", "milestone": "title due_date done", "team": "name",
    "team_member": "name email", "supplier": "name email phone", "vendor": "name email phone",
    "question": "title body", "answer": "author body", "bookmark": "title url tags", "link": "title url",
    "message": "author body", "vehicle": "name plate_number mileage", "car": "name plate_number mileage",
    "room": "name capacity", "property": "name address", "tenant": "name email phone",
    "job_application": "company position status applied_on", "job": "title company status",
    "shift": "date start_time end_time", "donation": "amount date", "attendance": "date present",
    "grade": "subject score", "subscription": "name price renewal_date", "photo": "title image",
    "warehouse": "name address", "asset": "name serial_number", "timesheet": "date hours",
    "goal": "title target_date done", "inspection": "date findings", "session": "date notes",
    "reading": "date value_number", "measurement": "date value_number", "vaccination": "vaccine date",
    "user": "name email", "person": "name email", "owner": "name email phone", "guest": "name email",
    "artist": "name bio", "publisher": "name", "location": "name address", "flashcard": "question answer",
    "enrollment": "date notes", "registration": "date notes", "signup": "date notes",
    "rental": "start_date end_date", "purchase": "date quantity", "adoption": "date notes",
    "application": "applied_on status",
}  # fmt: skip
"""Fields for a kind of record that was named without any."""

KNOWN_NOUNS: Final = (
    frozenset(FIELDS_OF)
    | PARTIES
    | PARTS
    | LINKS
    | GROUPERS
    | word_set(
        "due price quantity description category address library calendar inventory invoice restaurant"
        " management manager equipment customer appointment schedule maintenance"
    )
)
