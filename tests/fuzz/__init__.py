"""Coverage-guided fuzzing with atheris (extra `fuzz`): `make fuzz`, or `python -m fuzz.run` in tests/.

`targets` says what is fed and what must hold of the result, `seeds` where the inputs begin, `mutate` how they are changed, `loops` how
they are tried, `speed` how long one may take; `run` is the command. What was found once
lies in tests/cases/fuzz/<target>/ and is tried in every run of the tests (tests/test_fuzz.py).
"""
