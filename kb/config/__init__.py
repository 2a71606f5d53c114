"""Configurations of mail clients and servers: text in, settings and facts out, and how two of them get on.

Law of this folder: nothing is read but the text that was handed in, no variable of our own environment is looked at, a secret
is never kept, no text makes a reader raise, and RE2 alone matches it.
"""
