# Blots out of any text what may be a secret: see bundle.bash. Extended regular expressions.
s/(^|[^A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(\.[A-Za-z0-9_-]*)?/\1[redacted]/g
s/([Bb][Ee][Aa][Rr][Ee][Rr] +)[A-Za-z0-9._~+\/=-]{4,}/\1[redacted]/g
s/([Bb][Aa][Ss][Ii][Cc] +)[A-Za-z0-9+\/=]{8,}/\1[redacted]/g
s/(:\/\/[^\/@: "]*):[^\/@ "]+@/\1:[redacted]@/g
s/([Tt][Oo][Kk][Ee][Nn]|[Pp][Aa][Ss][Ss][Ww][Oo]?[Rr]?[Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Aa][Pp][Ii][-_]?[Kk][Ee][Yy])(["']?[=:] *["']?|%3[Dd])[^]["' ,;&{}\\]+/\1\2[redacted]/g
# Keys in PEM, on lines of their own or within one.
s/-----BEGIN [A-Z ]*PRIVATE KEY-----.*-----END [A-Z ]*PRIVATE KEY-----/[redacted]/g
/-----BEGIN [A-Z ]*PRIVATE KEY-----/,/-----END [A-Z ]*PRIVATE KEY-----/c\
[redacted]
