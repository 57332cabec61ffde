"""The local editor: forms, tables and trees over the files of one guideline folder."""
