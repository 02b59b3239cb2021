"""The agenda: who is free, when and where, and what a calendar is told about it.

The modules below `models` and `service` are pure: values in, values out, no database, no request and no clock.
"""
