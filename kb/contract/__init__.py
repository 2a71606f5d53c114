"""The JSON contract of `/api/v1` as pydantic models, and the OpenAPI document made from them.

Law of this folder: it says what goes in and out and imports nothing that answers. A field, once published, keeps its name and
type (`promises.py`); new ones may be added. Objects only, no union types, nulls present.
"""
