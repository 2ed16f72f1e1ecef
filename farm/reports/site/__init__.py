"""The report of `farm report`: one HTML site and a CSV file for everything in it.

Reads one moment of the database and never writes it. A page is a module of `pages`, its questions
are the named queries of a file of `sql`, its parts (`blocks`, `chart`) know nothing of HTML.
"""
