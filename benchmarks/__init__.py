"""How long slslint takes beside what it is held to; ratios, because machines differ."""
