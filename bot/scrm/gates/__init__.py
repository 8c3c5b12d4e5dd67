"""The gates that everything planned passes, in this order:

of the slot (pool.py, SLOT_GATES): validity, whom it is for, kill switch, platform quota, quiet hours, conflict between
entries, the guide's load; of the item (ITEM_GATES): validity, whom it is for, lint, approval, caps, rest; then the
rules (rules.py). The mix chooses among what passes the gates of the item. Then, for each person (people.py): whom it
is for, opt-out, quota, cooling, fatigue, trust before selling, rest, rules over people, the control.
"""
