"""Reads what people write into a specification, without a model. Where to add a rule:

- a rule, figure, view or look that people ask for: a row of `FORMS` in the `*_forms` module it belongs to;
  `fulfilled.FORMS` is the one table of them, for first messages and for follow-ups;
- records and their fields in a list: a form of `forms.FormReader`;
- what stands around such a list: a frame of `sentences.SentenceReader`, or a `WholeSentences` form;
- a question or a spoken turn that stands for a field: a row of `questions`;
- the type behind a field's name: `field_types` and the words of `lexicon`;
- logins and rights: a row of `account_forms`;
- a change of an application: a row of `edits.commands.RULES`, another wording of one in `edits.wordings`;
- what is not built, and why: a row of `unsupported`.

A rule is worth its lines if several messages of `tests/data/reading` need it. What no rule reads is told
as not understood, in the words of the message.
"""
