"""Who could teach whom: benefits, scores, rules and the graph of allowed pairs."""
