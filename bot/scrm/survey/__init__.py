"""The survey, pure: its questions and each person's run (`run`), what an answer means (`answers`, `values`) and teaches
(`effects`), which run an event is about (`lookup`), and what is said in chat (`talk`).
"""
