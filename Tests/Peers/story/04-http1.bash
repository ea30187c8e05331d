# Callers over HTTP/1.1 whose requests two readers could understand differently.
# shellcheck shell=bash

chapter "ambiguous requests of HTTP/1.1"
expect "each is refused, and what is behind it is not read" python callers/smuggling.py "$port"
