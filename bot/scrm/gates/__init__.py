"""The gates that everything planned passes, in this order:

validity, approval, lint, kill switch, platform quota, quiet hours, rules, mix, conflict between entries; then, for
each person: opt-out, fatigue, trust before selling, rules over people.
"""
