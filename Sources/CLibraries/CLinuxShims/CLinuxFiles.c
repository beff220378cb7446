#define _GNU_SOURCE

#include "CLinuxFiles.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int pixloom_sync_file_system(int descriptor) { return syncfs(descriptor); }

int pixloom_open_unnamed_file(int folder) {
    return openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
}

int pixloom_name_open_file(int descriptor, int folder, const char *name) {
    return linkat(descriptor, "", folder, name, AT_EMPTY_PATH);
}

int pixloom_rename_without_replacing(int folder, const char *from, const char *to) {
    return renameat2(folder, from, folder, to, RENAME_NOREPLACE);
}
