// What Swift cannot see of Linux's files. Each function is one call and has no logic.

#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <stdio.h>

/// renameat2(2) with RENAME_NOREPLACE, within one folder: EEXIST if `to` exists.
static inline int pixloom_rename_without_replacing(int folder, const char *from, const char *to) {
    return renameat2(folder, from, folder, to, RENAME_NOREPLACE);
}
