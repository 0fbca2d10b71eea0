"""ruhrmail in a process of its own that kills or freezes itself at a chosen point, or breaks a rule on purpose.

The product knows nothing of it: its functions are wrapped at run time. `python -m tests.driver --kill answered:3 --
--project FOLDER send kurz --yes` runs one command; without arguments it serves a `Nursery`, whose commands need no new
interpreter each.
"""
