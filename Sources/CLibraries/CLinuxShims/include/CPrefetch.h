// What Swift has no word for: the hint that memory will be read.

#pragma once

/// Asks for the cache line around `address` to be brought near; any address may be given.
static inline __attribute__((always_inline)) void pixloom_prefetch(const void *address) {
    __builtin_prefetch(address);
}
