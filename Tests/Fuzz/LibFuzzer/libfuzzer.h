// libFuzzer's interface as a library (LLVM, docs/LibFuzzer.rst). It ships no header.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
