"""What a change means before it is made: in words, in class, and for whom.

``revisions`` (an earlier state as a folder) → ``sides`` (both, read) → ``changes`` (what is
different) → ``behaviour`` (who gets something else, proved) → ``classes`` (what each difference
means) → ``plan`` (all of it) → ``told`` (for people and programs).
"""
