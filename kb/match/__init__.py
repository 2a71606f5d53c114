"""The lookup engine: normalise, find candidates by token, verify, score.

Law of this folder: linear time whatever the text. Nothing here runs Python's `re` on pasted text, the order of
`errors.yaml` never decides, and nothing heavier than `google-re2` is imported.
"""
