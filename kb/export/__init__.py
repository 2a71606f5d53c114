"""The whole site as files, for any file host and any path below it.

Law of this folder: pages are those of the application, asked for without a network; what needs a server is taken out, so that
no link and no button is dead; what comes out depends on the content alone.
"""
