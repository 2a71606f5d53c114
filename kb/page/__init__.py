"""What the pages say of a pasted text and of settings, without a web framework: words, and the contexts of the templates.

Law of this folder: nothing here knows of requests, Flask or a network, and Markdown is not rendered, so that the served site
and an exported one, which runs this in the reader's browser, cannot differ.
"""
