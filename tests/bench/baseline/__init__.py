"""The smallest Django project that does the work of a list: the yardstick of bin/bench."""
