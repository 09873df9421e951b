"""What a report says, shows and tabulates, a room a subject: text, tables and figures together.

Notebooks reach them by form, through `narrate`, `tables` and `charts`.
"""
