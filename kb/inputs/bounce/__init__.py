"""What comes back by mail, taken apart: a message into parts, parts into recipients, recipients into observations.

`message` and `decode` know MIME, `fields` RFC 3464, `prose` what programs write for people, `notification` JSON of Amazon
SES, `signs` wording; `said` is a place in a part and makes an observation of it; `context` holds what was read of one
message, `from_fields` and `from_prose` choose what to believe, `report` decides between them. Only `report` is for others.
All of it is bounded: no recursion on the depth of what was pasted, linear time, limits where the text could go on and on.
"""
