// What Swift cannot see of Linux's files.

#pragma once

/// syncfs(2): everything on the file system of an open file goes to disk.
int pixloom_sync_file_system(int descriptor);

/// openat(2) with O_TMPFILE: a file without a name in a folder, open for writing and close-on-exec.
int pixloom_open_unnamed_file(int folder);

/// linkat(2) with AT_EMPTY_PATH: gives an open file a name in a folder; EEXIST if `name` exists,
/// ENOENT where the kernel does not let this process do so.
int pixloom_name_open_file(int descriptor, int folder, const char *name);

/// renameat2(2) with RENAME_NOREPLACE, within one folder: EEXIST if `to` exists.
int pixloom_rename_without_replacing(int folder, const char *from, const char *to);
