"""`errors.yaml` in, a checked and compiled catalogue out.

Law of this folder: the only `import yaml` of the project; strings only, nothing is guessed; every finding names file, line
and column and says how to mend it. Nothing here is imported while a lookup runs.
"""
