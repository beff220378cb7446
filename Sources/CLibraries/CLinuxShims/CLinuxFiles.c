#define _GNU_SOURCE

#include "CLinuxFiles.h"

#include <stdio.h>

int pixloom_rename_without_replacing(int folder, const char *from, const char *to) {
    return renameat2(folder, from, folder, to, RENAME_NOREPLACE);
}
