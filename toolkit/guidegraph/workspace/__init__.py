"""The files of one guideline folder while it is edited: changes over several files, and saving."""
