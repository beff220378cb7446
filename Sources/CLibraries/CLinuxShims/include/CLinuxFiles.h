// What Swift cannot see of Linux's files.

#pragma once

/// syncfs(2): everything on the file system of an open file goes to disk.
int pixloom_sync_file_system(int descriptor);

/// openat(2) with O_TMPFILE: a file without a name in a folder, open for writing and close-on-exec.
int pixloom_open_unnamed_file(int folder);

/// renameat2(2) with RENAME_NOREPLACE, within one folder: EEXIST if `to` exists.
int pixloom_rename_without_replacing(int folder, const char *from, const char *to);
