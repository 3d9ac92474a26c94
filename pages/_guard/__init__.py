"""What stands before the app: under which names it answers, what a browser may do with it, and who may come in."""
