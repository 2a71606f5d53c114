"""Refusals in somebody's own words: who is refused and what is said of them, in any order of words.

Administrators write their sentences themselves (Postfix `REJECT text`, Exim `message =`, Sendmail's access map), so no list of
wordings ends. Here a rule joins two families of words, as `mailbox` and `full`; the entry's own patterns always go first. Law of
this folder: it is asked only where nothing better was found, of replies with a code and of what people tell of mail;
every rule names an entry, and every entry that a rule names has a class in precedence.py, which alone decides between rules.
"""
