"""A real server asked what it does: one dialogue without a mail in, facts and an answer out.

Law of this folder: `link.py` alone opens connections, and it is reached by the command line only, never by the web service. All
other modules are pure. What a server says is bounded in length, in lines and in time, and made harmless before anything shows
it. A password is held by `sasl.Secret`, sent and never shown, and hidden wherever a server repeats it. No DATA is ever sent.
"""
