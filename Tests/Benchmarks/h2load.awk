# What h2load measured as one line of JSON: its log of requests comes in, sorted by duration, and `log_file` is its output.
{
  times[NR] = $3
  if ($2 != 200) errors++
}

END {
  while ((getline line < log_file) > 0)
    if (match(line, /\([0-9]+\) data/)) bytes = substr(line, RSTART + 1, RLENGTH - 7)
  printf "{\"requests\":%d,\"bytes\":%d,\"expectedBytes\":%d,\"errors\":%d,", NR, bytes, size, errors
  printf "\"requestsPerSecond\":%.0f,\"p50Microseconds\":%d,\"p99Microseconds\":%d}\n",
    NR / seconds, times[int((NR + 1) / 2)], times[int(NR * 0.99 + 0.5)]
}
